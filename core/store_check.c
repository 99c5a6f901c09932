/* store_check.c - is the database whole? Looked at before it is used, or, where it is
 * large, beside a load or the reading of the facts, before anything is kept or told. */
#include "core/store_internal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/beside.h"

enum { BESIDE_FROM = 16 * 1024 * 1024, BUSY_MILLISECONDS = 5000 };

enum verdict { NOT_KNOWN, WHOLE, DAMAGED, NO_MEMORY };

struct checking {
    pthread_t thread;
    const char *path;
    enum verdict verdict;
};

/* *code: SQLite's, where it could not tell. */
static enum verdict look_through(sqlite3 *db, int *code)
{
    enum verdict verdict = NOT_KNOWN;
    sqlite3_stmt *statement = NULL;

    errno = 0; /* memory that runs out within the check reads as damage */
    *code = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (*code == SQLITE_OK)
        *code = sqlite3_step(statement);
    if (*code == SQLITE_ROW) {
        const char *said = (const char *)sqlite3_column_text(statement, 0);

        verdict = said != NULL && strcmp(said, "ok") == 0 ? WHOLE
                  : said == NULL || errno == ENOMEM       ? NO_MEMORY
                                                          : DAMAGED;
    }
    sqlite3_finalize(statement);
    return verdict;
}

static enum status tell(struct store *store, enum verdict verdict, int code,
                        struct error *err)
{
    switch (verdict) {
    case WHOLE:
        return HY_OK;
    case NO_MEMORY:
        return fail(err, HY_MEMORY, "%s：内存不足", store->path);
    case DAMAGED:
        return fail(err, HY_DAMAGED, "%s：数据库有损坏，没有动它，请从备份恢复",
                    store->path);
    case NOT_KNOWN:
        break;
    }
    return sql_fail(store, code, err);
}

static enum status check_here(struct store *store, struct error *err)
{
    int code;
    enum verdict verdict = look_through(store->db, &code);

    return tell(store, verdict, code, err);
}

/* Through a connection of its own; what it cannot tell is looked at again. */
static void *check_beside(void *self)
{
    struct checking *checking = self;
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(checking->path, &db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
    if (code == SQLITE_OK)
        checking->verdict = look_through(db, &code);
    sqlite3_close(db);
    return NULL;
}

enum status check_start(struct store *store, struct error *err)
{
    struct checking *checking;
    struct stat info;

    if (store->looked)
        return HY_OK;
    if (!store->beside || stat(store->path, &info) != 0 || info.st_size < BESIDE_FROM)
        return check_here(store, err);
    checking = arena_alloc(store->memory, sizeof *checking);
    checking->path = store->path;
    if (!beside_start(&checking->thread, check_beside, checking))
        return check_here(store, err);
    store->checking = checking;
    return HY_OK;
}

enum status check_end(struct store *store, struct error *err)
{
    struct checking *checking = store->checking;

    if (checking == NULL)
        return HY_OK;
    store->checking = NULL;
    pthread_join(checking->thread, NULL);
    if (checking->verdict == NOT_KNOWN)
        return check_here(store, err);
    return tell(store, checking->verdict, SQLITE_OK, err);
}
