/* render_xlsx_body.c - tables and native charts of a workbook. */
#include "render/render_xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHART_ROWS = 16, CHART_WIDTH = 720, CHART_HEIGHT = 300, FOLDED_FROM = 60 };

static void head_row(struct xlsx *xlsx, const struct table *table, size_t row,
                     size_t columns)
{
    size_t column;

    for (column = 0; column < columns; column++) {
        const char *text = table->cells[row * table->columns + column].text;

        xlsx_put_text(xlsx, xlsx->row, column, text == NULL ? "" : text, LOOK_HEAD);
    }
}

/* A table near the top of its sheet keeps its head in sight, and on every printed
 * page - where no other stands below, for whose head it would be taken. */
static void remember_head(struct xlsx *xlsx, const struct table *table)
{
    enum { NEAR_TOP = 6 };

    if (xlsx->tables++ > 0 || xlsx->row > NEAR_TOP)
        return;
    xlsx->head = xlsx->row;
    xlsx->head_rows = (uint32_t)table->heads;
}

/* Long words wrap in their cell: the row is made as high as its tallest. */
static void row_height(struct xlsx *xlsx, const struct table *table, size_t row,
                       size_t columns)
{
    enum { CELL_COLUMNS = 42, LINE_POINTS = 16, MOST_POINTS = 400 };
    int lines = 1;
    size_t column;

    for (column = 0; column < columns; column++) {
        const char *text = table->cells[row * table->columns + column].text;
        int own = text == NULL ? 1 : 1 + (text_width(text_of(text)) - 1) / CELL_COLUMNS;

        lines = own > lines ? own : lines;
    }
    if (lines > 1)
        (void)worksheet_set_row(xlsx->sheet, xlsx->row,
                                lines * LINE_POINTS > MOST_POINTS ? MOST_POINTS
                                                                  : lines * LINE_POINTS,
                                NULL);
}

void xlsx_table(struct xlsx *xlsx, const struct table *table)
{
    size_t columns = table->columns < XLSX_COLUMNS ? table->columns : XLSX_COLUMNS;
    size_t row, column;

    if (table->title != NULL) {
        xlsx_put_text(xlsx, xlsx->row, 0, table->title, LOOK_BOLD);
        xlsx->row++;
    }
    remember_head(xlsx, table);
    for (row = 0; row < table->rows; row++, xlsx->row++) {
        bool total = table->total && row + 1 == table->rows;

        if (row < table->heads) {
            head_row(xlsx, table, row, columns);
            continue;
        }
        row_height(xlsx, table, row, columns);
        for (column = 0; column < columns; column++) {
            const struct table_cell *cell =
                &table->cells[row * table->columns + column];

            xlsx_put_value(xlsx, xlsx->row, column,
                           cell->text == NULL ? "" : cell->text, &cell->value,
                           table->align[column] == ALIGN_RIGHT, total);
        }
    }
    xlsx->row++;
}

/* --- charts ----------------------------------------------------------------- */

struct spread { /* where the chart's numbers stand */
    uint32_t head, first, last;
    size_t series, low, high, n, target; /* columns; 0 = none */
};

static enum value_kind kind_of(enum unit unit)
{
    return unit == UNIT_SHARE
               ? VALUE_SHARE
               : (unit == UNIT_HOURS || unit == UNIT_NUMBER ? VALUE_NUMBER
                                                            : VALUE_COUNT);
}

static void column_put(struct xlsx *xlsx, const struct spread *at, size_t column,
                       const char *title, const double *values, size_t points,
                       const struct data *data, bool counts)
{
    struct value value = { .kind = counts ? VALUE_COUNT : kind_of(data->unit) };
    size_t i;

    xlsx_put_text(xlsx, at->head, column, title, LOOK_HEAD);
    for (i = 0; i < points; i++) {
        value.number = values[i];
        if (isfinite(values[i]))
            xlsx_put_value(xlsx, at->first + (uint32_t)i, column,
                           data_text(xlsx->memory, data, values[i]), &value, true,
                           false);
        else
            xlsx_put_text(xlsx, at->first + (uint32_t)i, column, "", LOOK_CELL_RIGHT);
    }
}

static void target_put(struct xlsx *xlsx, struct spread *at, size_t column,
                       const struct data *data, const char *name)
{
    double *line = arena_alloc(xlsx->memory, (data->points + 1) * sizeof *line);
    size_t i;

    for (i = 0; i < data->points; i++)
        line[i] = data->target;
    at->target = column;
    column_put(xlsx, at, column, name, line, data->points, data, false);
}

static struct spread numbers_put(struct xlsx *xlsx, const struct chart *chart,
                                 bool english)
{
    const struct data *data = chart->data;
    const struct series *first = &data->series[0];
    struct spread at = { .head = xlsx->row, .first = xlsx->row + 1, .series = 1 };
    size_t column = 1, i;

    at.last = xlsx->row + (uint32_t)data->points;
    xlsx_put_text(xlsx, at.head, 0, "", LOOK_HEAD);
    for (i = 0; i < data->points; i++)
        xlsx_put_text(xlsx, at.first + (uint32_t)i, 0, data->label[i], LOOK_CELL);
    for (i = 0; i < data->series_count; i++)
        column_put(xlsx, &at, column++, data->series[i].name, data->series[i].value,
                   data->points, data, false);
    if (first->low != NULL && first->high != NULL) {
        at.low = column;
        column_put(xlsx, &at, column++, english ? "low" : "范围下限", first->low,
                   data->points, data, false);
        at.high = column;
        column_put(xlsx, &at, column++, english ? "high" : "范围上限", first->high,
                   data->points, data, false);
    }
    if (isfinite(data->target))
        target_put(xlsx, &at, column++, data, english ? "target" : "目标");
    if (data->n != NULL) {
        at.n = column;
        column_put(xlsx, &at, column, english ? "cases" : "件数", data->n, data->points,
                   data, true);
    }
    xlsx->row = at.last + 2;
    return at;
}

static uint8_t chart_type(enum chart_kind kind)
{
    switch (kind) {
    case CHART_STACK:
        return LXW_CHART_COLUMN_STACKED;
    case CHART_BARS:
        return LXW_CHART_BAR;
    case CHART_AGEING:
        return LXW_CHART_COLUMN;
    case CHART_SURVIVAL:
        return LXW_CHART_SCATTER_STRAIGHT;
    case CHART_LINE:
    case CHART_CONTROL:
        return LXW_CHART_LINE;
    case CHART_HEAT:
    case CHART_KINDS:
        break;
    }
    return LXW_CHART_NONE;
}

static lxw_color_t shade(size_t at)
{
    static const lxw_color_t shades[] = {
        0x1B3A5C, 0xD9822B, 0x8CC3E8, 0x5B7F95, 0xC99E6B, 0xCFD6DC
    }; /* as on paper */

    return shades[at % (sizeof shades / sizeof shades[0])];
}

static lxw_chart_series *series_add(struct xlsx *xlsx, lxw_chart *chart,
                                    const struct spread *at, size_t column)
{
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);

    if (series == NULL)
        return NULL;
    chart_series_set_categories(series, xlsx->sheet_name, at->first, 0, at->last, 0);
    chart_series_set_values(series, xlsx->sheet_name, at->first, (lxw_col_t)column,
                            at->last, (lxw_col_t)column);
    chart_series_set_name_range(series, xlsx->sheet_name, at->head, (lxw_col_t)column);
    return series;
}

static void line_look(lxw_chart_series *series, lxw_color_t color, double width,
                      bool dashed)
{
    lxw_chart_line line = { .color = color,
                            .width = (float)width,
                            .dash_type = dashed ? LXW_CHART_LINE_DASH_DASH
                                                : LXW_CHART_LINE_DASH_SOLID };

    if (series != NULL)
        chart_series_set_line(series, &line);
}

static void series_put(struct xlsx *xlsx, lxw_chart *chart, const struct chart *source,
                       const struct spread *at)
{
    bool lines = source->kind == CHART_LINE || source->kind == CHART_CONTROL
                 || source->kind == CHART_SURVIVAL;
    size_t i;

    for (i = 0; i < source->data->series_count; i++) {
        lxw_chart_series *series = series_add(xlsx, chart, at, at->series + i);
        lxw_chart_fill fill = { .color = shade(
                                    source->kind != CHART_STACK && i == 1 ? 3 : i) };

        if (series == NULL)
            continue;
        if (lines)
            line_look(series, shade(i), i == 0 ? 2.25 : 1.5, false);
        else
            chart_series_set_fill(series, &fill);
        if (source->kind == CHART_BARS || source->kind == CHART_AGEING)
            chart_series_set_labels(series);
    }
    if (at->low > 0) {
        line_look(series_add(xlsx, chart, at, at->low), 0x999999, 1, false);
        line_look(series_add(xlsx, chart, at, at->high), 0x999999, 1, false);
    }
    if (at->target > 0)
        line_look(series_add(xlsx, chart, at, at->target), 0xB3470F, 1.25, true);
}

static void axes_set(lxw_chart *chart, const struct chart *source)
{
    const struct data *data = source->data;
    lxw_chart_line faint = { .color = 0xDDDDDD, .width = 0.75 };

    /* of lying bars y is the axis of the names: the largest on top, as on paper */
    if (source->kind == CHART_BARS)
        chart_axis_set_reverse(chart->y_axis);
    else
        chart_axis_major_gridlines_set_line(chart->y_axis, &faint);
    if (data->unit == UNIT_SHARE)
        chart_axis_set_num_format(chart->y_axis, "0%");
    if (isfinite(data->axis_low))
        chart_axis_set_min(chart->y_axis, data->axis_low);
    if (isfinite(data->axis_high))
        chart_axis_set_max(chart->y_axis, data->axis_high);
    if (source->kind == CHART_SURVIVAL) {
        chart_axis_set_min(chart->x_axis, 0);
        chart_axis_set_max(chart->x_axis, data->x[data->points - 1]);
        chart_axis_set_major_unit(chart->x_axis, 48);
    }
}

/* A scatter needs numbers for x: the labels of a curve are hours. */
static void hours_put(struct xlsx *xlsx, const struct data *data,
                      const struct spread *at)
{
    struct value value = { .kind = VALUE_COUNT };
    size_t i;

    for (i = 0; i < data->points; i++) {
        value.number = data->x[i];
        xlsx_put_value(xlsx, at->first + (uint32_t)i, 0, data->label[i], &value, true,
                       false);
    }
}

/* A curve has so many points that what follows would stand pages below: they are folded
 * away under their head, a click opens them, and the chart draws them all the same. */
static void fold(struct xlsx *xlsx, lxw_chart *chart, const struct spread *at)
{
    lxw_row_col_options folded = { .hidden = LXW_TRUE, .level = 1 };
    lxw_row_col_options closed = { .collapsed = LXW_TRUE };
    uint32_t row;

    for (row = at->first; row <= at->last; row++)
        (void)worksheet_set_row_opt(xlsx->sheet, row, LXW_DEF_ROW_HEIGHT, NULL,
                                    &folded);
    (void)worksheet_set_row_opt(xlsx->sheet, at->last + 1, LXW_DEF_ROW_HEIGHT, NULL,
                                &closed);
    chart_show_hidden_data(chart);
}

void xlsx_chart(struct xlsx *xlsx, const struct chart *source)
{
    bool english = strcmp(xlsx->doc->language, "en") == 0;
    uint8_t type = chart_type(source->kind);
    lxw_chart_options options = { .object_position = LXW_OBJECT_MOVE_DONT_SIZE };
    struct spread at;
    lxw_chart *chart;
    uint32_t place;

    xlsx->row++;
    xlsx_put_text(xlsx, xlsx->row, 0, source->title, LOOK_BOLD);
    xlsx->row++;
    place = xlsx->row;
    if (type != LXW_CHART_NONE)
        xlsx->row += CHART_ROWS;
    if (source->reading != NULL)
        xlsx_paragraph(xlsx, source->reading, LOOK_NOTE);
    at = numbers_put(xlsx, source, english);
    xlsx->tables++;
    if (type == LXW_CHART_NONE)
        return;
    if (source->kind == CHART_SURVIVAL)
        hours_put(xlsx, source->data, &at);
    chart = workbook_add_chart(xlsx->book, type);
    if (chart == NULL)
        return;
    series_put(xlsx, chart, source, &at);
    if (at.last - at.first >= FOLDED_FROM)
        fold(xlsx, chart, &at);
    axes_set(chart, source);
    chart_title_off(chart);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
    options.x_scale = CHART_WIDTH / 480.0;
    options.y_scale = CHART_HEIGHT / 288.0;
    if (worksheet_insert_chart_opt(xlsx->sheet, place, 0, chart, &options)
            != LXW_NO_ERROR
        && xlsx->failed == LXW_NO_ERROR)
        xlsx->failed = LXW_ERROR_PARAMETER_VALIDATION;
}
