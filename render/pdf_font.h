/*
 * pdf_font.h - which face draws which character, and how wide it is.
 *
 * A chain of faces: Micro Hei, then Zen Hei, then LXGW WenKai where installed,
 * then a harmless substitute, then 〓 with a note.  Knows nothing of libharu, so
 * charts and line breaking measure with it too.
 */
#ifndef HY_PDF_FONT_H
#define HY_PDF_FONT_H

#include "core/text.h"
#include "render/pdf_sfnt.h"

enum { FACES_MOST = 3, FACE_NONE = -1 };

struct fonts;

struct glyph {
    int face;       /* FACE_NONE: draws nothing and takes no room */
    uint32_t code;  /* after substitution */
    double advance; /* 1/1000 of the size */
};

/* The fonts of the process: loaded by whoever asks first, the same for all threads, and
 * kept to its end; nobody frees them.  HY_INTERNAL with the package to install when the
 * main face is not there; asked again, it is looked for again. */
enum status fonts_open(struct fonts **out, struct error *err);
struct glyph fonts_glyph(const struct fonts *fonts, uint32_t code);
double fonts_width(const struct fonts *fonts, struct text text, double size);
/* NULL when that face is not installed. */
const struct sfnt *fonts_face(const struct fonts *fonts, int face);
const char *fonts_path(int face);
unsigned fonts_index(int face);
/* 〓 stands for it: nothing installed can draw it. */
bool fonts_lost(const struct fonts *fonts, uint32_t code);

#endif
