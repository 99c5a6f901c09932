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
    const struct figure *at = results->figures;
    const struct figure *end = at + results->figure_count;
    int32_t first = results->month - MONTHS + 1;

    while (at < end && (at->metric != name->metric || at->part != name->part))
        at++;
    while (at < end && at->metric == name->metric && at->part == name->part) {
        const struct figure *run = at;
        int64_t sums[MONTHS] = { 0 };
        bool seen[MONTHS] = { false };
        int m;

        for (; at < end && at->metric == name->metric && at->part == name->part
               && at->dimension[0] == run->dimension[0]
               && at->dimension[1] == run->dimension[1];
             at++) {
            if (at->base.answer != ANSWER_OK || at->month < first
                || at->month > results->month)
                continue;
            sums[at->month - first] += (int64_t)at->base.value;
            seen[at->month - first] = true;
        }
        if (run->dimension[0] == DIM_TOTAL || run->dimension[1] != DIM_TOTAL)
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

enum status analyze_check(const struct results *results, struct error *err)
{
    struct name closing, name;
    size_t i;

    if (!lookup(results, "INT-14", &closing))
        return fail(err, HY_CONFIG, "指标表 metrics.tsv 里没有 INT-14");
    for (i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];

        if (figure->metric == closing.metric && figure->part == closing.part
            && figure->base.answer == ANSWER_OK)
            TRY(check_flow(results, figure, err));
    }
    for (i = 0; i < sizeof additive / sizeof additive[0]; i++)
        if (lookup(results, additive[i], &name))
            TRY(check_sums(results, &name, additive[i], err));
    return HY_OK;
}
