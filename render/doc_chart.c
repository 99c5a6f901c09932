/* doc_chart.c - the numbers behind a chart, as a table. */
#include "render/doc_parts.h"

#include <math.h>

/* The data of a chart as a table: points down, series across, n last. */
static const struct table *tabulated(struct arena *memory, const struct chart *chart)
{
    const struct data *data = chart->data;
    size_t columns = 1 + data->series_count + (data->n != NULL ? 1 : 0), at, point;
    bool band = data->series_count > 0 && data->series[0].low != NULL;
    struct table_cell *cells;
    enum align *align;
    struct table *table;

    columns += band ? 1 : 0;
    table = arena_alloc(memory, sizeof *table);
    cells = arena_alloc(memory, columns * (data->points + 1) * sizeof *cells);
    align = arena_alloc(memory, columns * sizeof *align);
    for (at = 0; at < columns; at++)
        align[at] = at == 0 ? ALIGN_LEFT : ALIGN_RIGHT;
    *table = (struct table){ .columns = columns,
                             .rows = data->points + 1,
                             .heads = 1,
                             .align = align,
                             .cells = cells };
    cells[0].text = "";
    for (at = 0; at < data->series_count; at++)
        cells[1 + at].text = data->series[at].name;
    if (band)
        cells[1 + data->series_count].text = "~";
    if (data->n != NULL)
        cells[columns - 1].text = "n";
    for (point = 0; point < data->points; point++) {
        struct table_cell *row = &cells[(point + 1) * columns];
        const struct series *first = data->series;

        row[0].text = data->label[point];
        for (at = 0; at < data->series_count; at++)
            row[1 + at].text = data_text(memory, data, data->series[at].value[point]);
        if (band)
            row[1 + at].text =
                isfinite(first->low[point])
                    ? arena_printf(memory, "%s–%s",
                                   data_text(memory, data, first->low[point]),
                                   data_text(memory, data, first->high[point]))
                    : "";
        if (data->n != NULL)
            row[columns - 1].text = isfinite(data->n[point])
                                        ? arena_printf(memory, "%.0f", data->n[point])
                                        : "";
    }
    return table;
}

/* A curve sampled every two hours is read a day at a time. */
static const struct chart *thinned(struct arena *memory, const struct chart *chart)
{
    enum { EVERY = 12, FEW = 40 };
    const struct data *data = chart->data;
    struct chart *thin;
    struct data *less;
    struct series *series;
    size_t points, at, i;

    if (data->points <= FEW || data->x == NULL)
        return chart;
    points = (data->points - 1) / EVERY + 1;
    thin = arena_alloc(memory, sizeof *thin);
    less = arena_alloc(memory, sizeof *less);
    series = arena_alloc(memory, (data->series_count + 1) * sizeof *series);
    *thin = *chart;
    *less = *data;
    less->points = points;
    less->label = arena_alloc(memory, points * sizeof *less->label);
    less->series = series;
    less->n = NULL;
    for (i = 0; i < points; i++)
        ((const char **)(uintptr_t)less->label)[i] = data->label[i * EVERY];
    for (at = 0; at < data->series_count; at++) {
        double *values = arena_alloc(memory, points * sizeof *values);

        for (i = 0; i < points; i++)
            values[i] = data->series[at].value[i * EVERY];
        series[at] = (struct series){ .name = data->series[at].name, .value = values };
    }
    thin->data = less;
    return thin;
}

const struct table *chart_table(struct arena *memory, const struct chart *chart)
{
    return tabulated(memory, thinned(memory, chart));
}
