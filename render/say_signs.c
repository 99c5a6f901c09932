/* say_signs.c - sentences over several figures: signs to check, and the mix of work. */
#include "render/say.h"

#include <math.h>
#include <string.h>

static const struct base *base_of(const struct teller *teller, const char *name)
{
    const struct figure *figure =
        metrics_total(teller->results, name, teller->results->month);

    return figure == NULL || figure->base.answer != ANSWER_OK ? NULL : &figure->base;
}

const char *say_signs(const struct teller *teller)
{
    const struct base *found = base_of(teller, "ANO-00");
    const struct base *tests = base_of(teller, "ANO-00.tests");
    const struct base *chance = base_of(teller, "ANO-00.chance");
    struct arena *memory = teller->memory;

    if (found == NULL || tests == NULL || chance == NULL)
        return wording_get(teller->wording, "list.nodata");
    if (found->value < 1)
        return wording_get(teller->wording, "sign.none");
    return wording_say(teller->wording, memory, "sign.intro", "n",
                       say_count(memory, llround(found->value)), "t",
                       say_count(memory, llround(tests->value)), "e",
                       arena_printf(memory, "%.1f", chance->value), NULL);
}

/* "＋0.9" and "－0.5": points without the unit. */
static const char *signed_points(const struct teller *teller, double fraction)
{
    double points = round(fraction * 1000) / 10;

    if (points == 0)
        return "0.0";
    return wording_say(teller->wording, teller->memory,
                       points > 0 ? "points.up" : "points.down", "x",
                       arena_printf(teller->memory, "%.1f", fabs(points)), NULL);
}

const char *say_mix(const struct teller *teller)
{
    const struct base *rate = base_of(teller, "SLA-01.rate");
    const struct base *mix = base_of(teller, "SLA-01.mix");
    int metric = metrics_find(teller->results->metrics, "SLA-01");
    const struct finding *finding =
        metric < 0 ? NULL
                   : results_finding(teller->results, (uint16_t)metric, 0, DIM_TOTAL, 0,
                                     AGAINST_PREVIOUS);

    if (finding != NULL && finding->verdict == VERDICT_BARRED)
        return wording_say(teller->wording, teller->memory, "mix.barred", "why",
                           wording_head(teller->wording, teller->memory,
                                        say_verdict(teller, finding, AGAINST_PREVIOUS)),
                           NULL);
    if (rate == NULL || mix == NULL)
        return wording_get(teller->wording, "mix.none");
    return wording_say(teller->wording, teller->memory, "mix", "d",
                       signed_points(teller, rate->value + mix->value), "r",
                       signed_points(teller, rate->value), "m",
                       signed_points(teller, mix->value), NULL);
}
