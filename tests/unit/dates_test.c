/* dates_test.c - every form of DOMAIN.md 4.3; expected values counted by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */
#define SHOW(...) \
    (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include <string.h>

#include "core/calendar.h"

struct form {
    const char *text, *expected; /* NULL = not a date */
};

static void check(const struct form *forms, size_t count,
                  const struct date_options *options)
{
    size_t i;

    for (i = 0; i < count; i++) {
        int64_t time = 0;
        bool date_only = false;
        char out[20] = "";

        if (date_parse(text_of(forms[i].text), options, &time, &date_only))
            time_print(time, date_only, out);
        if (strcmp(out, forms[i].expected == NULL ? "" : forms[i].expected) != 0)
            SHOW("“%s”: got “%s”, want “%s”", forms[i].text, out,
                 forms[i].expected == NULL ? "not a date" : forms[i].expected);
    }
}

#define CHECK(forms, options) check(forms, sizeof forms / sizeof forms[0], options)

static void days_and_months(void **state)
{
    int year, month, day;
    int32_t number;
    char out[20];

    (void)state;
    assert_int_equal(day_of(1970, 1, 1), 0);
    assert_int_equal(day_of(2000, 3, 1), 11017);
    assert_int_equal(day_of(2025, 9, 1), 20332);
    day_split(20332, &year, &month, &day);
    assert_true(year == 2025 && month == 9 && day == 1);
    day_split(day_of(2024, 2, 29), &year, &month, &day);
    assert_true(year == 2024 && month == 2 && day == 29);
    assert_int_equal(day_weekday(day_of(2025, 9, 1)), 0); /* a Monday */
    assert_int_equal(day_weekday(day_of(1969, 12, 31)), 2);
    assert_true(day_valid(2024, 2, 29) && !day_valid(2025, 2, 29));
    assert_true(!day_valid(1900, 2, 29) && !day_valid(2025, 13, 1));
    assert_true(month_parse("2026-10", &number));
    assert_int_equal(number, 2026 * 12 + 9);
    assert_false(month_parse("2026-13", &number));
    assert_false(month_parse("2026-1", &number));
    assert_false(month_parse("2026-10x", &number));
    month_print(2026 * 12 + 9, out);
    assert_string_equal(out, "2026-10");
    assert_int_equal(month_start(2026 * 12 + 9), (int64_t)day_of(2026, 10, 1) * 86400);
    assert_int_equal(month_of_time(month_start(2026 * 12 + 9) - 1), 2026 * 12 + 8);
}

static void written_dates(void **state)
{
    static const struct form forms[] = {
        { "2025/9/1 8:05", "2025-09-01 08:05:00" },
        { "2025-09-01 08:05:00", "2025-09-01 08:05:00" },
        { "2025.9.1", "2025-09-01" },
        { "2025年9月1日 8时5分", "2025-09-01 08:05:00" },
        { "2025年9月1日8时5分6秒", "2025-09-01 08:05:06" },
        { "2025年9月1日", "2025-09-01" },
        { "2025年9月1号 8点半", "2025-09-01 08:30:00" },
        { "25年9月1日", "2025-09-01" },
        { "20250901", "2025-09-01" },
        { "202509010805", "2025-09-01 08:05:00" },
        { "20250901080506", "2025-09-01 08:05:06" },
        { "25/9/1", "2025-09-01" },
        { "2025-9-1 上午 8:05", "2025-09-01 08:05:00" },
        { "2025-9-1 下午 8:05", "2025-09-01 20:05:00" },
        { "2025-9-1 下午8:05:09", "2025-09-01 20:05:09" },
        { "2025-9-1 上午 12:05", "2025-09-01 00:05:00" },
        { "2025-9-1 下午 12:05", "2025-09-01 12:05:00" },
        { "2025/9/1 8:05 PM", "2025-09-01 20:05:00" },
        { "2025/9/1 12:00:00 AM", "2025-09-01 00:00:00" },
        { "２０２５／９／１　８：０５", "2025-09-01 08:05:00" },
        { "2025-09-01T08:05:00", "2025-09-01 08:05:00" },
        { "2025-09-01T08:05:00.000", "2025-09-01 08:05:00" },
        { "2025-09-01T00:05:00Z", "2025-09-01 08:05:00" },
        { "2025-09-01T08:05:00+08:00", "2025-09-01 08:05:00" },
        { "2015-05-29T15:56:54+03:00", "2015-05-29 20:56:54" },
        { "2025-09-01T23:05:00-0500", "2025-09-02 12:05:00" },
        { "1756684800", "2025-09-01 08:00:00" },
        { "1756684800000", "2025-09-01 08:00:00" },
        { "45901", "2025-09-01" },
        { "45901.5", "2025-09-01 12:00:00" },
        { "45901.33680555556", "2025-09-01 08:05:00" },
        { "2025-09-01 24:00", "2025-09-02 00:00:00" },
        { "2025-12-31 24:00:00", "2026-01-01 00:00:00" },
        { " 2025-9-1\t", "2025-09-01" },
        { "2025-09-01 星期一 08:05", "2025-09-01 08:05:00" },
        { "2025-09-01 (周一)", "2025-09-01" },
        { "2024-2-29", "2024-02-29" },
    };
    struct date_options options = { .order = DATE_YMD };

    (void)state;
    CHECK(forms, &options);
}

static void not_dates(void **state)
{
    static const struct form forms[] = { { "", NULL },
                                         { "2025-02-29", NULL },
                                         { "2025-13-01", NULL },
                                         { "1/9/2025", NULL },
                                         { "9月1日", NULL },
                                         { "2025-09-01 08:05:00 foo", NULL },
                                         { "2025-09-01 25:00", NULL },
                                         { "2025-09-01 24:01", NULL },
                                         { "2025-09-01 08:60", NULL },
                                         { "2025-09/01", NULL },
                                         { "1989-12-31", NULL },
                                         { "2101-01-01", NULL },
                                         { "12345678", NULL },
                                         { "123", NULL },
                                         { "2025", NULL },
                                         { "24小时", NULL },
                                         { "3个工作日", NULL },
                                         { "无", NULL },
                                         { "2025-09-01 13:00 PM x", NULL },
                                         { "2025-09-01 13:00 AM", NULL },
                                         { "2025-09-01T", NULL },
                                         { "2025-09-01 晚上 12:00", NULL },
                                         { "99999", NULL },
                                         { "202513010805", NULL },
                                         { "-45901", NULL },
                                         { "2025-09-01 2025-09-02", NULL } };
    struct date_options options = { .order = DATE_YMD };

    (void)state;
    CHECK(forms, &options);
}

static void orders_and_options(void **state)
{
    static const struct form mdy[] = {
        { "04/12/2018 11:11:26 AM", "2018-04-12 11:11:26" },
        { "01/05/2015 12:40:41 PM", "2015-01-05 12:40:41" },
        { "13/05/2015", NULL },
        { "2015-01-05", "2015-01-05" },
    };
    static const struct form dmy[] = {
        { "1/9/2017 16:33:01", "2017-09-01 16:33:01" },
        { "04/09/17 12:39", "2017-09-04 12:39:00" },
        { "29-02-2016 01:16", "2016-02-29 01:16:00" },
        { "9/13/2017", NULL },
    };
    static const struct form yearless[] = { { "9月1日", "2025-09-01" },
                                            { "9月1日 8:05", "2025-09-01 08:05:00" },
                                            { "9/1", "2025-09-01" },
                                            { "9.1", NULL } };
    static const struct form system1904[] = { { "44439", "2025-09-01" } };
    static const struct form epoch[] = { { "1504279981.1", "2017-09-01 23:33:01" } };
    static const struct form zone[] = { { "2025-09-01 00:05", "2025-09-01 08:05:00" },
                                        { "2025-09-01T00:05Z",
                                          "2025-09-01 08:05:00" } };
    struct date_options options = { .order = DATE_MDY };

    (void)state;
    CHECK(mdy, &options);
    options.order = DATE_DMY;
    CHECK(dmy, &options);
    options = (struct date_options){ .order = DATE_YMD, .year = 2025 };
    CHECK(yearless, &options);
    options = (struct date_options){ .order = DATE_YMD, .date1904 = true };
    CHECK(system1904, &options);
    options = (struct date_options){ .order = DATE_YMD, .epoch = true };
    CHECK(epoch, &options);
    options = (struct date_options){ .order = DATE_YMD, .shift = 8 * 3600 };
    CHECK(zone, &options);
}

static void serials(void **state)
{
    int64_t time;
    bool date_only;

    (void)state;
    assert_true(date_serial(1, false, &time, &date_only));
    assert_int_equal(time, (int64_t)day_of(1900, 1, 1) * 86400);
    assert_true(date_only);
    assert_false(date_serial(60, false, &time, &date_only)); /* 1900-02-29 */
    assert_true(date_serial(61, false, &time, &date_only));
    assert_int_equal(time, (int64_t)day_of(1900, 3, 1) * 86400);
    assert_true(date_serial(45901.999999, false, &time, &date_only));
    assert_int_equal(time, (int64_t)day_of(2025, 9, 2) * 86400); /* nearest second */
    assert_false(date_serial(0.5, false, &time, &date_only));
    assert_false(date_serial(-1, false, &time, &date_only));
    assert_false(date_serial(2958466, false, &time, &date_only));
    assert_false(date_serial(0.0 / 1.0, false, &time, &date_only));
}

static void spans(void **state)
{
    static const struct {
        const char *text;
        enum span_kind kind;
        int64_t amount;
    } forms[] = { { "2小时", SPAN_SECONDS, 7200 },
                  { "90分钟", SPAN_SECONDS, 5400 },
                  { "1天3小时", SPAN_SECONDS, 97200 },
                  { "01:30:00", SPAN_SECONDS, 5400 },
                  { "0:02:23", SPAN_SECONDS, 143 },
                  { "26:15:00", SPAN_SECONDS, 94500 },
                  { "2.5小时", SPAN_SECONDS, 9000 },
                  { "半小时", SPAN_SECONDS, 1800 },
                  { "24小时内", SPAN_SECONDS, 86400 },
                  { "2分3秒", SPAN_SECONDS, 123 },
                  { "24h", SPAN_SECONDS, 86400 },
                  { "30 min", SPAN_SECONDS, 1800 },
                  { "3个工作日", SPAN_WORKDAYS, 3 },
                  { "5工作日内", SPAN_WORKDAYS, 5 },
                  { "", SPAN_NONE, 0 },
                  { "24", SPAN_NONE, 0 },
                  { "小时", SPAN_NONE, 0 },
                  { "2小时左右", SPAN_NONE, 0 },
                  { "2025-09-01", SPAN_NONE, 0 } };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        int64_t amount = 0;
        enum span_kind kind = span_parse(text_of(forms[i].text), &amount);

        if (kind != forms[i].kind || (kind != SPAN_NONE && amount != forms[i].amount))
            SHOW("“%s”: kind %d, amount %lld", forms[i].text, (int)kind,
                 (long long)amount);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_months), cmocka_unit_test(written_dates),
        cmocka_unit_test(not_dates),       cmocka_unit_test(orders_and_options),
        cmocka_unit_test(serials),         cmocka_unit_test(spans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
