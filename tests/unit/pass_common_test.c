/* pass_common_test.c - REC-05 (one cause, many households) and REC-03's listing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>

#include "analyze/pass.h"
#include "core/wording.h"
#include "tests/tools/mini_facts.h"

#define SEPTEMBER (2025 * 12 + 8)

static struct mini_ticket report(const char *received, int home, int category)
{
    return (struct mini_ticket){ .nature = NATURE_REPAIR,
                                 .received = received,
                                 .category = category,
                                 .building = BUILDING_1,
                                 .household = home };
}

/* One pipe a month from January to August, each of another home. */
static size_t quiet_year(struct mini_ticket *rows)
{
    static const char *const days[] = { "2025-01-03 09:00", "2025-02-05 09:00",
                                        "2025-03-06 09:00", "2025-04-07 09:00",
                                        "2025-05-08 09:00", "2025-06-09 09:00",
                                        "2025-07-10 09:00", "2025-08-11 09:00" };
    size_t i;

    for (i = 0; i < sizeof days / sizeof days[0]; i++)
        rows[i] = report(days[i], 100 + (int)i, CATEGORY_PIPE);
    return i;
}

/* What a reader of either language sees of a cell that was left as a phrase. */
static void assert_said(struct arena *arena, const struct value *cell, const char *zh,
                        const char *en)
{
    static const char *const languages[] = { "zh", "en" };
    const char *const wanted[] = { zh, en };
    const struct wording *wording;
    struct error err = { 0 };
    size_t i;

    assert_int_equal(cell->kind, VALUE_WORDS);
    for (i = 0; i < 2; i++) {
        assert_int_equal(wording_load("templates/wording", languages[i], arena,
                                      &wording, &err),
                         HY_OK);
        assert_string_equal(wording_phrase(wording, arena, cell->text), wanted[i]);
    }
}

static const struct results *analysed(struct arena *arena, struct facts *facts,
                                      struct metrics *metrics)
{
    struct settings settings = mini_settings();
    struct results *results = NULL;
    struct error err = { HY_OK, "" };

    assert_int_equal(metrics_load("templates/metrics.tsv", arena, metrics, &err),
                     HY_OK);
    assert_int_equal(analyze(facts, &settings, metrics, SEPTEMBER, SEPTEMBER, 0,
                             HY_NEVER, arena, &results, &err),
                     HY_OK);
    return results;
}

static const struct base *total(const struct results *results, const char *name)
{
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(results->metrics, name, &metric, &part) >= 0);
    figure = results_find(results, metric, part, DIM_TOTAL, 0, SEPTEMBER);
    assert_non_null(figure);
    return &figure->base;
}

/* Seven reports in three hours: six homes (one called twice), one void of an eighth,
 * two of them merged into the first; lifts scattered over the month are nothing. */
static void a_burst_is_one_event(void **state)
{
    struct arena *arena = arena_new();
    struct mini_ticket rows[32];
    struct facts facts = { 0 };
    struct metrics metrics;
    const struct results *results;
    const struct listing *listing;
    size_t count = quiet_year(rows), first;

    (void)state;
    rows[count++] = report("2025-09-02 10:00", 1, CATEGORY_LIFT);
    first = count;
    rows[count++] = report("2025-09-12 07:00", 2, CATEGORY_PIPE);
    rows[count++] = report("2025-09-12 07:10", 3, CATEGORY_PIPE);
    rows[count] = report("2025-09-12 07:20", 4, CATEGORY_PIPE);
    rows[count++].merged_into = (int)first + 1;
    rows[count] = report("2025-09-12 07:30", 5, CATEGORY_PIPE);
    rows[count++].merged_into = (int)first + 1;
    rows[count++] = report("2025-09-12 08:00", 6, CATEGORY_PIPE);
    rows[count++] = report("2025-09-12 08:05", 2, CATEGORY_PIPE);
    rows[count] = report("2025-09-12 08:10", 8, CATEGORY_PIPE);
    rows[count].status = STATUS_VOID;
    rows[count++].voided = "2025-09-12 08:20";
    rows[count++] = report("2025-09-12 10:00", 7, CATEGORY_PIPE);
    rows[count++] = report("2025-09-19 10:00", 1, CATEGORY_LIFT);
    mini_build(rows, count, arena, &facts);
    results = analysed(arena, &facts, &metrics);
    assert_int_equal((int)total(results, "REC-05")->value, 1);
    assert_int_equal((int)total(results, "REC-05.households")->value, 6);
    listing = results_listing(results, "REC-05");
    assert_non_null(listing);
    assert_int_equal(listing->rows, 1);
    assert_int_equal(listing->columns, 4);
    assert_int_equal((int)listing->cells[0].number, (int)day_of(2025, 9, 12));
    assert_string_equal(listing->cells[1].text, "管道");
    assert_said(arena, &listing->cells[2], "1号楼", "1号楼");
    assert_int_equal((int)listing->cells[3].number, 6);
    arena_free(arena);
}

/* Four homes are not many; five that are usual are nothing new; and where no home and
 * no caller is known, nobody can tell. */
static void nothing_is_claimed(void **state)
{
    struct arena *arena = arena_new();
    struct mini_ticket rows[16];
    struct facts facts = { 0 };
    struct metrics metrics;
    const struct results *results;
    size_t count = quiet_year(rows), i;

    (void)state;
    for (i = 0; i < 4; i++)
        rows[count++] = report("2025-09-12 07:00", 20 + (int)i, CATEGORY_PIPE);
    mini_build(rows, count, arena, &facts);
    results = analysed(arena, &facts, &metrics);
    assert_int_equal((int)total(results, "REC-05")->value, 0);
    assert_int_equal(results_listing(results, "REC-05")->rows, 0);
    facts.tickets.household = NULL;
    results = analysed(arena, &facts, &metrics);
    assert_int_equal(total(results, "REC-05")->answer, ANSWER_NO_DATA);
    arena_free(arena);
}

/* Three outages of one lift: a report while one is open is the same outage. */
static void a_lift_that_fails_is_listed(void **state)
{
    static const struct asset lifts[] = {
        { .code = BUILDING_1, .name = GRID_EAST, .registered = true },
        { .code = BUILDING_2, .registered = true },
    };
    static const uint32_t asset[] = { 1, 1, 1, 1, 2 };
    struct arena *arena = arena_new();
    struct mini_ticket rows[5];
    struct facts facts = { 0 };
    struct metrics metrics;
    const struct listing *listing;

    (void)state;
    rows[0] = report("2025-07-20 09:00", 0, CATEGORY_LIFT);
    rows[0].completed = "2025-07-21 09:00";
    rows[1] = report("2025-08-20 09:00", 0, CATEGORY_LIFT);
    rows[1].completed = "2025-08-22 09:00";
    rows[2] = report("2025-08-21 09:00", 0, CATEGORY_LIFT);
    rows[2].completed = "2025-08-21 12:00";
    rows[3] = report("2025-09-25 09:00", 0, CATEGORY_LIFT);
    rows[4] = report("2025-09-26 09:00", 0, CATEGORY_LIFT);
    mini_build(rows, 5, arena, &facts);
    facts.tickets.asset = asset;
    facts.registers.assets = lifts;
    facts.registers.asset_count = 2;
    listing = results_listing(analysed(arena, &facts, &metrics), "REC-03");
    assert_non_null(listing);
    assert_int_equal(listing->rows, 1);
    assert_said(arena, &listing->cells[0], "东区（1号楼）", "东区 (1号楼)");
    assert_int_equal((int)listing->cells[1].number, 3);
    assert_said(arena, &listing->cells[2], "5 天", "5 days ago");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_is_one_event),
        cmocka_unit_test(nothing_is_claimed),
        cmocka_unit_test(a_lift_that_fails_is_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
