/* verb_status.c - `huiyin status`: what is in the database, file by file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/links.h"
#include "cli/questions.h"
#include "core/calendar.h"
#include "core/store_doubt.h"
#include "core/store_forget.h"
#include "ingest/words.h"
#include "render/say.h"

static const struct option_spec options_of[] = {
    { "content", NULL, "只印内容指纹 / only the content hash", NULL, OPTION_FLAG,
      false },
    { "links", NULL, "哪些工单是同一件 / which tickets are one case", NULL, OPTION_FLAG,
      false },
    { "questions", NULL, "要您定的事 / what is open to be answered", NULL, OPTION_FLAG,
      false },
    { "corrections", NULL, "人工更正，是否生效 / corrections and whether they hold",
      NULL, OPTION_FLAG, false },
    { "export", "FOLDER", "把要您定的事写成 待确认.xlsx / as a workbook", NULL,
      OPTION_TEXT, false },
    { NULL, NULL, NULL, NULL, OPTION_FLAG, false },
};

static enum status print_content(struct store *store, struct error *err)
{
    unsigned char hash[32];
    char hex[65];

    TRY(store_content(store, hash, err));
    hash_hex(hash, hex);
    say_always(hex);
    return HY_OK;
}

/* A log in GMT is never shifted silently: the clerk says so in the map. */
static enum status print_shifts(const struct session *session, struct store *store,
                                size_t *count, struct error *err)
{
    const struct shifted_source *sources;
    struct arena *memory = session->memory;
    size_t i;

    TRY(store_shifted(store, memory, &sources, count, err));
    for (i = 0; i < *count; i++) {
        int64_t zone = 480 + sources[i].minutes, off = zone < 0 ? -zone : zone;
        bool real = zone >= -720 && zone <= 840; /* zones there are */

        say_always(wording_say(
            session->wording, memory, real ? "doubts.shift" : "doubts.shift.odd", "map",
            sources[i].name, "calls", say_count(memory, sources[i].calls), "minutes",
            arena_printf(memory, "%+lld", (long long)sources[i].minutes), "zone",
            arena_printf(memory, "%c%02lld:%02lld", zone < 0 ? '-' : '+',
                         (long long)off / 60, (long long)off % 60),
            NULL));
    }
    return HY_OK;
}

static enum status print_batches(const struct session *session, struct store *store,
                                 struct error *err)
{
    const struct batch_line *lines;
    struct arena *memory = session->memory;
    char day[20];
    int64_t before;
    size_t count, i;

    TRY(store_forgotten(store, &before, err));
    if (before != HY_NEVER) {
        time_print(before, true, day);
        say_always(wording_say(session->wording, memory, "status.forgotten", "day",
                               arena_copy(memory, day, 10), NULL));
    }
    TRY(print_shifts(session, store, &count, err));
    TRY(store_batches(store, memory, &lines, &count, err));
    if (count == 0)
        say_always(wording_get(session->wording, "status.empty"));
    for (i = 0; i < count; i++) {
        const struct counts *counts = &lines[i].counts;

        say_always(wording_say(session->wording, memory,
                               lines[i].live ? "status.line" : "status.undone", "batch",
                               arena_printf(memory, "%lld", (long long)lines[i].batch),
                               "file", lines[i].name, "format", lines[i].format, "sha",
                               arena_printf(memory, "%.12s", lines[i].sha256), "rows",
                               say_count(memory, counts->rows), "loaded",
                               say_count(memory, counts->loaded), "updated",
                               say_count(memory, counts->updated), "duplicate",
                               say_count(memory, counts->duplicate), "rejected",
                               say_count(memory, counts->rejected), "skipped",
                               say_count(memory, counts->skipped), NULL));
    }
    return HY_OK;
}

static const char *channel_label(const struct session *session, int channel)
{
    const char *name = word_code_name("channel", channel);

    return name == NULL
               ? "?"
               : wording_get(session->wording,
                             arena_printf(session->memory, "channel.%s", name));
}

static void print_pair(const struct session *session, const struct link_pair *pair)
{
    struct arena *memory = session->memory;
    const struct wording *wording = session->wording;

    say_always(wording_say(
        wording, memory, "links.line", "mark",
        wording_get(wording, pair->same ? "links.same" : "links.doubt"), "a",
        pair->first->number, "channel_a", channel_label(session, pair->first->channel),
        "b", pair->second->number, "channel_b",
        channel_label(session, pair->second->channel), "rule",
        wording_get(wording, arena_printf(memory, "links.rule.%d", (int)pair->rule)),
        "score", arena_printf(memory, "%.2f", pair->score), NULL));
}

static enum status print_calls(const struct session *session, struct store *store,
                               int64_t from, struct error *err)
{
    const struct link_call *calls;
    struct arena *memory = session->memory;
    size_t count, i;

    TRY(store_link_calls(store, from, memory, &calls, &count, err));
    for (i = 0; i < count; i++) {
        char start[20];
        int64_t minutes = (calls[i].received - calls[i].start + 59) / 60;

        time_print(calls[i].start, false, start);
        say_always(wording_say(session->wording, memory, "links.call", "call",
                               calls[i].call[0] == '~'
                                   ? "-"
                                   : calls[i].call, /* a key made by us */
                               "at", start, "ticket", calls[i].ticket, "minutes",
                               say_count(memory, minutes), NULL));
    }
    return HY_OK;
}

/* The last two months of data, as in the questions. */
static enum status print_links(const struct session *session, struct store *store,
                               struct error *err)
{
    enum { LOOK_BACK = 62 * 86400 };
    struct arena *memory = session->memory;
    struct links links;
    struct facts facts;
    int64_t from;
    size_t i;

    TRY(store_facts(store, 0, memory, &facts, err));
    from = facts.ledger.last_received == HY_NEVER
               ? 0
               : facts.ledger.last_received - LOOK_BACK;
    TRY(links_find(session, store, from, &links, err));
    TRY(print_calls(session, store, from, err));
    for (i = 0; i < links.count; i++)
        print_pair(session, &links.pairs[i]);
    i = links.tickets - links.cases;
    say_always(wording_say(session->wording, memory, "links.total", "contacts",
                           say_count(memory, (int64_t)links.tickets), "cases",
                           say_count(memory, (int64_t)links.cases), "same",
                           say_count(memory, (int64_t)i), "doubt",
                           say_count(memory, (int64_t)(links.count - i)), NULL));
    return HY_OK;
}

static enum status print_questions(const struct session *session, struct store *store,
                                   const char *folder, struct error *err)
{
    struct questions questions;
    const char *path = NULL;
    size_t i;

    if (folder != NULL)
        TRY(questions_export(session, store, folder, &questions, &path, err));
    else
        TRY(questions_collect(session, store, &questions, err));
    if (questions.count == 0)
        say_always(wording_get(session->wording, "ask.none"));
    for (i = 0; i < questions.count; i++)
        say_always(wording_say(session->wording, session->memory, "ask.line", "key",
                               questions.list[i].key, "text", questions.list[i].text,
                               NULL));
    if (path != NULL)
        say_always(path);
    return HY_OK;
}

static enum status print_corrections(const struct session *session, struct store *store,
                                     struct error *err)
{
    static const char *const states[] = { "corrections.missing", "corrections.applied",
                                          "corrections.agreed", "corrections.other" };
    struct arena *memory = session->memory;
    const struct wording *wording = session->wording;
    struct teller teller = { .wording = wording, .memory = memory };
    struct facts facts;
    size_t i;

    TRY(store_facts(store, NEED_TICKETS, memory, &facts, err));
    if (facts.registers.correction_count == 0)
        say_always(wording_get(wording, "corrections.none"));
    for (i = 0; i < facts.registers.correction_count; i++) {
        const struct correction *one = &facts.registers.corrections[i];

        say_always(wording_say(
            wording, memory, "corrections.line", "state",
            wording_get(wording, states[one->state]), "number", one->number, "source",
            one->source, "field", say_field(&teller, one->field), "old",
            say_field_value(&teller, one->field, one->old), "new",
            say_field_value(&teller, one->field, one->new), "reason", one->reason,
            "evidence", *one->evidence != '\0' ? one->evidence : "—", "staff",
            one->staff, "day", say_day(wording, memory, one->day, true), NULL));
    }
    return HY_OK;
}

static enum status run(const struct options *options, struct arena *memory,
                       struct error *err)
{
    struct session session;
    struct store *store = NULL;
    enum status status;

    TRY(session_open(&session, options, memory, err));
    status = store_open(&store, session.db, STORE_READ, err);
    if (status == HY_OK && option_flag(options, "content"))
        status = print_content(store, err);
    else if (status == HY_OK && option_flag(options, "corrections"))
        status = print_corrections(&session, store, err);
    else if (status == HY_OK && option_flag(options, "links"))
        status = print_links(&session, store, err);
    else if (status == HY_OK
             && (option_flag(options, "questions")
                 || option_text(options, "export") != NULL))
        status = print_questions(&session, store, option_text(options, "export"), err);
    else if (status == HY_OK)
        status = print_batches(&session, store, err);
    store_close(store);
    return status;
}

const struct verb verb_status = {
    .name = "status",
    .operands = "",
    .summary = "库里有什么 / what is in the database",
    .options = options_of,
    .run = run,
};
