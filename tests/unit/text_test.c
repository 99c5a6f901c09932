/* text_test.c - walking, checking, folding and comparing words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours is core/status.h */

#include <string.h>

#include "core/text.h"

static void trims_blanks_of_every_kind(void **state)
{
    (void)state;
    assert_true(text_is(text_trim(TEXT(" \t　\xC2\xA0工单 号　\r\n")), "工单 号"));
    assert_int_equal(text_trim(TEXT("　 ")).length, 0);
    assert_null(text_of(NULL).at);
}

static void refuses_what_is_not_utf8(void **state)
{
    (void)state;
    assert_int_equal(text_valid("ab\xC0\x80", 4), 2);           /* overlong */
    assert_int_equal(text_valid("\xED\xA0\x80", 3), 0);         /* surrogate */
    assert_int_equal(text_valid("\xF4\x90\x80\x80", 4), 0);     /* > U+10FFFF */
    assert_int_equal(text_valid("12345678中\xE4\xB8", 13), 11); /* cut */
}

static void every_code_point_survives(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char bytes[4];
        const char *at = bytes;
        size_t length = text_put(code, bytes);

        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        assert_int_equal(text_valid(bytes, length), length);
        assert_int_equal(text_next(&at, bytes + length), code);
    }
}

static void folds_as_nfkc(void **state)
{
    static const char *const pairs[][2] = {
        { "ＡＢｃ１２３（ｘ）", "abc123(x)" },
        { " 工 单　号 ", "工单号" },
        { "①②⑩", "1210" },
        { "㎡", "m2" },
        { "Ⅳ级", "iv级" },
        { "ﾃｽﾄ", "テスト" },
        { "ÀÉ", "àé" },
        { "\xEF\xA4\x80", "豈" },
        { "⼀", "一" },
        { "АБ", "аб" },
    };
    struct arena *memory = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(text_copy(memory, text_fold(text_of(pairs[i][0]), memory)),
                            pairs[i][1]);
    arena_free(memory);
}

static void folds_titles(void **state)
{
    static const char *const pairs[][2] = {
        { "处理时长（分钟）", "处理时长" },
        { "*工单_编号：", "工单编号" },
        { "Ticket No.", "ticketno" },
        { "报修人(手机)", "报修人手机" },
        { "时长\n[小时]*", "时长" },
        { "【回访】结果", "回访结果" },
        { "(分钟)", "分钟" },
        { "-", "" },
    };
    struct arena *memory = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(text_copy(memory,
                                      text_fold_title(text_of(pairs[i][0]), memory)),
                            pairs[i][1]);
    arena_free(memory);
}

static void finds_the_nearest(void **state)
{
    static const char *const names[] = { "ticket_no", "received_at", "受理时间" };

    (void)state;
    assert_string_equal(text_nearest("recieved_at", names, 3), "received_at");
    assert_string_equal(text_nearest("受理时问", names, 3), "受理时间");
    assert_null(text_nearest("zzz", names, 3));
    assert_int_equal(text_width(TEXT("a中ｂ")), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trims_blanks_of_every_kind),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(every_code_point_survives),
        cmocka_unit_test(folds_as_nfkc),
        cmocka_unit_test(folds_titles),
        cmocka_unit_test(finds_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
