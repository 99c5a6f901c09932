/*
 * pass_audit.c - what the committee heard when it called back, and what was asked about
 * notices: AUD-01, AUD-02, OBJ-01.
 *
 * A sample is drawn from the cases completed in a month and called in the next, whose
 * report carries the outcome (WORDING 5.9).  Whether an answer agrees with the record
 * is decided here, not by whoever fills the sheet in (WORDING 5.1).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/callbacks.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/calendar.h"
#include "core/store.h"

/* DOMAIN 1: a complaint is answered in writing within 7 days; a doubt about a notice
 * deserves no less. */
enum { ANSWER_DAYS = 7 };

/* --- call-backs --------------------------------------------------------------------
 */
enum heard { HEARD_AGREES, HEARD_DIFFERS, HEARD_UNSURE };

struct calls_made {
    int64_t drawn, reached, refused, silent, skipped;
    int64_t agree, differ, unsure, stranger, reopen;
};

/* Not remembered is no contradiction; a revisit the record lacks may have been made
 * after the list was drawn. */
static bool contradicts(const struct callback *callback)
{
    return (callback->recorded_visited == SAID_YES && callback->told_visited == SAID_NO)
           || (callback->recorded_score != 0 && callback->told_score != 0
               && callback->recorded_score != callback->told_score);
}

static enum heard judge(const struct callback *callback)
{
    if (contradicts(callback))
        return HEARD_DIFFERS;
    if (callback->told_solved == SAID_NOTHING
        || callback->recorded_solved == SAID_NOTHING)
        return HEARD_UNSURE;
    if (callback->told_solved != callback->recorded_solved)
        return HEARD_DIFFERS;
    /* who says it was not his report cannot confirm what became of it */
    return callback->own == SAID_NO ? HEARD_UNSURE : HEARD_AGREES;
}

static void count_call(const struct callback *callback, struct calls_made *made)
{
    enum heard heard;

    if (callback->contact == CONTACT_NOT_TRIED) {
        made->drawn += !callback->spare; /* skipping whom one would not call is seen */
        made->skipped += !callback->spare;
        return;
    }
    made->drawn++;
    made->refused += callback->contact == CONTACT_REFUSED;
    made->silent += callback->contact == CONTACT_SILENT;
    if (callback->contact != CONTACT_REACHED)
        return;
    made->reached++;
    heard = judge(callback);
    made->agree += heard == HEARD_AGREES;
    made->differ += heard == HEARD_DIFFERS;
    made->unsure += heard == HEARD_UNSURE;
    made->stranger += callback->own == SAID_NO;
    made->reopen += callback->reopen;
}

static bool reported_in(const struct callback *callback,
                        const struct settings *settings, const struct period *period)
{
    return callback->month != INT32_MIN
           && within(book_start(settings, callback->month + 1), period->from,
                     period->until);
}

static struct base counted(bool known, int64_t count)
{
    return known ? base_count(count) : base_none(ANSWER_NO_DATA);
}

static void emit_calls(struct sink *sink, const struct settings *settings)
{
    const struct registers *registers = &sink->lives->history->facts->registers;
    struct calls_made made = { 0 };
    bool any;
    size_t i;

    for (i = 0; i < registers->callback_count; i++)
        if (reported_in(&registers->callbacks[i], settings, &sink->lives->period))
            count_call(&registers->callbacks[i], &made);
    any = made.drawn > 0;
    sink_total(sink, "AUD-01",
               any ? base_wilson(made.agree, made.reached) : base_none(ANSWER_NO_DATA));
    sink_total(sink, "AUD-01.differ", counted(any, made.differ));
    sink_total(sink, "AUD-01.unsure", counted(any, made.unsure));
    sink_total(sink, "AUD-01.stranger", counted(any, made.stranger));
    sink_total(sink, "AUD-01.reopen", counted(any, made.reopen));
    sink_total(sink, "AUD-02",
               any ? base_wilson(made.reached, made.drawn) : base_none(ANSWER_NO_DATA));
    sink_total(sink, "AUD-02.refused", counted(any, made.refused));
    sink_total(sink, "AUD-02.silent", counted(any, made.silent));
    sink_total(sink, "AUD-02.skipped", counted(any, made.skipped));
}

static void emit_eligible(struct sink *sink)
{
    const struct lifecycles *lives = sink->lives;
    int64_t count = 0;
    size_t i;

    for (i = 0; i < lives->count; i++)
        if (callback_eligible(lives, &lives->items[i])) {
            sink_case(sink, "AUD-02.eligible", lives->items[i].ticket);
            count++;
        }
    sink_total(sink, "AUD-02.eligible", base_count(count));
}

/* --- objections --------------------------------------------------------------------
 */
struct asked {
    int64_t received, answered, intime, overdue, waiting, changed;
};

/* The day of the answer as known at the cut-off; one before the question is none. */
static int32_t answer_day(const struct objection *objection,
                          const struct period *period)
{
    if (objection->answered < objection->received
        || (int64_t)objection->answered * DAY_SECONDS >= period->cutoff)
        return INT32_MIN;
    return objection->answered;
}

static void count_objection(const struct objection *objection,
                            const struct period *period, struct asked *asked)
{
    int32_t answered = answer_day(objection, period);
    int64_t last = (int64_t)objection->received + ANSWER_DAYS;
    bool over = answered != INT32_MIN ? answered > last
                                      : (last + 1) * DAY_SECONDS <= period->cutoff;

    asked->received++;
    asked->answered += answered != INT32_MIN;
    asked->intime += answered != INT32_MIN && !over;
    asked->overdue += over;
    asked->waiting += answered == INT32_MIN && !over;
    asked->changed += answered != INT32_MIN && objection->changed == SAID_YES;
}

static bool received_in(const struct objection *objection, const struct period *period)
{
    return objection->received != INT32_MIN
           && within((int64_t)objection->received * DAY_SECONDS, period->from,
                     period->until);
}

/* Nobody keeps the register: that none was received is not known. */
static bool register_kept(const struct registers *registers,
                          const struct period *period)
{
    size_t i;

    for (i = 0; i < registers->objection_count; i++)
        if (registers->objections[i].received != INT32_MIN
            && (int64_t)registers->objections[i].received * DAY_SECONDS < period->until)
            return true;
    return false;
}

static void emit_objections(struct sink *sink)
{
    const struct registers *registers = &sink->lives->history->facts->registers;
    const struct period *period = &sink->lives->period;
    bool kept = register_kept(registers, period);
    struct asked asked = { 0 };
    size_t i;

    for (i = 0; i < registers->objection_count; i++)
        if (received_in(&registers->objections[i], period))
            count_objection(&registers->objections[i], period, &asked);
    sink_total(sink, "OBJ-01", counted(kept, asked.received));
    sink_total(sink, "OBJ-01.answered", counted(kept, asked.answered));
    sink_total(sink, "OBJ-01.intime", counted(kept, asked.intime));
    sink_total(sink, "OBJ-01.overdue", counted(kept, asked.overdue));
    sink_total(sink, "OBJ-01.waiting", counted(kept, asked.waiting));
    sink_total(sink, "OBJ-01.changed", counted(kept, asked.changed));
}

/* Those of the month, and older ones that it began with unanswered. */
static bool shown(const struct objection *objection, const struct period *period)
{
    return received_in(objection, period)
           || (objection->received != INT32_MIN
               && (int64_t)objection->received * DAY_SECONDS < period->from
               && (objection->answered < objection->received
                   || (int64_t)objection->answered * DAY_SECONDS >= period->from));
}

static int compare_objections(const void *left, const void *right)
{
    const struct objection *const *a = left, *const *b = right;

    if ((*a)->received != (*b)->received)
        return (*a)->received < (*b)->received ? -1 : 1;
    return strcmp((*a)->number, (*b)->number);
}

static struct value said_cell(const char *text)
{
    bool told = text != NULL && *text != '\0';

    return (struct value){ VALUE_TEXT, told ? text : "—", NAN };
}

static struct value day_cell(int64_t day)
{
    if (day == INT32_MIN)
        return said_cell(NULL);
    return (struct value){ VALUE_DAY, NULL, (double)day };
}

static void fill(const struct objection *objection, const struct period *period,
                 struct value *row)
{
    int32_t answered = answer_day(objection, period);
    const char *key = answered == INT32_MIN || objection->changed == SAID_NOTHING ? NULL
                      : objection->changed == SAID_YES ? "objection.changed.yes"
                                                       : "objection.changed.no";

    row[0] = said_cell(objection->number);
    row[1] = day_cell(objection->received);
    row[2] = said_cell(objection->about);
    row[3] = day_cell((int64_t)objection->received + ANSWER_DAYS);
    row[4] = day_cell(answered);
    row[5] = said_cell(answered == INT32_MIN ? NULL : objection->answer);
    row[6] = key == NULL ? said_cell(NULL) : (struct value){ VALUE_WORDS, key, NAN };
}

static void list_objections(struct sink *sink)
{
    static const char *const titles[] = { "objection.number",   "objection.received",
                                          "objection.about",    "objection.due",
                                          "objection.answered", "objection.answer",
                                          "objection.changed" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    const struct registers *registers = &sink->lives->history->facts->registers;
    const struct period *period = &sink->lives->period;
    /* ".cases": the public reads how many, never what anybody wrote */
    struct listing listing = { .name = "OBJ-01.cases",
                               .columns = COLUMNS,
                               .titles = titles };
    const struct objection **rows =
        arena_alloc(sink->scratch, (registers->objection_count + 1) * sizeof *rows);
    struct value *cells;
    uint16_t part;
    size_t i;

    if (!register_kept(registers, period)
        || metrics_name(sink->metrics, "OBJ-01", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < registers->objection_count; i++)
        if (shown(&registers->objections[i], period))
            rows[listing.rows++] = &registers->objections[i];
    if (listing.rows > 1)
        qsort(rows, listing.rows, sizeof *rows, compare_objections);
    cells = arena_alloc(sink->results->memory,
                        (listing.rows + 1) * COLUMNS * sizeof *cells);
    for (i = 0; i < listing.rows; i++)
        fill(rows[i], period, cells + i * COLUMNS);
    listing.cells = cells;
    results_add_listing(sink->results, &listing);
}

static enum status run_audit(const struct facts *facts, const struct context *context,
                             struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        emit_calls(&sink, context->settings);
        emit_eligible(&sink);
        emit_objections(&sink);
        if (p + 1 == context->count && !sink.empty)
            list_objections(&sink);
        status = sink_status(&sink, "audit", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_audit = {
    .name = "audit",
    .summary = "业主委员会抽查回访与登记是否相符，对公示的疑问与答复",
    .needs = NEED_TICKETS | NEED_EVENTS | NEED_REGISTERS,
    .gives = "AUD OBJ",
    .run = run_audit,
};
