/* template_tiles.c - the headline numbers of a report, each with its base and change.
 */
#include "render/template_parts.h"

#include <string.h>

#include "core/text.h"

enum { TILES_MOST = 8 };

/* "20.5 小时" is a number and a unit, "90.5%" too; words stay whole. */
static void split_unit(struct arena *memory, const char *text, struct tile *tile)
{
    size_t digits = strspn(text, "0123456789.,");
    const char *unit = text + digits;

    tile->value = text;
    tile->unit = "";
    if (digits == 0 || *unit == '/')
        return;
    tile->value = arena_copy(memory, text, digits);
    while (*unit == ' ')
        unit++;
    tile->unit = unit;
}

static const char *tile_change(struct builder *builder, const struct finding *finding,
                               const struct base *then, enum unit unit)
{
    const struct teller *teller = &builder->teller;
    const char *word = say_finding_word(teller, finding);

    if (then == NULL || then->answer != ANSWER_OK)
        return word;
    return arena_printf(builder->memory, "%s\n%s", word,
                        wording_say(builder->wording, builder->memory, "tile.old",
                                    "base",
                                    wording_get(builder->wording, "against.previous"),
                                    "old", say_base(teller, then, unit, SAY_P, NULL),
                                    NULL));
}

static enum status tile_base(struct builder *builder, const char *name, int line,
                             const struct base *base, const char **out,
                             struct error *err)
{
    const char *key = arena_printf(builder->memory, "tile.base.%s", name);

    *out = "";
    if (base != NULL && base->answer == ANSWER_NOT_REACHED)
        *out = wording_get(builder->wording, "tile.notreached");
    else if (wording_has(builder->wording, key))
        TRY(place_expand(builder, wording_get(builder->wording, key), line, out, err));
    /* only then: the figures it would have told are not left out by the template */
    if (base != NULL && base->answer == ANSWER_NO_DATA)
        *out = wording_get(builder->wording, "tile.nodata");
    if (base != NULL && base->answer == ANSWER_OK && base->denominator > 0
        && base->denominator < 30)
        *out = wording_say(builder->wording, builder->memory, "tile.few", "base", *out,
                           "few", wording_get(builder->wording, "few.note"), NULL);
    return HY_OK;
}

/* The same of three months together, where the month has too few; NULL = there is
 * none. */
static const struct base *pooled_base(struct builder *builder,
                                      const struct figure_wanted *wanted)
{
    const struct results *results = builder->results;
    int part = metrics_part(&results->metrics->items[wanted->metric], "pooled");
    const struct figure *figure;

    if (part < 0 || wanted->dimension != DIM_TOTAL)
        return NULL;
    figure = results_find(results, wanted->metric, (uint16_t)part, DIM_TOTAL, 0,
                          wanted->month);
    return figure != NULL && figure->base.answer == ANSWER_OK ? &figure->base : NULL;
}

/* A month of under thirty: the three months stand large, the month itself beside. */
static void tile_pooled(struct builder *builder, const struct base *pooled,
                        const struct base *month, enum unit unit, struct tile *tile)
{
    const struct teller *teller = &builder->teller;
    struct arena *memory = builder->memory;
    bool share = pooled->numerator >= 0 && unit == UNIT_SHARE;

    split_unit(memory, say_base(teller, pooled, unit, SAY_P, &tile->number), tile);
    tile->label =
        wording_say(builder->wording, memory, "tile.pooled", "name", tile->label, NULL);
    tile->base =
        wording_say(builder->wording, memory,
                    share ? "tile.pooled.share" : "tile.pooled.time", "n",
                    say_count(memory, share ? pooled->denominator : pooled->n), "k",
                    say_count(memory, share ? pooled->numerator : 0), "range",
                    say_base(teller, pooled, unit, SAY_RANGE, NULL), "month",
                    month == NULL ? "—" : say_base(teller, month, unit, SAY_FULL, NULL),
                    NULL);
}

static enum status tile_fill(struct builder *builder, const char *name, int line,
                             struct tile *tile, struct error *err)
{
    const struct teller *teller = &builder->teller;
    struct place place = { .text = name, .line = line };
    struct figure_wanted wanted;
    const struct finding *finding;
    const struct base *base, *then, *pooled;
    enum unit unit;
    const char *label;

    TRY(place_figure(builder, &place, NULL, &wanted, err));
    base = figure_base(builder, &wanted, wanted.month);
    then = figure_base(builder, &wanted, wanted.month - 1);
    unit = metrics_unit(builder->results->metrics, wanted.metric, wanted.part);
    label = arena_printf(builder->memory, "tile.label.%s",
                         builder->results->metrics->items[wanted.metric].id);
    tile->label = wording_has(builder->wording, label)
                      ? wording_get(builder->wording, label)
                      : say_metric(teller, wanted.metric);
    split_unit(builder->memory, say_base(teller, base, unit, SAY_P, &tile->number),
               tile);
    finding = results_finding(builder->results, wanted.metric, wanted.part, DIM_TOTAL,
                              0, AGAINST_PREVIOUS);
    tile->verdict = finding == NULL ? VERDICT_NONE : finding->verdict;
    tile->change = tile_change(builder, finding, then, unit);
    TRY(tile_base(builder, name, line, base, &tile->base, err));
    pooled = pooled_base(builder, &wanted);
    if (pooled != NULL)
        tile_pooled(builder, pooled, base, unit, tile);
    return HY_OK;
}

enum status tiles_build(struct builder *builder, const char *text, int line,
                        enum tone tone, struct blocks *blocks, struct error *err)
{
    const char *words[TILES_MOST + 1];
    size_t count = words_split(builder->memory, text, words, TILES_MOST + 1), i;
    struct tile *tiles = arena_alloc(builder->memory, (count + 1) * sizeof *tiles);
    struct block *block;

    if (count == 0 || count > TILES_MOST)
        return template_complain(builder, line, err,
                                 "tiles 里应写 1 到 %d 个指标 (figures)", TILES_MOST);
    for (i = 0; i < count; i++)
        TRY(tile_fill(builder, words[i], line, &tiles[i], err));
    block = blocks_add(blocks, builder->memory, BLOCK_TILES, tone);
    block->tiles = tiles;
    block->count = count;
    return HY_OK;
}
