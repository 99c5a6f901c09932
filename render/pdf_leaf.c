/* pdf_leaf.c - the pieces of a page, set with the spacing that fills it. */
#include "render/pdf_leaf.h"

#include <math.h>

/* Rows are spaced anew where the spacing is not the one of their table's plan. */
static double set_rows(struct setter *setter, const struct piece *piece, double y)
{
    const struct table *table = piece->block->table;
    struct table_plan plan = *piece->plan;
    if (fabs(setter->gap - piece->planned) > 1e-9)
        table_space(setter, table, &plan);
    return table_set(setter, table, &plan, piece->first, piece->until, PAGE_MARGIN, y,
                     TEXT_WIDTH);
}

static double set_lines(struct setter *setter, const struct piece *piece, double y)
{
    struct manner manner = set_manner(piece->block);
    double step = manner.size * setter->leading;
    if (!piece->first && manner.indent > 0 && setter->draw) {
        canvas_fill(setter->canvas, INK_NAVY);
        canvas_circle(setter->canvas, PAGE_MARGIN + 4, y + step * 0.52, 1.9, true);
    }
    return set_laid(setter, piece->laid, piece->first, piece->until - piece->first,
                    PAGE_MARGIN + manner.indent, y, TEXT_WIDTH, manner.size,
                    manner.colour, ALIGN_LEFT);
}

static double set_piece(struct setter *setter, const struct piece *piece, double y)
{
    switch (piece->kind) {
    case PIECE_WHOLE:
        return set_block(setter, piece->block, PAGE_MARGIN, y, TEXT_WIDTH);
    case PIECE_FRAMED:
        return set_framed(setter, piece->block, piece->run, PAGE_MARGIN, y, TEXT_WIDTH);
    case PIECE_ROWS:
        return set_rows(setter, piece, y);
    case PIECE_LINES:
        return set_lines(setter, piece, y);
    }
    return 0;
}

double leaf_put(struct leaf *leaf, struct setter *setter, const struct piece *piece)
{
    bool draw = setter->draw;
    if (leaf->count == leaf->room) {
        size_t room = leaf->room ? 2 * leaf->room : 32;
        leaf->pieces =
            arena_grow(setter->memory, leaf->pieces, leaf->room * sizeof *leaf->pieces,
                       room * sizeof *leaf->pieces);
        leaf->room = room;
    }
    leaf->pieces[leaf->count] = *piece;
    leaf->pieces[leaf->count++].planned = setter->gap;
    setter->draw = false;
    double height = set_piece(setter, &leaf->pieces[leaf->count - 1], 0);
    setter->draw = draw;
    return height;
}

static double set_all(const struct leaf *leaf, struct setter *setter, double top)
{
    double y = top;
    for (size_t i = 0; i < leaf->count; i++) {
        const struct piece *piece = &leaf->pieces[i];
        y += set_gap(setter, piece->before, piece->block) + piece->lead * setter->gap;
        y += set_piece(setter, piece, y);
    }
    return y;
}

double leaf_end(const struct leaf *leaf, struct setter *setter, double top)
{
    bool draw = setter->draw;
    setter->draw = false;
    double end = set_all(leaf, setter, top);
    setter->draw = draw;
    return end;
}

void leaf_draw(struct leaf *leaf, struct setter *setter, double top)
{
    if (setter->draw)
        (void)set_all(leaf, setter, top);
    leaf->count = 0;
}

/* Lets one measure of the setter grow until the page is full: heights grow with it
 * nearly in a line, and what comes out is looked at again. */
static void grow(const struct leaf *leaf, struct setter *setter, double top,
                 double bottom, double *measure, double most)
{
    double usual = *measure, end = leaf_end(leaf, setter, top);
    if (!(most > usual) || end > bottom)
        return;
    *measure = most;
    double wide = leaf_end(leaf, setter, top);
    if (wide <= bottom)
        return;
    *measure = usual + (most - usual) * (bottom - end) / (wide - end);
    if (leaf_end(leaf, setter, top) > bottom + 0.01)
        *measure = usual;
}

void leaf_fill(struct leaf *leaf, struct setter *setter, double top, double bottom,
               double gap, double grown)
{
    double usual = setter->gap, as_drawn = setter->grown;
    if (setter->draw) {
        grow(leaf, setter, top, bottom, &setter->gap, gap);
        if (setter->gap >= gap)
            grow(leaf, setter, top, bottom, &setter->grown, grown);
    }
    leaf_draw(leaf, setter, top);
    setter->gap = usual;
    setter->grown = as_drawn;
}
