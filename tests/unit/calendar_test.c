/* calendar_test.c - working days and deadlines against the table of the notices. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* core/status.h has a function of this name */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/calendar.h"

enum { W1, W2 };

static struct hours hours_w1(void)
{
    return (struct hours){ .count = 2,
                           .from = { 8 * 3600 + 1800, 13 * 3600 + 1800 },
                           .until = { 12 * 3600, 17 * 3600 + 1800 } };
}

static struct hours hours_w2(void)
{
    return (struct hours){ .count = 1, .from = { 8 * 3600 }, .until = { 18 * 3600 } };
}

static void load(struct arena *memory, struct calendar *calendar, int window)
{
    struct error err;

    memset(calendar, 0, sizeof *calendar);
    for (int i = 0; i < 5; i++)
        calendar->weekday[i] = window == W1 ? hours_w1() : hours_w2();
    calendar->working = calendar->weekday[0];
    assert_int_equal(calendar_load("templates/calendar/cn.csv", memory, calendar, &err),
                     HY_OK);
}

static int64_t at(const char *text)
{
    int year, month, day, hour, minute;

    assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &year, &month, &day, &hour,
                            &minute),
                     5);
    return (int64_t)day_of(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60;
}

/* DOMAIN.md section 3: working days a month, from the notices. */
static void working_days_of_three_years(void **state)
{
    static const int want[3][12] = { { 22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22 },
                                     { 19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23 },
                                     { 21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21,
                                       23 } };
    struct arena *memory = arena_new();
    struct calendar calendar;

    (void)state;
    load(memory, &calendar, W1);
    for (int year = 2024; year <= 2026; year++)
        for (int month = 1; month <= 12; month++) {
            int32_t until =
                month == 12 ? day_of(year + 1, 1, 1) : day_of(year, month + 1, 1);
            int days = 0;

            for (int32_t day = day_of(year, month, 1); day < until; day++)
                days += calendar_works(&calendar, day);
            assert_int_equal(days, want[year - 2024][month - 1]);
        }
    assert_int_equal(calendar.exception_count, 36 + 33 + 39);
    assert_true(calendar_works(&calendar, day_of(2024, 2, 9)));
    arena_free(memory);
}

static void golden_deadlines(void **state)
{
    static const struct {
        const char *from;
        int minutes, window;
        const char *due;
    } cases[] = {
        { "2025-09-30 16:00", 480, W2, "2025-10-09 14:00" },
        { "2025-09-27 10:00", 120, W2, "2025-09-28 10:00" },
        { "2025-10-08 20:00", 60, W2, "2025-10-09 09:00" },
        { "2025-10-11 17:30", 60, W2, "2025-10-13 08:30" },
        { "2026-02-13 17:00", 180, W2, "2026-02-14 10:00" },
        { "2026-02-14 17:00", 180, W2, "2026-02-24 10:00" },
        { "2024-12-31 17:59", 2, W2, "2025-01-02 08:01" },
        { "2024-02-09 17:00", 60, W2, "2024-02-09 18:00" },
        { "2026-02-28 12:00", 30, W1, "2026-02-28 14:00" },
    };
    struct arena *memory = arena_new();
    struct calendar windows[2];

    (void)state;
    load(memory, &windows[W1], W1);
    load(memory, &windows[W2], W2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(calendar_due(&windows[cases[i].window], CLOCK_WORKHOUR,
                                      at(cases[i].from), cases[i].minutes * 60),
                         at(cases[i].due));
    arena_free(memory);
}

static void golden_elapsed(void **state)
{
    static const struct {
        const char *from, *until;
        int window, minutes;
    } cases[] = {
        { "2025-09-30 17:00", "2025-10-09 09:00", W2, 120 },
        { "2026-01-03 00:00", "2026-01-05 00:00", W2, 600 },
        { "2024-04-30 12:00", "2024-05-06 12:00", W1, 450 },
        { "2025-05-31 08:00", "2025-06-02 18:00", W2, 0 },
        { "2025-06-03 10:00", "2025-06-03 09:00", W2, 0 },
    };
    struct arena *memory = arena_new();
    struct calendar windows[2];

    (void)state;
    load(memory, &windows[W1], W1);
    load(memory, &windows[W2], W2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(calendar_elapsed(&windows[cases[i].window], at(cases[i].from),
                                          at(cases[i].until)),
                         cases[i].minutes * 60);
    arena_free(memory);
}

/* "3个工作日" ends with business on the third working day after the day of intake. */
static void working_days_do_not_count_the_first(void **state)
{
    struct arena *memory = arena_new();
    struct calendar calendar;

    (void)state;
    load(memory, &calendar, W2);
    assert_int_equal(calendar_due(&calendar, CLOCK_WORKDAY, at("2025-09-29 08:05"), 3),
                     at("2025-10-10 18:00"));
    assert_int_equal(calendar_due(&calendar, CLOCK_WORKDAY, at("2025-09-27 23:00"), 1),
                     at("2025-09-28 18:00"));
    assert_int_equal(calendar_due(&calendar, CLOCK_NATURAL, at("2025-09-27 23:00"),
                                  7200),
                     at("2025-09-28 01:00"));
    memset(&calendar, 0, sizeof calendar); /* never open: no deadline, no hang */
    assert_true(calendar_due(&calendar, CLOCK_WORKHOUR, at("2025-09-27 23:00"), 60)
                == INT64_MIN);
    arena_free(memory);
}

/* METHODS 1.8: W(a,c) = W(a,b) + W(b,c), monotone, W <= b - a. */
static void elapsed_adds_up(void **state)
{
    struct arena *memory = arena_new();
    struct calendar calendar;
    int64_t base;

    (void)state;
    load(memory, &calendar, W1);
    base = at("2024-01-25 00:00");
    for (int64_t i = 0; i < 200; i++) {
        int64_t a = base + i * 30011, b = a + i * i * 977, c = b + i * 43 * 1009;
        int64_t whole = calendar_elapsed(&calendar, a, c);

        assert_true(whole
                    == calendar_elapsed(&calendar, a, b)
                           + calendar_elapsed(&calendar, b, c));
        assert_true(whole <= c - a);
        assert_true(whole >= calendar_elapsed(&calendar, a, b));
    }
    arena_free(memory);
}

static void coverage_is_the_years_listed(void **state)
{
    struct arena *memory = arena_new();
    struct calendar calendar;

    (void)state;
    load(memory, &calendar, W1);
    assert_true(
        calendar_covers(&calendar, at("2024-01-01 00:00"), at("2027-01-01 00:00")));
    assert_false(
        calendar_covers(&calendar, at("2026-12-01 00:00"), at("2027-01-02 00:00")));
    assert_false(
        calendar_covers(&calendar, at("2023-12-31 23:59"), at("2024-01-02 00:00")));
    arena_free(memory);
}

static void a_bad_line_is_named(void **state)
{
    char path[] = "/tmp/calendar_testXXXXXX";
    int file = mkstemp(path);
    static const char text[] = "date,kind,name\r\n2026-10-02,off,b\r\n"
                               "2026-10-01,off,a\r\n2026-13-01,off,c\r\n";
    struct arena *memory = arena_new();
    struct calendar calendar = { 0 };
    struct error err;

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(write(file, text, sizeof text - 1), sizeof text - 1);
    close(file);
    assert_int_equal(calendar_load(path, memory, &calendar, &err), HY_CONFIG);
    assert_non_null(strstr(err.text, "第 4 行"));
    assert_int_equal(calendar.exception_count, 2);
    assert_string_equal(calendar.exceptions[0].name, "a");
    unlink(path);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days_of_three_years),
        cmocka_unit_test(golden_deadlines),
        cmocka_unit_test(golden_elapsed),
        cmocka_unit_test(working_days_do_not_count_the_first),
        cmocka_unit_test(elapsed_adds_up),
        cmocka_unit_test(coverage_is_the_years_listed),
        cmocka_unit_test(a_bad_line_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
