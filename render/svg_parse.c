/* svg_parse.c - reads colours, transforms and paths out of SVG attributes. */
#include "render/svg_parse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double circle_handle = 0.5522847498; /* Bezier handle of a quarter */

struct svg_matrix svg_multiply(struct svg_matrix p, struct svg_matrix q)
{
    return (struct svg_matrix){
        p.a * q.a + p.c * q.b, p.b * q.a + p.d * q.b,       p.a * q.c + p.c * q.d,
        p.b * q.c + p.d * q.d, p.a * q.e + p.c * q.f + p.e, p.b * q.e + p.d * q.f + p.f,
    };
}

size_t svg_numbers(const char *text, double *out, size_t room)
{
    size_t count = 0;
    while (*text && count < room) {
        char *end;
        double value = strtod(text, &end);
        if (end == text) {
            text++;
            continue;
        }
        out[count++] = value;
        text = end;
    }
    return count;
}

static struct svg_matrix transform_of(const char *name, size_t length,
                                      const double *value, size_t count)
{
    struct svg_matrix result = { 1, 0, 0, 1, 0, 0 };
    if (length == 9 && !memcmp(name, "translate", 9)) {
        result.e = value[0];
        result.f = value[1];
    } else if (length == 5 && !memcmp(name, "scale", 5)) {
        result.a = value[0];
        result.d = count > 1 ? value[1] : value[0];
    } else if (length == 6 && !memcmp(name, "rotate", 6)) {
        double angle = value[0] * M_PI / 180;
        result.a = result.d = cos(angle);
        result.b = sin(angle);
        result.c = -result.b;
    }
    return result;
}

struct svg_matrix svg_transform(const char *text)
{
    struct svg_matrix result = { 1, 0, 0, 1, 0, 0 };
    for (;;) {
        text += strspn(text, " ,\t\r\n");
        size_t length = strcspn(text, "(");
        const char *open = text + length, *close = strchr(text, ')');
        if (!*open || !close || close < open)
            return result;
        char inner[128];
        snprintf(inner, sizeof inner, "%.*s", (int)(close - open - 1), open + 1);
        double value[6] = { 0 };
        size_t count = svg_numbers(inner, value, 6);
        result = svg_multiply(result, transform_of(text, length, value, count));
        text = close + 1;
    }
}

bool svg_colour(const char *text, const double current[3], double colour[3])
{
    unsigned red, green, blue;
    if (!strcmp(text, "none"))
        return false;
    if (!strcmp(text, "currentColor")) {
        memcpy(colour, current, 3 * sizeof *colour);
        return true;
    }
    if (sscanf(text, "rgb(%3u,%3u,%3u)", &red, &green, &blue) == 3
        || sscanf(text, "#%2x%2x%2x", &red, &green, &blue) == 3) {
        colour[0] = (red & 255) / 255.0;
        colour[1] = (green & 255) / 255.0;
        colour[2] = (blue & 255) / 255.0;
        return true;
    }
    double level = !strcmp(text, "white") ? 1 : !strcmp(text, "gray") ? 0.5 : 0;
    colour[0] = colour[1] = colour[2] = level;
    return true;
}

static struct svg_point through(struct svg_matrix m, enum svg_op op, double x, double y)
{
    return (struct svg_point){ .op = op,
                               .x = m.a * x + m.c * y + m.e,
                               .y = m.b * x + m.d * y + m.f };
}

static void push(struct svg_path *path, struct svg_point point)
{
    if (path->count == path->room) {
        size_t room = path->room ? path->room * 2 : 64;
        path->points =
            arena_grow(path->memory, path->points, path->count * sizeof *path->points,
                       room * sizeof *path->points);
        path->room = room;
    }
    path->points[path->count++] = point;
}

static const char *number(const char *at, double *value)
{
    char *end;
    at += strspn(at, ", \t\r\n");
    *value = strtod(at, &end);
    return end == at ? NULL : end;
}

bool svg_path_add(struct svg_path *path, const char *at, struct svg_matrix matrix)
{
    char op = 0;
    double x = 0, y = 0, start_x = 0, start_y = 0;
    for (;;) {
        at += strspn(at, ", \t\r\n");
        if (!*at)
            return true;
        if (strchr("MmLlHhVvZz", *at))
            op = *at++;
        if (op == 'z' || op == 'Z') {
            push(path, (struct svg_point){ .op = SVG_CLOSE });
            x = start_x;
            y = start_y;
            op = 0;
            continue;
        }
        double first = 0, second = 0;
        bool sideways = op == 'h' || op == 'H', upright = op == 'v' || op == 'V';
        if (!op || !(at = number(at, &first)))
            return false;
        if (!sideways && !upright && !(at = number(at, &second)))
            return false;
        bool relative = op >= 'a';
        if (upright)
            y = relative ? y + first : first;
        else
            x = relative ? x + first : first;
        if (!sideways && !upright)
            y = relative ? y + second : second;
        bool move = op == 'M' || op == 'm';
        push(path, through(matrix, move ? SVG_MOVE : SVG_LINE, x, y));
        if (move) {
            start_x = x;
            start_y = y;
            op = op == 'M' ? 'L' : 'l';
        }
    }
}

void svg_polygon_add(struct svg_path *path, const char *at, struct svg_matrix matrix,
                     bool closed)
{
    enum svg_op op = SVG_MOVE;
    double x, y;
    while ((at = number(at, &x)) && (at = number(at, &y))) {
        push(path, through(matrix, op, x, y));
        op = SVG_LINE;
    }
    if (closed && op == SVG_LINE)
        push(path, (struct svg_point){ .op = SVG_CLOSE });
}

void svg_circle_add(struct svg_path *path, double x, double y, double radius,
                    struct svg_matrix m)
{
    static const double turn[5][2] = {
        { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 }, { 1, 0 }
    };
    push(path, through(m, SVG_MOVE, x + radius, y));
    for (int i = 0; i < 4; i++) {
        const double *from = turn[i], *to = turn[i + 1];
        double reach = radius * circle_handle;
        struct svg_point one =
            through(m, SVG_CURVE, x + radius * from[0] + reach * to[0],
                    y + radius * from[1] + reach * to[1]);
        struct svg_point two =
            through(m, SVG_CURVE, x + radius * to[0] + reach * from[0],
                    y + radius * to[1] + reach * from[1]);
        struct svg_point end =
            through(m, SVG_CURVE, x + radius * to[0], y + radius * to[1]);
        end.x1 = one.x;
        end.y1 = one.y;
        end.x2 = two.x;
        end.y2 = two.y;
        push(path, end);
    }
    push(path, (struct svg_point){ .op = SVG_CLOSE });
}

void svg_rectangle_add(struct svg_path *path, double x, double y, double width,
                       double height, struct svg_matrix m)
{
    push(path, through(m, SVG_MOVE, x, y));
    push(path, through(m, SVG_LINE, x + width, y));
    push(path, through(m, SVG_LINE, x + width, y + height));
    push(path, through(m, SVG_LINE, x, y + height));
    push(path, (struct svg_point){ .op = SVG_CLOSE });
}
