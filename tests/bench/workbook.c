/* workbook.c - workbook FILE.csv FILE.xlsx: the same cells as a workbook of texts. */
#include <stdio.h>
#include <string.h>
#include <xlsxwriter.h>

#include "core/arena.h"
#include "ingest/reader_csv.h"

static lxw_error copy_all(const struct source *source, const char *path,
                          struct arena *memory)
{
    const char *at = (const char *)source->bytes;
    struct csv_scan scan = {
        .at = at, .end = at + source->length, .line = 1, .file = memory
    };
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    struct arena *batch = arena_new();
    struct row row;

    scan.form = csv_sniff(at, scan.end);
    for (lxw_row_t r = 0; csv_record(&scan, batch, &row); r++) {
        for (uint32_t i = 0; i < row.count; i++) {
            struct text text = row.cells[i].text;

            if (text.length > 0)
                worksheet_write_string(sheet, r, (lxw_col_t)i,
                                       arena_copy(batch, text.at, text.length), NULL);
        }
        arena_reset(batch);
    }
    arena_free(batch);
    return workbook_close(book);
}

int main(int count, char **words)
{
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    struct source source;
    enum status status;

    if (count != 3)
        return HY_USAGE;
    status = source_open(&source, words[1], &err);
    if (status == HY_OK) {
        if (copy_all(&source, words[2], memory) != LXW_NO_ERROR)
            status = HY_IO;
        source_close(&source);
    }
    arena_free(memory);
    return status;
}
