/*
 * load_mended.c - 退回待补.xlsx come back: rejected rows that a person has mended.
 *
 * Such a sheet has one row of titles: those of the rows' own sheet ("parent / child"
 * joined), behind them the number of each reject, why it was rejected and the map that
 * read it.  It is read by that map, so the rows come into the same number space as if
 * their file had been right; the number retires the reject.
 */
#include <string.h>

#include "ingest/load_parts.h"

static int column_titled(const struct row *row, const char *title)
{
    uint32_t i;

    for (i = 0; i < row->count; i++)
        if (text_equal(text_trim(row->cells[i].text), text_of(title)))
            return (int)i;
    return -1;
}

static const char *map_said(const struct batch *batch, int column, struct arena *memory)
{
    uint32_t i;

    for (i = 1; i < batch->count; i++) {
        const struct row *row = &batch->rows[i];
        struct text text = { "", 0 };

        if ((uint32_t)column < row->count)
            text = text_trim(row->cells[column].text);
        if (text.length > 0)
            return text_copy(memory, text);
    }
    return NULL;
}

/* "完成 / 日期" was two cells, one over the other. */
static void part_titles(struct header *header, struct arena *memory)
{
    uint32_t i;

    for (i = 0; i < header->count; i++) {
        struct title_column *column = &header->columns[i];
        const char *slash = memmem(column->title.at, column->title.length, " / ", 3);
        uint32_t before;

        if (slash == NULL)
            continue;
        before = (uint32_t)(slash - column->title.at);
        column->shown[0] = (struct text){ column->title.at, before };
        column->shown[1] =
            (struct text){ slash + 3, column->title.length - before - 3 };
        column->child = text_fold_title(column->shown[1], memory);
    }
}

static bool titles_of(const struct reading *reading, size_t sheet, uint32_t columns,
                      struct header *header)
{
    const struct batch *batch = reading->batch;
    struct header_wish wish = { .row = (int)batch->rows[0].number, .rows = 1 };

    if (!header_find(batch->rows, batch->count, &reading->sheets[sheet],
                     reading->loader->words, &wish, reading->file, header))
        return false;
    if (header->count > columns)
        header->count = columns;
    part_titles(header, reading->file);
    return true;
}

bool mended_sheet(struct reading *reading, size_t sheet, const struct map **map,
                  struct header *header, const char **why)
{
    const struct batch *batch = reading->batch;
    const struct map *made;
    const char *name;
    int number, said;

    reading->mended_column = -1;
    if (batch->count == 0)
        return false;
    number = column_titled(&batch->rows[0], MENDED_NUMBER);
    said = column_titled(&batch->rows[0], MENDED_MAP);
    if (number < 1 || said < 1)
        return false;
    name = map_said(batch, said, reading->file);
    if (name == NULL || !titles_of(reading, sheet, (uint32_t)number, header)) {
        *why = "退回待补的表里没有行 (no rows came back)";
        return true;
    }
    *map = map_named(&reading->loader->maps, name);
    if (*map == NULL) {
        made = map_generic(header, NULL, reading->loader->words, reading->file);
        *map = made != NULL && strcmp(made->name, name) == 0 ? made : NULL;
    }
    if (*map == NULL)
        *why =
            arena_printf(reading->file,
                         "退回待补的表要用对照表“%.60s”，这里没有 (no such map)", name);
    reading->mended_column = number;
    return true;
}

struct text mended_titles(const struct header *header, struct arena *memory)
{
    struct cell *cells = arena_alloc(memory, (header->count + 1) * sizeof *cells);
    struct row row = { .count = header->row == 0 ? 0 : header->count, .cells = cells };
    uint32_t i;

    for (i = 0; i < row.count; i++)
        cells[i].text = header->columns[i].title;
    return row_json(&row, memory);
}
