/* verdict_series.h - a metric month by month, with its control chart, for verdicts. */
#ifndef HY_VERDICT_SERIES_H
#define HY_VERDICT_SERIES_H

#include "analyze/pass.h"

#define VERDICT_LEVEL 0.95 /* of every interval and family of tests */
enum { LEAST_CASES = 30 }; /* WORDING 1.1: a side with fewer tells nothing */

/* +1 above nought, -1 below, 0 when the interval holds it or is not known. */
static inline int interval_way(double low, double high)
{
    return low > 0 ? 1 : high < 0 ? -1 : 0; /* NaN: 0 */
}

enum claim_kind { CLAIM_SHARE, CLAIM_TIME, CLAIM_COUNT };

struct subject {
    uint16_t metric, part;
    enum dimension dimension;
    uint32_t key;
    enum claim_kind kind;
};

struct series {
    size_t count;
    size_t *period; /* index in context->periods */
    double *value;  /* share; hours; cases per day */
    double *x, *n;  /* numerator or cases; denominator, cases or days */
    double centre, *low, *high;
    uint8_t *signals; /* bits of enum signal of stats_control.h */
    bool charted;     /* false: no limits can be given */
};

/* Months before the data begin, or that begin before them, tell nothing. */
bool period_usable(const struct facts *facts, const struct context *context,
                   size_t period);
double period_days(const struct period *period);
/* Figures of the results, month by month; a count that is absent is 0. */
void series_read(const struct facts *facts, const struct context *context,
                 const struct results *results, const struct subject *subject,
                 struct arena *memory, struct series *out);
/* The last point lies beyond normal variation on that side (+1 up, -1 down). */
bool series_supports(const struct series *series, size_t last_period, int way);
/* Months in a row that the last points moved one way (signed), when the chart's rule
 * says that is no chance; else 0. */
int32_t series_trend(const struct series *series, size_t last_period);
/* As a curve of kind control in the results; counts stand per day. */
void series_publish(const struct series *series, const struct context *context,
                    const struct subject *subject, struct results *results);

#endif
