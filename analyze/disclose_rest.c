/*
 * disclose_rest.c - findings, curves and lists, as far as the figures allow.
 *
 * A list for the committee has no ticket number: a case is the nth of its list.
 * A list for the board has no ticket number, no room, no area beside a few cases
 * and no date of a single one; rows that then read alike become one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/disclose.h"

static bool strict(const struct metric *metric, enum dimension dimension)
{
    return metric->dimension_class[dimension] != CLASS_SERVICE;
}

/* The kept figure a finding or a curve is of; count = none. */
static size_t find_kept(const struct view *view, uint16_t metric, uint16_t part,
                        uint8_t dimension, uint32_t key, int32_t month)
{
    struct figure place = { .metric = metric,
                            .part = part,
                            .dimension = { dimension, DIM_TOTAL },
                            .key = { key, 0 },
                            .month = month };

    return view_find(view, &place);
}

/* Hidden, or never judged because the month is not among the figures. */
static bool not_to_be_told(const struct view *view, const struct finding *finding,
                           int32_t month)
{
    size_t at;

    if (view->audience == AUDIENCE_MANAGEMENT)
        return false;
    at = find_kept(view, finding->metric, finding->part, finding->dimension,
                   finding->key, month);
    if (at == view->count)
        return finding->dimension != DIM_TOTAL
               && strict(&view->all->metrics->items[finding->metric],
                         (enum dimension)finding->dimension);
    return view->hidden[at] != SHOWN;
}

/* A subject is named only where both its months are printed. */
static bool mainly_told(const struct view *view, const struct finding *finding,
                        int32_t then)
{
    struct finding part = *finding;

    part.dimension = DIM_CATEGORY;
    part.key = finding->mainly;
    return metric_allows(&view->all->metrics->items[finding->metric], DIM_CATEGORY,
                         view->audience)
           && !not_to_be_told(view, &part, view->all->month)
           && !not_to_be_told(view, &part, then);
}

static void copy_findings(const struct view *view, struct results *out)
{
    size_t i;

    for (i = 0; i < view->all->finding_count; i++) {
        struct finding finding = view->all->findings[i];
        const struct metric *metric = &view->all->metrics->items[finding.metric];
        int32_t now = view->all->month;
        int32_t then = finding.against == AGAINST_YEAR ? now - 12 : now - 1;
        bool hide_now, hide_then;

        if (!metric_allows(metric, (enum dimension)finding.dimension, view->audience))
            continue;
        hide_now = not_to_be_told(view, &finding, now);
        hide_then = not_to_be_told(view, &finding, then);
        if (hide_now)
            finding.now = base_none(ANSWER_SUPPRESSED);
        if (hide_then)
            finding.then = base_none(ANSWER_SUPPRESSED);
        if (hide_now || hide_then) {
            finding.verdict = VERDICT_SMALL;
            finding.change = finding.low = finding.high = NAN;
            finding.trend = 0;
        }
        if (finding.mainly != 0
            && (hide_now || hide_then || !mainly_told(view, &finding, then)))
            finding.mainly = 0;
        results_add_finding(out, &finding);
    }
}

/* --- curves -----------------------------------------------------------------------
 */

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
static void gap_months(const struct view *view, struct arena *memory,
                       struct curve *curve)
{
    double *y = copy_numbers(memory, curve->y, curve->count);
    double *low = copy_numbers(memory, curve->low, curve->count);
    double *high = copy_numbers(memory, curve->high, curve->count);
    double *n = copy_numbers(memory, curve->n, curve->count);
    size_t p;

    for (p = 0; p < curve->count; p++) {
        size_t at = find_kept(view, curve->metric, 0, curve->dimension, curve->key,
                              (int32_t)curve->x[p]);

        if (at == view->count || view->hidden[at] == SHOWN)
            continue;
        y[p] = NAN;
        if (low != NULL)
            low[p] = NAN;
        if (high != NULL)
            high[p] = NAN;
        if (n != NULL)
            n[p] = NAN;
    }
    curve->y = y;
    curve->low = low;
    curve->high = high;
    curve->n = n;
}

/* Every step of a survival curve is a case: by place there is none. */
static void copy_curves(const struct view *view, struct results *out)
{
    size_t i;

    for (i = 0; i < view->all->curve_count; i++) {
        struct curve curve = view->all->curves[i];
        const struct metric *metric = &view->all->metrics->items[curve.metric];

        if (!metric_allows(metric, (enum dimension)curve.dimension, view->audience))
            continue;
        if (view->audience != AUDIENCE_MANAGEMENT
            && strict(metric, (enum dimension)curve.dimension)) {
            if (curve.kind != CURVE_CONTROL) {
                if (curve.dimension != DIM_TOTAL)
                    continue;
            } else {
                gap_months(view, out->memory, &curve);
            }
        }
        results_add_curve(out, &curve);
    }
}

/* --- lists ------------------------------------------------------------------------
 */

static bool holds_any(const char *title, const char *const *words)
{
    size_t i;

    for (i = 0; words[i] != NULL; i++)
        if (strstr(title, words[i]) != NULL)
            return true;
    return false;
}

/* Cases or homes behind a row: the largest count that says so; -1 = not told. */
static double row_size(const struct listing *listing, size_t row)
{
    static const char *const counts[] = { "件", "户", "次", NULL };
    double size = -1;
    size_t c;

    for (c = 0; c < listing->columns; c++) {
        const struct value *cell = &listing->cells[row * listing->columns + c];

        if (cell->kind == VALUE_COUNT && holds_any(listing->titles[c], counts)
            && cell->number > size)
            size = cell->number;
    }
    return size;
}

/* The area column of DIF-01 would give away DIF-01 by area, and few rows have t. */
static bool column_goes(const struct listing *listing, size_t column)
{
    static const char *const numbers[] = { "单号", "房号", "室", "电话", "工号", NULL };

    return holds_any(listing->titles[column], numbers)
           || (strcmp(listing->name, "DIF-01") == 0
               && strcmp(listing->titles[column], "地方") == 0);
}

static bool cell_goes(const struct view *view, const struct listing *listing,
                      size_t row, size_t column)
{
    static const char *const places[] = { "楼", "片区", "网格", "单元", NULL };
    static const char *const promises[] = { "答应", "承诺", "下文", NULL };
    const struct value *cell = &listing->cells[row * listing->columns + column];
    const char *title = listing->titles[column];

    if (row_size(listing, row) >= (double)view->threshold)
        return false;
    return holds_any(title, places)
           || ((cell->kind == VALUE_TIME || cell->kind == VALUE_DAY)
               && !holds_any(title, promises));
}

static bool same_value(const struct value *a, const struct value *b)
{
    const char *x = a->text == NULL ? "" : a->text, *y = b->text == NULL ? "" : b->text;

    return a->kind == b->kind && strcmp(x, y) == 0
           && (a->number == b->number || (isnan(a->number) && isnan(b->number)));
}

/* The column of that title; columns = there is none. */
static size_t column_named(const struct listing *listing, const char *title)
{
    size_t c;

    for (c = 0; c < listing->columns && strcmp(listing->titles[c], title) != 0; c++)
        ;
    return c;
}

/* Rows that read alike but for the count under 件: one row with the sum. */
static bool merge_row(struct listing *listing, const struct value *row)
{
    struct value *cells = (struct value *)listing->cells;
    size_t r, c, count = column_named(listing, "件");

    if (count == listing->columns || row[count].kind != VALUE_COUNT)
        return false;
    for (r = 0; r < listing->rows; r++) {
        struct value *old = cells + r * listing->columns;
        bool same = true;

        for (c = 0; c < listing->columns && same; c++)
            same = c == count || same_value(&old[c], &row[c]);
        if (!same)
            continue;
        old[count].number += row[count].number;
        return true;
    }
    return false;
}

struct ranked { /* a row and what its place depends on */
    const struct value *cells;
    size_t group; /* rows that wait equally long, in the order of the list */
    double count;
    size_t columns;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    size_t c;

    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    for (c = 0; c < a->columns; c++) {
        const char *x = a->cells[c].text, *y = b->cells[c].text;
        int order = strcmp(x == NULL ? "" : x, y == NULL ? "" : y);

        if (order != 0)
            return order;
    }
    return (a->cells > b->cells) - (a->cells < b->cells);
}

/* The first row that waits as long as this one. */
static size_t group_of(const struct listing *listing, size_t row, size_t waits)
{
    size_t first = 0;

    while (waits < listing->columns && first < row
           && !same_value(&listing->cells[first * listing->columns + waits],
                          &listing->cells[row * listing->columns + waits]))
        first++;
    return first;
}

/* What is not printed decided where rows lay; what is printed does now: as long as they
 * wait, most first, then by their words. */
static void order_rows(struct listing *listing, struct arena *memory)
{
    size_t count = column_named(listing, "件"), columns = listing->columns, i;
    size_t waits = column_named(listing, "已等");
    struct ranked *rows = arena_alloc(memory, (listing->rows + 1) * sizeof *rows);
    struct value *cells =
        arena_alloc(memory, (listing->rows * columns + 1) * sizeof *cells);

    if (count == columns || listing->rows < 2)
        return;
    for (i = 0; i < listing->rows; i++)
        rows[i] =
            (struct ranked){ listing->cells + i * columns, group_of(listing, i, waits),
                             listing->cells[i * columns + count].number, columns };
    qsort(rows, listing->rows, sizeof *rows, compare_ranked);
    for (i = 0; i < listing->rows; i++)
        memcpy(cells + i * columns, rows[i].cells, columns * sizeof *cells);
    listing->cells = cells;
}

/* A copy to be filled: room for every cell and title, none taken yet. */
static struct listing empty_copy(const struct listing *from, struct arena *memory,
                                 struct value **cells, const char ***titles)
{
    struct listing listing = *from;

    *cells = arena_alloc(memory, (from->rows * from->columns + 1) * sizeof **cells);
    *titles = arena_alloc(memory, (from->columns + 1) * sizeof **titles);
    listing.cells = *cells;
    listing.titles = *titles;
    return listing;
}

static void copy_board_listing(const struct view *view, struct results *out,
                               const struct listing *from)
{
    struct value *cells;
    const char **titles;
    struct listing listing = empty_copy(from, out->memory, &cells, &titles);
    size_t row, c;

    listing.columns = listing.rows = 0;
    for (c = 0; c < from->columns; c++)
        if (!column_goes(from, c))
            titles[listing.columns++] = from->titles[c];
    for (row = 0; row < from->rows; row++) {
        struct value *to = cells + listing.rows * listing.columns;
        size_t at = 0;

        for (c = 0; c < from->columns; c++) {
            if (column_goes(from, c))
                continue;
            to[at] = from->cells[row * from->columns + c];
            if (cell_goes(view, from, row, c))
                to[at] = (struct value){ VALUE_TEXT, "＊", NAN };
            at++;
        }
        if (!merge_row(&listing, to))
            listing.rows++;
    }
    order_rows(&listing, out->memory);
    results_add_listing(out, &listing);
}

static bool numbers_tickets(const char *title)
{
    return strcmp(title, "单号") == 0 || strcmp(title, "sign.title.number") == 0;
}

/* The committee reads of cases, not of tickets: each is the nth of its list, which
 * management sees beside the number, so that one can speak of the other's.  No hash of
 * the number: numbers run on and are soon tried through, and with a key two databases
 * of the same files would print different pages. */
static void copy_inner_listing(const struct view *view, struct results *out,
                               const struct listing *from)
{
    struct value *cells;
    const char **titles;
    struct listing listing = empty_copy(from, out->memory, &cells, &titles);
    bool named = view->audience == AUDIENCE_MANAGEMENT;
    size_t row, c;

    for (c = 0; c < from->columns; c++) {
        bool number = numbers_tickets(from->titles[c]);

        titles[c] = number && !named ? "代号" : from->titles[c];
        for (row = 0; row < from->rows; row++) {
            struct value *cell = &cells[row * from->columns + c];
            const char *nth;

            *cell = from->cells[row * from->columns + c];
            if (!number || cell->text == NULL)
                continue;
            nth = arena_printf(out->memory, "#%zu", row + 1);
            cell->text =
                named ? arena_printf(out->memory, "%s %s", cell->text, nth) : nth;
        }
    }
    results_add_listing(out, &listing);
}

static void copy_listings(const struct view *view, struct results *out)
{
    size_t i;

    for (i = 0; i < view->all->listing_count; i++) {
        const struct listing *listing = &view->all->listings[i];
        const struct metric *metric = &view->all->metrics->items[listing->metric];

        if (!metric_allows(metric, DIM_TOTAL, view->audience)
            || (listing->internal && view->audience != AUDIENCE_MANAGEMENT))
            continue;
        if (view->audience != AUDIENCE_PUBLIC)
            copy_inner_listing(view, out, listing);
        else if (strstr(listing->name, ".cases") == NULL)
            copy_board_listing(view, out, listing);
    }
}

void view_copy_rest(const struct view *view, struct results *out)
{
    copy_findings(view, out);
    copy_curves(view, out);
    copy_listings(view, out);
}
