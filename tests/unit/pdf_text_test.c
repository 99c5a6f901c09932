/* pdf_text_test.c - line breaking: never a forbidden sign at an edge, never too wide.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <string.h>

#include "render/pdf_text.h"

enum { ROUNDS = 3000, LENGTH_MOST = 60 };

static struct fonts *fonts_of(void **state)
{
    return *state;
}

static bool may_break(const char *before, const char *after)
{
    uint32_t codes[64];
    size_t count = 0, at;
    const char *p = before, *end = before + strlen(before);
    while (p < end)
        codes[count++] = text_next(&p, end);
    at = count;
    p = after;
    end = after + strlen(after);
    while (p < end)
        codes[count++] = text_next(&p, end);
    return text_may_break(codes, count, at);
}

static void closing_signs_never_start(void **state)
{
    (void)state;
    assert_false(may_break("办", "，结"));
    assert_false(may_break("件", "。"));
    assert_false(may_break("他说", "”"));
    assert_false(may_break("（一", "）"));
    assert_false(may_break("书", "》"));
    assert_false(may_break("多少", "？"));
    assert_false(may_break("95", "％"));
}

static void opening_signs_never_end(void **state)
{
    (void)state;
    assert_false(may_break("见（", "一"));
    assert_false(may_break("说“", "好"));
    assert_false(may_break("《", "书"));
    assert_false(may_break("【", "注"));
    assert_true(may_break("见", "（一"));
}

static void dashes_and_dots_stay_pairs(void **state)
{
    (void)state;
    assert_false(may_break("他—", "—我"));
    assert_false(may_break("他…", "…我"));
}

static void numbers_stay_whole_with_their_units(void **state)
{
    (void)state;
    assert_false(may_break("1,", "573"));
    assert_false(may_break("1", ",573"));
    assert_false(may_break("20.", "5"));
    assert_false(may_break("54", "件"));
    assert_false(may_break("27.9 ", "小时"));
    assert_false(may_break("3 ", "月"));
    assert_false(may_break("5–", "8 号楼"));
    assert_false(may_break("第 ", "7 页"));
    assert_false(may_break("−", "8"));
    assert_true(may_break("月", "10 日"));
}

static void words_stay_whole(void **state)
{
    (void)state;
    assert_false(may_break("Mas", "ter"));
    assert_true(may_break("Master ", "file"));
    assert_true(may_break("用", "Master"));
}

/* The code of a figure may part before the name of its value, nothing else at a dot. */
static void codes_part_before_their_value(void **state)
{
    (void)state;
    assert_true(may_break("TTR-02", ".confirmed"));
    assert_false(may_break("TTR-02.", "confirmed"));
    assert_false(may_break("TTR-", "02.confirmed"));
    assert_false(may_break("20", ".5"));
    assert_false(may_break("Master", ".csv"));
    assert_false(may_break("第 2", "."));
}

static void breaks_where_told(void **state)
{
    struct arena *memory = arena_new();
    struct laid laid;
    text_lay_plain(fonts_of(state), "一二\n三", false, 10, 1000, memory, &laid);
    assert_int_equal(laid.line_count, 2);
    assert_int_equal(laid.lines[0].count, 2);
    assert_int_equal(laid.lines[1].count, 1);
    text_lay_plain(fonts_of(state), "", false, 10, 1000, memory, &laid);
    assert_int_equal(laid.line_count, 0);
    arena_free(memory);
}

/* One hanzi is exactly as wide as the size: ten fit into ten sizes. */
static void width_is_the_advance(void **state)
{
    struct arena *memory = arena_new();
    struct laid laid;
    text_lay_plain(fonts_of(state), "一二三四五六七八九十百", false, 12, 120, memory,
                   &laid);
    assert_int_equal(laid.line_count, 2);
    assert_int_equal(laid.lines[0].count, 10);
    assert_float_equal(laid.lines[0].width, 120, 0.01);
    arena_free(memory);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void no_line_breaks_a_rule(void **state)
{
    static const char *const pieces[] = { "办", "件", "，",     "。", "（",  "）", "“",
                                          "”",  "——", "……",     "12", "3.5", "％", " ",
                                          "ab", "《", "》",     "、", "年",  "：", "\n",
                                          "　", "￥", "Master", "−4" };
    enum { PIECES = sizeof pieces / sizeof *pieces };
    struct arena *memory = arena_new();
    uint32_t seed = 7;
    for (int round = 0; round < ROUNDS; round++) {
        const char *text = "";
        size_t count = next_random(&seed) % LENGTH_MOST;
        for (size_t i = 0; i < count; i++)
            text =
                arena_printf(memory, "%s%s", text, pieces[next_random(&seed) % PIECES]);
        double width = 12 + next_random(&seed) % 200;
        struct laid laid;
        text_lay_plain(fonts_of(state), text, false, 10.5, width, memory, &laid);
        size_t before = 0;
        for (size_t i = 0; i < laid.line_count; i++) {
            const struct laid_line *line = &laid.lines[i];
            assert_true(line->width <= width + 0.02 || line->count == 1);
            assert_true(line->first >= before); /* in order, nothing twice */
            for (size_t k = before; k < line->first; k++) { /* only blanks go */
                uint32_t lost = laid.units[k].code;
                assert_true(lost == ' ' || lost == 0x3000 || lost == '\n');
            }
            before = line->first + line->count;
            assert_true(before <= laid.unit_count);
        }
        arena_reset(memory);
    }
    arena_free(memory);
}

/* A wide line of ordinary prose: every edge obeys the rules. */
static void prose_keeps_its_edges(void **state)
{
    static const char prose[] =
        "查明为 9 月 28 日系统升级所致，已退回旧版；10 月 26 日起每天不到 1 "
        "件。（待维修"
        "资金表决，方案 11 月 20 日前公布——比答应的晚了 20 天，对不起）；“外墙渗水” 2 "
        "件、《商铺排烟》2 件……其他 2 件（88.4%），详见月报第 7 页。";
    struct arena *memory = arena_new();
    for (double width = 90; width < 400; width += 1) {
        struct laid laid;
        text_lay_plain(fonts_of(state), prose, false, 10.5, width, memory, &laid);
        for (size_t i = 0; i + 1 < laid.line_count; i++) {
            uint32_t last =
                laid.units[laid.lines[i].first + laid.lines[i].count - 1].code;
            uint32_t first = laid.units[laid.lines[i + 1].first].code;
            const char *bad_ends = "（“《", *bad_starts = "，。；）”》、%…";
            const char *end = bad_ends + strlen(bad_ends);
            while (bad_ends < end)
                assert_int_not_equal(last, text_next(&bad_ends, end));
            end = bad_starts + strlen(bad_starts);
            while (bad_starts < end)
                assert_int_not_equal(first, text_next(&bad_starts, end));
            assert_true(laid.lines[i].width <= width + 0.02);
        }
        arena_reset(memory);
    }
    arena_free(memory);
}

static int open_fonts(void **state)
{
    struct error err;
    struct fonts *fonts = NULL;
    int bad = fonts_open(&fonts, &err) != HY_OK;
    *state = fonts;
    return bad;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closing_signs_never_start),
        cmocka_unit_test(opening_signs_never_end),
        cmocka_unit_test(dashes_and_dots_stay_pairs),
        cmocka_unit_test(numbers_stay_whole_with_their_units),
        cmocka_unit_test(words_stay_whole),
        cmocka_unit_test(codes_part_before_their_value),
        cmocka_unit_test(breaks_where_told),
        cmocka_unit_test(width_is_the_advance),
        cmocka_unit_test(no_line_breaks_a_rule),
        cmocka_unit_test(prose_keeps_its_edges),
    };
    return cmocka_run_group_tests_name("pdf_text", tests, open_fonts, NULL);
}
