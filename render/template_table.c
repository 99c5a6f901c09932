/* template_table.c - tables of a template: {each} rows, totals, typed cells. */
#include "render/template_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

enum { MEMBERS_MOST = 400, EACH_WORDS = 6, FIGURES_MOST = 16 };

struct table *table_new(struct arena *memory, size_t columns, size_t rows)
{
    struct table *table = arena_alloc(memory, sizeof *table);

    table->columns = columns;
    table->rows = rows;
    table->cells = arena_alloc(memory, (columns * rows + 1) * sizeof *table->cells);
    table->align = arena_alloc(memory, (columns + 1) * sizeof *table->align);
    return table;
}

static struct table_cell *cell_at(struct table *table, size_t row, size_t column)
{
    return (struct table_cell *)(uintptr_t)&table->cells[row * table->columns + column];
}

void table_put(struct table *table, size_t row, size_t column, const char *text)
{
    cell_at(table, row, column)->text = text;
}

void table_heads(const struct builder *builder, struct table *table,
                 const char *const *keys)
{
    size_t i;

    table->heads = 1;
    for (i = 0; i < table->columns; i++) {
        table_put(table, 0, i, wording_get(builder->wording, keys[i]));
        cell_at(table, 0, i)->bold = true;
    }
}

/* --- members of a split ---------------------------------------------------- */

struct ranked {
    uint32_t key;
    double value; /* of the last month; -1 = none */
    long place;   /* order on the pages when it is fixed */
    bool unfilled;
    const char *text;
};

static long number_in(const char *text)
{
    while (*text != '\0' && (*text < '0' || *text > '9'))
        text++;
    return *text == '\0' ? -1 : strtol(text, NULL, 10);
}

/* Not filled in comes last; fixed places first, then size, then bytes. */
static int by_place(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    if (a->unfilled != b->unfilled)
        return a->unfilled ? 1 : -1;
    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->value > b->value || a->value < b->value)
        return a->value > b->value ? -1 : 1;
    return strcmp(a->text, b->text);
}

static long fixed_place(const struct builder *builder, enum dimension dimension,
                        uint32_t key, const char *text)
{
    size_t i;

    switch (dimension) {
    case DIM_DEPARTMENT:
        for (i = 0; i < builder->settings->department_count; i++)
            if (strcmp(builder->settings->departments[i], text) == 0)
                return (long)i;
        return 1000;
    case DIM_NATURE:
    case DIM_CHANNEL:
    case DIM_URGENCY:
    case DIM_AGE:
    case DIM_HOUR:
    case DIM_MONTH:
        return (long)key;
    case DIM_BUILDING:
    case DIM_GRID:
        return number_in(text);
    case DIM_TOTAL:
    case DIM_CATEGORY:
    case DIM_CLERK:
    case DIM_ASSET:
    case DIM_COUNT:
        return 0;
    }
    return 0;
}

static size_t ranked_add(struct ranked *ranked, size_t count,
                         const struct figure *figure, bool last)
{
    double value = last && figure->base.answer == ANSWER_OK ? figure->base.value : -1;
    size_t i;

    for (i = 0; i < count; i++)
        if (ranked[i].key == figure->key[0]) {
            if (last)
                ranked[i].value = value;
            return count;
        }
    if (count == MEMBERS_MOST)
        return count;
    ranked[count] = (struct ranked){ .key = figure->key[0], .value = value };
    return count + 1;
}

static bool says_something(const struct figure *figure)
{
    return figure->base.answer != ANSWER_OK || figure->base.n > 0
           || figure->base.denominator > 0 || figure->base.value > 0;
}

/* Adds the members this figure has in the months given. */
static size_t ranked_collect(const struct builder *builder,
                             const struct figure_wanted *wanted,
                             enum dimension dimension, int32_t first, int32_t last,
                             bool sized, struct ranked *ranked, size_t count)
{
    const struct results *results = builder->results;
    size_t i;

    for (i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];

        if (figure->metric == wanted->metric && figure->part == wanted->part
            && figure->dimension[0] == dimension && figure->dimension[1] == DIM_TOTAL
            && figure->month >= first && figure->month <= last
            && (dimension == DIM_AGE || says_something(figure)))
            count = ranked_add(ranked, count, figure, sized && figure->month == last);
    }
    return count;
}

static struct members ranked_members(const struct builder *builder,
                                     enum dimension dimension, struct ranked *ranked,
                                     size_t count, size_t top)
{
    uint32_t *keys = arena_alloc(builder->memory, (count + 1) * sizeof *keys);
    size_t i, kept = 0;

    for (i = 0; i < count; i++) {
        ranked[i].text =
            results_key(builder->results, dimension, ranked[i].key, builder->memory);
        ranked[i].place =
            top > 0 ? 0
                    : fixed_place(builder, dimension, ranked[i].key, ranked[i].text);
        ranked[i].unfilled = ranked[i].key == 0 && dimension != DIM_AGE
                             && dimension != DIM_HOUR && dimension != DIM_MONTH;
    }
    if (count > 1)
        qsort(ranked, count, sizeof *ranked, by_place);
    for (i = 0; i < count && (top == 0 || kept < top); i++)
        if (top == 0 || !ranked[i].unfilled)
            keys[kept++] = ranked[i].key;
    return (struct members){ kept, keys };
}

struct members members_of(const struct builder *builder, uint16_t metric, uint16_t part,
                          enum dimension dimension, int32_t first, int32_t last,
                          size_t top)
{
    const struct figure_wanted wanted = { .metric = metric, .part = part };
    struct ranked *ranked = arena_alloc(builder->memory, MEMBERS_MOST * sizeof *ranked);
    size_t count =
        ranked_collect(builder, &wanted, dimension, first, last, true, ranked, 0);

    return ranked_members(builder, dimension, ranked, count, top);
}

struct members members_of_row(const struct builder *builder,
                              const struct figure_wanted *wanted, size_t count,
                              enum dimension dimension, size_t top)
{
    struct ranked *ranked = arena_alloc(builder->memory, MEMBERS_MOST * sizeof *ranked);
    size_t found = 0, i;

    for (i = 0; i < count; i++)
        found = ranked_collect(builder, &wanted[i], dimension, wanted[i].month,
                               wanted[i].month, i == 0, ranked, found);
    return ranked_members(builder, dimension, ranked, found, top);
}

/* --- cells ----------------------------------------------------------------- */

/* A cell that is one place keeps its number for the workbook. */
static enum status cell_fill(struct builder *builder, const struct atoms *atoms,
                             const struct member *member, struct table_cell *cell,
                             struct error *err)
{
    struct line_of line;

    if (atoms->count == 1 && atoms->items[0].place >= 0) {
        struct piece piece;

        TRY(place_say(builder, &builder->places[atoms->items[0].place], member, &piece,
                      err));
        *cell = (struct table_cell){ piece.text, piece.value, atoms->items[0].bold };
        return HY_OK;
    }
    TRY(atoms_line(builder, atoms, member, &line, err));
    *cell = (struct table_cell){ .text = line_text(builder->memory, &line),
                                 .bold = line.count > 0 && line.runs[0].bold };
    return HY_OK;
}

struct each {
    bool any;
    const struct place *place;
    enum dimension dimension;
    int top, months;
};

static enum status each_parse(struct builder *builder, const struct atoms *first,
                              struct each *each, struct error *err)
{
    const char *words[EACH_WORDS];
    size_t count, i;
    int found;

    *each = (struct each){ .any = false };
    for (i = 0; i < first->count; i++)
        if (first->items[i].place >= 0
            && place_is(&builder->places[first->items[i].place], "each"))
            each->place = &builder->places[first->items[i].place];
    if (each->place == NULL)
        return HY_OK;
    each->any = true;
    count = words_split(builder->memory, each->place->text, words, EACH_WORDS);
    found = count > 1 ? dimension_find(words[1]) : -1;
    if (found <= DIM_TOTAL)
        return template_complain(
            builder, each->place->line, err,
            "{%s}：each 后面应是 nature channel department category building grid "
            "urgency age month 之一",
            each->place->text);
    each->dimension = (enum dimension)found;
    if (each->dimension == DIM_MONTH && count == 3)
        return words_number(builder, each->place->line, words[2], 1, 60, &each->months,
                            err);
    if (count == 4 && strcmp(words[2], "top") == 0)
        return words_number(builder, each->place->line, words[3], 1, 100, &each->top,
                            err);
    if (count != 2 || each->dimension == DIM_MONTH)
        return template_complain(builder, each->place->line, err,
                                 "{%s}看不懂：应为 {each 分法}、{each 分法 top 数} 或 "
                                 "{each month 数}",
                                 each->place->text);
    return HY_OK;
}

/* The figures of the row; the split must be one of the first. */
static enum status each_figures(struct builder *builder, const struct each *each,
                                const struct atoms *cells, size_t columns,
                                struct figure_wanted *wanted, size_t *count,
                                struct error *err)
{
    size_t i, j;

    *count = 0;
    for (i = 1; i < columns; i++)
        for (j = 0; j < cells[i].count && *count < FIGURES_MOST; j++) {
            int at = cells[i].items[j].place;
            struct place place;

            if (at < 0 || place_is(&builder->places[at], "verdict")
                || place_is(&builder->places[at], "balance"))
                continue;
            place = builder->places[at];
            if (place_is(&place, "say"))
                place.text += strlen("say");
            wanted[*count] = (struct figure_wanted){ .month = builder->results->month };
            TRY(place_figure(builder, &place, NULL, &wanted[*count], err));
            if (*count == 0)
                TRY(dimension_wanted(builder, place.line, wanted->metric,
                                     dimension_name(each->dimension),
                                     &wanted->dimension, err));
            (*count)++;
        }
    if (*count > 0)
        return HY_OK;
    return template_complain(builder, each->place->line, err,
                             "{%s} 这一行没有写任何指标 (no figure in the row)",
                             each->place->text);
}

struct rows {
    size_t count;
    struct member *items;
    const char **labels;
};

static void row_add(struct rows *rows, struct member member, const char *label)
{
    rows->labels[rows->count] = label;
    rows->items[rows->count++] = member;
}

static enum status each_rows(struct builder *builder, const struct each *each,
                             const struct atoms *cells, size_t columns,
                             struct rows *rows, struct error *err)
{
    int32_t month = builder->results->month;
    struct figure_wanted wanted[FIGURES_MOST];
    struct members members;
    size_t count, i;

    rows->items =
        arena_alloc(builder->memory, (MEMBERS_MOST + 1) * sizeof *rows->items);
    rows->labels =
        arena_alloc(builder->memory, (MEMBERS_MOST + 1) * sizeof *rows->labels);
    if (each->dimension == DIM_MONTH) {
        int32_t at;

        for (at = month - each->months + 1; at <= month; at++)
            row_add(rows,
                    (struct member){ .set = true, .dimension = DIM_MONTH, .month = at },
                    say_month(builder->wording, builder->memory, at));
        return HY_OK;
    }
    TRY(each_figures(builder, each, cells, columns, wanted, &count, err));
    members = members_of_row(builder, wanted, each->top > 0 ? 1 : count,
                             each->dimension, (size_t)each->top);
    for (i = 0; i < members.count; i++)
        row_add(rows,
                (struct member){
                    .set = true, .dimension = each->dimension, .key = members.keys[i] },
                say_key(&builder->teller, each->dimension, members.keys[i]));
    row_add(rows, (struct member){ .set = true, .total = true },
            wording_get(builder->wording, each->top > 0 ? "total.all" : "total"));
    return HY_OK;
}

static enum status row_fill(struct builder *builder, const struct table_source *source,
                            size_t from, const struct member *member, const char *label,
                            struct table *table, size_t row, struct error *err)
{
    const struct atoms *cells = &source->cells[from * source->columns];
    size_t column;

    for (column = 0; column < source->columns; column++) {
        struct table_cell *cell = cell_at(table, row, column);

        if (column == 0 && label != NULL)
            *cell = (struct table_cell){ .text = label };
        else
            TRY(cell_fill(builder, &cells[column], member, cell, err));
        if (row == 0 || (member != NULL && member->total))
            cell->bold = true;
    }
    return HY_OK;
}

static enum status source_rows(struct builder *builder,
                               const struct table_source *source, size_t row,
                               struct rows *rows, struct error *err)
{
    const struct atoms *cells = &source->cells[row * source->columns];
    struct each each;

    *rows = (struct rows){ .count = 0 };
    TRY(each_parse(builder, &cells[0], &each, err));
    if (each.any)
        return each_rows(builder, &each, cells, source->columns, rows, err);
    rows->items = arena_alloc(builder->memory, sizeof *rows->items);
    rows->labels = arena_alloc(builder->memory, sizeof *rows->labels);
    row_add(rows, (struct member){ .set = false }, NULL);
    return HY_OK;
}

enum status table_build(struct builder *builder, const struct table_source *source,
                        enum tone tone, struct blocks *blocks, struct error *err)
{
    struct rows *rows = arena_alloc(builder->memory, source->rows * sizeof *rows);
    size_t total = 0, row, i, at = 0;
    struct table *table;
    struct block *block;

    for (row = 0; row < source->rows; row++) {
        TRY(source_rows(builder, source, row, &rows[row], err));
        total += rows[row].count;
    }
    table = table_new(builder->memory, source->columns, total);
    memcpy((void *)(uintptr_t)table->align, source->align,
           source->columns * sizeof *table->align);
    table->heads = 1;
    for (row = 0; row < source->rows; row++)
        for (i = 0; i < rows[row].count; i++) {
            TRY(row_fill(builder, source, row, &rows[row].items[i], rows[row].labels[i],
                         table, at, err));
            table->total = rows[row].items[i].total;
            at++;
        }
    block = blocks_add(blocks, builder->memory, BLOCK_TABLE, tone);
    block->table = table;
    return HY_OK;
}
