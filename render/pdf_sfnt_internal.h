/* pdf_sfnt_internal.h - what pdf_sfnt.c and pdf_subset.c share: the open font. */
#ifndef HY_PDF_SFNT_INTERNAL_H
#define HY_PDF_SFNT_INTERNAL_H

#include "render/pdf_sfnt.h"

enum {
    SFNT_HEAD,
    SFNT_HHEA,
    SFNT_MAXP,
    SFNT_HMTX,
    SFNT_LOCA,
    SFNT_GLYF,
    SFNT_CMAP,
    SFNT_TABLES
};

struct sfnt_table {
    const unsigned char *at;
    uint32_t length;
};

struct sfnt {
    const unsigned char *bytes;
    size_t length;
    bool collection, long_loca;
    uint32_t em, glyphs, advances;
    uint32_t group_count, segment_room;
    const unsigned char *groups, *segments;
    struct sfnt_table table[SFNT_TABLES];
};

uint32_t sfnt_u16(const unsigned char *at);
int32_t sfnt_s16(const unsigned char *at);
uint32_t sfnt_u32(const unsigned char *at);

#endif
