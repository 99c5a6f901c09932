/* golden_more.h - forms of METHODS 2.6, 5, 7 and 8.  Part of golden.c. */
#ifndef HY_GOLDEN_MORE_H
#define HY_GOLDEN_MORE_H

#include "analyze/stats_disclose.h"
#include "analyze/stats_farrington.h"
#include "analyze/stats_queue.h"
#include "analyze/stats_text.h"
#include "golden_table.h"

/* --- text -------------------------------------------------------------------- */

static void form_text_normalise(struct task *task, struct output *out)
{
    const char **text = words_of(task, task->want, "text");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct text normal = similar_normalise(text_of(text[i]), task->memory);

        out_row(out);
        put_words(out, "normalised",
                  arena_copy(task->memory, normal.at, normal.length));
        put(out, "n_bigrams", (double)similar_grams(normal, task->memory).count);
    }
}

static struct grams *grams_of(struct task *task, const char ***ids)
{
    const struct table *input = &task->inputs[0];
    const char **text = words_of(task, input, "text");
    struct grams *out = arena_alloc(task->memory, (input->rows + 1) * sizeof *out);

    *ids = words_of(task, input, "id");
    for (size_t i = 0; i < input->rows; i++)
        out[i] = similar_grams(similar_normalise(text_of(text[i]), task->memory),
                               task->memory);
    return out;
}

static size_t find_id(struct task *task, const char **ids, const char *id)
{
    for (size_t i = 0; i < task->inputs[0].rows; i++)
        if (strcmp(ids[i], id) == 0)
            return i;
    complain(task, "no text with id %s", id);
    return 0;
}

static void form_text_pairs(struct task *task, struct output *out)
{
    const char **ids;
    struct grams *grams = grams_of(task, &ids);
    const char **i = words_of(task, task->want, "i");
    const char **j = words_of(task, task->want, "j");
    const char *name = arena_printf(task->memory, "minhash%s", param(task, "k"));

    for (size_t row = 0; row < task->want->rows; row++) {
        const struct grams *a = &grams[find_id(task, ids, i[row])];
        const struct grams *b = &grams[find_id(task, ids, j[row])];

        out_row(out);
        put_words(out, "i", i[row]);
        put_words(out, "j", j[row]);
        put(out, "jaccard", similar_jaccard(a, b));
        put(out, "containment", similar_containment(a, b));
        put(out, name,
            similar_agreement(a, b, (size_t)param_number(task, "k"), task->memory));
    }
}

static void form_text_minhash(struct task *task, struct output *out)
{
    const char **ids;
    struct grams *grams = grams_of(task, &ids);
    size_t k = (size_t)param_number(task, "k");
    uint64_t *minima = arena_alloc(task->memory, (k + 1) * sizeof *minima);

    for (size_t row = 0; row < task->inputs[0].rows; row++) {
        similar_minima(&grams[row], k, minima);
        out_row(out);
        put_words(out, "id", ids[row]);
        for (size_t i = 0; i < k && i < MOST_COLUMNS - 1; i++)
            put_words(out, arena_printf(task->memory, "h%zu", i),
                      arena_printf(task->memory, "%016llx",
                                   (unsigned long long)minima[i]));
    }
}

/* --- early warning -------------------------------------------------------------- */

static bool yes(struct task *task, const char *name)
{
    return strcmp(param(task, name), "yes") == 0;
}

static void farrington_read(struct task *task, struct farrington_options *out)
{
    const char *method = param(task, "method");

    *out = (struct farrington_options){
        .frequency = (int)param_number(task, "f"),
        .years = (int)param_number(task, "b"),
        .window = (int)param_number(task, "w"),
        .levels = (int)param_number(task, "p"),
        .past_left_out = (int)param_number(task, "past"),
        .weight_limit = param_number(task, "weight"),
        .trend_p = param_number(task, "ptrend"),
        .alpha = param_number(task, "alpha"),
        .bound = strcmp(method, "delta") == 0  ? FARRINGTON_DELTA
                 : strcmp(method, "muan") == 0 ? FARRINGTON_MUAN
                                               : FARRINGTON_NB,
        .least_cases = param_number(task, "cases"),
        .least_periods = (int)param_number(task, "period"),
        .reweight = yes(task, "reweight"),
        .trend = yes(task, "trend"),
        .omega_dispersion = strcmp(param(task, "dispersion"), "omega") == 0
    };
    if (out->bound == FARRINGTON_NB && strcmp(method, "nbPlugin") != 0)
        complain(task, "unknown method %s", method);
    if (strcmp(param(task, "power"), "2/3") != 0)
        complain(task, "only the power 2/3");
}

static void form_farrington(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double *t = numbers_of(task, input, "t"), *y = numbers_of(task, input, "y");
    double first = param_number(task, "first"), last = param_number(task, "last");
    struct farrington_options options;

    farrington_read(task, &options);
    for (size_t i = 0; i < input->rows; i++) {
        struct farrington one;

        if (t[i] < first || t[i] > last)
            continue;
        one = farrington_at(y, i, &options, task->memory);
        out_row(out);
        put(out, "t", t[i]);
        put(out, "observed", y[i]);
        put(out, "expected", one.expected);
        put(out, "upperbound", one.bound);
        put(out, "alarm", one.alarm);
        put(out, "phi", one.phi);
        put(out, "trend", one.trend);
        put(out, "pvalue", one.p);
        put(out, "mu0", one.mu0);
    }
}

static void form_ears(struct task *task, struct output *out)
{
    const struct table *input = &task->inputs[0];
    double *t = numbers_of(task, input, "t"), *y = numbers_of(task, input, "y");
    struct groups methods;

    distinct_of(task, "method", &methods);
    for (size_t m = 0; m < methods.count; m++) {
        double gap =
            param_number(task, arena_printf(task->memory, "gap.%s", methods.names[m]));

        for (size_t i = 0; i < input->rows; i++) {
            struct estimate one =
                ears_at(y, i, (size_t)param_number(task, "baseline"), (size_t)gap,
                        param_number(task, "alpha"), param_number(task, "minsigma"));

            if (one.answer != ANSWER_OK)
                continue;
            out_row(out);
            put_words(out, "method", methods.names[m]);
            put(out, "t", t[i]);
            put(out, "y", y[i]);
            put(out, "upperbound", one.high);
            put(out, "alarm", y[i] > one.high);
        }
    }
}

static void form_interval_score(struct task *task, struct output *out)
{
    double *y = numbers_of(task, task->want, "y");
    double *low = numbers_of(task, task->want, "l");
    double *high = numbers_of(task, task->want, "u");
    double *alpha = numbers_of(task, task->want, "alpha");

    for (size_t i = 0; i < task->want->rows; i++) {
        out_row(out);
        put(out, "interval.score", interval_score(y[i], low[i], high[i], alpha[i]));
    }
}

/* --- staffing --------------------------------------------------------------------- */

static void form_erlang_c(struct task *task, struct output *out)
{
    double *lambda = numbers_of(task, task->want, "lambda");
    double *mu = numbers_of(task, task->want, "mu");
    double *n = numbers_of(task, task->want, "n");
    double *within = numbers_of(task, task->want, "Ts");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct queue_patient one =
            queue_erlang_c(lambda[i], mu[i], (int)n[i], within[i]);

        out_row(out);
        put(out, "offered", one.offered);
        put(out, "erlangB", one.lost);
        put(out, "erlangC", one.wait_share);
        put(out, "ASA", one.wait_mean);
        put(out, "SL", one.served_within);
        put(out, "Lq", one.line);
    }
}

static void form_erlang_a(struct task *task, struct output *out)
{
    double *lambda = numbers_of(task, task->want, "lambda");
    double *mu = numbers_of(task, task->want, "mu");
    double *n = numbers_of(task, task->want, "n");
    double *theta = numbers_of(task, task->want, "theta");
    double *within = numbers_of(task, task->want, "Ts");

    for (size_t i = 0; i < task->want->rows; i++) {
        struct queue_leaving one =
            queue_erlang_a(lambda[i], mu[i], (int)n[i], theta[i], within[i]);

        out_row(out);
        put(out, "P.wait", one.wait_share);
        put(out, "P.abandon", one.leave_share);
        put(out, "mean.wait.all", one.wait_mean);
        put(out, "Lq", one.line);
        put(out, "P.virtualwait.gt.Ts", one.waits_longer);
    }
}

/* --- disclosure ---------------------------------------------------------------------
 */

/* The table of that name; rows and columns numbered from 1, totals last. */
static bool counts_read(struct task *task, const char *name, struct count_table *out)
{
    const struct table *input = &task->inputs[0];
    const char **table = words_of(task, input, "table");
    double *row = numbers_of(task, input, "row"),
           *column = numbers_of(task, input, "col");
    double *value = numbers_of(task, input, "value");
    size_t rows = 0, columns = 0, seen = 0;
    int64_t *values;

    for (size_t i = 0; i < input->rows; i++)
        if (strcmp(table[i], name) == 0) {
            rows = row[i] > (double)rows ? (size_t)row[i] : rows;
            columns = column[i] > (double)columns ? (size_t)column[i] : columns;
            seen++;
        }
    *out = (struct count_table){ 0 };
    if (rows < 2 || columns < 2 || seen != rows * columns) {
        complain(task, "table %s is not whole", name);
        return false;
    }
    values = arena_alloc(task->memory, rows * columns * sizeof *values);
    for (size_t i = 0; i < input->rows; i++)
        if (strcmp(table[i], name) == 0)
            values[((size_t)row[i] - 1) * columns + (size_t)column[i] - 1] =
                (int64_t)value[i];
    *out = (struct count_table){ rows - 1, columns - 1, values };
    if (!count_table_adds_up(out))
        complain(task, "table %s does not add up", name);
    return true;
}

struct audit { /* one (table, t, pattern) of the expected file */
    const char *table, *t, *pattern;
    struct count_table counts;
    uint8_t *hidden;
};

static void audit_put(struct task *task, struct output *out, const struct audit *audit)
{
    size_t width = audit->counts.columns + 1;

    for (size_t cell = 0; cell < (audit->counts.rows + 1) * width; cell++) {
        int64_t low, high;

        if (audit->hidden[cell] == 0)
            continue;
        disclose_bounds(&audit->counts, audit->hidden, cell, task->memory, &low, &high);
        out_row(out);
        put_words(out, "table", audit->table);
        put_words(out, "t", audit->t);
        put_words(out, "pattern", audit->pattern);
        put(out, "row", (double)(cell / width + 1));
        put(out, "col", (double)(cell % width + 1));
        put(out, "value", (double)audit->counts.values[cell]);
        put(out, "lo", (double)low);
        put(out, "hi", high == DISCLOSE_UNBOUNDED ? INFINITY : (double)high);
    }
}

static void audit_hide(struct task *task, struct audit *audit)
{
    const struct table *want = task->want;
    const char **table = words_of(task, want, "table"), **t = words_of(task, want, "t");
    const char **pattern = words_of(task, want, "pattern");
    double *row = numbers_of(task, want, "row"),
           *column = numbers_of(task, want, "col");
    size_t width = audit->counts.columns + 1, cells = (audit->counts.rows + 1) * width;

    audit->hidden = arena_alloc(task->memory, cells);
    if (strcmp(audit->pattern, "primary_only") == 0) {
        for (size_t i = 0; i < cells; i++)
            audit->hidden[i] =
                disclose_primary(audit->counts.values[i], (int64_t)number_of(audit->t));
        return;
    }
    for (size_t i = 0; i < want->rows; i++) {
        double at = (row[i] - 1) * (double)width + column[i] - 1;

        if (strcmp(table[i], audit->table) == 0 && strcmp(t[i], audit->t) == 0
            && strcmp(pattern[i], audit->pattern) == 0 && at >= 0 && at < (double)cells)
            audit->hidden[(size_t)at] = 1;
    }
}

static void form_sdc_audit(struct task *task, struct output *out)
{
    const struct table *want = task->want;
    const char **table = words_of(task, want, "table"), **t = words_of(task, want, "t");
    const char **pattern = words_of(task, want, "pattern");
    const char **names = arena_alloc(task->memory, (want->rows + 1) * sizeof *names);
    struct groups audits;

    for (size_t i = 0; i < want->rows; i++)
        names[i] = arena_printf(task->memory, "%s\n%s\n%s", table[i], t[i], pattern[i]);
    group_words(task->memory, names, want->rows, &audits);
    for (uint32_t g = 0; g < audits.count; g++)
        for (size_t i = 0; i < want->rows; i++)
            if (audits.of[i] == g) {
                struct audit audit = { .table = table[i],
                                       .t = t[i],
                                       .pattern = pattern[i] };

                if (!counts_read(task, table[i], &audit.counts))
                    return;
                audit_hide(task, &audit);
                audit_put(task, out, &audit);
                break;
            }
}

/* Prints how much dearer our pattern is than the smallest one. */
static void form_sdc_optimum(struct task *task, struct output *out)
{
    const char **table = words_of(task, task->want, "table");
    const char **t = words_of(task, task->want, "t");
    double *fewest = numbers_of(task, task->want, "extra.cells");
    double ours = 0, best = 0;

    for (size_t i = 0; i < task->want->rows; i++) {
        int64_t threshold = (int64_t)number_of(t[i]);
        struct count_table counts;
        size_t cells, primary = 0, extra = 0;
        uint8_t *hidden;
        bool found;

        if (!counts_read(task, table[i], &counts))
            return;
        cells = (counts.rows + 1) * (counts.columns + 1);
        hidden = arena_alloc(task->memory, cells);
        found = disclose_protect(&counts, threshold, task->memory, hidden);
        for (size_t cell = 0; cell < cells; cell++) {
            bool first = disclose_primary(counts.values[cell], threshold);

            primary += first;
            extra += hidden[cell] != 0 && !first;
        }
        if (found && !disclose_safe(&counts, hidden, threshold))
            complain(task, "table %s t %s: the pattern is not safe", table[i], t[i]);
        if (!found && !isnan(fewest[i]))
            complain(task, "table %s t %s: no pattern found", table[i], t[i]);
        if (found && !isnan(fewest[i])) {
            ours += (double)extra;
            best += fewest[i];
        }
        out_row(out);
        put_words(out, "table", table[i]);
        put_words(out, "t", t[i]);
        put(out, "n.primary", (double)primary);
    }
    printf("# secondary cells: %g, smallest possible %g, ratio %.2f\n", ours, best,
           best > 0 ? ours / best : 1);
}

#endif
