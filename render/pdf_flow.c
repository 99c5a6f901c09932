/* pdf_flow.c - decides where pages end, spreads a single page, draws the rims. */
#include "render/pdf_flow.h"

#include <math.h>
#include <string.h>

static const double gap_least = 0.25, gap_wanted = 0.45, gap_most = 2.4,
                    leading_most = 1.42, part_gap_least = 0.5, part_gap_most = 1.5,
                    draft_angle = 52, draft_size = 58, running_head = 22,
                    number_room = 30;

struct flow {
    struct setter *setter;
    const struct doc *doc;
    double y, top, bottom;      /* of what is left of this page */
    const struct block *before; /* the block above, NULL at the top of a page */
    bool within;                /* inside columns too tall for a page */
    struct error *err;
};

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --- rims ----------------------------------------------------------------- */

static void draw_draft(struct setter *setter, const char *text)
{
    struct laid laid;
    double turn = draft_angle * M_PI / 180;
    text_lay_plain(setter->fonts, text, true, draft_size, 1e5, setter->memory, &laid);
    double half = laid.width / 2, middle = PAGE_BREADTH / 2;
    canvas_units(setter->canvas, laid.units, laid.unit_count,
                 middle - half * cos(turn) + draft_size * 0.35 * sin(turn),
                 PAGE_LENGTH / 2 + half * sin(turn) + draft_size * 0.35 * cos(turn),
                 draft_size, INK_DRAFT, draft_angle);
}

static double set_head(struct setter *setter, const struct doc *doc, double y)
{
    double top = y, x = PAGE_MARGIN, right = PAGE_BREADTH - PAGE_MARGIN;
    const char *title = doc->head_left ? doc->head_left : or_empty(doc->title);
    const char *month = or_empty(doc->head_right);
    bool draw = setter->draw;
    setter->draw = false;
    double taken = set_words(setter, month, 0, 0, SIZE_HEAD, false, 0, SVG_START);
    setter->draw = draw;
    struct laid laid;
    text_lay_plain(setter->fonts, title, true, SIZE_TITLE, TEXT_WIDTH - taken - 14,
                   setter->memory, &laid);
    double height = set_laid(setter, &laid, 0, laid.line_count, x, y,
                             TEXT_WIDTH - taken - 14, SIZE_TITLE, INK_NAVY, ALIGN_LEFT);
    set_words(setter, month, right,
              y + height - SIZE_TITLE * (setter->leading - 1) / 2 - SIZE_TITLE * 0.12,
              SIZE_HEAD, false, INK_TEXT, SVG_END);
    y += height;
    if (doc->subhead)
        y += 1.5
             + set_text(setter, doc->subhead, false, x, y + 1.5, TEXT_WIDTH, SIZE_BODY,
                        INK_QUIET, ALIGN_LEFT);
    if (setter->draw) {
        canvas_fill(setter->canvas, INK_TEXT);
        canvas_rectangle(setter->canvas, x, y + 4, TEXT_WIDTH, 2.2, true, false);
    }
    return y + 6.2 + 6 * setter->gap - top;
}

static void draw_running_head(struct setter *setter, const struct doc *doc)
{
    double base = PAGE_MARGIN + SIZE_BODY * 0.9;
    const char *title = doc->head_left ? doc->head_left : or_empty(doc->title);
    set_words(setter, title, PAGE_MARGIN, base, SIZE_BODY, false, INK_QUIET, SVG_START);
    set_words(setter, or_empty(doc->head_right), PAGE_BREADTH - PAGE_MARGIN, base,
              SIZE_BODY, false, INK_QUIET, SVG_END);
    canvas_stroke(setter->canvas, INK_RULE, 0.6);
    canvas_line(setter->canvas, PAGE_MARGIN, PAGE_MARGIN + 15,
                PAGE_BREADTH - PAGE_MARGIN, PAGE_MARGIN + 15);
}

static double foot_height(struct setter *setter, const struct doc *doc)
{
    bool draw = setter->draw;
    setter->draw = false;
    double height = set_text(setter, doc->foot, false, 0, 0, TEXT_WIDTH - number_room,
                             SIZE_BODY, 0, ALIGN_LEFT);
    setter->draw = draw;
    return 4 + fmax(height, SIZE_BODY * setter->leading);
}

static void draw_feet(struct setter *setter, const struct doc *doc)
{
    size_t count = canvas_page_count(setter->canvas);
    double right = PAGE_BREADTH - PAGE_MARGIN;
    for (size_t page = 0; page < count; page++) {
        double y = PAGE_LENGTH - PAGE_MARGIN - foot_height(setter, doc);
        canvas_turn(setter->canvas, page);
        canvas_stroke(setter->canvas, INK_RULE, 0.6);
        canvas_line(setter->canvas, PAGE_MARGIN, y, right, y);
        set_text(setter, doc->foot, false, PAGE_MARGIN, y + 4, TEXT_WIDTH - number_room,
                 SIZE_BODY, INK_QUIET, ALIGN_LEFT);
        const char *number = arena_printf(setter->memory, "%zu/%zu", page + 1, count);
        set_text(setter, number, false, right - number_room, y + 4, number_room,
                 SIZE_BODY, INK_QUIET, ALIGN_RIGHT);
    }
}

static void new_page(struct flow *flow)
{
    struct setter *setter = flow->setter;
    const struct doc *doc = flow->doc;
    canvas_page(setter->canvas);
    if (doc->draft)
        draw_draft(setter, doc->draft);
    flow->y = PAGE_MARGIN;
    if (canvas_page_count(setter->canvas) == 1)
        flow->y += set_head(setter, doc, flow->y);
    else {
        draw_running_head(setter, doc);
        flow->y += running_head;
    }
    flow->top = flow->y;
    flow->bottom = PAGE_LENGTH - PAGE_MARGIN - foot_height(setter, doc) - 4;
    flow->before = NULL;
}

/* --- one page ------------------------------------------------------------- */

static double measure(struct setter *setter, const struct doc *doc, double gap)
{
    setter->draw = false;
    setter->gap = gap;
    return set_head(setter, doc, 0)
           + set_blocks(setter, doc->blocks, doc->count, PAGE_MARGIN, 0, TEXT_WIDTH)
           + foot_height(setter, doc) + 4;
}

/* Blocks from here on belong to the lower rim: they stay there when there is
 * more room than words. */
static size_t lower_part(const struct doc *doc)
{
    size_t first = doc->count;
    while (first > 0
           && (doc->blocks[first - 1].tone == TONE_FOOT
               || doc->blocks[first - 1].kind == BLOCK_SIGNATURE
               || doc->blocks[first - 1].kind == BLOCK_RULE))
        first--;
    return first;
}

static enum status refuse(const struct doc *doc, double excess, struct error *err)
{
    size_t longest = 0, tables = 0, words = 0;
    for (size_t i = 0; i < doc->count; i++) {
        tables += doc->blocks[i].kind == BLOCK_TABLE ? doc->blocks[i].table->rows : 0;
        if (doc->blocks[i].kind == BLOCK_BULLETS && doc->blocks[i].count > longest)
            longest = doc->blocks[i].count;
        words += doc->blocks[i].kind == BLOCK_PARAGRAPH;
    }
    return fail(err, HY_INTERNAL,
                "%s：一页放不下，还差 %.0f 毫米（表 %zu 行，列点 %zu 条，段落 %zu "
                "个）。请删减文字或把一部分移到月报；字号不再缩小",
                or_empty(doc->name), excess * 25.4 / 72, tables, longest, words);
}

/* The spacing at which the page is just full. */
static double fitting_gap(struct setter *setter, const struct doc *doc, double room,
                          double *excess)
{
    double one = measure(setter, doc, 1), slope = measure(setter, doc, 2) - one;
    *excess = one - slope * (1 - gap_least) - room;
    return slope > 0 ? 1 + (room - one) / slope : 1;
}

static enum status flow_single(struct setter *setter, const struct doc *doc,
                               struct error *err)
{
    double room = PAGE_LENGTH - 2 * PAGE_MARGIN, excess;
    double gap = fitting_gap(setter, doc, room, &excess);
    if (gap < gap_wanted) { /* how to read a chart gives way first */
        setter->spare = true;
        gap = fitting_gap(setter, doc, room, &excess);
    }
    if (setter->status != HY_OK)
        return setter->status;
    if (excess > 0)
        return refuse(doc, excess, err);
    gap = fmin(gap, gap_most);
    while (setter->leading + 0.01 < leading_most && gap == gap_most) {
        setter->leading += 0.01; /* room left: let the lines breathe as well */
        if (measure(setter, doc, gap) > room) {
            setter->leading -= 0.01;
            break;
        }
    }
    double spare = room - measure(setter, doc, gap);
    setter->draw = true;
    struct flow flow = { .setter = setter, .doc = doc, .err = err };
    new_page(&flow);
    size_t lower = lower_part(doc);
    double y =
        flow.y
        + set_blocks(setter, doc->blocks, lower, PAGE_MARGIN, flow.y, TEXT_WIDTH);
    if (lower < doc->count)
        y += fmax(spare, 0)
             + set_gap(setter, lower ? &doc->blocks[lower - 1] : NULL,
                       &doc->blocks[lower]);
    set_blocks(setter, doc->blocks + lower, doc->count - lower, PAGE_MARGIN, y,
               TEXT_WIDTH);
    return setter->status;
}

/* --- many pages ----------------------------------------------------------- */

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
    size_t first = table->heads;
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

/* A heading goes with the beginning of what follows. */
static double needed_below(struct flow *flow, const struct block *blocks, size_t count)
{
    double height = 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        if (block->kind == BLOCK_HEADING) {
            height += height_of(flow->setter, block, 1) + 12;
            continue;
        }
        if (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_BULLETS)
            return height + fmin(height_of(flow->setter, block, 1), 42);
        if (block->kind == BLOCK_TABLE)
            return height + fmin(height_of(flow->setter, block, 1), 84);
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

static void flow_blocks(struct flow *flow, const struct block *blocks, size_t count)
{
    bool framed;
    for (size_t i = 0, run; i < count; i += run) {
        run = set_group(blocks + i, count - i, &framed);
        if (blocks[i].kind == BLOCK_PAGE) {
            if (flow->before)
                new_page(flow);
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
    draw_feet(setter, doc);
    if (setter->status != HY_OK)
        return setter->status;
    return canvas_status(setter->canvas, err);
}
