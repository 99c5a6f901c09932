/*
 * disclose_runs.c - split by split: each is made safe by itself, then the pairs of
 * them.
 *
 * What disclose_cells.c does for one split of one month is done here for all; where
 * splits tell of one another, a plain rule hides more:
 *   - a pool of months is not told by place: months told singly would be taken off;
 *   - buildings and areas are two splits of the same homes, and which building is
 *     where everybody knows: when either has something to hide, only areas are told;
 *   - two keys at once (area x nature): nothing is told when a cell of it is small.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/disclose_board.h"
#include "core/beside.h"
#include "core/crew.h"

enum { POOL_SECONDS = 32 * 86400, LANES_MOST = 8 };

struct run {
    const size_t *figures;
    size_t count;
    enum dimension dimension;
    int32_t month;
};

static bool any_hidden(const struct view *view, const struct run *run)
{
    size_t i;

    for (i = 0; i < run->count; i++)
        if (view->hidden[run->figures[i]] != SHOWN)
            return true;
    return false;
}

static void hide_run(struct view *view, const struct run *run)
{
    size_t i;

    for (i = 0; i < run->count; i++)
        if (view->hidden[run->figures[i]] == SHOWN
            && view_class(view, run->figures[i]) != CLASS_SERVICE)
            view->hidden[run->figures[i]] = HIDDEN_WITH_OTHERS;
}

static bool is_intake(const struct view *view, size_t at)
{
    const char *id = view->all->metrics->items[view->kept[at]->metric].id;

    return strcmp(id, "INT-01") == 0 || strcmp(id, "INT-07") == 0
           || strcmp(id, "INT-09") == 0;
}

/* Buildings give way to areas where one of the two would tell the other. */
static void coarsen(struct view *view, const struct run *runs, size_t count)
{
    size_t b, g, i;

    for (b = 0; b < count; b++)
        for (g = 0; g < count; g++) {
            bool clash;

            if (runs[b].dimension != DIM_BUILDING || runs[g].dimension != DIM_GRID
                || runs[b].month != runs[g].month)
                continue;
            clash = any_hidden(view, &runs[b]);
            for (i = 0; i < runs[g].count; i++)
                clash |= is_intake(view, runs[g].figures[i])
                         && view->hidden[runs[g].figures[i]] != SHOWN;
            if (clash)
                hide_run(view, &runs[b]);
        }
}

/* Two keys at once. */
static void protect_pairs(struct view *view)
{
    size_t i, j;

    for (i = 0; i < view->count; i++) {
        const struct figure *small = view->kept[i];

        if (small->dimension[1] == DIM_TOTAL || view->hidden[i] != HIDDEN_ITSELF)
            continue;
        for (j = 0; j < view->count; j++) {
            const struct figure *figure = view->kept[j];

            if (figure->dimension[0] == small->dimension[0]
                && figure->dimension[1] == small->dimension[1]
                && figure->month == small->month && view->hidden[j] == SHOWN)
                view->hidden[j] = HIDDEN_WITH_OTHERS;
        }
    }
}

static int compare_runs(const void *left, const void *right, void *context)
{
    const struct view *view = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const struct figure *x = view->kept[a], *y = view->kept[b];

    if (x->dimension[0] != y->dimension[0])
        return x->dimension[0] < y->dimension[0] ? -1 : 1;
    if (x->month != y->month)
        return x->month < y->month ? -1 : 1;
    return (a > b) - (a < b);
}

/* Service figures that tell how many there are to ask belong to the table too. */
static bool joins(const struct view *view, size_t at)
{
    const struct figure *figure = view->kept[at];
    const char *id = view->all->metrics->items[figure->metric].id;

    if (figure->dimension[0] == DIM_TOTAL || figure->dimension[1] != DIM_TOTAL)
        return false;
    return view_class(view, at) != CLASS_SERVICE || strcmp(id, "SAT-03") == 0
           || strcmp(id, "REV-02") == 0;
}

static enum disclosure class_of_run(const struct view *view, const struct run *run)
{
    enum disclosure class = CLASS_SERVICE;
    size_t i;

    for (i = 0; i < run->count; i++)
        if (view_class(view, run->figures[i]) > class)
            class = view_class(view, run->figures[i]);
    return class;
}

static void protect_run(struct view *view, const struct run *run, struct bench *bench)
{
    enum disclosure class = class_of_run(view, run);

    if (class == CLASS_SERVICE)
        return;
    if (class == CLASS_PLACE && run->month == view->all->month
        && view->all->until - view->all->from > POOL_SECONDS)
        hide_run(view, run);
    else
        board_protect(view, run->figures, run->count, class, bench);
}

struct lanes {
    struct view *view;
    const struct run *runs;
    size_t count;
    atomic_size_t next;
};

static void *run_lane(void *self)
{
    struct lanes *lanes = self;
    struct bench bench = { arena_new(), arena_new(), arena_new() };
    size_t i;

    while ((i = atomic_fetch_add(&lanes->next, 1)) < lanes->count)
        protect_run(lanes->view, &lanes->runs[i], &bench);
    arena_free(bench.scratch);
    arena_free(bench.tables);
    arena_free(bench.board);
    return NULL;
}

/* A run hides figures of its own alone and asks of no other's, so it does not matter
 * which is done first, or beside which. */
static void protect_runs(struct view *view, const struct run *runs, size_t count)
{
    struct lanes lanes = { .view = view, .runs = runs, .count = count };
    size_t wanted = crew_cores(), more = 0;
    pthread_t threads[LANES_MOST];

    if (wanted > LANES_MOST)
        wanted = LANES_MOST;
    while (more + 1 < wanted && more + 1 < count
           && beside_start(&threads[more], run_lane, &lanes))
        more++;
    (void)run_lane(&lanes);
    while (more > 0)
        (void)pthread_join(threads[--more], NULL);
}

void view_protect(struct view *view)
{
    size_t *figures = arena_alloc(view->memory, (view->count + 1) * sizeof *figures);
    struct run *runs = arena_alloc(view->memory, (view->count + 1) * sizeof *runs);
    size_t count = 0, run_count = 0, i;

    for (i = 0; i < view->count; i++)
        if (joins(view, i))
            figures[count++] = i;
    if (count > 1)
        qsort_r(figures, count, sizeof *figures, compare_runs, view);
    for (i = 0; i < count; i++) {
        const struct figure *figure = view->kept[figures[i]];
        struct run *last = run_count > 0 ? &runs[run_count - 1] : NULL;

        if (last == NULL || last->dimension != (enum dimension)figure->dimension[0]
            || last->month != figure->month)
            runs[run_count++] =
                (struct run){ figures + i, 0, (enum dimension)figure->dimension[0],
                              figure->month };
        runs[run_count - 1].count++;
    }
    protect_runs(view, runs, run_count);
    coarsen(view, runs, run_count);
    protect_pairs(view);
}
