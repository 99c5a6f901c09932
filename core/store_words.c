/* store_words.c - dictionaries: words, places, people, numbers and their ids. */
#include "core/store_internal.h"

#include <string.h>

enum {
    FORM_SHIFT = 47,     /* ticket.id = form << 47 | digits */
    MOST_DIGITS = 14,    /* 10^14 < 2^47 */
    LONGEST_PREFIX = 64, /* a longer one is no shape of numbers */
    WORDS_MOST = 1 << 16 /* in memory, about 15 MiB; then all are asked for anew */
};

static const struct {
    enum query find, add;
} dictionaries[DICTIONARY_COUNT] = {
    [DICTIONARY_TERM] = { Q_TERM_FIND, Q_TERM_ADD },
    [DICTIONARY_PLACE] = { Q_PLACE_FIND, Q_PLACE_ADD },
    [DICTIONARY_STAFF] = { Q_STAFF_FIND, Q_STAFF_ADD },
    [DICTIONARY_ASSET] = { Q_ASSET_FIND, Q_ASSET_ADD },
    [DICTIONARY_FORM] = { Q_FORM_FIND, Q_FORM_ADD },
    [DICTIONARY_KEY] = { Q_KEY_FIND, Q_KEY_ADD },
    [DICTIONARY_SOURCE] = { Q_SOURCE_FIND, Q_SOURCE_ADD },
    [DICTIONARY_CALL] = { Q_CALL_FIND, Q_CALL_ADD },
    [DICTIONARY_REGISTER] = { Q_REGISTER_FIND, Q_REGISTER_ADD },
};

/* Where nearly every word of a file is new; there an insert that meets the word is
 * cheaper than a look before each. */
static bool often_new(enum dictionary dictionary)
{
    return dictionary == DICTIONARY_KEY || dictionary == DICTIONARY_CALL;
}

static void bind_word(sqlite3_stmt *statement, const struct word_key *word)
{
    bind_int(statement, 1, word->a);
    bind_int(statement, 2, word->b);
    bind_text(statement, 3, word->text);
    bind_text(statement, 4, word->more);
}

/* *id stays 0 when the row is not there. */
static enum status find_word(struct store *store, enum dictionary dictionary,
                             const struct word_key *word, int64_t *id,
                             struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    *id = 0;
    TRY(sql_use(store, dictionaries[dictionary].find, &statement, err));
    bind_word(statement, word);
    TRY(sql_row(store, statement, &row, err));
    if (row)
        *id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status add_word(struct store *store, enum dictionary dictionary,
                            const struct word_key *word, int64_t *id, struct error *err)
{
    sqlite3_stmt *statement;

    TRY(sql_use(store, dictionaries[dictionary].add, &statement, err));
    bind_word(statement, word);
    /* entities carry where they were first seen; words have no such columns */
    bind_int(statement, 5, store->load.part);
    bind_int(statement, 6, 1);
    bind_int(statement, 7, 0);
    TRY(sql_run(store, statement, err));
    *id = sqlite3_changes(store->db) > 0 ? sqlite3_last_insert_rowid(store->db) : 0;
    return HY_OK;
}

/* The key of the in-memory dictionary: tag, numbers, texts with their lengths. */
static struct text flat_key(int dictionary, const struct word_key *word, char *room,
                            size_t size, struct arena *memory)
{
    size_t length = 24 + (size_t)word->text.length + word->more.length;
    char *at = length <= size ? room : arena_alloc(memory, length);
    uint64_t head = (uint64_t)(unsigned)dictionary << 32 | word->text.length;

    memcpy(at, &head, 8);
    memcpy(at + 8, &word->a, 8);
    memcpy(at + 16, &word->b, 8);
    if (word->text.length > 0)
        memcpy(at + 24, word->text.at, word->text.length);
    if (word->more.length > 0)
        memcpy(at + 24 + word->text.length, word->more.at, word->more.length);
    return (struct text){ at, (uint32_t)length };
}

/* The row of a word the cache does not know.  As the last one was, so the next is
 * taken to be: new (insert, and look only when it was there) or known. */
static enum status find_or_add(struct store *store, enum dictionary dictionary,
                               const struct word_key *word, int64_t *id, bool *made,
                               struct error *err)
{
    bool *expect = &store->load.expect_new[dictionary];

    _Static_assert(DICTIONARY_COUNT <= sizeof store->load.expect_new, "room for each");

    *id = 0;
    if (*expect)
        TRY(add_word(store, dictionary, word, id, err));
    *made = *id != 0;
    if (*id == 0)
        TRY(find_word(store, dictionary, word, id, err));
    if (*id == 0 && !*expect) {
        TRY(add_word(store, dictionary, word, id, err));
        *made = *id != 0;
    }
    *expect = *made && often_new(dictionary);
    return HY_OK;
}

int64_t *word_slot(struct store *store, int tag, const struct word_key *word)
{
    struct load *load = &store->load;
    char room[512];
    struct text key;
    bool fresh;

    if (load->dictionary == NULL)
        return NULL;
    key = flat_key(tag, word, room, sizeof room, store->row_memory);
    if (cache_count(load->dictionary) >= WORDS_MOST) {
        arena_reset(store->word_memory);
        load->dictionary = cache_new(store->word_memory);
    }
    return cache_at(load->dictionary, key.at, key.length, 0, &fresh);
}

enum status intern(struct store *store, enum dictionary dictionary,
                   const struct word_key *word, int64_t *id, bool *made,
                   struct error *err)
{
    int64_t *known = word_slot(store, (int)dictionary, word);
    bool fresh = true;

    if (made != NULL)
        *made = false;
    if (known != NULL && *known != 0) {
        *id = *known;
        return HY_OK;
    }
    TRY(find_or_add(store, dictionary, word, id, &fresh, err));
    if (made != NULL)
        *made = fresh;
    if (known != NULL)
        *known = *id;
    return HY_OK;
}

/* Where the meaning of a hint is (its hint and a are the asked ones) or may be put. */
struct hinted *hint_seat(struct store *store, int64_t a, uint32_t hint)
{
    uint64_t mixed = (uint64_t)hint + (uint64_t)a * UINT64_C(0x9E3779B97F4A7C15);

    return store->load.hints == NULL || hint == 0
               ? NULL
               : &store->load.hints[(mixed ^ mixed >> 32) % HINTS];
}

enum status intern_value(struct store *store, enum dictionary dictionary,
                         const struct word_key *word, uint32_t hint, int64_t *id,
                         struct error *err)
{
    struct hinted *seat = hint_seat(store, word->a, hint);

    if (seat != NULL && seat->hint == hint && seat->a == word->a) {
        *id = seat->id;
        return HY_OK;
    }
    TRY(intern(store, dictionary, word, id, NULL, err));
    if (seat != NULL)
        *seat = (struct hinted){ word->a, *id, hint };
    return HY_OK;
}

enum status intern_term(struct store *store, enum term_domain domain, struct text text,
                        int64_t *id, struct error *err)
{
    struct word_key word = { .a = domain, .text = text };

    return intern(store, DICTIONARY_TERM, &word, id, NULL, err);
}

/* --- numbers ----------------------------------------------------------------- */
/* "WO-2026-00012" = prefix "WO-2026-" and 5 digits.  false: not of that shape. */
bool number_split(struct text number, uint32_t *prefix, int64_t *digits)
{
    uint32_t at = number.length;

    *digits = 0;
    while (at > 0 && number.at[at - 1] >= '0' && number.at[at - 1] <= '9')
        at--;
    *prefix = at;
    if (at == number.length || number.length - at > MOST_DIGITS || at > LONGEST_PREFIX)
        return false;
    for (; at < number.length; at++)
        *digits = *digits * 10 + (number.at[at] - '0');
    return true;
}

enum status ticket_identity(struct store *store, const char *series, struct text number,
                            int64_t *id, struct error *err)
{
    struct word_key word = { .more = text_of(series) };
    uint32_t prefix;
    int64_t digits, form;

    /* a natural key may end in digits too, but is no shape of numbers */
    if (number.at[0] != '~' && number_split(number, &prefix, &digits)) {
        word.a = number.length - prefix;
        word.text = (struct text){ number.at, prefix };
        TRY(intern(store, DICTIONARY_FORM, &word, &form, NULL, err));
        if (form != 0) {
            *id = form << FORM_SHIFT | digits;
            return HY_OK;
        }
    }
    word.a = 0;
    word.text = number;
    return intern(store, DICTIONARY_KEY, &word, id, NULL, err);
}

enum status ticket_number(struct store *store, int64_t id, struct arena *memory,
                          struct text *series, struct text *number, struct error *err)
{
    int64_t form = id >> FORM_SHIFT;
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(store, form == 0 ? Q_KEY_TEXT : Q_FORM_TEXT, &statement, err));
    bind_int(statement, 1, form == 0 ? id : form);
    TRY(sql_row(store, statement, &row, err));
    if (!row)
        return fail(err, HY_DAMAGED, "%s：有一张工单没有单号，请从备份恢复",
                    store->path);
    *series = column_text(statement, 0, memory);
    *number = column_text(statement, 1, memory);
    if (form != 0) {
        int width = sqlite3_column_int(statement, 2);
        long long digits = (long long)(id & ((INT64_C(1) << FORM_SHIFT) - 1));

        *number = text_of(arena_printf(memory, "%.*s%0*lld", (int)number->length,
                                       number->at, width, digits));
    }
    sqlite3_reset(statement);
    return HY_OK;
}

/* --- places ------------------------------------------------------------------- */
static enum status step_down(struct store *store, enum place_level level,
                             const struct record_value *name, int64_t *place,
                             struct error *err)
{
    struct word_key word = { .a = *place, .b = level, .text = name->text };

    if (name->empty)
        return HY_OK;
    return intern_value(store, DICTIONARY_PLACE, &word, name->hint, place, err);
}

/* A door that was forgotten is spelt by its number. */
struct text door_text(int64_t number, struct arena *memory)
{
    struct text digits = contact_text(number, memory);

    return text_of(arena_printf(memory, "~%.*s", (int)digits.length, digits.at));
}

static bool door_number(struct text text, int64_t *number)
{
    if (text.length != 1 + CONTACT_DIGITS || text.at[0] != '~')
        return false;
    *number = contact_number((struct text){ text.at + 1, CONTACT_DIGITS });
    return true;
}

int64_t room_number(const struct store *store, const struct record *record,
                    struct arena *memory)
{
    static const int fields[] = { F_COMMUNITY, F_BUILDING, F_UNIT, F_ROOM };
    char room[256], *path = room;
    size_t length = 0, used = 0, i;
    int64_t known;

    if (!record->value[F_ROOM].empty && door_number(record->value[F_ROOM].text, &known))
        return known;
    if (record->value[F_ROOM].empty || !store->has_key)
        return 0;
    for (i = 0; i < 4; i++)
        length += record->value[fields[i]].text.length + 1;
    if (length > sizeof room)
        path = arena_alloc(memory, length);
    for (i = 0; i < 4; i++) {
        struct text text = record->value[fields[i]].text;

        if (text.length > 0)
            memcpy(path + used, text.at, text.length);
        used += text.length;
        if (i < 3)
            path[used++] = '|';
    }
    return key_pseudonym(&store->key, path, used);
}

enum status place_intern(struct store *store, const struct record *record,
                         struct place_ids *out, struct error *err)
{
    const struct record_value *value = record->value;
    struct word_key asset = { .text = value[F_ASSET_ID].text,
                              .more = value[F_ASSET_NAME].text };
    int64_t place = 0;

    *out = (struct place_ids){ 0, 0, 0, 0 };
    TRY(step_down(store, PLACE_COMMUNITY, &value[F_COMMUNITY], &place, err));
    out->grid = place;
    TRY(step_down(store, PLACE_GRID, &value[F_GRID], &out->grid, err));
    if (value[F_GRID].empty)
        out->grid = 0;
    TRY(step_down(store, PLACE_BUILDING, &value[F_BUILDING], &place, err));
    asset.a = place;
    TRY(step_down(store, PLACE_UNIT, &value[F_UNIT], &place, err));
    if (!value[F_ROOM].empty)
        out->room = record->settled ? record->room
                                    : room_number(store, record, store->row_memory);
    if (!value[F_ASSET_ID].empty || !value[F_ASSET_NAME].empty)
        TRY(intern(store, DICTIONARY_ASSET, &asset, &out->asset, NULL, err));
    TRY(step_down(store, PLACE_SPOT, &value[F_SPOT], &place, err));
    out->place = place;
    return HY_OK;
}

static void spell(struct record *record, int field, struct text text)
{
    record->value[field].text = text;
    record->value[field].empty = text.length == 0;
}

static enum status name_of(struct store *store, enum query query, int64_t id,
                           struct arena *memory, struct record *record, int field,
                           int second, struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    if (id == 0)
        return HY_OK;
    TRY(sql_use(store, query, &statement, err));
    bind_int(statement, 1, id);
    TRY(sql_row(store, statement, &row, err));
    if (row) {
        spell(record, field, column_text(statement, 0, memory));
        if (second >= 0)
            spell(record, second, column_text(statement, 1, memory));
    }
    sqlite3_reset(statement);
    return HY_OK;
}

enum status place_spell(struct store *store, const struct place_ids *ids,
                        struct record *record, struct arena *memory, struct error *err)
{
    static const int fields[] = {
        [PLACE_ROOT] = -1,     [PLACE_COMMUNITY] = F_COMMUNITY,
        [PLACE_GRID] = F_GRID, [PLACE_BUILDING] = F_BUILDING,
        [PLACE_UNIT] = F_UNIT, [PLACE_SPOT] = F_SPOT
    };
    int64_t chain[2] = { ids->place, ids->grid };
    int i, depth;

    for (i = 0; i < 2; i++)
        for (depth = 0; chain[i] != 0 && depth <= PLACE_SPOT; depth++) {
            sqlite3_stmt *statement;
            int64_t level;
            bool row;

            TRY(sql_use(store, Q_PLACE_TEXT, &statement, err));
            bind_int(statement, 1, chain[i]);
            TRY(sql_row(store, statement, &row, err));
            if (!row)
                break;
            level = sqlite3_column_int64(statement, 1);
            if (level > PLACE_ROOT && level <= PLACE_SPOT)
                spell(record, fields[level], column_text(statement, 2, memory));
            chain[i] = sqlite3_column_int64(statement, 0);
            sqlite3_reset(statement);
        }
    return name_of(store, Q_ASSET_TEXT, ids->asset, memory, record, F_ASSET_ID,
                   F_ASSET_NAME, err);
}
