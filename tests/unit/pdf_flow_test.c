/* pdf_flow_test.c - where pages begin and end: a long title keeps to one line, the
 * heading of a part never stands at a foot with next to nothing of its part below it, a
 * chart that has no room leaves no hole, words and notes of a table stand by it, a page
 * is full to its foot, and no last page holds a line or two. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "render/doc.h"
#include "render/renderer.h"

enum {
    LEAST_BEFORE = 20,
    MOST_BEFORE = 56,
    AFTER = 12,
    LEAST_BELOW = 4,
    ROWS = 16,
    MOST_BLOCKS = 100,
    MOST_PAGES = 4,
    ALL_TEXT = 65536
};

extern const struct renderer render_pdf;

static char place[] = "/tmp/huiyin-flow-test-XXXXXX";

static struct block paragraph(struct arena *memory, const char *text)
{
    struct run *run = arena_alloc(memory, sizeof *run);
    struct line_of *line = arena_alloc(memory, sizeof *line);
    run->text = text;
    line->count = 1;
    line->runs = run;
    return (struct block){ .kind = BLOCK_PARAGRAPH, .count = 1, .lines = line };
}

static void about(struct doc *doc, struct block *blocks, size_t count,
                  struct arena *memory)
{
    *doc = (struct doc){ .name = "分页",
                         .title = "分页",
                         .estate = "阳光花园",
                         .language = "zh",
                         .head_right = "2026 年 10 月",
                         .subhead = "公开版",
                         .foot = "记号",
                         .month = 2026 * 12 + 9,
                         .cutoff = 1793491200,
                         .count = count,
                         .blocks = blocks,
                         .memory = memory };
}

/* The pages of a document of these blocks, as text. */
static size_t pages_of(struct block *blocks, size_t count, struct arena *memory,
                       const char *pages[MOST_PAGES])
{
    struct error err = { HY_OK, "" };
    struct doc doc;
    const char *file = arena_printf(memory, "%s/分页.pdf", place);
    about(&doc, blocks, count, memory);
    if (render_pdf.write(&doc, file, &err) != HY_OK)
        print_error("%s\n", err.text);
    assert_int_equal(err.status, HY_OK);
    FILE *text = popen(arena_printf(memory, "pdftotext -layout %s -", file), "r");
    assert_non_null(text);
    char *all = arena_alloc(memory, ALL_TEXT);
    all[fread(all, 1, ALL_TEXT - 1, text)] = '\0';
    assert_int_not_equal(pclose(text), -1);
    assert_int_equal(unlink(file), 0);
    size_t found = 0;
    for (char *page = strtok(all, "\f"); page; page = strtok(NULL, "\f")) {
        assert_true(found < MOST_PAGES);
        pages[found++] = page;
    }
    return found;
}

static size_t times(const char *page, const char *words)
{
    size_t count = 0;
    for (const char *at = strstr(page, words); at; at = strstr(at + 1, words))
        count++;
    return count;
}

/* That many lines, then what the caller adds. */
static size_t lines_before(struct block *blocks, size_t before, struct arena *memory)
{
    for (size_t i = 0; i < before; i++)
        blocks[i] = paragraph(memory, "前面的话");
    return before;
}

static struct block part(struct arena *memory)
{
    struct block block = paragraph(memory, "这一部分");
    block.kind = BLOCK_HEADING;
    block.level = 1;
    return block;
}

static void a_part_begins_with_some_of_it(void **state)
{
    bool turned = false;
    (void)state;
    for (size_t before = LEAST_BEFORE; before <= MOST_BEFORE; before++) {
        struct arena *memory = arena_new();
        struct block blocks[MOST_BLOCKS];
        const char *pages[MOST_PAGES];
        size_t count = lines_before(blocks, before, memory);
        blocks[count++] = part(memory);
        for (size_t i = 0; i < AFTER; i++)
            blocks[count++] = paragraph(memory, "下面的行");
        size_t found = pages_of(blocks, count, memory, pages);
        for (size_t i = 0; i < found; i++)
            if (strstr(pages[i], "这一部分")) {
                assert_true(times(pages[i], "下面的行") >= LEAST_BELOW);
                turned = turned || times(pages[i], "下面的行") < AFTER;
            }
        arena_free(memory);
    }
    assert_true(turned); /* some of the parts did run over a page's end */
}

static struct block picture(struct arena *memory)
{
    static const char svg[] = "<svg viewBox=\"0 0 1000 500\" xmlns=\"x\"></svg>";
    struct chart *chart = arena_alloc(memory, sizeof *chart);
    chart->title = "一张图";
    chart->svg = (struct text){ svg, sizeof svg - 1 };
    return (struct block){ .kind = BLOCK_CHART, .chart = chart };
}

/* Where the chart has no room, lines after it fill the page and it opens the next;
 * where it has, it stays before them. */
static void a_chart_that_has_no_room_leaves_no_hole(void **state)
{
    bool waited = false, stayed = false;
    (void)state;
    for (size_t before = LEAST_BEFORE; before < 40; before++) {
        struct arena *memory = arena_new();
        struct block blocks[MOST_BLOCKS];
        const char *pages[MOST_PAGES];
        size_t count = lines_before(blocks, before, memory);
        blocks[count++] = picture(memory);
        for (size_t i = 0; i < 30; i++)
            blocks[count++] = paragraph(memory, "下面的行");
        assert_int_equal(pages_of(blocks, count, memory, pages), 2);
        assert_true(times(pages[0], "前面的话") + times(pages[0], "下面的行")
                        + (times(pages[0], "一张图") ? 16 : 0)
                    >= 38);
        if (times(pages[0], "一张图")) {
            stayed = true;
            assert_true(!strstr(pages[0], "下面的行")
                        || strstr(pages[0], "一张图") < strstr(pages[0], "下面的行"));
        } else {
            waited = true;
            assert_true(strstr(pages[1], "一张图") < strstr(pages[1], "下面的行"));
        }
        arena_free(memory);
    }
    assert_true(waited && stayed);
}

static struct block rows(struct arena *memory)
{
    struct table *table = arena_alloc(memory, sizeof *table);
    struct table_cell *cells = arena_alloc(memory, (ROWS + 1) * sizeof *cells);
    for (size_t i = 0; i <= ROWS; i++)
        cells[i].text = i ? "表里的行" : "表头";
    table->columns = 1;
    table->heads = 1;
    table->rows = ROWS + 1;
    table->cells = cells;
    return (struct block){ .kind = BLOCK_TABLE, .table = table };
}

static void words_and_note_of_a_table_stand_by_it(void **state)
{
    bool parted = false;
    (void)state;
    for (size_t before = LEAST_BEFORE; before <= MOST_BEFORE; before++) {
        struct arena *memory = arena_new();
        struct block blocks[MOST_BLOCKS];
        const char *pages[MOST_PAGES];
        size_t count = lines_before(blocks, before, memory);
        blocks[count++] = paragraph(memory, "下表是这样");
        blocks[count++] = rows(memory);
        blocks[count] = paragraph(memory, "表下的注");
        blocks[count++].tone = TONE_NOTE;
        for (size_t i = 0; i < AFTER; i++)
            blocks[count++] = paragraph(memory, "下面的行");
        size_t found = pages_of(blocks, count, memory, pages);
        for (size_t i = 0; i < found; i++) {
            size_t here = times(pages[i], "表里的行");
            assert_true(!strstr(pages[i], "下表是这样") || here > 0);
            assert_true(!strstr(pages[i], "表下的注") || here > 0);
            assert_true(here != 1); /* no row stands alone */
            parted = parted || (here > 0 && here < ROWS);
        }
        arena_free(memory);
    }
    assert_true(parted);
}

/* The foot of the lowest words of the first page above its rim, in points from its top,
 * and whether the part begins there. */
static double lowest(const char *file, bool *begins)
{
    struct arena *memory = arena_new();
    FILE *boxes =
        popen(arena_printf(memory, "pdftotext -bbox -f 1 -l 1 %s -", file), "r");
    char line[1024];
    double foot = 0, rim = 785;
    assert_non_null(boxes);
    *begins = false;
    while (fgets(line, sizeof line, boxes)) {
        const char *at = strstr(line, "yMax=\"");
        double y = at ? strtod(at + 6, NULL) : 0;
        foot = y < rim && y > foot ? y : foot;
        *begins = *begins || strstr(line, "这一部分");
    }
    assert_int_not_equal(pclose(boxes), -1);
    arena_free(memory);
    return foot;
}

/* A part that begins with a chart goes on a page of its own or comes in by a little
 * less spacing; what it leaves behind is spread over the page. */
static void a_page_is_full_to_its_foot(void **state)
{
    enum { ROOMY = 21, LOW_CHART = 220, NEARLY_FULL = 735, LEAST_FULL = 560 };
    bool waited = false, squeezed = false;
    (void)state;
    for (size_t before = LEAST_BEFORE; before < 36; before++) {
        struct arena *memory = arena_new();
        struct block blocks[MOST_BLOCKS];
        struct error err = { HY_OK, "" };
        const char *file = arena_printf(memory, "%s/满.pdf", place);
        struct doc doc;
        bool begins;
        size_t count = lines_before(blocks, before, memory);
        blocks[count++] = part(memory);
        blocks[count++] = picture(memory);
        blocks[count++] = picture(memory);
        about(&doc, blocks, count, memory);
        assert_int_equal(render_pdf.write(&doc, file, &err), HY_OK);
        double foot = lowest(file, &begins);
        assert_true(begins ? foot + LOW_CHART > NEARLY_FULL : foot >= LEAST_FULL);
        squeezed = squeezed || (begins && before > ROOMY); /* usually it has no room */
        waited = waited || !begins;
        assert_int_equal(unlink(file), 0);
        arena_free(memory);
    }
    assert_true(waited && squeezed);
}

/* Lines that run over by a few stand closer together instead. */
static void no_last_page_holds_a_line_or_two(void **state)
{
    bool three = false;
    (void)state;
    for (size_t lines = 76; lines < MOST_BLOCKS; lines++) {
        struct arena *memory = arena_new();
        struct block blocks[MOST_BLOCKS];
        const char *pages[MOST_PAGES];
        size_t count = lines_before(blocks, lines, memory);
        size_t found = pages_of(blocks, count, memory, pages);
        assert_true(times(pages[found - 1], "前面的话") >= LEAST_BELOW);
        three = three || found == 3;
        arena_free(memory);
    }
    assert_true(three);
}

/* English titles are long: one is set smaller before it is broken in two. */
static void a_long_title_keeps_to_one_line(void **state)
{
    static const char title[] = "Sunshine Garden: Management Report (Internal)";
    struct arena *memory = arena_new();
    struct run run = { .text = "Words below it" };
    struct line_of words = { .count = 1, .runs = &run };
    struct block block = { .kind = BLOCK_PARAGRAPH, .count = 1, .lines = &words };
    struct doc doc = { .name = "title",
                       .title = title,
                       .estate = "Sunshine Garden",
                       .language = "en",
                       .head_left = title,
                       .head_right = "February 2026 · No. 18",
                       .subhead = "Public",
                       .foot = "Marks",
                       .month = 2026 * 12 + 1,
                       .cutoff = 1793491200,
                       .count = 1,
                       .blocks = &block,
                       .memory = memory };
    struct error err = { HY_OK, "" };
    const char *file = arena_printf(memory, "%s/title.pdf", place);
    char line[1024] = "";
    (void)state;
    assert_int_equal(render_pdf.write(&doc, file, &err), HY_OK);
    FILE *text = popen(arena_printf(memory, "pdftotext -layout %s -", file), "r");
    assert_non_null(text);
    while (strstr(line, "Sunshine") == NULL)
        assert_non_null(fgets(line, sizeof line, text));
    assert_non_null(strstr(line, title));
    assert_int_not_equal(pclose(text), -1);
    assert_int_equal(unlink(file), 0);
    arena_free(memory);
}

static int make_place(void **state)
{
    (void)state;
    return mkdtemp(place) ? 0 : -1;
}

static int clear_place(void **state)
{
    (void)state;
    return rmdir(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_begins_with_some_of_it),
        cmocka_unit_test(a_chart_that_has_no_room_leaves_no_hole),
        cmocka_unit_test(words_and_note_of_a_table_stand_by_it),
        cmocka_unit_test(a_page_is_full_to_its_foot),
        cmocka_unit_test(no_last_page_holds_a_line_or_two),
        cmocka_unit_test(a_long_title_keeps_to_one_line),
    };

    return cmocka_run_group_tests(tests, make_place, clear_place);
}
