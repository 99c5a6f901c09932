/* store_seen.c - where tickets were seen, many places in one sentence.
 *
 * Nothing reads sightings before the part ends: they wait until there are many, also
 * while other rows are put.
 */
#include "core/store_internal.h"

static size_t seen_from(const void *self, size_t row)
{
    return row < ((const struct sightings *)self)->waiting ? row : MEMORY_TABLE_END;
}

static void seen_tell(const void *self, size_t row, int column,
                      sqlite3_context *context)
{
    const struct sighting_row *seen = &((const struct sightings *)self)->rows[row];

    sqlite3_result_int64(context, column == 0   ? seen->id
                                  : column == 1 ? seen->hash
                                                : seen->row_no);
}

static enum status seen_open(struct store *store, struct error *err)
{
    if (!store->seen_table.shown)
        store->seen_table = (struct memory_table){ .name = SEEN_TABLE,
                                                   .columns = "entity,row_hash,row_no",
                                                   .self = &store->load.seen,
                                                   .most = SEEN_ROWS,
                                                   .from = seen_from,
                                                   .tell = seen_tell };
    store->load.seen.rows =
        arena_alloc(store->file_memory, SEEN_ROWS * sizeof *store->load.seen.rows);
    return memory_table(store, &store->seen_table, err);
}

enum status sightings_write(struct store *store, struct error *err)
{
    struct sightings *seen = &store->load.seen;
    sqlite3_stmt *statement;

    if (seen->waiting == 0)
        return HY_OK;
    TRY(sql_use(store, Q_SIGHTINGS_ADD, &statement, err));
    bind_int(statement, 1, store->load.part);
    TRY(sql_run(store, statement, err));
    seen->waiting = 0;
    return HY_OK;
}

enum status sighting_wait(struct store *store, int64_t id, int64_t hash, int64_t row_no,
                          struct error *err)
{
    struct sightings *seen = &store->load.seen;

    if (seen->rows == NULL)
        TRY(seen_open(store, err));
    seen->rows[seen->waiting++] = (struct sighting_row){ id, hash, row_no };
    return seen->waiting == SEEN_ROWS ? sightings_write(store, err) : HY_OK;
}
