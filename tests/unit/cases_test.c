/* cases_test.c - the tickets behind figures of DOMAIN 2.12's month. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include "analyze/cases.h"
#include "tests/tools/mini_facts.h"

#define SEPTEMBER (2025 * 12 + 8)

static struct case_log log_of(struct arena *arena, const char *name)
{
    struct metrics *metrics = arena_alloc(arena, sizeof *metrics);
    struct settings settings = mini_settings();
    struct mini_ticket rows[16];
    size_t count = mini_month(rows);
    struct case_log log = { .metrics = metrics, .memory = arena, .month = SEPTEMBER };
    struct facts facts = { 0 };
    struct error err = { HY_OK, "" };

    mini_build(rows, count, arena, &facts);
    assert_int_equal(metrics_load("templates/metrics.tsv", arena, metrics, &err),
                     HY_OK);
    assert_true(metrics_name(metrics, name, &log.metric, &log.part) >= 0);
    assert_int_equal(analyze_cases(&facts, &settings, metrics, HY_NEVER, &log, &err),
                     HY_OK);
    return log;
}

static void expect(struct arena *arena, const char *name, size_t counted, size_t all)
{
    struct case_log log = log_of(arena, name);
    size_t found = 0, i;

    for (i = 0; i < log.count; i++) {
        found += (log.rows[i].roles & CASE_COUNTED) != 0;
        assert_true(i == 0 || log.rows[i - 1].ticket < log.rows[i].ticket);
    }
    if (found != counted || log.count != all)
        print_message("%s: %zu of %zu, not %zu of %zu\n", name, found, log.count,
                      counted, all);
    assert_true(log.found);
    assert_int_equal(found, counted);
    assert_int_equal(log.count, all);
}

/* The numerators and denominators DOMAIN 2.12 gives. */
static void each_figure_has_its_tickets(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    expect(arena, "SLA-01", 5, 8);
    expect(arena, "SLA-02", 6, 8);
    expect(arena, "SLA-03", 4, 8);
    expect(arena, "RES-01", 7, 11);
    expect(arena, "SAT-01", 3, 5);
    expect(arena, "INT-14", 5, 5);
    expect(arena, "TTR-02", 0, 11);
    arena_free(arena);
}

/* The only late one fell due on 8 September and was done on the 10th; telephone calls
 * have no tickets. */
static void the_tickets_are_the_right_ones(void **state)
{
    struct arena *arena = arena_new();
    struct case_log late = log_of(arena, "SLA-01.late");

    (void)state;
    assert_int_equal(late.count, 1);
    assert_int_equal(late.rows[0].ticket, 4);
    assert_false(log_of(arena, "HOT-02").found);
    arena_free(arena);
}

/* Metrics that rest on calls, registers or later months, not on tickets one by one. */
static bool without_tickets(const char *id)
{
    static const char *const prefixes[] = { "HOT", "PRV", "SEA", "YRS",
                                            "AUD", "OBJ", "IDX", NULL };
    static const char *const ids[] = { "PRO-03", "TTR-06", "ANO-12", NULL };
    size_t i;

    for (i = 0; prefixes[i] != NULL; i++)
        if (strncmp(id, prefixes[i], 3) == 0)
            return true;
    for (i = 0; ids[i] != NULL; i++)
        if (strcmp(id, ids[i]) == 0)
            return true;
    return false;
}

/* Every id of the dictionary: it or one of its parts is made of tickets, unless nothing
 * of the kind happened in the month (no lift, no household known, no transfer matrix of
 * a lost ticket ...).
 */
static void every_id_is_asked(void **state)
{
    static const char *const nothing_happened[] = { "TTR-05", "RES-05", "SAT-06",
                                                    "REC-02", "REC-03", "REC-05",
                                                    "REC-06", "TRF-05", "BKL-03",
                                                    "PRO-01", NULL };
    struct arena *arena = arena_new();
    struct metrics metrics;
    struct error err;
    size_t i, n;

    (void)state;
    assert_int_equal(metrics_load("templates/metrics.tsv", arena, &metrics, &err),
                     HY_OK);
    for (i = 0; i < metrics.count; i++) {
        const struct metric *metric = &metrics.items[i];
        bool found = log_of(arena, metric->id).found, quiet = false;

        for (n = 0; n < metric->part_count && !found; n++)
            found = log_of(arena, arena_printf(arena, "%s.%s", metric->id,
                                               metric->parts[n].name))
                        .found;
        for (n = 0; nothing_happened[n] != NULL; n++)
            quiet = quiet || strcmp(metric->id, nothing_happened[n]) == 0;
        if (!found && !quiet && !without_tickets(metric->id))
            print_message("%s has no tickets\n", metric->id);
        assert_true(found || quiet || without_tickets(metric->id));
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_has_its_tickets),
        cmocka_unit_test(the_tickets_are_the_right_ones),
        cmocka_unit_test(every_id_is_asked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
