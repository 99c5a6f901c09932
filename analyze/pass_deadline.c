/* pass_deadline.c - in time or not: SLA-01 to SLA-07. */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { SECONDS_AN_HOUR = 3600, LAST_SHARE = 20, HEAP_LEAST = 20 }; /* a 20th: 5 % */

enum counter {
    DUE,
    IN_TIME,
    STRICT,
    CLOSED,
    CLOSED_IN_TIME,
    PENDING,
    LATE,
    STILL_OPEN,
    FIRST_CONTACT,
    NO_LIMIT,
    UNCOVERED,
    STATED,
    MOVED,
    OVERDUE,
    EARLY,
    LAST_MINUTE,
    DUE_OR_GONE,
    COUNTERS
};

/* Age bands of DOMAIN 2.8 by whole days waited. */
static uint32_t age_band(int64_t seconds)
{
    static const int64_t least[] = { 4, 8, 16, 31, 91 };
    int64_t days = seconds / DAY_SECONDS;
    uint32_t band = 0;

    while (band < 5 && days >= least[band])
        band++;
    return band;
}

static bool reopened_within(const struct history *history, const struct life *life,
                            int64_t window, int64_t cutoff)
{
    uint32_t t = history->first_turn[life->ticket];
    uint32_t end = history->first_turn[life->ticket + 1];
    int64_t completed = HY_NEVER;

    for (; t < end && history->turns[t].flow < cutoff; t++) {
        const struct turn *turn = &history->turns[t];

        if (turn->kind != TURN_REOPEN)
            completed = turn->at;
        else if (completed != HY_NEVER && turn->at - completed <= window)
            return true;
    }
    return false;
}

static bool moved(const struct history *history, uint32_t i, int64_t cutoff)
{
    const struct tickets *tickets = &history->facts->tickets;

    if (events_before(history, i, EVENT_DEADLINE_MOVED, cutoff) > 0)
        return true;
    return tickets->due != NULL && tickets->due_first != NULL
           && tickets->due[i] != HY_NEVER && tickets->due_first[i] != HY_NEVER
           && tickets->due[i] != tickets->due_first[i];
}

/* Judged over the actionable tickets that fell due: a ticket left open is a miss,
 * not a gap in the denominator. */
static void count_due(const struct lifecycles *lives, const struct life *life,
                      int64_t window, struct tally *tally)
{
    const struct deadline *deadline = &lives->history->deadlines[life->ticket];
    uint32_t i = life->ticket;
    int64_t done = life->first_completed;
    bool in_time = done != HY_NEVER && done <= deadline->due;

    if ((life->marks & LIFE_FIRST_CONTACT) != 0) {
        tally_add(tally, i, FIRST_CONTACT, 1);
        return;
    }
    tally_add(tally, i, DUE, 1);
    tally_add(tally, i, DUE_OR_GONE, 1);
    tally_add(tally, i, UNCOVERED, deadline->uncovered);
    if (deadline->from == DUE_FILE
        && (lives->history->logs_moves || life_watched(lives->history, life)
            || moved(lives->history, i, lives->period.cutoff))) {
        tally_add(tally, i, STATED, 1);
        tally_add(tally, i, MOVED, moved(lives->history, i, lives->period.cutoff));
    }
    if (in_time) {
        int64_t received = lives->history->facts->tickets.received[i];
        int64_t allowed = deadline->due - received;

        tally_add(tally, i, IN_TIME, 1);
        tally_add(tally, i, EARLY, 2 * (done - received) <= allowed);
        tally_add(tally, i, LAST_MINUTE,
                  LAST_SHARE * (deadline->due - done) <= allowed);
        if (!reopened_within(lives->history, life, window, lives->period.cutoff))
            tally_add(tally, i, STRICT, 1);
    } else {
        tally_add(tally, i, done == HY_NEVER ? STILL_OPEN : LATE, 1);
    }
}

static void count_life(const struct lifecycles *lives, const struct life *life,
                       int64_t window, struct tally *tally, struct samples *overdue)
{
    const struct period *period = &lives->period;
    uint32_t i = life->ticket;
    int64_t due = lives->history->deadlines[i].due;
    int64_t received = lives->history->facts->tickets.received[i];
    bool open = (life->marks & LIFE_OPEN) != 0;

    if (life->standing != STANDING_VALID) {
        tally_add(tally, i, DUE_OR_GONE, life_missing(lives, life));
        return;
    }
    if (due == HY_NEVER) {
        if ((life->marks & LIFE_RECEIVED) != 0)
            tally_add(tally, i, NO_LIMIT, 1);
        return;
    }
    if (within(due, period->from, period->until) && due < period->cutoff)
        count_due(lives, life, window, tally);
    if ((life->marks & LIFE_COMPLETED) != 0) {
        tally_add(tally, i, CLOSED, 1);
        tally_add(tally, i, CLOSED_IN_TIME, life->first_completed <= due);
    }
    if (open && due >= period->cutoff)
        tally_add(tally, i, PENDING, 1);
    if (open && due < period->cutoff) {
        tally_add(tally, i, OVERDUE, 1);
        samples_add(overdue, i, (double)(period->cutoff - due) / SECONDS_AN_HOUR,
                    (uint8_t)age_band(period->cutoff - received));
    }
}

static void emit_overdue(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, ~0u, sink->scratch, &count);

    sink_group(sink, group, "SLA-05.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "SLA-05.oldest", base_quantile(values, count, 1));
}

static void by_age(struct sink *sink, const struct samples *overdue)
{
    int64_t bands[6] = { 0 };
    size_t i;

    for (i = 0; i < overdue->count; i++)
        bands[overdue->items[i].state]++;
    for (i = 0; i < 6 && !sink_silent(sink, "SLA-05"); i++)
        sink_key(sink, "SLA-05", DIM_AGE, (uint32_t)i, base_count(bands[i]));
}

/* SLA-07: done in the last 5 % of the allowance, against 5 % of all done in time. */
static void emit_heaping(const struct tally *tally, struct sink *sink)
{
    size_t s, i;

    tally_cases(tally, sink, "SLA-07", LAST_MINUTE, IN_TIME, true);
    for (s = 0; s < SPLIT_COUNT; s++) {
        const struct split *split = &sink->splits->items[s];

        if (s > 0 && !sink_allows(sink, "SLA-07", split->dimension))
            continue;
        for (i = 0; i < split->size; i++) {
            int64_t in_time = tally_get(tally, s, i, IN_TIME);
            struct base base = base_none(in_time == 0           ? ANSWER_NO_DATA
                                         : in_time < HEAP_LEAST ? ANSWER_SMALL_N
                                                                : ANSWER_OK);

            if (sink->lives->present[s][i] == 0)
                continue;
            base.numerator = tally_get(tally, s, i, LAST_MINUTE);
            base.denominator = base.n = in_time;
            if (base.answer == ANSWER_OK)
                base.value =
                    LAST_SHARE * (double)base.numerator / (double)base.denominator;
            sink_key(sink, "SLA-07", split->dimension, split_key(split, i), base);
        }
    }
}

static void emit_all(struct tally *tally, struct sink *sink, struct samples *overdue)
{
    tally_share(tally, sink, "SLA-01", IN_TIME, DUE);
    tally_count(tally, sink, "SLA-01.pending", PENDING);
    tally_count(tally, sink, "SLA-01.late", LATE);
    tally_count(tally, sink, "SLA-01.open", STILL_OPEN);
    tally_count(tally, sink, "SLA-01.first", FIRST_CONTACT);
    tally_count(tally, sink, "SLA-01.nolimit", NO_LIMIT);
    tally_count(tally, sink, "SLA-01.uncovered", UNCOVERED);
    tally_share(tally, sink, "SLA-02", CLOSED_IN_TIME, CLOSED);
    tally_share(tally, sink, "SLA-03", STRICT, DUE);
    tally_share(tally, sink, "SLA-03.worst", STRICT, DUE_OR_GONE);
    tally_share(tally, sink, "SLA-04", MOVED, STATED);
    tally_count(tally, sink, "SLA-05", OVERDUE);
    tally_share(tally, sink, "SLA-06", EARLY, DUE);
    emit_heaping(tally, sink);
    by_age(sink, overdue);
    samples_each(overdue, sink, "SLA-05", emit_overdue);
}

static enum status run_deadline(const struct facts *facts,
                                const struct context *context, struct results *results,
                                struct error *err)
{
    int64_t window = (int64_t)context->settings->window_reopen * DAY_SECONDS;
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct samples overdue = { .memory = scratch };
        struct tally tally;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++)
            count_life(lives, &lives->items[i], window, &tally, &overdue);
        emit_all(&tally, &sink, &overdue);
        status = sink_status(&sink, "deadline", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_deadline = {
    .name = "deadline",
    .summary = "按时没有：到期口径、严格口径、延期、逾期",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "SLA",
    .run = run_deadline,
};
