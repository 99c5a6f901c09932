/* store_fold.c - from the versions of a ticket or register row to its current state. */
#include "core/store_internal.h"

#include <stdlib.h>
#include <string.h>

/* Facts whose later change is evidence (ticket_history), one field per group. */
static const uint8_t watched[] = {
    F_RECEIVED_AT,     F_RESPONDED_AT, F_DUE_AT,    F_FIRST_COMPLETED_AT,
    F_REOPENED_AT,     F_COMPLETED_AT, F_CLOSED_AT, F_REVISITED_AT,
    F_VOIDED_AT,       F_NATURE,       F_URGENCY,   F_DEPARTMENT,
    F_RATING_RESIDENT, F_RATING_STAFF
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { ORIGIN_DIFFERENCE = 3 };

enum status contribution_add(struct store *store, enum entity_kind kind, int64_t id,
                             int64_t hash, struct text body, bool *made,
                             struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, Q_CONTRIBUTION_ADD, &statement, err));
    bind_int(statement, 1, kind);
    bind_int(statement, 2, id);
    bind_int(statement, 3, hash);
    bind_text(statement, 4, body);
    TRY(sql_run(store, statement, err));
    *made = sqlite3_changes(store->db) > 0;
    return HY_OK;
}

enum status sighting_add(struct store *store, enum entity_kind kind, int64_t id,
                         int64_t hash, int64_t part, int64_t row_no, struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, Q_SIGHTING_ADD, &statement, err));
    bind_int(statement, 1, kind);
    bind_int(statement, 2, id);
    bind_int(statement, 3, hash);
    bind_int(statement, 4, part);
    bind_int(statement, 5, row_no);
    return sql_run(store, statement, err);
}

/* --- the rule of versions (DESIGN.md section 4) ------------------------------- */
static int three_way(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_versions(const void *left, const void *right)
{
    const struct version *a = left, *b = right;
    int order = three_way(a->as_of, b->as_of);

    if (order == 0)
        order = three_way(a->modified, b->modified);
    if (order == 0)
        order = three_way(a->priority, b->priority);
    if (order == 0)
        order = three_way(a->latest, b->latest);
    if (order == 0)
        order = three_way(a->status_rank, b->status_rank);
    if (order == 0)
        order = three_way(a->filled, b->filled);
    if (order == 0)
        order = three_way(a->row_no, b->row_no);
    return order == 0 ? three_way(a->hash, b->hash) : order;
}

static bool ticket_kind(enum record_kind kind)
{
    return kind == KIND_TICKET || kind == KIND_HISTORY || kind == KIND_PARTIAL;
}

static enum status rank_version(struct store *store, struct version *version,
                                struct arena *memory, struct error *err)
{
    struct record record;
    size_t count, i;

    TRY(body_read(store, version->kind, version->body, memory, &record, err));
    record_fields(version->kind, &count);
    version->latest = record_latest(version->kind, &record);
    version->as_of = version->part_as_of;
    version->modified = -1;
    version->status_rank = 0;
    version->filled = 0;
    for (i = 0; i < count; i++)
        version->filled += !record.value[i].empty;
    if (!ticket_kind(version->kind))
        return HY_OK;
    if (!record.value[F_UPDATED_AT].empty)
        version->as_of = record.value[F_UPDATED_AT].number;
    if (!record.value[F_MODIFIED].empty)
        version->modified = record.value[F_MODIFIED].number;
    if (!record.value[F_STATUS].empty)
        version->status_rank = (int)record.value[F_STATUS].number;
    return HY_OK;
}

/* Oldest first: writing them one over the other leaves the winner of each group. */
enum status versions_load(struct store *store, enum entity_kind entity, int64_t id,
                          struct arena *memory, struct version **out, size_t *count,
                          struct error *err)
{
    struct version *versions = NULL;
    size_t used = 0, room = 0, i;
    sqlite3_stmt *statement;
    bool row;

    TRY(file_hash_settle(store, err)); /* the order of equal versions rests on it */
    TRY(sql_use(store, Q_VERSIONS, &statement, err));
    bind_int(statement, 1, entity);
    bind_int(statement, 2, id);
    for (;;) {
        struct version *version;
        int64_t hash;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        hash = sqlite3_column_int64(statement, 0);
        if (used == room) {
            room = room == 0 ? 8 : room * 2;
            versions = arena_grow(memory, versions, used * sizeof *versions,
                                  room * sizeof *versions);
        }
        if (used == 0 || versions[used - 1].hash != hash) {
            versions[used].hash = hash;
            versions[used].body = column_text(statement, 1, memory);
            used++;
        }
        version = &versions[used - 1]; /* later lines of a hash speak louder */
        version->row_no = sqlite3_column_int64(statement, 2);
        version->part_as_of = sqlite3_column_type(statement, 3) == SQLITE_NULL
                                  ? HY_NEVER
                                  : sqlite3_column_int64(statement, 3);
        version->priority = sqlite3_column_int(statement, 4);
        version->part = sqlite3_column_int64(statement, 5);
        version->source = sqlite3_column_int64(statement, 6);
        version->kind = (enum record_kind)sqlite3_column_int(statement, 7);
    }
    sqlite3_reset(statement);
    for (i = 0; i < used; i++)
        TRY(rank_version(store, &versions[i], memory, err));
    if (used > 1)
        qsort(versions, used, sizeof *versions, compare_versions);
    *out = versions;
    *count = used;
    return HY_OK;
}

static void lay_over(enum record_kind kind, const struct record *above,
                     struct record *below)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);

    for (i = 0; i < count; i++)
        if ((above->present >> specs[i].group & 1) != 0)
            below->value[i] = above->value[i];
    below->present |= above->present;
}

static void clear(struct record *record)
{
    size_t i;

    memset(record, 0, sizeof *record);
    for (i = 0; i < RECORD_FIELDS; i++)
        record->value[i].empty = true;
}

/* --- what the versions of one ticket tell besides its state ------------------------
 */
static enum status as_number(struct store *store, int field,
                             const struct record_value *value, int64_t *out,
                             struct error *err)
{
    *out = HY_NEVER;
    if (value->empty)
        return HY_OK;
    if (field == F_DEPARTMENT)
        return intern_term(store, TERM_DEPARTMENT, value->text, out, err);
    *out = value->number;
    return HY_OK;
}

static enum status first_stated(struct store *store, int field,
                                const struct record *record, int64_t *first,
                                struct error *err)
{
    if (*first != HY_NEVER)
        return HY_OK;
    return as_number(store, field, &record->value[field], first, err);
}

static enum status forget_equal(struct store *store, int field,
                                const struct record *merged, int64_t *first,
                                struct error *err)
{
    int64_t now;

    TRY(as_number(store, field, &merged->value[field], &now, err));
    if (*first == now)
        *first = HY_NEVER;
    return HY_OK;
}

static enum status add_history(struct store *store, int64_t id, size_t seq, int field,
                               const int64_t values[2], const struct version *before,
                               const struct version *after, struct error *err)
{
    size_t count;
    const struct field_spec *specs = record_fields(KIND_TICKET, &count);
    sqlite3_stmt *statement;

    TRY(sql_use(store, Q_HISTORY_ADD, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, (int64_t)seq);
    bind_int(statement, 3, specs[field].group);
    bind_int(statement, 4, values[0]);
    if (values[1] != HY_NEVER)
        bind_int(statement, 5, values[1]);
    bind_int(statement, 6, before->as_of);
    bind_int(statement, 7, after->as_of);
    bind_int(statement, 8, after->part);
    return sql_run(store, statement, err);
}

static enum status add_event(struct store *store, int64_t id, enum event_kind kind,
                             const struct version *after, size_t seq, int64_t from,
                             int64_t to, struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, Q_EVENT_ADD, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, kind);
    if (after->as_of != HY_NEVER)
        bind_int(statement, 3, after->as_of);
    bind_int(statement, 4, (int64_t)seq);
    if (from > 0)
        bind_int(statement, 5, from);
    if (to > 0)
        bind_int(statement, 6, to);
    bind_int(statement, 7, ORIGIN_DIFFERENCE);
    return sql_run(store, statement, err);
}

static bool done(int64_t status)
{
    return status == STATUS_AWAIT_FEEDBACK || status == STATUS_CLOSED
           || status == STATUS_CLOSED_UNRESOLVED;
}

/* Said so, or from done back to being worked on. */
static bool opened_again(const struct record *old, const struct record *new)
{
    int64_t was = old->value[F_STATUS].number, is = new->value[F_STATUS].number;

    if (new->value[F_STATUS].empty || is == was)
        return false;
    return is == STATUS_REOPENED
           || (!old->value[F_STATUS].empty && done(was) && is >= STATUS_NEW
               && is <= STATUS_TRANSFERRED);
}

/* A row of a log keeps its last completion alone: the one a reopening undid is where
 * the log turned to done.  Done in its first row: when, nobody saw. */
static enum status add_undone(struct store *store, int64_t id,
                              const struct version *versions, size_t reopened,
                              struct error *err)
{
    const struct version *turned = NULL;
    size_t i = reopened;

    while (i-- > 0) {
        if (versions[i].source != versions[reopened].source
            || versions[i].status_rank == STATUS_UNKNOWN)
            continue;
        if (!done(versions[i].status_rank))
            return turned == NULL ? HY_OK
                                  : add_event(store, id, EVENT_COMPLETE, turned,
                                              reopened, 0, 0, err);
        turned = &versions[i];
    }
    return HY_OK;
}

/* Two consecutive versions of one source: late edits, and for an event log (kind
 * history) what happened between them. */
static enum status compare_pair(struct store *store, int64_t id,
                                const struct version *versions, size_t earlier,
                                size_t seq, struct error *err)
{
    const struct version *before = &versions[earlier], *after = &versions[seq];
    struct record old, new;
    size_t i;

    TRY(body_read(store, KIND_TICKET, before->body, store->row_memory, &old, err));
    TRY(body_read(store, KIND_TICKET, after->body, store->row_memory, &new, err));
    for (i = 0; i < COUNT(watched); i++) {
        int field = watched[i];
        int64_t values[2];

        if (!field_said(KIND_TICKET, &old, field)
            || !field_said(KIND_TICKET, &new, field))
            continue;
        TRY(as_number(store, field, &old.value[field], &values[0], err));
        TRY(as_number(store, field, &new.value[field], &values[1], err));
        if (values[0] == values[1])
            continue;
        /* given to somebody, passed on, or taken from everybody (to none) */
        if (field == F_DEPARTMENT && after->kind == KIND_HISTORY)
            TRY(add_event(store, id,
                          values[0] == HY_NEVER ? EVENT_DISPATCH : EVENT_TRANSFER,
                          after, seq, values[0], values[1], err));
        if (values[0] != HY_NEVER) /* filled in for the first time is no edit */
            TRY(add_history(store, id, seq, field, values, before, after, err));
    }
    /* a row whose own number is the smaller one was merely written late */
    if (after->kind != KIND_HISTORY || after->modified < before->modified
        || !opened_again(&old, &new))
        return HY_OK;
    TRY(add_undone(store, id, versions, seq, err));
    return add_event(store, id, EVENT_REOPEN, after, seq, 0, 0, err);
}

static enum status tell_apart(struct store *store, int64_t id,
                              const struct version *versions, size_t count,
                              struct error *err)
{
    size_t i, j;

    for (i = 1; i < count; i++)
        for (j = i; j-- > 0;)
            if (versions[j].source == versions[i].source) {
                TRY(compare_pair(store, id, versions, j, i, err));
                break;
            }
    return HY_OK;
}

static enum status merge_ticket(struct store *store, struct version *versions,
                                size_t count, struct record *merged,
                                struct ticket_row *row, struct error *err)
{
    const struct version *top = &versions[count - 1];
    int64_t *const firsts[] = { &row->due_first, &row->nature_first,
                                &row->urgency_first, &row->department_first };
    static const int fields[] = { F_DUE_AT, F_NATURE, F_URGENCY, F_DEPARTMENT };
    struct record one;
    size_t i, j;

    clear(merged);
    for (j = 0; j < COUNT(fields); j++)
        *firsts[j] = HY_NEVER;
    for (i = 0; i < count; i++) {
        TRY(body_read(store, KIND_TICKET, versions[i].body, store->row_memory, &one,
                      err));
        lay_over(KIND_TICKET, &one, merged);
        for (j = 0; j < COUNT(fields); j++)
            TRY(first_stated(store, fields[j], &one, firsts[j], err));
    }
    for (j = 0; j < COUNT(fields); j++)
        TRY(forget_equal(store, fields[j], merged, firsts[j], err));
    row->part = top->part;
    row->row_no = top->row_no;
    row->hash = top->hash;
    row->versions = (int64_t)count;
    return HY_OK;
}

/* Only one version is left: the ticket row is that row again. */
static enum status collapse(struct store *store, struct ticket_row *row,
                            struct error *err)
{
    sqlite3_stmt *statement;
    bool found;

    TRY(sql_use(store, Q_SIGHTING_FIRST, &statement, err));
    bind_int(statement, 1, ENTITY_TICKET);
    bind_int(statement, 2, row->id);
    TRY(sql_row(store, statement, &found, err));
    if (found) {
        row->part = sqlite3_column_int64(statement, 1);
        row->row_no = sqlite3_column_int64(statement, 2);
    }
    sqlite3_reset(statement);
    TRY(sql_use(store, Q_SIGHTING_DROP, &statement, err));
    bind_int(statement, 1, ENTITY_TICKET);
    bind_int(statement, 2, row->id);
    bind_int(statement, 3, row->hash);
    bind_int(statement, 4, row->part);
    bind_int(statement, 5, row->row_no);
    TRY(sql_run(store, statement, err));
    TRY(sql_use(store, Q_CONTRIBUTION_DROP, &statement, err));
    bind_int(statement, 1, ENTITY_TICKET);
    bind_int(statement, 2, row->id);
    return sql_run(store, statement, err);
}

enum status fold_ticket(struct store *store, int64_t id, struct error *err)
{
    struct ticket_row row = { .id = id };
    struct version *versions;
    struct record merged;
    size_t count;

    arena_reset(store->row_memory);
    TRY(versions_load(store, ENTITY_TICKET, id, store->row_memory, &versions, &count,
                      err));
    if (count == 0)
        return ticket_drop(store, id, true, err);
    TRY(merge_ticket(store, versions, count, &merged, &row, err));
    if (count == 1)
        TRY(collapse(store, &row, err));
    TRY(ticket_drop(store, id, false, err));
    TRY(ticket_write(store, &row, &merged, NULL, err));
    return tell_apart(store, id, versions, count, err);
}

enum status fold_register(struct store *store, int64_t id, struct error *err)
{
    struct version *versions, *top;
    struct record merged, one;
    sqlite3_stmt *statement;
    size_t count, i;

    arena_reset(store->row_memory);
    TRY(versions_load(store, ENTITY_REGISTER, id, store->row_memory, &versions, &count,
                      err));
    if (count == 0) {
        TRY(sql_use(store, Q_REGISTER_DROP, &statement, err));
        bind_int(statement, 1, id);
        return sql_run(store, statement, err);
    }
    top = &versions[count - 1];
    clear(&merged);
    for (i = 0; i < count; i++) {
        TRY(body_read(store, top->kind, versions[i].body, store->row_memory, &one,
                      err));
        lay_over(top->kind, &one, &merged);
    }
    TRY(sql_use(store, Q_REGISTER_FOLD, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, (int64_t)count);
    bind_int(statement, 3, top->part);
    bind_int(statement, 4, top->row_no);
    bind_int(statement, 5, top->hash);
    bind_text(statement, 6, body_write(store, top->kind, &merged, store->row_memory));
    return sql_run(store, statement, err);
}

enum status fold_all(struct store *store, struct ids *tickets, struct ids *calls,
                     struct ids *registers, struct error *err)
{
    size_t i;

    ids_unique(tickets);
    ids_unique(calls);
    ids_unique(registers);
    for (i = 0; i < tickets->count; i++)
        TRY(fold_ticket(store, tickets->at[i], err));
    for (i = 0; i < calls->count; i++)
        TRY(fold_call(store, calls->at[i], err));
    for (i = 0; i < registers->count; i++)
        TRY(fold_register(store, registers->at[i], err));
    return HY_OK;
}
