/* reader_help.h - what the reader tests share: bytes or a file in, rows out. */
#ifndef HY_READER_HELP_H
#define HY_READER_HELP_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/reader.h"

/* Every cell of a grid as text: cells joined by '|', rows ended by '\n', an
 * absent cell as '~', damage in brackets before its row. */
struct reading {
    struct arena *memory;
    struct error err;
    enum status status;
    const char *format, *text;
    size_t rows, damaged;
    uint64_t last;
};

static inline const char *reading_row(struct reading *reading, const struct row *row,
                                      const char *text)
{
    if (row->damage != NULL)
        text = arena_printf(reading->memory, "%s[%s]", text, row->damage);
    for (uint32_t i = 0; i < row->count; i++) {
        struct text cell = row->cells[i].text;

        if (row->cells[i].kind == CELL_ABSENT)
            cell = TEXT("~");
        if (text_valid(cell.at, cell.length) != cell.length)
            abort();
        text = arena_printf(reading->memory, "%s%s%.*s", text, i == 0 ? "" : "|",
                            (int)cell.length, cell.at == NULL ? "" : cell.at);
    }
    return arena_printf(reading->memory, "%s\n", text);
}

static inline void reading_sheet(struct reading *reading, const struct reader *reader,
                                 struct grid *grid, size_t sheet, bool keep)
{
    struct batch *batch = calloc(1, sizeof *batch);

    batch->memory = arena_new();
    for (;;) {
        arena_reset(batch->memory);
        reading->status = reader->next(grid, sheet, batch, &reading->err);
        if (reading->status != HY_OK)
            break;
        for (uint32_t i = 0; i < batch->count; i++) {
            reading->rows++;
            reading->damaged += batch->rows[i].damage != NULL;
            reading->last = batch->rows[i].number;
            if (keep)
                reading->text = reading_row(reading, &batch->rows[i], reading->text);
        }
    }
    arena_free(batch->memory);
    free(batch);
}

/* keep: the text is wanted, not only the counts. */
static inline struct reading read_source(const struct source *source,
                                         const struct read_options *options, bool keep)
{
    struct reading reading = { .memory = arena_new(), .text = "" };
    struct arena *file = arena_new();
    const struct reader *reader = NULL;
    const struct sheet *sheets = NULL;
    struct grid *grid = NULL;
    size_t count = 0;

    reading.status = reader_choose(source, &reader, &reading.err);
    if (reading.status == HY_OK) {
        reading.format = reader->name;
        reading.status = reader->open(&grid, source, options, file, &reading.err);
    }
    if (reading.status == HY_OK)
        reading.status = reader->sheets(grid, &sheets, &count, &reading.err);
    for (size_t i = 0; i < count; i++) {
        reading_sheet(&reading, reader, grid, i, keep);
        if (reading.status != HY_END)
            break;
        reading.status = HY_OK;
    }
    if (grid != NULL)
        reader->close(grid);
    arena_free(file);
    return reading;
}

static inline struct reading read_bytes(const void *bytes, size_t length)
{
    static const struct read_options plain = { 0 };
    /* An exact copy, so that a byte read too far is seen. */
    unsigned char *copy = malloc(length == 0 ? 1 : length);
    struct source source = { "test", copy, length };
    struct reading reading;

    memcpy(copy, bytes, length);
    reading = read_source(&source, &plain, true);
    free(copy);
    return reading;
}

static inline struct reading read_path(const char *path, bool keep)
{
    static const struct read_options plain = { 0 };
    struct source source;
    struct reading reading = { 0 };

    reading.status = source_open(&source, path, &reading.err);
    if (reading.status == HY_OK)
        reading = read_source(&source, &plain, keep);
    else
        reading.memory = arena_new();
    source_close(&source);
    return reading;
}

static inline void reading_free(struct reading *reading)
{
    arena_free(reading->memory);
}

/* cmocka's fail_msg() needs the macro fail, which our own function hides. */
#define fail_saying(...)           \
    do {                           \
        print_error(__VA_ARGS__);  \
        _fail(__FILE__, __LINE__); \
    } while (0)

/* Small files written in a test: what they read as, or the word of their refusal. */
static inline void bytes_read_as(const char *bytes, const char *format,
                                 const char *text)
{
    struct reading reading = read_bytes(bytes, strlen(bytes));

    if (reading.status != HY_OK || strcmp(reading.format, format) != 0
        || strcmp(reading.text, text) != 0)
        fail_saying("%s: %s %s\n", bytes, reading.text, reading.err.text);
    reading_free(&reading);
}

static inline void refused_bytes(const void *bytes, size_t length, const char *word)
{
    struct reading reading = read_bytes(bytes, length);

    assert_int_equal(reading.status, HY_DATA);
    if (strstr(reading.err.text, word) == NULL)
        fail_saying("no %s: %s\n", word, reading.err.text);
    reading_free(&reading);
}

#define DATA "../shared/data/"

static inline bool data_present(void)
{
    return access(DATA "MANIFEST.tsv", R_OK) == 0;
}

#endif
