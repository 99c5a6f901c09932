/* stats_control.c - control charts and the rules that read them (METHODS 3.4-3.5). */
#include "analyze/stats_control.h"

#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>

static double *doubles(struct arena *memory, size_t count)
{
    return arena_alloc(memory, (count + 1) * sizeof(double));
}

static double clip(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* --- p' --------------------------------------------------------------------- */

static void share_limits(const double *n, size_t count, double sigmas,
                         struct share_chart *out)
{
    double p = out->centre;

    for (size_t i = 0; i < count; i++) {
        double sigma = sqrt(p * (1 - p) / n[i]);
        double wide = sigma * (isnan(out->sigma_z) ? 1 : out->sigma_z);

        out->plain_low[i] = clip(p - sigmas * sigma);
        out->plain_high[i] = clip(p + sigmas * sigma);
        out->low[i] = clip(p - sigmas * wide);
        out->high[i] = clip(p + sigmas * wide);
    }
}

void control_shares(const double *x, const double *n, size_t count, double d2,
                    double sigmas, struct arena *memory, struct share_chart *out)
{
    double total = stats_sum(n, count), ranges = 0;

    *out = (struct share_chart){ NAN,
                                 NAN,
                                 doubles(memory, count),
                                 doubles(memory, count),
                                 doubles(memory, count),
                                 doubles(memory, count),
                                 doubles(memory, count),
                                 ANSWER_NO_DATA };
    for (size_t i = 0; i < count; i++)
        out->low[i] = out->high[i] = out->plain_low[i] = out->plain_high[i] =
            out->z[i] = NAN;
    if (!(total > 0))
        return;
    out->centre = stats_sum(x, count) / total;
    out->answer = ANSWER_NOT_IDENTIFIED;
    if (!(out->centre > 0 && out->centre < 1))
        return;
    for (size_t i = 0; i < count; i++) {
        double sigma = sqrt(out->centre * (1 - out->centre) / n[i]);

        out->z[i] = (x[i] / n[i] - out->centre) / sigma;
        if (i > 0)
            ranges += fabs(out->z[i] - out->z[i - 1]);
    }
    if (count > 1)
        out->sigma_z = ranges / (double)(count - 1) / d2;
    share_limits(n, count, sigmas, out);
    out->answer = ANSWER_OK;
}

/* --- rules ------------------------------------------------------------------ */

struct control_rules control_default(void)
{
    return (struct control_rules){ 2.66, 2.0 / 3.0, 7, 7, 2, 3, 0 };
}

static int side(double value, double centre)
{
    return (value > centre) - (value < centre);
}

static void mark(uint8_t *signals, size_t from, size_t until, enum signal bit)
{
    for (size_t i = from; i < until; i++)
        signals[i] = (uint8_t)(signals[i] | bit);
}

/* A value equal to the centre breaks a shift. */
static void mark_shifts(const double *y, double centre, size_t count, size_t length,
                        uint8_t *signals)
{
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && side(y[next], centre) == side(y[i], centre);)
            next++;
        if (side(y[i], centre) != 0 && next - i >= length)
            mark(signals, i, next, SIGNAL_SHIFT);
    }
}

/* `length` points are length - 1 steps the same way; runs share their turning
 * points. */
static void mark_trends(const double *y, size_t count, size_t length, uint8_t *signals)
{
    for (size_t i = 0, next; i + 1 < count; i = next) {
        int way = side(y[i + 1], y[i]);

        for (next = i + 1; next + 1 < count && side(y[next + 1], y[next]) == way;)
            next++;
        if (way != 0 && next - i + 1 >= length)
            mark(signals, i, next + 1, SIGNAL_TREND);
    }
}

static void mark_near(const double *y, double centre, size_t count,
                      const struct control_rules *rules, uint8_t *signals)
{
    for (size_t i = 0; i + rules->of <= count; i++) {
        int way = side(y[i], centre);
        size_t close = 0;
        bool same = way != 0;

        for (size_t j = i; j < i + rules->of; j++) {
            same = same && side(y[j], centre) == way;
            close += (signals[j] & SIGNAL_CLOSE) != 0;
        }
        if (!same || close < rules->near)
            continue;
        for (size_t j = i; j < i + rules->of; j++)
            if ((signals[j] & SIGNAL_CLOSE) != 0)
                mark(signals, j, j + 1, SIGNAL_NEAR);
    }
}

void control_signals(const double *y, const double *low, const double *high,
                     double centre, size_t count, const struct control_rules *rules,
                     uint8_t *signals)
{
    for (size_t i = 0; i < count; i++) {
        signals[i] = 0;
        if (y[i] > high[i] || y[i] < low[i])
            signals[i] = SIGNAL_OUTSIDE;
        else if (y[i] > centre + rules->close * (high[i] - centre)
                 || y[i] < centre - rules->close * (centre - low[i]))
            signals[i] = SIGNAL_CLOSE;
    }
    mark_shifts(y, centre, count, rules->shift, signals);
    mark_trends(y, count, rules->trend, signals);
    mark_near(y, centre, count, rules, signals);
}

static double mean_range(const double *y, size_t count, double screen,
                         struct arena *memory)
{
    double *ranges = doubles(memory, count), mean;
    size_t kept = 0, steps = count > 0 ? count - 1 : 0;

    for (size_t i = 0; i < steps; i++)
        ranges[i] = fabs(y[i + 1] - y[i]);
    mean = steps > 0 ? stats_sum(ranges, steps) / (double)steps : NAN;
    if (!(screen > 0))
        return mean;
    for (size_t i = 0; i < steps; i++)
        if (ranges[i] < screen * mean)
            ranges[kept++] = ranges[i];
    return kept > 0 ? stats_sum(ranges, kept) / (double)kept : mean;
}

void control_values(const double *y, size_t count, const struct control_rules *rules,
                    struct arena *memory, struct value_chart *out)
{
    double *low = doubles(memory, count), *high = doubles(memory, count);

    out->signals = arena_alloc(memory, count + 1);
    out->centre = count > 0 ? stats_sum(y, count) / (double)count : NAN;
    out->range = mean_range(y, count, rules->screen, memory);
    out->low = out->centre - rules->limit * out->range;
    out->high = out->centre + rules->limit * out->range;
    if (!(out->range > 0)) /* constant: nothing to flag */
        return;
    for (size_t i = 0; i < count; i++) {
        low[i] = out->low;
        high[i] = out->high;
    }
    control_signals(y, low, high, out->centre, count, rules, out->signals);
}

/* --- runs ------------------------------------------------------------------- */

struct runs control_runs(const double *y, size_t count, double alpha, double extra,
                         struct arena *memory)
{
    struct runs out = { 0 };
    double *sorted = doubles(memory, count), median;
    int64_t run = 0;
    int before = 0;

    for (size_t i = 0; i < count; i++)
        sorted[i] = y[i];
    stats_sort(sorted, count);
    median = stats_median(sorted, count);
    for (size_t i = 0; i < count; i++) {
        int now = side(y[i], median);

        if (now == 0)
            continue;
        out.useful++;
        out.crossings += before != 0 && now != before;
        run = now == before ? run + 1 : 1;
        before = now;
        if (run > out.longest)
            out.longest = run;
    }
    if (out.useful == 0)
        return out;
    out.longest_most = (int64_t)(nearbyint(log2((double)out.useful)) + extra);
    out.crossings_least = (int64_t)qbinom(alpha, (double)(out.useful - 1), 0.5, 1, 0);
    return out;
}
