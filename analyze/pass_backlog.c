/* pass_backlog.c - what is still open: BKL-01 by age, BKL-03 the cohort triangle. */
#include <math.h>
#include <string.h>

#include "analyze/hard.h"
#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "core/calendar.h"
#include "core/store.h"

enum {
    SECONDS_AN_HOUR = 3600,
    LATER_MONTHS = 13,
    LATE_START = 3 * DAY_SECONDS /* a month whose data begin later is no month */
};

enum counter { OPEN, OLD, COUNTERS };

struct work {
    const struct lifecycles *lives;
    struct tally tally;
    struct samples ages; /* hours; state = band */
    int64_t bands[AGE_BANDS];
};

static void count_life(struct work *work, const struct life *life)
{
    const struct tickets *tickets = &work->lives->history->facts->tickets;
    uint32_t i = life->ticket, band;
    int64_t age = work->lives->period.cutoff - tickets->received[i];

    if (life->standing != STANDING_VALID || (life->marks & LIFE_OPEN) == 0)
        return;
    band = age_band(age);
    tally_add(&work->tally, i, OPEN, 1);
    tally_add(&work->tally, i, OLD, band >= 4);
    work->bands[band]++;
    samples_add(&work->ages, i, (double)age / SECONDS_AN_HOUR, (uint8_t)band);
}

/* --- BKL-03: the cohort triangle ---------------------------------------------------
 */

struct cohort {
    int32_t month;
    int64_t received, open[LATER_MONTHS];
    int told; /* months that are over by the cut-off */
};

static const char *const triangle_names[LATER_MONTHS] = {
    "BKL-03.m0",  "BKL-03.m1",  "BKL-03.m2",  "BKL-03.m3", "BKL-03.m4",
    "BKL-03.m5",  "BKL-03.m6",  "BKL-03.m7",  "BKL-03.m8", "BKL-03.m9",
    "BKL-03.m10", "BKL-03.m11", "BKL-03.m12",
};

static void cohort_count(const struct sink *sink, const int64_t *ends,
                         struct cohort *cohort, size_t first, size_t last)
{
    const struct lifecycles *lives = sink->lives;
    const struct history *history = lives->history;
    int age = lives->period.month - cohort->month;
    size_t i;
    int m;

    for (i = first; i < last; i++) {
        if (!ticket_valid(history, (uint32_t)i, lives->period.cutoff))
            continue;
        cohort->received++;
        for (m = 0; m < cohort->told; m++) {
            bool open = ticket_open(history, (uint32_t)i, ends[m]);

            cohort->open[m] += open;
            if (open && m == age)
                sink_case(sink, triangle_names[m], (uint32_t)i);
        }
    }
}

/* By cohort; and in all, the diagonal: how each stands at the end of this month. */
static void triangle_figures(struct sink *sink, const struct cohort *cohort)
{
    int m, age = sink->lives->period.month - cohort->month;

    for (m = 0; m < cohort->told; m++) {
        struct base base = base_wilson(cohort->open[m], cohort->received);

        sink_key(sink, triangle_names[m], DIM_MONTH, (uint32_t)cohort->month, base);
        if (m == age)
            sink_total(sink, triangle_names[m], base);
    }
}

static void triangle_list(struct sink *sink, const struct cohort *cohorts, size_t count)
{
    static const char *const titles[] = {
        "triangle.month", "triangle.received", "triangle.m0",  "triangle.m1",
        "triangle.m2",    "triangle.m3",       "triangle.m4",  "triangle.m5",
        "triangle.m6",    "triangle.m7",       "triangle.m8",  "triangle.m9",
        "triangle.m10",   "triangle.m11",      "triangle.m12",
    };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    struct arena *memory = sink->results->memory;
    struct value *cells = arena_alloc(memory, (count + 1) * COLUMNS * sizeof *cells);
    struct listing listing = { .name = "BKL-03",
                               .columns = COLUMNS,
                               .rows = count,
                               .cells = cells,
                               .titles = titles };
    uint16_t part;
    size_t i;
    int m;

    if (metrics_name(sink->metrics, "BKL-03", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < count; i++) {
        const struct cohort *cohort = &cohorts[i];
        struct value *row = cells + i * COLUMNS;
        char month[8];

        month_print(cohort->month, month);
        row[0] =
            (struct value){ VALUE_TEXT, arena_copy(memory, month, strlen(month)), NAN };
        row[1] = (struct value){ VALUE_COUNT, NULL, (double)cohort->received };
        for (m = 0; m < LATER_MONTHS; m++)
            row[2 + m] = m < cohort->told && cohort->received > 0
                             ? (struct value){ VALUE_SHARE, NULL,
                                               (double)cohort->open[m]
                                                   / (double)cohort->received }
                             : (struct value){ VALUE_TEXT, " ", NAN };
    }
    results_add_listing(sink->results, &listing);
}

/* Each month of the year before and this one: how many of its valid tickets were open
 * when it ended, and one, two, three ... months later. */
static void triangle(const struct lifecycles *lives, const struct settings *settings,
                     struct sink *sink)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    struct cohort cohorts[LATER_MONTHS] = { { 0 } };
    int64_t ends[LATER_MONTHS];
    size_t count = 0, first = 0, last;
    int32_t month = lives->period.month - LATER_MONTHS + 1;
    int m;

    for (; month <= lives->period.month; month++) {
        struct cohort *cohort = &cohorts[count];
        int64_t from = book_start(settings, month);

        *cohort = (struct cohort){ .month = month };
        for (m = 0; m < LATER_MONTHS; m++) {
            ends[m] = book_start(settings, month + 1 + m);
            if (ends[m] <= lives->period.cutoff)
                cohort->told = m + 1;
        }
        while (first < tickets->count && tickets->received[first] < from)
            first++;
        for (last = first; last < tickets->count && tickets->received[last] < ends[0];)
            last++;
        /* A cohort that began before the data do is not whole. */
        if (last == first || tickets->received[0] > from + LATE_START)
            continue;
        cohort_count(sink, ends, cohort, first, last);
        triangle_figures(sink, cohort);
        count++;
        first = last;
    }
    if (!sink_silent(sink, "BKL-03"))
        triangle_list(sink, cohorts, count);
}

static void emit_ages(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, ~0u, sink->scratch, &count);

    sink_group(sink, group, "BKL-01.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "BKL-01.oldest", base_quantile(values, count, 1));
}

static void emit_all(struct work *work, struct sink *sink)
{
    uint32_t i;

    tally_count(&work->tally, sink, "BKL-01", OPEN);
    tally_count(&work->tally, sink, "BKL-01.over30", OLD);
    samples_each(&work->ages, sink, "BKL-01", emit_ages);
    for (i = 0; i < AGE_BANDS && !sink_silent(sink, "BKL-01"); i++)
        sink_key(sink, "BKL-01", DIM_AGE, i, base_count(work->bands[i]));
}

static enum status run_backlog(const struct facts *facts, const struct context *context,
                               struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct work work = { .lives = lives, .ages = { .memory = scratch } };
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&work.tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++)
            count_life(&work, &lives->items[i]);
        emit_all(&work, &sink);
        if (p + 1 == context->count)
            triangle(lives, context->settings, &sink);
        status = sink_status(&sink, "backlog", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_backlog = {
    .name = "backlog",
    .summary = "还欠什么：在办账龄、各月受理的还剩几成",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "BKL",
    .run = run_backlog,
};
