/*
 * stats_disclose.h - can a suppressed count be worked out from the margins?
 *
 * METHODS 8.2-8.3.  A table of counts with its margins: (rows + 1) x (columns + 1)
 * cells row by row, the last row and column being the totals.  Rows and columns
 * must add up.  The audit is exact (a network of flows); it knows nothing of how
 * the pattern was chosen.
 */
#ifndef HY_STATS_DISCLOSE_H
#define HY_STATS_DISCLOSE_H

#include "analyze/stats.h"

struct count_table {
    size_t rows, columns;  /* without the totals */
    const int64_t *values; /* (rows + 1) * (columns + 1), none negative */
};
#define DISCLOSE_UNBOUNDED INT64_MAX

bool count_table_adds_up(const struct count_table *table);
/* What an attacker knows of the cell (index in values) when the cells marked 1 in
 * hidden are not printed: least and most, DISCLOSE_UNBOUNDED = no upper bound. */
void disclose_bounds(const struct count_table *table, const uint8_t *hidden,
                     size_t cell, struct arena *memory, int64_t *low, int64_t *high);
/* Every primary cell (1..t-1, margins too) reaches t and is at least t wide. */
bool disclose_safe(const struct count_table *table, const uint8_t *hidden,
                   int64_t threshold);
/* A safe pattern of inner cells that are not zero, besides the primaries; hidden
 * has one byte per cell.  False: there is none (collapse, or hide a margin). */
bool disclose_protect(const struct count_table *table, int64_t threshold,
                      struct arena *memory, uint8_t *hidden);

/* A table as a page has it: margins of rows may be hidden too, some cells must stay
 * printed, and what is asked of a cell differs. */
struct guarded_table {
    struct count_table table;
    const int64_t *need; /* least top and width of the interval; 0 = not asked */
    const int64_t *cost; /* of hiding the cell; -1 = it stays printed */
};

bool disclose_guarded_safe(const struct guarded_table *guarded, const uint8_t *hidden,
                           struct arena *scratch);
/* Hides more, cheapest first, until every need is met; false: it cannot be.  The
 * scratch arena is emptied. */
bool disclose_guard(const struct guarded_table *guarded, struct arena *scratch,
                    uint8_t *hidden);
bool disclose_primary(int64_t value, int64_t threshold);

#endif
