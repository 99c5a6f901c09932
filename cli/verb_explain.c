/* verb_explain.c - `huiyin explain ID`: what a figure is, how, and this month's. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/figures.h"
#include "core/file.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static void print_all(const struct metrics *metrics)
{
    size_t i;

    for (i = 0; i < metrics->count; i++)
        printf("%-7s %s / %s\n", metrics->items[i].id, metrics->items[i].zh,
               metrics->items[i].en);
}

static void print_definition(const struct session *session, const struct metric *metric)
{
    size_t i;

    printf("%s  %s / %s\n", metric->id, metric->zh, metric->en);
    printf("  %s\n  %s\n", metric->definition_zh, metric->definition_en);
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
    printf("  n=%lld", (long long)base->n);
    if (isfinite(base->low) || isfinite(base->high))
        printf("  [%.6g, %.6g]", base->low, base->high);
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

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct figures figures = { 0 };
    struct session session;
    uint16_t metric, part;
    bool chosen;
    int32_t month;

    TRY(session_open(&session, options, memory, err));
    TRY(session_metrics(&session, &figures.metrics, err));
    if (operand_count(options) == 0) {
        print_all(&figures.metrics);
        return HY_OK;
    }
    if (metrics_name(&figures.metrics, operand(options, 0), &metric, &part) < 0)
        return fail(err, HY_USAGE, "没有 %s 这个指标，全部的见 huiyin explain",
                    operand(options, 0));
    print_definition(&session, &figures.metrics.items[metric]);
    if (!file_exists(session.db))
        return HY_OK;
    TRY(figures_facts(&figures, &session, 0, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &chosen, err));
    TRY(figures_compute(&figures, &session, month, month, 0, err));
    printf("%s\n", say_month(session.wording, memory, month));
    print_values(&figures, &session, metric);
    return HY_OK;
}

const struct verb verb_explain = {
    .name = "explain",
    .operands = "[ID]",
    .summary = "一个数是什么、怎么算 / what a figure is and how it is made",
    .options = options_of,
    .run = run,
};
