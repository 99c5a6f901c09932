/* share_test.c - the quick share at one moment equals the whole curve's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>
#include <stdlib.h>

#include "analyze/share.h"
#include "analyze/stats_recur.h"
#include "analyze/stats_survival.h"

enum { ROWS = 120 };

struct row {
    double time;
    uint8_t state;
    uint32_t key;
};

static uint32_t draw(uint64_t *seed, uint32_t limit)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % limit;
}

static int by_time(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    return (a->time > b->time) - (a->time < b->time);
}

static void same(struct estimate a, struct estimate b)
{
    assert_int_equal(a.answer, b.answer);
    assert_true((isnan(a.value) && isnan(b.value)) || fabs(a.value - b.value) < 1e-12);
    assert_true((isnan(a.low) && isnan(b.low)) || fabs(a.low - b.low) < 1e-9);
    assert_true((isnan(a.high) && isnan(b.high)) || fabs(a.high - b.high) < 1e-9);
}

/* Read as steps, the drawn curve gives the share at every time it is known for. */
static void drawn(const double *times, const uint8_t *state, size_t count,
                  struct arena *arena)
{
    double x[ROWS + 2], y[ROWS + 2], at;
    size_t points = share_curve(times, state, count, 30, x, y), i = 0;

    for (at = 0; at < 30; at += 0.5) {
        struct estimate share = share_fixed(times, state, count, at, 0.95, arena);

        while (i + 1 < points && x[i + 1] <= at)
            i++;
        if (at > x[points - 1])
            assert_int_equal(share.answer,
                             count ? ANSWER_NOT_IDENTIFIED : ANSWER_NO_DATA);
        else if (count)
            assert_true(fabs(y[i] - share.value) < 1e-12);
    }
}

static void compare(uint64_t seed, size_t count, uint32_t states, uint32_t keys)
{
    struct arena *arena = arena_new();
    struct row rows[ROWS];
    double times[ROWS];
    uint8_t state[ROWS], event[ROWS];
    uint32_t key[ROWS];
    struct outcomes outcomes;
    struct recurrence again;
    double at;
    size_t i;

    for (i = 0; i < count; i++)
        rows[i] = (struct row){ draw(&seed, 40), (uint8_t)draw(&seed, states),
                                draw(&seed, keys) };
    qsort(rows, count, sizeof *rows, by_time);
    for (i = 0; i < count; i++) {
        times[i] = rows[i].time;
        state[i] = rows[i].state;
        event[i] = rows[i].state == 1;
        key[i] = rows[i].key < count ? rows[i].key : 0;
    }
    outcomes_fit(times, state, count, arena, &outcomes);
    recurrence_fit(times, event, key, count, arena, &again);
    drawn(times, state, count, arena);
    for (at = -1; at < 45; at += 0.5) {
        same(share_fixed(times, state, count, at, 0.95, arena),
             outcomes_fixed(&outcomes, at, 0.95));
        same(share_again(times, event, key, count, at, 0.95, arena),
             recurrence_by(&again, at, RECUR_SAFE, false, 0.95, NULL));
    }
    arena_free(arena);
}

static void equals_the_whole_curve(void **state)
{
    uint64_t seed;

    (void)state;
    for (seed = 1; seed < 60; seed++)
        compare(seed, 1 + seed * 2, 1 + seed % 3, 1 + (uint32_t)seed % 25);
    compare(99, 0, 2, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(equals_the_whole_curve) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
