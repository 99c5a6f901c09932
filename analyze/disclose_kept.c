/*
 * disclose_kept.c - which figures an audience may have at all, in the order of results.
 *
 * They are pointed to, not copied: there are a hundred thousand of 80 bytes, and the
 * board's view holds the committee's beside its own.
 *
 * Where a key of a place has no figure although others have (nobody was answered
 * there), that says nought.  It gets one that can be hidden like the others; one
 * that may be printed is absent again.
 */
#include "analyze/disclose.h"

enum { FILLER = -2 }; /* n of a figure nobody made */

struct span { /* figures in their order */
    const struct figure *const *at;
    size_t count;
};

struct keeping {
    const struct results *all;
    struct arena *memory;
    const struct figure **kept;
    size_t count;
    struct span intake[DIM_COUNT]; /* INT-01 by each dimension: which keys have cases */
};

static bool allowed(const struct metric *metric, const struct figure *figure,
                    enum audience audience)
{
    if (figure->dimension[1] == DIM_TOTAL)
        return metric_allows(metric, (enum dimension)figure->dimension[0], audience);
    return metric_allows_pair(metric, (enum dimension)figure->dimension[0],
                              (enum dimension)figure->dimension[1], audience);
}

bool figure_is_filler(const struct figure *figure)
{
    return figure->base.answer == ANSWER_NO_DATA && figure->base.n == FILLER;
}

bool figures_run_on(const struct figure *a, const struct figure *b)
{
    return a->metric == b->metric && a->part == b->part
           && a->dimension[0] == b->dimension[0] && a->dimension[1] == b->dimension[1];
}

/* The figures of one metric, part and dimensions, from the first on. */
static struct span run_from(const struct span *all, size_t from)
{
    size_t to = from + 1;

    while (to < all->count && figures_run_on(all->at[from], all->at[to]))
        to++;
    return (struct span){ all->at + from, to - from };
}

static struct span find_allowed(const struct view *view)
{
    const struct results *all = view->all;
    const struct figure **found =
        arena_alloc(view->memory, (all->figure_count + 1) * sizeof *found);
    const struct figure *before = NULL;
    bool may = false;
    size_t count = 0, i;

    for (i = 0; i < all->figure_count; i++) {
        const struct figure *figure = &all->figures[i];

        if (before == NULL || !figures_run_on(before, figure))
            may = allowed(&all->metrics->items[figure->metric], figure, view->audience);
        if (may)
            found[count++] = figure;
        before = figure;
    }
    return (struct span){ found, count };
}

static void find_intake(struct keeping *keeping, const struct span *found)
{
    int metric = metrics_find(keeping->all->metrics, "INT-01");
    size_t i;

    for (i = 0; i < found->count; i++) {
        const struct figure *figure = found->at[i];
        struct span run;

        if (figure->metric != metric || figure->part != 0)
            continue;
        run = run_from(found, i);
        if (figure->dimension[1] == DIM_TOTAL)
            keeping->intake[figure->dimension[0]] = run;
        i += run.count - 1;
    }
}

bool months_hold(const int32_t *months, size_t count, int32_t month)
{
    while (count > 0 && months[count - 1] != month)
        count--;
    return count > 0;
}

/* The months of a run, each once. */
static size_t months_of(const struct span *run, int32_t *months)
{
    size_t found = 0, i;

    for (i = 0; i < run->count; i++)
        if (!months_hold(months, found, run->at[i]->month))
            months[found++] = run->at[i]->month;
    return found;
}

static void keep_run(struct keeping *keeping, const struct span *run)
{
    size_t i;

    for (i = 0; i < run->count; i++)
        keeping->kept[keeping->count++] = run->at[i];
}

static const struct figure *make_filler(struct keeping *keeping,
                                        const struct figure *place)
{
    struct figure *filler = arena_alloc(keeping->memory, sizeof *filler);

    *filler = *place;
    filler->base = base_none(ANSWER_NO_DATA);
    filler->base.n = FILLER;
    return filler;
}

/* Both come key by key and month by month: what only the intake has is filled. */
static void keep_filled(struct keeping *keeping, const struct span *run,
                        int32_t *months)
{
    const struct span intake = keeping->intake[run->at[0]->dimension[0]];
    size_t month_count = months_of(run, months), i, next = 0;

    for (i = 0; i < intake.count; i++) {
        struct figure filler = *intake.at[i];
        int order = -1;

        if (!months_hold(months, month_count, filler.month))
            continue;
        filler.metric = run->at[0]->metric;
        filler.part = run->at[0]->part;
        while (next < run->count
               && (order = results_order(keeping->all, run->at[next], &filler)) < 0)
            keeping->kept[keeping->count++] = run->at[next++];
        if (next < run->count && order == 0)
            continue; /* it is there */
        keeping->kept[keeping->count++] = make_filler(keeping, &filler);
    }
    keep_run(keeping, &(struct span){ run->at + next, run->count - next });
}

static bool needs_fillers(const struct keeping *keeping, const struct figure *first)
{
    const struct metric *metric = &keeping->all->metrics->items[first->metric];

    return first->dimension[1] == DIM_TOTAL && first->dimension[0] != DIM_TOTAL
           && metric->dimension_class[first->dimension[0]] == CLASS_PLACE;
}

static size_t room_for(const struct keeping *keeping, const struct span *found)
{
    size_t room = found->count + 1, i;
    struct span run;

    for (i = 0; i < found->count; i += run.count) {
        run = run_from(found, i);
        if (needs_fillers(keeping, run.at[0]))
            room += keeping->intake[run.at[0]->dimension[0]].count;
    }
    return room;
}

static void keep_with_fillers(struct keeping *keeping, const struct span *found)
{
    struct arena *scratch = arena_new();
    int32_t *months = arena_alloc(scratch, (found->count + 1) * sizeof *months);
    struct span run;
    size_t i;

    find_intake(keeping, found);
    keeping->kept =
        arena_alloc(keeping->memory, room_for(keeping, found) * sizeof *keeping->kept);
    for (i = 0; i < found->count; i += run.count) {
        run = run_from(found, i);
        if (needs_fillers(keeping, run.at[0]))
            keep_filled(keeping, &run, months);
        else
            keep_run(keeping, &run);
    }
    arena_free(scratch);
}

void view_keep(struct view *view)
{
    struct span found = find_allowed(view);
    struct keeping keeping = { .all = view->all, .memory = view->memory };

    view->kept = found.at;
    view->count = found.count;
    if (view->audience != AUDIENCE_MANAGEMENT) {
        keep_with_fillers(&keeping, &found);
        view->kept = keeping.kept;
        view->count = keeping.count;
    }
    view->hidden = arena_alloc(view->memory, view->count + 1);
}

size_t view_find(const struct view *view, const struct figure *place)
{
    size_t low = 0, high = view->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = results_order(view->all, view->kept[middle], place);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return view->count;
}
