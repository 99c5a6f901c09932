/* ini_test.c - the INI reader against what clerks type: BOM, GBK, full width. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* the house has its own */
#include <string.h>

#include "core/settings.h"

static enum status parse(const char *bytes, size_t length, struct arena *memory,
                         struct ini *ini, struct error *err)
{
    return ini_parse("t.ini", (const unsigned char *)arena_copy(memory, bytes, length),
                     length, memory, ini, err);
}

#define PARSE(literal) parse(literal, sizeof(literal) - 1, memory, &ini, &err)

static void full_width_and_bom_read_as_plain(void **state)
{
    struct arena *memory = arena_new();
    struct error err;
    struct ini ini;

    (void)state;
    assert_int_equal(PARSE("\xEF\xBB\xBF［小区］\r\n名称　＝　阳光花园\r\n# 注释\r\n"),
                     HY_OK);
    assert_int_equal(ini.count, 1);
    assert_string_equal(ini.sections[0].name, "小区");
    assert_string_equal(ini.sections[0].pairs[0].key, "名称");
    assert_string_equal(ini.sections[0].pairs[0].value, "阳光花园");
    assert_int_equal(ini.sections[0].pairs[0].line, 2);
    assert_int_equal(PARSE("话 = 好，行；a＝b\n"), HY_OK);
    assert_string_equal(ini.sections[0].pairs[0].value, "好,行;a=b");
    assert_string_equal(ini.sections[0].pairs[0].written, "好，行；a＝b");
    arena_free(memory);
}

static void gbk_is_understood(void **state)
{
    struct arena *memory = arena_new();
    struct error err;
    struct ini ini;

    (void)state; /* [小区] 名称=阳光花园小区 in GBK */
    assert_int_equal(PARSE(
                         "[\xD0\xA1\xC7\xF8]\n\xC3\xFB\xB3\xC6=\xD1\xF4\xB9\xE2\xBB\xA8"
                         "\xD4\xB0\xD0\xA1\xC7\xF8\n"),
                     HY_OK);
    assert_string_equal(ini.sections[0].name, "小区");
    assert_string_equal(ini.sections[0].pairs[0].value, "阳光花园小区");
    arena_free(memory);
}

static void continuation_quotes_and_arguments(void **state)
{
    struct arena *memory = arena_new();
    struct error err;
    struct ini ini;

    (void)state;
    assert_int_equal(PARSE("[values nature]\nrepair = 报修 |\n   维修\n"
                           "x = \"a = b；\" ; not a comment\n"),
                     HY_OK);
    assert_string_equal(ini.sections[0].name, "values");
    assert_string_equal(ini.sections[0].argument, "nature");
    assert_string_equal(ini.sections[0].pairs[0].value, "报修 | 维修");
    assert_string_equal(ini.sections[0].pairs[1].key, "x");
    assert_string_equal(ini.sections[0].pairs[1].value, "\"a = b；\" ; not a comment");
    arena_free(memory);
}

static void mistakes_name_file_line_and_remedy(void **state)
{
    struct arena *memory = arena_new();
    struct error err;
    struct ini ini;

    (void)state;
    assert_int_equal(PARSE("[estate]\nname\n"), HY_CONFIG);
    assert_non_null(strstr(err.text, "t.ini:2"));
    assert_non_null(strstr(err.text, "    name"));
    assert_int_equal(PARSE("[estate\nname = x\n"), HY_CONFIG);
    assert_non_null(strstr(err.text, "t.ini:1"));
    assert_int_equal(PARSE("[a]\n= x\n"), HY_CONFIG);
    assert_int_equal(PARSE("[]\n"), HY_CONFIG);
    assert_int_equal(PARSE("[a]\nx = a\0b\n"), HY_CONFIG);
    arena_free(memory);
}

static void nothing_and_half_lines(void **state)
{
    struct arena *memory = arena_new();
    struct error err;
    struct ini ini;

    (void)state;
    assert_int_equal(PARSE(""), HY_OK);
    assert_int_equal(ini.count, 0);
    assert_int_equal(PARSE("\r\n\r\n"), HY_OK);
    assert_int_equal(PARSE("key = before any section"), HY_OK);
    assert_string_equal(ini.sections[0].name, "");
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_width_and_bom_read_as_plain),
        cmocka_unit_test(gbk_is_understood),
        cmocka_unit_test(continuation_quotes_and_arguments),
        cmocka_unit_test(mistakes_name_file_line_and_remedy),
        cmocka_unit_test(nothing_and_half_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
