/* tokenizer.c - tokenizer FILE: records and fields of a CSV file by our own reader. */
#include <stdio.h>

#include "core/arena.h"
#include "ingest/reader.h"

static enum status count_all(const struct source *source, struct arena *memory,
                             struct error *err)
{
    struct read_options options = { .encoding = "utf-8" };
    const struct reader *csv = reader_named("csv");
    struct batch *batch = arena_alloc(memory, sizeof *batch);
    unsigned long long records = 0, fields = 0;
    struct grid *grid;
    enum status status;

    TRY(csv->open(&grid, source, &options, memory, err));
    batch->memory = arena_new();
    while ((status = csv->next(grid, 0, batch, err)) == HY_OK) {
        for (uint32_t i = 0; i < batch->count; i++)
            fields += batch->rows[i].count;
        records += batch->count;
        arena_reset(batch->memory);
    }
    arena_free(batch->memory);
    csv->close(grid);
    printf("%llu records, %llu fields\n", records, fields);
    return status == HY_END ? HY_OK : status;
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
