/*
 * stats_rate.h - shares and rates of counts, with limits, and their changes.
 *
 * METHODS sections 2.5 (families of tests), 3.1-3.3 (satisfaction), 4 (changes).
 * Shares are fractions of 1.  n = 0 is NO_DATA with limits 0 and 1 where the
 * method gives them.
 */
#ifndef HY_STATS_RATE_H
#define HY_STATS_RATE_H

#include "analyze/stats.h"

/* 3.1 Wilson's score limits; low exactly 0 at x = 0, high exactly 1 at x = n. */
struct estimate rate_wilson(double x, double n, double level);
struct estimate rate_exact(double x, double n, double level); /* Clopper-Pearson */

/* 4.1 p1 - p2 with Newcombe's (1998) method 10. n = 0 on a side: NO_DATA. */
struct estimate rate_difference(double x1, double n1, double x2, double n2,
                                double level);

/* 4.2 Ratio (a/ta) / (b/tb) of two Poisson counts, exact conditional limits.
 * b = 0: Inf; both 0: NO_DATA with limits 0, Inf. */
struct poisson_ratio {
    struct estimate ratio;
    double p;                 /* central, consistent with the limits */
    double mid_low, mid_high; /* mid-P limits, for internal use */
};
struct poisson_ratio rate_poisson(double a, double ta, double b, double tb,
                                  double level);
/* The same with the log error widened by sqrt(phi), phi >= 1, when counts come
 * in bursts; p by the normal distribution when phi > 1. */
struct poisson_ratio rate_overdispersed(double a, double ta, double b, double tb,
                                        double phi, double level);
/* Variance over mean of counts per unit of exposure, at least 1 (quasi-Poisson
 * Pearson estimate); trend and season are not taken out.  1 for < 3 points. */
double rate_dispersion(const double *counts, const double *exposure, size_t count);

/* 3.2 Bounds for those who did not answer: eligible N, answered r, satisfied s. */
struct bounds {
    double response, among_answered;            /* r/N, s/r; NaN for 0/0 */
    double low, high;                           /* Manski: s/N, (s+N-r)/N */
    double factor, sampling_low, sampling_high; /* Imbens-Manski; factor NaN when
                                                   both errors are 0 */
};
struct bounds rate_bounds(double eligible, double answered, double satisfied,
                          double level);

/* 3.3 Share re-weighted to the mix N of the strata; normal limits, not clipped.
 * A stratum with r = 0 and N > 0: NOT_IDENTIFIED (merge it first). *raw = sum s
 * over sum r. */
struct estimate rate_poststratified(const double *n_closed, const double *answered,
                                    const double *satisfied, size_t count, double level,
                                    double *raw);

/* 4.4 Direct standardisation to weights std with Fay-Feuer gamma limits; strata
 * without exposure are dropped and the weights renormalised. */
struct standardised {
    struct estimate adjusted;
    double crude, variance;
};
struct standardised rate_standardised(const double *counts, const double *exposure,
                                      const double *standard, size_t count,
                                      double level);

/* 4.4 Kitagawa (1955): what of a change in a share is rate, what is mix; the
 * effects of all categories add up to the total exactly. */
struct kitagawa {
    double rate, mix, total;
};
/* each[count] may be NULL; a category empty in one month takes the other's rate. */
struct kitagawa rate_decompose(const double *x0, const double *n0, const double *x1,
                               const double *n1, size_t count, struct kitagawa *each);

/* 2.5 p values of one family; NaN stays NaN and does not count. */
enum adjustment { ADJUST_BH, ADJUST_HOLM, ADJUST_BY };
void rate_adjust(const double *p, size_t count, enum adjustment kind,
                 struct arena *memory, double *out);

#endif
