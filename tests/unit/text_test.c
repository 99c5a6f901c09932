/* text_test.c - walking, checking, folding and comparing words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours is core/status.h */

#include <string.h>

#include "core/text.h"

static void an_ending_is_of_bytes_and_may_be_all(void **state)
{
    (void)state;
    assert_true(text_ends(TEXT("月报.md"), ".md"));
    assert_true(text_ends(TEXT(".md"), ".md"));
    assert_true(text_ends(text_of(NULL), ""));
    assert_false(text_ends(TEXT("md"), ".md"));
    assert_false(text_ends(TEXT("月报.MD"), ".md"));
    assert_false(text_ends(text_of(NULL), ".md"));
}

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

/* The walk one character at a time, which the vectors must agree with. */
static size_t walked(const char *bytes, size_t length)
{
    const char *at = bytes, *end = bytes + length;

    while (at < end) {
        const char *start = at;

        if (text_next(&at, end) == 0xFFFD && at - start == 1)
            return (size_t)(start - bytes);
    }
    return length;
}

static size_t drawn(uint64_t *seed, size_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*seed >> 33) % below;
}

/* Long texts with one byte changed, one character cut, or plain noise. */
static void vectors_agree_with_the_walk(void **state)
{
    static const char *const words[] = { "漏水",        "a", "WY2024",
                                         "é",           "😀", "电梯",
                                         "\n",          "€", "\xF4\x8F\xBF\xBF",
                                         "\xED\x9F\xBF" };
    uint64_t seed = 20261126;
    char bytes[600];
    int turn;

    (void)state;
    for (turn = 0; turn < 60000; turn++) {
        size_t length = 0;

        while (length < 40 + (size_t)turn % 500) {
            const char *word = words[drawn(&seed, 10)];

            memcpy(bytes + length, word, strlen(word));
            length += strlen(word);
        }
        assert_int_equal(text_valid(bytes, length), length);
        if (turn % 3 == 0)
            bytes[drawn(&seed, length)] = (char)drawn(&seed, 256);
        else if (turn % 3 == 1)
            length -= drawn(&seed, 8);
        else
            for (size_t i = drawn(&seed, length); i < length; i++)
                bytes[i] = (char)(0x80 + drawn(&seed, 128));
        assert_int_equal(text_valid(bytes, length), walked(bytes, length));
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
        cmocka_unit_test(an_ending_is_of_bytes_and_may_be_all),
        cmocka_unit_test(trims_blanks_of_every_kind),
        cmocka_unit_test(refuses_what_is_not_utf8),
        cmocka_unit_test(every_code_point_survives),
        cmocka_unit_test(vectors_agree_with_the_walk),
        cmocka_unit_test(folds_as_nfkc),
        cmocka_unit_test(folds_titles),
        cmocka_unit_test(finds_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
