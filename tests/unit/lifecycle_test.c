/* lifecycle_test.c - what counts as completed, and when, at a cut-off. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include "analyze/lifecycle.h"
#include "tests/tools/mini_facts.h"

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct history history;
    struct lifecycles lives;
};

static void open_world(struct world *world, const struct mini_ticket *rows,
                       size_t count)
{
    memset(world, 0, sizeof *world);
    world->arena = arena_new();
    world->settings = mini_settings();
    mini_build(rows, count, world->arena, &world->facts);
}

/* September 2025 with a cut-off so many days after its end. */
static void look(struct world *world, int cutoff_days)
{
    struct period period = { .month = 2025 * 12 + 8 };

    period.from = mini_time("2025-09-01");
    period.until = mini_time("2025-10-01");
    period.cutoff = period.until + cutoff_days * DAY_SECONDS;
    history_build(&world->facts, &world->settings, world->arena, &world->history);
    lives_build(&world->history, &period, mini_time("2025-08-01"), period.from,
                world->arena, &world->lives);
}

static void after_the_cutoff_is_blank(void **state)
{
    const struct mini_ticket row = { .received = "2025-09-20 10:00",
                                     .completed = "2025-10-02 10:00" };
    struct world world;

    (void)state;
    open_world(&world, &row, 1);
    look(&world, 0);
    assert_true((world.lives.items[0].marks & LIFE_OPEN) != 0);
    assert_true(world.lives.items[0].completed == HY_NEVER);
    look(&world, 5); /* five days of grace: done, but not in September's account */
    assert_true((world.lives.items[0].marks & LIFE_OPEN) == 0);
    assert_true((world.lives.items[0].marks & LIFE_CLOSING) != 0);
    assert_int_equal(world.lives.items[0].completions, 0);
    assert_true(world.lives.items[0].completed == mini_time("2025-10-02 10:00"));
    arena_free(world.arena);
}

static void completed_twice_without_reopening_is_one(void **state)
{
    const struct mini_ticket row = { .received = "2025-09-01 10:00",
                                     .first_completed = "2025-09-02 10:00",
                                     .completed = "2025-09-03 10:00" };
    struct world world;

    (void)state;
    open_world(&world, &row, 1);
    look(&world, 0);
    assert_int_equal(world.lives.items[0].completions, 1);
    assert_true(world.lives.items[0].first_completed == mini_time("2025-09-02 10:00"));
    assert_true(world.lives.items[0].completed == mini_time("2025-09-03 10:00"));
    arena_free(world.arena);
}

static void closing_completes_where_completion_is_missing(void **state)
{
    const struct mini_ticket row = { .received = "2025-09-01 10:00" };
    struct world world;

    (void)state;
    open_world(&world, &row, 1);
    ((int64_t *)(uintptr_t)world.facts.tickets.closed)[0] =
        mini_time("2025-09-04 10:00");
    look(&world, 0); /* the column is there and empty: no duration */
    assert_int_equal(world.lives.items[0].completions, 1);
    assert_true((world.lives.items[0].marks & LIFE_INFERRED) != 0);
    ((uint8_t *)(uintptr_t)world.facts.tickets.columns)[0] = COLUMN_CLOSED;
    look(&world, 0); /* no such column: the closing is the completion */
    assert_int_equal(world.lives.items[0].completions, 1);
    assert_true((world.lives.items[0].marks & LIFE_INFERRED) == 0);
    arena_free(world.arena);
}

static void a_void_completes_nothing(void **state)
{
    const struct mini_ticket row = { .received = "2025-09-01 10:00",
                                     .completed = "2025-09-04 10:00",
                                     .status = STATUS_VOID };
    struct world world;

    (void)state;
    open_world(&world, &row, 1); /* voided at its completion: no time of its own */
    look(&world, 0);
    assert_int_equal(world.lives.items[0].standing, STANDING_VOID);
    assert_int_equal(world.lives.items[0].completions, 0);
    assert_true((world.lives.items[0].marks & LIFE_LEFT_OPEN) != 0);
    arena_free(world.arena);
}

static void first_contact_is_half_an_hour_without_dispatch(void **state)
{
    const struct mini_ticket rows[] = {
        { .nature = NATURE_ENQUIRY,
          .received = "2025-09-01 10:00",
          .completed = "2025-09-01 10:30" },
        { .nature = NATURE_ENQUIRY,
          .received = "2025-09-01 11:00",
          .completed = "2025-09-01 11:31" },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-01 12:00",
          .completed = "2025-09-01 12:05" },
        { .nature = NATURE_PRAISE,
          .received = "2025-09-01 13:00",
          .completed = "2025-09-01 13:00" },
        { .nature = NATURE_ENQUIRY,
          .received = "2025-09-01 14:00",
          .completed = "2025-09-01 14:05" },
    };
    static const bool expected[] = { true, false, false, true, false };
    struct world world;
    size_t i;

    (void)state;
    open_world(&world, rows, 5);
    ((int64_t *)(uintptr_t)world.facts.tickets.dispatched)[4] =
        mini_time("2025-09-01 14:01");
    look(&world, 0);
    for (i = 0; i < 5; i++)
        assert_int_equal((world.lives.items[i].marks & LIFE_FIRST_CONTACT) != 0,
                         expected[i]);
    arena_free(world.arena);
}

/* DOMAIN 2.13.11: a deadline that is a day ends at its last second. */
static void a_day_as_deadline_ends_at_midnight(void **state)
{
    const struct mini_ticket row = { .received = "2025-09-01 10:00",
                                     .due = "2025-09-03" };
    struct world world;

    (void)state;
    open_world(&world, &row, 1);
    ((uint32_t *)(uintptr_t)world.facts.tickets.date_only)[0] = DATE_ONLY_DUE;
    look(&world, 0);
    assert_true(world.history.deadlines[0].due == mini_time("2025-09-03 23:59:59"));
    assert_int_equal(world.history.deadlines[0].from, DUE_FILE);
    arena_free(world.arena);
}

static void settings_give_a_deadline_where_the_file_has_none(void **state)
{
    const struct limit limit = { .nature = NATURE_REPAIR,
                                 .clock = CLOCK_NATURAL,
                                 .respond = 1800,
                                 .finish = 2 * DAY_SECONDS };
    const struct mini_ticket rows[] = {
        { .nature = NATURE_REPAIR, .received = "2025-09-01 10:00" },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-01 11:00",
          .due = "2025-09-05 10:00" },
        { .nature = NATURE_COMPLAINT, .received = "2025-09-01 12:00" },
    };
    struct world world;

    (void)state;
    open_world(&world, rows, 3);
    world.settings.limits = &limit;
    world.settings.limit_count = 1;
    look(&world, 0);
    assert_true(world.history.deadlines[0].due == mini_time("2025-09-03 10:00"));
    assert_true(world.history.deadlines[0].respond == mini_time("2025-09-01 10:30"));
    assert_int_equal(world.history.deadlines[0].from, DUE_SETTINGS);
    assert_true(world.history.deadlines[1].due == mini_time("2025-09-05 10:00"));
    assert_int_equal(world.history.deadlines[1].from, DUE_FILE);
    assert_true(world.history.deadlines[2].due == HY_NEVER);
    arena_free(world.arena);
}

static void returns_are_told_from_changes(void **state)
{
    const struct mini_ticket row = {
        .received = "2025-09-01 10:00",
        .first_department = DEPARTMENT_ORDER,
        .hops = { DEPARTMENT_YARD, DEPARTMENT_WORKS, DEPARTMENT_ORDER },
    };
    struct world world;
    uint32_t changes, returns;

    (void)state;
    open_world(&world, &row, 1);
    look(&world, 0);
    assert_true(transfers_before(&world.history, 0, mini_time("2025-10-01"), &changes,
                                 &returns));
    assert_int_equal(changes, 3);
    assert_int_equal(returns, 1);
    /* before the last hop, at 13:00, nothing had come back */
    assert_true(transfers_before(&world.history, 0, mini_time("2025-09-01 13:00"),
                                 &changes, &returns));
    assert_int_equal(changes, 2);
    assert_int_equal(returns, 0);
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_the_cutoff_is_blank),
        cmocka_unit_test(completed_twice_without_reopening_is_one),
        cmocka_unit_test(closing_completes_where_completion_is_missing),
        cmocka_unit_test(a_void_completes_nothing),
        cmocka_unit_test(first_contact_is_half_an_hour_without_dispatch),
        cmocka_unit_test(a_day_as_deadline_ends_at_midnight),
        cmocka_unit_test(settings_give_a_deadline_where_the_file_has_none),
        cmocka_unit_test(returns_are_told_from_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
