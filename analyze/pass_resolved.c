/* pass_resolved.c - solved or not: RES-01 to RES-05 and RES-07. */
#include "analyze/answers.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"

enum {
    MATURE_SECONDS = 30 * DAY_SECONDS,
    SETTLED_SECONDS = 7 * DAY_SECONDS /* METHODS 0.5.3: younger is provisional */
};

enum counter {
    INTAKE,
    RESOLVED,
    TO_HANDLE,
    COMPLETED,
    MATURE,
    MATURE_RESOLVED,
    ASKED,
    CONFIRMED,
    TO_ASK_OR_MISSING,
    FRESH,
    GIVEN_UP,
    EARLIER,
    EARLIER_REOPENED,
    COUNTERS
};

/* Closed as unresolved is never counted as resolved (RES-05). */
static bool given_up(const struct tickets *tickets, uint32_t i)
{
    return tickets->status != NULL && tickets->status[i] == STATUS_CLOSED_UNRESOLVED;
}

/* Completions of the month before, and which of them came back in the window. */
static void count_reopened(const struct lifecycles *lives, const struct life *life,
                           int64_t window, struct tally *tally)
{
    const struct history *history = lives->history;
    uint32_t t = history->first_turn[life->ticket];
    uint32_t end = history->first_turn[life->ticket + 1];

    for (; t < end && history->turns[t].flow < lives->period.cutoff; t++) {
        const struct turn *turn = &history->turns[t], *next = turn + 1;

        if (turn->kind != TURN_COMPLETE || turn->inferred
            || !within(turn->flow, lives->before_from, lives->before_until))
            continue;
        tally_add(tally, life->ticket, EARLIER, 1);
        while (next < history->turns + end && next->kind == TURN_LATER)
            next++;
        if (next < history->turns + end && next->flow < lives->period.cutoff
            && next->at - turn->at <= window)
            tally_add(tally, life->ticket, EARLIER_REOPENED, 1);
    }
}

static bool asked(const struct lifecycles *lives, uint32_t i)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];

    return flag_known(flags, FLAG_RESOLVED)
           && (tickets->revisited == NULL || tickets->revisited[i] == HY_NEVER
               || tickets->revisited[i] < lives->period.cutoff);
}

static void count_answers(const struct lifecycles *lives, const struct life *life,
                          struct tally *tally)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint32_t i = life->ticket;
    bool answered = asked(lives, i);

    tally_add(tally, i, ASKED, answered);
    tally_add(tally, i, CONFIRMED,
              answered && flag_yes(tickets->flags[i], FLAG_RESOLVED));
    tally_add(tally, i, TO_ASK_OR_MISSING,
              answered
                  || (!revisit_exempt(lives->history->settings, tickets, life)
                      && life->completed < lives->period.cutoff - REVISIT_GRACE));
}

static void count_life(const struct lifecycles *lives, const struct life *life,
                       int64_t window, struct tally *tally)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint32_t i = life->ticket;
    bool done = life->completed != HY_NEVER && !given_up(tickets, i);

    tally_add(tally, i, TO_ASK_OR_MISSING, life_missing(lives, life));
    if (life->standing != STANDING_VALID)
        return;
    if ((life->marks & LIFE_RECEIVED) != 0) {
        tally_add(tally, i, INTAKE, 1);
        tally_add(tally, i, RESOLVED, done);
        tally_add(tally, i, FRESH,
                  done && lives->period.cutoff - life->completed < SETTLED_SECONDS);
    }
    /* Reopened in the month after a completion before it: work of the month as well, or
     * more would be completed than there was to do. */
    if ((life->marks & (LIFE_RECEIVED | LIFE_OPENING | LIFE_COMPLETED)) != 0
        || life->reopens > 0)
        tally_add(tally, i, TO_HANDLE, 1);
    if (within(tickets->received[i], lives->before_from, lives->before_until)) {
        tally_add(tally, i, MATURE, 1);
        tally_add(tally, i, MATURE_RESOLVED,
                  done && life->completed - tickets->received[i] <= MATURE_SECONDS);
    }
    if ((life->marks & LIFE_COMPLETED) != 0) {
        tally_add(tally, i, COMPLETED, 1);
        tally_add(tally, i, GIVEN_UP, given_up(tickets, i));
        count_answers(lives, life, tally);
    }
    count_reopened(lives, life, window, tally);
}

/* Whether any file could tell of a reopening, and of a matter closed unresolved: where
 * none could, 0 % would be praise for what nobody wrote down. */
struct told {
    bool reopens, states;
};

static struct told what_is_told(const struct history *history)
{
    const struct tickets *tickets = &history->facts->tickets;
    struct told told = { false, false };
    size_t i, t;

    for (i = 0; i < tickets->count && !(told.reopens && told.states); i++) {
        unsigned columns = tickets->columns == NULL ? 0 : tickets->columns[i];

        told.reopens |= (columns & (COLUMN_REOPENED | COLUMN_HISTORY)) != 0;
        told.states |= tickets->status != NULL && tickets->status[i] != STATUS_UNKNOWN;
    }
    for (t = 0; t < history->first_turn[tickets->count] && !told.reopens; t++)
        told.reopens = history->turns[t].kind == TURN_REOPEN;
    return told;
}

static enum status run_resolved(const struct facts *facts,
                                const struct context *context, struct results *results,
                                struct error *err)
{
    int64_t window = (int64_t)context->settings->window_reopen * DAY_SECONDS;
    struct arena *scratch = arena_new();
    struct told told = { false, false };
    enum status status = HY_OK;
    size_t p, i;

    (void)facts;
    if (context->count > 0)
        told = what_is_told(context->lives[0].history);
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct tally tally;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++)
            count_life(lives, &lives->items[i], window, &tally);
        tally_share(&tally, &sink, "RES-01", RESOLVED, INTAKE);
        sink_total(&sink, "RES-01.fresh", base_count(tally_get(&tally, 0, 0, FRESH)));
        tally_cases(&tally, &sink, "RES-01.fresh", FRESH, FRESH, false);
        tally_share(&tally, &sink, "RES-02", COMPLETED, TO_HANDLE);
        tally_share(&tally, &sink, "RES-03", MATURE_RESOLVED, MATURE);
        tally_share(&tally, &sink, "RES-04", CONFIRMED, ASKED);
        if (tally_get(&tally, 0, 0, ASKED) > 0)
            tally_share_total(&tally, &sink, "RES-04.worst", CONFIRMED,
                              TO_ASK_OR_MISSING);
        else /* nobody was asked at all: unknown, not nought */
            sink_total(&sink, "RES-04.worst", base_none(ANSWER_NO_DATA));
        if (told.states)
            tally_share(&tally, &sink, "RES-05", GIVEN_UP, COMPLETED);
        else
            sink_total(&sink, "RES-05", base_none(ANSWER_NO_DATA));
        if (told.reopens)
            tally_share(&tally, &sink, "RES-07", EARLIER_REOPENED, EARLIER);
        else
            sink_total(&sink, "RES-07", base_none(ANSWER_NO_DATA));
        status = sink_status(&sink, "resolved", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_resolved = {
    .name = "resolved",
    .summary = "解决了没有：当月、流量、成熟、业主确认、重开",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "RES",
    .run = run_resolved,
};
