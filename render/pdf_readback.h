/*
 * pdf_readback.h - the text of a finished PDF, page by page, compared with what was to
 * be drawn.  A library that drops a character without a word, cuts a page off or embeds
 * a glyph without its parts is found here; no other program is needed.
 */
#ifndef HY_PDF_READBACK_H
#define HY_PDF_READBACK_H

#include "render/pdf_font.h"

struct said { /* one character */
    uint32_t code;
    uint32_t contours; /* of its outline, parts included; 0 = draws nothing */
};

struct said_page { /* in the order drawn */
    struct said *items;
    size_t count, room;
};

void said_add(struct said_page *page, uint32_t code, uint32_t contours,
              struct arena *memory);

/* Pages of a file of canvas_save(): characters by the ToUnicode of their font, outlines
 * by the font file embedded.  HY_INTERNAL when it is not whole. */
enum status pdf_readback(const char *path, struct arena *memory,
                         struct said_page **pages, size_t *count, struct error *err);
/* HY_INTERNAL with the page and the first character that differs. */
enum status said_compare(const struct said_page *wanted, size_t wanted_count,
                         const struct said_page *found, size_t found_count,
                         struct error *err);

#endif
