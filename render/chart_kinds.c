/* chart_kinds.c - one function per kind of chart, and the table of kinds. */
#include "render/chart_kinds.h"

#include <math.h>
#include <string.h>

static const double bar_row[PLOT_SIZES] = { 25, 20.5, 16.5, 28 },
                    column_height[PLOT_SIZES] = { 140, 116, 94, 160 },
                    bar_row_single = 18, plain_height = 178, narrow = 330,
                    bars_least = 0.3; /* of the width */

static double months_height(const struct plot *plot)
{
    if (plot->width >= narrow)
        return plain_height;
    return column_height[plot->size];
}

static double bars_height(const struct plot *plot)
{
    bool pairs = plot->data->series_count > 1;
    double row = pairs ? bar_row[plot->size] : bar_row_single;
    return (double)plot->data->points * row + 4;
}

static double heat_height(const struct plot *plot)
{
    return (double)plot->data->series_count * 18 + 22;
}

static double total_at(const struct data *data, size_t point)
{
    double total = NAN;
    for (size_t s = 0; s < data->series_count; s++) {
        double value = data->series[s].value[point];
        if (isfinite(value))
            total = isfinite(total) ? total + value : value;
    }
    return total;
}

/* Every label of a row fits into its slot. */
static bool fits(struct plot *plot, const double *values, bool brief)
{
    double slot = (plot->width - plot->left - plot->right) / (double)plot->data->points;
    for (size_t i = 0; i < plot->data->points; i++)
        if (isfinite(values[i])
            && label_width(plot, number_text(plot, values[i], brief)) + 2 > slot)
            return false;
    return true;
}

/* --- stack: months, one shade a series, the total above ------------------- */

static void prepare_stack(struct plot *plot)
{
    const struct data *data = plot->data;
    double most = 0;
    double *total = arena_alloc(plot->memory, (data->points + 1) * sizeof *total);
    for (size_t i = 0; i < data->points; i++) {
        total[i] = total_at(data, i);
        most = isfinite(total[i]) ? fmax(most, total[i]) : most;
    }
    for (size_t s = 0; s < data->series_count && data->series_count > 1; s++)
        legend_add(plot, SWATCH_BOX, shade(s), data->series[s].name);
    plot->top = legend_height(plot) + 12;
    value_axis(plot, 0, most);
    month_axis(plot);
    bool all = fits(plot, total, true);
    for (size_t i = 0; i < data->points; i++) {
        bool shown = all || (data->points - 1 - i) % 2 == 0;
        if (isfinite(total[i]) && shown)
            label_at(plot, number_text(plot, total[i], true), (double)i, total[i], 0, 7,
                     "center", CHART_NAVY);
    }
    for (size_t i = 0; i < data->points; i++) {
        double below = 0;
        sheet_add(&plot->rows, "%zu", i);
        for (size_t s = 0; s < data->series_count; s++) {
            double value = data->series[s].value[i];
            double above = isfinite(value) ? below + value : below;
            sheet_add(&plot->rows, "\t%.9g\t%.9g\t%.9g\t0", above - below, below,
                      above);
            below = above;
        }
        sheet_add(&plot->rows, "\n");
    }
    for (size_t s = 0; s < data->series_count; s++)
        sheet_add(&plot->settings, "array_colour_%zu = 0x%06X\n", s + 1,
                  (unsigned)shade(s));
}

/* --- line: values over months, with their band ---------------------------- */

/* The only line: every value that has room, above the high and below the low. */
static void line_labels(struct plot *plot, const struct series *series)
{
    const struct data *data = plot->data;
    bool exact = fits(plot, series->value, false);
    bool all = exact || fits(plot, series->value, true);
    for (size_t i = 0; i < data->points; i++) {
        double here = series->value[i];
        if (!isfinite(here) || (!all && i + 1 < data->points))
            continue;
        double before = i ? series->value[i - 1] : here;
        double after = i + 1 < data->points ? series->value[i + 1] : here;
        bool above = !(here < before || here < after);
        double edge = here;
        if (all && series->low && series->high && isfinite(series->low[i]))
            edge = above ? series->high[i] : series->low[i];
        label_at(plot, number_text(plot, here, all && !exact), (double)i, edge, 0,
                 above ? 8 : -8, "center", CHART_NAVY);
    }
}

/* Pushes the places (least apart from each other, in the order of the values) away from
 * each other, both of a pair by as much: a third between two moves both. */
static void push_apart(double *place, const size_t *order, size_t count, double least)
{
    enum { ROUNDS = 64 };
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 1; i < count; i++) {
            double *low = &place[order[i - 1]], *high = &place[order[i]];
            double missing = least - (*high - *low);
            if (missing <= 0)
                continue;
            *low -= missing / 2;
            *high += missing / 2;
        }
}

/* Several lines: the last values beside their ends, pushed apart where they meet. */
static void line_ends(struct plot *plot)
{
    const struct data *data = plot->data;
    double place[LEGEND_MOST];
    size_t order[LEGEND_MOST], count = 0;
    double least =
        12.5 * (plot->y_high - plot->y_low) / (plot->height - plot->top - plot->bottom);
    for (size_t s = 0; s < data->series_count && s < LEGEND_MOST; s++) {
        size_t at = count;
        place[s] = data->series[s].value[data->points - 1];
        if (!isfinite(place[s]))
            continue;
        for (; at > 0 && place[order[at - 1]] > place[s]; at--)
            order[at] = order[at - 1];
        order[at] = s;
        count++;
    }
    push_apart(place, order, count, least);
    for (size_t s = 0; s < data->series_count && s < LEGEND_MOST; s++) {
        double value = data->series[s].value[data->points - 1];
        if (isfinite(value))
            label_at(plot, number_text(plot, value, false), (double)data->points - 1,
                     place[s], 7, 0, "left",
                     shade(s) == CHART_NAVY ? CHART_NAVY : CHART_WORDS);
    }
}

static double ends_width(struct plot *plot)
{
    double widest = 0;
    for (size_t s = 0; s < plot->data->series_count; s++) {
        double value = plot->data->series[s].value[plot->data->points - 1];
        widest = fmax(widest, label_width(plot, number_text(plot, value, false)));
    }
    return widest;
}

static void unit_label(struct plot *plot)
{
    const char *unit = plot->data->unit == UNIT_HOURS ? plot->english ? "hours" : "小时"
                       : plot->data->unit == UNIT_DAYS ? plot->english ? "days" : "天"
                                                       : NULL;
    if (!unit)
        return;
    const char *key = label_key(plot, unit);
    sheet_add(&plot->settings,
              "set label '%s' at screen 0, screen %.6f left textcolor rgb '#%06X'\n",
              key, 1 - (plot->top - 9) / plot->height, (unsigned)CHART_WORDS);
    plot->top += 6;
}

static void floor_note(struct plot *plot)
{
    if (plot->data->from_zero || !(plot->y_low > 0))
        return;
    const char *low = number_text(plot, plot->y_low, true);
    const char *reading = plot->chart->reading;
    if (plot->size == PLOT_FREE && reading && strstr(reading, low))
        return; /* said below the chart already */
    const char *text = plot->english
                           ? arena_printf(plot->memory, "axis starts at %s", low)
                           : arena_printf(plot->memory, "纵轴从 %s 起", low);
    sheet_add(&plot->settings,
              "set label '%s' at graph 0.01, screen %.6f left textcolor rgb '#%06X'\n",
              label_key(plot, text), (plot->bottom + 8) / plot->height,
              (unsigned)CHART_WORDS);
}

static void months_range(struct plot *plot, bool bands)
{
    const struct data *data = plot->data;
    double low = 0, high = 1;
    if (!data_range(data, bands, &low, &high))
        low = 0, high = 1;
    if (isfinite(data->target)) {
        low = fmin(low, data->target);
        high = fmax(high, data->target);
    }
    if (data->from_zero)
        low = fmin(low, 0);
    if (isfinite(data->axis_low))
        low = data->axis_low;
    if (isfinite(data->axis_high))
        high = data->axis_high;
    value_axis(plot, low, high);
}

static void prepare_line(struct plot *plot)
{
    const struct data *data = plot->data;
    for (size_t s = 0; s < data->series_count && data->series_count > 1; s++)
        legend_add(plot, SWATCH_LINE, shade(s), data->series[s].name);
    plot->top = legend_height(plot) + 12;
    if (data->series_count > 1)
        plot->right = ends_width(plot) + 2;
    unit_label(plot);
    months_range(plot, true);
    month_axis(plot);
    floor_note(plot);
    if (data->series_count > 1)
        line_ends(plot);
    else
        line_labels(plot, &data->series[0]);
    for (size_t s = 0; s < data->series_count; s++) {
        sheet_add(&plot->settings, "array_colour_%zu = 0x%06X\n", s + 1,
                  (unsigned)shade(s));
    }
    series_rows(plot);
}

/* --- control: normal band, centre, target, the points that stand out ------ */

/* The last month and what is out of the ordinary; of marks that stand too close for
 * their numbers the later one is told. */
static void control_labels(struct plot *plot, const struct series *series)
{
    size_t points = plot->data->points;
    double inside = plot->height - plot->top - plot->bottom;
    double step = (plot->width - plot->left - plot->right) / (double)(points + 1);
    double taken = INFINITY; /* from here on another number stands */

    for (size_t i = points; i-- > 0;) {
        bool last = i + 1 == points, odd = series->mark && series->mark[i];
        if (!isfinite(series->value[i]) || (!last && !odd))
            continue;
        double over = (plot->y_high - series->value[i]) / (plot->y_high - plot->y_low);
        bool above = over * inside > 15;
        const char *text = number_text(plot, series->value[i], false);
        double half = label_width(plot, text) / 2, at = (double)i * step;
        if (last)
            label_at(plot, text, (double)i, series->value[i], 6, 0, "left", CHART_NAVY);
        else if (at + half + 2 < taken)
            label_at(plot, text, (double)i, series->value[i], 0, above ? 10 : -10,
                     "center", CHART_NAVY);
        else
            continue;
        taken = last ? at + 6 : at - half;
    }
}

static void prepare_control(struct plot *plot)
{
    const struct data *data = plot->data;
    const struct series *series = &data->series[0];
    if (series->low && series->high)
        legend_add(plot, SWATCH_BOX, 0xDDE2E7,
                   plot->english ? "Normal range" : "正常波动范围");
    if (data->series_count > 1)
        legend_add(plot, SWATCH_LINE, 0x8A949E, data->series[1].name);
    if (isfinite(data->target)) {
        const char *target = number_text(plot, data->target, true);
        legend_add(plot, SWATCH_DASH, 0xB3470F,
                   arena_printf(plot->memory, plot->english ? "Target %s" : "目标 %s",
                                target));
    }
    plot->top = legend_height(plot) + 6;
    unit_label(plot);
    double final = data->points ? series->value[data->points - 1] : NAN;
    double slot = plot->width / (double)(2 * data->points + 1);
    if (isfinite(final))
        plot->right =
            fmax(plot->right,
                 label_width(plot, number_text(plot, final, false)) + 8 - slot);
    months_range(plot, true);
    month_axis(plot);
    floor_note(plot);
    control_labels(plot, series);
    sheet_add(&plot->settings, "target = %s\nhas_target = %d\nhas_centre = %d\n",
              isfinite(data->target) ? arena_printf(plot->memory, "%.9g", data->target)
                                     : "0",
              isfinite(data->target), data->series_count > 1);
    sheet_add(&plot->settings, "has_band = %d\n", series->low && series->high);
    series_rows(plot);
}

/* --- bars: the most frequent, this month against the month before --------- */

static const char *label_of(const struct data *data, size_t point)
{
    return data->label && data->label[point] ? data->label[point] : "";
}

/* Names at the left; one that would eat the drawing is cut with an ellipsis. */
static const char *cut_label(struct plot *plot, const char *text, double most)
{
    if (label_width(plot, text) <= most)
        return text;
    const char *at = text, *end = text + strlen(text), *good = text;
    double used = label_width(plot, "…");
    while (at < end) {
        const char *next = at;
        text_next(&next, end);
        used += fonts_width(plot->fonts, (struct text){ at, (uint32_t)(next - at) },
                            CHART_TEXT);
        if (used > most)
            break;
        good = at = next;
    }
    return arena_printf(plot->memory, "%.*s…", (int)(good - text), text);
}

static void bar_names(struct plot *plot)
{
    const struct data *data = plot->data;
    double most = plot->width * 0.42;
    sheet_add(&plot->settings, "set ytics (");
    for (size_t i = 0; i < data->points; i++) {
        const char *text = cut_label(plot, label_of(data, i), most);
        plot->left = fmax(plot->left, label_width(plot, text) + 7);
        sheet_add(&plot->settings, "%s'%s' %zu", i ? ", " : "", label_key(plot, text),
                  i);
    }
    sheet_add(&plot->settings, ")\n");
}

/* The words beside a bar, or where those would leave no room for bars their mark. */
static const char *note_of(struct plot *plot, size_t point, bool brief)
{
    const char *note = plot->data->note ? plot->data->note[point] : NULL;
    const char *end = note && brief ? strchr(note, ' ') : NULL;
    return end ? arena_copy(plot->memory, note, (size_t)(end - note)) : note;
}

/* The widest note with the space before it; 0 = none. */
static double notes_width(struct plot *plot, bool brief)
{
    double widest = 0;
    for (size_t i = 0; i < plot->data->points; i++) {
        const char *note = note_of(plot, i, brief);
        if (note)
            widest = fmax(widest, label_width(plot, note) + 6);
    }
    return widest;
}

static void prepare_bars(struct plot *plot)
{
    const struct data *data = plot->data;
    bool pairs = data->series_count > 1;
    double low = 0, high = 1, now_width = 0, then_width = 0;
    const char *then_name = pairs && data->series[1].name ? data->series[1].name : "";
    data_range(data, false, &low, &high);
    plot->left = 4;
    bar_names(plot);
    for (size_t i = 0; i < data->points; i++) {
        now_width =
            fmax(now_width,
                 label_width(plot, number_text(plot, data->series[0].value[i], false)));
        if (pairs)
            then_width =
                fmax(then_width,
                     label_width(
                         plot, arena_printf(plot->memory, "%s %s", then_name,
                                            number_text(plot, data->series[1].value[i],
                                                        false))));
    }
    plot->top = plot->bottom = 2;
    double right = now_width + (pairs ? then_width + 12 : 0) + 8;
    double notes = notes_width(plot, false);
    bool brief = plot->width - plot->left - right - notes < bars_least * plot->width;
    if (brief)
        notes = notes_width(plot, true);
    plot->right = right + notes;
    plot->x_low = 0;
    plot->x_high = high > 0 ? high : 1;
    plot->y_low = (double)data->points - 0.45;
    plot->y_high = -0.55;
    for (size_t i = 0; i < data->points; i++) {
        double now = data->series[0].value[i];
        label_at(plot, number_text(plot, now, false), isfinite(now) ? now : 0,
                 (double)i, 4, pairs ? 2 : 0, "left", CHART_NAVY);
        if (!pairs)
            continue;
        const char *then =
            arena_printf(plot->memory, "%s %s", then_name,
                         number_text(plot, data->series[1].value[i], false));
        label_at(plot, then, plot->x_high, (double)i, plot->right - 1 - notes, 0,
                 "right", CHART_WORDS);
        const char *note = note_of(plot, i, brief);
        if (note)
            label_at(plot, note, plot->x_high, (double)i, plot->right - 1, 0, "right",
                     CHART_NAVY);
    }
    series_rows(plot);
}

/* --- ageing: how long the open ones have waited --------------------------- */

static void prepare_ageing(struct plot *plot)
{
    prepare_bars(plot);
}

/* --- survival: the share done by a time, two curves ----------------------- */

static void curve_end(struct plot *plot, const struct series *series, double reach,
                      double *taken)
{
    size_t i = plot->data->points;
    while (i > 0 && !isfinite(series->value[i - 1]))
        i--;
    if (!i)
        return;
    double y = series->value[i - 1];
    double least =
        13 * (plot->y_high - plot->y_low) / (plot->height - plot->top - plot->bottom);
    if (isfinite(*taken) && fabs(y - *taken) < least)
        y = y > *taken ? *taken + least : *taken - least;
    *taken = y;
    label_at(plot,
             arena_printf(plot->memory, "%s %s", series->name ? series->name : "",
                          number_text(plot, series->value[i - 1], true)),
             reach, y, 5, 0, "left", CHART_NAVY);
}

static void prepare_survival(struct plot *plot)
{
    const struct data *data = plot->data;
    double reach = data->points && data->x ? data->x[data->points - 1] : 1;
    double taken = NAN, widest = 0;
    plot->top = 8;
    plot->bottom = 17;
    for (size_t s = 0; s < data->series_count; s++)
        widest =
            fmax(widest,
                 label_width(plot, data->series[s].name ? data->series[s].name : ""));
    plot->right = widest + label_width(plot, " 100%") + 10;
    value_axis(plot, 0, 1);
    plot->x_low = 0;
    plot->x_high = reach > 0 ? reach : 1;
    double days = reach / 24, slots = (plot->width - plot->left - plot->right) / 34;
    int stride = (int)ceil(days / fmax(slots, 1));
    stride = stride < 1 ? 1 : stride;
    sheet_add(&plot->settings, "set xtics (");
    for (int day = 0; day <= days + 1e-9 && day <= 400; day += stride)
        sheet_add(&plot->settings, "%s'%s' %d", day ? ", " : "",
                  label_key(plot, arena_printf(plot->memory,
                                               plot->english ? "%d d" : "%d 天", day)),
                  day * 24);
    sheet_add(&plot->settings, ") offset 0, 0.35\n");
    for (size_t s = 0; s < data->series_count; s++)
        curve_end(plot, &data->series[s], reach, &taken);
    series_rows(plot);
}

/* --- heat: hours across, days down ---------------------------------------- */

/* White to navy by luminance, so that grey print keeps the order. */
static uint32_t heat_colour(double part)
{
    static const int light[3] = { 0xF4, 0xF7, 0xFA }, dark[3] = { 0x1B, 0x3A, 0x5C };
    uint32_t colour = 0;
    for (int i = 0; i < 3; i++)
        colour = colour << 8 | (uint32_t)lround(light[i] + (dark[i] - light[i]) * part);
    return colour;
}

static void prepare_heat(struct plot *plot)
{
    const struct data *data = plot->data;
    double low, high, slot;
    if (!data_range(data, false, &low, &high) || !(high > 0))
        high = 1;
    plot->left = 8;
    for (size_t s = 0; s < data->series_count; s++)
        plot->left =
            fmax(plot->left,
                 label_width(plot, data->series[s].name ? data->series[s].name : "")
                     + 7);
    plot->top = 2;
    plot->bottom = 17;
    slot = (plot->width - plot->left - plot->right) / (double)data->points;
    size_t stride = (size_t)ceil(18 / fmax(slot, 1));
    sheet_add(&plot->settings, "set xtics (");
    for (size_t i = 0; i < data->points; i += stride)
        sheet_add(&plot->settings, "%s'%s' %zu", i ? ", " : "",
                  label_key(plot, label_of(data, i)), i);
    sheet_add(&plot->settings, ") offset 0, 0.35\nset ytics (");
    for (size_t s = 0; s < data->series_count; s++)
        sheet_add(&plot->settings, "%s'%s' %zu", s ? ", " : "",
                  label_key(plot, data->series[s].name ? data->series[s].name : ""), s);
    sheet_add(&plot->settings, ")\n");
    plot->x_low = -0.5;
    plot->x_high = (double)data->points - 0.5;
    plot->y_low = (double)data->series_count - 0.5;
    plot->y_high = -0.5;
    for (size_t s = 0; s < data->series_count; s++)
        for (size_t i = 0; i < data->points; i++) {
            double value = data->series[s].value[i];
            double part = isfinite(value) ? fmin(1, fmax(0, value / high)) : 0;
            const char *text = number_text(plot, value, true);
            sheet_add(&plot->rows, "%zu\t%zu\t%u\n", i, s, (unsigned)heat_colour(part));
            if (isfinite(value) && value != 0 && label_width(plot, text) + 1 <= slot
                && plot->label_count + 40 < LABELS_MOST)
                label_at(plot, text, (double)i, (double)s, 0, 0, "center",
                         part > 0.67 ? 0xFFFFFF : 0x000000);
        }
}

static const struct chart_kind_row kinds[CHART_KINDS] = {
    [CHART_STACK] = { "stack", months_height, prepare_stack },
    [CHART_LINE] = { "line", months_height, prepare_line },
    [CHART_BARS] = { "bars", bars_height, prepare_bars },
    [CHART_HEAT] = { "heat", heat_height, prepare_heat },
    [CHART_CONTROL] = { "control", months_height, prepare_control },
    [CHART_SURVIVAL] = { "survival", months_height, prepare_survival },
    [CHART_AGEING] = { "ageing", bars_height, prepare_ageing },
};

const struct chart_kind_row *chart_kind(enum chart_kind kind)
{
    return kind < CHART_KINDS ? &kinds[kind] : NULL;
}
