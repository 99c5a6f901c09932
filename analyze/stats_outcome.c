/* stats_outcome.c - log-rank tests and competing outcomes (METHODS 1.5, 1.6). */
#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats_survival.h"

/* --- log-rank -------------------------------------------------------------- */

struct scratch { /* one block: counts per group at one time, V in full */
    double *at_risk, *events, *matrix;
};

struct member {
    double exit, entry;
    uint32_t group, block;
    bool event;
};

static int by_block_then_exit(const void *left, const void *right)
{
    const struct member *a = left, *b = right;

    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return (a->exit > b->exit) - (a->exit < b->exit);
}

static void add_time(const struct scratch *scratch, struct logrank *out)
{
    double n = 0, d = 0;

    for (size_t k = 0; k < out->groups; k++) {
        n += scratch->at_risk[k];
        d += scratch->events[k];
    }
    for (size_t k = 0; k < out->groups; k++) {
        double share = scratch->at_risk[k] / n;

        out->observed[k] += scratch->events[k];
        out->expected[k] += d * share;
        if (n <= 1)
            continue;
        for (size_t l = 0; l < out->groups; l++)
            scratch->matrix[k * out->groups + l] +=
                d * (n - d) / (n - 1)
                * ((k == l ? share : 0) - share * scratch->at_risk[l] / n);
    }
}

static int by_entry(const void *left, const void *right)
{
    const struct member *a = left, *b = right;

    return (a->entry > b->entry) - (a->entry < b->entry);
}

/* One block: rows sorted by exit, and again by entry; those already in and not yet
 * gone are at risk. */
static void add_block(const struct member *members, const struct member *entries,
                      size_t count, const struct scratch *scratch, struct logrank *out)
{
    size_t entered = 0, next;

    memset(scratch->at_risk, 0, out->groups * sizeof(double));
    for (size_t i = 0; i < count; i = next) {
        size_t seen = 0;

        for (; entered < count && entries[entered].entry < members[i].exit; entered++)
            scratch->at_risk[entries[entered].group]++;
        memset(scratch->events, 0, out->groups * sizeof(double));
        for (next = i; next < count && members[next].exit == members[i].exit; next++) {
            scratch->events[members[next].group] += members[next].event;
            seen += members[next].event;
        }
        if (seen > 0)
            add_time(scratch, out);
        for (size_t gone = i; gone < next; gone++)
            scratch->at_risk[members[gone].group]--;
    }
}

/* z' V^-1 z by elimination with pivots; NaN when V is singular. */
static double quadratic_form(double *matrix, double *z, size_t n)
{
    double total = 0;

    for (size_t i = 0; i < n; i++) {
        double pivot = matrix[i * n + i];

        if (!(pivot > 1e-12)) /* V is positive definite but for empty groups */
            return NAN;
        total += z[i] * z[i] / pivot;
        for (size_t k = i + 1; k < n; k++) {
            double factor = matrix[k * n + i] / pivot;

            for (size_t l = i; l < n; l++)
                matrix[k * n + l] -= factor * matrix[i * n + l];
            z[k] -= factor * z[i];
        }
    }
    return total;
}

static void statistic(const struct scratch *scratch, struct arena *memory,
                      struct logrank *out)
{
    size_t *kept = arena_alloc(memory, (out->groups + 1) * sizeof *kept);
    size_t count = 0;
    double *matrix, *z;

    for (size_t k = 0; k < out->groups; k++)
        if (out->expected[k] > 0)
            kept[count++] = k;
    out->df = count > 0 ? (int)count - 1 : 0;
    out->statistic = out->p = NAN;
    if (out->df == 0)
        return;
    count--;
    matrix = arena_alloc(memory, count * count * sizeof *matrix);
    z = arena_alloc(memory, count * sizeof *z);
    for (size_t i = 0; i < count; i++) {
        size_t k = kept[i + 1];

        z[i] = out->observed[k] - out->expected[k];
        for (size_t j = 0; j < count; j++)
            matrix[i * count + j] = scratch->matrix[k * out->groups + kept[j + 1]];
    }
    out->statistic = quadratic_form(matrix, z, count);
    out->p = pchisq(out->statistic, out->df, 0, 0);
}

void logrank_test(const double *entry, const double *exit, const uint8_t *event,
                  const uint32_t *group, size_t group_count, const uint32_t *block,
                  size_t count, struct arena *memory, struct logrank *out)
{
    struct member *members = arena_alloc(memory, (count + 1) * sizeof *members);
    struct scratch scratch = { arena_alloc(memory, (group_count + 1) * sizeof(double)),
                               arena_alloc(memory, (group_count + 1) * sizeof(double)),
                               arena_alloc(memory, (group_count * group_count + 1)
                                                       * sizeof(double)) };
    struct member *entries = arena_alloc(memory, (count + 1) * sizeof *entries);
    size_t used = 0;

    out->groups = group_count;
    out->n = arena_alloc(memory, (group_count + 1) * sizeof(int64_t));
    out->observed = arena_alloc(memory, (group_count + 1) * sizeof(double));
    out->expected = arena_alloc(memory, (group_count + 1) * sizeof(double));
    out->variance = arena_alloc(memory, (group_count + 1) * sizeof(double));
    for (size_t i = 0; i < count; i++) {
        double from = entry == NULL ? -INFINITY : entry[i];

        if (isnan(exit[i]) || isnan(from) || from >= exit[i])
            continue;
        out->n[group[i]]++;
        members[used++] =
            (struct member){ exit[i], from, group[i], block == NULL ? 0 : block[i],
                             event[i] != 0 };
    }
    if (used > 1)
        qsort(members, used, sizeof *members, by_block_then_exit);
    for (size_t i = 0, next; i < used; i = next) {
        for (next = i; next < used && members[next].block == members[i].block;)
            next++;
        memcpy(entries, members + i, (next - i) * sizeof *entries);
        qsort(entries, next - i, sizeof *entries, by_entry);
        add_block(members + i, entries, next - i, &scratch, out);
    }
    for (size_t k = 0; k < group_count; k++)
        out->variance[k] = scratch.matrix[k * group_count + k];
    statistic(&scratch, memory, out);
}

/* --- Aalen-Johansen -------------------------------------------------------- */

struct leaver {
    double exit;
    uint8_t state;
};

static int by_exit(const void *left, const void *right)
{
    const struct leaver *a = left, *b = right;

    return (a->exit > b->exit) - (a->exit < b->exit);
}

struct influence { /* per row: of S, of each share, at the time reached */
    double *open, *fixed, *other;
};

struct moment {                     /* one distinct time */
    size_t first, next;             /* rows leaving now */
    double n, fixed, other, before; /* S just before */
};

/* 1.6: U_i += S(dN_i - Y_i d/n)/n + DS_i(t-) d/n; then DS_i for this time.
 * `hazard[i]` sums (dN - Y d/n)/(n-d). */
static void move_influence(const struct moment *at, const struct leaver *rows,
                           size_t count, double *hazard, struct influence *out,
                           double after)
{
    double d = at->fixed + at->other;

    for (size_t i = 0; i < count; i++) {
        double risk = i >= at->first, leaves = i >= at->first && i < at->next;
        double fixed = leaves && rows[i].state == 1,
               other = leaves && rows[i].state == 2;

        out->fixed[i] += at->before * (fixed - risk * at->fixed / at->n) / at->n
                         + out->open[i] * at->fixed / at->n;
        out->other[i] += at->before * (other - risk * at->other / at->n) / at->n
                         + out->open[i] * at->other / at->n;
        if (after > 0)
            hazard[i] += (fixed + other - risk * d / at->n) / (at->n - d);
        out->open[i] = after > 0 ? -after * hazard[i] : 0;
    }
}

static double length_of(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i] * values[i];
    return sqrt(sum);
}

static double *doubles(struct arena *memory, size_t count)
{
    return arena_alloc(memory, (count + 1) * sizeof(double));
}

/* The rows leaving at the time of row `first`, rows sorted by exit. */
static struct moment moment_at(const struct leaver *rows, size_t count, size_t first,
                               double before)
{
    struct moment now = { first, first, (double)(count - first), 0, 0, before };

    for (; now.next < count && rows[now.next].exit == rows[first].exit; now.next++) {
        now.fixed += rows[now.next].state == 1;
        now.other += rows[now.next].state == 2;
    }
    return now;
}

void outcomes_fit(const double *exit, const uint8_t *state, size_t count,
                  struct arena *memory, struct outcomes *out)
{
    struct leaver *rows = arena_alloc(memory, (count + 1) * sizeof *rows);
    double *column[7], *hazard = doubles(memory, count), share[3] = { 1, 0, 0 };
    int64_t *counts[3];
    struct influence influence = { doubles(memory, count), doubles(memory, count),
                                   doubles(memory, count) };
    struct moment now;
    size_t at = 0;

    for (int i = 0; i < 7; i++)
        column[i] = doubles(memory, count);
    for (int i = 0; i < 3; i++)
        counts[i] = arena_alloc(memory, (count + 1) * sizeof(int64_t));
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct leaver){ exit[i], state[i] };
    if (count > 1)
        qsort(rows, count, sizeof *rows, by_exit);
    for (size_t first = 0; first < count; first = now.next, at++) {
        now = moment_at(rows, count, first, share[0]);
        share[1] += share[0] * now.fixed / now.n;
        share[2] += share[0] * now.other / now.n;
        if (now.fixed + now.other > 0) {
            share[0] *= (now.n - now.fixed - now.other) / now.n;
            move_influence(&now, rows, count, hazard, &influence, share[0]);
        }
        column[0][at] = rows[first].exit;
        for (int i = 0; i < 3; i++)
            column[1 + i][at] = share[i];
        column[4][at] = length_of(influence.open, count);
        column[5][at] = length_of(influence.fixed, count);
        column[6][at] = length_of(influence.other, count);
        counts[0][at] = (int64_t)now.n;
        counts[1][at] = (int64_t)now.fixed;
        counts[2][at] = (int64_t)now.other;
    }
    *out = (struct outcomes){ at,        column[0], counts[0], counts[1],
                              counts[2], column[1], column[2], column[3],
                              column[4], column[5], column[6] };
}

struct estimate outcomes_fixed(const struct outcomes *curve, double time, double level)
{
    struct estimate out = estimate_none(ANSWER_NO_DATA);
    size_t rows = 0;
    double spread;

    if (curve->count == 0)
        return out;
    while (rows < curve->count && curve->time[rows] <= time)
        rows++;
    if (rows == curve->count && time > curve->time[rows - 1]
        && curve->share_open[rows - 1] > 0)
        return estimate_none(ANSWER_NOT_IDENTIFIED);
    out.answer = ANSWER_OK;
    out.value = rows == 0 ? 0 : curve->share_fixed[rows - 1];
    if (!(out.value > 0 && out.value < 1))
        return out;
    out.error = curve->error_fixed[rows - 1];
    spread = stats_z(level) * out.error / fabs(out.value * log(out.value));
    out.low = pow(out.value, exp(spread));
    out.high = pow(out.value, exp(-spread));
    return out;
}
