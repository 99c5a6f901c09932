/*
 * reader_fuzz.c - any bytes through every reader: no crash, no leak, valid UTF-8, and
 * no input slower than a second per megabyte (measured with the sanitizers on).
 *
 * HUIYIN_READER=xlsx drives that one reader alone.  What is no archive and no compound
 * file reaches the readers of those inside one (wrap.h).
 */
#include <stdio.h>
#include <time.h>

#include "ingest/covers.h"
#include "ingest/reader.h"
#include "tests/fuzz/wrap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const double SECONDS_FREE = 0.3, SECONDS_PER_BYTE = 1e-6;

static void use_rows(const struct batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++)
        for (uint32_t k = 0; k < batch->rows[i].count; k++) {
            struct text text = batch->rows[i].cells[k].text;

            if (text_valid(text.at, text.length) != text.length)
                abort();
        }
}

static void read_all(const struct reader *reader, const struct source *source)
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
            struct covers covers = { .memory = file };

            while (reader->next(grid, i, batch, &err) == HY_OK) {
                for (uint32_t k = 0; k < batch->count; k++)
                    batch->rows[k] =
                        *covers_fill(&covers, &batch->rows[k], batch->memory);
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

static struct wrapped wrap(const char *name, const uint8_t *bytes, size_t length)
{
    struct wrapped none = { NULL, 0 };

    if (length < 4 || length > WRAP_LONGEST || memcmp(bytes, "PK\3\4", 4) == 0
        || memcmp(bytes, "\xD0\xCF\x11\xE0", 4) == 0)
        return none;
    if (strcmp(name, "xlsx") == 0)
        return wrap_archive(wrap_xlsx, bytes, length);
    if (strcmp(name, "ods") == 0)
        return wrap_archive(wrap_ods, bytes, length);
    if (strcmp(name, "zip") == 0)
        return wrap_archive(wrap_zip, bytes, length);
    if (strcmp(name, "xls") == 0)
        return wrap_compound(bytes, length);
    return none;
}

static double cpu_seconds(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void drive(const struct reader *reader, const uint8_t *bytes, size_t length)
{
    struct wrapped wrapped = wrap(reader->name, bytes, length);
    struct source source = { "fuzz", bytes, length };
    double begun = cpu_seconds(), took;

    if (wrapped.bytes != NULL)
        source = (struct source){ "fuzz", wrapped.bytes, wrapped.length };
    read_all(reader, &source);
    took = cpu_seconds() - begun;
    if (took > SECONDS_FREE + SECONDS_PER_BYTE * (double)source.length) {
        (void)fprintf(stderr, "%s: %zu bytes took %.2f s\n", reader->name,
                      source.length, took);
        abort();
    }
    free(wrapped.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *wanted = getenv("HUIYIN_READER");
    struct source source = { "fuzz", bytes, length };
    const struct reader *chosen;
    const struct reader *const *readers;
    struct error err;
    size_t count;

    if (length == 0)
        return 0;
    if (wanted == NULL)
        (void)reader_choose(&source, &chosen, &err);
    readers = readers_all(&count);
    for (size_t i = 0; i < count; i++)
        if (wanted == NULL || strcmp(readers[i]->name, wanted) == 0)
            drive(readers[i], bytes, length);
    return 0;
}
