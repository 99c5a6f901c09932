/* verdict_mainly.c - one subject alone explains a change, or none is named. */
#include "analyze/verdict_mainly.h"

#include <math.h>

#include "analyze/stats_rate.h"
#include "analyze/verdict_series.h"

struct part_of { /* one subject of the total */
    const struct base *now, *then;
    uint32_t key;
    double
        weight; /* Kitagawa's part: mean share of the work times change of the rate */
};

static struct estimate change_of(const struct base *now, const struct base *then)
{
    return rate_difference((double)now->numerator, (double)now->denominator,
                           (double)then->numerator, (double)then->denominator,
                           VERDICT_LEVEL);
}

static bool moves_with(const struct part_of *part, int way)
{
    struct estimate change;

    if (part->now->numerator < 0 || part->then->numerator < 0
        || part->now->denominator < LEAST_CASES
        || part->then->denominator < LEAST_CASES)
        return false;
    change = change_of(part->now, part->then);
    return interval_way(change.low, change.high) == way;
}

static struct base without(const struct base *total, const struct base *part)
{
    return base_share(total->numerator - part->numerator,
                      total->denominator - part->denominator);
}

static bool rest_is_still(const struct finding *total, const struct part_of *part)
{
    struct base now = without(&total->now, part->now);
    struct base then = without(&total->then, part->then);
    struct estimate change;

    if (now.denominator < LEAST_CASES || then.denominator < LEAST_CASES)
        return false;
    change = change_of(&now, &then);
    return change.answer == ANSWER_OK && interval_way(change.low, change.high) == 0;
}

/* Sets the weight; the p of the two rates being one, pooled. */
static double weigh(const struct finding *total, struct part_of *part)
{
    double n1 = (double)part->now->denominator, n0 = (double)part->then->denominator;
    double p1 = (double)part->now->numerator / n1;
    double p0 = (double)part->then->numerator / n0;
    double both = (double)(part->now->numerator + part->then->numerator) / (n1 + n0);

    part->weight =
        (n1 / (double)total->now.denominator + n0 / (double)total->then.denominator) / 2
        * fabs(p1 - p0);
    return stats_two_sided((p1 - p0) / sqrt(both * (1 - both) * (1 / n1 + 1 / n0)));
}

/* The subjects that had cases in both months. */
static size_t take_parts(const struct results *results, const struct finding *total,
                         struct part_of *parts)
{
    size_t count = 0, i;

    for (i = 0; i < results->figure_count; i++) {
        const struct figure *now = &results->figures[i], *then;

        if (now->metric != total->metric || now->part != total->part
            || now->dimension[0] != DIM_CATEGORY || now->dimension[1] != DIM_TOTAL
            || now->month != results->month || now->key[0] == 0)
            continue;
        then = results_find(results, now->metric, now->part, DIM_CATEGORY, now->key[0],
                            results->month - 1);
        if (then != NULL && now->base.denominator > 0 && then->base.denominator > 0)
            parts[count++] =
                (struct part_of){ &now->base, &then->base, now->key[0], 0 };
    }
    return count;
}

uint32_t verdict_mainly(const struct results *results, const struct finding *total,
                        int way, struct arena *memory)
{
    size_t room = results->figure_count + 1, count, i;
    struct part_of *parts = arena_alloc(memory, room * sizeof *parts), *best = NULL;
    double *p, *adjusted;

    count = take_parts(results, total, parts);
    p = arena_alloc(memory, (count + 1) * sizeof *p);
    adjusted = arena_alloc(memory, (count + 1) * sizeof *adjusted);
    for (i = 0; i < count; i++)
        p[i] = weigh(total, &parts[i]);
    rate_adjust(p, count, ADJUST_BH, memory, adjusted);
    for (i = 0; i < count; i++)
        if (adjusted[i] <= 1 - VERDICT_LEVEL && moves_with(&parts[i], way)
            && (best == NULL || parts[i].weight > best->weight))
            best = &parts[i];
    return best != NULL && rest_is_still(total, best) ? best->key : 0;
}
