/*
 * render_xlsx_verify.c - reads a finished workbook back: libxlsxwriter can lose
 * cells without a word when memory or the disk runs out (PROMISES 1, 2).
 */
#include "render/render_xlsx_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/xml.h"
#include "core/zip.h"

enum { PART_BYTES = 64 << 20, BOOK_BYTES = 128 << 20, DIGITS = 40 };

struct tally {
    size_t numbers;
    double sum, size; /* size: of the absolute values, for the tolerance */
};

static void tally_add(struct tally *tally, double number)
{
    if (!isfinite(number))
        return;
    tally->numbers++;
    tally->sum += number;
    tally->size += fabs(number);
}

int xlsx_level(const struct doc *doc)
{
    int level = 2;
    size_t i;

    for (i = 0; i < doc->count; i++)
        if (doc->blocks[i].kind == BLOCK_HEADING && doc->blocks[i].level < level)
            level = doc->blocks[i].level;
    return level;
}

/* --- what the document has -------------------------------------------------- */

static void value_tally(struct tally *tally, const struct value *value)
{
    switch (value->kind) {
    case VALUE_COUNT:
    case VALUE_NUMBER:
    case VALUE_SHARE:
    case VALUE_HOURS:
        tally_add(tally, value->number);
        break;
    case VALUE_DAY:
        tally_add(tally, value->number + 25569); /* days from 1899-12-30 to 1970 */
        break;
    case VALUE_TIME:
        tally_add(tally, value->number / 86400 + 25569);
        break;
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_FIGURE:
    case VALUE_WORDS:
        break;
    }
}

static void table_tally(struct tally *tally, const struct table *table)
{
    size_t row, column;

    for (row = table->heads; row < table->rows; row++)
        for (column = 0; column < table->columns && column < XLSX_COLUMNS; column++)
            value_tally(tally, &table->cells[row * table->columns + column].value);
}

static void list_tally(struct tally *tally, const double *list, size_t count)
{
    size_t i;

    for (i = 0; list != NULL && i < count; i++)
        tally_add(tally, list[i]);
}

static void chart_tally(struct tally *tally, const struct chart *chart)
{
    const struct data *data = chart->data;
    const struct series *first = &data->series[0];
    size_t i;

    for (i = 0; i < data->series_count; i++)
        list_tally(tally, data->series[i].value, data->points);
    if (first->low != NULL && first->high != NULL) {
        list_tally(tally, first->low, data->points);
        list_tally(tally, first->high, data->points);
    }
    for (i = 0; i < data->points; i++)
        tally_add(tally, data->target);
    list_tally(tally, data->n, data->points);
    if (chart->kind == CHART_SURVIVAL)
        list_tally(tally, data->x, data->points);
}

static void blocks_tally(struct tally *tally, const struct block *list, size_t count)
{
    size_t i, j;

    for (i = 0; i < count; i++) {
        const struct block *block = &list[i];

        if (block->kind == BLOCK_TABLE)
            table_tally(tally, block->table);
        if (block->kind == BLOCK_CHART)
            chart_tally(tally, block->chart);
        for (j = 0; block->kind == BLOCK_TILES && j < block->count; j++)
            value_tally(tally, &block->tiles[j].number);
        for (j = 0; block->kind == BLOCK_COLUMNS && j < block->count; j++)
            blocks_tally(tally, block->columns[j].blocks, block->columns[j].count);
    }
}

/* --- what the file has ------------------------------------------------------ */

struct reading {
    struct tally tally;
    bool number, in_value;
    char digits[DIGITS];
    size_t used;
    size_t formulas;
};

static enum status cell_start(void *self, const char *name, const char **attributes,
                              struct error *err)
{
    struct reading *reading = self;

    (void)err;
    if (strcmp(name, "c") == 0)
        reading->number = xml_attribute(attributes, "t") == NULL;
    reading->in_value = strcmp(name, "v") == 0 && reading->number;
    reading->formulas += strcmp(name, "f") == 0;
    reading->used = 0;
    return HY_OK;
}

static enum status cell_text(void *self, const char *text, size_t length,
                             struct error *err)
{
    struct reading *reading = self;

    (void)err;
    if (reading->in_value && reading->used + length < DIGITS) {
        memcpy(reading->digits + reading->used, text, length);
        reading->used += length;
    }
    return HY_OK;
}

static enum status cell_end(void *self, const char *name, struct error *err)
{
    struct reading *reading = self;

    (void)err;
    if (reading->in_value && strcmp(name, "v") == 0) {
        reading->digits[reading->used] = '\0';
        tally_add(&reading->tally, strtod(reading->digits, NULL));
    }
    reading->in_value = false;
    return HY_OK;
}

static enum status part_read(struct zip *zip, size_t index, struct arena *memory,
                             struct reading *reading, struct error *err)
{
    static const struct xml_events events = { cell_start, cell_end, cell_text };
    static const struct xml_events none = { NULL, NULL, NULL };
    bool sheet = strncmp(zip_member(zip, index)->name, "xl/worksheets/sheet", 19) == 0;
    const unsigned char *bytes;
    struct xml *xml = NULL;
    enum status status;
    size_t length;

    TRY(zip_whole(zip, index, PART_BYTES, memory, &bytes, &length, err));
    TRY(xml_open(&xml, sheet ? &events : &none, reading, err));
    status = xml_feed(xml, (const char *)bytes, length, true, err);
    xml_close(xml);
    return status == HY_END ? HY_OK : status;
}

static enum status compare(const struct tally *wanted, const struct reading *found,
                           struct error *err)
{
    double tolerance = 1e-9 * (1 + wanted->size);

    if (found->formulas > 0)
        return fail(err, HY_INTERNAL, "读回来有公式，不该有 (formula)");
    if (found->tally.numbers != wanted->numbers
        || fabs(found->tally.sum - wanted->sum) > tolerance)
        return fail(err, HY_INTERNAL,
                    "读回来 %zu 个数，合计 %.6g；应为 %zu 个，合计 %.6g (cells lost)",
                    found->tally.numbers, found->tally.sum, wanted->numbers,
                    wanted->sum);
    return HY_OK;
}

/* libxlsxwriter looks at no return of its writing: what a disk swallows leaves a text
 * cell empty and the book well formed.  A second writing loses something else. */
static enum status same_again(const struct doc *doc, const char *path,
                              const unsigned char *bytes, size_t length,
                              struct arena *memory, struct error *err)
{
    const char *second = file_scratch(path, memory);
    const unsigned char *others = NULL;
    size_t count = 0;
    enum status status = xlsx_write(doc, second, err);

    if (status == HY_OK)
        status = file_read(second, BOOK_BYTES, memory, &others, &count, err);
    (void)unlink(second);
    if (status == HY_OK && (count != length || memcmp(others, bytes, length) != 0))
        status = fail(err, HY_IO,
                      "写了两遍，两遍不一样，磁盘可能有错 (written twice, "
                      "not alike)");
    return status;
}

enum status xlsx_verify(const struct doc *doc, const char *path, struct error *err)
{
    struct arena *memory = arena_new();
    struct tally wanted = { 0, 0, 0 };
    struct reading found = { .used = 0 };
    const unsigned char *bytes;
    struct zip *zip = NULL;
    enum status status;
    size_t i, length;

    blocks_tally(&wanted, doc->blocks, doc->count);
    status = file_read(path, BOOK_BYTES, memory, &bytes, &length, err);
    if (status == HY_OK)
        status = zip_open(&zip, bytes, length, err);
    for (i = 0; status == HY_OK && i < zip_count(zip); i++)
        status = part_read(zip, i, memory, &found, err);
    if (status == HY_OK)
        status = compare(&wanted, &found, err);
    else
        status = fail_in(err, HY_INTERNAL, "读回来检查没有通过 (read back)");
    if (status == HY_OK)
        status = same_again(doc, path, bytes, length, memory, err);
    zip_close(zip);
    arena_free(memory);
    return status;
}
