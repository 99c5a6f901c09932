/* pass_resolution.c - how long it took: TTR-01, TTR-02 and its curves, TTR-04. */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "analyze/share.h"
#include "analyze/stats_survival.h"
#include "analyze/tally.h"
#include "core/store.h"

enum {
    SECONDS_AN_HOUR = 3600,
    YEAR_MONTHS = 12,
    CONFIRM_SECONDS = 7 * DAY_SECONDS, /* METHODS 0.5.3: G = 7 days */
    CURVE_HOURS = 60 * 24              /* the plot ends at 14 days */
};

enum state { CENSORED, DONE, GONE, FIRST };

enum counter { NOT_TIMED, COHORT_NOT_TIMED, COUNTERS };

struct work {
    struct samples closed;  /* TTR-01: DONE last, FIRST first completion */
    struct samples cohort;  /* TTR-02 */
    struct samples outcome; /* its shares, with voids */
    struct samples confirmed;
    struct samples overdue;
    struct tally tally;
};

static double hours(int64_t seconds)
{
    return (double)seconds / SECONDS_AN_HOUR;
}

/* The completion is not followed by a reopening (it would not be the last) nor by
 * a ticket of the same problem and place within seven days. */
static bool stands(const struct lifecycles *lives, const struct same_keys *keys,
                   const struct life *life)
{
    int64_t end = life->completed + CONFIRM_SECONDS;

    if (keys->key[life->ticket] == 0)
        return true;
    if (end > lives->period.cutoff)
        end = lives->period.cutoff;
    return same_next(keys, lives->history, life->ticket, life->completed, end)
           == UINT32_MAX;
}

static void add_closed(const struct lifecycles *lives, const struct life *life,
                       struct work *work)
{
    int64_t received = lives->history->facts->tickets.received[life->ticket];
    bool whole_days = (life->marks & LIFE_DATE_ONLY) != 0;
    int64_t last = elapsed(received, whole_days, life->completed, whole_days);
    int64_t first = elapsed(received, whole_days, life->first_completed, whole_days);

    if ((life->marks & LIFE_INFERRED) != 0 || last < 0) {
        tally_add(&work->tally, life->ticket, NOT_TIMED, 1);
        return;
    }
    samples_add(&work->closed, life->ticket, hours(last), DONE);
    if (first >= 0)
        samples_add(&work->closed, life->ticket, hours(first), FIRST);
}

static void add_cohort(const struct lifecycles *lives, const struct life *life,
                       const struct same_keys *keys, struct work *work)
{
    const struct history *history = lives->history;
    uint32_t i = life->ticket;
    int64_t received = history->facts->tickets.received[i], took;
    bool whole_days = (life->marks & LIFE_DATE_ONLY) != 0;
    int64_t waited = lives->period.cutoff - received;

    if (life->standing != STANDING_VALID) {
        samples_add(&work->outcome, i, hours(history->left[i] - received), GONE);
        return;
    }
    if (life->completed == HY_NEVER) {
        samples_add(&work->cohort, i, hours(waited), CENSORED);
        samples_add(&work->outcome, i, hours(waited), CENSORED);
        samples_add(&work->confirmed, i, hours(waited), CENSORED);
        return;
    }
    took = elapsed(received, whole_days, life->completed, whole_days);
    if ((life->marks & LIFE_INFERRED) != 0 || took < 0) {
        tally_add(&work->tally, i, COHORT_NOT_TIMED, 1);
        return;
    }
    samples_add(&work->cohort, i, hours(took), DONE);
    samples_add(&work->outcome, i, hours(took), DONE);
    if (stands(lives, keys, life))
        samples_add(&work->confirmed, i, hours(took), DONE);
    else
        samples_add(&work->confirmed, i, hours(waited), CENSORED);
}

static void add_overdue(const struct lifecycles *lives, const struct life *life,
                        struct work *work)
{
    const struct period *period = &lives->period;
    int64_t due = lives->history->deadlines[life->ticket].due;
    int64_t end = life->completed == HY_NEVER ? period->cutoff : life->completed;

    if (within(due, period->from, period->until) && due < period->cutoff && end > due)
        samples_add(&work->overdue, life->ticket, hours(end - due), 0);
}

/* --- figures ------------------------------------------------------------------- */

static void emit_closed(struct sink *sink, const struct group *group)
{
    size_t count, first_count;
    double *values = group_values(group, 1u << DONE, sink->scratch, &count);
    double *first = group_values(group, 1u << FIRST, sink->scratch, &first_count);

    sink_group(sink, group, "TTR-01.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "TTR-01.p90", base_quantile(values, count, 0.9));
    sink_group(sink, group, "TTR-01.mean", base_mean(values, count));
    sink_group(sink, group, "TTR-01.first", base_quantile(first, first_count, 0.5));
}

static void fit(const struct group *group, struct arena *memory, struct survival *curve)
{
    double *exit = arena_alloc(memory, (group->count + 1) * sizeof *exit);
    uint8_t *event = arena_alloc(memory, group->count + 1);
    size_t i;

    for (i = 0; i < group->count; i++) {
        exit[i] = group->items[i].value;
        event[i] = group->items[i].state == DONE;
    }
    survival_fit(NULL, exit, event, group->count, memory, curve);
}

static void quantiles(const struct survival *curve, const double *shares, size_t count,
                      struct arena *memory, struct base *bases)
{
    struct estimate *estimates = arena_alloc(memory, count * sizeof *estimates);
    size_t i;

    if (curve->rows > 0)
        survival_quantiles(curve, LIMIT_LOGLOG, 0.95, shares, count, memory, estimates);
    for (i = 0; i < count; i++) {
        if (curve->rows == 0)
            estimates[i] = estimate_none(ANSWER_NO_DATA);
        bases[i] = base_none(estimates[i].answer);
        bases[i].numerator = curve->event_total;
        bases[i].denominator = bases[i].n = curve->rows;
        if (estimates[i].answer != ANSWER_OK)
            continue;
        bases[i].value = estimates[i].value;
        bases[i].low = estimates[i].low;
        bases[i].high = estimates[i].high;
    }
}

static void emit_cohort(struct sink *sink, const struct group *group)
{
    static const double shares[] = { 0.5, 0.9 };
    struct survival curve;
    struct base bases[2];

    fit(group, sink->scratch, &curve);
    quantiles(&curve, shares, 2, sink->scratch, bases);
    sink_group(sink, group, "TTR-02.median", bases[0]);
    sink_group(sink, group, "TTR-02.p90", bases[1]);
}

static void emit_confirmed(struct sink *sink, const struct group *group)
{
    static const double half = 0.5;
    struct survival curve;
    struct base base;

    fit(group, sink->scratch, &curve);
    quantiles(&curve, &half, 1, sink->scratch, &base);
    sink_group(sink, group, "TTR-02.confirmed", base);
}

static void emit_outcome(struct sink *sink, const struct group *group)
{
    static const struct {
        const char *name;
        double hours;
    } parts[] = { { "TTR-02.s24h", 24 }, { "TTR-02.s72h", 72 }, { "TTR-02.s7d", 168 } };
    double *exit = arena_alloc(sink->scratch, (group->count + 1) * sizeof *exit);
    uint8_t *state = arena_alloc(sink->scratch, group->count + 1);
    size_t i, part;

    for (i = 0; i < group->count; i++) {
        exit[i] = group->items[i].value;
        state[i] = group->items[i].state;
    }
    for (part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        struct estimate share = share_fixed(exit, state, group->count,
                                            parts[part].hours, 0.95, sink->scratch);
        struct base base = base_none(share.answer);

        base.n = (int64_t)group->count;
        if (share.answer == ANSWER_OK) {
            base.value = fmin(1, share.value); /* the sum may end a hair above */
            base.low = share.low;
            base.high = share.high;
        }
        sink_group(sink, group, parts[part].name, base);
    }
}

static void emit_overdue(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "TTR-04.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "TTR-04.p90", base_quantile(values, count, 0.9));
}

/* Share done against hours waited, withdrawals a competing outcome as in the printed
 * shares (emit_outcome): the curve passes through them. */
static void add_curve(struct sink *sink, struct samples *outcome)
{
    struct arena *memory = sink->results->memory;
    struct curve curve = { .kind = CURVE_SURVIVAL, .month = sink->lives->period.month };
    double *exit = arena_alloc(sink->scratch, (outcome->count + 1) * sizeof *exit);
    uint8_t *state = arena_alloc(sink->scratch, outcome->count + 1);
    double *x, *y;
    uint16_t part;
    size_t i;

    if (outcome->count == 0
        || metrics_name(sink->metrics, "TTR-02", &curve.metric, &part) < 0)
        return;
    for (i = 0; i < outcome->count; i++) {
        exit[i] = outcome->items[i].value;
        state[i] = outcome->items[i].state;
    }
    x = arena_alloc(memory, (outcome->count + 2) * sizeof *x);
    y = arena_alloc(memory, (outcome->count + 2) * sizeof *y);
    curve.count = share_curve(exit, state, outcome->count, CURVE_HOURS, x, y);
    curve.x = x;
    curve.y = y;
    results_add_curve(sink->results, &curve);
}

static void run_period(const struct lifecycles *lives, const struct same_keys *keys,
                       struct sink *sink, bool with_curve)
{
    struct work work = { .closed = { .memory = sink->scratch },
                         .cohort = { .memory = sink->scratch },
                         .outcome = { .memory = sink->scratch },
                         .confirmed = { .memory = sink->scratch },
                         .overdue = { .memory = sink->scratch } };
    size_t i;

    tally_open(&work.tally, sink->splits, COUNTERS, sink->scratch);
    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];

        if ((life->marks & LIFE_RECEIVED) != 0)
            add_cohort(lives, life, keys, &work);
        if (life->standing != STANDING_VALID)
            continue;
        if ((life->marks & LIFE_COMPLETED) != 0)
            add_closed(lives, life, &work);
        if ((life->marks & LIFE_FIRST_CONTACT) == 0)
            add_overdue(lives, life, &work);
    }
    samples_each(&work.closed, sink, "TTR-01", emit_closed);
    tally_count(&work.tally, sink, "TTR-01.excluded", NOT_TIMED);
    samples_each(&work.cohort, sink, "TTR-02", emit_cohort);
    samples_each(&work.outcome, sink, "TTR-02", emit_outcome);
    samples_each(&work.confirmed, sink, "TTR-02", emit_confirmed);
    tally_count(&work.tally, sink, "TTR-02.excluded", COHORT_NOT_TIMED);
    samples_each(&work.overdue, sink, "TTR-04", emit_overdue);
    if (with_curve && !sink_silent(sink, "TTR-02"))
        add_curve(sink, &work.outcome);
}

static enum status run_resolution(const struct facts *facts,
                                  const struct context *context,
                                  struct results *results, struct error *err)
{
    struct arena *scratch = arena_new(), *kept = arena_new();
    int32_t month = context->periods[context->count - 1].month;
    enum status status = HY_OK;
    const struct same_keys *keys = same_keys_of(context, facts, SAME_PLACE, kept);
    size_t p;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        int32_t here = context->periods[p].month;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        run_period(&context->lives[p], keys, &sink,
                   here == month || here == month - YEAR_MONTHS);
        status = sink_status(&sink, "resolution", err);
        arena_reset(scratch);
    }
    arena_free(kept);
    arena_free(scratch);
    return status;
}

const struct pass pass_resolution = {
    .name = "resolution",
    .summary = "多快办完：已办结的、含在办的，办结曲线",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "TTR",
    .run = run_resolution,
};
