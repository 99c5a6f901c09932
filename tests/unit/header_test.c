/* header_test.c - the header among titles, two rows deep, merged, repeated. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka takes the name; core/status.h needs it */

#include <string.h>

#include "ingest/header.h"

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

/* Cells divided by '|'. */
static struct row make_row(uint64_t number, const char *line)
{
    struct cell *cells = arena_alloc(memory, 64 * sizeof *cells);
    struct row row = { .number = number, .cells = cells };

    while (row.count < 64) {
        const char *stop = strchr(line, '|');
        size_t length = stop == NULL ? strlen(line) : (size_t)(stop - line);

        cells[row.count].text = (struct text){ line, (uint32_t)length };
        cells[row.count++].kind = length == 0 ? CELL_ABSENT : CELL_TEXT;
        if (stop == NULL)
            break;
        line = stop + 1;
    }
    return row;
}

static const struct header_wish any = { 0, 0, false, NULL, NULL };

static void behind_a_title_and_a_period(void **state)
{
    struct row rows[] = { make_row(1, "阳光花园前台登记台账"),
                          make_row(2, "统计时间：2026-10-01 至 2026-10-31"),
                          make_row(4, "登记编号|登记日期|反映内容|责任部门"),
                          make_row(5, "D001|2026-10-01|漏水|工程部") };
    struct sheet sheet = { .name = "" };
    struct header header;

    (void)state;
    assert_true(header_find(rows, 4, &sheet, words, &any, memory, &header));
    assert_int_equal(header.row, 4);
    assert_int_equal(header.skip, 3);
    assert_int_equal(header.count, 4);
    assert_int_equal(header.above_count, 2);
    assert_true(text_is(header.columns[2].title, "反映内容"));
    assert_false(header_repeated(&header, &rows[3]));
    assert_true(header_repeated(&header, &rows[2]));
}

static void two_rows_without_merges(void **state)
{
    struct row rows[] = { make_row(1, "登记编号|登记日期|满意度||回访|"),
                          make_row(2, "||及时|质量|日期|结果"),
                          make_row(3, "D001|2026-10-01|5|4|x|y") };
    struct sheet sheet = { .name = "" };
    struct header header;

    (void)state;
    assert_true(header_find(rows, 3, &sheet, words, &any, memory, &header));
    assert_int_equal(header.first_row, 1);
    assert_int_equal(header.row, 2);
    assert_int_equal(header.skip, 2);
    assert_true(text_is(header.columns[0].title, "登记编号"));
    assert_true(text_is(header.columns[2].title, "满意度 / 及时"));
    assert_true(text_is(header.columns[3].title, "满意度 / 质量"));
    assert_true(text_is(header.columns[4].title, "回访 / 日期"));
    assert_true(text_is(header.columns[5].title, "回访 / 结果"));
    assert_true(text_is(header.columns[3].child, "质量"));
}

static void two_rows_with_merges(void **state)
{
    struct row rows[] = { make_row(1, "前台登记台账|||||"),
                          make_row(2, "登记编号|登记日期|完成||满意度|"),
                          make_row(3, "||日期|时间|及时|质量"),
                          make_row(4, "D1|2026-10-01|a|b|5|5") };
    static const struct merge merges[] = {
        { 0, 0, 0, 5 }, { 1, 0, 2, 0 }, { 1, 1, 2, 1 }, { 1, 2, 1, 3 }, { 1, 4, 1, 5 }
    };
    struct sheet sheet = { .name = "登记", .merge_count = 5, .merges = merges };
    struct header header;

    (void)state;
    assert_true(header_find(rows, 4, &sheet, words, &any, memory, &header));
    assert_int_equal(header.first_row, 2);
    assert_int_equal(header.row, 3);
    assert_true(text_is(header.columns[1].title, "登记日期"));
    assert_true(text_is(header.columns[3].title, "完成 / 时间"));
    assert_true(text_is(header.columns[5].title, "满意度 / 质量"));
}

static void data_is_no_second_header(void **state)
{
    struct row rows[] = { make_row(1, "工单编号|报修时间|房号|备注"),
                          make_row(2, "|2026-10-01|1503|"),
                          make_row(3, "2|2026-10-02|1504|x") };
    struct sheet sheet = { .name = "" };
    struct header header;

    (void)state;
    assert_true(header_find(rows, 3, &sheet, words, &any, memory, &header));
    assert_int_equal(header.row, 1);
    assert_int_equal(header.skip, 1);
}

static void none_and_fixed(void **state)
{
    struct row rows[] = { make_row(1, "1|2|3"), make_row(2, "甲|乙|丙") };
    struct sheet sheet = { .name = "" };
    struct header_wish wish = any;
    struct header header;

    (void)state;
    assert_false(header_find(rows, 2, &sheet, words, &any, memory, &header));
    wish.none = true;
    assert_true(header_find(rows, 2, &sheet, words, &wish, memory, &header));
    assert_int_equal(header.row, 0);
    assert_int_equal(header.count, 3);
    wish = any;
    wish.row = 2;
    assert_true(header_find(rows, 2, &sheet, words, &wish, memory, &header));
    assert_int_equal(header.row, 2);
    assert_true(text_is(header.columns[2].title, "丙"));
    assert_false(header_find(rows, 0, &sheet, words, &any, memory, &header));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_title_and_a_period),
        cmocka_unit_test(two_rows_without_merges),
        cmocka_unit_test(two_rows_with_merges),
        cmocka_unit_test(data_is_no_second_header),
        cmocka_unit_test(none_and_fixed),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
