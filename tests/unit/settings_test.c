/* settings_test.c - huiyin.ini: both languages, limits, and every kind of mistake. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* the house has its own */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/settings.h"
#include "core/web.h"

static enum status load(const char *text, struct arena *memory,
                        struct settings *settings, struct error *err)
{
    char path[] = "/tmp/huiyin-settings-XXXXXX";
    int file = mkstemp(path);
    enum status status;

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    (void)close(file);
    status = settings_load(arena_copy(memory, path, strlen(path)), "templates", memory,
                           settings, err);
    (void)unlink(path);
    return status;
}

static void defaults_without_a_file(void **state)
{
    struct arena *memory = arena_new();
    struct settings settings;
    struct error err;

    (void)state;
    assert_int_equal(settings_load(NULL, "templates", memory, &settings, &err), HY_OK);
    assert_int_equal(settings.threshold_public, 5);
    assert_int_equal(settings.threshold_committee, 3);
    assert_int_equal(settings.window_repeat, 30);
    assert_int_equal(settings.month_start, 1);
    assert_int_equal(settings.calendar.weekday[0].count, 2);
    assert_int_equal(settings.calendar.weekday[6].count, 0);
    assert_int_equal(settings.calendar.first_year, 2024);
    arena_free(memory);
}

static void chinese_and_english_words_mix(void **state)
{
    struct arena *memory = arena_new();
    struct settings settings;
    struct error err;

    (void)state;
    assert_int_equal(load("［小区］\n名称＝阳光花园\noverseer = 居民委员会\n"
                          "[工作时间]\n平日 = 8：00-18：00\n周末 = 上班\n"
                          "[目标]\n按时 = 90%\n[部门]\n顺序 = 工程部、秩序部，环境部\n",
                          memory, &settings, &err),
                     HY_OK);
    assert_string_equal(settings.estate, "阳光花园");
    assert_string_equal(settings.overseer, "居民委员会");
    assert_int_equal(settings.calendar.weekday[6].from[0], 8 * 3600);
    assert_int_equal(settings.calendar.weekday[6].until[0], 18 * 3600);
    assert_true(settings.target_ontime > 0.899 && settings.target_ontime < 0.901);
    assert_int_equal(settings.department_count, 3);
    assert_string_equal(settings.departments[2], "环境部");
    arena_free(memory);
}

static void the_most_specific_limit_wins(void **state)
{
    struct arena *memory = arena_new();
    struct settings settings;
    const struct limit *limit;
    struct error err;

    (void)state;
    assert_int_equal(load("[limits.repair.any]\nfinish = 3天\n"
                          "[limits.repair.P1]\nrespond = 30分钟\nfinish = 24小时\n"
                          "[时限.报修.急修.电梯困人]\n到场 = 30分钟\n办结 = 2小时\n"
                          "[limits.complaint.any]\nclock = workday\nfinish = 3\n",
                          memory, &settings, &err),
                     HY_OK);
    limit = settings_limit(&settings, NATURE_REPAIR, URGENCY_P1, "电梯困人");
    assert_int_equal(limit->finish, 2 * 3600);
    limit = settings_limit(&settings, NATURE_REPAIR, URGENCY_P1, "水管");
    assert_int_equal(limit->finish, 24 * 3600);
    assert_int_equal(limit->respond, 1800);
    limit = settings_limit(&settings, NATURE_REPAIR, URGENCY_P3, NULL);
    assert_int_equal(limit->finish, 3 * 86400);
    limit = settings_limit(&settings, NATURE_COMPLAINT, URGENCY_P3, NULL);
    assert_int_equal(limit->clock, CLOCK_WORKDAY);
    assert_int_equal(limit->finish, 3);
    assert_null(settings_limit(&settings, NATURE_PRAISE, URGENCY_P3, NULL));
    arena_free(memory);
}

static void every_mistake_is_named(void **state)
{
    static const struct {
        const char *text, *says;
    } mistakes[] = {
        { "[estat]\nname = x\n", "[estate]" },
        { "[estate]\nnmae = x\n", "name" },
        { "[report]\ncutoff_days = 很多\n", "0 到 60" },
        { "[report]\nmonth_start = 31\n", "1 到 28" },
        { "[hours]\nweekdays = 早上到晚上\n", "8:30-12:00" },
        { "[hours]\nweekdays = 18:00-8:00\n", "8:30-12:00" },
        { "[hours]\nweekend = 看情况\n", "休息" },
        { "[targets]\nontime = 900\n", "90%" },
        { "[limits.repair]\nfinish = 3天\n", "limits.性质" },
        { "[limits.repair.P9]\nfinish = 3天\n", "P9" },
        { "[limits.repair.P1]\nfinish = 马上\n", "24小时" },
        { "[revisit]\nexempt = 火星\n", "火星" },
        { "[estate]\nname = a\n名称 = b\n", "两次" },
        { "[estate]\nfirst_issue = 去年\n", "2024-08" },
        { "[report]\nlanguage = fr\n", "zh" },
    };
    struct settings settings;
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct arena *memory = arena_new();

        assert_int_equal(load(mistakes[i].text, memory, &settings, &err), HY_CONFIG);
        if (strstr(err.text, mistakes[i].says) == NULL)
            print_message("%s\nsays: %s\n", mistakes[i].text, err.text);
        assert_non_null(strstr(err.text, mistakes[i].says));
        arena_free(memory);
    }
}

static void a_missing_file_is_said(void **state)
{
    struct arena *memory = arena_new();
    struct settings settings;
    struct error err;

    (void)state;
    assert_int_equal(settings_load("/nonexistent/huiyin.ini", "templates", memory,
                                   &settings, &err),
                     HY_CONFIG);
    arena_free(memory);
}

/* An address printed for everybody: no name, nothing that could be a room. */
static void a_web_address_is_looked_over(void **state)
{
    static const struct {
        const char *address, *said; /* NULL = good */
    } tries[] = {
        { "https://www.example.org/gongshi", NULL },
        { "http://192.0.2.7:8080/a/2026-10/", NULL },
        { "https://example.org/?estate=sunshine", NULL },
        { "", NULL },
        { "www.example.org", "http" },
        { "ftp://example.org/", "http" },
        { "HTTPS://example.org/", "http" },
        { "https://clerk:secret@example.org/", "user name" },
        { "https://example.org/?room=1503", "digits" },
        { "https://example.org/?q=%E5%AE%A4", "digits" },
        { "https://example.org/#top", "fragment" },
        { "https://", "host" },
        { "https:///x", "host" },
        { "https://example.org:/x", "host" },
        { "https://exa mple.org/", "letters" },
        { "https://example.org/<b>", "letters" },
        { "https://example.org/公示", "letters" },
    };
    struct arena *memory = arena_new();
    struct settings settings;
    struct error err;
    char longest[140];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof tries / sizeof *tries; i++) {
        const char *text =
            arena_printf(memory, "[小区]\n网址 = %s\n", tries[i].address);
        enum status status = load(text, memory, &settings, &err);

        if (status != (tries[i].said == NULL ? HY_OK : HY_CONFIG))
            print_message("%s\n", tries[i].address);
        assert_int_equal(status, tries[i].said == NULL ? HY_OK : HY_CONFIG);
        if (tries[i].said == NULL)
            assert_string_equal(settings.web, tries[i].address);
        else
            assert_non_null(strstr(err.text, tries[i].said));
    }
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "https://", 8);
    longest[120] = '\0';
    assert_null(web_fault(longest));
    longest[120] = 'a';
    longest[121] = '\0';
    assert_non_null(web_fault(longest));
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_without_a_file),
        cmocka_unit_test(chinese_and_english_words_mix),
        cmocka_unit_test(the_most_specific_limit_wins),
        cmocka_unit_test(every_mistake_is_named),
        cmocka_unit_test(a_missing_file_is_said),
        cmocka_unit_test(a_web_address_is_looked_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
