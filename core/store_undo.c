/* store_undo.c - takes a file's sightings away; the rest is as if it never came. */
#include "core/store_internal.h"

struct taken {
    struct ids singles, tickets, calls, registers;
};

static enum status collect(struct store *store, int64_t file, struct arena *memory,
                           struct taken *taken, struct error *err)
{
    sqlite3_stmt *statement;
    bool row = true;

    TRY(sql_use(store, Q_UNDO_SINGLES, &statement, err));
    bind_int(statement, 1, file);
    while (row) {
        TRY(sql_row(store, statement, &row, err));
        if (row)
            ids_add(&taken->singles, memory, sqlite3_column_int64(statement, 0));
    }
    TRY(sql_use(store, Q_UNDO_ENTITIES, &statement, err));
    bind_int(statement, 1, file);
    for (;;) {
        int64_t kind;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        kind = sqlite3_column_int64(statement, 0);
        ids_add(kind == ENTITY_TICKET ? &taken->tickets
                : kind == ENTITY_CALL ? &taken->calls
                                      : &taken->registers,
                memory, sqlite3_column_int64(statement, 1));
    }
    sql_rest(store);
    return HY_OK;
}

static enum status run_on(struct store *store, enum query query, int64_t id,
                          struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, query, &statement, err));
    bind_int(statement, 1, id);
    return sql_run(store, statement, err);
}

/* A ticket of one version whose own place goes: another sighting takes over. */
static enum status promote(struct store *store, int64_t id, struct error *err)
{
    sqlite3_stmt *statement;
    int64_t hash, part, row_no;
    bool row;

    TRY(sql_use(store, Q_SIGHTING_FIRST, &statement, err));
    bind_int(statement, 1, ENTITY_TICKET);
    bind_int(statement, 2, id);
    TRY(sql_row(store, statement, &row, err));
    if (!row)
        return ticket_drop(store, id, true, err);
    hash = sqlite3_column_int64(statement, 0);
    part = sqlite3_column_int64(statement, 1);
    row_no = sqlite3_column_int64(statement, 2);
    sqlite3_reset(statement);
    TRY(sql_use(store, Q_TICKET_MOVE, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, part);
    bind_int(statement, 3, row_no);
    TRY(sql_run(store, statement, err));
    TRY(sql_use(store, Q_SIGHTING_DROP, &statement, err));
    bind_int(statement, 1, ENTITY_TICKET);
    bind_int(statement, 2, id);
    bind_int(statement, 3, hash);
    bind_int(statement, 4, part);
    bind_int(statement, 5, row_no);
    return sql_run(store, statement, err);
}

static enum status prune_versions(struct store *store, enum entity_kind kind,
                                  int64_t id, struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, Q_CONTRIBUTION_PRUNE, &statement, err));
    bind_int(statement, 1, kind);
    bind_int(statement, 2, id);
    return sql_run(store, statement, err);
}

/* A ticket of one version that merely lost a further sighting needs nothing. */
static enum status settle_ticket(struct store *store, int64_t id, struct error *err)
{
    sqlite3_stmt *statement;
    int64_t versions = 0;
    bool row;

    TRY(sql_use(store, Q_TICKET_HEAD, &statement, err));
    bind_int(statement, 1, id);
    TRY(sql_row(store, statement, &row, err));
    if (row)
        versions = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    if (versions < 2)
        return HY_OK;
    TRY(prune_versions(store, ENTITY_TICKET, id, err));
    return fold_ticket(store, id, err);
}

static enum status settle_all(struct store *store, struct taken *taken,
                              struct error *err)
{
    size_t i;

    for (i = 0; i < taken->singles.count; i++)
        TRY(promote(store, taken->singles.at[i], err));
    for (i = 0; i < taken->tickets.count; i++)
        TRY(settle_ticket(store, taken->tickets.at[i], err));
    for (i = 0; i < taken->calls.count; i++) {
        TRY(prune_versions(store, ENTITY_CALL, taken->calls.at[i], err));
        TRY(fold_call(store, taken->calls.at[i], err));
    }
    for (i = 0; i < taken->registers.count; i++) {
        TRY(prune_versions(store, ENTITY_REGISTER, taken->registers.at[i], err));
        TRY(fold_register(store, taken->registers.at[i], err));
    }
    return HY_OK;
}

static enum status take_away(struct store *store, int64_t file, struct arena *memory,
                             struct error *err)
{
    struct taken taken = { .singles = { 0 } };

    TRY(collect(store, file, memory, &taken, err));
    TRY(run_on(store, Q_UNDO_SIGHTINGS, file, err));
    TRY(settle_all(store, &taken, err));
    TRY(run_on(store, Q_PART_PRUNE, file, err)); /* its rejects go with it */
    TRY(run_on(store, Q_FILE_UNDONE, file, err));
    /* who is named by nothing any more is forgotten */
    return sql_do(store, Q_PRUNE_KEYS, err);
}

enum status undo_file(struct store *store, int64_t file, struct error *err)
{
    struct arena *memory = arena_new();
    enum status status = take_away(store, file, memory, err);

    arena_free(memory);
    return status;
}

static enum status undo_in_transaction(struct store *store, int64_t batch,
                                       struct error *err)
{
    sqlite3_stmt *statement;
    bool row;
    int state = 0;

    TRY(sql_do(store, Q_BEGIN, err));
    TRY(sql_do(store, Q_DEFER, err));
    TRY(sql_use(store, Q_FILE_STATE, &statement, err));
    bind_int(statement, 1, batch);
    TRY(sql_row(store, statement, &row, err));
    if (row)
        state = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    if (!row)
        return fail(err, HY_USAGE, "没有批次 %lld；用 huiyin status 看有哪些",
                    (long long)batch);
    if (state == 0)
        return fail(err, HY_USAGE, "批次 %lld 已经撤销过了", (long long)batch);
    TRY(undo_file(store, batch, err));
    sql_rest(store);
    return sql_do(store, Q_COMMIT, err);
}

enum status store_undo(struct store *store, int64_t batch, struct error *err)
{
    enum status status;

    if (store->load.file_open)
        return fail(err, HY_INTERNAL, "%s：正在读入文件，不能撤销", store->path);
    status = undo_in_transaction(store, batch, err);
    store_file_abort(store);
    return status;
}
