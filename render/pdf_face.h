/* pdf_face.h - the faces of one PDF: loaded when first used, finished at the end. */
#ifndef HY_PDF_FACE_H
#define HY_PDF_FACE_H

#include <hpdf.h>

#include "render/pdf_font.h"

enum { CODES = 0x10000, PRIVATE_FIRST = 0xE000, PRIVATE_MOST = 1024 };

struct pdf_face {
    HPDF_Font font;             /* NULL until something is drawn with it */
    uint8_t used[CODES];        /* by the code in the text shown */
    uint32_t far[PRIVATE_MOST]; /* beyond the basic plane: shown as U+E000 + i */
    size_t far_count;
};

/* Loads the face into the document. */
enum status pdf_face_load(struct pdf_face *face, HPDF_Doc document, int number,
                          struct error *err);
/* The code to show for a character; notes that it is used. */
uint32_t pdf_face_use(struct pdf_face *face, uint32_t code);
/* Puts a subset, right widths and a right ToUnicode in place of libharu's own.
 * With another libharu than 2.3.0 nothing is touched: its inner layout is not
 * known, and libharu 2.4 embeds these fonts rightly itself. */
enum status pdf_face_finish(struct pdf_face *face, const struct sfnt *sfnt,
                            struct arena *memory, struct error *err);

#endif
