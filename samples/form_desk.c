/*
 * form_desk.c - the front desk's register as clerks keep it: a title, a line that says
 * the span, a header of two rows, dates typed in three ways, blank rows, a total.
 */
#include <stdio.h>

#include "samples/estate.h"
#include "samples/sheets.h"

static const struct column {
    const char *above, *title;
} columns[] = {
    { NULL, "序号" },           { NULL, "登记编号" },     { NULL, "登记日期" },
    { NULL, "登记时间" },       { NULL, "方式" },         { NULL, "业主姓名" },
    { NULL, "电话" },           { NULL, "地址" },         { NULL, "片区" },
    { NULL, "性质" },           { NULL, "大类" },         { NULL, "小类" },
    { NULL, "紧急程度" },       { NULL, "反映内容" },     { NULL, "是否公区" },
    { NULL, "具体位置" },       { NULL, "设备编号" },     { NULL, "责任部门" },
    { NULL, "派单时间" },       { NULL, "首次响应时间" }, { NULL, "到场时间" },
    { NULL, "办结时限" },       { "完成", "日期" },       { "完成", "时间" },
    { "重办", "首次完成时间" }, { "重办", "重开时间" },   { "停表", "挂起时间" },
    { "停表", "恢复时间" },     { NULL, "状态" },         { NULL, "作废时间" },
    { NULL, "主工单" },         { NULL, "流转记录" },     { NULL, "登记人" },
    { NULL, "处理人" },         { NULL, "是否匿名" },
};
enum { COLUMNS = (int)(sizeof columns / sizeof columns[0]) };

static void heading(struct book *book, lxw_worksheet *sheet, const char *span)
{
    int column, last;

    worksheet_merge_range(sheet, 0, 0, 0, COLUMNS - 1, "阳光花园前台登记台账",
                          book->title);
    book_text(sheet, 1, 0, span);
    for (column = 0; column < COLUMNS; column = last + 1) {
        last = column;
        if (columns[column].above == NULL) {
            worksheet_merge_range(sheet, 2, (lxw_col_t)column, 3, (lxw_col_t)column,
                                  columns[column].title, book->head);
            continue;
        }
        while (last + 1 < COLUMNS && columns[last + 1].above == columns[column].above)
            last++;
        worksheet_merge_range(sheet, 2, (lxw_col_t)column, 2, (lxw_col_t)last,
                              columns[column].above, book->head);
        for (int i = column; i <= last; i++)
            worksheet_write_string(sheet, 3, (lxw_col_t)i, columns[i].title,
                                   book->head);
    }
    worksheet_freeze_panes(sheet, 4, 2);
}

/* Real dates, dotted text, Chinese text: whoever sat at the desk that day. */
static void day_cell(struct book *book, lxw_worksheet *sheet, int row, int column,
                     int64_t seconds, int hand)
{
    struct civil civil = clock_civil(seconds);
    char text[32];

    if (seconds == 0)
        return;
    if (hand % 10 < 6) {
        book_time(sheet, row, column, seconds - seconds % DAY, book->date);
        return;
    }
    snprintf(text, sizeof text, hand % 10 < 8 ? "%04d.%d.%d" : "%04d年%d月%d日",
             civil.year, civil.month, civil.day);
    book_text(sheet, row, column, text);
}

static void hour_cell(lxw_worksheet *sheet, int row, int column, int64_t seconds)
{
    struct civil civil = clock_civil(seconds);
    char text[16];

    if (seconds == 0)
        return;
    snprintf(text, sizeof text, "%02d:%02d", civil.hour, civil.minute);
    book_text(sheet, row, column, text);
}

static void who_and_what(lxw_worksheet *sheet, int row, const struct ticket *ticket)
{
    static const char *const urgencies[] = { "", "急修", "较急", "一般" };
    const struct subject *subject = &subjects[ticket->subject];
    char text[256];

    book_text(sheet, row, 4, channel_words[ticket->channel]);
    if (!ticket->anonymous) {
        snprintf(text, sizeof text, "住户%04d", estate_household(ticket) + 1);
        book_text(sheet, row, 5, text);
        ticket_phone(ticket, text, sizeof text);
        book_text(sheet, row, 6, text);
        snprintf(text, sizeof text, "%d-%d-%d%02d", ticket->building, ticket->unit,
                 ticket->floor, ticket->door);
        book_text(sheet, row, 7, text);
        book_text(sheet, row, 8, grid_words[(ticket->building - 1) / 4]);
    }
    book_text(sheet, row, 9, nature_words[subject->nature]);
    book_text(sheet, row, 10, subject->first);
    book_text(sheet, row, 11, subject->second);
    book_text(sheet, row, 12, urgencies[subject->urgency]);
    ticket_content(ticket, text, sizeof text);
    book_text(sheet, row, 13, text);
    book_text(sheet, row, 14, subject->common ? "是" : "否");
    book_text(sheet, row, 15, subject->spot);
    if (ticket->lift != 0) {
        snprintf(text, sizeof text, "DT-%02d-%d", ticket->building, ticket->lift);
        book_text(sheet, row, 16, text);
    }
    book_text(sheet, row, 17, department_words[ticket->department]);
}

static void one_row(struct book *book, lxw_worksheet *sheet, int row,
                    const struct ticket *ticket, int64_t at)
{
    struct view view = estate_view(ticket, at);
    int hand = ticket->recorder * 3 + (int)(ticket->received / DAY % 10);
    char text[64];

    book_text(sheet, row, 1, ticket->number);
    day_cell(book, sheet, row, 2, ticket->received, hand);
    hour_cell(sheet, row, 3, ticket->received);
    who_and_what(sheet, row, ticket);
    book_time(sheet, row, 18, view.dispatched, book->moment);
    book_time(sheet, row, 19, view.responded, book->moment);
    book_time(sheet, row, 20, view.arrived, book->moment);
    book_time(sheet, row, 21, ticket->due, book->moment);
    day_cell(book, sheet, row, 22, view.completed, hand + 3);
    hour_cell(sheet, row, 23, view.completed);
    book_time(sheet, row, 24, view.first_completed, book->moment);
    book_time(sheet, row, 25, view.reopened, book->moment);
    book_time(sheet, row, 26, view.paused, book->moment);
    book_time(sheet, row, 27, view.resumed, book->moment);
    book_text(sheet, row, 28, view.status);
    book_time(sheet, row, 29, view.voided, book->moment);
    book_text(sheet, row, 30, view.merged ? ticket->master : "");
    ticket_trail(ticket, text, sizeof text);
    book_text(sheet, row, 31, text);
    snprintf(text, sizeof text, "K%02d", ticket->recorder);
    book_text(sheet, row, 32, text);
    snprintf(text, sizeof text, "%cW%02d", "GZHF"[ticket->department],
             ticket -> handler);
    book_text(sheet, row, 33, text);
    book_text(sheet, row, 34, ticket->anonymous ? "是" : "");
}

/* number NULL = none; day NULL = none. */
static void bad_row(lxw_worksheet *sheet, int row, const char *number, const char *day)
{
    if (number != NULL)
        book_text(sheet, row, 1, number);
    if (day != NULL)
        book_text(sheet, row, 2, day);
    book_text(sheet, row, 3, "10:20");
    book_text(sheet, row, 4, "电话");
    book_text(sheet, row, 9, "报修");
    book_text(sheet, row, 13, "登记不全，待补");
    book_text(sheet, row, 17, "工程部");
}

static void one_file(const struct estate *estate, const char *folder, const char *name,
                     const char *span, struct export export, const char *bad_month)
{
    struct book book = book_open(folder, name);
    lxw_worksheet *sheet = workbook_add_worksheet(book.workbook, "登记台账");
    char text[32];
    int row = 4, count = 0;
    size_t i;

    heading(&book, sheet, span);
    for (i = 0; i < estate->count; i++) {
        const struct ticket *ticket = &estate->tickets[i];

        if (ticket->channel == WECHAT || ticket->channel == APP
            || !export_has(&export, ticket))
            continue;
        book_number(sheet, row, 0, ++count);
        one_row(&book, sheet, row, ticket, export.at);
        row += count % 60 == 0 ? 3 : 1; /* clerks leave gaps */
    }
    snprintf(text, sizeof text, "%s.32", bad_month);
    bad_row(sheet, row++, NULL, NULL);
    bad_row(sheet, row++, "QT2026909001", "上周三");
    bad_row(sheet, row++, "QT2026909002", text);
    book_text(sheet, row + 1, 0, "合计");
    book_number(sheet, row + 1, 1, count);
    book_close(&book);
}

void form_desk(const struct estate *estate, const char *folder)
{
    int64_t first = clock_at(2026, 10, 2, 10, 0);

    one_file(estate, folder, "前台登记台账_2024年9月至2026年9月.xlsx",
             "统计时间：2024-09-01 至 2026-09-30　导出时间：2026-10-02 10:00",
             (struct export){ 0, clock_at(2026, 10, 1, 0, 0), 0, first }, "2026.2");
    one_file(estate, folder, "前台登记台账_2026年10月.xlsx",
             "统计时间：2026-10-01 至 2026-10-31　导出时间：2026-11-02 17:30",
             (struct export){ clock_at(2026, 10, 1, 0, 0), clock_at(2026, 11, 1, 0, 0),
                              first, clock_at(2026, 11, 2, 17, 30) },
             "2026.10");
}
