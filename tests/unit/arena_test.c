/* arena_test.c - memory is zero whether it is new or used again; joined arenas last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/arena.h"

#include <cmocka.h>

static void all_zero(const unsigned char *memory, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        assert_int_equal(memory[i], 0);
}

/* Of every size around a block, filled, given back and asked for again in other
 * pieces: what was written must never show. */
static void test_zero_again(void **state)
{
    static const size_t sizes[] = { 1, 4096, 65535, 65536, 65537, 300000, 1 << 20 };
    struct arena *arena = arena_new();
    size_t i, j, round;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (round = 0; round < 3; round++) {
            unsigned char *all = arena_alloc(arena, sizes[i]);

            all_zero(all, sizes[i]);
            memset(all, 0xA5, sizes[i]);
            arena_reset(arena);
            for (j = 0; j < 3; j++) {
                unsigned char *piece = arena_alloc(arena, sizes[i] / 3);

                all_zero(piece, sizes[i] / 3);
                memset(piece, 0x5A, sizes[i] / 3);
            }
            arena_reset(arena);
        }
    arena_free(arena);
}

/* Blocks of huge pages: small pieces between big ones, after much is held. */
static void test_much(void **state)
{
    enum { PIECES = 200, BIG = 3 << 20, SMALL = 100 };
    unsigned char *pieces[PIECES];
    struct arena *arena = arena_new();
    size_t i;

    (void)state;
    for (i = 0; i < PIECES; i++) {
        size_t size = i % 7 == 0 ? BIG : SMALL;

        pieces[i] = arena_alloc(arena, size);
        all_zero(pieces[i], size);
        memset(pieces[i], (int)i + 1, size);
    }
    for (i = 0; i < PIECES; i++) {
        size_t last = (i % 7 == 0 ? BIG : SMALL) - 1;

        assert_int_equal(pieces[i][0], (unsigned char)(i + 1));
        assert_int_equal(pieces[i][last], (unsigned char)(i + 1));
    }
    arena_reset(arena);
    all_zero(arena_alloc(arena, SMALL), SMALL);
    arena_free(arena);
}

static void test_join(void **state)
{
    struct arena *arena = arena_new(), *other = arena_new(), *nothing = arena_new();
    char *mine = arena_copy(arena, "mine", 4), *big, *theirs;

    (void)state;
    theirs = arena_copy(other, "theirs", 6);
    big = arena_alloc(other, 200000);
    memset(big, 'x', 200000);
    arena_join(arena, other);
    arena_join(arena, nothing);
    all_zero(arena_alloc(arena, 100000), 100000);
    assert_string_equal(mine, "mine");
    assert_string_equal(theirs, "theirs");
    assert_int_equal(big[199999], 'x');
    other = arena_new();
    arena_join(other, arena); /* into an empty one */
    assert_string_equal(theirs, "theirs");
    arena_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zero_again),
        cmocka_unit_test(test_much),
        cmocka_unit_test(test_join),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
