/* pdf_table_test.c - widths of columns: all of the page and no more, no word torn, no
 * room wasted beside a cell that wraps. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <math.h>
#include <string.h>

#include "render/pdf_set.h"

enum { ROUNDS = 400, MOST_COLUMNS = 8, MOST_ROWS = 6, MOST_PIECES = 30 };
/* DESIGN-SYSTEM.md: a cell stands 5 pt from its words; a step of sharing is 3 pt. */
static const double pad = 5, step = 3, rounding = 0.2;

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct setter setter_of(void **state, struct arena *memory)
{
    return (
        struct setter){ .fonts = *state, .memory = memory, .gap = 1, .leading = 1.28 };
}

static double width_of(const struct setter *setter, const char *text)
{
    struct laid laid;
    text_lay_plain(setter->fonts, text, false, SIZE_BODY, 1e5, setter->memory, &laid);
    return laid.width;
}

/* Of Latin words between Chinese ones: those are what must not be torn. */
static double longest_word(const struct setter *setter, const char *text)
{
    double longest = 0;
    while (*text) {
        size_t bytes = 0;
        while (text[bytes] >= 'a' && text[bytes] <= 'z')
            bytes++;
        longest = fmax(longest, width_of(setter, arena_printf(setter->memory, "%.*s",
                                                              (int)bytes, text)));
        text += bytes ? bytes : 1;
    }
    return longest;
}

static const char *some_words(struct arena *memory, uint32_t *seed)
{
    static const char *const pieces[] = {
        "办", "结", "件数", "a", "master", "没算在内"
    };
    enum { PIECES = sizeof pieces / sizeof *pieces };
    const char *text = "";
    size_t count =
        next_random(seed) % 3 ? next_random(seed) % 4 : next_random(seed) % MOST_PIECES;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[next_random(seed) % PIECES];
        text = arena_printf(memory, "%s%s%s", text, *piece < 'z' && *text ? " " : "",
                            piece);
    }
    return text;
}

static struct table some_table(struct arena *memory, uint32_t *seed)
{
    struct table table = { .columns = 1 + next_random(seed) % MOST_COLUMNS,
                           .rows = 1 + next_random(seed) % MOST_ROWS };
    size_t count = table.rows * table.columns;
    struct table_cell *cells = arena_alloc(memory, count * sizeof *cells);
    memset(cells, 0, count * sizeof *cells);
    for (size_t i = 0; i < count; i++)
        cells[i].text = some_words(memory, seed);
    table.cells = cells;
    return table;
}

static void no_word_is_torn(const struct laid *laid)
{
    for (size_t i = 1; i < laid->line_count; i++) {
        uint32_t before = laid->units[laid->lines[i].first - 1].code;
        uint32_t after = laid->units[laid->lines[i].first].code;
        assert_false(before >= 'a' && before <= 'z' && after >= 'a' && after <= 'z');
    }
}

/* What the widths of one table must keep, on a page where its longest words fit. */
static void check_widths(const struct setter *setter, const struct table *table,
                         double width)
{
    struct table_plan plan;
    double sum = 0;
    bool wraps = false;
    table_plan((struct setter *)setter, table, width, &plan);
    for (size_t i = 0; i < table->rows * table->columns; i++) {
        no_word_is_torn(&plan.cells[i]);
        wraps = wraps || plan.cells[i].line_count > 1;
    }
    for (size_t c = 0; c < table->columns; c++) {
        double word = 0, natural = 0;
        for (size_t r = 0; r < table->rows; r++) {
            const char *text = table->cells[r * table->columns + c].text;
            word = fmax(word, longest_word(setter, text));
            natural = fmax(natural, width_of(setter, text));
        }
        assert_true(plan.widths[c] >= word + 2 * pad);
        if (wraps)
            assert_true(plan.widths[c]
                        <= fmax(24, natural + 2 * pad) + step + rounding);
        sum += plan.widths[c];
    }
    assert_float_equal(sum, width, 0.01);
}

static void columns_fill_the_page_and_hold_their_words(void **state)
{
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    uint32_t seed = 11;
    for (int round = 0; round < ROUNDS; round++) {
        struct table table = some_table(memory, &seed);
        /* at most 8 columns, each word "master" and its rim under 60 pt */
        check_widths(&setter, &table, 480 + next_random(&seed) % 300);
        arena_reset(memory);
    }
    arena_free(memory);
}

/* 480 pt hold a hundred columns of no word: crushed, yet inside the page. */
static void too_many_columns_stay_on_the_page(void **state)
{
    enum { COLUMNS = 100 };
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    struct table_cell cells[COLUMNS] = { { .text = "supercalifragilistic" } };
    struct table table = { .columns = COLUMNS, .rows = 1, .cells = cells };
    struct table_plan plan;
    double sum = 0;
    table_plan(&setter, &table, 480, &plan);
    for (size_t c = 0; c < COLUMNS; c++) {
        assert_true(plan.widths[c] > 0);
        sum += plan.widths[c];
    }
    assert_float_equal(sum, 480, 0.01);
    arena_free(memory);
}

/* The committee's check table once gave every column that wraps the same width, so the
 * longest cell had few characters a line.  Here 40 characters stand beside four times
 * 8: inside 400 - 5 * 10 pt, 3 lines of 14 (147 pt) and four columns of 4 (42 pt) have
 * room; shared alike, at 70 pt each, the first column has 7 lines. */
static void a_long_cell_takes_what_short_ones_can_spare(void **state)
{
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    struct table_cell cells[5] = {
        { .text = "一二三四五六七八九十一二三四五六七八九十"
                  "一二三四五六七八九十一二三四五六七八九十" },
        { .text = "一二三四五六七八" },
        { .text = "一二三四五六七八" },
        { .text = "一二三四五六七八" },
        { .text = "一二三四五六七八" },
    };
    struct table table = { .columns = 5, .rows = 1, .cells = cells };
    struct table_plan plan;
    table_plan(&setter, &table, 400, &plan);
    for (size_t c = 0; c < 5; c++)
        assert_in_range(plan.cells[c].line_count, 2, 3);
    arena_free(memory);
}

/* Ten rows of 24 characters in the second column, three of 8 in the first.  Of 300 pt,
 * 280 are for words: 84 for the 8, so that 196 stay, 18 characters a line, and 24 have
 * two lines.  One line for the 24 (252 pt) would tear the 8 into four. */
static void lines_are_whole(void **state)
{
    enum { ROWS = 13 };
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    struct table_cell cells[2 * ROWS] = { { .text = NULL } };
    for (size_t r = 0; r < ROWS; r++)
        cells[2 * r + (r >= 3)].text = r < 3 ? "一二三四五六七八"
                                             : "一二三四五六七八一二三四五六七八"
                                               "一二三四五六七八";
    struct table table = { .columns = 2, .rows = ROWS, .cells = cells };
    struct table_plan plan;
    table_plan(&setter, &table, 300, &plan);
    assert_int_equal(plan.cells[0].line_count, 1);
    assert_int_equal(plan.cells[2 * 3 + 1].line_count, 2);
    arena_free(memory);
}

/* 202 pt for words: 30 characters (315 pt) have two lines at 157.5 pt or more, so the
 * 42 pt of a name are there; shared by lines alone, both are given two. */
static void a_name_is_not_torn_beside_a_cell_of_two_lines(void **state)
{
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    struct table_cell cells[2] = {
        { .text = "客服中心" },
        { .text = "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十" },
    };
    struct table table = { .columns = 2, .rows = 1, .cells = cells };
    struct table_plan plan;
    table_plan(&setter, &table, 222, &plan);
    assert_int_equal(plan.cells[0].line_count, 1);
    assert_int_equal(plan.cells[1].line_count, 2);
    arena_free(memory);
}

/* The English check table: "= no clear change" stood in three lines beside columns with
 * room to spare, for its letters would have filled two lines if letters flowed. */
static void few_words_keep_to_two_lines(void **state)
{
    enum { COLUMNS = 8, ROWS = 7 };
    static const char *const texts[ROWS][COLUMNS] = {
        { "Due on-time rate", "SLA-01", "90.8%", "383/422",
          "not yet due 8, answered at once 27, no limit 6", "87.6–93.2%", "92.4%",
          "= no clear change" },
        { "Time to resolve, open included, median", "TTR-02.median", "18.0 h", "446",
          "—", "16.4–19.5 h", "18.3 h", "= no clear change" },
        { "Owner-confirmed resolution", "RES-04", "88.7%", "266/300", "—", "84.6–91.8%",
          "89.2%", "= no clear change" },
        { "Time to resolve, closed tickets, mean", "TTR-01.mean", "112.1 days", "454",
          "answered at once 18", "94 min–3.2 h", "81.1 days", "—" },
        { "Satisfaction floor, if all others were satisfied", "SAT-05.ceiling", "89.4%",
          "337/377", "—", "85.9–92.1%", "91.9%", "—" },
        { "Time to resolve, open included, until confirmed", "TTR-02.confirmed",
          "19.0 h", "446", "—", "17.2–21.1 h", "20.0 h", "—" },
        { "Reach rate", "REV-02", "82.3%", "292/355", "no answer 51, refused 12",
          "77.9–85.9%", "77.6%", "— nothing to compare with" },
    };
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    struct table_cell cells[ROWS * COLUMNS];
    struct table table = { .columns = COLUMNS, .rows = ROWS, .cells = cells };
    struct table_plan plan;
    memset(cells, 0, sizeof cells);
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        cells[i].text = texts[i / COLUMNS][i % COLUMNS];
    table_plan(&setter, &table, TEXT_WIDTH, &plan);
    for (size_t r = 0; r < ROWS; r++)
        assert_in_range(plan.cells[r * COLUMNS + COLUMNS - 1].line_count, 1, 2);
    arena_free(memory);
}

/* The triangle of what is still open: thirteen shares of 31 pt, a month and a count.
 * With 5 pt on each side they would need 90 pt more than the page has. */
static void numbers_stand_closer_before_they_are_torn(void **state)
{
    enum { COLUMNS = 15 };
    struct arena *memory = arena_new();
    struct setter setter = setter_of(state, memory);
    struct table_cell cells[COLUMNS];
    struct table table = { .columns = COLUMNS, .rows = 1, .cells = cells };
    struct table_plan plan;
    double sum = 0;
    for (size_t c = 0; c < COLUMNS; c++)
        cells[c].text = c == 0 ? "2015-01" : c == 1 ? "2,115" : "54.0%";
    table_plan(&setter, &table, TEXT_WIDTH, &plan);
    for (size_t c = 0; c < COLUMNS; c++) {
        assert_int_equal(plan.cells[c].line_count, 1);
        assert_true(plan.cells[c].width <= plan.widths[c] - 2 * plan.pad + 0.01);
        sum += plan.widths[c];
    }
    assert_true(plan.pad >= 1.5 && plan.pad < pad);
    assert_float_equal(sum, TEXT_WIDTH, 0.05);
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
        cmocka_unit_test(columns_fill_the_page_and_hold_their_words),
        cmocka_unit_test(too_many_columns_stay_on_the_page),
        cmocka_unit_test(a_long_cell_takes_what_short_ones_can_spare),
        cmocka_unit_test(lines_are_whole),
        cmocka_unit_test(few_words_keep_to_two_lines),
        cmocka_unit_test(numbers_stand_closer_before_they_are_torn),
        cmocka_unit_test(a_name_is_not_torn_beside_a_cell_of_two_lines),
    };
    return cmocka_run_group_tests_name("pdf_table", tests, open_fonts, NULL);
}
