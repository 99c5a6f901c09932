/* peers_test.c - faults that other programs of this kind had: T1 to T13b, one each;
 * those of files (T3, T6, T14 to T16) are the case "faults-others-had". */
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

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct metrics metrics;
    struct results *results;
};

static void run(struct world *world, const struct mini_ticket *rows, size_t count,
                int32_t month, int series)
{
    struct error err = { HY_OK, "" };

    memset(world, 0, sizeof *world);
    world->arena = arena_new();
    world->settings = mini_settings();
    assert_int_equal(metrics_load("templates/metrics.tsv", world->arena,
                                  &world->metrics, &err),
                     HY_OK);
    mini_build(rows, count, world->arena, &world->facts);
    if (analyze(&world->facts, &world->settings, &world->metrics, month, month, series,
                HY_NEVER, world->arena, &world->results, &err)
        != HY_OK)
        print_message("%s\n", err.text);
    assert_non_null(world->results);
    assert_int_equal(analyze_check(world->results, &err), HY_OK);
}

static const struct base *at(const struct world *world, const char *name,
                             enum dimension dimension, uint32_t key, int32_t month)
{
    static const struct base none = { .value = NAN, .n = -1 };
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    figure = results_find(world->results, metric, part, dimension, key, month);
    return figure == NULL ? &none : &figure->base;
}

static const struct base *total(const struct world *world, const char *name)
{
    return at(world, name, DIM_TOTAL, 0, world->results->month);
}

/* T1: half past eleven at night is in the chart (2025-09-03 is a Wednesday). */
static void late_at_night(void **state)
{
    static const struct mini_ticket row = { .received = "2025-09-03 23:30" };
    struct world world;

    (void)state;
    run(&world, &row, 1, SEPTEMBER, 0);
    assert_int_equal((int)at(&world, "INT-11", DIM_HOUR, 2 * 24 + 23, SEPTEMBER)->value,
                     1);
    assert_int_equal((int)total(&world, "INT-11")->value, 1);
    arena_free(world.arena);
}

/* T2: midnight of the first day belongs to the month that begins, once. */
static void at_midnight_of_the_first(void **state)
{
    static const struct mini_ticket rows[] = { { .received = "2025-08-31 23:59:59" },
                                               { .received = "2025-09-01 00:00:00" },
                                               { .received = "2025-09-30 23:59:59" },
                                               { .received = "2025-10-01 00:00:00" } };
    struct world world;

    (void)state;
    run(&world, rows, 4, SEPTEMBER + 1, 2);
    assert_int_equal((int)at(&world, "INT-00", DIM_TOTAL, 0, SEPTEMBER - 1)->value, 1);
    assert_int_equal((int)at(&world, "INT-00", DIM_TOTAL, 0, SEPTEMBER)->value, 2);
    assert_int_equal((int)at(&world, "INT-00", DIM_TOTAL, 0, SEPTEMBER + 1)->value, 1);
    arena_free(world.arena);
}

/* T4, T13b: the mean of all is the mean of the members; who did not answer is no 0. */
static void means_of_members(void **state)
{
    static const struct mini_ticket rows[] = {
        { .nature = NATURE_REPAIR,
          .received = "2025-09-01 08:00",
          .completed = "2025-09-02 08:00",
          .rating = 5 },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-01 09:00",
          .completed = "2025-09-02 09:00",
          .rating = 2 },
        { .nature = NATURE_COMPLAINT,
          .received = "2025-09-01 10:00",
          .completed = "2025-09-03 10:00",
          .rating = 4 },
        { .nature = NATURE_COMPLAINT,
          .received = "2025-09-01 11:00",
          .completed = "2025-09-02 11:00" },
    };
    const struct base *repair, *complaint, *all;
    struct world world;

    (void)state;
    run(&world, rows, 4, SEPTEMBER, 0);
    repair = at(&world, "SAT-02", DIM_NATURE, NATURE_REPAIR, SEPTEMBER);
    complaint = at(&world, "SAT-02", DIM_NATURE, NATURE_COMPLAINT, SEPTEMBER);
    all = total(&world, "SAT-02");
    assert_int_equal(all->n, 3);
    assert_true(fabs(all->value - 11.0 / 3) < 1e-12);
    assert_true(fabs(repair->value - 3.5) < 1e-12);
    assert_true(fabs(complaint->value - 4) < 1e-12);
    repair = at(&world, "TTR-01.mean", DIM_NATURE, NATURE_REPAIR, SEPTEMBER);
    complaint = at(&world, "TTR-01.mean", DIM_NATURE, NATURE_COMPLAINT, SEPTEMBER);
    all = total(&world, "TTR-01.mean");
    assert_true(fabs(all->value - 30) < 1e-12); /* 24 24 48 24 */
    assert_true(fabs((double)all->n * all->value - (double)repair->n * repair->value
                     - (double)complaint->n * complaint->value)
                < 1e-9);
    arena_free(world.arena);
}

/* T5: a year of months, October and those of 31 days among them. */
static void all_twelve_months(void **state)
{
    static struct mini_ticket rows[24];
    static char when[24][64];
    struct world world;
    int i;

    (void)state;
    for (i = 0; i < 24; i++) {
        static const int last[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

        (void)snprintf(when[i], 64, "2025-%02d-%02d 12:00", i / 2 + 1,
                       i % 2 == 0 ? 1 : last[i / 2]);
        rows[i] = (struct mini_ticket){ .received = when[i] };
    }
    run(&world, rows, 24, 2025 * 12 + 11, 11);
    for (i = 0; i < 12; i++)
        assert_int_equal((int)at(&world, "INT-01", DIM_TOTAL, 0, 2025 * 12 + i)->value,
                         2);
    arena_free(world.arena);
}

/* T7: reopened: two completions, both visible; the clock ran on from the first contact.
 */
static void completed_twice(void **state)
{
    static const struct mini_ticket row = { .received = "2025-09-01 08:00",
                                            .first_completed = "2025-09-02 08:00",
                                            .reopened = "2025-09-03 08:00",
                                            .completed = "2025-09-05 08:00" };
    struct world world;

    (void)state;
    run(&world, &row, 1, SEPTEMBER, 0);
    assert_int_equal((int)total(&world, "INT-16")->value, 2);
    assert_int_equal((int)total(&world, "INT-17")->value, 1);
    assert_true(fabs(total(&world, "TTR-01.median")->value - 96) < 1e-9);
    assert_true(fabs(total(&world, "TTR-01.first")->value - 24) < 1e-9);
    arena_free(world.arena);
}

/* T8, T9: nothing is no 0 %; one fast case is no 100 %. */
static void few_are_no_percentage(void **state)
{
    static const struct mini_ticket rows[] = {
        { .received = "2025-09-01 08:00",
          .due = "2025-09-02 08:00",
          .completed = "2025-09-01 08:05",
          .department = DEPARTMENT_YARD },
        { .received = "2025-09-01 09:00", .department = DEPARTMENT_WORKS },
    };
    const struct base *one;
    struct world world;

    (void)state;
    run(&world, rows, 2, SEPTEMBER, 0);
    one = at(&world, "SLA-01", DIM_DEPARTMENT, DEPARTMENT_YARD, SEPTEMBER);
    assert_int_equal(one->answer, ANSWER_SMALL_N);
    assert_true(isnan(one->value));
    assert_int_equal(one->numerator, 1);
    one = at(&world, "SLA-01", DIM_DEPARTMENT, DEPARTMENT_WORKS, SEPTEMBER);
    assert_int_equal(one->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "SAT-01")->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
}

/* T11: asked and silent is not answered. */
static void asked_is_not_answered(void **state)
{
    static const struct mini_ticket rows[] = {
        { .nature = NATURE_REPAIR,
          .received = "2025-09-01 08:00",
          .completed = "2025-09-02 08:00",
          .revisited = "2025-09-03 08:00",
          .rating = 5 },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-01 09:00",
          .completed = "2025-09-02 09:00",
          .revisited = "2025-09-03 09:00" },
    };
    struct world world;

    (void)state;
    run(&world, rows, 2, SEPTEMBER, 0);
    assert_int_equal(total(&world, "REV-01")->numerator, 2);
    assert_int_equal(total(&world, "SAT-03")->numerator, 1);
    assert_int_equal(total(&world, "SAT-03")->denominator, 2);
    assert_int_equal(total(&world, "SAT-01")->denominator, 1);
    assert_int_equal(total(&world, "SAT-05")->numerator, 1); /* the floor: 1 of 2 */
    assert_int_equal(total(&world, "SAT-05")->denominator, 2);
    arena_free(world.arena);
}

/* T12: reclassified: counted once, under what it was first (METHODS 0.5.5: or a
 * complaint is made an enquiry and gone), and its change is told. */
static void reclassified_once(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_SUGGESTION,
                                            .received = "2025-09-01 08:00" };
    static const uint8_t first[1] = { NATURE_COMPLAINT };
    struct error err;
    struct world world;

    (void)state;
    run(&world, &row, 1, SEPTEMBER, 0);
    world.facts.tickets.nature_first = first;
    assert_int_equal(analyze(&world.facts, &world.settings, &world.metrics, SEPTEMBER,
                             SEPTEMBER, 0, HY_NEVER, world.arena, &world.results, &err),
                     HY_OK);
    assert_int_equal((int)total(&world, "INT-01")->value, 1);
    assert_int_equal(
        (int)at(&world, "INT-03", DIM_NATURE, NATURE_COMPLAINT, SEPTEMBER)->value, 1);
    assert_true(
        isnan(at(&world, "INT-03", DIM_NATURE, NATURE_SUGGESTION, SEPTEMBER)->value));
    assert_int_equal(total(&world, "INT-18")->numerator, 1);
    assert_int_equal((int)total(&world, "INT-18.softened")->value, 1);
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_at_night),
        cmocka_unit_test(at_midnight_of_the_first),
        cmocka_unit_test(means_of_members),
        cmocka_unit_test(all_twelve_months),
        cmocka_unit_test(completed_twice),
        cmocka_unit_test(few_are_no_percentage),
        cmocka_unit_test(asked_is_not_answered),
        cmocka_unit_test(reclassified_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
