/*
 * doc.h - a report as a tree of blocks: what is said, never how it looks.
 *
 * template.c builds it from Markdown and results; renderers walk it and know
 * nothing of where it came from.  Everything lives in one arena.
 */
#ifndef HY_DOC_H
#define HY_DOC_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/metrics.h"
#include "core/results.h"
#include "core/text.h"

enum block_kind {
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_BULLETS,
    BLOCK_TILES,
    BLOCK_CHART,
    BLOCK_TABLE,
    BLOCK_COLUMNS,
    BLOCK_RULE,
    BLOCK_PAGE,
    BLOCK_SIGNATURE,
    BLOCK_QR
};

/* How a paragraph or a block is set; from "::: NAME" lines of the template. */
enum tone {
    TONE_BODY,
    TONE_LEAD /* the one sentence */,
    TONE_ACCOUNT /* 一笔账 */,
    TONE_NOTE /* small, grey: how to read, what people wrote */,
    TONE_FOOT /* foot of the page */,
    TONE_BOX /* framed: how to object */
};

struct run {
    const char *text;
    bool bold;
    bool written; /* by people */
};
struct line_of {
    size_t count;
    const struct run *runs;
};

struct tile {                                /* one headline number */
    const char *label, *value, *unit, *base; /* base: what it rests on, in words */
    enum verdict verdict;
    const char *change;  /* verdict words with the old value */
    struct value number; /* for XLSX */
};

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };
struct table_cell {
    const char *text;   /* as printed */
    struct value value; /* typed, for XLSX; VALUE_NONE = text only */
    bool bold;
};
struct table {
    const char *title;           /* or NULL */
    size_t columns, rows, heads; /* the first `heads` rows are heads */
    const enum align *align;
    const struct table_cell *cells; /* rows * columns */
    bool total;                     /* the last row is a total */
};

enum chart_kind {
    CHART_STACK,
    CHART_LINE,
    CHART_BARS,
    CHART_HEAT,
    CHART_CONTROL,
    CHART_SURVIVAL,
    CHART_AGEING,
    CHART_KINDS
};
struct series {
    const char *name;
    const double *value, *low, *high; /* NaN = gap */
    const uint8_t *mark;
};
struct data { /* what a chart shows */
    size_t points, series_count;
    const char *const *label; /* points: category or month */
    const double *x;          /* NULL = by position */
    const struct series *series;
    const double *n; /* printed under each point, or NULL */
    double target;   /* NaN = none */
    enum unit unit;
    bool from_zero;             /* false: the axis is marked "从 50% 起" */
    double axis_low, axis_high; /* NaN = free */
    const char *const *note;    /* words beside each point ("△ 增多"), or NULL */
    const char *unknown;        /* in place of a NaN; NULL = the mark of none */
};
struct chart {
    enum chart_kind kind;
    const char *title, *alt, *reading; /* one line: shown; text alternative; how
                                          to read it (may be NULL) */
    const struct data *data;
    struct text svg;               /* filled by chart_draw(); absent = not drawn */
    struct text svg_low, svg_tall; /* the same less and more high, for a single
                                      page that is full or empty; may be absent */
    struct text svg_narrow;        /* as wide as a telephone; only if doc->narrow */
};

struct qr { /* what a telephone reads off the page */
    const char *text, *alt;
    size_t side;         /* modules, the white ones around it not counted */
    const uint8_t *dark; /* side * side: 1 = black */
};

struct block {
    enum block_kind kind;
    enum tone tone;
    int level;                   /* heading 1..3 */
    int yields;                  /* 0: stays; else gives way when a single page is
                                    full, 1 first */
    size_t count;                /* lines, tiles or columns */
    const struct line_of *lines; /* heading, paragraph, code: 1; bullets: each */
    const struct tile *tiles;
    struct chart *chart;
    const struct table *table;
    const struct qr *qr; /* the line says the same in words */
    const struct column {
        size_t count;
        const struct block *blocks;
        double share;
    } * columns;
};

struct doc {
    const char *name; /* "公示-A4": name of the output */
    const char *title, *estate, *language;
    const char *head_left, *head_right, *subhead; /* top of the first page */
    const char *foot;  /* every page: legend of marks, check code */
    const char *draft; /* 预览稿　不得张贴, NULL once published */
    const char *moved; /* said when a block gave way; may be NULL */
    enum audience audience;
    enum paper { PAPER_A4, PAPER_A3 } paper;
    bool single_page; /* one page or an error */
    bool plain;       /* plain text is the paragraphs alone, to be pasted */
    bool narrow;      /* charts are drawn for a telephone too */
    int32_t month;
    int64_t cutoff; /* dates inside the files; never the clock */
    size_t count;
    const struct block *blocks;
    struct arena *memory;
    const struct table *definitions; /* of the figures used; may stand in the body
                                        too (the same pointer), or be NULL */
};

#endif
