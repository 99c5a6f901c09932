/* pdf_rim_test.c - the head of a page: what is its title, in how many lines. */
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

extern const struct renderer render_pdf;

static char place[] = "/tmp/huiyin-rim-test-XXXXXX";

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
        cmocka_unit_test(a_long_title_keeps_to_one_line),
    };

    return cmocka_run_group_tests(tests, make_place, clear_place);
}
