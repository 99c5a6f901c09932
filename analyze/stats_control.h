/*
 * stats_control.h - what is normal variation of a monthly series, and trends.
 *
 * METHODS 3.4-3.7.  Empty months are left out before; the moving range bridges
 * them.  Arrays of results are as long as the series.
 */
#ifndef HY_STATS_CONTROL_H
#define HY_STATS_CONTROL_H

#include "analyze/stats.h"

/* 3.4 p and p' chart (Laney 2002).  answer NO_DATA: no point; NOT_IDENTIFIED: the
 * pooled share is 0 or 1, no chart. */
struct share_chart {
    double centre, sigma_z;         /* sigma_z 0: every z equal; NaN for 1 point */
    double *low, *high;             /* p' limits, clipped to [0, 1] */
    double *plain_low, *plain_high; /* binomial limits alone */
    double *z;
    enum answer answer;
};
void control_shares(const double *x, const double *n, size_t count, double d2,
                    double sigmas, struct arena *memory, struct share_chart *out);

/* 3.5 XmR chart and the rules of "Making Data Count". */
struct control_rules {
    double limit, close;           /* 2.66; fraction of the limit: 2/3 */
    size_t shift, trend, near, of; /* 7, 7, 2 of 3 */
    double screen;                 /* drop ranges >= screen * mean range; 0 = none */
};
struct control_rules control_default(void);

enum signal {
    SIGNAL_OUTSIDE = 1,
    SIGNAL_SHIFT = 2,
    SIGNAL_TREND = 4,
    SIGNAL_NEAR = 8,
    SIGNAL_CLOSE = 16
}; /* CLOSE alone is no signal */
enum { SIGNAL_ANY = SIGNAL_OUTSIDE | SIGNAL_SHIFT | SIGNAL_TREND | SIGNAL_NEAR };

struct value_chart {
    double centre, range, low, high; /* range = mean moving range */
    uint8_t *signals;                /* bits of enum signal */
};
void control_values(const double *y, size_t count, const struct control_rules *rules,
                    struct arena *memory, struct value_chart *out);
/* The same rules for any centre and limits point by point (p' chart). */
void control_signals(const double *y, const double *low, const double *high,
                     double centre, size_t count, const struct control_rules *rules,
                     uint8_t *signals);

/* 3.5 Runs about the median (Anhoej & Olesen 2014). */
struct runs {
    int64_t useful, longest, longest_most, crossings, crossings_least;
};
struct runs control_runs(const double *y, size_t count, double alpha, double extra,
                         struct arena *memory);

/* 3.6 Mann-Kendall and Sen's slope per step of t; t NULL = 0, 1, 2 ...  z, tau, p
 * NaN when all values are equal.  Publish only for n >= 8. */
struct trend {
    double s, variance, tau, z, p;
    struct estimate slope;
    int64_t n;
};
struct trend trend_test(const double *t, const double *y, size_t count, double level,
                        struct arena *memory);

/* 3.7 Seasonal Kendall: season numbers are any; t in steps.  each (may be NULL) has
 * room for one struct per distinct season, in the order of `seasons`. */
struct seasonal {
    struct trend total; /* slope per year = per full round of the seasons */
    size_t season_count;
    double *seasons; /* distinct, ascending */
    struct trend *each;
};
void trend_seasonal(const double *t, const double *season, const double *y,
                    size_t count, struct arena *memory, struct seasonal *out);

#endif
