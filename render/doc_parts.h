/*
 * doc_parts.h - small helpers for making and walking a document (doc.h).
 */
#ifndef HY_DOC_PARTS_H
#define HY_DOC_PARTS_H

#include "render/doc.h"

struct blocks { /* grows in an arena */
    struct block *items;
    size_t count, room;
};

struct block *blocks_add(struct blocks *blocks, struct arena *memory,
                         enum block_kind kind, enum tone tone);
/* A paragraph of one run. */
void blocks_say(struct blocks *blocks, struct arena *memory, enum tone tone,
                const char *text);
const struct line_of *line_plain(struct arena *memory, const char *text, bool bold,
                                 bool written);
/* The runs of a line as one string. */
const char *line_text(struct arena *memory, const struct line_of *line);
/* No number of the document may be infinite, and only a gap of a chart NaN: HY_INTERNAL
 * with the table, tile or chart.  Asked before anything is drawn. */
enum status doc_numbers(const struct doc *doc, struct error *err);
/* The printed form of point p of series s: "90.5%", "20.5 h", "12"; "" = gap. */
const char *data_text(struct arena *memory, const struct data *data, double value);
/* The numbers a chart shows: points down, series across, n last; a fine curve is
 * read every twelfth point. */
const struct table *chart_table(struct arena *memory, const struct chart *chart);

#endif
