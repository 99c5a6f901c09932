/* questions.c - collects what is to be asked, writes the workbook, applies answers. */
#include "cli/questions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/links.h"
#include "core/calendar.h"
#include "core/file.h"
#include "ingest/words.h"
#include "render/questions.h"

enum {
    DAY = 86400,
    LOOK_BACK = 62,     /* days of data that are asked about */
    PAIRS_MOST = 50,    /* more would not be read */
    SILENT_LEAST = 2,   /* whole days without a row ... */
    EXPECTED_LEAST = 10 /* ... where that many were to be expected: e^-10 */
};

struct asking {
    const struct session *session;
    struct arena *memory;
    const struct answer_line *answers;
    size_t answer_count, room;
    struct question *list;
    struct questions *out;
    int64_t from, until; /* of the data looked at */
};

static bool is_answered(const struct asking *asking, const struct question *question)
{
    size_t i, k;

    for (i = 0; i < asking->answer_count; i++)
        for (k = 0; strcmp(asking->answers[i].question, question->key) == 0
                    && question->options[k] != NULL;
             k++)
            if (strcmp(asking->answers[i].answer, question->options[k]) == 0)
                return true;
    return false;
}

static bool ask(struct asking *asking, const struct question *question)
{
    struct questions *out = asking->out;

    if (is_answered(asking, question))
        return false;
    if (out->count == asking->room) {
        size_t room = asking->room * 2 + 16;

        asking->list =
            arena_grow(asking->memory, asking->list, out->count * sizeof *question,
                       room * sizeof *question);
        asking->room = room;
    }
    asking->list[out->count++] = *question;
    return true;
}

/* --- words not understood --------------------------------------------------------- */
/* The closed vocabulary a field speaks of, or NULL. */
static const char *domain_of(const char *field)
{
    static const enum record_kind kinds[] = { KIND_TICKET, KIND_CALL };
    size_t i, count;

    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int at = record_field(kinds[i], field);

        if (at >= 0)
            return record_fields(kinds[i], &count)[at].domain;
    }
    return NULL;
}

/* What a canonical word is called on the screen and in the drop-down. */
static const char *label_of(const struct session *session, const char *domain,
                            const char *canonical)
{
    const char *key = arena_printf(session->memory, "%s.%s", domain, canonical);

    return wording_has(session->wording, key) ? wording_get(session->wording, key)
                                              : canonical;
}

static const char *word_key(const struct session *session, const char *field,
                            const char *word)
{
    return arena_printf(session->memory, "word:%s:%s", field, word);
}

static void ask_word(struct asking *asking, const struct asked_word *word)
{
    const struct session *session = asking->session;
    const char *domain = domain_of(word->field);
    const char *const *codes = domain == NULL ? NULL : code_words(domain);
    struct question question = { .key = word_key(session, word->field, word->word) };
    size_t i, count = 0;

    if (codes == NULL)
        return;
    for (i = 0; codes[i] != NULL && count < QUESTION_OPTIONS - 2; i++)
        if (codes[i][0] != '\0')
            question.options[count++] = label_of(session, domain, codes[i]);
    question.options[count] = wording_get(session->wording, "ask.word.none");
    question.text =
        wording_say(session->wording, asking->memory, "ask.word", "word", word->word,
                    "field", label_of(session, "field", word->field), "n",
                    say_count(asking->memory, word->rows), NULL);
    asking->out->words += ask(asking, &question);
}

static enum status ask_words(struct asking *asking, struct store *store,
                             struct error *err)
{
    const struct asked_word *words;
    size_t count, i;

    TRY(store_asked_words(store, asking->memory, &words, &count, err));
    for (i = 0; i < count; i++)
        ask_word(asking, &words[i]);
    return HY_OK;
}

/* --- departments ------------------------------------------------------------------ */
static bool is_known_department(const struct settings *settings, const char *name)
{
    size_t i;

    for (i = 0; i < settings->department_count; i++)
        if (strcmp(settings->departments[i], name) == 0)
            return true;
    return false;
}

/* Without a list in the settings every department is as good as another. */
static void ask_departments(struct asking *asking, const struct facts *facts)
{
    const struct wording *wording = asking->session->wording;
    const struct tickets *tickets = &facts->tickets;
    int64_t *rows =
        arena_alloc(asking->memory, (facts->words->count + 1) * sizeof *rows);
    size_t i;

    if (asking->session->settings.department_count == 0)
        return;
    for (i = 0; i < tickets->count; i++)
        if (tickets->received[i] >= asking->from && tickets->department[i] != 0)
            rows[tickets->department[i]]++;
    for (i = 1; i < facts->words->count; i++) {
        const char *name = facts->words->text[i];
        struct question question = {
            .key = arena_printf(asking->memory, "department:%s", name),
            .options = { wording_get(wording, "ask.department.new") },
        };

        if (rows[i] == 0 || is_known_department(&asking->session->settings, name))
            continue;
        question.text =
            wording_say(wording, asking->memory, "ask.department", "name", name, "n",
                        say_count(asking->memory, rows[i]), NULL);
        asking->out->departments += ask(asking, &question);
    }
}

/* --- doubtful pairs ----------------------------------------------------------------
 */
static const char *moment(const struct asking *asking, int64_t time)
{
    int64_t day = time >= 0 ? time / DAY : (time - DAY + 1) / DAY;
    int64_t rest = time - day * DAY;

    return arena_printf(asking->memory, "%s %02d:%02d",
                        say_day(asking->session->wording, asking->memory, (int32_t)day,
                                false),
                        (int)(rest / 3600), (int)(rest / 60 % 60));
}

static const char *channel_label(const struct session *session, int channel)
{
    const char *name = word_code_name("channel", channel);

    return name == NULL ? "?" : label_of(session, "channel", name);
}

static enum status ask_pairs(struct asking *asking, struct store *store,
                             struct error *err)
{
    const struct session *session = asking->session;
    struct links links;
    size_t i;

    TRY(links_find(session, store, asking->from, &links, err));
    for (i = 0; i < links.count && asking->out->pairs < PAIRS_MOST; i++) {
        const struct link_pair *pair = &links.pairs[i];
        struct question question = {
            .key = link_key(pair, asking->memory),
            .options = { wording_get(session->wording, "ask.pair.same"),
                         wording_get(session->wording, "ask.pair.not") },
        };

        if (pair->same)
            continue;
        question.text =
            wording_say(session->wording, asking->memory, "ask.pair", "a",
                        pair->first->number, "b", pair->second->number, "when_a",
                        moment(asking, pair->first->received), "when_b",
                        moment(asking, pair->second->received), "channel_a",
                        channel_label(session, pair->first->channel), "channel_b",
                        channel_label(session, pair->second->channel), NULL);
        asking->out->pairs += ask(asking, &question);
    }
    return HY_OK;
}

/* --- silent sources ----------------------------------------------------------------
 */
static void ask_silence(struct asking *asking, int channel, int64_t first, int64_t last,
                        double daily)
{
    const struct session *session = asking->session;
    struct arena *memory = asking->memory;
    struct question question = {
        .key = arena_printf(memory, "silent:%s:%lld-%lld",
                            word_code_name("channel", channel), (long long)first,
                            (long long)last),
        .options = { wording_get(session->wording, "ask.silent.none"),
                     wording_get(session->wording, "ask.silent.later") },
    };

    question.text =
        wording_say(session->wording, memory, "ask.silent", "channel",
                    channel_label(session, channel), "first",
                    say_day(session->wording, memory, (int32_t)first, false), "last",
                    say_day(session->wording, memory, (int32_t)last, false), "n",
                    arena_printf(memory, "%.0f", daily), NULL);
    asking->out->silences += ask(asking, &question);
}

/* Runs of whole days without a ticket of a channel that brings several a day. */
static void ask_channel(struct asking *asking, const struct facts *facts, int channel)
{
    const struct tickets *tickets = &facts->tickets;
    int64_t first = asking->from / DAY, last = asking->until / DAY, day, since,
            total = 0;
    int64_t *rows =
        arena_alloc(asking->memory, (size_t)(last - first + 2) * sizeof *rows);
    double daily;
    size_t i;

    for (i = 0; i < tickets->count; i++)
        if (tickets->channel[i] == channel && tickets->received[i] >= asking->from
            && tickets->received[i] <= asking->until) {
            rows[tickets->received[i] / DAY - first]++;
            total++;
        }
    while (first < last && total > 0 && rows[first - asking->from / DAY] == 0)
        first++; /* a source begins when it begins */
    daily = (double)total / (double)(last - first + 1);
    for (day = since = first; day <= last + 1; day++) {
        bool silent = day <= last && rows[day - asking->from / DAY] == 0;

        if (silent)
            continue;
        if (day - since >= SILENT_LEAST
            && daily * (double)(day - since) >= EXPECTED_LEAST)
            ask_silence(asking, channel, since, day - 1, daily);
        since = day + 1;
    }
}

static void ask_silences(struct asking *asking, const struct facts *facts)
{
    int channel;

    for (channel = CHANNEL_PHONE; channel <= CHANNEL_OTHER; channel++)
        ask_channel(asking, facts, channel);
}

/* "silent:wechat:20744-20747" */
static bool quiet_parse(const char *key, struct arena *memory, struct quiet *quiet)
{
    const char *name, *colon;
    int channel, used = 0;

    if (strncmp(key, "silent:", strlen("silent:")) != 0)
        return false;
    name = key + strlen("silent:");
    colon = strchr(name, ':');
    if (colon == NULL
        || sscanf(colon, ":%9" SCNd32 "-%9" SCNd32 "%n", &quiet->first, &quiet->last,
                  &used)
               != 2
        || colon[used] != '\0')
        return false;
    name = arena_copy(memory, name, (size_t)(colon - name));
    for (channel = CHANNEL_PHONE; channel <= CHANNEL_OTHER; channel++)
        if (strcmp(word_code_name("channel", channel), name) == 0)
            break;
    quiet->channel = (uint8_t)channel;
    return channel <= CHANNEL_OTHER;
}

/* In whichever language the workbook was: an answer outlives the setting. */
static enum status says_none(const struct session *session, const char *answer,
                             bool *none, struct error *err)
{
    static const char *const languages[] = { "zh", "en" };
    const char *folder =
        arena_printf(session->memory, "%s/wording", session->templates);
    size_t i;

    *none = false;
    for (i = 0; i < sizeof languages / sizeof *languages && !*none; i++) {
        const struct wording *wording;

        TRY(wording_load(folder, languages[i], session->memory, &wording, err));
        *none = strcmp(wording_get(wording, "ask.silent.none"), answer) == 0;
    }
    return HY_OK;
}

enum status questions_quiets(const struct session *session, struct store *store,
                             struct arena *memory, const struct quiet **quiets,
                             size_t *count, struct error *err)
{
    const struct answer_line *answers;
    struct quiet *found;
    size_t answer_count, i;

    *count = 0;
    TRY(store_answers(store, memory, &answers, &answer_count, err));
    found = arena_alloc(memory, (answer_count + 1) * sizeof *found);
    for (i = 0; i < answer_count; i++) {
        bool none;

        if (!quiet_parse(answers[i].question, memory, &found[*count]))
            continue;
        TRY(says_none(session, answers[i].answer, &none, err));
        *count += none;
    }
    *quiets = found;
    return HY_OK;
}

/* --- all of them --------------------------------------------------------------------
 */
enum status questions_collect(const struct session *session, struct store *store,
                              struct questions *questions, struct error *err)
{
    struct asking asking = { .session = session,
                             .memory = session->memory,
                             .out = questions };
    struct facts facts;

    *questions = (struct questions){ .count = 0 };
    TRY(store_answers(store, session->memory, &asking.answers, &asking.answer_count,
                      err));
    TRY(store_facts(store, NEED_TICKETS, session->memory, &facts, err));
    if (facts.tickets.count > 0) {
        asking.until = facts.tickets.received[facts.tickets.count - 1];
        asking.from = (asking.until / DAY - LOOK_BACK + 1) * DAY;
        TRY(ask_words(&asking, store, err));
        ask_departments(&asking, &facts);
        TRY(ask_pairs(&asking, store, err));
        ask_silences(&asking, &facts);
    }
    questions->list = asking.list;
    questions->until = asking.until;
    return HY_OK;
}

enum status questions_export(const struct session *session, struct store *store,
                             const char *folder, struct questions *questions,
                             const char **path, struct error *err)
{
    const char *file = arena_printf(session->memory, "%s/待确认.xlsx", folder);
    struct ask_sheet sheet = { .name = "待确认",
                               .titles = { "编号", "问题", "您的答复" } };
    struct ask_row *rows;
    size_t i;

    *path = NULL;
    TRY(questions_collect(session, store, questions, err));
    if (questions->count == 0) {
        (void)unlink(file); /* answered: an old one would ask again */
        return HY_OK;
    }
    rows = arena_alloc(session->memory, questions->count * sizeof *rows);
    for (i = 0; i < questions->count; i++)
        rows[i] = (struct ask_row){ questions->list[i].key, questions->list[i].text,
                                    questions->list[i].options };
    sheet.when = questions->until;
    sheet.count = questions->count;
    sheet.rows = rows;
    TRY(file_make_directory(folder, err));
    TRY(questions_write(&sheet, file, session->memory, err));
    *path = file;
    return HY_OK;
}

/* The canonical word whose label was chosen, or NULL. */
static const char *canonical_of(const struct session *session, const char *domain,
                                const char *label)
{
    const char *const *codes = code_words(domain);
    size_t i;

    for (i = 0; codes != NULL && codes[i] != NULL; i++)
        if (codes[i][0] != '\0'
            && strcmp(label_of(session, domain, codes[i]), label) == 0)
            return codes[i];
    return NULL;
}

enum status questions_teach(const struct session *session, struct store *store,
                            struct loader *loader, unsigned char hash[32],
                            struct error *err)
{
    struct hash_stream *stream = hash_start(session->memory);
    const struct answer_line *answers;
    size_t count, i;

    TRY(store_answers(store, session->memory, &answers, &count, err));
    for (i = 0; i < count; i++) {
        const char *field = answers[i].question + strlen("word:"), *colon, *domain;
        const char *canonical;

        if (strncmp(answers[i].question, "word:", strlen("word:")) != 0
            || (colon = strchr(field, ':')) == NULL)
            continue;
        field = arena_copy(session->memory, field, (size_t)(colon - field));
        domain = domain_of(field);
        canonical =
            domain == NULL ? NULL : canonical_of(session, domain, answers[i].answer);
        if (canonical == NULL)
            continue;
        loader_teach(loader, domain, colon + 1, canonical);
        hash_add(stream, answers[i].question, strlen(answers[i].question) + 1);
        hash_add(stream, canonical, strlen(canonical) + 1);
    }
    hash_end(stream, hash);
    return HY_OK;
}
