/* svg_parse.h - the small languages inside SVG attributes: colours, transforms,
 * paths, lists of numbers. */
#ifndef HY_SVG_PARSE_H
#define HY_SVG_PARSE_H

#include "render/svg.h"

struct svg_matrix {
    double a, b, c, d, e, f;
};

struct svg_path { /* a growing list of points */
    struct arena *memory;
    struct svg_point *points;
    size_t count, room;
};

/* p after q: what q gives is put through p. */
struct svg_matrix svg_multiply(struct svg_matrix p, struct svg_matrix q);
/* "translate(1,2) rotate(90) scale(3)" */
struct svg_matrix svg_transform(const char *text);
/* False for "none". */
bool svg_colour(const char *text, const double current[3], double colour[3]);
size_t svg_numbers(const char *text, double *out, size_t room);
/* M m L l H h V v Z z, put through the matrix; false when something else comes. */
bool svg_path_add(struct svg_path *path, const char *text, struct svg_matrix matrix);
/* "x,y x,y ..." as a closed shape. */
void svg_polygon_add(struct svg_path *path, const char *text, struct svg_matrix matrix,
                     bool closed);
void svg_circle_add(struct svg_path *path, double x, double y, double radius,
                    struct svg_matrix matrix);
void svg_rectangle_add(struct svg_path *path, double x, double y, double width,
                       double height, struct svg_matrix matrix);

#endif
