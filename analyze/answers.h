/* answers.h - what owners and clerks said of a completed ticket (pass_satisfaction.c).
 */
#ifndef HY_ANSWERS_H
#define HY_ANSWERS_H

#include "analyze/lifecycle.h"

/* DOMAIN 2.13.9: seconds after completion in which no revisit is due yet. */
enum { REVISIT_GRACE = 48 * 3600 };

/* A visit after the cut-off said nothing yet; ratings are 0 when there is none or when
 * the system gave it. */
struct answer_of {
    uint8_t owner, staff, outcome, speed, quality;
    int64_t visited;
    bool attempted, automatic;
};

struct answer_of answer_of(const struct tickets *tickets, uint32_t i, int64_t cutoff);
/* No revisit is due: enquiries, praise, anonymous, found by a patrol. */
bool revisit_exempt(const struct settings *settings, const struct tickets *tickets,
                    const struct life *life);
/* Satisfied and very satisfied; neutral is not (SAT-01). */
bool rating_content(uint8_t rating);
/* Dissatisfied and very dissatisfied (SAT-04); no rating is neither. */
bool rating_discontent(uint8_t rating);

#endif
