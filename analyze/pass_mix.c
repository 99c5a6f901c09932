/*
 * pass_mix.c - the on-time rate and the mix of work: SLA-01.adjusted, .rate, .mix.
 *
 * METHODS 4.4.  Adjusted: as if the department had had the mix of subjects of the
 * calendar year before (direct standardisation; subjects without a ticket this month
 * are dropped and the weights renormalised).  Rate and mix: what of the change against
 * the month before comes from doing better and what from other work (Kitagawa); they
 * add up to the change exactly.
 */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/stats_rate.h"
#include "analyze/tally.h"
#include "core/calendar.h"
#include "core/store.h"

enum {
    CELLS_MOST = 1 << 20, /* departments x subjects held at once */
    STANDARD_LEAST = 30,
    LEAST_CASES = 30 /* WORDING 1.1 */
};

struct mix {
    const struct split *category, *department;
    double *due, *hits, *standard; /* department x category; row 0 = not filled in */
    size_t width, cells;
};

static const struct split *split_by(const struct splits *splits, enum dimension wanted)
{
    size_t s;

    for (s = 0; s < SPLIT_COUNT; s++)
        if (splits->items[s].dimension == wanted)
            return &splits->items[s];
    return &splits->items[0];
}

static size_t cell_of(const struct mix *mix, uint32_t ticket)
{
    return split_index(mix->department, ticket) * mix->width
           + split_index(mix->category, ticket);
}

static void count_period(const struct lifecycles *lives, const struct mix *mix,
                         double *due, double *hits)
{
    size_t i;

    for (i = 0; i < lives->count; i++) {
        bool in_time;
        size_t cell;

        if (!life_due(lives, &lives->items[i], &in_time))
            continue;
        cell = cell_of(mix, lives->items[i].ticket);
        due[cell]++;
        hits[cell] += in_time;
    }
}

/* What fell due in the calendar year before, enquiries and praise left out. */
static void count_standard(const struct lifecycles *lives, const struct mix *mix)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    int32_t january = lives->period.month / 12 * 12;
    int64_t from = month_start(january - 12), until = month_start(january);
    uint32_t i;

    for (i = 0; i < tickets->count; i++) {
        uint8_t nature = nature_first(tickets, i);

        if (within(history->deadlines[i].due, from, until)
            && history->left[i] == HY_NEVER && nature != NATURE_ENQUIRY
            && nature != NATURE_PRAISE)
            mix->standard[cell_of(mix, i)]++;
    }
}

static struct base adjusted_base(const double *hits, const double *due,
                                 const double *standard, size_t count)
{
    double weight = 0, cases = 0;
    struct standardised fit;
    struct base base;
    size_t i;

    for (i = 0; i < count; i++) {
        weight += standard[i];
        cases += due[i];
    }
    if (!(cases > 0) || weight < STANDARD_LEAST) {
        base = base_none(cases > 0 ? ANSWER_NOT_IDENTIFIED : ANSWER_NO_DATA);
        base.n = (int64_t)cases;
        return base;
    }
    fit = rate_standardised(hits, due, standard, count, 0.95);
    base =
        base_none(fit.adjusted.answer == ANSWER_OK && cases < 5 ? ANSWER_SMALL_N
                                                                : fit.adjusted.answer);
    base.n = (int64_t)cases;
    if (base.answer == ANSWER_OK) {
        base.value = fmin(1, fit.adjusted.value);
        base.low = fit.adjusted.low;
        base.high = fmin(1, fit.adjusted.high);
    }
    return base;
}

static void sum_rows(const struct mix *mix, const double *cells, double *sums)
{
    size_t i;

    for (i = 0; i < mix->cells; i++)
        sums[i % mix->width] += cells[i];
}

static void emit_adjusted(const struct mix *mix, struct sink *sink)
{
    size_t row, size = mix->width * sizeof(double);
    double *sums[3];
    const double *const cells[3] = { mix->hits, mix->due, mix->standard };
    int i;

    for (i = 0; i < 3; i++) {
        sums[i] = arena_alloc(sink->scratch, size);
        sum_rows(mix, cells[i], sums[i]);
    }
    sink_total(sink, "SLA-01.adjusted",
               adjusted_base(sums[0], sums[1], sums[2], mix->width));
    for (row = 1; row < mix->department->size; row++) {
        struct base base =
            adjusted_base(mix->hits + row * mix->width, mix->due + row * mix->width,
                          mix->standard + row * mix->width, mix->width);

        if (base.n > 0)
            sink_key(sink, "SLA-01.adjusted", DIM_DEPARTMENT,
                     split_key(mix->department, row), base);
    }
}

static void emit_split(const struct mix *mix, const double *then_hits,
                       const double *then_due, struct sink *sink)
{
    size_t size = mix->width * sizeof(double), i;
    double *x0 = arena_alloc(sink->scratch, size), *n0, *x1, *n1, before = 0, now = 0;
    struct kitagawa parts;
    struct base rate = base_none(ANSWER_SMALL_N), shift = base_none(ANSWER_SMALL_N);

    n0 = arena_alloc(sink->scratch, size);
    x1 = arena_alloc(sink->scratch, size);
    n1 = arena_alloc(sink->scratch, size);
    sum_rows(mix, then_hits, x0);
    sum_rows(mix, then_due, n0);
    sum_rows(mix, mix->hits, x1);
    sum_rows(mix, mix->due, n1);
    for (i = 0; i < mix->width; i++) {
        before += n0[i];
        now += n1[i];
    }
    rate.n = shift.n = (int64_t)(before + now);
    if (before >= LEAST_CASES && now >= LEAST_CASES) {
        parts = rate_decompose(x0, n0, x1, n1, mix->width, NULL);
        rate.answer = shift.answer = ANSWER_OK;
        rate.value = parts.rate;
        shift.value = parts.mix;
    }
    sink_total(sink, "SLA-01.rate", rate);
    sink_total(sink, "SLA-01.mix", shift);
}

static void run_last(const struct context *context, struct sink *sink)
{
    size_t last = context->count - 1;
    const struct lifecycles *lives = &context->lives[last];
    struct mix mix = { .category = split_by(sink->splits, DIM_CATEGORY),
                       .department = split_by(sink->splits, DIM_DEPARTMENT) };
    double *then[2];
    size_t size;

    mix.width = mix.category->size;
    mix.cells = mix.width * mix.department->size;
    if (mix.cells > CELLS_MOST || sink->empty)
        return;
    size = mix.cells * sizeof(double);
    mix.due = arena_alloc(sink->scratch, size);
    mix.hits = arena_alloc(sink->scratch, size);
    mix.standard = arena_alloc(sink->scratch, size);
    count_period(lives, &mix, mix.due, mix.hits);
    count_standard(lives, &mix);
    emit_adjusted(&mix, sink);
    if (last == 0 || lives->pool
        || context->periods[last - 1].month != lives->period.month - 1
        || context->lives[last - 1].empty)
        return;
    then[0] = arena_alloc(sink->scratch, size);
    then[1] = arena_alloc(sink->scratch, size);
    count_period(&context->lives[last - 1], &mix, then[0], then[1]);
    emit_split(&mix, then[1], then[0], sink);
}

static enum status run_mix(const struct facts *facts, const struct context *context,
                           struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    struct sink sink;
    enum status status = HY_OK;

    (void)facts;
    if (context->count > 0) {
        sink_open(&sink, context, context->count - 1, results, scratch);
        run_last(context, &sink);
        status = sink_status(&sink, "mix", err);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_mix = {
    .name = "mix",
    .summary = "按时率按去年的活儿折算，变化分成办得快慢和活儿构成",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "SLA-01",
    .run = run_mix,
};
