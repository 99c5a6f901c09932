/* store_bulk.c - several new tickets in one sentence, so that the tree is walked once.
 *
 * A sentence of one row opens its table, walks down to the end of the tree and closes
 * it again; a sentence of eight stays at the end, where new numbers nearly always go.
 * It names only the columns that the part at hand can fill.
 */
#include "core/store_internal.h"

#include <stdio.h>
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
static const char *const text_columns[] = { "subject", "content", "result", "revisit",
                                            "remark",  "address", "trail",  "door" };

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

static void choose_columns(struct load *load)
{
    struct bulk *bulk = &load->bulk;
    uint64_t bits = ticket_columns_of(load->fields);
    int i;

    for (i = 0; i < TICKET_COLUMNS; i++)
        if ((bits >> i & 1) != 0)
            bulk->columns[bulk->column_count++] = (uint8_t)i;
    bulk->column_bits = bits;
    for (i = 0; i < (int)COUNT(text_columns); i++)
        if (has_field(load->fields, ticket_text_field(i))) {
            bulk->text_columns[bulk->text_count++] = (uint8_t)i;
            bulk->text_bits |= 1u << i;
        }
}

/* INSERT INTO table(a,b) VALUES(?,?),(?,?) ...  OR FAIL: what fails ends the file, so
 * SQLite need not note how the pages were before each sentence. */
static enum status prepare(struct store *store, const char *table,
                           const char *const *names, const uint8_t *columns,
                           size_t count, const char *first, const char *conflict,
                           sqlite3_stmt **out, struct error *err)
{
    struct arena *memory = store->row_memory;
    const char *list = first, *marks = "?", *sql = "";
    size_t i;
    int code;

    for (i = 0; i < count; i++) {
        const char *comma = *list == '\0' ? "" : ",";

        list = arena_printf(memory, "%s%s%s", list, comma, names[columns[i]]);
        if (*comma != '\0')
            marks = arena_printf(memory, "%s,?", marks);
    }
    for (i = 0; i < BULK_ROWS; i++)
        sql = arena_printf(memory, "%s%s(%s)", sql, i > 0 ? "," : "", marks);
    sql = arena_printf(memory, "INSERT OR FAIL INTO %s(%s) VALUES%s%s", table, list,
                       sql, conflict);
    code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

enum status bulk_open(struct store *store, struct error *err)
{
    struct bulk *bulk = &store->load.bulk;

    bulk_close(store);
    choose_columns(&store->load);
    TRY(prepare(store, "ticket", ticket_columns, bulk->columns, bulk->column_count, "",
                " ON CONFLICT DO NOTHING", &bulk->tickets, err));
    if (bulk->text_count == 0)
        return HY_OK;
    return prepare(store, "ticket_text", text_columns, bulk->text_columns,
                   bulk->text_count, "id", "", &bulk->texts, err);
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
    struct ticket_row row = { .id = id,
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
    struct ticket_values values;
    int index = (int)(bulk->waiting * bulk->column_count) + 1;
    size_t i;

    *taken = false;
    TRY(ticket_values(store, &row, record, &values, err));
    if ((values.known & ~bulk->column_bits) != 0)
        return HY_OK;
    for (i = 0; i < bulk->column_count; i++, index++) {
        int column = bulk->columns[i];

        if ((values.known >> column & 1) != 0)
            bind_int(bulk->tickets, index, values.at[column]);
        else if ((bulk->bound[bulk->waiting] >> column & 1) != 0)
            sqlite3_bind_null(bulk->tickets, index);
    }
    bulk->bound[bulk->waiting] = values.known;
    bulk->rows[bulk->waiting++] =
        (struct bulk_row){ record, id, ticket_texts(record, values.way_is_trail) };
    *taken = true;
    return HY_OK;
}

/* The texts of all rows in one sentence, where all have some and no other. */
static enum status write_texts(struct store *store, bool *done, struct error *err)
{
    struct bulk *bulk = &store->load.bulk;
    int index = 1;
    size_t i, k;

    *done = false;
    if (bulk->texts == NULL || bulk->waiting < BULK_ROWS)
        return HY_OK;
    for (i = 0; i < BULK_ROWS; i++)
        if (bulk->rows[i].texts == 0 || (bulk->rows[i].texts & ~bulk->text_bits) != 0)
            return HY_OK;
    for (i = 0; i < BULK_ROWS; i++) {
        const struct bulk_row *row = &bulk->rows[i];

        bind_int(bulk->texts, index++, row->id);
        for (k = 0; k < bulk->text_count; k++, index++)
            if ((row->texts >> bulk->text_columns[k] & 1) != 0)
                bind_text(
                    bulk->texts, index,
                    row->record->value[ticket_text_field(bulk->text_columns[k])].text);
            else if ((bulk->bound_texts[i] >> bulk->text_columns[k] & 1) != 0)
                sqlite3_bind_null(bulk->texts, index);
        bulk->bound_texts[i] = row->texts;
    }
    *done = true;
    return sql_run(store, bulk->texts, err);
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

enum status bulk_write(struct store *store, bool made[BULK_ROWS], struct error *err)
{
    struct bulk *bulk = &store->load.bulk;
    bool all, done = false;
    size_t i;

    TRY(sql_run(store, bulk->tickets, err));
    all = sqlite3_changes(store->db) == BULK_ROWS;
    if (all)
        TRY(write_texts(store, &done, err));
    for (i = 0; i < BULK_ROWS; i++) {
        const struct bulk_row *row = &bulk->rows[i];

        made[i] = true;
        if (!all)
            TRY(ask_made(store, row, &made[i], err));
        if (!made[i])
            continue;
        if (!done)
            TRY(ticket_text_write(store, row->id, row->record, row->texts, err));
        TRY(ticket_write_sides(store, row->id, row->record, err));
    }
    return HY_OK;
}
