/*
 * covers.h - a cell merged downward stands for the rows it covers, as people read it.
 *
 * Readers give what a file holds: the text in the first row, emptiness below, and in
 * row.downs how far it reaches.  Here the rows below get it, each in its turn.
 */
#ifndef HY_COVERS_H
#define HY_COVERS_H

#include "ingest/reader.h"

struct covers {
    struct arena
        *memory; /* what is carried lives there, as long as the sheet is read */
    struct cover *items;
    size_t count, room;
    int64_t filled; /* cells so far */
};

/* The row, or a copy of it in `batch` whose covered empty cells hold what is above.  A
 * cell that says something itself keeps it.  Rows come in the order of the sheet. */
const struct row *covers_fill(struct covers *covers, const struct row *row,
                              struct arena *batch);

#endif
