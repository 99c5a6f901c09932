/* reader_xlsx.c - workbooks (.xlsx, .xlsm): sheets, rows and typed cells.
 *
 * Real dates come as DATE or DATETIME by their number format; a time without a
 * day or an elapsed time comes as TEXT "HH:MM:SS".  Formulas give their stored
 * value.  Shared strings live in the file arena, all other cells in the batch.
 */
#include "ingest/reader_xlsx.h"

#include <string.h>
#include <strings.h>

struct grid {
    struct xlsx_book book;
    struct xlsx_stream *stream;
    size_t streamed; /* sheet of the stream */
    bool merges_known, finished;
};

static int xlsx_probe(const struct source *source)
{
    struct zip *zip = NULL;
    struct error ignored;
    enum status status;
    int sure = 0;

    if (source->length < 4 || memcmp(source->bytes, "PK\x03\x04", 4) != 0)
        return 0;
    status = zip_open(&zip, source->bytes, source->length, &ignored);
    if (status != HY_OK)
        return status == HY_MEMORY ? PROBE_STARVED : 0;
    for (size_t i = 0; i < zip_count(zip); i++) {
        const char *name = zip_member(zip, i)->name;
        size_t length = strlen(name);

        if (strcasecmp(name, "xl/workbook.xml") == 0)
            sure = 100;
        else if (length >= 12 && strcasecmp(name + length - 12, "workbook.xml") == 0
                 && (length == 12 || name[length - 13] == '/')
                 && zip_find(zip, "[Content_Types].xml") >= 0)
            sure = 100;
    }
    zip_close(zip);
    return sure;
}

static void xlsx_close(struct grid *grid)
{
    if (grid == NULL)
        return;
    xlsx_stream_close(grid->stream);
    grid->stream = NULL;
    zip_close(grid->book.zip);
    grid->book.zip = NULL;
}

static enum status xlsx_open(struct grid **out, const struct source *source,
                             const struct read_options *options, struct arena *file,
                             struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    enum status status;

    *out = NULL;
    grid->book.file = file;
    grid->book.keep_blank = options->keep_blank;
    status = zip_open(&grid->book.zip, source->bytes, source->length, err);
    if (status == HY_OK)
        status = xlsx_read_book(&grid->book, err);
    if (status == HY_OK)
        *out = grid;
    else
        xlsx_close(grid);
    return status;
}

static enum status xlsx_sheets(struct grid *grid, const struct sheet **sheets,
                               size_t *count, struct error *err)
{
    if (!grid->merges_known) {
        xlsx_stream_close(grid->stream);
        grid->stream = NULL;
        TRY(xlsx_read_merges(&grid->book, err));
        grid->merges_known = true;
    }
    *sheets = grid->book.sheets;
    *count = grid->book.sheet_count;
    return HY_OK;
}

static enum status xlsx_next(struct grid *grid, size_t sheet, struct batch *batch,
                             struct error *err)
{
    enum status status;

    batch->count = 0;
    if (sheet >= grid->book.sheet_count)
        return HY_END;
    if (grid->stream == NULL || grid->streamed != sheet) {
        if (grid->finished && grid->streamed == sheet)
            return HY_END;
        xlsx_stream_close(grid->stream);
        grid->stream = NULL;
        grid->finished = false;
        TRY(xlsx_stream_open(&grid->stream, &grid->book, sheet, err));
        grid->streamed = sheet;
    }
    status = xlsx_stream_next(grid->stream, batch, err);
    if (status == HY_END) {
        xlsx_stream_close(grid->stream);
        grid->stream = NULL;
        grid->finished = true;
    }
    return status;
}

const struct reader reader_xlsx = {
    .name = "xlsx",
    .summary = "Excel/WPS 工作簿（.xlsx、.xlsm）",
    .probe = xlsx_probe,
    .open = xlsx_open,
    .sheets = xlsx_sheets,
    .next = xlsx_next,
    .close = xlsx_close,
};
