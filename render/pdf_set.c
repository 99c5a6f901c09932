/* pdf_set.c - headings, paragraphs, bullets, columns and frames on a page. */
#include "render/pdf_set.h"

#include <string.h>

#include "render/qr.h"

static const double millimetre = 72 / 25.4, bullet_indent = 12, frame_pad = 7,
                    account_bar = 3;

double set_words(struct setter *setter, const char *text, double x, double y,
                 double size, bool bold, uint32_t colour, enum svg_anchor anchor)
{
    struct laid laid;
    text_lay_plain(setter->fonts, text, bold, size, 100000, setter->memory, &laid);
    double shift = anchor == SVG_END      ? laid.width
                   : anchor == SVG_MIDDLE ? laid.width / 2
                                          : 0;
    if (setter->draw)
        canvas_units(setter->canvas, laid.units, laid.unit_count, x - shift, y, size,
                     colour, 0);
    return laid.width;
}

double set_laid(struct setter *setter, const struct laid *laid, size_t first,
                size_t count, double x, double y, double width, double size,
                uint32_t colour, enum align align)
{
    double step = size * setter->leading;
    double base = y + size * 0.88 + (step - size) / 2;
    for (size_t i = first; i < first + count && setter->draw; i++) {
        const struct laid_line *line = &laid->lines[i];
        double spare = width - line->width;
        double shift = align == ALIGN_RIGHT    ? spare
                       : align == ALIGN_CENTRE ? spare / 2
                                               : 0;
        canvas_units(setter->canvas, laid->units + line->first, line->count, x + shift,
                     base, size, colour, 0);
        base += step;
    }
    return (double)count * step;
}

double set_text(struct setter *setter, const char *text, bool bold, double x, double y,
                double width, double size, uint32_t colour, enum align align)
{
    struct laid laid;
    if (!text || !*text)
        return 0;
    text_lay_plain(setter->fonts, text, bold, size, width, setter->memory, &laid);
    return set_laid(setter, &laid, 0, laid.line_count, x, y, width, size, colour,
                    align);
}

struct manner set_manner(const struct block *block)
{
    struct manner manner = { SIZE_BODY, 0, INK_TEXT, false };
    if (block->kind == BLOCK_HEADING) {
        manner.size = block->level == 1   ? SIZE_SECTION
                      : block->level == 2 ? SIZE_HEAD
                                          : SIZE_BODY;
        manner.colour = INK_NAVY;
        manner.bold = true;
    } else if (block->tone == TONE_LEAD) {
        manner.size = SIZE_LEAD;
        manner.bold = true;
    } else if (block->tone == TONE_ACCOUNT) {
        manner.size = SIZE_HEAD;
    } else if (block->tone == TONE_NOTE || block->tone == TONE_FOOT) {
        manner.colour = INK_QUIET;
    }
    if (block->kind == BLOCK_BULLETS)
        manner.indent = bullet_indent;
    return manner;
}

void set_lay(struct setter *setter, const struct line_of *line, struct manner manner,
             double width, struct laid *laid)
{
    struct run *runs = arena_alloc(setter->memory, (line->count + 1) * sizeof *runs);
    for (size_t i = 0; i < line->count; i++) {
        runs[i] = line->runs[i];
        runs[i].bold = runs[i].bold || manner.bold;
    }
    text_lay(setter->fonts, runs, line->count, manner.size, width - manner.indent,
             setter->memory, laid);
}

static const char *words_of(const struct line_of *line, struct arena *memory)
{
    const char *all = "";
    for (size_t i = 0; i < line->count; i++)
        all = arena_printf(memory, "%s%s", all, line->runs[i].text);
    return all;
}

static double set_lines(struct setter *setter, const struct block *block, double x,
                        double y, double width)
{
    struct manner manner = set_manner(block);
    double top = y;
    for (size_t i = 0; i < block->count; i++) {
        struct laid laid;
        set_lay(setter, &block->lines[i], manner, width, &laid);
        if (i > 0)
            y += 2.5 * setter->gap;
        if (manner.indent > 0 && setter->draw) {
            canvas_fill(setter->canvas, INK_NAVY);
            canvas_circle(setter->canvas, x + 4,
                          y + manner.size * setter->leading * 0.52, 1.9, true);
        }
        y += set_laid(setter, &laid, 0, laid.line_count, x + manner.indent, y,
                      width - manner.indent, manner.size, manner.colour, ALIGN_LEFT);
    }
    return y - top;
}

static double set_heading(struct setter *setter, const struct block *block, double x,
                          double y, double width)
{
    double height = set_lines(setter, block, x, y, width);
    if (setter->draw && block->count)
        canvas_outline(setter->canvas, words_of(&block->lines[0], setter->memory),
                       block->level, y - 6);
    if (block->level != 1)
        return height;
    if (setter->draw) {
        canvas_stroke(setter->canvas, INK_NAVY, 1.2);
        canvas_line(setter->canvas, x, y + height + 3, x + width, y + height + 3);
    }
    return height + 4;
}

/* On a telephone columns stand below each other. */
static double set_stacked(struct setter *setter, const struct block *block, double x,
                          double y, double width)
{
    double top = y;
    for (size_t i = 0; i < block->count; i++) {
        const struct column *column = &block->columns[i];
        y += i ? COLUMN_GAP : 0;
        y += set_blocks(setter, column->blocks, column->count, x, y, width);
    }
    return y - top;
}

static double set_columns(struct setter *setter, const struct block *block, double x,
                          double y, double width)
{
    double total = 0, tallest = 0;
    for (size_t i = 0; i < block->count; i++)
        total += block->columns[i].share > 0 ? block->columns[i].share : 1;
    double room = width - COLUMN_GAP * (double)(block->count - 1);
    if (setter->size == CHART_NARROW)
        return set_stacked(setter, block, x, y, width);
    for (size_t i = 0; i < block->count; i++) {
        const struct column *column = &block->columns[i];
        double own = room * (column->share > 0 ? column->share : 1) / total;
        double height = set_blocks(setter, column->blocks, column->count, x, y, own);
        tallest = height > tallest ? height : tallest;
        x += own + COLUMN_GAP;
    }
    return tallest;
}

static struct text picture(const struct setter *setter, const struct chart *chart)
{
    if (setter->size == CHART_LOW && chart->svg_low.length)
        return chart->svg_low;
    if (setter->size == CHART_TALL && chart->svg_tall.length)
        return chart->svg_tall;
    if (setter->size == CHART_NARROW && chart->svg_narrow.length)
        return chart->svg_narrow;
    return chart->svg;
}

double set_chart(struct setter *setter, const struct chart *chart, double x, double y,
                 double width)
{
    double top = y, across, down;
    struct text svg = picture(setter, chart);
    if (chart->title) {
        y += set_text(setter, chart->title, true, x, y, width, SIZE_HEAD, INK_NAVY,
                      ALIGN_LEFT);
        y += 2 * setter->gap;
    }
    if (!svg.length) {
        y += set_text(setter, chart->alt, false, x, y, width, SIZE_BODY, INK_QUIET,
                      ALIGN_LEFT);
    } else if (setter->status == HY_OK) {
        setter->status = svg_size(svg, &across, &down, setter->err);
        double height =
            setter->status == HY_OK ? width * down / across * (1 + setter->grown) : 0;
        if (setter->draw && setter->status == HY_OK)
            setter->status =
                canvas_svg(setter->canvas, svg, x, y, width, height, setter->err);
        y += height;
    }
    if (chart->reading && !setter->spare)
        y += set_text(setter, chart->reading, false, x, y, width, SIZE_BODY, INK_QUIET,
                      ALIGN_LEFT);
    return y - top;
}

/* --- a code at the right of words ------------------------------------------ */

static double qr_module(const struct qr *qr)
{
    return QR_MILLIMETRES * millimetre / (double)qr->side;
}

/* Its edge with the white around it. */
static double qr_edge(const struct qr *qr)
{
    return qr_module(qr) * (double)(qr->side + 2 * QR_QUIET);
}

static void draw_qr(struct setter *setter, const struct qr *qr, double x, double y)
{
    double module = qr_module(qr), left = x + QR_QUIET * module;
    double seam = 0.04; /* rows that only touch show a hair of white between them */
    canvas_fill(setter->canvas, 0xFFFFFF);
    canvas_rectangle(setter->canvas, x, y, qr_edge(qr), qr_edge(qr), true, false);
    canvas_fill(setter->canvas, 0x000000);
    for (size_t row = 0, until; row < qr->side; row++)
        for (size_t from = 0; qr_run(qr, row, &from, &until); from = until)
            canvas_rectangle(setter->canvas, left + (double)from * module,
                             y + (double)(row + QR_QUIET) * module,
                             (double)(until - from) * module, (1 + seam) * module, true,
                             false);
}

static double set_plain(struct setter *setter, const struct block *blocks, size_t count,
                        double x, double y, double width);

/* The last of the blocks is the code: all their words stand at its left. */
static double set_beside(struct setter *setter, const struct block *blocks,
                         size_t count, double x, double y, double width)
{
    const struct qr *qr = blocks[count - 1].qr;
    struct block *words = arena_alloc(setter->memory, count * sizeof *words);
    bool draw = setter->draw;
    double edge = qr_edge(qr), own = width - edge;
    memcpy(words, blocks, count * sizeof *words);
    words[count - 1].kind = BLOCK_PARAGRAPH;
    setter->draw = false;
    double text = set_plain(setter, words, count, x, y, own);
    setter->draw = draw;
    double height = text > edge ? text : edge;
    if (!draw)
        return height;
    set_plain(setter, words, count, x, y + (height - text) / 2, own);
    draw_qr(setter, qr, x + own, y + (height - edge) / 2);
    return height;
}

static double set_rule(struct setter *setter, double x, double y, double width)
{
    if (setter->draw) {
        canvas_stroke(setter->canvas, INK_RULE, 0.7);
        canvas_line(setter->canvas, x, y, x + width, y);
    }
    return 1;
}

static double set_table(struct setter *setter, const struct table *table, double x,
                        double y, double width)
{
    struct table_plan plan;
    if (!table->rows || !table->columns)
        return 0;
    table_plan(setter, table, width, &plan);
    return table_set(setter, table, &plan, table->heads, table->rows, x, y, width);
}

double set_block(struct setter *setter, const struct block *block, double x, double y,
                 double width)
{
    switch (block->kind) {
    case BLOCK_HEADING:
        return set_heading(setter, block, x, y, width);
    case BLOCK_PARAGRAPH:
    case BLOCK_BULLETS:
        return set_lines(setter, block, x, y, width);
    case BLOCK_TILES:
        return set_tiles(setter, block, x, y, width);
    case BLOCK_CHART:
        return set_chart(setter, block->chart, x, y, width);
    case BLOCK_TABLE:
        return set_table(setter, block->table, x, y, width);
    case BLOCK_COLUMNS:
        return block->count ? set_columns(setter, block, x, y, width) : 0;
    case BLOCK_RULE:
        return set_rule(setter, x, y, width);
    case BLOCK_SIGNATURE:
        return set_signature(setter, block, x, y, width);
    case BLOCK_QR:
        return set_beside(setter, block, 1, x, y, width);
    case BLOCK_PAGE:
        break;
    }
    return 0;
}

double set_gap(const struct setter *setter, const struct block *before,
               const struct block *after)
{
    double gap = 5;
    if (!before || after->kind == BLOCK_PAGE || before->kind == BLOCK_PAGE)
        return 0;
    if (before->kind == BLOCK_HEADING)
        gap = before->level == 1 ? 6 : 3;
    else if (after->kind == BLOCK_HEADING)
        gap = after->level == 1 ? 16 : after->level == 2 ? 9 : 6;
    else if (before->kind == BLOCK_PARAGRAPH && after->kind == BLOCK_PARAGRAPH
             && before->tone == after->tone)
        gap = before->tone == TONE_LEAD || before->tone == TONE_FOOT ? 0.5 : 3.5;
    else if (after->kind == BLOCK_TILES || after->kind == BLOCK_COLUMNS
             || after->kind == BLOCK_CHART || before->kind == BLOCK_CHART
             || before->kind == BLOCK_COLUMNS || before->kind == BLOCK_TILES)
        gap = 8;
    return gap * setter->gap;
}

size_t set_group(const struct block *blocks, size_t count, bool *framed)
{
    enum tone tone = blocks[0].tone;
    size_t run = 1;
    *framed = (tone == TONE_BOX || tone == TONE_ACCOUNT) && blocks[0].kind != BLOCK_PAGE
              && blocks[0].kind != BLOCK_RULE;
    while (*framed && run < count && blocks[run].tone == tone
           && blocks[run].kind != BLOCK_PAGE)
        run++;
    return run;
}

static double set_plain(struct setter *setter, const struct block *blocks, size_t count,
                        double x, double y, double width)
{
    double top = y;
    if (count > 1 && blocks[count - 1].kind == BLOCK_QR)
        return set_beside(setter, blocks, count, x, y, width);
    for (size_t i = 0; i < count; i++) {
        y += set_gap(setter, i ? &blocks[i - 1] : NULL, &blocks[i]);
        y += set_block(setter, &blocks[i], x, y, width);
    }
    return y - top;
}

double set_framed(struct setter *setter, const struct block *blocks, size_t count,
                  double x, double y, double width)
{
    bool draw = setter->draw, account = blocks[0].tone == TONE_ACCOUNT;
    double pad = frame_pad * (0.45 + 0.55 * setter->gap), side = frame_pad + 3;
    setter->draw = false;
    double height = set_plain(setter, blocks, count, x, y, width - 2 * side) + 2 * pad;
    setter->draw = draw;
    if (!draw)
        return height;
    if (account) {
        canvas_fill(setter->canvas, INK_SHADE);
        canvas_rectangle(setter->canvas, x, y, width, height, true, false);
        canvas_fill(setter->canvas, INK_NAVY);
        canvas_rectangle(setter->canvas, x, y, account_bar, height, true, false);
    } else {
        canvas_stroke(setter->canvas, INK_RULE, 0.8);
        canvas_round(setter->canvas, x, y, width, height, 4, false, true);
    }
    set_plain(setter, blocks, count, x + side, y + pad, width - 2 * side);
    return height;
}

double set_blocks(struct setter *setter, const struct block *blocks, size_t count,
                  double x, double y, double width)
{
    double top = y;
    bool framed;
    for (size_t i = 0, run; i < count; i += run) {
        run = set_group(blocks + i, count - i, &framed);
        y += set_gap(setter, i ? &blocks[i - 1] : NULL, &blocks[i]);
        y += framed ? set_framed(setter, blocks + i, run, x, y, width)
                    : set_block(setter, &blocks[i], x, y, width);
    }
    return y - top;
}
