/*
 * stats_recur.h - what comes back: again within days, worst assets, clusters.
 *
 * METHODS section 2.  Units of time are the caller's.
 */
#ifndef HY_STATS_RECUR_H
#define HY_STATS_RECUR_H

#include "analyze/stats_survival.h"

/* 2.2 One row per completion: gap to the next one of the same key (event) or to
 * the cut-off (no event); key = cluster number, any values. */
struct recurrence {
    struct survival curve;
    const double *error; /* of S per row of the curve, clustered by key */
    int64_t keys;
};
void recurrence_fit(const double *gap, const uint8_t *event, const uint32_t *key,
                    size_t count, struct arena *memory, struct recurrence *out);

/* Which error the log-log limits rest on: Greenwood's, clustered by key, or - what
 * is printed - clustered but with fewer than 10 keys the larger of the two. */
enum recurrence_error { RECUR_PLAIN, RECUR_CLUSTERED, RECUR_SAFE };
/* P(again by time).  `flat` carries the last value past the last
 * follow-up; else NOT_IDENTIFIED there.  *at_risk (may be NULL): gap >= time. */
struct estimate recurrence_by(const struct recurrence *fit, double time,
                              enum recurrence_error kind, bool flat, double level,
                              int64_t *at_risk);

/* 2.3 Mean cumulative function: rows (id, start, stop], event at stop. Rows of the
 * result are the distinct event times. One unit: SMALL_N, limits NaN. */
struct mcf {
    size_t count;
    const double *time, *mean, *error, *error_poisson, *low, *high;
    const int64_t *at_risk, *events;
    int64_t units;
    enum answer answer;
};
void mcf_fit(const uint32_t *id, const double *start, const double *stop,
             const uint8_t *event, size_t count, double level, struct arena *memory,
             struct mcf *out);

/* 2.4 Gamma-Poisson empirical Bayes: y events over exposure E per unit. */
struct shrinkage {
    bool heterogeneous;                  /* false: every posterior is the pooled rate */
    double a, b, log_likelihood, pooled; /* pooled = sum y / sum E */
    enum answer answer; /* NO_DATA: no exposure; SMALL_N: under 5 units */
};
struct posterior {
    double raw, mean, error, p05, p50, p95;
    double above; /* P(rate > factor * pooled) */
};
/* NOT_IDENTIFIED when Newton does not settle: use shrinkage_moment. */
struct shrinkage shrinkage_fit(const double *y, const double *exposure, size_t count,
                               double a_most);
struct posterior shrinkage_unit(const struct shrinkage *fit, double y, double exposure,
                                double factor);
/* Marshall (1991), without likelihood: shrink and value per unit. */
void shrinkage_moment(const double *y, const double *exposure, size_t count,
                      double *shrink, double *value);

/* 2.5 P(some window of width 1 in [0, L] holds >= k) at psi expected per window,
 * Naus (1982). NaN for k < 3 or L < 2. */
double naus_scan(int k, double psi, double windows);
/* Most points within any closed span of `width`; times sorted. */
size_t scan_most(const double *times, size_t count, double width);

#endif
