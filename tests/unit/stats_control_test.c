/* stats_control_test.c - which points are beyond normal variation, and trends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* core/status.h has a function of this name */

#include <math.h>

#include "analyze/stats_control.h"
#include "analyze/stats_farrington.h"
#include "analyze/stats_queue.h"

static void near_to(double value, double want, double within)
{
    assert_true(fabs(value - want) <= within);
}

static void chart(const double *y, size_t count, struct arena *memory,
                  struct value_chart *out)
{
    struct control_rules rules = control_default();

    control_values(y, count, &rules, memory, out);
}

/* 10 12 10 12 ...: mean 11, ranges 2, limits 11 +- 5.32. */
static void limits_by_hand(void **state)
{
    static const double y[] = { 10, 12, 10, 12, 10, 12, 10, 12 };
    struct arena *memory = arena_new();
    struct value_chart out;

    (void)state;
    chart(y, 8, memory, &out);
    near_to(out.centre, 11, 1e-12);
    near_to(out.low, 11 - 5.32, 1e-12);
    near_to(out.high, 11 + 5.32, 1e-12);
    for (int i = 0; i < 8; i++)
        assert_int_equal(out.signals[i], 0);
    arena_free(memory);
}

static void the_four_signals(void **state)
{
    static const double outside[] = { 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 30 };
    static const double shift[] = { 1, 2, 1, 2, 1, 2, 1, 5, 6, 5, 6, 5, 6, 5 };
    static const double trend[] = { 5, 1, 2, 3, 4, 5, 6, 7, 5 };
    static const double shorter[] = { 5, 1, 2, 3, 4, 5, 6, 5, 5 };
    static const double level[] = { 5, 5, 5, 5, 5, 5, 5, 5 };
    struct arena *memory = arena_new();
    struct value_chart out;

    (void)state;
    chart(outside, 13, memory, &out);
    assert_true((out.signals[12] & SIGNAL_OUTSIDE) != 0);
    assert_true((out.signals[11] & SIGNAL_OUTSIDE) == 0);
    chart(shift, 14, memory, &out);
    for (int i = 0; i < 14; i++)
        assert_true((out.signals[i] & SIGNAL_SHIFT) != 0);
    chart(trend, 9, memory, &out);
    assert_true((out.signals[0] & SIGNAL_TREND) == 0);
    for (int i = 1; i < 8; i++)
        assert_true((out.signals[i] & SIGNAL_TREND) != 0);
    chart(shorter, 9, memory, &out); /* 6 points rising are no trend */
    for (int i = 0; i < 9; i++)
        assert_true((out.signals[i] & SIGNAL_TREND) == 0);
    chart(level, 8, memory, &out);
    for (int i = 0; i < 8; i++)
        assert_int_equal(out.signals[i], 0);
    arena_free(memory);
}

/* Two of three between 2/3 of the limit and the limit, on one side. */
static void near_the_limit(void **state)
{
    static const double y[] = { 0, 0, 8, 1, 8, 0 };
    static const double low[] = { -10, -10, -10, -10, -10, -10 };
    static const double high[] = { 10, 10, 10, 10, 10, 10 };
    struct control_rules rules = control_default();
    uint8_t signals[6];

    (void)state;
    control_signals(y, low, high, 0, 6, &rules, signals);
    assert_int_equal(signals[2], SIGNAL_CLOSE | SIGNAL_NEAR);
    assert_int_equal(signals[3], 0);
    assert_int_equal(signals[4], SIGNAL_CLOSE | SIGNAL_NEAR);
}

static void shares_with_their_own_limits(void **state)
{
    static const double x[] = { 90, 45, 180 }, n[] = { 100, 50, 200 };
    static const double all[] = { 10, 20 };
    struct arena *memory = arena_new();
    struct share_chart out;

    (void)state;
    control_shares(x, n, 3, 1.128, 3, memory, &out);
    near_to(out.centre, 0.9, 1e-12);
    near_to(out.plain_low[0], 0.9 - 3 * 0.03, 1e-12);
    near_to(out.plain_high[2], 0.9 + 3 * 0.3 / sqrt(200), 1e-12);
    near_to(out.sigma_z, 0, 1e-12); /* every share is 0.9 */
    control_shares(all, all, 2, 1.128, 3, memory, &out);
    assert_int_equal(out.answer, ANSWER_NOT_IDENTIFIED);
    control_shares(x, n, 0, 1.128, 3, memory, &out);
    assert_int_equal(out.answer, ANSWER_NO_DATA);
    arena_free(memory);
}

static void runs_and_trends(void **state)
{
    static const double rising[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    static const double flat[] = { 3, 3, 3, 3, 3, 3, 3, 3 };
    struct arena *memory = arena_new();
    struct runs runs = control_runs(rising, 8, 0.05, 3, memory);
    struct trend trend = trend_test(NULL, rising, 8, 0.95, memory);

    (void)state;
    assert_int_equal(runs.useful, 8);
    assert_int_equal(runs.longest, 4);
    assert_int_equal(runs.crossings, 1);
    assert_int_equal(runs.longest_most, 6);
    near_to(trend.s, 28, 0);
    near_to(trend.variance, 8 * 7 * 21.0 / 18, 1e-12);
    near_to(trend.tau, 1, 1e-12);
    near_to(trend.slope.value, 1, 1e-12);
    assert_true(trend.p < 0.01);
    trend = trend_test(NULL, flat, 8, 0.95, memory);
    assert_true(isnan(trend.p) && isnan(trend.z));
    arena_free(memory);
}

/* A month far above three quiet years raises the alarm, a quiet one does not. */
static void early_warning(void **state)
{
    double y[49];
    struct arena *memory = arena_new();
    struct farrington_options options = farrington_monthly(3);
    struct farrington out;

    (void)state;
    for (int i = 0; i < 49; i++)
        y[i] = 20 + i % 3;
    out = farrington_at(y, 48, &options, memory);
    assert_int_equal(out.answer, ANSWER_OK);
    assert_false(out.alarm);
    near_to(out.expected, 21, 2);
    y[48] = 60;
    assert_true(farrington_at(y, 48, &options, memory).alarm);
    assert_int_equal(farrington_at(y, 20, &options, memory).answer,
                     ANSWER_NOT_IDENTIFIED);
    arena_free(memory);
}

/* Exact: C(3 agents, 2 Erlang) = 4/9, B(1, 0.5) = 1/3. */
static void waiting_lines(void **state)
{
    struct queue_patient line = queue_erlang_c(2, 1, 3, 0.5);

    (void)state;
    near_to(line.wait_share, 4.0 / 9, 1e-12);
    near_to(queue_erlang_c(0.5, 1, 1, 1).lost, 1.0 / 3, 1e-12);
    assert_true(isinf(queue_erlang_c(5, 1, 5, 0.2).wait_mean));
    near_to(queue_erlang_c(0, 1, 2, 0.5).served_within, 1, 0);
    assert_true(queue_erlang_a(5, 1, 3, 0.25, 0.5).leave_share > 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_by_hand),
        cmocka_unit_test(the_four_signals),
        cmocka_unit_test(near_the_limit),
        cmocka_unit_test(shares_with_their_own_limits),
        cmocka_unit_test(runs_and_trends),
        cmocka_unit_test(early_warning),
        cmocka_unit_test(waiting_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
