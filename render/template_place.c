/* template_place.c - {…}: found before the Markdown is parsed, filled after. */
#include "render/template_parts.h"

#include <stdlib.h>
#include <math.h>
#include <string.h>

#include "core/calendar.h"
#include "core/facts.h"

enum { WORDS_MOST = 12 };

static const char *const keywords[] = {
    "verdict",   "each",      "list",      "statements", "revisions",   "month",
    "estate",    "centre",    "phone",     "mailbox",    "overseer",    "cutoff",
    "issue",     "lead",      "account",   "ledger",     "top",         "definitions",
    "period",    "previous",  "next",      "year",       "words",       "say",
    "assurance", "signs",     "mix",       "files",      "corrections", "agenda",
    "known",     "callbacks", "templates", "objections", "qr",
};
enum { KEYWORDS = sizeof keywords / sizeof keywords[0] };

size_t words_split(struct arena *memory, const char *text, const char **words,
                   size_t most)
{
    size_t count = 0;

    while (count < most) {
        size_t length;

        text += strspn(text, " \t");
        if (*text == '\0')
            break;
        length = strcspn(text, " \t");
        words[count++] = arena_copy(memory, text, length);
        text += length;
    }
    return count;
}

enum status words_number(const struct builder *builder, int line, const char *word,
                         int least, int most, int *number, struct error *err)
{
    char *end;
    long value = strtol(word, &end, 10);

    if (*end != '\0' || end == word || value < least || value > most)
        return template_complain(builder, line, err,
                                 "“%s”应为 %d 到 %d 的整数 (expected a number)", word,
                                 least, most);
    *number = (int)value;
    return HY_OK;
}

const char *template_meant(const struct builder *builder, const char *word,
                           bool metrics_too)
{
    const struct metrics *metrics = builder->results->metrics;
    size_t count = metrics_too ? metrics->count : 0, i;
    const char **names =
        arena_alloc(builder->memory, (KEYWORDS + count) * sizeof *names);
    const char *nearest;

    for (i = 0; i < KEYWORDS; i++)
        names[i] = keywords[i];
    for (i = 0; i < count; i++)
        names[KEYWORDS + i] = metrics->items[i].id;
    nearest = text_nearest(word, names, KEYWORDS + count);
    return nearest == NULL
               ? ""
               : arena_printf(builder->memory, "，是不是要写 {%s}？", nearest);
}

bool place_is(const struct place *place, const char *word)
{
    size_t length = strlen(word);

    return strncmp(place->text, word, length) == 0
           && (place->text[length] == '\0' || place->text[length] == ' ');
}

/* What stands there begins a paragraph or comes after a full stop. */
static bool sentence_starts(const char *text, const char *at)
{
    while (at > text && at[-1] == ' ')
        at--;
    return at == text || at[-1] == '\n' || at[-1] == '.';
}

static enum status place_add(struct builder *builder, const char *text, size_t length,
                             int line, size_t *index, struct error *err)
{
    struct text span = text_trim((struct text){ text, (uint32_t)length });

    if (builder->place_count == PLACES)
        return template_complain(builder, line, err, "模板里的 {…} 太多 (too many)");
    if (builder->place_count == builder->place_room) {
        size_t room = builder->place_room == 0 ? 64 : builder->place_room * 2;

        builder->places = arena_grow(builder->memory, builder->places,
                                     builder->place_count * sizeof *builder->places,
                                     room * sizeof *builder->places);
        builder->place_room = room;
    }
    *index = builder->place_count++;
    builder->places[*index] =
        (struct place){ .text = text_copy(builder->memory, span), .line = line };
    return HY_OK;
}

enum status place_take(struct builder *builder, const char *text, int line,
                       const char **out, struct error *err)
{
    char *to = arena_alloc(builder->memory, strlen(text) * 2 + 8), *start = to;
    const char *whole = text;

    while (*text != '\0') {
        const char *end;
        size_t index = 0;

        if (*text == '\\' && (text[1] == '{' || text[1] == '}')) {
            *to++ = text[1];
            text += 2;
            continue;
        }
        if (*text != '{') {
            *to++ = *text++;
            continue;
        }
        end = strchr(text, '}');
        if (end == NULL)
            return template_complain(builder, line, err,
                                     "“{”没有配上“}”；要印花括号请写 \\{ (unclosed)");
        TRY(place_add(builder, text + 1, (size_t)(end - text - 1), line, &index, err));
        builder->places[index].starts = sentence_starts(whole, text);
        to += text_put(PLACE_FIRST + (uint32_t)index, to);
        text = end + 1;
    }
    *to = '\0';
    *out = start;
    return HY_OK;
}

enum status metric_wanted(struct builder *builder, int line, const char *word,
                          uint16_t *metric, uint16_t *part, struct error *err)
{
    const struct metrics *metrics = builder->results->metrics;
    const char *dot = strchr(word, '.');
    const char *id =
        dot == NULL ? word : arena_copy(builder->memory, word, (size_t)(dot - word));
    int found = metrics_find(metrics, id);

    if (found < 0)
        return template_complain(builder, line, err, "{%s}看不懂：没有这个指标或写法%s",
                                 word, template_meant(builder, id, true));
    if (metrics_name(metrics, word, metric, part) < 0)
        return template_complain(builder, line, err, "指标 %s 没有“%s”这一部分%s%s", id,
                                 dot + 1,
                                 metrics->items[found].part_count > 0 ? "，有 " : "",
                                 metrics->items[found].part_count > 0
                                     ? metrics->items[found].parts[0].name
                                     : "");
    builder->used[*metric] = true;
    return HY_OK;
}

enum status dimension_wanted(const struct builder *builder, int line, uint16_t metric,
                             const char *word, enum dimension *dimension,
                             struct error *err)
{
    static const char *const names[] = { "nature",   "channel",  "department",
                                         "category", "building", "grid",
                                         "urgency",  "asset",    "hour",
                                         "age",      "month",    "clerk" };
    const struct metric *item = &builder->results->metrics->items[metric];
    const char *nearest;
    int found = dimension_find(word);

    if (found < 0) {
        nearest = text_nearest(word, names, sizeof names / sizeof names[0]);
        return template_complain(builder, line, err, "没有“%s”这种分法%s%s", word,
                                 nearest == NULL ? "" : "，是不是 ",
                                 nearest == NULL ? "" : nearest);
    }
    *dimension = (enum dimension)found;
    if (*dimension != DIM_MONTH
        && !metric_allows(item, *dimension, builder->head->audience))
        return template_complain(builder, line, err,
                                 "%s 在这种读者的报告里不能按 %s 分", item->id, word);
    return HY_OK;
}

/* A closed vocabulary takes its id or its printed word; an open one takes any
 * word: what is not in the data this month is simply none. */
static bool key_find(const struct builder *builder, enum dimension dimension,
                     const char *word, uint32_t *key)
{
    static const uint8_t domains[DIM_COUNT] = {
        [DIM_DEPARTMENT] = WORD_DEPARTMENT, [DIM_CATEGORY] = WORD_CATEGORY,
        [DIM_BUILDING] = WORD_BUILDING,     [DIM_GRID] = WORD_GRID,
        [DIM_CLERK] = WORD_STAFF,           [DIM_ASSET] = WORD_ASSET,
    };
    const struct words *words = builder->results->words;
    uint32_t i;

    if (domains[dimension] != WORD_NONE) {
        for (i = 1; words != NULL && i < words->count; i++)
            if (words->domain[i] == domains[dimension]
                && strcmp(words->text[i], word) == 0) {
                *key = i;
                return true;
            }
        return false;
    }
    for (i = 0; i < 16; i++)
        if (strcmp(code_name(dimension, i), word) == 0
            || strcmp(say_key(&builder->teller, dimension, i), word) == 0) {
            *key = i;
            return true;
        }
    return false;
}

static bool how_find(const char *word, enum say_how *how)
{
    static const char *const names[] = { "full", "k", "n", "p", "kp", "range" };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], word) == 0) {
            *how = (enum say_how)i;
            return true;
        }
    return false;
}

static enum status figure_word(struct builder *builder, const struct place *place,
                               const char *word, struct figure_wanted *wanted,
                               struct error *err)
{
    const char *equals = strchr(word, '=');

    if (how_find(word, &wanted->how))
        return HY_OK;
    if (strcmp(word, "previous") == 0) {
        wanted->month -= 1;
    } else if (strcmp(word, "year") == 0) {
        wanted->month -= 12;
    } else if (strcmp(word, "series") == 0) {
        wanted->series = true;
    } else if (equals != NULL) {
        TRY(dimension_wanted(builder, place->line, wanted->metric,
                             arena_copy(builder->memory, word, (size_t)(equals - word)),
                             &wanted->dimension, err));
        wanted->absent =
            !key_find(builder, wanted->dimension, equals + 1, &wanted->key);
    } else {
        return template_complain(
            builder, place->line, err,
            "{%s}里的“%s”看不懂：可写 k n p kp range previous year series 或 分法=名称",
            place->text, word);
    }
    return HY_OK;
}

enum status place_figure(struct builder *builder, const struct place *place,
                         const struct member *member, struct figure_wanted *wanted,
                         struct error *err)
{
    const char *words[WORDS_MOST];
    size_t count = words_split(builder->memory, place->text, words, WORDS_MOST), i;
    const struct metric *item;

    *wanted = (struct figure_wanted){ .month = builder->results->month };
    if (count == 0)
        return template_complain(builder, place->line, err, "{}里没有写要什么 (empty)");
    TRY(metric_wanted(builder, place->line, words[0], &wanted->metric, &wanted->part,
                      err));
    if (member != NULL && member->set) {
        if (!member->total && member->dimension != DIM_MONTH) {
            wanted->dimension = member->dimension;
            wanted->key = member->key;
        }
        if (member->month != 0)
            wanted->month = member->month;
    }
    for (i = 1; i < count; i++)
        TRY(figure_word(builder, place, words[i], wanted, err));
    item = &builder->results->metrics->items[wanted->metric];
    if (!metric_allows(item, wanted->dimension, builder->head->audience))
        return template_complain(
            builder, place->line, err,
            "%s（%s）不能用在这种读者的报告里 (not for this audience)", item->id,
            dimension_name(wanted->dimension));
    return HY_OK;
}

const struct base *figure_base(const struct builder *builder,
                               const struct figure_wanted *wanted, int32_t month)
{
    const struct figure *figure;

    if (wanted->absent)
        return NULL;
    figure = results_find(builder->results, wanted->metric, wanted->part,
                          wanted->dimension, wanted->key, month);
    return figure == NULL ? NULL : &figure->base;
}

bool figure_unknown(const struct builder *builder, const struct figure_wanted *wanted,
                    int32_t month)
{
    const struct results *results = builder->results;

    return results_find(results, wanted->metric, wanted->part, DIM_TOTAL, 0,
                        results->month)
               != NULL
           && results_find(results, wanted->metric, wanted->part, DIM_TOTAL, 0, month)
                  == NULL;
}

/* A member without a figure has none of it; a whole without one was never
 * collected, and then nobody knows of its members either. */
static const char *figure_text(const struct builder *builder,
                               const struct figure_wanted *wanted, int32_t month,
                               struct value *value)
{
    const struct base *base = figure_base(builder, wanted, month);
    enum unit unit =
        metrics_unit(builder->results->metrics, wanted->metric, wanted->part);

    if (base == NULL && (wanted->dimension != DIM_TOTAL || wanted->absent)
        && !figure_unknown(builder, wanted, month)) {
        *value = (struct value){ .kind = VALUE_NONE };
        return wording_get(builder->wording, "mark.none");
    }
    return say_base(&builder->teller, base, unit, wanted->how, value);
}

static enum status say_figure(struct builder *builder, const struct place *place,
                              const struct member *member, struct piece *piece,
                              struct error *err)
{
    struct figure_wanted wanted;
    int32_t month;

    TRY(place_figure(builder, place, member, &wanted, err));
    if (!wanted.series) {
        piece->text = figure_text(builder, &wanted, wanted.month, &piece->value);
        return HY_OK;
    }
    piece->text = "";
    for (month = wanted.month - builder->head->months + 1; month <= wanted.month;
         month++)
        piece->text = arena_printf(builder->memory, "%s%s%s %s", piece->text,
                                   *piece->text == '\0'
                                       ? ""
                                       : wording_get(builder->wording, "list.comma"),
                                   say_month_short(&builder->teller, month),
                                   figure_text(builder, &wanted, month, &piece->value));
    piece->value = (struct value){ .kind = VALUE_NONE };
    return HY_OK;
}

/* A cell has room for a word, not for a sentence.  Where no verdict was made the
 * old figure stands alone: that is not "nothing to compare with". */
static const char *verdict_text(const struct builder *builder,
                                const struct figure_wanted *wanted,
                                const struct finding *finding, enum against against,
                                bool cell)
{
    const struct teller *teller = &builder->teller;
    int32_t month = builder->results->month;
    const struct base *then =
        figure_base(builder, wanted, against == AGAINST_YEAR ? month - 12 : month - 1);
    enum unit unit =
        metrics_unit(builder->results->metrics, wanted->metric, wanted->part);
    const char *base =
        wording_get(builder->wording,
                    against == AGAINST_YEAR ? "against.year" : "against.previous");

    if (finding == NULL && then != NULL && then->answer == ANSWER_OK)
        return cell ? wording_get(builder->wording, "mark.none")
                    : wording_say(builder->wording, builder->memory, "old.only", "base",
                                  base, "old",
                                  say_base(teller, then, unit, SAY_P, NULL), NULL);
    if (cell)
        return say_finding_mark(teller, finding);
    return say_verdict(teller, finding, against);
}

static enum status say_place_verdict(struct builder *builder, const struct place *place,
                                     const struct member *member, struct piece *piece,
                                     struct error *err)
{
    struct place inner = { .text = place->text + strlen("verdict"),
                           .line = place->line };
    enum against against = AGAINST_PREVIOUS;
    struct figure_wanted wanted;
    const struct finding *finding;

    TRY(place_figure(builder, &inner, member, &wanted, err));
    if (wanted.month == builder->results->month - 12)
        against = AGAINST_YEAR;
    finding = results_finding(builder->results, wanted.metric, wanted.part,
                              wanted.dimension, wanted.key, against);
    piece->text = verdict_text(builder, &wanted, finding, against, member != NULL);
    return HY_OK;
}

/* "一半的事在 18.0 小时内办完（估计范围 …），十件里有九件在 3.0 天内", as far as
 * the month has come; NULL = the figure is no length of time. */
static const char *say_time(const struct builder *builder,
                            const struct figure_wanted *asked, bool range)
{
    const struct wording *wording = builder->wording;
    const struct teller *teller = &builder->teller;
    const char *id = builder->results->metrics->items[asked->metric].id, *text;
    const struct base *half, *nine;
    struct figure_wanted wanted = *asked;
    struct arena *memory = builder->memory;
    uint16_t metric;

    if (!wording_has(wording, arena_printf(memory, "half.%s", id)))
        return NULL;
    (void)metrics_name(builder->results->metrics, arena_printf(memory, "%s.median", id),
                       &metric, &wanted.part);
    half = figure_base(builder, &wanted, wanted.month);
    (void)metrics_name(builder->results->metrics, arena_printf(memory, "%s.p90", id),
                       &metric, &wanted.part);
    nine = figure_base(builder, &wanted, wanted.month);
    if (half == NULL || half->answer != ANSWER_OK)
        return wording_get(wording,
                           arena_printf(memory, "half.%s.%s",
                                        half != NULL
                                                && half->answer == ANSWER_NOT_REACHED
                                            ? "notreached"
                                            : "none",
                                        id));
    text = wording_say(wording, memory, arena_printf(memory, "half.%s", id), "x",
                       say_base(teller, half, UNIT_HOURS, SAY_P, NULL), NULL);
    if (range)
        text = wording_say(wording, memory, "half.range", "text", text, "range",
                           say_base(teller, half, UNIT_HOURS, SAY_RANGE, NULL), NULL);
    if (nine == NULL || nine->answer != ANSWER_OK)
        return arena_printf(memory, "%s%s", text, wording_get(wording, "nine.none"));
    return arena_printf(memory, "%s%s", text,
                        wording_say(wording, memory, "nine", "x",
                                    say_base(teller, nine, UNIT_HOURS, SAY_P, NULL),
                                    NULL));
}

static enum status say_place_rate(struct builder *builder, const struct place *place,
                                  const struct member *member, struct piece *piece,
                                  struct error *err)
{
    struct place inner = { .text = place->text + strlen("say"), .line = place->line };
    struct figure_wanted wanted;
    const struct base *base;

    TRY(place_figure(builder, &inner, member, &wanted, err));
    piece->text = say_time(builder, &wanted, wanted.how == SAY_RANGE);
    if (piece->text != NULL)
        return HY_OK;
    base = figure_base(builder, &wanted, wanted.month);
    piece->text = say_rate(&builder->teller, wanted.metric, base);
    if (wanted.how == SAY_RANGE && base != NULL && base->answer == ANSWER_OK
        && isfinite(base->low) && isfinite(base->high))
        piece->text = arena_printf(builder->memory, "%s%s%s", piece->text,
                                   wording_get(builder->wording, "list.clause"),
                                   say_base(&builder->teller, base,
                                            metrics_unit(builder->results->metrics,
                                                         wanted.metric, wanted.part),
                                            SAY_RANGE, NULL));
    return HY_OK;
}

static const char *say_cutoff(const struct builder *builder)
{
    int64_t before = builder->results->cutoff - 1;

    return wording_say(builder->wording, builder->memory, "date.cutoff", "date",
                       say_day(builder->wording, builder->memory,
                               (int32_t)(before / DAY_SECONDS), false),
                       NULL);
}

static const char *say_issue(const struct builder *builder)
{
    int32_t first = builder->settings->issue_first_month;

    if (first == 0 && builder->ledger != NULL
        && builder->ledger->first_received != HY_NEVER)
        first = month_of_time(builder->ledger->first_received);
    if (first == 0 || builder->results->month < first)
        return "—";
    return arena_printf(builder->memory, "%d", builder->results->month - first + 1);
}

static const char *or_blank(const char *text)
{
    return text == NULL || *text == '\0' ? "________" : text;
}

const char *say_estate(const struct builder *builder)
{
    const struct settings *settings = builder->settings;
    bool english = strcmp(wording_language(builder->wording), "en") == 0;

    return or_blank(english && settings->estate_en != NULL
                            && *settings->estate_en != '\0'
                        ? settings->estate_en
                        : settings->estate);
}

const char *say_period(const struct builder *builder)
{
    const struct results *results = builder->results;

    return say_days(builder->wording, builder->memory,
                    (int32_t)(results->from / DAY_SECONDS),
                    (int32_t)((results->until - 1) / DAY_SECONDS));
}

static const char *say_joined_lead(const struct builder *builder)
{
    const char *sentences[2];
    size_t count = say_lead(&builder->teller, true, sentences);

    return count == 0 ? ""
                      : arena_printf(builder->memory, "%s%s", sentences[0],
                                     count > 1 ? sentences[1] : "");
}

static void account_used(struct builder *builder)
{
    static const char *const ids[] = { "INT-13", "INT-01", "INT-17", "INT-16",
                                       "INT-14" };
    size_t i;

    for (i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        int metric = metrics_find(builder->results->metrics, ids[i]);

        if (metric >= 0)
            builder->used[metric] = true;
    }
}

/* Words without figures behind them; NULL = not one of these. */
static const char *say_simple(struct builder *builder, const char *text)
{
    const struct settings *settings = builder->settings;
    const struct teller *teller = &builder->teller;
    int32_t month = builder->results->month;

    if (strcmp(text, "month") == 0)
        return say_month(builder->wording, builder->memory, month);
    if (strcmp(text, "previous") == 0)
        return say_month_short(teller, month - 1);
    if (strcmp(text, "next") == 0)
        return say_month_short(teller, month + 1);
    if (strcmp(text, "year") == 0)
        return say_month_short(teller, month - 12);
    if (strcmp(text, "period") == 0)
        return say_period(builder);
    if (strcmp(text, "estate") == 0)
        return say_estate(builder);
    if (strcmp(text, "centre") == 0)
        return or_blank(settings->centre);
    if (strcmp(text, "phone") == 0)
        return or_blank(settings->phone);
    if (strcmp(text, "mailbox") == 0)
        return or_blank(settings->mailbox);
    if (strcmp(text, "overseer") == 0)
        return or_blank(settings->overseer);
    if (strcmp(text, "cutoff") == 0)
        return say_cutoff(builder);
    if (strcmp(text, "issue") == 0)
        return say_issue(builder);
    if (strcmp(text, "signs") == 0)
        return say_signs(teller);
    if (strcmp(text, "mix") == 0)
        return say_mix(teller);
    if (strcmp(text, "lead") == 0)
        return say_joined_lead(builder);
    if (strcmp(text, "ledger") == 0)
        return ledger_text(builder);
    if (strcmp(text, "revisions") == 0)
        return revisions_text(builder);
    if (strcmp(text, "account") == 0) {
        account_used(builder);
        return say_account(teller);
    }
    return NULL;
}

static enum status say_wording(struct builder *builder, const struct place *place,
                               const char *key, struct piece *piece, struct error *err)
{
    if (!wording_has(builder->wording, key))
        return template_complain(builder, place->line, err,
                                 "用语文件里没有“%s”这一句 (no such wording)", key);
    return place_expand(builder, wording_get(builder->wording, key), place->line,
                        &piece->text, err);
}

/* {known FIGURE KEY ELSE}: a sentence full of figures nobody handed in says less than
 * that nobody did. */
static enum status say_known(struct builder *builder, const struct place *place,
                             struct piece *piece, struct error *err)
{
    struct figure_wanted wanted = { .month = builder->results->month };
    const char *words[4] = { "", "", "", "" };
    const struct base *base;

    if (words_split(builder->memory, place->text, words, 4) != 4)
        return template_complain(
            builder, place->line, err,
            "写成 {known 指标 有数时的一句 没有数时的一句}，如 {known AUD-02 "
            "audit.result audit.none}");
    TRY(metric_wanted(builder, place->line, words[1], &wanted.metric, &wanted.part,
                      err));
    base = figure_base(builder, &wanted, wanted.month);
    return say_wording(builder, place,
                       words[base != NULL && base->answer != ANSWER_NO_DATA ? 2 : 3],
                       piece, err);
}

static void capital(const struct builder *builder, const struct place *place,
                    struct piece *piece)
{
    if (place->starts && piece->text != NULL)
        piece->text = wording_head(builder->wording, builder->memory, piece->text);
}

enum status place_say(struct builder *builder, const struct place *place,
                      const struct member *member, struct piece *piece,
                      struct error *err)
{
    const char *words[2] = { "", "" };

    *piece = (struct piece){ "", { .kind = VALUE_NONE } };
    if (place_is(place, "verdict") || place_is(place, "say")) {
        TRY(place_is(place, "say")
                ? say_place_rate(builder, place, member, piece, err)
                : say_place_verdict(builder, place, member, piece, err));
        capital(builder, place, piece);
        return HY_OK;
    }
    if (place_is(place, "words")) {
        (void)words_split(builder->memory, place->text, words, 2);
        return say_wording(builder, place, words[1], piece, err);
    }
    if (place_is(place, "known"))
        return say_known(builder, place, piece, err);
    if (place_is(place, "each"))
        return template_complain(builder, place->line, err,
                                 "{each …} 只能写在表格一行的第一格 (first cell only)");
    if (place_is_block(place) && !place_is(place, "lead") && !place_is(place, "ledger")
        && !place_is(place, "revisions"))
        return template_complain(builder, place->line, err,
                                 "{%s} 要单独占一段，前后空一行 (stands alone)",
                                 place->text);
    if (strcmp(place->text, "balance") == 0) {
        piece->text = say_balance(builder, member);
        return HY_OK;
    }
    piece->text = say_simple(builder, place->text);
    if (piece->text != NULL) {
        piece->text = say_clean(builder->memory, piece->text);
        return HY_OK;
    }
    return say_figure(builder, place, member, piece, err);
}

enum status place_expand(struct builder *builder, const char *text, int line,
                         const char **out, struct error *err)
{
    const char *result = "", *whole = text;

    while (*text != '\0') {
        const char *open = strchr(text, '{'), *end;
        struct place place;
        struct piece piece;

        end = open == NULL ? NULL : strchr(open, '}');
        if (end == NULL)
            break;
        place = (struct place){ arena_copy(builder->memory, open + 1,
                                           (size_t)(end - open - 1)),
                                line, sentence_starts(whole, open) };
        TRY(place_say(builder, &place, NULL, &piece, err));
        result = arena_printf(builder->memory, "%s%.*s%s", result, (int)(open - text),
                              text, piece.text);
        text = end + 1;
    }
    *out = arena_printf(builder->memory, "%s%s", result, text);
    return HY_OK;
}
