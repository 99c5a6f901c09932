/* sheets.c - workbooks with nothing in them that depends on the day they are made. */
#include <stdlib.h>

#include "samples/estate.h"
#include "samples/sheets.h"

struct book book_open(const char *folder, const char *name)
{
    struct book book = { .path = path_in(folder, name) };
    lxw_doc_properties properties = { .created = 1793620800 };

    book.workbook = workbook_new(book.path);
    if (book.workbook == NULL)
        give_up("cannot create", book.path);
    workbook_set_properties(book.workbook, &properties);
    book.title = workbook_add_format(book.workbook);
    format_set_bold(book.title);
    format_set_font_size(book.title, 16);
    format_set_align(book.title, LXW_ALIGN_CENTER);
    book.head = workbook_add_format(book.workbook);
    format_set_bold(book.head);
    format_set_border(book.head, LXW_BORDER_THIN);
    format_set_align(book.head, LXW_ALIGN_CENTER);
    format_set_align(book.head, LXW_ALIGN_VERTICAL_CENTER);
    book.date = workbook_add_format(book.workbook);
    format_set_num_format(book.date, "yyyy/m/d");
    book.moment = workbook_add_format(book.workbook);
    format_set_num_format(book.moment, "yyyy/m/d h:mm");
    return book;
}

void book_close(struct book *book)
{
    if (workbook_close(book->workbook) != LXW_NO_ERROR)
        give_up("cannot write", book->path);
    free(book->path);
}

void book_text(lxw_worksheet *sheet, int row, int column, const char *text)
{
    if (text[0] != '\0')
        worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, text, NULL);
}

void book_number(lxw_worksheet *sheet, int row, int column, int number)
{
    worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)column, number, NULL);
}

void book_time(lxw_worksheet *sheet, int row, int column, long long seconds,
               lxw_format *format)
{
    if (seconds == 0)
        return;
    /* Excel counts days from 1899-12-30; a division by 86400 rounds the same
     * everywhere, and 17 digits are what libxlsxwriter prints. */
    worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)column,
                           (double)(seconds + 25569LL * DAY) / DAY, format);
}
