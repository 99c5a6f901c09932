/* reader_fuzz.c - any bytes through every reader: no crash, no leak, valid UTF-8. */
#include <stdlib.h>

#include "ingest/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void use_rows(const struct batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++)
        for (uint32_t k = 0; k < batch->rows[i].count; k++) {
            struct text text = batch->rows[i].cells[k].text;

            if (text_valid(text.at, text.length) != text.length)
                abort();
        }
}

static void drive(const struct reader *reader, const struct source *source)
{
    static const struct read_options plain = { 0 };
    struct arena *file = arena_new();
    struct batch *batch = calloc(1, sizeof *batch);
    const struct sheet *sheets = NULL;
    struct grid *grid = NULL;
    struct error err;
    size_t count = 0;

    batch->memory = arena_new();
    if (reader->open(&grid, source, &plain, file, &err) == HY_OK
        && reader->sheets(grid, &sheets, &count, &err) == HY_OK)
        for (size_t i = 0; i < count; i++) {
            while (reader->next(grid, i, batch, &err) == HY_OK) {
                use_rows(batch);
                arena_reset(batch->memory);
            }
            arena_reset(batch->memory);
        }
    if (grid != NULL)
        reader->close(grid);
    arena_free(batch->memory);
    free(batch);
    arena_free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct source source = { "fuzz", bytes, length };
    const struct reader *chosen;
    const struct reader *const *readers;
    struct error err;
    size_t count;

    if (length == 0)
        return 0;
    (void)reader_choose(&source, &chosen, &err);
    readers = readers_all(&count);
    for (size_t i = 0; i < count; i++)
        drive(readers[i], &source);
    return 0;
}
