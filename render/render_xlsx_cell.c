/* render_xlsx_cell.c - sheets, cells and their looks. */
#include "render/render_xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "core/facts.h"

enum { TEXT_UNITS = 32767, NAME_CHARACTERS = 28, WIDTH_MOST = 46 };

/* XML 1.0 knows no control characters but tab and line feed, and no U+FFFE. */
const char *xlsx_text(struct arena *memory, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    char *out = arena_alloc(memory, strlen(text) * 3 + 1), *to = out;
    size_t units = 0;

    while (at < end) {
        uint32_t code = text_next(&at, end);

        if ((code < 0x20 && code != '\n' && code != '\t') || code == 0x7F)
            code = 0xFFFD;
        if (code == 0xFFFE || code == 0xFFFF)
            code = 0xFFFD;
        if ((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069))
            continue;
        units += code > 0xFFFF ? 2 : 1;
        if (units > TEXT_UNITS)
            break;
        to += text_put(code, to);
    }
    *to = '\0';
    return out;
}

static lxw_format *look_new(struct xlsx *xlsx, double size, bool bold)
{
    lxw_format *format = workbook_add_format(xlsx->book);

    format_set_font_name(format, "Microsoft YaHei");
    format_set_font_size(format, size);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (bold)
        format_set_bold(format);
    return format;
}

static lxw_format *cell_look(struct xlsx *xlsx, const char *number, bool total,
                             bool right)
{
    lxw_format *format = look_new(xlsx, 10.5, total);

    format_set_bottom(format, LXW_BORDER_HAIR);
    if (total)
        format_set_top(format, LXW_BORDER_THIN);
    if (right)
        format_set_align(format, LXW_ALIGN_RIGHT);
    if (number != NULL)
        format_set_num_format(format, number);
    else if (!right)
        format_set_text_wrap(format);
    if (!right) { /* apart from the number that ends the column before */
        format_set_align(format, LXW_ALIGN_LEFT);
        format_set_indent(format, 1);
    }
    return format;
}

void xlsx_looks(struct xlsx *xlsx)
{
    bool english = strcmp(xlsx->doc->language, "en") == 0;
    const char *hours = english ? "#,##0.0\" h\"" : "#,##0.0\" 小时\"";
    lxw_format **look = xlsx->look;

    look[LOOK_TEXT] = look_new(xlsx, 10.5, false);
    look[LOOK_BOLD] = look_new(xlsx, 10.5, true);
    look[LOOK_TITLE] = look_new(xlsx, 18, true);
    look[LOOK_LEAD] = look_new(xlsx, 13, true);
    look[LOOK_HEADING] = look_new(xlsx, 13, true);
    look[LOOK_NOTE] = look_new(xlsx, 10, false);
    format_set_font_color(look[LOOK_NOTE], 0x555555);
    format_set_text_wrap(look[LOOK_NOTE]);
    format_set_text_wrap(look[LOOK_TEXT]);
    format_set_text_wrap(look[LOOK_LEAD]);
    look[LOOK_HEAD] = look_new(xlsx, 10.5, true);
    format_set_bg_color(look[LOOK_HEAD], 0xE8EDF3);
    format_set_bottom(look[LOOK_HEAD], LXW_BORDER_THIN);
    format_set_top(look[LOOK_HEAD], LXW_BORDER_THIN);
    format_set_align(look[LOOK_HEAD], LXW_ALIGN_CENTER);
    format_set_text_wrap(look[LOOK_HEAD]);
    look[LOOK_CELL] = cell_look(xlsx, NULL, false, false);
    look[LOOK_CELL_RIGHT] = cell_look(xlsx, NULL, false, true);
    look[LOOK_COUNT] = cell_look(xlsx, "#,##0", false, true);
    look[LOOK_NUMBER] = cell_look(xlsx, "#,##0.0", false, true);
    look[LOOK_SHARE] = cell_look(xlsx, "0.0%", false, true);
    look[LOOK_HOURS] = cell_look(xlsx, hours, false, true);
    look[LOOK_TOTAL_HOURS] = cell_look(xlsx, hours, true, true);
    look[LOOK_DAY] = cell_look(xlsx, "yyyy-mm-dd", false, true);
    look[LOOK_TIME] = cell_look(xlsx, "yyyy-mm-dd hh:mm", false, true);
    look[LOOK_TOTAL_TEXT] = cell_look(xlsx, NULL, true, false);
    look[LOOK_TOTAL_RIGHT] = cell_look(xlsx, NULL, true, true);
    look[LOOK_TOTAL_COUNT] = cell_look(xlsx, "#,##0", true, true);
    look[LOOK_TOTAL_NUMBER] = cell_look(xlsx, "#,##0.0", true, true);
    look[LOOK_TOTAL_SHARE] = cell_look(xlsx, "0.0%", true, true);
}

static void remember(struct xlsx *xlsx, lxw_error failed)
{
    if (xlsx->failed == LXW_NO_ERROR)
        xlsx->failed = failed;
}

static void widen(struct xlsx *xlsx, size_t column, const char *text)
{
    int width;

    if (column >= XLSX_COLUMNS)
        return;
    if (column + 1 > xlsx->columns)
        xlsx->columns = column + 1;
    width = text_width(text_of(text)) + 3;
    if (width > WIDTH_MOST)
        width = WIDTH_MOST;
    if (width > xlsx->widths[column])
        xlsx->widths[column] = width;
}

void xlsx_put_text(struct xlsx *xlsx, uint32_t row, size_t column, const char *text,
                   enum xlsx_look look)
{
    const char *clean = xlsx_text(xlsx->memory, text);

    /* Always the string writer: "=1+1" from a ticket stays four characters. */
    if (*clean == '\0')
        remember(xlsx, worksheet_write_blank(xlsx->sheet, row, (lxw_col_t)column,
                                             xlsx->look[look]));
    else
        remember(xlsx, worksheet_write_string(xlsx->sheet, row, (lxw_col_t)column,
                                              clean, xlsx->look[look]));
    if (look >= LOOK_HEAD)
        widen(xlsx, column, clean);
}

static void number_put(struct xlsx *xlsx, uint32_t row, size_t column, double number,
                       const char *shown, lxw_format *look)
{
    if (!isfinite(number)) {
        xlsx_put_text(xlsx, row, column, shown, LOOK_CELL_RIGHT);
        return;
    }
    remember(xlsx,
             worksheet_write_number(xlsx->sheet, row, (lxw_col_t)column, number, look));
    widen(xlsx, column, shown);
}

void xlsx_put_number(struct xlsx *xlsx, uint32_t row, size_t column, double number,
                     const char *shown, enum xlsx_look look)
{
    number_put(xlsx, row, column, number, shown, xlsx->look[look]);
}

/* "251（88.4%）" is the number 0.884 whose look carries the count: what stands on
 * the page stands in the cell, and it still adds up and sorts as a share. */
static lxw_format *share_look(struct xlsx *xlsx, const char *text, bool total)
{
    const char *percent = strchr(text, '%'), *from = percent;
    lxw_format *plain = xlsx->look[total ? LOOK_TOTAL_SHARE : LOOK_SHARE];
    struct xlsx_share *share;
    const char *before;
    size_t i;

    while (from != NULL && from > text
           && ((from[-1] >= '0' && from[-1] <= '9') || from[-1] == '.'))
        from--;
    if (percent == NULL || (from == text && percent[1] == '\0')
        || strchr(text, '"') != NULL)
        return plain;
    before = arena_copy(xlsx->memory, text, (size_t)(from - text));
    for (i = 0; i < xlsx->share_count; i++)
        if (xlsx->shares[i].total == total
            && strcmp(xlsx->shares[i].before, before) == 0
            && strcmp(xlsx->shares[i].after, percent + 1) == 0)
            return xlsx->shares[i].look;
    if (xlsx->share_count == sizeof xlsx->shares / sizeof xlsx->shares[0])
        return plain;
    share = &xlsx->shares[xlsx->share_count++];
    *share = (struct xlsx_share){
        before, percent + 1, total,
        cell_look(xlsx,
                  arena_printf(xlsx->memory, "\"%s\"0.0%%\"%s\"", before, percent + 1),
                  total, true)
    };
    return share->look;
}

/* Days since 1899-12-30, as Excel counts after February 1900. */
static double serial(double seconds)
{
    return seconds / DAY_SECONDS - (double)day_of(1899, 12, 30);
}

void xlsx_put_value(struct xlsx *xlsx, uint32_t row, size_t column, const char *text,
                    const struct value *value, bool right, bool total)
{
    enum xlsx_look words = right ? (total ? LOOK_TOTAL_RIGHT : LOOK_CELL_RIGHT)
                                 : (total ? LOOK_TOTAL_TEXT : LOOK_CELL);

    switch (value->kind) {
    case VALUE_COUNT:
        xlsx_put_number(xlsx, row, column, value->number, text,
                        total ? LOOK_TOTAL_COUNT : LOOK_COUNT);
        return;
    case VALUE_NUMBER:
        xlsx_put_number(xlsx, row, column, value->number, text,
                        total ? LOOK_TOTAL_NUMBER : LOOK_NUMBER);
        return;
    case VALUE_SHARE:
        number_put(xlsx, row, column, value->number, text,
                   share_look(xlsx, text, total));
        return;
    case VALUE_DAY:
        xlsx_put_number(xlsx, row, column, serial(value->number * DAY_SECONDS), text,
                        LOOK_DAY);
        return;
    case VALUE_TIME:
        xlsx_put_number(xlsx, row, column, serial(value->number), text, LOOK_TIME);
        return;
    case VALUE_HOURS: /* one unit, so that a column can be compared */
        xlsx_put_number(xlsx, row, column, value->number,
                        arena_printf(xlsx->memory, "%.1f hours", value->number),
                        total ? LOOK_TOTAL_HOURS : LOOK_HOURS);
        return;
    case VALUE_NONE:
    case VALUE_TEXT:
    case VALUE_FIGURE:
    case VALUE_WORDS:
        break;
    }
    xlsx_put_text(xlsx, row, column, text, words);
}

/* --- sheets ---------------------------------------------------------------- */

static bool taken(const struct xlsx *xlsx, const char *name)
{
    size_t i;

    for (i = 0; i < xlsx->sheets; i++)
        if (strcasecmp(xlsx->names[i], name) == 0)
            return true;
    return false;
}

/* At most 31 characters, none of []:*?/\ and no apostrophe at the ends, unique. */
static const char *sheet_named(struct xlsx *xlsx, const char *wanted)
{
    const char *at = wanted, *end = wanted + strlen(wanted), *name;
    char *out = arena_alloc(xlsx->memory, strlen(wanted) * 3 + 8), *to = out;
    int characters = 0, number;

    while (at < end && characters < NAME_CHARACTERS) {
        uint32_t code = text_next(&at, end);

        if (code < 0x20 || code > 0xFFFF
            || (code < 128 && strchr("[]:*?/\\'", (int)code)))
            code = ' ';
        if (code == ' ' && to == out)
            continue;
        to += text_put(code, to);
        characters++;
    }
    while (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    if (*out == '\0' || strcasecmp(out, "history") == 0)
        memcpy(out, "Sheet", 6);
    name = out;
    for (number = 2; taken(xlsx, name); number++)
        name = arena_printf(xlsx->memory, "%.*s %d", 60, out, number);
    return name;
}

static void print_setup(struct xlsx *xlsx)
{
    const struct doc *doc = xlsx->doc;
    lxw_worksheet *sheet = xlsx->sheet;
    const char *draft = doc->draft == NULL ? "" : doc->draft;
    char line[250];

    worksheet_set_paper(sheet, doc->paper == PAPER_A3 ? 8 : 9);
    worksheet_set_margins(sheet, 0.5, 0.5, 0.75, 0.75);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
    /* & starts a code in headers; names of estates have none, but may. */
    (void)snprintf(line, sizeof line, "&L%.60s&R%.60s",
                   strchr(doc->head_left, '&') == NULL ? doc->head_left : doc->title,
                   strchr(draft, '&') == NULL ? draft : "");
    remember(xlsx, worksheet_set_header(sheet, line));
    remember(xlsx, worksheet_set_footer(sheet, "&C&P / &N"));
}

void xlsx_sheet(struct xlsx *xlsx, const char *name)
{
    xlsx_sheet_end(xlsx);
    if (xlsx->sheets == sizeof xlsx->names / sizeof xlsx->names[0])
        return; /* the rest goes on the last sheet */
    name = sheet_named(xlsx, name);
    xlsx->sheet = workbook_add_worksheet(xlsx->book, name);
    xlsx->sheet_name = name;
    if (xlsx->sheet == NULL) {
        remember(xlsx, LXW_ERROR_SHEETNAME_ALREADY_USED);
        return;
    }
    xlsx->names[xlsx->sheets++] = name;
    xlsx->row = 0;
    xlsx->columns = 0;
    xlsx->tables = 0;
    xlsx->head_rows = 0;
    memset(xlsx->widths, 0, sizeof xlsx->widths);
    print_setup(xlsx);
}

void xlsx_sheet_end(struct xlsx *xlsx)
{
    int total = 0;
    size_t column;

    if (xlsx->sheet == NULL)
        return;
    for (column = 0; column < XLSX_COLUMNS; column++) {
        int width = xlsx->widths[column];

        if (column < 6 && width < 11)
            width = 11; /* room for paragraphs, which span six columns */
        if (column >= 6 && width == 0)
            continue;
        total += width;
        remember(xlsx, worksheet_set_column(xlsx->sheet, (lxw_col_t)column,
                                            (lxw_col_t)column, width, NULL));
    }
    if (xlsx->tables == 1 && xlsx->head_rows > 0) {
        worksheet_freeze_panes(xlsx->sheet, xlsx->head + xlsx->head_rows, 1);
        remember(xlsx, worksheet_repeat_rows(xlsx->sheet, xlsx->head,
                                             xlsx->head + xlsx->head_rows - 1));
    }
    if (total > 100)
        worksheet_set_landscape(xlsx->sheet);
    else
        worksheet_set_portrait(xlsx->sheet);
}
