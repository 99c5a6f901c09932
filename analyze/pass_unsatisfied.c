/*
 * pass_unsatisfied.c - the cases behind SAT-04, one line each, for management alone.
 *
 * WORDING 4.8: number, subject, department and state, and room for the code of whoever
 * follows it up; no words of the owner, no time, no clerk, or somebody could be picked
 * out.  Who asked for confidence is counted in SAT-04 and not listed.
 */
#include <math.h>
#include <string.h>

#include "analyze/answers.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"
#include "core/wording.h"

static bool listed(const struct context *context, const struct lifecycles *lives,
                   const struct life *life)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[life->ticket];
    struct answer_of said;

    if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0
        || flag_yes(flags, FLAG_ANONYMOUS)
        || life->completed >= lives->period.cutoff - REVISIT_GRACE
        || revisit_exempt(context->settings, tickets, life))
        return false;
    said = answer_of(tickets, life->ticket, lives->period.cutoff);
    return rating_discontent(said.owner != 0 ? said.owner : said.staff);
}

static void fill(const struct facts *facts, uint32_t ticket, struct arena *memory,
                 struct value *row)
{
    const struct tickets *tickets = &facts->tickets;
    unsigned state = tickets->status == NULL ? 0 : tickets->status[ticket];

    row[0] = word_cell(facts, tickets->number, ticket);
    row[1] = word_cell(facts, tickets->category, ticket);
    row[2] = word_cell(facts, tickets->department, ticket);
    row[3] = state == 0
                 ? (struct value){ VALUE_TEXT, "—", NAN }
                 : (struct value){ VALUE_WORDS,
                                   arena_printf(memory, "status.code.%u", state), NAN };
    row[4] = (struct value){ VALUE_TEXT, " ", NAN }; /* to be written in */
}

static enum status run_unsatisfied(const struct facts *facts,
                                   const struct context *context,
                                   struct results *results, struct error *err)
{
    static const char *const titles[] = { "单号", "事", "部门", "field.status",
                                          "unsatisfied.by" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    const struct lifecycles *lives = &context->lives[context->count - 1];
    struct listing listing = {
        .name = "SAT-04.cases", .columns = COLUMNS, .titles = titles, .internal = true
    };
    struct value *cells;
    size_t i, count = 0;
    uint16_t part;

    (void)err; /* nothing here can fail; the contract is that of a pass */
    if (metrics_name(results->metrics, "SAT-04", &listing.metric, &part) < 0
        || lives->empty)
        return HY_OK;
    for (i = 0; i < lives->count; i++)
        count += listed(context, lives, &lives->items[i]);
    cells = arena_alloc(results->memory, (count + 1) * COLUMNS * sizeof *cells);
    for (i = 0; i < lives->count; i++)
        if (listed(context, lives, &lives->items[i]))
            fill(facts, lives->items[i].ticket, results->memory,
                 cells + listing.rows++ * COLUMNS);
    listing.cells = cells;
    results_add_listing(results, &listing);
    return HY_OK;
}

const struct pass pass_unsatisfied = {
    .name = "unsatisfied",
    .summary = "不满意件：单号、事、部门、状态，只给管理层",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "SAT-04",
    .run = run_unsatisfied,
};
