/* stats.c - sums, sorting, quantiles and the one source of chance. */
#define MATHLIB_STANDALONE
#include "analyze/stats.h"

#include <Rmath.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct estimate estimate_none(enum answer answer)
{
    return (struct estimate){ NAN, NAN, NAN, NAN, answer };
}

double stats_z(double level)
{
    return qnorm(1 - (1 - level) / 2, 0, 1, 1, 0);
}

double stats_two_sided(double z)
{
    return 2 * pnorm(-fabs(z), 0, 1, 1, 0);
}

double stats_sum(const double *values, size_t count)
{
    double sum = 0, lost = 0;

    for (size_t i = 0; i < count; i++) {
        double next = sum + values[i];

        if (fabs(sum) >= fabs(values[i]))
            lost += (sum - next) + values[i];
        else
            lost += (values[i] - next) + sum;
        sum = next;
    }
    return isfinite(lost) ? sum + lost : sum; /* Inf - Inf must not spoil Inf */
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

void stats_sort(double *values, size_t count)
{
    size_t i = 1;

    while (i < count && values[i - 1] <= values[i])
        i++;
    if (i < count)
        qsort(values, count, sizeof *values, by_value);
}

double stats_quantile7(const double *sorted, size_t count, double share)
{
    double place;
    size_t below;

    if (count == 0)
        return NAN;
    place = (double)(count - 1) * share;
    below = (size_t)floor(place);
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below]
           + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double stats_median(const double *sorted, size_t count)
{
    if (count == 0)
        return NAN;
    if (count % 2 == 1)
        return sorted[count / 2];
    return (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static double cumulative(const char *law, double x, double b, double c)
{
    if (strcmp(law, "norm") == 0)
        return pnorm(x, isnan(b) ? 0 : b, isnan(c) ? 1 : c, 1, 0);
    if (strcmp(law, "chisq") == 0)
        return pchisq(x, b, 1, 0);
    if (strcmp(law, "gamma") == 0)
        return pgamma(x, b, 1 / (isnan(c) ? 1 : c), 1, 0);
    if (strcmp(law, "beta") == 0)
        return pbeta(x, b, c, 1, 0);
    if (strcmp(law, "binom") == 0)
        return pbinom(x, b, c, 1, 0);
    if (strcmp(law, "pois") == 0)
        return ppois(x, b, 1, 0);
    if (strcmp(law, "nbinom") == 0)
        return pnbinom(x, b, c, 1, 0);
    if (strcmp(law, "t") == 0)
        return pt(x, b, 1, 0);
    return -1; /* no probability: no such law */
}

static bool quantile(const char *law, double p, double b, double c, double *value)
{
    if (strcmp(law, "norm") == 0)
        *value = qnorm(p, isnan(b) ? 0 : b, isnan(c) ? 1 : c, 1, 0);
    else if (strcmp(law, "chisq") == 0)
        *value = qchisq(p, b, 1, 0);
    else if (strcmp(law, "gamma") == 0)
        *value = qgamma(p, b, 1 / (isnan(c) ? 1 : c), 1, 0);
    else if (strcmp(law, "beta") == 0)
        *value = qbeta(p, b, c, 1, 0);
    else if (strcmp(law, "binom") == 0)
        *value = qbinom(p, b, c, 1, 0);
    else if (strcmp(law, "pois") == 0)
        *value = qpois(p, b, 1, 0);
    else if (strcmp(law, "nbinom") == 0)
        *value = qnbinom(p, b, c, 1, 0);
    else if (strcmp(law, "t") == 0)
        *value = qt(p, b, 1, 0);
    else
        return false;
    return true;
}

bool stats_distribution(const char *name, double a, double b, double c, double *value)
{
    if (strcmp(name, "lgamma") == 0)
        *value = lgammafn(a);
    else if (strcmp(name, "digamma") == 0)
        *value = digamma(a);
    else if (strcmp(name, "trigamma") == 0)
        *value = trigamma(a);
    else if (name[0] == 'q')
        return quantile(name + 1, a, b, c, value);
    else if (name[0] == 'p')
        return (*value = cumulative(name + 1, a, b, c)) != -1;
    else
        return false;
    return true;
}

uint64_t chance_mix(uint64_t word)
{
    word += UINT64_C(0x9E3779B97F4A7C15);
    word = (word ^ (word >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94D049BB133111EB);
    return word ^ (word >> 31);
}

uint64_t chance_next(struct chance *chance)
{
    uint64_t out = chance_mix(chance->state);

    chance->state += UINT64_C(0x9E3779B97F4A7C15);
    return out;
}

/* 64 x 64 -> 128 bits by halves: ISO C has no wider integer. */
static uint64_t multiply_high(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t a0 = a & 0xFFFFFFFF, a1 = a >> 32, b0 = b & 0xFFFFFFFF, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    uint64_t other = a0 * b1 + (middle & 0xFFFFFFFF);

    *low = a * b;
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

uint64_t chance_below(struct chance *chance, uint64_t limit)
{
    uint64_t floor_word = limit == 0 ? 0 : (0 - limit) % limit; /* 2^64 mod limit */
    uint64_t low, high;

    do
        high = multiply_high(chance_next(chance), limit, &low);
    while (low < floor_word);
    return high;
}

double chance_unit(struct chance *chance)
{
    return (double)(chance_next(chance) >> 11) * 0x1p-53;
}
