/*
 * store_results.c - publications: the figures of a month as they were shown, for
 * ever; only ever added to.
 */
#include "core/store_internal.h"

#include <math.h>
#include <string.h>

/* Sentences used a few times a month: prepared where they are used. */
static enum status prepare(struct store *store, const char *sql, sqlite3_stmt **out,
                           struct error *err)
{
    int code = sqlite3_prepare_v2(store->db, sql, -1, out, NULL);

    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

static void bind_hash(sqlite3_stmt *statement, int index, const unsigned char *bytes,
                      int length)
{
    sqlite3_bind_blob(statement, index, bytes, length, SQLITE_STATIC);
}

static void bind_word(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_real(sqlite3_stmt *statement, int index, double value)
{
    if (isfinite(value))
        sqlite3_bind_double(statement, index, value);
}

static void bind_whole(sqlite3_stmt *statement, int index, int64_t value)
{
    if (value >= 0)
        sqlite3_bind_int64(statement, index, value);
}

static int yyyymm(int32_t month)
{
    return month / 12 * 100 + month % 12 + 1;
}

/* Runs what was bound and makes the statement ready for the next row. */
static enum status next(struct store *store, sqlite3_stmt *statement, struct error *err)
{
    enum status status = sql_run(store, statement, err);

    sqlite3_clear_bindings(statement);
    return status;
}

/* --- writing ------------------------------------------------------------------ */

static void bind_snapshot(sqlite3_stmt *statement, const struct publication *what)
{
    sqlite3_bind_int(statement, 1, yyyymm(what->month));
    bind_int(statement, 2, what->cutoff);
    bind_hash(statement, 3, what->content, 32);
    bind_hash(statement, 4, what->settings, 32);
    bind_hash(statement, 5, what->calendar, 32);
    bind_word(statement, 6, what->program);
}

static enum status add_snapshot(struct store *store, const struct publication *what,
                                int64_t *id, bool *fresh, struct error *err)
{
    sqlite3_stmt *add = NULL, *find = NULL;
    enum status status;
    bool row = false;

    status = prepare(store,
                     "INSERT OR IGNORE INTO snapshot(month,cutoff,content,settings,"
                     "calendar,program,dictionary) VALUES(?,?,?,?,?,?,?)",
                     &add, err);
    if (status != HY_OK)
        goto done;
    bind_snapshot(add, what);
    bind_word(add, 7, what->dictionary);
    status = sql_run(store, add, err);
    *fresh = sqlite3_changes(store->db) > 0;
    if (status == HY_OK)
        status = prepare(store,
                         "SELECT id FROM snapshot WHERE month=? AND cutoff=? AND"
                         " content=? AND settings=? AND calendar=? AND program=?",
                         &find, err);
    if (status != HY_OK)
        goto done;
    bind_snapshot(find, what);
    status = sql_row(store, find, &row, err);
    if (status == HY_OK && row)
        *id = sqlite3_column_int64(find, 0);
done:
    sqlite3_finalize(add);
    sqlite3_finalize(find);
    return status;
}

static enum status add_figures(struct store *store, const struct publication *what,
                               int64_t snapshot, struct error *err)
{
    sqlite3_stmt *add = NULL;
    enum status status;
    size_t i;

    status = prepare(store,
                     "INSERT INTO figure(snapshot,metric,dimension,key,unit,answer,"
                     "value,low,high,numerator,denominator,n)"
                     " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
                     &add, err);
    for (i = 0; i < what->figure_count && status == HY_OK; i++) {
        const struct shown_row *row = &what->figures[i];

        bind_int(add, 1, snapshot);
        bind_word(add, 2, row->metric);
        bind_word(add, 3, row->dimension);
        bind_word(add, 4, row->key);
        bind_int(add, 5, row->unit);
        bind_int(add, 6, row->answer);
        bind_real(add, 7, row->value);
        bind_real(add, 8, row->low);
        bind_real(add, 9, row->high);
        bind_whole(add, 10, row->numerator);
        bind_whole(add, 11, row->denominator);
        bind_int(add, 12, row->n < 0 ? 0 : row->n);
        status = next(store, add, err);
    }
    sqlite3_finalize(add);
    return status;
}

static enum status add_shown(struct store *store, const struct edition *edition,
                             int64_t id, struct error *err)
{
    sqlite3_stmt *add = NULL;
    enum status status;
    size_t i;

    status = prepare(store,
                     "INSERT INTO shown(publication,metric,dimension,key,mark,value,"
                     "numerator,denominator) VALUES(?,?,?,?,?,?,?,?)",
                     &add, err);
    for (i = 0; i < edition->shown_count && status == HY_OK; i++) {
        const struct shown_row *row = &edition->shown[i];

        bind_int(add, 1, id);
        bind_word(add, 2, row->metric);
        bind_word(add, 3, row->dimension);
        bind_word(add, 4, row->key);
        bind_int(add, 5, row->mark);
        bind_real(add, 6, row->value);
        bind_whole(add, 7, row->numerator);
        bind_whole(add, 8, row->denominator);
        status = next(store, add, err);
    }
    sqlite3_finalize(add);
    return status;
}

static enum status add_files(struct store *store, const struct edition *edition,
                             int64_t id, struct error *err)
{
    sqlite3_stmt *add = NULL;
    enum status status;
    size_t i;

    status = prepare(store,
                     "INSERT INTO publication_file(publication,name,bytes,sha256)"
                     " VALUES(?,?,?,?)",
                     &add, err);
    for (i = 0; i < edition->file_count && status == HY_OK; i++) {
        bind_int(add, 1, id);
        bind_word(add, 2, edition->files[i].name);
        bind_int(add, 3, edition->files[i].bytes);
        bind_hash(add, 4, edition->files[i].sha256, 32);
        status = next(store, add, err);
    }
    sqlite3_finalize(add);
    return status;
}

static enum status add_inputs(struct store *store, const struct publication *what,
                              int64_t id, struct error *err)
{
    sqlite3_stmt *add = NULL;
    enum status status;
    size_t i;

    status = prepare(store,
                     "INSERT OR IGNORE INTO publication_input(publication,sha256,bytes,"
                     "rows,rejected) VALUES(?1,?2,coalesce((SELECT bytes FROM"
                     " source_file WHERE sha256=?2 LIMIT 1),0),?3,?4)",
                     &add, err);
    for (i = 0; i < what->input_count && status == HY_OK; i++) {
        bind_int(add, 1, id);
        bind_hash(add, 2, what->inputs[i].sha256, 32);
        bind_int(add, 3, what->inputs[i].rows);
        bind_int(add, 4, what->inputs[i].rejected);
        status = next(store, add, err);
    }
    sqlite3_finalize(add);
    return status;
}

static enum status add_edition(struct store *store, const struct publication *what,
                               int audience, int64_t snapshot, struct error *err)
{
    const struct edition *edition = &what->editions[audience];
    sqlite3_stmt *add = NULL;
    enum status status;
    int64_t id;

    status = prepare(store,
                     "INSERT INTO publication(snapshot,audience,revision,manifest,"
                     "previous,signature,reason) VALUES(?,?,?,?,?,?,?)",
                     &add, err);
    if (status == HY_OK) {
        bind_int(add, 1, snapshot);
        bind_int(add, 2, audience + 1);
        bind_int(add, 3, what->revision);
        bind_hash(add, 4, edition->manifest, 32);
        if (what->follows)
            bind_hash(add, 5, what->previous, 32);
        bind_hash(add, 6, edition->signature, 64);
        bind_word(add, 7, what->reason);
        status = next(store, add, err);
    }
    sqlite3_finalize(add);
    id = sqlite3_last_insert_rowid(store->db);
    if (status == HY_OK)
        status = add_files(store, edition, id, err);
    if (status == HY_OK)
        status = add_inputs(store, what, id, err);
    if (status == HY_OK)
        status = add_shown(store, edition, id, err);
    return status;
}

enum status store_publish(struct store *store, const struct publication *publication,
                          struct error *err)
{
    int64_t snapshot = 0;
    enum status status;
    bool fresh = false;
    int audience;

    TRY(sql_do(store, Q_BEGIN, err));
    status = add_snapshot(store, publication, &snapshot, &fresh, err);
    if (status == HY_OK && fresh)
        status = add_figures(store, publication, snapshot, err);
    for (audience = 0; audience < EDITIONS && status == HY_OK; audience++)
        status = add_edition(store, publication, audience, snapshot, err);
    if (status == HY_OK)
        status = sql_do(store, Q_COMMIT, err);
    if (status != HY_OK)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

/* --- reading ------------------------------------------------------------------ */

static void take_hash(sqlite3_stmt *statement, int column, unsigned char out[32])
{
    const void *bytes = sqlite3_column_blob(statement, column);

    if (bytes != NULL && sqlite3_column_bytes(statement, column) == 32)
        memcpy(out, bytes, 32);
}

static void take_line(sqlite3_stmt *statement, struct arena *memory,
                      struct published_line *line)
{
    int month = sqlite3_column_int(statement, 2);

    line->month = month / 100 * 12 + month % 100 - 1;
    line->revision = sqlite3_column_int(statement, 3);
    line->cutoff = sqlite3_column_int64(statement, 4);
    line->reason = column_text(statement, 5, memory).at;
    take_hash(statement, 6, line->content);
    take_hash(statement, 7, line->settings);
    line->dictionary = column_text(statement, 8, memory).at;
}

enum status store_published(struct store *store, struct arena *memory,
                            const struct published_line **lines, size_t *count,
                            struct error *err)
{
    struct published_line *line = NULL;
    void *list = NULL;
    sqlite3_stmt *read = NULL;
    enum status status;
    size_t room = 0;
    bool row = false;

    *count = 0;
    *lines = NULL;
    status = prepare(store,
                     "SELECT p.id,p.audience,s.month,p.revision,s.cutoff,p.reason,"
                     "s.content,s.settings,s.dictionary,p.manifest FROM publication p"
                     " JOIN snapshot s ON s.id=p.snapshot ORDER BY p.id",
                     &read, err);
    while (status == HY_OK && (status = sql_row(store, read, &row, err)) == HY_OK
           && row) {
        int audience = sqlite3_column_int(read, 1) - 1;

        if (audience == 0 || *count == 0) {
            line = arena_more(memory, &list, count, &room, sizeof *line);
            *line = (struct published_line){ .month = 0 };
            take_line(read, memory, line);
        }
        line->id[audience] = sqlite3_column_int64(read, 0);
        take_hash(read, 9, line->manifest[audience]);
    }
    sqlite3_finalize(read);
    *lines = list;
    return status;
}

static double take_real(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? (double)NAN
               : sqlite3_column_double(statement, column);
}

static int64_t take_whole(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? -1
               : sqlite3_column_int64(statement, column);
}

enum status store_shown(struct store *store, int64_t edition, struct arena *memory,
                        const struct shown_row **rows, size_t *count, struct error *err)
{
    struct shown_row *line;
    void *list = NULL;
    sqlite3_stmt *read = NULL;
    enum status status;
    size_t room = 0;
    bool row = false;

    *count = 0;
    *rows = NULL;
    status = prepare(store,
                     "SELECT metric,dimension,key,value,numerator,denominator,mark"
                     " FROM shown WHERE publication=? ORDER BY metric,dimension,key",
                     &read, err);
    if (status == HY_OK)
        bind_int(read, 1, edition);
    while (status == HY_OK && (status = sql_row(store, read, &row, err)) == HY_OK
           && row) {
        line = arena_more(memory, &list, count, &room, sizeof *line);
        *line = (struct shown_row){
            .metric = column_text(read, 0, memory).at,
            .dimension = column_text(read, 1, memory).at,
            .key = column_text(read, 2, memory).at,
            .value = take_real(read, 3),
            .numerator = take_whole(read, 4),
            .denominator = take_whole(read, 5),
            .mark = sqlite3_column_int(read, 6),
            .low = (double)NAN,
            .high = (double)NAN,
            .n = -1,
        };
    }
    sqlite3_finalize(read);
    *rows = list;
    return status;
}

enum status store_hidden(struct store *store, int audience, struct arena *memory,
                         const struct hidden_row **rows, size_t *count,
                         struct error *err)
{
    struct hidden_row *line;
    void *list = NULL;
    sqlite3_stmt *read = NULL;
    enum status status;
    size_t room = 0;
    bool row = false;

    *count = 0;
    *rows = NULL;
    status =
        prepare(store,
                "SELECT DISTINCT s.month,h.metric,h.dimension,h.key FROM snapshot s"
                " JOIN publication p ON p.snapshot=s.id"
                " JOIN shown h ON h.publication=p.id"
                " WHERE p.audience=? AND h.mark<>0",
                &read, err);
    if (status == HY_OK)
        bind_int(read, 1, audience + 1);
    while (status == HY_OK && (status = sql_row(store, read, &row, err)) == HY_OK
           && row) {
        int month = sqlite3_column_int(read, 0);

        line = arena_more(memory, &list, count, &room, sizeof *line);
        *line = (struct hidden_row){
            .month = month / 100 * 12 + month % 100 - 1,
            .metric = column_text(read, 1, memory).at,
            .dimension = column_text(read, 2, memory).at,
            .key = column_text(read, 3, memory).at,
        };
    }
    sqlite3_finalize(read);
    *rows = list;
    return status;
}
