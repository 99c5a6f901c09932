/* mask_test.c - what free text may not keep, and what it must keep. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */
#define SHOW(...) \
    (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "ingest/mask.h"

static void masks(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        { "请回电13812345678谢谢", "请回电[电话]谢谢" },
        { "+86 138 1234 5678", "+[电话]" },
        { "138-1234-5678", "[电话]" },
        { "座机010-62345678转3", "座机[电话]转3" },
        { "身份证11010519491231002X。", "身份证[证件]。" },
        { "110105194912310021", "[证件]" },
        { "邮箱 a.b_c@example.com 收", "邮箱 [邮箱] 收" },
        { "粤B12345挡住消防通道", "[车牌]挡住消防通道" },
        { "京A·D12345", "[车牌]" },
        { "张先生来电", "[姓名]先生来电" },
        { "欧阳女士", "[姓名]女士" },
        { "李小明阿姨", "[姓名]阿姨" },
        { "业主王建国反映漏水", "业主[姓名]反映漏水" },
        { "业主：刘洋，电话13900001111", "业主：[姓名]，电话[电话]" },
        { "业主反映3栋电梯", "业主反映3栋电梯" },
        { "工单20250901001号", "工单20250901001号" },
        { "2025年9月1日 8:05 1503室", "2025年9月1日 8:05 1503室" },
        { "电梯里有水 5.5吨", "电梯里有水 5.5吨" },
        { "电话１３８１２３４５６７８，３号楼", "电话[电话]，3号楼" },
        { "３号楼１５０３", "３号楼１５０３" },
        { "", "" },
    };
    struct arena *memory = arena_new();
    struct vocabulary *words;
    const struct mask *mask;
    struct error err;
    size_t i;

    (void)state;
    assert_int_equal(words_load(&words, "templates/words", memory, &err), HY_OK);
    mask = mask_open(words, memory);
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text out = mask_text(mask, text_of(cases[i].text), memory);

        if (!text_is(out, cases[i].expected))
            SHOW("%s: %.*s", cases[i].text, (int)out.length, out.at);
    }
    arena_free(memory);
}

/* Words lose a telephone number or a card and what stood around it, nothing else. */
static void words_lose_numbers(void **state)
{
    static const char *const cases[][2] = {
        { "工程部13812345678", "工程部" },
        { "工程部(13812345678)", "工程部" },
        { "工程部（电话：13812345678）", "工程部（电话：）" },
        { "工程部 010-62345678", "工程部" },
        { "13812345678", "" },
        { "３栋１３９１２３４５６７８", "3栋" },
        { "110105194912310021 给排水", "给排水" },
        { "11010519491231002X", "" },
        { "电梯31010045", "电梯31010045" },             /* a code of eight digits */
        { "311011222200130100", "311011222200130100" }, /* no date of birth in it */
        { "20261001001", "20261001001" },
        { "13号楼", "13号楼" },
        { "12345", "12345" },
        { "-", "-" },
        { "", "" },
    };
    struct arena *memory = arena_new();
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text out = mask_word(text_of(cases[i][0]), memory);

        if (!text_is(out, cases[i][1]))
            SHOW("%s: %.*s", cases[i][0], (int)out.length, out.at);
    }
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(masks),
                                        cmocka_unit_test(words_lose_numbers) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
