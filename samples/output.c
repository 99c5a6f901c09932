/* output.c - text gathered in memory and written in one go, in any encoding. */
#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples/estate.h"

_Noreturn void give_up(const char *what, const char *where)
{
    fprintf(stderr, "generate: %s: %s\n", where, what);
    exit(74);
}

static void buffer_room(struct buffer *buffer, size_t more)
{
    if (buffer->length + more + 1 <= buffer->size)
        return;
    buffer->size = (buffer->length + more + 1) * 2;
    buffer->at = realloc(buffer->at, buffer->size);
    if (buffer->at == NULL)
        give_up("out of memory", "buffer");
}

void buffer_add(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    buffer_room(buffer, (size_t)length);
    va_start(arguments, format);
    vsnprintf(buffer->at + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

void buffer_csv(struct buffer *buffer, const char *text, char after)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        buffer_add(buffer, "%s%c", text, after);
        return;
    }
    buffer_add(buffer, "\"");
    for (; *text != '\0'; text++)
        buffer_add(buffer, *text == '"' ? "\"%c" : "%c", *text);
    buffer_add(buffer, "\"%c", after);
}

char *path_in(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);

    if (path == NULL)
        give_up("out of memory", name);
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static void recode(struct buffer *buffer, const char *encoding, const char *name)
{
    iconv_t converter = iconv_open(encoding, "UTF-8");
    size_t left = buffer->length, room = buffer->length * 2 + 16;
    char *from = buffer->at, *converted = malloc(room), *to = converted;
    size_t start = room;

    if (converter == (iconv_t)-1 || converted == NULL
        || iconv(converter, &from, &left, &to, &room) == (size_t)-1)
        give_up("cannot convert", name);
    iconv_close(converter);
    free(buffer->at);
    buffer->at = converted;
    buffer->length = start - room;
}

/* Empties the buffer; encoding NULL = as it is. */
void buffer_write(struct buffer *buffer, const char *folder, const char *name,
                  const char *encoding)
{
    char *path = path_in(folder, name);
    FILE *file = fopen(path, "wb");

    if (encoding != NULL)
        recode(buffer, encoding, name);
    if (file == NULL || fwrite(buffer->at, 1, buffer->length, file) != buffer->length
        || fclose(file) != 0)
        give_up("cannot write", path);
    free(path);
    free(buffer->at);
    memset(buffer, 0, sizeof *buffer);
}

const char *stamp(int64_t seconds, char *room, size_t size)
{
    struct civil civil = clock_civil(seconds);

    room[0] = '\0';
    if (seconds != 0)
        snprintf(room, size, "%04d-%02d-%02d %02d:%02d:%02d", civil.year, civil.month,
                 civil.day, civil.hour, civil.minute, civil.second);
    return room;
}

void ticket_content(const struct ticket *ticket, char *room, size_t size)
{
    const char *words = subjects[ticket->subject].words[ticket->id % 3];

    if (ticket->lift != 0)
        snprintf(room, size, "%d号楼%d号梯，%s", ticket->building, ticket->lift, words);
    else if (ticket->id % 17 == 0)
        snprintf(room, size, "%s，说过\"马上来\", 还没来人", words);
    else if (ticket->id % 23 == 0)
        snprintf(room, size, "%s。\n请尽快处理，谢谢。", words);
    else
        snprintf(room, size, "%s", words);
}

void ticket_trail(const struct ticket *ticket, char *room, size_t size)
{
    size_t used = 0;
    int i;

    room[0] = '\0';
    for (i = 0; i < ticket->trail_count && used < size; i++)
        used += (size_t)snprintf(room + used, size - used, "%s%s", i > 0 ? ">" : "",
                                 department_words[ticket->trail[i]]);
}

/* 199 0000 xxxx: a range in which no number is given out. */
void ticket_phone(const struct ticket *ticket, char *room, size_t size)
{
    room[0] = '\0';
    if (!ticket->anonymous)
        snprintf(room, size, "1990000%04d", estate_household(ticket) * 5 % 10000);
}

static int64_t by_then(int64_t time, int64_t at)
{
    return time <= at ? time : 0;
}

static const char *status_of(const struct ticket *ticket, const struct view *view)
{
    if (view->merged)
        return "已合并";
    if (view->voided != 0)
        return ticket->channel == WECHAT ? "已取消" : "作废";
    if (view->completed != 0)
        return view->revisited != 0 ? "已回访" : "已完成";
    if (view->reopened != 0)
        return "返工";
    if (view->paused != 0 && view->resumed == 0)
        return "挂起";
    if (view->responded != 0)
        return "处理中";
    return view->dispatched != 0 ? "已派单" : "待派单";
}

struct view estate_view(const struct ticket *ticket, int64_t at)
{
    struct view view = { 0 };
    const int64_t *times[] = { &view.dispatched,      &view.responded, &view.arrived,
                               &view.first_completed, &view.reopened,  &view.completed,
                               &view.paused,          &view.resumed,   &view.voided,
                               &view.revisited };
    size_t i;

    view.dispatched = by_then(ticket->dispatched, at);
    view.responded = by_then(ticket->responded, at);
    view.arrived = by_then(ticket->arrived, at);
    view.first_completed = by_then(ticket->first_completed, at);
    view.reopened = by_then(ticket->reopened, at);
    view.completed = by_then(ticket->completed, at);
    view.paused = by_then(ticket->paused, at);
    view.resumed = by_then(ticket->resumed, at);
    view.voided = by_then(ticket->voided, at);
    view.revisited = by_then(ticket->revisited, at);
    if (view.first_completed != 0 && view.reopened == 0) {
        view.completed = view.first_completed;
        view.first_completed = 0;
    }
    view.merged = ticket->parent != NO_ONE && ticket->merged <= at;
    if (ticket->rated != 0 && ticket->rated <= at)
        view.resident_rating = ticket->resident_rating;
    view.updated = ticket->received;
    for (i = 0; i < sizeof times / sizeof times[0]; i++)
        if (*times[i] > view.updated)
            view.updated = *times[i];
    if (view.merged && ticket->merged > view.updated)
        view.updated = ticket->merged;
    if (view.resident_rating != 0 && ticket->rated > view.updated)
        view.updated = ticket->rated;
    view.status = status_of(ticket, &view);
    return view;
}

bool export_has(const struct export *export, const struct ticket *ticket)
{
    int64_t settled = ticket->completed;

    if (ticket->received < export->from)
        return export->since != 0 && ticket->received < export->since
               && ticket->voided == 0 && ticket->parent == NO_ONE
               && (settled == 0 || settled > export->since
                   || (ticket->rated != 0 && ticket->rated > export->since));
    return ticket->received < export->until;
}
