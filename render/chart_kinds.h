/*
 * chart_kinds.h - what each kind of chart needs before gnuplot draws it.
 *
 * C works out ranges, ticks, margins, labels and the legend with the real widths
 * of the face; templates/charts/KIND.gp holds the looks.  gnuplot never sees a
 * word: labels are K000, K001 ... and are put in afterwards.
 *
 * To add a kind: one .gp, one row in chart_kinds.c.
 */
#ifndef HY_CHART_KINDS_H
#define HY_CHART_KINDS_H

#include "render/doc.h"
#include "render/pdf_font.h"

enum { LABELS_MOST = 1000, LEGEND_MOST = 12 };

struct sheet { /* text that grows */
    struct arena *memory;
    char *at;
    size_t length, room;
};

void sheet_add(struct sheet *sheet, const char *fmt, ...) HY_PRINTF(2, 3);

enum swatch { SWATCH_BOX, SWATCH_LINE, SWATCH_DASH };
struct legend {
    enum swatch swatch;
    uint32_t colour;
    const char *name;
};

/* How high: of a report, of a single page, and of one too full or too empty. */
enum plot_size {
    PLOT_FREE,
    PLOT_PAGE,
    PLOT_LOW,
    PLOT_TALL,
    PLOT_SIZES,
    PLOT_NARROW = PLOT_SIZES /* of a telephone: free in height */
};

struct plot { /* one chart in the making; points, not gnuplot units */
    const struct chart *chart;
    const struct data *data;
    const struct fonts *fonts;
    struct arena *memory;
    bool english;
    enum plot_size size;
    double width, height;
    double left, right, top, bottom; /* margins around the drawing */
    double x_low, x_high, y_low, y_high;
    struct sheet settings, rows; /* lines for gnuplot, and its numbers */
    const char *labels[LABELS_MOST];
    size_t label_count;
    struct legend legend[LEGEND_MOST];
    size_t legend_count;
};

struct chart_kind_row {
    const char *name; /* also of the script: "stack" = stack.gp */
    double (*height)(const struct plot *plot);
    void (*prepare)(struct plot *plot);
};

const struct chart_kind_row *chart_kind(enum chart_kind kind);

#define CHART_TEXT 10.5   /* nothing on a chart is smaller */
enum { CHART_UNITS = 2 }; /* SVG units per point */

/* --- chart_parts.c: what the kinds share ---------------------------------- */
double label_width(const struct plot *plot, const char *text);
/* The key gnuplot gets for a text: "K007". */
const char *label_key(struct plot *plot, const char *text);
/* A label at data coordinates, moved by points; anchor "left" "center" "right". */
void label_at(struct plot *plot, const char *text, double x, double y, double move_x,
              double move_y, const char *anchor, uint32_t colour);
/* Label at x of the data and y points above the lower edge of the picture. */
void label_below(struct plot *plot, const char *text, double x, double rise,
                 uint32_t colour);
void legend_add(struct plot *plot, enum swatch swatch, uint32_t colour,
                const char *name);
double legend_height(const struct plot *plot);
/* The legend as SVG, in SVG units. */
void legend_draw(const struct plot *plot, struct sheet *out);
/* "90.5%", "1,234", "20.5"; short leaves out a tenth. */
const char *number_text(struct plot *plot, double value, bool brief);
/* "2025-10" -> "25年10月" or "10月". */
const char *month_text(struct plot *plot, const char *label, bool with_year);
/* Largest and smallest number of all series with their bands; false: none. */
bool data_range(const struct data *data, bool bands, double *low, double *high);
/* Sets y_low, y_high and the ticks of the left axis; widens the left margin. */
void value_axis(struct plot *plot, double low, double high);
/* Month names below, as many as fit; and n of each point below them. */
void month_axis(struct plot *plot);
void series_rows(struct plot *plot);
/* Shades that stay apart in grey print. */
uint32_t shade(size_t index);

#define CHART_NAVY 0x1B3A5C
#define CHART_ORANGE 0xD9822B
#define CHART_SKY 0x8CC3E8
#define CHART_GREY 0xCFD6DC
#define CHART_WORDS 0x333A40

#endif
