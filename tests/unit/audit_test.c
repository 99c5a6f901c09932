/* audit_test.c - the committee's call-backs and the doubts about notices, by figures a
 * person can add up: the example of WORDING 5.9, and each rule by itself. */
#include "store_help.h"

#include <math.h>

#include "analyze/callbacks.h"
#include "analyze/pass.h"
#include "tests/tools/mini_facts.h"

#define AUGUST (2025 * 12 + 7)
#define SEPTEMBER (2025 * 12 + 8)

static int32_t day(const char *text)
{
    return (int32_t)(mini_time(text) / 86400);
}

struct world {
    struct arena *arena;
    struct facts facts;
    struct settings settings;
    struct metrics metrics;
    struct results *results;
};

static void world_run(struct world *world, const struct mini_ticket *rows, size_t count,
                      const struct registers *registers)
{
    struct error error;

    memset(world, 0, sizeof *world);
    world->arena = arena_new();
    world->settings = mini_settings();
    RUNS(metrics_load("templates/metrics.tsv", world->arena, &world->metrics, &error));
    mini_build(rows, count, world->arena, &world->facts);
    world->facts.registers = *registers;
}

static void analyze_september(struct world *world)
{
    struct error error;

    RUNS(analyze(&world->facts, &world->settings, &world->metrics, SEPTEMBER, SEPTEMBER,
                 0, HY_NEVER, world->arena, &world->results, &error));
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

static void expect(const struct world *world, const char *name, int64_t wanted)
{
    const struct base *base = total(world, name);

    if (base->answer != ANSWER_OK || llround(base->value) != wanted)
        print_message("%s = %g, answer %s\n", name, base->value,
                      answer_name(base->answer));
    assert_int_equal(base->answer, ANSWER_OK);
    assert_int_equal(llround(base->value), wanted);
}

static void expect_share(const struct world *world, const char *name, int k, int n)
{
    const struct base *base = total(world, name);

    if (base->numerator != k || base->denominator != n)
        print_message("%s = %lld/%lld\n", name, (long long)base->numerator,
                      (long long)base->denominator);
    assert_int_equal(base->numerator, k);
    assert_int_equal(base->denominator, n);
}

static const struct mini_ticket some_ticket = { .nature = NATURE_REPAIR,
                                                .received = "2025-08-03 08:00",
                                                .completed = "2025-09-04 08:00" };

/* What the record and the owner both say is the usual case. */
static struct callback call(int32_t month, enum contact_made contact,
                            enum said recorded, enum said told)
{
    return (struct callback){ .sample = "202508-01",
                              .month = month,
                              .contact = (uint8_t)contact,
                              .own = SAID_YES,
                              .recorded_solved = (uint8_t)recorded,
                              .told_solved = (uint8_t)told };
}

/* 20 drawn, 16 reached, 14 agree, 2 do not: 87.5 %, by Wilson 64.0 to 96.5 %. */
static void the_example_of_the_design(void **state)
{
    struct callback list[24];
    struct registers registers = { .callback_count = 24, .callbacks = list };
    struct world world;
    int i;

    (void)state;
    for (i = 0; i < 20; i++)
        list[i] = call(AUGUST, i < 16 ? CONTACT_REACHED : CONTACT_SILENT, SAID_YES,
                       i < 14 ? SAID_YES : SAID_NO);
    list[14].reopen = list[15].reopen = true;
    list[20] = call(AUGUST, CONTACT_NOT_TRIED, SAID_YES, SAID_NOTHING);
    list[20].spare = true; /* not needed: not drawn */
    list[21] = call(AUGUST - 1, CONTACT_REACHED, SAID_YES, SAID_NO); /* of July */
    list[22] =
        call(SEPTEMBER, CONTACT_REACHED, SAID_YES, SAID_NO); /* told in October */
    list[23] = call(INT32_MIN, CONTACT_REACHED, SAID_YES, SAID_NO);
    world_run(&world, &some_ticket, 1, &registers);
    analyze_september(&world);
    expect_share(&world, "AUD-01", 14, 16);
    assert_true(fabs(total(&world, "AUD-01")->value - 0.875) < 1e-12);
    assert_true(fabs(total(&world, "AUD-01")->low - 0.640) < 5e-4);
    assert_true(fabs(total(&world, "AUD-01")->high - 0.965) < 5e-4);
    expect(&world, "AUD-01.differ", 2);
    expect(&world, "AUD-01.unsure", 0);
    expect(&world, "AUD-01.stranger", 0);
    expect(&world, "AUD-01.reopen", 2);
    expect_share(&world, "AUD-02", 16, 20);
    expect(&world, "AUD-02.silent", 4);
    expect(&world, "AUD-02.refused", 0);
    expect(&world, "AUD-02.skipped", 0);
    arena_free(world.arena);
}

static void one_call(struct callback callback, int agree, int differ, int unsure)
{
    struct callback list[5]; /* five alike: fewer give no share */
    struct registers registers = { .callback_count = 5, .callbacks = list };
    struct world world;
    int i;

    for (i = 0; i < 5; i++)
        list[i] = callback;
    world_run(&world, &some_ticket, 1, &registers);
    analyze_september(&world);
    expect_share(&world, "AUD-01", 5 * agree, 5);
    expect(&world, "AUD-01.differ", 5 * differ);
    expect(&world, "AUD-01.unsure", 5 * unsure);
    expect(&world, "AUD-01.stranger", callback.own == SAID_NO ? 5 : 0);
    arena_free(world.arena);
}

static void the_rule_decides(void **state)
{
    struct callback base = call(AUGUST, CONTACT_REACHED, SAID_YES, SAID_YES), it;

    (void)state;
    one_call(base, 1, 0, 0);
    it = base, it.recorded_solved = it.told_solved = SAID_NO; /* agree that it is not */
    one_call(it, 1, 0, 0);
    it = base, it.told_solved = SAID_PARTLY;
    one_call(it, 0, 1, 0);
    it = base, it.told_solved = SAID_NOTHING; /* not remembered */
    one_call(it, 0, 0, 1);
    it = base, it.recorded_visited = SAID_YES, it.told_visited = SAID_NO;
    one_call(it, 0, 1, 0);
    it = base, it.recorded_visited = SAID_YES, it.told_visited = SAID_NOTHING;
    one_call(it, 1, 0, 0);
    it = base, it.recorded_visited = SAID_NO, it.told_visited = SAID_YES; /* later */
    one_call(it, 1, 0, 0);
    it = base, it.recorded_score = 5, it.told_score = 3;
    one_call(it, 0, 1, 0);
    it = base, it.recorded_score = 5, it.told_score = 0;
    one_call(it, 1, 0, 0);
    it = base, it.own = SAID_NO; /* not his report: confirms nothing */
    one_call(it, 0, 0, 1);
    it.told_solved = SAID_NO;
    one_call(it, 0, 1, 0);
}

/* Skipping somebody does not make the sample smaller; a spare counts once called. */
static void who_was_drawn(void **state)
{
    struct callback list[5];
    struct registers registers = { .callback_count = 5, .callbacks = list };
    struct world world;

    (void)state;
    list[0] = call(AUGUST, CONTACT_NOT_TRIED, SAID_YES, SAID_NOTHING);
    list[1] = call(AUGUST, CONTACT_REFUSED, SAID_YES, SAID_NOTHING);
    list[2] = call(AUGUST, CONTACT_SILENT, SAID_YES, SAID_NOTHING);
    list[3] = call(AUGUST, CONTACT_REACHED, SAID_YES, SAID_YES);
    list[4] = call(AUGUST, CONTACT_REACHED, SAID_YES, SAID_YES);
    list[4].spare = true;
    world_run(&world, &some_ticket, 1, &registers);
    analyze_september(&world);
    expect_share(&world, "AUD-02", 2, 5);
    expect(&world, "AUD-02.skipped", 1);
    expect(&world, "AUD-02.refused", 1);
    expect(&world, "AUD-02.silent", 1);
    expect_share(&world, "AUD-01", 2, 2);
    assert_int_equal(total(&world, "AUD-01")->answer, ANSWER_SMALL_N);
    arena_free(world.arena);
}

/* No sheet came back, no register is kept: that is not 0. */
static void nothing_is_not_zero(void **state)
{
    struct objection later = { .number = "Y1", .about = "x", .answer = "" };
    struct registers registers = { .objection_count = 1, .objections = &later };
    struct world world;

    (void)state;
    later.received = day("2025-10-02");
    later.answered = INT32_MIN;
    world_run(&world, &some_ticket, 1, &registers);
    analyze_september(&world);
    assert_int_equal(total(&world, "AUD-01")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "AUD-02")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "AUD-01.differ")->answer, ANSWER_NO_DATA);
    assert_int_equal(total(&world, "OBJ-01")->answer, ANSWER_NO_DATA);
    assert_null(results_listing(world.results, "OBJ-01.cases"));
    arena_free(world.arena);
}

/* How many is public; who asked what, and what was answered, is not. */
static void the_public_reads_counts_alone(const struct world *world)
{
    struct world board = *world;
    struct error error;
    size_t i, c;

    RUNS(disclose(world->results, AUDIENCE_PUBLIC, &world->settings, NULL, world->arena,
                  &board.results, &error));
    expect(&board, "OBJ-01", 5);
    expect(&board, "OBJ-01.answered", 3);
    expect(&board, "OBJ-01.changed", 1); /* one owner's, and the firm's: not hidden */
    for (i = 0; i < board.results->listing_count; i++) {
        const struct listing *listing = &board.results->listings[i];

        assert_string_not_equal(world->metrics.items[listing->metric].id, "OBJ-01");
        for (c = 0; c < listing->rows * listing->columns; c++)
            assert_true(listing->cells[c].text == NULL
                        || strstr(listing->cells[c].text, "已核对") == NULL);
    }
    RUNS(disclose(world->results, AUDIENCE_COMMITTEE, &world->settings, NULL,
                  world->arena, &board.results, &error));
    assert_non_null(results_listing(board.results, "OBJ-01.cases"));
}

/* September; the cut-off is its end.  By hand: received 5 = in time 2 + overdue 2 +
 * waiting 1; answered 3; changed 1.  One of August, still open, is listed as well. */
static void objections_by_hand(void **state)
{
    static const struct {
        const char *received, *answered;
        enum said changed;
    } told[] = {
        { "2025-09-01", "2025-09-08", SAID_YES },    /* the seventh day: in time */
        { "2025-09-02", "2025-09-02", SAID_NO },     /* in time */
        { "2025-09-03", "2025-09-11", SAID_NO },     /* the eighth: late */
        { "2025-09-10", "2025-10-01", SAID_YES },    /* after the cut-off: none yet */
        { "2025-09-24", NULL, SAID_NOTHING },        /* runs to the end of 1 October */
        { "2025-08-20", "2025-09-02", SAID_YES },    /* of August, open on the 1st */
        { "2025-08-20", "2025-08-21", SAID_NOTHING } /* of August, done with */
    };
    enum { COUNT = sizeof told / sizeof *told };
    struct objection list[COUNT];
    struct registers registers = { .objection_count = COUNT, .objections = list };
    const struct listing *listing;
    struct world world;
    int i;

    (void)state;
    for (i = 0; i < COUNT; i++)
        list[i] = (struct objection){ .number = "",
                                      .about = "九月的件数",
                                      .answer = "已核对",
                                      .received = day(told[i].received),
                                      .answered = told[i].answered == NULL
                                                      ? INT32_MIN
                                                      : day(told[i].answered),
                                      .changed = (uint8_t)told[i].changed };
    world_run(&world, &some_ticket, 1, &registers);
    analyze_september(&world);
    expect(&world, "OBJ-01", 5);
    expect(&world, "OBJ-01.answered", 3);
    expect(&world, "OBJ-01.intime", 2);
    expect(&world, "OBJ-01.overdue", 2);
    expect(&world, "OBJ-01.waiting", 1);
    expect(&world, "OBJ-01.changed", 1);
    listing = results_listing(world.results, "OBJ-01.cases");
    assert_non_null(listing);
    assert_int_equal(listing->rows, 6);
    assert_int_equal(listing->cells[1].number, day("2025-08-20"));
    assert_int_equal(listing->cells[3].number, day("2025-08-27"));
    assert_int_equal(listing->cells[4].number, day("2025-09-02"));
    assert_string_equal(listing->cells[4 * 7 + 4].text, "—"); /* 10 September */
    the_public_reads_counts_alone(&world);
    arena_free(world.arena);
}

/* Only what an owner reported, can be called about, and is done: rows 1 and 2. */
static void who_may_be_called(void **state)
{
    struct mini_ticket rows[7];
    static const uint32_t contact[7] = { 7, 1, 2, 0, 4, 5, 6 };
    static const uint16_t flags[7] = {
        [2] = 1 << FLAG_RESOLVED, [4] = 3 << FLAG_ANONYMOUS
    };
    static const uint8_t channel[7] = { CHANNEL_PHONE, CHANNEL_PHONE, CHANNEL_APP,
                                        CHANNEL_PHONE, CHANNEL_PHONE, CHANNEL_PATROL,
                                        CHANNEL_PHONE };
    struct registers registers = { .callback_count = 0 };
    const struct candidate *list;
    struct world world;
    size_t count;
    int i;

    (void)state;
    for (i = 0; i < 7; i++)
        rows[i] = (struct mini_ticket){ .nature = NATURE_REPAIR,
                                        .received = "2025-09-01 08:00",
                                        .completed = "2025-09-02 08:00" };
    rows[0].received = "2025-08-01 08:00";
    rows[0].completed = "2025-08-05 08:00"; /* of August */
    rows[2].revisited = "2025-09-03 08:00";
    rows[2].rating = 2;
    rows[6].completed = NULL; /* open */
    world_run(&world, rows, 7, &registers);
    world.facts.tickets.contact = contact; /* row 3 has none */
    world.facts.tickets.flags = flags;     /* row 4 asked for confidence */
    world.facts.tickets.channel = channel; /* row 5 is a patrol's */
    analyze_september(&world);
    expect(&world, "AUD-02.eligible", 2);
    callbacks_list(&world.facts, &world.settings, world.results, world.arena, &list,
                   &count);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].ticket, 1);
    assert_int_equal(list[0].completed, mini_time("2025-09-02 08:00"));
    assert_int_equal(list[0].solved, SAID_NOTHING);
    assert_false(list[0].visited);
    assert_int_equal(list[0].rating, 0);
    assert_int_equal(list[1].ticket, 2);
    assert_int_equal(list[1].solved, SAID_NO);
    assert_true(list[1].visited);
    assert_int_equal(list[1].rating, 5 << 4 | 2);
    arena_free(world.arena);
}

/* --- from words to facts ------------------------------------------------------------
 */
struct written {
    const char *sample, *reached, *own, *recorded, *told, *visited, *heard;
    struct callback wanted;
};

static const struct written sheet[] = {
    { "202610-01",
      "接通",
      "是",
      "已解决",
      "解决",
      "是，5 分",
      "是（5 分）",
      { .contact = CONTACT_REACHED,
        .own = SAID_YES,
        .recorded_solved = SAID_YES,
        .told_solved = SAID_YES,
        .recorded_visited = SAID_YES,
        .told_visited = SAID_YES,
        .recorded_score = 5,
        .told_score = 5 } },
    { "202610-02",
      "没接",
      "",
      "已办结",
      "",
      "没有",
      "",
      { .contact = CONTACT_SILENT,
        .recorded_solved = SAID_YES,
        .recorded_visited = SAID_NO } },
    { "202610-03",
      "空号",
      "",
      "未解决",
      "",
      "没有",
      "",
      { .contact = CONTACT_SILENT,
        .recorded_solved = SAID_NO,
        .recorded_visited = SAID_NO } },
    { "202610-04",
      "不愿意",
      "",
      "已解决",
      "",
      "是",
      "",
      { .contact = CONTACT_REFUSED,
        .recorded_solved = SAID_YES,
        .recorded_visited = SAID_YES } },
    { "202610-05",
      "接通",
      "否",
      "已解决",
      "没有",
      "是，15 分",
      "没有",
      { .contact = CONTACT_REACHED,
        .own = SAID_NO,
        .recorded_solved = SAID_YES,
        .told_solved = SAID_NO,
        .recorded_visited = SAID_YES,
        .told_visited = SAID_NO } },
    { "202610-备01",
      "接通",
      "记不清",
      "已解决",
      "不清楚",
      "是",
      "记不清",
      { .spare = true,
        .contact = CONTACT_REACHED,
        .recorded_solved = SAID_YES,
        .recorded_visited = SAID_YES } },
    { "202610-备02",
      "",
      "",
      "已解决",
      "部分",
      "",
      "",
      { .spare = true, .recorded_solved = SAID_YES, .told_solved = SAID_PARTLY } },
};
enum { SHEET = sizeof sheet / sizeof sheet[0] };

static void write_call(struct record *row, size_t i)
{
    row_clear(row, i + 2);
    row_text(row, KIND_AUDIT, U_SAMPLE, sheet[i].sample);
    row_text(row, KIND_AUDIT, U_REACHED, sheet[i].reached);
    row_text(row, KIND_AUDIT, U_OWN, sheet[i].own);
    row_text(row, KIND_AUDIT, U_RESOLVED, sheet[i].recorded);
    row_text(row, KIND_AUDIT, U_SOLVED, sheet[i].told);
    row_text(row, KIND_AUDIT, U_REVISITED, sheet[i].visited);
    row_text(row, KIND_AUDIT, U_CALLED_BACK, sheet[i].heard);
}

static void answers_are_understood(void **state)
{
    struct record rows[SHEET], doubt;
    struct place_of_test place;
    struct arena *memory = arena_new();
    struct store *store;
    struct facts facts;
    struct error error;
    size_t i;

    (void)state;
    place_make(&place);
    RUNS(store_open(&store, place.path, STORE_CREATE, &error));
    for (i = 0; i < SHEET; i++)
        write_call(&rows[i], i);
    load_rows(store, "audit", KIND_AUDIT, rows, SHEET, NULL);
    row_clear(&doubt, 2);
    row_text(&doubt, KIND_OBJECTION, O_NUMBER, "Y1");
    row_number(&doubt, KIND_OBJECTION, O_RECEIVED, 20000LL * 86400);
    row_text(&doubt, KIND_OBJECTION, O_ABOUT, "九月电梯停运的次数");
    row_number(&doubt, KIND_OBJECTION, O_CORRECTED, 1);
    load_rows(store, "doubts", KIND_OBJECTION, &doubt, 1, NULL);
    RUNS(store_facts(store, NEED_TICKETS | NEED_REGISTERS, memory, &facts, &error));
    assert_int_equal(facts.registers.callback_count, SHEET);
    for (i = 0; i < SHEET; i++) {
        struct callback is = facts.registers.callbacks[i], wanted = sheet[i].wanted;

        assert_string_equal(is.sample, sheet[i].sample);
        assert_int_equal(is.month, 2026 * 12 + 9);
        assert_int_equal(is.spare, wanted.spare);
        assert_int_equal(is.contact, wanted.contact);
        assert_int_equal(is.own, wanted.own);
        assert_int_equal(is.recorded_solved, wanted.recorded_solved);
        assert_int_equal(is.told_solved, wanted.told_solved);
        assert_int_equal(is.recorded_visited, wanted.recorded_visited);
        assert_int_equal(is.told_visited, wanted.told_visited);
        assert_int_equal(is.recorded_score, wanted.recorded_score);
        assert_int_equal(is.told_score, wanted.told_score);
    }
    assert_int_equal(facts.registers.objection_count, 1);
    assert_int_equal(facts.registers.objections[0].received, 20000);
    assert_int_equal(facts.registers.objections[0].answered, INT32_MIN);
    assert_int_equal(facts.registers.objections[0].changed, SAID_YES);
    store_close(store);
    arena_free(memory);
    place_gone(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_design),
        cmocka_unit_test(the_rule_decides),
        cmocka_unit_test(who_was_drawn),
        cmocka_unit_test(nothing_is_not_zero),
        cmocka_unit_test(objections_by_hand),
        cmocka_unit_test(who_may_be_called),
        cmocka_unit_test(answers_are_understood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
