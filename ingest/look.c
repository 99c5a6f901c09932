/* look.c - what would be understood of a file, without a store. */
#include <string.h>

#include "ingest/load_parts.h"

enum { EXAMPLE_BYTES = 60 };

/* The first filled cell of the column, shortened. */
static const char *example_of(const struct reading *reading, size_t from,
                              uint32_t column, struct arena *memory)
{
    const struct batch *batch = reading->batch;
    uint32_t i;

    for (i = (uint32_t)from; i < batch->count; i++) {
        struct text text;

        if (column >= batch->rows[i].count)
            continue;
        text = text_trim(batch->rows[i].cells[column].text);
        if (text.length > EXAMPLE_BYTES)
            text.length = (uint32_t)text_valid(text.at, EXAMPLE_BYTES);
        if (text.length > 0)
            return text_copy(memory, text);
    }
    return "";
}

static bool uses_column(const struct bound_rule *rule, int column)
{
    size_t i, k;

    for (i = 0; i < rule->choice_count; i++)
        for (k = 0; k < rule->choices[i].count; k++)
            if (rule->choices[i].pieces[k].column == column)
                return true;
    return false;
}

static const char *field_of(const struct binding *binding, int column,
                            struct arena *memory)
{
    const char *out = NULL;
    size_t i, k;

    for (i = 0; i < binding->rule_count; i++) {
        const struct map_rule *rule = binding->rules[i].rule;

        if (!uses_column(&binding->rules[i], column))
            continue;
        for (k = 0; k < rule->target_count; k++)
            out = out == NULL ? rule->names[k]
                              : arena_printf(memory, "%s, %s", out, rule->names[k]);
    }
    return out;
}

static enum status look_columns(struct reading *reading, const struct map *map,
                                const struct header *header, struct look_sheet *sheet,
                                struct arena *memory, struct error *err)
{
    struct look_column *columns =
        arena_alloc(memory, (header->count + 1) * sizeof *columns);
    struct binding binding = { .map = NULL };
    uint32_t i;

    if (map != NULL)
        TRY(map_bind(map, header, reading->loader->words, reading->file, &binding,
                     err));
    for (i = 0; i < header->count; i++) {
        const char *field = map == NULL ? NULL : field_of(&binding, (int)i, memory);

        columns[i].title = header->columns[i].title.length == 0
                               ? arena_printf(memory, "#%u", i + 1)
                               : text_copy(memory, header->columns[i].title);
        columns[i].field = field;
        columns[i].example = example_of(reading, header->skip, i, memory);
        columns[i].confidence = field == NULL ? 0 : map->generic ? 60 : 100;
    }
    sheet->columns = columns;
    sheet->column_count = header->count;
    return HY_OK;
}

static enum status look_sheet(struct reading *reading, size_t number,
                              struct look_sheet *sheet, struct arena *memory,
                              struct error *err)
{
    const struct map *map;
    struct header header = { .row = 0 };
    const char *why;
    enum status status;

    sheet->name = text_copy(memory, text_of(reading->sheets[number].name));
    if (reading->sheets[number].member != NULL)
        sheet->name = arena_printf(memory, "%s%s%s", reading->sheets[number].member,
                                   *sheet->name != '\0' ? " " : "", sheet->name);
    status = reading_sheet(reading, number, &map, &header, &why, err);
    if (status == HY_END) {
        sheet->note = "没有数据行 (no rows)";
        return HY_OK;
    }
    if (status != HY_OK)
        return status;
    sheet->map = map == NULL ? NULL : text_copy(memory, text_of(map->name));
    sheet->note = map == NULL ? why : NULL;
    sheet->header_row = (int)header.row;
    TRY(look_columns(reading, map, &header, sheet, memory, err));
    sheet->rows = -(int64_t)header.skip;
    while (status == HY_OK) {
        sheet->rows += reading->batch->count;
        arena_reset(reading->batch->memory);
        reading->batch->count = 0;
        status = reading->reader->next(reading->grid, number, reading->batch, err);
    }
    return status == HY_END ? HY_OK : status;
}

enum status look_file(struct loader *loader, const char *path,
                      const struct load_options *options, struct arena *memory,
                      struct look_report *report, struct error *err)
{
    struct reading reading;
    struct look_sheet *sheets;
    const char *encoding = NULL;
    size_t i;
    enum status status = reading_open(&reading, loader, path, options, err);

    *report = (struct look_report){ .format = NULL };
    if (status == HY_OK) {
        report->format = reading.reader->name;
        if (reading.reader->note != NULL)
            encoding = reading.reader->note(reading.grid);
        report->encoding =
            encoding == NULL ? NULL : arena_copy(memory, encoding, strlen(encoding));
        sheets = arena_alloc(memory, (reading.sheet_count + 1) * sizeof *sheets);
        report->sheets = sheets;
        for (i = 0; i < reading.sheet_count && status == HY_OK; i++)
            if (sheet_wanted(&reading, i))
                status = look_sheet(&reading, i, &sheets[report->sheet_count++], memory,
                                    err);
    }
    reading_close(&reading);
    return status == HY_OK ? status : fail_in(err, status, path);
}
