/* check.c - identities that must hold before any figure is believed. */
#include <string.h>

#include "analyze/pass.h"

/* Counts of tickets: each ticket has one key, so the keys add up to the total. */
static const char *const additive[] = {
    "INT-00",     "INT-01",           "INT-12",        "INT-13",     "INT-13.all",
    "INT-14",     "INT-14.withdrawn", "INT-14.merged", "INT-15",     "INT-16",
    "INT-16.all", "INT-16.inferred",  "INT-17",        "INT-17.all", "SLA-05",
    "BKL-01",     "BKL-01.over30",    "BKL-02",        "DIF-01",
};

struct name {
    uint16_t metric, part;
};

static bool lookup(const struct results *results, const char *text, struct name *name)
{
    return metrics_name(results->metrics, text, &name->metric, &name->part) >= 0;
}

/* A count, 0 where no figure stands; false when it has no value. */
static bool count_of(const struct results *results, const char *text,
                     const struct figure *like, int64_t *count)
{
    struct name name;
    const struct figure *figure;

    *count = 0;
    if (!lookup(results, text, &name))
        return false;
    figure =
        results_find(results, name.metric, name.part,
                     (enum dimension)like->dimension[0], like->key[0], like->month);
    if (figure == NULL)
        return true;
    if (figure->base.answer != ANSWER_OK)
        return false;
    *count = (int64_t)figure->base.value;
    return true;
}

static enum status broken(const struct results *results, const struct figure *at,
                          const char *what, int64_t left, int64_t right,
                          struct error *err)
{
    struct arena *memory = arena_new();
    char month[8];

    month_print(at->month, month);
    (void)fail(err, HY_DATA, "%s %s %s: 账不平: %s, %lld 不等于 %lld", month,
               dimension_name((enum dimension)at->dimension[0]),
               results_key(results, (enum dimension)at->dimension[0], at->key[0],
                           memory),
               what, (long long)left, (long long)right);
    arena_free(memory);
    return HY_DATA;
}

/* Opening + received + reopened - completed (- withdrawn - merged) = closing. */
static enum status check_flow(const struct results *results,
                              const struct figure *closing, struct error *err)
{
    static const char *const net[] = { "INT-13", "INT-01", "INT-17", "INT-16" };
    static const char *const gross[] = { "INT-13.all",       "INT-00",
                                         "INT-17.all",       "INT-16.all",
                                         "INT-14.withdrawn", "INT-14.merged" };
    int64_t end = (int64_t)closing->base.value, sum = 0, count;
    size_t i;

    for (i = 0; i < 4; i++) {
        if (!count_of(results, net[i], closing, &count))
            return HY_OK;
        sum += i < 3 ? count : -count;
    }
    if (sum != end)
        return broken(results, closing, "遗留+受理+重办-办结 与期末在办", sum, end,
                      err);
    for (i = 0, sum = 0; i < 6; i++) {
        if (!count_of(results, gross[i], closing, &count))
            return HY_OK;
        sum += i < 3 ? count : -count;
    }
    if (sum != end)
        return broken(results, closing, "含作废并单的账与期末在办", sum, end, err);
    return HY_OK;
}

/* Figures are sorted: the keys of one metric, split and month lie together only
 * per key, so a total is looked up once per split and summed over its run. */
static enum status check_sums(const struct results *results, const struct name *name,
                              const char *text, struct error *err)
{
    enum { MONTHS = 256 };
    size_t count;
    const struct figure *at = results_part(results, name->metric, name->part, &count);
    const struct figure *end = at + count;
    int32_t first = results->month - MONTHS + 1;

    while (at < end) {
        const struct figure *run = at;
        int64_t sums[MONTHS] = { 0 };
        bool seen[MONTHS] = { false };
        int m;

        for (; at < end && at->dimension[0] == run->dimension[0]
               && at->dimension[1] == run->dimension[1];
             at++) {
            if (at->base.answer != ANSWER_OK || at->month < first
                || at->month > results->month)
                continue;
            sums[at->month - first] += (int64_t)at->base.value;
            seen[at->month - first] = true;
        }
        if (run->dimension[0] == DIM_TOTAL || run->dimension[1] != DIM_TOTAL
            || run->dimension[0] == DIM_CLERK) /* only those with cases enough */
            continue;
        for (m = 0; m < MONTHS; m++) {
            struct figure total = { .month = first + m };
            int64_t whole;

            if (!seen[m] || !count_of(results, text, &total, &whole))
                continue;
            total.dimension[0] = run->dimension[0];
            if (whole != sums[m])
                return broken(results, &total, text, sums[m], whole, err);
        }
    }
    return HY_OK;
}

/* --- the same number wherever it stands ---------------------------------------------
 */

/* What one figure counts another one counts too: side 'k' numerator, 'n' denominator,
 * 'v' the count itself. */
static const struct twin {
    const char *one;
    char side;
    const char *other;
    char other_side;
} twins[] = {
    { "INT-02", 'v', "INT-01", 'v' }, { "INT-03", 'v', "INT-01", 'v' },
    { "INT-04", 'v', "INT-01", 'v' }, { "INT-05", 'v', "INT-01", 'v' },
    { "INT-06", 'v', "INT-01", 'v' }, { "INT-07", 'v', "INT-01", 'v' },
    { "INT-08", 'v', "INT-01", 'v' }, { "REC-04", 'v', "INT-01", 'v' },
    { "RES-01", 'n', "INT-01", 'v' }, { "SLA-03", 'n', "SLA-01", 'n' },
    { "SAT-01", 'n', "SAT-03", 'k' }, { "SAT-01", 'k', "SAT-05", 'k' },
    { "SAT-03", 'n', "SAT-05", 'n' }, { "REV-01", 'n', "SAT-03", 'n' },
    { "RES-05", 'n', "RES-02", 'k' },
};

static int64_t side_of(const struct base *base, char side)
{
    if (side == 'v')
        return base->answer == ANSWER_OK ? (int64_t)base->value : -1;
    return side == 'k' ? base->numerator : base->denominator;
}

static enum status check_twin(const struct results *results, const struct twin *twin,
                              struct error *err)
{
    const struct figure *at;
    struct name one, other;
    size_t count, i;

    if (!lookup(results, twin->one, &one) || !lookup(results, twin->other, &other))
        return HY_OK;
    at = results_part(results, one.metric, one.part, &count);
    for (i = 0; i < count; i++) {
        const struct figure *figure = &at[i], *same;
        int64_t left, right;

        if (figure->dimension[1] != DIM_TOTAL)
            continue;
        same = results_find(results, other.metric, other.part,
                            (enum dimension)figure->dimension[0], figure->key[0],
                            figure->month);
        if (same == NULL)
            continue;
        left = side_of(&figure->base, twin->side);
        right = side_of(&same->base, twin->other_side);
        if (left >= 0 && right >= 0 && left != right)
            return broken(results, figure, twin->one, left, right, err);
    }
    return HY_OK;
}

/* Two keys at once add up to either of them. */
static enum status check_pairs(const struct results *results, struct error *err)
{
    size_t first, next, i;

    for (first = 0; first < results->figure_count; first = next) {
        const struct figure *at = &results->figures[first], *whole;
        int64_t sum = 0;

        next = first + 1;
        if (at->dimension[1] == DIM_TOTAL || at->base.answer != ANSWER_OK
            || metrics_unit(results->metrics, at->metric, at->part) != UNIT_COUNT
            || at->dimension[0] == at->dimension[1])
            continue;
        /* sorted by the first key, then the second, then the month: one month is asked
         */
        for (i = first;
             i < results->figure_count && results->figures[i].metric == at->metric
             && results->figures[i].part == at->part
             && results->figures[i].dimension[0] == at->dimension[0]
             && results->figures[i].dimension[1] == at->dimension[1]
             && results->figures[i].key[0] == at->key[0];
             i++)
            if (results->figures[i].month == at->month)
                sum += (int64_t)results->figures[i].base.value;
        next = i;
        whole = results_find(results, at->metric, at->part,
                             (enum dimension)at->dimension[0], at->key[0], at->month);
        if (whole != NULL && whole->base.answer == ANSWER_OK
            && (int64_t)whole->base.value != sum)
            return broken(results, at, results->metrics->items[at->metric].id, sum,
                          (int64_t)whole->base.value, err);
    }
    return HY_OK;
}

enum status analyze_check(const struct results *results, struct error *err)
{
    const struct figure *at;
    struct name closing, name;
    size_t count, i;

    if (!lookup(results, "INT-14", &closing))
        return fail(err, HY_CONFIG, "指标表 metrics.tsv 里没有 INT-14");
    at = results_part(results, closing.metric, closing.part, &count);
    for (i = 0; i < count; i++)
        if (at[i].base.answer == ANSWER_OK)
            TRY(check_flow(results, &at[i], err));
    for (i = 0; i < sizeof additive / sizeof additive[0]; i++)
        if (lookup(results, additive[i], &name))
            TRY(check_sums(results, &name, additive[i], err));
    for (i = 0; i < sizeof twins / sizeof twins[0]; i++)
        TRY(check_twin(results, &twins[i], err));
    return check_pairs(results, err);
}
