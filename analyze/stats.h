/*
 * stats.h - what all statistics share: an estimate, safe sums, quantiles, chance.
 *
 * The stats_* files are pure: arrays in, struct out.  A number that cannot be
 * given is NaN and `answer` says why; +Inf is a number (a ratio over nothing).
 * Formulas are those of METHODS.md, the section stands at each declaration.
 * Distributions come from libRmath, which only these files include.
 */
#ifndef HY_STATS_H
#define HY_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/results.h"

struct estimate {
    double value, low, high; /* NaN = not given */
    double error;            /* standard error; NaN = none */
    enum answer answer;
};

struct estimate estimate_none(enum answer answer);

/* Two-sided normal quantile of a confidence level: 0.95 -> 1.959963984540054. */
double stats_z(double level);
/* Two-sided p value of a standard normal deviate; NaN stays NaN. */
double stats_two_sided(double z);
/* Neumaier's compensated sum: the order of the rows never changes a digit that
 * is printed. */
double stats_sum(const double *values, size_t count);
void stats_sort(double *values, size_t count); /* ascending; NaN not allowed */
/* R's type 7 of sorted values (TTR-01); NaN for none. */
double stats_quantile7(const double *sorted, size_t count, double share);
double stats_median(const double *sorted, size_t count);

/* Any of R's p/q functions of norm chisq gamma beta binom pois nbinom t, and
 * lgamma digamma trigamma, arguments in R's order (gamma: shape, rate).  False
 * when there is no such function (METHODS 0.4). */
bool stats_distribution(const char *name, double a, double b, double c, double *value);

/* splitmix64 (METHODS 4.3): the only source of chance; state = seed. */
struct chance {
    uint64_t state;
};
uint64_t chance_next(struct chance *chance);
/* Uniform on 0..limit-1 without bias: Lemire's multiply-high with rejection. */
uint64_t chance_below(struct chance *chance, uint64_t limit);
double chance_unit(struct chance *chance); /* [0, 1) with 53 bits */
uint64_t chance_mix(uint64_t word);        /* splitmix64 of one word */

#endif
