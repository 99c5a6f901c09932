/*
 * stats_farrington.h - is this period's count out of line with the years before?
 *
 * METHODS 5.1 (Farrington 1996, Noufaily 2013) for two years of history or more,
 * 5.2 (EARS) for less.  Expected false alarms = alpha x series x periods: print it.
 */
#ifndef HY_STATS_FARRINGTON_H
#define HY_STATS_FARRINGTON_H

#include "analyze/stats.h"

enum farrington_bound { FARRINGTON_DELTA, FARRINGTON_NB, FARRINGTON_MUAN };

struct farrington_options {
    int frequency;     /* periods a year: 12, 52 */
    int years, window; /* b, w */
    int levels;        /* noPeriods; 1 = only the windows */
    int past_left_out; /* the newest periods not used */
    double weight_limit, trend_p, alpha;
    enum farrington_bound bound;
    double least_cases; /* in the last least_periods, else no bound */
    int least_periods;
    bool reweight, trend;
    bool omega_dispersion; /* the package's own spread (METHODS 5.1, quirk): for
                              comparing with it only */
};
/* METHODS 5.1's monthly choice: f 12, b, w 1, 4 levels, 6 left out, alpha .005. */
struct farrington_options farrington_monthly(int years);

struct farrington {
    double expected, bound; /* NaN when there are too few cases to alarm */
    double mu0;             /* mean behind the bound */
    double phi, p;          /* P(a count like this or more) */
    bool alarm, trend;
    enum answer answer; /* NOT_IDENTIFIED: history too short, or no fit */
};
/* at: index of the period judged in y[0..at]. */
struct farrington farrington_at(const double *y, size_t at,
                                const struct farrington_options *options,
                                struct arena *memory);

/* 5.2 Mean of `baseline` periods ending `gap` before `at`, plus z(1 - alpha) times
 * max(sd, least_sigma).  NO_DATA before there are that many. */
struct estimate ears_at(const double *y, size_t at, size_t baseline, size_t gap,
                        double alpha, double least_sigma);
/* Gneiting & Raftery (2007); alpha = 1 - coverage. */
double interval_score(double y, double low, double high, double alpha);

#endif
