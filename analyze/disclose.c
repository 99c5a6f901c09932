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

static const struct metric *metric_of(const struct view *view, size_t i)
{
    return &view->all->metrics->items[view->kept[i]->metric];
}

/* Of two keys the stricter class holds. */
enum disclosure view_class(const struct view *view, size_t figure)
{
    const struct metric *metric = metric_of(view, figure);
    const struct figure *kept = view->kept[figure];
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
    const struct figure *figure = view->kept[i];
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

        if (view->kept[i]->base.answer == ANSWER_NO_DATA)
            continue;
        switch (view_class(view, i)) {
        case CLASS_SERVICE:
            break;
        case CLASS_PLACE:
            hidden = few(view, view->kept[i]);
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
    struct figure place = { .month = month };

    if (metrics_name(view->all->metrics, name, &place.metric, &place.part) < 0)
        return view->count;
    return view_find(view, &place);
}

static bool hidden_total(const struct view *view, const char *name, int32_t month)
{
    size_t at = find_total(view, name, month);

    return at < view->count && view->hidden[at] != SHOWN;
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
        if ((at = find_total(view, all[i], month)) < view->count)
            view->hidden[at] = HIDDEN_WITH_OTHERS;
    for (i = 0; source && sources[i] != NULL; i++)
        if ((at = find_total(view, sources[i], month)) < view->count)
            view->hidden[at] = HIDDEN_WITH_OTHERS;
}

static void protect_totals(struct view *view)
{
    uint16_t metric, part;
    size_t i;

    if (metrics_name(view->all->metrics, "SAT-01", &metric, &part) < 0)
        return;
    for (i = 0; i < view->count; i++)
        if (view->kept[i]->metric == metric && view->kept[i]->part == part
            && view->kept[i]->dimension[0] == DIM_TOTAL)
            hide_totals(view, view->kept[i]->month);
}

/* --- the view ---------------------------------------------------------------------
 */

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

    view_keep(&view);
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

/* Who sits on the committee reads the board as well.  Two patterns made apart would
 * tell together what neither tells: so the board hides whatever the committee is not
 * shown, and beside the committee's edition tells nothing new. */
static void hide_with_committee(struct view *view, const struct settings *settings,
                                const struct published *earlier)
{
    struct arena *scratch = arena_new();
    struct view inner = view_open(view->all, AUDIENCE_COMMITTEE, settings, scratch);
    size_t at = 0, i;

    hide(&inner, earlier);
    for (i = 0; i < inner.count; i++) {
        if (inner.hidden[i] == SHOWN)
            continue;
        while (at < view->count
               && results_order(view->all, view->kept[at], inner.kept[i]) < 0)
            at++;
        while (at < view->count
               && results_order(view->all, view->kept[at], inner.kept[i]) == 0)
            view->hidden[at++] = HIDDEN_BEFORE;
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
        struct figure figure = *view.kept[i];

        if (view.hidden[i] == SHOWN && figure_is_filler(&figure))
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
