/* pass_held.c - how long passed tickets lay with whom: TRF-04.held. */
#include <math.h>
#include <stdlib.h>

#include "analyze/passes.h"
#include "analyze/stats_survival.h"
#include "analyze/tally.h"
#include "core/store.h"
#include "core/wording.h"

enum { SECONDS_AN_HOUR = 3600 };

struct spell {       /* one ticket with one department */
    uint32_t at, to; /* to: 0 = it was not passed on */
    double hours;
    bool over;
};

struct stays {
    struct arena *memory;
    struct spell *items;
    size_t count, room;
};

static void add_stay(struct stays *stays, const struct period *period, uint32_t at,
                     uint32_t to, int64_t from, int64_t until, bool over)
{
    /* ended in the period, or still runs */
    if (at == 0 || until < from
        || (over && !within(until, period->from, period->until)))
        return;
    if (stays->count == stays->room) {
        size_t room = stays->room == 0 ? 128 : stays->room * 2;

        stays->items =
            arena_grow(stays->memory, stays->items, stays->count * sizeof *stays->items,
                       room * sizeof *stays->items);
        stays->room = room;
    }
    stays->items[stays->count++] =
        (struct spell){ at, to, (double)(until - from) / SECONDS_AN_HOUR, over };
}

/* Only tickets that were passed on: the others would drown who holds what. */
static void walk(const struct lifecycles *lives, const struct life *life,
                 struct stays *stays)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct events *events = &history->facts->events;
    const struct period *period = &lives->period;
    uint32_t i = life->ticket, owner, e, changes = 0;
    int64_t since = tickets->received[i];

    owner = tickets->department_first == NULL ? 0 : tickets->department_first[i];
    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++) {
        uint32_t from =
            events->from_department == NULL ? 0 : events->from_department[e];
        uint32_t to = events->to_department == NULL ? 0 : events->to_department[e];
        int64_t at = events->at[e];

        if (at == HY_NEVER || at >= period->cutoff || to == 0)
            continue;
        if (from != 0)
            owner = from;
        if (to == owner)
            continue;
        add_stay(stays, period, owner, to, since, at, true);
        changes++;
        owner = to;
        since = at;
    }
    if (changes == 0)
        return;
    if ((life->marks & LIFE_OPEN) != 0)
        add_stay(stays, period, owner, 0, since, period->cutoff, false);
    else if (life->completed != HY_NEVER)
        add_stay(stays, period, owner, 0, since, life->completed, true);
}

static int compare_stays(const void *left, const void *right)
{
    const struct spell *a = left, *b = right;

    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return (a->hours > b->hours) - (a->hours < b->hours);
}

/* Those it still holds count up to the cut-off. */
static struct base held(const struct spell *stays, size_t count, struct arena *memory)
{
    double *exit = arena_alloc(memory, (count + 1) * sizeof *exit);
    uint8_t *event = arena_alloc(memory, count + 1);
    struct survival curve;
    struct estimate median;
    struct base base;
    size_t i;

    for (i = 0; i < count; i++) {
        exit[i] = stays[i].hours;
        event[i] = stays[i].over;
    }
    survival_fit(NULL, exit, event, count, memory, &curve);
    median = survival_quantile(&curve, LIMIT_LOGLOG, 0.95, 0.5, memory);
    base = base_none(count > 0 ? median.answer : ANSWER_NO_DATA);
    base.n = (int64_t)count;
    if (base.answer == ANSWER_OK) {
        base.value = median.value;
        base.low = median.low;
        base.high = median.high;
    }
    return base;
}

static void emit(struct stays *stays, struct sink *sink)
{
    struct figure figure = { .month = sink->lives->period.month,
                             .dimension = { DIM_DEPARTMENT, DIM_DEPARTMENT } };
    size_t first, next, pair;

    sink_total(sink, "TRF-04.held", held(stays->items, stays->count, sink->scratch));
    if (stays->count == 0 || sink->empty
        || metrics_name(sink->metrics, "TRF-04.held", &figure.metric, &figure.part) < 0)
        return;
    qsort(stays->items, stays->count, sizeof *stays->items, compare_stays);
    for (first = 0; first < stays->count; first = next) {
        const struct spell *stay = &stays->items[first];

        for (next = first; next < stays->count && stays->items[next].at == stay->at;)
            next++;
        sink_key(sink, "TRF-04.held", DIM_DEPARTMENT, stay->at,
                 held(stay, next - first, sink->scratch));
    }
    for (first = 0; first < stays->count; first = pair) {
        const struct spell *stay = &stays->items[first];

        for (pair = first;
             pair < stays->count
             && compare_stays(&stays->items[pair],
                              &(struct spell){ stay->at, stay->to,
                                               stays->items[pair].hours, false })
                    == 0;)
            pair++;
        if (stay->to == 0)
            continue;
        figure.key[0] = stay->at;
        figure.key[1] = stay->to;
        figure.base = held(stay, pair - first, sink->scratch);
        results_add(sink->results, &figure);
    }
}

/* --- the matrix as a list: from, to, how often, how long it lay before ---------------
 */

enum { MATRIX_MOST = 12 }; /* departments a page can hold; the others are in `show` */

/* The figures of one part and month that the matrix is made of. */
struct matrix {
    const struct figure **items;
    size_t count;
};

static struct matrix figures_of(const struct sink *sink, const char *name)
{
    const struct results *results = sink->results;
    struct matrix matrix = { .items = arena_alloc(sink->scratch,
                                                  (results->figure_count + 1)
                                                      * sizeof *matrix.items) };
    uint16_t metric, part;
    size_t i;

    if (metrics_name(sink->metrics, name, &metric, &part) < 0)
        return matrix;
    for (i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];

        if (figure->metric == metric && figure->part == part
            && figure->month == sink->lives->period.month
            && figure->dimension[0] == DIM_DEPARTMENT)
            matrix.items[matrix.count++] = figure;
    }
    return matrix;
}

/* to = 0: of the department as a whole. */
static const struct figure *figure_at(const struct matrix *matrix, uint32_t from,
                                      uint32_t to)
{
    size_t i;

    for (i = 0; i < matrix->count; i++)
        if (matrix->items[i]->key[0] == from && matrix->items[i]->key[1] == to)
            return matrix->items[i];
    return NULL;
}

static void note_department(uint32_t *found, size_t *count, uint32_t key)
{
    size_t at = *count, i;

    for (i = 0; i < *count; i++)
        if (found[i] == key)
            return;
    if (*count == MATRIX_MOST)
        return;
    for (; at > 0 && found[at - 1] > key; at--) /* words stand by their bytes */
        found[at] = found[at - 1];
    found[at] = key;
    ++*count;
}

static struct value matrix_cell(const struct matrix *all_steps,
                                const struct matrix *stays, uint32_t from, uint32_t to,
                                struct arena *memory)
{
    const struct figure *steps = figure_at(all_steps, from, to);
    const struct figure *stay = figure_at(stays, from, to);
    const char *count;

    if (from == to || steps == NULL)
        return (struct value){ VALUE_TEXT, "—", NAN };
    count = say_count(memory, (int64_t)steps->base.value);
    if (stay == NULL || stay->base.answer != ANSWER_OK)
        return (struct value){ VALUE_WORDS,
                               phrase(memory, "transfer.cell", "n", count, NULL), NAN };
    return (struct value){ VALUE_WORDS,
                           phrase(memory, "transfer.held", "n", count, "h",
                                  arena_printf(memory, "%.1f", stay->base.value), NULL),
                           NAN };
}

static void fill_row(struct sink *sink, const struct matrix *steps,
                     const struct matrix *stays, const uint32_t *departments,
                     size_t count, size_t row, struct value *at)
{
    const struct words *words = sink->lives->history->facts->words;
    const struct figure *stay = figure_at(stays, departments[row], 0);
    size_t column;

    at[0] = (struct value){ VALUE_TEXT, words->text[departments[row]], NAN };
    for (column = 0; column < count; column++)
        at[column + 1] = matrix_cell(steps, stays, departments[row],
                                     departments[column], sink->results->memory);
    at[count + 1] = stay == NULL || stay->base.answer != ANSWER_OK
                        ? (struct value){ VALUE_TEXT, "—", NAN }
                        : (struct value){ VALUE_NUMBER, NULL, stay->base.value };
}

static void list_matrix(struct sink *sink)
{
    const struct words *words = sink->lives->history->facts->words;
    struct arena *memory = sink->results->memory;
    struct matrix steps = figures_of(sink, "TRF-04");
    struct matrix stays = figures_of(sink, "TRF-04.held");
    uint32_t departments[MATRIX_MOST];
    struct listing listing = { .name = "TRF-04" };
    struct value *cells;
    const char **titles;
    size_t count = 0, i;
    uint16_t part;

    if (words == NULL
        || metrics_name(sink->metrics, "TRF-04", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < steps.count; i++) {
        note_department(departments, &count, steps.items[i]->key[0]);
        note_department(departments, &count, steps.items[i]->key[1]);
    }
    listing.rows = count;
    listing.columns = count + 2;
    listing.cells = cells =
        arena_alloc(memory, (count * listing.columns + 1) * sizeof *cells);
    listing.titles = titles = arena_alloc(memory, listing.columns * sizeof *titles);
    titles[0] = "transfer.from";
    titles[count + 1] = "transfer.stay";
    for (i = 0; i < count; i++) {
        titles[i + 1] = words->text[departments[i]];
        fill_row(sink, &steps, &stays, departments, count, i,
                 cells + i * listing.columns);
    }
    results_add_listing(sink->results, &listing);
}

static enum status run_held(const struct facts *facts, const struct context *context,
                            struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct stays stays = { .memory = scratch };
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        for (i = 0; i < lives->count; i++)
            if (lives->items[i].standing == STANDING_VALID) {
                size_t before = stays.count;

                walk(lives, &lives->items[i], &stays);
                if (stays.count > before)
                    sink_case(&sink, "TRF-04.held", lives->items[i].ticket);
            }
        emit(&stays, &sink);
        if (p + 1 == context->count && !sink.empty)
            list_matrix(&sink);
        status = sink_status(&sink, "held", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_held = {
    .name = "held",
    .summary = "转过手的件在各部门停留多久",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "TRF-04",
    .run = run_held,
    .after = &pass_transfer,
};
