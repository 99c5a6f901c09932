/*
 * reader_xml2003.c - XML spreadsheets of Excel 2003, often exported as ".xls":
 * Workbook / Worksheet / Table / Row / Cell / Data.
 *
 * Dates are written in full in the cell; the number format says whether a
 * midnight is a date only.  Comments on a cell are not its text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/calendar.h"
#include "ingest/reader_xlsx.h"
#include "ingest/xml_rows.h"

enum { STYLES_MOST = 4096, PROBE_BYTES = 4096, GAP_MOST = 1 << 20 };

struct grid {
    struct xml_rows rows;
    const char *note;
    /* styles by name; the default is index 0 */
    struct xlsx_book book;
    const char *style_names[STYLES_MOST];
    unsigned char formats[STYLES_MOST];
    size_t styling; /* the style being described */
    bool in_cell, in_data, in_comment;
    size_t style;
    long across;
    char type[12];
};

static long number_of(const char **attributes, const char *name, long absent)
{
    const char *value = xml_attribute(attributes, name);
    long number = value != NULL ? strtol(value, NULL, 10) : absent;

    return number < 0 ? absent : number;
}

static enum xlsx_format format_of(const char *name)
{
    static const struct {
        const char *name;
        enum xlsx_format format;
    } named[] = {
        { "General Date", XLSX_DATE_TIME }, { "Long Date", XLSX_DATE },
        { "Medium Date", XLSX_DATE },       { "Short Date", XLSX_DATE },
        { "Long Time", XLSX_TIME },         { "Medium Time", XLSX_TIME },
        { "Short Time", XLSX_TIME },        { "Fixed", XLSX_PLAIN },
        { "Standard", XLSX_PLAIN },         { "Percent", XLSX_PLAIN },
        { "Scientific", XLSX_PLAIN },       { "Currency", XLSX_PLAIN },
        { "Euro Currency", XLSX_PLAIN },    { "General Number", XLSX_PLAIN },
        { "Yes/No", XLSX_PLAIN },           { "True/False", XLSX_PLAIN },
        { "On/Off", XLSX_PLAIN },
    };

    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strcasecmp(named[i].name, name) == 0)
            return named[i].format;
    return xlsx_format_code(name);
}

static void note_style(struct grid *grid, const char *name, const char **attributes)
{
    const char *value;

    if (strcmp(name, "Style") == 0) {
        value = xml_attribute(attributes, "ID");
        grid->styling = 0;
        if (value == NULL || grid->book.styles.count == STYLES_MOST)
            return;
        grid->styling = grid->book.styles.count++;
        grid->style_names[grid->styling] =
            arena_copy(grid->rows.memory, value, strlen(value));
    } else if (strcmp(name, "NumberFormat") == 0 && grid->styling > 0) {
        value = xml_attribute(attributes, "Format");
        if (value != NULL)
            grid->formats[grid->styling] = (unsigned char)format_of(value);
    }
}

static size_t style_of(const struct grid *grid, const char *name)
{
    for (size_t i = 1; name != NULL && i < grid->book.styles.count; i++)
        if (strcmp(grid->style_names[i], name) == 0)
            return i;
    return 0;
}

/* Rows and cells may name their place; what is left out is empty. */
static enum status begin_row(struct grid *grid, const char **attributes,
                             struct error *err)
{
    struct xml_rows *rows = &grid->rows;
    long index = number_of(attributes, "Index", 0);

    if (index > GAP_MOST)
        return fail(err, HY_DATA, "有一行的行号写着 %ld，超过 %d，不予读取", index,
                    GAP_MOST);
    if (index > 0 && (uint64_t)index > rows->number)
        rows->number = (uint64_t)index - 1;
    xml_rows_begin(rows, number_of(attributes, "Hidden", 0) == 1);
    return HY_OK;
}

static void begin_cell(struct grid *grid, const char **attributes)
{
    struct xml_rows *rows = &grid->rows;
    long index = number_of(attributes, "Index", 0);
    struct cell empty = { TEXT(""), CELL_TEXT, 0 };

    if (index > (long)rows->columns + 1)
        xml_rows_cell(rows, empty, index - 1 - (long)rows->columns);
    if (index > XML_COLUMNS_MOST)
        rows->damage = "column_count";
    grid->across = number_of(attributes, "MergeAcross", 0);
    xml_rows_merge(rows, grid->across, number_of(attributes, "MergeDown", 0));
    xml_rows_text_clear(rows);
    grid->in_cell = true;
    grid->style = style_of(grid, xml_attribute(attributes, "StyleID"));
    grid->type[0] = '\0';
}

/* The number Excel holds for what is written in full: days since 1899-12-31, one more
 * from March 1900 on for the 29 February it believes in.  LibreOffice counts from the
 * day before, so a time without a day lies in either of the two, and may have more than
 * 24 hours. */
static bool serial_of(struct text text, double *serial)
{
    int year, month, day, hour, minute;
    char copy[40];
    double second;

    if (text.length < 19 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    if (sscanf(copy, "%4d-%2d-%2dT%7d:%2d:%lf", &year, &month, &day, &hour, &minute,
               &second)
            != 6
        || !day_valid(year, month, day) || hour < 0 || minute < 0 || minute > 59
        || !(second >= 0.0 && second < 60.0))
        return false;
    day = day_of(year, month, day) - day_of(1899, 12, 31);
    day += day >= 60;
    *serial =
        (day < 0 ? 0 : day) + (hour * 3600.0 + minute * 60 + second) / DAY_SECONDS;
    return true;
}

static struct cell date_cell(struct grid *grid, struct text text)
{
    enum xlsx_format format = (enum xlsx_format)grid->formats[grid->style];
    struct arena *memory = grid->rows.batch->memory;
    struct cell cell = { text, CELL_TEXT, 0 };
    bool date_only;
    double serial;

    if ((format == XLSX_TIME || format == XLSX_ELAPSED
         || (text.length >= 9 && memcmp(text.at, "1899-12-3", 9) == 0))
        && serial_of(text, &serial))
        return xlsx_time(serial, false, memory);
    if (!xlsx_moment(text, &cell.time, &date_only)
        && (!serial_of(text, &serial)
            || !date_serial(serial, false, &cell.time, &date_only)))
        return cell;
    date_only |=
        grid->formats[grid->style] == XLSX_DATE && cell.time % DAY_SECONDS == 0;
    return xlsx_day_time(cell.time, date_only, memory);
}

static struct cell typed_cell(struct grid *grid)
{
    struct xml_rows *rows = &grid->rows;
    struct text text = { rows->text != NULL ? rows->text : "",
                         (uint32_t)rows->text_length };
    const char *kind = "str";

    if (text.length == 0)
        return (struct cell){ TEXT(""), CELL_TEXT, 0 };
    if (strcmp(grid->type, "DateTime") == 0)
        return date_cell(grid, text);
    if (strcmp(grid->type, "String") == 0 || grid->type[0] == '\0')
        return (struct cell){ text, CELL_TEXT, 0 };
    if (strcmp(grid->type, "Number") == 0)
        kind = "n";
    else if (strcmp(grid->type, "Boolean") == 0)
        kind = "b";
    else if (strcmp(grid->type, "Error") == 0)
        kind = "e";
    return xlsx_cell(&grid->book, kind, grid->style, text, rows->batch->memory,
                     &rows->damage);
}

static void end_cell(struct grid *grid)
{
    struct cell empty = { TEXT(""), CELL_TEXT, 0 };

    grid->in_cell = grid->in_data = grid->in_comment = false;
    xml_rows_cell(&grid->rows, grid->rows.listing ? empty : typed_cell(grid), 1);
    if (grid->across > 0)
        xml_rows_cell(&grid->rows, empty, grid->across);
}

static void begin_data(struct grid *grid, const char **attributes)
{
    const char *type = xml_attribute(attributes, "Type");

    grid->in_data = true;
    if (type != NULL && strlen(type) < sizeof grid->type)
        memcpy(grid->type, type, strlen(type) + 1);
}

static enum status on_start(void *self, const char *name, const char **attributes,
                            struct error *err)
{
    struct grid *grid = self;

    if (strcmp(name, "Worksheet") == 0) {
        grid->in_cell = grid->in_data = grid->in_comment = false;
        return xml_rows_table(&grid->rows, xml_attribute(attributes, "Name"), false,
                              err);
    }
    if (grid->rows.listing && grid->rows.table < 0)
        note_style(grid, name, attributes);
    if (!xml_rows_inside(&grid->rows))
        return HY_OK;
    if (!grid->in_cell && strcmp(name, "Row") == 0)
        return begin_row(grid, attributes, err);
    if (!grid->in_cell && strcmp(name, "Cell") == 0)
        begin_cell(grid, attributes);
    else if (grid->in_cell && strcmp(name, "Comment") == 0)
        grid->in_comment = true;
    else if (grid->in_cell && !grid->in_comment && strcmp(name, "Data") == 0)
        begin_data(grid, attributes);
    return HY_OK;
}

static enum status on_end(void *self, const char *name, struct error *err)
{
    struct grid *grid = self;

    if (strcmp(name, "Worksheet") == 0)
        return xml_rows_table_end(&grid->rows);
    if (!xml_rows_inside(&grid->rows))
        return HY_OK;
    if (strcmp(name, "Comment") == 0)
        grid->in_comment = false;
    else if (strcmp(name, "Data") == 0 && !grid->in_comment)
        grid->in_data = false;
    else if (strcmp(name, "Cell") == 0 && grid->in_cell)
        end_cell(grid);
    else if (strcmp(name, "Row") == 0)
        return xml_rows_end(&grid->rows, 1, err);
    return HY_OK;
}

static enum status on_text(void *self, const char *text, size_t length,
                           struct error *err)
{
    struct grid *grid = self;

    (void)err;
    if (grid->in_data && xml_rows_inside(&grid->rows))
        xml_rows_text(&grid->rows, text, length);
    return HY_OK;
}

static bool holds(const struct source *source, const char *words)
{
    size_t length = source->length < PROBE_BYTES ? source->length : PROBE_BYTES;

    /* A long DOCTYPE must not hide what it is: the page reader would take it. */
    if (length == PROBE_BYTES && memmem(source->bytes, length, "<!DOCTYPE", 9) != NULL)
        length = source->length;
    return memmem(source->bytes, length, words, strlen(words)) != NULL;
}

static int probe(const struct source *source)
{
    size_t i = 0;

    if (source->length > 3 && memcmp(source->bytes, "\xEF\xBB\xBF", 3) == 0)
        i = 3;
    while (i < source->length
           && (source->bytes[i] == ' '
               || (source->bytes[i] >= '\t' && source->bytes[i] <= '\r')))
        i++;
    return i < source->length && source->bytes[i] == '<'
                   && holds(source, "urn:schemas-microsoft-com:office:spreadsheet")
                   && holds(source, "Workbook")
               ? 100
               : 0;
}

/* The parser knows UTF-8 and UTF-16: GBK is decoded first, and the declaration
 * that names it left out. */
static enum status decode(struct grid *grid, const struct source *source,
                          const struct read_options *options, struct error *err)
{
    struct xml_rows *rows = &grid->rows;
    enum encoding encoding = ENCODING_UTF8;
    size_t bom = 0, bad;
    const char *end;

    if (options->encoding != NULL)
        encoding = encoding_named(options->encoding);
    else
        encoding = encoding_detect(source->bytes, source->length, &bom);
    if (encoding == ENCODING_UNKNOWN)
        return fail(err, HY_DATA, "看不出文字编码：请用 --encoding 指明，例如 gb18030");
    grid->note = encoding_name(encoding);
    TRY(encoding_decode(encoding, source->bytes + bom, source->length - bom,
                        rows->memory, &rows->all, &bad, err));
    while (
        rows->all.length > 0
        && (*rows->all.at == ' ' || (*rows->all.at >= '\t' && *rows->all.at <= '\r'))) {
        rows->all.at++; /* some exporters begin with a line break: not XML */
        rows->all.length--;
    }
    if (rows->all.length < 6 || memcmp(rows->all.at, "<?xml", 5) != 0)
        return HY_OK;
    end = memmem(rows->all.at, rows->all.length, "?>", 2);
    if (end == NULL)
        return fail(err, HY_DATA, "XML 开头不完整：文件已损坏，请重新导出");
    end += 2;
    rows->all.length -= (uint32_t)(end - rows->all.at);
    rows->all.at = end;
    return HY_OK;
}

static void close_xml(struct grid *grid)
{
    if (grid != NULL)
        xml_rows_close(&grid->rows);
}

static enum status open_xml(struct grid **out, const struct source *source,
                            const struct read_options *options, struct arena *file,
                            struct error *err)
{
    static const struct xml_events events = { on_start, on_end, on_text };
    struct grid *grid = arena_alloc(file, sizeof *grid);
    enum status status;

    *out = NULL;
    grid->rows.memory = grid->book.file = file;
    grid->rows.events = &events;
    grid->rows.self = grid;
    grid->book.styles.formats = grid->formats;
    grid->book.styles.count = 1;
    status = decode(grid, source, options, err);
    if (status == HY_OK)
        status = xml_rows_list(&grid->rows, err);
    if (status == HY_OK && grid->rows.count == 0)
        status = fail(err, HY_DATA, "里面没有工作表：请从原系统导出 .xlsx 或 .csv");
    if (status == HY_OK)
        *out = grid;
    else
        close_xml(grid);
    return status;
}

static enum status sheets(struct grid *grid, const struct sheet **list, size_t *count,
                          struct error *err)
{
    (void)err;
    *list = grid->rows.sheets;
    *count = grid->rows.count;
    return HY_OK;
}

static enum status next_rows(struct grid *grid, size_t sheet, struct batch *batch,
                             struct error *err)
{
    return xml_rows_next(&grid->rows, sheet, batch, err);
}

static const char *note(const struct grid *grid)
{
    return grid->note;
}

const struct reader reader_xml2003 = {
    .name = "xml2003",
    .summary = "XML 表格 2003（常见于 .xls 导出）",
    .probe = probe,
    .open = open_xml,
    .sheets = sheets,
    .next = next_rows,
    .close = close_xml,
    .note = note,
};
