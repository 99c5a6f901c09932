/* analyze.c - the periods asked for, the life of every ticket in them, all passes. */
#include "analyze/cases.h"
#include "analyze/lifecycle.h"
#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "analyze/tally.h"
#include "analyze/verdict.h"

/* Two years before the month and the month itself, with room for a longer run. */
enum { SERIES_LIMIT = 120 };

struct plan {
    const struct settings *settings;
    struct period *periods;
    struct lifecycles *lives;
    size_t count;
};

static struct period period_of(const struct settings *settings, int32_t first,
                               int32_t last)
{
    struct period period = { .month = last };

    period.from = book_start(settings, first);
    period.until = book_start(settings, last + 1);
    period.cutoff = period.until + (int64_t)settings->cutoff_days * DAY_SECONDS;
    return period;
}

/* Nothing is known of a period that ended before the first ticket, nor of one that
 * began after the last thing any file tells of. */
static bool outside(const struct history *history, const struct period *period)
{
    const struct facts *facts = history->facts;
    const struct tickets *tickets = &facts->tickets;
    size_t i;

    if (tickets->count == 0 || tickets->received[0] >= period->until
        || tickets->received[0] >= period->cutoff)
        return true;
    if (tickets->received[tickets->count - 1] >= period->from
        || facts->ledger.horizon >= period->from)
        return false;
    for (i = 0; i < tickets->count; i++)
        if (history->left[i] != HY_NEVER && history->left[i] >= period->from)
            return false;
    for (i = 0; i < history->first_turn[tickets->count]; i++)
        if (history->turns[i].at >= period->from)
            return false;
    return true;
}

static void add_period(struct plan *plan, const struct history *history,
                       const struct splits *splits, const struct period *period,
                       int32_t first, struct arena *memory)
{
    const struct settings *settings = plan->settings;
    struct lifecycles *lives = &plan->lives[plan->count];

    plan->periods[plan->count++] = *period;
    lives_build(history, period, book_start(settings, first - 1),
                book_start(settings, period->month), memory, lives);
    lives->empty = outside(history, period);
    lives->pool = first < period->month;
    presence_build(splits, memory, lives);
}

static void make_plan(struct plan *plan, const struct history *history,
                      const struct splits *splits, int32_t first, int32_t last,
                      int series, int64_t cutoff_override, struct arena *memory)
{
    struct period asked = period_of(plan->settings, first, last);
    int32_t month;

    plan->periods = arena_alloc(memory, ((size_t)series + 1) * sizeof *plan->periods);
    plan->lives = arena_alloc(memory, ((size_t)series + 1) * sizeof *plan->lives);
    for (month = first - series; month < first; month++) {
        struct period period = period_of(plan->settings, month, month);

        if (!outside(history, &period))
            add_period(plan, history, splits, &period, month, memory);
    }
    if (cutoff_override != HY_NEVER)
        asked.cutoff = cutoff_override;
    add_period(plan, history, splits, &asked, first, memory);
}

struct wanted {
    int32_t first, last;
    int series;
    int64_t cutoff;
    struct case_log *cases; /* NULL: figures only */
    const bool *only;       /* NULL: all metrics */
};

/* --- headlines of a small month: three months together (WORDING 2.2) ---------------
 */

enum { FEW = 30, POOLED_MONTHS = 3, HIDDEN_ANSWERS = 5, LATE_START = 3 * DAY_SECONDS };

static const struct headline {
    const char *month, *pooled;
    const struct pass *pass;
    bool opinion;
} headlines[] = {
    { "SLA-01", "SLA-01.pooled", &pass_deadline, false },
    { "TTR-02.median", "TTR-02.pooled", &pass_resolution, false },
    { "RES-04", "RES-04.pooled", &pass_resolved, true },
    { "SAT-01", "SAT-01.pooled", &pass_satisfaction, true },
};

static bool few(const struct results *results, const struct headline *headline)
{
    const struct figure *figure =
        metrics_total(results, headline->month, results->month);

    return figure != NULL
           && (figure->base.denominator < 0 ? figure->base.n : figure->base.denominator)
                  < FEW;
}

static void keep_pooled(struct results *results, const struct results *pool,
                        const struct headline *headline)
{
    const struct figure *from = metrics_total(pool, headline->month, pool->month);
    struct figure figure = { .month = results->month };

    if (from == NULL
        || metrics_name(results->metrics, headline->pooled, &figure.metric,
                        &figure.part)
               < 0)
        return;
    figure.base = from->base;
    results_add(results, &figure);
}

/* One period by one pass, for a headline. */
struct pooling {
    const struct facts *facts;
    const struct plan *plan;
    const struct history *history;
    const struct splits *splits;
    const struct context *months;
    struct arena *working;
};

static enum status run_span(const struct pooling *pooling,
                            const struct headline *headline, int32_t first,
                            int32_t last, int64_t cutoff, struct results *out,
                            struct error *err)
{
    const struct settings *settings = pooling->plan->settings;
    struct period period = period_of(settings, first, last);
    struct context context = *pooling->months;
    struct lifecycles lives;

    if (cutoff != HY_NEVER)
        period.cutoff = cutoff;
    lives_build(pooling->history, &period, book_start(settings, first - 1),
                book_start(settings, last), pooling->working, &lives);
    lives.pool = first < last;
    presence_build(pooling->splits, pooling->working, &lives);
    context.periods = &period;
    context.lives = &lives;
    context.count = 1;
    out->figure_count = 0;
    out->month = last;
    TRY(headline->pass->run(pooling->facts, &context, out, err));
    results_sort(out);
    return HY_OK;
}

/* A month of one to four answers is not printed; three months together less the other
 * two would tell it. */
static enum status tells_hidden_month(const struct pooling *pooling,
                                      const struct headline *headline, int32_t month,
                                      struct results *pool, bool *tells,
                                      struct error *err)
{
    int32_t m;

    *tells = false;
    for (m = month - POOLED_MONTHS + 1; headline->opinion && m <= month; m++) {
        const struct figure *figure;

        TRY(run_span(pooling, headline, m, m, HY_NEVER, pool, err));
        figure = metrics_total(pool, headline->month, pool->month);
        *tells = *tells
                 || (figure != NULL && figure->base.denominator > 0
                     && figure->base.denominator < HIDDEN_ANSWERS);
    }
    return HY_OK;
}

/* Of the month asked and the two before it; not where the data begin later. */
static enum status pool_headlines(const struct pooling *pooling,
                                  struct results *results, struct error *err)
{
    const struct plan *plan = pooling->plan;
    const struct period *asked = &plan->periods[plan->count - 1];
    const struct tickets *tickets = &pooling->facts->tickets;
    int32_t first = asked->month - POOLED_MONTHS + 1;
    struct results *pool;
    size_t i;

    if (tickets->count == 0 || plan->lives[plan->count - 1].empty
        || plan->lives[plan->count - 1].pool
        || tickets->received[0] > book_start(plan->settings, first) + LATE_START)
        return HY_OK;
    pool = results_new(pooling->working, results->metrics, results->words);
    for (i = 0; i < sizeof headlines / sizeof headlines[0]; i++) {
        bool tells;

        if (!few(results, &headlines[i]))
            continue;
        TRY(tells_hidden_month(pooling, &headlines[i], asked->month, pool, &tells,
                               err));
        if (tells)
            continue;
        TRY(run_span(pooling, &headlines[i], first, asked->month, asked->cutoff, pool,
                     err));
        keep_pooled(results, pool, &headlines[i]);
    }
    results_sort(results);
    return HY_OK;
}

static enum status run_with(const struct facts *facts, const struct settings *settings,
                            const struct metrics *metrics, const struct wanted *wanted,
                            struct same_shared *same, struct arena *working,
                            struct results *results, struct error *err)
{
    struct plan plan = { .settings = settings };
    struct context context = { .settings = settings, .metrics = metrics, .same = same };
    struct history history;
    struct splits splits = { .cases = NULL };
    const struct period *asked;

    history_build(facts, settings, working, &history);
    splits_build(facts, &splits);
    splits.cases = wanted->cases;
    make_plan(&plan, &history, &splits, wanted->first, wanted->last, wanted->series,
              wanted->cutoff, working);
    results->only = wanted->only;
    context.periods = plan.periods;
    context.count = plan.count;
    context.lives = plan.lives;
    asked = &plan.periods[plan.count - 1];
    results->month = wanted->last;
    results->from = asked->from;
    results->until = asked->until;
    results->cutoff = asked->cutoff;
    TRY(passes_run(facts, &context, working, results, err));
    results_sort(results); /* verdicts look figures up */
    if (wanted->cases != NULL)
        return HY_OK;
    results->only = NULL; /* a headline is pooled where its month is there */
    TRY(pool_headlines(&(struct pooling){ facts, &plan, &history, &splits, &context,
                                          working },
                       results, err));
    if (wanted->only == NULL)
        TRY(verdict_run(facts, &context, results, err));
    results_sort(results);
    return HY_OK;
}

static enum status run_all(const struct facts *facts, const struct settings *settings,
                           const struct metrics *metrics, const struct wanted *wanted,
                           struct arena *working, struct results *results,
                           struct error *err)
{
    struct same_shared *same = same_shared_new();
    enum status status =
        run_with(facts, settings, metrics, wanted, same, working, results, err);

    same_shared_free(same);
    return status;
}

enum status analyze_only(const struct facts *facts, const struct settings *settings,
                         const struct metrics *metrics, int32_t first, int32_t last,
                         int series, int64_t cutoff_override, const bool *only,
                         struct arena *memory, struct results **out, struct error *err)
{
    struct wanted wanted = { first, last, series, cutoff_override, NULL, only };
    struct results *results = results_new(memory, metrics, facts->words);
    struct arena *working;
    enum status status;

    *out = NULL;
    if (first > last || series < 0 || series > SERIES_LIMIT)
        return fail(err, HY_USAGE, "月份范围不对: 起月在止月之后, 或超过 %d 个月",
                    SERIES_LIMIT);
    working = arena_new();
    status = run_all(facts, settings, metrics, &wanted, working, results, err);
    if (status == HY_OK)
        *out = results;
    arena_free(working);
    return status;
}

enum status analyze(const struct facts *facts, const struct settings *settings,
                    const struct metrics *metrics, int32_t first, int32_t last,
                    int series, int64_t cutoff_override, struct arena *memory,
                    struct results **out, struct error *err)
{
    return analyze_only(facts, settings, metrics, first, last, series, cutoff_override,
                        NULL, memory, out, err);
}

enum status analyze_cases(const struct facts *facts, const struct settings *settings,
                          const struct metrics *metrics, int64_t cutoff_override,
                          struct case_log *log, struct error *err)
{
    struct wanted wanted = { log->month, log->month, 0, cutoff_override, log, NULL };
    struct arena *working = arena_new();
    enum status status;

    status = run_all(facts, settings, metrics, &wanted, working,
                     results_new(working, metrics, facts->words), err);
    cases_settle(log);
    arena_free(working);
    return status;
}

uint64_t analyze_needs(void)
{
    const struct pass *const *passes;
    uint64_t needs = 0;
    size_t count, i;

    passes = passes_all(&count);
    for (i = 0; i < count; i++)
        needs |= passes[i]->needs;
    return needs;
}
