/* stats_recur.c - recurrence by survival, mean cumulative functions, clusters. */
#include "analyze/stats_recur.h"

#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <stdlib.h>
#include <string.h>

static double *doubles(struct arena *memory, size_t count)
{
    return arena_alloc(memory, (count + 1) * sizeof(double));
}

/* --- again within days (2.2) ----------------------------------------------- */

struct close {
    double gap;
    uint32_t key;
    bool event;
};

static int by_gap(const void *left, const void *right)
{
    const struct close *a = left, *b = right;

    if (a->gap != b->gap)
        return a->gap < b->gap ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* Dense numbers 0.. for the ids; returns how many there are. */
static size_t dense(const uint32_t *ids, size_t count, struct arena *memory,
                    uint32_t *out)
{
    uint32_t *sorted = arena_alloc(memory, (count + 1) * sizeof *sorted);
    size_t distinct = 0;

    if (count == 0)
        return 0;
    memcpy(sorted, ids, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_number);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || sorted[i] != sorted[distinct - 1])
            sorted[distinct++] = sorted[i];
    for (size_t i = 0; i < count; i++) {
        const uint32_t *at =
            bsearch(&ids[i], sorted, distinct, sizeof *sorted, by_number);

        out[i] = (uint32_t)(at - sorted);
    }
    return distinct;
}

struct sums { /* over the keys: of gone^2, gone * there, there^2 */
    double gone2, both, there2;
};

static void count_key(struct sums *sums, double gone, double there, double way)
{
    sums->gone2 += way * gone * gone;
    sums->both += way * gone * there;
    sums->there2 += way * there * there;
}

/* Influence of row i on -log S grows while it is at risk and is then fixed; so a
 * key's sum is (what its gone rows left) - (rows still there) * H(t), with H = sum
 * d / (n (n - d)).  The squares are kept up as rows go: one pass, whatever the
 * number of keys. */
static void clustered_errors(const struct survival *curve, const struct close *rows,
                             size_t count, size_t keys, struct arena *memory,
                             double *error)
{
    double *gone = doubles(memory, keys), *there = doubles(memory, keys), h = 0;
    struct sums sums = { 0, 0, 0 };
    size_t row = 0;

    for (size_t i = 0; i < count; i++)
        there[rows[i].key]++;
    for (size_t k = 0; k < keys; k++)
        count_key(&sums, 0, there[k], 1);
    for (size_t j = 0; j < curve->count; j++) {
        double n = (double)curve->at_risk[j], d = (double)curve->events[j];

        if (n > d)
            h += d / (n * (n - d));
        for (; row < count && rows[row].gap == curve->time[j]; row++) {
            uint32_t key = rows[row].key;

            count_key(&sums, gone[key], there[key], -1);
            gone[key] += (rows[row].event && n > d ? 1 / (n - d) : 0) - h;
            there[key]--;
            count_key(&sums, gone[key], there[key], 1);
        }
        error[j] =
            curve->share[j]
            * sqrt(fmax(0, sums.gone2 - 2 * h * sums.both + h * h * sums.there2));
    }
}

void recurrence_fit(const double *gap, const uint8_t *event, const uint32_t *key,
                    size_t count, struct arena *memory, struct recurrence *out)
{
    struct close *rows = arena_alloc(memory, (count + 1) * sizeof *rows);
    uint32_t *numbers = arena_alloc(memory, (count + 1) * sizeof *numbers);
    size_t used = 0;
    double *error;

    out->keys = (int64_t)dense(key, count, memory, numbers);
    survival_fit(NULL, gap, event, count, memory, &out->curve);
    for (size_t i = 0; i < count; i++)
        if (!isnan(gap[i]))
            rows[used++] = (struct close){ gap[i], numbers[i], event[i] != 0 };
    if (used > 1)
        qsort(rows, used, sizeof *rows, by_gap);
    error = doubles(memory, out->curve.count);
    clustered_errors(&out->curve, rows, used, (size_t)out->keys, memory, error);
    out->error = error;
}

struct estimate recurrence_by(const struct recurrence *fit, double time,
                              enum recurrence_error kind, bool flat, double level,
                              int64_t *at_risk)
{
    const struct survival *curve = &fit->curve;
    struct estimate out = estimate_none(ANSWER_NO_DATA);
    double plain, error, s, spread;
    size_t rows = 0;

    while (rows < curve->count && curve->time[rows] <= time)
        rows++;
    if (at_risk != NULL) {
        size_t next = rows > 0 && curve->time[rows - 1] == time ? rows - 1 : rows;

        *at_risk = next < curve->count ? curve->at_risk[next] : 0;
    }
    if (curve->rows == 0)
        return out;
    if (rows == curve->count && time > curve->time[rows - 1] && !flat
        && curve->share[rows - 1] > 0)
        return estimate_none(ANSWER_NOT_IDENTIFIED);
    out.answer = ANSWER_OK;
    s = rows == 0 ? 1 : curve->share[rows - 1];
    plain = rows == 0 || !(s > 0) ? 0 : s * sqrt(curve->variance[rows - 1]);
    error = rows == 0 ? 0 : fit->error[rows - 1];
    if (kind == RECUR_PLAIN || (kind == RECUR_SAFE && fit->keys < 10 && plain > error))
        error = plain;
    out.value = 1 - s;
    out.error = error;
    if (!(s > 0 && s < 1))
        return out;
    spread = stats_z(level) * error / s / fabs(log(s));
    out.low = 1 - pow(s, exp(-spread));
    out.high = 1 - pow(s, exp(spread));
    return out;
}

/* --- mean cumulative function (2.3) ---------------------------------------- */

struct windows { /* the rows, ids dense */
    const uint32_t *id;
    const double *start, *stop;
    const uint8_t *event;
    size_t count, units;
};

/* Y. and dN. of one time; the units' own into risk and moved. */
static void counts_at(const struct windows *rows, double time, double *risk,
                      double *moved, double *all_risk, double *all_moved)
{
    memset(risk, 0, rows->units * sizeof *risk);
    memset(moved, 0, rows->units * sizeof *moved);
    *all_risk = *all_moved = 0;
    for (size_t i = 0; i < rows->count; i++) {
        bool there = rows->start[i] < time && time <= rows->stop[i];
        bool hit = rows->event[i] != 0 && rows->stop[i] == time;

        risk[rows->id[i]] += there;
        moved[rows->id[i]] += hit;
        *all_risk += there;
        *all_moved += hit;
    }
}

static size_t event_times(const struct windows *rows, double *times)
{
    size_t count = 0, distinct = 0;

    for (size_t i = 0; i < rows->count; i++)
        if (rows->event[i] != 0)
            times[count++] = rows->stop[i];
    stats_sort(times, count);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || times[i] != times[distinct - 1])
            times[distinct++] = times[i];
    return distinct;
}

void mcf_fit(const uint32_t *id, const double *start, const double *stop,
             const uint8_t *event, size_t count, double level, struct arena *memory,
             struct mcf *out)
{
    uint32_t *numbers = arena_alloc(memory, (count + 1) * sizeof *numbers);
    size_t units = dense(id, count, memory, numbers);
    struct windows rows = { numbers, start, stop, event, count, units };
    double *risk = doubles(memory, units), *moved = doubles(memory, units);
    double *sums = doubles(memory, units), *column[6], mean = 0, poisson = 0;
    int64_t *at_risk = arena_alloc(memory, (count + 1) * sizeof *at_risk);
    int64_t *events = arena_alloc(memory, (count + 1) * sizeof *events);
    size_t times;

    for (int i = 0; i < 6; i++)
        column[i] = doubles(memory, count);
    times = event_times(&rows, column[0]);
    for (size_t j = 0; j < times; j++) {
        double y, n, variance = 0;

        counts_at(&rows, column[0][j], risk, moved, &y, &n);
        mean += n / y;
        poisson += n / (y * y);
        for (size_t k = 0; k < units; k++) {
            sums[k] += (moved[k] - risk[k] * n / y) / y;
            variance += sums[k] * sums[k];
        }
        column[1][j] = mean;
        column[2][j] = sqrt(variance);
        column[3][j] = sqrt(poisson);
        column[4][j] = column[5][j] = NAN;
        if (units > 1) {
            column[4][j] = mean * exp(-stats_z(level) * column[2][j] / mean);
            column[5][j] = mean * exp(stats_z(level) * column[2][j] / mean);
        }
        at_risk[j] = (int64_t)y;
        events[j] = (int64_t)n;
    }
    *out = (struct mcf){ times,
                         column[0],
                         column[1],
                         column[2],
                         column[3],
                         column[4],
                         column[5],
                         at_risk,
                         events,
                         (int64_t)units,
                         units == 0   ? ANSWER_NO_DATA
                         : units == 1 ? ANSWER_SMALL_N
                                      : ANSWER_OK };
}

/* --- clusters (2.5) -------------------------------------------------------- */

static double pmf(double x, double psi)
{
    return x < 0 ? 0 : dpois(x, psi, 0);
}

static double cdf(double x, double psi)
{
    return x < 0 ? 0 : ppois(x, psi, 1, 0);
}

/* Q3, the probability of no cluster in three windows. */
static double naus_three(double k, double psi)
{
    double p = pmf(k, psi), sum3 = 0, sum4 = 0;
    double a1 =
        2 * p * cdf(k - 1, psi) * ((k - 1) * cdf(k - 2, psi) - psi * cdf(k - 3, psi));
    double a2 = 0.5 * p * p
                * ((k - 1) * (k - 2) * cdf(k - 3, psi)
                   - 2 * (k - 2) * psi * cdf(k - 4, psi) + psi * psi * cdf(k - 5, psi));

    for (double r = 1; r <= k - 1; r++) {
        double before = cdf(r - 1, psi);

        sum3 += pmf(2 * k - r, psi) * before * before;
        if (r >= 2)
            sum4 += pmf(2 * k - r, psi) * pmf(r, psi)
                    * ((r - 1) * cdf(r - 2, psi) - psi * cdf(r - 3, psi));
    }
    return pow(cdf(k - 1, psi), 3) - a1 + a2 + sum3 - sum4;
}

double naus_scan(int k, double psi, double windows)
{
    double n = k, two, three, p;

    if (k < 3 || windows < 2 || !(psi > 0))
        return NAN;
    two = pow(cdf(n - 1, psi), 2) - (n - 1) * pmf(n, psi) * pmf(n - 2, psi)
          - (n - 1 - psi) * pmf(n, psi) * cdf(n - 3, psi);
    three = naus_three(n, psi);
    if (!(two > 0) || !(three > 0)) /* the approximation has run out: certain */
        return 1;
    p = -expm1(log(two) + (windows - 2) * log(three / two));
    return p < 0 ? 0 : p > 1 ? 1 : p;
}

size_t scan_most(const double *times, size_t count, double width)
{
    size_t most = 0, first = 0;

    for (size_t last = 0; last < count; last++) {
        while (times[last] - times[first] > width)
            first++;
        if (last - first + 1 > most)
            most = last - first + 1;
    }
    return most;
}
