/*
 * verdict_barred.h - what forbids a comparison (WORDING.md 1.1, barred).
 */
#ifndef HY_VERDICT_BARRED_H
#define HY_VERDICT_BARRED_H

#include "analyze/verdict.h"
#include "analyze/verdict_series.h"

struct run { /* what one call of verdict_run() works on */
    const struct facts *facts;
    const struct context *context;
    struct results *results;
    struct arena *memory;
};

/* Why the last period is not compared with the period `then` (index): a phrase, NULL =
 * it may be. */
const char *verdict_barred(const struct run *run, const struct subject *subject,
                           enum against against, size_t then);

#endif
