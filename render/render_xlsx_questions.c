/* render_xlsx_questions.c - 待确认.xlsx: one question a row, answers as drop-downs. */
#include "render/questions.h"

#include <xlsxwriter.h>

#include "core/file.h"
#include "render/fill.h"

enum { WIDTH_KEY = 34, WIDTH_TEXT = 76, WIDTH_ANSWER = 28 };

static lxw_error put_titles(lxw_workbook *book, lxw_worksheet *page,
                            const struct ask_sheet *sheet)
{
    lxw_format *bold = workbook_add_format(book);
    lxw_error failed = LXW_NO_ERROR;
    lxw_col_t i;

    format_set_bold(bold);
    format_set_bottom(bold, LXW_BORDER_THIN);
    for (i = 0; i < 3 && failed == LXW_NO_ERROR; i++)
        failed = worksheet_write_string(page, 0, i, sheet->titles[i], bold);
    worksheet_freeze_panes(page, 1, 0);
    if (failed == LXW_NO_ERROR)
        failed = worksheet_repeat_rows(page, 0, 0);
    return failed;
}

static lxw_error put_row(lxw_worksheet *page, lxw_row_t at, const struct ask_row *row,
                         lxw_format *wrap)
{
    lxw_data_validation choice = { .validate = LXW_VALIDATION_TYPE_LIST,
                                   .value_list = (char **)(uintptr_t)row->options };
    lxw_error failed = worksheet_write_string(page, at, 0, row->key, wrap);
    int text = fill_height(row->text, WIDTH_TEXT),
        key = fill_height(row->key, WIDTH_KEY);
    size_t count;

    if (failed == LXW_NO_ERROR)
        failed = worksheet_write_string(page, at, 1, row->text, wrap);
    if (failed == LXW_NO_ERROR && fill_short_list(row->options, &count))
        failed = worksheet_data_validation_cell(page, at, 2, &choice);
    if (failed == LXW_NO_ERROR)
        failed = worksheet_set_row(page, at, text > key ? text : key, NULL);
    return failed;
}

static lxw_error put_all(lxw_workbook *book, const struct ask_sheet *sheet)
{
    lxw_doc_properties about = { .title = (char *)(uintptr_t)sheet->name,
                                 .created = (time_t)(sheet->when > 0 ? sheet->when
                                                                     : FILL_NO_DAY) };
    lxw_worksheet *page = workbook_add_worksheet(book, sheet->name);
    lxw_format *wrap = workbook_add_format(book);
    lxw_error failed;
    size_t i;

    if (page == NULL)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    format_set_text_wrap(wrap);
    format_set_align(wrap, LXW_ALIGN_VERTICAL_TOP);
    worksheet_gridlines(page, LXW_SHOW_ALL_GRIDLINES);
    fill_print_setup(page, WIDTH_KEY + WIDTH_TEXT + WIDTH_ANSWER);
    worksheet_set_column(page, 0, 0, WIDTH_KEY, NULL);
    worksheet_set_column(page, 1, 1, WIDTH_TEXT, NULL);
    worksheet_set_column(page, 2, 2, WIDTH_ANSWER, NULL);
    failed = workbook_set_properties(book, &about);
    if (failed == LXW_NO_ERROR)
        failed = put_titles(book, page, sheet);
    for (i = 0; i < sheet->count && failed == LXW_NO_ERROR; i++)
        failed = put_row(page, (lxw_row_t)i + 1, &sheet->rows[i], wrap);
    return failed;
}

enum status questions_write(const struct ask_sheet *sheet, const char *path,
                            struct arena *memory, struct error *err)
{
    const char *scratch = file_scratch(path, memory);
    lxw_workbook *book = workbook_new(scratch);
    enum status status = HY_OK;
    lxw_error failed, closed;

    if (book == NULL)
        return fail(err, HY_CREATE, "%s：写不出来 (cannot create)", path);
    failed = put_all(book, sheet);
    closed = workbook_close(book);
    if (failed == LXW_NO_ERROR)
        failed = closed;
    if (failed != LXW_NO_ERROR)
        status = fail(err, HY_CREATE, "%s：写不出来（%s）", path, lxw_strerror(failed));
    return file_settle(scratch, path, 0600, status, err);
}
