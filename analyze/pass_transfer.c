/* pass_transfer.c - passed from hand to hand: TRF-01 to TRF-05, TRF-07, RES-06. */
#include <math.h>
#include <stdlib.h>

#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { AGAIN_SECONDS = 14 * DAY_SECONDS, SECONDS_AN_HOUR = 3600 };

enum counter {
    IN_HAND,
    CHANGES,
    COMPLETED,
    COMPLETED_CHANGES,
    DISPATCHED,
    STRAIGHT,
    TRACED,
    PINGPONG,
    RETURNS,
    TRANSIT,
    EARLIER,
    AT_ONCE,
    COUNTERS
};

/* One step from department to department inside the period (TRF-04). */
struct step {
    uint32_t from, to;
};

struct steps {
    struct arena *memory;
    struct step *items;
    size_t count, room;
};

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

static void add_steps(struct steps *steps, const struct lifecycles *lives,
                      const struct sink *sink, uint32_t ticket)
{
    const struct events *events = &lives->history->facts->events;
    uint32_t e = lives->history->first_event[ticket];
    uint32_t end = lives->history->first_event[ticket + 1];

    for (; e < end; e++) {
        uint32_t from =
            events->from_department == NULL ? 0 : events->from_department[e];
        uint32_t to = events->to_department == NULL ? 0 : events->to_department[e];

        int64_t at = events->at[e];

        /* A trail in one cell has an order and no times: its steps are put to the
         * month the ticket came in. */
        if (at == HY_NEVER)
            at = lives->history->facts->tickets.received[ticket];
        if (from == 0 || to == 0 || from == to || at >= lives->period.cutoff
            || !within(at, lives->period.from, lives->period.until))
            continue;
        if (steps->count == steps->room) {
            size_t room = steps->room == 0 ? 64 : steps->room * 2;

            steps->items = arena_grow(steps->memory, steps->items,
                                      steps->count * sizeof *steps->items,
                                      room * sizeof *steps->items);
            steps->room = room;
        }
        steps->items[steps->count++] = (struct step){ from, to };
        sink_case(sink, "TRF-04", ticket);
    }
}

/* With no trail in any file it is not known who passed what to whom. */
static void emit_matrix(struct steps *steps, struct sink *sink, bool trails)
{
    struct figure figure = { .month = sink->lives->period.month,
                             .dimension = { DIM_DEPARTMENT, DIM_DEPARTMENT } };
    size_t first, next;

    sink_total(sink, "TRF-04",
               trails ? base_count((int64_t)steps->count) : base_none(ANSWER_NO_DATA));
    if (metrics_name(sink->metrics, "TRF-04", &figure.metric, &figure.part) < 0)
        return;
    if (steps->count > 1)
        qsort(steps->items, steps->count, sizeof *steps->items, compare_steps);
    for (first = 0; first < steps->count; first = next) {
        next = first;
        while (next < steps->count
               && compare_steps(&steps->items[first], &steps->items[next]) == 0)
            next++;
        figure.key[0] = steps->items[first].from;
        figure.key[1] = steps->items[first].to;
        figure.base = base_count((int64_t)(next - first));
        results_add(sink->results, &figure);
    }
}

static bool stated(const struct tickets *tickets, uint32_t i)
{
    return tickets->transfers_stated != NULL && tickets->transfers_stated[i] != 0xFFFF;
}

/* Some file keeps trails: then a ticket with a department and no step stayed there. */
static bool has_trails(const struct events *events)
{
    size_t e;

    for (e = 0; e < events->count; e++)
        if (events->kind[e] == EVENT_TRANSFER || events->kind[e] == EVENT_RETURN)
            return true;
    return false;
}

/* Whether anything is known of where the ticket went: no trail and no counter is
 * not the same as no transfer. */
static void count_life(const struct lifecycles *lives, const struct life *life,
                       bool trails, struct tally *tally)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t i = life->ticket, changes, returns;
    int64_t dispatched =
        tickets->dispatched == NULL ? HY_NEVER : tickets->dispatched[i];
    bool completed = (life->marks & LIFE_COMPLETED) != 0, traced;

    if (life->standing != STANDING_VALID
        || (!completed && (life->marks & LIFE_OPEN) == 0))
        return;
    traced = transfers_before(history, i, lives->period.cutoff, &changes, &returns)
             || (trails && tickets->department != NULL && tickets->department[i] != 0);
    if (!traced && !stated(tickets, i))
        return;
    tally_add(tally, i, IN_HAND, 1);
    tally_add(tally, i, CHANGES, changes);
    if (completed) {
        tally_add(tally, i, COMPLETED, 1);
        tally_add(tally, i, COMPLETED_CHANGES, changes);
    }
    if (completed
        && (known_before(dispatched, lives->period.cutoff) != HY_NEVER
            || events_before(history, i, EVENT_DISPATCH, lives->period.cutoff) > 0)) {
        tally_add(tally, i, DISPATCHED, 1);
        tally_add(tally, i, STRAIGHT, changes == 0);
    }
    if (traced && (life->marks & LIFE_FIRST_CONTACT) == 0) {
        tally_add(tally, i, TRACED, 1);
        tally_add(tally, i, PINGPONG, changes >= 2 || returns > 0);
        tally_add(tally, i, RETURNS, returns);
    }
}

/* Whether it is known that the ticket moved or stayed. */
static bool way_known(const struct history *history, uint32_t i, bool trails,
                      int64_t cutoff, uint32_t *changes)
{
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t returns;

    return transfers_before(history, i, cutoff, changes, &returns)
           || (trails && tickets->department != NULL && tickets->department[i] != 0)
           || stated(tickets, i);
}

/* RES-06: completed in the month before, never moved, never reopened, and nothing of
 * the same problem and place within 14 days. */
static void count_at_once(const struct lifecycles *lives, const struct life *life,
                          const struct same_keys *keys, bool trails,
                          struct tally *tally)
{
    const struct history *history = lives->history;
    int64_t cutoff = lives->period.cutoff, done = HY_NEVER, end;
    uint32_t i = life->ticket, t, changes;
    bool reopened = false;

    if (life->standing != STANDING_VALID
        || !way_known(history, i, trails, cutoff, &changes))
        return;
    for (t = history->first_turn[i]; t < history->first_turn[i + 1]; t++) {
        const struct turn *turn = &history->turns[t];

        if (turn->flow >= cutoff)
            break;
        reopened = reopened || turn->kind == TURN_REOPEN;
        if (turn->kind == TURN_COMPLETE && !turn->inferred
            && within(turn->flow, lives->before_from, lives->before_until))
            done = turn->flow;
    }
    if (done == HY_NEVER)
        return;
    end = done + AGAIN_SECONDS < cutoff ? done + AGAIN_SECONDS : cutoff;
    tally_add(tally, i, EARLIER, 1);
    tally_add(tally, i, AT_ONCE,
              changes == 0 && !reopened
                  && (keys->key[i] == 0
                      || same_next(keys, history, i, done, end) == UINT32_MAX));
}

/* TRF-05: open and with no department, or sent back and not taken up since; and for how
 * long: since it was sent back, else since it came. */
static void count_transit(const struct lifecycles *lives, const struct life *life,
                          struct tally *tally, struct samples *waits)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct events *events = &history->facts->events;
    uint32_t i = life->ticket, e;
    int64_t since = tickets->received[i];
    bool back = false;

    if (life->standing != STANDING_VALID || (life->marks & LIFE_OPEN) == 0)
        return;
    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++) {
        if (events->at[e] != HY_NEVER && events->at[e] >= lives->period.cutoff)
            continue;
        if (events->kind[e] == EVENT_RETURN) {
            back = true;
            if (events->at[e] > since)
                since = events->at[e];
        } else if (events->kind[e] == EVENT_TRANSFER
                   || events->kind[e] == EVENT_DISPATCH
                   || events->kind[e] == EVENT_TAKE) {
            back = false;
        }
    }
    if (!back && tickets->department[i] != 0)
        return;
    tally_add(tally, i, TRANSIT, 1);
    samples_add(waits, i, (double)(lives->period.cutoff - since) / SECONDS_AN_HOUR, 0);
}

/* TRF-07: from each timed hand-over in the period to the next time it was taken. */
static void add_gaps(const struct lifecycles *lives, uint32_t i, struct samples *gaps)
{
    const struct history *history = lives->history;
    const struct events *events = &history->facts->events;
    uint32_t e, end = history->first_event[i + 1], f;

    for (e = history->first_event[i]; e < end; e++) {
        int64_t at = events->at[e];

        if ((events->kind[e] != EVENT_TRANSFER && events->kind[e] != EVENT_RETURN)
            || at >= lives->period.cutoff
            || !within(at, lives->period.from, lives->period.until))
            continue;
        for (f = e + 1; f < end && events->kind[f] != EVENT_TAKE
                        && events->kind[f] != EVENT_TRANSFER
                        && events->kind[f] != EVENT_RETURN;)
            f++;
        if (f < end && events->kind[f] == EVENT_TAKE && events->at[f] >= at
            && events->at[f] < lives->period.cutoff)
            samples_add(gaps, i, (double)(events->at[f] - at) / SECONDS_AN_HOUR, 0);
    }
}

static void emit_gaps(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "TRF-07.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "TRF-07.p90", base_quantile(values, count, 0.9));
}

static void emit_waits(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "TRF-05.oldest", base_quantile(values, count, 1));
}

static void emit_mean(const struct tally *tally, struct sink *sink)
{
    size_t s, i;

    tally_cases(tally, sink, "TRF-01", COMPLETED_CHANGES, COMPLETED, true);
    for (s = 0; s < SPLIT_COUNT; s++) {
        const struct split *split = &sink->splits->items[s];

        if (s > 0 && !sink_allows(sink, "TRF-01", split->dimension))
            continue;
        for (i = 0; i < split->size; i++) {
            int64_t tickets = tally_get(tally, s, i, COMPLETED);
            struct base base = base_none(tickets > 0 ? ANSWER_OK : ANSWER_NO_DATA);

            if (sink->lives->present[s][i] == 0)
                continue;
            base.numerator = tally_get(tally, s, i, COMPLETED_CHANGES);
            base.denominator = base.n = tickets;
            if (tickets > 0)
                base.value = (double)base.numerator / (double)tickets;
            sink_key(sink, "TRF-01", split->dimension, split_key(split, i), base);
        }
    }
}

/* Where no row names one, every case would be in transit. */
static bool departments_known(const struct sink *sink)
{
    return sink->splits->items[4].word != NULL && sink->splits->items[4].size > 1;
}

static void emit_all(const struct tally *tally, struct sink *sink)
{
    emit_mean(tally, sink);
    if (tally_get(tally, 0, 0, IN_HAND) == 0) {
        sink_total(sink, "TRF-01.total", base_none(ANSWER_NO_DATA));
        sink_total(sink, "TRF-03.returns", base_none(ANSWER_NO_DATA));
    } else {
        tally_count(tally, sink, "TRF-01.total", CHANGES);
        tally_count(tally, sink, "TRF-03.returns", RETURNS);
    }
    tally_share(tally, sink, "TRF-02", STRAIGHT, DISPATCHED);
    tally_share(tally, sink, "TRF-03", PINGPONG, TRACED);
    tally_share(tally, sink, "RES-06", AT_ONCE, EARLIER);
    if (departments_known(sink))
        tally_count(tally, sink, "TRF-05", TRANSIT);
    else
        sink_total(sink, "TRF-05", base_none(ANSWER_NO_DATA));
}

static enum status run_transfer(const struct facts *facts,
                                const struct context *context, struct results *results,
                                struct error *err)
{
    struct arena *scratch = arena_new(), *kept = arena_new();
    const struct same_keys *keys = same_keys_of(context, facts, SAME_PLACE, kept);
    bool trails = has_trails(&facts->events);
    enum status status = HY_OK;
    size_t p, i;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct steps steps = { .memory = scratch };
        struct samples gaps = { .memory = scratch }, waits = { .memory = scratch };
        struct tally tally;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++) {
            count_life(lives, &lives->items[i], trails, &tally);
            count_at_once(lives, &lives->items[i], keys, trails, &tally);
            if (departments_known(&sink))
                count_transit(lives, &lives->items[i], &tally, &waits);
            if (lives->items[i].standing != STANDING_VALID)
                continue;
            add_steps(&steps, lives, &sink, lives->items[i].ticket);
            add_gaps(lives, lives->items[i].ticket, &gaps);
        }
        emit_all(&tally, &sink);
        emit_matrix(&steps, &sink, trails);
        samples_each(&gaps, &sink, "TRF-07", emit_gaps);
        samples_each(&waits, &sink, "TRF-05.oldest", emit_waits);
        status = sink_status(&sink, "transfer", err);
        arena_reset(scratch);
    }
    arena_free(kept);
    arena_free(scratch);
    return status;
}

const struct pass pass_transfer = {
    .name = "transfer",
    .summary = "转了几次手：流转次数、首派准确、反复转手、矩阵",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "TRF RES-06",
    .run = run_transfer,
};
