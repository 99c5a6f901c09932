/* covers.c - what merged cells carry down, one value a column. */
#include "ingest/covers.h"

#include <string.h>

enum {
    /* No register is wider; one cell far out that reaches down a million rows would
     * make each of them that wide. */
    COLUMNS_CARRIED = 256
};

struct cover {
    uint32_t column;
    uint64_t until; /* number of the last row covered */
    struct cell cell;
};

static struct cover *cover_of(struct covers *covers, uint32_t column)
{
    size_t i;

    for (i = 0; i < covers->count; i++)
        if (covers->items[i].column == column)
            return &covers->items[i];
    return arena_more(covers->memory, (void **)&covers->items, &covers->count,
                      &covers->room, sizeof *covers->items);
}

/* Not copied anew for each row it covers: a long text over a million rows. */
static void carry(struct covers *covers, const struct row *row)
{
    uint32_t i;

    for (i = 0; i < row->down_count; i++) {
        const struct merge *down = &row->downs[i];
        struct cell cell;

        if (down->column >= row->count || down->column >= COLUMNS_CARRIED)
            continue;
        cell = row->cells[down->column];
        if (text_trim(cell.text).length == 0)
            continue;
        cell.text.at = arena_copy(covers->memory, cell.text.at, cell.text.length);
        *cover_of(covers, down->column) =
            (struct cover){ down->column, (uint64_t)down->last_row + 1, cell };
    }
}

static bool lacks(const struct row *row, const struct cover *cover)
{
    return row->number <= cover->until
           && (cover->column >= row->count
               || text_trim(row->cells[cover->column].text).length == 0);
}

static const struct row *fill(struct covers *covers, const struct row *row,
                              uint32_t width, struct arena *batch)
{
    struct row *whole = arena_alloc(batch, sizeof *whole);
    struct cell *cells = arena_alloc(batch, width * sizeof *cells);
    size_t i;

    if (row->count > 0)
        memcpy(cells, row->cells, row->count * sizeof *cells);
    for (i = 0; i < covers->count; i++)
        if (lacks(row, &covers->items[i])) {
            cells[covers->items[i].column] = covers->items[i].cell;
            covers->filled++;
        }
    *whole = *row;
    whole->cells = cells;
    whole->count = width;
    return whole;
}

const struct row *covers_fill(struct covers *covers, const struct row *row,
                              struct arena *batch)
{
    uint32_t width = row->count;
    bool any = false;
    size_t i, kept = 0;

    for (i = 0; i < covers->count; i++) { /* those that end above are done with */
        const struct cover *cover = &covers->items[i];

        if (cover->until < row->number)
            continue;
        if (lacks(row, cover)) {
            any = true;
            width = cover->column < width ? width : cover->column + 1;
        }
        covers->items[kept++] = *cover;
    }
    covers->count = kept;
    if (any)
        row = fill(covers, row, width, batch);
    if (row->down_count > 0)
        carry(covers, row);
    return row;
}
