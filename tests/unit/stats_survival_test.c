/* stats_survival_test.c - Kaplan-Meier and its kin, by hand and against survival's
 * published example (aml: medians 31 and 23, log-rank 3.40, p 0.065). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* core/status.h has a function of this name */

#include <math.h>

#include "analyze/stats_survival.h"

static const double aml_time[] = { 9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5,
                                   5, 8,  8,  12, 16, 23, 27, 30, 33, 43, 45 };
static const uint8_t aml_event[] = { 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1,
                                     1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1 };
enum { MAINTAINED = 11, AML = 23 };

static void close_to(double value, double want)
{
    assert_true(fabs(value - want) <= 1e-12 * fmax(1, fabs(want)));
}

/* 5 tickets: done after 1, 2, 3 h; open after 2 and 5 h.
 * S: 4/5, 4/5 * 3/4 = 3/5, 3/5 * 1/2 = 3/10. */
static void five_tickets_by_hand(void **state)
{
    static const double time[] = { 3, 1, 2, 5, 2 };
    static const uint8_t done[] = { 1, 1, 1, 0, 0 };
    struct arena *memory = arena_new();
    struct survival curve;
    struct estimate mean, by;

    (void)state;
    survival_fit(NULL, time, done, 5, memory, &curve);
    assert_int_equal(curve.count, 4);
    close_to(curve.share[0], 0.8);
    close_to(curve.share[1], 0.6);
    close_to(curve.share[2], 0.3);
    close_to(curve.share[3], 0.3);
    assert_int_equal(curve.at_risk[2], 2);
    close_to(curve.variance[2], 1.0 / 20 + 1.0 / 12 + 1.0 / 2);
    close_to(survival_at(&curve, 0.99), 1);
    close_to(survival_at(&curve, 2), 0.6);
    mean = survival_mean(&curve, 5, false, 0.95); /* 1 + .8 + .6 + 2 * .3 */
    close_to(mean.value, 3);
    by = survival_done(&curve, 2.5, LIMIT_LOGLOG, 0.95);
    close_to(by.value, 0.4);
    assert_true(by.low > 0 && by.low < 0.4 && by.high > 0.4 && by.high < 1);
    assert_int_equal(survival_done(&curve, 6, LIMIT_LOGLOG, 0.95).answer,
                     ANSWER_NOT_IDENTIFIED);
    assert_int_equal(survival_mean(&curve, 6, false, 0.95).answer,
                     ANSWER_NOT_IDENTIFIED);
    assert_int_equal(survival_quantile(&curve, LIMIT_LOGLOG, 0.95, 0.9, memory).answer,
                     ANSWER_NOT_REACHED);
    close_to(survival_quantile(&curve, LIMIT_LOGLOG, 0.95, 0.5, memory).value, 3);
    arena_free(memory);
}

static void nothing_and_hopeless_rows(void **state)
{
    static const double time[] = { NAN, 3 }, entry[] = { 0, 3 };
    static const uint8_t done[] = { 1, 1 };
    struct arena *memory = arena_new();
    struct survival curve;
    struct outcomes outcomes;

    (void)state;
    survival_fit(entry, time, done, 2, memory, &curve);
    assert_int_equal(curve.rows, 0);
    assert_int_equal(curve.left_out, 2);
    assert_int_equal(survival_quantile(&curve, LIMIT_LOGLOG, 0.95, 0.5, memory).answer,
                     ANSWER_NO_DATA);
    assert_int_equal(survival_mean(&curve, 1, true, 0.95).answer, ANSWER_NO_DATA);
    outcomes_fit(time, done, 0, memory, &outcomes);
    assert_int_equal(outcomes_fixed(&outcomes, 1, 0.95).answer, ANSWER_NO_DATA);
    arena_free(memory);
}

static void the_aml_example(void **state)
{
    struct arena *memory = arena_new();
    struct survival curve;
    struct estimate median;
    struct logrank test;
    uint32_t group[AML];

    (void)state;
    survival_fit(NULL, aml_time, aml_event, MAINTAINED, memory, &curve);
    median = survival_quantile(&curve, LIMIT_LOG, 0.95, 0.5, memory);
    close_to(median.value, 31);
    close_to(median.low, 18);
    assert_true(isnan(median.high));
    survival_fit(NULL, aml_time + MAINTAINED, aml_event + MAINTAINED, AML - MAINTAINED,
                 memory, &curve);
    median = survival_quantile(&curve, LIMIT_LOG, 0.95, 0.5, memory);
    close_to(median.value, 23);
    close_to(median.low, 8);
    for (uint32_t i = 0; i < AML; i++)
        group[i] = i >= MAINTAINED;
    logrank_test(NULL, aml_time, aml_event, group, 2, NULL, AML, memory, &test);
    assert_true(fabs(test.statistic - 3.40) < 0.005);
    assert_true(fabs(test.p - 0.0653) < 0.0005);
    assert_int_equal(test.df, 1);
    arena_free(memory);
}

/* The order in which rows come never changes a bit. */
static void order_does_not_matter(void **state)
{
    double time[AML];
    uint8_t event[AML];
    struct arena *memory = arena_new();
    struct survival forward, backward;

    (void)state;
    for (int i = 0; i < AML; i++) {
        time[i] = aml_time[AML - 1 - i];
        event[i] = aml_event[AML - 1 - i];
    }
    survival_fit(NULL, aml_time, aml_event, AML, memory, &forward);
    survival_fit(NULL, time, event, AML, memory, &backward);
    assert_int_equal(forward.count, backward.count);
    for (size_t i = 0; i < forward.count; i++) {
        assert_true(forward.share[i] == backward.share[i]);
        assert_true(forward.variance[i] == backward.variance[i]);
    }
    arena_free(memory);
}

/* Two of four done, one withdrawn: F(done) by the product rule. */
static void withdrawn_is_not_done(void **state)
{
    static const double time[] = { 1, 2, 3, 4 };
    static const uint8_t outcome[] = { 1, 2, 1, 0 };
    struct arena *memory = arena_new();
    struct outcomes curve;

    (void)state;
    outcomes_fit(time, outcome, 4, memory, &curve);
    close_to(curve.share_fixed[3], 0.25 + 0.25); /* 1/4, then S=1/2 * 1/2 */
    close_to(curve.share_other[3], 0.25);
    close_to(curve.share_open[3], 0.25);
    close_to(outcomes_fixed(&curve, 2.5, 0.95).value, 0.25);
    arena_free(memory);
}

static void the_period_view(void **state)
{
    struct stay stay;

    (void)state;
    assert_true(survival_stay(-5, 4, 0, 30, &stay));
    close_to(stay.entry, 5);
    close_to(stay.exit, 9);
    assert_true(stay.event);
    assert_true(survival_stay(28, 40, 0, 30, &stay));
    close_to(stay.exit, 2);
    assert_false(stay.event);
    assert_false(survival_stay(30, 31, 0, 30, &stay));
    assert_false(survival_stay(-9, 0, 0, 30, &stay));
}

static void half_the_time_is_shortened_by_half(void **state)
{
    double old[120], now[120];
    uint8_t done[120];
    struct arena *memory = arena_new();
    struct survival curves[2];
    struct shortening both;

    (void)state;
    for (int i = 0; i < 120; i++) {
        old[i] = 2.0 * (i + 1);
        now[i] = i + 1;
        done[i] = 1;
    }
    survival_fit(NULL, old, done, 120, memory, &curves[0]);
    survival_fit(NULL, now, done, 120, memory, &curves[1]);
    survival_shorten(&curves[0], &curves[1], 240, LIMIT_LOGLOG, 0.95, memory, &both);
    close_to(both.median_ratio.value, 0.5);
    close_to(both.mean_ratio.value, 0.5);
    assert_true(both.mean_ratio.high < 1 && both.median_ratio.high < 1);
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_tickets_by_hand),
        cmocka_unit_test(nothing_and_hopeless_rows),
        cmocka_unit_test(the_aml_example),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(withdrawn_is_not_done),
        cmocka_unit_test(the_period_view),
        cmocka_unit_test(half_the_time_is_shortened_by_half),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
