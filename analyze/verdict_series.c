/* verdict_series.c - monthly series out of the results and what is normal for them. */
#include "analyze/verdict_series.h"

#include <math.h>

#include "analyze/lifecycle.h"
#include "analyze/stats_control.h"

enum { LATE_START_DAYS = 3 }; /* a month whose data begin later is no month */

double period_days(const struct period *period)
{
    return (double)(period->until - period->from) / DAY_SECONDS;
}

bool period_usable(const struct facts *facts, const struct context *context,
                   size_t period)
{
    const struct period *at = &context->periods[period];

    if (context->lives != NULL && context->lives[period].empty)
        return false;
    return facts == NULL || facts->ledger.first_received == HY_NEVER
           || facts->ledger.first_received
                  < at->from + (int64_t)LATE_START_DAYS * DAY_SECONDS;
}

static void add_point(struct series *series, size_t period, double x, double n,
                      double value)
{
    size_t at = series->count++;

    series->period[at] = period;
    series->x[at] = x;
    series->n[at] = n;
    series->value[at] = value;
}

static void read_point(const struct context *context, const struct subject *subject,
                       const struct figure *figure, size_t period, struct series *out)
{
    double days = period_days(&context->periods[period]);

    switch (subject->kind) {
    case CLAIM_SHARE:
        if (figure != NULL && figure->base.denominator > 0
            && figure->base.numerator >= 0)
            add_point(out, period, (double)figure->base.numerator,
                      (double)figure->base.denominator,
                      (double)figure->base.numerator
                          / (double)figure->base.denominator);
        return;
    case CLAIM_TIME:
        if (figure != NULL && figure->base.answer == ANSWER_OK
            && !isnan(figure->base.value))
            add_point(out, period, (double)figure->base.n, (double)figure->base.n,
                      figure->base.value);
        return;
    case CLAIM_COUNT: {
        double cases =
            figure == NULL || isnan(figure->base.value) ? 0 : figure->base.value;

        if (figure != NULL && figure->base.answer == ANSWER_NO_DATA)
            return; /* no figure of a key is none of its cases; this one is unknown */
        add_point(out, period, cases, days, cases / days);
        return;
    }
    }
}

static void chart_shares(struct series *series, const struct control_rules *rules,
                         struct arena *memory)
{
    struct share_chart chart;

    control_shares(series->x, series->n, series->count, 1.128, 3, memory, &chart);
    series->centre = chart.centre;
    series->low = chart.low;
    series->high = chart.high;
    series->charted = chart.answer == ANSWER_OK && chart.sigma_z > 0;
    if (series->charted)
        control_signals(series->value, series->low, series->high, series->centre,
                        series->count, rules, series->signals);
}

static void chart_values(struct series *series, const struct control_rules *rules,
                         struct arena *memory)
{
    struct value_chart chart;

    control_values(series->value, series->count, rules, memory, &chart);
    series->centre = chart.centre;
    series->signals = chart.signals;
    series->charted = chart.range > 0;
    for (size_t i = 0; i < series->count; i++) {
        series->low[i] = fmax(0, chart.low); /* no count and no time is below 0 */
        series->high[i] = chart.high;
    }
}

void series_read(const struct facts *facts, const struct context *context,
                 const struct results *results, const struct subject *subject,
                 struct arena *memory, struct series *out)
{
    struct control_rules rules = control_default();
    size_t size = (context->count + 1) * sizeof(double);

    *out = (struct series){ .period = arena_alloc(memory, (context->count + 1)
                                                              * sizeof(size_t)),
                            .value = arena_alloc(memory, size),
                            .x = arena_alloc(memory, size),
                            .n = arena_alloc(memory, size),
                            .low = arena_alloc(memory, size),
                            .high = arena_alloc(memory, size),
                            .signals = arena_alloc(memory, context->count + 1),
                            .centre = NAN };
    for (size_t i = 0; i < context->count; i++)
        if (period_usable(facts, context, i))
            read_point(context, subject,
                       results_find(results, subject->metric, subject->part,
                                    subject->dimension, subject->key,
                                    context->periods[i].month),
                       i, out);
    if (out->count < 2)
        return;
    if (subject->kind == CLAIM_SHARE)
        chart_shares(out, &rules, memory);
    else
        chart_values(out, &rules, memory);
}

bool series_supports(const struct series *series, size_t last_period, int way)
{
    size_t last = series->count - 1;
    double step, side;

    if (!series->charted || series->period[last] != last_period)
        return false;
    side = (series->value[last] - series->centre) * way;
    step = (series->value[last] - series->value[last - 1]) * way;
    if ((series->signals[last] & (SIGNAL_OUTSIDE | SIGNAL_SHIFT | SIGNAL_NEAR)) != 0
        && side > 0)
        return true;
    return (series->signals[last] & SIGNAL_TREND) != 0 && step > 0;
}

int32_t series_trend(const struct series *series, size_t last_period)
{
    size_t last = series->count == 0 ? 0 : series->count - 1, i;
    double step;
    int32_t points = 1;

    if (last == 0 || !series->charted || series->period[last] != last_period
        || (series->signals[last] & SIGNAL_TREND) == 0)
        return 0;
    step = series->value[last] - series->value[last - 1];
    for (i = last; i > 0 && (series->value[i] - series->value[i - 1]) * step > 0; i--)
        points++;
    return step > 0 ? points : -points;
}

void series_publish(const struct series *series, const struct context *context,
                    const struct subject *subject, struct results *results)
{
    size_t count = series->count, size = (count + 1) * sizeof(double);
    double *columns[6];
    uint8_t *mark;

    if (!series->charted)
        return;
    mark = arena_alloc(results->memory, count + 1);
    for (size_t i = 0; i < 6; i++)
        columns[i] = arena_alloc(results->memory, size);
    for (size_t i = 0; i < count; i++) {
        columns[0][i] = context->periods[series->period[i]].month;
        columns[1][i] = series->value[i];
        columns[2][i] = series->low[i];
        columns[3][i] = series->high[i];
        columns[4][i] = series->centre;
        columns[5][i] = series->n[i];
        mark[i] = (series->signals[i] & SIGNAL_ANY) != 0;
    }
    results_add_curve(results,
                      &(struct curve){ .metric = subject->metric,
                                       .dimension = (uint8_t)subject->dimension,
                                       .key = subject->key,
                                       .kind = CURVE_CONTROL,
                                       .month = results->month,
                                       .count = count,
                                       .x = columns[0],
                                       .y = columns[1],
                                       .low = columns[2],
                                       .high = columns[3],
                                       .centre = columns[4],
                                       .n = columns[5],
                                       .mark = mark });
}
