/* form_app.c - the owners' app: JSON wrapped in an object, nested keys, ISO times. */
#include <stdio.h>

#include "samples/estate.h"

static void text_member(struct buffer *out, const char *key, const char *text,
                        const char *after)
{
    buffer_add(out, "\"%s\":\"", key);
    for (; *text != '\0'; text++)
        if (*text == '\n')
            buffer_add(out, "\\n");
        else
            buffer_add(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    buffer_add(out, "\"%s", after);
}

static void time_member(struct buffer *out, const char *key, int64_t seconds,
                        const char *after)
{
    struct civil civil = clock_civil(seconds);

    if (seconds == 0)
        buffer_add(out, "\"%s\":null%s", key, after);
    else
        buffer_add(out, "\"%s\":\"%04d-%02d-%02dT%02d:%02d:%02d+08:00\"%s", key,
                   civil.year, civil.month, civil.day, civil.hour, civil.minute,
                   civil.second, after);
}

static void house(struct buffer *out, const struct ticket *ticket)
{
    const struct subject *subject = &subjects[ticket->subject];
    char text[32];

    if (ticket->anonymous)
        buffer_add(out, "\"house\":null,\"contact\":null,");
    else {
        ticket_phone(ticket, text, sizeof text);
        buffer_add(out,
                   "\"house\":{\"building\":\"%d\",\"unit\":\"%d\",\"room\":\"%d%02d\","
                   "\"grid\":\"%s\"},\"contact\":{\"name\":\"住户%04d\","
                   "\"mobile\":\"%s\"},",
                   ticket->building, ticket->unit, ticket->floor, ticket->door,
                   grid_words[(ticket->building - 1) / 4], estate_household(ticket) + 1,
                   text);
    }
    buffer_add(out, "\"public\":%s,", subject->common ? "true" : "false");
    text_member(out, "spot", subject->spot, ",");
    if (ticket->lift != 0)
        buffer_add(out, "\"assetId\":\"DT-%02d-%d\",", ticket->building, ticket->lift);
    else
        buffer_add(out, "\"assetId\":null,");
}

static void process(struct buffer *out, const struct ticket *ticket,
                    const struct view *view)
{
    char text[128];

    text_member(out, "department", department_words[ticket->department], ",");
    buffer_add(out, "\"process\":{");
    time_member(out, "dispatchTime", view->dispatched, ",");
    time_member(out, "responseTime", view->responded, ",");
    time_member(out, "arriveTime", view->arrived, ",");
    time_member(out, "dueTime", ticket->due, ",");
    time_member(out, "firstFinishTime", view->first_completed, ",");
    time_member(out, "reopenTime", view->reopened, ",");
    time_member(out, "finishTime", view->completed, ",");
    time_member(out, "pauseTime", view->paused, ",");
    time_member(out, "resumeTime", view->resumed, ",");
    time_member(out, "voidTime", view->voided, ",");
    ticket_trail(ticket, text, sizeof text);
    text_member(out, "trail", text, "},");
}

static void one_ticket(struct buffer *out, const struct ticket *ticket, int64_t at)
{
    const struct subject *subject = &subjects[ticket->subject];
    struct view view = estate_view(ticket, at);
    char text[256];

    buffer_add(out, "{");
    text_member(out, "orderNo", ticket->number, ",");
    time_member(out, "createTime", ticket->received, ",");
    text_member(out, "type", nature_words[subject->nature], ",");
    buffer_add(out, "\"category\":{\"first\":\"%s\",\"second\":\"%s\"},",
               subject->first, subject->second);
    buffer_add(out, "\"level\":\"P%d\",", subject->urgency);
    text_member(out, "state", view.status, ",");
    buffer_add(out, "\"anonymous\":%s,", ticket->anonymous ? "true" : "false");
    house(out, ticket);
    ticket_content(ticket, text, sizeof text);
    text_member(out, "content", text, ",");
    process(out, ticket, &view);
    if (view.merged)
        text_member(out, "mergedInto", ticket->master, ",");
    else
        buffer_add(out, "\"mergedInto\":null,");
    if (view.resident_rating == DEFAULT_RATING)
        buffer_add(out, "\"rating\":{\"score\":\"系统默认好评\"},");
    else if (view.resident_rating != 0)
        buffer_add(out, "\"rating\":{\"score\":%d},", view.resident_rating);
    else
        buffer_add(out, "\"rating\":{\"score\":null},");
    time_member(out, "updateTime", view.updated, "}");
}

static void one_file(const struct estate *estate, const char *folder, const char *name,
                     struct export export, bool bad)
{
    struct buffer out = { 0 };
    const char *comma = "";
    size_t i;

    buffer_add(&out, "{\"code\":0,\"message\":\"成功\",");
    time_member(&out, "exportTime", export.at, ",\"data\":[\n");
    for (i = 0; i < estate->count; i++)
        if (estate->tickets[i].channel == APP
            && export_has(&export, &estate->tickets[i])) {
            buffer_add(&out, "%s", comma);
            one_ticket(&out, &estate->tickets[i], export.at);
            comma = ",\n";
        }
    if (bad)
        buffer_add(&out,
                   ",\n{\"orderNo\":null,\"createTime\":\"2026-10-15T09:30:00+08:00\","
                   "\"type\":\"报修\",\"state\":\"处理中\"}"
                   ",\n{\"orderNo\":\"AP2026109001\",\"createTime\":\"昨天下午\","
                   "\"type\":\"报修\",\"state\":\"处理中\"}");
    buffer_add(&out, "\n]}\n");
    buffer_write(&out, folder, name, NULL);
}

void form_app(const struct estate *estate, const char *folder)
{
    int64_t first = clock_at(2026, 9, 2, 9, 30), second = clock_at(2026, 10, 3, 9, 5);

    one_file(estate, folder, "业主APP工单_2024年9月至2026年8月.json",
             (struct export){ 0, clock_at(2026, 9, 1, 0, 0), 0, first }, false);
    one_file(estate, folder, "业主APP工单_2026年9月.json",
             (struct export){ clock_at(2026, 8, 20, 0, 0), clock_at(2026, 10, 1, 0, 0),
                              first, second },
             false);
    one_file(estate, folder, "业主APP工单_2026年10月.json",
             (struct export){ clock_at(2026, 9, 20, 0, 0), clock_at(2026, 11, 1, 0, 0),
                              second, clock_at(2026, 11, 3, 9, 2) },
             true);
}
