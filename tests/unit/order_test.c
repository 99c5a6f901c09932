/* order_test.c - the radix sort and the selection against qsort on awkward numbers. */
#include "analyze/order.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 20;
}

static int by_number(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static void numbers_order_as_they_are(void **state)
{
    static const double ascending[] = { -INFINITY, -1e300, -2, -1e-300, 0,
                                        1e-300,    0.5,    1,  1e300,   INFINITY };
    size_t i;

    (void)state;
    for (i = 1; i < sizeof ascending / sizeof ascending[0]; i++)
        assert_true(order_number(ascending[i - 1]) < order_number(ascending[i]));
    for (i = 0; i < sizeof ascending / sizeof ascending[0]; i++)
        assert_true(order_value(order_number(ascending[i])) == ascending[i]);
    assert_true(order_number(-0.0) == order_number(0.0));
    assert_true(order_number(NAN) > order_number(INFINITY));
}

static void rows_are_sorted_and_stable(void **state)
{
    static const size_t counts[] = { 0, 1, 2, 47, 48, 49, 1000, 70000 };
    struct arena *memory = arena_new();
    uint64_t seed = 7;
    size_t c, i;

    (void)state;
    for (c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        size_t count = counts[c];
        struct ordered *rows = arena_alloc(memory, (count + 1) * sizeof *rows);

        for (i = 0; i < count; i++) /* few distinct keys: many ties */
            rows[i] = (struct ordered){
                order_number((double)(next_random(&seed) % 300) / 7 - 20), i
            };
        order_rows(rows, count, memory);
        for (i = 1; i < count; i++) {
            assert_true(rows[i - 1].key <= rows[i].key);
            assert_true(rows[i - 1].key != rows[i].key
                        || rows[i - 1].with < rows[i].with);
        }
    }
    arena_free(memory);
}

static void nth_is_what_sorting_gives(void **state)
{
    double values[999], sorted[999];
    uint64_t seed = 3;
    size_t shape, i, place;

    (void)state;
    for (shape = 0; shape < 4; shape++) {
        for (i = 0; i < 999; i++)
            sorted[i] = shape == 0   ? (double)(next_random(&seed) % 100000)
                        : shape == 1 ? (double)(next_random(&seed) % 3)
                        : shape == 2 ? (double)i
                                     : (double)(i < 500 ? i : 998 - i);
        memcpy(values, sorted, sizeof values);
        qsort(sorted, 999, sizeof sorted[0], by_number);
        for (place = 0; place < 999; place += 37) {
            assert_true(order_nth(values, 999, place) == sorted[place]);
            for (i = 0; i < 999; i++)
                assert_true(i < place ? values[i] <= sorted[place]
                                      : values[i] >= sorted[place]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_order_as_they_are),
        cmocka_unit_test(rows_are_sorted_and_stable),
        cmocka_unit_test(nth_is_what_sorting_gives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
