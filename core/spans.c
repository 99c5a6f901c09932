/*
 * spans.c - spans of time as people write them (DOMAIN.md 4.3): strict as dates are.
 */
#include "core/calendar.h"
#include "core/scan.h"

/* A number with an optional fraction, or 半; in thousandths. */
static bool take_thousandths(struct scan *scan, int64_t *amount)
{
    int64_t whole, digits = 0;
    int places, i;

    if (scan_word(scan, "半")) {
        (void)scan_word(scan, "个");
        *amount = 500;
        return true;
    }
    if (scan_number(scan, 6, &whole) == 0)
        return false;
    if (scan_take(scan, '.')) {
        places = scan_number(scan, 3, &digits);
        if (places == 0)
            return false;
        for (i = places; i < 3; i++)
            digits *= 10;
    }
    *amount = whole * 1000 + digits;
    return true;
}

static int64_t take_unit(struct scan *scan)
{
    static const struct {
        const char *word;
        int seconds;
    } units[] = { { "个小时", 3600 },   { "小时", 3600 },    { "hours", 3600 },
                  { "hour", 3600 },     { "hrs", 3600 },     { "hr", 3600 },
                  { "h", 3600 },        { "时", 3600 },      { "分钟", 60 },
                  { "分", 60 },         { "minutes", 60 },   { "minute", 60 },
                  { "mins", 60 },       { "min", 60 },       { "m", 60 },
                  { "秒钟", 1 },        { "秒", 1 },         { "seconds", 1 },
                  { "second", 1 },      { "secs", 1 },       { "sec", 1 },
                  { "s", 1 },           { "自然日", 86400 }, { "个自然日", 86400 },
                  { "天", 86400 },      { "日", 86400 },     { "days", 86400 },
                  { "day", 86400 },     { "d", 86400 },      { "周", 604800 },
                  { "个星期", 604800 }, { "星期", 604800 } };
    size_t i;

    for (i = 0; i < sizeof units / sizeof units[0]; i++)
        if (scan_word(scan, units[i].word))
            return units[i].seconds;
    return 0;
}

/* "01:30:00", "1:30" (hours and minutes), "26:15:00". */
static bool span_clock(struct scan *scan, int64_t *amount)
{
    int64_t hour, minute, second = 0;

    if (scan_number(scan, 4, &hour) == 0 || !scan_take(scan, ':')
        || scan_number(scan, 2, &minute) == 0)
        return false;
    if (scan_take(scan, ':') && scan_number(scan, 2, &second) == 0)
        return false;
    if (scan->at != scan->count || minute > 59 || second > 59)
        return false;
    *amount = hour * 3600 + minute * 60 + second;
    return true;
}

static bool span_workdays(struct scan *scan, int64_t *amount)
{
    if (scan_number(scan, 4, amount) == 0)
        return false;
    scan_blanks(scan);
    (void)scan_word(scan, "个");
    return (scan_word(scan, "工作日") || scan_word(scan, "工作天")
            || scan_word(scan, "working days") || scan_word(scan, "working day")
            || scan_word(scan, "business days"))
           && (scan->at == scan->count || scan_word(scan, "内"))
           && scan->at == scan->count;
}

enum span_kind span_parse(struct text text, int64_t *amount)
{
    struct scan scan;
    int64_t total = 0, thousandths, unit;

    if (text.at == NULL || text.length > 4 * SCAN_CODES || !scan_open(&scan, text))
        return SPAN_NONE;
    if (span_workdays(&scan, amount))
        return SPAN_WORKDAYS;
    scan.at = 0;
    if (span_clock(&scan, amount))
        return SPAN_SECONDS;
    scan.at = 0;
    while (scan.at < scan.count) {
        if (total > 0 && scan_word(&scan, "内") && scan.at == scan.count)
            break;
        if (!take_thousandths(&scan, &thousandths))
            return SPAN_NONE;
        scan_blanks(&scan);
        unit = take_unit(&scan);
        if (unit == 0)
            return SPAN_NONE;
        total += thousandths * unit / 1000;
        scan_blanks(&scan);
    }
    *amount = total;
    return SPAN_SECONDS;
}
