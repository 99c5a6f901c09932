/* map_test.c - the map compiler: errors with carets, all of them; the maps of
 * templates/maps and of design/maps compile; splits and globs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */
#define SHOW(...) \
    (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include <string.h>

#include "core/file.h"
#include "ingest/map.h"

static struct arena *memory;
static struct vocabulary *words;

static int setup(void **state)
{
    struct error err;

    (void)state;
    memory = arena_new();
    return words_load(&words, "templates/words", memory, &err) == HY_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

static enum status compile(const char *text, struct map *map,
                           struct map_problems *problems, struct error *err)
{
    return map_compile("t.map", (const unsigned char *)text, strlen(text), words,
                       memory, map, problems, err);
}

static const char head[] = "[map]\nname = t\nkind = ticket\n[recognise]\ntitles = a\n";

static void good_map(void **state)
{
    struct map map;
    struct error err;
    const char *text = arena_printf(
        memory,
        "%s[fields]\nticket_no = 单号\nreceived_at = 日期 + \" \" + 时间 | #3\n"
        "building, unit, room = 地址 split \"{building}栋[{unit}单元]{room}\"\n"
        "channel = \"phone\"\nreporter_phone = 电话 @phone\n"
        "[values nature]\nrepair = 维护 | 修*\n* = other\n- = 无\n",
        head);

    (void)state;
    if (compile(text, &map, NULL, &err) != HY_OK)
        SHOW("%s", err.text);
    assert_string_equal(map.series, "t");
    assert_int_equal(map.rule_count, 5);
    assert_int_equal(map.rules[1].choice_count, 2);
    assert_int_equal(map.rules[1].choices[0].count, 3);
    assert_int_equal(map.rules[1].choices[1].pieces[0].kind, PIECE_COLUMN);
    assert_int_equal(map.rules[1].choices[1].pieces[0].column, 2);
    assert_int_equal(map.rules[2].target_count, 3);
    assert_int_equal(map.rules[3].choices[0].pieces[0].kind, PIECE_TEXT);
    assert_int_equal(map.rules[4].options, OPTION_PHONE);
    assert_string_equal(map.values[0].rest, "other");
}

static void fields_may_come_in_two_sections(void **state)
{
    struct map map;
    struct error err;
    const char *text = arena_printf(memory,
                                    "%s[fields]\nticket_no = 单号\n[read]\n"
                                    "[fields]\nstatus = 状态\nnature = 性质\n",
                                    head);

    (void)state;
    assert_int_equal(compile(text, &map, NULL, &err), HY_OK);
    assert_int_equal(map.rule_count, 3);
    assert_string_equal(map.rules[2].names[0], "nature");
}

static void all_errors_are_listed(void **state)
{
    static const char text[] = "[map]\nname = T!\nkind = ticket\nnmae = x\n"
                               "[recognise]\ntitles = a\n[fields]\nticket_nu = 单号\n"
                               "status = 状态 @wrong\nstatus = 状态\n"
                               "[values status]\nclosd = 完\n[reed]\nx = 1\n";
    struct map_problems problems;
    struct map map;
    struct error err;
    size_t i;

    (void)state;
    assert_int_equal(compile(text, &map, &problems, &err), HY_CONFIG);
    assert_int_equal(problems.count, 7);
    assert_non_null(strstr(problems.text[0], "t.map:2:8: "));
    assert_non_null(strstr(problems.text[1], "t.map:4:1: "));
    assert_non_null(strstr(problems.text[1], "“name”"));
    assert_non_null(strstr(problems.text[1], "\n    nmae = x\n    ^"));
    assert_non_null(strstr(problems.text[2], "ticket_no"));
    assert_non_null(strstr(problems.text[3], "t.map:9:13: "));
    assert_non_null(strstr(problems.text[5], "“closed”"));
    assert_non_null(strstr(problems.text[6], "t.map:13:2: "));
    assert_non_null(strstr(problems.text[6], "[read]"));
    for (i = 0; i < problems.count; i++)
        assert_non_null(strchr(problems.text[i], '^'));
    assert_non_null(strstr(err.text, "t.map:2:8"));
}

static void single_errors(void **state)
{
    static const struct {
        const char *rest, *expected;
    } cases[] = {
        { "[fields]\nticket_no = \"单号\n", "引号" },
        { "[fields]\nbuilding, unit = 地址\n", "split" },
        { "[fields]\nbuilding = 地址 split \"{room}栋\"\n", "{name}" },
        { "[fields]\nbuilding = 地址 split \"{building栋\"\n", "unclosed" },
        { "[fields]\nticket_no = #0\n", "#3" },
        { "[fields]\nticket_no = 单号\n[read]\ndates = xyz\n", "ymd" },
        { "[fields]\nticket_no = 单号\n[read]\nheader = 99\n", "number expected" },
        { "[fields]\nticket_no = 单号\n[read]\nzone = east\n", "local" },
        { "[fields]\nticket_no = 单号\n[key]\nnatural = foo\n", "natural" },
        { "[fields]\nticket_no = 单号 when 状态\n", "when" },
        { "[fields]\nticket_no = 单号 when  is 完成\n", "empty piece" },
        { "", "no fields" },
    };
    struct map_problems problems;
    struct map map;
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *text = arena_printf(memory, "%s%s", head, cases[i].rest);

        assert_int_equal(compile(text, &map, &problems, &err), HY_CONFIG);
        if (strstr(problems.text[0], cases[i].expected) == NULL)
            SHOW("%s: %s", cases[i].rest, problems.text[0]);
    }
    assert_int_equal(compile("[map\nname=t\n", &map, NULL, &err), HY_CONFIG);
    assert_int_equal(compile("", &map, NULL, &err), HY_CONFIG);
}

/* What Notepad, WPS and an input method make of a map: BOM, GBK, full-width signs. */
static void as_people_save_it(void **state)
{
    static const char wide[] =
        "［来源］\r\n名称＝t\r\n类型＝ticket\r\n［识别］\r\n列名＝单号｜日期\r\n"
        "［字段］\r\n工单编号＝单号\r\nreceived_at＝日期＋＂ ＂＋时间\r\n；说明\r\n";
    /* [来源] 名称=t 类型=ticket [识别] 列名=单号 [字段] ticket_no=单号, in GBK */
    static const char gbk[] =
        "[\xc0\xb4\xd4\xb4]\n\xc3\xfb\xb3\xc6=t\n\xc0\xe0\xd0\xcd=ticket\n"
        "[\xca\xb6\xb1\xf0]\n\xc1\xd0\xc3\xfb=\xb5\xa5\xba\xc5\n"
        "[\xd7\xd6\xb6\xce]\nticket_no=\xb5\xa5\xba\xc5\n";
    const char *const texts[] = { wide, arena_printf(memory, "\xef\xbb\xbf%s", wide),
                                  gbk };
    struct map map;
    struct error err;
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        if (compile(texts[i], &map, NULL, &err) != HY_OK)
            SHOW("%zu: %s", i, err.text);
        assert_string_equal(map.name, "t");
        assert_true(text_is(map.titles[0].title, "单号"));
        assert_int_equal(map.rule_count, i < 2 ? 2 : 1);
    }
}

/* A cell that speaks only where another column holds the word; a file known to be no
 * data needs no fields. */
static void conditions_and_refusals(void **state)
{
    struct map map;
    struct error err;

    (void)state;
    if (compile(
            arena_printf(memory,
                         "%s[fields]\nticket_no = #2 when #5 is \"A | B\" | 号 when "
                         "类 is C*\n",
                         head),
            &map, NULL, &err)
        != HY_OK)
        SHOW("%s", err.text);
    assert_int_equal(map.rules[0].choice_count, 2);
    assert_int_equal(map.rules[0].choices[0].when->column, 4);
    assert_false(map.rules[0].choices[0].is.wild);
    assert_true(map.rules[0].choices[1].is.wild);
    assert_int_equal(
        compile("[map]\nname = n\nkind = ticket\nrefuse = 这是汇总\n[recognise]\n"
                "titles = 合计\n",
                &map, NULL, &err),
        HY_OK);
    assert_string_equal(map.refuse, "这是汇总");
}

static void compile_directory(const char *directory)
{
    const char *const *names;
    size_t count, i;
    struct error err;

    if (file_list(directory, memory, &names, &count, &err) != HY_OK)
        SHOW("%s", err.text);
    for (i = 0; i < count; i++) {
        const char *path = arena_printf(memory, "%s/%s", directory, names[i]);
        const unsigned char *bytes;
        size_t length;
        struct map map;

        if (strstr(names[i], ".map") == NULL)
            continue;
        if (file_read(path, 1 << 20, memory, &bytes, &length, &err) != HY_OK
            || map_compile(path, bytes, length, words, memory, &map, NULL, &err)
                   != HY_OK)
            SHOW("%s", err.text);
    }
}

static void shipped_maps_compile(void **state)
{
    struct map_set set;
    struct error err;

    (void)state;
    compile_directory("templates/maps");
    if (map_set_load(&set, "templates/maps", NULL, words, memory, &err) != HY_OK)
        SHOW("%s", err.text);
    assert_true(set.count >= 12);
    assert_non_null(map_named(&set, "boston311"));
    assert_null(map_named(&set, "nowhere"));
}

static void design_maps_compile(void **state)
{
    (void)state;
    if (!file_is_directory("../shared/design/maps"))
        skip();
    compile_directory("../shared/design/maps");
}

static void splits(void **state)
{
    static const struct {
        const char *text, *building, *unit, *room; /* building NULL = no match */
    } cases[] = { { "3栋1单元1503", "3", "1", "1503" },
                  { "3栋1503", "3", NULL, "1503" },
                  { "１２栋 ２单元 ８０１室", "12", "2", "801室" },
                  { "3号1503", NULL, NULL, NULL },
                  { "栋1503", NULL, NULL, NULL },
                  { "3栋", NULL, NULL, NULL } };
    struct map map;
    struct error err;
    const char *text = arena_printf(memory,
                                    "%s[fields]\nbuilding, unit, room = x split "
                                    "\"{building}栋[{unit}单元]{room}\"\n",
                                    head);
    size_t i;

    (void)state;
    assert_int_equal(compile(text, &map, NULL, &err), HY_OK);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text out[SPLIT_SLOTS];
        bool matched = split_match(map.rules[0].split,
                                   text_fold(text_of(cases[i].text), memory), out);

        assert_int_equal(matched, cases[i].building != NULL);
        if (!matched)
            continue;
        assert_true(text_is(out[0], cases[i].building));
        assert_true(cases[i].unit == NULL ? out[1].at == NULL
                                          : text_is(out[1], cases[i].unit));
        assert_true(text_is(out[2], cases[i].room));
    }
}

static void globs(void **state)
{
    (void)state;
    assert_true(like_match(TEXT("9*/9*/9999 99:99:99"), TEXT("1/9/2017 16:33:01")));
    assert_true(like_match(TEXT("9999999999.9*"), TEXT("1504279981.1")));
    assert_false(like_match(TEXT("9999999999.9*"), TEXT("150427998.1")));
    assert_true(like_match(TEXT("A*"), TEXT("NO ANSWER")));
    assert_false(like_match(TEXT("A*"), TEXT("")));
    assert_true(like_match(TEXT("*"), TEXT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_map),
        cmocka_unit_test(fields_may_come_in_two_sections),
        cmocka_unit_test(all_errors_are_listed),
        cmocka_unit_test(single_errors),
        cmocka_unit_test(as_people_save_it),
        cmocka_unit_test(conditions_and_refusals),
        cmocka_unit_test(shipped_maps_compile),
        cmocka_unit_test(design_maps_compile),
        cmocka_unit_test(splits),
        cmocka_unit_test(globs),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
