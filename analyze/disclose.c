/*
 * disclose.c - the only way from results to a report: what an audience may see.
 *
 * Three classes (METHODS 8.0).  Service figures are printed as they are.  Place
 * cells of 1 to t-1 are suppressed, with what would give them away.  Opinions by
 * split need 30 answers and t on either side: 33 of 34 satisfied by department is
 * one unhappy owner.  At the TOTAL of the estate nobody can be told from "11 of 13
 * satisfied, few cases" (WORDING 2.2), the rating triple belongs to the minimum the
 * board must carry, and not printing it would protect the firm; so there METHODS
 * 8.0's "service" holds, but that fewer than t answers are not printed.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/disclose.h"
#include "core/store.h"

enum { LEAST_ANSWERS = 30 }; /* METHODS 8.0, opinion */
enum { FILLER = -2 };        /* n of a figure nobody made */

static const struct metric *metric_of(const struct view *view, size_t i)
{
    return &view->all->metrics->items[view->kept[i].metric];
}

/* Of two keys the stricter class holds. */
enum disclosure view_class(const struct view *view, size_t figure)
{
    const struct metric *metric = metric_of(view, figure);
    const struct figure *kept = &view->kept[figure];
    enum disclosure first =
        (enum disclosure)metric->dimension_class[kept->dimension[0]];
    enum disclosure second =
        (enum disclosure)metric->dimension_class[kept->dimension[1]];

    return kept->dimension[1] == DIM_TOTAL || second < first ? first : second;
}

int64_t figure_size(const struct figure *figure)
{
    return figure->base.denominator >= 0 ? figure->base.denominator : figure->base.n;
}

bool figure_counts(const struct metrics *metrics, const struct figure *figure)
{
    switch (metrics_unit(metrics, figure->metric, figure->part)) {
    case UNIT_COUNT:
    case UNIT_TIMES:
    case UNIT_HOUSEHOLDS:
        return true;
    case UNIT_SHARE:
    case UNIT_HOURS:
    case UNIT_NUMBER:
    case UNIT_DAYS:
        break;
    }
    return false;
}

/* --- what is small by itself ------------------------------------------------------
 */

/* A share that gives no numerator tells it all the same. */
static int64_t part_of(const struct view *view, const struct figure *figure)
{
    int64_t size = figure_size(figure);

    if (figure->base.denominator >= 0 || size <= 0 || !isfinite(figure->base.value)
        || metrics_unit(view->all->metrics, figure->metric, figure->part) != UNIT_SHARE)
        return figure->base.denominator >= 0 ? figure->base.numerator : -1;
    return (int64_t)llround(figure->base.value * (double)size);
}

/* A few of something: a count below t, or a share of which either part is. */
static bool few(const struct view *view, const struct figure *figure)
{
    int64_t size = figure_size(figure), k = part_of(view, figure);

    if (metrics_unit(view->all->metrics, figure->metric, figure->part) == UNIT_NUMBER) {
        size = figure->base.n; /* INT-10 is of a public number of homes */
        k = -1;
    }
    if (size > 0 && size < view->threshold)
        return true;
    if (k < 0)
        return false;
    return (k > 0 && k < view->threshold)
           || (size - k > 0 && size - k < view->threshold);
}

static bool opinion_hidden(const struct view *view, size_t i)
{
    const struct figure *figure = &view->kept[i];
    int64_t n = figure_size(figure), k = figure->base.numerator;
    bool count = figure_counts(view->all->metrics, figure);

    if (n <= 0)
        return false;
    if (figure->dimension[0] == DIM_TOTAL)
        return !count && n < view->threshold;
    if (count)
        return n < view->threshold;
    if (n < LEAST_ANSWERS)
        return true;
    if (figure->base.denominator < 0)
        return false; /* a mean: the ratings of the cell go together */
    return k < view->threshold || n - k < view->threshold;
}

static void mark_primary(struct view *view)
{
    size_t i;

    for (i = 0; i < view->count; i++) {
        bool hidden = false;

        if (view->kept[i].base.answer == ANSWER_NO_DATA)
            continue;
        switch (view_class(view, i)) {
        case CLASS_SERVICE:
            break;
        case CLASS_PLACE:
            hidden = few(view, &view->kept[i]);
            break;
        case CLASS_OPINION:
            hidden = opinion_hidden(view, i);
            break;
        }
        if (hidden)
            view->hidden[i] = HIDDEN_ITSELF;
    }
}

/* --- ratings of the whole estate --------------------------------------------------
 */

static size_t find_total(const struct view *view, const char *name, int32_t month)
{
    struct results sorted = *view->all;
    const struct figure *found;
    uint16_t metric, part;

    if (metrics_name(view->all->metrics, name, &metric, &part) < 0)
        return SIZE_MAX;
    sorted.figures = view->kept;
    sorted.figure_count = view->count;
    found = results_find(&sorted, metric, part, DIM_TOTAL, 0, month);
    return found == NULL ? SIZE_MAX : (size_t)(found - view->kept);
}

static bool hidden_total(const struct view *view, const char *name, int32_t month)
{
    size_t at = find_total(view, name, month);

    return at != SIZE_MAX && view->hidden[at] != SHOWN;
}

/* Too few ratings: nothing of them.  Too few of one source: neither source, the
 * other would be what is left. */
static void hide_totals(struct view *view, int32_t month)
{
    static const char *const all[] = { "SAT-02", "SAT-04", "SAT-05", "SAT-05.ceiling",
                                       NULL };
    static const char *const sources[] = { "SAT-01.resident", "SAT-01.staff", NULL };
    bool none = hidden_total(view, "SAT-01", month);
    bool source = none || hidden_total(view, sources[0], month)
                  || hidden_total(view, sources[1], month);
    size_t i, at;

    for (i = 0; none && all[i] != NULL; i++)
        if ((at = find_total(view, all[i], month)) != SIZE_MAX)
            view->hidden[at] = HIDDEN_WITH_OTHERS;
    for (i = 0; source && sources[i] != NULL; i++)
        if ((at = find_total(view, sources[i], month)) != SIZE_MAX)
            view->hidden[at] = HIDDEN_WITH_OTHERS;
}

static void protect_totals(struct view *view)
{
    uint16_t metric, part;
    size_t i;

    if (metrics_name(view->all->metrics, "SAT-01", &metric, &part) < 0)
        return;
    for (i = 0; i < view->count; i++)
        if (view->kept[i].metric == metric && view->kept[i].part == part
            && view->kept[i].dimension[0] == DIM_TOTAL)
            hide_totals(view, view->kept[i].month);
}

/* --- the view ---------------------------------------------------------------------
 */

const struct figure *view_hidden_figure(const struct view *view, uint16_t metric,
                                        uint16_t part, enum dimension dimension,
                                        uint32_t key, int32_t month)
{
    struct results sorted = *view->all;
    const struct figure *found;

    sorted.figures = view->kept;
    sorted.figure_count = view->count;
    found = results_find(&sorted, metric, part, dimension, key, month);
    if (found == NULL || view->hidden[found - view->kept] == SHOWN)
        return NULL;
    return found;
}

static bool allowed(const struct metric *metric, const struct figure *figure,
                    enum audience audience)
{
    if (figure->dimension[1] == DIM_TOTAL)
        return metric_allows(metric, (enum dimension)figure->dimension[0], audience);
    return metric_allows_pair(metric, (enum dimension)figure->dimension[0],
                              (enum dimension)figure->dimension[1], audience);
}

/* Where a key of a place has no figure although others have (nobody was answered
 * there), that says nought.  It gets one that can be hidden like the others; one
 * that may be printed is absent again. */
static bool is_filler(const struct figure *figure)
{
    return figure->base.answer == ANSWER_NO_DATA && figure->base.n == FILLER;
}

static bool same_run(const struct figure *a, const struct figure *b)
{
    return a->metric == b->metric && a->part == b->part
           && a->dimension[0] == b->dimension[0] && a->dimension[1] == b->dimension[1];
}

/* The months of a run, each once. */
static size_t months_of(const struct figure *run, size_t count, int32_t *months)
{
    size_t found = 0, i, m;

    for (i = 0; i < count; i++) {
        for (m = found; m > 0 && months[m - 1] != run[i].month; m--)
            ;
        if (m == 0)
            months[found++] = run[i].month;
    }
    return found;
}

/* The counts of cases by one key: which keys a month has. */
static size_t find_intake(const struct results *kept, const struct figure **intake)
{
    int metric = metrics_find(kept->metrics, "INT-01");
    size_t count = 0, i;

    for (i = 0; i < kept->figure_count; i++)
        if (kept->figures[i].metric == metric && kept->figures[i].part == 0
            && kept->figures[i].dimension[1] == DIM_TOTAL)
            intake[count++] = &kept->figures[i];
    return count;
}

static void fill_run(const struct results *kept, const struct figure *run, size_t count,
                     const struct figure *const *intake, size_t intake_count,
                     int32_t *months, struct results *fillers)
{
    size_t month_count = months_of(run, count, months), i, m;

    for (i = 0; i < intake_count; i++) {
        struct figure filler = *intake[i];

        if (filler.dimension[0] != run->dimension[0])
            continue;
        for (m = 0; m < month_count && months[m] != filler.month; m++)
            ;
        if (m == month_count
            || results_find(kept, run->metric, run->part,
                            (enum dimension)run->dimension[0], filler.key[0],
                            filler.month)
                   != NULL)
            continue;
        filler.metric = run->metric;
        filler.part = run->part;
        filler.base = base_none(ANSWER_NO_DATA);
        filler.base.n = FILLER;
        results_add(fillers, &filler);
    }
}

static void fill(struct results *kept)
{
    struct arena *scratch = arena_new();
    struct results *fillers = results_new(scratch, kept->metrics, kept->words);
    const struct figure **intake =
        arena_alloc(scratch, (kept->figure_count + 1) * sizeof *intake);
    int32_t *months = arena_alloc(scratch, (kept->figure_count + 1) * sizeof *months);
    size_t intake_count = find_intake(kept, intake), from, to, i;

    for (from = 0; from < kept->figure_count; from = to) {
        const struct figure *run = &kept->figures[from];
        const struct metric *metric = &kept->metrics->items[run->metric];

        for (to = from; to < kept->figure_count && same_run(run, &kept->figures[to]);
             to++)
            ;
        if (run->dimension[1] == DIM_TOTAL
            && metric->dimension_class[run->dimension[0]] == CLASS_PLACE
            && run->dimension[0] != DIM_TOTAL)
            fill_run(kept, run, to - from, intake, intake_count, months, fillers);
    }
    for (i = 0; i < fillers->figure_count; i++)
        results_add(kept, &fillers->figures[i]);
    results_sort(kept);
    arena_free(scratch);
}

static void keep_allowed(struct view *view)
{
    const struct results *all = view->all;
    struct results *kept = results_new(view->memory, all->metrics, all->words);
    size_t i;

    results_reserve(kept, all->figure_count * 2); /* with what fill() adds */
    for (i = 0; i < all->figure_count; i++) {
        const struct figure *figure = &all->figures[i];

        if (allowed(&all->metrics->items[figure->metric], figure, view->audience))
            results_add(kept, figure);
    }
    results_sort(kept);
    if (view->audience != AUDIENCE_MANAGEMENT)
        fill(kept);
    view->kept = kept->figures;
    view->count = kept->figure_count;
    view->hidden = arena_alloc(view->memory, view->count + 1);
}

static int threshold_of(const struct settings *settings, enum audience audience)
{
    switch (audience) {
    case AUDIENCE_PUBLIC:
        return settings->threshold_public;
    case AUDIENCE_COMMITTEE:
        return settings->threshold_committee;
    case AUDIENCE_MANAGEMENT:
        break;
    }
    return 0;
}

static struct view view_open(const struct results *results, enum audience audience,
                             const struct settings *settings, struct arena *memory)
{
    struct view view = { .all = results,
                         .memory = memory,
                         .threshold = threshold_of(settings, audience),
                         .audience = audience };

    keep_allowed(&view);
    return view;
}

static void hide(struct view *view, const struct published *earlier)
{
    uint8_t *before = arena_alloc(view->memory, view->count + 1);

    if (earlier != NULL)
        view_hide_earlier(view, &earlier[view->audience]);
    memcpy(before, view->hidden, view->count);
    mark_primary(view);
    protect_totals(view);
    view_protect(view);
    view_hide_splits(view, before);
}

static int compare_places(const struct figure *a, const struct figure *b)
{
    if (a->metric != b->metric)
        return a->metric < b->metric ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->month != b->month)
        return a->month < b->month ? -1 : 1;
    if (a->dimension[0] != b->dimension[0])
        return a->dimension[0] < b->dimension[0] ? -1 : 1;
    if (a->dimension[1] != b->dimension[1])
        return a->dimension[1] < b->dimension[1] ? -1 : 1;
    if (a->key[0] != b->key[0])
        return a->key[0] < b->key[0] ? -1 : 1;
    return (a->key[1] > b->key[1]) - (a->key[1] < b->key[1]);
}

static int by_place(const void *left, const void *right)
{
    return compare_places(*(const struct figure *const *)left,
                          *(const struct figure *const *)right);
}

/* Who sits on the committee reads the board as well.  Two patterns made apart would
 * tell together what neither tells: so the board hides whatever the committee is not
 * shown, and beside the committee's edition tells nothing new. */
static void hide_with_committee(struct view *view, const struct settings *settings,
                                const struct published *earlier)
{
    struct arena *scratch = arena_new();
    struct view inner = view_open(view->all, AUDIENCE_COMMITTEE, settings, scratch);
    const struct figure **gone;
    size_t count = 0, i;

    hide(&inner, earlier);
    gone = arena_alloc(scratch, (inner.count + 1) * sizeof *gone);
    for (i = 0; i < inner.count; i++)
        if (inner.hidden[i] != SHOWN)
            gone[count++] = &inner.kept[i];
    if (count > 1)
        qsort(gone, count, sizeof *gone, by_place);
    for (i = 0; i < view->count && count > 0; i++) {
        const struct figure *figure = &view->kept[i];

        if (bsearch(&figure, gone, count, sizeof *gone, by_place) != NULL)
            view->hidden[i] = HIDDEN_BEFORE;
    }
    arena_free(scratch);
}

enum status disclose(const struct results *results, enum audience audience,
                     const struct settings *settings, const struct published *earlier,
                     struct arena *memory, struct results **view_out, struct error *err)
{
    struct results *out = results_new(memory, results->metrics, results->words);
    struct view view = view_open(results, audience, settings, memory);
    size_t i;

    (void)err;
    out->month = results->month;
    out->from = results->from;
    out->until = results->until;
    out->cutoff = results->cutoff;
    if (audience == AUDIENCE_PUBLIC)
        hide_with_committee(&view, settings, earlier);
    if (audience != AUDIENCE_MANAGEMENT)
        hide(&view, earlier);
    results_reserve(out, view.count);
    for (i = 0; i < view.count; i++) {
        struct figure figure = view.kept[i];

        if (view.hidden[i] == SHOWN && is_filler(&figure))
            continue;
        if (view.hidden[i] != SHOWN)
            figure.base = base_none(ANSWER_SUPPRESSED);
        results_add(out, &figure);
    }
    view_copy_rest(&view, out);
    results_sort(out);
    *view_out = out;
    return HY_OK;
}
