/* lifecycle.c - completions, reopenings, voids and deadlines of every ticket. */
#include "analyze/lifecycle.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_CONTACT_SECONDS = 30 * 60, /* DOMAIN 2.13.1 */
    TURN_LIMIT = 60000,              /* of one ticket; more is not a ticket */
    HELD_LIMIT = 256
}; /* departments one ticket passed */

struct mark { /* one recorded completion, reopening */
    int64_t at;
    uint8_t kind;
    bool date_only;
};

struct marks {
    struct arena *memory;
    struct mark *items;
    size_t count, room;
};

static void marks_add(struct marks *marks, int64_t at, uint8_t kind, bool date_only)
{
    if (at == HY_NEVER || marks->count == TURN_LIMIT)
        return;
    if (marks->count == marks->room) {
        size_t room = marks->room == 0 ? 64 : marks->room * 2;

        marks->items =
            arena_grow(marks->memory, marks->items, marks->count * sizeof *marks->items,
                       room * sizeof *marks->items);
        marks->room = room;
    }
    marks->items[marks->count++] = (struct mark){ at, kind, date_only };
}

/* Completions before reopenings at the same second: a ticket is completed and
 * reopened, not the other way round. */
static int compare_marks(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (int)a->date_only - (int)b->date_only;
}

static bool has_date_only(const struct tickets *tickets, size_t i, uint32_t bit)
{
    return tickets->date_only != NULL && (tickets->date_only[i] & bit) != 0;
}

static int64_t at(const int64_t *column, size_t i)
{
    return column == NULL ? HY_NEVER : column[i];
}

static void collect_marks(const struct history *history, size_t i, struct marks *marks,
                          int64_t *closed)
{
    const struct tickets *tickets = &history->facts->tickets;
    const struct events *events = &history->facts->events;
    uint32_t e;

    marks->count = 0;
    *closed = at(tickets->closed, i);
    marks_add(marks, at(tickets->first_completed, i), TURN_COMPLETE,
              has_date_only(tickets, i, DATE_ONLY_FIRST_COMPLETED));
    marks_add(marks, at(tickets->completed, i), TURN_COMPLETE,
              has_date_only(tickets, i, DATE_ONLY_COMPLETED));
    marks_add(marks, at(tickets->reopened, i), TURN_REOPEN,
              has_date_only(tickets, i, DATE_ONLY_REOPENED));
    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++) {
        if (events->kind[e] == EVENT_COMPLETE)
            marks_add(marks, events->at[e], TURN_COMPLETE, false);
        else if (events->kind[e] == EVENT_REOPEN)
            marks_add(marks, events->at[e], TURN_REOPEN, false);
        else if (events->kind[e] == EVENT_CLOSE && *closed == HY_NEVER)
            *closed = events->at[e];
    }
    if (marks->count > 1)
        qsort(marks->items, marks->count, sizeof *marks->items, compare_marks);
}

struct turns {
    struct arena *memory;
    struct turn *items;
    size_t count, room;
};

static void turns_add(struct turns *turns, int64_t received, int64_t time,
                      enum turn_kind kind, bool inferred, bool date_only)
{
    if (turns->count == turns->room) {
        size_t room = turns->room == 0 ? 1024 : turns->room * 2;

        turns->items =
            arena_grow(turns->memory, turns->items, turns->count * sizeof *turns->items,
                       room * sizeof *turns->items);
        turns->room = room;
    }
    turns->items[turns->count++] = (struct turn){
        .at = time,
        .flow = time > received ? time : received,
        .kind = (uint8_t)kind,
        .inferred = inferred,
        .date_only = date_only,
    };
}

/* Completed and reopened in turn.  A second reopening without a completion
 * between is one reopening noted twice (row and trail); the first one without
 * any completion before it means a completion nobody wrote down. */
static void build_turns(const struct history *history, size_t i, struct marks *marks,
                        struct turns *turns)
{
    const struct tickets *tickets = &history->facts->tickets;
    int64_t received = tickets->received[i], closed, reopened = HY_NEVER;
    bool open = true, ever = false, stated;
    size_t m;

    collect_marks(history, i, marks, &closed);
    for (m = 0; m < marks->count; m++) {
        const struct mark *mark = &marks->items[m];

        if (m > 0 && mark->at == mark[-1].at && mark->kind == mark[-1].kind)
            continue;
        if (mark->kind == TURN_COMPLETE) {
            turns_add(turns, received, mark->at, open ? TURN_COMPLETE : TURN_LATER,
                      false, mark->date_only);
            open = false;
            ever = true;
        } else if (!open || !ever) {
            if (open)
                turns_add(turns, received, mark->at, TURN_COMPLETE, true,
                          mark->date_only);
            turns_add(turns, received, mark->at, TURN_REOPEN, false, mark->date_only);
            reopened = mark->at;
            open = ever = true;
        }
    }
    if (!open || closed == HY_NEVER || (reopened != HY_NEVER && closed < reopened))
        return;
    /* No column for completions: the closing is one.  A column that stayed
     * empty: it counts, but its duration is not known. */
    stated = tickets->columns != NULL && (tickets->columns[i] & COLUMN_COMPLETED) != 0;
    turns_add(turns, received, closed, TURN_COMPLETE, stated,
              has_date_only(tickets, i, DATE_ONLY_CLOSED));
}

static int64_t event_time(const struct history *history, size_t i, enum event_kind kind)
{
    const struct events *events = &history->facts->events;
    uint32_t e;

    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++)
        if (events->kind[e] == kind && events->at[e] != HY_NEVER)
            return events->at[e];
    return HY_NEVER;
}

static enum standing final_standing(const struct tickets *tickets, size_t i)
{
    if (tickets->merged_into != NULL && tickets->merged_into[i] != 0)
        return STANDING_MERGED;
    if (tickets->status != NULL && tickets->status[i] == STATUS_DUPLICATE)
        return STANDING_MERGED;
    if (tickets->status != NULL && tickets->status[i] == STATUS_VOID)
        return STANDING_VOID;
    return STANDING_VALID;
}

/* DOMAIN 2.13.2: voided, else closed, completed, updated.  When the first file that
 * shows it was written is not among the facts, so what nobody dated leaves at its
 * receipt: later files then cannot change the months before them. */
static int64_t left_time(struct history *history, size_t i, enum standing standing)
{
    const struct tickets *tickets = &history->facts->tickets;
    int64_t time = at(tickets->voided, i);

    if (time == HY_NEVER)
        time = event_time(history, i,
                          standing == STANDING_MERGED ? EVENT_MERGE : EVENT_VOID);
    if (time == HY_NEVER)
        time = at(tickets->closed, i);
    if (time == HY_NEVER)
        time = at(tickets->completed, i);
    if (time == HY_NEVER)
        time = at(tickets->updated, i);
    if (time == HY_NEVER) {
        history->undated_voids++;
    }
    if (time < tickets->received[i]) /* HY_NEVER is the least of all */
        time = tickets->received[i];
    return time;
}

/* A deadline without a time of day ends at 24:00 (DOMAIN 2.13.11). */
static int64_t end_of(int64_t time, bool date_only)
{
    return date_only && time != HY_NEVER ? time + DAY_SECONDS - 1 : time;
}

static int64_t limit_due(const struct calendar *calendar, const struct limit *limit,
                         int64_t from, bool date_only, int64_t amount)
{
    if (amount <= 0)
        return HY_NEVER;
    return end_of(calendar_due(calendar, limit->clock, from, amount), date_only);
}

static struct deadline build_deadline(const struct history *history, size_t i)
{
    const struct tickets *tickets = &history->facts->tickets;
    const struct words *words = history->facts->words;
    const struct settings *settings = history->settings;
    const struct calendar *calendar = &settings->calendar;
    struct deadline deadline = { HY_NEVER, HY_NEVER, HY_NEVER, DUE_NONE, false };
    bool whole_day = has_date_only(tickets, i, DATE_ONLY_RECEIVED);
    int64_t received = tickets->received[i], due = at(tickets->due_first, i);
    uint32_t category = tickets->category == NULL ? 0 : tickets->category[i];
    uint8_t nature = nature_first(tickets, (uint32_t)i);
    uint8_t urgency = tickets->urgency_first == NULL ? 0 : tickets->urgency_first[i];
    const struct limit *limit;

    if (urgency == 0 && tickets->urgency != NULL)
        urgency = tickets->urgency[i];
    if (due == HY_NEVER)
        due = at(tickets->due, i);
    limit =
        settings_limit(settings, nature, urgency,
                       category != 0 && words != NULL ? words->text[category] : NULL);
    if (limit != NULL) {
        deadline.respond =
            limit_due(calendar, limit, received, whole_day, limit->respond);
        deadline.arrive =
            limit_due(calendar, limit, received, whole_day, limit->arrive);
        deadline.due = limit_due(calendar, limit, received, whole_day, limit->finish);
        deadline.from = deadline.due == HY_NEVER ? DUE_NONE : DUE_SETTINGS;
    }
    if (due != HY_NEVER) {
        deadline.due = end_of(due, has_date_only(tickets, i, DATE_ONLY_DUE));
        deadline.from = DUE_FILE;
    } else if (deadline.from == DUE_SETTINGS && limit->clock != CLOCK_NATURAL) {
        deadline.uncovered = !calendar_covers(calendar, received, deadline.due);
    }
    return deadline;
}

static void latest(int64_t *time, int64_t other)
{
    if (other > *time)
        *time = other; /* HY_NEVER is the least of all */
}

static int64_t last_touch(const struct history *history, size_t i,
                          const struct turns *turns)
{
    const struct tickets *tickets = &history->facts->tickets;
    const struct deadline *deadline = &history->deadlines[i];
    uint32_t begin = history->first_turn[i];
    int64_t time = tickets->received[i];
    size_t t;
    bool open = true;

    for (t = begin; t < turns->count; t++) {
        latest(&time, turns->items[t].flow);
        open = turns->items[t].kind == TURN_REOPEN;
    }
    if (open && history->standing[i] == STANDING_VALID)
        return INT64_MAX;
    latest(&time, history->left[i]);
    latest(&time, deadline->due);
    latest(&time, deadline->respond);
    latest(&time, deadline->arrive);
    latest(&time, at(tickets->revisited, i));
    return time;
}

static const uint32_t *index_events(const struct facts *facts, struct arena *memory)
{
    size_t count = facts->tickets.count, i, e = 0;
    uint32_t *first = arena_alloc(memory, (count + 1) * sizeof *first);

    for (i = 0; i <= count; i++) {
        while (e < facts->events.count && facts->events.ticket[e] < i)
            e++;
        first[i] = (uint32_t)e;
    }
    return first;
}

void history_build(const struct facts *facts, const struct settings *settings,
                   struct arena *memory, struct history *history)
{
    size_t count = facts->tickets.count, i;
    uint32_t *first = arena_alloc(memory, (count + 1) * sizeof *first);
    int64_t *left = arena_alloc(memory, (count + 1) * sizeof *left);
    int64_t *touch = arena_alloc(memory, (count + 1) * sizeof *touch);
    uint8_t *standing = arena_alloc(memory, count + 1);
    struct deadline *deadlines = arena_alloc(memory, (count + 1) * sizeof *deadlines);
    struct marks marks = { memory, NULL, 0, 0 };
    struct turns turns = { memory, NULL, 0, 0 };

    *history = (struct history){
        .facts = facts,
        .settings = settings,
        .first_turn = first,
        .first_event = index_events(facts, memory),
        .left = left,
        .standing = standing,
        .deadlines = deadlines,
        .last_touch = touch,
    };
    for (i = 0; i < count; i++) {
        first[i] = (uint32_t)turns.count;
        standing[i] = (uint8_t)final_standing(&facts->tickets, i);
        left[i] = standing[i] == STANDING_VALID
                      ? HY_NEVER
                      : left_time(history, i, (enum standing)standing[i]);
        deadlines[i] = build_deadline(history, i);
        build_turns(history, i, &marks, &turns);
        touch[i] = last_touch(history, i, &turns);
    }
    first[count] = (uint32_t)turns.count;
    history->turns = turns.items;
    history->no_ends = facts->ledger.no_ends && turns.count == 0;
    for (i = 0; i < count && history->no_ends; i++)
        history->no_ends = left[i] == HY_NEVER;
    for (i = 0; i < facts->events.count && !history->logs_moves; i++)
        history->logs_moves = facts->events.kind[i] == EVENT_DEADLINE_MOVED;
}

int64_t book_start(const struct settings *settings, int32_t month)
{
    if (settings->month_start <= 1)
        return month_start(month);
    return month_start(month - 1) + (int64_t)(settings->month_start - 1) * DAY_SECONDS;
}

/* --- one period ------------------------------------------------------------ */

static void walk_turns(const struct history *history, const struct period *period,
                       struct life *life, bool *at_from, bool *at_until)
{
    const struct turn *turn = history->turns + history->first_turn[life->ticket];
    const struct turn *end = history->turns + history->first_turn[life->ticket + 1];
    int64_t left = history->left[life->ticket];
    bool open = true, inferred = false, date_only = false;

    *at_from = *at_until = true;
    for (; turn < end; turn++) {
        if (turn->flow >= period->cutoff || (left != HY_NEVER && turn->flow >= left))
            break;
        if (turn->kind == TURN_REOPEN) {
            open = true;
            life->completed = HY_NEVER;
        } else {
            open = false;
            life->completed = turn->at;
            inferred = turn->inferred;
            date_only = turn->date_only;
            if (life->first_completed == HY_NEVER)
                life->first_completed = turn->at;
        }
        if (turn->flow < period->from)
            *at_from = open;
        if (turn->flow >= period->until)
            continue;
        *at_until = open;
        if (turn->flow < period->from)
            continue;
        if (turn->kind == TURN_COMPLETE && life->completions < UINT16_MAX) {
            life->completions++;
            life->inferred += turn->inferred && life->inferred < UINT8_MAX;
        } else if (turn->kind == TURN_REOPEN && life->reopens < UINT16_MAX) {
            life->reopens++;
        }
    }
    if (open)
        life->marks |= LIFE_OPEN;
    else if (inferred)
        life->marks |= LIFE_INFERRED;
    if (!open && date_only)
        life->marks |= LIFE_DATE_ONLY;
}

static bool first_contact(const struct history *history, const struct life *life,
                          int64_t cutoff)
{
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t i = life->ticket;
    int64_t took;

    uint8_t nature = nature_first(tickets, i);

    if (nature != NATURE_ENQUIRY && nature != NATURE_PRAISE)
        return false;
    if (life->completed == HY_NEVER
        || (life->marks & (LIFE_INFERRED | LIFE_DATE_ONLY)) != 0)
        return false;
    took = life->completed - tickets->received[i];
    return took >= 0 && took <= FIRST_CONTACT_SECONDS
           && known_before(at(tickets->dispatched, i), cutoff) == HY_NEVER
           && events_before(history, i, EVENT_DISPATCH, cutoff) == 0;
}

static struct life look(const struct history *history, const struct period *period,
                        uint32_t ticket)
{
    struct life life = { .ticket = ticket,
                         .first_completed = HY_NEVER,
                         .completed = HY_NEVER };
    const struct tickets *tickets = &history->facts->tickets;
    int64_t received = tickets->received[ticket], left = history->left[ticket];
    int64_t flow;
    bool at_from, at_until, gone = left != HY_NEVER && left < period->cutoff;

    walk_turns(history, period, &life, &at_from, &at_until);
    life.standing = gone ? history->standing[ticket] : STANDING_VALID;
    if (received >= period->from)
        life.marks |= LIFE_RECEIVED;
    else if (at_from && (left == HY_NEVER || left >= period->from))
        life.marks |= LIFE_GROSS_OPENING;
    if (gone && at_until && left >= period->from)
        life.marks |= LIFE_LEFT_OPEN;
    if (!gone && (life.marks & LIFE_GROSS_OPENING) != 0)
        life.marks |= LIFE_OPENING;
    if (!gone && at_until)
        life.marks |= LIFE_CLOSING;
    if (gone)
        life.marks &= (uint16_t)~LIFE_OPEN;
    if (has_date_only(tickets, ticket, DATE_ONLY_RECEIVED))
        life.marks |= LIFE_DATE_ONLY;
    flow = life.completed > received ? life.completed : received;
    if (life.completed != HY_NEVER && within(flow, period->from, period->until))
        life.marks |= LIFE_COMPLETED;
    if (first_contact(history, &life, period->cutoff))
        life.marks |= LIFE_FIRST_CONTACT;
    return life;
}

void lives_build(const struct history *history, const struct period *period,
                 int64_t before_from, int64_t before_until, struct arena *memory,
                 struct lifecycles *lives)
{
    const struct tickets *tickets = &history->facts->tickets;
    int64_t end = period->until < period->cutoff ? period->until : period->cutoff;
    size_t last = 0, count = 0, i;
    struct life *items;

    while (last < tickets->count && tickets->received[last] < end) {
        count += history->last_touch[last] >= before_from;
        last++;
    }
    items = arena_alloc(memory, (count + 1) * sizeof *items);
    *lives = (struct lifecycles){
        .history = history,
        .period = *period,
        .before_from = before_from,
        .before_until = before_until,
        .items = items,
    };
    for (i = 0; i < last; i++)
        if (history->last_touch[i] >= before_from)
            items[lives->count++] = look(history, period, (uint32_t)i);
}

/* --- small questions ------------------------------------------------------- */

bool life_due(const struct lifecycles *lives, const struct life *life, bool *in_time)
{
    int64_t due = lives->history->deadlines[life->ticket].due;

    *in_time = life->first_completed != HY_NEVER && life->first_completed <= due;
    return life->standing == STANDING_VALID && (life->marks & LIFE_FIRST_CONTACT) == 0
           && within(due, lives->period.from, lives->period.until)
           && due < lives->period.cutoff;
}

bool life_missing(const struct lifecycles *lives, const struct life *life)
{
    int64_t due = lives->history->deadlines[life->ticket].due;

    return within(due, lives->period.from, lives->period.until)
           && due < lives->period.cutoff
           && (life->standing != STANDING_VALID || life->completed == HY_NEVER);
}

uint8_t nature_first(const struct tickets *tickets, uint32_t ticket)
{
    if (tickets->nature_first != NULL && tickets->nature_first[ticket] != 0)
        return tickets->nature_first[ticket];
    return tickets->nature == NULL ? (uint8_t)NATURE_UNKNOWN : tickets->nature[ticket];
}

/* From an event log: every state it was in stands among the rows. */
static bool logged(const struct tickets *tickets, uint32_t i)
{
    return tickets->columns != NULL && (tickets->columns[i] & COLUMN_HISTORY) != 0;
}

int64_t first_completion(const struct history *history, uint32_t ticket)
{
    uint32_t t = history->first_turn[ticket], end = history->first_turn[ticket + 1];

    while (t < end && history->turns[t].kind == TURN_REOPEN)
        t++;
    return t < end ? history->turns[t].at : HY_NEVER;
}

bool life_watched(const struct history *history, const struct life *life)
{
    const struct tickets *tickets = &history->facts->tickets;
    const int64_t *first_seen = tickets->first_seen;
    int64_t done = first_completion(history, life->ticket);

    if (first_seen == NULL || done == HY_NEVER || logged(tickets, life->ticket))
        return true;
    return first_seen[life->ticket] != HY_NEVER && first_seen[life->ticket] < done;
}

int64_t elapsed(int64_t from, bool from_date_only, int64_t until, bool until_date_only)
{
    int64_t day_from = from, day_until = until;

    if (!from_date_only && !until_date_only)
        return until - from;
    day_from -= (day_from % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
    day_until -= (day_until % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
    return day_until - day_from;
}

uint32_t events_before(const struct history *history, uint32_t ticket,
                       enum event_kind kind, int64_t cutoff)
{
    const struct events *events = &history->facts->events;
    uint32_t e, count = 0;

    for (e = history->first_event[ticket]; e < history->first_event[ticket + 1]; e++)
        count += events->kind[e] == kind && events->at[e] < cutoff;
    return count;
}

/* True when the department is among those the ticket was with before. */
static bool hold(uint32_t held[HELD_LIMIT], size_t *count, uint32_t department)
{
    size_t i;

    for (i = 0; i < *count; i++)
        if (held[i] == department)
            return true;
    if (*count < HELD_LIMIT)
        held[(*count)++] = department;
    return false;
}

bool transfers_before(const struct history *history, uint32_t ticket, int64_t cutoff,
                      uint32_t *changes, uint32_t *returns)
{
    const struct tickets *tickets = &history->facts->tickets;
    const struct events *events = &history->facts->events;
    uint32_t held[HELD_LIMIT], owner = 0, e;
    size_t held_count = 0;
    bool known = false;

    *changes = *returns = 0;
    for (e = history->first_event[ticket]; e < history->first_event[ticket + 1]; e++) {
        uint32_t from =
            events->from_department == NULL ? 0 : events->from_department[e];
        uint32_t to = events->to_department == NULL ? 0 : events->to_department[e];

        if (events->at[e] != HY_NEVER && events->at[e] >= cutoff)
            continue;
        if (events->kind[e] == EVENT_TRANSFER || events->kind[e] == EVENT_RETURN)
            known = true;
        /* Only a step itself tells who had it before: the first department of a
         * ticket without a trail of its own is the present one. */
        if (from == 0 && owner == 0 && tickets->department_first != NULL)
            from = tickets->department_first[ticket];
        if (from != 0 && from != owner) {
            owner = from;
            (void)hold(held, &held_count, owner);
        }
        if (to == 0 || to == owner)
            continue;
        if (owner != 0)
            ++*changes;
        *returns += hold(held, &held_count, to) && owner != 0;
        owner = to;
    }
    if (known || *changes > 0 || logged(tickets, ticket))
        return true;
    if (tickets->transfers_stated != NULL
        && tickets->transfers_stated[ticket] != 0xFFFF)
        *changes = tickets->transfers_stated[ticket];
    return false;
}
