/* tokenizer.c - tokenizer FILE: records and fields of a UTF-8 CSV file, cells made. */
#include <stdio.h>

#include "core/arena.h"
#include "ingest/reader_csv.h"

static void count_all(const struct source *source, struct arena *memory)
{
    const char *at = (const char *)source->bytes, *end = at + source->length;
    struct csv_scan scan = { .at = at, .end = end, .line = 1, .file = memory };
    unsigned long long records = 0, fields = 0;
    struct arena *batch = arena_new();
    struct row row;

    scan.form = csv_sniff(at, end);
    csv_look_ahead(&scan, CSV_AVX512);
    while (csv_record(&scan, batch, &row)) {
        fields += row.count;
        if (++records % BATCH_ROWS == 0)
            arena_reset(batch);
    }
    arena_free(batch);
    printf("%llu records, %llu fields\n", records, fields);
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
        count_all(&source, memory);
        source_close(&source);
    }
    if (status != HY_OK)
        fprintf(stderr, "%s\n", err.text);
    arena_free(memory);
    return status;
}
