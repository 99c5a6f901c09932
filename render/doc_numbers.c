/* doc_numbers.c - every number of a document is one: libharu writes a broken page of
 * NaN, libxlsxwriter a workbook Excel refuses, gnuplot a picture with a hole. */
#include "render/doc_parts.h"

#include <math.h>

static bool is_number(const struct value *value)
{
    switch (value->kind) {
    case VALUE_COUNT:
    case VALUE_NUMBER:
    case VALUE_SHARE:
    case VALUE_HOURS:
    case VALUE_TIME:
    case VALUE_DAY:
        return true;
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_FIGURE:
    case VALUE_WORDS:
        break;
    }
    return false;
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

static enum status check_value(const struct value *value, const char *shown,
                               const char *where, struct error *err)
{
    if (!is_number(value) || isfinite(value->number))
        return HY_OK;
    return fail(err, HY_INTERNAL, "“%s”里的“%s”不是一个数 (not a finite number)",
                or_nothing(where), or_nothing(shown));
}

static enum status check_table(const struct table *table, struct error *err)
{
    size_t i;

    for (i = 0; i < table->rows * table->columns; i++)
        TRY(check_value(&table->cells[i].value, table->cells[i].text, table->title,
                        err));
    return HY_OK;
}

/* NaN is a gap, an infinity is a mistake. */
static bool has_infinity(const double *list, size_t count)
{
    size_t i;

    for (i = 0; list != NULL && i < count; i++)
        if (isinf(list[i]))
            return true;
    return false;
}

static enum status check_chart(const struct chart *chart, struct error *err)
{
    const struct data *data = chart->data;
    bool bad;
    size_t i;

    if (data == NULL)
        return HY_OK;
    bad = isinf(data->target) || isinf(data->axis_low) || isinf(data->axis_high)
          || has_infinity(data->n, data->points);
    for (i = 0; data->x != NULL && i < data->points; i++)
        bad = bad || !isfinite(data->x[i]); /* a point is somewhere */
    for (i = 0; i < data->series_count; i++)
        bad = bad || has_infinity(data->series[i].value, data->points)
              || has_infinity(data->series[i].low, data->points)
              || has_infinity(data->series[i].high, data->points);
    if (bad)
        return fail(err, HY_INTERNAL, "图“%s”里有无穷大 (not a finite number)",
                    or_nothing(chart->title));
    return HY_OK;
}

static enum status check_blocks(const struct block *blocks, size_t count,
                                struct error *err)
{
    size_t i, k;

    for (i = 0; i < count; i++) {
        const struct block *block = &blocks[i];

        if (block->kind == BLOCK_TABLE)
            TRY(check_table(block->table, err));
        if (block->kind == BLOCK_CHART)
            TRY(check_chart(block->chart, err));
        for (k = 0; block->kind == BLOCK_TILES && k < block->count; k++)
            TRY(check_value(&block->tiles[k].number, block->tiles[k].value,
                            block->tiles[k].label, err));
        for (k = 0; block->kind == BLOCK_COLUMNS && k < block->count; k++) {
            if (!isfinite(block->columns[k].share))
                return fail(err, HY_INTERNAL, "栏宽不是一个数 (not a finite number)");
            TRY(check_blocks(block->columns[k].blocks, block->columns[k].count, err));
        }
    }
    return HY_OK;
}

enum status doc_numbers(const struct doc *doc, struct error *err)
{
    if (doc->definitions != NULL)
        TRY(check_table(doc->definitions, err));
    return check_blocks(doc->blocks, doc->count, err);
}
