/* tables.c - figures as rows with names, in one fixed order. */
#include "cli/tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/metrics.h"

size_t tables_metric_length(const char *name)
{
    return strcspn(name, ".");
}

int tables_order(const struct shown_row *a, const struct shown_row *b)
{
    int by = strcmp(a->metric, b->metric);

    if (by == 0)
        by = strcmp(a->dimension, b->dimension);
    return by != 0 ? by : strcmp(a->key, b->key);
}

static int compare(const void *first, const void *second)
{
    const struct shown_row *a = first, *b = second;
    int by = tables_order(a, b);

    if (by == 0)
        by = (a->numerator > b->numerator) - (a->numerator < b->numerator);
    if (by == 0)
        by = (a->value > b->value) - (a->value < b->value);
    return by;
}

bool tables_same(const struct shown_row *a, const struct shown_row *b)
{
    bool gap = !isfinite(a->value);

    if (a->mark != b->mark || gap != !isfinite(b->value))
        return false;
    if (a->numerator != b->numerator || a->denominator != b->denominator)
        return false;
    return gap || fabs(a->value - b->value) <= 1e-9 * (1 + fabs(b->value));
}

static struct shown_row row_of(const struct results *results,
                               const struct figure *figure, struct arena *memory)
{
    const struct metric *metric = &results->metrics->items[figure->metric];
    const struct base *base = &figure->base;
    bool pair = figure->dimension[1] != DIM_TOTAL;
    enum dimension first = (enum dimension)figure->dimension[0];
    enum dimension second = (enum dimension)figure->dimension[1];
    bool hidden = base->answer == ANSWER_SUPPRESSED;
    const char *key = results_key(results, first, figure->key[0], memory);

    return (struct shown_row){
        .metric = figure->part == 0
                      ? metric->id
                      : arena_printf(memory, "%s.%s", metric->id,
                                     metric->parts[figure->part - 1].name),
        .dimension = !pair ? dimension_name(first)
                           : arena_printf(memory, "%s+%s", dimension_name(first),
                                          dimension_name(second)),
        .key = !pair
                   ? key
                   : arena_printf(memory, "%s+%s", key,
                                  results_key(results, second, figure->key[1], memory)),
        .mark = hidden,
        .answer = (int)base->answer,
        .unit = (int)metrics_unit(results->metrics, figure->metric, figure->part),
        .value = hidden ? (double)NAN : base->value,
        .low = hidden ? (double)NAN : base->low,
        .high = hidden ? (double)NAN : base->high,
        .numerator = hidden ? -1 : base->numerator,
        .denominator = hidden ? -1 : base->denominator,
        .n = hidden ? -1 : base->n,
    };
}

/* Two things of one name (two lifts called "1") stay two rows. */
static void name_apart(struct shown_row *rows, size_t count, struct arena *memory)
{
    size_t i, twin = 1;

    for (i = 1; i < count; i++) {
        struct shown_row named = rows[i - twin];

        if (tables_order(&named, &rows[i]) != 0) {
            twin = 1;
            continue;
        }
        twin++;
        rows[i].key = arena_printf(memory, "%s#%zu", named.key, twin);
    }
}

void tables_rows(const struct results *results, int32_t month, struct arena *memory,
                 const struct shown_row **rows, size_t *count)
{
    struct shown_row *list;
    size_t i;

    list = arena_alloc(memory, (results->figure_count + 1) * sizeof *list);
    *count = 0;
    for (i = 0; i < results->figure_count; i++)
        if (results->figures[i].month == month)
            list[(*count)++] = row_of(results, &results->figures[i], memory);
    if (*count > 1)
        qsort(list, *count, sizeof *list, compare);
    name_apart(list, *count, memory);
    if (*count > 1)
        qsort(list, *count, sizeof *list, compare);
    *rows = list;
}

/* --- CSV ------------------------------------------------------------------------ */

static const char *csv_number(struct arena *memory, double number)
{
    const char *text;

    if (!isfinite(number))
        return "";
    text = arena_printf(memory, "%.15g", number);
    return strtod(text, NULL) == number ? text : arena_printf(memory, "%.17g", number);
}

static const char *csv_whole(struct arena *memory, int64_t number)
{
    return number < 0 ? "" : arena_printf(memory, "%" PRId64, number);
}

/* Quoted where it must be; never a formula in a spreadsheet. */
static const char *csv_text(struct arena *memory, const char *text)
{
    bool formula =
        strchr("=+@\t\r", *text) != NULL || (*text == '-' && text[1] != '\0');
    char *out = arena_alloc(memory, strlen(text) * 2 + 4), *to = out;

    if (*text == '\0' || (!formula && strpbrk(text, ",\"\r\n") == NULL))
        return text;
    *to++ = '"';
    if (formula)
        *to++ = '\'';
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *to++ = '"';
        *to++ = *text;
    }
    *to++ = '"';
    *to = '\0';
    return out;
}

const char *tables_csv(const struct shown_row *rows, size_t count, int32_t month,
                       struct arena *memory, size_t **starts)
{
    size_t *at = arena_alloc(memory, (count + 1) * sizeof *at), size = 0, i;
    const char **lines = arena_alloc(memory, (count + 1) * sizeof *lines);
    char name[8], *text, *to;
    const char *head = "month,metric,dimension,key,value,low,high,unit,numerator,"
                       "denominator,n,answer\n";

    month_print(month, name);
    size = strlen(head);
    for (i = 0; i < count; i++) {
        const struct shown_row *row = &rows[i];

        lines[i] =
            arena_printf(memory, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", name,
                         row->metric, row->dimension, csv_text(memory, row->key),
                         csv_number(memory, row->value), csv_number(memory, row->low),
                         csv_number(memory, row->high), unit_name((enum unit)row->unit),
                         csv_whole(memory, row->numerator),
                         csv_whole(memory, row->denominator), csv_whole(memory, row->n),
                         answer_name((enum answer)row->answer));
        at[i] = size;
        size += strlen(lines[i]);
    }
    at[count] = size;
    text = arena_alloc(memory, size + 1);
    to = text + strlen(head);
    memcpy(text, head, strlen(head));
    for (i = 0; i < count; i++) {
        size_t length = strlen(lines[i]);

        memcpy(to, lines[i], length);
        to += length;
    }
    if (starts != NULL)
        *starts = at;
    return text;
}
