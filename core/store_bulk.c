/* store_bulk.c - many new tickets in one sentence, so that the tree is walked once.
 *
 * A sentence of one row opens its table, walks down to the end of the tree and closes
 * it again; a sentence of many stays at the end, where new numbers nearly always go.
 * It names only the columns that the part at hand can fill.
 */
#include "core/store_internal.h"

#include <string.h>

static const char *const ticket_columns[TICKET_COLUMNS] = { "id",
                                                            "part",
                                                            "row_no",
                                                            "versions",
                                                            "row_hash",
                                                            "raw_hash",
                                                            "latest",
                                                            "fields",
                                                            "received_at",
                                                            "recorded_at",
                                                            "responded_at",
                                                            "dispatched_at",
                                                            "accepted_at",
                                                            "arrived_at",
                                                            "due_at",
                                                            "first_completed_at",
                                                            "reopened_at",
                                                            "completed_at",
                                                            "closed_at",
                                                            "revisited_at",
                                                            "appointed_at",
                                                            "paused_at",
                                                            "resumed_at",
                                                            "occurred_at",
                                                            "updated_at",
                                                            "voided_at",
                                                            "date_only",
                                                            "nature",
                                                            "channel",
                                                            "status",
                                                            "urgency",
                                                            "flags",
                                                            "category1",
                                                            "category2",
                                                            "outcome",
                                                            "department",
                                                            "place",
                                                            "grid",
                                                            "room",
                                                            "asset",
                                                            "contact",
                                                            "recorder",
                                                            "handler",
                                                            "visitor",
                                                            "revisit_outcome",
                                                            "rating_resident",
                                                            "rating_staff",
                                                            "due_first",
                                                            "nature_first",
                                                            "urgency_first",
                                                            "department_first",
                                                            "way" };
static const char *const text_columns[TEXT_COLUMNS] = { "subject", "content", "result",
                                                        "revisit", "remark",  "address",
                                                        "trail",   "door" };

/* The fields a column of `ticket` is filled from; the others are always filled. */
static const struct {
    uint8_t column, field;
} sources[] = {
    { T_NATURE, F_NATURE },
    { T_CHANNEL, F_CHANNEL },
    { T_STATUS, F_STATUS },
    { T_URGENCY, F_URGENCY },
    { T_REVISIT_OUTCOME, F_REVISIT_OUTCOME },
    { T_RATING_RESIDENT, F_RATING_RESIDENT },
    { T_RATING_STAFF, F_RATING_STAFF },
    { T_CATEGORY1, F_CATEGORY1 },
    { T_CATEGORY2, F_CATEGORY2 },
    { T_OUTCOME, F_OUTCOME },
    { T_DEPARTMENT, F_DEPARTMENT },
    { T_PLACE, F_COMMUNITY },
    { T_ROOM, F_ROOM },
    { T_ASSET, F_ASSET_ID },
    { T_GRID, F_GRID },
    { T_CONTACT, F_CONTACT },
    { T_RECORDER, F_RECORDER },
    { T_HANDLER, F_HANDLER },
    { T_VISITOR, F_VISITOR },
    { T_WAY, F_TRAIL },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool has_field(uint64_t fields, int field)
{
    size_t count;

    return (fields >> record_fields(KIND_TICKET, &count)[field].group & 1) != 0;
}

const char *ticket_column_name(int column)
{
    return ticket_columns[column];
}

uint64_t ticket_columns_of(uint64_t fields)
{
    uint64_t bits = UINT64_C(1) << T_ID | UINT64_C(1) << T_PART | UINT64_C(1) << T_ROW
                    | UINT64_C(1) << T_VERSIONS | UINT64_C(1) << T_HASH
                    | UINT64_C(1) << T_RAW | UINT64_C(1) << T_LATEST
                    | UINT64_C(1) << T_FIELDS | UINT64_C(1) << T_DATE_ONLY
                    | UINT64_C(1) << T_FLAGS;
    int i;

    for (i = 0; i < TICKET_TIMES; i++)
        if (has_field(fields, F_RECEIVED_AT + i))
            bits |= UINT64_C(1) << (T_TIMES + i);
    for (i = 0; i < (int)COUNT(sources); i++)
        if (has_field(fields, sources[i].field))
            bits |= UINT64_C(1) << sources[i].column;
    return bits;
}

const char *ticket_text_name(int column)
{
    return text_columns[column];
}

static const char *ticket_list(const struct bulk *bulk, struct arena *memory)
{
    const char *list = ticket_columns[T_ID];
    int i;

    for (i = T_ID + 1; i < TICKET_COLUMNS; i++)
        if ((bulk->column_bits >> i & 1) != 0)
            list = arena_printf(memory, "%s,%s", list, ticket_columns[i]);
    return list;
}

static const char *text_list(const struct bulk *bulk, struct arena *memory)
{
    const char *list = ticket_columns[T_ID];
    int i;

    for (i = 0; i < TEXT_COLUMNS; i++)
        if ((bulk->text_bits >> i & 1) != 0)
            list = arena_printf(memory, "%s,%s", list, text_columns[i]);
    return list;
}

/* OR FAIL: what fails ends the file, so SQLite need not note how the pages were before
 * each sentence. */
static enum status prepare(struct store *store, const char *table, const char *list,
                           sqlite3_stmt **out, struct error *err)
{
    const char *sql = arena_printf(store->row_memory,
                                   "INSERT OR FAIL INTO %s(%s) SELECT %s FROM"
                                   " " BULK_TABLE " WHERE true ON CONFLICT DO NOTHING",
                                   table, list, list);
    int code =
        sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);

    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

/* All rows that wait; for their texts those that are new and fit the sentence. */
static size_t bulk_from(const void *self, size_t row)
{
    const struct bulk *bulk = self;

    while (bulk->telling_texts && row < bulk->waiting && !bulk->rows[row].texts_told)
        row++;
    return row < bulk->waiting ? row : MEMORY_TABLE_END;
}

static void bulk_tell(const void *self, size_t number, int column,
                      sqlite3_context *context)
{
    const struct bulk_row *row = &((const struct bulk *)self)->rows[number];

    if (column < TICKET_COLUMNS) {
        if ((row->values.known >> column & 1) != 0)
            sqlite3_result_int64(context, row->values.at[column]);
        return;
    }
    column -= TICKET_COLUMNS;
    if ((row->texts >> column & 1) != 0) {
        struct text text = row->record->value[ticket_text_field(column)].text;

        sqlite3_result_text(context, text.at, (int)text.length, SQLITE_STATIC);
    }
}

static enum status bulk_show(struct store *store, struct error *err)
{
    struct memory_table *table = &store->bulk_table;
    const char *list = ticket_columns[0];
    int i;

    if (table->shown)
        return HY_OK;
    for (i = 1; i < TICKET_COLUMNS; i++)
        list = arena_printf(store->row_memory, "%s,%s", list, ticket_columns[i]);
    for (i = 0; i < TEXT_COLUMNS; i++)
        list = arena_printf(store->row_memory, "%s,%s", list, text_columns[i]);
    *table = (struct memory_table){ .name = BULK_TABLE,
                                    .columns = text_copy(store->memory, text_of(list)),
                                    .self = &store->load.bulk,
                                    .most = BULK_ROWS,
                                    .from = bulk_from,
                                    .tell = bulk_tell };
    return memory_table(store, table, err);
}

enum status bulk_open(struct store *store, struct error *err)
{
    struct load *load = &store->load;
    struct bulk *bulk = &load->bulk;
    int i;

    bulk_close(store);
    TRY(bulk_show(store, err));
    bulk->column_bits = ticket_columns_of(load->fields);
    for (i = 0; i < TEXT_COLUMNS; i++)
        if (has_field(load->fields, ticket_text_field(i)))
            bulk->text_bits |= 1u << i;
    TRY(prepare(store, "ticket", ticket_list(bulk, store->row_memory), &bulk->tickets,
                err));
    if (bulk->text_bits == 0)
        return HY_OK;
    return prepare(store, "ticket_text", text_list(bulk, store->row_memory),
                   &bulk->texts, err);
}

void bulk_close(struct store *store)
{
    struct bulk *bulk = &store->load.bulk;

    sqlite3_finalize(bulk->tickets);
    sqlite3_finalize(bulk->texts);
    memset(bulk, 0, sizeof *bulk);
}

enum status bulk_add(struct store *store, const struct record *record, int64_t id,
                     bool *taken, struct error *err)
{
    struct bulk *bulk = &store->load.bulk;
    struct bulk_row *row = &bulk->rows[bulk->waiting];
    struct ticket_row head = { .id = id,
                               .part = store->load.part,
                               .row_no = (int64_t)record->row_no,
                               .versions = 1,
                               .hash = record->hash,
                               .raw = record->raw_hash,
                               .latest = record->latest,
                               .due_first = HY_NEVER,
                               .nature_first = HY_NEVER,
                               .urgency_first = HY_NEVER,
                               .department_first = HY_NEVER };

    *taken = false;
    TRY(ticket_values(store, &head, record, &row->values, err));
    if ((row->values.known & ~bulk->column_bits) != 0)
        return HY_OK;
    row->record = record;
    row->id = id;
    row->texts = ticket_texts(record, row->values.way_is_trail);
    bulk->waiting++;
    *taken = true;
    return HY_OK;
}

/* A row is new where the ticket says it is of this part and row. */
static enum status ask_made(struct store *store, const struct bulk_row *row, bool *made,
                            struct error *err)
{
    sqlite3_stmt *statement;
    bool found;

    TRY(sql_use(store, Q_TICKET_HEAD, &statement, err));
    bind_int(statement, 1, row->id);
    TRY(sql_row(store, statement, &found, err));
    *made = found && sqlite3_column_int64(statement, 2) == store->load.part
            && sqlite3_column_int64(statement, 3) == (int64_t)row->record->row_no;
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status tell(struct store *store, sqlite3_stmt *statement, bool texts,
                        struct error *err)
{
    store->load.bulk.telling_texts = texts;
    return sql_run(store, statement, err);
}

/* The texts of new rows; what the sentence has no column for goes by itself. */
static enum status write_texts(struct store *store, const bool *made, struct error *err)
{
    struct bulk *bulk = &store->load.bulk;
    bool any = false;
    size_t i;

    for (i = 0; i < bulk->waiting; i++) {
        struct bulk_row *row = &bulk->rows[i];

        row->texts_told = made[i] && row->texts != 0 && bulk->texts != NULL
                          && (row->texts & ~bulk->text_bits) == 0;
        any = any || row->texts_told;
        if (made[i] && !row->texts_told)
            TRY(ticket_text_write(store, row->id, row->record, row->texts, err));
    }
    return any ? tell(store, bulk->texts, true, err) : HY_OK;
}

enum status bulk_write(struct store *store, bool made[BULK_ROWS], struct error *err)
{
    struct bulk *bulk = &store->load.bulk;
    bool all;
    size_t i;

    TRY(tell(store, bulk->tickets, false, err));
    all = (size_t)sqlite3_changes(store->db) == bulk->waiting;
    for (i = 0; i < bulk->waiting; i++) {
        made[i] = true;
        if (!all)
            TRY(ask_made(store, &bulk->rows[i], &made[i], err));
    }
    TRY(write_texts(store, made, err));
    for (i = 0; i < bulk->waiting; i++)
        if (made[i])
            TRY(ticket_write_sides(store, bulk->rows[i].id, bulk->rows[i].record, err));
    return HY_OK;
}
