/* rules_test.c - the rules that real files forced (DOMAIN 2.13): those of the analysis
 * that lifecycle_test.c, analyze_test.c and store_history_test.c do not show. */
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

enum { MOST = 8 };

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

static void run(struct world *world)
{
    struct error err = { HY_OK, "" };

    if (analyze(&world->facts, &world->settings, &world->metrics, SEPTEMBER, SEPTEMBER,
                0, HY_NEVER, world->arena, &world->results, &err)
        != HY_OK)
        print_message("%s\n", err.text);
    assert_non_null(world->results);
    assert_int_equal(analyze_check(world->results, &err), HY_OK);
}

static const struct base *total(const struct world *world, const char *name)
{
    const struct figure *figure;
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    figure = results_find(world->results, metric, part, DIM_TOTAL, 0, SEPTEMBER);
    if (figure == NULL)
        print_message("no figure %s\n", name);
    assert_non_null(figure);
    return &figure->base;
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

/* 5: the owner's rating and the clerk's are two facts; a scale of two counts as
 * satisfied or not, and never enters the mean of five. */
static void two_ratings_are_two_facts(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-09-01 08:00",
                                            .completed = "2025-09-02 08:00",
                                            .revisited = "2025-09-03 08:00" };
    struct mini_ticket rows[3] = { row, row, row };
    static const uint8_t owner[3] = { 5 << 4 | 2, 2 << 4 | 2, 0 };
    static const uint8_t staff[3] = { 5 << 4 | 5, 0, 5 << 4 | 4 };
    struct world world;

    (void)state;
    world_open(&world, rows, 3);
    world.facts.tickets.rating_resident = owner;
    world.facts.tickets.rating_staff = staff;
    run(&world);
    expect_share(&world, "SAT-01", 2, 3); /* the owner's own word goes first */
    expect_share(&world, "SAT-01.resident", 1, 2);
    expect_share(&world, "SAT-01.staff", 1, 1);
    assert_int_equal(total(&world, "SAT-02")->n, 2);
    assert_true(fabs(total(&world, "SAT-02")->value - 3) < 1e-12); /* 2 and 4 */
    arena_free(world.arena);
}

/* SAT-06, each matter on its own: 4 and 5 of five and 9 of ten are satisfied, 3 is not;
 * a ticket whose only rating the system gave (4) says nothing, one revisited after the
 * cut-off (5) nothing yet, and a score counts where nothing of the whole was asked (3).
 */
static void sub_scores_stand_alone(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-09-01 08:00",
                                            .completed = "2025-09-02 08:00",
                                            .revisited = "2025-09-03 08:00" };
    static const uint8_t speed[6] = { 5 << 4 | 4, 5 << 4 | 3, 10 << 4 | 9,
                                      5 << 4 | 5, 5 << 4 | 5, 5 << 4 | 5 };
    static const uint8_t quality[6] = { 5 << 4 | 2, 0, 0, 0, 0, 0 };
    static const uint8_t staff[6] = { 5 << 4 | 4, 5 << 4 | 5, 10 << 4 | 9,
                                      0,          5 << 4 | 5, 5 << 4 | 5 };
    static const uint16_t flags[6] = { 0, 0, 0, 0, 3 << FLAG_DEFAULT_RATING, 0 };
    struct mini_ticket rows[6] = { row, row, row, row, row, row };
    struct world world;

    (void)state;
    rows[5].revisited = "2025-10-03 08:00";
    world_open(&world, rows, 6);
    run(&world);
    assert_int_equal(total(&world, "SAT-06.speed")->answer, ANSWER_NO_DATA);
    world.facts.tickets.rating_staff = staff;
    world.facts.tickets.rating_speed = speed;
    world.facts.tickets.rating_quality = quality;
    world.facts.tickets.flags = flags;
    run(&world);
    expect_share(&world, "SAT-06.speed", 3, 4);
    expect_share(&world, "SAT-06.quality", 0, 1);
    expect_share(&world, "SAT-01", 3, 3);
    arena_free(world.arena);
}

/* 6: found by a patrol or a device: by its channel, or by its nature. */
static void what_counts_as_found(void **state)
{
    static const struct mini_ticket rows[4] = {
        { .received = "2025-09-01 08:00", .nature = NATURE_REPAIR },
        { .received = "2025-09-01 09:00", .nature = NATURE_REPAIR },
        { .received = "2025-09-01 10:00", .nature = NATURE_PATROL },
        { .received = "2025-09-01 11:00", .nature = NATURE_REPAIR },
    };
    static const uint8_t channel[4] = { CHANNEL_PATROL, CHANNEL_IOT, CHANNEL_PHONE,
                                        CHANNEL_PHONE };
    static const uint16_t flags[4] = { 3 << FLAG_PUBLIC_AREA, 3 << FLAG_PUBLIC_AREA,
                                       3 << FLAG_PUBLIC_AREA, 3 << FLAG_PUBLIC_AREA };
    struct world world;

    (void)state;
    world_open(&world, rows, 4);
    world.facts.tickets.channel = channel;
    world.facts.tickets.flags = flags;
    run(&world);
    expect_share(&world, "PRO-01", 3, 4);
    arena_free(world.arena);
}

/* 7: offered are inbound calls; who answered comes from the record, and where it does
 * not say, or no queue time stands, nothing is claimed. */
static void calls_say_what_they_can(void **state)
{
    static const int64_t never[4] = { HY_NEVER, HY_NEVER, HY_NEVER, HY_NEVER };
    static const uint8_t direction[4] = { DIRECTION_IN, DIRECTION_IN, DIRECTION_OUT,
                                          DIRECTION_INTERNAL };
    static const uint8_t disposition[4] = { DISPOSITION_ANSWERED, DISPOSITION_ANSWERED,
                                            DISPOSITION_ANSWERED,
                                            DISPOSITION_ANSWERED };
    static const uint8_t unknown[4] = { ANSWERED_UNKNOWN, ANSWERED_UNKNOWN,
                                        ANSWERED_UNKNOWN, ANSWERED_UNKNOWN };
    static const uint8_t known[4] = { ANSWERED_HUMAN, ANSWERED_IVR, ANSWERED_HUMAN,
                                      ANSWERED_HUMAN };
    static int64_t start[4];
    struct world world;
    int i;

    (void)state;
    for (i = 0; i < 4; i++)
        start[i] = mini_time("2025-09-01 08:00") + i * 3600;
    world_open(&world, NULL, 0);
    world.facts.calls = (struct calls){ .count = 4,
                                        .start = start,
                                        .answer = never,
                                        .finish = never,
                                        .queued = never,
                                        .direction = direction,
                                        .disposition = disposition,
                                        .answered_by = unknown };
    run(&world);
    assert_int_equal((int)total(&world, "HOT-01")->value, 2);
    assert_int_equal(total(&world, "HOT-02")->answer, ANSWER_NOT_IDENTIFIED);
    assert_int_equal(total(&world, "HOT-05.mean")->answer, ANSWER_NOT_IDENTIFIED);
    world.facts.calls.answered_by = known;
    run(&world);
    expect_share(&world, "HOT-02", 1, 2); /* the automatic voice is no answer */
    arena_free(world.arena);
}

/* 8: a bare counter gives the mean alone; who passed to whom it cannot tell. */
static void a_counter_is_no_trail(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-09-01 08:00",
                                            .completed = "2025-09-02 08:00" };
    static const uint16_t stated[1] = { 3 };
    struct world world;

    (void)state;
    world_open(&world, &row, 1);
    world.facts.tickets.transfers_stated = stated;
    run(&world);
    assert_true(fabs(total(&world, "TRF-01")->value - 3) < 1e-12);
    assert_int_equal(total(&world, "TRF-03")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "TRF-04")->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
}

/* 9: the response time is of tickets received in the month; completions of the last 48
 * hours are not yet due a revisit, and their number is given. */
static void last_two_days_are_pending(void **state)
{
    static const struct mini_ticket rows[4] = {
        { .nature = NATURE_REPAIR,
          .received = "2025-08-31 08:00",
          .responded = "2025-09-01 08:00",
          .completed = "2025-09-10 08:00",
          .revisited = "2025-09-11 08:00" },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-02 08:00",
          .responded = "2025-09-02 09:00",
          .completed = "2025-09-12 08:00" },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-03 08:00",
          .responded = "2025-09-03 11:00",
          .completed = "2025-09-29 00:00" },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-03 09:00",
          .completed = "2025-09-28 23:59" },
    };
    struct world world;

    (void)state;
    world_open(&world, rows, 4);
    run(&world);
    assert_int_equal(total(&world, "RSP-01.median")->denominator, 3);
    assert_int_equal(total(&world, "RSP-01.median")->numerator, 2);
    expect_share(&world, "REV-01", 1, 3);
    assert_int_equal((int)total(&world, "REV-01.pending")->value, 1);
    arena_free(world.arena);
}

/* 10: what came to us completed may have had any deadline or nature before. */
static void first_seen_completed(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-09-01 08:00",
                                            .due = "2025-09-04 08:00",
                                            .completed = "2025-09-03 08:00" };
    struct mini_ticket rows[MOST];
    int64_t seen[MOST];
    struct world world;
    size_t i;

    (void)state;
    for (i = 0; i < MOST; i++) {
        rows[i] = row;
        seen[i] = mini_time("2025-09-30 00:00");
    }
    world_open(&world, rows, MOST);
    world.facts.tickets.first_seen = seen;
    run(&world);
    assert_int_equal(total(&world, "SLA-04")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "INT-18")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "ANO-08")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "ANO-10")->answer, ANSWER_NO_DATA);
    expect_share(&world, "SLA-01", MOST, MOST);
    for (i = 0; i < 6; i++)
        seen[i] = mini_time("2025-09-02 00:00"); /* still open then */
    run(&world);
    expect_share(&world, "SLA-04", 0, 6);
    expect_share(&world, "INT-18", 0, 6);
    arena_free(world.arena);
}

/* 10, of the file and not of the cut-off: open when the month ended and completed when
 * the file was written, nobody has seen it open.  Two were first seen on the first of
 * October, a day before they were completed. */
static void open_at_the_cutoff_seen_completed(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-09-01 08:00",
                                            .due = "2025-09-04 08:00",
                                            .completed = "2025-10-02 08:00" };
    struct mini_ticket rows[MOST];
    int64_t seen[MOST];
    struct world world;
    size_t i;

    (void)state;
    for (i = 0; i < MOST; i++) {
        rows[i] = row;
        seen[i] = mini_time(i < 2 ? "2025-10-01 08:00" : "2025-10-03 08:00");
    }
    world_open(&world, rows, MOST);
    world.facts.tickets.first_seen = seen;
    run(&world);
    expect_share(&world, "RES-01", 0, MOST);
    expect_share(&world, "SLA-04", 0, 2);
    expect_share(&world, "INT-18", 0, 2);
    arena_free(world.arena);
}

/* 8: the counter of an event log counts the first assignment too; its rows do not. */
static void a_log_needs_no_counter(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-09-01 08:00",
                                            .completed = "2025-09-02 08:00" };
    static const uint16_t stated[1] = { 1 };
    static const uint8_t columns[1] = { COLUMN_COMPLETED | COLUMN_HISTORY };
    struct world world;

    (void)state;
    world_open(&world, &row, 1);
    world.facts.tickets.transfers_stated = stated;
    world.facts.tickets.columns = columns;
    run(&world);
    expect_share(&world, "TRF-01", 0, 1);
    expect_share(&world, "TRF-03", 0, 1);
    arena_free(world.arena);
}

/* ANO-14: the source's mark is of the day of its file, the fifth of November here.  All
 * are open at the end of September and nothing is due before October: marked late, for
 * they were by then (0, 1, 7); marked late though completed in time (2) or not due
 * until the file (3); not late though completed too late (4) or due before the first
 * file (5); not late while it fell due between the two files (6). */
static void a_mark_is_of_its_day(void **state)
{
    static const struct {
        const char *due, *completed;
        bool late, differs;
    } cases[MOST] = {
        { "2025-10-04 08:00", NULL, true, false },
        { "2025-10-04 08:00", "2025-10-06 08:00", true, false },
        { "2025-10-04 08:00", "2025-10-03 08:00", true, true },
        { "2025-11-06 08:00", NULL, true, true },
        { "2025-10-04 08:00", "2025-10-06 08:00", false, true },
        { "2025-10-04 08:00", NULL, false, true },
        { "2025-11-04 08:00", NULL, false, false },
        { "2025-10-05 08:00", NULL, true, false },
    };
    struct mini_ticket rows[MOST] = { { 0 } };
    uint16_t flags[MOST];
    int64_t seen[MOST];
    struct world world;
    int differ = 0;
    size_t i;

    (void)state;
    for (i = 0; i < MOST; i++) {
        rows[i] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                        .received = "2025-09-01 08:00",
                                        .due = cases[i].due,
                                        .completed = cases[i].completed };
        flags[i] = (uint16_t)((cases[i].late ? 3 : 1) << FLAG_OVERDUE);
        seen[i] = mini_time("2025-11-01 08:00");
        differ += cases[i].differs;
    }
    world_open(&world, rows, MOST);
    world.facts.tickets.flags = flags;
    world.facts.tickets.first_seen = seen;
    world.facts.ledger.horizon = mini_time("2025-11-05 08:00");
    run(&world);
    assert_int_equal(differ, 4);
    assert_int_equal((int)total(&world, "ANO-14.overdue")->value, differ);
    arena_free(world.arena);
}

/* No home, no recorder, no asset in any file: who came back is not known, and not 0. */
static void nobody_known_is_not_nobody(void **state)
{
    static const char *const names[] = { "REC-02",       "REC-06", "REC-03",
                                         "ANO-09.split", "TRF-04", "ANO-13.again" };
    static const struct mini_ticket rows[2] = {
        { .nature = NATURE_REPAIR,
          .category = CATEGORY_PIPE,
          .received = "2025-08-10 08:00",
          .completed = "2025-08-20 08:00" },
        { .nature = NATURE_REPAIR,
          .category = CATEGORY_PIPE,
          .received = "2025-09-02 08:00",
          .completed = "2025-09-03 08:00" },
    };
    struct world world;
    size_t i;

    (void)state;
    world_open(&world, rows, 2);
    run(&world);
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(total(&world, names[i])->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
}

/* Reopened or closed unresolved: no column in any file, no rate; a column that stayed
 * empty, or a state, and it is 0 of 1. */
static void nothing_written_is_not_nothing_reopened(void **state)
{
    static const struct mini_ticket row = { .nature = NATURE_REPAIR,
                                            .received = "2025-08-10 08:00",
                                            .completed = "2025-08-20 08:00" };
    static const uint8_t columns[2] = { COLUMN_COMPLETED,
                                        COLUMN_COMPLETED | COLUMN_REOPENED };
    struct mini_ticket rows[2] = { row, row };
    struct world world;

    (void)state;
    rows[1].received = rows[1].completed = "2025-09-02 08:00";
    world_open(&world, rows, 2);
    run(&world);
    assert_int_equal(total(&world, "RES-07")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "RES-05")->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
    rows[0].status = STATUS_CLOSED;
    world_open(&world, rows, 2);
    world.facts.tickets.columns = columns;
    run(&world);
    expect_share(&world, "RES-07", 0, 1);
    expect_share(&world, "RES-05", 0, 1);
    arena_free(world.arena);
}

/* What a subject takes is reckoned from what was known at the cut-off: twenty done in
 * an hour each make twelve hours slow, also when one of them was opened again
 * afterwards (and nineteen would be too few to tell). */
static void later_reopenings_change_no_list(void **state)
{
    enum { DONE = 20 };
    struct mini_ticket rows[DONE + 1] = { { 0 } };
    struct world world;

    (void)state;
    for (size_t i = 0; i < DONE; i++)
        rows[i] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                        .category = CATEGORY_LIFT,
                                        .received = "2025-09-10 08:00",
                                        .completed = "2025-09-10 09:00" };
    rows[DONE - 1].first_completed = rows[DONE - 1].completed;
    rows[DONE - 1].completed = "2025-10-20 08:00";
    rows[DONE - 1].reopened = "2025-10-05 08:00";
    rows[DONE] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                       .category = CATEGORY_LIFT,
                                       .received = "2025-09-30 12:00" };
    world_open(&world, rows, DONE + 1);
    run(&world);
    assert_int_equal((int)total(&world, "BKL-01")->value, 1);
    assert_int_equal((int)total(&world, "DIF-01")->value, 1);
    arena_free(world.arena);
}

/* Identities are not taken on trust: one broken figure stops everything. */
static void a_broken_identity_is_found(void **state)
{
    static const char *const names[] = { "INT-14", "INT-13", "INT-06", "SLA-03" };
    struct mini_ticket rows[16];
    size_t count = mini_month(rows), n, i;
    struct world world;
    struct error err;

    (void)state;
    for (n = 0; n < sizeof names / sizeof names[0]; n++) {
        int metric;

        world_open(&world, rows, count);
        run(&world);
        metric = metrics_find(&world.metrics, names[n]);
        for (i = 0; i < world.results->figure_count; i++)
            if (world.results->figures[i].metric == metric
                && world.results->figures[i].part == 0)
                break;
        world.results->figures[i].base.value++;
        world.results->figures[i].base.denominator++;
        assert_int_equal(analyze_check(world.results, &err), HY_DATA);
        arena_free(world.arena);
    }
}

/* METHODS 0.5: what leaves a denominator is counted in the worst reading. */
static void nothing_can_be_left_out(void **state)
{
    static const struct mini_ticket rows[] = {
        { .nature = NATURE_REPAIR, /* came back, and the new report was withdrawn */
          .received = "2025-08-10 09:00",
          .completed = "2025-08-12 09:00",
          .category = CATEGORY_LIFT,
          .building = BUILDING_1 },
        { .nature = NATURE_REPAIR,
          .received = "2025-09-02 09:00",
          .voided = "2025-09-03 09:00",
          .status = STATUS_VOID,
          .category = CATEGORY_LIFT,
          .building = BUILDING_1 },
        { .nature = NATURE_REPAIR, /* good */
          .received = "2025-09-03 09:00",
          .due = "2025-09-05 09:00",
          .completed = "2025-09-04 09:00",
          .revisited = "2025-09-05 09:00",
          .rating = 5,
          .solved = 1 },
        { .nature = NATURE_REPAIR, /* in time, and opened again */
          .received = "2025-09-04 09:00",
          .due = "2025-09-06 09:00",
          .first_completed = "2025-09-05 09:00",
          .reopened = "2025-09-07 09:00",
          .completed = "2025-09-10 09:00",
          .revisited = "2025-09-11 09:00",
          .rating = 2,
          .solved = -1 },
        { .nature = NATURE_REPAIR, /* left open */
          .received = "2025-09-06 09:00",
          .due = "2025-09-08 09:00" },
        { .nature = NATURE_REPAIR, /* withdrawn before it was late */
          .received = "2025-09-07 09:00",
          .due = "2025-09-09 09:00",
          .voided = "2025-09-08 09:00",
          .status = STATUS_VOID },
        { .nature = NATURE_REPAIR, /* merged away */
          .received = "2025-09-08 09:00",
          .due = "2025-09-10 09:00",
          .voided = "2025-09-09 09:00",
          .merged_into = 3 },
        { .nature = NATURE_ENQUIRY, /* a complaint once, now answered at once */
          .nature_first = NATURE_COMPLAINT,
          .received = "2025-09-12 08:00",
          .due = "2025-09-14 08:00",
          .completed = "2025-09-12 08:10" },
        { .nature = NATURE_REPAIR, /* due later; done two days before the end */
          .received = "2025-09-28 00:00",
          .due = "2025-10-02 09:00",
          .completed = "2025-09-28 09:00" },
    };
    struct world world;

    (void)state;
    world_open(&world, rows, sizeof rows / sizeof *rows);
    run(&world);
    expect_share(&world, "SLA-01", 3, 4);
    expect_share(&world, "SLA-03", 2, 4);
    expect_share(&world, "SLA-03.worst", 2, 6);
    expect_share(&world, "RES-01", 4, 5);
    assert_int_equal((int)total(&world, "RES-01.fresh")->value, 1);
    expect_share(&world, "RES-04", 1, 2);
    expect_share(&world, "RES-04.worst", 1, 7);
    expect_share(&world, "SAT-05", 1, 4);
    expect_share(&world, "SAT-05.worst", 1, 7);
    expect_share(&world, "REC-01", 0, 1);
    expect_share(&world, "REC-01.worst", 1, 1);
    arena_free(world.arena);
}

/* WORDING 4.8: management has the dissatisfied case by case, the committee only how
 * many; one who asked for confidence, one neutral and one content are not listed. */
static void dissatisfied_cases_are_for_management(void **state)
{
    static const uint16_t flags[] = { 0, 3u << FLAG_ANONYMOUS, 0, 0, 0 };
    static const uint32_t callers[] = { 1, 2, 3, 4, 5 }; /* so all can be called back */
    struct mini_ticket rows[5];
    struct settings settings = mini_settings();
    const struct listing *listing;
    struct results *view;
    struct error err;
    struct world world;

    (void)state;
    for (int i = 0; i < 5; i++)
        rows[i] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                        .received = "2025-09-03 09:00",
                                        .completed = "2025-09-04 09:00",
                                        .revisited = "2025-09-05 09:00",
                                        .rating = i < 3 ? 2 : i,
                                        .category = CATEGORY_LIFT,
                                        .department = DEPARTMENT_WORKS,
                                        .status = STATUS_REOPENED };
    world_open(&world, rows, 5);
    world.facts.tickets.flags = flags;
    world.facts.tickets.contact = callers;
    run(&world);
    assert_int_equal((int)total(&world, "SAT-04")->value, 3);
    listing = results_listing(world.results, "SAT-04.cases");
    assert_non_null(listing);
    assert_int_equal(listing->rows, 2);
    assert_string_equal(listing->cells[1].text, "电梯");
    assert_string_equal(listing->cells[2].text, "工程");
    assert_string_equal(listing->cells[3].text, "status.code.7");
    assert_int_equal(disclose(world.results, AUDIENCE_COMMITTEE, &settings, NULL,
                              world.arena, &view, &err),
                     HY_OK);
    assert_null(results_listing(view, "SAT-04.cases"));
    assert_int_equal(disclose(world.results, AUDIENCE_MANAGEMENT, &settings, NULL,
                              world.arena, &view, &err),
                     HY_OK);
    assert_non_null(results_listing(view, "SAT-04.cases"));
    arena_free(world.arena);
}

/* Where no file has a column for it and nobody ever wrote one, 0 % would be said of
 * what nobody asked: unknown. */
static void what_was_never_collected_is_unknown(void **state)
{
    static const char *const rates[] = { "REV-01",      "REV-03", "SAT-01",
                                         "SAT-03",      "SAT-05", "SAT-05.ceiling",
                                         "SAT-05.worst" };
    struct mini_ticket rows[6];
    struct world world;
    uint8_t columns[6];

    (void)state;
    for (int i = 0; i < 6; i++)
        rows[i] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                        .received = "2025-09-03 09:00",
                                        .completed = "2025-09-04 09:00" };
    world_open(&world, rows, 6);
    run(&world);
    expect_share(&world, "SAT-03", 0, 6); /* a column for it, and nothing in it */
    memset(columns, COLUMN_COMPLETED, sizeof columns);
    world.facts.tickets.columns = columns;
    run(&world);
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        assert_int_equal(total(&world, rates[i])->answer, ANSWER_NO_DATA);
    arena_free(world.arena);
}

/* The last ticket came on the 27th: by four a day the export ends too soon, by one a
 * day that is chance. */
static enum verdict last_days_silent(int a_day)
{
    enum { DAYS = 118 };
    struct mini_ticket *rows;
    const struct finding *finding;
    enum verdict verdict;
    struct world world;
    struct error err;
    uint16_t metric, part;

    rows = calloc(DAYS * 4, sizeof *rows);
    assert_non_null(rows);
    memset(&world, 0, sizeof world);
    world.arena = arena_new();
    for (int i = 0; i < DAYS * a_day; i++) {
        int y, m, d;

        day_split(day_of(2025, 6, 2) + i / a_day, &y, &m, &d);
        rows[i] = (struct mini_ticket){
            .nature = NATURE_REPAIR,
            .received = arena_printf(world.arena, "%04d-%02d-%02d %02d:00", y, m, d,
                                     8 + i % a_day),
        };
    }
    world.settings = mini_settings();
    assert_int_equal(metrics_load("templates/metrics.tsv", world.arena, &world.metrics,
                                  &err),
                     HY_OK);
    mini_build(rows, (size_t)(DAYS * a_day), world.arena, &world.facts);
    assert_int_equal(analyze(&world.facts, &world.settings, &world.metrics, SEPTEMBER,
                             SEPTEMBER, 3, HY_NEVER, world.arena, &world.results, &err),
                     HY_OK);
    assert_true(metrics_name(&world.metrics, "INT-01", &metric, &part) >= 0);
    finding =
        results_finding(world.results, metric, part, DIM_TOTAL, 0, AGAINST_PREVIOUS);
    assert_non_null(finding);
    verdict = finding->verdict;
    arena_free(world.arena);
    free(rows);
    return verdict;
}

static void silence_at_the_end_is_judged_by_the_pace(void **state)
{
    (void)state;
    assert_int_equal(last_days_silent(4), VERDICT_BARRED);
    assert_int_not_equal(last_days_silent(1), VERDICT_BARRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_ratings_are_two_facts),
        cmocka_unit_test(sub_scores_stand_alone),
        cmocka_unit_test(what_counts_as_found),
        cmocka_unit_test(calls_say_what_they_can),
        cmocka_unit_test(a_counter_is_no_trail),
        cmocka_unit_test(last_two_days_are_pending),
        cmocka_unit_test(first_seen_completed),
        cmocka_unit_test(open_at_the_cutoff_seen_completed),
        cmocka_unit_test(a_log_needs_no_counter),
        cmocka_unit_test(a_mark_is_of_its_day),
        cmocka_unit_test(nobody_known_is_not_nobody),
        cmocka_unit_test(nothing_written_is_not_nothing_reopened),
        cmocka_unit_test(later_reopenings_change_no_list),
        cmocka_unit_test(a_broken_identity_is_found),
        cmocka_unit_test(nothing_can_be_left_out),
        cmocka_unit_test(silence_at_the_end_is_judged_by_the_pace),
        cmocka_unit_test(what_was_never_collected_is_unknown),
        cmocka_unit_test(dissatisfied_cases_are_for_management),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
