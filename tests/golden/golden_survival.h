/* golden_survival.h - forms of METHODS sections 1, 2 and 4.3.  Part of golden.c. */
#ifndef HY_GOLDEN_SURVIVAL_H
#define HY_GOLDEN_SURVIVAL_H

#include "analyze/stats_recur.h"
#include "analyze/stats_survival.h"
#include "core/calendar.h"
#include "golden_table.h"

static enum limit_kind kind_of(struct task *task, const char *name)
{
    if (strcmp(name, "log") == 0)
        return LIMIT_LOG;
    if (strcmp(name, "plain") == 0)
        return LIMIT_PLAIN;
    if (strcmp(name, "log-log") != 0)
        complain(task, "unknown limits %s", name);
    return LIMIT_LOGLOG;
}

struct cohort { /* the input of most survival forms */
    struct groups groups;
    size_t rows;
    double *time, *event, *entry; /* entry NULL = -Inf */
    const char *by;               /* name of the group column in the output */
};

static void cohort_read(struct task *task, struct cohort *out)
{
    const struct table *input = &task->inputs[0];

    out->rows = input->rows;
    out->time = param_column(task, input, "time");
    out->event = param_column(task, input, "event");
    out->entry = pairs_get(&task->params, "entry") == NULL
                     ? NULL
                     : param_column(task, input, "entry");
    group_by(task, input, &out->groups);
    out->by = strcmp(param(task, "by"), "-") == 0 ? "stratum" : param(task, "by");
}

static uint8_t *flags_of(struct task *task, const double *values, size_t count)
{
    uint8_t *out = arena_alloc(task->memory, count + 1);

    for (size_t i = 0; i < count; i++)
        out[i] = values[i] != 0;
    return out;
}

static void cohort_fit(struct task *task, const struct cohort *cohort, uint32_t group,
                       struct survival *out)
{
    double *time, *event, *entry = NULL;
    size_t count =
        pick(task, &cohort->groups, cohort->rows, group, cohort->time, &time);

    pick(task, &cohort->groups, cohort->rows, group, cohort->event, &event);
    if (cohort->entry != NULL)
        pick(task, &cohort->groups, cohort->rows, group, cohort->entry, &entry);
    survival_fit(entry, time, flags_of(task, event, count), count, task->memory, out);
}

/* The types of limits asked: a column conf.type, else the parameter. */
static void types_of(struct task *task, struct groups *out)
{
    if (column_of(task->want, "conf.type") >= 0) {
        distinct_of(task, "conf.type", out);
        return;
    }
    out->names = arena_alloc(task->memory, sizeof *out->names);
    out->names[0] = param(task, "type");
    out->count = 1;
}

static void form_km_table(struct task *task, struct output *out)
{
    struct cohort cohort;
    struct groups types;
    struct survival curve;

    cohort_read(task, &cohort);
    types_of(task, &types);
    for (uint32_t g = 0; g < cohort.groups.count; g++) {
        cohort_fit(task, &cohort, g, &curve);
        for (size_t k = 0; k < types.count; k++)
            for (size_t i = 0; i < curve.count; i++) {
                double low, high, s = curve.share[i];

                survival_limits(&curve, i, kind_of(task, types.names[k]),
                                param_number(task, "level"), &low, &high);
                out_row(out);
                put_words(out, cohort.by, cohort.groups.names[g]);
                put_words(out, "conf.type", types.names[k]);
                put(out, "time", curve.time[i]);
                put(out, "n.risk", (double)curve.at_risk[i]);
                put(out, "n.event", (double)curve.events[i]);
                put(out, "n.censor", (double)curve.censored[i]);
                put(out, "surv", s);
                put(out, "se.logS", sqrt(curve.variance[i]));
                put(out, "greenwood.var", s * s * curve.variance[i]);
                put(out, "lower", low);
                put(out, "upper", high);
                put(out, "cumhaz", curve.hazard[i]);
                put(out, "se.cumhaz", sqrt(curve.hazard_variance[i]));
            }
    }
}

static void form_km_quantiles(struct task *task, struct output *out)
{
    struct cohort cohort;
    struct groups types, shares;
    struct survival curve;
    double *p;
    struct estimate *found;

    cohort_read(task, &cohort);
    types_of(task, &types);
    distinct_of(task, "p", &shares);
    p = arena_alloc(task->memory, (shares.count + 1) * sizeof *p);
    found = arena_alloc(task->memory, (shares.count + 1) * sizeof *found);
    for (size_t i = 0; i < shares.count; i++)
        p[i] = number_of(shares.names[i]);
    for (uint32_t g = 0; g < cohort.groups.count; g++) {
        cohort_fit(task, &cohort, g, &curve);
        for (size_t k = 0; k < types.count; k++) {
            survival_quantiles(&curve, kind_of(task, types.names[k]),
                               param_number(task, "level"), p, shares.count,
                               task->memory, found);
            for (size_t i = 0; i < shares.count; i++) {
                out_row(out);
                put_words(out, "conf.type", types.names[k]);
                put_words(out, cohort.by, cohort.groups.names[g]);
                put(out, "p", p[i]);
                put(out, "quantile", found[i].value);
                put(out, "lower", found[i].low);
                put(out, "upper", found[i].high);
            }
        }
    }
}

static bool flat_of(struct task *task)
{
    const char *beyond = pairs_get(&task->params, "beyond");

    return beyond != NULL && strcmp(beyond, "flat") == 0;
}

static void form_km_rmst(struct task *task, struct output *out)
{
    struct cohort cohort;
    struct groups taus;
    struct survival curve;

    cohort_read(task, &cohort);
    distinct_of(task, "tau", &taus);
    for (uint32_t g = 0; g < cohort.groups.count; g++) {
        cohort_fit(task, &cohort, g, &curve);
        for (size_t i = 0; i < taus.count; i++) {
            double tau = number_of(taus.names[i]);
            struct estimate mean = survival_mean(&curve, tau, flat_of(task), 0.95);

            out_row(out);
            put_words(out, cohort.by, cohort.groups.names[g]);
            put(out, "tau", tau);
            put(out, "n", (double)curve.rows);
            put(out, "events", (double)curve.event_total);
            put(out, "rmst", mean.value);
            put(out, "se", mean.error);
        }
    }
}

static void form_logrank(struct task *task, struct output *out)
{
    struct cohort cohort;
    struct groups blocks = { 0 };
    struct logrank test;
    const char *block = pairs_get(&task->params, "block");

    cohort_read(task, &cohort);
    if (block != NULL)
        group_words(task->memory, words_of(task, &task->inputs[0], block), cohort.rows,
                    &blocks);
    logrank_test(cohort.entry, cohort.time, flags_of(task, cohort.event, cohort.rows),
                 cohort.groups.of, cohort.groups.count, blocks.of, cohort.rows,
                 task->memory, &test);
    for (size_t g = 0; g < test.groups; g++) {
        out_row(out);
        put_words(out, "group",
                  arena_printf(task->memory, "%s%s", param(task, "prefix"),
                               cohort.groups.names[g]));
        put(out, "n", (double)test.n[g]);
        put(out, "observed", test.observed[g]);
        put(out, "expected", test.expected[g]);
        put(out, "var.diag", test.variance[g]);
        put(out, "chisq", test.statistic);
        put(out, "df", test.df > 0 ? test.df : NAN);
        put(out, "p", test.p);
    }
}

static void put_outcomes(struct output *out, const struct outcomes *curve,
                         const char *by, const char *group)
{
    for (size_t i = 0; i < curve->count; i++) {
        out_row(out);
        put_words(out, by, group);
        put(out, "time", curve->time[i]);
        put(out, "n.risk", (double)curve->at_risk[i]);
        put(out, "n.fixed", (double)curve->fixed[i]);
        put(out, "n.other", (double)curve->other[i]);
        put(out, "p.open", curve->share_open[i]);
        put(out, "p.fixed", curve->share_fixed[i]);
        put(out, "p.other", curve->share_other[i]);
        put(out, "se.open", curve->error_open[i]);
        put(out, "se.fixed", curve->error_fixed[i]);
        put(out, "se.other", curve->error_other[i]);
    }
}

static void form_aj_table(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double *time = param_column(task, input, "time");
    const char **words = words_of(task, input, param(task, "state"));
    const char *fixed = param(task, "fixed"), *other = param(task, "other");
    const char *by =
        strcmp(param(task, "by"), "-") == 0 ? "stratum" : param(task, "by");
    uint8_t *state = arena_alloc(task->memory, input->rows + 1);
    double *picked = arena_alloc(task->memory, (input->rows + 1) * sizeof *picked);
    struct groups groups;
    struct outcomes curve;

    group_by(task, input, &groups);
    for (uint32_t g = 0; g < groups.count; g++) {
        size_t count = 0;

        for (size_t i = 0; i < input->rows; i++)
            if (groups.of[i] == g) {
                picked[count] = time[i];
                state[count++] = strcmp(words[i], fixed) == 0   ? 1
                                 : strcmp(words[i], other) == 0 ? 2
                                                                : 0;
            }
        outcomes_fit(picked, state, count, task->memory, &curve);
        put_outcomes(out, &curve, by, groups.names[g]);
    }
}

static void form_km_period_view(struct task *task, struct output *out)
{
    double *open = numbers_of(task, task->want, "open");
    double *close = numbers_of(task, task->want, "close");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct stay stay = { NAN, NAN, false };

        if (!survival_stay(open[i], close[i], param_number(task, "from"),
                           param_number(task, "until"), &stay))
            complain(task, "row %zu lies outside the period", i + 1);
        out_row(out);
        put(out, "entry", stay.entry);
        put(out, "exit", stay.exit);
        put(out, "event", stay.event);
    }
}

/* --- working clock ---------------------------------------------------------- */

static int32_t clock_of(const char *text)
{
    int hour = 0, minute = 0, second = 0;

    (void)sscanf(text, "%d:%d:%d", &hour, &minute, &second);
    return hour * 3600 + minute * 60 + second;
}

static int32_t date_of(struct task *task, const char *text)
{
    int year = 0, month = 0, day = 0;

    if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3
        || !day_valid(year, month, day)) {
        complain(task, "not a date: %s", text);
        return 0;
    }
    return day_of(year, month, day);
}

static int64_t time_of(struct task *task, const char *text)
{
    const char *clock = strpbrk(text, " T");

    return (int64_t)date_of(task, text) * DAY_SECONDS
           + (clock == NULL ? 0 : clock_of(clock + 1));
}

static void hours_read(struct task *task, struct calendar *calendar)
{
    const struct table *input = &task->inputs[1];
    const char **day = words_of(task, input, "day");
    const char **from = words_of(task, input, "from");
    const char **until = words_of(task, input, "until");

    for (size_t i = 0; i < input->rows; i++) {
        struct hours *hours = &calendar->working;

        if (day[i][0] >= '1' && day[i][0] <= '7')
            hours = &calendar->weekday[day[i][0] - '1'];
        else if (day[i][0] != 'W')
            complain(task, "unknown day %s", day[i]);
        if (hours->count == 4) {
            complain(task, "more than 4 intervals a day");
            return;
        }
        hours->from[hours->count] = clock_of(from[i]);
        hours->until[hours->count++] = clock_of(until[i]);
    }
}

static int by_day(const void *left, const void *right)
{
    const struct calendar_day *a = left, *b = right;

    return (a->day > b->day) - (a->day < b->day);
}

static void form_workclock(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    const char **date = words_of(task, input, "date");
    const char **kind = words_of(task, input, "kind");
    const char **open = words_of(task, task->want, "open");
    const char **close = words_of(task, task->want, "close");
    struct calendar calendar = { 0 };
    struct calendar_day *days =
        arena_alloc(task->memory, (input->rows + 1) * sizeof *days);

    for (size_t i = 0; i < input->rows; i++)
        days[i] =
            (struct calendar_day){ date_of(task, date[i]), kind[i][0] == 'H', "" };
    if (input->rows > 1)
        qsort(days, input->rows, sizeof *days, by_day);
    calendar.exceptions = days;
    calendar.exception_count = input->rows;
    hours_read(task, &calendar);
    for (size_t i = 0; i < task->want->rows; i++) {
        out_row(out);
        put_words(out, "open", open[i]);
        put_words(out, "close", close[i]);
        put(out, "working_seconds",
            (double)calendar_elapsed(&calendar, time_of(task, open[i]),
                                     time_of(task, close[i])));
    }
}

/* --- recurrence ------------------------------------------------------------- */

static void recur_read(struct task *task, struct recurrence *out)
{
    const struct table *input = &task->inputs[0];
    double *gap = param_column(task, input, "gap");
    double *event = param_column(task, input, "event");
    struct groups keys;

    group_words(task->memory, words_of(task, input, param(task, "key")), input->rows,
                &keys);
    recurrence_fit(gap, flags_of(task, event, input->rows), keys.of, input->rows,
                   task->memory, out);
    if (kind_of(task, param(task, "type")) != LIMIT_LOGLOG)
        complain(task, "only log-log limits");
}

static void form_recur_prob(struct task *task, struct output *out)
{
    double *time = numbers_of(task, task->want, "t");
    double level = param_number(task, "level");
    struct recurrence fit;

    recur_read(task, &fit);
    for (size_t i = 0; i < task->want->rows; i++) {
        int64_t at_risk;
        struct estimate robust = recurrence_by(&fit, time[i], RECUR_CLUSTERED,
                                               flat_of(task), level, &at_risk);
        struct estimate plain =
            recurrence_by(&fit, time[i], RECUR_PLAIN, flat_of(task), level, NULL);

        out_row(out);
        put(out, "t", time[i]);
        put(out, "n.risk", (double)at_risk);
        put(out, "p.recur", robust.value);
        put(out, "se.robust", robust.error);
        put(out, "se.greenwood", plain.error);
        put(out, "lower.robust", robust.low);
        put(out, "upper.robust", robust.high);
        put(out, "lower", plain.low);
        put(out, "upper", plain.high);
    }
}

static void form_recur_table(struct task *task, struct output *out)
{
    struct recurrence fit;
    const struct survival *curve = &fit.curve;

    recur_read(task, &fit);
    for (size_t i = 0; i < curve->count; i++) {
        struct estimate done = recurrence_by(&fit, curve->time[i], RECUR_CLUSTERED,
                                             true, param_number(task, "level"), NULL);

        out_row(out);
        put(out, "time", curve->time[i]);
        put(out, "n.risk", (double)curve->at_risk[i]);
        put(out, "n.event", (double)curve->events[i]);
        put(out, "surv", curve->share[i]);
        put(out, "se.surv.robust", fit.error[i]);
        put(out, "se.logS.robust", fit.error[i] / curve->share[i]);
        put(out, "lower", 1 - done.high);
        put(out, "upper", 1 - done.low);
    }
}

static void form_mcf_table(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double *start = param_column(task, input, "start");
    double *stop = param_column(task, input, "stop");
    double *event = param_column(task, input, "event");
    const char *by =
        strcmp(param(task, "by"), "-") == 0 ? "stratum" : param(task, "by");
    struct groups groups, ids;

    group_by(task, input, &groups);
    group_words(task->memory, words_of(task, input, param(task, "id")), input->rows,
                &ids);
    for (uint32_t g = 0; g < groups.count; g++) {
        double *from, *until, *hit;
        size_t count = pick(task, &groups, input->rows, g, start, &from), at = 0;
        uint32_t *id = arena_alloc(task->memory, (count + 1) * sizeof *id);
        struct mcf fit;

        pick(task, &groups, input->rows, g, stop, &until);
        pick(task, &groups, input->rows, g, event, &hit);
        for (size_t i = 0; i < input->rows; i++)
            if (groups.of[i] == g)
                id[at++] = ids.of[i];
        mcf_fit(id, from, until, flags_of(task, hit, count), count,
                param_number(task, "level"), task->memory, &fit);
        for (size_t i = 0; i < fit.count; i++) {
            out_row(out);
            put_words(out, by, groups.names[g]);
            put(out, "time", fit.time[i]);
            put(out, "n.risk", (double)fit.at_risk[i]);
            put(out, "n.event", (double)fit.events[i]);
            put(out, "mcf", fit.mean[i]);
            put(out, "se.LN", fit.error[i]);
            put(out, "se.poisson", fit.error_poisson[i]);
            put(out, "lower", fit.low[i]);
            put(out, "upper", fit.high[i]);
        }
    }
}

/* --- shortened by ------------------------------------------------------------ */

static void form_shorten(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    struct cohort cohort = { .rows = input->rows,
                             .time = numbers_of(task, input, "time"),
                             .event = numbers_of(task, input, "event") };
    struct survival curves[2] = { { 0 }, { 0 } };
    struct shortening both;

    group_words(task->memory, words_of(task, input, "stratum"), input->rows,
                &cohort.groups);
    for (uint32_t g = 0; g < cohort.groups.count; g++) {
        if (strcmp(cohort.groups.names[g], param(task, "old")) == 0)
            cohort_fit(task, &cohort, g, &curves[0]);
        if (strcmp(cohort.groups.names[g], param(task, "new")) == 0)
            cohort_fit(task, &cohort, g, &curves[1]);
    }
    survival_shorten(&curves[0], &curves[1], param_number(task, "tau"),
                     kind_of(task, param(task, "type")), param_number(task, "level"),
                     task->memory, &both);
    put_named(out, "median.old", both.median_old.value);
    put_named(out, "median.new", both.median_new.value);
    put_named(out, "median.ratio", both.median_ratio.value);
    put_named(out, "mover.lower", both.median_ratio.low);
    put_named(out, "mover.upper", both.median_ratio.high);
    put_named(out, "rmst.old", both.mean_old.value);
    put_named(out, "rmst.new", both.mean_new.value);
    put_named(out, "rmst.ratio", both.mean_ratio.value);
    put_named(out, "rmst.ratio.lower", both.mean_ratio.low);
    put_named(out, "rmst.ratio.upper", both.mean_ratio.high);
    put_named(out, "rmst.diff", both.mean_difference.value);
    put_named(out, "rmst.diff.se", both.mean_difference.error);
}

#endif
