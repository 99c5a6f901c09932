/* chart.c - draws all charts of a document in one confined gnuplot process. */
#include "render/renderer.h"

#include <math.h>
#include <string.h>

#include "core/file.h"
#include "render/chart_kinds.h"
#include "render/doc_parts.h"
#include "render/easel.h"
#include "render/pdf_style.h"

enum { CHARTS_MOST = 200, SVG_MOST = 8 << 20, SCRIPT_MOST = 64 << 10 };

struct task { /* a chart and how wide and high it will be drawn */
    struct chart *chart;
    double width;
    enum plot_size size;
    struct plot *plot;
};

struct studio { /* one run of gnuplot */
    const struct doc *doc;
    const char *templates;
    struct easel *easel; /* NULL = not put up yet */
    struct fonts *fonts;
    struct arena *memory;
    struct task tasks[CHARTS_MOST];
    size_t count;
    struct sheet script;
};

/* --- which charts, how wide ----------------------------------------------- */

static bool drawable(const struct chart *chart)
{
    const struct data *data = chart ? chart->data : NULL;
    double low, high;
    return data && data->points && data->series_count && data->label
           && chart_kind(chart->kind) && data_range(data, false, &low, &high);
}

static void find_charts(struct studio *studio, const struct block *blocks, size_t count,
                        double width, enum plot_size size)
{
    for (size_t i = 0; i < count; i++) {
        const struct block *block = &blocks[i];
        if (block->kind == BLOCK_CHART && drawable(block->chart)
            && studio->count < CHARTS_MOST)
            studio->tasks[studio->count++] =
                (struct task){ block->chart, width, size, NULL };
        if (block->kind != BLOCK_COLUMNS || !block->count)
            continue;
        for (size_t c = 0; c < block->count && size == PLOT_NARROW; c++)
            find_charts(studio, block->columns[c].blocks, block->columns[c].count,
                        width, size);
        if (size == PLOT_NARROW)
            continue;
        double total = 0, room = width - COLUMN_GAP * (double)(block->count - 1);
        for (size_t c = 0; c < block->count; c++)
            total += block->columns[c].share > 0 ? block->columns[c].share : 1;
        for (size_t c = 0; c < block->count; c++) {
            const struct column *column = &block->columns[c];
            double share = column->share > 0 ? column->share : 1;
            find_charts(studio, column->blocks, column->count, room * share / total,
                        size);
        }
    }
}

/* --- the script ----------------------------------------------------------- */

static enum status add_template(struct studio *studio, const char *name,
                                struct error *err)
{
    const unsigned char *bytes;
    size_t length;
    const char *path =
        arena_printf(studio->memory, "%s/charts/%s.gp", studio->templates, name);
    TRY(file_read(path, SCRIPT_MOST, studio->memory, &bytes, &length, err));
    sheet_add(&studio->script, "%s\n", (const char *)bytes);
    return HY_OK;
}

static enum status write_rows(struct studio *studio, size_t number,
                              const struct plot *plot, struct error *err)
{
    return easel_put(studio->easel, arena_printf(studio->memory, "c%zu.tsv", number),
                     plot->rows.at, plot->rows.length, err);
}

static enum status script_chart(struct studio *studio, size_t number, struct error *err)
{
    struct task *task = &studio->tasks[number];
    const struct chart_kind_row *kind = chart_kind(task->chart->kind);
    struct plot *plot = arena_alloc(studio->memory, sizeof *plot);
    struct sheet *script = &studio->script;
    const char *language = studio->doc->language;
    *plot = (struct plot){ .chart = task->chart,
                           .data = task->chart->data,
                           .fonts = studio->fonts,
                           .memory = studio->memory,
                           .english = language && !strncmp(language, "en", 2),
                           .size = task->size == PLOT_NARROW ? PLOT_FREE : task->size,
                           .width = task->width,
                           .left = 16,
                           .right = 6,
                           .top = 6,
                           .bottom = 6 };
    plot->settings.memory = plot->rows.memory = studio->memory;
    plot->height = kind->height(plot);
    task->plot = plot;
    kind->prepare(plot);
    TRY(write_rows(studio, number, plot, err));
    sheet_add(script,
              "reset session\nset encoding utf8\nset datafile separator \"\\t\"\n"
              "set datafile commentschars ''\n"
              "set terminal svg size %.0f,%.0f noenhanced font "
              "'WenQuanYi Micro Hei,%.0f' linewidth 1\nset output 'c%zu.svg'\n",
              plot->width * CHART_UNITS, plot->height * CHART_UNITS,
              CHART_TEXT * CHART_UNITS, number);
    TRY(add_template(studio, "common", err));
    sheet_add(script,
              "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
              "set tmargin at screen %.6f\nset bmargin at screen %.6f\n"
              "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n"
              "data = 'c%zu.tsv'\nseries = %zu\npoints = %zu\n",
              plot->left / plot->width, 1 - plot->right / plot->width,
              1 - plot->top / plot->height, plot->bottom / plot->height, plot->x_low,
              plot->x_high, plot->y_low, plot->y_high, number, plot->data->series_count,
              plot->data->points);
    sheet_add(script, "%s", plot->settings.at ? plot->settings.at : "");
    TRY(add_template(studio, kind->name, err));
    sheet_add(script, "set output\n");
    return HY_OK;
}

/* --- the pictures --------------------------------------------------------- */

static void add_text(struct sheet *out, const char *at, size_t length)
{
    sheet_add(out, "%.*s", (int)length, at);
}

static void add_escaped(struct sheet *out, const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '&')
            sheet_add(out, "&amp;");
        else if (byte == '<')
            sheet_add(out, "&lt;");
        else if (byte == '>')
            sheet_add(out, "&gt;");
        else if (byte >= 0x20 && byte != 0x7F)
            sheet_add(out, "%c", byte);
    }
}

/* "K012" -> its words; NULL when that was never given out. */
static const char *words_of_key(const struct plot *plot, struct text key)
{
    key = text_trim(key);
    if (key.length != 4 || key.at[0] != 'K')
        return NULL;
    size_t number = 0;
    for (int i = 1; i < 4; i++) {
        if (key.at[i] < '0' || key.at[i] > '9')
            return NULL;
        number = number * 10 + (size_t)(key.at[i] - '0');
    }
    return number < plot->label_count ? plot->labels[number] : NULL;
}

/* Puts the words in, drops titles (they hold file names), adds the legend. */
static enum status fill_in(const struct plot *plot, const char *svg, struct sheet *out,
                           struct error *err)
{
    const char *at = svg;
    while (*at) {
        const char *text = strstr(at, "<text>"), *title = strstr(at, "<title>");
        const char *end;
        if (title && (!text || title < text)) {
            add_text(out, at, (size_t)(title - at));
            end = strstr(title, "</title>");
            if (!end)
                break;
            at = end + strlen("</title>");
            continue;
        }
        end = text ? strstr(text, "</text>") : strstr(at, "</svg>");
        if (!end)
            break;
        if (!text) {
            add_text(out, at, (size_t)(end - at));
            legend_draw(plot, out);
            sheet_add(out, "</svg>\n");
            return HY_OK;
        }
        text += strlen("<text>");
        const char *words =
            words_of_key(plot, (struct text){ text, (uint32_t)(end - text) });
        if (!words)
            return fail(err, HY_INTERNAL, "图里有不该有的文字：%.*s",
                        (int)(end - text > 40 ? 40 : end - text), text);
        add_text(out, at, (size_t)(text - at));
        add_escaped(out, words);
        at = end;
    }
    return fail(err, HY_INTERNAL, "图没有画全");
}

static const char *first_complaint(const struct studio *studio)
{
    struct error ignored;
    const unsigned char *bytes;
    size_t length;
    const char *path =
        arena_printf(studio->memory, "%s/errors.txt", easel_place(studio->easel));
    if (file_read(path, SCRIPT_MOST, studio->memory, &bytes, &length, &ignored)
        != HY_OK)
        return "";
    const char *text = (const char *)bytes, *line = strstr(text, "line ");
    return arena_printf(studio->memory, "%.120s", line ? line : text);
}

static enum status collect(struct studio *studio, size_t number, struct error *err)
{
    struct chart *chart = studio->tasks[number].chart;
    const char *path =
        arena_printf(studio->memory, "%s/c%zu.svg", easel_place(studio->easel), number);
    const char *title = chart->title ? chart->title : "";
    const unsigned char *bytes;
    struct error ignored;
    size_t length = 0;
    struct sheet out = { .memory = studio->doc->memory };
    if (file_read(path, SVG_MOST, studio->memory, &bytes, &length, &ignored) != HY_OK
        || !length || !strstr((const char *)bytes, "</svg>"))
        return fail(err, HY_INTERNAL, "图“%s”没有画成：%s", title,
                    first_complaint(studio));
    const char *start = strstr((const char *)bytes, "<svg");
    if (!start || fill_in(studio->tasks[number].plot, start, &out, err) != HY_OK)
        return fail(err, HY_INTERNAL, "图“%s”没有画全", title);
    struct text svg = { out.at, (uint32_t)out.length };
    if (studio->tasks[number].size == PLOT_LOW)
        chart->svg_low = svg;
    else if (studio->tasks[number].size == PLOT_TALL)
        chart->svg_tall = svg;
    else if (studio->tasks[number].size == PLOT_NARROW)
        chart->svg_narrow = svg;
    else
        chart->svg = svg;
    return HY_OK;
}

/* --- the whole ------------------------------------------------------------ */

static void close_studio(struct studio *studio)
{
    easel_close(studio->easel);
    arena_free(studio->memory);
}

enum status charts_prepare(bool expected, struct studio **out, struct error *err)
{
    struct arena *memory = arena_new();
    struct studio *studio = arena_alloc(memory, sizeof *studio);
    enum status status;

    *studio = (struct studio){ .memory = memory, .script = { .memory = memory } };
    status = expected ? easel_open(memory, &studio->easel, err) : HY_OK;
    *out = status == HY_OK ? studio : NULL;
    if (status != HY_OK)
        close_studio(studio);
    return status;
}

static enum status write_script(struct studio *studio, struct error *err)
{
    if (studio->easel == NULL)
        TRY(easel_open(studio->memory, &studio->easel, err));
    TRY(fonts_open(&studio->fonts, err));
    for (size_t i = 0; i < studio->count; i++)
        TRY(script_chart(studio, i, err));
    TRY(easel_put(studio->easel, "script.gp", studio->script.at, studio->script.length,
                  err));
    return easel_draw(studio->easel, err);
}

enum status charts_start(struct studio *studio, const struct doc *doc,
                         const char *templates, struct error *err)
{
    enum plot_size size = doc->single_page ? PLOT_PAGE : PLOT_FREE;

    TRY(doc_numbers(doc, err));
    studio->doc = doc;
    studio->templates = templates;
    find_charts(studio, doc->blocks, doc->count, TEXT_WIDTH, size);
    for (size = PLOT_LOW; doc->single_page && size < PLOT_SIZES; size++)
        find_charts(studio, doc->blocks, doc->count, TEXT_WIDTH, size);
    if (doc->narrow)
        find_charts(studio, doc->blocks, doc->count, STRIP_WIDTH, PLOT_NARROW);
    return studio->count > 0 ? write_script(studio, err) : HY_OK;
}

enum status charts_finish(struct studio *studio, struct error *err)
{
    enum status status = studio->count > 0 ? easel_wait(studio->easel, err) : HY_OK;

    for (size_t i = 0; i < studio->count && status == HY_OK; i++)
        status = collect(studio, i, err);
    close_studio(studio);
    return status;
}

void charts_give_up(struct studio *studio)
{
    if (studio != NULL)
        close_studio(studio);
}

enum status charts_draw(const struct doc *doc, const char *templates, struct error *err)
{
    struct studio *studio;
    enum status status;

    TRY(charts_prepare(false, &studio, err));
    status = charts_start(studio, doc, templates, err);
    if (status == HY_OK)
        return charts_finish(studio, err);
    charts_give_up(studio);
    return status;
}
