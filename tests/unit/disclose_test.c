/* disclose_test.c - what an audience may see, on tables a person can check. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>

#include "analyze/pass.h"
#include "tests/tools/mini_facts.h"

#define OCTOBER (2026 * 12 + 9)

/* Four areas, words 1..4. */
static const char *const texts[] = { "", "A区", "B区", "C区", "D区", "工程", "秩序" };
static const uint8_t domains[] = { WORD_NONE,      WORD_GRID, WORD_GRID,
                                   WORD_GRID,      WORD_GRID, WORD_DEPARTMENT,
                                   WORD_DEPARTMENT };
static const struct words words = { 7, texts, domains };

struct world {
    struct arena *arena;
    struct metrics metrics;
    struct settings settings;
    struct results *results, *view;
    struct error err;
};

static void open_world(struct world *world)
{
    memset(world, 0, sizeof *world);
    world->arena = arena_new();
    world->settings = mini_settings();
    assert_int_equal(metrics_load("templates/metrics.tsv", world->arena,
                                  &world->metrics, &world->err),
                     HY_OK);
    world->results = results_new(world->arena, &world->metrics, &words);
    world->results->month = OCTOBER;
}

static void put(struct world *world, const char *name, enum dimension dimension,
                uint32_t key, struct base base)
{
    struct figure figure = { .month = OCTOBER, .base = base };

    assert_true(metrics_name(&world->metrics, name, &figure.metric, &figure.part) >= 0);
    figure.dimension[0] = (uint8_t)dimension;
    figure.key[0] = key;
    results_add(world->results, &figure);
}

static void look(struct world *world, enum audience audience)
{
    results_sort(world->results);
    assert_int_equal(disclose(world->results, audience, &world->settings, world->arena,
                              &world->view, &world->err),
                     HY_OK);
}

static const struct figure *seen(const struct world *world, const char *name,
                                 enum dimension dimension, uint32_t key)
{
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    return results_find(world->view, metric, part, dimension, key, OCTOBER);
}

static enum answer answer(const struct world *world, const char *name,
                          enum dimension dimension, uint32_t key)
{
    const struct figure *figure = seen(world, name, dimension, key);

    assert_non_null(figure);
    if (figure->base.answer == ANSWER_SUPPRESSED) {
        assert_true(isnan(figure->base.value) && isnan(figure->base.low)
                    && isnan(figure->base.high));
        assert_int_equal(figure->base.numerator, -1);
        assert_int_equal(figure->base.denominator, -1);
        assert_int_equal(figure->base.n, -1);
    }
    return figure->base.answer;
}

static void areas(struct world *world, int64_t a, int64_t b, int64_t c, int64_t d)
{
    put(world, "INT-01", DIM_GRID, 1, base_count(a));
    put(world, "INT-01", DIM_GRID, 2, base_count(b));
    put(world, "INT-01", DIM_GRID, 3, base_count(c));
    put(world, "INT-01", DIM_GRID, 4, base_count(d));
    put(world, "INT-01", DIM_TOTAL, 0, base_count(a + b + c + d));
}

/* 3 of one area alone would be the total less the others: the next smallest goes
 * too, and 3 + 6 = 9 < 2t tells both too closely, so a third one goes. */
static void small_place_takes_others_along(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 3, 6, 20, 40);
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 2), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 3), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 4), ANSWER_OK);
    assert_int_equal(answer(&world, "INT-01", DIM_TOTAL, 0), ANSWER_OK);
    /* the committee's threshold is 3: nothing is below it */
    look(&world, AUDIENCE_COMMITTEE);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    look(&world, AUDIENCE_MANAGEMENT);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    arena_free(world.arena);
}

static void zero_is_printed(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 0, 16, 20, 40);
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 2), ANSWER_OK);
    arena_free(world.arena);
}

static void service_is_printed_as_it_is(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    put(&world, "BKL-01.over30", DIM_DEPARTMENT, 5, base_count(2));
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "BKL-01.over30", DIM_DEPARTMENT, 5), ANSWER_OK);
    arena_free(world.arena);
}

/* 33 of 34 would publish one unhappy owner (METHODS 8.0). */
static void opinions_need_thirty_and_both_sides(void **state)
{
    static const struct {
        int64_t k, n;
        enum answer public_answer;
    } cases[] = { { 33, 34, ANSWER_SUPPRESSED }, { 20, 29, ANSWER_SUPPRESSED },
                  { 20, 30, ANSWER_OK },         { 4, 60, ANSWER_SUPPRESSED },
                  { 55, 60, ANSWER_OK },         { 56, 60, ANSWER_SUPPRESSED } };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world;

        open_world(&world);
        put(&world, "SAT-01", DIM_TOTAL, 0, base_share(cases[i].k, cases[i].n));
        put(&world, "SAT-05", DIM_TOTAL, 0, base_share(cases[i].k, 100));
        put(&world, "SAT-03", DIM_TOTAL, 0, base_share(cases[i].n, 100));
        look(&world, AUDIENCE_PUBLIC);
        assert_int_equal(answer(&world, "SAT-01", DIM_TOTAL, 0),
                         cases[i].public_answer);
        /* the floor has the same numerator, so it goes with it; how many answered
         * is no opinion */
        assert_int_equal(answer(&world, "SAT-05", DIM_TOTAL, 0),
                         cases[i].public_answer);
        assert_int_equal(answer(&world, "SAT-03", DIM_TOTAL, 0), ANSWER_OK);
        arena_free(world.arena);
    }
}

static void the_public_never_sees(void **state)
{
    static const struct value cell = { VALUE_TEXT, "x", 0 };
    static const char *const title = "单号";
    struct world world;
    struct listing cases = { .name = "DIF-01.cases",
                             .columns = 1,
                             .rows = 1,
                             .cells = &cell,
                             .titles = &title };
    struct listing board = {
        .name = "DIF-01", .columns = 1, .rows = 1, .cells = &cell, .titles = &title
    };

    (void)state;
    open_world(&world);
    cases.metric = board.metric = (uint16_t)metrics_find(&world.metrics, "DIF-01");
    put(&world, "INT-01", DIM_BUILDING, 1, base_count(100));
    put(&world, "SAT-01", DIM_DEPARTMENT, 5, base_share(50, 100));
    put(&world, "SLA-02", DIM_TOTAL, 0, base_share(50, 100));
    results_add_listing(world.results, &cases);
    results_add_listing(world.results, &board);
    look(&world, AUDIENCE_PUBLIC);
    assert_null(seen(&world, "INT-01", DIM_BUILDING, 1));
    assert_null(seen(&world, "SAT-01", DIM_DEPARTMENT, 5));
    assert_null(seen(&world, "SLA-02", DIM_TOTAL, 0));
    assert_null(results_listing(world.view, "DIF-01.cases"));
    assert_non_null(results_listing(world.view, "DIF-01"));
    look(&world, AUDIENCE_COMMITTEE);
    assert_non_null(seen(&world, "INT-01", DIM_BUILDING, 1));
    assert_non_null(results_listing(world.view, "DIF-01.cases"));
    arena_free(world.arena);
}

static void findings_follow_their_figures(void **state)
{
    struct world world;
    struct finding finding = { .dimension = DIM_TOTAL,
                               .against = AGAINST_PREVIOUS,
                               .verdict = VERDICT_BETTER,
                               .change = 0.1,
                               .low = 0.05,
                               .high = 0.15 };
    const struct finding *found;

    (void)state;
    open_world(&world);
    finding.metric = (uint16_t)metrics_find(&world.metrics, "SAT-01");
    finding.now = base_share(33, 34);
    finding.then = base_share(50, 100);
    put(&world, "SAT-01", DIM_TOTAL, 0, base_share(33, 34));
    results_add_finding(world.results, &finding);
    look(&world, AUDIENCE_PUBLIC);
    found =
        results_finding(world.view, finding.metric, 0, DIM_TOTAL, 0, AGAINST_PREVIOUS);
    assert_non_null(found);
    assert_int_equal(found->now.answer, ANSWER_SUPPRESSED);
    assert_int_equal(found->verdict, VERDICT_SMALL);
    assert_true(isnan(found->change));
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_place_takes_others_along),
        cmocka_unit_test(zero_is_printed),
        cmocka_unit_test(service_is_printed_as_it_is),
        cmocka_unit_test(opinions_need_thirty_and_both_sides),
        cmocka_unit_test(the_public_never_sees),
        cmocka_unit_test(findings_follow_their_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
