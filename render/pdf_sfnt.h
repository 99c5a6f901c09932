/*
 * pdf_sfnt.h - reads a TrueType font and cuts it down to the glyphs in use.
 *
 * libharu 2.3 loses most composite glyphs of the Chinese fonts and writes far too
 * much of the rest, so coverage, widths and subsets are our own.  Knows nothing
 * of PDF.
 */
#ifndef HY_PDF_SFNT_H
#define HY_PDF_SFNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct sfnt;

struct sfnt_shape {
    int ascent, descent, box[4];
}; /* in 1/1000 of the size */

/* Maps the file; index chooses a face of a collection (.ttc).  HY_INTERNAL when
 * the file is not a TrueType font with outlines. */
enum status sfnt_open(const char *path, unsigned index, struct sfnt **out,
                      struct error *err);
void sfnt_close(struct sfnt *font); /* NULL is allowed */

uint32_t sfnt_glyph(const struct sfnt *font, uint32_t code);  /* 0 = has none */
double sfnt_advance(const struct sfnt *font, uint32_t glyph); /* 1/1000 */
uint32_t sfnt_glyph_count(const struct sfnt *font);
bool sfnt_collection(const struct sfnt *font);
struct sfnt_shape sfnt_shape(const struct sfnt *font);
/* Of the outline of a glyph, all its parts together; 0 = it draws nothing. */
uint32_t sfnt_contours(const struct sfnt *font, uint32_t glyph);
/* A font of sfnt_subset() in memory, for sfnt_contours() alone; not to be closed.
 * NULL when it does not hold together. */
struct sfnt *sfnt_outlines(const void *bytes, size_t length, struct arena *memory);

/* A font file with glyph 0, the wanted ones (one byte each, sfnt_glyph_count of
 * them) and every component they are made of.  renumber[old] = new. */
enum status sfnt_subset(const struct sfnt *font, const uint8_t *wanted,
                        struct arena *memory, uint16_t *renumber,
                        const unsigned char **bytes, size_t *length, struct error *err);

#endif
