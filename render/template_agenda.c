/*
 * template_agenda.c - {agenda [N]}: what the meeting has to decide, chosen by rule.
 *
 * WORDING 4.1: what became worse, what left its normal variation, promises not kept,
 * the assets that fail again and again, cases nobody has taken over - in that order, at
 * most N, each with room to write the decision in.  Nobody picks, and nobody leaves
 * out.
 */
#include "render/template_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AGENDA_COLUMNS = 5, AGENDA_MOST = 20, AGENDA_USUAL = 5, ASSETS_NAMED = 3 };

struct matters {
    struct builder *builder;
    const char *title[AGENDA_MOST], *seen[AGENDA_MOST];
    size_t count, most;
};

static void matter_add(struct matters *matters, const char *title, const char *seen)
{
    if (matters->count == matters->most)
        return;
    matters->title[matters->count] =
        wording_head(matters->builder->wording, matters->builder->memory, title);
    matters->seen[matters->count++] = seen;
}

static const char *counted(struct builder *builder, const char *name, int64_t *count)
{
    struct figure_wanted wanted = { .month = builder->results->month };
    const struct base *base = NULL;

    *count = 0;
    if (metrics_name(builder->results->metrics, name, &wanted.metric, &wanted.part) < 0)
        return "";
    base = figure_base(builder, &wanted, wanted.month);
    builder->used[wanted.metric] = true;
    if (base != NULL && base->answer == ANSWER_OK)
        *count = llround(base->value);
    return say_base(&builder->teller, base,
                    metrics_unit(builder->results->metrics, wanted.metric, wanted.part),
                    SAY_P, NULL);
}

/* Total first, then departments in the order of the findings. */
static void worse(struct matters *matters, bool total)
{
    struct builder *builder = matters->builder;
    const struct teller *teller = &builder->teller;
    const struct results *results = builder->results;
    size_t i;

    for (i = 0; i < results->finding_count; i++) {
        const struct finding *finding = &results->findings[i];
        enum unit unit = metrics_unit(results->metrics, finding->metric, finding->part);
        const char *name = say_metric(teller, finding->metric);

        if (finding->verdict != VERDICT_WORSE || finding->against != AGAINST_PREVIOUS
            || (finding->dimension == DIM_TOTAL) != total)
            continue;
        if (!total)
            name = wording_say(builder->wording, builder->memory, "agenda.of", "who",
                               say_key(teller, (enum dimension)finding->dimension,
                                       finding->key),
                               "what", name, NULL);
        builder->used[finding->metric] = true;
        matter_add(matters, name,
                   wording_say(builder->wording, builder->memory, "agenda.worse", "now",
                               say_base(teller, &finding->now, unit, SAY_P, NULL),
                               "verdict",
                               say_verdict(teller, finding, AGAINST_PREVIOUS), NULL));
    }
}

static int by_now(const void *left, const void *right)
{
    const struct finding *a = *(const struct finding *const *)left;
    const struct finding *b = *(const struct finding *const *)right;

    if (a->now.value < b->now.value || a->now.value > b->now.value)
        return a->now.value > b->now.value ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* Subjects beyond their normal variation, the largest first. */
static void grown(struct matters *matters)
{
    struct builder *builder = matters->builder;
    const struct results *results = builder->results;
    int intake = metrics_find(results->metrics, "INT-01");
    const struct finding **list =
        arena_alloc(builder->memory, (results->finding_count + 1) * sizeof(void *));
    size_t count = 0, i;

    for (i = 0; i < results->finding_count; i++) {
        const struct finding *finding = &results->findings[i];

        if (finding->metric == intake && finding->dimension == DIM_CATEGORY
            && finding->against == AGAINST_PREVIOUS && finding->key != 0
            && finding->verdict == VERDICT_MORE)
            list[count++] = finding;
    }
    if (count > 1)
        qsort(list, count, sizeof *list, by_now);
    for (i = 0; i < count; i++)
        matter_add(matters, say_key(&builder->teller, DIM_CATEGORY, list[i]->key),
                   wording_say(builder->wording, builder->memory, "agenda.more", "n",
                               say_count(builder->memory, llround(list[i]->now.value)),
                               "old",
                               say_count(builder->memory, llround(list[i]->then.value)),
                               NULL));
}

static void promises(struct matters *matters)
{
    struct builder *builder = matters->builder;
    int64_t count;
    const char *said = counted(builder, "DIF-01.broken", &count);

    if (count > 0)
        matter_add(matters, wording_get(builder->wording, "agenda.promises"),
                   wording_say(builder->wording, builder->memory, "agenda.broken", "n",
                               said, NULL));
}

/* With a name of its own it is a phrase, which each language brackets in its way. */
static const char *asset_name(const struct builder *builder, const struct value *cell)
{
    if (cell->text == NULL)
        return "";
    return cell->kind == VALUE_WORDS
               ? wording_phrase(builder->wording, builder->memory, cell->text)
               : cell->text;
}

/* The first rows of REC-03: name, times. */
static void assets(struct matters *matters)
{
    struct builder *builder = matters->builder;
    const struct listing *listing = results_listing(builder->results, "REC-03");
    const char *names = "";
    size_t i;

    if (listing == NULL || listing->columns < 2)
        return;
    for (i = 0; i < listing->rows && i < ASSETS_NAMED; i++) {
        const struct value *row = &listing->cells[i * listing->columns];

        names = arena_printf(
            builder->memory, "%s%s%s", names,
            i == 0 ? "" : wording_get(builder->wording, "list.comma"),
            wording_say(builder->wording, builder->memory, "agenda.asset", "name",
                        say_clean(builder->memory, asset_name(builder, &row[0])), "n",
                        say_count(builder->memory, llround(row[1].number)), NULL));
    }
    if (listing->rows > 0)
        matter_add(matters, wording_get(builder->wording, "agenda.assets"), names);
}

static void unclaimed(struct matters *matters)
{
    struct builder *builder = matters->builder;
    int64_t count, hours;
    const char *said = counted(builder, "TRF-05", &count);
    const char *oldest = counted(builder, "TRF-05.oldest", &hours);

    if (count > 0)
        matter_add(matters, wording_get(builder->wording, "agenda.unclaimed"),
                   wording_say(builder->wording, builder->memory, "agenda.waiting", "n",
                               said, "oldest", oldest, NULL));
}

static void put_matters(const struct matters *matters, enum tone tone,
                        struct blocks *blocks)
{
    static const char *const keys[AGENDA_COLUMNS] = { "agenda.matter", "agenda.seen",
                                                      "agenda.decision", "agenda.lead",
                                                      "agenda.until" };
    struct builder *builder = matters->builder;
    struct table *table =
        table_new(builder->memory, AGENDA_COLUMNS, matters->count + 1);
    size_t i, column;

    table_heads(builder, table, keys);
    for (i = 0; i < matters->count; i++) {
        table_put(table, i + 1, 0, matters->title[i]);
        table_put(table, i + 1, 1, matters->seen[i]);
        for (column = 2; column < AGENDA_COLUMNS; column++)
            table_put(table, i + 1, column,
                      wording_get(builder->wording,
                                  column == 2 ? "agenda.room" : "agenda.room.short"));
    }
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
}

enum status agenda_blocks(struct builder *builder, const struct place *place,
                          enum tone tone, struct blocks *blocks, struct error *err)
{
    struct matters matters = { .builder = builder, .most = AGENDA_USUAL };
    const char *words[3];
    size_t count = words_split(builder->memory, place->text, words, 3);
    int most = AGENDA_USUAL;

    if (builder->head->audience == AUDIENCE_PUBLIC)
        return template_complain(
            builder, place->line, err,
            "{agenda} 不能用在公开的报告里 (not for this audience)");
    if (count > 2)
        return template_complain(builder, place->line, err,
                                 "{%s}看不懂：应为 {agenda} 或 {agenda 5}",
                                 place->text);
    if (count == 2)
        TRY(words_number(builder, place->line, words[1], 1, AGENDA_MOST, &most, err));
    matters.most = (size_t)most;
    worse(&matters, true);
    worse(&matters, false);
    grown(&matters);
    promises(&matters);
    assets(&matters);
    unclaimed(&matters);
    if (matters.count == 0)
        blocks_say(blocks, builder->memory, tone,
                   wording_get(builder->wording, "agenda.none"));
    else
        put_matters(&matters, tone, blocks);
    return HY_OK;
}
