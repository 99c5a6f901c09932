/* stats_trend.c - Mann-Kendall, Sen's slope, and both by season (METHODS 3.6-3.7). */
#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "analyze/stats_control.h"

static double *doubles(struct arena *memory, size_t count)
{
    return arena_alloc(memory, (count + 1) * sizeof(double));
}

static double step_of(const double *t, size_t i, size_t j)
{
    return t == NULL ? (double)j - (double)i : t[j] - t[i];
}

/* 18 V and the number of tied pairs, from the sorted values. */
static double kendall_variance(const double *sorted, size_t count, double *tied)
{
    double n = (double)count, sum = n * (n - 1) * (2 * n + 5);

    *tied = 0;
    for (size_t i = 0, next; i < count; i = next) {
        double ties;

        for (next = i; next < count && sorted[next] == sorted[i];)
            next++;
        ties = (double)(next - i);
        sum -= ties * (ties - 1) * (2 * ties + 5);
        *tied += ties * (ties - 1) / 2;
    }
    return sum / 18;
}

static void finish(struct trend *out)
{
    double way = (double)((out->s > 0) - (out->s < 0));

    out->z = out->p = NAN;
    if (!(out->variance > 0))
        return;
    out->z = way * (fabs(out->s) - 1) / sqrt(out->variance);
    out->p = 2 * fmin(0.5, pnorm(-fabs(out->z), 0, 1, 1, 0));
}

/* S of one series; slopes of all pairs go behind *used, per unit of t. */
static double pairs_of(const double *t, const double *y, size_t count, double *slopes,
                       size_t *used)
{
    double s = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            s += (double)((y[j] > y[i]) - (y[j] < y[i]));
            if (step_of(t, i, j) > 0)
                slopes[(*used)++] = (y[j] - y[i]) / step_of(t, i, j);
        }
    return s;
}

static void kendall(const double *t, const double *y, size_t count, double *slopes,
                    size_t *used, struct arena *memory, struct trend *out)
{
    double *sorted = doubles(memory, count), tied, pairs;

    for (size_t i = 0; i < count; i++)
        sorted[i] = y[i];
    stats_sort(sorted, count);
    out->n = (int64_t)count;
    out->s = pairs_of(t, y, count, slopes, used);
    out->variance = kendall_variance(sorted, count, &tied);
    pairs = (double)count * ((double)count - 1) / 2;
    out->tau = out->s / (sqrt(pairs - tied) * sqrt(pairs));
    finish(out);
}

/* A sorted slope by its place from 1, rounded half to even as R does. */
static double slope_at(const double *slopes, size_t count, double place)
{
    double at = nearbyint(place);

    return at >= 1 && at <= (double)count ? slopes[(size_t)at - 1] : NAN;
}

struct trend trend_test(const double *t, const double *y, size_t count, double level,
                        struct arena *memory)
{
    struct trend out = { .slope = estimate_none(ANSWER_NO_DATA) };
    double *slopes = doubles(memory, count * count / 2), spread, pairs;
    size_t used = 0;

    kendall(t, y, count, slopes, &used, memory, &out);
    if (used == 0)
        return out;
    stats_sort(slopes, used);
    pairs = (double)used;
    spread = stats_z(level) * sqrt(out.variance);
    out.slope.value = stats_median(slopes, used);
    out.slope.low = slope_at(slopes, used, (pairs - spread) / 2);
    out.slope.high = slope_at(slopes, used, (pairs + spread) / 2 + 1);
    out.slope.answer = count < 8 ? ANSWER_SMALL_N : ANSWER_OK;
    return out;
}

static size_t distinct_of(const double *values, size_t count, double *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        out[i] = values[i];
    stats_sort(out, count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || out[i] != out[kept - 1])
            out[kept++] = out[i];
    return kept;
}

void trend_seasonal(const double *t, const double *season, const double *y,
                    size_t count, struct arena *memory, struct seasonal *out)
{
    double *times = doubles(memory, count), *values = doubles(memory, count);
    double *slopes = doubles(memory, count * count / 2);
    size_t used = 0;

    *out = (struct seasonal){ .total.slope = estimate_none(ANSWER_NO_DATA),
                              .seasons = doubles(memory, count) };
    out->season_count = distinct_of(season, count, out->seasons);
    out->each = arena_alloc(memory, (out->season_count + 1) * sizeof *out->each);
    for (size_t g = 0; g < out->season_count; g++) {
        size_t members = 0;

        for (size_t i = 0; i < count; i++)
            if (season[i] == out->seasons[g]) {
                times[members] = t[i] / (double)out->season_count; /* in years */
                values[members++] = y[i];
            }
        kendall(times, values, members, slopes, &used, memory, &out->each[g]);
        out->each[g].slope = estimate_none(ANSWER_NO_DATA);
        out->total.n += out->each[g].n;
        out->total.s += out->each[g].s;
        out->total.variance += out->each[g].variance;
    }
    out->total.tau = NAN;
    finish(&out->total);
    stats_sort(slopes, used);
    out->total.slope.value = stats_median(slopes, used);
    out->total.slope.answer = used > 0 ? ANSWER_OK : ANSWER_NO_DATA;
}
