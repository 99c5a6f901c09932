/*
 * pdf_canvas.h - draws on PDF pages; the only door to libharu.
 *
 * Coordinates are points from the upper left corner, y downwards, always as on
 * A4: a bigger page is the same drawing scaled up.  Errors stick: after the first
 * one nothing more is drawn and canvas_status() tells it.  A coordinate that is
 * not a finite number is such an error (libharu would write a broken page).
 */
#ifndef HY_PDF_CANVAS_H
#define HY_PDF_CANVAS_H

#include "render/pdf_text.h"
#include "render/svg.h"

struct canvas;

struct canvas_about { /* what the file says of itself */
    const char *title, *author, *subject, *language;
    int64_t when; /* civil seconds; 0 = not given */
};

enum status canvas_open(const struct fonts *fonts, struct arena *memory, double scale,
                        struct canvas **out, struct error *err);
void canvas_close(struct canvas *canvas); /* NULL is allowed */
enum status canvas_status(const struct canvas *canvas, struct error *err);
/* Writes the file and reads it back: HY_INTERNAL when a page, a character or a part of
 * its outline is not in it. */
enum status canvas_save(struct canvas *canvas, const struct canvas_about *about,
                        const unsigned char identity[16], const char *path,
                        struct error *err);

/* --- pages ---------------------------------------------------------------- */
enum { PAGE_WIDTH = 595, PAGE_HEIGHT = 842 };
void canvas_page(struct canvas *canvas); /* a new one, drawn on from now */
/* A page of another size, for a picture; canvas_turn() must not follow it. */
enum { STRIP_MOST = 14000 };
void canvas_strip(struct canvas *canvas, double width, double height);
size_t canvas_page_count(const struct canvas *canvas);
void canvas_turn(struct canvas *canvas, size_t page); /* back to page 0 .. */
/* Entry of the outline at height y of this page; level 1.. */
void canvas_outline(struct canvas *canvas, const char *title, int level, double y);

/* --- marks ---------------------------------------------------------------- */
void canvas_fill(struct canvas *canvas, uint32_t colour); /* 0xRRGGBB */
void canvas_stroke(struct canvas *canvas, uint32_t colour, double width);
void canvas_rectangle(struct canvas *canvas, double x, double y, double width,
                      double height, bool filled, bool stroked);
void canvas_round(struct canvas *canvas, double x, double y, double width,
                  double height, double radius, bool filled, bool stroked);
void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2);
void canvas_triangle(struct canvas *canvas, const double xy[6], bool filled);
void canvas_circle(struct canvas *canvas, double x, double y, double radius,
                   bool filled);
/* Characters with their base line at y; turned by angle (degrees, rising). */
void canvas_units(struct canvas *canvas, const struct unit_of_text *units, size_t count,
                  double x, double y, double size, uint32_t colour, double angle);
enum status canvas_svg(struct canvas *canvas, struct text svg, double x, double y,
                       double width, double height, struct error *err);

#endif
