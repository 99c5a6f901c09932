/* golden.c - recomputes every file named in DIR/FORMS.tsv and compares it.
 *
 * golden DIR prints one line a row: file, worst difference, its tolerance and
 * ok, FAIL or deferred; then a line of counts.  Exit 1 when anything failed: a
 * file nobody names, an absent input, an expected column nobody makes. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "golden_more.h"
#include "golden_rate.h"
#include "golden_survival.h"
#include "golden_table.h"

struct form {
    const char *name;
    void (*run)(struct task *task, struct output *out);
};

static const struct form forms[] = {
    { "aj_table", form_aj_table },
    { "dist_functions", form_dist_functions },
    { "dstd", form_dstd },
    { "ears", form_ears },
    { "eb_fit", form_eb_fit },
    { "eb_marshall", form_eb_marshall },
    { "eb_units", form_eb_units },
    { "erlang_a", form_erlang_a },
    { "erlang_c", form_erlang_c },
    { "farrington", form_farrington },
    { "interval_score", form_interval_score },
    { "kitagawa", form_kitagawa },
    { "km_period_view", form_km_period_view },
    { "km_quantiles", form_km_quantiles },
    { "km_rmst", form_km_rmst },
    { "km_table", form_km_table },
    { "logrank", form_logrank },
    { "logrank_stratified", form_logrank },
    { "manski", form_manski },
    { "mcf_table", form_mcf_table },
    { "mk_sen", form_mk_sen },
    { "naus_mc", form_naus_mc },
    { "naus_scan", form_naus_scan },
    { "newcombe", form_newcombe },
    { "padjust", form_padjust },
    { "pchart", form_pchart },
    { "poisson_ratio", form_poisson_ratio },
    { "poststrat", form_poststrat },
    { "prng", form_prng },
    { "prop_ci", form_prop_ci },
    { "recur_prob", form_recur_prob },
    { "recur_table", form_recur_table },
    { "runs_anhoej", form_runs_anhoej },
    { "sdc_audit", form_sdc_audit },
    { "sdc_optimum", form_sdc_optimum },
    { "shorten", form_shorten },
    { "smk", form_smk },
    { "smk_by_season", form_smk_by_season },
    { "text_minhash", form_text_minhash },
    { "text_normalise", form_text_normalise },
    { "text_pairs", form_text_pairs },
    { "workclock", form_workclock },
    { "xmr", form_xmr },
};

/* --- comparing --------------------------------------------------------------- */

struct worst {
    double difference, tolerance, ratio;
    const char *column;
};

/* Exact: same number, or same text; whole numbers over 2^53 only as text. */
static bool same_exactly(const struct cell *made, const char *want)
{
    double value;

    if (made->words != NULL && strcmp(made->words, want) == 0)
        return true;
    if (!read_number(want, &value))
        return false;
    if (made->words != NULL) {
        double other;

        return read_number(made->words, &other) && fabs(other) <= 0x1p53
               && fabs(value) <= 0x1p53 && other == value;
    }
    return (isnan(value) && isnan(made->number)) || value == made->number;
}

/* "1e-9:rel:1e-12" applied to one cell; ratio <= 1 is inside. */
static bool inside(const char *how, const struct cell *made, const char *want,
                   struct worst *found)
{
    double tolerance = strtod(how, NULL), b, scale, floor_difference = 0;
    const char *kind = strchr(how, ':'), *extra;

    *found = (struct worst){ NAN, tolerance, INFINITY, NULL };
    if (strcmp(how, "exact") == 0) {
        found->tolerance = 0;
        found->difference = made->words == NULL ? made->number - number_of(want) : NAN;
        found->ratio = same_exactly(made, want) ? 0 : INFINITY;
        if (found->ratio <= 0)
            found->difference = 0;
        return found->ratio <= 0;
    }
    if (kind == NULL || made->words != NULL || !read_number(want, &b))
        return false;
    kind++;
    extra = strchr(kind, ':');
    if (extra != NULL)
        floor_difference = strtod(extra + 1, NULL);
    if (isnan(b) || isnan(made->number) || isinf(b) || isinf(made->number)) {
        bool same = (isnan(b) && isnan(made->number)) || b == made->number;

        *found =
            (struct worst){ same ? 0 : INFINITY, tolerance, same ? 0 : INFINITY, NULL };
        return same;
    }
    found->difference = fabs(made->number - b);
    scale = strncmp(kind, "rel", 3) == 0     ? fabs(b)
            : strncmp(kind, "mixed", 5) == 0 ? fmax(1, fabs(b))
            : strncmp(kind, "abs", 3) == 0   ? 1
                                             : NAN;
    if (isnan(scale))
        return false;
    if (found->difference <= floor_difference || found->difference <= 0) {
        found->difference = scale > 0 ? found->difference / scale : 0;
        found->ratio = fmin(1, found->difference / tolerance);
        return true;
    }
    found->difference = scale > 0 ? found->difference / scale : INFINITY;
    found->ratio = found->difference / tolerance;
    return found->difference <= tolerance;
}

/* How a column is compared in a row: column@NAME goes before column. */
static const char *how_of(const struct task *task, const char *column, const char *row)
{
    char special[256];
    const char *how = NULL;

    if (row != NULL
        && snprintf(special, sizeof special, "%s@%s", column, row)
               < (int)sizeof special)
        how = pairs_get(task->how, special);
    return how != NULL ? how : pairs_get(task->how, column);
}

static bool is_key(const struct task *task, const char *column)
{
    const char *how = pairs_get(task->how, column);

    return how != NULL && strcmp(how, "key") == 0;
}

static int first_key(const struct task *task)
{
    for (size_t i = 0; i < task->want->columns; i++)
        if (is_key(task, task->want->names[i]))
            return (int)i;
    return -1;
}

/* The made row with the same keys, not used before; -1 = none. */
static int64_t find_row(const struct task *task, const struct output *out, size_t row,
                        const uint8_t *used)
{
    const struct table *want = task->want;

    for (size_t i = 0; i < out->rows; i++) {
        bool same = used[i] == 0;

        for (size_t k = 0; same && k < want->columns; k++) {
            int column;

            if (!is_key(task, want->names[k]))
                continue;
            column = out_column(out, want->names[k]);
            same = column >= 0
                   && same_exactly(&out->cells[i * MOST_COLUMNS + (size_t)column],
                                   cell_at(want, row, (int)k));
        }
        if (same)
            return (int64_t)i;
    }
    return -1;
}

static void compare_row(struct task *task, const struct output *out, size_t row,
                        size_t made, int key, struct worst *worst)
{
    const struct table *want = task->want;
    const char *name = key < 0 ? NULL : cell_at(want, row, key);

    for (size_t k = 0; k < want->columns; k++) {
        const char *how = how_of(task, want->names[k], name);
        int column = out_column(out, want->names[k]);
        struct worst found;

        if (how == NULL)
            complain(task, "column %s is not in compare", want->names[k]);
        if (how == NULL || strcmp(how, "key") == 0 || strcmp(how, "ignore") == 0)
            continue;
        if (column < 0) {
            complain(task, "column %s is not made", want->names[k]);
            continue;
        }
        if (!inside(how, &out->cells[made * MOST_COLUMNS + (size_t)column],
                    cell_at(want, row, (int)k), &found))
            complain(task, "row %zu (%s) column %s: made %.17g%s, want %s", row + 1,
                     name == NULL ? "" : name, want->names[k],
                     out->cells[made * MOST_COLUMNS + (size_t)column].number,
                     out->cells[made * MOST_COLUMNS + (size_t)column].words != NULL
                         ? out->cells[made * MOST_COLUMNS + (size_t)column].words
                         : "",
                     cell_at(want, row, (int)k));
        if (worst->column == NULL || found.ratio > worst->ratio) {
            *worst = found;
            worst->column = want->names[k];
        }
    }
}

static void compare(struct task *task, const struct output *out, struct worst *worst)
{
    const struct table *want = task->want;
    uint8_t *used = arena_alloc(task->memory, out->rows + 1);
    int key = first_key(task);
    bool listed_only = key >= 0
                       && (strcmp(want->names[key], "name") == 0
                           || strcmp(want->names[key], "term") == 0);
    size_t matched = 0;

    for (size_t row = 0; row < want->rows; row++) {
        int64_t made =
            task->input_count == 0 ? (int64_t)row : find_row(task, out, row, used);

        if (made < 0 || made >= (int64_t)out->rows) {
            complain(task, "row %zu is not made", row + 1);
            continue;
        }
        used[made] = 1;
        matched++;
        compare_row(task, out, row, (size_t)made, key, worst);
    }
    if (!listed_only && matched < out->rows)
        complain(task, "%zu rows made that are not expected", out->rows - matched);
    if (want->rows == 0)
        complain(task, "no row expected");
}

/* --- running ------------------------------------------------------------------ */

struct row_of_forms {
    const char *file, *form, *inputs, *params, *compare, *group, *when;
};

static const struct form *form_find(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static void read_inputs(struct task *task, const char *directory, const char *names)
{
    char *at = arena_copy(task->memory, names, strlen(names)), end = ';';

    if (strcmp(names, "-") == 0)
        return;
    while (end == ';' && task->input_count < MOST_INPUTS) {
        const char *name = read_field(&at, ';', &end);

        if (!table_read(arena_printf(task->memory, "%s/%s", directory, name), ',',
                        task->memory, &task->inputs[task->input_count++]))
            complain(task, "input %s cannot be read", name);
    }
}

static bool run_row(const char *directory, const struct row_of_forms *row,
                    struct arena *memory)
{
    struct table want;
    struct pairs how;
    struct task task = { .memory = memory, .want = &want, .how = &how };
    struct output out = { .memory = memory };
    struct worst worst = { 0, 0, -1, NULL };
    const struct form *form = form_find(row->form);

    pairs_read(row->compare, memory, &how);
    pairs_read(row->params, memory, &task.params);
    if (form == NULL)
        complain(&task, "no such form: %s", row->form);
    if (!table_read(arena_printf(memory, "%s/%s", directory, row->file), ',', memory,
                    &want))
        complain(&task, "cannot be read");
    read_inputs(&task, directory, row->inputs);
    if (task.trouble[0] == '\0')
        form->run(&task, &out);
    if (task.trouble[0] == '\0')
        compare(&task, &out, &worst);
    printf("%-42s %-9.3g %-9.3g %s%s%s\n", row->file, worst.difference, worst.tolerance,
           task.trouble[0] == '\0' ? "ok" : "FAIL", task.trouble[0] == '\0' ? "" : ": ",
           task.trouble);
    return task.trouble[0] == '\0';
}

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);

    return length >= tail && strcmp(name + length - tail, end) == 0;
}

static bool named(const struct table *list, const char *name)
{
    int file = column_of(list, "file"), inputs = column_of(list, "inputs");
    size_t length = strlen(name);

    for (size_t i = 0; i < list->rows; i++) {
        const char *at = cell_at(list, i, inputs);

        if (strcmp(cell_at(list, i, file), name) == 0)
            return true;
        for (; *at != '\0'; at += strcspn(at, ";"), at += *at == ';')
            if (strncmp(at, name, length) == 0
                && (at[length] == '\0' || at[length] == ';'))
                return true;
    }
    return false;
}

/* Every CSV of the directory must be expected or an input of something. */
static size_t count_unnamed(const char *directory, const struct table *list)
{
    DIR *open = opendir(directory);
    struct dirent *entry;
    size_t unnamed = 0;

    if (open == NULL)
        return 1;
    while ((entry = readdir(open)) != NULL)
        if (ends_with(entry->d_name, ".csv") && !named(list, entry->d_name)) {
            printf("%-42s %-9s %-9s FAIL: named by no row of FORMS.tsv\n",
                   entry->d_name, "-", "-");
            unnamed++;
        }
    closedir(open);
    return unnamed;
}

static bool list_read(const char *directory, struct arena *memory, struct table *list)
{
    static const char *const needed[] = { "file",    "form",  "inputs", "params",
                                          "compare", "group", "when" };
    bool ok =
        table_read(arena_printf(memory, "%s/FORMS.tsv", directory), '\t', memory, list);

    for (size_t i = 0; ok && i < sizeof needed / sizeof *needed; i++)
        ok = column_of(list, needed[i]) >= 0;
    return ok && list->rows > 0;
}

static const char *field_of(const struct table *list, size_t row, const char *name)
{
    return cell_at(list, row, column_of(list, name));
}

int main(int argc, char **argv)
{
    struct arena *memory, *scratch;
    struct table list;
    size_t passed = 0, failed = 0, deferred = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: golden DIR\n");
        return 64;
    }
    memory = arena_new();
    scratch = arena_new();
    if (!list_read(argv[1], memory, &list)) {
        fprintf(stderr, "golden: %s/FORMS.tsv cannot be read\n", argv[1]);
        failed = 1;
        goto done;
    }
    for (size_t i = 0; i < list.rows; i++) {
        struct row_of_forms row = {
            field_of(&list, i, "file"),    field_of(&list, i, "form"),
            field_of(&list, i, "inputs"),  field_of(&list, i, "params"),
            field_of(&list, i, "compare"), field_of(&list, i, "group"),
            field_of(&list, i, "when")
        };

        if (strcmp(row.when, "later") == 0) {
            printf("%-42s %-9s %-9s deferred: %s\n", row.file, "-", "-", row.form);
            deferred++;
            continue;
        }
        if (run_row(argv[1], &row, scratch))
            passed++;
        else
            failed++;
        arena_reset(scratch);
    }
    failed += count_unnamed(argv[1], &list);
    printf("golden: %zu ok, %zu failed, %zu deferred\n", passed, failed, deferred);
done:
    arena_free(scratch);
    arena_free(memory);
    return failed > 0;
}
