/*
 * revisions.h - what was published and is different now, for {revisions} of a report
 * (DOMAIN.md 6.3): month, figure, as published, now, why.
 */
#ifndef HY_REVISIONS_H
#define HY_REVISIONS_H

#include "cli/freeze.h"

struct revisions {
    const struct session *session;
    size_t count; /* published months up to the one reported */
    const struct revised_month {
        const struct published_line *line;
        const char *reason; /* code L C D M E */
        size_t shown_count[EDITIONS];
        const struct shown_row *shown[EDITIONS];
    } * months;
};

/* After figures_facts(), which looks the database through.  why: reason of the month
 * reported itself, or NULL = judged by what changed. */
enum status revisions_load(const struct session *session, int32_t month,
                           const char *why, struct revisions *revisions,
                           struct error *err);
/* Adds the listing "revisions" to what an audience is given: figures of the whole
 * estate that were shown and read otherwise now.  None before the first issue. */
void revisions_add(const struct revisions *revisions, struct results *view,
                   enum audience audience);

#endif
