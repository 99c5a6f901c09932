/* verdict_test.c - no claims from noise, and planted changes are found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* core/status.h has a function of this name */

#include <math.h>
#include <string.h>

#include "analyze/stats_survival.h"
#include "analyze/verdict.h"
#include "core/calendar.h"
#include "core/wording.h"

enum { MONTHS = 25, LAST = 2026 * 12 + 9, RUNS = 500, CATEGORIES = 6 };

struct world {
    struct arena *memory;
    struct metrics metrics;
    struct settings settings;
    struct period periods[MONTHS];
    struct context context;
    struct results *results;
};

static void world_open(struct world *world, int32_t last)
{
    struct error err;

    memset(world, 0, sizeof *world);
    world->memory = arena_new();
    assert_int_equal(metrics_load("templates/metrics.tsv", world->memory,
                                  &world->metrics, &err),
                     HY_OK);
    assert_int_equal(calendar_load("templates/calendar/cn.csv", world->memory,
                                   &world->settings.calendar, &err),
                     HY_OK);
    for (int i = 0; i < MONTHS; i++) {
        struct period *period = &world->periods[i];

        period->month = last - MONTHS + 1 + i;
        period->from = month_start(period->month);
        period->until = period->cutoff = month_start(period->month + 1);
    }
    world->context = (struct context){ .settings = &world->settings,
                                       .metrics = &world->metrics,
                                       .periods = world->periods,
                                       .count = MONTHS };
}

static void world_fresh(struct world *world, struct arena *memory)
{
    world->results = results_new(memory, &world->metrics, NULL);
    world->results->month = world->periods[MONTHS - 1].month;
}

static void put(struct world *world, const char *name, enum dimension dimension,
                uint32_t key, int month, struct base base)
{
    struct figure figure = { .dimension = { (uint8_t)dimension, DIM_TOTAL },
                             .key = { key, 0 },
                             .month = world->periods[month].month,
                             .base = base };

    assert_true(metrics_name(&world->metrics, name, &figure.metric, &figure.part) >= 0);
    results_add(world->results, &figure);
}

static void judge(struct world *world)
{
    struct error err;

    results_sort(world->results);
    assert_int_equal(verdict_run(NULL, &world->context, world->results, &err), HY_OK);
}

static enum verdict verdict_of(const struct world *world, const char *name,
                               enum dimension dimension, uint32_t key,
                               enum against against)
{
    uint16_t metric, part;
    const struct results *results = world->results;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    for (size_t i = 0; i < results->finding_count; i++) {
        const struct finding *finding = &results->findings[i];

        if (finding->metric == metric && finding->part == part
            && finding->dimension == dimension && finding->key == key
            && finding->against == against)
            return finding->verdict;
    }
    return VERDICT_NONE;
}

/* --- chance ------------------------------------------------------------------- */

static double poisson(struct chance *chance, double mean)
{
    double sum = 0, count = -1;

    for (; sum < mean; count++)
        sum -= log(1 - chance_unit(chance));
    return count;
}

static int64_t binomial(struct chance *chance, int64_t n, double share)
{
    int64_t hits = 0;

    for (int64_t i = 0; i < n; i++)
        hits += chance_unit(chance) < share;
    return hits;
}

/* KM median of n lognormal times, as the pass would give it. */
static struct base median_of(struct chance *chance, size_t n, double middle,
                             struct arena *memory)
{
    double *times = arena_alloc(memory, n * sizeof *times);
    uint8_t *done = arena_alloc(memory, n);
    struct survival curve;
    struct estimate median;
    struct base base = base_none(ANSWER_OK);

    for (size_t i = 0; i < n; i++) {
        double radius = sqrt(-2 * log(1 - chance_unit(chance)));

        times[i] =
            middle * exp(1.1 * radius * cos(6.283185307179586 * chance_unit(chance)));
        done[i] = 1;
    }
    survival_fit(NULL, times, done, n, memory, &curve);
    median = survival_quantile(&curve, LIMIT_LOGLOG, 0.95, 0.5, memory);
    base.value = median.value;
    base.low = median.low;
    base.high = median.high;
    base.n = (int64_t)n;
    return base;
}

static void fill(struct world *world, struct chance *chance, struct arena *memory,
                 double on_time, double count, double hours)
{
    for (int i = 0; i < MONTHS; i++) {
        bool last = i == MONTHS - 1;
        int64_t n = (int64_t)poisson(chance, 400);

        put(world, "SLA-01", DIM_TOTAL, 0, i,
            base_share(binomial(chance, n, last ? on_time : 0.9), n));
        put(world, "INT-01", DIM_TOTAL, 0, i,
            base_count((int64_t)poisson(chance, last ? count : 450)));
        put(world, "TTR-02.median", DIM_TOTAL, 0, i,
            median_of(chance, 300, last ? hours : 20, memory));
        for (uint32_t k = 1; k <= CATEGORIES; k++)
            put(world, "INT-01", DIM_CATEGORY, k, i,
                base_count((int64_t)poisson(chance, k == 1 && last ? count / 4 : 110)));
    }
}

static bool is_claim(enum verdict verdict)
{
    return verdict == VERDICT_BETTER || verdict == VERDICT_WORSE
           || verdict == VERDICT_MORE || verdict == VERDICT_FEWER;
}

/* 500 series of 24 months and the month itself, nothing ever changes. */
static void noise_is_no_news(void **state)
{
    static const char *const names[] = { "SLA-01", "INT-01", "TTR-02.median" };
    struct chance chance = { 20261031 };
    struct world world;
    struct arena *memory = arena_new();
    int claims[3] = { 0 }, in_family = 0;

    (void)state;
    world_open(&world, LAST);
    for (int run = 0; run < RUNS; run++) {
        bool any = false;

        arena_reset(memory);
        world_fresh(&world, memory);
        fill(&world, &chance, memory, 0.9, 450, 20);
        judge(&world);
        for (int against = AGAINST_PREVIOUS; against <= AGAINST_YEAR; against++) {
            for (int i = 0; i < 3; i++)
                claims[i] += is_claim(
                    verdict_of(&world, names[i], DIM_TOTAL, 0, (enum against)against));
            for (uint32_t k = 1; k <= CATEGORIES; k++)
                any = any
                      || is_claim(verdict_of(&world, "INT-01", DIM_CATEGORY, k,
                                             (enum against)against));
        }
        in_family += any;
    }
    for (int i = 0; i < 3; i++) {
        print_message("%s: %d claims in %d findings\n", names[i], claims[i], 2 * RUNS);
        assert_true(claims[i] <= 2 * RUNS / 20);
    }
    print_message("categories: a claim in %d of %d runs\n", in_family, RUNS);
    assert_true(in_family <= RUNS / 20);
    arena_free(memory);
    arena_free(world.memory);
}

static void planted_changes_are_found(void **state)
{
    struct chance chance = { 7 };
    struct world world;
    struct arena *memory = arena_new();
    const struct curve *curve;
    uint16_t metric, part;

    (void)state;
    world_open(&world, LAST);
    world_fresh(&world, memory);
    fill(&world, &chance, memory, 0.75, 720, 8);
    judge(&world);
    for (int i = AGAINST_PREVIOUS; i <= AGAINST_YEAR; i++) {
        enum against against = (enum against)i;

        assert_int_equal(verdict_of(&world, "SLA-01", DIM_TOTAL, 0, against),
                         VERDICT_WORSE);
        assert_int_equal(verdict_of(&world, "INT-01", DIM_TOTAL, 0, against),
                         VERDICT_MORE);
        assert_int_equal(verdict_of(&world, "TTR-02.median", DIM_TOTAL, 0, against),
                         VERDICT_BETTER);
        assert_int_equal(verdict_of(&world, "INT-01", DIM_CATEGORY, 1, against),
                         VERDICT_MORE);
        assert_int_equal(verdict_of(&world, "INT-01", DIM_CATEGORY, 2, against),
                         VERDICT_SAME);
    }
    metrics_name(&world.metrics, "SLA-01", &metric, &part);
    curve = results_curve(world.results, metric, CURVE_CONTROL, DIM_TOTAL, 0, LAST);
    assert_non_null(curve);
    assert_int_equal(curve->count, MONTHS);
    assert_int_equal(curve->mark[MONTHS - 1], 1);
    assert_true(curve->y[MONTHS - 1] < curve->low[MONTHS - 1]);
    arena_free(memory);
    arena_free(world.memory);
}

/* Few cases, no base, months of the Spring Festival, too few answers. */
static void what_may_not_be_compared(void **state)
{
    struct world world;
    struct arena *memory = arena_new();

    (void)state;
    world_open(&world, 2026 * 12 + 1); /* 2026-02: the festival is 15-23 */
    world_fresh(&world, memory);
    for (int i = 0; i < MONTHS; i++) {
        put(&world, "SLA-01", DIM_TOTAL, 0, i, base_share(90, 100));
        put(&world, "RES-04", DIM_TOTAL, 0, i, base_share(9, 10));
        if (i == MONTHS - 1)
            put(&world, "SAT-01", DIM_TOTAL, 0, i, base_share(90, 100));
    }
    judge(&world);
    assert_int_equal(verdict_of(&world, "SLA-01", DIM_TOTAL, 0, AGAINST_PREVIOUS),
                     VERDICT_BARRED);
    assert_int_equal(verdict_of(&world, "SLA-01", DIM_TOTAL, 0, AGAINST_YEAR),
                     VERDICT_SAME); /* 2025-02 held 4 days of it */
    assert_int_equal(verdict_of(&world, "RES-04", DIM_TOTAL, 0, AGAINST_YEAR),
                     VERDICT_SMALL);
    assert_int_equal(verdict_of(&world, "SAT-01", DIM_TOTAL, 0, AGAINST_YEAR),
                     VERDICT_NONE);
    arena_free(world.memory);
    world_open(&world, LAST);
    world_fresh(&world, memory);
    for (int i = 0; i < MONTHS; i++) {
        put(&world, "SAT-01", DIM_TOTAL, 0, i, base_share(i % 2 == 0 ? 60 : 90, 100));
        put(&world, "SAT-03", DIM_TOTAL, 0, i, base_share(100, 400));
    }
    judge(&world);
    assert_int_equal(verdict_of(&world, "SAT-01", DIM_TOTAL, 0, AGAINST_PREVIOUS),
                     VERDICT_BARRED);
    arena_free(memory);
    arena_free(world.memory);
}

/* Counts: 30 against 27 is too few to call it the same (WORDING 2.2), 30 against 30 is
 * not; 60 against 20 is more all the same. */
static void few_are_not_the_same(void **state)
{
    static const struct {
        int then, now;
        enum verdict verdict;
    } cases[] = { { 27, 30, VERDICT_SMALL },
                  { 30, 27, VERDICT_SMALL },
                  { 30, 30, VERDICT_SAME },
                  { 20, 60, VERDICT_MORE } };
    struct arena *memory = arena_new();
    struct world world;

    (void)state;
    world_open(&world, LAST);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        world_fresh(&world, memory);
        for (int i = 0; i < MONTHS; i++)
            put(&world, "INT-01", DIM_TOTAL, 0, i,
                base_count(i == MONTHS - 1   ? cases[c].now
                           : i == MONTHS - 2 ? cases[c].then
                                             : cases[c].then + i % 2));
        judge(&world);
        assert_int_equal(verdict_of(&world, "INT-01", DIM_TOTAL, 0, AGAINST_PREVIOUS),
                         cases[c].verdict);
    }
    arena_free(memory);
    arena_free(world.memory);
}

static const struct finding *finding_of(const struct world *world, const char *name,
                                        enum against against)
{
    uint16_t metric, part;

    assert_true(metrics_name(&world->metrics, name, &metric, &part) >= 0);
    return results_finding(world->results, metric, part, DIM_TOTAL, 0, against);
}

static void fill_level(struct world *world)
{
    world_fresh(world, world->memory);
    for (int i = 0; i < MONTHS; i++)
        put(world, "SLA-01", DIM_TOTAL, 0, i, base_share(i % 2 == 0 ? 90 : 91, 100));
}

/* A way of counting that changed, a source that was silent, a month that is not over:
 * no comparison, and the page says why. */
static void reasons_are_given(void **state)
{
    struct redefinition change = { LAST - 2, "限时改按合同" };
    const struct wording *zh;
    const struct finding *finding;
    struct facts facts = { .ledger = { .first_received = HY_NEVER,
                                       .last_received = HY_NEVER,
                                       .horizon = HY_NEVER } };
    struct world world;
    struct error err;

    (void)state;
    world_open(&world, LAST);
    assert_int_equal(wording_load("templates/wording", "zh", world.memory, &zh, &err),
                     HY_OK);
    world.settings.changes = &change;
    world.settings.change_count = 1;
    fill_level(&world);
    judge(&world);
    assert_int_equal(verdict_of(&world, "SLA-01", DIM_TOTAL, 0, AGAINST_PREVIOUS),
                     VERDICT_SAME); /* both are counted the new way */
    finding = finding_of(&world, "SLA-01", AGAINST_YEAR);
    assert_int_equal(finding->verdict, VERDICT_BARRED);
    assert_string_equal(wording_phrase(zh, world.memory, finding->reason),
                        "从 2026-08 起改了统计办法（限时改按合同），与以前不能直接比");
    world.settings.change_count = 0;
    fill_level(&world);
    put(&world, "INT-02.silent", DIM_CHANNEL, CHANNEL_WECHAT, MONTHS - 1,
        base_count(4));
    judge(&world);
    finding = finding_of(&world, "SLA-01", AGAINST_PREVIOUS);
    assert_int_equal(finding->verdict, VERDICT_BARRED);
    assert_string_equal(wording_phrase(zh, world.memory, finding->reason),
                        "微信有 4 天没有数据");
    facts.ledger.horizon = month_start(LAST) + 20 * DAY_SECONDS;
    fill_level(&world);
    results_sort(world.results);
    assert_int_equal(verdict_run(&facts, &world.context, world.results, &err), HY_OK);
    finding = finding_of(&world, "SLA-01", AGAINST_PREVIOUS);
    assert_int_equal(finding->verdict, VERDICT_BARRED);
    assert_string_equal(wording_phrase(zh, world.memory, finding->reason),
                        "数据还没到月底");
    arena_free(world.memory);
}

/* Seven points that go one way, each step small. */
static void a_trend_is_told(void **state)
{
    struct world world;

    (void)state;
    world_open(&world, LAST);
    world_fresh(&world, world.memory);
    for (int i = 0; i < MONTHS; i++)
        put(&world, "SLA-01", DIM_TOTAL, 0, i,
            base_share(900 + (i < MONTHS - 7 ? i * 7 % 5 : 5 - (i - MONTHS + 7)),
                       1000));
    judge(&world);
    assert_int_equal(finding_of(&world, "SLA-01", AGAINST_PREVIOUS)->trend, -7);
    fill_level(&world);
    judge(&world);
    assert_int_equal(finding_of(&world, "SLA-01", AGAINST_PREVIOUS)->trend, 0);
    arena_free(world.memory);
}

/* Two years about 80 of 100, then 95; the reading that leaves nothing out stays, or
 * rises as well. */
static enum verdict praise(struct world *world, struct arena *memory, int worst)
{
    world_fresh(world, memory);
    for (int i = 0; i < MONTHS; i++) {
        int usual = i % 2 == 0 ? 79 : 81;
        bool last = i == MONTHS - 1;

        put(world, "SLA-01", DIM_TOTAL, 0, i, base_share(last ? 95 : usual, 100));
        if (worst > 0)
            put(world, "SLA-03.worst", DIM_TOTAL, 0, i,
                base_share(last ? worst : usual, 100));
    }
    judge(world);
    return verdict_of(world, "SLA-01", DIM_TOTAL, 0, AGAINST_PREVIOUS);
}

static void no_praise_for_what_was_left_out(void **state)
{
    struct arena *memory = arena_new();
    struct world world;

    (void)state;
    world_open(&world, LAST);
    assert_int_equal(praise(&world, memory, 80), VERDICT_BARRED);
    assert_string_equal(finding_of(&world, "SLA-01", AGAINST_PREVIOUS)->reason,
                        "barred.guard");
    assert_int_equal(praise(&world, memory, 0), VERDICT_BARRED); /* not told */
    assert_int_equal(praise(&world, memory, 95), VERDICT_BETTER);
    arena_free(memory);
    arena_free(world.memory);
}

/* Two years about 460 of 500 on time; then 428 because of one subject of five (60 of
 * its 100 for 92), or 412 with every subject a little worse. */
static const struct finding *fallen(struct world *world, struct arena *memory, bool one)
{
    world_fresh(world, memory);
    for (int i = 0; i < MONTHS - 1; i++)
        put(world, "SLA-01", DIM_TOTAL, 0, i, base_share(i % 2 == 0 ? 459 : 461, 500));
    put(world, "SLA-01", DIM_TOTAL, 0, MONTHS - 1, base_share(one ? 428 : 412, 500));
    for (uint32_t k = 1; k <= 5; k++) {
        int now = !one ? 82 + (k == 1) * 2 : k == 1 ? 60 : 92;

        put(world, "SLA-01", DIM_CATEGORY, k, MONTHS - 2, base_share(92, 100));
        put(world, "SLA-01", DIM_CATEGORY, k, MONTHS - 1, base_share(now, 100));
    }
    judge(world);
    return finding_of(world, "SLA-01", AGAINST_PREVIOUS);
}

static void one_subject_is_named_when_it_alone_explains(void **state)
{
    struct arena *memory = arena_new();
    const struct finding *finding;
    struct world world;

    (void)state;
    world_open(&world, LAST);
    finding = fallen(&world, memory, true);
    assert_int_equal(finding->verdict, VERDICT_WORSE);
    assert_int_equal(finding->mainly, 1); /* the other four: 368/400 and 368/400 */
    finding = fallen(&world, memory, false);
    assert_int_equal(finding->verdict, VERDICT_WORSE);
    assert_int_equal(finding->mainly, 0);
    arena_free(memory);
    arena_free(world.memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_no_news),
        cmocka_unit_test(planted_changes_are_found),
        cmocka_unit_test(what_may_not_be_compared),
        cmocka_unit_test(few_are_not_the_same),
        cmocka_unit_test(reasons_are_given),
        cmocka_unit_test(a_trend_is_told),
        cmocka_unit_test(no_praise_for_what_was_left_out),
        cmocka_unit_test(one_subject_is_named_when_it_alone_explains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
