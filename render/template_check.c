/*
 * template_check.c - blocks of the internal editions: every published figure with what
 * it rests on, the trend board, measures with what is overdue first.
 */
#include "render/template_parts.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"

enum { BOARD_MOST = 24, CHECK_COLUMNS = 8, BOARD_COLUMNS = 6, MEASURE_COLUMNS = 8 };

static const char *word(const struct builder *builder, const char *key)
{
    return wording_get(builder->wording, key);
}

static void right(struct table *table, size_t column)
{
    ((enum align *)(uintptr_t)table->align)[column] = ALIGN_RIGHT;
}

static const struct base *base_of(const struct builder *builder, uint16_t metric,
                                  uint16_t part, int32_t month)
{
    const struct figure *figure =
        results_find(builder->results, metric, part, DIM_TOTAL, 0, month);

    return figure == NULL ? NULL : &figure->base;
}

/* --- {checks}: numerator, denominator, what was left out ------------------- */

/* A row of its own: the figure itself and its parts that have a name in the wording;
 * counts of what is left out stand beside, terms of other sentences nowhere. */
static bool is_row(const struct builder *builder, const struct metric *item,
                   uint16_t part)
{
    return part == 0
           || (item->parts[part - 1].unit != UNIT_COUNT
               && wording_has(builder->wording,
                              arena_printf(builder->memory, "part.%s",
                                           item->parts[part - 1].name)));
}

/* "未到期 27，当场答复 30": the parts that count what is not in the denominator. */
static const char *left_out(const struct builder *builder, uint16_t metric)
{
    const struct metric *item = &builder->results->metrics->items[metric];
    const char *text = "";
    size_t part;

    for (part = 1; part <= item->part_count; part++) {
        const struct base *base =
            base_of(builder, metric, (uint16_t)part, builder->results->month);
        const char *key =
            arena_printf(builder->memory, "leftout.%s", item->parts[part - 1].name);

        if (base == NULL || base->answer != ANSWER_OK || !(base->value > 0)
            || !wording_has(builder->wording, key))
            continue;
        text = arena_printf(builder->memory, "%s%s%s %s", text,
                            *text == '\0' ? "" : word(builder, "list.comma"),
                            word(builder, key),
                            say_count(builder->memory, llround(base->value)));
    }
    return *text == '\0' ? word(builder, "mark.none") : text;
}

static const char *number_or_dash(const struct builder *builder, int64_t number,
                                  bool given)
{
    return given && number >= 0 ? say_count(builder->memory, number)
                                : word(builder, "mark.none");
}

static const char *part_name(const struct builder *builder, const struct metric *item,
                             uint16_t part)
{
    const char *name = item->parts[part - 1].name;
    const char *own = arena_printf(builder->memory, "part.%s.%s", item->id, name);

    return word(builder, wording_has(builder->wording, own)
                             ? own
                             : arena_printf(builder->memory, "part.%s", name));
}

/* again: the row above is of the same figure, whose name is not printed twice where the
 * language says it by a dash: English names are long, and every row would be two lines.
 */
static const char *row_name(const struct builder *builder, const struct metric *item,
                            uint16_t part, bool again)
{
    bool english = strcmp(wording_language(builder->wording), "en") == 0;
    const char *name =
        wording_head(builder->wording, builder->memory, english ? item->en : item->zh);

    if (part == 0)
        return name;
    return wording_say(builder->wording, builder->memory,
                       again ? "check.part.again" : "check.part", "name", name, "part",
                       part_name(builder, item, part), NULL);
}

/* The interval without the words the head of the column says already. */
static const char *range_text(const struct builder *builder, const struct base *base,
                              enum unit unit)
{
    const char *text = say_base(&builder->teller, base, unit, SAY_RANGE, NULL);
    const char *words = word(builder, "range");
    size_t length = strcspn(words, "{");

    return strncmp(text, words, length) == 0 ? text + length : text;
}

static void check_row(struct builder *builder, const struct figure *figure, bool again,
                      struct table *table, size_t row)
{
    const struct results *results = builder->results;
    const struct metric *item = &results->metrics->items[figure->metric];
    const struct teller *teller = &builder->teller;
    const struct base *base = &figure->base;
    enum unit unit = metrics_unit(results->metrics, figure->metric, figure->part);
    bool ok = base->answer == ANSWER_OK;
    const struct finding *finding =
        results_finding(results, figure->metric, figure->part, DIM_TOTAL, 0,
                        AGAINST_PREVIOUS);
    bool ranged = ok && isfinite(base->low) && isfinite(base->high);

    table_put(table, row, 0, row_name(builder, item, figure->part, again));
    table_put(table, row, 1,
              figure->part == 0
                  ? item->id
                  : wording_say(builder->wording, builder->memory,
                                again ? "check.id.again" : "check.id.part", "id",
                                item->id, "part", item->parts[figure->part - 1].name,
                                NULL));
    table_put(table, row, 2, say_base(teller, base, unit, SAY_P, NULL));
    table_put(table, row, 3,
              unit == UNIT_SHARE && base->denominator >= 0
                  ? arena_printf(builder->memory, "%s/%s",
                                 number_or_dash(builder, base->numerator, ok),
                                 number_or_dash(builder, base->denominator, ok))
                  : number_or_dash(builder, base->n, ok && base->n > 0));
    table_put(table, row, 4,
              figure->part == 0 || (figure->part == 1 && unit == UNIT_HOURS)
                  ? left_out(builder, figure->metric)
                  : word(builder, "mark.none"));
    table_put(table, row, 5,
              ranged ? range_text(builder, base, unit) : word(builder, "mark.none"));
    table_put(table, row, 6,
              say_base(teller,
                       base_of(builder, figure->metric, figure->part,
                               results->month - 1),
                       unit, SAY_P, NULL));
    table_put(table, row, 7,
              finding == NULL ? word(builder, "mark.none")
                              : say_finding_mark(teller, finding));
}

static bool is_checked(const struct builder *builder, const struct figure *figure)
{
    const struct metric *item = &builder->results->metrics->items[figure->metric];

    return figure->month == builder->results->month && figure->dimension[0] == DIM_TOTAL
           && figure->dimension[1] == DIM_TOTAL
           && metric_allows(item, DIM_TOTAL, AUDIENCE_PUBLIC)
           && is_row(builder, item, figure->part);
}

static void say_checks(struct builder *builder, enum tone tone, struct blocks *blocks)
{
    static const char *const keys[CHECK_COLUMNS] = { "check.name",     "check.id",
                                                     "check.value",    "check.parts",
                                                     "check.leftout",  "check.range",
                                                     "check.previous", "check.change" };
    const struct results *results = builder->results;
    const struct figure *last = NULL;
    size_t count = 0, i, row = 1;
    struct table *table;

    for (i = 0; i < results->figure_count; i++)
        count += is_checked(builder, &results->figures[i]);
    table = table_new(builder->memory, CHECK_COLUMNS, count + 1);
    table_heads(builder, table, keys);
    for (i = 2; i <= 6; i++)
        if (i != 4)
            right(table, i);
    for (i = 0; i < results->figure_count; i++)
        if (is_checked(builder, &results->figures[i])) {
            builder->used[results->figures[i].metric] = true;
            check_row(builder, &results->figures[i],
                      last != NULL && last->metric == results->figures[i].metric, table,
                      row++);
            last = &results->figures[i];
        }
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
}

/* --- {board FIGURE...}: both icons and how to read them --------------------- */

/* Where the normal variation of the last month lies against the target: pass, fail,
 * hit; NULL = no target or no limits. */
const char *assurance_key(const struct builder *builder, uint16_t metric,
                          double *target)
{
    const struct results *results = builder->results;
    const struct curve *curve =
        results_curve(results, metric, CURVE_CONTROL, DIM_TOTAL, 0, results->month);
    const char *id = results->metrics->items[metric].id;
    double low, high;

    *target = strcmp(id, "SAT-01") == 0   ? builder->settings->target_satisfied
              : strcmp(id, "SLA-01") == 0 ? builder->settings->target_ontime
                                          : 0;
    if (curve == NULL || curve->count == 0 || curve->low == NULL || !(*target > 0))
        return NULL;
    low = curve->low[curve->count - 1];
    high = curve->high[curve->count - 1];
    if (!isfinite(low) || !isfinite(high))
        return NULL;
    return low >= *target ? "pass" : high < *target ? "fail" : "hit";
}

/* What the control chart says of the month: beyond, a run, or normal. */
static const char *board_reading(const struct builder *builder, uint16_t metric,
                                 const char *assured, double target)
{
    const struct results *results = builder->results;
    const struct curve *curve =
        results_curve(results, metric, CURVE_CONTROL, DIM_TOTAL, 0, results->month);
    const char *text;

    if (curve == NULL || curve->count == 0 || curve->mark == NULL)
        return word(builder, "board.nolimits");
    text = word(builder,
                curve->mark[curve->count - 1] != 0 ? "board.beyond" : "board.within");
    if (assured == NULL)
        return text;
    return arena_printf(builder->memory, "%s%s", text,
                        wording_say(builder->wording, builder->memory, assured,
                                    "target", say_percent(builder->memory, target),
                                    NULL));
}

static enum status board_row(struct builder *builder, const char *name, int line,
                             struct table *table, size_t row, struct error *err)
{
    const struct teller *teller = &builder->teller;
    const struct place place = { .text = name, .line = line };
    struct figure_wanted wanted;
    const struct finding *finding;
    const char *assured;
    enum unit unit;
    double target;

    TRY(place_figure(builder, &place, NULL, &wanted, err));
    unit = metrics_unit(builder->results->metrics, wanted.metric, wanted.part);
    finding = results_finding(builder->results, wanted.metric, wanted.part, DIM_TOTAL,
                              0, AGAINST_PREVIOUS);
    assured = assurance_key(builder, wanted.metric, &target);
    table_put(table, row, 0,
              wording_head(builder->wording, builder->memory,
                           say_metric(teller, wanted.metric)));
    table_put(table, row, 1,
              say_base(teller, figure_base(builder, &wanted, wanted.month), unit, SAY_P,
                       NULL));
    table_put(table, row, 2,
              target > 0 ? say_percent(builder->memory, target)
                         : word(builder, "mark.none"));
    table_put(table, row, 3,
              finding == NULL ? word(builder, "mark.none")
                              : say_finding_mark(teller, finding));
    table_put(table, row, 4,
              assured == NULL ? word(builder, "mark.none")
                              : word(builder, arena_printf(builder->memory,
                                                           "assured.%s", assured)));
    table_put(table, row, 5, board_reading(builder, wanted.metric, assured, target));
    return HY_OK;
}

static enum status say_board(struct builder *builder, const struct place *place,
                             enum tone tone, struct blocks *blocks, struct error *err)
{
    static const char *const keys[BOARD_COLUMNS] = { "column.item",   "board.last",
                                                     "board.target",  "board.change",
                                                     "board.assured", "board.reading" };
    const char *words[BOARD_MOST + 1];
    size_t count = words_split(builder->memory, place->text, words, BOARD_MOST + 1), i;
    struct table *table;

    if (count < 2)
        return template_complain(builder, place->line, err,
                                 "{board 指标...}：请写指标，如 {board SLA-01 SAT-01}");
    table = table_new(builder->memory, BOARD_COLUMNS, count);
    table_heads(builder, table, keys);
    right(table, 1);
    right(table, 2);
    for (i = 1; i < count; i++)
        TRY(board_row(builder, words[i], place->line, table, i, err));
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
    return HY_OK;
}

/* --- {measures}: what was decided, overdue first ---------------------------- */

struct ranked_measure {
    int rank; /* 0 overdue, 1 running, 2 done, 3 given up */
    size_t index;
};

static const char *const states[] = { "late", "running", "done", "dropped" };

static int measure_rank(const struct measure *measure, int32_t today)
{
    if (measure->done != INT32_MIN && measure->done < today)
        return 2;
    if (measure->state != NULL && strcmp(measure->state, "取消") == 0)
        return 3;
    if (measure->state != NULL && strcmp(measure->state, "完成") == 0)
        return 2;
    return measure->due != INT32_MIN && measure->due < today ? 0 : 1;
}

static int by_rank(const void *left, const void *right)
{
    const struct ranked_measure *a = left, *b = right;

    if (a->rank != b->rank)
        return a->rank - b->rank;
    return a->index < b->index ? -1 : 1;
}

static const char *cell_text(struct builder *builder, const char *text)
{
    return text == NULL || *text == '\0' ? word(builder, "mark.none")
                                         : say_clean(builder->memory, text);
}

static const char *day_text(struct builder *builder, int32_t day)
{
    return day == INT32_MIN ? word(builder, "mark.none")
                            : say_day_cell(builder->wording, builder->memory, day);
}

static void measure_row(struct builder *builder, const struct measure *measure,
                        int rank, struct table *table, size_t row)
{
    table_put(table, row, 0, cell_text(builder, measure->number));
    table_put(table, row, 1, cell_text(builder, measure->title));
    table_put(table, row, 2, cell_text(builder, measure->subject));
    table_put(table, row, 3, cell_text(builder, measure->place));
    table_put(table, row, 4, cell_text(builder, measure->department));
    table_put(table, row, 5, day_text(builder, measure->due));
    table_put(table, row, 6, day_text(builder, measure->done));
    table_put(table, row, 7,
              word(builder, arena_printf(builder->memory, "measure.%s", states[rank])));
}

/* Measures begun before the cut-off and not finished before the month. */
static void say_measures(struct builder *builder, enum tone tone, struct blocks *blocks)
{
    static const char *const keys[MEASURE_COLUMNS] = {
        "measure.number",     "measure.title", "measure.subject",  "measure.place",
        "measure.department", "measure.due",   "measure.finished", "measure.state"
    };
    const struct registers *registers = builder->registers;
    size_t all = registers == NULL ? 0 : registers->measure_count, count = 0, i;
    int32_t today = (int32_t)(builder->results->cutoff / DAY_SECONDS);
    int32_t from = (int32_t)(builder->results->from / DAY_SECONDS);
    struct ranked_measure *ranked =
        arena_alloc(builder->memory, (all + 1) * sizeof *ranked);
    struct table *table;

    for (i = 0; i < all; i++) {
        const struct measure *measure = &registers->measures[i];

        if ((measure->opened != INT32_MIN && measure->opened >= today)
            || (measure->done != INT32_MIN && measure->done < from))
            continue;
        ranked[count++] = (struct ranked_measure){ measure_rank(measure, today), i };
    }
    if (count == 0) {
        blocks_say(blocks, builder->memory, tone, word(builder, "list.none"));
        return;
    }
    qsort(ranked, count, sizeof *ranked, by_rank);
    table = table_new(builder->memory, MEASURE_COLUMNS, count + 1);
    table_heads(builder, table, keys);
    for (i = 0; i < count; i++)
        measure_row(builder, &registers->measures[ranked[i].index], ranked[i].rank,
                    table, i + 1);
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
}

/* --- {balance}: the account of one row --------------------------------------- */

const char *say_balance(struct builder *builder, const struct member *member)
{
    static const struct {
        const char *name;
        int sign;
    } terms[] = { { "INT-13", 1 },
                  { "INT-01", 1 },
                  { "INT-17", 1 },
                  { "INT-16", -1 },
                  { "INT-14", -1 } };
    double sum = 0;
    size_t i;

    for (i = 0; i < sizeof terms / sizeof *terms; i++) {
        struct figure_wanted wanted = { .month = builder->results->month };
        const struct base *base;

        if (metrics_name(builder->results->metrics, terms[i].name, &wanted.metric,
                         &wanted.part)
            < 0)
            continue;
        if (member != NULL && member->set && !member->total) {
            wanted.dimension = member->dimension;
            wanted.key = member->key;
        }
        base = figure_base(builder, &wanted, wanted.month);
        if (base != NULL && base->answer == ANSWER_SUPPRESSED)
            return word(builder, "mark.hidden");
        if (base != NULL && base->answer == ANSWER_NO_DATA)
            return word(builder, "mark.none");
        if (base != NULL && base->answer == ANSWER_OK)
            sum += terms[i].sign * base->value;
    }
    if (llround(sum) == 0)
        return word(builder, "balance.even");
    return wording_say(builder->wording, builder->memory, "balance.odd", "n",
                       arena_printf(builder->memory, "%lld", llround(sum)), NULL);
}

/* --- {callbacks}: the cases drawn by the check code ---------------------------- */

/* Of a draft: at publication the list itself says so. */
static bool nobody_to_draw(const struct results *results)
{
    const struct figure *eligible =
        metrics_total(results, "AUD-02.eligible", results->month);

    return eligible != NULL && eligible->base.answer == ANSWER_OK
           && eligible->base.value == 0;
}

static enum status say_callbacks(struct builder *builder, const struct place *place,
                                 enum tone tone, struct blocks *blocks,
                                 struct error *err)
{
    const struct listing *listing = results_listing(builder->results, "callbacks");
    const struct listing *seed = results_listing(builder->results, "callbacks.seed");
    bool before = results_listing(builder->results, "callbacks.before") != NULL;
    bool none = listing != NULL ? listing->rows == 0 : nobody_to_draw(builder->results);
    const char *text, *key = listing != NULL && !none    ? "callbacks.method"
                             : listing == NULL && before ? "callbacks.before"
                             : none                      ? "callbacks.nothing"
                                                         : "callbacks.draft";

    TRY(place_expand(builder, word(builder, key), place->line, &text, err));
    blocks_say(blocks, builder->memory, tone, text);
    if (listing == NULL || listing->rows == 0)
        return HY_OK;
    if (seed != NULL && seed->rows > 0)
        blocks_say(blocks, builder->memory, tone,
                   wording_say(builder->wording, builder->memory, "callbacks.seed",
                               "seed", seed->cells[0].text, NULL));
    listing_table(builder, listing, SIZE_MAX, tone, blocks);
    return HY_OK;
}

bool place_is_check(const struct place *place)
{
    return place_is(place, "checks") || place_is(place, "board")
           || place_is(place, "measures") || place_is(place, "callbacks");
}

enum status check_blocks(struct builder *builder, const struct place *place,
                         enum tone tone, struct blocks *blocks, struct error *err)
{
    if (place_is(place, "board"))
        return say_board(builder, place, tone, blocks, err);
    if (place_is(place, "checks")) {
        if (builder->head->audience == AUDIENCE_PUBLIC)
            return template_complain(
                builder, place->line, err,
                "{checks} 不能用在公开的报告里 (not for this audience)");
        say_checks(builder, tone, blocks);
        return HY_OK;
    }
    if (place_is(place, "callbacks")) {
        if (builder->head->audience == AUDIENCE_PUBLIC)
            return template_complain(
                builder, place->line, err,
                "{callbacks} 不能用在公开的报告里 (not for this audience)");
        return say_callbacks(builder, place, tone, blocks, err);
    }
    say_measures(builder, tone, blocks);
    return HY_OK;
}
