/* stats_rate_test.c - shares, ratios and mixes against published values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* core/status.h has a function of this name */

#include <math.h>

#include "analyze/stats_rate.h"

static void near_to(double value, double want, double within)
{
    assert_true(fabs(value - want) <= within);
}

/* Newcombe (1998), Table I; 6/9 and 95/100 of DOMAIN 2.0. */
static void wilson_as_published(void **state)
{
    static const struct {
        double x, n, low, high;
    } cases[] = {
        { 81, 263, 0.2553, 0.3662 }, { 15, 148, 0.0624, 0.1605 },
        { 0, 20, 0, 0.1611 },        { 1, 29, 0.0061, 0.1718 },
        { 6, 9, 0.354, 0.879 },      { 95, 100, 0.888, 0.978 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct estimate share = rate_wilson(cases[i].x, cases[i].n, 0.95);

        near_to(share.low, cases[i].low, 0.0006);
        near_to(share.high, cases[i].high, 0.0006);
    }
    assert_true(rate_wilson(20, 20, 0.95).high >= 1);
    assert_int_equal(rate_wilson(0, 0, 0.95).answer, ANSWER_NO_DATA);
    near_to(rate_exact(0, 20, 0.95).high, 0.1684, 0.0001);
}

static void a_difference_of_shares(void **state)
{
    struct estimate change = rate_difference(56, 70, 48, 80, 0.95);

    (void)state;
    near_to(change.value, 0.2, 1e-12);
    near_to(change.low, 0.0524, 0.0001);
    near_to(change.high, 0.3339, 0.0001);
    assert_int_equal(rate_difference(0, 0, 1, 2, 0.95).answer, ANSWER_NO_DATA);
}

static void ratios_of_counts(void **state)
{
    struct poisson_ratio ratio = rate_poisson(11, 800, 3, 1100, 0.95);
    static const double counts[] = { 10, 10, 10, 10 }, burst[] = { 0, 40, 0, 40 };
    static const double days[] = { 30, 30, 30, 30 };

    (void)state;
    near_to(ratio.ratio.value, 5.0417, 0.0001);
    near_to(ratio.ratio.low, 1.3318, 0.0001);
    near_to(ratio.ratio.high, 28.1446, 0.0001);
    assert_true(ratio.p < 0.05);
    assert_true(isinf(rate_poisson(5, 31, 0, 30, 0.95).ratio.value));
    assert_int_equal(rate_poisson(0, 31, 0, 30, 0.95).ratio.answer, ANSWER_NO_DATA);
    near_to(rate_dispersion(counts, days, 4), 1, 1e-12);
    near_to(rate_dispersion(burst, days, 4), 80.0 / 3, 1e-9); /* 4 * 20^2/20 / 3 */
    ratio = rate_overdispersed(60, 30, 40, 30, 9, 0.95);
    assert_true(ratio.ratio.low < 1 && ratio.ratio.high > 1 && ratio.p > 0.05);
}

/* METHODS 3.2: 300 of 400 answered, 276 satisfied. */
static void who_did_not_answer(void **state)
{
    struct bounds bounds = rate_bounds(400, 300, 276, 0.95);

    (void)state;
    near_to(bounds.response, 0.75, 1e-12);
    near_to(bounds.among_answered, 0.92, 1e-12);
    near_to(bounds.low, 0.69, 1e-12);
    near_to(bounds.high, 0.94, 1e-12);
    assert_true(bounds.sampling_low < 0.69 && bounds.sampling_high > 0.94);
}

static void the_effects_add_up(void **state)
{
    static const double x0[] = { 180, 30, 12, 88 }, n0[] = { 220, 60, 15, 90 };
    static const double x1[] = { 210, 64, 0, 40 }, n1[] = { 240, 130, 0, 41 };
    struct kitagawa sum = rate_decompose(x0, n0, x1, n1, 4, NULL);

    (void)state;
    near_to(sum.rate + sum.mix, sum.total, 1e-12);
    near_to(sum.total, 314.0 / 411 - 310.0 / 385, 1e-12);
}

/* Benjamini & Hochberg (1995): their 15 p values, 4 rejected at 0.05 by BH, 3 by
 * Holm. */
static void a_family_of_tests(void **state)
{
    static const double p[] = { 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278,
                                0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
                                0.6528, 0.7590, 1.0000, NAN };
    double adjusted[16];
    struct arena *memory = arena_new();
    int rejected = 0;

    (void)state;
    rate_adjust(p, 16, ADJUST_BH, memory, adjusted);
    for (int i = 0; i < 15; i++)
        rejected += adjusted[i] <= 0.05;
    assert_int_equal(rejected, 4);
    assert_true(isnan(adjusted[15]));
    rate_adjust(p, 16, ADJUST_HOLM, memory, adjusted);
    near_to(adjusted[0], 0.0015, 1e-12);
    near_to(adjusted[2], 0.0247, 1e-12);
    assert_true(adjusted[3] > 0.05);
    arena_free(memory);
}

static void quantiles_and_sums(void **state)
{
    static const double values[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    static const double rough[] = { 1, 1e100, 1, -1e100 };
    double value;

    (void)state;
    near_to(stats_quantile7(values, 10, 0.9), 9.1, 1e-12);
    near_to(stats_quantile7(values, 10, 0.5), 5.5, 1e-12);
    near_to(stats_quantile7(values, 1, 0.9), 1, 1e-12);
    assert_true(isnan(stats_quantile7(values, 0, 0.5)));
    near_to(stats_sum(rough, 4), 2, 0);
    near_to(stats_z(0.95), 1.959963984540054, 1e-15);
    assert_true(stats_distribution("pt", -2.1, 7, NAN, &value));
    near_to(value, 0.0369356, 1e-7);
    assert_false(stats_distribution("pfoo", 1, 1, 1, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_as_published), cmocka_unit_test(a_difference_of_shares),
        cmocka_unit_test(ratios_of_counts),    cmocka_unit_test(who_did_not_answer),
        cmocka_unit_test(the_effects_add_up),  cmocka_unit_test(a_family_of_tests),
        cmocka_unit_test(quantiles_and_sums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
