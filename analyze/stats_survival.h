/*
 * stats_survival.h - durations of which some are not over (METHODS section 1).
 *
 * Times in any one unit.  A row is at risk on (entry, exit]; entry NULL means
 * -Inf for all (the cohort view).  Rows with entry >= exit or a NaN are left
 * out and counted.  Events go before censorings at the same time.
 */
#ifndef HY_STATS_SURVIVAL_H
#define HY_STATS_SURVIVAL_H

#include "analyze/stats.h"

enum limit_kind { LIMIT_LOGLOG, LIMIT_LOG, LIMIT_PLAIN };

struct survival { /* one row per distinct exit time, ascending */
    size_t count;
    const double *time;
    const int64_t *at_risk, *events, *censored;
    const double *share;                    /* S: share not over after time */
    const double *variance;                 /* of log S (Greenwood); Inf once S = 0 */
    const double *hazard, *hazard_variance; /* sum d/n, sum d/n^2 */
    int64_t rows, event_total, left_out;
};

/* 1.1-1.2 Kaplan-Meier. rows 0: count 0, everything else answers NO_DATA. */
void survival_fit(const double *entry, const double *exit, const uint8_t *event,
                  size_t count, struct arena *memory, struct survival *out);
/* S just after `time` (1 before the first). */
double survival_at(const struct survival *curve, double time);
double survival_last(const struct survival *curve); /* last exit; NaN if none */
/* Pointwise limits of S at row `at`; NaN where not defined. */
void survival_limits(const struct survival *curve, size_t at, enum limit_kind kind,
                     double level, double *low, double *high);
/* Share over by `time`, 1 - S, with limits; NOT_IDENTIFIED past the last exit
 * while somebody is still waiting. */
struct estimate survival_done(const struct survival *curve, double time,
                              enum limit_kind kind, double level);

/* 1.3 Quantiles of the time as R's quantile.survfit; shares = share over (0.5,
 * 0.9).  NOT_REACHED when the curve does not get there; high NaN = the limit is
 * not reached.  The first x is 0. */
void survival_quantiles(const struct survival *curve, enum limit_kind kind,
                        double level, const double *shares, size_t count,
                        struct arena *memory, struct estimate *out);
struct estimate survival_quantile(const struct survival *curve, enum limit_kind kind,
                                  double level, double share, struct arena *memory);

/* 1.4 Mean time with a cap at tau: the integral of S from 0.  `flat` carries the
 * last S on past the last exit (R); else that is NOT_IDENTIFIED. Limits normal. */
struct estimate survival_mean(const struct survival *curve, double tau, bool flat,
                              double level);

/* 1.5 Log-rank over groups 0..group_count-1; block NULL = one stratum. */
struct logrank {
    size_t groups;
    int64_t *n;
    double *observed, *expected, *variance; /* variance: diagonal of V */
    double statistic, p;                    /* NaN when df = 0 */
    int df;
};
void logrank_test(const double *entry, const double *exit, const uint8_t *event,
                  const uint32_t *group, size_t group_count, const uint32_t *block,
                  size_t count, struct arena *memory, struct logrank *out);

/* 1.6 Aalen-Johansen: state 0 open, 1 fixed, 2 other.  The errors (infinitesimal
 * jackknife) cost rows x distinct times: for a month, not for a pooled decade. */
struct outcomes {
    size_t count;
    const double *time;
    const int64_t *at_risk, *fixed, *other;
    const double *share_open, *share_fixed, *share_other;
    const double *error_open, *error_fixed, *error_other;
};
void outcomes_fit(const double *exit, const uint8_t *state, size_t count,
                  struct arena *memory, struct outcomes *out);
/* Share fixed by `time`; limits log-log on the share; n = rows. */
struct estimate outcomes_fixed(const struct outcomes *curve, double time, double level);

/* 1.7 The period [from, until) of one ticket; false when it lies outside. */
struct stay {
    double entry, exit;
    bool event;
};
bool survival_stay(double open, double close, double from, double until,
                   struct stay *out);

/* 4.3 "Shortened by": two samples.  Ratio = new / old. */
struct shortening {
    struct estimate median_old, median_new, median_ratio; /* MOVER on logs */
    struct estimate mean_old, mean_new, mean_ratio, mean_difference;
};
void survival_shorten(const struct survival *old, const struct survival *new_,
                      double tau, enum limit_kind kind, double level,
                      struct arena *memory, struct shortening *out);

#endif
