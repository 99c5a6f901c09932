/* store_doubt.c - clocks of call logs against the moment in their numbers. */
#include "core/store_doubt.h"

#include "core/store_internal.h"

/* Asterisk's uniqueid begins with the moment of the call in seconds since 1970 (UTC);
 * 28,800 s is our +08:00, 900 s the finest step between time zones. */
static const char shifted[] =
    "WITH d AS (SELECT source,CAST(round((start-28800-CAST(substr(number,1,10) AS"
    " INTEGER))/900.0) AS INTEGER) q FROM call WHERE number GLOB"
    " '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9].[0-9]*'),"
    " n AS (SELECT source,count(*) calls FROM d GROUP BY 1),"
    " m AS (SELECT source,q,count(*) same FROM d GROUP BY 1,2)"
    " SELECT s.name,n.calls,m.q*15 FROM m JOIN n USING(source) JOIN source s"
    " ON s.id=m.source WHERE m.q<>0 AND m.same>=5 AND m.same*2>n.calls ORDER BY 1";
static enum status prepare(struct store *store, const char *sql, sqlite3_stmt **out,
                           struct error *err)
{
    int code = sqlite3_prepare_v2(store->db, sql, -1, out, NULL);

    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

enum status store_shifted(struct store *store, struct arena *memory,
                          const struct shifted_source **sources, size_t *count,
                          struct error *err)
{
    enum { SOURCES = 64 };
    struct shifted_source *list = arena_alloc(memory, SOURCES * sizeof *list);
    sqlite3_stmt *statement = NULL;
    enum status status = prepare(store, shifted, &statement, err);
    bool row;

    *sources = list;
    *count = 0;
    while (status == HY_OK && *count < SOURCES) {
        status = sql_row(store, statement, &row, err);
        if (status != HY_OK || !row)
            break;
        list[(*count)++] = (struct shifted_source){
            text_copy(memory, column_text(statement, 0, memory)),
            sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 2)
        };
    }
    sqlite3_finalize(statement);
    return status;
}
