/* form_revisit.c - the call-back sheet: one row a call, a workbook first, CSV now. */
#include <stdio.h>

#include "samples/estate.h"
#include "samples/sheets.h"

static const char *const titles[] = { "报事编号", "回访时间", "回访人", "回访方式",
                                      "回访情况", "是否解决", "满意度", "及时性",
                                      "处理质量", "回访备注" };
enum { COLUMNS = (int)(sizeof titles / sizeof titles[0]) };

static void row_texts(const struct ticket *ticket, char cells[COLUMNS][64])
{
    static const char *const outcomes[] = { "", "已接听", "无人接听", "空号",
                                            "不愿评价" };
    static const char *const ratings[] = { "",     "非常不满意", "不满意",
                                           "一般", "满意",       "非常满意" };

    snprintf(cells[0], 64, "%s", ticket->number);
    stamp(ticket->revisited, cells[1], 64);
    cells[1][16] = '\0'; /* to the minute */
    snprintf(cells[2], 64, "K%02d", ticket->visitor);
    snprintf(cells[3], 64, "电话");
    snprintf(cells[4], 64, "%s", outcomes[ticket->outcome]);
    snprintf(cells[5], 64, "%s",
             ticket->resolved < 0    ? ""
             : ticket->resolved == 1 ? "是"
                                     : "否");
    snprintf(cells[6], 64, "%s", ratings[ticket->staff_rating]);
    cells[7][0] = cells[8][0] = '\0';
    if (ticket->speed != 0) {
        snprintf(cells[7], 64, "%d", ticket->speed);
        snprintf(cells[8], 64, "%d", ticket->quality);
    }
    snprintf(cells[9], 64, "%s", ticket->resolved == 0 ? "说没修好，要再看" : "");
}

static bool in_sheet(const struct ticket *ticket, int64_t from, int64_t until)
{
    return ticket->outcome != NOT_VISITED && ticket->revisited >= from
           && ticket->revisited < until;
}

static void workbook(const struct estate *estate, const char *folder, int64_t until)
{
    struct book book = book_open(folder, "回访登记表_至2026年9月.xlsx");
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, "回访");
    char cells[COLUMNS][64];
    int row = 1, column;
    size_t i;

    for (column = 0; column < COLUMNS; column++)
        book_text(sheet, 0, column, titles[column]);
    for (i = 0; i < estate->count; i++) {
        if (!in_sheet(&estate->tickets[i], 0, until))
            continue;
        row_texts(&estate->tickets[i], cells);
        for (column = 0; column < COLUMNS; column++)
            book_text(sheet, row, column, cells[column]);
        row++;
    }
    book_close(&book);
}

void form_revisit(const struct estate *estate, const char *folder)
{
    int64_t change = clock_at(2026, 10, 1, 0, 0), until = clock_at(2026, 11, 3, 12, 0);
    struct buffer out = { 0 };
    char cells[COLUMNS][64];
    int column;
    size_t i;

    workbook(estate, folder, change);
    buffer_add(&out, "\xef\xbb\xbf");
    for (column = 0; column < COLUMNS; column++)
        buffer_add(&out, "%s%c", titles[column], column + 1 < COLUMNS ? ',' : '\n');
    for (i = 0; i < estate->count; i++) {
        if (!in_sheet(&estate->tickets[i], change, until))
            continue;
        row_texts(&estate->tickets[i], cells);
        for (column = 0; column < COLUMNS; column++)
            buffer_csv(&out, cells[column], column + 1 < COLUMNS ? ',' : '\n');
    }
    buffer_add(&out, ",2026-10-21 10:05,K02,电话,已接听,是,满意,,,没写编号\n");
    buffer_write(&out, folder, "回访登记表_2026年10月.csv", NULL);
}
