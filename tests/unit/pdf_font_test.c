/* pdf_font_test.c - coverage, substitutes, subsets; numbers that are none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "render/pdf_canvas.h"

static struct fonts *fonts_of(void **state)
{
    return *state;
}

static void plain_words_use_the_main_face(void **state)
{
    static const uint32_t codes[] = { 0x9633, 'A', '9', 0xFF0C, 0x3002, '%' };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_int_equal(fonts_glyph(fonts_of(state), codes[i]).face, 0);
    /* A hanzi is one em wide. */
    assert_float_equal(fonts_glyph(fonts_of(state), 0x9633).advance, 1000, 0.5);
}

static void rare_characters_fall_back(void **state)
{
    if (!fonts_face(fonts_of(state), 1))
        skip();
    assert_int_equal(fonts_glyph(fonts_of(state), 0x364D).face, 1); /* 㙍, Ext A */
    if (!fonts_face(fonts_of(state), 2))
        skip();
    assert_int_equal(fonts_glyph(fonts_of(state), 0x20BB7).face, 2); /* 𠮷 */
}

static void missing_ones_are_marked_not_dropped(void **state)
{
    assert_true(fonts_lost(fonts_of(state), 0x1F642));
    assert_int_equal(fonts_glyph(fonts_of(state), 0x1F642).code, 0x3013);
    assert_false(fonts_lost(fonts_of(state), 0x2212)); /* minus: at least '-' */
    assert_int_not_equal(fonts_glyph(fonts_of(state), 0x2212).code, 0x3013);
    assert_int_not_equal(fonts_glyph(fonts_of(state), 0xA0).code, 0x3013);
}

static void silent_signs_draw_nothing(void **state)
{
    static const uint32_t codes[] = {
        0, 7, '\n', 0x7F, 0x200B, 0x202E, 0xFEFF, 0x2066
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        assert_int_equal(fonts_glyph(fonts_of(state), codes[i]).face, FACE_NONE);
        assert_false(fonts_lost(fonts_of(state), codes[i]));
    }
}

static uint32_t number_at(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Every glyph of the font through the subset: none is damaged, and the checksum
 * of the whole is the one the format asks for. */
static void subset_of_everything_holds(void **state)
{
    struct arena *memory = arena_new();
    for (int face = 0; face < FACES_MOST; face++) {
        const struct sfnt *font = fonts_face(fonts_of(state), face);
        if (!font)
            continue;
        uint32_t count = sfnt_glyph_count(font);
        uint8_t *wanted = arena_alloc(memory, count);
        uint16_t *renumber = arena_alloc(memory, count * sizeof *renumber);
        const unsigned char *bytes;
        size_t length;
        struct error err = { HY_OK, "" };
        memset(wanted, 1, count);
        assert_int_equal(sfnt_subset(font, wanted, memory, renumber, &bytes, &length,
                                     &err),
                         HY_OK);
        uint32_t sum = 0;
        for (size_t i = 0; i + 4 <= length; i += 4)
            sum += number_at(bytes + i);
        assert_int_equal(sum, 0xB1B0AFBA);
        for (uint32_t glyph = 1; glyph < count; glyph++)
            assert_int_not_equal(renumber[glyph], 0);
    }
    arena_free(memory);
}

/* A composite brings its parts: MicroHei builds most hanzi of strokes groups. */
static void parts_come_along(void **state)
{
    const struct sfnt *font = fonts_face(fonts_of(state), 0);
    struct arena *memory = arena_new();
    uint32_t count = sfnt_glyph_count(font), kept = 0;
    uint8_t *wanted = arena_alloc(memory, count);
    uint16_t *renumber = arena_alloc(memory, count * sizeof *renumber);
    const unsigned char *bytes;
    size_t length;
    struct error err = { HY_OK, "" };
    uint32_t glyph = sfnt_glyph(font, 0x7269); /* 物 */
    wanted[glyph] = 1;
    assert_int_equal(sfnt_subset(font, wanted, memory, renumber, &bytes, &length, &err),
                     HY_OK);
    for (uint32_t i = 0; i < count; i++)
        kept += renumber[i] != 0;
    assert_int_equal(renumber[glyph], 1);
    assert_true(kept >= 1);
    assert_true(length < 20000);
    arena_free(memory);
}

static void wrong_files_are_refused(void **state)
{
    struct error err = { HY_OK, "" };
    struct sfnt *font;
    (void)state;
    assert_int_equal(sfnt_open("/nonexistent.ttf", 0, &font, &err), HY_INTERNAL);
    assert_null(font);
    assert_int_equal(sfnt_open("Makefile", 0, &font, &err), HY_INTERNAL);
    assert_null(font);
}

static void no_number_is_an_error(void **state)
{
    const double bad[] = { NAN, INFINITY, -INFINITY, 1e9 };
    for (int which = 0; which < 7; which++)
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            struct arena *memory = arena_new();
            struct canvas *canvas = NULL;
            struct error err = { HY_OK, "" };
            struct unit_of_text unit = { 'a', 'a', 0, 5, false };
            double triangle[6] = { 0, 0, 1, bad[i], 2, 2 };
            assert_int_equal(canvas_open(fonts_of(state), memory, 1, &canvas, &err),
                             HY_OK);
            canvas_page(canvas);
            if (which == 0)
                canvas_line(canvas, 0, 0, bad[i], 1);
            else if (which == 1)
                canvas_rectangle(canvas, 0, bad[i], 1, 1, true, true);
            else if (which == 2)
                canvas_round(canvas, 0, 0, bad[i], 1, 1, true, true);
            else if (which == 3)
                canvas_triangle(canvas, triangle, true);
            else if (which == 4)
                canvas_circle(canvas, 1, 1, bad[i], true);
            else if (which == 5)
                canvas_units(canvas, &unit, 1, bad[i], 1, 10, 0, 0);
            else
                canvas_stroke(canvas, 0, bad[i]);
            assert_int_equal(canvas_status(canvas, &err), HY_INTERNAL);
            canvas_close(canvas);
            arena_free(memory);
        }
}

static void the_process_loads_them_once(void **state)
{
    struct error err;
    struct fonts *again = NULL;
    assert_int_equal(fonts_open(&again, &err), HY_OK);
    assert_ptr_equal(again, *state);
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
        cmocka_unit_test(the_process_loads_them_once),
        cmocka_unit_test(plain_words_use_the_main_face),
        cmocka_unit_test(rare_characters_fall_back),
        cmocka_unit_test(missing_ones_are_marked_not_dropped),
        cmocka_unit_test(silent_signs_draw_nothing),
        cmocka_unit_test(subset_of_everything_holds),
        cmocka_unit_test(parts_come_along),
        cmocka_unit_test(wrong_files_are_refused),
        cmocka_unit_test(no_number_is_an_error),
    };
    return cmocka_run_group_tests_name("pdf_font", tests, open_fonts, NULL);
}
