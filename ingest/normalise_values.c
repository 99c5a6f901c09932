/* normalise_values.c - words of cells to codes, flags, counts and ratings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/normalise_parts.h"

/* A raw word's canonical one by the map's [values], or NULL: "" = empty. */
static const char *by_values(const struct map_values *values, struct text folded)
{
    size_t i, k;

    if (values == NULL)
        return NULL;
    for (i = 0; i < values->count; i++)
        for (k = 0; k < values->rules[i].count; k++)
            if (pattern_match(&values->rules[i].words[k], folded))
                return values->rules[i].canonical;
    return NULL;
}

/* [values] of the field, of the column, then what "*" catches. */
static const char *by_map(const struct slot *slot, struct text folded)
{
    const char *word = by_values(slot->values, folded);

    if (word == NULL)
        word = by_values(slot->column_values, folded);
    return word;
}

static const char *caught(const struct slot *slot)
{
    if (slot->values != NULL && slot->values->rest != NULL)
        return slot->values->rest;
    return slot->column_values != NULL ? slot->column_values->rest : NULL;
}

static enum understood code_meaning(const struct normaliser *n, const struct slot *slot,
                                    struct text raw, struct text folded,
                                    int64_t *number)
{
    const char *domain = slot->spec->domain, *word = by_map(slot, folded);
    int code = -1;

    if (word == NULL)
        code = code_find(domain, text_trim(raw));
    if (word == NULL && code < 0)
        word = words_value(n->words, domain, folded);
    if (word == NULL && code < 0)
        word = caught(slot);
    if (word != NULL && *word == '\0')
        return WORD_EMPTY;
    if (word != NULL)
        code = code_find(domain, text_of(word));
    if (code < 0)
        return WORD_STRANGE;
    *number = code;
    return WORD_KNOWN;
}

static enum understood flag_meaning(const struct normaliser *n, const struct slot *slot,
                                    struct text folded, int64_t *number)
{
    const char *word = by_map(slot, folded);

    if (word == NULL)
        word = words_value(n->words, slot->spec->name, folded);
    if (word == NULL)
        word = words_value(n->words, "bool", folded);
    if (word == NULL)
        word = caught(slot);
    if (word == NULL)
        return WORD_STRANGE;
    if (*word == '\0')
        return WORD_EMPTY;
    *number = strcmp(word, "yes") == 0;
    if ((slot->bound->rule->options & OPTION_NEGATE) != 0)
        *number = !*number;
    return WORD_KNOWN;
}

const char *revisit_rule(const struct normaliser *n, const struct slot *slot,
                         struct text text, struct arena *batch)
{
    struct text folded = text_fold(text, batch);
    const char *word = by_map(slot, folded);

    if (word == NULL)
        word = words_value(n->words, "revisit_rule", folded);
    return word == NULL ? caught(slot) : word;
}

/* "3", "3.0", "3次", 是/否. */
static enum understood count_meaning(const struct normaliser *n,
                                     const struct slot *slot, struct text folded,
                                     int64_t *number)
{
    static const char *const tails[] = { "次", "户", "个", "单元", "%", "分", "星" };
    const char *word = by_map(slot, folded);
    char copy[24];
    char *rest;
    double value;
    size_t i;

    if (word != NULL)
        folded = text_of(word);
    if (folded.length == 0)
        return WORD_EMPTY;
    for (i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        size_t length = strlen(tails[i]);

        if (folded.length > length
            && memcmp(folded.at + folded.length - length, tails[i], length) == 0)
            folded.length -= (uint32_t)length;
    }
    word = words_value(n->words, "bool", folded);
    if (folded.length < sizeof copy && folded.at[0] >= '0' && folded.at[0] <= '9') {
        memcpy(copy, folded.at, folded.length);
        copy[folded.length] = '\0';
        value = strtod(copy, &rest);
        if (*rest == '\0' && value >= 0 && value <= 2e9) {
            *number = (int64_t)(value + 0.5);
            return WORD_KNOWN;
        }
    }
    if (word == NULL)
        return WORD_STRANGE;
    *number = strcmp(word, "yes") == 0;
    return WORD_KNOWN;
}

/* --- ratings -------------------------------------------------------------------- */

/* score: 1..10, or 11 = yes, 12 = no of a two-level column, 0 = default praise. */
bool rating_word(const struct normaliser *n, const struct slot *slot, struct text raw,
                 struct arena *batch, int64_t *score, bool *none)
{
    struct text folded = text_fold(raw, batch);
    const char *word = by_map(slot, folded);
    char copy[16];
    char *rest;
    double value;

    *none = false;
    if (word == NULL)
        word = words_value(n->words, "satisfaction", folded);
    if (word == NULL)
        word = caught(slot);
    if (word != NULL) {
        *none = *word == '\0' || strcmp(word, "none") == 0;
        *score = strcmp(word, "default") == 0 ? 0 : (int)strtol(word, NULL, 10);
        return *none || *score > 0 || strcmp(word, "default") == 0;
    }
    word = words_value(n->words, "bool", folded);
    if (word != NULL) {
        *score = strcmp(word, "yes") == 0 ? 11 : 12;
        return true;
    }
    if (folded.length > 3 && memcmp(folded.at + folded.length - 3, "分", 3) == 0)
        folded.length -= 3;
    else if (folded.length > 3 && memcmp(folded.at + folded.length - 3, "星", 3) == 0)
        folded.length -= 3;
    if (folded.length == 0 || folded.length >= sizeof copy || folded.at[0] < '0'
        || folded.at[0] > '9')
        return false;
    memcpy(copy, folded.at, folded.length);
    copy[folded.length] = '\0';
    value = strtod(copy, &rest);
    *score = (int64_t)(value + 0.5);
    return *rest == '\0' && *score >= 1 && *score <= 10;
}

static enum understood rating_meaning(const struct normaliser *n,
                                      const struct slot *slot, struct text raw,
                                      struct arena *batch, int64_t *number)
{
    int64_t score;
    bool none;

    if (!rating_word(n, slot, raw, batch, &score, &none))
        return WORD_STRANGE;
    if (none)
        return WORD_EMPTY;
    if (score == 0) {
        *number = -1;
        return WORD_KNOWN;
    }
    if (score > 10) /* 是/否 carry their own scale */
        *number = 2 << 4 | (score == 11 ? 2 : 1);
    else if (slot->scale == 2)
        *number = 2 << 4 | (score >= 4 ? 2 : 1);
    else if (slot->scale == 10)
        *number = 10 << 4 | score;
    else if (score > 5)
        return WORD_STRANGE;
    else
        *number = 5 << 4 | score;
    return WORD_KNOWN;
}

/* --- words kept as text ------------------------------------------------------------
 */

/* The number of a thing, however much it looks like a telephone's. */
static bool all_digits(struct text text)
{
    uint32_t i;

    for (i = 0; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* A number somebody wrote into a cell of words: gone, and said once. */
static struct text without_numbers(struct normaliser *n, struct text raw,
                                   struct arena *memory)
{
    struct text word = mask_word(raw, memory);

    if (word.at != raw.at || word.length != raw.length)
        normaliser_note(n, "部门、类别、地点等栏里写了电话或证件号，已去掉 (numbers "
                           "taken out of words)");
    return word;
}

static enum understood staff_meaning(const struct normaliser *n, struct text raw,
                                     struct arena *memory, struct text *out)
{
    struct text masked = mask_word(raw, memory);
    unsigned char hash[32];
    char hex[65];
    bool digits = false, code = raw.length <= 12 && masked.length == raw.length;
    uint32_t i;

    for (i = 0; i < raw.length && code; i++) {
        char byte = raw.at[i];
        bool digit = byte >= '0' && byte <= '9';

        digits = digits || digit;
        code = digit || byte == '-' || (byte >= 'A' && byte <= 'Z')
               || (byte >= 'a' && byte <= 'z');
    }
    if (code && digits) { /* letters alone may be a name */
        *out = (struct text){ arena_copy(memory, raw.at, raw.length), raw.length };
        return WORD_KNOWN;
    }
    if (n->key == NULL)
        return WORD_EMPTY;
    {
        struct text folded = text_fold(raw, memory);
        char *tagged = arena_alloc(memory, (size_t)folded.length + 6);

        memcpy(tagged, "staff\x1f", 6);
        memcpy(tagged + 6, folded.at, folded.length);
        key_hmac(n->key, tagged, (size_t)folded.length + 6, hash);
    }
    hash_hex(hash, hex);
    hex[10] = '\0';
    *out = text_of(arena_printf(memory, "S%s", hex));
    return WORD_KNOWN;
}

static enum understood term_meaning(const struct slot *slot, struct text raw,
                                    struct text folded, struct arena *memory,
                                    struct text *out)
{
    const char *word = by_map(slot, folded);

    if (word == NULL && (slot->values != NULL || slot->column_values != NULL))
        word = caught(slot);
    if (word != NULL) {
        *out = text_of(word);
        return *word == '\0' ? WORD_EMPTY : WORD_KNOWN;
    }
    if (raw.length > 256) { /* a term is a word, not a letter */
        raw.length = 256;
        raw.length = (uint32_t)text_valid(raw.at, raw.length);
        raw = text_trim(raw);
    }
    *out = (struct text){ arena_copy(memory, raw.at, raw.length), raw.length };
    return WORD_KNOWN;
}

static struct text place_name(const struct slot *slot, struct text raw,
                              struct arena *memory)
{
    const char *name = slot->spec->name;

    if (strcmp(name, "building") == 0)
        return place_building(raw, memory);
    if (strcmp(name, "unit") == 0)
        return place_unit(raw, memory);
    if (strcmp(name, "room") == 0)
        return place_room(raw, memory);
    return raw;
}

/* "是" under a title that asks whether somebody was reached says so. */
static enum understood coded_meaning(struct normaliser *n, const struct slot *slot,
                                     struct text raw, struct text folded,
                                     int64_t *number)
{
    enum understood understood = code_meaning(n, slot, raw, folded, number);
    const char *word;

    if (understood != WORD_STRANGE
        || strcmp(slot->spec->domain, "revisit_outcome") != 0)
        return understood;
    word = words_value(n->words, "bool", folded);
    if (word == NULL)
        return understood;
    *number = strcmp(word, "yes") == 0 ? 1 : 4;
    return WORD_KNOWN;
}

/* A matter rated apart may hold words instead of points. */
static enum understood counted_meaning(struct normaliser *n, const struct slot *slot,
                                       struct text raw, struct text folded,
                                       struct arena *memory, int64_t *number)
{
    enum understood understood = count_meaning(n, slot, folded, number);

    if (understood != WORD_STRANGE || strncmp(slot->spec->name, "sat_", 4) != 0)
        return understood;
    understood = rating_meaning(n, slot, raw, memory, number);
    *number &= 15;
    return understood;
}

static void meaning(struct normaliser *n, const struct slot *slot, struct text raw,
                    struct arena *memory, struct remembered *found)
{
    struct text folded;

    if (slot->spec != NULL
        && (slot->spec->type == TYPE_TERM || slot->spec->type == TYPE_PLACE)
        && !(strcmp(slot->spec->name, "asset_id") == 0 && all_digits(raw))) {
        raw = without_numbers(n, raw, memory);
        if (raw.length == 0) {
            found->understood = WORD_EMPTY;
            return;
        }
    }
    folded = text_fold(raw, memory);
    if (slot->target == TARGET_SATISFACTION) {
        found->understood = rating_meaning(n, slot, raw, memory, &found->number);
        return;
    }
    switch (slot->spec->type) {
    case TYPE_CODE:
        found->understood = coded_meaning(n, slot, raw, folded, &found->number);
        break;
    case TYPE_FLAG:
        found->understood = flag_meaning(n, slot, folded, &found->number);
        break;
    case TYPE_COUNT:
        found->understood =
            counted_meaning(n, slot, raw, folded, memory, &found->number);
        break;
    case TYPE_RATING:
        found->understood = rating_meaning(n, slot, raw, memory, &found->number);
        break;
    case TYPE_STAFF:
        found->understood = staff_meaning(n, raw, memory, &found->text);
        break;
    case TYPE_TERM:
        found->understood = term_meaning(slot, raw, folded, memory, &found->text);
        break;
    case TYPE_PLACE:
        found->understood = term_meaning(slot, place_name(slot, raw, memory), folded,
                                         memory, &found->text);
        break;
    case TYPE_KEY:
    case TYPE_TIME:
    case TYPE_CONTACT:
    case TYPE_TEXT:
        found->understood = WORD_EMPTY;
        break;
    }
}

/* --- what was seen before ------------------------------------------------------------
 */

static struct remembered **slot_for(struct normaliser *n, uint32_t slot,
                                    struct text raw)
{
    uint64_t hash = hash_fast(raw.at, raw.length, slot);
    struct remembered **at = &n->memory[hash % MEMORY_SLOTS];

    while (*at != NULL && ((*at)->rule != slot || !text_equal((*at)->raw, raw)))
        at = &(*at)->next;
    return at;
}

struct remembered *word_kept(struct normaliser *n, uint32_t slot, struct text raw,
                             bool *made)
{
    struct remembered **at = slot_for(n, slot, raw), *found = *at;

    *made = false;
    if (found != NULL || n->remembered >= MEMORY_LIMIT)
        return found;
    *made = true;
    found = arena_alloc(n->file, sizeof *found);
    found->rule = slot;
    found->raw = (struct text){ arena_copy(n->file, raw.at, raw.length), raw.length };
    found->understood = WORD_EMPTY;
    found->kept = true;
    found->hint = (uint32_t)++n->remembered;
    *at = found;
    return found;
}

struct quick *quick_seat(struct normaliser *n, uint32_t slot, struct text cell)
{
    uint64_t hash = hash_fast(cell.at, cell.length, slot + 1);
    struct quick *seat = &n->quick[hash % QUICK_SEATS];

    if (seat->found == NULL || seat->hash != hash || seat->found->rule != slot
        || !text_equal(seat->found->raw, cell))
        *seat = (struct quick){ .hash = hash };
    return seat;
}

struct remembered *word_meaning(struct normaliser *n, uint32_t slot, struct text raw,
                                struct arena *batch)
{
    bool made;
    struct remembered *found = word_kept(n, slot, raw, &made);

    if (found != NULL && !made)
        return found;
    if (found == NULL) { /* no room: for this row only */
        found = arena_alloc(batch, sizeof *found);
        found->rule = slot;
        found->raw = raw;
    }
    meaning(n, &n->slots[slot], found->raw, made ? n->file : batch, found);
    return found;
}

void strange(struct normaliser *n, uint32_t slot, struct text raw, struct arena *batch)
{
    struct remembered *found;
    bool made;

    (void)batch;
    n->told++;
    if (raw.length > 120)
        raw.length = (uint32_t)text_valid(raw.at, 120);
    found = word_kept(n, slot, raw, &made);
    if (made)
        found->understood = WORD_STRANGE;
    if (found != NULL)
        found->strange++;
}
