/*
 * callbacks.h - which completed cases the committee may be given to call back.
 *
 * Drawn from: completed in the month and still so at the cut-off, with a contact on
 * record, reported by an owner, who did not ask for confidence (WORDING 5.1).
 */
#ifndef HY_CALLBACKS_H
#define HY_CALLBACKS_H

#include "analyze/lifecycle.h"

struct candidate {
    uint32_t ticket;
    int64_t completed;
    bool date_only; /* of the completion */
    uint8_t solved; /* enum said; nothing: the record only says completed */
    bool visited;   /* a revisit was made or tried, as known at the cut-off */
    uint8_t rating; /* the owner's own, else what a clerk noted; 0 = none */
};

bool callback_eligible(const struct lifecycles *lives, const struct life *life);
/* All of the month of the results, in the order of the tickets. */
void callbacks_list(const struct facts *facts, const struct settings *settings,
                    const struct results *results, struct arena *memory,
                    const struct candidate **out, size_t *count);

#endif
