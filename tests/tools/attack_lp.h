/*
 * attack_lp.h - least and most of a variable under equations, by a dense simplex.
 *
 * Test code of its own, sharing nothing with the suppressor: variables are not
 * negative, equations have small whole coefficients.  Bland's rule, so it ends.
 */
#ifndef HY_ATTACK_LP_H
#define HY_ATTACK_LP_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

struct lp {
    size_t rows, columns; /* columns: variables; one more holds the right side */
    double *cells;
    size_t *basis; /* variable of a row; >= columns: artificial */
    size_t *used;  /* columns of the row at work */
    double *gain;  /* how fast the artificial ones shrink */
    bool stuck;    /* rounding made it go in circles: open it anew */
};

#define LP_SMALL 1e-9

static inline double *lp_row(const struct lp *lp, size_t row)
{
    return lp->cells + row * (lp->columns + 1);
}

static inline void lp_open(struct lp *lp, size_t rows, size_t columns,
                           struct arena *arena)
{
    *lp = (struct lp){ .rows = rows, .columns = columns };
    lp->cells = arena_alloc(arena, (rows + 1) * (columns + 1) * sizeof *lp->cells);
    lp->basis = arena_alloc(arena, (rows + 1) * sizeof *lp->basis);
    lp->used = arena_alloc(arena, (columns + 1) * sizeof *lp->used);
    lp->gain = arena_alloc(arena, (columns + 1) * sizeof *lp->gain);
}

static inline void lp_pivot(struct lp *lp, size_t at, size_t enter)
{
    double *pivot = lp_row(lp, at), by = pivot[enter];
    size_t used = 0;

    for (size_t j = 0; j <= lp->columns; j++) {
        pivot[j] = fabs(pivot[j]) < LP_SMALL ? 0 : pivot[j] / by;
        if (pivot[j] != 0)
            lp->used[used++] = j;
    }
    for (size_t i = 0; i < lp->rows; i++) {
        double *row = lp_row(lp, i), times = row[enter];

        if (i == at || fabs(times) < LP_SMALL)
            continue;
        for (size_t j = 0; j < used; j++)
            row[lp->used[j]] -= times * pivot[lp->used[j]];
        row[enter] = 0;
    }
    lp->basis[at] = enter;
}

/* The row that limits the entering variable, or rows when nothing does. */
static inline size_t lp_leaving(const struct lp *lp, size_t enter)
{
    size_t best = lp->rows;
    double least = 0;

    for (size_t i = 0; i < lp->rows; i++) {
        const double *row = lp_row(lp, i);
        double ratio;

        if (row[enter] < LP_SMALL)
            continue;
        ratio = row[lp->columns] / row[enter];
        if (best == lp->rows || ratio < least - LP_SMALL
            || (ratio < least + LP_SMALL && lp->basis[i] < lp->basis[best])) {
            best = i;
            least = ratio;
        }
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
        double *row = lp_row(lp, i);

        if (row[lp->columns] < 0)
            for (size_t j = 0; j <= lp->columns; j++)
                row[j] = -row[j];
        lp->basis[i] = lp->columns + i;
    }
    for (size_t i = 0; i < lp->rows; i++)
        for (size_t j = 0; j < lp->columns; j++)
            lp->gain[j] += lp_row(lp, i)[j];
    for (;;) {
        size_t enter = 0, leave;
        double gain;

        while (enter < lp->columns && lp->gain[enter] < 1e-7)
            enter++;
        if (enter == lp->columns)
            break;
        leave = lp_leaving(lp, enter);
        if (leave == lp->rows)
            return false;
        lp_pivot(lp, leave, enter);
        gain = lp->gain[enter];
        for (size_t j = 0; j < lp->columns; j++)
            lp->gain[j] -= gain * lp_row(lp, leave)[j];
    }
    for (size_t i = 0; i < lp->rows;) {
        size_t j = 0;

        if (lp->basis[i] < lp->columns) {
            i++;
            continue;
        }
        if (lp_row(lp, i)[lp->columns] > 1e-6)
            return false;
        while (j < lp->columns && fabs(lp_row(lp, i)[j]) < 1e-7)
            j++;
        if (j == lp->columns)
            lp_drop(lp, i);
        else
            lp_pivot(lp, i++, j);
    }
    return true;
}

/* The most (or least) of a variable; stops at `enough` on the way up.  When stuck,
 * what was reached so far: certainly possible. */
static inline double lp_extreme(struct lp *lp, size_t variable, bool most,
                                double enough)
{
    for (size_t steps = 0;; steps++) {
        size_t at = 0, enter = 0, leave;
        const double *row;

        while (at < lp->rows && lp->basis[at] != variable)
            at++;
        if (at == lp->rows) {
            if (!most)
                return 0;
            enter = variable;
        } else {
            row = lp_row(lp, at);
            if (steps > 4 * (lp->rows + lp->columns)) {
                lp->stuck = true;
                return row[lp->columns];
            }
            if (most && row[lp->columns] >= enough - LP_SMALL)
                return row[lp->columns];
            for (; enter < lp->columns; enter++)
                if (enter != variable
                    && (most ? row[enter] < -LP_SMALL : row[enter] > LP_SMALL))
                    break;
            if (enter == lp->columns)
                return row[lp->columns];
        }
        leave = lp_leaving(lp, enter);
        if (leave == lp->rows)
            return INFINITY;
        lp_pivot(lp, leave, enter);
    }
}

#endif
