/* verb_render.c - `huiyin render`: reports of a month from the database as it is. */
#include "cli/estates.h"
#include "cli/press.h"
#include "core/store.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { "report", "NAME", "只出这些报告 / only these reports", NULL, OPTION_TEXT, true },
    { "format", "LIST", "pdf,xlsx,html,png,txt", "按模板", OPTION_TEXT, false },
    ESTATES_OPTION,
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { SERIES_MONTHS = 24 };

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    size_t count = option_count(options, "report"), i;
    const char **names = arena_alloc(memory, (count + 1) * sizeof *names);
    struct figures figures = { 0 };
    struct session session;
    struct press press = { .session = &session,
                           .figures = &figures,
                           .reports = names,
                           .report_count = count };
    bool chosen;
    int32_t month;
    enum status status;

    TRY(session_open(&session, options, memory, err));
    TRY(press_ready(&session, err));
    for (i = 0; i < count; i++)
        names[i] = option_nth(options, "report", i);
    press.formats = option_text(options, "format");
    TRY(figures_facts(&figures, &session, NEED_NUMBERS, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &chosen, err));
    TRY(figures_compute(&figures, &session, month, month, SERIES_MONTHS, err));
    status = press_run(&press, err);
    for (i = 0; i < press.path_count; i++)
        say_line(&session, press.paths[i]);
    return status;
}

const struct verb verb_render = {
    .name = "render",
    .operands = "",
    .summary = "只出报告，不读文件 / reports from the database as it is",
    .options = options_of,
    .run = run,
};
