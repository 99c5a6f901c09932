/* grid.c - grid FILE: every row and filled cell of a file of any format, by our
 * readers. */
#include <stdio.h>

#include "core/arena.h"
#include "ingest/reader.h"

static enum status count_sheet(const struct reader *reader, struct grid *grid,
                               size_t sheet, struct batch *batch,
                               unsigned long long *rows, unsigned long long *cells,
                               struct error *err)
{
    enum status status;

    for (;;) {
        arena_reset(batch->memory);
        status = reader->next(grid, sheet, batch, err);
        if (status != HY_OK)
            return status == HY_END ? HY_OK : status;
        *rows += batch->count;
        for (uint32_t i = 0; i < batch->count; i++)
            for (uint32_t k = 0; k < batch->rows[i].count; k++)
                *cells += batch->rows[i].cells[k].text.length > 0;
    }
}

static enum status count_all(const struct source *source, struct arena *memory,
                             struct error *err)
{
    struct batch *batch = arena_alloc(memory, sizeof *batch);
    struct read_options options = { .encoding = NULL };
    unsigned long long rows = 0, cells = 0;
    const struct reader *reader;
    const struct sheet *sheets;
    struct grid *grid = NULL;
    enum status status;
    size_t count, i;

    TRY(reader_choose(source, &reader, err));
    batch->memory = arena_new();
    status = reader->open(&grid, source, &options, memory, err);
    if (status == HY_OK)
        status = reader->sheets(grid, &sheets, &count, err);
    for (i = 0; status == HY_OK && i < count; i++)
        status = count_sheet(reader, grid, i, batch, &rows, &cells, err);
    if (grid != NULL)
        reader->close(grid);
    arena_free(batch->memory);
    printf("%llu rows, %llu cells\n", rows, cells);
    return status;
}

int main(int count, char **words)
{
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    struct source source;
    enum status status;

    if (count != 2)
        return HY_USAGE;
    status = source_open(&source, words[1], &err);
    if (status == HY_OK) {
        status = count_all(&source, memory, &err);
        source_close(&source);
    }
    if (status != HY_OK)
        fprintf(stderr, "%s\n", err.text);
    arena_free(memory);
    return status;
}
