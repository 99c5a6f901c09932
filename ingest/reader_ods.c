/*
 * reader_ods.c - OpenDocument sheets (.ods) and their flat form (.fods).
 *
 * Repeat counts are honoured for cells that hold something and bounded; empty
 * repeats cost nothing.  The text of a cell is that of its own paragraphs, not of
 * notes and drawings on it.  A date with midnight is written without a time by
 * OpenDocument itself, so it comes as DATE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "ingest/reader_xlsx.h"
#include "ingest/xml_rows.h"

enum { STYLES_MOST = 64, PROBE_BYTES = 4096, MANIFEST_LARGEST = 1 << 20 };
static const double SECONDS_MOST = 1e6 * DAY_SECONDS; /* as far as .xlsx counts days */

struct grid {
    struct xml_rows rows;
    struct xlsx_book plain;                 /* shows numbers as .xlsx does */
    const char *hidden_styles[STYLES_MOST]; /* table styles that hide a sheet */
    size_t hidden_count;
    const char *style; /* being described */
    int inside;        /* elements open from the cell inwards, itself the first */
    int note_depth;    /* of notes */
    long paragraphs, row_repeat, cell_repeat;
    bool in_paragraph, computed; /* a number or a formula: it may be in error */
    struct cell cell;            /* text absent: what is written in the cell */
};

static long count_of(const char **attributes, const char *name)
{
    const char *value = xml_attribute(attributes, name);
    long count = value != NULL ? strtol(value, NULL, 10) : 1;

    return count < 1 ? 1 : count;
}

static struct arena *memory_of(struct grid *grid)
{
    return grid->rows.batch->memory;
}

static void take_date(struct grid *grid, const char *value)
{
    bool date_only;
    long hours, minutes;
    double seconds;

    /* The first day of the sheet is none: a time alone, in the format of a date. */
    if (sscanf(value, "1899-12-30T%2ld:%2ld:%lf", &hours, &minutes, &seconds) == 3
        && hours >= 0 && minutes >= 0 && seconds >= 0.0 && seconds < 60.0) {
        grid->cell = xlsx_time(((double)hours * 3600 + (double)minutes * 60 + seconds)
                                   / DAY_SECONDS,
                               false, memory_of(grid));
        return;
    }
    if (!xlsx_moment(text_of(value), &grid->cell.time, &date_only)) {
        /* Out of the years of tickets: still as it stands in the file, not as the
         * cell shows it, which may leave the time or the century out. */
        char *text = arena_copy(memory_of(grid), value, strlen(value));

        if (strlen(text) >= 19 && text[10] == 'T')
            text[10] = ' ';
        grid->cell.text = text_of(text);
        return;
    }
    grid->cell = xlsx_day_time(grid->cell.time, date_only, memory_of(grid));
}

/* A length of time, "P1DT08H30M00.5S"; months and years are none. */
static bool take_length(const char *at, double *seconds)
{
    static const struct {
        char unit;
        bool behind_t;
        double seconds;
    } units[] = { { 'D', false, DAY_SECONDS },
                  { 'H', true, 3600 },
                  { 'M', true, 60 },
                  { 'S', true, 1 } };
    bool behind_t = false;
    size_t i = 0;

    if (*at++ != 'P')
        return false;
    for (*seconds = 0; *at != '\0';) {
        char *end;
        double amount;

        if (*at == 'T' && !behind_t) {
            behind_t = true;
            at++;
            continue;
        }
        amount = strtod(at, &end);
        while (i < 4 && (units[i].unit != *end || units[i].behind_t != behind_t))
            i++;
        if (end == at || i == 4 || !(amount >= 0.0 && amount < SECONDS_MOST))
            return false;
        *seconds += amount * units[i++].seconds;
        at = end + 1;
    }
    return *seconds < SECONDS_MOST;
}

/* As .xlsx shows a time of day.  A moment of which the cell shows the time only is
 * stored as the length of time since the first day of the sheet. */
static void take_time(struct grid *grid, const char *value)
{
    double seconds;

    if (take_length(value, &seconds))
        grid->cell =
            xlsx_time(seconds / DAY_SECONDS, grid->plain.date1904, memory_of(grid));
}

static void take_number(struct grid *grid, const char *value)
{
    const char *damage = NULL, *kept = value;

    kept = arena_copy(memory_of(grid), value, strlen(value));
    grid->cell =
        xlsx_cell(&grid->plain, "n", 0, text_of(kept), memory_of(grid), &damage);
}

static const char *value_type(const char **attributes)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], "calcext:value-type") == 0
            && strcmp(attributes[i + 1], "error") == 0)
            return "error";
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(attributes[i], "office:value-type") == 0)
            return attributes[i + 1];
    return xml_attribute(attributes, "value-type");
}

static void take_value(struct grid *grid, const char **attributes)
{
    static const char *const numbers[] = { "float", "percentage", "currency" };
    const char *type = value_type(attributes), *value;

    if (type == NULL)
        return;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(type, numbers[i]) == 0
            && (value = xml_attribute(attributes, "value")) != NULL) {
            take_number(grid, value);
            grid->computed = true;
        }
    if (strcmp(type, "boolean") == 0) {
        value = xml_attribute(attributes, "boolean-value");
        grid->cell.kind = CELL_BOOL;
        grid->cell.text =
            value != NULL && strcmp(value, "true") == 0 ? TEXT("TRUE") : TEXT("FALSE");
    } else if (strcmp(type, "error") == 0) {
        grid->cell.kind = CELL_ERROR;
    } else if (strcmp(type, "date") == 0) {
        value = xml_attribute(attributes, "date-value");
        if (value != NULL)
            take_date(grid, value);
    } else if (strcmp(type, "time") == 0) {
        value = xml_attribute(attributes, "time-value");
        if (value != NULL)
            take_time(grid, value);
    } else if (strcmp(type, "string") == 0) {
        value = xml_attribute(attributes, "string-value");
        if (value != NULL && *value != '\0')
            grid->cell.text =
                text_of(arena_copy(memory_of(grid), value, strlen(value)));
    }
}

static void begin_cell(struct grid *grid, const char **attributes)
{
    grid->cell_repeat = count_of(attributes, "number-columns-repeated");
    xml_rows_merge(&grid->rows, count_of(attributes, "number-columns-spanned") - 1,
                   count_of(attributes, "number-rows-spanned") - 1);
    xml_rows_text_clear(&grid->rows);
    grid->paragraphs = 0;
    grid->in_paragraph = false;
    grid->cell = (struct cell){ .kind = CELL_TEXT };
    grid->computed = xml_attribute(attributes, "formula") != NULL;
    if (!grid->rows.listing)
        take_value(grid, attributes);
}

/* "Err:502" as LibreOffice says it, "#DIV/0!", "#NAME?", "#N/A" as Excel does. */
static bool is_error(struct text text)
{
    static const char *const heads[] = { "Err:", "错误:", "错误：" };
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_/0";
    char shown[24];
    size_t length;

    if (text.length < 3 || text.length >= sizeof shown)
        return false;
    memcpy(shown, text.at, text.length);
    shown[text.length] = '\0';
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        length = strlen(heads[i]);
        if (strncmp(shown, heads[i], length) == 0)
            return text.length == length + 3
                   && strspn(shown + length, "0123456789") == 3;
    }
    if (strcmp(shown, "#N/A") == 0 || strcmp(shown, "#GETTING_DATA") == 0)
        return true;
    length = text.length - 1;
    return shown[0] == '#' && (shown[length] == '!' || shown[length] == '?')
           && strspn(shown + 1, letters) == length - 1 && strspn(shown + 1, "0/_") == 0;
}

static void end_cell(struct grid *grid)
{
    struct text shown = { grid->rows.text, (uint32_t)grid->rows.text_length };

    /* Excel and old LibreOffice store the number 0 for a formula in error. */
    if (grid->computed && is_error(shown))
        grid->cell = (struct cell){ shown, CELL_ERROR, 0 };
    /* LibreOffice stores =TRUE() as the number 1, and shows it as the word. */
    else if (grid->cell.kind == CELL_NUMBER
             && ((text_is(shown, "TRUE") && text_is(grid->cell.text, "1"))
                 || (text_is(shown, "FALSE") && text_is(grid->cell.text, "0"))))
        grid->cell = (struct cell){ shown, CELL_BOOL, 0 };
    if (grid->cell.text.at == NULL)
        grid->cell.text = shown;
    if (grid->cell.text.length == 0)
        grid->cell = (struct cell){ TEXT(""), CELL_TEXT, 0 };
    xml_rows_cell(&grid->rows, grid->cell, grid->cell_repeat);
}

static bool is_cell(const char *name)
{
    return strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0;
}

static void inside_cell(struct grid *grid, const char *name, const char **attributes)
{
    struct xml_rows *rows = &grid->rows;

    if (strcmp(name, "annotation") == 0)
        grid->note_depth++;
    else if (grid->inside == 2 && strcmp(name, "p") == 0) {
        grid->in_paragraph = true;
        if (grid->paragraphs++ > 0)
            xml_rows_text(rows, "\n", 1);
    } else if (!grid->in_paragraph || grid->note_depth > 0)
        return;
    else if (strcmp(name, "line-break") == 0)
        xml_rows_text(rows, "\n", 1);
    else if (strcmp(name, "tab") == 0)
        xml_rows_text(rows, "\t", 1);
    else if (strcmp(name, "s") == 0) {
        long blanks = count_of(attributes, "c");

        for (; blanks > 0 && blanks < 1000; blanks--)
            xml_rows_text(rows, " ", 1);
    }
}

static void note_style(struct grid *grid, const char *name, const char **attributes)
{
    const char *value;

    if (strcmp(name, "style") == 0) {
        value = xml_attribute(attributes, "name");
        grid->style =
            value != NULL ? arena_copy(grid->rows.memory, value, strlen(value)) : NULL;
    } else if (strcmp(name, "table-properties") == 0 && grid->style != NULL) {
        value = xml_attribute(attributes, "display");
        if (value != NULL && strcmp(value, "false") == 0
            && grid->hidden_count < STYLES_MOST)
            grid->hidden_styles[grid->hidden_count++] = grid->style;
    }
}

/* The day the numbers of the sheet count from: 1904 where it came from a Mac. */
static void note_first_day(struct grid *grid, const char **attributes)
{
    const char *value = xml_attribute(attributes, "date-value");

    grid->plain.date1904 = value != NULL && strncmp(value, "1904", 4) == 0;
}

static bool hides(const struct grid *grid, const char *style)
{
    for (size_t i = 0; style != NULL && i < grid->hidden_count; i++)
        if (strcmp(grid->hidden_styles[i], style) == 0)
            return true;
    return false;
}

static enum status on_start(void *self, const char *name, const char **attributes,
                            struct error *err)
{
    struct grid *grid = self;

    if (strcmp(name, "table") == 0)
        return xml_rows_table(&grid->rows, xml_attribute(attributes, "name"),
                              hides(grid, xml_attribute(attributes, "style-name")),
                              err);
    if (grid->rows.listing && grid->rows.table < 0) {
        note_style(grid, name, attributes);
        if (strcmp(name, "null-date") == 0)
            note_first_day(grid, attributes);
    }
    if (!xml_rows_inside(&grid->rows))
        return HY_OK;
    if (strcmp(name, "table-row") == 0) {
        const char *visible = xml_attribute(attributes, "visibility");

        grid->row_repeat = count_of(attributes, "number-rows-repeated");
        xml_rows_begin(&grid->rows, visible != NULL && strcmp(visible, "visible") != 0);
    } else if (grid->inside > 0) {
        grid->inside++;
        inside_cell(grid, name, attributes);
    } else if (is_cell(name)) {
        grid->inside = 1;
        begin_cell(grid, attributes);
    }
    return HY_OK;
}

static enum status on_end(void *self, const char *name, struct error *err)
{
    struct grid *grid = self;

    if (strcmp(name, "table") == 0)
        return xml_rows_table_end(&grid->rows);
    if (!xml_rows_inside(&grid->rows))
        return HY_OK;
    if (strcmp(name, "annotation") == 0 && grid->note_depth > 0)
        grid->note_depth--;
    if (grid->inside > 0) {
        grid->inside--;
        grid->in_paragraph &= grid->inside >= 2;
        if (grid->inside == 0)
            end_cell(grid);
    } else if (strcmp(name, "table-row") == 0)
        return xml_rows_end(&grid->rows, grid->row_repeat, err);
    return HY_OK;
}

static enum status on_text(void *self, const char *text, size_t length,
                           struct error *err)
{
    struct grid *grid = self;

    (void)err;
    if (grid->in_paragraph && grid->note_depth == 0 && xml_rows_inside(&grid->rows))
        xml_rows_text(&grid->rows, text, length);
    return HY_OK;
}

static bool holds(const struct source *source, const char *words)
{
    size_t length = source->length < PROBE_BYTES ? source->length : PROBE_BYTES;

    return memmem(source->bytes, length, words, strlen(words)) != NULL;
}

/* An archive whose declared kind is a sheet; some writers pack content.xml alone. */
static int probe_archive(const struct source *source)
{
    struct zip *zip = NULL;
    struct error ignored;
    enum status status;
    int sure = 0;

    if (holds(source, "mimetypeapplication/vnd.oasis.opendocument."))
        return holds(source, "opendocument.spreadsheet") ? 100 : 0;
    status = zip_open(&zip, source->bytes, source->length, &ignored);
    if (status != HY_OK)
        return status == HY_MEMORY ? PROBE_STARVED : 0;
    if (zip_find(zip, "content.xml") >= 0
        && zip_find(zip, "META-INF/manifest.xml") >= 0)
        sure = 90;
    zip_close(zip);
    return sure;
}

static int probe(const struct source *source)
{
    if (source->length > 4 && memcmp(source->bytes, "PK\3\4", 4) == 0)
        return probe_archive(source);
    return source->length > 0 && source->bytes[0] == '<'
                   && holds(source, "urn:oasis:names:tc:opendocument")
               ? 100
               : 0;
}

static void close_ods(struct grid *grid)
{
    if (grid != NULL)
        xml_rows_close(&grid->rows);
}

static enum status find_content(struct xml_rows *rows, const struct source *source,
                                struct error *err)
{
    const unsigned char *bytes;
    size_t length;
    int manifest;

    rows->all = (struct text){ (const char *)source->bytes, (uint32_t)source->length };
    if (source->length < 2 || memcmp(source->bytes, "PK", 2) != 0)
        return HY_OK;
    TRY(zip_open(&rows->zip, source->bytes, source->length, err));
    rows->member = zip_find(rows->zip, "content.xml");
    if (rows->member < 0)
        return fail(err, HY_DATA,
                    "里面没有 content.xml，不是完整的 .ods：请重新导出或另存为 .xlsx");
    manifest = zip_find(rows->zip, "META-INF/manifest.xml");
    if (manifest < 0)
        return HY_OK;
    TRY(zip_whole(rows->zip, (size_t)manifest, MANIFEST_LARGEST, rows->memory, &bytes,
                  &length, err));
    if (memmem(bytes, length, "encryption-data", 15) != NULL)
        return fail(err, HY_DATA,
                    "表格加了打开密码：请在 WPS/Excel 里去掉密码，另存为 .xlsx");
    return HY_OK;
}

static enum status open_ods(struct grid **out, const struct source *source,
                            const struct read_options *options, struct arena *file,
                            struct error *err)
{
    static const struct xml_events events = { on_start, on_end, on_text };
    struct grid *grid = arena_alloc(file, sizeof *grid);
    enum status status;

    (void)options;
    *out = NULL;
    grid->rows.memory = grid->plain.file = file;
    grid->rows.events = &events;
    grid->rows.self = grid;
    status = find_content(&grid->rows, source, err);
    if (status == HY_OK)
        status = xml_rows_list(&grid->rows, err);
    if (status == HY_OK && grid->rows.count == 0)
        status = fail(err, HY_DATA, "里面没有工作表：请从原系统导出 .xlsx 或 .csv");
    if (status == HY_OK)
        *out = grid;
    else
        close_ods(grid);
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
    if ((size_t)grid->rows.table != sheet || grid->rows.depth == 0)
        grid->inside = grid->note_depth = 0;
    return xml_rows_next(&grid->rows, sheet, batch, err);
}

const struct reader reader_ods = {
    .name = "ods",
    .summary = "OpenDocument 表格（.ods、.fods）",
    .probe = probe,
    .open = open_ods,
    .sheets = sheets,
    .next = next_rows,
    .close = close_ods,
};
