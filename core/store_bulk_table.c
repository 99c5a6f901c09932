/* store_bulk_table.c - the tickets that wait to be written, as a table SQLite can read.
 *
 * INSERT ... SELECT from it takes a tenth less than binding the values of eight rows to
 * a sentence: a value goes from our row to the record without a stop between.
 */
#include "core/store_internal.h"

#include <stdlib.h>
#include <string.h>

struct waiting_table {
    sqlite3_vtab base;
    const struct bulk *bulk;
};
struct waiting_cursor {
    sqlite3_vtab_cursor base;
    const struct bulk *bulk;
    size_t row;
};

static int table_connect(sqlite3 *db, void *self, int count, const char *const *words,
                         sqlite3_vtab **out, char **message)
{
    struct arena *memory = arena_new();
    const char *list = ticket_column_name(0);
    struct waiting_table *table;
    int code, i;

    (void)count;
    (void)words;
    (void)message;
    for (i = 1; i < TICKET_COLUMNS; i++)
        list = arena_printf(memory, "%s,%s", list, ticket_column_name(i));
    for (i = 0; i < TEXT_COLUMNS; i++)
        list = arena_printf(memory, "%s,%s", list, ticket_text_name(i));
    code = sqlite3_declare_vtab(db, arena_printf(memory, "CREATE TABLE w(%s)", list));
    arena_free(memory);
    if (code != SQLITE_OK)
        return code;
    table = sqlite3_malloc(sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    memset(table, 0, sizeof *table);
    table->bulk = self;
    *out = &table->base;
    return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int table_plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedRows = BULK_ROWS;
    info->estimatedCost = BULK_ROWS;
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct waiting_cursor *cursor = sqlite3_malloc(sizeof *cursor);

    if (cursor == NULL)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    cursor->bulk = ((const struct waiting_table *)table)->bulk;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

/* All rows that wait; for their texts those that are new and fit the sentence. */
static void skip_unasked(struct waiting_cursor *cursor)
{
    const struct bulk *bulk = cursor->bulk;

    while (bulk->telling_texts && cursor->row < bulk->waiting
           && !bulk->rows[cursor->row].texts_told)
        cursor->row++;
}

static int cursor_filter(sqlite3_vtab_cursor *self, int plan, const char *name,
                         int count, sqlite3_value **values)
{
    struct waiting_cursor *cursor = (struct waiting_cursor *)self;

    (void)plan;
    (void)name;
    (void)count;
    (void)values;
    cursor->row = 0;
    skip_unasked(cursor);
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *self)
{
    struct waiting_cursor *cursor = (struct waiting_cursor *)self;

    cursor->row++;
    skip_unasked(cursor);
    return SQLITE_OK;
}

static int cursor_end(sqlite3_vtab_cursor *self)
{
    const struct waiting_cursor *cursor = (const struct waiting_cursor *)self;

    return cursor->row >= cursor->bulk->waiting;
}

static int cursor_column(sqlite3_vtab_cursor *self, sqlite3_context *context,
                         int column)
{
    const struct waiting_cursor *cursor = (const struct waiting_cursor *)self;
    const struct bulk_row *row = &cursor->bulk->rows[cursor->row];

    if (column < TICKET_COLUMNS) {
        if ((row->values.known >> column & 1) != 0)
            sqlite3_result_int64(context, row->values.at[column]);
        return SQLITE_OK;
    }
    column -= TICKET_COLUMNS;
    if ((row->texts >> column & 1) != 0) {
        struct text text = row->record->value[ticket_text_field(column)].text;

        sqlite3_result_text(context, text.at, (int)text.length, SQLITE_STATIC);
    }
    return SQLITE_OK;
}

static int cursor_id(sqlite3_vtab_cursor *self, sqlite3_int64 *id)
{
    *id = (sqlite3_int64)((const struct waiting_cursor *)self)->row;
    return SQLITE_OK;
}

enum status bulk_table(struct store *store, struct error *err)
{
    static const sqlite3_module module = { .xConnect = table_connect,
                                           .xBestIndex = table_plan,
                                           .xDisconnect = table_disconnect,
                                           .xOpen = cursor_open,
                                           .xClose = cursor_close,
                                           .xFilter = cursor_filter,
                                           .xNext = cursor_next,
                                           .xEof = cursor_end,
                                           .xColumn = cursor_column,
                                           .xRowid = cursor_id };
    int code;

    if (store->bulk_known)
        return HY_OK;
    code = sqlite3_create_module(store->db, BULK_TABLE, &module, &store->load.bulk);
    if (code != SQLITE_OK)
        return sql_fail(store, code, err);
    store->bulk_known = true;
    return HY_OK;
}
