/* stats_rate.c - limits of shares and of ratios of counts, bounds, families. */
#include "analyze/stats_rate.h"

#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <stdlib.h>

/* --- one share ------------------------------------------------------------- */

struct estimate rate_wilson(double x, double n, double level)
{
    struct estimate out = { NAN, 0, 1, NAN, ANSWER_NO_DATA };
    double z = stats_z(level), centre, half;

    if (!(n > 0))
        return out;
    centre = (x + z * z / 2) / (n + z * z);
    half = z / (n + z * z) * sqrt(x * (n - x) / n + z * z / 4);
    out.value = x / n;
    out.low = x <= 0 ? 0 : centre - half;
    out.high = x >= n ? 1 : centre + half;
    out.answer = ANSWER_OK;
    return out;
}

struct estimate rate_exact(double x, double n, double level)
{
    struct estimate out = { NAN, 0, 1, NAN, ANSWER_NO_DATA };
    double tail = (1 - level) / 2;

    if (!(n > 0))
        return out;
    out.value = x / n;
    out.low = x <= 0 ? 0 : qbeta(tail, x, n - x + 1, 1, 0);
    out.high = x >= n ? 1 : qbeta(1 - tail, x + 1, n - x, 1, 0);
    out.answer = ANSWER_OK;
    return out;
}

struct estimate rate_difference(double x1, double n1, double x2, double n2,
                                double level)
{
    struct estimate a = rate_wilson(x1, n1, level), b = rate_wilson(x2, n2, level);
    struct estimate out = estimate_none(ANSWER_NO_DATA);

    if (a.answer != ANSWER_OK || b.answer != ANSWER_OK)
        return out;
    out.value = a.value - b.value;
    out.low = out.value - hypot(a.value - a.low, b.high - b.value);
    out.high = out.value + hypot(a.high - a.value, b.value - b.low);
    out.answer = ANSWER_OK;
    return out;
}

/* --- two counts ------------------------------------------------------------ */

/* P(beyond a) + P(X = a)/2 for X ~ Bin(n, share); the upper tail rises with the
 * share, the lower one falls. */
static double mid_tail(double a, double n, double logit, bool upper)
{
    double share = 1 / (1 + exp(-logit));
    double beyond = upper ? pbinom(a, n, share, 0, 0) : pbinom(a - 1, n, share, 1, 0);

    return beyond + dbinom(a, n, share, 0) / 2;
}

/* The odds at which the tail is alpha, by bisection on the logit. */
static double mid_odds(double a, double n, double alpha, bool upper)
{
    double low = -60, high = 60;

    for (int i = 0; i < 200; i++) {
        double middle = (low + high) / 2;

        if ((mid_tail(a, n, middle, upper) < alpha) == upper)
            low = middle;
        else
            high = middle;
    }
    return exp((low + high) / 2);
}

struct poisson_ratio rate_poisson(double a, double ta, double b, double tb,
                                  double level)
{
    struct poisson_ratio out = { estimate_none(ANSWER_NO_DATA), 1, NAN, NAN };
    double tail = (1 - level) / 2, scale = tb / ta, share = ta / (ta + tb);

    out.ratio.low = 0;
    out.ratio.high = INFINITY;
    if (!(a + b > 0) || !(ta > 0) || !(tb > 0))
        return out;
    out.ratio.answer = ANSWER_OK;
    out.ratio.value = b > 0 ? a / ta / (b / tb) : INFINITY;
    out.mid_low = 0;
    out.mid_high = INFINITY;
    /* The complement from its own quantile: 1 - theta would lose digits. */
    if (a > 0) {
        out.ratio.low =
            scale * qbeta(tail, a, b + 1, 1, 0) / qbeta(1 - tail, b + 1, a, 1, 0);
        out.mid_low = scale * mid_odds(a, a + b, tail, true);
    }
    if (b > 0) {
        out.ratio.high =
            scale * qbeta(1 - tail, a + 1, b, 1, 0) / qbeta(tail, b, a + 1, 1, 0);
        out.mid_high = scale * mid_odds(a, a + b, tail, false);
    }
    out.p = fmin(1, 2
                        * fmin(pbinom(a, a + b, share, 1, 0),
                               pbinom(a - 1, a + b, share, 0, 0)));
    return out;
}

struct poisson_ratio rate_overdispersed(double a, double ta, double b, double tb,
                                        double phi, double level)
{
    struct poisson_ratio out = rate_poisson(a, ta, b, tb, level);
    double log_ratio, wide = sqrt(fmax(1, phi));

    if (out.ratio.answer != ANSWER_OK || !(a > 0) || !(b > 0) || wide <= 1)
        return out;
    log_ratio = log(out.ratio.value);
    out.ratio.low = exp(log_ratio - wide * (log_ratio - log(out.ratio.low)));
    out.ratio.high = exp(log_ratio + wide * (log(out.ratio.high) - log_ratio));
    out.p = 2 * pnorm(-fabs(log_ratio) / (wide * sqrt(1 / a + 1 / b)), 0, 1, 1, 0);
    return out;
}

double rate_dispersion(const double *counts, const double *exposure, size_t count)
{
    double total = stats_sum(counts, count), time = stats_sum(exposure, count);
    double pearson = 0;

    if (count < 3 || !(total > 0) || !(time > 0))
        return 1;
    for (size_t i = 0; i < count; i++) {
        double expected = total / time * exposure[i];

        if (expected > 0)
            pearson += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    return fmax(1, pearson / (double)(count - 1));
}

/* --- who did not answer ---------------------------------------------------- */

static double imbens_manski(double width, double level)
{
    double low = 0, high = 40;

    for (int i = 0; i < 200; i++) {
        double c = (low + high) / 2;

        if (pnorm(c + width, 0, 1, 1, 0) - pnorm(-c, 0, 1, 1, 0) < level)
            low = c;
        else
            high = c;
    }
    return (low + high) / 2;
}

struct bounds rate_bounds(double eligible, double answered, double satisfied,
                          double level)
{
    struct bounds out = { NAN, NAN, 0, 1, NAN, 0, 1 };
    double error_low, error_high;

    if (!(eligible > 0))
        return out;
    out.response = answered / eligible;
    out.among_answered = answered > 0 ? satisfied / answered : NAN;
    out.low = satisfied / eligible;
    out.high = (satisfied + eligible - answered) / eligible;
    error_low = sqrt(out.low * (1 - out.low) / eligible);
    error_high = sqrt(fmax(0, out.high * (1 - out.high)) / eligible);
    out.sampling_low = out.low;
    out.sampling_high = out.high;
    if (error_low <= 0 && error_high <= 0)
        return out;
    out.factor =
        imbens_manski((out.high - out.low) / fmax(error_low, error_high), level);
    out.sampling_low = fmax(0, out.low - out.factor * error_low);
    out.sampling_high = fmin(1, out.high + out.factor * error_high);
    return out;
}

struct estimate rate_poststratified(const double *n_closed, const double *answered,
                                    const double *satisfied, size_t count, double level,
                                    double *raw)
{
    struct estimate out = estimate_none(ANSWER_NO_DATA);
    double total = stats_sum(n_closed, count), value = 0, variance = 0;
    bool flat = true; /* every p is 0 or 1: the plain variance would be 0 */

    *raw = stats_sum(satisfied, count) / stats_sum(answered, count);
    if (!(total > 0))
        return out;
    for (size_t i = 0; i < count; i++) {
        if (n_closed[i] > 0 && answered[i] <= 0)
            return estimate_none(ANSWER_NOT_IDENTIFIED);
        flat = flat && (satisfied[i] <= 0 || satisfied[i] >= answered[i]);
    }
    for (size_t i = 0; i < count; i++) {
        double weight = n_closed[i] / total, r = answered[i], p;

        if (!(r > 0))
            continue;
        p = satisfied[i] / r;
        value += weight * p;
        if (flat)
            p = (satisfied[i] + 1) / (r + 2);
        if (r < n_closed[i] && r > 1)
            variance += weight * weight * (1 - r / n_closed[i]) * p * (1 - p) / (r - 1);
    }
    out.value = value;
    out.error = sqrt(variance);
    out.low = value - stats_z(level) * out.error;
    out.high = value + stats_z(level) * out.error;
    out.answer = ANSWER_OK;
    return out;
}

/* --- mix ------------------------------------------------------------------- */

struct standardised rate_standardised(const double *counts, const double *exposure,
                                      const double *standard, size_t count,
                                      double level)
{
    struct standardised out = { estimate_none(ANSWER_NO_DATA), NAN, NAN };
    double weights = 0, y = 0, v = 0, most = 0, tail = (1 - level) / 2;

    for (size_t i = 0; i < count; i++)
        if (exposure[i] > 0)
            weights += standard[i];
    if (!(weights > 0))
        return out;
    for (size_t i = 0; i < count; i++) {
        double weight = standard[i] / weights;

        if (!(exposure[i] > 0))
            continue;
        y += weight * counts[i] / exposure[i];
        v += weight * weight * counts[i] / (exposure[i] * exposure[i]);
        most = fmax(most, weight / exposure[i]);
    }
    out.crude = stats_sum(counts, count) / stats_sum(exposure, count);
    out.variance = v;
    out.adjusted.value = y;
    out.adjusted.error = sqrt(v);
    out.adjusted.low = y > 0 ? qgamma(tail, y * y / v, v / y, 1, 0) : 0;
    out.adjusted.high = qgamma(1 - tail, (y + most) * (y + most) / (v + most * most),
                               (v + most * most) / (y + most), 1, 0);
    out.adjusted.answer = ANSWER_OK;
    return out;
}

struct kitagawa rate_decompose(const double *x0, const double *n0, const double *x1,
                               const double *n1, size_t count, struct kitagawa *each)
{
    struct kitagawa sum = { 0, 0, 0 };
    double all0 = stats_sum(n0, count), all1 = stats_sum(n1, count);

    if (!(all0 > 0) || !(all1 > 0))
        return (struct kitagawa){ NAN, NAN, NAN };
    for (size_t i = 0; i < count; i++) {
        double w0 = n0[i] / all0, w1 = n1[i] / all1;
        double r0 = n0[i] > 0 ? x0[i] / n0[i] : n1[i] > 0 ? x1[i] / n1[i] : 0;
        double r1 = n1[i] > 0 ? x1[i] / n1[i] : r0;
        struct kitagawa one = { (w0 + w1) / 2 * (r1 - r0), (w1 - w0) * (r0 + r1) / 2,
                                w1 * r1 - w0 * r0 };

        sum.rate += one.rate;
        sum.mix += one.mix;
        sum.total += one.total;
        if (each != NULL)
            each[i] = one;
    }
    return sum;
}

/* --- families -------------------------------------------------------------- */

struct ranked {
    double p;
    size_t place;
};

static int by_p(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    if (a->p != b->p)
        return a->p < b->p ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

void rate_adjust(const double *p, size_t count, enum adjustment kind,
                 struct arena *memory, double *out)
{
    struct ranked *order = arena_alloc(memory, (count + 1) * sizeof *order);
    size_t m = 0;
    double harmonic = 0, running;

    for (size_t i = 0; i < count; i++) {
        out[i] = NAN;
        if (!isnan(p[i]))
            order[m++] = (struct ranked){ p[i], i };
    }
    if (m > 1)
        qsort(order, m, sizeof *order, by_p);
    for (size_t i = 1; i <= m; i++)
        harmonic += 1 / (double)i;
    running = kind == ADJUST_HOLM ? 0 : INFINITY;
    for (size_t i = 0; i < m; i++) {
        size_t at = kind == ADJUST_HOLM ? i : m - 1 - i;
        double factor =
            kind == ADJUST_HOLM ? (double)(m - at) : (double)m / (double)(at + 1);

        if (kind == ADJUST_HOLM)
            running = fmax(running, order[at].p * factor);
        else
            running = fmin(running,
                           order[at].p * factor * (kind == ADJUST_BY ? harmonic : 1));
        out[order[at].place] = fmin(1, running);
    }
}
