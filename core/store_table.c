/* store_table.c - rows that wait in our memory, as a table SQLite can read.
 *
 * INSERT ... SELECT from it takes a tenth less than binding the values of eight rows to
 * a sentence: a value goes from our row to the record without a stop between.  And a
 * sentence over many rows stays at its place in the tree.
 */
#include "core/store_internal.h"

#include <string.h>

struct open_table {
    sqlite3_vtab base;
    const struct memory_table *told;
};
struct table_cursor {
    sqlite3_vtab_cursor base;
    const struct memory_table *told;
    size_t row;
};

static int table_connect(sqlite3 *db, void *self, int count, const char *const *words,
                         sqlite3_vtab **out, char **message)
{
    const struct memory_table *told = self;
    struct open_table *table;
    char *sql = sqlite3_mprintf("CREATE TABLE w(%s)", told->columns);
    int code = sql == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql);

    (void)count;
    (void)words;
    (void)message;
    sqlite3_free(sql);
    if (code != SQLITE_OK)
        return code;
    table = sqlite3_malloc(sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    memset(table, 0, sizeof *table);
    table->told = told;
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
    const struct memory_table *told = ((const struct open_table *)table)->told;

    info->estimatedRows = (sqlite3_int64)told->most;
    info->estimatedCost = (double)told->most;
    return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct table_cursor *cursor = sqlite3_malloc(sizeof *cursor);

    if (cursor == NULL)
        return SQLITE_NOMEM;
    memset(cursor, 0, sizeof *cursor);
    cursor->told = ((const struct open_table *)table)->told;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *self, int plan, const char *name,
                         int count, sqlite3_value **values)
{
    struct table_cursor *cursor = (struct table_cursor *)self;

    (void)plan;
    (void)name;
    (void)count;
    (void)values;
    cursor->row = cursor->told->from(cursor->told->self, 0);
    return SQLITE_OK;
}

static int cursor_next(sqlite3_vtab_cursor *self)
{
    struct table_cursor *cursor = (struct table_cursor *)self;

    cursor->row = cursor->told->from(cursor->told->self, cursor->row + 1);
    return SQLITE_OK;
}

static int cursor_end(sqlite3_vtab_cursor *self)
{
    return ((const struct table_cursor *)self)->row == MEMORY_TABLE_END;
}

static int cursor_column(sqlite3_vtab_cursor *self, sqlite3_context *context,
                         int column)
{
    const struct table_cursor *cursor = (const struct table_cursor *)self;

    cursor->told->tell(cursor->told->self, cursor->row, column, context);
    return SQLITE_OK;
}

static int cursor_id(sqlite3_vtab_cursor *self, sqlite3_int64 *id)
{
    *id = (sqlite3_int64)((const struct table_cursor *)self)->row;
    return SQLITE_OK;
}

enum status memory_table(struct store *store, struct memory_table *told,
                         struct error *err)
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

    if (told->shown)
        return HY_OK;
    code = sqlite3_create_module(store->db, told->name, &module, told);
    if (code != SQLITE_OK)
        return sql_fail(store, code, err);
    told->shown = true;
    return HY_OK;
}
