/*
 * disclose.c - the only way from results to a report: what an audience may see.
 *
 * Three classes (METHODS 8.0).  Service figures are printed as they are.  Place
 * cells of 1 to t-1 are suppressed, and with them at least one more of the same
 * table, so that the total does not give them away.  Opinions need 30 answers and
 * t on either side.  A figure that rests on a suppressed cell goes with it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/pass.h"

enum { LEAST_ANSWERS = 30 }; /* METHODS 8.0, opinion */

struct view {
    const struct results *all;
    struct figure *kept;
    uint8_t *hidden; /* per kept figure */
    size_t count;
    int threshold;
};

/* Figures that give away another's cell: hidden together, cell by cell. */
static const char *const families[][8] = {
    { "SAT-01", "SAT-01.resident", "SAT-01.staff", "SAT-02", "SAT-04", "SAT-05",
      "SAT-05.ceiling", NULL },
};

static const struct metric *metric_of(const struct view *view, size_t i)
{
    return &view->all->metrics->items[view->kept[i].metric];
}

static enum disclosure class_of(const struct view *view, size_t i)
{
    const struct metric *metric = metric_of(view, i);
    enum disclosure first =
        (enum disclosure)metric->dimension_class[view->kept[i].dimension[0]];
    enum disclosure second =
        (enum disclosure)metric->dimension_class[view->kept[i].dimension[1]];

    return view->kept[i].dimension[1] == DIM_TOTAL || second < first ? first : second;
}

static bool allowed(const struct metric *metric, const struct figure *figure,
                    enum audience audience)
{
    return metric_allows(metric, (enum dimension)figure->dimension[0], audience)
           && (figure->dimension[1] == DIM_TOTAL
               || metric_allows(metric, (enum dimension)figure->dimension[1],
                                audience));
}

/* What a reader learns the size of: the count itself, or what a share is of. */
static int64_t cell_size(const struct figure *figure)
{
    if (figure->base.denominator >= 0)
        return figure->base.denominator;
    return figure->base.n;
}

static bool is_count(const struct view *view, size_t i)
{
    switch (
        metrics_unit(view->all->metrics, view->kept[i].metric, view->kept[i].part)) {
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

/* A few of something: a count below t, or a share of which either part is. */
static bool few(const struct view *view, const struct figure *figure)
{
    int64_t size = cell_size(figure), k = figure->base.numerator;

    if (size > 0 && size < view->threshold)
        return true;
    if (figure->base.denominator < 0 || k < 0)
        return false;
    return (k > 0 && k < view->threshold)
           || (size - k > 0 && size - k < view->threshold);
}

static bool opinion_hidden(const struct view *view, size_t i)
{
    const struct figure *figure = &view->kept[i];
    int64_t n = cell_size(figure), k = figure->base.numerator;

    if (is_count(view, i))
        return figure->base.n > 0 && figure->base.n < view->threshold;
    if (n <= 0)
        return false;
    if (n < LEAST_ANSWERS)
        return true;
    if (figure->base.denominator < 0)
        return false; /* a mean: its family decides */
    return k < view->threshold || n - k < view->threshold;
}

static void mark_primary(struct view *view)
{
    size_t i;

    for (i = 0; i < view->count; i++) {
        const struct figure *figure = &view->kept[i];

        if (figure->base.answer == ANSWER_NO_DATA)
            continue;
        switch (class_of(view, i)) {
        case CLASS_SERVICE:
            break;
        case CLASS_PLACE:
            view->hidden[i] = few(view, figure);
            break;
        case CLASS_OPINION:
            view->hidden[i] = opinion_hidden(view, i);
            break;
        }
    }
}

static bool same_cell(const struct figure *a, const struct figure *b)
{
    return a->dimension[0] == b->dimension[0] && a->dimension[1] == b->dimension[1]
           && a->key[0] == b->key[0] && a->key[1] == b->key[1] && a->month == b->month;
}

static struct figure *kept_like(const struct view *view, const struct figure *like,
                                uint16_t metric, uint16_t part, size_t *at)
{
    struct results sorted = *view->all;
    const struct figure *found;

    if (like->dimension[1] != DIM_TOTAL)
        return NULL;
    sorted.figures = view->kept;
    sorted.figure_count = view->count;
    found = results_find(&sorted, metric, part, (enum dimension)like->dimension[0],
                         like->key[0], like->month);
    if (found == NULL)
        return NULL;
    *at = (size_t)(found - view->kept);
    return &view->kept[*at];
}

/* One of the family hidden hides all of the same cell; those without its like in
 * the cell (a mean whose share nobody may see) go as well. */
static bool hide_families(struct view *view)
{
    bool changed = false;
    size_t f, i, m, at;

    for (f = 0; f < sizeof families / sizeof families[0]; f++) {
        for (m = 0; families[f][m] != NULL; m++) {
            uint16_t metric, part;

            if (metrics_name(view->all->metrics, families[f][m], &metric, &part) < 0)
                continue;
            for (i = 0; i < view->count; i++) {
                size_t other;

                if (!view->hidden[i] || view->kept[i].metric != metric
                    || view->kept[i].part != part)
                    continue;
                for (other = 0; families[f][other] != NULL; other++) {
                    uint16_t to, to_part;

                    if (metrics_name(view->all->metrics, families[f][other], &to,
                                     &to_part)
                            < 0
                        || kept_like(view, &view->kept[i], to, to_part, &at) == NULL
                        || view->hidden[at])
                        continue;
                    view->hidden[at] = 1;
                    changed = true;
                }
            }
        }
    }
    return changed;
}

/* The smallest other cell of the table that is not nothing; ties by order. */
static size_t complement(const struct view *view, const size_t *cells, size_t count)
{
    size_t best = SIZE_MAX, i;

    for (i = 0; i < count; i++) {
        const struct figure *figure = &view->kept[cells[i]];

        if (view->hidden[cells[i]] || cell_size(figure) <= 0)
            continue;
        if (best == SIZE_MAX || cell_size(figure) < cell_size(&view->kept[best]))
            best = cells[i];
    }
    return best;
}

/* What the total gives away of the hidden cells together. */
static int64_t hidden_sum(const struct view *view, const size_t *cells, size_t count,
                          size_t *hidden)
{
    int64_t sum = 0;
    size_t i;

    *hidden = 0;
    for (i = 0; i < count; i++)
        if (view->hidden[cells[i]]) {
            sum += cell_size(&view->kept[cells[i]]);
            ++*hidden;
        }
    return sum;
}

/* One table: the keys of one split in one month, which add up to the total.  One
 * cell alone is the total less the others; several that together make less than
 * 2t are told too closely. */
static bool complete_table(struct view *view, const size_t *cells, size_t count)
{
    bool changed = false;
    size_t hidden, more;

    for (;;) {
        int64_t sum = hidden_sum(view, cells, count, &hidden);

        if (hidden == 0 || (hidden >= 2 && sum >= 2 * (int64_t)view->threshold))
            return changed;
        more = complement(view, cells, count);
        if (more == SIZE_MAX)
            return changed;
        view->hidden[more] = 1;
        changed = true;
    }
}

static int compare_months(const void *left, const void *right, void *context)
{
    const struct figure *kept = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;

    if (kept[a].month != kept[b].month)
        return kept[a].month < kept[b].month ? -1 : 1;
    return (a > b) - (a < b);
}

static bool hide_complements(struct view *view, size_t *cells)
{
    bool changed = false;
    size_t first, next, from, to;

    for (first = 0; first < view->count; first = next) {
        const struct figure *run = &view->kept[first];

        for (next = first; next < view->count && view->kept[next].metric == run->metric
                           && view->kept[next].part == run->part
                           && view->kept[next].dimension[0] == run->dimension[0]
                           && view->kept[next].dimension[1] == run->dimension[1];
             next++)
            cells[next - first] = next;
        if (run->dimension[0] == DIM_TOTAL || class_of(view, first) == CLASS_SERVICE)
            continue;
        if (next - first > 1)
            qsort_r(cells, next - first, sizeof *cells, compare_months, view->kept);
        for (from = 0; from < next - first; from = to) {
            for (to = from;
                 to < next - first
                 && view->kept[cells[to]].month == view->kept[cells[from]].month;
                 to++)
                ;
            changed |= complete_table(view, cells + from, to - from);
        }
    }
    return changed;
}

/* Of a place whose count is hidden nothing else is said: shares, medians and other
 * counts of the cell tell how many there were. */
static bool hide_places(struct view *view)
{
    bool changed = false;
    uint16_t intake, part;
    size_t i, at;

    if (metrics_name(view->all->metrics, "INT-01", &intake, &part) < 0)
        return false;
    for (i = 0; i < view->count; i++) {
        if (view->hidden[i] || class_of(view, i) != CLASS_PLACE
            || view->kept[i].base.answer == ANSWER_NO_DATA
            || view->kept[i].metric == intake || is_count(view, i))
            continue;
        if (kept_like(view, &view->kept[i], intake, part, &at) != NULL
            && view->hidden[at] && same_cell(&view->kept[i], &view->kept[at])) {
            view->hidden[i] = 1;
            changed = true;
        }
    }
    return changed;
}

static void blank(struct base *base)
{
    *base = base_none(ANSWER_SUPPRESSED);
}

static const struct figure *hidden_figure(const struct view *view, uint16_t metric,
                                          uint16_t part, enum dimension dimension,
                                          uint32_t key, int32_t month)
{
    struct figure like = { .month = month };
    size_t at;

    like.dimension[0] = (uint8_t)dimension;
    like.key[0] = key;
    if (kept_like(view, &like, metric, part, &at) != NULL && view->hidden[at])
        return &view->kept[at];
    return NULL;
}

static bool in_family(const struct view *view, uint16_t metric)
{
    return view->all->metrics->items[metric].dimension_class[DIM_TOTAL]
           == CLASS_OPINION;
}

/* Findings and control curves speak of cells too. */
static void copy_findings(const struct view *view, struct results *out,
                          enum audience audience)
{
    size_t i;

    for (i = 0; i < view->all->finding_count; i++) {
        struct finding finding = view->all->findings[i];
        const struct metric *metric = &view->all->metrics->items[finding.metric];
        int32_t now = view->all->month;
        int32_t then = finding.against == AGAINST_YEAR ? now - 12 : now - 1;
        bool hide_now, hide_then;

        if (!metric_allows(metric, (enum dimension)finding.dimension, audience))
            continue;
        hide_now = hidden_figure(view, finding.metric, finding.part,
                                 (enum dimension)finding.dimension, finding.key, now)
                   != NULL;
        hide_then = hidden_figure(view, finding.metric, finding.part,
                                  (enum dimension)finding.dimension, finding.key, then)
                    != NULL;
        if (hide_now)
            blank(&finding.now);
        if (hide_then)
            blank(&finding.then);
        if (hide_now || hide_then) {
            finding.verdict = VERDICT_SMALL;
            finding.change = finding.low = finding.high = NAN;
        }
        results_add_finding(out, &finding);
    }
}

static double *copy_numbers(struct arena *memory, const double *from, size_t count)
{
    double *copy;

    if (from == NULL)
        return NULL;
    copy = arena_alloc(memory, (count + 1) * sizeof *copy);
    if (count > 0)
        memcpy(copy, from, count * sizeof *copy);
    return copy;
}

/* A hidden month is a gap in the line, with its limits and its n gone as well. */
static void copy_curves(const struct view *view, struct results *out,
                        enum audience audience)
{
    struct arena *memory = out->memory;
    size_t i, p;

    for (i = 0; i < view->all->curve_count; i++) {
        struct curve curve = view->all->curves[i];
        const struct metric *metric = &view->all->metrics->items[curve.metric];
        double *y, *low, *high, *n;

        if (!metric_allows(metric, (enum dimension)curve.dimension, audience))
            continue;
        if (curve.kind == CURVE_CONTROL
            && (in_family(view, curve.metric)
                || metric->dimension_class[curve.dimension] != CLASS_SERVICE)) {
            y = copy_numbers(memory, curve.y, curve.count);
            low = copy_numbers(memory, curve.low, curve.count);
            high = copy_numbers(memory, curve.high, curve.count);
            n = copy_numbers(memory, curve.n, curve.count);
            for (p = 0; p < curve.count; p++) {
                if (hidden_figure(view, curve.metric, 0,
                                  (enum dimension)curve.dimension, curve.key,
                                  (int32_t)curve.x[p])
                    == NULL)
                    continue;
                y[p] = NAN;
                if (low != NULL)
                    low[p] = NAN;
                if (high != NULL)
                    high[p] = NAN;
                if (n != NULL)
                    n[p] = NAN;
            }
            curve.y = y;
            curve.low = low;
            curve.high = high;
            curve.n = n;
        }
        results_add_curve(out, &curve);
    }
}

/* Single cases never reach the board (DOMAIN 5). */
static void copy_listings(const struct view *view, struct results *out,
                          enum audience audience)
{
    size_t i;

    for (i = 0; i < view->all->listing_count; i++) {
        const struct listing *listing = &view->all->listings[i];
        const struct metric *metric = &view->all->metrics->items[listing->metric];

        if (!metric_allows(metric, DIM_TOTAL, audience))
            continue;
        if (audience == AUDIENCE_PUBLIC && strstr(listing->name, ".cases") != NULL)
            continue;
        results_add_listing(out, listing);
    }
}

static void keep_allowed(struct view *view, struct arena *memory,
                         enum audience audience)
{
    const struct results *all = view->all;
    size_t i;

    view->kept = arena_alloc(memory, (all->figure_count + 1) * sizeof *view->kept);
    view->hidden = arena_alloc(memory, all->figure_count + 1);
    for (i = 0; i < all->figure_count; i++) {
        const struct figure *figure = &all->figures[i];

        if (allowed(&all->metrics->items[figure->metric], figure, audience))
            view->kept[view->count++] = *figure;
    }
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

enum status disclose(const struct results *results, enum audience audience,
                     const struct settings *settings, struct arena *memory,
                     struct results **view_out, struct error *err)
{
    struct results *out = results_new(memory, results->metrics, results->words);
    struct view view = { .all = results,
                         .threshold = threshold_of(settings, audience) };
    size_t i;

    (void)err;
    out->month = results->month;
    out->from = results->from;
    out->until = results->until;
    out->cutoff = results->cutoff;
    keep_allowed(&view, memory, audience);
    if (audience != AUDIENCE_MANAGEMENT) {
        size_t *cells = arena_alloc(memory, (view.count + 1) * sizeof *cells);
        bool changed = true;

        mark_primary(&view);
        while (changed) {
            changed = hide_families(&view);
            changed |= hide_complements(&view, cells);
            changed |= hide_places(&view);
        }
    }
    for (i = 0; i < view.count; i++) {
        struct figure figure = view.kept[i];

        if (view.hidden[i])
            blank(&figure.base);
        results_add(out, &figure);
    }
    copy_findings(&view, out, audience);
    copy_curves(&view, out, audience);
    copy_listings(&view, out, audience);
    results_sort(out);
    *view_out = out;
    return HY_OK;
}
