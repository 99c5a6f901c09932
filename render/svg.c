/* svg.c - the walker: SVG elements to paths and texts with all state resolved. */
#include "render/svg_parse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/xml.h"

enum { DEPTH_MOST = 64, SYMBOLS_MOST = 32, USE_MOST = 4, TEXT_MOST = 1024 };

struct state { /* what an element inherits */
    struct svg_matrix matrix;
    double current[3], fill_opacity, font_size;
    struct svg_paint paint;
    enum svg_anchor anchor;
    bool bold;
};

struct symbol { /* a point sign of <defs> */
    const char *id, *kind, *path, *use;
    double radius, box[4], stroke_width;
    struct svg_matrix matrix;
    bool filled, bare;
};

struct walker {
    const struct svg_sink *sink;
    struct arena *memory;
    double x, y, width, height;
    struct state state[DEPTH_MOST];
    size_t depth;
    int in_defs, in_title;
    bool in_text;
    struct symbol symbols[SYMBOLS_MOST];
    size_t symbol_count;
    char text[TEXT_MOST];
    size_t text_length;
    double size[2]; /* of the viewBox */
};

static const char *get(const char **attributes, const char *name)
{
    return xml_attribute(attributes, name);
}

static double get_number(const char **attributes, const char *name, double otherwise)
{
    const char *text = get(attributes, name);
    return text ? strtod(text, NULL) : otherwise;
}

static const char *get_reference(const char **attributes)
{
    const char *text = get(attributes, "xlink:href");
    text = text ? text : get(attributes, "href");
    return text && *text == '#' ? text + 1 : NULL;
}

static double scale_of(struct svg_matrix m)
{
    return sqrt(fabs(m.a * m.d - m.b * m.c));
}

static bool all_finite(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

static enum status not_a_number(struct error *err)
{
    return fail(err, HY_INTERNAL, "图的 SVG 里有不是数的坐标 (not a finite number)");
}

static enum status check_path(const struct svg_path *path,
                              const struct svg_paint *paint, struct error *err)
{
    for (size_t i = 0; i < path->count; i++) {
        const struct svg_point *p = &path->points[i];
        if (!all_finite((const double[]){ p->x, p->y, p->x1, p->y1, p->x2, p->y2 }, 6))
            return not_a_number(err);
    }
    if (!isfinite(paint->width) || !all_finite(paint->dash, paint->dash_count)
        || !all_finite(paint->fill_colour, 3) || !all_finite(paint->stroke_colour, 3))
        return not_a_number(err);
    return HY_OK;
}

static enum status emit(const struct walker *walker, const struct svg_path *path,
                        const struct state *state, bool fill, bool stroke,
                        struct error *err)
{
    if (!path->count || (!fill && !stroke))
        return HY_OK;
    struct svg_paint paint = state->paint;
    double scale = scale_of(state->matrix);
    paint.fill = fill;
    paint.stroke = stroke;
    for (int i = 0; i < 3; i++)
        paint.fill_colour[i] = 1 - (1 - paint.fill_colour[i]) * state->fill_opacity;
    paint.width *= scale;
    for (size_t i = 0; i < paint.dash_count; i++)
        paint.dash[i] *= scale;
    TRY(check_path(path, &paint, err));
    return walker->sink->path(walker->sink->self, path->points, path->count, &paint,
                              err);
}

static void inherit_paint(struct state *state, const char **attributes)
{
    const char *text;
    if ((text = get(attributes, "color")))
        svg_colour(text, state->current, state->current);
    if ((text = get(attributes, "fill")))
        state->paint.fill = svg_colour(text, state->current, state->paint.fill_colour);
    if ((text = get(attributes, "stroke")))
        state->paint.stroke =
            svg_colour(text, state->current, state->paint.stroke_colour);
    state->fill_opacity = get_number(attributes, "fill-opacity", state->fill_opacity);
    state->paint.width = get_number(attributes, "stroke-width", state->paint.width);
    if ((text = get(attributes, "stroke-linecap")))
        state->paint.cap = !strcmp(text, "round") ? 1 : !strcmp(text, "square") ? 2 : 0;
    if ((text = get(attributes, "stroke-linejoin")))
        state->paint.join = !strcmp(text, "round") ? 1 : !strcmp(text, "bevel") ? 2 : 0;
    state->paint.dash_count = 0;
    if ((text = get(attributes, "stroke-dasharray")))
        state->paint.dash_count = svg_numbers(text, state->paint.dash, 8);
}

static void inherit_text(struct state *state, const char **attributes)
{
    const char *text;
    state->font_size = get_number(attributes, "font-size", state->font_size);
    if ((text = get(attributes, "text-anchor")))
        state->anchor = !strcmp(text, "middle") ? SVG_MIDDLE
                        : !strcmp(text, "end")  ? SVG_END
                                                : SVG_START;
    if ((text = get(attributes, "font-weight")))
        state->bold = !strcmp(text, "bold");
}

static enum status begin_canvas(struct walker *walker, struct state *state,
                                const char **attributes, struct error *err)
{
    double box[4] = { 0 };
    const char *text = get(attributes, "viewBox");
    if (!text || svg_numbers(text, box, 4) != 4 || !(box[2] > 0) || !(box[3] > 0))
        return fail(err, HY_INTERNAL, "图的 SVG 没有 viewBox");
    double across = walker->width / box[2], down = walker->height / box[3];
    walker->size[0] = box[2];
    walker->size[1] = box[3];
    state->matrix = (struct svg_matrix){ across, 0, 0, down, walker->x, walker->y };
    return HY_OK;
}

static const char *keep(const struct walker *walker, const char *text)
{
    return text ? arena_copy(walker->memory, text, strlen(text)) : "";
}

static enum status define(struct walker *walker, const char *name,
                          const char **attributes, struct error *err)
{
    const char *id = get(attributes, "id"), *transform = get(attributes, "transform");
    bool shape = !strcmp(name, "path") || !strcmp(name, "rect")
                 || !strcmp(name, "circle") || !strcmp(name, "use");
    if (!shape || !id)
        return HY_OK; /* filters: never used by the charts */
    if (walker->symbol_count == SYMBOLS_MOST)
        return fail(err, HY_INTERNAL, "图的 SVG 记号太多");
    const char *stroke = get(attributes, "stroke");
    walker->symbols[walker->symbol_count++] = (struct symbol){
        .id = keep(walker, id),
        .kind = keep(walker, name),
        .path = keep(walker, get(attributes, "d")),
        .use = keep(walker, get_reference(attributes)),
        .radius = get_number(attributes, "r", 0),
        .box = { get_number(attributes, "x", 0), get_number(attributes, "y", 0),
                 get_number(attributes, "width", 0),
                 get_number(attributes, "height", 0) },
        .stroke_width = get_number(attributes, "stroke-width", 0),
        .matrix = svg_transform(transform ? transform : ""),
        .filled = get(attributes, "fill") != NULL,
        .bare = stroke && !strcmp(stroke, "none"),
    };
    return HY_OK;
}

static const struct symbol *symbol_named(const struct walker *walker, const char *id)
{
    for (size_t i = 0; id && i < walker->symbol_count; i++)
        if (!strcmp(walker->symbols[i].id, id))
            return &walker->symbols[i];
    return NULL;
}

/* A sign is drawn in the current colour; a filled one refers to a hollow one. */
static enum status draw_symbol(const struct walker *walker, struct state state,
                               const char *id, struct error *err)
{
    bool filled = false, bare = false;
    const struct symbol *symbol = symbol_named(walker, id);
    for (int step = 0; symbol && step < USE_MOST; step++) {
        state.matrix = svg_multiply(state.matrix, symbol->matrix);
        filled = filled || symbol->filled;
        bare = bare || symbol->bare;
        if (strcmp(symbol->kind, "use"))
            break;
        symbol = symbol_named(walker, symbol->use);
    }
    if (!symbol)
        return fail(err, HY_INTERNAL, "图的 SVG 用了没有定义的记号");
    memcpy(state.paint.fill_colour, state.current, sizeof state.current);
    memcpy(state.paint.stroke_colour, state.current, sizeof state.current);
    state.paint.width = symbol->stroke_width;
    struct svg_path path = { .memory = walker->memory };
    if (!strcmp(symbol->kind, "circle"))
        svg_circle_add(&path, 0, 0, symbol->radius, state.matrix);
    else if (!strcmp(symbol->kind, "rect"))
        svg_rectangle_add(&path, symbol->box[0], symbol->box[1], symbol->box[2],
                          symbol->box[3], state.matrix);
    else if (!svg_path_add(&path, symbol->path, state.matrix))
        return fail(err, HY_INTERNAL, "图的 SVG 记号读不懂");
    return emit(walker, &path, &state, filled, !bare, err);
}

static enum status draw_shape(struct walker *walker, const struct state *state,
                              const char *name, const char **attributes,
                              struct error *err)
{
    struct svg_path path = { .memory = walker->memory };
    const char *points = get(attributes, "points"), *line = get(attributes, "d");
    bool fill = state->paint.fill, stroke = state->paint.stroke;
    if (!strcmp(name, "path")) {
        if (line && !svg_path_add(&path, line, state->matrix))
            return fail(err, HY_INTERNAL, "图的 SVG 路径读不懂");
    } else if (!strcmp(name, "polygon") || !strcmp(name, "polyline")) {
        svg_polygon_add(&path, points ? points : "", state->matrix, name[4] == 'g');
        stroke = stroke && get(attributes, "stroke");
    } else if (!strcmp(name, "rect")) {
        svg_rectangle_add(&path, get_number(attributes, "x", 0),
                          get_number(attributes, "y", 0),
                          get_number(attributes, "width", 0),
                          get_number(attributes, "height", 0), state->matrix);
    } else if (!strcmp(name, "circle")) {
        svg_circle_add(&path, get_number(attributes, "cx", 0),
                       get_number(attributes, "cy", 0), get_number(attributes, "r", 0),
                       state->matrix);
    } else {
        return fail(err, HY_INTERNAL, "图的 SVG 里有不认识的元素 <%.40s>", name);
    }
    return emit(walker, &path, state, fill, stroke, err);
}

static enum status on_start(void *self, const char *name, const char **attributes,
                            struct error *err)
{
    struct walker *walker = self;
    if (walker->depth + 1 >= DEPTH_MOST)
        return fail(err, HY_INTERNAL, "图的 SVG 层数太多");
    const struct state *parent = &walker->state[walker->depth];
    struct state *state = &walker->state[++walker->depth];
    *state = *parent;
    inherit_paint(state, attributes);
    inherit_text(state, attributes);
    const char *transform = get(attributes, "transform");
    if (transform && !walker->in_defs)
        state->matrix = svg_multiply(parent->matrix, svg_transform(transform));
    if (!strcmp(name, "svg"))
        return begin_canvas(walker, state, attributes, err);
    if (!strcmp(name, "title") || !strcmp(name, "desc"))
        walker->in_title++;
    else if (!strcmp(name, "defs"))
        walker->in_defs++;
    else if (walker->in_defs)
        return define(walker, name, attributes, err);
    else if (!strcmp(name, "use"))
        return draw_symbol(walker, *state, get_reference(attributes), err);
    else if (!strcmp(name, "text"))
        walker->in_text = true;
    else if (strcmp(name, "g") && strcmp(name, "tspan"))
        return draw_shape(walker, state, name, attributes, err);
    return HY_OK;
}

static enum status flush_text(struct walker *walker, struct error *err)
{
    const struct state *state = &walker->state[walker->depth];
    struct svg_matrix m = state->matrix;
    double scale = hypot(m.a, m.b);
    struct text text =
        text_trim((struct text){ walker->text, (uint32_t)walker->text_length });
    walker->text_length = 0;
    if (!all_finite((const double[]){ m.e, m.f, scale, state->font_size }, 4))
        return not_a_number(err);
    if (!text.length || !(scale > 0))
        return HY_OK;
    struct svg_text out = { .x = m.e,
                            .y = m.f,
                            .along_x = m.a / scale,
                            .along_y = m.b / scale,
                            .size = state->font_size * scale,
                            .anchor = state->anchor,
                            .bold = state->bold,
                            .text = text };
    memcpy(out.colour, state->paint.fill_colour, sizeof out.colour);
    return walker->sink->text(walker->sink->self, &out, err);
}

static enum status on_end(void *self, const char *name, struct error *err)
{
    struct walker *walker = self;
    enum status status = HY_OK;
    if (walker->in_text && !strcmp(name, "text")) {
        status = flush_text(walker, err);
        walker->in_text = false;
    }
    if (!strcmp(name, "title") || !strcmp(name, "desc"))
        walker->in_title--;
    if (!strcmp(name, "defs"))
        walker->in_defs--;
    if (walker->depth)
        walker->depth--;
    return status;
}

static enum status on_text(void *self, const char *text, size_t length,
                           struct error *err)
{
    struct walker *walker = self;
    if (!walker->in_text || walker->in_title)
        return HY_OK;
    if (walker->text_length + length > TEXT_MOST)
        return fail(err, HY_INTERNAL, "图上的文字太长");
    memcpy(walker->text + walker->text_length, text, length);
    walker->text_length += length;
    return HY_OK;
}

static enum status walk(struct walker *walker, struct text svg, struct error *err)
{
    static const struct xml_events events = { on_start, on_end, on_text };
    struct xml *xml = NULL;
    walker->state[0] = (struct state){ .matrix = { 1, 0, 0, 1, 0, 0 },
                                       .fill_opacity = 1,
                                       .font_size = 12,
                                       .paint = { .fill = true, .width = 1 } };
    enum status status = xml_open(&xml, &events, walker, err);
    if (status == HY_OK)
        status = xml_feed(xml, svg.at, svg.length, true, err);
    xml_close(xml);
    return status;
}

enum status svg_draw(struct text svg, double x, double y, double width, double height,
                     const struct svg_sink *sink, struct arena *memory,
                     struct error *err)
{
    struct walker *walker = arena_alloc(memory, sizeof *walker);
    *walker = (struct walker){
        .sink = sink, .memory = memory, .x = x, .y = y, .width = width, .height = height
    };
    return walk(walker, svg, err);
}

enum status svg_size(struct text svg, double *width, double *height, struct error *err)
{
    double box[4] = { 0 };
    char head[512];
    snprintf(head, sizeof head, "%.*s", (int)(svg.length < 511 ? svg.length : 511),
             svg.at ? svg.at : "");
    const char *at = strstr(head, "viewBox=\"");
    if (!at || svg_numbers(at + 9, box, 4) != 4 || !(box[2] > 0) || !(box[3] > 0))
        return fail(err, HY_INTERNAL, "图的 SVG 没有 viewBox");
    *width = box[2];
    *height = box[3];
    return HY_OK;
}
