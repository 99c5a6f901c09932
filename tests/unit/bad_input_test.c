/*
 * bad_input_test.c - what bad input gets: a figure with its answer state, never NaN,
 * never a crash, never 0 for unknown; and what a good month gets under any input.
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
#include "analyze/stats.h"
#include "tests/tools/mini_facts.h"

#define SEPTEMBER (2025 * 12 + 8)

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct metrics metrics;
    struct results *results;
};

static void world_open(struct world *world, const struct mini_ticket *rows,
                       size_t count)
{
    struct error err;

    memset(world, 0, sizeof *world);
    world->arena = arena_new();
    world->settings = mini_settings();
    assert_int_equal(metrics_load("templates/metrics.tsv", world->arena,
                                  &world->metrics, &err),
                     HY_OK);
    mini_build(rows, count, world->arena, &world->facts);
}

static bool changes_sign(const struct results *results, const struct figure *figure)
{
    static const char *const names[] = { "BKL-02", "SLA-01.rate", "SLA-01.mix",
                                         "ANO-04.gap" };
    uint16_t metric, part;
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (metrics_name(results->metrics, names[i], &metric, &part) >= 0
            && metric == figure->metric && part == figure->part)
            return true;
    return false;
}

static bool sound(const struct results *results, const struct figure *figure)
{
    const struct base *base = &figure->base;
    enum unit unit = metrics_unit(results->metrics, figure->metric, figure->part);
    bool ok = base->answer == ANSWER_OK, signs = changes_sign(results, figure);

    if (ok != isfinite(base->value) || isinf(base->value) || isinf(base->low))
        return false;
    if (ok && !signs && base->value < 0)
        return false;
    if (ok && unit == UNIT_SHARE && base->value > 1)
        return false;
    if (ok && isfinite(base->low) && base->low > base->value + 1e-9)
        return false;
    if (ok && isfinite(base->high) && base->high < base->value - 1e-9)
        return false;
    if (unit == UNIT_SHARE && base->numerator >= 0 && base->denominator >= 0
        && base->numerator > base->denominator)
        return false;
    /* nothing to rest on, and yet a share: unknown would have become a number */
    return !(ok && unit == UNIT_SHARE && base->denominator == 0);
}

/* All metrics, three months before as well, and what each audience may see. */
static void run(struct world *world, int32_t month)
{
    struct error err = { HY_OK, "" };
    struct results *view;
    int audience;
    size_t i;

    if (analyze(&world->facts, &world->settings, &world->metrics, month, month, 13,
                HY_NEVER, world->arena, &world->results, &err)
        != HY_OK)
        print_message("%s\n", err.text);
    assert_non_null(world->results);
    for (i = 0; i < world->results->figure_count; i++) {
        const struct figure *figure = &world->results->figures[i];

        if (!sound(world->results, figure))
            print_message("%s part %d dim %d: %s %g [%g, %g] %lld/%lld\n",
                          world->metrics.items[figure->metric].id, figure->part,
                          figure->dimension[0], answer_name(figure->base.answer),
                          figure->base.value, figure->base.low, figure->base.high,
                          (long long)figure->base.numerator,
                          (long long)figure->base.denominator);
        assert_true(sound(world->results, figure));
    }
    if (analyze_check(world->results, &err) != HY_OK)
        print_message("%s\n", err.text);
    assert_int_equal(err.status, HY_OK);
    for (audience = AUDIENCE_PUBLIC; audience <= AUDIENCE_MANAGEMENT; audience++)
        assert_int_equal(disclose(world->results, (enum audience)audience,
                                  &world->settings, NULL, world->arena, &view, &err),
                         HY_OK);
}

static const struct base *total(const struct world *world, const char *name)
{
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    figure =
        results_find(world->results, metric, part, DIM_TOTAL, 0, world->results->month);
    if (figure == NULL)
        print_message("no figure %s\n", name);
    assert_non_null(figure);
    return &figure->base;
}

static void done(struct world *world)
{
    arena_free(world->arena);
}

static void no_tickets_at_all(void **state)
{
    struct world world;
    size_t i;

    (void)state;
    world_open(&world, NULL, 0);
    run(&world, SEPTEMBER);
    for (i = 0; i < world.results->figure_count; i++)
        assert_int_not_equal(world.results->figures[i].base.answer, ANSWER_OK);
    done(&world);
}

static void a_month_before_the_data(void **state)
{
    struct mini_ticket rows[16];
    size_t count = mini_month(rows), i;
    struct world world;

    (void)state;
    world_open(&world, rows, count);
    run(&world, SEPTEMBER - 30);
    for (i = 0; i < world.results->figure_count; i++)
        assert_int_not_equal(world.results->figures[i].base.answer, ANSWER_OK);
    run(&world, SEPTEMBER + 30); /* and one long after */
    assert_int_equal(total(&world, "SLA-01")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "TTR-02.median")->answer, ANSWER_NO_DATA);
    done(&world);
}

static void one_ticket(void **state)
{
    struct mini_ticket row = { .nature = NATURE_REPAIR,
                               .received = "2025-09-03 10:00" };
    struct world world;

    (void)state;
    world_open(&world, &row, 1);
    run(&world, SEPTEMBER);
    assert_int_equal((int)total(&world, "INT-01")->value, 1);
    assert_int_equal(total(&world, "TTR-01.median")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "TTR-02.median")->answer, ANSWER_NOT_REACHED);
    assert_int_equal(total(&world, "SAT-01")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "RES-01")->answer, ANSWER_SMALL_N);
    assert_int_equal(total(&world, "ANO-01")->answer, ANSWER_NO_DATA);
    done(&world);
    row.completed = "2025-09-03 12:00";
    world_open(&world, &row, 1);
    run(&world, SEPTEMBER);
    assert_int_equal((int)total(&world, "INT-14")->value, 0); /* a true zero */
    assert_true(fabs(total(&world, "TTR-02.median")->value - 2) < 1e-9);
    done(&world);
}

static struct mini_ticket *many(size_t count, bool completed, int rating)
{
    static struct mini_ticket rows[MINI_ROOM];
    static char received[MINI_ROOM][20], finished[MINI_ROOM][20], due[MINI_ROOM][20];
    size_t i;

    assert_true(count <= MINI_ROOM);
    for (i = 0; i < count; i++) {
        (void)snprintf(received[i], 20, "2025-09-%02d %02d:%02d",
                       (int)(1 + i * 20 / count), (int)(i * 480 / count % 24),
                       (int)(i % 60));
        (void)snprintf(due[i], 20, "2025-09-%02d 10:00", (int)(4 + i * 20 / count));
        (void)snprintf(finished[i], 20, "2025-09-%02d %02d:00",
                       (int)(3 + i * 20 / count + i % 3), (int)(i % 24));
        rows[i] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                        .urgency = URGENCY_P3,
                                        .received = received[i],
                                        .responded = received[i],
                                        .due = due[i],
                                        .completed = completed ? finished[i] : NULL,
                                        .rating = rating,
                                        .department = DEPARTMENT_WORKS,
                                        .category = CATEGORY_PIPE };
    }
    return rows;
}

static int compare_rows(const void *left, const void *right)
{
    return strcmp(((const struct mini_ticket *)left)->received,
                  ((const struct mini_ticket *)right)->received);
}

static void all_open_all_closed(void **state)
{
    struct mini_ticket *rows = many(200, false, 0);
    struct world world;

    (void)state;
    qsort(rows, 200, sizeof *rows, compare_rows);
    world_open(&world, rows, 200);
    run(&world, SEPTEMBER);
    assert_int_equal((int)total(&world, "INT-14")->value, 200);
    assert_int_equal(total(&world, "TTR-02.median")->answer, ANSWER_NOT_REACHED);
    assert_int_equal(total(&world, "TTR-01.mean")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "BKL-02.days")->answer, ANSWER_NOT_IDENTIFIED);
    assert_int_equal(total(&world, "SLA-01")->numerator, 0);
    assert_true(total(&world, "SLA-01")->denominator > 100);
    done(&world);
    rows = many(200, true, 0); /* and nobody rated anything */
    qsort(rows, 200, sizeof *rows, compare_rows);
    world_open(&world, rows, 200);
    run(&world, SEPTEMBER);
    assert_int_equal((int)total(&world, "INT-14")->value, 0);
    assert_int_equal((int)total(&world, "INT-16")->value, 200);
    assert_int_equal(total(&world, "SAT-01")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "SAT-02")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "BKL-01.oldest")->answer, ANSWER_NO_DATA);
    done(&world);
}

/* Limits in working days, and a calendar that knows no year: computed by weekdays, and
 * marked. */
static void a_calendar_that_ends_too_early(void **state)
{
    static const struct limit limits[] = { { NATURE_REPAIR, 0, NULL, CLOCK_WORKDAY, 0,
                                             0, 3 } };
    struct mini_ticket *rows = many(60, true, 4);
    struct world world;
    size_t i;

    (void)state;
    qsort(rows, 60, sizeof *rows, compare_rows);
    for (i = 0; i < 60; i++)
        rows[i].due = NULL;
    world_open(&world, rows, 60);
    world.settings.limits = limits;
    world.settings.limit_count = 1;
    for (i = 0; i < 5; i++)
        world.settings.calendar.weekday[i] =
            (struct hours){ 1, { 30600, 0 }, { 63000, 0 } };
    run(&world, SEPTEMBER);
    assert_true(total(&world, "SLA-01")->denominator > 0);
    assert_int_equal((int64_t)total(&world, "SLA-01.uncovered")->value,
                     total(&world, "SLA-01")->denominator);
    done(&world);
}

/* Completed before it came, in the year 3020, or 55 years ago. */
static void absurd_durations(void **state)
{
    static const char *const when[] = { "2025-08-01 00:00", "3020-01-01 00:00",
                                        "1970-01-02 00:00", "2025-09-02 00:00" };
    struct mini_ticket *rows = many(80, true, 3);
    struct world world;
    size_t i;

    (void)state;
    qsort(rows, 80, sizeof *rows, compare_rows);
    for (i = 0; i < 80; i++) {
        rows[i].completed = when[i % 4];
        rows[i].responded = when[(i + 1) % 4];
        rows[i].revisited = when[(i + 2) % 4];
        rows[i].due = i % 5 == 0 ? "1999-01-01" : rows[i].due;
    }
    world_open(&world, rows, 80);
    run(&world, SEPTEMBER);
    assert_true(total(&world, "TTR-01.excluded")->value > 0);
    assert_true(total(&world, "ANO-06.impossible")->value > 0);
    done(&world);
}

/* A thousand departments: words of their own. */
static void a_thousand_departments(void **state)
{
    enum { DEPARTMENTS = 1000, FIRST = MINI_WORDS, WORDS = FIRST + DEPARTMENTS };
    static const char *texts[WORDS];
    static uint8_t domains[WORDS];
    static char names[DEPARTMENTS][16];
    static uint32_t department[MINI_ROOM];
    struct words words = { .count = WORDS, .text = texts, .domain = domains };
    struct mini_ticket *rows = many(3000, true, 4);
    struct world world;
    size_t i;

    (void)state;
    qsort(rows, 3000, sizeof *rows, compare_rows);
    world_open(&world, rows, 3000);
    for (i = 0; i < FIRST; i++) {
        texts[i] = mini_texts[i];
        domains[i] = mini_domains[i];
    }
    for (i = 0; i < DEPARTMENTS; i++) {
        (void)snprintf(names[i], sizeof names[i], "部门%04d", (int)i);
        texts[FIRST + i] = names[i];
        domains[FIRST + i] = WORD_DEPARTMENT;
    }
    for (i = 0; i < 3000; i++)
        department[i] = FIRST + (uint32_t)(i * 7919 % DEPARTMENTS);
    world.facts.words = &words;
    world.facts.tickets.department = department;
    run(&world, SEPTEMBER);
    assert_int_equal((int)total(&world, "INT-01")->value, 3000);
    done(&world);
}

/* A hundred completions and as many reopenings of one ticket. */
static void closed_a_hundred_times(void **state)
{
    struct mini_ticket row = { .nature = NATURE_REPAIR,
                               .received = "2025-09-01 08:00",
                               .due = "2025-09-04 08:00" };
    struct world world;
    struct events *events;
    int i;

    (void)state;
    world_open(&world, &row, 1);
    events = &world.facts.events;
    for (i = 0; i < 200; i++) {
        size_t at = events->count++;

        ((uint32_t *)(uintptr_t)events->ticket)[at] = 0;
        ((uint8_t *)(uintptr_t)events->kind)[at] =
            i % 2 == 0 ? EVENT_COMPLETE : EVENT_REOPEN;
        ((int64_t *)(uintptr_t)events->at)[at] =
            mini_time("2025-09-01 09:00") + (int64_t)i * 3600;
    }
    run(&world, SEPTEMBER);
    assert_int_equal((int)total(&world, "INT-16")->value, 100);
    assert_int_equal((int)total(&world, "INT-17")->value, 100);
    assert_int_equal((int)total(&world, "INT-14")->value, 1);
    done(&world);
}

/* Anything may be missing, reversed, void, merged, rated or passed on. */
static void anything_at_all(void **state)
{
    static struct mini_ticket rows[MINI_ROOM];
    static char times[MINI_ROOM][8][64];
    const char *wanted = getenv("HUIYIN_SEEDS"); /* make prove: more of them */
    uint64_t seeds = wanted == NULL ? 40 : strtoull(wanted, NULL, 10), seed;
    struct world world;

    (void)state;
    for (seed = 1; seed <= seeds; seed++) {
        struct chance chance = { seed };
        size_t count = 1 + (size_t)chance_below(&chance, 150), i;
        int t;

        for (i = 0; i < count; i++) {
            const char *at[8];

            for (t = 0; t < 8; t++) {
                (void)snprintf(times[i][t], 64, "2025-%02d-%02d %02d:%02d",
                               7 + (int)chance_below(&chance, 4),
                               1 + (int)chance_below(&chance, 28),
                               (int)chance_below(&chance, 24),
                               (int)chance_below(&chance, 60));
                at[t] = t > 0 && chance_below(&chance, 3) == 0 ? NULL : times[i][t];
            }
            rows[i] = (struct mini_ticket){
                .nature = (int)chance_below(&chance, 9),
                .urgency = (int)chance_below(&chance, 5),
                .received = at[0],
                .responded = at[1],
                .due = at[2],
                .first_completed = at[3],
                .reopened = at[4],
                .completed = at[5],
                .revisited = at[6],
                .rating = (int)chance_below(&chance, 6),
                .department = (int)chance_below(&chance, 2) * DEPARTMENT_WORKS,
                .category = (int)chance_below(&chance, 3),
                .building = (int)chance_below(&chance, 2) * BUILDING_1,
                .household = (int)chance_below(&chance, 9),
                .status = (int)chance_below(&chance, 13),
                .voided = at[7],
            };
        }
        qsort(rows, count, sizeof *rows, compare_rows);
        world_open(&world, rows, count);
        run(&world, SEPTEMBER);
        done(&world);
    }
    print_message("any input: %llu random estates, every figure sound, every identity "
                  "holds\n",
                  (unsigned long long)seeds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_tickets_at_all),
        cmocka_unit_test(a_month_before_the_data),
        cmocka_unit_test(one_ticket),
        cmocka_unit_test(all_open_all_closed),
        cmocka_unit_test(a_calendar_that_ends_too_early),
        cmocka_unit_test(absurd_durations),
        cmocka_unit_test(a_thousand_departments),
        cmocka_unit_test(closed_a_hundred_times),
        cmocka_unit_test(anything_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
