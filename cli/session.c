/* session.c - opens settings and words once; the only file that prints for verbs. */
#include "cli/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/file.h"

static const char *const audiences[] = { "public", "committee", "management" };

int audience_find(const char *name)
{
    int i;

    for (i = 0; i < 3; i++)
        if (strcmp(audiences[i], name) == 0)
            return i;
    return -1;
}

const char *audience_name(enum audience audience)
{
    return audiences[audience];
}

enum status worse(enum status a, enum status b)
{
    return a > b ? a : b;
}

/* A folder named in the settings lies beside the settings file. */
static const char *beside_settings(const struct session *session, const char *path)
{
    const char *base;

    if (session->settings_path == NULL || *path == '/')
        return path;
    base = file_base(session->settings_path);
    return arena_printf(session->memory, "%.*s%s", (int)(base - session->settings_path),
                        session->settings_path, path);
}

static enum status take_cutoff(struct session *session, const char *text,
                               struct error *err)
{
    struct date_options plain = { .order = DATE_YMD };
    bool date_only;

    session->cutoff = HY_NEVER;
    if (text == NULL)
        return HY_OK;
    if (!date_parse(text_of(text), &plain, &session->cutoff, &date_only))
        return fail(err, HY_USAGE, "--cutoff 要写日期，例如 2026-11-05，不能是“%s”",
                    text);
    return HY_OK;
}

static enum status take_audience(struct session *session, const char *name,
                                 struct error *err)
{
    int found = name == NULL ? AUDIENCE_MANAGEMENT : audience_find(name);

    if (found < 0)
        return fail(err, HY_USAGE,
                    "--audience 只有 public committee management，没有“%s”", name);
    session->audience = (enum audience)found;
    return HY_OK;
}

enum status session_open(struct session *session, const struct options *options,
                         struct arena *memory, struct error *err)
{
    const char *language = option_text(options, "lang");

    *session = (struct session){ .memory = memory };
    session->db = option_text(options, "db");
    if (session->db == NULL)
        session->db = "huiyin.db";
    session->settings_path = option_text(options, "settings");
    if (session->settings_path == NULL && file_exists("huiyin.ini"))
        session->settings_path = "huiyin.ini";
    session->quiet = option_flag(options, "quiet");
    session->verbose = option_flag(options, "verbose");
    session->strict = option_flag(options, "strict");
    session->json = option_flag(options, "json");
    TRY(take_cutoff(session, option_text(options, "cutoff"), err));
    TRY(take_audience(session, option_text(options, "audience"), err));
    TRY(file_templates(memory, &session->templates, err));
    TRY(settings_load(session->settings_path, session->templates, memory,
                      &session->settings, err));
    if (language != NULL) {
        if (strcmp(language, "zh") != 0 && strcmp(language, "en") != 0)
            return fail(err, HY_USAGE, "--lang 只有 zh 和 en，没有“%s”", language);
        session->settings.language = language;
    }
    session->inbox = beside_settings(session, session->settings.inbox);
    session->out = option_text(options, "out");
    if (session->out == NULL)
        session->out = beside_settings(session, session->settings.out);
    return wording_load(arena_printf(memory, "%s/wording", session->templates),
                        session->settings.language, memory, &session->wording, err);
}

enum status session_metrics(const struct session *session, struct metrics *metrics,
                            struct error *err)
{
    return metrics_load(arena_printf(session->memory, "%s/metrics.tsv",
                                     session->templates),
                        session->memory, metrics, err);
}

void say_always(const char *text)
{
    fputs(text, stdout);
    fputc('\n', stdout);
}

void say_line(const struct session *session, const char *text)
{
    if (!session->quiet)
        say_always(text);
}

void say_error(const char *text)
{
    fflush(stdout);
    fprintf(stderr, "huiyin: %s\n", text);
}

enum status say_finish(struct error *err)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return fail(err, HY_IO, "写不出屏幕输出：%s (standard output)",
                    strerror(errno));
    return HY_OK;
}

enum status choose_month(const struct options *options, const struct ledger *ledger,
                         int32_t *month, bool *chosen, struct error *err)
{
    const char *given = option_text(options, "month");

    *chosen = given == NULL;
    if (given != NULL) {
        if (!month_parse(given, month))
            return fail(err, HY_USAGE, "--month 要写成 2026-10 (a month)");
        return HY_OK;
    }
    if (ledger->first_received == HY_NEVER)
        return fail(err, HY_DATA,
                    "数据库里还没有工单，先用 huiyin ingest 读入 (no tickets yet)");
    /* A month is complete when the data reach its last day. */
    *month = month_of_time(ledger->horizon);
    if (ledger->horizon < month_start(*month + 1) - DAY_SECONDS)
        *month -= 1;
    if (*month < month_of_time(ledger->first_received))
        *month = month_of_time(ledger->first_received);
    return HY_OK;
}
