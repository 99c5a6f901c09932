/* verb_report.c - `huiyin report [FILE...]`: the main job, files in, reports out. */
#include <math.h>
#include <string.h>

#include "cli/estates.h"
#include "cli/feed.h"
#include "cli/press.h"
#include "cli/questions.h"
#include "cli/rejects.h"
#include "core/calendar.h"
#include "core/file.h"
#include "core/store.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    ESTATES_OPTION,
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { SERIES_MONTHS = 24 };

static enum status read_inputs(const struct options *options,
                               const struct session *session, enum status *loaded,
                               struct error *err)
{
    struct feed feed = { 0 };
    enum status status = feed_open(&feed, session, err);
    size_t i;

    if (status != HY_OK)
        goto done;
    if (operand_count(options) == 0)
        feed_path(&feed, session->inbox);
    for (i = 0; i < operand_count(options); i++)
        feed_path(&feed, operand(options, i));
    if (session->json)
        feed_print_json(&feed);
    *loaded = feed_outcome(&feed, err);
done:
    feed_close(&feed);
    return status;
}

static const struct figure *total_of(const struct figures *figures, const char *name)
{
    uint16_t metric, part;

    if (metrics_name(&figures->metrics, name, &metric, &part) < 0)
        return NULL;
    return results_find(figures->results, metric, part, DIM_TOTAL, 0, figures->last);
}

static const char *count_of(const struct figures *figures,
                            const struct session *session, const char *name)
{
    const struct figure *figure = total_of(figures, name);

    if (figure == NULL || figure->base.answer != ANSWER_OK)
        return "—";
    return say_count(session->memory, (int64_t)llround(figure->base.value));
}

static const char *share_of(const struct figures *figures,
                            const struct session *session, const char *name)
{
    const struct figure *figure = total_of(figures, name);
    struct arena *memory = session->memory;

    if (figure == NULL || figure->base.denominator <= 0)
        return "—";
    return arena_printf(memory, "%s/%s（%s）",
                        say_count(memory, figure->base.numerator),
                        say_count(memory, figure->base.denominator),
                        say_percent(memory, figure->base.value));
}

/* The account and the four headline figures, as they stand on the notice. */
static void say_headlines(const struct figures *figures, const struct session *session)
{
    const struct figure *median = total_of(figures, "TTR-02.median");
    const struct wording *wording = session->wording;
    struct arena *memory = session->memory;

    say_line(session, wording_say(wording, memory, "report.account", "month",
                                  say_month(wording, memory, figures->last), "opening",
                                  count_of(figures, session, "INT-13"), "received",
                                  count_of(figures, session, "INT-01"), "reopened",
                                  count_of(figures, session, "INT-17"), "completed",
                                  count_of(figures, session, "INT-16"), "closing",
                                  count_of(figures, session, "INT-14"), NULL));
    say_line(session,
             wording_say(wording, memory, "report.headline", "ontime",
                         share_of(figures, session, "SLA-01"), "median",
                         median != NULL ? say_hours(wording, memory, median->base.value)
                                        : "—",
                         "solved", share_of(figures, session, "RES-04"), "satisfied",
                         share_of(figures, session, "SAT-01"), NULL));
}

/* "2 个不认识的词，1 对疑似同一件" */
static const char *kinds_of(const struct session *session,
                            const struct questions *questions)
{
    const struct {
        const char *key;
        size_t count;
    } kinds[] = { { "ask.words", questions->words },
                  { "ask.departments", questions->departments },
                  { "ask.pairs", questions->pairs },
                  { "ask.silences", questions->silences } };
    struct arena *memory = session->memory;
    const char *list = "";
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].count > 0)
            list = arena_printf(memory, "%s%s%s", list,
                                *list != '\0' ? wording_get(session->wording, "comma")
                                              : "",
                                wording_say(session->wording, memory, kinds[i].key, "n",
                                            say_count(memory, (int64_t)kinds[i].count),
                                            NULL));
    return list;
}

/* 待确认.xlsx of the month: what only a person can say. */
static enum status ask_questions(const struct session *session, int32_t month,
                                 struct error *err)
{
    struct arena *memory = session->memory;
    struct questions questions;
    struct store *store = NULL;
    const char *path = NULL;
    char name[8];
    enum status status = store_open(&store, session->db, STORE_READ_AGAIN, err);

    month_print(month, name);
    if (status == HY_OK)
        status = questions_export(session, store,
                                  arena_printf(memory, "%s/%s/management", session->out,
                                               name),
                                  &questions, &path, err);
    if (status == HY_OK && path != NULL)
        say_line(session,
                 wording_say(session->wording, memory, "ask.count", "n",
                             say_count(memory, (int64_t)questions.count), "file", path,
                             "list", kinds_of(session, &questions), NULL));
    store_close(store);
    return status;
}

/* 退回待补.xlsx of the month: rows to be mended and put back. */
static enum status hand_out_rejects(const struct session *session, int32_t month,
                                    struct error *err)
{
    struct arena *memory = session->memory;
    struct store *store = NULL;
    const char *folder, *path;
    int64_t count, left;
    char name[8];
    enum status status = store_open(&store, session->db, STORE_READ_AGAIN, err);

    month_print(month, name);
    folder = arena_printf(memory, "%s/%s/management", session->out, name);
    path = arena_printf(memory, "%s/退回待补.xlsx", folder);
    if (status == HY_OK)
        status = file_make_directory(folder, err);
    if (status == HY_OK)
        status = rejects_export(session, store, path, &count, &left, err);
    if (status == HY_OK)
        rejects_tell(session, path, count, left);
    store_close(store);
    return status;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct figures figures = { 0 };
    struct session session;
    struct press press = { .session = &session, .figures = &figures };
    enum status loaded = HY_OK, status;
    bool chosen;
    int32_t month;
    size_t i;

    TRY(session_open(&session, options, memory, err));
    TRY(press_ready(&session, err));
    TRY(read_inputs(options, &session, &loaded, err));
    TRY(figures_facts(&figures, &session, NEED_NUMBERS, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &chosen, err));
    if (chosen)
        say_line(&session,
                 wording_say(session.wording, memory, "report.chosen", "month",
                             say_month(session.wording, memory, month), NULL));
    TRY(figures_compute(&figures, &session, month, month, SERIES_MONTHS, err));
    TRY(hand_out_rejects(&session, month, err));
    TRY(ask_questions(&session, month, err));
    say_headlines(&figures, &session);
    status = press_run(&press, err);
    for (i = 0; i < press.path_count; i++)
        say_line(&session, arena_printf(memory, "  %s", press.paths[i]));
    if (press.path_count > 0)
        say_line(&session, wording_get(session.wording, "report.preview"));
    if (worse(status, loaded) != status)
        fail(err, loaded, "%s", "");
    return worse(status, loaded);
}

const struct verb verb_report = {
    .name = "report",
    .operands = "[FILE...]",
    .summary = "读入并出当月报告 / read files and write the month's reports",
    .options = options_of,
    .run = run,
};
