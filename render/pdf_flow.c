/* pdf_flow.c - decides where the pages of a long document end. */
#include "render/pdf_flow.h"

#include <math.h>
#include <string.h>

static const double part_gap_least = 0.5, part_gap_most = 1.5, kept_whole = 0.22,
                    page_begun = 0.42, begun_gap = 18, words_led = 42, part_begun = 110;

struct flow {
    struct setter *setter;
    const struct doc *doc;
    double y, top, bottom;      /* of what is left of this page */
    const struct block *before; /* the block above, NULL at the top of a page */
    bool within;                /* inside columns too tall for a page */
    struct error *err;
};

static void new_page(struct flow *flow)
{
    rim_page(flow->setter, flow->doc, &flow->top, &flow->bottom);
    flow->y = flow->top;
    flow->before = NULL;
}

static double height_of(struct setter *setter, const struct block *blocks, size_t count)
{
    bool draw = setter->draw;
    setter->draw = false;
    double height = set_blocks(setter, blocks, count, PAGE_MARGIN, 0, TEXT_WIDTH);
    setter->draw = draw;
    return height;
}

static void flow_table(struct flow *flow, const struct table *table)
{
    struct table_plan plan;
    table_plan(flow->setter, table, TEXT_WIDTH, &plan);
    plan.ruled_above = flow->before && flow->before->kind == BLOCK_HEADING
                       && flow->before->level == 1 && !table->title;
    size_t first = table->heads;
    double whole = plan.head_height, page = flow->bottom - flow->top;
    for (size_t row = first; row < table->rows; row++)
        whole += plan.heights[row];
    if (flow->before && whole > flow->bottom - flow->y && whole < page * kept_whole)
        new_page(flow); /* a small table stays in one piece */
    do {
        size_t count =
            table_fit(flow->setter, table, &plan, first, flow->bottom - flow->y);
        bool fresh = flow->before == NULL;
        if (!fresh && count < 2 && first + count < table->rows) {
            new_page(flow);
            continue;
        }
        if (!count && first < table->rows)
            count = 1; /* a row taller than a page is cut off, not looped over */
        flow->y += table_set(flow->setter, table, &plan, first, first + count,
                             PAGE_MARGIN, flow->y, TEXT_WIDTH);
        first += count;
        if (first < table->rows)
            new_page(flow);
    } while (first < table->rows);
}

/* Paragraphs and bullets break between their lines, two at least on each side. */
static void flow_lines(struct flow *flow, const struct block *block)
{
    struct setter *setter = flow->setter;
    struct manner manner = set_manner(block);
    double step = manner.size * setter->leading;
    for (size_t i = 0; i < block->count; i++) {
        struct laid laid;
        set_lay(setter, &block->lines[i], manner, TEXT_WIDTH, &laid);
        flow->y += i ? 2.5 * setter->gap : 0;
        for (size_t done = 0; done < laid.line_count;) {
            double room = flow->bottom - flow->y;
            size_t left = laid.line_count - done;
            size_t fit = room > 0 ? (size_t)(room / step) : 0;
            if (fit < left && (fit < 2 || left - fit < 2) && flow->y > flow->top) {
                if (fit < 3 || left - fit >= 2) {
                    new_page(flow);
                    continue;
                }
                fit--;
            }
            fit = fit > left ? left : fit ? fit : 1;
            if (!done && manner.indent > 0) {
                canvas_fill(setter->canvas, INK_NAVY);
                canvas_circle(setter->canvas, PAGE_MARGIN + 4, flow->y + step * 0.52,
                              1.9, true);
            }
            flow->y +=
                set_laid(setter, &laid, done, fit, PAGE_MARGIN + manner.indent, flow->y,
                         TEXT_WIDTH, manner.size, manner.colour, ALIGN_LEFT);
            done += fit;
            if (done < laid.line_count)
                new_page(flow);
        }
    }
}

/* A heading goes with the beginning of what follows; that of a part with more of it,
 * or its name would stand at the foot of a page that says nothing about it. */
static double needed_below(struct flow *flow, const struct block *blocks, size_t count)
{
    double height = 0, words = 0, least = blocks[0].level == 1 ? part_begun : 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        if (block->kind == BLOCK_PAGE
            || (words > 0 && block->kind != BLOCK_TABLE && height >= least))
            return height;
        if (block->kind == BLOCK_HEADING) {
            height += height_of(flow->setter, block, 1) + 12;
            continue;
        }
        if (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_BULLETS) {
            words = height_of(flow->setter, block, 1);
            height += fmin(words, fmax(words_led, least - height));
            if (words > words_led && height >= least)
                return height;
            continue; /* a line or two that lead to a table stay with it */
        }
        if (block->kind == BLOCK_TABLE) { /* small ones stay in one piece */
            double whole = height_of(flow->setter, block, 1);
            bool small = whole < (flow->bottom - flow->top) * kept_whole;
            return height + (small ? whole : fmin(whole, 110));
        }
        return height + height_of(flow->setter, block, 1);
    }
    return height;
}

static void flow_blocks(struct flow *flow, const struct block *blocks, size_t count);

static void flow_one(struct flow *flow, const struct block *blocks, size_t count,
                     size_t run, bool framed)
{
    struct setter *setter = flow->setter;
    const struct block *block = &blocks[0];
    double height = height_of(setter, blocks, run), page = flow->bottom - flow->top;
    if (block->kind == BLOCK_HEADING)
        height = fmin(needed_below(flow, blocks, count), page);
    bool divisible = !framed
                     && (block->kind == BLOCK_TABLE || block->kind == BLOCK_PARAGRAPH
                         || block->kind == BLOCK_BULLETS);
    if (!divisible && flow->y + height > flow->bottom && flow->before && height <= page)
        new_page(flow);
    if (framed && height <= page) {
        flow->y += set_framed(setter, blocks, run, PAGE_MARGIN, flow->y, TEXT_WIDTH);
    } else if (framed) {
        for (size_t i = 0; i < run; i++)
            flow_one(flow, &blocks[i], 1, 1, false);
    } else if (block->kind == BLOCK_TABLE) {
        if (block->table->rows && block->table->columns)
            flow_table(flow, block->table);
    } else if (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_BULLETS) {
        flow_lines(flow, block);
    } else if (block->kind == BLOCK_COLUMNS && height > page) {
        flow->within = true;
        for (size_t i = 0; i < block->count; i++)
            flow_blocks(flow, block->columns[i].blocks, block->columns[i].count);
        flow->within = false;
    } else {
        flow->y += set_block(setter, block, PAGE_MARGIN, flow->y, TEXT_WIDTH);
    }
}

/* A part that starts on a fresh page and nearly fills it: the spacing gives, so
 * that neither two lines run over nor a wide rim stays. */
static void adjust_gap(struct flow *flow, const struct block *blocks, size_t count)
{
    struct setter *setter = flow->setter;
    size_t part = 0;
    double room = flow->bottom - flow->y;
    while (part < count && blocks[part].kind != BLOCK_PAGE)
        part++;
    setter->gap = 2;
    double two = height_of(setter, blocks, part);
    setter->gap = 1;
    double one = height_of(setter, blocks, part), slope = two - one;
    double gap = slope > 0 ? 1 + (room - one) / slope : 1;
    if (gap >= part_gap_least)
        setter->gap = fmin(gap - 0.001, part_gap_most);
}

/* A part begins a new page, unless the one before ran over onto a page that is
 * still mostly empty. */
static void turn_page(struct flow *flow)
{
    bool begun = canvas_page_count(flow->setter->canvas) > 1
                 && flow->y - flow->top < (flow->bottom - flow->top) * page_begun;
    if (!flow->before)
        return;
    if (begun)
        flow->y += begun_gap;
    else
        new_page(flow);
}

static void flow_blocks(struct flow *flow, const struct block *blocks, size_t count)
{
    bool framed;
    for (size_t i = 0, run; i < count; i += run) {
        run = set_group(blocks + i, count - i, &framed);
        if (blocks[i].kind == BLOCK_PAGE) {
            turn_page(flow);
            continue;
        }
        if (!flow->before && !flow->within)
            adjust_gap(flow, blocks + i, count - i);
        flow->y += set_gap(flow->setter, flow->before, &blocks[i]);
        flow_one(flow, blocks + i, count - i, run, framed);
        flow->before = &blocks[i + run - 1];
    }
}

enum status flow_document(struct setter *setter, const struct doc *doc,
                          struct error *err)
{
    setter->gap = 1;
    setter->leading = LEADING;
    setter->draw = true;
    setter->err = err;
    setter->status = HY_OK;
    if (doc->single_page) {
        TRY(flow_single(setter, doc, err));
    } else {
        struct flow flow = { .setter = setter, .doc = doc, .err = err };
        new_page(&flow);
        flow_blocks(&flow, doc->blocks, doc->count);
    }
    rim_feet(setter, doc);
    if (setter->status != HY_OK)
        return setter->status;
    return canvas_status(setter->canvas, err);
}
