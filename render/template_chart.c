/*
 * template_chart.c - ```chart blocks: KIND metric... [by dim [top n]] [months n]
 * [versus previous|year], to plain numbers.
 *
 * A point that may not be shown or does not exist is a gap, never 0.
 */
#include "render/template_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/calendar.h"
#include "core/text.h"

enum {
    WORDS_MOST = 24,
    METRICS_MOST = 6,
    STACK_SERIES = 6, /* more shades cannot be told apart */
    SURVIVAL_HOURS = 14 * 24,
    SURVIVAL_STEP = 2,
    MONTHS_MOST = 60
};

struct chart_spec {
    enum chart_kind kind;
    const char *title;
    int line;
    size_t metric_count;
    uint16_t metric[METRICS_MOST], part[METRICS_MOST];
    enum dimension dimension;
    int top, months;
    bool versus;
    enum against against;
};

static const char *const kind_names[CHART_KINDS] = {
    [CHART_STACK] = "stack",     [CHART_LINE] = "line",
    [CHART_BARS] = "bars",       [CHART_HEAT] = "heat",
    [CHART_CONTROL] = "control", [CHART_SURVIVAL] = "survival",
    [CHART_AGEING] = "ageing",
};

static enum status spec_kind(const struct builder *builder, int line, const char *word,
                             enum chart_kind *kind, struct error *err)
{
    const char *nearest;
    size_t i;

    for (i = 0; i < CHART_KINDS; i++)
        if (strcmp(kind_names[i], word) == 0) {
            *kind = (enum chart_kind)i;
            return HY_OK;
        }
    nearest = text_nearest(word, kind_names, CHART_KINDS);
    return template_complain(builder, line, err,
                             "没有“%s”这种图%s%s：可用 stack line bars heat control "
                             "survival ageing",
                             word, nearest == NULL ? "" : "，是不是 ",
                             nearest == NULL ? "" : nearest);
}

static enum status spec_versus(const struct builder *builder, const char *word,
                               struct chart_spec *spec, struct error *err)
{
    spec->versus = true;
    spec->against = AGAINST_PREVIOUS;
    if (strcmp(word, "year") == 0)
        spec->against = AGAINST_YEAR;
    else if (strcmp(word, "previous") != 0)
        return template_complain(builder, spec->line, err,
                                 "versus 后面应是 previous 或 year，不是“%s”", word);
    return HY_OK;
}

static enum status spec_words(struct builder *builder, const char **words, size_t count,
                              struct chart_spec *spec, struct error *err)
{
    size_t i;

    for (i = 1; i < count; i++) {
        bool more = i + 1 < count;

        if (strcmp(words[i], "by") == 0 && more && spec->metric_count > 0) {
            TRY(dimension_wanted(builder, spec->line, spec->metric[0], words[++i],
                                 &spec->dimension, err));
        } else if (strcmp(words[i], "top") == 0 && more) {
            TRY(words_number(builder, spec->line, words[++i], 1, 50, &spec->top, err));
        } else if (strcmp(words[i], "months") == 0 && more) {
            TRY(words_number(builder, spec->line, words[++i], 2, MONTHS_MOST,
                             &spec->months, err));
        } else if (strcmp(words[i], "versus") == 0 && more) {
            TRY(spec_versus(builder, words[++i], spec, err));
        } else if (spec->metric_count < METRICS_MOST) {
            size_t at = spec->metric_count++;

            TRY(metric_wanted(builder, spec->line, words[i], &spec->metric[at],
                              &spec->part[at], err));
        } else {
            return template_complain(builder, spec->line, err, "“%s”看不懂", words[i]);
        }
    }
    return HY_OK;
}

static enum status spec_parse(struct builder *builder, const char *text,
                              struct chart_spec *spec, struct error *err)
{
    const char *words[WORDS_MOST];
    size_t count = words_split(builder->memory, text, words, WORDS_MOST);
    bool split;

    if (count < 2)
        return template_complain(
            builder, spec->line, err,
            "chart 里应写：图的种类 指标 [by 分法 [top 数]] [months "
            "数] [versus previous|year]");
    TRY(spec_kind(builder, spec->line, words[0], &spec->kind, err));
    TRY(spec_words(builder, words, count, spec, err));
    if (spec->metric_count == 0)
        return template_complain(builder, spec->line, err,
                                 "chart 没有写指标 (no figure)");
    if (spec->kind == CHART_AGEING && spec->dimension == DIM_TOTAL)
        TRY(dimension_wanted(builder, spec->line, spec->metric[0], "age",
                             &spec->dimension, err));
    if (spec->kind == CHART_HEAT && spec->dimension == DIM_TOTAL)
        TRY(dimension_wanted(builder, spec->line, spec->metric[0], "hour",
                             &spec->dimension, err));
    split = spec->kind == CHART_STACK || spec->kind == CHART_BARS;
    if (split && spec->dimension == DIM_TOTAL)
        return template_complain(builder, spec->line, err,
                                 "%s 图要写按什么分，如 by category (needs by)",
                                 kind_names[spec->kind]);
    return HY_OK;
}

/* --- numbers ---------------------------------------------------------------- */

static double value_at(const struct builder *builder, const struct chart_spec *spec,
                       size_t metric, uint32_t key, int32_t month)
{
    const struct figure *figure =
        results_find(builder->results, spec->metric[metric], spec->part[metric],
                     spec->dimension, key, month);

    return figure == NULL || figure->base.answer != ANSWER_OK ? NAN
                                                              : figure->base.value;
}

static double *numbers(const struct builder *builder, size_t count)
{
    double *list = arena_alloc(builder->memory, (count + 1) * sizeof *list);
    size_t i;

    for (i = 0; i <= count; i++)
        list[i] = NAN;
    return list;
}

static struct data *data_new(const struct builder *builder,
                             const struct chart_spec *spec, size_t points,
                             size_t series_count)
{
    struct data *data = arena_alloc(builder->memory, sizeof *data);

    data->points = points;
    data->series_count = series_count;
    data->label = arena_alloc(builder->memory, (points + 1) * sizeof *data->label);
    data->series =
        arena_alloc(builder->memory, (series_count + 1) * sizeof *data->series);
    data->target = NAN;
    data->unit =
        metrics_unit(builder->results->metrics, spec->metric[0], spec->part[0]);
    data->from_zero = true;
    data->axis_low = data->axis_high = NAN;
    return data;
}

static struct series *series_at(struct data *data, size_t at)
{
    return (struct series *)(uintptr_t)&data->series[at];
}

static void label_put(struct data *data, size_t at, const char *label)
{
    ((const char **)(uintptr_t)data->label)[at] = label;
}

static const char *month_label(const struct builder *builder, int32_t month)
{
    char text[8];

    month_print(month, text);
    return arena_copy(builder->memory, text, strlen(text));
}

static void month_labels(const struct builder *builder, struct data *data,
                         int32_t first)
{
    size_t i;

    for (i = 0; i < data->points; i++)
        label_put(data, i, month_label(builder, first + (int32_t)i));
}

static int32_t first_month(const struct builder *builder, const struct chart_spec *spec)
{
    int months = spec->months > 0 ? spec->months : builder->head->months;

    return builder->results->month - months + 1;
}

/* Months before the data began would be an empty stretch of paper. */
static int32_t first_with_data(const struct builder *builder,
                               const struct chart_spec *spec)
{
    int32_t month = first_month(builder, spec), last = builder->results->month;
    struct chart_spec whole = *spec;
    size_t metric;

    whole.dimension = DIM_TOTAL;
    for (; month < last; month++)
        for (metric = 0; metric < spec->metric_count; metric++)
            if (isfinite(value_at(builder, &whole, metric, 0, month)))
                return month;
    return last;
}

static struct data *stack_data(const struct builder *builder,
                               const struct chart_spec *spec)
{
    int32_t first = first_with_data(builder, spec), last = builder->results->month;
    size_t points = (size_t)(last - first + 1), i, at, most = STACK_SERIES;
    struct members members = members_of(builder, spec->metric[0], spec->part[0],
                                        spec->dimension, first, last, 0);
    size_t shown = members.count > most ? most - 1 : members.count;
    bool others = members.count > shown;
    struct data *data = data_new(builder, spec, points, shown + (others ? 1 : 0));
    double *rest = numbers(builder, points);
    struct chart_spec whole = *spec;

    whole.dimension = DIM_TOTAL;
    month_labels(builder, data, first);
    for (i = 0; i < points; i++)
        rest[i] = value_at(builder, &whole, 0, 0, first + (int32_t)i);
    for (at = 0; at < shown; at++) {
        double *values = numbers(builder, points);

        for (i = 0; i < points; i++) {
            values[i] =
                value_at(builder, spec, 0, members.keys[at], first + (int32_t)i);
            if (isfinite(values[i]))
                rest[i] -= values[i];
        }
        series_at(data, at)->name =
            say_key(&builder->teller, spec->dimension, members.keys[at]);
        series_at(data, at)->value = values;
    }
    if (others) {
        series_at(data, shown)->name = wording_get(builder->wording, "chart.others");
        series_at(data, shown)->value = rest;
    }
    return data;
}

static struct data *line_data(const struct builder *builder,
                              const struct chart_spec *spec)
{
    int32_t first = first_with_data(builder, spec);
    size_t points = (size_t)(builder->results->month - first + 1), i, at;
    struct data *data = data_new(builder, spec, points, spec->metric_count);

    month_labels(builder, data, first);
    for (at = 0; at < spec->metric_count; at++) {
        double *values = numbers(builder, points), *low = numbers(builder, points),
               *high = numbers(builder, points);
        bool band = false;

        for (i = 0; i < points; i++) {
            const struct figure *figure =
                results_find(builder->results, spec->metric[at], spec->part[at],
                             DIM_TOTAL, 0, first + (int32_t)i);

            if (figure == NULL || figure->base.answer != ANSWER_OK)
                continue;
            values[i] = figure->base.value;
            low[i] = figure->base.low;
            high[i] = figure->base.high;
            band = band || (isfinite(low[i]) && isfinite(high[i]));
        }
        *series_at(data, at) = (struct series){
            .name = say_metric(&builder->teller, spec->metric[at]),
            .value = values,
            .low = band ? low : NULL,
            .high = band ? high : NULL,
        };
    }
    return data;
}

/* "△ 增多" beside the ones where the evidence says so. */
static const char *const *bar_notes(const struct builder *builder,
                                    const struct chart_spec *spec,
                                    const struct members *members)
{
    const char **notes =
        arena_alloc(builder->memory, (members->count + 1) * sizeof *notes);
    bool any = false;
    size_t i;

    for (i = 0; i < members->count; i++) {
        const struct finding *finding =
            results_finding(builder->results, spec->metric[0], spec->part[0],
                            spec->dimension, members->keys[i], spec->against);
        bool claimed = finding != NULL && finding->verdict != VERDICT_NONE
                       && finding->verdict < VERDICT_SAME;

        notes[i] =
            claimed ? say_verdict_mark(&builder->teller, finding->verdict) : NULL;
        any = any || claimed;
    }
    return any ? notes : NULL;
}

static struct data *bars_data(const struct builder *builder,
                              const struct chart_spec *spec)
{
    int32_t month = builder->results->month;
    int32_t then = spec->against == AGAINST_YEAR ? month - 12 : month - 1;
    struct members members =
        members_of(builder, spec->metric[0], spec->part[0], spec->dimension, month,
                   month, (size_t)spec->top);
    struct data *data = data_new(builder, spec, members.count, spec->versus ? 2 : 1);
    const struct figure *all = results_find(builder->results, spec->metric[0],
                                            spec->part[0], DIM_TOTAL, 0, then);
    size_t i, at;

    if (all == NULL || all->base.answer == ANSWER_NO_DATA)
        data->unknown = wording_get(builder->wording, "mark.absent");

    for (i = 0; i < members.count; i++)
        label_put(data, i, say_key(&builder->teller, spec->dimension, members.keys[i]));
    if (spec->versus)
        data->note = bar_notes(builder, spec, &members);
    for (at = 0; at < data->series_count; at++) {
        double *values = numbers(builder, members.count);

        for (i = 0; i < members.count; i++)
            values[i] =
                value_at(builder, spec, 0, members.keys[i], at == 0 ? month : then);
        *series_at(data, at) = (struct series){
            .name =
                wording_get(builder->wording, at == 0 ? "chart.now"
                                                      : (spec->against == AGAINST_YEAR
                                                             ? "chart.year"
                                                             : "chart.previous")),
            .value = values,
        };
    }
    return data;
}

static struct data *heat_data(const struct builder *builder,
                              const struct chart_spec *spec)
{
    struct data *data = data_new(builder, spec, 24, 7);
    uint32_t day, hour;

    for (hour = 0; hour < 24; hour++)
        label_put(data, hour, arena_printf(builder->memory, "%u", hour));
    for (day = 0; day < 7; day++) {
        double *values = numbers(builder, 24);

        for (hour = 0; hour < 24; hour++)
            values[hour] =
                value_at(builder, spec, 0, day * 24 + hour, builder->results->month);
        series_at(data, day)->name =
            wording_get(builder->wording,
                        arena_printf(builder->memory, "weekday.%u", day));
        series_at(data, day)->value = values;
    }
    return data;
}

/* Shares that never fall below a half are shown from 50 % (and it is said). */
static void share_axis(struct data *data)
{
    double least = 1;
    size_t at, i;

    if (data->unit != UNIT_SHARE)
        return;
    for (at = 0; at < data->series_count; at++)
        for (i = 0; i < data->points; i++) {
            const struct series *series = &data->series[at];

            if (isfinite(series->value[i]) && series->value[i] < least)
                least = series->value[i];
            if (series->low != NULL && isfinite(series->low[i])
                && series->low[i] < least)
                least = series->low[i];
        }
    data->from_zero = least < 0.5;
    data->axis_low = data->from_zero ? 0 : 0.5;
    data->axis_high = 1;
}

static double target_of(const struct builder *builder, uint16_t metric)
{
    const char *id = builder->results->metrics->items[metric].id;

    if (strcmp(id, "SLA-01") == 0 && builder->settings->target_ontime > 0)
        return builder->settings->target_ontime;
    if (strcmp(id, "SAT-01") == 0 && builder->settings->target_satisfied > 0)
        return builder->settings->target_satisfied;
    return NAN;
}

static struct data *curve_data(const struct builder *builder,
                               const struct chart_spec *spec, const struct curve *curve)
{
    int32_t first = first_month(builder, spec);
    size_t skip = 0, points, i;
    struct data *data;
    double *centre;

    while (skip < curve->count && curve->x[skip] < first)
        skip++;
    points = curve->count - skip;
    data = data_new(builder, spec, points, curve->centre == NULL ? 1 : 2);
    for (i = 0; i < points; i++)
        label_put(data, i, month_label(builder, (int32_t)curve->x[skip + i]));
    *series_at(data, 0) = (struct series){
        .name = say_metric(&builder->teller, spec->metric[0]),
        .value = curve->y + skip,
        .low = curve->low == NULL ? NULL : curve->low + skip,
        .high = curve->high == NULL ? NULL : curve->high + skip,
        .mark = curve->mark == NULL ? NULL : curve->mark + skip,
    };
    data->n = curve->n == NULL ? NULL : curve->n + skip;
    if (curve->centre != NULL) {
        centre = numbers(builder, points);
        memcpy(centre, curve->centre + skip, points * sizeof *centre);
        series_at(data, 1)->name = wording_get(builder->wording, "chart.centre");
        series_at(data, 1)->value = centre;
    }
    return data;
}

static struct data *control_data(const struct builder *builder,
                                 const struct chart_spec *spec)
{
    const struct curve *curve =
        results_curve(builder->results, spec->metric[0], CURVE_CONTROL, DIM_TOTAL, 0,
                      builder->results->month);
    struct data *data;
    double *n;
    size_t i;

    if (curve != NULL && curve->count > 0) {
        data = curve_data(builder, spec, curve);
    } else { /* no limits yet: the points alone, with what they rest on */
        data = line_data(builder, spec);
        n = numbers(builder, data->points);
        for (i = 0; i < data->points; i++) {
            const struct figure *figure =
                results_find(builder->results, spec->metric[0], spec->part[0],
                             DIM_TOTAL, 0,
                             builder->results->month - (int32_t)(data->points - 1 - i));

            if (figure != NULL && figure->base.answer == ANSWER_OK)
                n[i] = figure->base.n >= 0 ? (double)figure->base.n : NAN;
        }
        data->n = n;
        series_at(data, 0)->low = series_at(data, 0)->high = NULL;
    }
    data->target = target_of(builder, spec->metric[0]);
    share_axis(data);
    return data;
}

/* A step function read at a time; past its last point nothing is known. */
static double step_at(const struct curve *curve, double x)
{
    size_t low = 0, high = curve->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (curve->x[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == curve->count && x > curve->x[low - 1])
        return NAN;
    return low == 0 ? 0 : curve->y[low - 1];
}

static struct data *survival_data(const struct builder *builder,
                                  const struct chart_spec *spec)
{
    int32_t month = builder->results->month;
    int32_t then =
        spec->against == AGAINST_YEAR || !spec->versus ? month - 12 : month - 1;
    const int32_t months[2] = { month, then };
    size_t points = SURVIVAL_HOURS / SURVIVAL_STEP + 1, at, i, used = 0;
    struct data *data = data_new(builder, spec, points, 2);
    double *x = numbers(builder, points);

    for (i = 0; i < points; i++) {
        x[i] = (double)(i * SURVIVAL_STEP);
        label_put(data, i, arena_printf(builder->memory, "%zu", i * SURVIVAL_STEP));
    }
    data->x = x;
    for (at = 0; at < 2; at++) {
        const struct curve *curve =
            results_curve(builder->results, spec->metric[0], CURVE_SURVIVAL, DIM_TOTAL,
                          0, months[at]);
        double *values;

        if (curve == NULL || curve->count == 0)
            continue;
        values = numbers(builder, points);
        for (i = 0; i < points; i++)
            values[i] = step_at(curve, x[i]);
        *series_at(data, used++) = (struct series){
            .name = at == 0 ? wording_get(builder->wording, "chart.now")
                            : say_month_short(&builder->teller, then),
            .value = values,
        };
    }
    data->series_count = used;
    data->unit = UNIT_SHARE;
    data->axis_low = 0;
    data->axis_high = 1;
    return data;
}

static struct data *data_build(const struct builder *builder,
                               const struct chart_spec *spec)
{
    switch (spec->kind) {
    case CHART_STACK:
        return stack_data(builder, spec);
    case CHART_LINE:
        return line_data(builder, spec);
    case CHART_BARS:
    case CHART_AGEING:
        return bars_data(builder, spec);
    case CHART_HEAT:
        return heat_data(builder, spec);
    case CHART_CONTROL:
        return control_data(builder, spec);
    case CHART_SURVIVAL:
        return survival_data(builder, spec);
    case CHART_KINDS:
        break;
    }
    return NULL;
}

/* In legends and over columns. */
static void series_heads(const struct builder *builder, struct data *data)
{
    size_t at;

    for (at = 0; data != NULL && at < data->series_count; at++)
        if (data->series[at].name != NULL)
            series_at(data, at)->name =
                wording_head(builder->wording, builder->memory, data->series[at].name);
}

static bool has_points(const struct data *data)
{
    size_t at, i;

    for (at = 0; data != NULL && at < data->series_count; at++)
        for (i = 0; i < data->points; i++)
            if (isfinite(data->series[at].value[i]))
                return true;
    return false;
}

/* For ears and for search: the title and the first and last figures. */
static const char *alternative(const struct builder *builder, const char *title,
                               const struct data *data)
{
    const char *text = title;
    size_t at, last;

    for (at = 0; at < data->series_count && at < 2; at++) {
        const struct series *series = &data->series[at];

        last = data->points;
        while (last > 0 && !isfinite(series->value[last - 1]))
            last--;
        if (last == 0)
            continue;
        text = arena_printf(builder->memory, "%s%s%s %s %s … %s %s", text,
                            wording_get(builder->wording, "list.semicolon"),
                            series->name, data->label[0],
                            data_text(builder->memory, data, series->value[0]),
                            data->label[last - 1],
                            data_text(builder->memory, data, series->value[last - 1]));
    }
    return text;
}

static const char *reading_of(const struct builder *builder,
                              const struct chart_spec *spec, const struct data *data)
{
    const char *key =
        arena_printf(builder->memory, "reading.%s", kind_names[spec->kind]);
    const char *text =
        wording_has(builder->wording, key) ? wording_get(builder->wording, key) : NULL;
    const struct series *series = &data->series[0];

    if (builder->head->single_page) /* no room: the reading stands in the 月报 */
        text = NULL;
    if (spec->kind != CHART_CONTROL)
        return text;
    if (series->low == NULL)
        text = NULL;
    if (series->mark != NULL && data->points > 0 && series->mark[data->points - 1])
        text = wording_say(builder->wording, builder->memory, "outside", "month",
                           say_month_short(&builder->teller, builder->results->month),
                           NULL);
    return text;
}

enum status chart_build(struct builder *builder, const char *title, const char *text,
                        int line, enum tone tone, struct blocks *blocks,
                        struct error *err)
{
    struct chart_spec spec = { .title = title, .line = line };
    struct data *data;
    struct chart *chart;
    struct block *block;

    TRY(spec_parse(builder, text, &spec, err));
    data = data_build(builder, &spec);
    series_heads(builder, data);
    if (!has_points(data)) {
        blocks_say(blocks, builder->memory, TONE_NOTE,
                   wording_say(builder->wording, builder->memory, "chart.nodata",
                               "title", title, NULL));
        return HY_OK;
    }
    chart = arena_alloc(builder->memory, sizeof *chart);
    *chart = (struct chart){ .kind = spec.kind,
                             .title = title,
                             .alt = alternative(builder, title, data),
                             .reading = reading_of(builder, &spec, data),
                             .data = data };
    block = blocks_add(blocks, builder->memory, BLOCK_CHART, tone);
    block->chart = chart;
    return HY_OK;
}
