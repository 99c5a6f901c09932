/* golden_rate.h - forms of METHODS 0.4, 2.4-2.5, 3 and 4.  Part of golden.c. */
#ifndef HY_GOLDEN_RATE_H
#define HY_GOLDEN_RATE_H

#include "analyze/stats_control.h"
#include "analyze/stats_rate.h"
#include "analyze/stats_recur.h"
#include "golden_table.h"

static void form_dist_functions(struct task *task, struct output *out)
{
    const char **name = words_of(task, task->want, "fn");
    double *a = numbers_of(task, task->want, "a");
    double *b = numbers_of(task, task->want, "b");
    double *c = numbers_of(task, task->want, "c");

    for (size_t i = 0; i < task->want->rows; i++) {
        double value = NAN;

        if (!stats_distribution(name[i], a[i], b[i], c[i], &value))
            complain(task, "unknown function %s", name[i]);
        out_row(out);
        put(out, "value", value);
    }
}

/* --- shares ----------------------------------------------------------------- */

static void form_prop_ci(struct task *task, struct output *out)
{
    double *x = numbers_of(task, task->want, "x");
    double *n = numbers_of(task, task->want, "n");
    double *level = numbers_of(task, task->want, "conf");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct estimate wilson = rate_wilson(x[i], n[i], level[i]);
        struct estimate exact = rate_exact(x[i], n[i], level[i]);

        out_row(out);
        put(out, "p", wilson.value);
        put(out, "wilson.lo", wilson.low);
        put(out, "wilson.hi", wilson.high);
        put(out, "cp.lo", exact.low);
        put(out, "cp.hi", exact.high);
    }
}

static void form_manski(struct task *task, struct output *out)
{
    double *n = numbers_of(task, task->want, "N");
    double *answered = numbers_of(task, task->want, "responded");
    double *satisfied = numbers_of(task, task->want, "satisfied");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct bounds bounds =
            rate_bounds(n[i], answered[i], satisfied[i], param_number(task, "level"));

        out_row(out);
        put(out, "resp.rate", bounds.response);
        put(out, "p.resp", bounds.among_answered);
        put(out, "manski.lo", bounds.low);
        put(out, "manski.hi", bounds.high);
        put(out, "im.C", bounds.factor);
        put(out, "im.lo", bounds.sampling_low);
        put(out, "im.hi", bounds.sampling_high);
    }
}

static void form_poststrat(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double raw;
    struct estimate value =
        rate_poststratified(numbers_of(task, input, "N"), numbers_of(task, input, "r"),
                            numbers_of(task, input, "s"), input->rows,
                            param_number(task, "level"), &raw);

    put_named(out, "raw", raw);
    put_named(out, "poststratified", value.value);
    put_named(out, "se.fpc", value.error);
    put_named(out, "lower", value.low);
    put_named(out, "upper", value.high);
}

static void form_newcombe(struct task *task, struct output *out)
{
    double *x1 = numbers_of(task, task->want, "x1");
    double *n1 = numbers_of(task, task->want, "n1");
    double *x2 = numbers_of(task, task->want, "x2");
    double *n2 = numbers_of(task, task->want, "n2");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct estimate value =
            rate_difference(x1[i], n1[i], x2[i], n2[i], param_number(task, "level"));

        out_row(out);
        put(out, "diff", value.value);
        put(out, "lower", value.low);
        put(out, "upper", value.high);
    }
}

static void form_poisson_ratio(struct task *task, struct output *out)
{
    double *a = numbers_of(task, task->want, "a");
    double *ta = numbers_of(task, task->want, "Ta");
    double *b = numbers_of(task, task->want, "b");
    double *tb = numbers_of(task, task->want, "Tb");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct poisson_ratio value =
            rate_poisson(a[i], ta[i], b[i], tb[i], param_number(task, "level"));

        out_row(out);
        put(out, "ratio", value.ratio.value);
        put(out, "lower", value.ratio.low);
        put(out, "upper", value.ratio.high);
        put(out, "p.central", value.p);
        put(out, "midp.lower", value.mid_low);
        put(out, "midp.upper", value.mid_high);
    }
}

static void form_dstd(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    struct standardised value =
        rate_standardised(numbers_of(task, input, "count"),
                          numbers_of(task, input, "pop"),
                          numbers_of(task, input, "std"), input->rows,
                          param_number(task, "level"));

    put_named(out, "crude", value.crude);
    put_named(out, "adjusted", value.adjusted.value);
    put_named(out, "fayfeuer.lower", value.adjusted.low);
    put_named(out, "fayfeuer.upper", value.adjusted.high);
    put_named(out, "var", value.variance);
}

static void put_effect(struct output *out, const char *name,
                       const struct kitagawa *effect)
{
    out_row(out);
    put_words(out, "cat", name);
    put(out, "rate.effect", effect->rate);
    put(out, "mix.effect", effect->mix);
    put(out, "total", effect->total);
}

static void form_kitagawa(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    const char **name = words_of(task, input, "cat");
    struct kitagawa *each = arena_alloc(task->memory, (input->rows + 1) * sizeof *each);
    struct kitagawa sum =
        rate_decompose(numbers_of(task, input, "x0"), numbers_of(task, input, "n0"),
                       numbers_of(task, input, "x1"), numbers_of(task, input, "n1"),
                       input->rows, each);

    for (size_t i = 0; i < input->rows; i++)
        put_effect(out, name[i], &each[i]);
    put_effect(out, param(task, "total"), &sum);
}

/* --- empirical Bayes, clusters, families -------------------------------------- */

static void form_eb_fit(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    struct shrinkage fit =
        shrinkage_fit(numbers_of(task, input, "y"), numbers_of(task, input, "E"),
                      input->rows, param_number(task, "a.max"));

    put_named(out, "a", fit.a);
    put_named(out, "b", fit.b);
    put_named(out, "prior.mean", fit.heterogeneous ? fit.a / fit.b : fit.pooled);
    put_named(out, "loglik", fit.log_likelihood);
    put_named(out, "pooled.rate", fit.pooled);
    put_named(out, "heterogeneity", fit.heterogeneous);
}

/* 1 + number of larger values; no value: no rank. */
static double rank_of(const double *values, size_t count, size_t at)
{
    double rank = 1;

    for (size_t i = 0; i < count; i++)
        rank += values[i] > values[at];
    return isnan(values[at]) ? NAN : rank;
}

static void form_eb_units(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    const char **unit = words_of(task, input, "unit");
    double *y = numbers_of(task, input, "y"), *e = numbers_of(task, input, "E");
    double *low = arena_alloc(task->memory, (input->rows + 1) * sizeof *low);
    double *raw = arena_alloc(task->memory, (input->rows + 1) * sizeof *raw);
    double factor = param_number(task, "factor");
    struct shrinkage fit =
        shrinkage_fit(y, e, input->rows, param_number(task, "a.max"));

    for (size_t i = 0; i < input->rows; i++) {
        struct posterior one = shrinkage_unit(&fit, y[i], e[i], factor);

        low[i] = one.p05;
        raw[i] = one.raw;
    }
    for (size_t i = 0; i < input->rows; i++) {
        struct posterior one = shrinkage_unit(&fit, y[i], e[i], factor);

        out_row(out);
        put_words(out, "unit", unit[i]);
        put(out, "y", y[i]);
        put(out, "E", e[i]);
        put(out, "raw", one.raw);
        put(out, "post.mean", one.mean);
        put(out, "post.sd", one.error);
        put(out, "eb05", one.p05);
        put(out, "eb50", one.p50);
        put(out, "eb95", one.p95);
        put(out, arena_printf(task->memory, "p.gt.%gref", factor), one.above);
        put(out, "rank.eb05", rank_of(low, input->rows, i));
        put(out, "rank.raw", rank_of(raw, input->rows, i));
    }
}

static void form_eb_marshall(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    const char **unit = words_of(task, input, "unit");
    double *shrink = arena_alloc(task->memory, (input->rows + 1) * sizeof *shrink);
    double *value = arena_alloc(task->memory, (input->rows + 1) * sizeof *value);

    shrinkage_moment(numbers_of(task, input, "y"), numbers_of(task, input, "E"),
                     input->rows, shrink, value);
    for (size_t i = 0; i < input->rows; i++) {
        out_row(out);
        put_words(out, "unit", unit[i]);
        put(out, "shrink", shrink[i]);
        put(out, "eb.moment", value[i]);
    }
}

static void scan_rows(struct task *task, struct output *out, const char *name)
{
    double *k = numbers_of(task, task->want, "k");
    double *psi = numbers_of(task, task->want, "psi");
    double *windows = numbers_of(task, task->want, "L");

    for (size_t i = 0; i < task->want->rows; i++) {
        out_row(out);
        put(out, name, naus_scan((int)k[i], psi[i], windows[i]));
    }
}

static void form_naus_scan(struct task *task, struct output *out)
{
    scan_rows(task, out, "p");
}

static void form_naus_mc(struct task *task, struct output *out)
{
    scan_rows(task, out, "naus");
}

static void form_padjust(struct task *task, struct output *out)
{
    static const struct {
        const char *name;
        enum adjustment kind;
    } kinds[] = { { "BH", ADJUST_BH }, { "holm", ADJUST_HOLM }, { "BY", ADJUST_BY } };
    size_t rows = task->want->rows;
    double *p = numbers_of(task, task->want, "p");
    double *adjusted[3];

    for (size_t k = 0; k < 3; k++) {
        adjusted[k] = arena_alloc(task->memory, (rows + 1) * sizeof(double));
        rate_adjust(p, rows, kinds[k].kind, task->memory, adjusted[k]);
    }
    for (size_t i = 0; i < rows; i++) {
        out_row(out);
        for (size_t k = 0; k < 3; k++)
            put(out, kinds[k].name, adjusted[k][i]);
    }
}

static void form_prng(struct task *task, struct output *out)
{
    const char *limit = param(task, "below");
    struct chance chance = { strtoull(param(task, "seed"), NULL, 10) };
    const char *name = arena_printf(task->memory, "below%s", limit);
    size_t rows = task->want->rows;
    uint64_t *words = arena_alloc(task->memory, (rows + 1) * sizeof *words);

    for (size_t i = 0; i < rows; i++)
        words[i] = chance_next(&chance);
    for (size_t i = 0; i < rows; i++) {
        out_row(out);
        put_words(out, "u64",
                  arena_printf(task->memory, "%llu", (unsigned long long)words[i]));
        put(out, name, (double)chance_below(&chance, strtoull(limit, NULL, 10)));
    }
}

/* --- control charts ----------------------------------------------------------- */

static void form_pchart(struct task *task, struct output *out)
{
    size_t rows = task->want->rows;
    double *x = numbers_of(task, task->want, "x");
    double *n = numbers_of(task, task->want, "n");
    struct share_chart chart;

    control_shares(x, n, rows, param_number(task, "d2"), param_number(task, "sigmas"),
                   task->memory, &chart);
    for (size_t i = 0; i < rows; i++) {
        out_row(out);
        put(out, "p", x[i] / n[i]);
        put(out, "cl", chart.centre);
        put(out, "p.lcl", chart.plain_low[i]);
        put(out, "p.ucl", chart.plain_high[i]);
        put(out, "z", chart.z[i]);
        put(out, "sigma.z", chart.sigma_z);
        put(out, "pp.lcl", chart.low[i]);
        put(out, "pp.ucl", chart.high[i]);
    }
}

static void put_signals(struct task *task, struct output *out,
                        const struct control_rules *rules, uint8_t signals)
{
    put(out, "outside", (signals & SIGNAL_OUTSIDE) != 0);
    put(out, "close", (signals & SIGNAL_CLOSE) != 0);
    put(out, arena_printf(task->memory, "shift%zu", rules->shift),
        (signals & SIGNAL_SHIFT) != 0);
    put(out, arena_printf(task->memory, "trend%zu", rules->trend),
        (signals & SIGNAL_TREND) != 0);
    put(out, "two_of_three", (signals & SIGNAL_NEAR) != 0);
    put(out, "any", (signals & SIGNAL_ANY) != 0);
}

static void form_xmr(struct task *task, struct output *out)
{
    const char *screen = param(task, "screen");
    struct control_rules rules = { param_number(task, "limit"),
                                   param_number(task, "close"),
                                   (size_t)param_number(task, "shift"),
                                   (size_t)param_number(task, "trend"),
                                   (size_t)param_number(task, "near"),
                                   (size_t)param_number(task, "of"),
                                   strcmp(screen, "none") == 0 ? 0
                                                               : number_of(screen) };
    size_t rows = task->want->rows;
    double *y = numbers_of(task, task->want, "y");
    size_t *seen;
    struct value_chart *charts;
    struct groups series;

    distinct_of(task, "series", &series);
    seen = arena_alloc(task->memory, (series.count + 1) * sizeof *seen);
    charts = arena_alloc(task->memory, (series.count + 1) * sizeof *charts);
    for (uint32_t g = 0; g < series.count; g++) {
        double *values;
        size_t count = pick(task, &series, rows, g, y, &values);

        control_values(values, count, &rules, task->memory, &charts[g]);
    }
    for (size_t i = 0; i < rows; i++) {
        uint32_t g = series.of[i];

        out_row(out);
        put(out, "mean", charts[g].centre);
        put(out, "amr", charts[g].range);
        put(out, "lpl", charts[g].low);
        put(out, "upl", charts[g].high);
        put_signals(task, out, &rules, charts[g].signals[seen[g]++]);
    }
}

static void form_runs_anhoej(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double *y = numbers_of(task, input, "y"), *values;
    struct groups series;

    group_words(task->memory, words_of(task, input, "series"), input->rows, &series);
    for (uint32_t g = 0; g < series.count; g++) {
        size_t count = pick(task, &series, input->rows, g, y, &values);
        struct runs runs = control_runs(values, count, param_number(task, "alpha"),
                                        param_number(task, "extra"), task->memory);

        out_row(out);
        put_words(out, "series", series.names[g]);
        put(out, "n.useful", (double)runs.useful);
        put(out, "longest", (double)runs.longest);
        put(out, "longest.max", (double)runs.longest_most);
        put(out, "crossings", (double)runs.crossings);
        put(out, "crossings.min", (double)runs.crossings_least);
    }
}

static void form_mk_sen(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double *y = numbers_of(task, input, "y"), *values;
    struct groups series;

    group_words(task->memory, words_of(task, input, "series"), input->rows, &series);
    for (uint32_t g = 0; g < series.count; g++) {
        size_t count = pick(task, &series, input->rows, g, y, &values);
        struct trend trend =
            trend_test(NULL, values, count, param_number(task, "level"), task->memory);

        out_row(out);
        put_words(out, "series", series.names[g]);
        put(out, "n", (double)trend.n);
        put(out, "S", trend.s);
        put(out, "varS", trend.variance);
        put(out, "tau", trend.tau);
        put(out, "z", trend.z);
        put(out, "p", trend.p);
        put(out, "sen", trend.slope.value);
        put(out, "sen.lo", trend.slope.low);
        put(out, "sen.hi", trend.slope.high);
    }
}

static void put_trend(struct output *out, const struct trend *trend)
{
    put(out, "S", trend->s);
    put(out, "varS", trend->variance);
    put(out, "z", trend->z);
    put(out, "p", trend->p);
}

static void seasonal_of(struct task *task, struct seasonal *out)
{
    const struct table *input = &task->inputs[0];

    trend_seasonal(numbers_of(task, input, "t"), numbers_of(task, input, "season"),
                   numbers_of(task, input, "x"), input->rows, task->memory, out);
}

static void form_smk(struct task *task, struct output *out)
{
    struct seasonal seasonal;

    seasonal_of(task, &seasonal);
    out_row(out);
    put(out, "n", (double)seasonal.total.n);
    put_trend(out, &seasonal.total);
    put(out, "seasonal.sen", seasonal.total.slope.value);
}

static void form_smk_by_season(struct task *task, struct output *out)
{
    struct seasonal seasonal;

    seasonal_of(task, &seasonal);
    for (size_t i = 0; i < seasonal.season_count; i++) {
        out_row(out);
        put(out, "season", seasonal.seasons[i]);
        put_trend(out, &seasonal.each[i]);
    }
}

#endif
