/* disclose_test.c - what an audience may see, on tables a person can check. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>

#include "analyze/pass.h"
#include "core/store.h"
#include "tests/tools/mini_facts.h"

#define OCTOBER (2026 * 12 + 9)

/* Four areas, words 1..4. */
static const char *const texts[] = { "", "A区", "B区", "C区", "D区", "工程", "秩序" };
static const uint8_t domains[] = { WORD_NONE,      WORD_GRID, WORD_GRID,
                                   WORD_GRID,      WORD_GRID, WORD_DEPARTMENT,
                                   WORD_DEPARTMENT };
static const struct words words = { .count = 7, .text = texts, .domain = domains };

struct world {
    struct arena *arena;
    struct metrics metrics;
    struct settings settings;
    struct results *results, *view;
    struct published earlier[EDITIONS]; /* the same for public and committee */
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
    assert_int_equal(disclose(world->results, audience, &world->settings,
                              world->earlier, world->arena, &world->view, &world->err),
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
 * too.  The two make 9, so either may be anything from 0 to 9: it reaches 5 and is
 * at least 5 wide (METHODS 8.2), and the others stay. */
static void small_place_takes_others_along(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 3, 6, 20, 40);
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 2), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 3), ANSWER_OK);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 4), ANSWER_OK);
    assert_int_equal(answer(&world, "INT-01", DIM_TOTAL, 0), ANSWER_OK);
    /* the committee's threshold is 3: nothing is below it */
    look(&world, AUDIENCE_COMMITTEE);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    look(&world, AUDIENCE_MANAGEMENT);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    arena_free(world.arena);
}

/* 1 and 2 hidden alone are 3 together: neither reaches 5, a third goes. */
static void two_small_ones_need_a_third(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 1, 2, 20, 40);
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 2), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 3), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 4), ANSWER_OK);
    arena_free(world.arena);
}

/* 3 and nothing else: with every nought printed the total would tell the 3, so one
 * of them is not. */
static void noughts_go_where_nothing_else_helps(void **state)
{
    struct world world;
    int hidden = 0;

    (void)state;
    open_world(&world);
    areas(&world, 3, 0, 0, 0);
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    for (uint32_t key = 2; key <= 4; key++)
        hidden += answer(&world, "INT-01", DIM_GRID, key) == ANSWER_SUPPRESSED;
    assert_int_equal(hidden, 1);
    assert_int_equal(answer(&world, "INT-01", DIM_TOTAL, 0), ANSWER_OK);
    arena_free(world.arena);
}

/* The same count under another name (n of a median, INT-07) goes with it. */
static void the_same_count_elsewhere_goes_too(void **state)
{
    struct base median = base_none(ANSWER_OK);
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 3, 6, 20, 40);
    for (uint32_t key = 1; key <= 4; key++) {
        static const int64_t n[] = { 0, 3, 6, 20, 40 };

        median.value = 17;
        median.n = n[key];
        put(&world, "RSP-01.median", DIM_GRID, key, median);
        put(&world, "INT-07", DIM_GRID, key, base_count(n[key]));
    }
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "RSP-01.median", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "RSP-01.median", DIM_GRID, 2), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "RSP-01.median", DIM_GRID, 3), ANSWER_OK);
    arena_free(world.arena);
}

/* 20 due and 18 in time is 2 late.  The share goes, and with it another area's, or
 * the total of those in time would tell it; who is due in all is still said. */
static void a_share_tells_what_is_left(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    put(&world, "SLA-01", DIM_GRID, 1, base_share(18, 20));
    put(&world, "SLA-01", DIM_GRID, 2, base_share(20, 30));
    put(&world, "SLA-01", DIM_GRID, 3, base_share(30, 40));
    put(&world, "SLA-01", DIM_TOTAL, 0, base_share(68, 90));
    put(&world, "SLA-01.late", DIM_GRID, 1, base_count(2));
    put(&world, "SLA-01.late", DIM_GRID, 2, base_count(10));
    put(&world, "SLA-01.late", DIM_GRID, 3, base_count(10));
    put(&world, "SLA-01.late", DIM_TOTAL, 0, base_count(22));
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "SLA-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "SLA-01.late", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "SLA-01", DIM_TOTAL, 0), ANSWER_OK);
    /* one other area is not told either, the third is */
    assert_int_equal((answer(&world, "SLA-01", DIM_GRID, 2) == ANSWER_SUPPRESSED)
                         + (answer(&world, "SLA-01", DIM_GRID, 3) == ANSWER_SUPPRESSED),
                     1);
    arena_free(world.arena);
}

/* Nine calls of one household: nothing of the row, not even its noughts. */
static void one_household_is_not_a_row(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 9, 30, 20, 40);
    put(&world, "INT-09", DIM_GRID, 1, base_count(1));
    put(&world, "INT-09", DIM_GRID, 2, base_count(25));
    put(&world, "INT-09", DIM_GRID, 3, base_count(15));
    put(&world, "INT-09", DIM_GRID, 4, base_count(35));
    for (uint32_t key = 1; key <= 4; key++)
        put(&world, "SLA-01.nolimit", DIM_GRID, key, base_count(key == 1 ? 0 : 10));
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "SLA-01.nolimit", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 4), ANSWER_OK);
    arena_free(world.arena);
}

/* Months told singly would be taken off a pool of three. */
static void a_pool_is_not_told_by_place(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 30, 60, 20, 40);
    world.results->from = 0;
    world.results->until = (int64_t)92 * 86400;
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_TOTAL, 0), ANSWER_OK);
    look(&world, AUDIENCE_MANAGEMENT);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    arena_free(world.arena);
}

/* Building 1 has 2, and area A is buildings 1 and 2 as everybody knows. */
static void buildings_give_way_to_areas(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    areas(&world, 14, 60, 20, 40);
    put(&world, "INT-01", DIM_BUILDING, 1, base_count(2));
    put(&world, "INT-01", DIM_BUILDING, 2, base_count(12));
    put(&world, "INT-01", DIM_BUILDING, 3, base_count(120));
    look(&world, AUDIENCE_COMMITTEE);
    for (uint32_t key = 1; key <= 3; key++)
        assert_int_equal(answer(&world, "INT-01", DIM_BUILDING, key),
                         ANSWER_SUPPRESSED);
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
        enum answer answer;
    } cases[] = { { 33, 34, ANSWER_SUPPRESSED }, { 20, 29, ANSWER_SUPPRESSED },
                  { 20, 30, ANSWER_OK },         { 4, 60, ANSWER_SUPPRESSED },
                  { 55, 60, ANSWER_OK },         { 56, 60, ANSWER_SUPPRESSED } };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world;

        open_world(&world);
        put(&world, "SAT-01", DIM_NATURE, 1, base_share(cases[i].k, cases[i].n));
        put(&world, "SAT-05", DIM_NATURE, 1, base_share(cases[i].k, 100));
        put(&world, "SAT-03", DIM_NATURE, 1, base_share(cases[i].n, 100));
        put(&world, "SAT-01", DIM_NATURE, 2, base_share(70, 100));
        put(&world, "SAT-01", DIM_NATURE, 3, base_share(150, 300));
        put(&world, "SAT-05", DIM_NATURE, 2, base_share(70, 150));
        put(&world, "SAT-05", DIM_NATURE, 3, base_share(150, 400));
        look(&world, AUDIENCE_PUBLIC);
        assert_int_equal(answer(&world, "SAT-01", DIM_NATURE, 1), cases[i].answer);
        /* the floor has the same numerator, so it goes with it; how many answered
         * is no opinion; another nature is hidden so that the total does not tell */
        assert_int_equal(answer(&world, "SAT-05", DIM_NATURE, 1), cases[i].answer);
        assert_int_equal(answer(&world, "SAT-03", DIM_NATURE, 1), ANSWER_OK);
        assert_int_equal(answer(&world, "SAT-01", DIM_NATURE, 2), cases[i].answer);
        assert_int_equal(answer(&world, "SAT-01", DIM_NATURE, 3), ANSWER_OK);
        arena_free(world.arena);
    }
}

/* Of the whole estate "11 of 13" is said (WORDING 2.2); of 4 nothing; and when few
 * of one source are left, neither source is. */
static void the_estate_as_a_whole_is_told(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    put(&world, "SAT-01", DIM_TOTAL, 0, base_share(11, 13));
    put(&world, "SAT-01.resident", DIM_TOTAL, 0, base_share(9, 10));
    put(&world, "SAT-01.staff", DIM_TOTAL, 0, base_share(2, 3));
    put(&world, "SAT-04", DIM_TOTAL, 0, base_count(1));
    put(&world, "RES-04", DIM_TOTAL, 0, base_share(3, 4));
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "SAT-01", DIM_TOTAL, 0), ANSWER_OK);
    assert_int_equal(answer(&world, "SAT-04", DIM_TOTAL, 0), ANSWER_OK);
    assert_int_equal(answer(&world, "SAT-01.staff", DIM_TOTAL, 0), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "SAT-01.resident", DIM_TOTAL, 0),
                     ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "RES-04", DIM_TOTAL, 0), ANSWER_SUPPRESSED);
    arena_free(world.arena);
}

/* A new world whose only list is this one, as the public sees it. */
static const struct listing *on_the_board(struct world *world, struct listing *list)
{
    open_world(world);
    list->metric = (uint16_t)metrics_find(&world->metrics, list->name);
    results_add_listing(world->results, list);
    look(world, AUDIENCE_PUBLIC);
    return results_listing(world->view, list->name);
}

/* Area A's three cases would stand in the list; without the area two rows of the
 * same kind are one. */
static void the_list_for_the_board_names_no_area(void **state)
{
    static const char *const titles[] = { "事", "地方", "件", "已等", "最近一次" };
    static const struct value cells[] = {
        { VALUE_TEXT, "漏水", NAN },     { VALUE_TEXT, "A区", NAN },
        { VALUE_COUNT, NULL, 3 },        { VALUE_TEXT, "31-60 天", NAN },
        { VALUE_DAY, NULL, 1 },          { VALUE_TEXT, "漏水", NAN },
        { VALUE_TEXT, "B区", NAN },      { VALUE_COUNT, NULL, 1 },
        { VALUE_TEXT, "31-60 天", NAN }, { VALUE_DAY, NULL, 2 },
    };
    struct listing board = {
        .name = "DIF-01", .columns = 5, .rows = 2, .cells = cells, .titles = titles
    };
    const struct listing *seen_list;
    struct world world;

    (void)state;
    seen_list = on_the_board(&world, &board);
    assert_int_equal(seen_list->columns, 4);
    assert_int_equal(seen_list->rows, 1);
    assert_string_equal(seen_list->titles[1], "件");
    assert_true(seen_list->cells[1].number == 4);
    assert_int_equal(seen_list->cells[3].kind, VALUE_TEXT);
    look(&world, AUDIENCE_COMMITTEE);
    seen_list = results_listing(world.view, "DIF-01");
    assert_int_equal(seen_list->columns, 5);
    assert_int_equal(seen_list->rows, 2);
    arena_free(world.arena);
}

/* Two areas of three make six: were the rows left in the order of their areas' counts,
 * six after five would tell that no area has more than five.  What waits longer stays
 * before what waits less. */
static void the_order_on_the_board_tells_no_more_than_the_rows(void **state)
{
    static const char *const titles[] = { "事", "地方", "件", "已等" };
    static const struct value cells[] = {
        { VALUE_TEXT, "噪音", NAN }, { VALUE_TEXT, "A区", NAN },
        { VALUE_COUNT, NULL, 1 },    { VALUE_WORDS, "age.6", NAN },
        { VALUE_TEXT, "电梯", NAN }, { VALUE_TEXT, "A区", NAN },
        { VALUE_COUNT, NULL, 5 },    { VALUE_WORDS, "age.5", NAN },
        { VALUE_TEXT, "门禁", NAN }, { VALUE_TEXT, "A区", NAN },
        { VALUE_COUNT, NULL, 5 },    { VALUE_WORDS, "age.5", NAN },
        { VALUE_TEXT, "漏水", NAN }, { VALUE_TEXT, "A区", NAN },
        { VALUE_COUNT, NULL, 3 },    { VALUE_WORDS, "age.5", NAN },
        { VALUE_TEXT, "漏水", NAN }, { VALUE_TEXT, "B区", NAN },
        { VALUE_COUNT, NULL, 3 },    { VALUE_WORDS, "age.5", NAN },
    };
    static const char *const expected[] = { "噪音", "漏水", "电梯", "门禁" };
    struct listing board = {
        .name = "DIF-01", .columns = 4, .rows = 5, .cells = cells, .titles = titles
    };
    const struct listing *seen_list;
    struct world world;
    size_t row;

    (void)state;
    seen_list = on_the_board(&world, &board);
    assert_int_equal(seen_list->rows, 4);
    for (row = 0; row < 4; row++)
        assert_string_equal(seen_list->cells[row * 3].text, expected[row]);
    assert_true(seen_list->cells[1 * 3 + 1].number == 6);
    arena_free(world.arena);
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

/* DOMAIN 5: case by case for the committee, but no ticket can be told; management reads
 * the same name beside the number. */
static void the_committee_reads_no_ticket_number(void **state)
{
    static const struct value cells[] = { { VALUE_TEXT, "QT2026070232", 0 },
                                          { VALUE_TEXT, "1", 0 },
                                          { VALUE_TEXT, "AP2026070035", 0 },
                                          { VALUE_TEXT, "2", 0 } };
    static const char *const titles[2][2] = { { "单号", "楼栋" },
                                              { "sign.title.number", "楼栋" } };
    static const char *const names[2] = { "DIF-01.cases", "ANO-00.cases" };
    const struct listing *list;
    struct world world;
    int i;

    (void)state;
    open_world(&world);
    for (i = 0; i < 2; i++) {
        struct listing cases = { .name = names[i],
                                 .metric = (uint16_t)metrics_find(&world.metrics,
                                                                  i == 0 ? "DIF-01"
                                                                         : "ANO-00"),
                                 .columns = 2,
                                 .rows = 2,
                                 .cells = cells,
                                 .titles = titles[i] };

        results_add_listing(world.results, &cases);
    }
    for (i = 0; i < 2; i++) {
        look(&world, AUDIENCE_COMMITTEE);
        list = results_listing(world.view, names[i]);
        assert_non_null(list);
        assert_string_equal(list->titles[0], "代号");
        assert_string_equal(list->cells[0].text, "#1");
        assert_string_equal(list->cells[2].text, "#2");
        assert_string_equal(list->cells[3].text, "2");
        look(&world, AUDIENCE_MANAGEMENT);
        list = results_listing(world.view, names[i]);
        assert_string_equal(list->titles[0], titles[i][0]);
        assert_string_equal(list->cells[2].text, "AP2026070035 #2");
    }
    arena_free(world.arena);
}

static void findings_follow_their_figures(void **state)
{
    struct world world;
    struct finding finding = { .dimension = DIM_NATURE,
                               .key = 1,
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
    put(&world, "SAT-01", DIM_NATURE, 1, base_share(33, 34));
    results_add_finding(world.results, &finding);
    look(&world, AUDIENCE_PUBLIC);
    found =
        results_finding(world.view, finding.metric, 0, DIM_NATURE, 1, AGAINST_PREVIOUS);
    assert_non_null(found);
    assert_int_equal(found->now.answer, ANSWER_SUPPRESSED);
    assert_int_equal(found->verdict, VERDICT_SMALL);
    assert_true(isnan(found->change));
    arena_free(world.arena);
}

/* --- after an earlier publication -------------------------------------------------
 */

static void published(struct world *world, int32_t month, const char *metric,
                      const char *dimension, const char *key)
{
    static struct hidden_row rows[16];

    struct published *earlier = world->earlier;

    assert_true(earlier->count < sizeof rows / sizeof rows[0]);
    rows[earlier->count++] = (struct hidden_row){ month, metric, dimension, key };
    earlier->hidden = rows;
    earlier[AUDIENCE_COMMITTEE] = *earlier;
}

/* October was out with A and B hidden (3 and 6).  Four of A came late and nothing is
 * small any more; told now, what came late would be the only secret left of the
 * first issue.  What was hidden stays so; another month is not touched. */
static void hidden_once_is_hidden_in_revisions(void **state)
{
    struct world world;

    (void)state;
    open_world(&world);
    published(&world, OCTOBER, "INT-01", "grid", "A区");
    published(&world, OCTOBER, "INT-01", "grid", "B区");
    published(&world, OCTOBER, "INT-99", "grid", "B区"); /* of another dictionary */
    published(&world, OCTOBER, "INT-01", "planet", "B区");
    areas(&world, 7, 6, 20, 40);
    look(&world, AUDIENCE_PUBLIC);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 2), ANSWER_SUPPRESSED);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 3), ANSWER_OK);
    look(&world, AUDIENCE_MANAGEMENT);
    assert_int_equal(answer(&world, "INT-01", DIM_GRID, 1), ANSWER_OK);
    arena_free(world.arena);

    open_world(&world);
    published(&world, OCTOBER - 1, "INT-01", "grid", "A区");
    published(&world, OCTOBER - 1, "INT-01", "grid", "B区");
    areas(&world, 7, 6, 20, 40);
    look(&world, AUDIENCE_PUBLIC);
    for (uint32_t key = 1; key <= 4; key++)
        assert_int_equal(answer(&world, "INT-01", DIM_GRID, key), ANSWER_OK);
    arena_free(world.arena);
}

/* Ratings of repairs: 90 of three months may be told by themselves, but in September
 * they and the complaints had been hidden; August and October taken off would tell
 * them. */
static void a_pool_hides_what_its_months_hid(void **state)
{
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        struct world world;

        open_world(&world);
        if (turn == 1) {
            published(&world, OCTOBER - 1, "SAT-01", "nature", "repair");
            published(&world, OCTOBER - 1, "SAT-01", "nature", "complaint");
        }
        put(&world, "SAT-01", DIM_NATURE, NATURE_REPAIR, base_share(60, 90));
        put(&world, "SAT-01", DIM_NATURE, NATURE_COMPLAINT, base_share(50, 80));
        put(&world, "SAT-01", DIM_NATURE, NATURE_ENQUIRY, base_share(50, 80));
        world.results->from = (int64_t)day_of(2026, 8, 1) * DAY_SECONDS;
        world.results->until = (int64_t)day_of(2026, 11, 1) * DAY_SECONDS;
        look(&world, AUDIENCE_PUBLIC);
        for (int nature = NATURE_REPAIR; nature <= NATURE_ENQUIRY; nature++)
            if (seen(&world, "SAT-01", DIM_NATURE, (uint32_t)nature) != NULL)
                assert_int_equal(answer(&world, "SAT-01", DIM_NATURE, (uint32_t)nature),
                                 turn == 1 && nature != NATURE_ENQUIRY
                                     ? ANSWER_SUPPRESSED
                                     : ANSWER_OK);
        arena_free(world.arena);
    }
}

/* 300 tables that move a little between two issues: no cell hidden in the first is
 * told in the second, and two seen apart never make out a small one by turns. */
static void patterns_only_grow(void **state)
{
    static const char *const names[] = { "A区", "B区", "C区", "D区" };
    uint64_t seed = UINT64_C(88172645463325252);
    size_t moved = 0;

    (void)state;
    for (int run = 0; run < 300; run++) {
        struct world first, second;
        int64_t n[4], m[4];

        for (int i = 0; i < 4; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            n[i] = (int64_t)(seed % 12);
            m[i] = n[i] + (int64_t)(seed / 16 % 3);
        }
        open_world(&first);
        areas(&first, n[0], n[1], n[2], n[3]);
        look(&first, AUDIENCE_PUBLIC);
        open_world(&second);
        areas(&second, m[0], m[1], m[2], m[3]);
        look(&second, AUDIENCE_PUBLIC); /* as if nothing had been published */
        for (uint32_t key = 1; key <= 4; key++) {
            if (answer(&first, "INT-01", DIM_GRID, key) != ANSWER_SUPPRESSED)
                continue;
            moved += answer(&second, "INT-01", DIM_GRID, key) == ANSWER_OK;
            published(&second, OCTOBER, "INT-01", "grid", names[key - 1]);
        }
        look(&second, AUDIENCE_PUBLIC);
        for (uint32_t key = 1; key <= 4; key++)
            if (answer(&first, "INT-01", DIM_GRID, key) == ANSWER_SUPPRESSED)
                assert_int_equal(answer(&second, "INT-01", DIM_GRID, key),
                                 ANSWER_SUPPRESSED);
        arena_free(first.arena);
        arena_free(second.arena);
    }
    assert_true(moved > 30); /* without memory many would have been told */
}

/* October again in the reports of November and December: it was out with nothing hidden
 * (6, 9, 20, 40), then two of A were withdrawn, and later 21 of B came.  November would
 * hide A and B, December A and C; B of the one and C of the other would tell that A
 * is 4. So it is not printed by area at all, only in all.  What was hidden when it was
 * out, and needs no more now, is printed as it was. */
static void late_rows_hide_the_whole_split(void **state)
{
    for (int turn = 0; turn < 3; turn++) {
        struct world world;

        open_world(&world);
        world.results->month = OCTOBER + 1 + (turn == 1);
        if (turn == 2) {
            published(&world, OCTOBER, "INT-01", "grid", "A区");
            published(&world, OCTOBER, "INT-01", "grid", "B区");
        }
        areas(&world, 4, turn == 1 ? 30 : 9, 20, 40);
        look(&world, AUDIENCE_PUBLIC);
        for (uint32_t key = 1; key <= 4; key++)
            assert_int_equal(answer(&world, "INT-01", DIM_GRID, key),
                             turn == 2 && key > 2 ? ANSWER_OK : ANSWER_SUPPRESSED);
        assert_int_equal(answer(&world, "INT-01", DIM_TOTAL, 0), ANSWER_OK);
        arena_free(world.arena);
    }
    (void)state;
}

/* 300 tables of an earlier month between two reports: of a small cell that did not move
 * there is always another cell beside it that neither report tells. */
static void two_later_reports_tell_no_small_cell(void **state)
{
    uint64_t seed = UINT64_C(88172645463325252);
    size_t small = 0;

    (void)state;
    for (int run = 0; run < 300; run++) {
        struct world first, second;
        int64_t n[4], m[4];

        for (int i = 0; i < 4; i++) {
            seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
            n[i] = (int64_t)(seed % 12);
            m[i] = n[i] + (int64_t)(seed / 16 % 3) * (int64_t)(seed / 64 % 9);
        }
        open_world(&first);
        first.results->month = OCTOBER + 1;
        areas(&first, n[0], n[1], n[2], n[3]);
        look(&first, AUDIENCE_PUBLIC);
        open_world(&second);
        second.results->month = OCTOBER + 2;
        areas(&second, m[0], m[1], m[2], m[3]);
        look(&second, AUDIENCE_PUBLIC);
        for (uint32_t key = 1; key <= 4; key++) {
            bool kept = false;

            if (n[key - 1] == 0 || n[key - 1] > 4 || n[key - 1] != m[key - 1])
                continue;
            small++;
            for (uint32_t other = 1; other <= 4; other++)
                kept |=
                    other != key
                    && answer(&first, "INT-01", DIM_GRID, other) == ANSWER_SUPPRESSED
                    && answer(&second, "INT-01", DIM_GRID, other) == ANSWER_SUPPRESSED;
            assert_true(kept);
        }
        arena_free(first.arena);
        arena_free(second.arena);
    }
    assert_true(small > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_place_takes_others_along),
        cmocka_unit_test(two_small_ones_need_a_third),
        cmocka_unit_test(noughts_go_where_nothing_else_helps),
        cmocka_unit_test(the_same_count_elsewhere_goes_too),
        cmocka_unit_test(a_share_tells_what_is_left),
        cmocka_unit_test(one_household_is_not_a_row),
        cmocka_unit_test(a_pool_is_not_told_by_place),
        cmocka_unit_test(buildings_give_way_to_areas),
        cmocka_unit_test(the_estate_as_a_whole_is_told),
        cmocka_unit_test(the_list_for_the_board_names_no_area),
        cmocka_unit_test(the_order_on_the_board_tells_no_more_than_the_rows),
        cmocka_unit_test(zero_is_printed),
        cmocka_unit_test(service_is_printed_as_it_is),
        cmocka_unit_test(opinions_need_thirty_and_both_sides),
        cmocka_unit_test(the_public_never_sees),
        cmocka_unit_test(the_committee_reads_no_ticket_number),
        cmocka_unit_test(findings_follow_their_figures),
        cmocka_unit_test(hidden_once_is_hidden_in_revisions),
        cmocka_unit_test(a_pool_hides_what_its_months_hid),
        cmocka_unit_test(patterns_only_grow),
        cmocka_unit_test(late_rows_hide_the_whole_split),
        cmocka_unit_test(two_later_reports_tell_no_small_cell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
