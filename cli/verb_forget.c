/* verb_forget.c - `huiyin forget --before DATE`: texts and people go, figures stay. */
#include "cli/session.h"
#include "core/calendar.h"
#include "core/store_forget.h"

static const struct option_spec options_of[] = {
    { "before", "DATE", "清除这一天以前的 / of what came before this day", NULL,
      OPTION_TEXT, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

enum { WINDOW_DAYS = 90 };

/* Repeats are looked for over at most 90 days: whoever was heard within them must still
 * be known when next month's files come. */
static enum status take_day(const struct options *options, struct store *store,
                            struct arena *memory, int64_t *before, struct error *err)
{
    const struct date_options plain = { .order = DATE_YMD };
    const char *text = option_text(options, "before");
    struct facts facts;
    char latest[20];
    bool date_only;

    if (text == NULL)
        return fail(err, HY_USAGE,
                    "清除哪一天以前的？写 --before 2024-01-01 (forget needs --before)");
    if (!date_parse(text_of(text), &plain, before, &date_only) || !date_only)
        return fail(err, HY_USAGE, "--before 要写日期，例如 2024-01-01，不能是“%s”",
                    text);
    TRY(store_facts(store, 0, memory, &facts, err));
    if (facts.ledger.last_received == HY_NEVER)
        return fail(err, HY_USAGE, "库里还没有工单，没有可清除的 (no tickets yet)");
    time_print(facts.ledger.last_received - (int64_t)WINDOW_DAYS * DAY_SECONDS, true,
               latest);
    if (*before > facts.ledger.last_received - (int64_t)WINDOW_DAYS * DAY_SECONDS)
        return fail(err, HY_USAGE,
                    "--before 最晚写 %s：最近 %d 天的还要用来认出重复反映 (the last %d "
                    "days are needed to see repeats)",
                    latest, WINDOW_DAYS, WINDOW_DAYS);
    return HY_OK;
}

static void tell(const struct session *session, int64_t before,
                 const struct forgotten *counts)
{
    struct arena *memory = session->memory;
    char day[20];

    time_print(before, true, day);
    say_line(session, wording_say(session->wording, memory, "forget.done", "day",
                                  arena_copy(memory, day, 10), "tickets",
                                  say_count(memory, counts->tickets), "calls",
                                  say_count(memory, counts->calls), "rejects",
                                  say_count(memory, counts->rejects), NULL));
    if (counts->open > 0)
        say_line(session, wording_say(session->wording, memory, "forget.open", "n",
                                      say_count(memory, counts->open), NULL));
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct forgotten counts;
    struct session session;
    struct store *store = NULL;
    enum status status;
    int64_t before;

    TRY(session_open(&session, options, memory, err));
    status = store_open(&store, session.db, STORE_WRITE, err);
    if (status == HY_OK)
        status = take_day(options, store, memory, &before, err);
    if (status == HY_OK)
        status = store_forget(store, before, &counts, err);
    if (status == HY_OK)
        tell(&session, before, &counts);
    store_close(store);
    return status;
}

const struct verb verb_forget = {
    .name = "forget",
    .operands = "",
    .summary =
        "清除旧的文字、来电和房号，数字不变 / erase old texts and people, no figure",
    .options = options_of,
    .run = run,
};
