/* report_fixture.h - one invented month, by hand, for the tests of reports. */
#ifndef HY_REPORT_FIXTURE_H
#define HY_REPORT_FIXTURE_H

#include <math.h>
#include <string.h>

#include "core/calendar.h"
#include "core/facts.h"
#include "render/renderer.h"
#include "render/template.h"

enum { FIX_MONTH = 2026 * 12 + 9 };
enum fixture_word {
    FIX_NONE,
    FIX_LIFT,
    FIX_DRAIN,
    FIX_EVIL,
    FIX_ENGINEERING,
    FIX_ORDER,
    FIX_WORDS
};

struct fixture {
    struct arena *memory;
    struct metrics metrics;
    struct settings settings;
    struct registers registers;
    struct ledger ledger;
    struct words words;
    const struct wording *wording;
    struct results *results;
    struct error err;
    const char *code; /* NULL = a draft */
};

static inline struct figure *fixture_figure(struct fixture *fix, const char *name,
                                            enum dimension dimension, uint32_t key,
                                            int32_t month, struct base base)
{
    struct figure figure = { .month = month, .base = base };

    if (metrics_name(&fix->metrics, name, &figure.metric, &figure.part) < 0)
        return NULL;
    figure.dimension[0] = (uint8_t)dimension;
    figure.key[0] = key;
    results_add(fix->results, &figure);
    return &fix->results->figures[fix->results->figure_count - 1];
}

static inline struct base fixture_hours(double value, double low, double high,
                                        int64_t n)
{
    struct base base = base_none(ANSWER_OK);

    base.value = value;
    base.low = low;
    base.high = high;
    base.n = n;
    return base;
}

static inline struct base fixture_share(int64_t k, int64_t n, double low, double high)
{
    struct base base = base_share(k, n);

    base.low = low;
    base.high = high;
    return base;
}

static inline void fixture_counts(struct fixture *fix, enum dimension dimension,
                                  uint32_t key, int32_t month, int opening, int intake,
                                  int reopened, int completed, int closing, int over)
{
    fixture_figure(fix, "INT-13", dimension, key, month, base_count(opening));
    fixture_figure(fix, "INT-01", dimension, key, month, base_count(intake));
    fixture_figure(fix, "INT-17", dimension, key, month, base_count(reopened));
    fixture_figure(fix, "INT-16", dimension, key, month, base_count(completed));
    fixture_figure(fix, "INT-14", dimension, key, month, base_count(closing));
    fixture_figure(fix, "BKL-01.over30", dimension, key, month, base_count(over));
}

static inline void fixture_finding(struct fixture *fix, const char *name,
                                   enum dimension dimension, uint32_t key,
                                   enum against against, enum verdict verdict,
                                   struct base now, struct base then, double change,
                                   double low, double high)
{
    struct finding finding = { .dimension = (uint8_t)dimension,
                               .key = key,
                               .against = against,
                               .verdict = verdict,
                               .now = now,
                               .then = then,
                               .change = change,
                               .low = low,
                               .high = high };

    if (metrics_name(&fix->metrics, name, &finding.metric, &finding.part) >= 0)
        results_add_finding(fix->results, &finding);
}

static inline void fixture_words(struct fixture *fix)
{
    static const char *const text[FIX_WORDS] = {
        "",       "电梯停运", "下水堵塞", "=1+1 <script>**x** `touch /tmp/x` {estate}",
        "工程部", "秩序部",
    };
    static const uint8_t domain[FIX_WORDS] = {
        0, WORD_CATEGORY, WORD_CATEGORY, WORD_CATEGORY, WORD_DEPARTMENT, WORD_DEPARTMENT
    };

    fix->words = (struct words){ .count = FIX_WORDS, .text = text, .domain = domain };
}

/* The month of WORDING.md section 2, cut to two departments, three categories. */
static inline void fixture_month(struct fixture *fix)
{
    struct base ontime = fixture_share(381, 421, 0.8731, 0.9296);
    struct base ontime_then = fixture_share(372, 415, 0.8632, 0.9220);
    struct base half = fixture_hours(20.5, 18.6, 23.2, 452);
    struct base half_then = fixture_hours(21.3, 19.0, 24.0, 440);
    struct base solved = fixture_share(257, 295, 0.828, 0.905);
    struct base solved_then = fixture_share(250, 289, 0.82, 0.90);
    struct base happy = fixture_share(258, 286, 0.862, 0.931);
    struct base happy_then = fixture_share(262, 289, 0.868, 0.935);
    int32_t then = FIX_MONTH - 1;

    fixture_counts(fix, DIM_TOTAL, 0, FIX_MONTH, 58, 452, 9, 463, 56, 9);
    fixture_counts(fix, DIM_DEPARTMENT, FIX_ENGINEERING, FIX_MONTH, 50, 389, 8, 398, 49,
                   9);
    fixture_counts(fix, DIM_DEPARTMENT, FIX_ORDER, FIX_MONTH, 8, 63, 1, 65, 7, 0);
    fixture_figure(fix, "INT-01", DIM_TOTAL, 0, then, base_count(438));
    fixture_figure(fix, "INT-01", DIM_CATEGORY, FIX_LIFT, FIX_MONTH, base_count(47));
    fixture_figure(fix, "INT-01", DIM_CATEGORY, FIX_DRAIN, FIX_MONTH, base_count(43));
    fixture_figure(fix, "INT-01", DIM_CATEGORY, FIX_EVIL, FIX_MONTH, base_count(33));
    fixture_figure(fix, "INT-01", DIM_CATEGORY, FIX_LIFT, then, base_count(44));
    fixture_figure(fix, "INT-01", DIM_CATEGORY, FIX_DRAIN, then, base_count(46));
    fixture_figure(fix, "SLA-01", DIM_TOTAL, 0, FIX_MONTH, ontime);
    fixture_figure(fix, "SLA-01", DIM_TOTAL, 0, then, ontime_then);
    fixture_figure(fix, "SLA-01", DIM_DEPARTMENT, FIX_ENGINEERING, FIX_MONTH,
                   fixture_share(325, 361, NAN, NAN));
    fixture_figure(fix, "SLA-01", DIM_DEPARTMENT, FIX_ORDER, FIX_MONTH,
                   fixture_share(3, 4, NAN, NAN));
    fixture_figure(fix, "TTR-02.median", DIM_TOTAL, 0, FIX_MONTH, half);
    fixture_figure(fix, "TTR-02.median", DIM_TOTAL, 0, then, half_then);
    fixture_figure(fix, "TTR-02.s72h", DIM_TOTAL, 0, FIX_MONTH,
                   fixture_hours(0.79, NAN, NAN, 452));
    fixture_figure(fix, "RES-04", DIM_TOTAL, 0, FIX_MONTH, solved);
    fixture_figure(fix, "RES-04", DIM_TOTAL, 0, then, solved_then);
    fixture_figure(fix, "SAT-01", DIM_TOTAL, 0, FIX_MONTH, happy);
    fixture_figure(fix, "SAT-01", DIM_TOTAL, 0, then, happy_then);
    fixture_figure(fix, "SAT-03", DIM_TOTAL, 0, FIX_MONTH, base_share(286, 388));
    fixture_figure(fix, "SAT-05", DIM_TOTAL, 0, FIX_MONTH, base_share(258, 388));
    fixture_figure(fix, "DIF-01", DIM_TOTAL, 0, FIX_MONTH, base_count(11));
    fixture_finding(fix, "SLA-01", DIM_TOTAL, 0, AGAINST_PREVIOUS, VERDICT_SAME, ontime,
                    ontime_then, 0.009, -0.03, 0.05);
    fixture_finding(fix, "SLA-01", DIM_TOTAL, 0, AGAINST_YEAR, VERDICT_BETTER, ontime,
                    fixture_share(340, 406, NAN, NAN), 0.067, 0.022, 0.113);
    fixture_finding(fix, "TTR-02.median", DIM_TOTAL, 0, AGAINST_PREVIOUS, VERDICT_SAME,
                    half, half_then, -0.8, -4, 2);
    fixture_finding(fix, "RES-04", DIM_TOTAL, 0, AGAINST_PREVIOUS, VERDICT_SAME, solved,
                    solved_then, 0.006, -0.05, 0.06);
    fixture_finding(fix, "SAT-01", DIM_TOTAL, 0, AGAINST_PREVIOUS, VERDICT_WORSE, happy,
                    happy_then, -0.078, -0.125, -0.031);
    fixture_finding(fix, "INT-01", DIM_TOTAL, 0, AGAINST_PREVIOUS, VERDICT_SAME,
                    base_count(452), base_count(438), -0.02, -1, 1);
    fixture_finding(fix, "INT-01", DIM_CATEGORY, FIX_LIFT, AGAINST_PREVIOUS,
                    VERDICT_MORE, base_count(47), base_count(44), 0.1, 0, 0.2);
}

static inline enum status fixture_open(struct fixture *fix, const char *language)
{
    static const struct statement statements[] = {
        { FIX_MONTH, "做了什么", "门禁：已退回旧版；**每天**不到 1 件。", "工程部",
          "" },
        { FIX_MONTH, "还欠什么", "屋面渗漏 3 件，对不起。", NULL, "" },
        { FIX_MONTH - 1, "下月提醒", "上个月的话", NULL, "" },
    };

    *fix = (struct fixture){ .memory = arena_new() };
    TRY(metrics_load("templates/metrics.tsv", fix->memory, &fix->metrics, &fix->err));
    TRY(wording_load("templates/wording", language, fix->memory, &fix->wording,
                     &fix->err));
    TRY(settings_load(NULL, "templates", fix->memory, &fix->settings, &fix->err));
    fix->settings.estate = "阳光花园";
    fix->settings.overseer = "阳光花园业主委员会";
    fix->settings.centre = "物业服务中心";
    fix->settings.issue_first_month = FIX_MONTH - 26;
    fix->settings.target_ontime = 0.9;
    fix->registers.statement_count = 3;
    fix->registers.statements = statements;
    fix->ledger = (struct ledger){ .files = 6,
                                   .rows = 1573,
                                   .loaded = 1560,
                                   .rejected = 13,
                                   .first_received = HY_NEVER };
    fixture_words(fix);
    fix->results = results_new(fix->memory, &fix->metrics, &fix->words);
    fix->results->month = FIX_MONTH;
    fix->results->from = month_start(FIX_MONTH);
    fix->results->until = fix->results->cutoff = month_start(FIX_MONTH + 1);
    fixture_month(fix);
    results_sort(fix->results);
    return HY_OK;
}

/* Writes a template of the test's own and builds it. */
static inline enum status fixture_build(struct fixture *fix, const char *path,
                                        struct doc **doc)
{
    struct template_head *head = arena_alloc(fix->memory, sizeof *head);

    TRY(template_head(path, fix->memory, head, &fix->err));
    return template_build(head, fix->results, &fix->settings, &fix->registers,
                          &fix->ledger, fix->wording, fix->code, fix->memory, doc,
                          &fix->err);
}

#endif
