/* chart_parts.c - axes, labels and legends measured with the face they print in. */
#include "render/chart_kinds.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/wording.h"

static const double swatch_width = 16, legend_space = 12, legend_line = 14.5,
                    n_pitch = 11.5, n_first = 21;

void sheet_add(struct sheet *sheet, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int need = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    size_t length = need > 0 ? (size_t)need : 0;
    if (sheet->length + length + 1 > sheet->room) {
        size_t room = (sheet->length + length + 1) * 2 + 256;
        sheet->at = arena_grow(sheet->memory, sheet->at, sheet->length, room);
        sheet->room = room;
    }
    va_start(args, fmt);
    vsnprintf(sheet->at + sheet->length, length + 1, fmt, args);
    va_end(args);
    sheet->length += length;
}

double label_width(const struct plot *plot, const char *text)
{
    return fonts_width(plot->fonts, text_of(text), CHART_TEXT);
}

const char *label_key(struct plot *plot, const char *text)
{
    size_t number = plot->label_count;
    if (number == LABELS_MOST)
        return "";
    plot->labels[plot->label_count++] = text;
    return arena_printf(plot->memory, "K%03zu", number);
}

void label_at(struct plot *plot, const char *text, double x, double y, double move_x,
              double move_y, const char *anchor, uint32_t colour)
{
    const char *key = label_key(plot, text);
    if (*key && isfinite(x) && isfinite(y))
        sheet_add(&plot->settings,
                  "set label '%s' at first %.9g, first %.9g %s offset screen %.6f, "
                  "screen %.6f textcolor rgb '#%06X' front\n",
                  key, x, y, anchor, move_x / plot->width, move_y / plot->height,
                  (unsigned)colour);
}

void label_below(struct plot *plot, const char *text, double x, double rise,
                 uint32_t colour)
{
    const char *key = label_key(plot, text);
    if (*key && isfinite(x))
        sheet_add(&plot->settings,
                  "set label '%s' at first %.9g, screen %.6f center textcolor rgb "
                  "'#%06X' front\n",
                  key, x, rise / plot->height, (unsigned)colour);
}

/* --- legend --------------------------------------------------------------- */

void legend_add(struct plot *plot, enum swatch swatch, uint32_t colour,
                const char *name)
{
    if (plot->legend_count < LEGEND_MOST && name && *name)
        plot->legend[plot->legend_count++] = (struct legend){ swatch, colour, name };
}

static double legend_own(const struct plot *plot, size_t index)
{
    return swatch_width + 4 + label_width(plot, plot->legend[index].name);
}

double legend_height(const struct plot *plot)
{
    double x = 0, rows = plot->legend_count ? 1 : 0;
    for (size_t i = 0; i < plot->legend_count; i++) {
        double own = legend_own(plot, i);
        if (x > 0 && x + own > plot->width) {
            rows++;
            x = 0;
        }
        x += own + legend_space;
    }
    return rows * legend_line;
}

static void draw_swatch(struct sheet *out, const struct legend *legend, double x,
                        double y)
{
    double scale = CHART_UNITS;
    if (legend->swatch == SWATCH_BOX)
        sheet_add(out,
                  "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
                  "fill=\"#%06X\" stroke=\"none\"/>\n",
                  x * scale, (y - 8) * scale, 14 * scale, 8 * scale,
                  (unsigned)legend->colour);
    else
        sheet_add(out,
                  "<path d=\"M%.2f,%.2f L%.2f,%.2f\" fill=\"none\" stroke=\"#%06X\" "
                  "stroke-width=\"%.2f\"%s/>\n",
                  x * scale, (y - 4) * scale, (x + 14) * scale, (y - 4) * scale,
                  (unsigned)legend->colour, 1.4 * scale,
                  legend->swatch == SWATCH_DASH ? " stroke-dasharray=\"8,6\"" : "");
}

static void add_escaped(struct sheet *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        const char *entity = byte == '&'   ? "&amp;"
                             : byte == '<' ? "&lt;"
                             : byte == '>' ? "&gt;"
                             : byte == '"' ? "&quot;"
                                           : NULL;
        if (entity)
            sheet_add(out, "%s", entity);
        else if (byte >= 0x20 && byte != 0x7F)
            sheet_add(out, "%c", byte);
    }
}

void legend_draw(const struct plot *plot, struct sheet *out)
{
    double x = 0, y = 10;
    for (size_t i = 0; i < plot->legend_count; i++) {
        double own = legend_own(plot, i);
        if (x > 0 && x + own > plot->width) {
            x = 0;
            y += legend_line;
        }
        draw_swatch(out, &plot->legend[i], x, y);
        sheet_add(out,
                  "<g transform=\"translate(%.2f,%.2f)\" stroke=\"none\" "
                  "fill=\"#%06X\" font-family=\"WenQuanYi Micro Hei\" "
                  "font-size=\"%.2f\" text-anchor=\"start\"><text>",
                  (x + swatch_width + 2) * CHART_UNITS, (y - 0.3) * CHART_UNITS,
                  (unsigned)CHART_WORDS, CHART_TEXT * CHART_UNITS);
        add_escaped(out, plot->legend[i].name);
        sheet_add(out, "</text></g>\n");
        x += own + legend_space;
    }
}

/* --- words for numbers ---------------------------------------------------- */

const char *number_text(struct plot *plot, double value, bool brief)
{
    const struct data *data = plot->data;
    if (!isfinite(value))
        return data->unknown != NULL ? data->unknown : "—";
    if (data->unit == UNIT_SHARE)
        return brief ? arena_printf(plot->memory, "%.0f%%", value * 100)
                     : say_percent(plot->memory, value);
    if (fabs(value - round(value)) < 1e-9 && fabs(value) < 1e15)
        return say_count(plot->memory, (int64_t)llround(value));
    return arena_printf(plot->memory, brief && fabs(value) >= 10 ? "%.0f" : "%.1f",
                        value);
}

static const char *const english_months[12] = { "Jan", "Feb", "Mar", "Apr",
                                                "May", "Jun", "Jul", "Aug",
                                                "Sep", "Oct", "Nov", "Dec" };

const char *month_text(struct plot *plot, const char *label, bool with_year)
{
    int year, month;
    char rest;
    if (!label || sscanf(label, "%4d-%2d%c", &year, &month, &rest) != 2)
        return label ? label : "";
    if (plot->english && month >= 1 && month <= 12)
        return with_year ? arena_printf(plot->memory, "%s %02d",
                                        english_months[month - 1], year % 100)
                         : english_months[month - 1];
    return with_year ? arena_printf(plot->memory, "%02d年%d月", year % 100, month)
                     : arena_printf(plot->memory, "%d月", month);
}

bool data_range(const struct data *data, bool bands, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t s = 0; s < data->series_count; s++) {
        const struct series *series = &data->series[s];
        const double *list[3] = { series->value, bands ? series->low : NULL,
                                  bands ? series->high : NULL };
        for (int k = 0; k < 3; k++)
            for (size_t i = 0; list[k] && i < data->points; i++)
                if (isfinite(list[k][i])) {
                    *low = fmin(*low, list[k][i]);
                    *high = fmax(*high, list[k][i]);
                }
    }
    return *low <= *high;
}

/* --- axes ----------------------------------------------------------------- */

static double round_step(double raw)
{
    double power = pow(10, floor(log10(raw))), part = raw / power;
    return power
           * (part <= 1     ? 1
              : part <= 2   ? 2
              : part <= 2.5 ? 2.5
              : part <= 5   ? 5
                            : 10);
}

/* A share between fixed ends is cut into equal parts, so that both ends are
 * marked. */
static double step_between(double range, double room)
{
    static const double parts[] = { 10, 5, 4, 2, 1 };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        double percent = range * 100 / parts[i];
        if (parts[i] * 20 <= room && fabs(percent - round(percent)) < 1e-9
            && fmod(round(percent), 5) == 0)
            return range / parts[i];
    }
    return range;
}

void value_axis(struct plot *plot, double low, double high)
{
    if (!(high > low))
        high = low + 1;
    double room = plot->height - plot->top - plot->bottom;
    double step = round_step((high - low) / fmax(2, floor(room / 26)));
    bool whole = plot->data->unit != UNIT_SHARE && plot->data->unit != UNIT_HOURS
                 && plot->data->unit != UNIT_NUMBER;
    if (whole && step < 1)
        step = 1;
    if (plot->data->unit == UNIT_SHARE && isfinite(plot->data->axis_low)
        && isfinite(plot->data->axis_high))
        step = step_between(high - low, room);
    double first = floor(low / step + 1e-9) * step;
    plot->y_low = isfinite(plot->data->axis_low) ? low : first;
    plot->y_high =
        isfinite(plot->data->axis_high) ? high : ceil(high / step - 1e-9) * step;
    sheet_add(&plot->settings, "set ytics (");
    const char *comma = "";
    double widest = 0;
    for (int i = 0; i <= 40; i++) {
        double at = first + i * step;
        if (at > plot->y_high + step * 1e-6)
            break;
        if (at < plot->y_low - step * 1e-6)
            continue;
        bool brief = plot->data->unit == UNIT_SHARE && step > 0.0099;
        const char *text = number_text(plot, fabs(at) < step * 1e-6 ? 0 : at, brief);
        widest = fmax(widest, label_width(plot, text));
        sheet_add(&plot->settings, "%s'%s' %.9g", comma, label_key(plot, text), at);
        comma = ", ";
    }
    sheet_add(&plot->settings, ")\n");
    plot->left = fmax(plot->left, widest + 8);
}

static const char *n_text(struct plot *plot, size_t point)
{
    double n = plot->data->n[point];
    return isfinite(n) ? say_count(plot->memory, (int64_t)llround(n)) : "";
}

static double month_slot(const struct plot *plot)
{
    double points = (double)(plot->data->points ? plot->data->points : 1);
    return (plot->width - plot->left - plot->right) / points;
}

/* Every point has its n, in two rows where one is too narrow. */
static void n_rows(struct plot *plot)
{
    const struct data *data = plot->data;
    const char *name = plot->english ? "n" : "件数";
    double widest = 0, own = label_width(plot, name);
    for (size_t i = 0; i < data->points; i++)
        widest = fmax(widest, label_width(plot, n_text(plot, i)));
    plot->left = fmax(plot->left, own + widest / 2 + 4 - month_slot(plot) / 2);
    bool two = widest + 4.5 > month_slot(plot);
    plot->bottom += two ? n_pitch * 2 : n_pitch + 1;
    for (size_t i = 0; i < data->points; i++) {
        bool lower = two && (data->points - 1 - i) % 2;
        if (*n_text(plot, i))
            label_below(plot, n_text(plot, i), (double)i,
                        plot->bottom - n_first - (lower ? n_pitch : 0), CHART_WORDS);
    }
    sheet_add(&plot->settings,
              "set label '%s' at screen 0, screen %.6f left textcolor rgb '#%06X'\n",
              label_key(plot, name), (plot->bottom - n_first) / plot->height,
              (unsigned)CHART_WORDS);
}

void month_axis(struct plot *plot)
{
    const struct data *data = plot->data;
    double widest = 0;
    plot->bottom = 17;
    if (data->n)
        n_rows(plot);
    double slot = month_slot(plot);
    for (size_t i = 0; i < data->points; i++)
        widest =
            fmax(widest, label_width(plot, month_text(plot, data->label[i], false)));
    size_t stride = slot > 0 ? (size_t)ceil((widest + 5) / slot) : data->points;
    stride = stride < 1 ? 1 : stride;
    sheet_add(&plot->settings, "set xtics (");
    const char *comma = "", *year = "";
    double before = 0;
    for (size_t i = (data->points - 1) % stride; i < data->points; i += stride) {
        const char *label = data->label[i] ? data->label[i] : "";
        double whole = label_width(plot, month_text(plot, label, true));
        bool room = (whole + fmax(widest, before)) / 2 + 3 < (double)stride * slot;
        bool fresh = strncmp(label, year, 4) != 0 && room;
        const char *text = month_text(plot, label, fresh);
        before = label_width(plot, text);
        sheet_add(&plot->settings, "%s'%s' %zu", comma, label_key(plot, text), i);
        year = fresh ? label : year;
        comma = ", ";
    }
    sheet_add(&plot->settings, ") offset 0, 0.35\n");
    plot->x_low = -0.5;
    plot->x_high = (double)data->points - 0.5;
}

static double item(const double *list, size_t index)
{
    return list ? list[index] : NAN;
}

/* x, then value, low, high and mark of each series. */
void series_rows(struct plot *plot)
{
    const struct data *data = plot->data;
    for (size_t i = 0; i < data->points; i++) {
        sheet_add(&plot->rows, "%.9g", data->x ? data->x[i] : (double)i);
        for (size_t s = 0; s < data->series_count; s++) {
            const struct series *series = &data->series[s];
            double values[4] = { series->value[i], item(series->low, i),
                                 item(series->high, i),
                                 series->mark ? series->mark[i] : 0 };
            for (int k = 0; k < 4; k++)
                if (isfinite(values[k]))
                    sheet_add(&plot->rows, "\t%.9g", values[k]);
                else
                    sheet_add(&plot->rows, "\tNaN");
        }
        sheet_add(&plot->rows, "\n");
    }
}

uint32_t shade(size_t index)
{
    static const uint32_t shades[] = { CHART_NAVY, CHART_ORANGE, CHART_SKY,
                                       0x5B7F95,   0xC99E6B,     CHART_GREY };
    enum { SHADES = sizeof shades / sizeof *shades };
    return shades[index < SHADES ? index : SHADES - 1];
}
