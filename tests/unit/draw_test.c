/* draw_test.c - lots by a seed.  The orders wanted were made with Python's
 * hashlib: sorted by sha256("SEED NUMBER"). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include "cli/draw.h"

static const char *const five[] = { "W1", "W2", "工7", "W1", "B-0009" };

static void the_code_decides(void **state)
{
    static const size_t one[] = { 2, 1, 4, 0, 3 }, other[] = { 0, 3, 2, 4, 1 };
    struct arena *memory = arena_new();
    size_t out[5];

    (void)state;
    assert_int_equal(draw_lots("1a2b-3c4d-5e6f", five, 5, memory, out, 5), 5);
    assert_memory_equal(out, one, sizeof one);
    assert_int_equal(draw_lots("0000-0000-0000", five, 5, memory, out, 5), 5);
    assert_memory_equal(out, other, sizeof other);
    arena_free(memory);
}

/* In whatever order the cases come, the same are drawn. */
static void the_order_of_the_cases_decides_nothing(void **state)
{
    static const char *const turned[] = { "B-0009", "工7", "W2", "W1" };
    struct arena *memory = arena_new();
    size_t out[5];

    (void)state;
    assert_int_equal(draw_lots("1a2b-3c4d-5e6f", turned, 4, memory, out, 2), 2);
    assert_string_equal(turned[out[0]], "工7");
    assert_string_equal(turned[out[1]], "W2");
    arena_free(memory);
}

static void few_cases_are_all_drawn_and_none_is_none(void **state)
{
    struct arena *memory = arena_new();
    size_t out[30];

    (void)state;
    assert_int_equal(draw_lots("0000-0000-0000", five, 1, memory, out, 30), 1);
    assert_int_equal(out[0], 0);
    assert_int_equal(draw_lots("0000-0000-0000", five, 0, memory, out, 30), 0);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_decides),
        cmocka_unit_test(the_order_of_the_cases_decides_nothing),
        cmocka_unit_test(few_cases_are_all_drawn_and_none_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
