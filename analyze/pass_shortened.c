/*
 * pass_shortened.c - by how much sooner than a year ago: TTR-06.
 *
 * METHODS 4.3: of the tickets received in the month, and in the same month of last year
 * seen as long after it, the mean time until done, capped at seven days; those still
 * open count as long as they waited.  The figure is what is missing to last year's,
 * with the limits of the ratio; an interval around 0 says that nothing is shown.  Under
 * 50 tickets a side the limits do not hold what they promise.
 */
#include "analyze/passes.h"
#include "analyze/stats_survival.h"
#include "analyze/tally.h"
#include "core/calendar.h"
#include "core/store.h"

enum { CAP_HOURS = 7 * 24, LEAST_CASES = 50, YEAR = 12, SECONDS_AN_HOUR = 3600 };

/* The cohort of TTR-02: valid, received in the period. */
static void cohort(const struct lifecycles *lives, struct arena *memory,
                   struct survival *curve)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    double *waited = arena_alloc(memory, (lives->count + 1) * sizeof *waited);
    uint8_t *done = arena_alloc(memory, lives->count + 1);
    size_t count = 0, i;

    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        int64_t received = tickets->received[life->ticket], seconds;
        bool whole_days = (life->marks & LIFE_DATE_ONLY) != 0;
        bool over = life->completed != HY_NEVER;

        if ((life->marks & LIFE_RECEIVED) == 0 || life->standing != STANDING_VALID
            || (over && (life->marks & LIFE_INFERRED) != 0))
            continue;
        seconds = over ? elapsed(received, whole_days, life->completed, whole_days)
                       : lives->period.cutoff - received;
        if (seconds < 0)
            continue;
        waited[count] = (double)seconds / SECONDS_AN_HOUR;
        done[count++] = over;
    }
    survival_fit(NULL, waited, done, count, memory, curve);
}

/* The same month of last year, as it was as long after its end. */
static void last_year(const struct lifecycles *now, struct arena *memory,
                      struct lifecycles *then)
{
    const struct settings *settings = now->history->settings;
    int32_t month = now->period.month - YEAR;
    struct period period = { .month = month,
                             .from = book_start(settings, month),
                             .until = book_start(settings, month + 1) };

    period.cutoff = period.until + (now->period.cutoff - now->period.until);
    lives_build(now->history, &period, book_start(settings, month - 1), period.from,
                memory, then);
}

static struct base shortened_base(const struct survival *then,
                                  const struct survival *now, struct arena *memory)
{
    struct base base = base_none(ANSWER_NO_DATA);
    struct shortening both;

    base.n = now->rows;
    if (then->rows == 0 || now->rows == 0)
        return base;
    base.answer = ANSWER_SMALL_N;
    if (then->rows < LEAST_CASES || now->rows < LEAST_CASES)
        return base;
    survival_shorten(then, now, CAP_HOURS, LIMIT_LOGLOG, 0.95, memory, &both);
    base.answer = both.mean_ratio.answer;
    if (base.answer != ANSWER_OK)
        return base;
    /* with the last S carried on to the cap the mean would be a guess */
    if (survival_mean(then, CAP_HOURS, false, 0.95).answer != ANSWER_OK
        || survival_mean(now, CAP_HOURS, false, 0.95).answer != ANSWER_OK) {
        base.answer = ANSWER_NOT_IDENTIFIED;
        return base;
    }
    base.value = 1 - both.mean_ratio.value;
    base.low = 1 - both.mean_ratio.high;
    base.high = 1 - both.mean_ratio.low;
    return base;
}

static enum status run_shortened(const struct facts *facts,
                                 const struct context *context, struct results *results,
                                 struct error *err)
{
    const struct lifecycles *now = &context->lives[context->count - 1];
    struct arena *scratch = arena_new();
    struct survival curves[2];
    struct lifecycles then;
    enum status status;
    struct sink sink;

    (void)facts;
    sink_open(&sink, context, context->count - 1, results, scratch);
    if (!now->pool) { /* several months have no same month */
        last_year(now, scratch, &then);
        cohort(&then, scratch, &curves[0]);
        cohort(now, scratch, &curves[1]);
        sink_total(&sink, "TTR-06", shortened_base(&curves[0], &curves[1], scratch));
    }
    status = sink_status(&sink, "shortened", err);
    arena_free(scratch);
    return status;
}

const struct pass pass_shortened = {
    .name = "shortened",
    .summary = "办结比去年同月快了多少",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "TTR-06",
    .run = run_shortened,
};
