/* verb_check.c - `huiyin check`: do the figures agree with themselves? */
#include "cli/figures.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { SERIES_MONTHS = 24 };

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct figures figures = { 0 };
    struct session session;
    bool chosen;
    int32_t month;

    TRY(session_open(&session, options, memory, err));
    TRY(figures_facts(&figures, &session, 0, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &chosen, err));
    TRY(figures_compute(&figures, &session, month, month, SERIES_MONTHS, err));
    TRY(analyze_check(figures.results, err));
    say_line(&session, wording_say(session.wording, memory, "check.balanced", "month",
                                   say_month(session.wording, memory, month), NULL));
    return HY_OK;
}

const struct verb verb_check = {
    .name = "check",
    .operands = "",
    .summary = "对账：每一类、每个部门都平不平 / do the figures agree",
    .options = options_of,
    .run = run,
};
