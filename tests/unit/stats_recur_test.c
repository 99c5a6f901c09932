/* stats_recur_test.c - what comes back, worst assets, clusters, likeness, audits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* core/status.h has a function of this name */

#include <math.h>

#include "analyze/stats_disclose.h"
#include "analyze/stats_recur.h"
#include "analyze/stats_text.h"

static void near_to(double value, double want, double within)
{
    assert_true(fabs(value - want) <= within);
}

/* Four completions of four keys: back after 3 days, not back in 10, 20, 40. */
static void again_within_days(void **state)
{
    static const double gap[] = { 10, 3, 40, 20 };
    static const uint8_t back[] = { 0, 1, 0, 0 };
    static const uint32_t key[] = { 1, 2, 3, 4 };
    struct arena *memory = arena_new();
    struct recurrence fit;
    struct estimate by;
    int64_t at_risk;

    (void)state;
    recurrence_fit(gap, back, key, 4, memory, &fit);
    by = recurrence_by(&fit, 7, RECUR_SAFE, false, 0.95, &at_risk);
    near_to(by.value, 0.25, 1e-12);
    assert_int_equal(at_risk, 3);
    assert_int_equal(recurrence_by(&fit, 90, RECUR_SAFE, false, 0.95, NULL).answer,
                     ANSWER_NOT_IDENTIFIED);
    near_to(recurrence_by(&fit, 0, RECUR_SAFE, false, 0.95, NULL).value, 0, 0);
    arena_free(memory);
}

/* One leaking flat with every recurrence: its rows are not independent. */
static void one_key_widens_the_error(void **state)
{
    double gap[40];
    uint8_t back[40];
    uint32_t one[40], own[40];
    struct arena *memory = arena_new();
    struct recurrence apart, together;

    (void)state;
    for (uint32_t i = 0; i < 40; i++) {
        gap[i] = i < 12 ? 5 + i : 60;
        back[i] = i < 12;
        one[i] = i < 12 ? 1 : i + 10;
        own[i] = i;
    }
    recurrence_fit(gap, back, own, 40, memory, &apart);
    recurrence_fit(gap, back, one, 40, memory, &together);
    assert_true(
        recurrence_by(&together, 30, RECUR_CLUSTERED, true, 0.95, NULL).error
        > 2 * recurrence_by(&apart, 30, RECUR_CLUSTERED, true, 0.95, NULL).error);
    arena_free(memory);
}

/* Nelson's estimate by hand: 4 lifts, events at 3, 4, 5 and then two of five. */
static void mean_cumulative_function(void **state)
{
    static const uint32_t id[] = { 1, 1, 2, 2, 3 };
    static const double start[] = { 0, 3, 0, 4, 0 }, stop[] = { 3, 9, 4, 9, 9 };
    static const uint8_t event[] = { 1, 0, 1, 0, 0 };
    struct arena *memory = arena_new();
    struct mcf fit;

    (void)state;
    mcf_fit(id, start, stop, event, 5, 0.95, memory, &fit);
    assert_int_equal(fit.count, 2);
    near_to(fit.mean[0], 1.0 / 3, 1e-12);
    near_to(fit.mean[1], 2.0 / 3, 1e-12);
    near_to(fit.error_poisson[1], sqrt(2.0 / 9), 1e-12);
    mcf_fit(id, start, stop, event, 2, 0.95, memory, &fit);
    assert_int_equal(fit.answer, ANSWER_SMALL_N);
    assert_true(isnan(fit.low[0]));
    arena_free(memory);
}

/* Half a month with one fault does not beat two years with thirty. */
static void small_exposure_does_not_top_the_list(void **state)
{
    static const double y[] = { 3, 1, 0, 7, 2, 30, 5, 1, 4, 3 };
    static const double months[] = { 12, 0.5, 12, 12, 12, 24, 12, 12, 12, 12 };
    static const double same[] = { 4, 4, 5, 4, 5, 4 }, two[] = { 2, 2, 2, 2, 2, 2 };
    struct shrinkage fit = shrinkage_fit(y, months, 10, 1e6);
    struct posterior brief = shrinkage_unit(&fit, 1, 0.5, 1.5);
    struct posterior worst = shrinkage_unit(&fit, 30, 24, 1.5);

    (void)state;
    assert_true(fit.heterogeneous);
    assert_true(brief.raw > worst.raw);
    assert_true(brief.p05 < worst.p05);
    assert_true(worst.above > 0.8);
    assert_true(isnan(shrinkage_unit(&fit, 0, 0, 1.5).raw));
    fit = shrinkage_fit(same, two, 6, 1e6);
    assert_false(fit.heterogeneous);
    near_to(shrinkage_unit(&fit, 5, 2, 1.5).mean, 26.0 / 12, 1e-12);
    assert_int_equal(shrinkage_fit(same, two, 4, 1e6).answer, ANSWER_SMALL_N);
}

/* METHODS 2.5: the Monte Carlo of naus_mc within 1 %. */
static void clusters(void **state)
{
    static const double hours[] = { 1, 2, 2.5, 3, 50, 51, 90 };

    (void)state;
    near_to(naus_scan(5, 1, 10), 0.110008, 0.0011);
    near_to(naus_scan(4, 0.5, 10), 0.050701, 0.0005);
    assert_true(isnan(naus_scan(2, 1, 10)));
    assert_true(naus_scan(200, 0.1, 30) < 1e-12);
    assert_int_equal(scan_most(hours, 7, 2), 4);
    assert_int_equal(scan_most(hours, 7, 0.4), 1);
    assert_int_equal(scan_most(hours, 0, 1), 0);
}

static void alike(void **state)
{
    struct arena *memory = arena_new();
    struct text a = similar_normalise(text_of("3号楼电梯又坏了，困人两次"), memory);
    struct text b = similar_normalise(text_of("３号楼电梯又坏了困人两次！！"), memory);
    struct text c = similar_normalise(text_of("ＷｉＦｉ门禁 刷不开。"), memory);
    struct text none = similar_normalise(text_of("……！"), memory);
    struct grams first = similar_grams(a, memory), second = similar_grams(b, memory);
    struct grams third = similar_grams(c, memory), empty = similar_grams(none, memory);

    (void)state;
    assert_true(text_is(c, "wifi门禁刷不开"));
    near_to(similar_jaccard(&first, &second), 1, 0);
    near_to(similar_jaccard(&first, &third), 0, 0);
    near_to(similar_agreement(&first, &second, 64, memory), 1, 0);
    assert_int_equal(empty.count, 0);
    assert_true(isnan(similar_containment(&first, &empty)));
    assert_true(isnan(similar_jaccard(&empty, &empty)));
    arena_free(memory);
}

/* 2 can be worked out from its row; a rectangle of four hides it. */
static void a_small_cell_is_protected(void **state)
{
    static const int64_t values[] = { 12, 2, 14, 20, 7, 27, 8, 9, 17, 40, 18, 58 };
    static const int64_t wrong[] = { 12, 2, 15, 20, 7, 27, 8, 9, 17, 40, 18, 59 };
    static const int64_t single[] = { 2, 2, 2, 2 };
    const struct count_table table = { 3, 2, values }, bad = { 3, 2, wrong };
    const struct count_table lone = { 1, 1, single };
    uint8_t hidden[12] = { 0, 1 };
    struct arena *memory = arena_new();
    int64_t low, high;

    (void)state;
    assert_true(count_table_adds_up(&table));
    assert_false(count_table_adds_up(&bad));
    disclose_bounds(&table, hidden, 1, memory, &low, &high);
    assert_true(low == 2 && high == 2);
    assert_false(disclose_safe(&table, hidden, 5));
    assert_true(disclose_protect(&table, 5, memory, hidden));
    assert_true(disclose_safe(&table, hidden, 5));
    disclose_bounds(&table, hidden, 1, memory, &low, &high);
    assert_true(low == 0 && high >= 5);
    assert_true(disclose_protect(&lone, 5, memory, hidden)); /* all is hidden */
    arena_free(memory);
}

static void chance_is_fixed(void **state)
{
    struct chance chance = { 20240101 };
    int seen[7] = { 0 };

    (void)state;
    assert_true(chance_next(&chance) == UINT64_C(15213845624156854423));
    for (int i = 0; i < 7000; i++)
        seen[chance_below(&chance, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_true(seen[i] > 850 && seen[i] < 1150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(again_within_days),
        cmocka_unit_test(one_key_widens_the_error),
        cmocka_unit_test(mean_cumulative_function),
        cmocka_unit_test(small_exposure_does_not_top_the_list),
        cmocka_unit_test(clusters),
        cmocka_unit_test(alike),
        cmocka_unit_test(a_small_cell_is_protected),
        cmocka_unit_test(chance_is_fixed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
