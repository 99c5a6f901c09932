/* pdf_rim.c - the rims of a page: head, running head, foot, number, draft mark. */
#include "render/pdf_flow.h"

#include <math.h>
#include <string.h>

static const double draft_angle = 52, draft_size = 58, draft_most = 760,
                    running_head = 22;

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

void rim_draft(struct setter *setter, const char *text, double middle, double centre,
               double most)
{
    struct laid laid;
    double turn = draft_angle * M_PI / 180, size = draft_size;
    text_lay_plain(setter->fonts, text, true, size, 1e5, setter->memory, &laid);
    if (laid.width > most) { /* many words: smaller, all of them on the page */
        size *= most / laid.width;
        text_lay_plain(setter->fonts, text, true, size, 1e5, setter->memory, &laid);
    }
    double half = laid.width / 2;
    canvas_units(setter->canvas, laid.units, laid.unit_count,
                 middle - half * cos(turn) + size * 0.35 * sin(turn),
                 centre + half * sin(turn) + size * 0.35 * cos(turn), size, INK_DRAFT,
                 draft_angle);
}

/* One line where it can be: a long title is set smaller, down to seven tenths, before
 * it is broken. */
static double title_size(struct setter *setter, const char *title, double width)
{
    struct laid laid;
    text_lay_plain(setter->fonts, title, true, SIZE_TITLE, 1e5, setter->memory, &laid);
    double fitting =
        laid.width > width ? SIZE_TITLE * width / laid.width - 0.01 : SIZE_TITLE;
    return fitting < SIZE_TITLE * 0.7 ? SIZE_TITLE : fitting;
}

double rim_head(struct setter *setter, const struct doc *doc, double x, double y,
                double width)
{
    double top = y, right = x + width;
    const char *title = doc->head_left ? doc->head_left : or_empty(doc->title);
    const char *month = or_empty(doc->head_right);
    bool draw = setter->draw;
    setter->draw = false;
    double taken = set_words(setter, month, 0, 0, SIZE_HEAD, false, 0, SVG_START);
    setter->draw = draw;
    struct laid laid;
    double size = title_size(setter, title, width - taken - 14);
    text_lay_plain(setter->fonts, title, true, size, width - taken - 14, setter->memory,
                   &laid);
    double height = set_laid(setter, &laid, 0, laid.line_count, x, y,
                             width - taken - 14, size, INK_NAVY, ALIGN_LEFT);
    set_words(setter, month, right,
              y + height - size * (setter->leading - 1) / 2 - size * 0.12, SIZE_HEAD,
              false, INK_TEXT, SVG_END);
    y += height;
    if (doc->subhead)
        y += 1.5
             + set_text(setter, doc->subhead, false, x, y + 1.5, width, SIZE_BODY,
                        INK_QUIET, ALIGN_LEFT);
    if (setter->draw) {
        canvas_fill(setter->canvas, INK_TEXT);
        canvas_rectangle(setter->canvas, x, y + 4, width, 2.2, true, false);
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

/* "预览稿　1/9", "DRAFT  1/9": the first words of the mark, upright, where a machine
 * reads it as well. */
static const char *page_number(struct setter *setter, const struct doc *doc,
                               size_t page, size_t count)
{
    const char *draft = or_empty(doc->draft), *wide = strstr(draft, "　");
    size_t first = wide ? (size_t)(wide - draft) : strcspn(draft, ",");
    const char *gap = !wide && draft[first] == ',' ? "  " : "　";
    return arena_printf(setter->memory, "%.*s%s%zu/%zu", (int)first, draft,
                        *draft ? gap : "", page, count);
}

static double number_room(struct setter *setter, const struct doc *doc)
{
    size_t most = doc->single_page ? 8 : 88;
    bool draw = setter->draw;
    setter->draw = false;
    double room = set_words(setter, page_number(setter, doc, most, most), 0, 0,
                            SIZE_BODY, false, 0, SVG_START);
    setter->draw = draw;
    return room + 6;
}

double rim_foot_height(struct setter *setter, const struct doc *doc)
{
    bool draw = setter->draw;
    setter->draw = false;
    double room = number_room(setter, doc);
    double height = set_text(setter, doc->foot, false, 0, 0, TEXT_WIDTH - room,
                             SIZE_BODY, 0, ALIGN_LEFT);
    setter->draw = draw;
    return 4 + fmax(height, SIZE_BODY * setter->leading);
}

void rim_feet(struct setter *setter, const struct doc *doc)
{
    size_t count = canvas_page_count(setter->canvas);
    double right = PAGE_BREADTH - PAGE_MARGIN, room = number_room(setter, doc);
    for (size_t page = 0; page < count; page++) {
        double y = PAGE_LENGTH - PAGE_MARGIN - rim_foot_height(setter, doc);
        canvas_turn(setter->canvas, page);
        canvas_stroke(setter->canvas, INK_RULE, 0.6);
        canvas_line(setter->canvas, PAGE_MARGIN, y, right, y);
        set_text(setter, doc->foot, false, PAGE_MARGIN, y + 4, TEXT_WIDTH - room,
                 SIZE_BODY, INK_QUIET, ALIGN_LEFT);
        const char *number = page_number(setter, doc, page + 1, count);
        set_text(setter, number, false, right - room, y + 4, room, SIZE_BODY, INK_QUIET,
                 ALIGN_RIGHT);
    }
}

void rim_page(struct setter *setter, const struct doc *doc, size_t page, double *top,
              double *bottom)
{
    if (setter->draw)
        canvas_page(setter->canvas);
    if (setter->draw && doc->draft)
        rim_draft(setter, doc->draft, PAGE_BREADTH / 2, PAGE_LENGTH / 2, draft_most);
    *top = PAGE_MARGIN;
    if (page == 0)
        *top += rim_head(setter, doc, PAGE_MARGIN, *top, TEXT_WIDTH);
    else
        *top += running_head;
    if (setter->draw && page > 0)
        draw_running_head(setter, doc);
    *bottom = PAGE_LENGTH - PAGE_MARGIN - rim_foot_height(setter, doc) - 4;
}
