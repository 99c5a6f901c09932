/* mix_test.c - the mix of work taken out of the on-time rate, and two splits at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>
#include <stdio.h>

#include "analyze/pass.h"
#include "tests/tools/mini_facts.h"

#define SEPTEMBER (2025 * 12 + 8)

enum { MOST = 200 };

struct batch { /* so many of a subject that fell due in a month, so many in time */
    int year, month, category, due, in_time;
};

/* The year before: three lifts to one pipe. August 5 of 10 lifts and 27 of 30 pipes in
 * time (0.8), September 12 of 20 and 19 of 20 (0.775): every subject got better. */
static const struct batch batches[] = {
    { 2024, 5, CATEGORY_LIFT, 30, 20 }, { 2024, 6, CATEGORY_PIPE, 10, 10 },
    { 2025, 8, CATEGORY_LIFT, 10, 5 },  { 2025, 8, CATEGORY_PIPE, 30, 27 },
    { 2025, 9, CATEGORY_LIFT, 20, 12 }, { 2025, 9, CATEGORY_PIPE, 20, 19 },
};

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct metrics metrics;
    struct results *results;
};

static void world_open(struct world *world)
{
    static struct mini_ticket rows[MOST];
    static char received[MOST][64], due[MOST][64], done[MOST][64];
    struct error err = { HY_OK, "" };
    size_t count = 0, b;
    int i;

    memset(world, 0, sizeof *world);
    for (b = 0; b < sizeof batches / sizeof batches[0]; b++) {
        const struct batch *batch = &batches[b];

        for (i = 0; i < batch->due; i++, count++) {
            (void)snprintf(received[count], 64, "%d-%02d-02 %02d:%02d", batch->year,
                           batch->month, 8 + batch->category, i);
            (void)snprintf(due[count], 64, "%d-%02d-05 10:00", batch->year,
                           batch->month);
            (void)snprintf(done[count], 64, "%d-%02d-%02d 10:00", batch->year,
                           batch->month, i < batch->in_time ? 4 : 6);
            rows[count] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                                .received = received[count],
                                                .due = due[count],
                                                .completed = done[count],
                                                .category = batch->category,
                                                .department = DEPARTMENT_WORKS };
        }
    }
    world->arena = arena_new();
    world->settings = mini_settings();
    assert_int_equal(metrics_load("templates/metrics.tsv", world->arena,
                                  &world->metrics, &err),
                     HY_OK);
    mini_build(rows, count, world->arena, &world->facts);
    if (analyze(&world->facts, &world->settings, &world->metrics, SEPTEMBER, SEPTEMBER,
                1, HY_NEVER, world->arena, &world->results, &err)
        != HY_OK)
        print_message("%s\n", err.text);
    assert_non_null(world->results);
    assert_int_equal(analyze_check(world->results, &err), HY_OK);
}

static const struct base *at(const struct world *world, const char *name,
                             enum dimension dimension, uint32_t key)
{
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    figure = results_find(world->results, metric, part, dimension, key, SEPTEMBER);
    assert_non_null(figure);
    return &figure->base;
}

/* By hand: rate = 0.375 x 0.1 + 0.625 x 0.05, mix = 0.25 x 0.55 - 0.25 x 0.925; they
 * add up to 0.775 - 0.8. */
static void the_change_is_taken_apart(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    assert_true(fabs(at(&world, "SLA-01.rate", DIM_TOTAL, 0)->value - 0.06875) < 1e-12);
    assert_true(fabs(at(&world, "SLA-01.mix", DIM_TOTAL, 0)->value + 0.09375) < 1e-12);
    arena_free(world.arena);
}

/* By hand: 0.75 x 12/20 + 0.25 x 19/20. */
static void as_if_last_years_mix(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    assert_true(fabs(at(&world, "SLA-01.adjusted", DIM_TOTAL, 0)->value - 0.6875)
                < 1e-12);
    assert_true(
        fabs(at(&world, "SLA-01.adjusted", DIM_DEPARTMENT, DEPARTMENT_WORKS)->value
             - 0.6875)
        < 1e-12);
    arena_free(world.arena);
}

static void two_splits_at_once(void **state)
{
    struct world world;
    size_t i, pairs = 0;
    int metric;

    (void)state;
    world_open(&world);
    metric = metrics_find(&world.metrics, "SLA-01");
    for (i = 0; i < world.results->figure_count; i++) {
        const struct figure *figure = &world.results->figures[i];

        if (figure->metric != metric || figure->part != 0
            || figure->dimension[0] != DIM_DEPARTMENT
            || figure->dimension[1] != DIM_CATEGORY)
            continue;
        pairs++;
        assert_int_equal(figure->key[0], DEPARTMENT_WORKS);
        assert_int_equal(figure->base.denominator, 20);
        assert_int_equal(figure->base.numerator,
                         figure->key[1] == CATEGORY_LIFT ? 12 : 19);
    }
    assert_int_equal(pairs, 2);
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_change_is_taken_apart),
        cmocka_unit_test(as_if_last_years_mix),
        cmocka_unit_test(two_splits_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
