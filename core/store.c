/* store.c - opens, checks, creates and closes the one database file. */
#include "core/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
#include "schema.inc"
#pragma GCC diagnostic pop

enum {
    BUSY_MILLISECONDS = 5000,
    HEADER_BYTES = 100,
    APPLICATION_ID = 0x48594E31, /* 'HYN1' */
    SCHEMA_VERSION = 2,
    CLASS_ALL = 3,
    TEXT_LIMIT = 64 * 1024 * 1024 /* one value: a row of the widest sheet */
};

static uint32_t big_endian(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum status judge(const char *path, uint32_t application, uint32_t version,
                         struct error *err)
{
    if (application != APPLICATION_ID)
        return fail(err, HY_DAMAGED, "%s：不是回音的数据库，没有动它", path);
    if (version > SCHEMA_VERSION)
        return fail(err, HY_DAMAGED, "%s：由更新版本的回音写成（%u），请先升级程序",
                    path, version);
    if (version != SCHEMA_VERSION)
        return fail(
            err, HY_DAMAGED,
            "%s：由旧版本的回音写成（%u），这个版本读不了：请把它移开（不要删），"
            "再用 huiyin ingest 把原来的文件重新读入 (made by an older version: "
            "move it away and ingest the files anew)",
            path, version);
    return HY_OK;
}

enum found { FOUND_STORE, FOUND_NOTHING, FOUND_JOURNAL, FOUND_FROZEN };

/* A WAL database on a read-only mount: SQLite would make its -shm file beside it and
 * gives up.  With nothing in its log the file is all there is, and nobody changes it.
 */
static bool is_frozen(const char *path, const unsigned char *head)
{
    char log[4096];
    struct stat about;

    (void)snprintf(log, sizeof log, "%s-wal", path);
    return head[18] == 2 && access(path, W_OK) != 0 && errno == EROFS
           && (stat(log, &about) != 0 || about.st_size == 0);
}

/* SQLite writes to a file it opens (a hot journal is played back), so a foreign
 * one is recognised from its first bytes.  A journal beside it means that page 1
 * may be half-way: then SQLite repairs first and judge() follows. */
static enum status look_before(const char *path, enum store_mode mode,
                               enum found *found, struct error *err)
{
    unsigned char head[HEADER_BYTES];
    char journal[4096];
    ssize_t got;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    *found = FOUND_STORE;
    if (file < 0 && errno == ENOENT && mode == STORE_CREATE) {
        *found = FOUND_NOTHING;
        return HY_OK;
    }
    if (file < 0 && errno == ENOENT)
        return fail(err, HY_NOINPUT,
                    "%s：还没有数据库，先用 huiyin ingest 读入文件 (no database yet)",
                    path);
    if (file < 0)
        return fail(err, HY_IO, "%s：打不开数据库（%s）", path, strerror(errno));
    got = read(file, head, sizeof head);
    close(file);
    if (got < 0)
        return fail(err, errno == EISDIR ? HY_DAMAGED : HY_IO, "%s：读不出（%s）", path,
                    strerror(errno));
    (void)snprintf(journal, sizeof journal, "%s-journal", path);
    if (access(journal, F_OK) == 0) {
        *found = FOUND_JOURNAL;
        return HY_OK;
    }
    /* Empty is what a first start leaves when it is killed at once. */
    if (got == 0 && mode == STORE_CREATE) {
        *found = FOUND_NOTHING;
        return HY_OK;
    }
    if (got < HEADER_BYTES || memcmp(head, "SQLite format 3", 16) != 0)
        return fail(err, HY_DAMAGED, "%s：不是回音的数据库，没有动它", path);
    /* 1 = rollback journal, 2 = WAL; SQLite takes anything later for read-only. */
    if (head[18] < 1 || head[18] > 2 || head[19] < 1 || head[19] > 2)
        return fail(err, HY_DAMAGED, "%s：数据库有损坏，没有动它，请从备份恢复", path);
    if (mode == STORE_READ && is_frozen(path, head))
        *found = FOUND_FROZEN;
    return judge(path, big_endian(head + 68), big_endian(head + 60), err);
}

/* --- small helpers for one-off sentences ------------------------------------ */
static enum status ask_number(struct store *store, const char *sql, int64_t *out,
                              struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status = HY_OK;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else if (code != SQLITE_DONE)
        status = sql_fail(store, code, err);
    sqlite3_finalize(statement);
    return status;
}

static enum status tell(struct store *store, const char *sql, struct error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

static enum status settle(struct store *store, struct error *err)
{
    sqlite3 *db = store->db;

    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, TEXT_LIMIT);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    return tell(store,
                "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;"
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-49152;"
                "PRAGMA journal_size_limit=0;",
                err);
}

/* One transaction: killed in the middle, the file is empty again. */
static enum status create_schema(struct store *store, struct error *err)
{
    enum status status = tell(store, "BEGIN EXCLUSIVE", err);
    int64_t tables = 0;

    if (status != HY_OK)
        return status;
    status = ask_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (status == HY_OK && tables == 0) /* else another first start was quicker */
        status = tell(store, schema, err);
    if (status == HY_OK)
        status = tell(store, "COMMIT", err);
    if (status != HY_OK)
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

static enum status check(struct store *store, struct error *err)
{
    int64_t application = 0, version = 0;

    TRY(ask_number(store, "PRAGMA application_id", &application, err));
    TRY(ask_number(store, "PRAGMA user_version", &version, err));
    TRY(judge(store->path, (uint32_t)application, (uint32_t)version, err));
    return check_start(store, err);
}

static enum status make_file(const char *path, struct error *err)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (file < 0)
        return fail(err, errno == ENOSPC ? HY_IO : HY_CREATE,
                    "%s：不能新建数据库（%s）", path, strerror(errno));
    (void)fchmod(file, 0600);
    close(file);
    return HY_OK;
}

static enum status open_key(struct store *store, struct error *err)
{
    size_t length = strlen(store->path);
    int64_t keyed = 0;
    bool ends = length > 3 && strcmp(store->path + length - 3, ".db") == 0;
    char *path = arena_printf(store->memory, "%.*s.key",
                              (int)(ends ? length - 3 : length), store->path);

    if (store->mode == STORE_READ && access(path, F_OK) != 0)
        return HY_OK; /* figures need no key */
    if (access(path, F_OK) != 0)
        TRY(ask_number(
            store,
            "SELECT EXISTS (SELECT 1 FROM reject) OR EXISTS (SELECT 1 FROM ticket"
            " WHERE contact IS NOT NULL OR room IS NOT NULL)"
            " OR EXISTS (SELECT 1 FROM call WHERE contact IS NOT NULL)",
            &keyed, err));
    /* A new key would make every caller somebody else.  Looked for once more: another
     * first start may have made the key, and then these rows, since. */
    if (keyed != 0 && access(path, F_OK) != 0)
        return fail(err, HY_NOINPUT, "%s：钥匙文件不见了，请从备份放回再试", path);
    TRY(key_open(path, &store->key, err));
    store->has_key = true;
    return HY_OK;
}

static int open_file(struct store *store, bool frozen)
{
    static const char hex[] = "0123456789ABCDEF";
    char *uri = arena_alloc(store->memory, strlen(store->path) * 3 + 32);
    char *end = stpcpy(uri, "file:");
    const char *at;

    if (!frozen)
        return sqlite3_open_v2(store->path, &store->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
                                   | SQLITE_OPEN_EXRESCODE,
                               NULL);
    for (at = store->path; *at != '\0'; at++)
        if (strchr("%?#", *at) == NULL) {
            *end++ = *at;
        } else {
            *end++ = '%';
            *end++ = hex[(unsigned char)*at >> 4];
            *end++ = hex[*at & 15];
        }
    stpcpy(end, "?immutable=1");
    return sqlite3_open_v2(uri, &store->db,
                           SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
                               | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI,
                           NULL);
}

static enum status open_all(struct store *store, struct error *err)
{
    enum found found;
    int64_t pages = 1;
    int code, kind;

    TRY(look_before(store->path, store->mode, &found, err));
    if (found == FOUND_NOTHING)
        TRY(make_file(store->path, err));
    store->beside = store->beside && found != FOUND_FROZEN;
    code = open_file(store, found == FOUND_FROZEN);
    if (code != SQLITE_OK)
        return sql_fail(store, code, err);
    TRY(settle(store, err));
    if (found == FOUND_JOURNAL) /* played back: perhaps the first start was killed */
        TRY(ask_number(store, "PRAGMA page_count", &pages, err));
    if (found == FOUND_NOTHING || (pages == 0 && store->mode == STORE_CREATE))
        TRY(create_schema(store, err));
    TRY(check(store, err));
    if (store->mode == STORE_READ)
        TRY(tell(store, "PRAGMA query_only=ON", err));
    for (kind = 0; kind < KIND_COUNT; kind++)
        store->order[kind] = body_order((enum record_kind)kind, store->memory);
    return open_key(store, err);
}

/* Counting every allocation under a lock is of no use to us; refused once SQLite
 * runs, which is as well. */
static void set_up_sqlite(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum status store_open(struct store **out, const char *path, enum store_mode mode,
                       struct error *err)
{
    struct arena *memory = arena_new();
    struct store *store = arena_alloc(memory, sizeof *store);
    enum status status;

    store->memory = memory;
    store->file_memory = arena_new();
    store->row_memory = arena_new();
    store->word_memory = arena_new();
    store->path = arena_copy(memory, path, strlen(path));
    store->looked = mode == STORE_READ_AGAIN;
    store->beside = mode == STORE_CREATE || mode == STORE_FACTS;
    store->mode = mode == STORE_READ_AGAIN || mode == STORE_FACTS ? STORE_READ : mode;
    store->level = CLASS_ALL;
    set_up_sqlite();
    status = open_all(store, err);
    if (status != HY_OK) {
        store_close(store);
        store = NULL;
    }
    *out = store;
    return status;
}

void store_close(struct store *store)
{
    int i;

    struct error ignored;

    if (store == NULL)
        return;
    (void)check_end(store, &ignored);
    for (i = 0; i < QUERY_COUNT; i++)
        sqlite3_finalize(store->statement[i]);
    sqlite3_close(store->db); /* rolls an open transaction back */
    explicit_bzero(&store->key, sizeof store->key);
    arena_free(store->row_memory);
    arena_free(store->word_memory);
    arena_free(store->file_memory);
    arena_free(store->memory);
}

const struct key *store_key(const struct store *store)
{
    return store->has_key ? &store->key : NULL;
}

/* --- a connection for a report ---------------------------------------------- */
static int refuse(void *context, int action, const char *first, const char *second,
                  const char *database, const char *trigger)
{
    const struct store *store = context;
    int i;

    (void)second;
    (void)database;
    (void)trigger;
    if (action == SQLITE_SELECT || action == SQLITE_FUNCTION
        || action == SQLITE_TRANSACTION || action == SQLITE_RECURSIVE)
        return SQLITE_OK;
    if (action != SQLITE_READ)
        return SQLITE_DENY;
    for (i = 0; store->refused[i] != NULL; i++)
        if (strcmp(store->refused[i], first) == 0)
            return SQLITE_DENY;
    return SQLITE_OK;
}

enum status store_restrict(struct store *store, int level, struct error *err)
{
    const size_t most = sizeof store->refused / sizeof store->refused[0] - 1;
    sqlite3_stmt *statement = NULL;
    enum status status = HY_OK;
    size_t count = 0;
    int code =
        sqlite3_prepare_v2(store->db, "SELECT name FROM table_class WHERE class>?", -1,
                           &statement, NULL);

    sqlite3_bind_int(statement, 1, level);
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW
           && count < most) {
        struct text name = column_text(statement, 0, store->memory);

        store->refused[count++] = name.at;
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE)
        status = code == SQLITE_ROW || code == SQLITE_OK
                     ? fail(err, HY_DAMAGED, "%s：资料分级表不对", store->path)
                     : sql_fail(store, code, err);
    sqlite3_finalize(statement);
    store->refused[count] = NULL;
    for (size_t i = 0; i < QUERY_COUNT; i++) { /* prepared before = not asked */
        sqlite3_finalize(store->statement[i]);
        store->statement[i] = NULL;
    }
    sqlite3_set_authorizer(store->db, refuse, store);
    store->level = level;
    return status;
}
