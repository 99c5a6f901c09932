/* verb_check.c - `huiyin check`: do the figures agree with themselves? */
#include "cli/figures.h"
#include "core/calendar.h"

static const struct option_spec options_of[] = {
    { "month", "YYYY-MM", "哪个月 / month", "最后一个完整的月", OPTION_MONTH, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { SERIES_MONTHS = 24, MOST_MONTHS = 1200 };

/* A source that delivered nothing for days is an alarm, not a zero. */
static int say_silences(const struct session *session, const struct results *results)
{
    static const char *const names[] = { "INT-02.silent", "HOT-01.silent" };
    int found = 0;

    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        uint16_t metric, part;

        if (metrics_name(results->metrics, names[n], &metric, &part) < 0)
            continue;
        for (size_t i = 0; i < results->figure_count; i++) {
            const struct figure *figure = &results->figures[i];
            bool line = n == 1 && figure->dimension[0] == DIM_TOTAL;

            if (figure->metric != metric || figure->part != part
                || figure->month != results->month || !(figure->base.value > 0)
                || (!line && figure->dimension[0] != DIM_CHANNEL))
                continue;
            say_line(session,
                     wording_say(
                         session->wording, session->memory, "check.silent", "source",
                         wording_get(session->wording,
                                     line ? "check.hotline"
                                          : arena_printf(session->memory, "channel.%s",
                                                         code_name(DIM_CHANNEL,
                                                                   figure->key[0]))),
                         "n", say_count(session->memory, (int64_t)figure->base.value),
                         NULL));
            found++;
        }
    }
    return found;
}

/* Every ticket in exactly one month: month by month they add up to all there are. */
static enum status check_months(const struct figures *figures,
                                const struct session *session, struct error *err)
{
    const struct ledger *ledger = &figures->facts.ledger;
    struct figures all = *figures;
    int64_t sum = 0, tickets = (int64_t)figures->facts.tickets.count;
    int intake = metrics_find(&figures->metrics, "INT-00");
    int32_t first, last;

    if (ledger->first_received == HY_NEVER || intake < 0)
        return HY_OK;
    first = month_of_time(ledger->first_received);
    last = month_of_time(ledger->last_received) + 1; /* books may close early */
    if (first == last || last - first > MOST_MONTHS)
        return HY_OK;
    TRY(figures_compute(&all, session, first, last, 0, err));
    for (size_t i = 0; i < all.results->figure_count; i++) {
        const struct figure *figure = &all.results->figures[i];

        if (figure->metric == intake && figure->part == 0
            && figure->dimension[0] == DIM_MONTH && figure->base.answer == ANSWER_OK)
            sum += (int64_t)figure->base.value;
    }
    if (sum != tickets)
        return fail(err, HY_DATA,
                    "各月登记合计 %lld 件，不等于全部 %lld 件 (months do not add up)",
                    (long long)sum, (long long)tickets);
    return HY_OK;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct figures figures = { 0 };
    struct session session;
    bool chosen;
    int32_t month;
    int silent;

    TRY(session_open(&session, options, memory, err));
    TRY(figures_facts(&figures, &session, 0, err));
    TRY(choose_month(options, &figures.facts.ledger, &month, &chosen, err));
    TRY(figures_compute(&figures, &session, month, month, SERIES_MONTHS, err));
    silent = say_silences(&session, figures.results);
    TRY(analyze_check(figures.results, err));
    TRY(check_months(&figures, &session, err));
    say_line(&session, wording_say(session.wording, memory, "check.balanced", "month",
                                   say_month(session.wording, memory, month), NULL));
    if (silent > 0 && session.strict)
        return fail(err, HY_DATA, "--strict：有 %d 个来源断了数据 (a source is silent)",
                    silent);
    return HY_OK;
}

const struct verb verb_check = {
    .name = "check",
    .operands = "",
    .summary = "对账：每一类、每个部门都平不平 / do the figures agree",
    .options = options_of,
    .run = run,
};
