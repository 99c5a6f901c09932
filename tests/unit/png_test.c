/* png_test.c - a written picture is whole by libpng's rules; any damage is seen. */
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

#include "core/file.h"
#include "render/png.h"

enum { ACROSS = 37, DOWN = 500 };

static const char path[] = "/tmp/huiyin-png-test.png";

/* A pattern that does not pack well, so that there are several chunks. */
static void write_picture(uint32_t seed)
{
    struct arena *memory = arena_new();
    unsigned char row[ACROSS * 3];
    struct png *png;
    struct error err;

    assert_int_equal(png_open(path, ACROSS, memory, &png, &err), HY_OK);
    for (int y = 0; y < DOWN; y++) {
        for (size_t x = 0; x < sizeof row; x++) {
            seed = seed * 1664525 + 1013904223;
            row[x] = (unsigned char)(seed >> 24);
        }
        assert_int_equal(png_row(png, row, &err), HY_OK);
    }
    assert_int_equal(png_close(png, &err), HY_OK);
    arena_free(memory);
}

static const unsigned char *read_picture(struct arena *memory, size_t *length)
{
    const unsigned char *bytes;
    struct error err;

    assert_int_equal(file_read(path, 1 << 20, memory, &bytes, length, &err), HY_OK);
    return bytes;
}

static void put_back(const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void test_whole(void **state)
{
    uint32_t width = 0, height = 0;
    struct error err;

    (void)state;
    write_picture(1);
    assert_int_equal(png_check(path, &width, &height, &err), HY_OK);
    assert_int_equal(width, ACROSS);
    assert_int_equal(height, DOWN);
}

static void test_any_changed_byte_is_seen(void **state)
{
    struct arena *memory = arena_new();
    uint32_t width, height;
    struct error err;
    size_t length;

    (void)state;
    write_picture(2);
    const unsigned char *bytes = read_picture(memory, &length);
    unsigned char *copy = arena_alloc(memory, length);
    for (size_t at = 0; at < length; at += at < 64 || at + 64 > length ? 1 : 331) {
        memcpy(copy, bytes, length);
        copy[at] ^= 0x10;
        put_back(copy, length);
        assert_int_equal(png_check(path, &width, &height, &err), HY_INTERNAL);
    }
    arena_free(memory);
}

static void test_a_cut_or_a_tail_is_seen(void **state)
{
    struct arena *memory = arena_new();
    uint32_t width, height;
    struct error err;
    size_t length;

    (void)state;
    write_picture(3);
    const unsigned char *bytes = read_picture(memory, &length);
    for (size_t left = 0; left < length; left += 1 + length / 23) {
        put_back(bytes, left);
        assert_int_not_equal(png_check(path, &width, &height, &err), HY_OK);
    }
    unsigned char *longer = arena_alloc(memory, length + 1);
    memcpy(longer, bytes, length);
    longer[length] = 0;
    put_back(longer, length + 1);
    assert_int_equal(png_check(path, &width, &height, &err), HY_INTERNAL);
    (void)unlink(path);
    arena_free(memory);
}

/* Nothing but IHDR, IDAT and IEND: no date, no program, no name. */
static void test_no_other_chunk(void **state)
{
    static const char *const names[] = { "tEXt", "zTXt", "iTXt", "tIME",
                                         "eXIf", "pHYs", "gAMA", "iCCP" };
    struct arena *memory = arena_new();
    size_t length;

    (void)state;
    write_picture(4);
    const unsigned char *bytes = read_picture(memory, &length);
    for (size_t at = 8, part; at < length; at += part + 12) {
        part = (size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16
               | (size_t)bytes[at + 2] << 8 | bytes[at + 3];
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            assert_memory_not_equal(bytes + at + 4, names[i], 4);
    }
    (void)unlink(path);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_any_changed_byte_is_seen),
        cmocka_unit_test(test_a_cut_or_a_tail_is_seen),
        cmocka_unit_test(test_no_other_chunk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
