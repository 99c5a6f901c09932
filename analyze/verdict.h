/*
 * verdict.h - the one place that decides what may be claimed of a change.
 *
 * WORDING.md 1.1: seven verdicts.  A change is claimed only when the control
 * chart and the interval agree; else it is "no clear change".  Counts are
 * compared per day and are only more or fewer, never good or bad.  Adds findings
 * against the previous month and the same month last year, and the control
 * curves the verdicts were read from.
 */
#ifndef HY_VERDICT_H
#define HY_VERDICT_H

#include "analyze/pass.h"

/* results must be sorted (figures are looked up). */
enum status verdict_run(const struct facts *facts, const struct context *context,
                        struct results *results, struct error *err);

#endif
