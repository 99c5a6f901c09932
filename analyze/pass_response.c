/* pass_response.c - how soon somebody answered: RSP-01 to RSP-05. */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/stats_survival.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { SECONDS_AN_HOUR = 3600 };

enum state { WAITING_UNSAID, ANSWERED, WAITING }; /* unsaid: the file has no column */

enum counter {
    DUE,
    IN_TIME,
    ARRIVAL_DUE,
    ARRIVED_IN_TIME,
    ARRIVAL_UNKNOWN,
    UNANSWERED,
    EXCLUDED,
    DUE_OR_GONE,
    COUNTERS
};

static double hours(int64_t seconds)
{
    return (double)seconds / SECONDS_AN_HOUR;
}

static bool date_only(const struct tickets *tickets, uint32_t i, uint32_t bits)
{
    return tickets->date_only != NULL && (tickets->date_only[i] & bits) != 0;
}

static int64_t known(const int64_t *column, uint32_t i, int64_t cutoff)
{
    return column == NULL ? HY_NEVER : known_before(column[i], cutoff);
}

/* --- RSP-01 ------------------------------------------------------------------ */

static struct base from_estimate(const struct survival *curve,
                                 const struct estimate *estimate)
{
    struct base base = base_none(estimate->answer);

    base.numerator = curve->event_total;
    base.denominator = base.n = curve->rows;
    if (estimate->answer != ANSWER_OK)
        return base;
    base.value = estimate->value;
    base.low = estimate->low;
    base.high = estimate->high;
    return base;
}

static void emit_first_response(struct sink *sink, const struct group *group)
{
    static const double shares[] = { 0.5, 0.9 };
    double *exit = arena_alloc(sink->scratch, (group->count + 1) * sizeof *exit);
    uint8_t *event = arena_alloc(sink->scratch, group->count + 1);
    struct estimate quantiles[2] = { estimate_none(ANSWER_NO_DATA),
                                     estimate_none(ANSWER_NO_DATA) };
    struct survival curve = { 0 };
    bool said = false;
    size_t i;

    for (i = 0; i < group->count; i++) {
        exit[i] = group->items[i].value;
        event[i] = group->items[i].state == ANSWERED;
        said = said || group->items[i].state != WAITING_UNSAID;
    }
    survival_fit(NULL, exit, event, said ? group->count : 0, sink->scratch, &curve);
    if (curve.rows > 0)
        survival_quantiles(&curve, LIMIT_LOGLOG, 0.95, shares, 2, sink->scratch,
                           quantiles);
    sink_group(sink, group, "RSP-01.median", from_estimate(&curve, &quantiles[0]));
    sink_group(sink, group, "RSP-01.p90", from_estimate(&curve, &quantiles[1]));
}

static void first_response(const struct lifecycles *lives, const struct life *life,
                           struct tally *tally, struct samples *samples)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint32_t i = life->ticket;
    int64_t cutoff = lives->period.cutoff, received = tickets->received[i];
    int64_t responded = known(tickets->responded, i, cutoff);
    uint8_t waiting =
        tickets->columns == NULL || (tickets->columns[i] & COLUMN_RESPONDED) != 0
            ? WAITING
            : WAITING_UNSAID;

    if (responded == HY_NEVER) {
        tally_add(tally, i, UNANSWERED, 1);
        if (date_only(tickets, i, DATE_ONLY_RECEIVED))
            tally_add(tally, i, EXCLUDED, 1);
        else
            samples_add(samples, i, hours(cutoff - received), waiting);
        return;
    }
    if (responded < received
        || date_only(tickets, i, DATE_ONLY_RECEIVED | DATE_ONLY_RESPONDED))
        tally_add(tally, i, EXCLUDED, 1);
    else
        samples_add(samples, i, hours(responded - received), ANSWERED);
}

/* --- RSP-02, RSP-03 ------------------------------------------------------------ */

static bool fell_due(const struct period *period, int64_t deadline)
{
    return within(deadline, period->from, period->until) && deadline < period->cutoff;
}

static void response_due(const struct lifecycles *lives, const struct life *life,
                         struct tally *tally)
{
    int64_t deadline = lives->history->deadlines[life->ticket].respond;
    uint32_t i = life->ticket;
    int64_t responded =
        known(lives->history->facts->tickets.responded, i, lives->period.cutoff);

    if (!fell_due(&lives->period, deadline))
        return;
    tally_add(tally, i, DUE_OR_GONE, 1);
    if (life->standing != STANDING_VALID)
        return;
    tally_add(tally, i, DUE, 1);
    tally_add(tally, i, IN_TIME, responded != HY_NEVER && responded <= deadline);
}

static void arrival_due(const struct lifecycles *lives, const struct life *life,
                        struct tally *tally)
{
    int64_t deadline = lives->history->deadlines[life->ticket].arrive;
    uint32_t i = life->ticket;
    int64_t arrived =
        known(lives->history->facts->tickets.arrived, i, lives->period.cutoff);

    if (!fell_due(&lives->period, deadline) || life->standing != STANDING_VALID)
        return;
    tally_add(tally, i, ARRIVAL_DUE, 1);
    tally_add(tally, i, ARRIVED_IN_TIME, arrived != HY_NEVER && arrived <= deadline);
    tally_add(tally, i, ARRIVAL_UNKNOWN,
              arrived == HY_NEVER && life->first_completed != HY_NEVER);
}

/* --- RSP-04, RSP-05: plain type 7 over those that have both times ----------------- */

static void emit_dispatch(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "RSP-04.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "RSP-04.p90", base_quantile(values, count, 0.9));
}

static void emit_recording(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "RSP-05.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "RSP-05.p90", base_quantile(values, count, 0.9));
}

static void delay(const struct lifecycles *lives, uint32_t i, const int64_t *column,
                  uint32_t bit, struct samples *samples)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    int64_t then = known(column, i, lives->period.cutoff);

    if (then != HY_NEVER && then >= tickets->received[i]
        && !date_only(tickets, i, DATE_ONLY_RECEIVED | bit))
        samples_add(samples, i, hours(then - tickets->received[i]), 0);
}

static void run_period(const struct lifecycles *lives, struct sink *sink)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    struct samples response = { .memory = sink->scratch };
    struct samples dispatch = { .memory = sink->scratch };
    struct samples recording = { .memory = sink->scratch };
    struct tally tally;
    size_t i;

    tally_open(&tally, sink->splits, COUNTERS, sink->scratch);
    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];

        response_due(lives, life, &tally);
        arrival_due(lives, life, &tally);
        if (life->standing != STANDING_VALID)
            continue;
        if ((life->marks & LIFE_RECEIVED) == 0)
            continue;
        first_response(lives, life, &tally, &response);
        delay(lives, life->ticket, tickets->dispatched, DATE_ONLY_DISPATCHED,
              &dispatch);
        delay(lives, life->ticket, tickets->recorded, DATE_ONLY_RECORDED, &recording);
    }
    samples_each(&response, sink, "RSP-01", emit_first_response);
    tally_count(&tally, sink, "RSP-01.waiting", UNANSWERED);
    tally_count(&tally, sink, "RSP-01.excluded", EXCLUDED);
    tally_share(&tally, sink, "RSP-02", IN_TIME, DUE);
    tally_share_total(&tally, sink, "RSP-02.worst", IN_TIME, DUE_OR_GONE);
    tally_share(&tally, sink, "RSP-03", ARRIVED_IN_TIME, ARRIVAL_DUE);
    tally_count(&tally, sink, "RSP-03.unknown", ARRIVAL_UNKNOWN);
    samples_each(&dispatch, sink, "RSP-04", emit_dispatch);
    samples_each(&recording, sink, "RSP-05", emit_recording);
}

static enum status run_response(const struct facts *facts,
                                const struct context *context, struct results *results,
                                struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        run_period(&context->lives[p], &sink);
        status = sink_status(&sink, "response", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_response = {
    .name = "response",
    .summary = "多快有人理：首次响应、到场、派单、登记",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "RSP",
    .run = run_response,
};
