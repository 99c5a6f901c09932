/* calendar.c - working time: which days work, what elapsed, when something falls due.
 */
#include "core/calendar.h"

#include <string.h>

#include "core/file.h"

enum {
    CALENDAR_BYTES = 1 << 20, /* a century of notices is some 200 kB */
    DUE_DAYS = 366 * 30       /* a deadline farther off than this is no deadline */
};

/* --- reading the list ----------------------------------------------------- */

static struct text next_line(struct text *rest)
{
    struct text line = { rest->at, 0 };

    while (line.length < rest->length && rest->at[line.length] != '\n')
        line.length++;
    rest->at += line.length;
    rest->length -= line.length;
    if (rest->length > 0) {
        rest->at++;
        rest->length--;
    }
    return text_trim(line);
}

static struct text next_field(struct text *rest)
{
    struct text field = { rest->at, 0 };

    while (field.length < rest->length && rest->at[field.length] != ',')
        field.length++;
    rest->at += field.length;
    rest->length -= field.length;
    if (rest->length > 0) {
        rest->at++;
        rest->length--;
    }
    return text_trim(field);
}

static bool digits(const char *at, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        *value = *value * 10 + (at[i] - '0');
    }
    return true;
}

static bool read_day(struct text field, int *year, int32_t *day)
{
    int month, day_of_month;

    if (field.length != 10 || field.at[4] != '-' || field.at[7] != '-'
        || !digits(field.at, 4, year) || !digits(field.at + 5, 2, &month)
        || !digits(field.at + 8, 2, &day_of_month)
        || !day_valid(*year, month, day_of_month))
        return false;
    *day = day_of(*year, month, day_of_month);
    return true;
}

static bool read_kind(struct text field, bool *off)
{
    *off = text_is(field, "off") || text_is(field, "休");
    return *off || text_is(field, "work") || text_is(field, "班");
}

/* Keeps the days sorted; almost always the new one belongs at the end. */
static bool insert(struct calendar_day *days, size_t count, struct calendar_day day)
{
    size_t place = count;

    while (place > 0 && days[place - 1].day > day.day)
        place--;
    if (place > 0 && days[place - 1].day == day.day)
        return false;
    memmove(days + place + 1, days + place, (count - place) * sizeof *days);
    days[place] = day;
    return true;
}

static enum status take_line(struct text line, int number, struct arena *memory,
                             struct calendar *calendar, struct calendar_day *days,
                             struct error *err)
{
    struct text whole = line;
    struct text date = next_field(&line);
    struct text kind = next_field(&line);
    struct calendar_day day = { 0 };
    int year;

    if (!read_day(date, &year, &day.day) || !read_kind(kind, &day.off))
        return fail(err, HY_CONFIG,
                    "第 %d 行“%.*s”看不懂：应为 日期,off 或 work,名称，"
                    "如 2026-10-01,off,国庆节",
                    number, (int)(whole.length < 60 ? whole.length : 60), whole.at);
    day.name = text_copy(memory, next_field(&line));
    if (!insert(days, calendar->exception_count, day))
        return fail(err, HY_CONFIG, "第 %d 行：%.*s 这一天写了两次，请删去一行", number,
                    (int)date.length, date.at);
    calendar->exception_count++;
    if (calendar->first_year == 0 || year < calendar->first_year)
        calendar->first_year = year;
    if (year > calendar->last_year)
        calendar->last_year = year;
    return HY_OK;
}

static size_t count_lines(struct text rest)
{
    size_t lines = 1;

    for (uint32_t i = 0; i < rest.length; i++)
        lines += rest.at[i] == '\n';
    return lines;
}

enum status calendar_load(const char *path, struct arena *memory,
                          struct calendar *calendar, struct error *err)
{
    const unsigned char *bytes;
    size_t length;
    struct text rest;
    struct calendar_day *days;

    TRY(file_read(path, CALENDAR_BYTES, memory, &bytes, &length, err));
    rest.at = (const char *)bytes;
    rest.length = (uint32_t)length;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        rest.at += 3;
        rest.length -= 3;
    }
    days = arena_alloc(memory, count_lines(rest) * sizeof *days);
    calendar->exception_count = 0;
    calendar->exceptions = days;
    calendar->first_year = calendar->last_year = 0;
    for (int number = 1; rest.length > 0; number++) {
        struct text line = next_line(&rest);

        if (line.length == 0 || line.at[0] == '#'
            || (number == 1 && line.length >= 4 && memcmp(line.at, "date", 4) == 0))
            continue;
        if (take_line(line, number, memory, calendar, days, err) != HY_OK)
            return fail_in(err, HY_CONFIG, path);
    }
    return HY_OK;
}

/* --- days ----------------------------------------------------------------- */

/* Index of the first exception on or after the day. */
static size_t first_from(const struct calendar *calendar, int32_t day)
{
    size_t low = 0, high = calendar->exception_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (calendar->exceptions[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct hours closed_hours = { 0 };

static const struct hours *hours_of(const struct calendar *calendar, int32_t day)
{
    size_t at = first_from(calendar, day);

    if (at < calendar->exception_count && calendar->exceptions[at].day == day)
        return calendar->exceptions[at].off ? &closed_hours : &calendar->working;
    return &calendar->weekday[day_weekday(day)];
}

static int64_t day_length(const struct hours *hours)
{
    int64_t seconds = 0;

    for (int i = 0; i < hours->count; i++)
        seconds += hours->until[i] - hours->from[i];
    return seconds;
}

/* Floor, because seconds before 1970 are negative. */
static int32_t day_at(int64_t time)
{
    int64_t day = time / DAY_SECONDS;

    return (int32_t)(time % DAY_SECONDS < 0 ? day - 1 : day);
}

bool calendar_works(const struct calendar *calendar, int32_t day)
{
    return hours_of(calendar, day)->count > 0;
}

bool calendar_covers(const struct calendar *calendar, int64_t from, int64_t until)
{
    int first, last, month, day;

    if (calendar->first_year == 0)
        return false;
    day_split(day_at(from), &first, &month, &day);
    day_split(day_at(until > from ? until - 1 : from), &last, &month, &day);
    return first >= calendar->first_year && last <= calendar->last_year;
}

/* --- elapsed -------------------------------------------------------------- */

/* Working seconds of the day before the given second of it. */
static int64_t elapsed_in_day(const struct hours *hours, int64_t second)
{
    int64_t total = 0;

    for (int i = 0; i < hours->count; i++)
        if (second > hours->from[i])
            total +=
                (second < hours->until[i] ? second : hours->until[i]) - hours->from[i];
    return total;
}

/* Working seconds of the whole days [from, until): weeks by multiplication, so
 * that a completion dated 9999 costs no more than one dated today. */
static int64_t elapsed_days(const struct calendar *calendar, int32_t from,
                            int32_t until)
{
    int64_t total = 0, week = 0;

    if (until <= from)
        return 0;
    for (int i = 0; i < 7; i++)
        week += day_length(&calendar->weekday[i]);
    total = ((int64_t)until - from) / 7 * week;
    for (int32_t day = until - (int32_t)(((int64_t)until - from) % 7); day < until;
         day++)
        total += day_length(&calendar->weekday[day_weekday(day)]);
    for (size_t i = first_from(calendar, from); i < calendar->exception_count; i++) {
        const struct calendar_day *day = &calendar->exceptions[i];

        if (day->day >= until)
            break;
        total -= day_length(&calendar->weekday[day_weekday(day->day)]);
        total += day->off ? 0 : day_length(&calendar->working);
    }
    return total;
}

int64_t calendar_elapsed(const struct calendar *calendar, int64_t from, int64_t until)
{
    int32_t first, last;

    if (until <= from)
        return 0;
    first = day_at(from);
    last = day_at(until);
    return elapsed_days(calendar, first, last)
           + elapsed_in_day(hours_of(calendar, last),
                            until - (int64_t)last * DAY_SECONDS)
           - elapsed_in_day(hours_of(calendar, first),
                            from - (int64_t)first * DAY_SECONDS);
}

/* --- due ------------------------------------------------------------------ */

static int64_t due_workhour(const struct calendar *calendar, int64_t from, int64_t left)
{
    int32_t first = day_at(from);

    for (int32_t step = 0; step < DUE_DAYS; step++) {
        int32_t day = first + step;
        const struct hours *hours = hours_of(calendar, day);
        int64_t midnight = (int64_t)day * DAY_SECONDS;

        for (int i = 0; i < hours->count; i++) {
            int64_t start = midnight + hours->from[i];
            int64_t end = midnight + hours->until[i];

            if (start < from)
                start = from;
            if (start >= end)
                continue;
            if (end - start >= left)
                return start + left;
            left -= end - start;
        }
    }
    return INT64_MIN;
}

static int64_t due_workday(const struct calendar *calendar, int64_t from, int64_t left)
{
    int32_t first = day_at(from);

    for (int32_t step = 0; step < DUE_DAYS; step++) {
        int32_t day = first + step;
        const struct hours *hours = hours_of(calendar, day);

        if (hours->count == 0 || (step == 0 && left > 0))
            continue;
        if (--left <= 0)
            return (int64_t)day * DAY_SECONDS + hours->until[hours->count - 1];
    }
    return INT64_MIN;
}

int64_t calendar_due(const struct calendar *calendar, enum clock clock, int64_t from,
                     int64_t amount)
{
    switch (clock) {
    case CLOCK_NATURAL:
        return from + amount;
    case CLOCK_WORKHOUR:
        return due_workhour(calendar, from, amount);
    case CLOCK_WORKDAY:
        return due_workday(calendar, from, amount);
    }
    return from + amount;
}
