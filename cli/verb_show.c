/* verb_show.c - `huiyin show`: figures as text, CSV or JSON. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/figures.h"
#include "cli/json.h"
#include "core/text.h"

enum { MAX_SERIES = 24 };

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { "from", "YYYY-MM", "从哪个月起合并 / pool from", NULL, OPTION_MONTH, false },
    { "to", "YYYY-MM", "到哪个月止 / pool to", NULL, OPTION_MONTH, false },
    { "metric", "ID", "只看这些，如 SLA-01、TTR-02.median / only these", NULL,
      OPTION_TEXT, true },
    { "by", "DIM", "按什么分 / split by, e.g. department", NULL, OPTION_TEXT, true },
    { "months", "N", "连同以前几个月 / with N months before", "0", OPTION_NUMBER,
      false },
    { "format", "text|csv|json", "写成什么 / format", "text", OPTION_TEXT, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

struct wish { /* what the options ask to see */
    const struct options *options;
    const struct metrics *metrics;
    const struct results *view;
    int32_t oldest;
};

static const char *part_name(const struct wish *wish, const struct figure *figure,
                             struct arena *memory)
{
    const struct metric *metric = &wish->metrics->items[figure->metric];

    if (figure->part == 0)
        return metric->id;
    return arena_printf(memory, "%s.%s", metric->id,
                        metric->parts[figure->part - 1].name);
}

static const char *dimensions_name(const struct figure *figure, struct arena *memory)
{
    if (figure->dimension[1] == DIM_TOTAL)
        return dimension_name((enum dimension)figure->dimension[0]);
    return arena_printf(memory, "%s+%s",
                        dimension_name((enum dimension)figure->dimension[0]),
                        dimension_name((enum dimension)figure->dimension[1]));
}

static const char *keys_name(const struct wish *wish, const struct figure *figure,
                             struct arena *memory)
{
    const char *first = results_key(wish->view, (enum dimension)figure->dimension[0],
                                    figure->key[0], memory);

    if (figure->dimension[1] == DIM_TOTAL)
        return first;
    return arena_printf(memory, "%s+%s", first,
                        results_key(wish->view, (enum dimension)figure->dimension[1],
                                    figure->key[1], memory));
}

static bool wanted(const struct wish *wish, const struct figure *figure,
                   struct arena *memory)
{
    size_t metrics = option_count(wish->options, "metric");
    size_t splits = option_count(wish->options, "by"), i;
    bool yes = metrics == 0;

    if (figure->month < wish->oldest)
        return false;
    for (i = 0; i < metrics && !yes; i++) {
        const char *name = option_nth(wish->options, "metric", i);

        yes = strcmp(name, wish->metrics->items[figure->metric].id) == 0
              || strcmp(name, part_name(wish, figure, memory)) == 0;
    }
    if (!yes || splits == 0)
        return yes;
    for (i = 0; i < splits; i++)
        if (strcmp(option_nth(wish->options, "by", i), dimensions_name(figure, memory))
            == 0)
            return true;
    return false;
}

/* Metric and dimension names that do not exist are mistakes, not empty answers. */
static enum status check_names(const struct wish *wish, struct error *err)
{
    uint16_t metric, part;
    size_t i;

    for (i = 0; i < option_count(wish->options, "metric"); i++) {
        const char *name = option_nth(wish->options, "metric", i);

        if (metrics_name(wish->metrics, name, &metric, &part) < 0)
            return fail(err, HY_USAGE,
                        "没有 %s 这个指标，全部的见 huiyin explain (unknown metric)",
                        name);
    }
    for (i = 0; i < option_count(wish->options, "by"); i++) {
        const char *name = option_nth(wish->options, "by", i);
        size_t plus = strcspn(name, "+");
        char first[32] = "";

        if (plus < sizeof first)
            memcpy(first, name, plus);
        if (dimension_find(first) < 0
            || (name[plus] == '+' && dimension_find(name + plus + 1) < 0))
            return fail(err, HY_USAGE,
                        "不能按“%s”分，可用 total nature channel department category "
                        "building grid urgency clerk asset hour month age",
                        name);
    }
    return HY_OK;
}

/* What has to be reckoned; NULL: everything.  What others than the management may see
 * hangs on figures nobody asked for. */
static const bool *metrics_asked(const struct wish *wish, enum audience audience,
                                 struct arena *memory)
{
    size_t asked = option_count(wish->options, "metric"), i;
    uint16_t metric, part;
    bool *only;

    if (asked == 0 || audience != AUDIENCE_MANAGEMENT)
        return NULL;
    only = arena_alloc(memory, wish->metrics->count * sizeof *only);
    for (i = 0; i < asked; i++)
        if (metrics_name(wish->metrics, option_nth(wish->options, "metric", i), &metric,
                         &part)
            >= 0)
            only[metric] = true;
    return only;
}

static void csv_text(const char *text)
{
    const char *at;

    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (at = text; *at != '\0'; at++) {
        if (*at == '"')
            putchar('"');
        putchar(*at);
    }
    putchar('"');
}

static void csv_number(double number)
{
    putchar(',');
    if (isfinite(number))
        json_number(stdout, number);
}

static void csv_whole(int64_t number)
{
    putchar(',');
    if (number >= 0)
        printf("%" PRId64, number);
}

static void print_csv(const struct wish *wish, const struct figure *figure,
                      struct arena *memory)
{
    const struct base *base = &figure->base;
    char month[8], cutoff[20];

    month_print(figure->month, month);
    time_print(wish->view->cutoff, false, cutoff);
    printf("%s,%s,%s,%s,", month, cutoff, part_name(wish, figure, memory),
           dimensions_name(figure, memory));
    csv_text(keys_name(wish, figure, memory));
    csv_number(base->value);
    csv_number(base->low);
    csv_number(base->high);
    printf(",%s", unit_name(metrics_unit(wish->metrics, figure->metric, figure->part)));
    csv_whole(base->numerator);
    csv_whole(base->denominator);
    if (base->answer == ANSWER_SUPPRESSED)
        putchar(',');
    else
        csv_whole(base->n);
    printf(",%s\n", answer_name(base->answer));
}

static void json_member(const char *name, double number)
{
    printf(",\"%s\":", name);
    json_number(stdout, number);
}

static void json_whole(const char *name, int64_t number)
{
    if (number >= 0)
        printf(",\"%s\":%" PRId64, name, number);
    else
        printf(",\"%s\":null", name);
}

static void print_json(const struct wish *wish, const struct figure *figure,
                       struct arena *memory)
{
    const struct base *base = &figure->base;
    char month[8];

    month_print(figure->month, month);
    printf("{\"month\":\"%s\",\"metric\":\"%s\",\"dimension\":\"%s\",\"key\":", month,
           part_name(wish, figure, memory), dimensions_name(figure, memory));
    json_string(stdout, keys_name(wish, figure, memory));
    json_member("value", base->value);
    json_member("low", base->low);
    json_member("high", base->high);
    printf(",\"unit\":\"%s\"",
           unit_name(metrics_unit(wish->metrics, figure->metric, figure->part)));
    json_whole("numerator", base->numerator);
    json_whole("denominator", base->denominator);
    json_whole("n", base->answer == ANSWER_SUPPRESSED ? -1 : base->n);
    printf(",\"answer\":\"%s\"}", answer_name(base->answer));
}

static const char *printed_value(const struct wish *wish, const struct session *session,
                                 const struct figure *figure)
{
    const struct base *base = &figure->base;
    struct arena *memory = session->memory;

    if (base->answer == ANSWER_SUPPRESSED)
        return "＊";
    if (base->answer != ANSWER_OK && !isfinite(base->value))
        return wording_get(session->wording, arena_printf(memory, "answer.%s",
                                                          answer_name(base->answer)));
    switch (metrics_unit(wish->metrics, figure->metric, figure->part)) {
    case UNIT_SHARE:
        return say_percent(memory, base->value);
    case UNIT_HOURS:
        return say_hours(session->wording, memory, base->value);
    case UNIT_COUNT:
    case UNIT_HOUSEHOLDS:
    case UNIT_TIMES:
        return say_count(memory, (int64_t)llround(base->value));
    case UNIT_NUMBER:
    case UNIT_DAYS:
        return say_decimal(memory, base->value, 2);
    }
    return "";
}

static void pad(const char *text, int width, bool right)
{
    int blanks = width - text_width(text_of(text));

    if (!right)
        fputs(text, stdout);
    for (; blanks > 0; blanks--)
        putchar(' ');
    if (right)
        fputs(text, stdout);
    putchar(' ');
}

static const char *rests_on(const struct figure *figure, struct arena *memory)
{
    const struct base *base = &figure->base;

    if (base->answer == ANSWER_SUPPRESSED)
        return "";
    if (base->numerator >= 0 && base->denominator >= 0)
        return arena_printf(memory, "%s/%s", say_count(memory, base->numerator),
                            say_count(memory, base->denominator));
    return base->n < 0 ? "" : arena_printf(memory, "n=%s", say_count(memory, base->n));
}

/* A limit that is not reached is a dash. */
static const char *limit_text(double limit, struct arena *memory)
{
    return isfinite(limit) ? arena_printf(memory, "%.4g", limit) : "—";
}

static void print_text(const struct wish *wish, const struct session *session,
                       const struct figure *figure)
{
    const struct metric *metric = &wish->metrics->items[figure->metric];
    struct arena *memory = session->memory;
    bool english = strcmp(wording_language(session->wording), "en") == 0;
    char month[8];

    month_print(figure->month, month);
    pad(month, 7, false);
    pad(part_name(wish, figure, memory), 16, false);
    pad(english ? metric->en : metric->zh, 26, false);
    pad(dimensions_name(figure, memory), 11, false);
    pad(keys_name(wish, figure, memory), 20, false);
    pad(printed_value(wish, session, figure), 12, true);
    pad(rests_on(figure, memory), 14, true);
    if (isfinite(figure->base.low) || isfinite(figure->base.high))
        printf("[%s, %s]", limit_text(figure->base.low, memory),
               limit_text(figure->base.high, memory));
    putchar('\n');
}

static void print_all(const struct wish *wish, const struct session *session,
                      const char *format)
{
    struct arena *memory = session->memory;
    bool first = true;
    size_t i;

    if (strcmp(format, "csv") == 0)
        puts("month,cutoff,metric,dimension,key,value,low,high,unit,numerator,"
             "denominator,"
             "n,answer");
    if (strcmp(format, "json") == 0)
        puts("[");
    for (i = 0; i < wish->view->figure_count; i++) {
        const struct figure *figure = &wish->view->figures[i];

        if (!wanted(wish, figure, memory))
            continue;
        if (strcmp(format, "csv") == 0) {
            print_csv(wish, figure, memory);
        } else if (strcmp(format, "json") == 0) {
            fputs(first ? "" : ",\n", stdout);
            print_json(wish, figure, memory);
        } else {
            print_text(wish, session, figure);
        }
        first = false;
    }
    if (strcmp(format, "json") == 0)
        puts("\n]");
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    const char *format = option_text(options, "format");
    const char *months = option_text(options, "months");
    struct wish wish = { .options = options };
    struct figures figures = { 0 };
    struct session session;
    struct results *view;
    int32_t first, last;
    long series = months != NULL ? strtol(months, NULL, 10) : 0;

    TRY(session_open(&session, options, memory, err));
    if (format == NULL)
        format = session.json ? "json" : "text";
    if (strcmp(format, "text") != 0 && strcmp(format, "csv") != 0
        && strcmp(format, "json") != 0)
        return fail(err, HY_USAGE, "--format 只有 text csv json，没有“%s”", format);
    if (series > MAX_SERIES)
        return fail(err, HY_USAGE, "--months 最多 %d", MAX_SERIES);
    TRY(figures_check_period(options, err));
    TRY(figures_facts(&figures, &session, 0, err));
    TRY(figures_period(options, &figures.facts.ledger, &first, &last, err));
    wish.metrics = &figures.metrics;
    TRY(check_names(&wish, err));
    TRY(figures_compute_only(&figures, &session, first, last, (int)series,
                             metrics_asked(&wish, session.audience, memory), err));
    TRY(disclose(figures.results, session.audience, &session.settings, figures.earlier,
                 memory, &view, err));
    wish.view = view;
    wish.oldest = last - (int32_t)series;
    print_all(&wish, &session, format);
    return HY_OK;
}

const struct verb verb_show = {
    .name = "show",
    .operands = "",
    .summary = "看数字 / print figures",
    .options = options_of,
    .run = run,
};
