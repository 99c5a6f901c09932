/*
 * disclose_simplex.h - how far equations let one unknown move.
 *
 * Unknowns are not below nought; a known solution is the start.  Only an answer "wide
 * enough or not" is asked for, so steps end as soon as that is sure.
 */
#ifndef HY_DISCLOSE_SIMPLEX_H
#define HY_DISCLOSE_SIMPLEX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct simplex {
    size_t rows, columns;
    double
        *cells; /* rows x columns: basic variable + sum of cells x others = constant */
    double *value;  /* per variable, as moved so far */
    int32_t *basis; /* variable of a row */
    int32_t *row_of;
    uint32_t *filled; /* scratch of pivot(): columns of its row that are not nought */
    size_t steps;     /* left; a system that takes longer is called unsafe */
};

/* All nought, in the arena: cells and value are then filled in by the caller. */
void simplex_open(struct simplex *system, size_t rows, size_t columns,
                  struct arena *memory);
/* Once, before the first question: a basic variable for every equation. */
void simplex_begin(struct simplex *system);
/* The variable reaches need, and its least and most are need apart. */
bool simplex_wide(struct simplex *system, size_t variable, int64_t need);

#endif
