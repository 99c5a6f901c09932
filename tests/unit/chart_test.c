/* chart_test.c - every kind drawn; no word reaches gnuplot; odd numbers do no harm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* ours, of core/status.h */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "render/renderer.h"
#include "render/svg.h"

enum { POINTS_MOST = 60 };

static enum status ignore_path(void *self, const struct svg_point *points, size_t count,
                               const struct svg_paint *paint, struct error *err)
{
    size_t *drawn = self;
    (void)paint;
    (void)err;
    for (size_t i = 0; i < count; i++)
        assert_true(isfinite(points[i].x) && isfinite(points[i].y));
    ++*drawn;
    return HY_OK;
}

static enum status check_size(void *self, const struct svg_text *text,
                              struct error *err)
{
    (void)self;
    (void)err;
    assert_true(text->size >= 10.49); /* nothing smaller on paper */
    return HY_OK;
}

static enum status draw(struct chart *chart, struct arena *memory, struct error *err)
{
    struct block block = { .kind = BLOCK_CHART, .chart = chart };
    struct doc doc = {
        .name = "t", .language = "zh", .count = 1, .blocks = &block, .memory = memory
    };
    return charts_draw(&doc, "templates", err);
}

static void look_at(struct chart *chart, struct arena *memory)
{
    struct error err = { HY_OK, "" };
    double width, height;
    size_t drawn = 0;
    struct svg_sink sink = { &drawn, ignore_path, check_size };
    assert_true(chart->svg.length > 0);
    assert_int_equal(svg_size(chart->svg, &width, &height, &err), HY_OK);
    assert_int_equal(svg_draw(chart->svg, 0, 0, width / 2, height / 2, &sink, memory,
                              &err),
                     HY_OK);
    assert_true(drawn > 0);
    assert_null(strstr(chart->svg.at, ">K0"));
    assert_null(strstr(chart->svg.at, "tsv"));
}

/* Random series of a kind, with gaps. */
static struct data *data_of(struct arena *memory, size_t points, size_t series_count,
                            bool bands, unsigned *seed)
{
    struct data *data = arena_alloc(memory, sizeof *data);
    const char **labels = arena_alloc(memory, (points + 1) * sizeof *labels);
    struct series *series = arena_alloc(memory, (series_count + 1) * sizeof *series);
    double *n = arena_alloc(memory, (points + 1) * sizeof *n);
    for (size_t i = 0; i < points; i++) {
        labels[i] = arena_printf(memory, "20%02zu-%02zu", 24 + i / 12, i % 12 + 1);
        n[i] = (double)(rand_r(seed) % 2000);
    }
    for (size_t s = 0; s < series_count; s++) {
        double *value = arena_alloc(memory, (points + 1) * sizeof *value);
        double *low = arena_alloc(memory, (points + 1) * sizeof *low);
        double *high = arena_alloc(memory, (points + 1) * sizeof *high);
        for (size_t i = 0; i < points; i++) {
            value[i] = rand_r(seed) % 5 ? (rand_r(seed) % 1000) / 1000.0 : NAN;
            low[i] = value[i] - 0.1;
            high[i] = value[i] + 0.1;
        }
        series[s] = (struct series){ "名称", value, bands ? low : NULL,
                                     bands ? high : NULL, NULL };
    }
    *data = (struct data){ points,
                           series_count,
                           labels,
                           NULL,
                           series,
                           n,
                           NAN,
                           (enum unit)(rand_r(seed) % 4),
                           rand_r(seed) % 2,
                           NAN,
                           NAN,
                           NULL,
                           NULL };
    return data;
}

static void every_kind_draws_anything(void **state)
{
    unsigned seed = 3;
    (void)state;
    for (int kind = 0; kind < CHART_KINDS; kind++)
        for (int round = 0; round < 12; round++) {
            struct arena *memory = arena_new();
            struct error err = { HY_OK, "" };
            size_t points = 1 + (size_t)rand_r(&seed) % 30;
            struct data *data =
                data_of(memory, points, 1 + round % 4, round % 2, &seed);
            struct chart chart = {
                (enum chart_kind)kind, "图",        "图",        NULL,       data,
                { NULL, 0 },           { NULL, 0 }, { NULL, 0 }, { NULL, 0 }
            };
            if (round % 3 == 0)
                data->target = 0.9;
            ((double *)(uintptr_t)data->series[0].value)[0] = 0.5;
            enum status status = draw(&chart, memory, &err);
            if (status != HY_OK)
                print_error("kind %d round %d: %s\n", kind, round, err.text);
            assert_int_equal(status, HY_OK);
            look_at(&chart, memory);
            arena_free(memory);
        }
}

static void nothing_to_draw_is_no_error(void **state)
{
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    static const double gaps[] = { NAN, NAN };
    static const char *const labels[] = { "甲", "乙" };
    struct series series = { "空", gaps, NULL, NULL, NULL };
    struct data data = { 2,          1,    labels, NULL, &series, NULL, NAN,
                         UNIT_COUNT, true, NAN,    NAN,  NULL,    NULL };
    struct chart chart = { CHART_BARS,  "空",        "空",        NULL,       &data,
                           { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    (void)state;
    assert_int_equal(draw(&chart, memory, &err), HY_OK);
    assert_int_equal(chart.svg.length, 0);
    arena_free(memory);
}

struct ends {
    double y[3], size;
    size_t found;
};

static enum status note_end(void *self, const struct svg_text *text, struct error *err)
{
    static const char *const values[] = { "30", "28", "26" };
    struct ends *ends = self;
    (void)err;
    for (size_t i = 0; i < 3; i++)
        if (text->anchor == SVG_START && text->text.length == 2
            && memcmp(text->text.at, values[i], 2) == 0) {
            ends->y[i] = text->y;
            ends->size = text->size;
            ends->found++;
        }
    return HY_OK;
}

static enum status pass_path(void *self, const struct svg_point *points, size_t count,
                             const struct svg_paint *paint, struct error *err)
{
    (void)self;
    (void)points;
    (void)count;
    (void)paint;
    (void)err;
    return HY_OK;
}

/* An estate of thirty tickets a month: what was taken, done and left meet in the end.
 * The last one drawn lies between the two others. */
static void last_values_of_lines_are_written_apart(void **state)
{
    static const double taken[] = { 31, 30 }, done[] = { 29, 26 }, left[] = { 10, 28 };
    static const char *const labels[] = { "2025-09", "2025-10" };
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    struct series series[] = { { "新增", taken, NULL, NULL, NULL },
                               { "办结", done, NULL, NULL, NULL },
                               { "在办", left, NULL, NULL, NULL } };
    struct data data = { 2,          3,    labels, NULL, series, NULL, NAN,
                         UNIT_COUNT, true, NAN,    NAN,  NULL,   NULL };
    struct chart chart = { CHART_LINE,  "线",        "线",        NULL,       &data,
                           { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    struct ends ends = { .found = 0 };
    struct svg_sink sink = { &ends, pass_path, note_end };
    double width, height;
    (void)state;
    assert_int_equal(draw(&chart, memory, &err), HY_OK);
    assert_int_equal(svg_size(chart.svg, &width, &height, &err), HY_OK);
    assert_int_equal(svg_draw(chart.svg, 0, 0, width / 2, height / 2, &sink, memory,
                              &err),
                     HY_OK);
    assert_int_equal(ends.found, 3);
    assert_true(ends.y[1] - ends.y[0] >= ends.size);
    assert_true(ends.y[2] - ends.y[1] >= ends.size);
    arena_free(memory);
}

/* What people name things is never a command, and stays as they wrote it. */
static void words_are_never_commands(void **state)
{
    static const char *const payloads[] = { "`touch /tmp/huiyin-pwned`",
                                            "$(touch /tmp/huiyin-pwned)",
                                            "'; \x73ystem('touch "
                                            "/tmp/huiyin-pwned');",
                                            "\"quo\"ted\"",
                                            "< touch /tmp/huiyin-pwned",
                                            "a\nset print '|touch x'",
                                            "@macro %s %n \\n",
                                            "K900",
                                            "<script>&amp;</script>" };
    static const double values[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1 };
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    struct series series = { "`id`", values, NULL, NULL, NULL };
    struct data data = { 9,          1,    payloads, NULL, &series, NULL, NAN,
                         UNIT_COUNT, true, NAN,      NAN,  NULL,    NULL };
    struct chart chart = { CHART_BARS,  "`touch x`", "图",        NULL,       &data,
                           { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    (void)state;
    unlink("/tmp/huiyin-pwned");
    assert_int_equal(draw(&chart, memory, &err), HY_OK);
    assert_false(file_exists("/tmp/huiyin-pwned"));
    look_at(&chart, memory);
    assert_non_null(strstr(chart.svg.at, "`touch /tmp/huiyin-pwned`"));
    assert_non_null(strstr(chart.svg.at, "&lt;script&gt;&amp;amp;&lt;/script&gt;"));
    assert_null(strstr(chart.svg.at, "<script"));
    arena_free(memory);
}

static void same_data_same_bytes(void **state)
{
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    unsigned seed = 11;
    struct data *data = data_of(memory, 13, 3, true, &seed);
    struct chart one = { CHART_LINE,  "图",        "图",        NULL,       data,
                         { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 } },
                 two = one;
    (void)state;
    assert_int_equal(draw(&one, memory, &err), HY_OK);
    assert_int_equal(draw(&two, memory, &err), HY_OK);
    assert_int_equal(one.svg.length, two.svg.length);
    assert_memory_equal(one.svg.at, two.svg.at, one.svg.length);
    arena_free(memory);
}

static void missing_template_is_said(void **state)
{
    struct arena *memory = arena_new();
    struct error err = { HY_OK, "" };
    unsigned seed = 5;
    struct chart chart = { CHART_LINE,
                           "图",
                           "图",
                           NULL,
                           data_of(memory, 5, 1, false, &seed),
                           { NULL, 0 },
                           { NULL, 0 },
                           { NULL, 0 },
                           { NULL, 0 } };
    struct block block = { .kind = BLOCK_CHART, .chart = &chart };
    struct doc doc = { .count = 1, .blocks = &block, .memory = memory };
    (void)state;
    ((double *)(uintptr_t)chart.data->series[0].value)[0] = 0.5;
    assert_int_not_equal(charts_draw(&doc, "/nonexistent", &err), HY_OK);
    assert_true(*err.text != '\0');
    arena_free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_draws_anything),
        cmocka_unit_test(nothing_to_draw_is_no_error),
        cmocka_unit_test(last_values_of_lines_are_written_apart),
        cmocka_unit_test(words_are_never_commands),
        cmocka_unit_test(same_data_same_bytes),
        cmocka_unit_test(missing_template_is_said),
    };
    return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
