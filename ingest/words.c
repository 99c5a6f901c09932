/* words.c - loads templates/words once and answers by hash. */
#include "ingest/words.h"

#include <string.h>

#include "core/file.h"
#include "core/hash.h"

enum {
    FILE_LIMIT = 1024 * 1024, /* the tables are some kilobytes */
    FIELDS_LIMIT = 512,
    LISTS_LIMIT = 32
};

struct entry {
    const char *scope; /* kind or domain; NULL = free slot */
    struct text key;   /* folded */
    const char *meaning;
};

struct table {
    struct entry *entries;
    size_t room, count; /* room is a power of two */
};

struct field_row {
    const char *kind, *field, *level;
};

struct word_list {
    const char *pattern;
    struct text *words;
    size_t count;
};

struct vocabulary {
    struct table titles, values, any;
    struct field_row fields[FIELDS_LIMIT];
    size_t field_count;
    struct word_list lists[LISTS_LIMIT];
    size_t list_count;
    struct text *totals; /* folded */
    size_t total_count;
    struct arena *memory;
    unsigned char hash[32];
};

/* --- closed vocabularies, as in table `code` ------------------------------- */

static const char *const natures[] = { "",        "repair", "complaint", "suggestion",
                                       "enquiry", "help",   "praise",    "patrol",
                                       "other",   NULL };
static const char *const channels[] = { "",       "phone",  "wechat", "app",
                                        "walkin", "patrol", "gov",    "committee",
                                        "iot",    "web",    "other",  NULL };
static const char *const statuses[] = { "",
                                        "new",
                                        "dispatched",
                                        "in_progress",
                                        "suspended",
                                        "returned",
                                        "transferred",
                                        "reopened",
                                        "await_feedback",
                                        "closed",
                                        "closed_unresolved",
                                        "void",
                                        "duplicate",
                                        NULL };
static const char *const urgencies[] = { "", "P1", "P2", "P3", "P4", NULL };
static const char *const outcomes[] = { "",        "reached", "not_reached", "refused",
                                        "pending", "exempt",  NULL };
static const char *const directions[] = {
    "", "in", "out", "internal", "unknown", NULL
};
static const char *const dispositions[] = { "",          "answered", "no_answer",
                                            "abandoned", "busy",     "failed",
                                            "other",     NULL };
static const char *const answerers[] = { "nobody",    "human",   "ivr",
                                         "voicemail", "unknown", NULL };
static const char *const hangups[] = { "", "caller", "agent", "system", NULL };

static const char *const events[] = {
    "",           "receive", "dispatch", "take",
    "respond",    "arrive",  "transfer", "return",
    "pause",      "resume",  "complete", "reopen",
    "close",      "revisit", "rate",     "deadline_moved",
    "urge",       "promise", "void",     "merge",
    "reclassify", NULL
};

static const struct domain {
    const char *name;
    const char *const *words;
} domains[] = {
    { "nature", natures },           { "channel", channels },
    { "status", statuses },          { "urgency", urgencies },
    { "revisit_outcome", outcomes }, { "direction", directions },
    { "disposition", dispositions }, { "answered_by", answerers },
    { "hangup_by", hangups },        { "event", events },
};

const char *const *code_words(const char *domain)
{
    size_t i;

    for (i = 0; i < sizeof domains / sizeof domains[0]; i++)
        if (strcmp(domains[i].name, domain) == 0)
            return domains[i].words;
    return NULL;
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter + 'a' - 'A') : letter;
}

static bool same_word(struct text word, const char *canonical)
{
    size_t i;

    if (word.length == 0 || word.length != strlen(canonical))
        return false;
    for (i = 0; i < word.length; i++)
        if (lower(word.at[i]) != lower(canonical[i]))
            return false;
    return true;
}

int code_find(const char *domain, struct text word)
{
    const char *const *words = code_words(domain);
    int i;

    if (words == NULL)
        return -1;
    for (i = 0; words[i] != NULL; i++)
        if (same_word(word, words[i]))
            return i;
    return -1;
}

const char *word_code_name(const char *domain, int code)
{
    const char *const *words = code_words(domain);
    int i;

    if (words == NULL || code < 0)
        return NULL;
    for (i = 0; words[i] != NULL; i++)
        if (i == code)
            return words[i][0] == '\0' ? NULL : words[i];
    return NULL;
}

/* --- hash tables ------------------------------------------------------------ */

static size_t slot_of(const char *scope, struct text key, size_t room)
{
    uint64_t hash = 1469598103934665603u;
    size_t i;

    for (; *scope != '\0'; scope++)
        hash = (hash ^ (unsigned char)*scope) * 1099511628211u;
    for (i = 0; i < key.length; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 1099511628211u;
    return (size_t)(hash ^ hash >> 29) & (room - 1);
}

static struct entry *table_slot(const struct table *table, const char *scope,
                                struct text key)
{
    size_t at = slot_of(scope, key, table->room);

    while (table->entries[at].scope != NULL
           && (strcmp(table->entries[at].scope, scope) != 0
               || !text_equal(table->entries[at].key, key)))
        at = (at + 1) & (table->room - 1);
    return &table->entries[at];
}

static void table_grow(struct table *table, struct arena *memory)
{
    struct table bigger = { NULL, table->room == 0 ? 512 : table->room * 2, 0 };
    size_t i;

    bigger.entries = arena_alloc(memory, bigger.room * sizeof *bigger.entries);
    for (i = 0; i < table->room; i++)
        if (table->entries[i].scope != NULL)
            *table_slot(&bigger, table->entries[i].scope, table->entries[i].key) =
                table->entries[i];
    bigger.count = table->count;
    *table = bigger;
}

/* The first meaning stands: order in the file is the order of preference. */
static void table_put(struct table *table, struct arena *memory, struct entry entry)
{
    struct entry *slot;

    if (table->count * 2 >= table->room)
        table_grow(table, memory);
    slot = table_slot(table, entry.scope, entry.key);
    if (slot->scope != NULL)
        return;
    *slot = entry;
    table->count++;
}

static const char *table_get(const struct table *table, const char *scope,
                             struct text key)
{
    return table->room == 0 ? NULL : table_slot(table, scope, key)->meaning;
}

/* --- reading the files -------------------------------------------------------- */

struct line {
    struct text column[4];
    int count, number;
};

static bool next_piece(struct text *rest, char separator, struct text *piece)
{
    const char *stop;

    if (rest->at == NULL)
        return false;
    stop = memchr(rest->at, separator, rest->length);
    if (stop == NULL) {
        *piece = *rest;
        *rest = (struct text){ NULL, 0 };
        return true;
    }
    *piece = (struct text){ rest->at, (uint32_t)(stop - rest->at) };
    rest->length -= piece->length + 1;
    rest->at = stop + 1;
    return true;
}

static void split_columns(struct text text, struct line *line)
{
    struct text piece;

    line->count = 0;
    while (line->count < 4 && next_piece(&text, '\t', &piece))
        line->column[line->count++] = text_trim(piece);
}

static enum status add_title(struct vocabulary *words, const struct line *line,
                             const char *path, struct error *err)
{
    const char *kind = text_copy(words->memory, line->column[0]);
    const char *field = text_copy(words->memory, line->column[1]);
    struct text rest = line->column[3], piece;

    if (words->field_count == FIELDS_LIMIT)
        return fail(err, HY_CONFIG, "%s:%d: 行太多 (too many fields)", path,
                    line->number);
    words->fields[words->field_count++] =
        (struct field_row){ kind, field, text_copy(words->memory, line->column[2]) };
    piece = text_fold_title(text_of(field), words->memory);
    table_put(&words->titles, words->memory, (struct entry){ kind, piece, field });
    while (next_piece(&rest, '|', &piece)) {
        piece = text_fold_title(text_trim(piece), words->memory);
        if (piece.length == 0)
            continue;
        table_put(&words->titles, words->memory, (struct entry){ kind, piece, field });
        table_put(&words->any, words->memory, (struct entry){ "", piece, field });
    }
    return HY_OK;
}

static enum status add_value(struct vocabulary *words, const struct line *line,
                             const char *path, struct error *err)
{
    const char *domain = text_copy(words->memory, line->column[0]);
    const char *meaning = text_copy(words->memory, line->column[1]);
    struct text rest = line->column[2], piece;

    if (code_words(domain) != NULL && code_find(domain, line->column[1]) < 0)
        return fail(err, HY_CONFIG, "%s:%d: “%s”里没有“%s” (unknown canonical word)",
                    path, line->number, domain, meaning);
    while (next_piece(&rest, '|', &piece)) {
        piece = text_fold(text_trim(piece), words->memory);
        if (piece.length > 0)
            table_put(&words->values, words->memory,
                      (struct entry){ domain, piece, meaning });
    }
    return HY_OK;
}

static enum status add_list(struct vocabulary *words, const struct line *line,
                            const char *path, struct error *err)
{
    struct text rest = line->column[1], piece;
    struct word_list *list;
    size_t most = 1;

    if (words->list_count == LISTS_LIMIT)
        return fail(err, HY_CONFIG, "%s:%d: 行太多 (too many patterns)", path,
                    line->number);
    list = &words->lists[words->list_count++];
    for (const char *at = rest.at; at < rest.at + rest.length; at++)
        most += *at == '|';
    list->pattern = text_copy(words->memory, line->column[0]);
    list->words = arena_alloc(words->memory, most * sizeof *list->words);
    while (next_piece(&rest, '|', &piece))
        if (piece.length > 0)
            list->words[list->count++] = text_of(text_copy(words->memory, piece));
    return HY_OK;
}

void words_teach(struct vocabulary *words, const char *domain, struct text word,
                 const char *canonical)
{
    struct entry entry = { text_copy(words->memory, text_of(domain)),
                           text_fold(text_trim(word), words->memory),
                           text_copy(words->memory, text_of(canonical)) };
    struct entry *slot;

    if (entry.key.length == 0)
        return;
    entry.key = text_of(text_copy(words->memory, entry.key));
    table_put(&words->values, words->memory, entry);
    slot = table_slot(&words->values, entry.scope, entry.key);
    slot->meaning = entry.meaning;
}

/* Comment lines begin with '#'; the first other line names the columns. */
static enum status read_table(struct vocabulary *words, const char *path, int columns,
                              enum status (*add)(struct vocabulary *,
                                                 const struct line *, const char *,
                                                 struct error *),
                              struct hash_stream *stream, struct error *err)
{
    const unsigned char *bytes;
    size_t length;
    struct text rest, piece;
    struct line line = { .number = 0 };
    bool headed = false;

    TRY(file_read(path, FILE_LIMIT, words->memory, &bytes, &length, err));
    if (text_valid((const char *)bytes, length) != length)
        return fail(err, HY_CONFIG, "%s: 不是 UTF-8 (not UTF-8)", path);
    hash_add(stream, bytes, length);
    rest = (struct text){ (const char *)bytes, (uint32_t)length };
    while (next_piece(&rest, '\n', &piece)) {
        line.number++;
        if (piece.length > 0 && piece.at[piece.length - 1] == '\r')
            piece.length--;
        if (text_trim(piece).length == 0 || piece.at[0] == '#')
            continue;
        if (!headed) {
            headed = true;
            continue;
        }
        split_columns(piece, &line);
        if (line.count < columns)
            return fail(err, HY_CONFIG, "%s:%d: 应有 %d 栏，用制表符分开 (columns)",
                        path, line.number, columns);
        TRY(add(words, &line, path, err));
    }
    return HY_OK;
}

enum status words_load(struct vocabulary **out, const char *directory,
                       struct arena *memory, struct error *err)
{
    struct vocabulary *words = arena_alloc(memory, sizeof *words);
    struct hash_stream *stream = hash_start(memory);
    const struct text *totals;
    size_t i;

    *out = NULL;
    words->memory = memory;
    TRY(read_table(words, arena_printf(memory, "%s/header_synonyms.tsv", directory), 4,
                   add_title, stream, err));
    TRY(read_table(words, arena_printf(memory, "%s/value_synonyms.tsv", directory), 3,
                   add_value, stream, err));
    TRY(read_table(words, arena_printf(memory, "%s/mask.tsv", directory), 2, add_list,
                   stream, err));
    hash_end(stream, words->hash);
    totals = words_list(words, "total", &words->total_count);
    words->totals = arena_alloc(memory, (words->total_count + 1) * sizeof *totals);
    for (i = 0; i < words->total_count; i++)
        words->totals[i] = text_fold(totals[i], memory);
    *out = words;
    return HY_OK;
}

const unsigned char *words_hash(const struct vocabulary *words)
{
    return words->hash;
}

static const char *scope_of(enum record_kind kind)
{
    if (kind == KIND_HISTORY || kind == KIND_PARTIAL)
        kind = KIND_TICKET;
    return record_kind_name(kind) == NULL ? "" : record_kind_name(kind);
}

const char *words_field(const struct vocabulary *words, enum record_kind kind,
                        struct text title)
{
    return title.length == 0 ? NULL : table_get(&words->titles, scope_of(kind), title);
}

const char *words_level(const struct vocabulary *words, enum record_kind kind,
                        const char *field)
{
    const char *scope = scope_of(kind);
    size_t i;

    for (i = 0; i < words->field_count; i++)
        if (strcmp(words->fields[i].kind, scope) == 0
            && strcmp(words->fields[i].field, field) == 0)
            return words->fields[i].level;
    return NULL;
}

bool words_title(const struct vocabulary *words, struct text title)
{
    return title.length > 0 && table_get(&words->any, "", title) != NULL;
}

const char *words_value(const struct vocabulary *words, const char *domain,
                        struct text word)
{
    return word.length == 0 ? NULL : table_get(&words->values, domain, word);
}

const struct text *words_list(const struct vocabulary *words, const char *pattern,
                              size_t *count)
{
    size_t i;

    *count = 0;
    for (i = 0; i < words->list_count; i++)
        if (strcmp(words->lists[i].pattern, pattern) == 0) {
            *count = words->lists[i].count;
            return words->lists[i].words;
        }
    return NULL;
}

bool words_total(const struct vocabulary *words, struct text folded)
{
    size_t i;

    for (i = 0; i < words->total_count; i++)
        if (text_equal(words->totals[i], folded))
            return true;
    return false;
}
