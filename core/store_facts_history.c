/* store_facts_history.c - what later exports say otherwise, and what they leave out. */
#include "core/store_facts.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 10, KEPT_TENTHS = 8 }; /* on each side; DOMAIN 2.13.13: 80 % */

static int64_t known(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? HY_NEVER
               : sqlite3_column_int64(statement, column);
}

/* --- edits -------------------------------------------------------------------------
 */

struct edit {
    uint32_t ticket;
    uint8_t what;
    int64_t was, now, before, seen;
};

static uint8_t change_of(int64_t group)
{
    static const struct {
        int field;
        uint8_t what;
    } fields[] = { { F_DUE_AT, CHANGE_DUE },
                   { F_COMPLETED_AT, CHANGE_COMPLETED },
                   { F_NATURE, CHANGE_NATURE },
                   { F_URGENCY, CHANGE_URGENCY } };
    size_t count, i;
    const struct field_spec *specs = record_fields(KIND_TICKET, &count);

    for (i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (specs[fields[i].field].group == group)
            return fields[i].what;
    return 0;
}

static int compare_edits(const void *left, const void *right)
{
    const struct edit *a = left, *b = right;

    if (a->ticket != b->ticket)
        return a->ticket < b->ticket ? -1 : 1;
    if (a->seen != b->seen)
        return a->seen < b->seen ? -1 : 1;
    if (a->what != b->what)
        return a->what < b->what ? -1 : 1;
    return (a->now > b->now) - (a->now < b->now);
}

static void fill_changes(struct gather *gather, const struct edit *edits, size_t count)
{
    struct arena *memory = gather->memory;
    uint32_t *ticket = arena_alloc(memory, (count + 1) * sizeof *ticket);
    uint8_t *what = arena_alloc(memory, count + 1);
    int64_t *was = arena_alloc(memory, (count + 1) * sizeof *was);
    int64_t *now = arena_alloc(memory, (count + 1) * sizeof *now);
    int64_t *before = arena_alloc(memory, (count + 1) * sizeof *before);
    int64_t *seen = arena_alloc(memory, (count + 1) * sizeof *seen);
    size_t i;

    for (i = 0; i < count; i++) {
        ticket[i] = edits[i].ticket;
        what[i] = edits[i].what;
        was[i] = edits[i].was;
        now[i] = edits[i].now;
        before[i] = edits[i].before;
        seen[i] = edits[i].seen;
    }
    gather->facts->changes =
        (struct changes){ count, ticket, what, was, now, before, seen };
}

static enum status read_changes(struct gather *gather, struct error *err)
{
    struct edit *edits = NULL;
    size_t count = 0, room = 0;
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_CHANGES, &statement, err));
    for (;;) {
        size_t ticket;
        uint8_t what;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        ticket = ticket_index(gather, sqlite3_column_int64(statement, 0));
        what = change_of(sqlite3_column_int64(statement, 1));
        if (ticket == SIZE_MAX || what == 0)
            continue;
        if (count == room) {
            room = room == 0 ? 64 : room * 2;
            edits = arena_grow(gather->scratch, edits, count * sizeof *edits,
                               room * sizeof *edits);
        }
        edits[count++] = (struct edit){ (uint32_t)ticket,    what,
                                        known(statement, 2), known(statement, 3),
                                        known(statement, 4), known(statement, 5) };
    }
    sqlite3_reset(statement);
    if (count > 1)
        qsort(edits, count, sizeof *edits, compare_edits);
    fill_changes(gather, edits, count);
    return HY_OK;
}

/* --- what a later export leaves out
 * ---------------------------------------------------- */

struct export
{ /* one part with tickets */
    int64_t id, source, as_of, from, to;
};

struct seen {
    int64_t part;
    uint32_t ticket;
};

struct looking {
    struct gather *gather;
    struct export *exports; /* by source, then as_of, then id */
    size_t export_count;
    struct seen *seen; /* by part, then ticket */
    size_t seen_count, seen_room;
    uint8_t *ever, *here; /* by ticket: in this source before; in this export */
    int64_t *gone;        /* by ticket: as_of of the export that lacks it */
};

static int compare_exports(const void *left, const void *right)
{
    const struct export *a = left, *b = right;

    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->as_of != b->as_of)
        return a->as_of < b->as_of ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static int compare_seen(const void *left, const void *right)
{
    const struct seen *a = left, *b = right;

    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

static enum status read_exports(struct looking *looking, struct error *err)
{
    struct gather *gather = looking->gather;
    size_t room = 0;
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_PARTS, &statement, err));
    for (;;) {
        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        if (looking->export_count == room) {
            room = room == 0 ? 32 : room * 2;
            looking->exports =
                arena_grow(gather->scratch, looking->exports,
                           looking->export_count * sizeof *looking->exports,
                           room * sizeof *looking->exports);
        }
        looking->exports[looking->export_count++] =
            (struct export){ sqlite3_column_int64(statement, 0),
                             sqlite3_column_int64(statement, 1), known(statement, 2),
                             known(statement, 3), known(statement, 4) };
    }
    sqlite3_reset(statement);
    if (looking->export_count > 1)
        qsort(looking->exports, looking->export_count, sizeof *looking->exports,
              compare_exports);
    return HY_OK;
}

/* Two exports of one source that speak of the same days; else nothing can be missed. */
static bool any_overlap(const struct looking *looking)
{
    size_t i, j;

    for (i = 0; i < looking->export_count; i++)
        for (j = i + 1; j < looking->export_count
                        && looking->exports[j].source == looking->exports[i].source;
             j++)
            if (looking->exports[j].from <= looking->exports[i].to
                && looking->exports[i].from <= looking->exports[j].to)
                return true;
    return false;
}

static enum status read_seen(struct looking *looking, struct error *err)
{
    struct gather *gather = looking->gather;
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_SEEN, &statement, err));
    for (;;) {
        size_t ticket;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        ticket = ticket_index(gather, sqlite3_column_int64(statement, 0));
        if (ticket == SIZE_MAX)
            continue;
        if (looking->seen_count == looking->seen_room) {
            size_t room = looking->seen_room == 0 ? 4096 : looking->seen_room * 2;

            looking->seen = arena_grow(gather->scratch, looking->seen,
                                       looking->seen_count * sizeof *looking->seen,
                                       room * sizeof *looking->seen);
            looking->seen_room = room;
        }
        looking->seen[looking->seen_count++] =
            (struct seen){ sqlite3_column_int64(statement, 1), (uint32_t)ticket };
    }
    sqlite3_reset(statement);
    if (looking->seen_count > 1)
        qsort(looking->seen, looking->seen_count, sizeof *looking->seen, compare_seen);
    return HY_OK;
}

static size_t first_seen(const struct looking *looking, int64_t part)
{
    size_t low = 0, high = looking->seen_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (looking->seen[middle].part < part)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of the known tickets around a place in the list, whether so many are in the export.
 */
static bool neighbours_there(const struct looking *looking, const uint32_t *list,
                             size_t count, size_t at)
{
    size_t from = at > NEIGHBOURS ? at - NEIGHBOURS : 0;
    size_t until = at + NEIGHBOURS + 1 < count ? at + NEIGHBOURS + 1 : count;
    size_t there = 0, i;

    for (i = from; i < until; i++)
        there += looking->here[list[i]];
    return until - from > NEIGHBOURS && 10 * there >= KEPT_TENTHS * (until - from - 1);
}

/* Place of the first ticket received at or after a time. */
static size_t first_since(const struct tickets *tickets, int64_t time)
{
    size_t low = 0, high = tickets->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tickets->received[middle] < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Tickets seen in earlier exports of the source, of the days this one covers. */
static void look_at(struct looking *looking, const struct export *export,
                    uint32_t *list)
{
    const struct tickets *tickets = &looking->gather->facts->tickets;
    size_t count = 0, i = first_since(tickets, export->from);

    for (; i < tickets->count && tickets->received[i] <= export->to; i++)
        if (looking->ever[i])
            list[count++] = (uint32_t)i;
    for (i = 0; i < count; i++)
        if (!looking->here[list[i]] && looking->gone[list[i]] == HY_NEVER
            && neighbours_there(looking, list, count, i))
            looking->gone[list[i]] = export->as_of;
}

enum marking { MARK_HERE, MARK_EVER, MARK_NONE };

static void mark(struct looking *looking, int64_t part, enum marking what)
{
    size_t i;

    for (i = first_seen(looking, part);
         i < looking->seen_count && looking->seen[i].part == part; i++) {
        uint32_t ticket = looking->seen[i].ticket;

        if (what == MARK_HERE) {
            looking->here[ticket] = 1;
            looking->gone[ticket] = HY_NEVER; /* what comes back had not gone */
        } else if (what == MARK_EVER) {
            looking->ever[ticket] = 1;
        } else {
            looking->here[ticket] = looking->ever[ticket] = 0;
        }
    }
}

/* Exports of one source in the order of what they speak of; those of the same moment
 * count as one. */
static void look_through(struct looking *looking, size_t first, size_t next,
                         uint32_t *list)
{
    const struct export *exports = looking->exports;
    size_t from, until, e;

    for (from = first; from < next; from = until) {
        for (until = from; until < next && exports[until].as_of == exports[from].as_of;
             until++)
            mark(looking, exports[until].id, MARK_HERE);
        for (e = from; e < until && from > first; e++)
            if (exports[e].as_of != HY_NEVER && exports[e].from != HY_NEVER)
                look_at(looking, &exports[e], list);
        for (e = from; e < until; e++) {
            size_t i = first_seen(looking, exports[e].id);

            mark(looking, exports[e].id, MARK_EVER);
            for (; i < looking->seen_count && looking->seen[i].part == exports[e].id;
                 i++)
                looking->here[looking->seen[i].ticket] = 0;
        }
    }
    for (e = first; e < next; e++)
        mark(looking, exports[e].id, MARK_NONE);
}

static void fill_vanished(struct gather *gather, const int64_t *gone)
{
    uint32_t *ticket;
    int64_t *seen;
    size_t count = 0, i;

    for (i = 0; i < gather->count; i++)
        count += gone[i] != HY_NEVER;
    ticket = arena_alloc(gather->memory, (count + 1) * sizeof *ticket);
    seen = arena_alloc(gather->memory, (count + 1) * sizeof *seen);
    for (i = 0, count = 0; i < gather->count; i++)
        if (gone[i] != HY_NEVER) {
            ticket[count] = (uint32_t)i;
            seen[count++] = gone[i];
        }
    gather->facts->vanished = (struct vanished){ count, ticket, seen };
}

static enum status read_vanished(struct gather *gather, struct error *err)
{
    struct looking looking = { .gather = gather };
    size_t first, next, i;
    uint32_t *list;

    TRY(read_exports(&looking, err));
    if (!any_overlap(&looking))
        return HY_OK;
    TRY(read_seen(&looking, err));
    looking.ever = arena_alloc(gather->scratch, gather->count + 1);
    looking.here = arena_alloc(gather->scratch, gather->count + 1);
    looking.gone =
        arena_alloc(gather->scratch, (gather->count + 1) * sizeof *looking.gone);
    list = arena_alloc(gather->scratch, (gather->count + 1) * sizeof *list);
    for (i = 0; i < gather->count; i++)
        looking.gone[i] = HY_NEVER;
    for (first = 0; first < looking.export_count; first = next) {
        for (next = first;
             next < looking.export_count
             && looking.exports[next].source == looking.exports[first].source;)
            next++;
        look_through(&looking, first, next, list);
    }
    fill_vanished(gather, looking.gone);
    return HY_OK;
}

enum status facts_history(struct gather *gather, struct error *err)
{
    TRY(read_changes(gather, err));
    return read_vanished(gather, err);
}
