/* course_test.c - hard cases and promises, the cohort triangle, stages, standstill of
 * assets, who held what: one small month whose figures were worked out by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>
#include <stdio.h>

#include "analyze/pass.h"
#include "core/wording.h"
#include "tests/tools/mini_facts.h"

#define AUGUST (2025 * 12 + 7)
#define SEPTEMBER (2025 * 12 + 8)

enum row {
    H1, /* hard since July, done and confirmed in September */
    H2, /* hard since July, open */
    H3, /* hard since July, done in September, nobody asked */
    H4, /* of July, done in August */
    H5, /* of July, void in September */
    A1, /* of August: done in August */
    A4, /* done in August, reopened, done again after the cut-off */
    A3, /* open */
    A2, /* done on 1 September; its lift stood still over the turn of the month */
    S1,
    S3,
    S4, /* of September */
    P1,
    P2, /* found by a patrol, reported by an owner 30 hours later */
    S2,
    ROWS
};

enum { CLERK_A = MINI_WORDS, CLERK_B, ALL_WORDS };

static const char *const texts[ALL_WORDS] = {
    "",     "电梯",  "管道",  "客服", "秩序", "工程",
    "环境", "1号楼", "2号楼", "东区", "K01",  "K02",
};
static const uint8_t domains[ALL_WORDS] = {
    WORD_NONE,       WORD_CATEGORY,   WORD_CATEGORY,   WORD_DEPARTMENT,
    WORD_DEPARTMENT, WORD_DEPARTMENT, WORD_DEPARTMENT, WORD_BUILDING,
    WORD_BUILDING,   WORD_GRID,       WORD_STAFF,      WORD_STAFF,
};
static const struct words words = { .count = ALL_WORDS,
                                    .text = texts,
                                    .domain = domains };

static const struct mini_ticket table[ROWS] = {
    [H1] = { .received = "2025-07-15 08:00", .completed = "2025-09-10 08:00" },
    [H2] = { .received = "2025-07-20 08:00", .department = DEPARTMENT_WORKS },
    [H3] = { .received = "2025-07-22 08:00", .completed = "2025-09-12 08:00" },
    [H4] = { .received = "2025-07-25 08:00", .completed = "2025-08-30 08:00" },
    [H5] = { .received = "2025-07-26 08:00",
             .status = STATUS_VOID,
             .voided = "2025-09-20 08:00" },
    [A1] = { .received = "2025-08-02 08:00", .completed = "2025-08-10 08:00" },
    [A4] = { .received = "2025-08-03 08:00",
             .first_completed = "2025-08-20 08:00",
             .reopened = "2025-09-05 08:00",
             .completed = "2025-10-02 08:00" },
    [A3] = { .received = "2025-08-15 08:00" },
    [A2] = { .received = "2025-08-31 20:00", .completed = "2025-09-01 06:00" },
    [S1] = { .received = "2025-09-02 08:00", .completed = "2025-09-02 13:30" },
    [S3] = { .received = "2025-09-02 09:00", .completed = "2025-09-02 15:00" },
    [S4] = { .received = "2025-09-10 00:00", .completed = "2025-09-10 05:00" },
    [P1] = { .received = "2025-09-11 00:00",
             .nature = NATURE_PATROL,
             .category = CATEGORY_PIPE,
             .building = BUILDING_1,
             .completed = "2025-09-14 00:00" },
    [P2] = { .received = "2025-09-12 06:00",
             .category = CATEGORY_PIPE,
             .building = BUILDING_1,
             .completed = "2025-09-14 00:00" },
    [S2] = { .received = "2025-09-20 12:00" },
};

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct metrics metrics;
    struct results *results;
    int64_t dispatched[ROWS], arrived[ROWS], closed[ROWS], revisited[ROWS];
    uint32_t recorder[ROWS], handler[ROWS], visitor[ROWS], asset[ROWS];
    uint16_t flags[ROWS];
    struct promise promises[5];
    struct asset assets[1];
};

static int32_t day(const char *text)
{
    return (int32_t)(mini_time(text) / DAY_SECONDS);
}

static void add_step(struct world *world, enum row ticket, const char *at,
                     uint32_t from, uint32_t to)
{
    struct events *events = &world->facts.events;
    size_t i = events->count++;

    ((uint32_t *)(uintptr_t)events->ticket)[i] = ticket;
    ((uint8_t *)(uintptr_t)events->kind)[i] = to == 0 ? EVENT_RETURN : EVENT_TRANSFER;
    ((int64_t *)(uintptr_t)events->at)[i] = mini_time(at);
    ((uint32_t *)(uintptr_t)events->from_department)[i] = from;
    ((uint32_t *)(uintptr_t)events->to_department)[i] = to;
}

static void fill_columns(struct world *world)
{
    int i;

    for (i = 0; i < ROWS; i++)
        world->dispatched[i] = world->arrived[i] = world->closed[i] =
            world->revisited[i] = HY_NEVER;
    world->dispatched[S1] = mini_time("2025-09-02 08:30");
    world->arrived[S1] = mini_time("2025-09-02 10:30");
    world->closed[S1] = mini_time("2025-09-03 13:30");
    world->dispatched[S2] = mini_time("2025-09-20 13:30");
    world->dispatched[S3] =
        mini_time("2025-09-02 07:00"); /* before it came: left out */
    world->flags[H1] = 3 << FLAG_RESOLVED;
    world->flags[P1] = 3 << FLAG_PUBLIC_AREA;
    world->asset[A2] = world->asset[S1] = world->asset[S3] = world->asset[S4] = 1;
    world->assets[0] = (struct asset){ .code = CATEGORY_LIFT, .registered = true };
    world->recorder[S1] = world->recorder[S3] = world->recorder[S4] = CLERK_A;
    world->handler[S1] = CLERK_A;
    world->handler[S3] = world->handler[S4] = CLERK_B;
    world->visitor[S3] = CLERK_A;
    world->revisited[S3] = mini_time("2025-09-03 10:00");
}

static void fill_promises(struct world *world)
{
    static const struct promise promises[5] = {
        { "1", 1 + H1, "待备件", "", "", 0, 0, true },
        { "2", 1 + H2, "待天气", "工程部", "施工", 0, 0, true },
        { "3", 1 + H3, "待备件", "", "", 0, 0, true },
        { "4", 1 + S2, "部门分工未定", "", "", 0, 0, false },
        { "5", 0, "待备件", "", "", 0, 0, true },
    };

    memcpy(world->promises, promises, sizeof promises);
    world->promises[0].promised = day("2025-09-05");
    world->promises[0].kept = day("2025-09-08"); /* three days late */
    world->promises[1].promised = day("2025-09-20");
    world->promises[1].kept = INT32_MIN;
    world->promises[2].promised = day("2025-09-15"); /* done on the 12th */
    world->promises[2].kept = INT32_MIN;
    world->promises[3].promised = day("2025-10-10");
    world->promises[3].kept = INT32_MIN;
    world->promises[4].promised = day("2025-09-15");
    world->promises[4].kept = INT32_MIN;
}

static void world_open(struct world *world)
{
    struct tickets *tickets = &world->facts.tickets;
    struct error err;

    memset(world, 0, sizeof *world);
    world->arena = arena_new();
    world->settings = mini_settings();
    assert_int_equal(metrics_load("templates/metrics.tsv", world->arena,
                                  &world->metrics, &err),
                     HY_OK);
    mini_build(table, ROWS, world->arena, &world->facts);
    fill_columns(world);
    fill_promises(world);
    world->facts.words = &words;
    tickets->dispatched = world->dispatched;
    tickets->arrived = world->arrived;
    tickets->closed = world->closed;
    tickets->revisited = world->revisited;
    tickets->recorder = world->recorder;
    tickets->handler = world->handler;
    tickets->visitor = world->visitor;
    tickets->asset = world->asset;
    tickets->flags = world->flags;
    world->facts.registers.assets = world->assets;
    world->facts.registers.asset_count = 1;
    world->facts.registers.promises = world->promises;
    world->facts.registers.promise_count = 5;
    add_step(world, H2, "2025-09-25 00:00", 0, 0); /* sent back, and nobody took it */
    add_step(world, S1, "2025-09-02 10:00", DEPARTMENT_WORKS, DEPARTMENT_ORDER);
    add_step(world, S2, "2025-09-21 00:00", DEPARTMENT_YARD, DEPARTMENT_WORKS);
    if (analyze(&world->facts, &world->settings, &world->metrics, SEPTEMBER, SEPTEMBER,
                0, HY_NEVER, world->arena, &world->results, &err)
        != HY_OK)
        print_message("%s\n", err.text);
    assert_non_null(world->results);
}

static const struct base *at(const struct world *world, const char *name,
                             enum dimension dimension, uint32_t key)
{
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    figure = results_find(world->results, metric, part, dimension, key, SEPTEMBER);
    if (figure == NULL)
        print_message("no figure %s\n", name);
    assert_non_null(figure);
    return &figure->base;
}

static void expect_share(const struct world *world, const char *name,
                         enum dimension dimension, uint32_t key, int k, int n)
{
    const struct base *base = at(world, name, dimension, key);

    if (base->numerator != k || base->denominator != n)
        print_message("%s = %lld/%lld, not %d/%d\n", name, (long long)base->numerator,
                      (long long)base->denominator, k, n);
    assert_int_equal(base->numerator, k);
    assert_int_equal(base->denominator, n);
}

static void expect(const struct world *world, const char *name,
                   enum dimension dimension, uint32_t key, double value)
{
    const struct base *base = at(world, name, dimension, key);

    if (base->answer != ANSWER_OK || !(fabs(base->value - value) < 1e-9))
        print_message("%s = %g (%s), not %g\n", name, base->value,
                      answer_name(base->answer), value);
    assert_int_equal(base->answer, ANSWER_OK);
    assert_true(fabs(base->value - value) < 1e-9);
}

static void who_was_hard_last_month(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    /* on 1 September over 30 days old: H1, H2, H3 (H5 is void since) */
    expect_share(&world, "DIF-02", DIM_TOTAL, 0, 1, 3);
    expect_share(&world, "DIF-02.completed", DIM_TOTAL, 0, 2, 3);
    /* on 1 October: H2, A3, A4 by age; S2 because nobody's job it is */
    expect(&world, "DIF-01", DIM_TOTAL, 0, 4);
    expect(&world, "DIF-01.undecided", DIM_TOTAL, 0, 1);
    arena_free(world.arena);
}

static void promises_kept_and_broken(void **state)
{
    const struct listing *cases, *board;
    const struct wording *zh, *en;
    struct world world;
    struct error err;
    size_t i, broken = 0;

    (void)state;
    world_open(&world);
    expect(&world, "DIF-01.promised", DIM_TOTAL, 0, 3);
    expect(&world, "DIF-01.kept", DIM_TOTAL, 0, 1);
    expect(&world, "DIF-01.broken", DIM_TOTAL, 0, 2);
    cases = results_listing(world.results, "DIF-01.cases");
    board = results_listing(world.results, "DIF-01");
    assert_non_null(cases);
    assert_non_null(board);
    assert_int_equal(cases->rows, 4);
    assert_int_equal(wording_load("templates/wording", "zh", world.arena, &zh, &err),
                     HY_OK);
    assert_int_equal(wording_load("templates/wording", "en", world.arena, &en, &err),
                     HY_OK);
    for (i = 0; i < cases->rows; i++) {
        const struct value *row = &cases->cells[i * cases->columns];

        if (row[6].kind == VALUE_WORDS && strcmp(row[6].text, "stuck.weather") == 0) {
            assert_string_equal(wording_phrase(zh, world.arena, row[6].text), "待天气");
            assert_string_equal(wording_phrase(en, world.arena, row[6].text),
                                "weather");
            assert_string_equal(row[7].text, "工程部");
            assert_string_equal(row[8].text, "施工");
            assert_int_equal((int)row[9].number, day("2025-09-20"));
            assert_string_equal(wording_phrase(zh, world.arena, row[10].text),
                                "没兑现");
            broken++;
        }
    }
    assert_int_equal(broken, 1);
    /* what was not promised to the public is not on the board */
    for (i = 0; i < board->rows; i++)
        if (strcmp(board->cells[i * board->columns + 5].text, "stuck.undecided") == 0)
            assert_int_equal(board->cells[i * board->columns + 7].kind, VALUE_TEXT);
    arena_free(world.arena);
}

static void the_triangle(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    /* the four of August: at its end A3 and A2 are open, a month later A3 and A4 */
    expect_share(&world, "BKL-03.m0", DIM_MONTH, AUGUST, 2, 4);
    expect_share(&world, "BKL-03.m1", DIM_MONTH, AUGUST, 2, 4);
    /* the six of September: S2 */
    expect_share(&world, "BKL-03.m0", DIM_MONTH, SEPTEMBER, 1, 6);
    expect_share(&world, "BKL-03.m0", DIM_TOTAL, 0, 1, 6);
    expect_share(&world, "BKL-03.m1", DIM_TOTAL, 0, 2, 4);
    /* July began before the data did: it is no cohort */
    assert_int_equal(results_listing(world.results, "BKL-03")->rows, 2);
    arena_free(world.arena);
}

static void where_the_time_went(void **state)
{
    struct world world;

    (void)state;
    world_open(&world);
    expect(&world, "TTR-03.dispatch", DIM_TOTAL, 0, 1.0); /* 0.5 and 1.5 h */
    expect(&world, "TTR-03.travel", DIM_TOTAL, 0, 2.0);
    expect(&world, "TTR-03.work", DIM_TOTAL, 0, 3.0);
    expect(&world, "TTR-03.closing", DIM_TOTAL, 0, 24.0);
    /* 2 September 8:00-15:00 is one failure with two reports, then 5 hours; what began
     * on 31 August belongs to August */
    expect(&world, "TTR-05.failures", DIM_TOTAL, 0, 2);
    expect(&world, "TTR-05", DIM_TOTAL, 0, 6.0);
    expect(&world, "TTR-05", DIM_ASSET, CATEGORY_LIFT, 6.0);
    /* S1 done by its recorder, S3 told the owner by him, S4 by others */
    expect_share(&world, "TRF-06", DIM_TOTAL, 0, 2, 3);
    arena_free(world.arena);
}

static void who_held_it(void **state)
{
    const struct figure *pair = NULL;
    struct world world;
    size_t i;

    (void)state;
    world_open(&world);
    expect(&world, "TRF-04.held", DIM_DEPARTMENT, DEPARTMENT_ORDER, 3.5);
    expect(&world, "TRF-04.held", DIM_DEPARTMENT, DEPARTMENT_YARD, 12);
    /* 2 h, and 240 h and still running: R gives the middle of the flat step, 121 */
    expect(&world, "TRF-04.held", DIM_DEPARTMENT, DEPARTMENT_WORKS, 121);
    for (i = 0; i < world.results->figure_count; i++)
        if (world.results->figures[i].dimension[1] == DIM_DEPARTMENT
            && world.results->figures[i].part > 0
            && world.results->figures[i].key[0] == DEPARTMENT_YARD)
            pair = &world.results->figures[i];
    assert_non_null(pair);
    assert_int_equal(pair->key[1], DEPARTMENT_WORKS);
    assert_true(fabs(pair->base.value - 12) < 1e-9);
    expect(&world, "PRO-02.median", DIM_TOTAL, 0, 30);
    /* H2 was sent back; A3, A4 and S2 were never given to anybody, A4 for 1,408 hours
     */
    expect(&world, "TRF-05", DIM_TOTAL, 0, 4);
    expect(&world, "TRF-05.oldest", DIM_TOTAL, 0, 1408);
    arena_free(world.arena);
}

/* Nobody said who had it: neither how many nobody has, nor for how long. */
static void held_by_nobody_knows_whom(void **state)
{
    static const uint8_t no_departments[ALL_WORDS] = { WORD_NONE };
    static const struct words plain = { .count = ALL_WORDS,
                                        .text = texts,
                                        .domain = no_departments };
    struct mini_ticket rows[ROWS];
    const struct figure *oldest;
    struct world world;
    struct error err;
    uint16_t metric, part;
    int i;

    (void)state;
    world_open(&world);
    memcpy(rows, table, sizeof rows);
    for (i = 0; i < ROWS; i++)
        rows[i].department = rows[i].first_department = 0;
    mini_build(rows, ROWS, world.arena, &world.facts);
    world.facts.words = &plain;
    assert_int_equal(analyze(&world.facts, &world.settings, &world.metrics, SEPTEMBER,
                             SEPTEMBER, 0, HY_NEVER, world.arena, &world.results, &err),
                     HY_OK);
    assert_int_equal(at(&world, "TRF-05", DIM_TOTAL, 0)->answer, ANSWER_NO_DATA);
    assert_true(metrics_name(&world.metrics, "TRF-05.oldest", &metric, &part) >= 0);
    oldest = results_find(world.results, metric, part, DIM_TOTAL, 0, SEPTEMBER);
    assert_true(oldest == NULL || oldest->base.answer == ANSWER_NO_DATA);
    arena_free(world.arena);
}

/* July 8 of 10 in time, August 11 of 12, September 6 of 9: with under thirty in the
 * month the three are taken together, 25 of 31; with thirty they are not. */
static void few_are_three_months(void **state)
{
    static const int due[3] = { 10, 12, 9 }, late[3] = { 2, 1, 3 };
    static char received[64][64], limit[64][64], done[64][64];
    static struct mini_ticket rows[64];
    struct world world;
    struct error err;
    int extra, month, i, count;

    (void)state;
    for (extra = 0; extra <= 21; extra += 21) {
        uint16_t metric, part;

        memset(rows, 0, sizeof rows);
        memset(&world, 0, sizeof world);
        for (month = 0, count = 0; month < 3; month++)
            for (i = 0; i < due[month] + (month == 2 ? extra : 0); i++, count++) {
                (void)snprintf(received[count], 64, "2025-%02d-01 %02d:%02d", 7 + month,
                               8 + i / 10, i % 10);
                (void)snprintf(limit[count], 64, "2025-%02d-05 10:00", 7 + month);
                (void)snprintf(done[count], 64, "2025-%02d-%02d 10:00", 7 + month,
                               i < late[month] ? 6 : 4);
                rows[count] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                                    .received = received[count],
                                                    .due = limit[count],
                                                    .completed = done[count] };
            }
        world.arena = arena_new();
        world.settings = mini_settings();
        assert_int_equal(metrics_load("templates/metrics.tsv", world.arena,
                                      &world.metrics, &err),
                         HY_OK);
        mini_build(rows, (size_t)count, world.arena, &world.facts);
        assert_int_equal(analyze(&world.facts, &world.settings, &world.metrics,
                                 SEPTEMBER, SEPTEMBER, 0, HY_NEVER, world.arena,
                                 &world.results, &err),
                         HY_OK);
        assert_true(metrics_name(&world.metrics, "SLA-01.pooled", &metric, &part) >= 0);
        if (extra == 0)
            expect_share(&world, "SLA-01.pooled", DIM_TOTAL, 0, 25, 31);
        else
            assert_null(
                results_find(world.results, metric, part, DIM_TOTAL, 0, SEPTEMBER));
        arena_free(world.arena);
    }
}

/* Ratings 10, 3 and 12 in three months: three are not printed, and the sum of all would
 * tell them; with 10, 0 and 12 there is nothing to tell. */
static void a_hidden_month_is_not_pooled(void **state)
{
    static const int ratings[2][3] = { { 10, 3, 12 }, { 10, 0, 12 } };
    static char received[64][64], done[64][64];
    static struct mini_ticket rows[64];
    struct world world;
    struct error err;
    int turn, month, i, count;

    (void)state;
    for (turn = 0; turn < 2; turn++) {
        uint16_t metric, part;
        const struct figure *figure;

        memset(rows, 0, sizeof rows);
        memset(&world, 0, sizeof world);
        for (month = 0, count = 0; month < 3; month++)
            for (i = 0; i < 14; i++, count++) {
                (void)snprintf(received[count], 64, "2025-%02d-01 08:%02d", 7 + month,
                               i);
                (void)snprintf(done[count], 64, "2025-%02d-04 10:00", 7 + month);
                rows[count] =
                    (struct mini_ticket){ .nature = NATURE_REPAIR,
                                          .received = received[count],
                                          .completed = done[count],
                                          .revisited = done[count],
                                          .rating = i < ratings[turn][month] ? 5 : 0 };
            }
        world.arena = arena_new();
        world.settings = mini_settings();
        assert_int_equal(metrics_load("templates/metrics.tsv", world.arena,
                                      &world.metrics, &err),
                         HY_OK);
        mini_build(rows, (size_t)count, world.arena, &world.facts);
        assert_int_equal(analyze(&world.facts, &world.settings, &world.metrics,
                                 SEPTEMBER, SEPTEMBER, 0, HY_NEVER, world.arena,
                                 &world.results, &err),
                         HY_OK);
        assert_true(metrics_name(&world.metrics, "SAT-01.pooled", &metric, &part) >= 0);
        figure = results_find(world.results, metric, part, DIM_TOTAL, 0, SEPTEMBER);
        if (turn == 0)
            assert_null(figure);
        else
            expect_share(&world, "SAT-01.pooled", DIM_TOTAL, 0, 22, 22);
        arena_free(world.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_hard_last_month),
        cmocka_unit_test(promises_kept_and_broken),
        cmocka_unit_test(the_triangle),
        cmocka_unit_test(where_the_time_went),
        cmocka_unit_test(who_held_it),
        cmocka_unit_test(held_by_nobody_knows_whom),
        cmocka_unit_test(few_are_three_months),
        cmocka_unit_test(a_hidden_month_is_not_pooled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
