/*
 * disclose_earlier.c - what readers once found hidden stays hidden (METHODS 8.4).
 *
 * A month is printed again in its revisions and in the reports after it.  By then
 * its figures may have moved, and with them the pattern that hides it: one issue
 * without A and B, the next without C and D, and every cell is told.  So later
 * patterns only grow from the earlier ones.  A period of months takes over what any
 * of its months hid: the months that were told could be taken off.
 *
 * Only the month of a publication is kept with it.  When a late row makes a cell of an
 * earlier month small, the pattern found for it now is remembered nowhere, and the next
 * report might hide the cell with another neighbour: the two neighbours, each printed
 * once, would tell it.  So where an earlier month needs one more cell hidden than it
 * had when it was published, that split of it is not printed at all, now or next time.
 * What no pattern can prevent: a cell once printed as six is known to have been six,
 * and whoever knows that nothing else moved can take the new total from the old.
 */
#include <stdlib.h>
#include <string.h>

#include "analyze/disclose.h"
#include "core/calendar.h"
#include "core/store.h"

struct cell {
    uint16_t metric, part;
    uint8_t dimension[2];
    int32_t month;
    const char *key;
};

static bool take_dimension(const char *text, uint8_t dimension[2])
{
    const char *plus = strchr(text, '+');
    char first[32] = "";
    int found[2] = { -1, DIM_TOTAL };

    if (plus == NULL) {
        found[0] = dimension_find(text);
    } else if ((size_t)(plus - text) < sizeof first) {
        memcpy(first, text, (size_t)(plus - text));
        found[0] = dimension_find(first);
        found[1] = dimension_find(plus + 1);
    }
    dimension[0] = (uint8_t)found[0];
    dimension[1] = (uint8_t)found[1];
    return found[0] >= 0 && found[1] >= 0;
}

static int compare_cells(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;

    if (a->metric != b->metric)
        return a->metric < b->metric ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->month != b->month)
        return a->month < b->month ? -1 : 1;
    return memcmp(a->dimension, b->dimension, sizeof a->dimension);
}

/* Names that are none any more (another dictionary) are of no figure of today. */
static size_t take_cells(const struct view *view, const struct published *earlier,
                         struct cell *cells)
{
    const struct results *all = view->all;
    int32_t first = all->until > all->from ? month_of_time(all->from) : all->month;
    size_t count = 0, i;

    for (i = 0; i < earlier->count; i++) {
        const struct hidden_row *row = &earlier->hidden[i];
        struct cell cell = { .month = row->month, .key = row->key };

        if (metrics_name(all->metrics, row->metric, &cell.metric, &cell.part) < 0
            || !take_dimension(row->dimension, cell.dimension))
            continue;
        cells[count++] = cell;
        cell.month = all->month;
        if (row->month >= first && row->month < all->month)
            cells[count++] = cell;
    }
    if (count > 1)
        qsort(cells, count, sizeof *cells, compare_cells);
    return count;
}

/* Two keys of one name were told apart by "#2": neither is told. */
static bool same_key(const char *shown, const char *key)
{
    size_t length = strlen(key);

    return strncmp(shown, key, length) == 0
           && (shown[length] == '\0' || shown[length] == '#');
}

static const char *key_of(const struct view *view, const struct figure *figure)
{
    const char *first = results_key(view->all, (enum dimension)figure->dimension[0],
                                    figure->key[0], view->memory);

    if (figure->dimension[1] == DIM_TOTAL)
        return first;
    return arena_printf(view->memory, "%s+%s", first,
                        results_key(view->all, (enum dimension)figure->dimension[1],
                                    figure->key[1], view->memory));
}

/* The first cell not before this figure's. */
static size_t first_cell(const struct cell *cells, size_t count, const struct cell *at)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_cells(&cells[middle], at) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct cell split_at(const struct figure *figure)
{
    return (struct cell){ figure->metric,
                          figure->part,
                          { figure->dimension[0], figure->dimension[1] },
                          figure->month,
                          NULL };
}

/* Where something was hidden that was not before: its month, of these splits, is told
 * no more.  They lie together, key by key and then month by month. */
static void hide_months(struct view *view, const uint8_t *before, size_t from,
                        size_t to, int32_t *months)
{
    size_t count = 0, i;

    for (i = from; i < to; i++)
        if (view->hidden[i] != SHOWN && before[i] == SHOWN
            && view->kept[i]->month < view->all->month
            && !months_hold(months, count, view->kept[i]->month))
            months[count++] = view->kept[i]->month;
    for (i = from; i < to && count > 0; i++)
        if (view->hidden[i] == SHOWN
            && months_hold(months, count, view->kept[i]->month))
            view->hidden[i] = HIDDEN_WITH_OTHERS;
}

void view_hide_splits(struct view *view, const uint8_t *before)
{
    int32_t *months = arena_alloc(view->memory, (view->count + 1) * sizeof *months);
    size_t from, to;

    for (from = 0; from < view->count; from = to) {
        for (to = from + 1;
             to < view->count && figures_run_on(view->kept[from], view->kept[to]); to++)
            ;
        if (view->kept[from]->dimension[0] != DIM_TOTAL)
            hide_months(view, before, from, to, months);
    }
}

void view_hide_earlier(struct view *view, const struct published *earlier)
{
    struct cell *cells;
    size_t count, i, c;

    if (earlier == NULL || earlier->count == 0)
        return;
    cells = arena_alloc(view->memory, 2 * earlier->count * sizeof *cells);
    count = take_cells(view, earlier, cells);
    for (i = 0; i < view->count; i++) {
        const struct figure *figure = view->kept[i];
        struct cell at = split_at(figure);

        if (view_class(view, i) == CLASS_SERVICE && figure->dimension[0] != DIM_TOTAL)
            continue; /* it may have been a place's once; today it is printed */
        for (c = first_cell(cells, count, &at);
             c < count && compare_cells(&cells[c], &at) == 0; c++)
            if (same_key(cells[c].key, key_of(view, figure))) {
                view->hidden[i] = HIDDEN_BEFORE;
                break;
            }
    }
}
