/* analyze_test.c - DOMAIN 2.12's thirteen tickets, edge months, and properties. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>

#include "analyze/pass.h"
#include "tests/tools/mini_facts.h"

#define SEPTEMBER (2025 * 12 + 8)

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct metrics metrics;
    struct results *results;
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
}

static void run(struct world *world, int32_t first, int32_t last, int series)
{
    enum status status =
        analyze(&world->facts, &world->settings, &world->metrics, first, last, series,
                HY_NEVER, world->arena, &world->results, &world->err);

    if (status != HY_OK)
        print_message("%s\n", world->err.text);
    assert_int_equal(status, HY_OK);
}

static const struct base *at(const struct world *world, const char *name,
                             enum dimension dimension, uint32_t key, int32_t month)
{
    uint16_t metric, part;
    const struct figure *figure;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    figure = results_find(world->results, metric, part, dimension, key, month);
    if (figure == NULL)
        print_message("no figure %s\n", name);
    assert_non_null(figure);
    return &figure->base;
}

static const struct base *total(const struct world *world, const char *name)
{
    return at(world, name, DIM_TOTAL, 0, world->results->month);
}

static void expect_count(const struct world *world, const char *name, double count)
{
    const struct base *base = total(world, name);

    if (base->answer != ANSWER_OK || fabs(base->value - count) > 1e-9)
        print_message("%s = %g (%s), not %g\n", name, base->value,
                      answer_name(base->answer), count);
    assert_int_equal(base->answer, ANSWER_OK);
    assert_true(fabs(base->value - count) <= 1e-9);
}

static void expect_share(const struct world *world, const char *name, int k, int n)
{
    const struct base *base = total(world, name);

    if (base->numerator != k || base->denominator != n)
        print_message("%s = %lld/%lld, not %d/%d\n", name, (long long)base->numerator,
                      (long long)base->denominator, k, n);
    assert_int_equal(base->numerator, k);
    assert_int_equal(base->denominator, n);
}

static void expect_near(const struct world *world, const char *name, double value,
                        double within)
{
    const struct base *base = total(world, name);

    if (!(fabs(base->value - value) <= within))
        print_message("%s = %.6f, not %.6f\n", name, base->value, value);
    assert_true(fabs(base->value - value) <= within);
}

/* DOMAIN.md 2.12 and domain/mini.py: every figure named there. */
static void thirteen_tickets(void **state)
{
    struct mini_ticket rows[16];
    size_t count = mini_month(rows);
    struct world world;

    (void)state;
    open_world(&world);
    mini_build(rows, count, world.arena, &world.facts);
    run(&world, SEPTEMBER, SEPTEMBER, 0);
    assert_int_equal(analyze_check(world.results, &world.err), HY_OK);
    expect_count(&world, "INT-13", 2);
    expect_count(&world, "INT-00", 11);
    expect_count(&world, "INT-01", 11);
    expect_count(&world, "INT-17", 1);
    expect_count(&world, "INT-16", 9);
    expect_count(&world, "INT-14", 5);
    expect_share(&world, "SLA-01", 5, 8);
    expect_share(&world, "SLA-02", 6, 8);
    expect_share(&world, "SLA-03", 4, 8);
    expect_count(&world, "SLA-01.first", 1);
    expect_count(&world, "SLA-01.pending", 2);
    expect_count(&world, "SLA-05", 3);
    expect_share(&world, "RES-01", 7, 11);
    expect_share(&world, "RES-02", 8, 13);
    expect_near(&world, "TTR-01.mean", 46.01, 0.005);
    expect_near(&world, "TTR-01.median", 23.99, 0.005);
    expect_near(&world, "TTR-02.median", 118, 1e-9);
    expect_near(&world, "TTR-02.s24h", 1 - 0.5114, 0.00005);
    expect_share(&world, "REV-01", 6, 7);
    expect_share(&world, "SAT-01", 3, 5);
    expect_near(&world, "SAT-02", 3.80, 1e-9);
    expect_share(&world, "SAT-03", 5, 7);
    expect_share(&world, "SAT-05", 3, 7);
    expect_share(&world, "SAT-05.ceiling", 5, 7);
    expect_count(&world, "TRF-01.total", 4);
    expect_count(&world, "TRF-03.returns", 2);
    assert_int_equal(total(&world, "RSP-01.median")->numerator, 10);
    assert_int_equal(total(&world, "RSP-01.median")->denominator, 11);
    expect_near(&world, "RSP-01.median", 20.0 / 60, 1e-9);
    expect_count(&world, "BKL-01", 5);
    /* ages 0.29, 2.58, 5.58, 18.58, 33.62 days */
    expect_near(&world, "BKL-01.median", 5.583333 * 24, 1e-3);
    expect_near(&world, "BKL-01.oldest", 33.625 * 24, 1e-9);
    assert_int_equal((int)at(&world, "BKL-01", DIM_AGE, 0, SEPTEMBER)->value, 2);
    assert_int_equal((int)at(&world, "BKL-01", DIM_AGE, 1, SEPTEMBER)->value, 1);
    assert_int_equal((int)at(&world, "BKL-01", DIM_AGE, 3, SEPTEMBER)->value, 1);
    assert_int_equal((int)at(&world, "BKL-01", DIM_AGE, 4, SEPTEMBER)->value, 1);
    /* over 30 days: A01; passed around: A08 */
    expect_count(&world, "DIF-01", 2);
    assert_non_null(results_listing(world.results, "DIF-01"));
    arena_free(world.arena);
}

/* The curve at a time: its last step not after it. */
static double curve_at(const struct curve *curve, double hours)
{
    double share = NAN;
    size_t i;

    for (i = 0; i < curve->count && curve->x[i] <= hours; i++)
        share = curve->y[i];
    return share;
}

/* Of four, one is done in 24 hours, one withdrawn after 30, one done in 60, one waits:
 * 2 of 4 are done within 3 days.  Were the withdrawn one dropped at 30 hours, 1 - 3/4 *
 * 1/2 were drawn; were it left out, 2/3.
 */
static void the_curve_passes_through_the_printed_share(void **state)
{
    const struct mini_ticket rows[] = {
        { .received = "2025-09-01 10:00", .completed = "2025-09-02 10:00" },
        { .received = "2025-09-01 11:00",
          .status = STATUS_VOID,
          .voided = "2025-09-02 17:00" },
        { .received = "2025-09-02 10:00", .completed = "2025-09-04 22:00" },
        { .received = "2025-09-03 10:00" },
    };
    const struct curve *curve;
    struct world world;
    uint16_t metric, part;

    (void)state;
    open_world(&world);
    mini_build(rows, 4, world.arena, &world.facts);
    run(&world, SEPTEMBER, SEPTEMBER, 0);
    assert_true(metrics_name(&world.metrics, "TTR-02", &metric, &part) >= 0);
    curve =
        results_curve(world.results, metric, CURVE_SURVIVAL, DIM_TOTAL, 0, SEPTEMBER);
    assert_non_null(curve);
    expect_near(&world, "TTR-02.s24h", 0.25, 1e-12);
    expect_near(&world, "TTR-02.s72h", 0.5, 1e-12);
    assert_true(fabs(curve_at(curve, 24) - 0.25) < 1e-12);
    assert_true(fabs(curve_at(curve, 72) - 0.5) < 1e-12);
    /* the last one was seen to wait 27 days and 14 hours: the curve ends there */
    assert_true(fabs(curve->x[curve->count - 1] - (27 * 24 + 14)) < 1e-9);
    arena_free(world.arena);
}

/* Every figure says OK with a number, or another answer with none. */
static void check_answers(const struct results *results)
{
    size_t i;

    for (i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];
        bool ok = figure->base.answer == ANSWER_OK;

        if (ok != !isnan(figure->base.value))
            print_message("%s part %d: %s with %g\n",
                          results->metrics->items[figure->metric].id, figure->part,
                          answer_name(figure->base.answer), figure->base.value);
        assert_int_equal(ok, !isnan(figure->base.value));
    }
}

static void nothing_at_all(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    mini_build(NULL, 0, world.arena, &world.facts);
    run(&world, SEPTEMBER, SEPTEMBER, 24);
    assert_int_equal(analyze_check(world.results, &world.err), HY_OK);
    check_answers(world.results);
    assert_int_equal(total(&world, "INT-01")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "SLA-01")->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
}

static void month_before_the_data(void **state)
{
    struct mini_ticket rows[16];
    size_t count = mini_month(rows);
    struct world world;

    (void)state;
    open_world(&world);
    mini_build(rows, count, world.arena, &world.facts);
    run(&world, SEPTEMBER - 24, SEPTEMBER - 24, 12);
    check_answers(world.results);
    assert_int_equal(total(&world, "INT-01")->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
}

static void one_ticket(const struct mini_ticket *row)
{
    struct world world;

    open_world(&world);
    mini_build(row, 1, world.arena, &world.facts);
    run(&world, SEPTEMBER, SEPTEMBER, 13);
    assert_int_equal(analyze_check(world.results, &world.err), HY_OK);
    check_answers(world.results);
    expect_count(&world, "INT-00", 1);
    arena_free(world.arena);
}

static void lonely_tickets(void **state)
{
    const struct mini_ticket rows[] = {
        { .received = "2025-09-05 10:00" },
        { .received = "2025-09-05 10:00", .completed = "2025-09-06 10:00" },
        { .received = "2025-09-05 10:00",
          .completed = "2025-09-04 10:00",
          .responded = "2025-09-01 10:00",
          .revisited = "2025-08-01 10:00" },
        { .received = "2025-09-05 10:00", .reopened = "2025-09-06 10:00" },
        { .received = "2025-09-05 10:00", .status = STATUS_VOID },
        { .received = "2025-09-05 10:00",
          .status = STATUS_VOID,
          .completed = "2025-09-05 11:00",
          .voided = "2025-10-05 11:00" },
        { .received = "2025-09-05 10:00",
          .completed = "2025-09-05 10:00",
          .first_completed = "2025-09-05 10:00",
          .reopened = "2025-09-05 10:00" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        one_ticket(&rows[i]);
}

/* A reopening nobody completed before counts a completion, but no duration; a void
 * takes its ticket out of the month it came in (DOMAIN 2.13.2, 2.13.3). */
static void forced_rules(void **state)
{
    const struct mini_ticket rows[] = {
        { .received = "2025-09-01 10:00",
          .reopened = "2025-09-03 10:00",
          .completed = "2025-09-04 10:00" },
        { .received = "2025-09-02 10:00",
          .status = STATUS_VOID,
          .voided = "2025-09-05 10:00" },
        { .received = "2025-09-03 10:00",
          .status = STATUS_DUPLICATE,
          .voided = "2025-09-05 10:00",
          .merged_into = 1 },
        { .received = "2025-09-04 10:00",
          .status = STATUS_VOID,
          .voided = "2025-10-05 10:00" },
    };
    struct world world;

    (void)state;
    open_world(&world);
    mini_build(rows, 4, world.arena, &world.facts);
    run(&world, SEPTEMBER, SEPTEMBER, 0);
    assert_int_equal(analyze_check(world.results, &world.err), HY_OK);
    expect_count(&world, "INT-00", 4);
    expect_count(&world, "INT-01", 2);
    expect_count(&world, "INT-12", 1);
    expect_count(&world, "INT-14.withdrawn", 1);
    expect_count(&world, "INT-14.merged", 1);
    expect_count(&world, "INT-16", 2);
    expect_count(&world, "INT-16.inferred", 1);
    expect_count(&world, "INT-17", 1);
    expect_count(&world, "INT-14", 1);
    /* the one after: voided in October, before its cut-off */
    run(&world, SEPTEMBER + 1, SEPTEMBER + 1, 0);
    assert_int_equal(analyze_check(world.results, &world.err), HY_OK);
    expect_count(&world, "INT-13.all", 1);
    expect_count(&world, "INT-13", 0);
    expect_count(&world, "INT-14", 0);
    arena_free(world.arena);
}

/* --- properties over random facts ------------------------------------------------ */

static uint32_t draw(uint64_t *seed, uint32_t limit)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % limit;
}

static const char *random_time(uint64_t *seed, struct arena *arena, int days, int from)
{
    int32_t day = day_of(2025, 5, 1) + from + (int32_t)draw(seed, (uint32_t)days);
    int y, m, d;

    day_split(day, &y, &m, &d);
    return arena_printf(arena, "%04d-%02d-%02d %02u:%02u", y, m, d, draw(seed, 24),
                        draw(seed, 60));
}

static int by_received(const void *left, const void *right)
{
    const struct mini_ticket *a = left, *b = right;

    return strcmp(a->received, b->received);
}

static void random_rows(uint64_t seed, struct arena *arena, struct mini_ticket *rows,
                        size_t count)
{
    static const int statuses[] = { STATUS_NEW,       STATUS_CLOSED,
                                    STATUS_CLOSED,    STATUS_CLOSED,
                                    STATUS_CLOSED,    STATUS_VOID,
                                    STATUS_DUPLICATE, STATUS_CLOSED_UNRESOLVED };
    size_t i;

    for (i = 0; i < count; i++) {
        struct mini_ticket *row = &rows[i];
        int start = (int)draw(&seed, 120);

        memset(row, 0, sizeof *row);
        row->received = random_time(&seed, arena, 2, start);
        if (draw(&seed, 4) > 0)
            row->completed = random_time(&seed, arena, 20, start);
        if (draw(&seed, 6) == 0)
            row->first_completed = random_time(&seed, arena, 10, start);
        if (draw(&seed, 6) == 0)
            row->reopened = random_time(&seed, arena, 25, start);
        if (draw(&seed, 2) == 0)
            row->responded = random_time(&seed, arena, 3, start);
        if (draw(&seed, 2) == 0)
            row->due = random_time(&seed, arena, 6, start);
        if (draw(&seed, 2) == 0)
            row->revisited = random_time(&seed, arena, 20, start);
        row->rating = (int)draw(&seed, 6);
        row->status = statuses[draw(&seed, 8)];
        if (draw(&seed, 3) == 0)
            row->voided = random_time(&seed, arena, 30, start);
        row->nature = (int)draw(&seed, 9);
        row->department = (int)draw(&seed, 5);
        row->department += row->department == 0 ? 0 : DEPARTMENT_DESK - 1;
        row->category = (int)draw(&seed, 3);
        row->building = (int)draw(&seed, 3);
        row->building += row->building == 0 ? 0 : BUILDING_1 - 1;
        row->household = (int)draw(&seed, 30);
    }
    qsort(rows, count, sizeof *rows, by_received);
}

static void identity_on_random_facts(void **state)
{
    static struct mini_ticket rows[MINI_ROOM];
    uint64_t seed;

    (void)state;
    for (seed = 1; seed <= 40; seed++) {
        struct world world;
        enum status status;

        open_world(&world);
        random_rows(seed, world.arena, rows, 20 + seed * 10);
        world.settings.cutoff_days = (int)(seed % 4);
        mini_build(rows, 20 + seed * 10, world.arena, &world.facts);
        run(&world, SEPTEMBER - 1, SEPTEMBER, 4);
        status = analyze_check(world.results, &world.err);
        if (status != HY_OK)
            print_message("seed %d: %s\n", (int)seed, world.err.text);
        assert_int_equal(status, HY_OK);
        check_answers(world.results);
        arena_free(world.arena);
    }
}

/* Tickets received in the same second may stand in any order. */
static void row_order_changes_nothing(void **state)
{
    static struct mini_ticket rows[MINI_ROOM];
    enum { TICKETS = 300 };
    struct world one, two;
    size_t i;

    (void)state;
    open_world(&one);
    open_world(&two);
    random_rows(7, one.arena, rows, TICKETS);
    for (i = 0; i < TICKETS; i++)
        rows[i].received = "2025-08-20 12:00";
    mini_build(rows, TICKETS, one.arena, &one.facts);
    for (i = 0; i < TICKETS / 2; i++) {
        struct mini_ticket kept = rows[i];

        rows[i] = rows[TICKETS - 1 - i];
        rows[TICKETS - 1 - i] = kept;
    }
    mini_build(rows, TICKETS, two.arena, &two.facts);
    run(&one, SEPTEMBER, SEPTEMBER, 3);
    run(&two, SEPTEMBER, SEPTEMBER, 3);
    assert_int_equal(one.results->figure_count, two.results->figure_count);
    for (i = 0; i < one.results->figure_count; i++) {
        const struct figure *a = &one.results->figures[i],
                            *b = &two.results->figures[i];

        if (memcmp(&a->base.numerator, &b->base.numerator, 3 * sizeof(int64_t)) != 0)
            print_message("%s part %d\n", one.metrics.items[a->metric].id, a->part);
        assert_memory_equal(&a->base.numerator, &b->base.numerator,
                            3 * sizeof(int64_t));
        assert_int_equal(a->base.answer, b->base.answer);
        assert_true(a->base.value == b->base.value || isnan(a->base.value));
        assert_true(a->base.low == b->base.low || isnan(a->base.low));
        assert_true(a->base.high == b->base.high || isnan(a->base.high));
    }
    arena_free(one.arena);
    arena_free(two.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thirteen_tickets),
        cmocka_unit_test(the_curve_passes_through_the_printed_share),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(month_before_the_data),
        cmocka_unit_test(lonely_tickets),
        cmocka_unit_test(forced_rules),
        cmocka_unit_test(identity_on_random_facts),
        cmocka_unit_test(row_order_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
