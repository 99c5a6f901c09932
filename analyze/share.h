/*
 * share.h - the share over by one moment with its error, in n log n.
 *
 * The same numbers as outcomes_fixed() and recurrence_by() give at that moment
 * (a test holds them together); those make the whole curve, in n squared, which a
 * year of a city's tickets cannot wait for.
 */
#ifndef HY_SHARE_H
#define HY_SHARE_H

#include "analyze/stats.h"

/* METHODS 1.6: exit ascending, state 0 open, 1 fixed, 2 other. */
struct estimate share_fixed(const double *exit, const uint8_t *state, size_t count,
                            double time, double level, struct arena *memory);
/* The same share at every distinct exit up to `until`, from (0, 0): the steps a curve
 * is drawn by, count + 2 places each in x and y. It ends where it is no longer known:
 * at the last exit while some are open, else at `until`. Returns the points. */
size_t share_curve(const double *exit, const uint8_t *state, size_t count, double until,
                   double *x, double *y);
/* METHODS 2.2: gap ascending, event 1 = came again, key = cluster 0..count-1;
 * with fewer than 10 keys the larger of the two errors. */
struct estimate share_again(const double *gap, const uint8_t *event,
                            const uint32_t *key, size_t count, double time,
                            double level, struct arena *memory);

#endif
