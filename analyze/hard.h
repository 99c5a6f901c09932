/*
 * hard.h - which open tickets are hard cases, and what was promised for them.
 *
 * DOMAIN 2.8: open and over 30 days old, over three times the P90 of the subject,
 * passed around, extended, reopened or chased again and again, unsatisfied twice, or
 * named by the register as a matter no department has been settled for.
 */
#ifndef HY_HARD_H
#define HY_HARD_H

#include "analyze/tally.h"

enum { AGE_BANDS = 6, HARD_REASONS = 8 };

enum hard_reason {
    HARD_OLD = 1,
    HARD_SLOW = 2,
    HARD_PASSED = 4,
    HARD_EXTENDED = 8,
    HARD_REOPENED = 16,
    HARD_CHASED = 32,
    HARD_UNSATISFIED = 64,
    HARD_UNDECIDED = 128
};

struct hard {
    uint32_t ticket, band, changes;
    unsigned reasons;              /* bits of enum hard_reason; 0 = not hard */
    const struct promise *promise; /* of the register, or NULL */
};

/* What a promise came to by the cut-off. */
enum kept { PROMISE_NONE, PROMISE_RUNNING, PROMISE_KEPT, PROMISE_BROKEN };

/* Bands of DOMAIN 2.8 by whole days waited: [0,4) [4,8) [8,16) [16,31) [31,91) 91. */
uint32_t age_band(int64_t seconds);

/* Of one period: limits of the subjects (hours, infinite with fewer than 20
 * completions) and the register by ticket. */
struct hard_rules {
    const double *slow; /* by index of the category split */
    const struct split *category;
    const struct promise *const *promises; /* by ticket; NULL = no register */
};

void hard_rules_build(const struct lifecycles *lives, const struct splits *splits,
                      struct arena *memory, struct hard_rules *rules);
/* An open valid ticket as it stood at a cut-off. */
struct hard hard_judge(const struct lifecycles *lives, const struct hard_rules *rules,
                       uint32_t ticket);
/* Whether a promise that fell due by the cut-off was kept: by the day noted in the
 * register, else by the ticket's completion. */
enum kept promise_kept(const struct lifecycles *lives, const struct promise *promise,
                       int64_t completed);
/* The wording key of what holds it up (WORDING 1.3); "stuck.other" for other words. */
const char *stuck_key(const char *reason);
bool stuck_undecided(const char *reason);

#endif
