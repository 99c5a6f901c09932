/* map_expr.c - the right-hand sides of maps: lists, words, columns, splits. */
#include <stdlib.h>
#include <string.h>

#include "ingest/map_parts.h"

static struct text span(const char *from, const char *until)
{
    return (struct text){ from, (uint32_t)(until - from) };
}

struct text unquote(struct text text, struct arena *memory, bool *quoted)
{
    char *out;
    uint32_t i, used = 0;

    text = text_trim(text);
    *quoted = text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"';
    if (!*quoted)
        return text;
    out = arena_alloc(memory, text.length);
    for (i = 1; i + 1 < text.length; i++) {
        out[used++] = text.at[i];
        if (text.at[i] == '"' && i + 2 < text.length && text.at[i + 1] == '"')
            i++;
    }
    return (struct text){ out, used };
}

/* The next separator outside quotes, or the end. */
static const char *piece_end(const char *at, const char *end, char separator)
{
    bool quoted = false;

    for (; at < end; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == separator && !quoted)
            break;
    }
    return at;
}

size_t list_read(struct compile *compile, int line, const char *value, char separator,
                 struct list_item **items)
{
    const char *end = value + strlen(value), *at;
    size_t count = 0, most = 1, quotes = 0;

    for (at = value; at < end; at++) {
        most += *at == separator;
        quotes += *at == '"';
    }
    if (quotes % 2 != 0)
        map_complain(compile, line, "\"", "引号没有配对 (unclosed quote)");
    if (most > LIST_LIMIT) {
        map_complain(compile, line, NULL, "超过 %d 项 (too many words)", LIST_LIMIT);
        most = LIST_LIMIT;
    }
    *items = arena_alloc(compile->memory, most * sizeof **items);
    for (at = value; at <= end && count < most;) {
        const char *stop = piece_end(at, end, separator);
        struct list_item item;

        item.text = unquote(span(at, stop), compile->memory, &item.quoted);
        if (item.text.length > TITLE_LIMIT)
            map_complain(compile, line, NULL, "一项超过 %d 字节 (too long)",
                         TITLE_LIMIT);
        else if (item.text.length > 0 || item.quoted)
            (*items)[count++] = item;
        at = stop + 1;
    }
    return count;
}

struct pattern pattern_of(struct list_item item, struct arena *memory)
{
    struct pattern pattern = { text_fold(item.text, memory), false };

    pattern.wild = !item.quoted && pattern.text.length > 0
                   && (pattern.text.at[0] == '*'
                       || pattern.text.at[pattern.text.length - 1] == '*');
    return pattern;
}

const struct pattern *patterns_read(struct compile *compile, int line,
                                    const char *value, size_t *count)
{
    struct list_item *items;
    struct pattern *patterns;
    size_t i;

    *count = list_read(compile, line, value, '|', &items);
    patterns = arena_alloc(compile->memory, (*count + 1) * sizeof *patterns);
    for (i = 0; i < *count; i++)
        patterns[i] = pattern_of(items[i], compile->memory);
    return patterns;
}

const struct title_pattern *titles_read(struct compile *compile, int line,
                                        const char *value, size_t *count)
{
    struct list_item *items;
    struct title_pattern *titles;
    size_t i;

    *count = list_read(compile, line, value, '|', &items);
    titles = arena_alloc(compile->memory, (*count + 1) * sizeof *titles);
    for (i = 0; i < *count; i++) {
        titles[i].title = items[i].text;
        titles[i].folded = text_fold_title(items[i].text, compile->memory);
    }
    return titles;
}

static bool has(struct text all, uint32_t from, struct text part)
{
    return part.length <= all.length && from <= all.length - part.length
           && (part.length == 0 || memcmp(all.at + from, part.at, part.length) == 0);
}

bool pattern_match(const struct pattern *pattern, struct text folded)
{
    struct text core = pattern->text;
    bool before, after;
    uint32_t i;

    if (!pattern->wild)
        return text_equal(core, folded);
    before = core.at[0] == '*';
    if (before) {
        core.at++;
        core.length--;
    }
    after = core.length > 0 && core.at[core.length - 1] == '*';
    core.length -= after;
    if (core.length == 0)
        return true;
    if (!before)
        return has(folded, 0, core);
    if (!after)
        return folded.length >= core.length
               && has(folded, folded.length - core.length, core);
    for (i = 0; i + core.length <= folded.length; i++)
        if (has(folded, i, core))
            return true;
    return false;
}

static bool like_one(char pattern, char have)
{
    if (pattern == '9')
        return have >= '0' && have <= '9';
    if (pattern == 'A')
        return (have >= 'A' && have <= 'Z') || (have >= 'a' && have <= 'z');
    return pattern == have;
}

/* One star is remembered at a time: linear in practice, never exponential. */
bool like_match(struct text pattern, struct text cell)
{
    uint32_t p = 0, c = 0, star = UINT32_MAX, back = 0;

    if (cell.length > TITLE_LIMIT)
        cell.length = TITLE_LIMIT;
    while (c < cell.length) {
        if (p < pattern.length && pattern.at[p] == '*') {
            star = p++;
            back = c;
        } else if (p < pattern.length && like_one(pattern.at[p], cell.at[c])) {
            p++;
            c++;
        } else if (star != UINT32_MAX) {
            p = star + 1;
            c = ++back;
        } else {
            return false;
        }
    }
    while (p < pattern.length && pattern.at[p] == '*')
        p++;
    return p == pattern.length;
}

/* --- split ------------------------------------------------------------------ */

/* One reading with the optional groups of mask present. */
static bool split_once(const struct split *split, unsigned mask, struct text folded,
                       struct text out[SPLIT_SLOTS])
{
    uint32_t at = 0, from = 0;
    int open = -1, i;

    for (i = 0; i < split->count; i++) {
        const struct split_token *token = &split->tokens[i];

        if (token->group > 0 && (mask >> (token->group - 1) & 1) == 0)
            continue;
        if (token->slot >= 0) {
            if (open >= 0)
                return false; /* two slots side by side */
            open = token->slot;
            from = at;
            continue;
        }
        if (open >= 0) {
            at = from + 1; /* a slot is never empty */
            while (at + token->literal.length <= folded.length
                   && !has(folded, at, token->literal))
                at++;
        }
        if (!has(folded, at, token->literal))
            return false;
        if (open >= 0)
            out[open] = (struct text){ folded.at + from, at - from };
        open = -1;
        at += token->literal.length;
    }
    if (open < 0)
        return at == folded.length;
    if (from >= folded.length)
        return false;
    out[open] = (struct text){ folded.at + from, folded.length - from };
    return true;
}

bool split_match(const struct split *split, struct text folded,
                 struct text out[SPLIT_SLOTS])
{
    unsigned all = (1u << split->groups) - 1, mask;

    for (mask = all;; mask--) {
        int i;

        for (i = 0; i < SPLIT_SLOTS; i++)
            out[i] = (struct text){ NULL, 0 };
        if (split_once(split, mask, folded, out))
            return true;
        if (mask == 0)
            return false;
    }
}

static void split_literal(struct compile *compile, struct split *split,
                          struct text literal, int group)
{
    literal = text_fold(literal, compile->memory);
    if (literal.length > 0)
        split->tokens[split->count++] = (struct split_token){ -1, literal, group };
}

static int slot_named(const struct map_rule *rule, struct text name)
{
    size_t i;

    for (i = 0; i < rule->target_count; i++)
        if (text_is(name, rule->names[i]))
            return (int)i;
    return -1;
}

static void split_read(struct compile *compile, int line, struct text text,
                       struct map_rule *rule)
{
    struct split *split = arena_alloc(compile->memory, sizeof *split);
    const char *at = text.at, *end = text.at + text.length, *from = at;
    int group = 0;

    for (; at < end && split->count < SPLIT_TOKENS - 2; at++) {
        const char *close;
        const char *name;
        int slot;

        if (*at != '{' && *at != '[' && *at != ']')
            continue;
        split_literal(compile, split, span(from, at), group);
        from = at + 1;
        if (*at == '[') {
            group = split->groups < 4 ? ++split->groups : 4;
            continue;
        }
        if (*at == ']') {
            group = 0;
            continue;
        }
        close = memchr(at, '}', (size_t)(end - at));
        if (close == NULL) {
            map_complain(compile, line, "{", "“{”没有配上“}” (unclosed {)");
            return;
        }
        name = field_name(compile, text_trim(span(at + 1, close)));
        slot = name == NULL ? -1 : slot_named(rule, text_of(name));
        if (slot < 0) {
            map_complain(compile, line, text_copy(compile->memory, span(at, close + 1)),
                         "左边没有这一栏 ({name} is not on the left side)");
            return;
        }
        split->tokens[split->count++] =
            (struct split_token){ slot, { NULL, 0 }, group };
        at = close;
        from = close + 1;
    }
    split_literal(compile, split, span(from, end), group);
    rule->split = split;
}

/* --- field = expr [split "..."] {@option} ------------------------------------ */

static void piece_read(struct compile *compile, int line, struct text text,
                       struct map_piece *piece)
{
    bool quoted;

    text = text_trim(text);
    piece->text = unquote(text, compile->memory, &quoted);
    piece->kind = quoted ? PIECE_TEXT : PIECE_TITLE;
    if (!quoted && text.length >= 2 && text.at[0] == '#' && text.at[1] >= '0'
        && text.at[1] <= '9') {
        char *rest;
        long number = strtol(text_copy(compile->memory, text) + 1, &rest, 10);

        if (*rest == '\0' && number >= 1 && number <= 16384) {
            piece->kind = PIECE_COLUMN;
            piece->column = (int)number - 1;
            return;
        }
        map_complain(compile, line, text_copy(compile->memory, text),
                     "列号看不懂，第三列写 #3 (bad column number)");
    }
    if (piece->text.length > TITLE_LIMIT)
        map_complain(compile, line, NULL, "列名超过 %d 字节 (too long)", TITLE_LIMIT);
    if (!quoted && piece->text.length == 0)
        map_complain(compile, line, NULL, "“=”右边缺列名 (empty piece)");
    piece->folded = text_fold_title(piece->text, compile->memory);
}

static void choice_pieces(struct compile *compile, int line, struct text text,
                          struct map_choice *choice)
{
    const char *at = text.at, *end = text.at + text.length, *stop;
    struct map_piece *pieces;
    size_t most = 1;

    for (stop = at; stop < end; stop++)
        most += *stop == '+';
    pieces = arena_alloc(compile->memory, most * sizeof *pieces);
    while (at <= end) {
        stop = piece_end(at, end, '+');
        piece_read(compile, line, span(at, stop), &pieces[choice->count++]);
        at = stop + 1;
    }
    choice->pieces = pieces;
}

/* The first `word` (blanks on both sides) outside quotes, or NULL. */
static const char *find_word(struct text text, const char *word)
{
    uint32_t i, length = (uint32_t)strlen(word);
    bool quoted = false;

    for (i = 0; i + length <= text.length; i++) {
        if (text.at[i] == '"')
            quoted = !quoted;
        if (!quoted && memcmp(text.at + i, word, length) == 0)
            return text.at + i;
    }
    return NULL;
}

/* Cuts "when COLUMN is WORD" off: a log that says what a cell means in another one. */
static struct text when_read(struct compile *compile, int line, struct text text,
                             struct map_choice *choice)
{
    const char *when = find_word(text, " when "), *end = text.at + text.length, *is;
    struct map_piece *piece;
    struct list_item word;

    if (when == NULL)
        return text;
    is = find_word(span(when + 6, end), " is ");
    if (is == NULL) {
        map_complain(compile, line, "when",
                     "要写成 when 列名 is 词 (write: when COLUMN is WORD)");
        return span(text.at, when);
    }
    piece = arena_alloc(compile->memory, sizeof *piece);
    piece_read(compile, line, span(when + 6, is), piece);
    word.text = unquote(text_trim(span(is + 4, end)), compile->memory, &word.quoted);
    choice->when = piece;
    choice->is = pattern_of(word, compile->memory);
    return span(text.at, when);
}

static void choice_read(struct compile *compile, int line, struct text text,
                        struct map_choice *choice)
{
    *choice = (struct map_choice){ 0 };
    text = when_read(compile, line, text, choice);
    choice_pieces(compile, line, text, choice);
}

static unsigned option_find(struct text name)
{
    static const char *const names[] = { "ymd",  "mdy",     "dmy",  "minutes", "hours",
                                         "days", "seconds", "utc",  "epoch",   "phone",
                                         "user", "upper",   "mask", "negate" };
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_is(name, names[i]))
            return 1u << i;
    return 0;
}

/* Cuts "@option ..." off the end of the expression. */
static struct text options_read(struct compile *compile, int line, struct text text,
                                unsigned *options)
{
    const char *end = text.at + text.length, *at = text.at, *first = end;
    bool quoted = false;

    for (; at < end; at++) {
        if (*at == '"')
            quoted = !quoted;
        if (*at == '@' && !quoted && (at == text.at || at[-1] == ' ')) {
            first = at;
            break;
        }
    }
    for (at = first; at < end;) {
        const char *stop = piece_end(at + 1, end, '@');
        unsigned bit = option_find(text_trim(span(at + 1, stop)));

        if (bit == 0)
            map_complain(compile, line,
                         text_copy(compile->memory, text_trim(span(at, stop))),
                         "没有这个选项，可用：@ymd @mdy @dmy @minutes @hours @days "
                         "@seconds @utc @epoch @phone @user @upper @mask @negate");
        *options |= bit;
        at = stop;
    }
    return text_trim(span(text.at, first));
}

/* Finds `split "` outside quotes and cuts it off. */
static struct text cut_split(struct text text, struct text *pattern)
{
    bool quoted = false;
    uint32_t i;

    *pattern = (struct text){ NULL, 0 };
    for (i = 0; i + 7 < text.length; i++) {
        if (text.at[i] == '"')
            quoted = !quoted;
        if (!quoted && memcmp(text.at + i, " split ", 7) == 0) {
            *pattern = text_trim(span(text.at + i + 7, text.at + text.length));
            return text_trim(span(text.at, text.at + i));
        }
    }
    return text;
}

static void targets_read(struct compile *compile, const struct ini_pair *pair,
                         struct map_rule *rule)
{
    struct list_item *items;
    size_t count = list_read(compile, pair->line, pair->key, ',', &items), i;
    int *targets = arena_alloc(compile->memory, (count + 1) * sizeof *targets);
    const char **names = arena_alloc(compile->memory, (count + 1) * sizeof *names);

    if (count > SPLIT_SLOTS) {
        map_complain(compile, pair->line, NULL, "左边超过 %d 栏 (too many fields)",
                     SPLIT_SLOTS);
        count = SPLIT_SLOTS;
    }
    for (i = 0; i < count; i++) {
        const char *written = text_copy(compile->memory, items[i].text);
        const char *name = field_name(compile, items[i].text), *near;

        if (name == NULL) {
            near = field_nearest(compile, written);
            map_complain(compile, pair->line, written,
                         "没有“%s”这个字段%s%s%s (unknown field)", written,
                         near != NULL ? "，是不是“" : "", near != NULL ? near : "",
                         near != NULL ? "”" : "");
            continue;
        }
        names[rule->target_count] = name;
        targets[rule->target_count++] =
            map_target(compile->map->kind, name, compile->words);
    }
    rule->targets = targets;
    rule->names = names;
}

void rule_read(struct compile *compile, const struct ini_pair *pair,
               struct map_rule *rule)
{
    struct text text = text_of(pair->value), pattern;
    struct map_choice *choices;
    const char *at, *end, *stop;
    size_t most = 1, quotes = 0;
    bool quoted;

    rule->line = pair->line;
    targets_read(compile, pair, rule);
    for (at = text.at; *at != '\0'; at++)
        quotes += *at == '"';
    if (quotes % 2 != 0)
        map_complain(compile, pair->line, "\"", "引号没有配对 (unclosed quote)");
    text = options_read(compile, pair->line, text, &rule->options);
    text = cut_split(text, &pattern);
    end = text.at + text.length;
    for (at = text.at; at < end; at++)
        most += *at == '|';
    choices = arena_alloc(compile->memory, most * sizeof *choices);
    for (at = text.at; at <= end; at = stop + 1) {
        stop = piece_end(at, end, '|');
        choice_read(compile, pair->line, span(at, stop),
                    &choices[rule->choice_count++]);
    }
    rule->choices = choices;
    if (pattern.at != NULL) {
        pattern = unquote(pattern, compile->memory, &quoted);
        if (quoted)
            split_read(compile, pair->line, pattern, rule);
        else
            map_complain(compile, pair->line, "split",
                         "split 后面要用引号 (split needs a quoted pattern)");
    } else if (rule->target_count > 1) {
        map_complain(compile, pair->line, NULL,
                     "左边有几栏时右边要写 split (several fields need split)");
    }
}
