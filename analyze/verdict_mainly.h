/* verdict_mainly.h - which subject a change of a share comes from (WORDING 2.1). */
#ifndef HY_VERDICT_MAINLY_H
#define HY_VERDICT_MAINLY_H

#include "core/results.h"

/* total: a finding of DIM_TOTAL against the month before, of a share, that moved that
 * way
 * (+1, -1).  The category that alone explains it: 30 cases on both sides, its own
 * interval the same way, p after Benjamini-Hochberg over all categories within the
 * level, the largest of Kitagawa's rate parts (METHODS 4.5) - and without it the rest
 * shows no clear change.  0 when there is none.  results sorted; the arena holds what
 * is worked with. */
uint32_t verdict_mainly(const struct results *results, const struct finding *total,
                        int way, struct arena *memory);

#endif
