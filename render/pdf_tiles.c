/* pdf_tiles.c - the big numbers with their marks, and the boxes to sign in. */
#include "render/pdf_set.h"

#include <math.h>
#include <string.h>

enum { TILES_ACROSS = 4 };

static const double tile_gap = 6, tile_pad = 6, tile_bar = 2.4, mark_width = 13,
                    figure_least = 16, tile_least = 118, sign_least = 34.5,
                    sign_more = 8;

struct tile_plan {
    struct laid label, base, change;
    double figure_size;
};

/* The mark is drawn as a shape, so that it prints the same with any face. */
static const char *without_mark(const char *text)
{
    static const char *const marks[] = { "▲", "▼", "△", "▽", "＝", "=", "○", "—", "⊘" };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (!strncmp(text, marks[i], strlen(marks[i]))) {
            text += strlen(marks[i]);
            break;
        }
    while (*text == ' ' || !strncmp(text, "　", 3))
        text += *text == ' ' ? 1 : 3;
    return text;
}

/* The verdict itself is bold, the old value after it is not. */
static void lay_change(struct setter *setter, const struct tile *tile, double width,
                       struct laid *laid)
{
    const char *words = tile->change ? without_mark(tile->change) : "";
    const char *gap = strstr(words, "　"), *line = strchr(words, '\n');
    if (!gap || (line && line < gap))
        gap = line;
    size_t length = gap ? (size_t)(gap - words) : strlen(words);
    bool strong = tile->verdict == VERDICT_BETTER || tile->verdict == VERDICT_WORSE;
    const char *rest = words + length;
    rest += strncmp(rest, "　", 3) ? (*rest == '\n') : 3;
    struct run runs[2] = { { arena_copy(setter->memory, words, length), strong, false },
                           { *rest ? arena_printf(setter->memory, "\n%s", rest) : "",
                             false, false } };
    text_lay(setter->fonts, runs, 2, SIZE_BODY, width, setter->memory, laid);
}

static uint32_t mark_colour(enum verdict verdict)
{
    if (verdict == VERDICT_BETTER)
        return INK_GOOD;
    if (verdict == VERDICT_WORSE)
        return INK_BAD;
    return INK_TEXT;
}

/* A shape about 8 points wide around (x, y). */
static void draw_mark(struct canvas *canvas, enum verdict verdict, double x, double y)
{
    bool up = verdict == VERDICT_BETTER || verdict == VERDICT_MORE;
    double tip = up ? -4 : 4;
    double triangle[6] = {
        x, y + tip, x - 4.4, y - tip * 0.85, x + 4.4, y - tip * 0.85
    };
    canvas_fill(canvas, mark_colour(verdict));
    canvas_stroke(canvas, mark_colour(verdict), 1.1);
    switch (verdict) {
    case VERDICT_BETTER:
    case VERDICT_WORSE:
        canvas_triangle(canvas, triangle, true);
        break;
    case VERDICT_MORE:
    case VERDICT_FEWER:
        canvas_triangle(canvas, triangle, false);
        break;
    case VERDICT_SAME:
        canvas_line(canvas, x - 4, y - 1.7, x + 4, y - 1.7);
        canvas_line(canvas, x - 4, y + 1.7, x + 4, y + 1.7);
        break;
    case VERDICT_BARRED:
        canvas_line(canvas, x - 2.8, y + 2.8, x + 2.8, y - 2.8);
        canvas_circle(canvas, x, y, 4, false);
        break;
    case VERDICT_SMALL:
        canvas_circle(canvas, x, y, 3.6, false);
        break;
    case VERDICT_NONE:
        canvas_line(canvas, x - 4, y, x + 4, y);
        break;
    }
}

static double figure_size(struct setter *setter, const struct tile *tile, double width)
{
    bool draw = setter->draw;
    setter->draw = false;
    double figure = set_words(setter, tile->value ? tile->value : "", 0, 0, SIZE_FIGURE,
                              true, 0, SVG_START);
    double unit = set_words(setter, tile->unit ? tile->unit : "", 0, 0, SIZE_HEAD,
                            false, 0, SVG_START)
                  + 5;
    setter->draw = draw;
    double size = figure + unit > width && figure > 0
                      ? SIZE_FIGURE * (width - unit) / figure
                      : SIZE_FIGURE;
    return size < figure_least ? figure_least : size;
}

static void draw_tile(struct setter *setter, const struct tile *tile,
                      const struct tile_plan *plan, double x, double y, double width,
                      double height, double label_height, double base_height)
{
    double gap = setter->gap, inner = x + tile_pad, line = SIZE_BODY * setter->leading;
    canvas_stroke(setter->canvas, INK_RULE, 0.7);
    canvas_rectangle(setter->canvas, x, y, width, height, false, true);
    canvas_fill(setter->canvas, INK_NAVY);
    canvas_rectangle(setter->canvas, x - 0.35, y - 0.35, width + 0.7, tile_bar, true,
                     false);
    y += tile_bar + 4 * gap;
    set_laid(setter, &plan->label, 0, plan->label.line_count, inner, y,
             width - 2 * tile_pad, SIZE_BODY, INK_TEXT, ALIGN_LEFT);
    y += label_height + 1 * gap;
    double base = y + SIZE_FIGURE * 0.92;
    double figure = set_words(setter, tile->value ? tile->value : "—", inner, base,
                              plan->figure_size, true, INK_NAVY, SVG_START);
    if (tile->unit && *tile->unit)
        set_words(setter, tile->unit, inner + figure + (*tile->unit == '%' ? 1.5 : 4),
                  base, SIZE_HEAD, false, INK_TEXT, SVG_START);
    y += SIZE_FIGURE * 1.12 + 2 * gap;
    set_laid(setter, &plan->base, 0, plan->base.line_count, inner, y,
             width - 2 * tile_pad, SIZE_BODY, INK_QUIET, ALIGN_LEFT);
    y += base_height + 3 * gap;
    if (!tile->change || !*tile->change)
        return;
    draw_mark(setter->canvas, tile->verdict, inner + 4.4, y + line * 0.52);
    set_laid(setter, &plan->change, 0, plan->change.line_count, inner + mark_width, y,
             width - 2 * tile_pad - mark_width, SIZE_BODY, mark_colour(tile->verdict),
             ALIGN_LEFT);
}

static double set_tile_row(struct setter *setter, const struct tile *tiles,
                           size_t count, size_t across, double x, double y,
                           double width)
{
    struct tile_plan plan[TILES_ACROSS];
    double own = (width - tile_gap * (double)(across - 1)) / (double)across;
    double line = SIZE_BODY * setter->leading, label = line, base = 0, change = 0;
    for (size_t i = 0; i < count; i++) {
        text_lay_plain(setter->fonts, tiles[i].label ? tiles[i].label : "", true,
                       SIZE_BODY, own - 2 * tile_pad, setter->memory, &plan[i].label);
        label = fmax(label, (double)plan[i].label.line_count * line);
        text_lay_plain(setter->fonts, tiles[i].base, false, SIZE_BODY,
                       own - 2 * tile_pad, setter->memory, &plan[i].base);
        lay_change(setter, &tiles[i], own - 2 * tile_pad - mark_width, &plan[i].change);
        plan[i].figure_size = figure_size(setter, &tiles[i], own - 2 * tile_pad);
        base = fmax(base, (double)plan[i].base.line_count * line);
        change = fmax(change, (double)plan[i].change.line_count * line);
    }
    double height =
        tile_bar + label + SIZE_FIGURE * 1.12 + base + change + 15 * setter->gap;
    for (size_t i = 0; i < count && setter->draw; i++)
        draw_tile(setter, &tiles[i], &plan[i], x + (double)i * (own + tile_gap), y, own,
                  height, label, base);
    return height;
}

double set_tiles(struct setter *setter, const struct block *block, double x, double y,
                 double width)
{
    double top = y;
    size_t across = block->count < TILES_ACROSS ? block->count : TILES_ACROSS;
    if (block->count == 5 || block->count == 6)
        across = 3;
    if (across > 2 && width / (double)across < tile_least)
        across = 2;
    for (size_t first = 0; first < block->count; first += across) {
        size_t left = block->count - first;
        if (first)
            y += tile_gap;
        y += set_tile_row(setter, block->tiles + first, left < across ? left : across,
                          across, x, y, width);
    }
    return y - top;
}

/* Room to write and to stamp in: 12 mm at least, and as much under each label on a
 * page that is not full. */
double set_signature(struct setter *setter, const struct block *block, double x,
                     double y, double width)
{
    double own = block->count ? width / (double)block->count : width;
    double sign_height = sign_least + sign_more * setter->gap;
    struct manner manner = { SIZE_BODY, 0, INK_TEXT, false };
    for (size_t i = 0; i < block->count && setter->draw; i++) {
        struct laid laid;
        double left = x + own * (double)i;
        set_lay(setter, &block->lines[i], manner, own - 10, &laid);
        set_laid(setter, &laid, 0, laid.line_count, left + 5, y + 1, own - 10,
                 SIZE_BODY, INK_TEXT, ALIGN_LEFT);
        canvas_stroke(setter->canvas, INK_RULE, 0.7);
        canvas_rectangle(setter->canvas, left, y, own, sign_height, false, true);
    }
    return sign_height;
}
