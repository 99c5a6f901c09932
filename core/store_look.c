/* store_look.c - what lies in the store: batches, rejected rows, the content hash. */
#include "core/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum { DIGEST = 32 };

enum status store_batches(struct store *store, struct arena *memory,
                          const struct batch_line **lines, size_t *count,
                          struct error *err)
{
    void *list = NULL;
    size_t room = 0;
    sqlite3_stmt *statement;
    bool row;

    *count = 0;
    TRY(sql_use(store, Q_BATCHES, &statement, err));
    for (;;) {
        struct batch_line *line;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        line = arena_more(memory, &list, count, &room, sizeof *line);
        line->batch = sqlite3_column_int64(statement, 0);
        line->name = column_text(statement, 1, memory).at;
        line->format = column_text(statement, 2, memory).at;
        memcpy(line->sha256, column_text(statement, 3, memory).at, 64);
        line->sha256[64] = '\0';
        line->live = sqlite3_column_int(statement, 4) == 1;
        line->counts = (struct counts){
            sqlite3_column_int64(statement, 5), sqlite3_column_int64(statement, 6),
            sqlite3_column_int64(statement, 7), sqlite3_column_int64(statement, 8),
            sqlite3_column_int64(statement, 9), sqlite3_column_int64(statement, 10)
        };
    }
    sqlite3_reset(statement);
    *lines = list;
    return HY_OK;
}

/* --- content hash ------------------------------------------------------------------
 * Every line of the logical dump is hashed by itself, the hashes are sorted and
 * hashed: so no order of tables, ids or arrival can get in. */
struct dump {
    struct arena *memory;
    unsigned char (*digests)[DIGEST];
    size_t count, room;
    char *line;
    size_t length, size;
};

static void add_bytes(struct dump *dump, const void *bytes, size_t length)
{
    if (dump->length + length > dump->size) {
        size_t size = (dump->length + length) * 2;

        dump->line = arena_grow(dump->memory, dump->line, dump->length, size);
        dump->size = size;
    }
    if (length > 0)
        memcpy(dump->line + dump->length, bytes, length);
    dump->length += length;
}

/* One column with its kind and length: no two lines can be spelt alike. */
static void add_item(struct dump *dump, char kind, const void *bytes, size_t length)
{
    uint64_t size = length;

    add_bytes(dump, &kind, 1);
    add_bytes(dump, &size, sizeof size);
    add_bytes(dump, bytes, length);
}

static void add_column(struct dump *dump, sqlite3_stmt *statement, int column)
{
    int type = sqlite3_column_type(statement, column);
    const void *bytes;

    if (type == SQLITE_NULL) {
        add_item(dump, 'n', NULL, 0);
        return;
    }
    bytes = sqlite3_column_text(statement, column); /* numbers are spelt out */
    add_item(dump, 't', bytes, (size_t)sqlite3_column_bytes(statement, column));
}

static void end_line(struct dump *dump)
{
    if (dump->count == dump->room) {
        size_t room = dump->room == 0 ? 1024 : dump->room * 2;

        dump->digests = arena_grow(dump->memory, dump->digests, dump->count * DIGEST,
                                   room * DIGEST);
        dump->room = room;
    }
    hash_bytes(dump->line, dump->length, dump->digests[dump->count++]);
    dump->length = 0;
}

static enum status add_name(struct store *store, struct dump *dump, int64_t kind,
                            int64_t id, struct error *err)
{
    struct text series, number;
    sqlite3_stmt *statement;
    bool row;
    int i;

    if (kind == ENTITY_TICKET) {
        TRY(ticket_number(store, id, store->row_memory, &series, &number, err));
        add_item(dump, 's', series.at, series.length);
        add_item(dump, 'n', number.at, number.length);
        return HY_OK;
    }
    TRY(sql_use(store, kind == ENTITY_CALL ? Q_CALL_NAME : Q_REGISTER_NAME, &statement,
                err));
    bind_int(statement, 1, id);
    TRY(sql_row(store, statement, &row, err));
    for (i = 0; row && i < 4; i++)
        add_column(dump, statement, i);
    sqlite3_reset(statement);
    return HY_OK;
}

/* named: the first two columns are an entity's kind and id, to be spelt out. */
static enum status dump_query(struct store *store, struct dump *dump, enum query query,
                              bool named, struct error *err)
{
    sqlite3_stmt *statement;
    bool row;
    int i;

    TRY(sql_use(store, query, &statement, err));
    for (;;) {
        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        arena_reset(store->row_memory);
        if (named)
            TRY(add_name(store, dump, sqlite3_column_int64(statement, 0),
                         sqlite3_column_int64(statement, 1), err));
        for (i = named ? 2 : 0; i < sqlite3_column_count(statement); i++)
            add_column(dump, statement, i);
        end_line(dump);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status dump_tickets(struct store *store, struct dump *dump,
                                struct error *err)
{
    sqlite3_stmt *statement;
    struct record record;
    bool row;

    TRY(sql_use(store, Q_DUMP_TICKETS, &statement, err));
    for (;;) {
        struct text body;
        int64_t id;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        id = sqlite3_column_int64(statement, 0);
        arena_reset(store->row_memory);
        TRY(ticket_read(store, id, store->row_memory, &record, err));
        body = body_write(store, KIND_TICKET, &record, store->row_memory);
        TRY(add_name(store, dump, ENTITY_TICKET, id, err));
        add_column(dump, statement, 1);
        add_column(dump, statement, 2);
        add_item(dump, 'b', body.at, body.length);
        end_line(dump);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status dump_all(struct store *store, struct dump *dump, struct error *err)
{
    static const enum query plain[] = { Q_DUMP_FILES, Q_DUMP_PARTS, Q_DUMP_REJECTS,
                                        Q_DUMP_MENDED };
    static const enum query named[] = { Q_DUMP_VERSIONS, Q_DUMP_SIGHTINGS,
                                        Q_DUMP_SINGLES,  Q_DUMP_EVENTS,
                                        Q_DUMP_TRAILS,   Q_DUMP_HISTORY,
                                        Q_DUMP_FIRSTS,   Q_DUMP_CALLS,
                                        Q_DUMP_REGISTERS };
    size_t i;

    TRY(dump_tickets(store, dump, err));
    for (i = 0; i < sizeof plain / sizeof plain[0]; i++)
        TRY(dump_query(store, dump, plain[i], false, err));
    for (i = 0; i < sizeof named / sizeof named[0]; i++)
        TRY(dump_query(store, dump, named[i], true, err));
    return HY_OK;
}

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, DIGEST);
}

enum status store_content(struct store *store, unsigned char out[32], struct error *err)
{
    struct dump dump = { .memory = arena_new() };
    enum status status;

    status = sql_do(store, Q_READ, err); /* one state, whatever others write */
    if (status == HY_OK)
        status = dump_all(store, &dump, err);
    store_file_abort(store);
    if (status == HY_OK && dump.count > 1)
        qsort(dump.digests, dump.count, DIGEST, compare_digests);
    if (status == HY_OK)
        hash_bytes(dump.count > 0 ? dump.digests[0] : (const void *)"",
                   dump.count * DIGEST, out);
    arena_free(dump.memory);
    return status;
}
