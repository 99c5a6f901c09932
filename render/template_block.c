/* template_block.c - places and fences that become whole blocks of a report. */
#include "render/template_parts.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/text.h"

enum { WORDS_MOST = 12 };

bool place_is_block(const struct place *place)
{
    static const char *const names[] = { "lead",   "list",        "statements",
                                         "top",    "definitions", "assurance",
                                         "agenda", "qr" };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (place_is(place, names[i]))
            return true;
    return place_is_check(place) || place_is_ledger(place);
}

/* --- what people wrote ----------------------------------------------------- */

/* A section people may fill in or not, each with whoever wrote it before the words
 * (WORDING 2.1); silent when nobody did. */
static bool is_voice(const char *section)
{
    static const char *const voices[] = { "物业说明", "业主委员会意见", "致谢" };
    size_t i;

    for (i = 0; i < sizeof voices / sizeof *voices; i++)
        if (strcmp(voices[i], section) == 0)
            return true;
    return false;
}

static const char *voice_text(struct builder *builder,
                              const struct statement *statement)
{
    struct arena *memory = builder->memory;
    const char *key = arena_printf(memory, "section.%s", statement->section);
    bool named = statement->author != NULL && *statement->author != '\0';

    return wording_say(
        builder->wording, memory, "statement.voice", "section",
        wording_has(builder->wording, key) ? wording_get(builder->wording, key)
                                           : statement->section,
        "who", say_clean(memory, named ? statement->author : builder->settings->centre),
        "text", say_clean(memory, statement->text), NULL);
}

static const char *statement_text(struct builder *builder,
                                  const struct statement *statement)
{
    struct arena *memory = builder->memory;
    const char *text = say_clean(memory, statement->text);
    const char *owed = wording_get(builder->wording, "statement.owed");

    if (is_voice(statement->section))
        return voice_text(builder, statement);
    if (strcmp(statement->section, "还欠什么") == 0 && strncmp(text, "还欠", 6) != 0)
        text = arena_printf(memory, "%s%s", owed, text);
    if (strcmp(statement->section, "下月提醒") == 0)
        text =
            wording_say(builder->wording, memory, "statement.next", "month",
                        say_month_short(&builder->teller, builder->results->month + 1),
                        "text", text, NULL);
    if (statement->department != NULL && *statement->department != '\0'
        && strstr(text, statement->department) == NULL)
        text =
            arena_printf(memory, "%s%s", text,
                         wording_say(builder->wording, memory, "statement.lead",
                                     "department",
                                     say_clean(memory, statement->department), NULL));
    return text;
}

static size_t statements_add(struct builder *builder, const char *section,
                             struct line_of *lines, size_t count, size_t most)
{
    const struct registers *registers = builder->registers;
    size_t i, added = 0;

    for (i = 0; registers != NULL && i < registers->statement_count; i++) {
        const struct statement *statement = &registers->statements[i];

        if (statement->month != builder->results->month || statement->text == NULL
            || statement->section == NULL || strcmp(statement->section, section) != 0
            || count + added == most)
            continue;
        lines[count + added++] =
            *line_plain(builder->memory, statement_text(builder, statement), false,
                        true);
    }
    return added;
}

/* "title.件" where there are other words for it, a key, or the words themselves. */
static const char *title_text(struct builder *builder, const char *title)
{
    const char *key = arena_printf(builder->memory, "title.%s", title);

    return wording_get(builder->wording,
                       wording_has(builder->wording, key) ? key : title);
}

static void say_none_written(struct builder *builder, const char *section,
                             enum tone tone, struct blocks *blocks)
{
    if (is_voice(section))
        return;
    blocks_say(blocks, builder->memory, tone,
               wording_say(builder->wording, builder->memory, "statement.none", "name",
                           title_text(builder, section), NULL));
}

/* {statements A B}: the texts of these sections of the register 本月说明; one
 * section alone that is empty says so, of several each empty one says so. */
static enum status say_statements(struct builder *builder, const struct place *place,
                                  enum tone tone, struct blocks *blocks,
                                  struct error *err)
{
    const char *words[WORDS_MOST];
    size_t count = words_split(builder->memory, place->text, words, WORDS_MOST), i;
    size_t most = builder->registers == NULL ? 0 : builder->registers->statement_count;
    struct line_of *lines = arena_alloc(builder->memory, (most + 1) * sizeof *lines);
    size_t used = 0;

    if (count < 2)
        return template_complain(builder, place->line, err,
                                 "{statements 栏目}：请写栏目，如 做了什么 (section)");
    for (i = 1; i < count; i++)
        used += statements_add(builder, words[i], lines, used, most);
    if (used > 0) {
        struct block *block = blocks_add(blocks, builder->memory, BLOCK_BULLETS, tone);

        block->lines = lines;
        block->count = used;
    }
    for (i = 1; i < count; i++)
        if (statements_add(builder, words[i], lines + used, 0, most - used) == 0
            && statements_add(builder, words[i],
                              arena_alloc(builder->memory, (most + 1) * sizeof *lines),
                              0, most)
                   == 0)
            say_none_written(builder, words[i], tone, blocks);
    return HY_OK;
}

/* --- listings, top, ledger, definitions ------------------------------------ */

static const char *value_text(struct builder *builder, const struct value *value)
{
    struct arena *memory = builder->memory;
    const char *none = wording_get(builder->wording, "mark.none");

    if (value->kind == VALUE_WORDS && value->text != NULL)
        return say_clean(memory, wording_phrase(builder->wording, memory, value->text));
    if (value->text != NULL && strcmp(value->text, "＊") == 0)
        return wording_get(builder->wording, "mark.hidden");
    if (value->text != NULL && *value->text != '\0')
        return say_clean(memory, value->text);
    if (value->kind == VALUE_NONE || value->kind == VALUE_TEXT
        || !isfinite(value->number))
        return none;
    switch (value->kind) {
    case VALUE_COUNT:
        return say_count(memory, llround(value->number));
    case VALUE_SHARE:
        return say_percent(memory, value->number);
    case VALUE_HOURS:
        return say_hours(builder->wording, memory, value->number);
    case VALUE_DAY:
        return say_day_cell(builder->wording, memory, (int32_t)value->number);
    case VALUE_TIME: {
        char text[20];

        time_print((int64_t)value->number, false, text);
        return arena_copy(memory, text, strlen(text));
    }
    case VALUE_NUMBER:
    case VALUE_FIGURE:
        return say_decimal(memory, value->number, 1);
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_WORDS:
        break;
    }
    return none;
}

/* The columns in which some row says something; the first always. */
static size_t filled_columns(struct builder *builder, const struct listing *listing,
                             size_t rows, size_t *filled)
{
    const char *none = wording_get(builder->wording, "mark.none");
    size_t count = 0, row, column;

    for (column = 0; column < listing->columns; column++) {
        bool said = column == 0;

        for (row = 0; row < rows && !said; row++)
            said = strcmp(value_text(builder,
                                     &listing->cells[row * listing->columns + column]),
                          none)
                   != 0;
        if (said)
            filled[count++] = column;
    }
    return count;
}

static void listing_cell(struct builder *builder, const struct value *value,
                         struct table *table, size_t row, size_t column)
{
    struct table_cell *cell =
        (struct table_cell *)(uintptr_t)&table->cells[row * table->columns + column];

    *cell = (struct table_cell){ value_text(builder, value), *value, false };
    if (value->kind == VALUE_WORDS)
        cell->value = (struct value){ VALUE_TEXT, cell->text, NAN };
    else if (value->kind != VALUE_TEXT && value->kind != VALUE_NONE
             && value->kind != VALUE_DAY)
        ((enum align *)(uintptr_t)table->align)[column] = ALIGN_RIGHT;
}

/* Titles of the columns in which nobody filled in anything. */
static const char *unfilled_titles(struct builder *builder,
                                   const struct listing *listing, const size_t *filled,
                                   size_t count)
{
    const char *names = "";
    size_t column, next = 0;

    for (column = 0; column < listing->columns; column++) {
        if (next < count && filled[next] == column) {
            next++;
            continue;
        }
        names = arena_printf(
            builder->memory, "%s%s%s", names,
            *names == '\0' ? "" : wording_get(builder->wording, "list.comma"),
            say_clean(builder->memory, title_text(builder, listing->titles[column])));
    }
    return names;
}

void listing_table(struct builder *builder, const struct listing *listing, size_t most,
                   enum tone tone, struct blocks *blocks)
{
    size_t rows = listing->rows < most ? listing->rows : most, row, column;
    size_t *filled =
        arena_alloc(builder->memory, (listing->columns + 1) * sizeof *filled);
    size_t columns = filled_columns(builder, listing, rows, filled);
    struct table *table = table_new(builder->memory, columns, rows + 1);

    table->heads = 1;
    for (column = 0; column < columns; column++) {
        table_put(table, 0, column,
                  say_clean(builder->memory,
                            title_text(builder, listing->titles[filled[column]])));
        ((struct table_cell *)(uintptr_t)&table->cells[column])->bold = true;
        for (row = 0; row < rows; row++)
            listing_cell(builder,
                         &listing->cells[row * listing->columns + filled[column]],
                         table, row + 1, column);
    }
    blocks_add(blocks, builder->memory, BLOCK_TABLE, tone)->table = table;
    if (columns < listing->columns)
        blocks_say(blocks, builder->memory, TONE_NOTE,
                   wording_say(builder->wording, builder->memory, "list.unfilled",
                               "names",
                               unfilled_titles(builder, listing, filled, columns),
                               NULL));
    if (rows < listing->rows)
        blocks_say(blocks, builder->memory, TONE_NOTE,
                   wording_say(builder->wording, builder->memory, "list.more", "n",
                               say_count(builder->memory,
                                         (int64_t)(listing->rows - rows)),
                               NULL));
}

/* "DIF-01", and "DIF-01.cases" case by case: the figure behind a list, -1 = none. */
static int listed_metric(const struct builder *builder, const char *name)
{
    const char *end = strstr(name, ".cases");

    if (end != NULL && end[strlen(".cases")] == '\0')
        name = arena_copy(builder->memory, name, (size_t)(end - name));
    return metrics_find(builder->results->metrics, name);
}

static enum status say_list(struct builder *builder, const struct place *place,
                            enum tone tone, struct blocks *blocks, struct error *err)
{
    const char *words[WORDS_MOST];
    size_t count = words_split(builder->memory, place->text, words, WORDS_MOST);
    const struct listing *listing;
    long most = LONG_MAX;
    int metric;

    if (count == 4 && strcmp(words[2], "top") == 0)
        most = strtol(words[3], NULL, 10);
    else if (count != 2)
        most = 0;
    if (most < 1)
        return template_complain(
            builder, place->line, err,
            "{list 名称 [top 几行]}：请写清单的名称，如 {list DIF-01}");
    metric = listed_metric(builder, words[1]);
    if (metric >= 0)
        builder->used[metric] = true;
    listing = results_listing(builder->results, words[1]);
    if (listing == NULL && metric < 0)
        return template_complain(builder, place->line, err, "没有“%s”这份清单%s",
                                 words[1], template_meant(builder, words[1], true));
    if (listing == NULL || listing->rows == 0)
        blocks_say(blocks, builder->memory, tone,
                   wording_get(builder->wording,
                               listing == NULL ? "list.nodata" : "list.none"));
    else
        listing_table(builder, listing, (size_t)most, tone, blocks);
    return HY_OK;
}

static void top_row(struct builder *builder, uint16_t metric, enum dimension dimension,
                    uint32_t key, struct table *table, size_t row)
{
    const struct teller *teller = &builder->teller;
    struct figure_wanted wanted = { .metric = metric,
                                    .dimension = dimension,
                                    .key = key };
    int32_t months[] = { builder->results->month, builder->results->month - 1,
                         builder->results->month - 12 };
    const struct finding *finding =
        results_finding(builder->results, metric, 0, dimension, key, AGAINST_PREVIOUS);
    struct table_cell *cells =
        (struct table_cell *)(uintptr_t)&table->cells[row * table->columns];
    size_t i;

    cells[0].text = say_key(teller, dimension, key);
    for (i = 0; i < 3; i++) {
        const struct base *base = figure_base(builder, &wanted, months[i]);

        cells[i + 1].text =
            base == NULL && !figure_unknown(builder, &wanted, months[i])
                ? wording_get(builder->wording, "mark.none")
                : say_base(teller, base, UNIT_COUNT, SAY_FULL, &cells[i + 1].value);
    }
    cells[4].text = say_finding_mark(teller, finding);
}

/* "以上 5 项共 188 件，占 41.6%" - only when every one is printed. */
static void top_share(struct builder *builder, uint16_t metric,
                      enum dimension dimension, const struct members *members,
                      enum tone tone, struct blocks *blocks)
{
    struct figure_wanted wanted = { .metric = metric };
    int32_t month = builder->results->month;
    const struct base *all = figure_base(builder, &wanted, month);
    double sum = 0;
    size_t i;

    wanted.dimension = dimension;
    for (i = 0; i < members->count; i++) {
        const struct base *base;

        wanted.key = members->keys[i];
        base = figure_base(builder, &wanted, month);
        if (base == NULL || base->answer != ANSWER_OK)
            return;
        sum += base->value;
    }
    if (all == NULL || all->answer != ANSWER_OK || !(all->value > 0) || sum <= 0)
        return;
    blocks_say(blocks, builder->memory, tone,
               wording_say(builder->wording, builder->memory, "top.share", "n",
                           say_count(builder->memory, (int64_t)members->count), "k",
                           say_count(builder->memory, llround(sum)), "p",
                           say_percent(builder->memory, sum / all->value), NULL));
}

/* {top category 5 [share]}: the largest of a split, or only their share. */
static enum status say_top(struct builder *builder, const struct place *place,
                           enum tone tone, struct blocks *blocks, struct error *err)
{
    static const char *const titles[] = { "column.item", "column.now",
                                          "column.previous", "column.year",
                                          "column.change" };
    const char *words[WORDS_MOST];
    size_t count = words_split(builder->memory, place->text, words, WORDS_MOST), i;
    enum dimension dimension;
    uint16_t metric, part;
    struct members members;
    struct table *table;
    struct block *block;
    int top;

    if (count < 3 || (count == 4 && strcmp(words[3], "share") != 0) || count > 4)
        return template_complain(builder, place->line, err,
                                 "{%s}看不懂：应为 {top category 5} 或加 share",
                                 place->text);
    TRY(metric_wanted(builder, place->line, "INT-01", &metric, &part, err));
    TRY(dimension_wanted(builder, place->line, metric, words[1], &dimension, err));
    TRY(words_number(builder, place->line, words[2], 1, 100, &top, err));
    members = members_of(builder, metric, part, dimension, builder->results->month,
                         builder->results->month, (size_t)top);
    if (members.count == 0 && count == 4)
        return HY_OK; /* the chart above says so */
    if (members.count == 0) {
        blocks_say(blocks, builder->memory, tone,
                   wording_get(builder->wording, "list.nodata"));
        return HY_OK;
    }
    if (count == 3) {
        table = table_new(builder->memory, 5, members.count + 1);
        table->heads = 1;
        for (i = 0; i < 5; i++) {
            table_put(table, 0, i, wording_get(builder->wording, titles[i]));
            ((enum align *)(uintptr_t)table->align)[i] =
                i == 0 || i == 4 ? ALIGN_LEFT : ALIGN_RIGHT;
        }
        for (i = 0; i < members.count; i++)
            top_row(builder, metric, dimension, members.keys[i], table, i + 1);
        block = blocks_add(blocks, builder->memory, BLOCK_TABLE, tone);
        block->table = table;
    }
    top_share(builder, metric, dimension, &members, tone, blocks);
    return HY_OK;
}

static void say_definitions(struct builder *builder, enum tone tone,
                            struct blocks *blocks)
{
    struct block *block = blocks_add(blocks, builder->memory, BLOCK_TABLE, tone);

    if (builder->definitions == NULL)
        builder->definitions = table_new(builder->memory, 2, 0);
    block->table = builder->definitions;
}

void definitions_fill(struct builder *builder)
{
    const struct metrics *metrics = builder->results->metrics;
    bool english = strcmp(wording_language(builder->wording), "en") == 0;
    size_t count = 0, i, row = 1;
    struct table *table;

    for (i = 0; i < metrics->count; i++)
        count += builder->used[i];
    table = table_new(builder->memory, 2, count + 1);
    table->heads = 1;
    table_put(table, 0, 0, wording_get(builder->wording, "definitions.name"));
    table_put(table, 0, 1, wording_get(builder->wording, "definitions.text"));
    for (i = 0; i < metrics->count; i++) {
        const struct metric *item = &metrics->items[i];

        if (!builder->used[i])
            continue;
        table_put(table, row, 0,
                  wording_head(builder->wording, builder->memory,
                               english ? item->en : item->zh));
        table_put(table, row++, 1, english ? item->definition_en : item->definition_zh);
    }
    if (builder->definitions == NULL) {
        table->title = wording_get(builder->wording, "definitions.title");
        builder->definitions = table;
    } else {
        *builder->definitions = *table; /* the block in the body points here */
    }
}

void omitted_say(struct builder *builder, struct blocks *blocks)
{
    static const char *const required[] = { "INT-01", "INT-13", "INT-14", "SLA-01",
                                            "TTR-02", "RES-04", "SAT-01", "SAT-03",
                                            "SAT-05", "DIF-01" };
    size_t i;

    if (builder->head->audience != AUDIENCE_PUBLIC)
        return;
    for (i = 0; i < sizeof required / sizeof required[0]; i++) {
        int metric = metrics_find(builder->results->metrics, required[i]);

        if (metric < 0 || builder->used[metric])
            continue;
        blocks_say(blocks, builder->memory, TONE_FOOT,
                   wording_say(builder->wording, builder->memory, "omitted", "name",
                               say_metric(&builder->teller, (uint16_t)metric), "reason",
                               wording_get(builder->wording, "omitted.template"),
                               NULL));
    }
}

/* The sentence on meeting the target, from the limits of the latest month. */
static enum status say_assurance(struct builder *builder, const struct place *place,
                                 enum tone tone, struct blocks *blocks,
                                 struct error *err)
{
    const char *words[2] = { "", "" }, *key;
    uint16_t metric, part;
    double target;

    (void)words_split(builder->memory, place->text, words, 2);
    TRY(metric_wanted(builder, place->line, words[1], &metric, &part, err));
    key = assurance_key(builder, metric, &target);
    if (key == NULL)
        return HY_OK;
    blocks_say(blocks, builder->memory, tone,
               wording_say(builder->wording, builder->memory, key, "target",
                           say_percent(builder->memory, target), NULL));
    return HY_OK;
}

enum status place_blocks(struct builder *builder, const struct place *place,
                         enum tone tone, struct blocks *blocks, struct error *err)
{
    const char *sentences[2];
    size_t count, i;

    if (place_is(place, "list"))
        return say_list(builder, place, tone, blocks, err);
    if (place_is(place, "statements"))
        return say_statements(builder, place, tone, blocks, err);
    if (place_is(place, "top"))
        return say_top(builder, place, tone, blocks, err);
    if (place_is_check(place))
        return check_blocks(builder, place, tone, blocks, err);
    if (place_is(place, "assurance"))
        return say_assurance(builder, place, tone, blocks, err);
    if (place_is(place, "definitions"))
        say_definitions(builder, tone, blocks);
    if (place_is_ledger(place))
        return ledger_blocks(builder, place, tone, blocks, err);
    if (place_is(place, "qr"))
        return qr_blocks(builder, tone, blocks, err);
    if (place_is(place, "agenda"))
        return agenda_blocks(builder, place, tone, blocks, err);
    if (place_is(place, "lead")) {
        count = say_lead(&builder->teller, strcmp(place->text, "lead short") != 0,
                         sentences);
        for (i = 0; i < count; i++)
            blocks_say(blocks, builder->memory, tone, sentences[i]);
    }
    return HY_OK;
}
