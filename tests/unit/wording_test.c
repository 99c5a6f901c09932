/* wording_test.c - sentences, and numbers as WORDING rules 4 and 12 want them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* the house has its own */
#include <math.h>
#include <string.h>

#include "core/calendar.h"
#include "core/wording.h"

struct both {
    struct arena *memory;
    const struct wording *zh, *en;
};

static int load(void **state)
{
    struct arena *memory = arena_new();
    struct both *both = arena_alloc(memory, sizeof *both);
    struct error err;

    both->memory = memory;
    if (wording_load("templates/wording", "zh", memory, &both->zh, &err) != HY_OK
        || wording_load("templates/wording", "en", memory, &both->en, &err) != HY_OK)
        return -1;
    *state = both;
    return 0;
}

static int unload(void **state)
{
    arena_free(((struct both *)*state)->memory);
    return 0;
}

static void durations_follow_the_rule(void **state)
{
    const struct both *both = *state;
    struct arena *memory = both->memory;

    assert_string_equal(say_hours(both->zh, memory, 18.0 / 60), "18 分钟");
    assert_string_equal(say_hours(both->zh, memory, 1.99), "119 分钟");
    assert_string_equal(say_hours(both->zh, memory, 2), "2.0 小时");
    assert_string_equal(say_hours(both->zh, memory, 20.46), "20.5 小时");
    assert_string_equal(say_hours(both->zh, memory, 48), "48.0 小时");
    assert_string_equal(say_hours(both->zh, memory, 153.6), "6.4 天");
    assert_string_equal(say_hours(both->zh, memory, NAN), "—");
    assert_string_equal(say_hours(both->en, memory, 20.5), "20.5 h");
}

static void shares_and_counts(void **state)
{
    const struct both *both = *state;
    struct arena *memory = both->memory;

    assert_string_equal(say_percent(memory, 381.0 / 421), "90.5%");
    assert_string_equal(say_percent(memory, 0.8845), "88.5%"); /* half up, not binary */
    assert_string_equal(say_percent(memory, 1), "100.0%");
    assert_string_equal(say_decimal(memory, 0.125, 2), "0.13"); /* not to even */
    assert_string_equal(say_decimal(memory, -0.125, 2), "-0.13");
    assert_string_equal(say_decimal(memory, 2.675, 2), "2.68");  /* a hair below */
    assert_string_equal(say_decimal(memory, -0.004, 2), "0.00"); /* no minus nought */
    assert_string_equal(say_decimal(memory, 12.25, 1), "12.3");
    assert_string_equal(say_percent(memory, INFINITY), "—");
    assert_string_equal(say_count(memory, 0), "0");
    assert_string_equal(say_count(memory, 999), "999");
    assert_string_equal(say_count(memory, 1573), "1,573");
    assert_string_equal(say_count(memory, -1234567), "-1,234,567");
    assert_string_equal(say_points(both->zh, memory, 0.0779), "7.8 个百分点");
}

static void dates_in_words(void **state)
{
    const struct both *both = *state;
    struct arena *memory = both->memory;

    assert_string_equal(say_month(both->zh, memory, 2026 * 12 + 9), "2026 年 10 月");
    assert_string_equal(say_day(both->zh, memory, day_of(2026, 10, 31), false),
                        "10 月 31 日");
    assert_string_equal(say_day(both->zh, memory, day_of(2026, 10, 31), true),
                        "2026 年 10 月 31 日");
    assert_string_equal(say_day_cell(both->zh, memory, day_of(2026, 1, 2)),
                        "2026 年 1 月 2 日");
    assert_string_equal(say_days(both->zh, memory, day_of(2026, 10, 1),
                                 day_of(2026, 10, 31)),
                        "2026 年 10 月 1 日至 10 月 31 日");
    assert_string_equal(say_days(both->zh, memory, day_of(2025, 12, 1),
                                 day_of(2026, 1, 31)),
                        "2025 年 12 月 1 日至 2026 年 1 月 31 日");
}

/* English readers meet no 2026-10-1 and no 10/31: months have names; a narrow column
 * holds the day as ISO writes it, in full. */
static void english_names_its_months(void **state)
{
    const struct both *both = *state;
    const struct wording *en = both->en;
    struct arena *memory = both->memory;
    int32_t october = 2026 * 12 + 9;

    assert_string_equal(say_month(en, memory, october), "October 2026");
    assert_string_equal(say_month(en, memory, 2026 * 12 + 1), "February 2026");
    assert_string_equal(say_month_beside(en, memory, october - 1, october),
                        "September");
    assert_string_equal(say_month_beside(en, memory, october - 12, october),
                        "October 2025");
    assert_string_equal(say_day(en, memory, day_of(2026, 10, 31), false), "31 October");
    assert_string_equal(say_day(en, memory, day_of(2026, 10, 1), true),
                        "1 October 2026");
    assert_string_equal(say_day_cell(en, memory, day_of(2026, 1, 2)), "2026-01-02");
    assert_string_equal(say_days(en, memory, day_of(2026, 10, 1), day_of(2026, 10, 31)),
                        "1–31 October 2026");
    assert_string_equal(say_days(en, memory, day_of(2026, 9, 15), day_of(2026, 10, 31)),
                        "15 September to 31 October 2026");
    assert_string_equal(say_days(en, memory, day_of(2025, 12, 1), day_of(2026, 1, 31)),
                        "1 December 2025 to 31 January 2026");
}

static void a_value_is_never_a_place(void **state)
{
    const struct both *both = *state;

    assert_string_equal(wording_say(both->zh, both->memory, "unit.hours", "x", "{x}",
                                    NULL),
                        "{x} 小时");
    assert_string_equal(wording_say(both->zh, both->memory, "no.such.key", NULL),
                        "no.such.key");
    assert_false(wording_has(both->zh, "no.such.key"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_follow_the_rule),
        cmocka_unit_test(shares_and_counts),
        cmocka_unit_test(dates_in_words),
        cmocka_unit_test(english_names_its_months),
        cmocka_unit_test(a_value_is_never_a_place),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
