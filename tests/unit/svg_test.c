/* svg_test.c - the walker: state, transforms, signs, and what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <math.h>
#include <string.h>

#include "render/svg.h"

struct seen {
    size_t paths, texts;
    struct svg_point first[8];
    struct svg_paint paint;
    struct svg_text text;
    char words[64];
};

static enum status see_path(void *self, const struct svg_point *points, size_t count,
                            const struct svg_paint *paint, struct error *err)
{
    struct seen *seen = self;
    (void)err;
    seen->paths++;
    memcpy(seen->first, points, (count < 8 ? count : 8) * sizeof *points);
    seen->paint = *paint;
    return HY_OK;
}

static enum status see_text(void *self, const struct svg_text *text, struct error *err)
{
    struct seen *seen = self;
    (void)err;
    seen->texts++;
    seen->text = *text;
    memcpy(seen->words, text->text.at, text->text.length);
    seen->words[text->text.length] = '\0';
    return HY_OK;
}

static enum status walk(const char *inner, struct seen *seen, struct error *err)
{
    struct arena *memory = arena_new();
    struct svg_sink sink = { seen, see_path, see_text };
    const char *svg =
        arena_printf(memory,
                     "<svg viewBox=\"0 0 200 100\" xmlns=\"x\" "
                     "xmlns:xlink=\"http://www.w3.org/1999/xlink\">%s</svg>",
                     inner);
    memset(seen, 0, sizeof *seen);
    enum status status = svg_draw(text_of(svg), 10, 20, 100, 50, &sink, memory, err);
    arena_free(memory);
    return status;
}

static void box_is_scaled_and_moved(void **state)
{
    struct seen seen;
    struct error err;
    (void)state;
    assert_int_equal(walk("<path d='M0,0 L200,100' stroke='rgb( 27,  58, 92)' "
                          "fill='none' stroke-width='2.0'/>",
                          &seen, &err),
                     HY_OK);
    assert_float_equal(seen.first[0].x, 10, 1e-9);
    assert_float_equal(seen.first[0].y, 20, 1e-9);
    assert_float_equal(seen.first[1].x, 110, 1e-9);
    assert_float_equal(seen.first[1].y, 70, 1e-9);
    assert_true(seen.paint.stroke);
    assert_false(seen.paint.fill);
    assert_float_equal(seen.paint.stroke_colour[1], 58 / 255.0, 1e-9);
    assert_float_equal(seen.paint.width, 1, 1e-9);
}

static void opacity_is_mixed_with_white(void **state)
{
    struct seen seen;
    struct error err;
    (void)state;
    assert_int_equal(walk("<rect x='0' y='0' width='4' height='4' fill='#000000' "
                          "fill-opacity='0.25'/>",
                          &seen, &err),
                     HY_OK);
    assert_float_equal(seen.paint.fill_colour[0], 0.75, 1e-9);
}

static void signs_follow_their_references(void **state)
{
    struct seen seen;
    struct error err;
    (void)state;
    assert_int_equal(
        walk("<defs><circle id='gpPt5' stroke-width='0.1' r='1'/><use "
             "xlink:href='#gpPt5' id='gpPt6' fill='currentColor' stroke='none'/></defs>"
             "<use xlink:href='#gpPt6' transform='translate(100,50) scale(4)' "
             "color='#FF0000'/>",
             &seen, &err),
        HY_OK);
    assert_int_equal(seen.paths, 1);
    assert_true(seen.paint.fill);
    assert_false(seen.paint.stroke);
    assert_float_equal(seen.paint.fill_colour[0], 1, 1e-9);
    assert_float_equal(seen.first[0].x, 10 + 104 / 2.0, 1e-9); /* radius 4, half size */
}

static void text_is_trimmed_and_turned(void **state)
{
    struct seen seen;
    struct error err;
    (void)state;
    assert_int_equal(
        walk("<g transform='translate(20,40) rotate(-90)' font-size='21' "
             "text-anchor='end' fill='black'><text> 甲 &amp; 乙 </text></g>",
             &seen, &err),
        HY_OK);
    assert_string_equal(seen.words, "甲 & 乙");
    assert_float_equal(seen.text.size, 10.5, 1e-9);
    assert_int_equal(seen.text.anchor, SVG_END);
    assert_float_equal(seen.text.along_x, 0, 1e-9);
    assert_float_equal(seen.text.along_y, -1, 1e-9);
}

static void strange_things_are_refused(void **state)
{
    static const char *const strange[] = {
        "<image xlink:href='data:x'/>",
        "<script>x</script>",
        "<path d='M0,0 C1,1 2,2 3,3'/>",
        "<use xlink:href='#nothing'/>",
        "<g><g></g>",
        "<foreignObject/>",
    };
    struct seen seen;
    struct error err;
    (void)state;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        assert_int_not_equal(walk(strange[i], &seen, &err), HY_OK);
}

static void titles_are_not_drawn(void **state)
{
    struct seen seen;
    struct error err;
    (void)state;
    assert_int_equal(walk("<title>c0.tsv</title><desc>gnuplot</desc>", &seen, &err),
                     HY_OK);
    assert_int_equal(seen.texts, 0);
}

static void depth_has_a_limit(void **state)
{
    char deep[601];
    struct seen seen;
    struct error err;
    (void)state;
    for (int i = 0; i < 600; i++)
        deep[i] = "<g>"[i % 3];
    deep[600] = '\0';
    assert_int_not_equal(walk(deep, &seen, &err), HY_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(box_is_scaled_and_moved),
        cmocka_unit_test(opacity_is_mixed_with_white),
        cmocka_unit_test(signs_follow_their_references),
        cmocka_unit_test(text_is_trimmed_and_turned),
        cmocka_unit_test(strange_things_are_refused),
        cmocka_unit_test(titles_are_not_drawn),
        cmocka_unit_test(depth_has_a_limit),
    };
    return cmocka_run_group_tests_name("svg", tests, NULL, NULL);
}
