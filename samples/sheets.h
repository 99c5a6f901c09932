/* sheets.h - the few things the sample workbooks share: fixed dates, formats. */
#ifndef SAMPLES_SHEETS_H
#define SAMPLES_SHEETS_H

#include <xlsxwriter.h>

struct book {
    lxw_workbook *workbook;
    lxw_format *title, *head, *date, *moment;
    char *path;
};

struct book book_open(const char *folder, const char *name);
void book_close(struct book *book);
void book_text(lxw_worksheet *sheet, int row, int column, const char *text);
void book_number(lxw_worksheet *sheet, int row, int column, int number);
/* A real Excel date cell; nothing for 0. format decides day or minute. */
void book_time(lxw_worksheet *sheet, int row, int column, long long seconds,
               lxw_format *format);

#endif
