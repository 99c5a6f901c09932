/*
 * pdf_set.h - sets blocks of a document on a page.
 *
 * Every function returns the height it needs; with draw = false it only
 * measures, so the same code decides where a page ends and draws it.
 */
#ifndef HY_PDF_SET_H
#define HY_PDF_SET_H

#include "render/pdf_canvas.h"
#include "render/pdf_style.h"

enum chart_size { CHART_PLAIN, CHART_LOW, CHART_TALL, CHART_NARROW };

struct setter {
    struct canvas *canvas;
    const struct fonts *fonts;
    struct arena *memory;
    double gap;   /* spacing between and inside blocks x this */
    double grown; /* charts are higher by this share of their height; 0 as drawn */
    double leading;
    bool draw;
    bool spare; /* chart readings give way: the page is full */
    enum chart_size size;
    struct error *err; /* first failure of a chart */
    enum status status;
};

/* One line of words; anchor as in SVG.  Returns its width. */
double set_words(struct setter *setter, const char *text, double x, double y,
                 double size, bool bold, uint32_t colour, enum svg_anchor anchor);
/* Broken text; y is the top. */
double set_laid(struct setter *setter, const struct laid *laid, size_t first,
                size_t count, double x, double y, double width, double size,
                uint32_t colour, enum align align);
double set_text(struct setter *setter, const char *text, bool bold, double x, double y,
                double width, double size, uint32_t colour, enum align align);

struct manner {
    double size, indent;
    uint32_t colour;
    bool bold;
};
struct manner set_manner(const struct block *block);
void set_lay(struct setter *setter, const struct line_of *line, struct manner manner,
             double width, struct laid *laid);

double set_block(struct setter *setter, const struct block *block, double x, double y,
                 double width);
/* Blocks below each other with their gaps; framed tones are framed together. */
double set_blocks(struct setter *setter, const struct block *blocks, size_t count,
                  double x, double y, double width);
/* How many blocks from this one on stand in one frame (1 = no frame). */
size_t set_group(const struct block *blocks, size_t count, bool *framed);
double set_framed(struct setter *setter, const struct block *blocks, size_t count,
                  double x, double y, double width);
double set_gap(const struct setter *setter, const struct block *before,
               const struct block *after);

double set_tiles(struct setter *setter, const struct block *block, double x, double y,
                 double width);
double set_signature(struct setter *setter, const struct block *block, double x,
                     double y, double width);
double set_chart(struct setter *setter, const struct chart *chart, double x, double y,
                 double width);

struct table_plan {
    double *widths, *heights, head_height, pad; /* beside the words of a cell */
    struct laid *cells;
    bool ruled_above; /* by the heading of a part: no second rule under its own */
};
void table_plan(struct setter *setter, const struct table *table, double width,
                struct table_plan *plan);
/* New heights for a plan that was made with another spacing; the old ones stay. */
void table_space(struct setter *setter, const struct table *table,
                 struct table_plan *plan);
/* Heads and rows [first, until) below them, title above the first. */
double table_set(struct setter *setter, const struct table *table,
                 const struct table_plan *plan, size_t first, size_t until, double x,
                 double y, double width);
/* The rows after first that fit into height with the heads; at least 0. */
size_t table_fit(const struct setter *setter, const struct table *table,
                 const struct table_plan *plan, size_t first, double height);

#endif
