/* finite_test.c - no NaN and no infinity gets into anything drawn, by whatever door. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours is core/status.h */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "render/doc_parts.h"
#include "render/pdf_canvas.h"
#include "render/renderer.h"

static char out[64], out_pdf[80]; /* of this run alone: several may run at once */

static const double bad[] = { NAN, INFINITY, -INFINITY };
enum { BAD = sizeof bad / sizeof *bad, ARGUMENTS_MOST = 6 };

/* --- every call of the canvas that takes a number --------------------------------- */

static const char picture[] = "<?xml version='1.0'?><svg viewBox='0 0 100 50' "
                              "xmlns='http://www.w3.org/2000/svg'><g><path "
                              "d='M1,1 L5,5' stroke='black'/></g></svg>";
static const struct unit_of_text *letters; /* one, laid out */

static void strip(struct canvas *c, const double *v)
{
    canvas_strip(c, v[0], v[1]);
}
static void outline(struct canvas *c, const double *v)
{
    canvas_outline(c, "题", 1, v[0]);
}
static void stroke(struct canvas *c, const double *v)
{
    canvas_stroke(c, 0, v[0]);
}
static void rectangle(struct canvas *c, const double *v)
{
    canvas_rectangle(c, v[0], v[1], v[2], v[3], true, true);
}
static void round_box(struct canvas *c, const double *v)
{
    canvas_round(c, v[0], v[1], v[2], v[3], v[4], false, true);
}
static void line(struct canvas *c, const double *v)
{
    canvas_line(c, v[0], v[1], v[2], v[3]);
}
static void triangle(struct canvas *c, const double *v)
{
    canvas_triangle(c, v, true);
}
static void circle(struct canvas *c, const double *v)
{
    canvas_circle(c, v[0], v[1], v[2], true);
}
static void units(struct canvas *c, const double *v)
{
    struct unit_of_text unit = letters[0];

    unit.width = v[4];
    canvas_units(c, &unit, 1, v[0], v[1], v[2], 0, v[3]);
}
static void svg(struct canvas *c, const double *v)
{
    struct error ignored;

    (void)canvas_svg(c, (struct text){ picture, sizeof picture - 1 }, v[0], v[1], v[2],
                     v[3], &ignored);
}

static const struct call {
    const char *name;
    void (*draw)(struct canvas *, const double *);
    int count;
    double good[ARGUMENTS_MOST];
} calls[] = {
    { "canvas_strip", strip, 2, { 400, 600 } },
    { "canvas_outline", outline, 1, { 50 } },
    { "canvas_stroke", stroke, 1, { 1 } },
    { "canvas_rectangle", rectangle, 4, { 10, 10, 50, 20 } },
    { "canvas_round", round_box, 5, { 10, 10, 50, 20, 4 } },
    { "canvas_line", line, 4, { 10, 10, 50, 20 } },
    { "canvas_triangle", triangle, 6, { 10, 10, 50, 20, 30, 40 } },
    { "canvas_circle", circle, 3, { 10, 10, 5 } },
    { "canvas_units", units, 5, { 10, 10, 12, 0, 12 } },
    { "canvas_svg", svg, 4, { 10, 10, 100, 50 } },
};
enum { CALLS = sizeof calls / sizeof *calls };

/* What is written after a call with one argument changed; value NULL = none. */
static enum status drawn(const struct call *call, int at, const double *value,
                         const struct fonts *fonts)
{
    static const unsigned char identity[16] = { 0 };
    const struct canvas_about about = { "t", "a", "s", "zh-CN", 0 };
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    struct canvas *canvas;
    double values[ARGUMENTS_MOST];
    enum status status, saved;

    memcpy(values, call->good, sizeof values);
    if (value != NULL)
        values[at] = *value;
    assert_int_equal(canvas_open(fonts, memory, 1, &canvas, &err), HY_OK);
    canvas_page(canvas);
    call->draw(canvas, values);
    status = canvas_status(canvas, &err);
    saved = canvas_save(canvas, &about, identity, out_pdf, &err);
    assert_int_equal(saved, status); /* what is broken is not written */
    assert_int_equal(access(out_pdf, F_OK) == 0, status == HY_OK);
    (void)unlink(out_pdf);
    canvas_close(canvas);
    arena_free(memory);
    return status;
}

static void no_canvas_call_takes_it(void **state)
{
    struct arena *memory = arena_new();
    struct fonts *fonts = NULL;
    struct canvas *canvas;
    struct error err;
    struct laid laid;

    (void)state;
    assert_int_equal(fonts_open(&fonts, &err), HY_OK);
    text_lay_plain(fonts, "字", false, 12, 100, memory, &laid);
    letters = laid.units;
    for (int i = 0; i < CALLS; i++) {
        assert_int_equal(drawn(&calls[i], 0, NULL, fonts), HY_OK);
        for (int at = 0; at < calls[i].count; at++)
            for (int b = 0; b < BAD; b++)
                if (drawn(&calls[i], at, &bad[b], fonts) == HY_OK) {
                    print_error("%s takes %g as number %d\n", calls[i].name, bad[b],
                                at + 1);
                    assert_true(false);
                }
    }
    for (int b = 0; b < BAD; b++) {
        assert_int_not_equal(canvas_open(fonts, memory, bad[b], &canvas, &err), HY_OK);
        canvas_close(canvas);
    }
    arena_free(memory);
}

/* A door added later must be walked through too. */
static void every_call_is_in_the_list(void **state)
{
    struct arena *memory = arena_new();
    const unsigned char *bytes;
    struct error err;
    size_t length;
    const char *at;
    int found = 0;

    (void)state;
    assert_int_equal(file_read("render/pdf_canvas.h", 1 << 20, memory, &bytes, &length,
                               &err),
                     HY_OK);
    for (at = (const char *)bytes; (at = strstr(at, "canvas_")) != NULL; at += 7) {
        size_t name = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
        const char *end = strchr(at, ';');
        bool listed = name == strlen("canvas_open") && !memcmp(at, "canvas_open", name);

        if (at[name] != '(' || end == NULL
            || memmem(at, (size_t)(end - at), "double", 6) == NULL)
            continue;
        for (int i = 0; i < CALLS; i++)
            listed = listed
                     || (strlen(calls[i].name) == name
                         && memcmp(calls[i].name, at, name) == 0);
        if (!listed)
            print_error("not tried: %.*s\n", (int)name, at);
        assert_true(listed);
        found++;
    }
    assert_int_equal(found, CALLS + 1);
    arena_free(memory);
}

/* --- a picture ----------------------------------------------------------------------
 */

static void no_svg_takes_it(void **state)
{
    static const char *const shapes[] = {
        "<rect x='%s' y='1' width='5' height='5'/>",
        "<rect x='1' y='%s' width='5' height='5'/>",
        "<rect x='1' y='1' width='%s' height='5'/>",
        "<rect x='1' y='1' width='5' height='%s'/>",
        "<circle cx='%s' cy='1' r='5'/>",
        "<circle cx='1' cy='%s' r='5'/>",
        "<circle cx='1' cy='1' r='%s'/>",
        "<path d='M%s,1 L5,5' stroke='black'/>",
        "<path d='M1,1 L5,%s' stroke='black'/>",
        "<polygon points='1,1 5,%s 9,9'/>",
        "<path d='M1,1 L5,5' stroke='black' stroke-width='%s'/>",
        "<path d='M1,1 L5,5' stroke='black' stroke-dasharray='2,%s'/>",
        "<rect x='1' y='1' width='5' height='5' fill-opacity='%s'/>",
        "<g transform='translate(%s,1)'><rect x='1' y='1' width='5' height='5'/></g>",
        "<g transform='scale(%s)'><rect x='1' y='1' width='5' height='5'/></g>",
        "<g transform='rotate(%s)'><rect x='1' y='1' width='5' height='5'/></g>",
        "<g transform='translate(%s,1)'><text>a</text></g>",
        "<g transform='scale(%s)'><text>a</text></g>",
        "<g transform='rotate(%s)'><text>a</text></g>",
        "<g font-size='%s'><text>a</text></g>",
    };
    static const char *const values[] = { "nan", "inf", "-inf", "1e999" };
    struct arena *memory = arena_new();
    struct fonts *fonts = NULL;
    struct error err;

    (void)state;
    assert_int_equal(fonts_open(&fonts, &err), HY_OK);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t v = 0; v <= sizeof values / sizeof *values; v++) {
            bool sound = v == sizeof values / sizeof *values;
            struct canvas *canvas;
            char *shape, *whole;
            const char *mark = strstr(shapes[i], "%s");

            shape = arena_printf(memory, "%.*s%s%s", (int)(mark - shapes[i]), shapes[i],
                                 sound ? "0.5" : values[v], mark + 2);
            whole = arena_printf(memory,
                                 "<svg viewBox='0 0 100 50' "
                                 "xmlns='http://www.w3.org/2000/svg'>%s</svg>",
                                 shape);
            assert_int_equal(canvas_open(fonts, memory, 1, &canvas, &err), HY_OK);
            canvas_page(canvas);
            if ((canvas_svg(canvas, text_of(whole), 0, 0, 100, 50, &err) == HY_OK)
                != sound) {
                print_error("%s is %s\n", shape, sound ? "refused" : "drawn");
                assert_true(false);
            }
            canvas_close(canvas);
        }
    arena_free(memory);
}

/* --- a document: tables, tiles, charts
 * ------------------------------------------------ */

enum { POINTS = 3 };

struct report {
    struct doc doc;
    struct block blocks[4], inner;
    struct column column;
    struct table table;
    struct table_cell cells[4];
    struct tile tile;
    struct chart chart;
    struct data data;
    struct series series;
    double value[POINTS], low[POINTS], high[POINTS], n[POINTS], x[POINTS];
};

static void report_make(struct report *report, struct arena *memory)
{
    static const char *const labels[POINTS] = { "一", "二", "三" };

    *report = (struct report){ .value = { .5, .6, .7 },
                               .low = { .4, .4, .4 },
                               .high = { .9, .9, .9 },
                               .n = { 30, 40, 50 },
                               .x = { 0, 1, 2 } };
    report->series =
        (struct series){ "按时", report->value, report->low, report->high, NULL };
    report->data = (struct data){ .points = POINTS,
                                  .series_count = 1,
                                  .label = labels,
                                  .x = report->x,
                                  .series = &report->series,
                                  .n = report->n,
                                  .target = .8,
                                  .unit = UNIT_SHARE,
                                  .axis_low = 0,
                                  .axis_high = 1 };
    report->chart = (struct chart){
        .kind = CHART_LINE, .title = "图", .alt = "图", .data = &report->data
    };
    for (int i = 0; i < 4; i++)
        report->cells[i] = (struct table_cell){ "5", { VALUE_COUNT, "5", 5 }, false };
    report->table = (struct table){
        .title = "表", .columns = 2, .rows = 2, .heads = 1, .cells = report->cells
    };
    report->tile = (struct tile){ .label = "按时",
                                  .value = "50",
                                  .unit = "%",
                                  .base = "10 件",
                                  .verdict = VERDICT_NONE,
                                  .number = { VALUE_SHARE, "50%", .5 } };
    report->inner = (struct block){ .kind = BLOCK_TABLE, .table = &report->table };
    report->column = (struct column){ 1, &report->inner, 1 };
    report->blocks[0] = (struct block){ .kind = BLOCK_TABLE, .table = &report->table };
    report->blocks[1] =
        (struct block){ .kind = BLOCK_TILES, .count = 1, .tiles = &report->tile };
    report->blocks[2] = (struct block){ .kind = BLOCK_CHART, .chart = &report->chart };
    report->blocks[3] =
        (struct block){ .kind = BLOCK_COLUMNS, .count = 1, .columns = &report->column };
    report->doc = (struct doc){ .name = "r",
                                .title = "题",
                                .audience = AUDIENCE_PUBLIC,
                                .count = 4,
                                .blocks = report->blocks,
                                .memory = memory };
}

/* Each number of it in turn; false behind the last.  gap: NaN is a gap there. */
static bool number_of(struct report *report, int which, double **number, bool *gap)
{
    double *const places[] = {
        &report->cells[2].value.number,
        &report->cells[3].value.number,
        &report->tile.number.number,
        &report->column.share,
        &report->x[1],
        &report->value[1],
        &report->low[1],
        &report->high[1],
        &report->n[1],
        &report->data.target,
        &report->data.axis_low,
        &report->data.axis_high,
    };

    *gap = which >= 5;
    *number = which < 12 ? places[which] : NULL;
    return which < 12;
}

static void no_document_takes_it(void **state)
{
    static const enum value_kind kinds[] = { VALUE_COUNT, VALUE_NUMBER, VALUE_SHARE,
                                             VALUE_HOURS, VALUE_TIME,   VALUE_DAY };
    struct arena *memory = arena_new();
    const struct renderer *const *formats;
    struct report report;
    struct error err;
    double *number;
    const char *path;
    size_t count;
    bool gap;

    (void)state;
    formats = renderers_all(&count);
    report_make(&report, memory);
    for (int which = 0; number_of(&report, which, &number, &gap); which++)
        for (int b = 0; b < BAD; b++) {
            double kept = *number;
            bool fine = gap && isnan(bad[b]);

            *number = bad[b];
            assert_int_equal(doc_numbers(&report.doc, &err),
                             fine ? HY_OK : HY_INTERNAL);
            if (!fine) {
                assert_int_equal(charts_draw(&report.doc, "templates", &err),
                                 HY_INTERNAL);
                assert_int_equal(render_file(&report.doc, formats[which % (int)count],
                                             out, memory, &path, &err),
                                 HY_INTERNAL);
                assert_non_null(strstr(err.text, "not a finite number"));
                assert_false(file_exists(path));
            }
            *number = kept;
        }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        report.cells[3].value = (struct value){ kinds[k], "5", INFINITY };
        for (size_t f = 0; f < count; f++)
            assert_int_equal(render_file(&report.doc, formats[f], out, memory, &path,
                                         &err),
                             HY_INTERNAL);
        report.cells[3].value.number = 5;
    }
    report.value[1] = NAN; /* a gap is drawn as one */
    assert_int_equal(charts_draw(&report.doc, "templates", &err), HY_OK);
    assert_int_equal(render_file(&report.doc, renderer_named("pdf"), out, memory, &path,
                                 &err),
                     HY_OK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(out), 0); /* nothing else was left there */
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_canvas_call_takes_it),
        cmocka_unit_test(every_call_is_in_the_list),
        cmocka_unit_test(no_svg_takes_it),
        cmocka_unit_test(no_document_takes_it),
    };

    (void)snprintf(out, sizeof out, "/tmp/huiyin_finite_%d", (int)getpid());
    (void)snprintf(out_pdf, sizeof out_pdf, "%s.pdf", out);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
