/* pdf_flow_test.c - where pages end: the heading of a part never stands at a foot with
 * next to nothing of its part below it. */
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

enum { LEAST_BEFORE = 20, MOST_BEFORE = 56, AFTER = 12, LEAST_BELOW = 4 };

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

/* That many lines, then a part of twelve more. */
static void build(struct doc *doc, struct block *blocks, size_t before,
                  struct arena *memory)
{
    for (size_t i = 0; i < before; i++)
        blocks[i] = paragraph(memory, "前面的话");
    blocks[before] = paragraph(memory, "这一部分");
    blocks[before].kind = BLOCK_HEADING;
    blocks[before].level = 1;
    for (size_t i = 0; i < AFTER; i++)
        blocks[before + 1 + i] = paragraph(memory, "下面的行");
    *doc = (struct doc){ .name = "分页",
                         .title = "分页",
                         .estate = "阳光花园",
                         .language = "zh",
                         .head_right = "2026 年 10 月",
                         .subhead = "公开版",
                         .foot = "记号",
                         .month = 2026 * 12 + 9,
                         .cutoff = 1793491200,
                         .count = before + 1 + AFTER,
                         .blocks = blocks,
                         .memory = memory };
}

/* Lines of the part on the page where its heading stands. */
static int below_heading(const char *file, struct arena *memory)
{
    FILE *text = popen(arena_printf(memory, "pdftotext -layout %s -", file), "r");
    char line[1024];
    int below = -1;
    assert_non_null(text);
    while (fgets(line, sizeof line, text) != NULL) {
        if (strchr(line, '\f') && below >= 0)
            break;
        if (strstr(line, "这一部分"))
            below = 0;
        else if (below >= 0 && strstr(line, "下面的行"))
            below++;
    }
    assert_int_not_equal(pclose(text), -1);
    return below;
}

static void a_part_begins_with_some_of_it(void **state)
{
    bool turned = false;
    (void)state;
    for (size_t before = LEAST_BEFORE; before <= MOST_BEFORE; before++) {
        struct arena *memory = arena_new();
        struct block blocks[MOST_BEFORE + 1 + AFTER];
        struct error err = { HY_OK, "" };
        struct doc doc;
        const char *file = arena_printf(memory, "%s/分页.pdf", place);
        build(&doc, blocks, before, memory);
        assert_int_equal(render_pdf.write(&doc, file, &err), HY_OK);
        int below = below_heading(file, memory);
        assert_true(below >= LEAST_BELOW);
        turned = turned || below < AFTER;
        assert_int_equal(unlink(file), 0);
        arena_free(memory);
    }
    assert_true(turned); /* some of the parts did run over a page's end */
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
    };

    return cmocka_run_group_tests(tests, make_place, clear_place);
}
