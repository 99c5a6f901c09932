/* verb_explain.c - `huiyin explain ID`: what a figure is, how, and this month's. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/cases.h"
#include "cli/figures.h"
#include "core/file.h"
#include "core/store.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { "cases", NULL, "这个数背后的单号 / ticket numbers behind it", NULL, OPTION_FLAG,
      false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static void print_all(const struct metrics *metrics)
{
    size_t i;

    for (i = 0; i < metrics->count; i++)
        printf("%-7s %s / %s\n", metrics->items[i].id, metrics->items[i].zh,
               metrics->items[i].en);
}

/* How the number is made, by its unit, and what becomes of what is open or missing. */
static void print_formula(const struct session *session, const struct metric *metric)
{
    uint32_t units = UINT32_C(1) << metric->unit;
    size_t i;

    for (i = 0; i < metric->part_count; i++)
        units |= UINT32_C(1) << metric->parts[i].unit;
    for (i = 0; i < 32; i++)
        if ((units >> i & 1) != 0)
            printf("  %s %s\n", wording_get(session->wording, "explain.formula"),
                   wording_get(session->wording,
                               arena_printf(session->memory, "explain.formula.%s",
                                            unit_name((enum unit)i))));
    printf("  %s %s\n", wording_get(session->wording, "explain.open"),
           wording_get(session->wording, "explain.open.rule"));
}

static void print_definition(const struct session *session, const struct metric *metric)
{
    size_t i;

    printf("%s  %s / %s\n", metric->id, metric->zh, metric->en);
    printf("  %s\n  %s\n", metric->definition_zh, metric->definition_en);
    print_formula(session, metric);
    if (metric->part_count > 0) {
        printf("  %s", wording_get(session->wording, "explain.parts"));
        for (i = 0; i < metric->part_count; i++)
            printf(" %s.%s", metric->id, metric->parts[i].name);
        putchar('\n');
    }
    if (metric->source != NULL && *metric->source != '\0')
        printf("  %s %s\n", wording_get(session->wording, "explain.source"),
               metric->source);
}

/* A limit that is not reached is a dash. */
static void print_limit(double limit)
{
    if (isfinite(limit))
        printf("%.6g", limit);
    else
        printf("—");
}

static void print_figure(const struct figures *figures, const struct metric *metric,
                         const struct figure *figure)
{
    const struct base *base = &figure->base;

    printf("  %s%s%s = ", metric->id, figure->part > 0 ? "." : "",
           figure->part > 0 ? metric->parts[figure->part - 1].name : "");
    if (isfinite(base->value))
        printf("%.6g %s", base->value,
               unit_name(
                   metrics_unit(&figures->metrics, figure->metric, figure->part)));
    else
        printf("%s", answer_name(base->answer));
    if (base->numerator >= 0 && base->denominator >= 0)
        printf("  %lld/%lld", (long long)base->numerator, (long long)base->denominator);
    if (base->n >= 0)
        printf("  n=%lld", (long long)base->n);
    if (isfinite(base->low) || isfinite(base->high)) {
        printf("  [");
        print_limit(base->low);
        printf(", ");
        print_limit(base->high);
        printf("]");
    }
    printf("  %s\n", answer_name(base->answer));
}

static void print_values(const struct figures *figures, const struct session *session,
                         uint16_t metric)
{
    bool any = false;
    size_t i;

    for (i = 0; i < figures->results->figure_count; i++) {
        const struct figure *figure = &figures->results->figures[i];

        if (figure->metric != metric || figure->month != figures->last
            || figure->dimension[0] != DIM_TOTAL)
            continue;
        print_figure(figures, &figures->metrics.items[metric], figure);
        any = true;
    }
    if (!any)
        puts(wording_get(session->wording, "explain.none"));
}

static void print_numbers(const struct figures *figures, const struct session *session,
                          const struct case_log *log, bool counted, const char *title)
{
    const uint32_t *number = figures->facts.tickets.number;
    size_t total = 0, i;

    for (i = 0; i < log->count; i++)
        total += ((log->rows[i].roles & CASE_COUNTED) != 0) == counted;
    if (total == 0)
        return;
    printf("  %s %s\n", wording_get(session->wording, title),
           say_count(session->memory, (int64_t)total));
    for (i = 0; i < log->count; i++) {
        uint32_t word = number == NULL ? 0 : number[log->rows[i].ticket];

        if (((log->rows[i].roles & CASE_COUNTED) != 0) == counted)
            printf("    %s\n", word == 0 ? "—" : figures->facts.words->text[word]);
    }
}

/* A part in hours or a score rests on the tickets of the metric as a whole. */
static enum status print_cases(const struct figures *figures,
                               const struct session *session, struct case_log *log,
                               struct error *err)
{
    bool share;

    TRY(analyze_cases(&figures->facts, &session->settings, &figures->metrics,
                      session->cutoff, log, err));
    if (!log->found && log->part > 0) {
        log->part = 0;
        TRY(analyze_cases(&figures->facts, &session->settings, &figures->metrics,
                          session->cutoff, log, err));
    }
    while (!log->found && log->part < figures->metrics.items[log->metric].part_count) {
        log->part++; /* the metric is nothing but its parts */
        TRY(analyze_cases(&figures->facts, &session->settings, &figures->metrics,
                          session->cutoff, log, err));
    }
    if (!log->found) {
        puts(wording_get(session->wording, "explain.nocases"));
        return HY_OK;
    }
    share = metrics_unit(&figures->metrics, log->metric, log->part) == UNIT_SHARE;
    print_numbers(figures, session, log, true,
                  share ? "explain.counted" : "explain.cases");
    print_numbers(figures, session, log, false,
                  share ? "explain.rest" : "explain.cases");
    return HY_OK;
}

static enum status run_month(const struct options *options,
                             const struct session *session, struct figures *figures,
                             uint16_t metric, uint16_t part, struct error *err)
{
    bool cases = option_flag(options, "cases"), chosen;
    struct case_log log = { .metrics = &figures->metrics,
                            .memory = session->memory,
                            .metric = metric,
                            .part = part };
    int32_t month;

    TRY(figures_facts(figures, session, cases ? NEED_NUMBERS : 0, err));
    TRY(choose_month(options, &figures->facts.ledger, &month, &chosen, err));
    TRY(figures_compute(figures, session, month, month, 0, err));
    printf("%s\n", say_month(session->wording, session->memory, month));
    print_values(figures, session, metric);
    log.month = month;
    return cases ? print_cases(figures, session, &log, err) : HY_OK;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct figures figures = { 0 };
    struct session session;
    uint16_t metric, part;

    TRY(session_open(&session, options, memory, err));
    TRY(session_metrics(&session, &figures.metrics, err));
    if (operand_count(options) == 0) {
        print_all(&figures.metrics);
        return HY_OK;
    }
    if (metrics_name(&figures.metrics, operand(options, 0), &metric, &part) < 0)
        return fail(err, HY_USAGE, "没有 %s 这个指标，全部的见 huiyin explain",
                    operand(options, 0));
    if (option_flag(options, "cases") && session.audience != AUDIENCE_MANAGEMENT)
        return fail(err, HY_USAGE,
                    "--cases 列单号，只给管理层看，不能与 --audience %s 同用 "
                    "(ticket numbers are for management only)",
                    audience_name(session.audience));
    print_definition(&session, &figures.metrics.items[metric]);
    if (!file_exists(session.db))
        return HY_OK;
    return run_month(options, &session, &figures, metric, part, err);
}

const struct verb verb_explain = {
    .name = "explain",
    .operands = "[ID]",
    .summary = "一个数是什么、怎么算 / what a figure is and how it is made",
    .options = options_of,
    .run = run,
};
