/*
 * pass_staff.c - by member of staff, for management alone: INT-16 and SAT-01.staff by
 * clerk.
 *
 * By code, and only from 20 completed cases or 10 ratings on: of fewer nothing can be
 * said of anybody's work.
 */
#include <math.h>

#include "analyze/answers.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { LEAST_CASES = 20, LEAST_RATINGS = 10 };

struct person {
    int64_t completed, ratings, content;
};

static void count_life(const struct lifecycles *lives, const struct life *life,
                       struct person *people)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint32_t i = life->ticket, who;
    struct answer_of said;

    if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0)
        return;
    if (tickets->handler != NULL)
        people[tickets->handler[i]].completed++;
    if (tickets->visitor == NULL)
        return;
    said = answer_of(tickets, i, lives->period.cutoff);
    who = tickets->visitor[i];
    if (said.staff != 0) {
        people[who].ratings++;
        people[who].content += rating_content(said.staff);
    }
}

static enum status run_staff(const struct facts *facts, const struct context *context,
                             struct results *results, struct error *err)
{
    size_t words = facts->words == NULL ? 1 : facts->words->count, i;
    struct arena *scratch = arena_new();
    struct person *people = arena_alloc(scratch, words * sizeof *people);
    enum status status = HY_OK;
    struct sink sink;

    if (context->count > 0) {
        sink_open(&sink, context, context->count - 1, results, scratch);
        for (i = 0; i < sink.lives->count; i++)
            count_life(sink.lives, &sink.lives->items[i], people);
        for (i = 1; i < words && !sink.empty; i++) {
            if (people[i].completed >= LEAST_CASES)
                sink_key(&sink, "INT-16", DIM_CLERK, (uint32_t)i,
                         base_count(people[i].completed));
            if (people[i].ratings >= LEAST_RATINGS)
                sink_key(&sink, "SAT-01.staff", DIM_CLERK, (uint32_t)i,
                         base_wilson(people[i].content, people[i].ratings));
        }
        status = sink_status(&sink, "staff", err);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_staff = {
    .name = "staff",
    .summary = "员工（只用工号，只给管理层）：办结、评价",
    .needs = NEED_TICKETS,
    .gives = "INT-16 SAT-01",
    .run = run_staff,
};
