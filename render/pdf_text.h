/*
 * pdf_text.h - words into lines, as Chinese is set: no closing sign at the start
 * of a line, no opening one at its end, —— and …… whole, a number with its unit.
 */
#ifndef HY_PDF_TEXT_H
#define HY_PDF_TEXT_H

#include "render/doc.h"
#include "render/pdf_font.h"

struct unit_of_text { /* one character as it will be drawn */
    uint32_t code;    /* as written */
    uint32_t drawn;   /* after substitution */
    int face;
    double width;
    bool bold;
};

struct laid_line {
    size_t first, count;
    double width;
};

struct laid { /* a paragraph broken to a width */
    const struct unit_of_text *units;
    size_t unit_count, line_count;
    const struct laid_line *lines;
    double width; /* of the widest line */
};

/* Breaks runs at size into lines no wider than width (>= one character). */
void text_lay(const struct fonts *fonts, const struct run *runs, size_t count,
              double size, double width, struct arena *memory, struct laid *out);
void text_lay_plain(const struct fonts *fonts, const char *text, bool bold, double size,
                    double width, struct arena *memory, struct laid *out);
/* Of the widest piece that must not be torn: what a column needs at least. */
double text_widest_piece(const struct laid *laid, struct arena *memory);

/* May a line end before codes[at]?  0 < at < count. */
bool text_may_break(const uint32_t *codes, size_t count, size_t at);

#endif
