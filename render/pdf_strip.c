/*
 * pdf_strip.c - a document as one narrow column, on pages of the height they need.
 *
 * Put below each other they are one long picture for a telephone.  A page ends
 * between blocks, so nothing is cut where two of them meet.
 */
#include "render/pdf_flow.h"

#include <string.h>

static const double strip_height = 4000, draft_step = 620, draft_most = 420;
enum { TABLE_ROWS = 60 }; /* of one piece: a page cannot be of any height */

struct column_of {
    struct setter *setter;
    const struct doc *doc;
    struct block *blocks;
    size_t count;
};

static size_t pieces_of(const struct block *block)
{
    const struct table *table = block->kind == BLOCK_TABLE ? block->table : NULL;
    size_t body = table && table->rows > table->heads ? table->rows - table->heads : 0;

    return body > TABLE_ROWS ? (body + TABLE_ROWS - 1) / TABLE_ROWS : 1;
}

/* Rows [first, until) with the heads above them. */
static const struct table *part_of(struct arena *memory, const struct table *whole,
                                   size_t first, size_t until)
{
    struct table *part = arena_alloc(memory, sizeof *part);
    size_t columns = whole->columns, heads = whole->heads;
    struct table_cell *cells =
        arena_alloc(memory, (heads + until - first) * columns * sizeof *cells);

    memcpy(cells, whole->cells, heads * columns * sizeof *cells);
    memcpy(cells + heads * columns, whole->cells + first * columns,
           (until - first) * columns * sizeof *cells);
    *part = *whole;
    part->title = first == heads ? whole->title : NULL;
    part->rows = heads + until - first;
    part->total = whole->total && until == whole->rows;
    part->cells = cells;
    return part;
}

/* The blocks of the document, long tables in pieces, page breaks left out. */
static void take_blocks(struct column_of *column)
{
    const struct doc *doc = column->doc;
    struct arena *memory = column->setter->memory;
    size_t room = 1;

    for (size_t i = 0; i < doc->count; i++)
        room += pieces_of(&doc->blocks[i]);
    column->blocks = arena_alloc(memory, room * sizeof *column->blocks);
    for (size_t i = 0; i < doc->count; i++) {
        const struct block *block = &doc->blocks[i];
        size_t pieces = pieces_of(block);

        if (block->kind == BLOCK_PAGE)
            continue;
        for (size_t piece = 0; piece < pieces; piece++) {
            struct block *copy = &column->blocks[column->count++];
            *copy = *block;
            if (pieces == 1)
                continue;
            size_t first = block->table->heads + piece * TABLE_ROWS;
            size_t until = first + TABLE_ROWS;
            if (until > block->table->rows)
                until = block->table->rows;
            copy->table = part_of(memory, block->table, first, until);
        }
    }
}

static double set_foot(struct setter *setter, const struct doc *doc, double y)
{
    double top = y;

    y += 8;
    if (setter->draw) {
        canvas_stroke(setter->canvas, INK_RULE, 0.6);
        canvas_line(setter->canvas, STRIP_MARGIN, y, STRIP_MARGIN + STRIP_WIDTH, y);
    }
    y += 4;
    y += set_text(setter, doc->foot, false, STRIP_MARGIN, y, STRIP_WIDTH, SIZE_BODY,
                  INK_QUIET, ALIGN_LEFT);
    y += set_text(setter, doc->draft, true, STRIP_MARGIN, y, STRIP_WIDTH, SIZE_BODY,
                  INK_BAD, ALIGN_LEFT);
    return y + STRIP_MARGIN - top;
}

/* Blocks [from, until), the head above the first and the foot below the last. */
static double set_strip(struct column_of *column, size_t from, size_t until)
{
    struct setter *setter = column->setter;
    const struct block *blocks = column->blocks;
    double y = 0;

    if (from == 0) {
        y = STRIP_MARGIN;
        y += rim_head(setter, column->doc, STRIP_MARGIN, y, STRIP_WIDTH);
    } else {
        y = set_gap(setter, &blocks[from - 1], &blocks[from]);
    }
    y += set_blocks(setter, blocks + from, until - from, STRIP_MARGIN, y, STRIP_WIDTH);
    if (until == column->count)
        y += set_foot(setter, column->doc, y);
    return y;
}

static size_t strip_end(struct column_of *column, size_t from)
{
    size_t until = from, next;
    bool framed;

    column->setter->draw = false;
    do {
        next =
            until + set_group(column->blocks + until, column->count - until, &framed);
        if (until > from && set_strip(column, from, next) > strip_height)
            break;
        until = next;
    } while (until < column->count);
    /* A heading goes with what follows it. */
    while (until < column->count && until > from + 1
           && column->blocks[until - 1].kind == BLOCK_HEADING)
        until--;
    return until;
}

static void draw_strip(struct column_of *column, size_t from, size_t until)
{
    struct setter *setter = column->setter;
    double height;

    setter->draw = false;
    height = set_strip(column, from, until);
    canvas_strip(setter->canvas, STRIP_BREADTH, height);
    setter->draw = true;
    for (double y = draft_step / 2; column->doc->draft && y < height; y += draft_step)
        rim_draft(setter, column->doc->draft, STRIP_BREADTH / 2, y, draft_most);
    set_strip(column, from, until);
}

enum status flow_strips(struct setter *setter, const struct doc *doc, struct error *err)
{
    struct column_of column = { .setter = setter, .doc = doc };
    size_t from = 0;

    setter->gap = 1;
    setter->leading = LEADING;
    setter->err = err;
    setter->status = HY_OK;
    setter->size = CHART_NARROW;
    take_blocks(&column);
    if (column.count == 0)
        draw_strip(&column, 0, 0);
    while (from < column.count && setter->status == HY_OK) {
        size_t until = strip_end(&column, from);

        draw_strip(&column, from, until);
        from = until;
    }
    if (setter->status != HY_OK)
        return setter->status;
    return canvas_status(setter->canvas, err);
}
