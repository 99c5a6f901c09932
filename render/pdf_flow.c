/* pdf_flow.c - decides where the pages of a long document end. */
#include "render/pdf_flow.h"

#include "render/pdf_leaf.h"

#include <math.h>
#include <string.h>

static const double part_gap_least = 0.5, part_gap_most = 1.5, kept_whole = 0.22,
                    words_led = 42, part_begun = 110, last_least = 0.35,
                    gap_filling = 1.6, chart_filling = 0.25, tighter[] = { 0.8, 0.6 },
                    rim_least = 0.08;

/* The spacing and the height of charts on a page that gives way. */
static const struct {
    double gap, grown;
} squeezed[] = { { 0.85, 0 }, { 0.7, 0 }, { 0.55, 0 }, { 0.55, -0.05 } };

struct flow {
    struct setter *setter;
    const struct doc *doc;
    double gap;                 /* the usual spacing of this document */
    size_t pages;               /* begun */
    struct leaf leaf;           /* what stands on this one */
    double y, top, bottom;      /* of what is left of this page */
    const struct block *before; /* the block above, NULL at the top of a page */
    const struct block *waits;  /* a chart that had no room: it opens the next page */
    bool within;                /* inside columns too tall for a page */
    struct error *err;
};

/* Begins a page, with the chart that waits for it; next is what will stand below. */
static void new_page(struct flow *flow, const struct block *next)
{
    if (flow->pages > 0)
        leaf_fill(&flow->leaf, flow->setter, flow->top, flow->bottom,
                  gap_filling * flow->gap, chart_filling);
    rim_page(flow->setter, flow->doc, flow->pages++, &flow->top, &flow->bottom);
    flow->setter->gap = flow->gap;
    flow->setter->grown = 0;
    flow->y = flow->top;
    flow->before = flow->waits;
    flow->waits = NULL;
    if (!flow->before)
        return;
    flow->y += leaf_put(&flow->leaf, flow->setter,
                        &(struct piece){ .kind = PIECE_WHOLE, .block = flow->before });
    flow->y += next ? set_gap(flow->setter, flow->before, next) : 0;
}

static double height_of(struct setter *setter, const struct block *blocks, size_t count)
{
    bool draw = setter->draw;
    setter->draw = false;
    double height = set_blocks(setter, blocks, count, PAGE_MARGIN, 0, TEXT_WIDTH);
    setter->draw = draw;
    return height;
}

/* The note below a table, which stays with the table's end: its height with the gap. */
static double tail_of(struct flow *flow, const struct block *blocks, size_t count)
{
    double height;
    if (count < 2 || blocks[1].kind != BLOCK_PARAGRAPH || blocks[1].tone != TONE_NOTE)
        return 0;
    height = height_of(flow->setter, &blocks[1], 1)
             + set_gap(flow->setter, &blocks[0], &blocks[1]);
    return height > words_led ? 0 : height;
}

/* The rows from first on for what is left of the page; the last ones only with the
 * tail, and no single one alone on the next page. */
static size_t rows_here(struct flow *flow, const struct table *table,
                        const struct table_plan *plan, size_t first, double tail)
{
    double room = flow->bottom - flow->y;
    size_t count = table_fit(flow->setter, table, plan, first, room);
    if (tail > 0 && first + count == table->rows)
        count = table_fit(flow->setter, table, plan, first, room - tail);
    if (count > 2 && first + count + 1 == table->rows)
        count--; /* two go over, not one */
    return count;
}

static void flow_table(struct flow *flow, const struct block *block, double tail)
{
    const struct table *table = block->table;
    struct table_plan *plan = arena_alloc(flow->setter->memory, sizeof *plan);
    table_plan(flow->setter, table, TEXT_WIDTH, plan);
    plan->ruled_above = flow->before && flow->before->kind == BLOCK_HEADING
                        && flow->before->level == 1 && !table->title;
    size_t first = table->heads;
    double whole = plan->head_height + tail, page = flow->bottom - flow->top;
    for (size_t row = first; row < table->rows; row++)
        whole += plan->heights[row];
    if (flow->before && whole > flow->bottom - flow->y
        && (whole < page * kept_whole || flow->waits))
        new_page(flow, block); /* a small table stays in one piece */
    do {
        size_t count = rows_here(flow, table, plan, first, tail);
        bool fresh = flow->before == NULL;
        if (!fresh && count < 2 && first + count < table->rows) {
            new_page(flow, block);
            continue;
        }
        if (!count && first < table->rows)
            count = 1; /* a row taller than a page is cut off, not looped over */
        flow->y += leaf_put(&flow->leaf, flow->setter,
                            &(struct piece){ .kind = PIECE_ROWS,
                                             .before = flow->before,
                                             .block = block,
                                             .plan = plan,
                                             .first = first,
                                             .until = first + count });
        first += count;
        if (first < table->rows)
            new_page(flow, block);
    } while (first < table->rows);
}

/* Paragraphs and bullets break between their lines, two at least on each side. */
static void flow_lines(struct flow *flow, const struct block *block)
{
    struct setter *setter = flow->setter;
    struct manner manner = set_manner(block);
    double step = manner.size * setter->leading;
    const struct block *above = flow->before;
    for (size_t i = 0; i < block->count; i++) {
        struct laid *laid = arena_alloc(setter->memory, sizeof *laid);
        set_lay(setter, &block->lines[i], manner, TEXT_WIDTH, laid);
        double lead = i ? 2.5 : 0;
        flow->y += lead * setter->gap;
        for (size_t done = 0; done < laid->line_count;) {
            double room = flow->bottom - flow->y;
            size_t left = laid->line_count - done;
            size_t fit = room > 0 ? (size_t)(room / step) : 0;
            if (fit < left && (fit < 2 || left - fit < 2) && flow->y > flow->top) {
                if (fit < 3 || left - fit >= 2) {
                    new_page(flow, block);
                    above = flow->before;
                    lead = 0;
                    continue;
                }
                fit--;
            }
            fit = fit > left ? left : fit ? fit : 1;
            flow->y += leaf_put(&flow->leaf, setter,
                                &(struct piece){ .kind = PIECE_LINES,
                                                 .before = above,
                                                 .block = block,
                                                 .first = done,
                                                 .until = done + fit,
                                                 .laid = laid,
                                                 .lead = lead });
            above = NULL;
            done += fit;
            if (done < laid->line_count) {
                new_page(flow, block);
                above = flow->before;
                lead = 0;
            }
        }
    }
}

/* Words and tables below a chart that has no room go before it. */
static bool goes_before(const struct block *block)
{
    bool framed;
    set_group(block, 1, &framed);
    return !framed
           && (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_BULLETS
               || block->kind == BLOCK_TABLE);
}

/* A heading goes with the beginning of what follows; that of a part with more of it,
 * or its name would stand at the foot of a page that says nothing about it. */
static double needed_below(struct flow *flow, const struct block *blocks, size_t count)
{
    double height = 0, words = 0, least = blocks[0].level == 1 ? part_begun : 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        bool noted = i > 1 && blocks[i - 1].tone == TONE_NOTE /* says nothing itself */
                     && blocks[i - 2].kind == BLOCK_HEADING;
        if (block->kind == BLOCK_PAGE
            || (words > 0 && block->kind != BLOCK_TABLE && height >= least && !noted)
            || (words > 0 && block->kind == BLOCK_HEADING)) /* said in a few words */
            return height;
        if (block->kind == BLOCK_HEADING) {
            height += height_of(flow->setter, block, 1) + 12;
            continue;
        }
        if (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_BULLETS) {
            words = height_of(flow->setter, block, 1);
            height += fmin(words, fmax(words_led, least - height));
            if (words > words_led && height >= least && block->tone != TONE_NOTE)
                return height;
            continue; /* a line or two that lead to a table stay with it */
        }
        if (block->kind == BLOCK_TABLE) { /* small ones stay in one piece */
            double whole = height_of(flow->setter, block, 1);
            whole += tail_of(flow, block, count - i);
            height += words > 0 ? set_gap(flow->setter, &blocks[i - 1], block) : 0;
            bool small = whole < (flow->bottom - flow->top) * kept_whole;
            return height + (small ? whole : fmin(whole, 110));
        }
        double whole = height_of(flow->setter, block, 1);
        if (block->kind == BLOCK_CHART && words > 0 && i + 1 < count
            && flow->y + height + whole > flow->bottom && goes_before(&blocks[i + 1]))
            continue; /* it may wait */
        return height + whole;
    }
    return height;
}

static bool begins_part(const struct block *block)
{
    return block->kind == BLOCK_PAGE
           || (block->kind == BLOCK_HEADING && block->level == 1);
}

/* A part that starts on a fresh page and nearly fills it: the spacing gives, so
 * that neither two lines run over nor a wide rim stays.  One that leaves room for the
 * beginning of the next keeps the usual spacing. */
static void adjust_gap(struct flow *flow, const struct block *blocks, size_t count)
{
    struct setter *setter = flow->setter;
    size_t part;
    double room = flow->bottom - flow->y, top = flow->y;
    for (part = 1; part < count && !begins_part(&blocks[part]);)
        part++;
    setter->gap = 2;
    double two = height_of(setter, blocks, part);
    setter->gap = 1;
    double one = height_of(setter, blocks, part), slope = two - one;
    double gap = slope > 0 ? 1 + (room - one) / slope : 1;
    setter->gap = flow->gap;
    if (gap < part_gap_least)
        return;
    if (part < count && blocks[part].kind == BLOCK_HEADING && one < room) {
        flow->y += one + set_gap(setter, &blocks[part - 1], &blocks[part]);
        double next = needed_below(flow, blocks + part, count - part);
        bool goes_on = flow->y + next <= flow->bottom;
        flow->y = top;
        if (goes_on)
            return;
    }
    setter->gap = fmin(gap - 0.001, part_gap_most);
}

/* Words that lead to a table stand on its page. */
static bool leads(struct flow *flow, const struct block *blocks, size_t count)
{
    bool framed;
    set_group(blocks, count, &framed);
    return !framed && count > 1 && blocks[0].kind == BLOCK_PARAGRAPH
           && blocks[1].kind == BLOCK_TABLE && blocks[0].tone == TONE_BODY
           && height_of(flow->setter, blocks, 1) <= words_led;
}

static void flow_blocks(struct flow *flow, const struct block *blocks, size_t count);

/* Whether what has no room has some with a little less spacing on this page, where a
 * wide rim would stay otherwise: then the page has that spacing from now on. */
static bool squeezes(struct flow *flow, const struct block *blocks, size_t count,
                     size_t run)
{
    struct setter *setter = flow->setter;
    double gap = setter->gap, grown = setter->grown, y = flow->y;
    if (flow->bottom - y < rim_least * (flow->bottom - flow->top))
        return false;
    for (size_t i = 0; i < sizeof squeezed / sizeof *squeezed; i++) {
        setter->gap = squeezed[i].gap * flow->gap;
        setter->grown = squeezed[i].grown;
        flow->y = leaf_end(&flow->leaf, setter, flow->top)
                  + set_gap(setter, flow->before, blocks);
        double height = blocks->kind == BLOCK_HEADING
                            ? needed_below(flow, blocks, count)
                            : height_of(setter, blocks, run);
        if (setter->gap <= gap && flow->y + height <= flow->bottom)
            return true;
    }
    setter->gap = gap;
    setter->grown = grown;
    flow->y = y;
    return false;
}

static void flow_one(struct flow *flow, const struct block *blocks, size_t count,
                     size_t run, bool framed)
{
    struct setter *setter = flow->setter;
    const struct block *block = &blocks[0];
    double height = height_of(setter, blocks, run), page = flow->bottom - flow->top;
    if (block->kind == BLOCK_HEADING)
        height = fmin(needed_below(flow, blocks, count), page);
    bool led = leads(flow, blocks, count)
               && !(flow->before && flow->before->kind == BLOCK_HEADING);
    if (led)
        height = fmin(needed_below(flow, blocks, count), page);
    bool divisible = !framed && !led
                     && (block->kind == BLOCK_TABLE || block->kind == BLOCK_PARAGRAPH
                         || block->kind == BLOCK_BULLETS);
    if (!divisible && flow->y + height > flow->bottom && flow->before && height <= page
        && (led || !squeezes(flow, blocks, count, run))) {
        if (block->kind == BLOCK_CHART && count > 1 && goes_before(&blocks[1])
            && !flow->within) {
            flow->waits = block;
            return;
        }
        new_page(flow, block);
        if (begins_part(block) && !flow->within)
            adjust_gap(flow, blocks, count);
    }
    if (framed && height <= page) {
        flow->y += leaf_put(&flow->leaf, setter,
                            &(struct piece){ .kind = PIECE_FRAMED,
                                             .before = flow->before,
                                             .block = blocks,
                                             .run = run });
    } else if (framed) {
        for (size_t i = 0; i < run; i++)
            flow_one(flow, &blocks[i], 1, 1, false);
    } else if (block->kind == BLOCK_TABLE) {
        if (block->table->rows && block->table->columns)
            flow_table(flow, block, tail_of(flow, blocks, count));
    } else if (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_BULLETS) {
        flow_lines(flow, block);
    } else if (block->kind == BLOCK_COLUMNS && height > page) {
        flow->within = true;
        for (size_t i = 0; i < block->count; i++)
            flow_blocks(flow, block->columns[i].blocks, block->columns[i].count);
        flow->within = false;
    } else {
        flow->y +=
            leaf_put(&flow->leaf, setter,
                     &(struct piece){
                         .kind = PIECE_WHOLE, .before = flow->before, .block = block });
    }
}

static void flow_blocks(struct flow *flow, const struct block *blocks, size_t count)
{
    bool framed;
    for (size_t i = 0, run; i < count; i += run) {
        run = set_group(blocks + i, count - i, &framed);
        if (flow->waits && !goes_before(&blocks[i]))
            new_page(flow, NULL);
        if (blocks[i].kind == BLOCK_PAGE) {
            if (flow->before)
                new_page(flow, NULL);
            continue;
        }
        if (!flow->before && !flow->within)
            adjust_gap(flow, blocks + i, count - i);
        double y = flow->y;
        flow->y += set_gap(flow->setter, flow->before, &blocks[i]);
        flow_one(flow, blocks + i, count - i, run, framed);
        if (flow->waits == &blocks[i])
            flow->y = y;
        else
            flow->before = &blocks[i + run - 1];
    }
    if (flow->waits)
        new_page(flow, NULL);
}

static struct flow flow_at(struct setter *setter, const struct doc *doc, double gap,
                           bool draw, struct error *err)
{
    struct flow flow = { .setter = setter, .doc = doc, .gap = gap, .err = err };
    setter->draw = draw;
    new_page(&flow, NULL);
    flow_blocks(&flow, doc->blocks, doc->count);
    leaf_draw(&flow.leaf, setter, flow.top); /* the last one as it is */
    setter->draw = true;
    return flow;
}

/* The spacing of a document: where its last page would hold a few lines only, one that
 * brings them back, if any does. */
static double spacing(struct setter *setter, const struct doc *doc, struct error *err)
{
    struct flow usual = flow_at(setter, doc, 1, false, err);
    if (usual.pages < 2
        || usual.y - usual.top > (usual.bottom - usual.top) * last_least)
        return 1;
    for (size_t i = 0; i < sizeof tighter / sizeof *tighter; i++)
        if (flow_at(setter, doc, tighter[i], false, err).pages < usual.pages)
            return tighter[i];
    return 1;
}

enum status flow_document(struct setter *setter, const struct doc *doc,
                          struct error *err)
{
    setter->gap = 1;
    setter->leading = LEADING;
    setter->draw = true;
    setter->err = err;
    setter->status = HY_OK;
    if (doc->single_page)
        TRY(flow_single(setter, doc, err));
    else
        (void)flow_at(setter, doc, spacing(setter, doc, err), true, err);
    rim_feet(setter, doc);
    if (setter->status != HY_OK)
        return setter->status;
    return canvas_status(setter->canvas, err);
}
