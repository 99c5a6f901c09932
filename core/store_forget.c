/* store_forget.c - puts out texts, callers and doors of what is long over. */
#include "core/store_forget.h"

#include <string.h>

#include "core/store_internal.h"

static const char erased[] = "[已清除 erased]";

/* What a person wrote about a person; the way through the departments is a fact. */
static const uint8_t texts[] = { F_SUBJECT,        F_CONTENT, F_RESULT,
                                 F_REVISIT_RESULT, F_REMARK,  F_ADDRESS };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ?1 the day, ?2 a file or NULL for all. */
#define OLD_TICKETS                                    \
    " FROM ticket t WHERE t.received_at<?1 AND (?2 IS" \
    " NULL OR t.part IN (SELECT id FROM part WHERE file=?2))"

static const char keep_day[] =
    "INSERT INTO forgotten VALUES(?1) ON CONFLICT DO NOTHING";
static const char last_day[] = "SELECT max(before) FROM forgotten";
/* Who was heard again since? */
static const char callers_since[] =
    "SELECT contact FROM ticket WHERE contact IS NOT NULL"
    " AND (received_at>=?1 OR received_at IS NULL)"
    " UNION SELECT contact FROM call WHERE contact IS NOT NULL AND start>=?1";
static const char doors_since[] =
    "SELECT DISTINCT room FROM ticket WHERE room IS NOT NULL"
    " AND (received_at>=?1 OR received_at IS NULL)";
static const char rename_singles[] =
    "UPDATE ticket AS t SET contact=other(contact),room=other(room)"
    " WHERE t.received_at<?1 AND t.versions=1"
    " AND (?2 IS NULL OR t.part IN (SELECT id FROM part WHERE file=?2))";
static const char erase_singles[] =
    "UPDATE ticket_text SET subject=iif(subject IS NULL,NULL,?3),"
    "content=iif(content IS NULL,NULL,?3),result=iif(result IS NULL,NULL,?3),"
    "revisit=iif(revisit IS NULL,NULL,?3),remark=iif(remark IS NULL,NULL,?3),"
    "address=iif(address IS NULL,NULL,?3),door=(SELECT '~'||format('%016llx',room)"
    " FROM ticket t WHERE t.id=ticket_text.id AND door IS NOT NULL)"
    " WHERE id IN (SELECT t.id" OLD_TICKETS " AND t.versions=1)";
static const char several[] = "SELECT t.id" OLD_TICKETS " AND t.versions>1";
/* Tickets of several versions that this file touched, whoever won. */
static const char touched[] =
    "SELECT t.id FROM ticket t WHERE t.received_at<?1 AND t.versions>1 AND t.id IN"
    " (SELECT entity FROM sighting WHERE kind=1 AND part IN"
    "  (SELECT id FROM part WHERE file=?2))";
static const char old_calls[] =
    "SELECT c.id FROM call c WHERE c.start<?1 AND c.contact IS NOT NULL AND (?2 IS NULL"
    " OR c.id IN (SELECT entity FROM sighting WHERE kind=4 AND part IN"
    "  (SELECT id FROM part WHERE file=?2)))";
static const char bodies[] =
    "SELECT row_hash,body FROM contribution WHERE kind=?1 AND entity=?2";
static const char put_body[] =
    "UPDATE contribution SET body=?4 WHERE kind=?1 AND entity=?2 AND row_hash=?3";
/* A part ends with the last receipt it tells of, else with the time it speaks of. */
#define OLD_PARTS                                                               \
    "(SELECT id FROM part WHERE ifnull(covers_to,as_of)<?1 AND (?2 IS NULL OR " \
    "file=?2))"
static const char empty_rejects[] =
    "UPDATE reject SET raw=x'' WHERE length(raw)>0 AND part IN " OLD_PARTS;
static const char drop_words[] = "DELETE FROM question_word WHERE file IN (SELECT file "
                                 "FROM part WHERE id IN " OLD_PARTS ")";
static const char count_tickets[] =
    "SELECT count(*),sum(t.completed_at IS NULL AND t.voided_at IS NULL)" OLD_TICKETS;
static const char count_calls[] = "SELECT count(*) FROM call WHERE start<?1";

struct forgetting {
    struct store *store;
    struct arena *memory;
    struct cache *kept; /* numbers of callers and doors that stay */
    struct key key;     /* nobody has it afterwards */
    int64_t before, file;
};

/* --- sentences of this file ------------------------------------------------------ */
static enum status sentence(const struct forgetting *task, const char *sql,
                            sqlite3_stmt **out, struct error *err)
{
    int code = sqlite3_prepare_v2(task->store->db, sql, -1, out, NULL);

    if (code != SQLITE_OK)
        return sql_fail(task->store, code, err);
    if (sqlite3_bind_parameter_count(*out) > 0)
        bind_int(*out, 1, task->before);
    if (sqlite3_bind_parameter_count(*out) > 1 && task->file != 0)
        bind_int(*out, 2, task->file);
    if (sqlite3_bind_parameter_count(*out) > 2)
        bind_text(*out, 3, text_of(erased));
    return HY_OK;
}

static enum status run_sentence(const struct forgetting *task, const char *sql,
                                int64_t *changed, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status = sentence(task, sql, &statement, err);

    if (status == HY_OK)
        status = sql_run(task->store, statement, err);
    if (status == HY_OK && changed != NULL)
        *changed = sqlite3_changes(task->store->db);
    sqlite3_finalize(statement);
    return status;
}

/* Every first column of an answer, each handed to take(). */
static enum status each_number(struct forgetting *task, const char *sql,
                               void (*take)(struct forgetting *, int64_t, void *),
                               void *taker, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status = sentence(task, sql, &statement, err);
    bool row = true;

    while (status == HY_OK && row) {
        status = sql_row(task->store, statement, &row, err);
        if (status == HY_OK && row)
            take(task, sqlite3_column_int64(statement, 0), taker);
    }
    sqlite3_finalize(statement);
    return status;
}

/* --- other numbers for callers and doors -------------------------------------------
 */
static void keep(struct forgetting *task, int64_t number, void *unused)
{
    bool made;

    (void)unused;
    *cache_at(task->kept, &number, sizeof number, 0, &made) = 1;
}

static int64_t other_number(struct forgetting *task, int64_t number)
{
    bool made;

    if (number == 0 || *cache_at(task->kept, &number, sizeof number, 0, &made) == 1)
        return number;
    return key_pseudonym(&task->key, &number, sizeof number);
}

static void other(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL)
        return;
    sqlite3_result_int64(context, other_number(sqlite3_user_data(context),
                                               sqlite3_value_int64(values[0])));
}

static enum status prepare(struct forgetting *task, struct error *err)
{
    int code = sqlite3_create_function(task->store->db, "other", 1,
                                       SQLITE_UTF8 | SQLITE_DIRECTONLY, task, other,
                                       NULL, NULL);

    if (code != SQLITE_OK)
        return sql_fail(task->store, code, err);
    TRY(key_random(&task->key, err));
    task->kept = cache_new(task->memory);
    TRY(each_number(task, callers_since, keep, NULL, err));
    return each_number(task, doors_since, keep, NULL, err);
}

/* --- bodies: what is kept of each version
 * --------------------------------------------- */
static void erase_record(struct forgetting *task, enum entity_kind entity,
                         struct record *record, struct arena *memory)
{
    struct record_value *contact =
        &record->value[entity == ENTITY_CALL ? (int)C_CONTACT : (int)F_CONTACT];
    struct record_value *door = &record->value[F_ROOM];
    size_t i;

    if (!contact->empty)
        contact->text =
            contact_text(other_number(task, contact_number(contact->text)), memory);
    if (entity == ENTITY_CALL)
        return;
    for (i = 0; i < COUNT(texts); i++)
        if (!record->value[texts[i]].empty)
            record->value[texts[i]].text = text_of(erased);
    if (!door->empty)
        door->text =
            door_text(other_number(task, room_number(task->store, record, memory)),
                      memory);
}

static enum status write_body(struct forgetting *task, enum entity_kind entity,
                              int64_t id, int64_t hash, struct text body,
                              struct arena *memory, struct error *err)
{
    enum record_kind kind = entity == ENTITY_CALL ? KIND_CALL : KIND_TICKET;
    sqlite3_stmt *statement = NULL;
    struct record record;
    enum status status;
    int code;

    TRY(body_read(task->store, kind, body, memory, &record, err));
    erase_record(task, entity, &record, memory);
    code = sqlite3_prepare_v2(task->store->db, put_body, -1, &statement, NULL);
    if (code != SQLITE_OK)
        return sql_fail(task->store, code, err);
    bind_int(statement, 1, entity);
    bind_int(statement, 2, id);
    bind_int(statement, 3, hash);
    bind_text(statement, 4, body_write(task->store, kind, &record, memory));
    status = sql_run(task->store, statement, err);
    sqlite3_finalize(statement);
    return status;
}

struct version_body {
    int64_t hash;
    struct text body;
};

static enum status entity_bodies(struct forgetting *task, enum entity_kind entity,
                                 int64_t id, struct arena *memory,
                                 struct version_body **out, size_t *count,
                                 struct error *err)
{
    sqlite3_stmt *statement = NULL;
    size_t room = 0;
    bool row = true;
    enum status status = sentence(task, bodies, &statement, err);

    *out = NULL;
    *count = 0;
    if (status == HY_OK) {
        bind_int(statement, 1, entity);
        bind_int(statement, 2, id);
    }
    while (status == HY_OK && row) {
        status = sql_row(task->store, statement, &row, err);
        if (status != HY_OK || !row)
            break;
        if (*count == room) {
            room = room * 2 + 4;
            *out = arena_grow(memory, *out, *count * sizeof **out, room * sizeof **out);
        }
        (*out)[(*count)++] = (struct version_body){ sqlite3_column_int64(statement, 0),
                                                    column_text(statement, 1, memory) };
    }
    sqlite3_finalize(statement);
    return status;
}

static void add_id(struct forgetting *task, int64_t id, void *ids)
{
    ids_add(ids, task->memory, id);
}

/* Each entity's versions are written without what is to go, then folded anew. */
static enum status erase_entities(struct forgetting *task, enum entity_kind entity,
                                  const char *which, struct error *err)
{
    struct arena *memory = arena_new();
    struct ids ids = { NULL, 0, 0 };
    enum status status = each_number(task, which, add_id, &ids, err);
    struct version_body *versions;
    size_t i, j, count;

    for (i = 0; i < ids.count && status == HY_OK; i++) {
        arena_reset(memory);
        status = entity_bodies(task, entity, ids.at[i], memory, &versions, &count, err);
        for (j = 0; j < count && status == HY_OK; j++)
            status = write_body(task, entity, ids.at[i], versions[j].hash,
                                versions[j].body, memory, err);
        if (status == HY_OK)
            status = entity == ENTITY_CALL ? fold_call(task->store, ids.at[i], err)
                                           : fold_ticket(task->store, ids.at[i], err);
    }
    arena_free(memory);
    return status;
}

/* --- the whole
 * ------------------------------------------------------------------------ */
static enum status sweep(struct forgetting *task, int64_t *rejects, struct error *err)
{
    TRY(prepare(task, err));
    TRY(run_sentence(task, rename_singles, NULL, err));
    TRY(run_sentence(task, erase_singles, NULL, err));
    TRY(erase_entities(task, ENTITY_TICKET, task->file == 0 ? several : touched, err));
    TRY(erase_entities(task, ENTITY_CALL, old_calls, err));
    TRY(run_sentence(task, drop_words, NULL, err));
    return run_sentence(task, empty_rejects, rejects, err);
}

static enum status take_counts(struct forgetting *task, struct forgotten *counts,
                               struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status = sentence(task, count_tickets, &statement, err);
    bool row;

    if (status == HY_OK)
        status = sql_row(task->store, statement, &row, err);
    if (status == HY_OK) {
        counts->tickets = sqlite3_column_int64(statement, 0);
        counts->open = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    statement = NULL;
    if (status == HY_OK)
        status = sentence(task, count_calls, &statement, err);
    if (status == HY_OK)
        status = sql_row(task->store, statement, &row, err);
    if (status == HY_OK)
        counts->calls = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

static enum status forget(struct forgetting *task, struct forgotten *counts,
                          struct error *err)
{
    struct store *store = task->store;
    int code = sqlite3_exec(store->db, "PRAGMA secure_delete=ON", NULL, NULL, NULL);

    if (code != SQLITE_OK)
        return sql_fail(store, code, err);
    TRY(sql_do(store, Q_BEGIN, err));
    TRY(sql_do(store, Q_DEFER, err));
    TRY(run_sentence(task, keep_day, NULL, err));
    TRY(take_counts(task, counts, err));
    TRY(sweep(task, &counts->rejects, err));
    sql_rest(store);
    TRY(sql_do(store, Q_COMMIT, err));
    /* what lay on free pages and in the log goes, too */
    code = sqlite3_exec(store->db,
                        "PRAGMA temp_store=FILE; VACUUM; PRAGMA temp_store=MEMORY;"
                        "PRAGMA wal_checkpoint(TRUNCATE)",
                        NULL, NULL, NULL);
    return code == SQLITE_OK ? HY_OK : sql_fail(store, code, err);
}

static void forgetting_end(struct forgetting *task)
{
    (void)sqlite3_create_function(task->store->db, "other", 1, SQLITE_UTF8, NULL, NULL,
                                  NULL, NULL);
    explicit_bzero(&task->key, sizeof task->key);
    arena_free(task->memory);
}

enum status store_forget(struct store *store, int64_t before, struct forgotten *counts,
                         struct error *err)
{
    struct forgetting task = { .store = store, .before = before };
    enum status status;

    *counts = (struct forgotten){ 0, 0, 0, 0 };
    if (store->load.file_open)
        return fail(err, HY_INTERNAL, "%s：正在读入文件，不能清除", store->path);
    task.memory = arena_new();
    status = forget(&task, counts, err);
    store_file_abort(store);
    forgetting_end(&task);
    return status;
}

enum status store_forgotten(struct store *store, int64_t *before, struct error *err)
{
    struct forgetting task = { .store = store };
    sqlite3_stmt *statement = NULL;
    enum status status = sentence(&task, last_day, &statement, err);
    bool row = false;

    *before = HY_NEVER;
    if (status == HY_OK)
        status = sql_row(store, statement, &row, err);
    if (status == HY_OK && row && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        *before = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

enum status forget_late(struct store *store, struct error *err)
{
    struct forgetting task = { .store = store, .file = store->load.file };
    enum status status;

    TRY(store_forgotten(store, &task.before, err));
    if (task.before == HY_NEVER)
        return HY_OK;
    task.memory = arena_new();
    status = sweep(&task, NULL, err);
    forgetting_end(&task);
    return status;
}
