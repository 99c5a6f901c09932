/* render_xlsx_fill.c - workbooks that come back filled in: text cells, drop-downs. */
#include "render/fill.h"

#include <string.h>
#include <xlsxwriter.h>

#include "core/file.h"
#include "core/text.h"
#include "render/render_xlsx_parts.h"

enum {
    NAME_MOST = 31,   /* characters of a sheet's name */
    FILL_ROWS = 2000, /* rows that offer the words */
    LINE_WIDTH = 100,
    LINE_POINTS = 15,
    ROW_POINTS = 20,   /* room to write by hand */
    HEIGHT_MOST = 400, /* a row of a sheet is at most 409 points */
    PAGE_WIDTH = 210,  /* characters across A4 at 70 % */
    GREY = 0x595959,
    PALE = 0xF2F2F2,
    LIST_MOST = 250, /* bytes of words the library takes beside a cell */
    LISTS_MOST = 64
};

/* Longer lists of words stand on a hidden sheet of their own, one column each. */
static const char words_sheet[] = "词表";

struct looks {
    lxw_format *title, *beside_title, *text, *beside, *example, *line;
};

struct writing {
    lxw_workbook *book;
    struct arena *memory;
    struct looks looks;
    lxw_error failed; /* the first one */
    const char *const *lists[LISTS_MOST];
    size_t list_count;
};

static void tried(struct writing *writing, lxw_error failed)
{
    if (writing->failed == LXW_NO_ERROR)
        writing->failed = failed;
}

static lxw_format *look(struct writing *writing, bool bold, bool grey)
{
    lxw_format *format = workbook_add_format(writing->book);

    format_set_num_format(format, "@"); /* a date typed in stays what was typed */
    format_set_text_wrap(format);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (bold) {
        format_set_bold(format);
        format_set_bottom(format, LXW_BORDER_THIN);
    }
    if (grey) {
        format_set_font_color(format, GREY);
        format_set_bg_color(format, PALE);
    }
    return format;
}

static void make_looks(struct writing *writing)
{
    struct looks *looks = &writing->looks;

    looks->title = look(writing, true, false);
    looks->beside_title = look(writing, true, true);
    looks->text = look(writing, false, false);
    looks->beside = look(writing, false, true);
    looks->example = look(writing, false, true);
    format_set_italic(looks->example);
    looks->line = look(writing, false, false);
}

/* A sheet's name has at most 31 characters, none of []:*?/\, and is not taken twice. */
static const char *fitted(struct writing *writing, const char *wanted, size_t at)
{
    char *name = arena_copy(writing->memory, wanted, strlen(wanted)), *c;
    const char *tail = at == 0 ? "" : arena_printf(writing->memory, " %zu", at + 1);
    size_t most = NAME_MOST - strlen(tail), used = 0;

    for (c = name; *c != '\0'; c++) {
        if (strchr("[]:*?/\\'", *c) != NULL || (unsigned char)*c < 0x20)
            *c = '_';
        if (((unsigned char)*c & 0xC0) != 0x80 && used++ == most)
            break;
    }
    *c = '\0';
    return arena_printf(writing->memory, "%s%s", name, tail);
}

static const char *sheet_name(struct writing *writing, const char *wanted, size_t at)
{
    const char *name = fitted(writing, wanted, 0);

    return workbook_get_worksheet_by_name(writing->book, name) == NULL
               ? name
               : fitted(writing, wanted, at);
}

bool fill_short_list(const char *const *options, size_t *count)
{
    size_t bytes = 0;
    bool commas = false;

    for (*count = 0; options[*count] != NULL; ++*count) {
        bytes += strlen(options[*count]) + 1;
        commas = commas || strpbrk(options[*count], ",\"") != NULL;
    }
    return bytes <= LIST_MOST && !commas;
}

static void put_words(struct writing *writing, lxw_worksheet *page, lxw_col_t column,
                      const char *const *options)
{
    lxw_data_validation choice = { .validate = LXW_VALIDATION_TYPE_LIST,
                                   .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING };
    size_t count;

    if (fill_short_list(options, &count)) {
        choice.value_list = (char **)(uintptr_t)options;
    } else if (writing->list_count < LISTS_MOST) {
        char letters[16] = "";

        lxw_col_to_name(letters, (lxw_col_t)writing->list_count, 1);
        choice.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
        choice.value_formula = arena_printf(writing->memory, "='%s'!%s$1:%s$%zu",
                                            words_sheet, letters, letters, count);
        writing->lists[writing->list_count++] = options;
    } else {
        return;
    }
    tried(writing,
          worksheet_data_validation_range(page, 1, column, FILL_ROWS, column, &choice));
}

static void put_lists(struct writing *writing)
{
    lxw_worksheet *page;
    size_t i, k;

    if (writing->list_count == 0)
        return;
    page = workbook_add_worksheet(writing->book, words_sheet);
    if (page == NULL) {
        tried(writing, LXW_ERROR_SHEETNAME_ALREADY_USED);
        return;
    }
    worksheet_hide(page);
    for (i = 0; i < writing->list_count; i++)
        for (k = 0; writing->lists[i][k] != NULL; k++)
            tried(writing, worksheet_write_string(page, (lxw_row_t)k, (lxw_col_t)i,
                                                  xlsx_text(writing->memory,
                                                            writing->lists[i][k]),
                                                  NULL));
}

int fill_height(const char *text, int width)
{
    int room = width > 3 ? width - 2 : 1; /* a wide letter may not fit the end */
    int lines = text == NULL ? 1 : (text_width(text_of(text)) + room - 1) / room;

    return lines * LINE_POINTS > HEIGHT_MOST ? HEIGHT_MOST
           : lines > 1                       ? lines * LINE_POINTS
                                             : LINE_POINTS;
}

void fill_print_setup(struct lxw_worksheet *page, int total)
{
    worksheet_set_landscape(page);
    worksheet_set_paper(page, 9); /* A4 */
    worksheet_set_margins(page, 0.4, 0.4, 0.5, 0.5);
    worksheet_fit_to_pages(page, (uint16_t)((total + PAGE_WIDTH - 1) / PAGE_WIDTH), 0);
}

static int column_width(const struct fill_sheet *sheet, size_t at)
{
    const struct fill_column *column = &sheet->columns[at];

    if (sheet->plain)
        return LINE_WIDTH;
    return column->width > 0 ? column->width : text_width(text_of(column->title)) + 4;
}

static void set_heights(struct writing *writing, lxw_worksheet *page,
                        const struct fill_sheet *sheet)
{
    lxw_row_t first = sheet->plain ? 0 : 1;
    int total = 0, titles = LINE_POINTS;
    size_t i, k;

    for (k = 0; k < sheet->column_count; k++) {
        int height = fill_height(sheet->columns[k].title, column_width(sheet, k));

        total += column_width(sheet, k);
        titles = height > titles ? height : titles;
    }
    if (!sheet->plain) {
        tried(writing, worksheet_set_row(page, 0, titles, NULL));
        tried(writing, worksheet_repeat_rows(page, 0, 0));
    }
    for (i = 0; i < sheet->row_count; i++) {
        int most = sheet->plain ? LINE_POINTS : ROW_POINTS;

        for (k = 0; k < sheet->column_count; k++) {
            int height = fill_height(sheet->rows[i].cells[k], column_width(sheet, k));

            most = height > most ? height : most;
        }
        tried(writing, worksheet_set_row(page, first + (lxw_row_t)i, most, NULL));
    }
    fill_print_setup(page, total);
    if (!sheet->plain) /* it may be filled in by hand */
        worksheet_gridlines(page, LXW_SHOW_ALL_GRIDLINES);
}

static void put_columns(struct writing *writing, lxw_worksheet *page,
                        const struct fill_sheet *sheet)
{
    size_t i;

    for (i = 0; i < sheet->column_count; i++) {
        const struct fill_column *column = &sheet->columns[i];
        int width = column_width(sheet, i);

        tried(writing, worksheet_set_column(page, (lxw_col_t)i, (lxw_col_t)i, width,
                                            writing->looks.text));
        tried(writing,
              worksheet_write_string(page, 0, (lxw_col_t)i,
                                     xlsx_text(writing->memory, column->title),
                                     column->beside ? writing->looks.beside_title
                                                    : writing->looks.title));
        if (column->options != NULL)
            put_words(writing, page, (lxw_col_t)i, column->options);
    }
    worksheet_freeze_panes(page, 1, 0);
}

static void put_rows(struct writing *writing, lxw_worksheet *page,
                     const struct fill_sheet *sheet)
{
    lxw_row_t first = sheet->plain ? 0 : 1;
    size_t i, k;

    for (i = 0; i < sheet->row_count; i++)
        for (k = 0; k < sheet->column_count; k++) {
            const struct fill_row *row = &sheet->rows[i];
            lxw_format *format = row->look == FILL_EXAMPLE  ? writing->looks.example
                                 : sheet->columns[k].beside ? writing->looks.beside
                                                            : writing->looks.text;

            if (row->cells[k] == NULL || row->cells[k][0] == '\0')
                continue;
            tried(writing,
                  worksheet_write_string(page, first + (lxw_row_t)i, (lxw_col_t)k,
                                         xlsx_text(writing->memory, row->cells[k]),
                                         format));
        }
}

static void put_sheet(struct writing *writing, const struct fill_sheet *sheet,
                      size_t at)
{
    lxw_worksheet *page =
        workbook_add_worksheet(writing->book, sheet_name(writing, sheet->name, at));

    if (page == NULL)
        page = workbook_add_worksheet(writing->book, arena_printf(writing->memory,
                                                                  "Sheet %zu", at + 1));
    if (page == NULL) {
        tried(writing, LXW_ERROR_MEMORY_MALLOC_FAILED);
        return;
    }
    if (!sheet->plain)
        put_columns(writing, page, sheet);
    else
        tried(writing, worksheet_set_column(page, 0, 0, LINE_WIDTH, NULL));
    put_rows(writing, page, sheet);
    set_heights(writing, page, sheet);
}

enum status fill_write(const struct fill_book *book, const char *path,
                       struct arena *memory, struct error *err)
{
    const char *scratch = file_scratch(path, memory);
    struct writing writing = { .book = workbook_new(scratch), .memory = memory };
    lxw_doc_properties about = { .title = (char *)(uintptr_t)book->title,
                                 .created = (time_t)(book->when > 0 ? book->when
                                                                    : FILL_NO_DAY) };
    enum status status = HY_OK;
    size_t i;

    if (writing.book == NULL)
        return fail(err, HY_CREATE, "%s：写不出来 (cannot create)", path);
    tried(&writing, workbook_set_properties(writing.book, &about));
    make_looks(&writing);
    for (i = 0; i < book->sheet_count; i++)
        put_sheet(&writing, &book->sheets[i], i);
    put_lists(&writing);
    tried(&writing, workbook_close(writing.book));
    if (writing.failed != LXW_NO_ERROR)
        status =
            fail(err,
                 writing.failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? HY_INTERNAL
                                                                        : HY_CREATE,
                 "%s：写不出来（%s）", path, lxw_strerror(writing.failed));
    return file_settle(scratch, path, 0600, status, err);
}
