/*
 * figures.h - from the database to results, in one call: what show, explain,
 * check, render and report share.
 */
#ifndef HY_FIGURES_H
#define HY_FIGURES_H

#include "analyze/pass.h"
#include "cli/session.h"

struct figures {
    struct metrics metrics;
    struct facts facts;
    struct results *results;
    int32_t first, last; /* months pooled */
    struct published earlier[EDITIONS];
};

/* Facts only: for choosing the month.  more_needs: NEED_NUMBERS where lists with ticket
 * numbers are made. */
enum status figures_facts(struct figures *figures, const struct session *session,
                          uint64_t more_needs, struct error *err);
/* Needs facts.  series: months before that are computed too. */
enum status figures_compute(struct figures *figures, const struct session *session,
                            int32_t first, int32_t last, int series, struct error *err);
/* The metrics marked alone, without verdicts (analyze_only). */
enum status figures_compute_only(struct figures *figures, const struct session *session,
                                 int32_t first, int32_t last, int series,
                                 const bool *only, struct error *err);
/* Mistakes in --month, --from and --to, said before any work. */
enum status figures_check_period(const struct options *options, struct error *err);
/* --from/--to (checked), else --month, else the last complete month. */
enum status figures_period(const struct options *options, const struct ledger *ledger,
                           int32_t *first, int32_t *last, struct error *err);

#endif
