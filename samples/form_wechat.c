/* form_wechat.c - the mini-program's export: GB18030, CRLF, export time on line one. */
#include <stdio.h>

#include "samples/estate.h"

static void rating_words(int rating, char *room, size_t size)
{
    static const char *const words[] = { "",     "非常不满意", "不满意",      "一般",
                                         "满意", "非常满意",   "系统默认好评" };

    snprintf(room, size, "%s", words[rating]);
}

static void one_row(struct buffer *out, const struct ticket *ticket, int64_t at)
{
    static const char *const urgencies[] = { "", "紧急", "较急", "一般" };
    const struct subject *subject = &subjects[ticket->subject];
    struct view view = estate_view(ticket, at);
    const int64_t times[] = { view.dispatched, view.responded,       view.arrived,
                              ticket->due,     view.first_completed, view.reopened,
                              view.completed,  view.voided };
    char text[256];
    size_t i;

    buffer_add(out, "%s,%s,", ticket->number,
               stamp(ticket->received, text, sizeof text));
    buffer_add(out, "%s,%s,", nature_words[subject->nature], subject->first);
    buffer_csv(out, subject->second, ',');
    buffer_add(out, "%s,%s,", urgencies[subject->urgency], view.status);
    if (ticket->anonymous)
        buffer_add(out, "匿名,,,");
    else
        buffer_add(out, "住户%04d,%d栋%d单元%d%02d,%s,", estate_household(ticket) + 1,
                   ticket->building, ticket->unit, ticket->floor, ticket->door,
                   grid_words[(ticket->building - 1) / 4]);
    ticket_phone(ticket, text, sizeof text);
    buffer_add(out, "%s,%s,", text, ticket->anonymous ? "是" : "否");
    ticket_content(ticket, text, sizeof text);
    buffer_csv(out, text, ',');
    buffer_add(out, "%s,%s,", subject->common ? "是" : "否", subject->spot);
    if (ticket->lift != 0)
        buffer_add(out, "DT-%02d-%d,", ticket->building, ticket->lift);
    else
        buffer_add(out, ",");
    buffer_add(out, "%s,", department_words[ticket->department]);
    for (i = 0; i < sizeof times / sizeof times[0]; i++)
        buffer_add(out, "%s,", stamp(times[i], text, sizeof text));
    ticket_trail(ticket, text, sizeof text);
    buffer_add(out, "%s,%s,", text, view.merged ? ticket->master : "");
    rating_words(view.resident_rating, text, sizeof text);
    buffer_add(out, "%s,%s\r\n", text,
               stamp(view.updated, text + 64, sizeof text - 64));
}

/* Rows an office would have to mend: no number, no time, an impossible date. */
static void bad_rows(struct buffer *out)
{
    buffer_add(out,
               ",2026-10-09 10:15:00,报修,照明,楼道和路灯不亮,一般,处理中,住户0001,"
               "1栋1单元101,东区,,否,楼道灯不亮,是,楼道,,工程部,,,,,,,,,工程部,,,"
               "2026-10-09 10:15:00\r\n");
    buffer_add(out,
               "WX2026109001,,报修,门禁,门禁、对讲失灵,一般,处理中,住户0002,"
               "1栋1单元102,东区,,否,门禁没反应,是,单元门,,工程部,,,,,,,,,工程部,,,"
               "2026-10-11 08:00:00\r\n");
    buffer_add(out,
               "WX2026109002,2026-13-45 08:00:00,投诉,秩序,车辆乱停放,一般,处理中,"
               "住户0003,1栋1单元103,东区,,否,乱停车,是,道路,,秩序部,,,,,,,,,秩序部,,,"
               "2026-10-12 09:00:00\r\n");
}

static void one_file(const struct estate *estate, const char *folder, const char *name,
                     struct export export, bool bad)
{
    struct buffer out = { 0 };
    char text[32];
    size_t i;

    buffer_add(&out, "导出时间：%s\r\n", stamp(export.at, text, sizeof text));
    buffer_add(&out,
               "报事编号,报事时间,报事性质,大类,小类,紧急程度,状态,报事人,房号,片区,"
               "手机号,是否匿名,报事内容,是否公区,具体位置,设备编号,处理部门,派单时间,"
               "首响时间,到场时间,办结时限,首次完成时间,重开时间,完成时间,作废时间,"
               "流转记录,主工单,评价,更新时间\r\n");
    for (i = 0; i < estate->count; i++)
        if (estate->tickets[i].channel == WECHAT
            && export_has(&export, &estate->tickets[i]))
            one_row(&out, &estate->tickets[i], export.at);
    if (bad)
        bad_rows(&out);
    buffer_write(&out, folder, name, "GB18030");
}

void form_wechat(const struct estate *estate, const char *folder)
{
    int64_t first = clock_at(2026, 9, 2, 9, 12), second = clock_at(2026, 10, 3, 8, 50);

    one_file(estate, folder, "微信报事导出_2024年9月至2026年8月.csv",
             (struct export){ 0, clock_at(2026, 9, 1, 0, 0), 0, first }, false);
    one_file(estate, folder, "微信报事导出_2026年9月.csv",
             (struct export){ clock_at(2026, 8, 20, 0, 0), clock_at(2026, 10, 1, 0, 0),
                              first, second },
             false);
    one_file(estate, folder, "微信报事导出_2026年10月.csv",
             (struct export){ clock_at(2026, 9, 20, 0, 0), clock_at(2026, 11, 1, 0, 0),
                              second, clock_at(2026, 11, 3, 8, 47) },
             true);
}
