/* share.c - Aalen-Johansen and clustered Kaplan-Meier at one moment. */
#include "analyze/share.h"

#include <math.h>
#include <stdlib.h>

/* Running sums over distinct exit times t_j (METHODS 1.6, solved for one t):
 * survival before, F = sum S- df/n, A = sum S- df/n^2, H = sum d/(n(n-d)) and
 * G = sum S- df/n H-. */
struct sums {
    double open, fixed, steps, hazard, mixed;
};

static size_t ties(const double *exit, size_t count, size_t first)
{
    size_t next = first;

    while (next < count && exit[next] == exit[first])
        next++;
    return next;
}

static struct estimate log_log(double share, double error, double level)
{
    struct estimate out = estimate_none(ANSWER_OK);
    double spread;

    out.value = share;
    if (!(share > 0 && share < 1))
        return out;
    out.error = error;
    spread = stats_z(level) * error / fabs(share * log(share));
    out.low = pow(share, exp(spread));
    out.high = pow(share, exp(-spread));
    return out;
}

struct influence {
    double own, after; /* step of the row itself; 1/(n-d) - H of it */
    struct sums sums;  /* up to and with its exit */
};

/* How far each row moves F(t); the squares add up to the variance. */
static double fixed_error(const double *exit, const uint8_t *state, size_t count,
                          double time, struct arena *memory)
{
    struct influence *rows = arena_alloc(memory, (count + 1) * sizeof *rows);
    double *squares = arena_alloc(memory, (count + 1) * sizeof *squares);
    struct sums now = { .open = 1 };
    size_t first = 0, next, i;

    for (; first < count && exit[first] <= time; first = next) {
        double n = (double)(count - first), fixed = 0, d = 0, before = now.open;

        next = ties(exit, count, first);
        for (i = first; i < next; i++) {
            fixed += state[i] == 1;
            d += state[i] != 0;
        }
        now.fixed += before * fixed / n;
        now.steps += before * fixed / (n * n);
        now.mixed += before * fixed / n * now.hazard;
        if (d > 0)
            now.open *= (n - d) / n;
        if (n > d)
            now.hazard += d / (n * (n - d));
        for (i = first; i < next; i++) {
            rows[i].own = state[i] == 1 ? before / n : 0;
            rows[i].after = (state[i] != 0 && n > d ? 1 / (n - d) : 0) - now.hazard;
            rows[i].sums = now;
        }
    }
    for (i = 0; i < first; i++) {
        double move = rows[i].own - rows[i].sums.steps + rows[i].sums.mixed
                      - rows[i].after * (now.fixed - rows[i].sums.fixed);

        squares[i] = move * move;
    }
    for (; i < count; i++)
        squares[i] = (now.mixed - now.steps) * (now.mixed - now.steps);
    return sqrt(stats_sum(squares, count));
}

struct estimate share_fixed(const double *exit, const uint8_t *state, size_t count,
                            double time, double level, struct arena *memory)
{
    double open = 1, share = 0;
    size_t first = 0, next, i;

    if (count == 0)
        return estimate_none(ANSWER_NO_DATA);
    for (; first < count && exit[first] <= time; first = next) {
        double n = (double)(count - first), fixed = 0, d = 0;

        next = ties(exit, count, first);
        for (i = first; i < next; i++) {
            fixed += state[i] == 1;
            d += state[i] != 0;
        }
        share += open * fixed / n;
        if (d > 0)
            open *= (n - d) / n;
    }
    if (time > exit[count - 1] && open > 0)
        return estimate_none(ANSWER_NOT_IDENTIFIED);
    return log_log(share, fixed_error(exit, state, count, time, memory), level);
}

size_t share_curve(const double *exit, const uint8_t *state, size_t count, double until,
                   double *x, double *y)
{
    double open = 1;
    size_t points = 1, first = 0, next, i;

    x[0] = y[0] = 0;
    for (; first < count && exit[first] <= until; first = next, points++) {
        double n = (double)(count - first), fixed = 0, d = 0;

        next = ties(exit, count, first);
        for (i = first; i < next; i++) {
            fixed += state[i] == 1;
            d += state[i] != 0;
        }
        x[points] = exit[first];
        y[points] = fmin(1, y[points - 1] + open * fixed / n);
        open *= (n - d) / n;
    }
    if (count == 0 || (first == count && open > 0))
        return points;
    x[points] = until; /* all are over, or some are known beyond */
    y[points] = y[points - 1];
    return points + 1;
}

struct again {
    double open, variance; /* S and Greenwood's sum at the time */
};

static struct again again_rows(const double *gap, const uint8_t *event, size_t count,
                               double time, double *moves, double *last)
{
    struct again out = { .open = 1 };
    size_t first = 0, next, i;

    *last = 0;
    for (; first < count && gap[first] <= time; first = next) {
        double n = (double)(count - first), d = 0;

        next = ties(gap, count, first);
        for (i = first; i < next; i++)
            d += event[i];
        if (d > 0)
            out.open *= (n - d) / n;
        if (d > 0)
            out.variance += n > d ? d / (n * (n - d)) : INFINITY;
        if (n > d)
            *last += d / (n * (n - d));
        for (i = first; i < next; i++)
            moves[i] = (event[i] != 0 && n > d ? 1 / (n - d) : 0) - *last;
    }
    for (i = first; i < count; i++)
        moves[i] = -*last;
    return out;
}

struct estimate share_again(const double *gap, const uint8_t *event,
                            const uint32_t *key, size_t count, double time,
                            double level, struct arena *memory)
{
    double *moves = arena_alloc(memory, (count + 1) * sizeof *moves);
    double *sums = arena_alloc(memory, (count + 1) * sizeof *sums);
    uint8_t *seen = arena_alloc(memory, count + 1);
    struct estimate out = estimate_none(ANSWER_OK);
    struct again at;
    double last, robust, plain, spread;
    size_t i, keys = 0;

    if (count == 0)
        return estimate_none(ANSWER_NO_DATA);
    at = again_rows(gap, event, count, time, moves, &last);
    if (time > gap[count - 1] && at.open > 0)
        return estimate_none(ANSWER_NOT_IDENTIFIED);
    out.value = 1 - at.open;
    if (!(at.open > 0 && at.open < 1))
        return out;
    for (i = 0; i < count; i++) {
        sums[key[i]] += moves[i];
        keys += seen[key[i]] == 0;
        seen[key[i]] = 1;
    }
    for (i = 0; i < count; i++)
        sums[i] = sums[i] * sums[i];
    robust = at.open * sqrt(stats_sum(sums, count));
    plain = at.open * sqrt(at.variance);
    out.error = keys < 10 && plain > robust ? plain : robust;
    spread = stats_z(level) * out.error / at.open / fabs(log(at.open));
    out.low = 1 - pow(at.open, exp(-spread));
    out.high = 1 - pow(at.open, exp(spread));
    return out;
}
