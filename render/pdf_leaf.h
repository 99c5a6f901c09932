/*
 * pdf_leaf.h - what stands on one page of a long document, from its top down.
 *
 * The flow decides what goes on the page and keeps it here; when the page is full it is
 * drawn with the spacing that fills it.  Pieces point to blocks, tables and plans of
 * their owners, which outlive the page.
 */
#ifndef HY_PDF_LEAF_H
#define HY_PDF_LEAF_H

#include "render/pdf_set.h"

enum piece_kind { PIECE_WHOLE, PIECE_FRAMED, PIECE_ROWS, PIECE_LINES };

struct piece {
    enum piece_kind kind;
    const struct block *before; /* above it on this page; NULL = nothing, no gap */
    const struct block *block;
    size_t run;                    /* FRAMED: blocks in the frame */
    const struct table_plan *plan; /* ROWS, made with the spacing of then */
    double planned;                /* that spacing; leaf_put fills it in */
    size_t first, until;           /* ROWS, LINES: which of them */
    const struct laid *laid;       /* LINES */
    double lead;                   /* LINES: more room above, in units of the spacing */
};

struct leaf {
    struct piece *pieces;
    size_t count, room;
};

/* Keeps the piece; its height without the gap above it. */
double leaf_put(struct leaf *leaf, struct setter *setter, const struct piece *piece);
/* Where all that was put would end, from top on, with the setter's spacing. */
double leaf_end(const struct leaf *leaf, struct setter *setter, double top);
/* Draws all of it, if the setter draws, and forgets it. */
void leaf_draw(struct leaf *leaf, struct setter *setter, double top);
/* The same, and where it would end above bottom the spacing grows up to `gap` and then
 * its charts up to `grown`. */
void leaf_fill(struct leaf *leaf, struct setter *setter, double top, double bottom,
               double gap, double grown);

#endif
