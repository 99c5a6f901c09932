/*
 * attack_lp.h - least and most of a variable under equations, by an exact simplex.
 *
 * Test code of its own, sharing nothing with the suppressor: variables are not
 * negative, equations have small whole coefficients.  Whole numbers over one common
 * denominator (Bareiss: every division comes out even), so nothing is rounded: what
 * it calls narrowed is narrowed.  Bland's rule, so it ends.
 */
#ifndef HY_ATTACK_LP_H
#define HY_ATTACK_LP_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

__extension__ typedef __int128 lp_wide;

struct lp {
    size_t rows, columns; /* columns: variables; one more holds the right side */
    int64_t *cells;       /* over `below` */
    int64_t below;
    size_t *basis; /* variable of a row; >= columns: artificial */
    int64_t *gain; /* how fast the artificial ones shrink */
    bool inexact;  /* a number was too large: nothing can be said */
};

static inline int64_t *lp_row(const struct lp *lp, size_t row)
{
    return lp->cells + row * (lp->columns + 1);
}

static inline void lp_open(struct lp *lp, size_t rows, size_t columns,
                           struct arena *arena)
{
    *lp = (struct lp){ .rows = rows, .columns = columns, .below = 1 };
    lp->cells = arena_alloc(arena, (rows + 1) * (columns + 1) * sizeof *lp->cells);
    lp->basis = arena_alloc(arena, (rows + 1) * sizeof *lp->basis);
    lp->gain = arena_alloc(arena, (columns + 1) * sizeof *lp->gain);
}

/* row := (row * by - row[enter] * pivot) / below */
static inline void lp_sweep(struct lp *lp, int64_t *row, const int64_t *pivot,
                            size_t enter, int64_t by)
{
    int64_t times = row[enter];

    if (times == 0 && by == lp->below)
        return;
    for (size_t j = 0; j <= lp->columns; j++) {
        lp_wide value;

        if (row[j] == 0 && (pivot[j] == 0 || times == 0))
            continue;
        value = (lp_wide)row[j] * by - (lp_wide)times * pivot[j];
        if (lp->below != 1) {
            lp->inexact |= value % lp->below != 0;
            value /= lp->below;
        }
        lp->inexact |= value > INT64_MAX / 4 || value < -(INT64_MAX / 4);
        row[j] = (int64_t)value;
    }
}

static inline void lp_pivot(struct lp *lp, size_t at, size_t enter)
{
    int64_t *pivot = lp_row(lp, at), by;

    if (pivot[enter] < 0) /* only where the right side is nought */
        for (size_t j = 0; j <= lp->columns; j++)
            pivot[j] = -pivot[j];
    by = pivot[enter];
    for (size_t i = 0; i < lp->rows; i++)
        if (i != at)
            lp_sweep(lp, lp_row(lp, i), pivot, enter, by);
    lp_sweep(lp, lp->gain, pivot, enter, by);
    lp->below = by;
    lp->basis[at] = enter;
}

/* The row that limits the entering variable, or rows when nothing does. */
static inline size_t lp_leaving(const struct lp *lp, size_t enter)
{
    size_t best = lp->rows;

    for (size_t i = 0; i < lp->rows; i++) {
        const int64_t *row = lp_row(lp, i), *least = lp_row(lp, best);
        lp_wide order;

        if (row[enter] <= 0)
            continue;
        order = best == lp->rows ? -1
                                 : (lp_wide)row[lp->columns] * least[enter]
                                       - (lp_wide)least[lp->columns] * row[enter];
        if (order < 0 || (order == 0 && lp->basis[i] < lp->basis[best]))
            best = i;
    }
    return best;
}

static inline void lp_drop(struct lp *lp, size_t at)
{
    for (size_t j = 0; j <= lp->columns; j++)
        lp_row(lp, at)[j] = lp_row(lp, lp->rows - 1)[j];
    lp->basis[at] = lp->basis[lp->rows - 1];
    lp->rows--;
}

/* Rows filled, right sides in the last column: finds a first solution.  False:
 * the equations contradict each other. */
static inline bool lp_start(struct lp *lp)
{
    for (size_t i = 0; i < lp->rows; i++) {
        int64_t *row = lp_row(lp, i);

        if (row[lp->columns] < 0)
            for (size_t j = 0; j <= lp->columns; j++)
                row[j] = -row[j];
        lp->basis[i] = lp->columns + i;
        for (size_t j = 0; j <= lp->columns; j++)
            lp->gain[j] += row[j];
    }
    for (;;) {
        size_t enter = 0, leave;

        while (enter < lp->columns && lp->gain[enter] <= 0)
            enter++;
        if (enter == lp->columns)
            break;
        leave = lp_leaving(lp, enter);
        if (leave == lp->rows)
            return false;
        lp_pivot(lp, leave, enter);
    }
    for (size_t i = 0; i < lp->rows;) {
        size_t j = 0;

        if (lp->basis[i] < lp->columns) {
            i++;
            continue;
        }
        if (lp_row(lp, i)[lp->columns] != 0)
            return false;
        while (j < lp->columns && lp_row(lp, i)[j] == 0)
            j++;
        if (j == lp->columns)
            lp_drop(lp, i);
        else
            lp_pivot(lp, i++, j);
    }
    return true;
}

/* The most (or least) of a variable; stops at `enough` on the way up. */
static inline double lp_extreme(struct lp *lp, size_t variable, bool most,
                                double enough)
{
    for (;;) {
        size_t at = 0, enter = 0, leave;

        while (at < lp->rows && lp->basis[at] != variable)
            at++;
        if (at == lp->rows) {
            if (!most)
                return 0;
            enter = variable;
        } else {
            const int64_t *row = lp_row(lp, at);
            double reached = (double)row[lp->columns] / (double)lp->below;

            if (most && reached >= enough)
                return reached;
            for (; enter < lp->columns; enter++)
                if (enter != variable && (most ? row[enter] < 0 : row[enter] > 0))
                    break;
            if (enter == lp->columns)
                return reached;
        }
        leave = lp_leaving(lp, enter);
        if (leave == lp->rows)
            return INFINITY;
        lp_pivot(lp, leave, enter);
    }
}

#endif
