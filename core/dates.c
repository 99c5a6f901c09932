/*
 * dates.c - dates as people write them.
 *
 * Forms: DOMAIN.md 4.3.  Strict: what is left over makes it no date; day and
 * month are never guessed, the order comes from the map.
 */
#include "core/calendar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/scan.h"

enum {
    YEAR_FIRST = 1990, /* outside: a typing error or no date at all */
    YEAR_LAST = 2100,
    ZONE_HOME = 8 * 3600, /* civil time is UTC+8 */
    SERIAL_LEAST = 20000, /* digits alone are an Excel serial within these */
    SERIAL_MOST = 80000
};

/* --- the time of day -------------------------------------------------------- */

enum half { HALF_NONE, HALF_AM, HALF_PM, HALF_NOON, HALF_NIGHT };

static enum half take_half(struct scan *scan)
{
    static const struct {
        const char *word;
        enum half half;
    } words[] = { { "上午", HALF_AM },   { "早上", HALF_AM },    { "凌晨", HALF_AM },
                  { "清晨", HALF_AM },   { "下午", HALF_PM },    { "傍晚", HALF_PM },
                  { "中午", HALF_NOON }, { "晚上", HALF_NIGHT }, { "a.m.", HALF_AM },
                  { "p.m.", HALF_PM },   { "am", HALF_AM },      { "pm", HALF_PM } };
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++)
        if (scan_word(scan, words[i].word))
            return words[i].half;
    return HALF_NONE;
}

static bool apply_half(enum half half, int64_t *hour)
{
    switch (half) {
    case HALF_NONE:
        return true;
    case HALF_AM:
        if (*hour > 12)
            return false;
        *hour %= 12;
        return true;
    case HALF_PM:
        *hour = *hour < 12 ? *hour + 12 : *hour;
        return *hour <= 23;
    case HALF_NOON:
        *hour = *hour < 3 ? *hour + 12 : *hour;
        return *hour >= 11 && *hour <= 14;
    case HALF_NIGHT: /* "晚上12点" may be either midnight: not guessed */
        *hour = *hour < 12 ? *hour + 12 : *hour;
        return *hour >= 17 && *hour <= 23;
    }
    return false;
}

static bool take_minutes(struct scan *scan, int64_t *minute, int64_t *second)
{
    int64_t ignored;

    if (scan_take(scan, ':')) {
        if (scan_number(scan, 2, minute) == 0)
            return false;
        if (scan_take(scan, ':')) {
            if (scan_number(scan, 2, second) == 0)
                return false;
            if ((scan_peek(scan) == '.' || scan_peek(scan) == ',')) {
                scan->at++;
                if (scan_number(scan, 9, &ignored) == 0)
                    return false;
            }
        }
        return true;
    }
    if (!scan_word(scan, "时") && !scan_word(scan, "點") && !scan_word(scan, "点"))
        return false;
    (void)scan_word(scan, "钟");
    if (scan_word(scan, "半")) {
        *minute = 30;
        return true;
    }
    scan_blanks(scan);
    if (!scan_digit(scan_peek(scan)))
        return true;
    if (scan_number(scan, 2, minute) == 0)
        return false;
    if (!scan_word(scan, "分"))
        return scan_peek(scan) == 0;
    scan_blanks(scan);
    if (scan_digit(scan_peek(scan))) {
        if (scan_number(scan, 2, second) == 0)
            return false;
        (void)scan_word(scan, "秒");
    }
    return true;
}

/* "Z", "+08:00", "-0500", "UTC+8"; *known says that there was one. */
static bool take_zone(struct scan *scan, int64_t *offset, bool *known)
{
    int64_t hours, minutes = 0;
    bool west, named;
    int digits;

    *known = false;
    *offset = 0;
    if (scan_word(scan, "z")) {
        *known = true;
        return true;
    }
    named = scan_word(scan, "utc") || scan_word(scan, "gmt");
    *known = named;
    if (scan_peek(scan) != '+' && scan_peek(scan) != '-')
        return true;
    west = scan_peek(scan) == '-';
    scan->at++;
    digits = scan_number(scan, 4, &hours);
    if (digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (digits == 0 || digits == 3 || (digits == 1 && !named)) {
        return false;
    } else if (scan_take(scan, ':') && scan_number(scan, 2, &minutes) != 2) {
        return false;
    }
    if (hours > 14 || minutes > 59)
        return false;
    *offset = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
    *known = true;
    return true;
}

/* Seconds of the day, shifted to UTC+8 where a zone is written. */
static bool take_clock(struct scan *scan, int64_t *seconds, bool *zoned)
{
    int64_t hour, minute = 0, second = 0, offset;
    enum half half = take_half(scan), after;

    scan_blanks(scan);
    if (scan_number(scan, 2, &hour) == 0 || !take_minutes(scan, &minute, &second))
        return false;
    scan_blanks(scan);
    after = take_half(scan);
    if (after != HALF_NONE && half != HALF_NONE)
        return false;
    if (half == HALF_NONE)
        half = after;
    scan_blanks(scan);
    if (!take_zone(scan, &offset, zoned) || minute > 59 || second > 59)
        return false;
    if (hour == 24 && (minute != 0 || second != 0 || half != HALF_NONE))
        return false;
    if (hour > 24 || !apply_half(half, &hour))
        return false;
    *seconds = hour * 3600 + minute * 60 + second;
    if (*zoned)
        *seconds += ZONE_HOME - offset;
    return true;
}

/* --- the date ---------------------------------------------------------------- */

static int64_t full_year(int64_t year, int digits)
{
    return digits == 2 ? 2000 + year : year;
}

/* 星期一, 周一, (周一): said beside the date, adds nothing. */
static void skip_weekday(struct scan *scan)
{
    int back = scan->at;
    bool bracket;

    scan_blanks(scan);
    bracket = scan_take(scan, '(');
    if ((scan_word(scan, "星期") || scan_word(scan, "周")) && scan->at < scan->count) {
        scan->at++;
        if (!bracket || scan_take(scan, ')'))
            return;
    }
    scan->at = back;
}

/* After "Y年" or at the start: M月D日. */
static bool take_chinese(struct scan *scan, int64_t *month, int64_t *day)
{
    scan_blanks(scan);
    if (scan_number(scan, 2, month) == 0)
        return false;
    scan_blanks(scan);
    if (!scan_word(scan, "月"))
        return false;
    scan_blanks(scan);
    if (scan_number(scan, 2, day) == 0)
        return false;
    scan_blanks(scan);
    return scan_word(scan, "日") || scan_word(scan, "号");
}

struct written {
    int64_t part[3];
    int digits[3];
};

/* The order of the parts; a year of four digits in front is always y-m-d. */
static bool order_parts(const struct written *written, enum date_order order,
                        int64_t *year, int64_t *month, int64_t *day)
{
    int at = 0;

    if (written->digits[0] == 4)
        order = DATE_YMD;
    if (order != DATE_YMD)
        at = 2;
    if (written->digits[at] != 4 && written->digits[at] != 2)
        return false;
    *year = full_year(written->part[at], written->digits[at]);
    if (order == DATE_YMD) {
        *month = written->part[1];
        *day = written->part[2];
        return written->digits[1] <= 2 && written->digits[2] <= 2;
    }
    *month = written->part[order == DATE_MDY ? 0 : 1];
    *day = written->part[order == DATE_MDY ? 1 : 0];
    return written->digits[0] <= 2 && written->digits[1] <= 2;
}

static bool take_separated(struct scan *scan, const struct date_options *options,
                           int64_t *year, int64_t *month, int64_t *day)
{
    struct written written;
    uint32_t separator;

    written.digits[0] = scan_number(scan, 4, &written.part[0]);
    separator = scan_peek(scan);
    if (written.digits[0] == 0
        || (separator != '/' && separator != '-' && separator != '.'))
        return false;
    scan->at++;
    scan_blanks(scan);
    written.digits[1] = scan_number(scan, 2, &written.part[1]);
    if (written.digits[1] == 0)
        return false;
    if (!scan_take(scan, separator)) { /* "9/1" of a known year */
        if (options->year == 0 || separator == '.' || written.digits[0] > 2)
            return false;
        *year = options->year;
        *month = written.part[options->order == DATE_DMY ? 1 : 0];
        *day = written.part[options->order == DATE_DMY ? 0 : 1];
        return true;
    }
    scan_blanks(scan);
    written.digits[2] = scan_number(scan, 4, &written.part[2]);
    return written.digits[2] > 0
           && order_parts(&written, options->order, year, month, day);
}

static bool take_date(struct scan *scan, const struct date_options *options,
                      int64_t *year, int64_t *month, int64_t *day)
{
    int back = scan->at, digits = scan_number(scan, 4, year);

    scan_blanks(scan);
    if ((digits == 4 || digits == 2) && scan_word(scan, "年")) {
        *year = full_year(*year, digits);
        return take_chinese(scan, month, day);
    }
    if (digits >= 1 && digits <= 2 && scan_word(scan, "月")) {
        scan->at = back;
        *year = options->year;
        return options->year != 0 && take_chinese(scan, month, day);
    }
    scan->at = back;
    return take_separated(scan, options, year, month, day);
}

bool date_in_range(int64_t time)
{
    return time >= (int64_t)day_of(YEAR_FIRST, 1, 1) * DAY_SECONDS
           && time < (int64_t)day_of(YEAR_LAST + 1, 1, 1) * DAY_SECONDS;
}

static bool build(int64_t year, int64_t month, int64_t day, int64_t seconds,
                  int64_t *time)
{
    if (year < YEAR_FIRST || year > YEAR_LAST
        || !day_valid((int)year, (int)month, (int)day))
        return false;
    *time = (int64_t)day_of((int)year, (int)month, (int)day) * DAY_SECONDS + seconds;
    return date_in_range(*time);
}

/* --- digits alone ------------------------------------------------------------ */

static bool from_epoch(int64_t digits, int count, int64_t *time)
{
    int64_t seconds = count == 13 ? digits / 1000 : digits;

    if (count != 13 && (count < 9 || count > 10))
        return false;
    *time = seconds + ZONE_HOME;
    return date_in_range(*time);
}

static bool from_serial(int64_t whole, double fraction,
                        const struct date_options *options, int64_t *time,
                        bool *date_only)
{
    if (whole < SERIAL_LEAST || whole >= SERIAL_MOST)
        return false;
    return date_serial((double)whole + fraction, options->date1904, time, date_only)
           && date_in_range(*time);
}

static bool all_digits(struct scan *scan, const struct date_options *options,
                       int64_t *time, bool *date_only)
{
    int64_t number, fraction = 0, scale = 1;
    int count = scan_number(scan, 14, &number), places;
    int64_t clock = 0;

    *date_only = false;
    if (count > 0 && scan_take(scan, '.')) {
        int from = scan->at;

        places = scan_number(scan, 15, &fraction);
        if (places == 0 || scan->at != scan->count)
            return false;
        for (; from < scan->at; from++)
            scale *= 10;
        if (options->epoch || count == 10)
            return count <= 10 && from_epoch(number, count, time);
        return count == 5
               && from_serial(number, (double)fraction / (double)scale, options, time,
                              date_only);
    }
    if (count == 0 || scan->at != scan->count)
        return false;
    if (options->epoch || count == 10 || count == 13)
        return from_epoch(number, count, time);
    if (count == 5)
        return from_serial(number, 0.0, options, time, date_only);
    if (count == 12 || count == 14) {
        int64_t second = count == 14 ? number % 100 : 0;

        number = count == 14 ? number / 100 : number;
        if (number % 100 > 59 || number / 100 % 100 > 23 || second > 59)
            return false;
        clock = number / 100 % 100 * 3600 + number % 100 * 60 + second;
        number /= 10000;
    } else if (count == 8) {
        *date_only = true;
    } else {
        return false;
    }
    return build(number / 10000, number / 100 % 100, number % 100, clock, time);
}

/* One or two digits at *at, at least `least`; -1: none. */
static int short_number(const char **at, const char *end, int least)
{
    int value;

    if (end - *at < least || end == *at || **at < '0' || **at > '9')
        return -1;
    value = *(*at)++ - '0';
    if (*at < end && **at >= '0' && **at <= '9')
        return value * 10 + (*(*at)++ - '0');
    return least > 1 ? -1 : value;
}

/* 2026/9/1, 2026-09-01 8:30, 2026-09-01 08:30:00: how nearly all files write it.
 * false: it may be a date all the same, the long way tells. */
static bool plain_form(struct text text, int32_t shift, int64_t *time, bool *date_only)
{
    const char *at = text.at, *end = at + text.length;
    int parts[3], clock[3] = { 0, 0, 0 }, i, year = 0;
    char separator;

    if (text.length < 8 || (at[4] != '-' && at[4] != '/'))
        return false;
    for (i = 0; i < 4; i++, at++) {
        if (*at < '0' || *at > '9')
            return false;
        year = year * 10 + (*at - '0');
    }
    parts[0] = year;
    separator = *at;
    for (i = 1; i < 3; i++) {
        if (at == end || *at++ != separator)
            return false;
        parts[i] = short_number(&at, end, 1);
    }
    *date_only = at == end;
    if (!*date_only && *at++ != ' ')
        return false;
    for (i = 0; !*date_only && i < 3 && (i < 2 || at != end); i++) {
        if (i > 0 && (at == end || *at++ != ':'))
            return false;
        clock[i] = short_number(&at, end, i == 0 ? 1 : 2);
    }
    if (at != end || parts[1] < 1 || parts[2] < 1 || clock[0] < 0 || clock[0] > 23
        || clock[1] < 0 || clock[1] > 59 || clock[2] < 0 || clock[2] > 59)
        return false;
    return build(year, parts[1], parts[2],
                 clock[0] * 3600 + clock[1] * 60 + clock[2] + (*date_only ? 0 : shift),
                 time);
}

bool date_parse(struct text text, const struct date_options *options, int64_t *time,
                bool *date_only)
{
    struct scan scan;
    int64_t year, month, day, seconds = 0;
    bool zoned = false;

    if (text.at == NULL || text.length > 4 * SCAN_CODES)
        return false;
    if (plain_form(text, options->shift, time, date_only))
        return true;
    if (!scan_open(&scan, text))
        return false;
    if (all_digits(&scan, options, time, date_only)) {
        if (!*date_only && !options->epoch && scan.count >= 12 && scan.count != 13)
            *time += options->shift;
        return true;
    }
    scan.at = 0;
    if (!take_date(&scan, options, &year, &month, &day))
        return false;
    skip_weekday(&scan);
    *date_only = scan.at == scan.count;
    if (!*date_only) {
        if (!scan_take(&scan, 'T') && !scan_take(&scan, 't'))
            scan_blanks(&scan);
        if (!take_clock(&scan, &seconds, &zoned) || scan.at != scan.count)
            return false;
        if (!zoned)
            seconds += options->shift;
    }
    return build(year, month, day, seconds, time);
}
