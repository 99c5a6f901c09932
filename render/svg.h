/*
 * svg.h - walks the SVG that gnuplot writes and says what to draw.
 *
 * Exactly the subset of gnuplot 5.4 and what chart.c adds; any other element is
 * refused.  Opacity is mixed with white beforehand, so no output needs
 * transparency.
 */
#ifndef HY_SVG_H
#define HY_SVG_H

#include <stdbool.h>

#include "core/text.h"

enum svg_op { SVG_MOVE, SVG_LINE, SVG_CURVE, SVG_CLOSE };

struct svg_point {
    enum svg_op op;
    double x, y, x1, y1, x2, y2;
};

struct svg_paint {
    bool fill, stroke;
    double fill_colour[3], stroke_colour[3]; /* 0..1 */
    double width;
    int cap, join; /* 0 butt/miter, 1 round, 2 square/bevel */
    size_t dash_count;
    double dash[8];
};

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

struct svg_text {
    double x, y, along_x, along_y; /* along: unit vector of the writing */
    double size, colour[3];
    enum svg_anchor anchor;
    bool bold;
    struct text text;
};

struct svg_sink {
    void *self;
    enum status (*path)(void *self, const struct svg_point *points, size_t count,
                        const struct svg_paint *paint, struct error *err);
    enum status (*text)(void *self, const struct svg_text *text, struct error *err);
};

/* Stretched into the box with its upper left corner at (x, y), y growing downwards;
 * level words keep the proportions that the width gives them. */
enum status svg_draw(struct text svg, double x, double y, double width, double height,
                     const struct svg_sink *sink, struct arena *memory,
                     struct error *err);
/* Of the viewBox. */
enum status svg_size(struct text svg, double *width, double *height, struct error *err);

#endif
