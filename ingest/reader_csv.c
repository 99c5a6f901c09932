/* reader_csv.c - CSV, TSV and their kin: any encoding, delimiter and line end.
 *
 * row.number is the first physical line of the record.  Rows of different width
 * are no error here.  damage: "column_count" (a quote that does not close, or
 * over 4096 columns), "too_long" (a cell over 1 MiB, cut), "bad_encoding" (bytes
 * that could not be decoded stand in it as U+FFFD).
 */
#include "ingest/reader_csv.h"

#include <string.h>
#include <strings.h>

enum {
    PROBE_BYTES = 64 * 1024,
    BATCH_CELLS = 1 << 18 /* a batch ends early when its rows are very wide */
};

struct grid {
    struct csv_scan scan;
    struct sheet sheet;
    const char *note;
    bool keep_blank, some_bad;
};

/* Bytes no text has, in a thousand: NUL and most controls. */
static bool looks_like_text(const unsigned char *bytes, size_t length)
{
    size_t strange = 0;

    for (size_t i = 0; i < length; i++)
        strange += bytes[i] < 0x20
                       ? bytes[i] < '\t' || (bytes[i] > '\r' && bytes[i] != 0x1A)
                       : bytes[i] == 0x7F;
    return strange <= length / 1000;
}

static bool has_delimiter(const unsigned char *bytes, size_t length)
{
    return memchr(bytes, ',', length) != NULL || memchr(bytes, '\t', length) != NULL
           || memchr(bytes, ';', length) != NULL || memchr(bytes, '|', length) != NULL
           || memmem(bytes, length, "\xEF\xBC\x8C", 3) != NULL;
}

static int csv_probe(const struct source *source)
{
    size_t bom, length = source->length < PROBE_BYTES ? source->length : PROBE_BYTES;
    enum encoding encoding = encoding_detect(source->bytes, source->length, &bom);

    switch (encoding) {
    case ENCODING_UTF16LE:
    case ENCODING_UTF16BE:
    case ENCODING_UTF32LE:
    case ENCODING_UTF32BE:
        return 50;
    case ENCODING_UNKNOWN:
        return looks_like_text(source->bytes, length) ? 5 : 0;
    case ENCODING_UTF8:
    case ENCODING_GB18030:
    case ENCODING_BIG5:
        break;
    }
    if (!looks_like_text(source->bytes, length))
        return 0;
    return has_delimiter(source->bytes, length) ? 50 : 20;
}

static enum status decode(struct grid *grid, const struct source *source,
                          const struct read_options *options, struct arena *file,
                          struct text *text, struct error *err)
{
    size_t bom = 0, bad = 0;
    enum encoding encoding = encoding_detect(source->bytes, source->length, &bom);

    if (options->encoding != NULL) {
        enum encoding asked = encoding_named(options->encoding);

        if (asked == ENCODING_UNKNOWN)
            return fail(err, HY_USAGE,
                        "不认识的编码 %.40s：可用 utf-8、gbk、gb18030、big5、utf-16le、"
                        "utf-16be",
                        options->encoding);
        if (asked != encoding)
            bom = 0;
        encoding = asked;
    }
    if (encoding == ENCODING_UNKNOWN)
        return fail(
            err, HY_DATA,
            "看不出文字编码（不像 UTF-8、GB18030、Big5）：请用 --encoding 指明，"
            "或用 WPS/记事本另存为 UTF-8");
    TRY(encoding_decode(encoding, source->bytes + bom, source->length - bom, file, text,
                        &bad, err));
    grid->some_bad = bad > 0;
    grid->note = encoding_name(encoding);
    if (bad > 0)
        grid->note = arena_printf(file, "%s（%zu 处坏字节）", grid->note, bad);
    return HY_OK;
}

/* Excel's own hint, "sep=;", when it is the whole first line. */
static bool take_sep_line(struct csv_scan *scan)
{
    const char *at = scan->at;

    if (scan->end - at < 6 || strncasecmp(at, "sep=", 4) != 0 || at[4] < ' '
        || (at[5] != '\r' && at[5] != '\n'))
        return false;
    scan->form.delimiter[0] = at[4];
    scan->form.delimiter_length = 1;
    scan->at = at + (at[5] == '\r' && scan->end - at > 6 && at[6] == '\n' ? 7 : 6);
    scan->line = 2;
    return true;
}

static enum status csv_open(struct grid **out, const struct source *source,
                            const struct read_options *options, struct arena *file,
                            struct error *err)
{
    struct grid *grid = arena_alloc(file, sizeof *grid);
    struct text text = { 0 };

    *out = NULL;
    TRY(decode(grid, source, options, file, &text, err));
    if (text.length > 0 && text.at[text.length - 1] == 0x1A)
        text.length--; /* Ctrl-Z: how DOS ended a file */
    grid->scan = (struct csv_scan){
        .at = text.at, .end = text.at + text.length, .line = 1, .file = file
    };
    grid->scan.form = csv_sniff(text.at, grid->scan.end);
    if (!take_sep_line(&grid->scan) && options->delimiter != '\0') {
        grid->scan.form.delimiter[0] = options->delimiter;
        grid->scan.form.delimiter_length = 1;
    }
    csv_look_ahead(&grid->scan, CSV_AVX512);
    grid->sheet.name = "";
    grid->keep_blank = options->keep_blank;
    *out = grid;
    return HY_OK;
}

static enum status csv_sheets(struct grid *grid, const struct sheet **sheets,
                              size_t *count, struct error *err)
{
    (void)err;
    *sheets = &grid->sheet;
    *count = 1;
    return HY_OK;
}

static bool is_blank(const struct row *row)
{
    for (uint32_t i = 0; i < row->count; i++)
        if (text_trim(row->cells[i].text).length > 0)
            return false;
    return true;
}

/* The cells of a row in which a formula of one text may stand. */
static void show_cells(struct cell *cells, const struct row *row)
{
    const char *at = row->raw.at, *end = at + row->raw.length;

    while ((at = memchr(at, '=', (size_t)(end - at))) != NULL && ++at < end)
        if (*at == '"')
            break;
    if (at == NULL || at >= end)
        return;
    for (uint32_t i = 0; i < row->count; i++)
        cells[i].text = cell_shown(cells[i].text);
}

static enum status csv_next(struct grid *grid, size_t sheet, struct batch *batch,
                            struct error *err)
{
    size_t cells = 0;

    (void)err;
    batch->sheet = (uint32_t)sheet;
    batch->count = 0;
    while (batch->count < BATCH_ROWS && cells < BATCH_CELLS) {
        struct row *row = &batch->rows[batch->count];
        struct cell *copy;

        if (!csv_record(&grid->scan, batch->memory, row))
            break;
        if (!grid->keep_blank && is_blank(row))
            continue;
        copy =
            (struct cell *)(void *)arena_copy(batch->memory, (const char *)row->cells,
                                              row->count * sizeof *copy);
        show_cells(copy, row);
        row->cells = copy;
        cells += row->count;
        if (grid->some_bad && row->damage == NULL
            && memmem(row->raw.at, row->raw.length, "\xEF\xBF\xBD", 3) != NULL)
            row->damage = "bad_encoding";
        batch->count++;
    }
    return batch->count == 0 ? HY_END : HY_OK;
}

static void csv_close(struct grid *grid)
{
    (void)grid; /* all of it lives in the file's arena */
}

static const char *csv_note(const struct grid *grid)
{
    return grid->note;
}

const struct reader reader_csv = {
    .name = "csv",
    .summary = "CSV、TSV：逗号、制表符、分号、竖线分隔的文字",
    .probe = csv_probe,
    .open = csv_open,
    .sheets = csv_sheets,
    .next = csv_next,
    .close = csv_close,
    .note = csv_note,
};
