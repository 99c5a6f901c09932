/* store_facts_words.c - dictionaries of the store as sorted words of the facts. */
#include "core/store_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_SHIFT = 47 };

/* --- words ------------------------------------------------------------------- */
uint32_t word_use(struct gather *gather, enum word_domain domain, struct text text)
{
    char room[256], *key = room;
    int64_t *known;
    bool made;

    if (text.length == 0)
        return 0;
    if (text.length + 1U > sizeof room)
        key = arena_alloc(gather->scratch, text.length + 1U);
    key[0] = (char)domain;
    memcpy(key + 1, text.at, text.length);
    known = cache_at(gather->word_index, key, text.length + 1U, 0, &made);
    if (!made)
        return (uint32_t)*known;
    if (gather->word_count + 1 >= gather->word_room) {
        size_t grown = gather->word_room == 0 ? 1024 : gather->word_room * 2;

        gather->words = arena_grow(gather->scratch, gather->words,
                                   gather->word_room * sizeof *gather->words,
                                   grown * sizeof *gather->words);
        gather->word_room = grown;
    }
    *known = (int64_t)++gather->word_count; /* 0 stays "not filled in" */
    gather->words[*known] =
        (struct word_entry){ .domain = (uint8_t)domain, .text = text };
    return (uint32_t)*known;
}

uint32_t word_of_term(struct gather *gather, int64_t id)
{
    static const uint8_t domains[] = { [TERM_CATEGORY1] = WORD_CATEGORY,
                                       [TERM_CATEGORY2] = WORD_CATEGORY,
                                       [TERM_DEPARTMENT] = WORD_DEPARTMENT,
                                       [TERM_STATUS] = WORD_OTHER,
                                       [TERM_OUTCOME] = WORD_OUTCOME,
                                       [TERM_QUEUE] = WORD_OTHER,
                                       [TERM_LINE] = WORD_OTHER,
                                       [TERM_REASON] = WORD_OTHER,
                                       [TERM_ASSET_KIND] = WORD_OTHER };
    struct term_row *term;

    if (id <= 0 || (size_t)id >= gather->term_count)
        return 0;
    term = &gather->terms[id];
    if (term->word == 0 && term->domain > 0 && term->domain <= TERM_ASSET_KIND)
        term->word =
            word_use(gather, (enum word_domain)domains[term->domain], term->text);
    return term->word;
}

uint32_t word_of_staff(struct gather *gather, int64_t id)
{
    struct staff_row *staff;

    if (id <= 0 || (size_t)id >= gather->staff_count)
        return 0;
    staff = &gather->staff[id];
    if (staff->word == 0)
        staff->word = word_use(gather, WORD_STAFF, staff->code);
    return staff->word;
}

/* The name of the ancestor on that level, or absent. */
struct text place_at(const struct gather *gather, int64_t place, int level)
{
    int depth;

    for (depth = 0; depth <= PLACE_SPOT && place > 0; depth++) {
        const struct place_row *row;

        if ((size_t)place >= gather->place_count)
            break;
        row = &gather->places[place];
        if (row->level == level)
            return row->name;
        place = row->parent;
    }
    return (struct text){ NULL, 0 };
}

static int compare_words(const void *left, const void *right, void *context)
{
    const struct word_entry *words = context;
    const struct word_entry *a = &words[*(const uint32_t *)left];
    const struct word_entry *b = &words[*(const uint32_t *)right];
    uint32_t shorter =
        a->text.length < b->text.length ? a->text.length : b->text.length;
    int order;

    if (a->domain != b->domain)
        return a->domain < b->domain ? -1 : 1;
    order = memcmp(a->text.at, b->text.at, shorter);
    if (order != 0)
        return order;
    return (a->text.length > b->text.length) - (a->text.length < b->text.length);
}

void words_settle(struct gather *gather)
{
    size_t count = gather->word_count + 1, i;
    struct words *words = arena_alloc(gather->memory, sizeof *words);
    const char **text = arena_alloc(gather->memory, count * sizeof *text);
    const char **role = arena_alloc(gather->memory, count * sizeof *role);
    uint8_t *domain = arena_alloc(gather->memory, count);
    uint32_t *order = arena_alloc(gather->scratch, count * sizeof *order);

    for (i = 1; i < count; i++)
        order[i] = (uint32_t)i;
    if (count > 2)
        qsort_r(order + 1, count - 1, sizeof *order, compare_words, gather->words);
    text[0] = "";
    for (i = 1; i < count; i++) {
        struct word_entry *word = &gather->words[order[i]];

        word->final = (uint32_t)i;
        text[i] = arena_copy(gather->memory, word->text.at, word->text.length);
        domain[i] = word->domain;
        if (word->role.length > 0)
            role[i] = arena_copy(gather->memory, word->role.at, word->role.length);
    }
    *words =
        (struct words){ .count = count, .text = text, .domain = domain, .role = role };
    gather->facts->words = words;
}

/* The column with final ids, in place. */
uint32_t *words_renumber(struct gather *gather, const uint32_t *column, size_t count)
{
    uint32_t *writable = (uint32_t *)(uintptr_t)column;
    size_t i;

    for (i = 0; writable != NULL && i < count; i++)
        if (writable[i] != 0)
            writable[i] = gather->words[writable[i]].final;
    return writable;
}

/* --- dictionaries --------------------------------------------------------------- */
enum { DICTIONARY_FIRST_ROOM = 256 };

/* Room for the row with that id in an array indexed by id. */
static void *reach(struct gather *gather, void *rows, size_t size, int64_t id,
                   size_t *count, size_t *room)
{
    if (id < 0)
        id = 0;
    if ((size_t)id >= *room) {
        size_t grown = *room == 0 ? DICTIONARY_FIRST_ROOM : *room * 2;

        while (grown <= (size_t)id)
            grown *= 2;
        rows = arena_grow(gather->scratch, rows, *room * size, grown * size);
        *room = grown;
    }
    if ((size_t)id >= *count)
        *count = (size_t)id + 1;
    return rows;
}

static void take_row(struct gather *gather, enum query query, sqlite3_stmt *statement,
                     size_t *room)
{
    struct arena *memory = gather->scratch;
    int64_t id = sqlite3_column_int64(statement, 0);
    struct text text1 = { NULL, 0 }, text2 = text1, text3 = text1;
    int number = sqlite3_column_int(statement, 1);

#define REACH(field, count_field)                                           \
    gather->field = reach(gather, gather->field, sizeof *gather->field, id, \
                          &gather->count_field, room)
    if (query == Q_FACT_TERMS) {
        text2 = column_text(statement, 2, memory);
        REACH(terms, term_count);
        gather->terms[id] = (struct term_row){ .domain = number, .text = text2 };
    } else if (query == Q_FACT_PLACES) {
        text3 = column_text(statement, 3, memory);
        REACH(places, place_count);
        gather->places[id] = (struct place_row){
            .parent = number, .level = sqlite3_column_int(statement, 2), .name = text3
        };
    } else if (query == Q_FACT_STAFF) {
        text1 = column_text(statement, 1, memory);
        REACH(staff, staff_count);
        gather->staff[id] = (struct staff_row){ .code = text1 };
    } else if (query == Q_FACT_ASSETS) {
        text2 = column_text(statement, 2, memory);
        text3 = column_text(statement, 3, memory);
        REACH(assets, asset_count);
        gather->assets[id] =
            (struct asset_row){ .place = number, .code = text2, .name = text3 };
    } else if (query == Q_FACT_FORMS) {
        text1 = column_text(statement, 1, memory);
        text2 = column_text(statement, 2, memory);
        REACH(forms, form_count);
        gather->forms[id] =
            (struct form_row){ text1, text2, sqlite3_column_int(statement, 3) };
    } else {
        text1 = column_text(statement, 1, memory);
        text2 = column_text(statement, 2, memory);
        REACH(keys, key_count);
        gather->keys[id] = (struct key_row){ text1, text2 };
    }
#undef REACH
}

enum status dictionaries_load(struct gather *gather, struct error *err)
{
    static const enum query queries[] = { Q_FACT_TERMS,  Q_FACT_PLACES, Q_FACT_STAFF,
                                          Q_FACT_ASSETS, Q_FACT_FORMS,  Q_FACT_KEYS };
    sqlite3_stmt *statement;
    size_t i;
    bool row;

    for (i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        size_t room = 0;

        TRY(sql_use(gather->store, queries[i], &statement, err));
        for (;;) {
            TRY(sql_row(gather->store, statement, &row, err));
            if (!row)
                break;
            take_row(gather, queries[i], statement, &room);
        }
        sqlite3_reset(statement);
    }
    return HY_OK;
}

/* --- numbers ---------------------------------------------------------------------- */
struct text number_spelt(struct gather *gather, int64_t id, struct arena *memory)
{
    int64_t form = id >> FORM_SHIFT;
    const struct form_row *row;

    if (form == 0)
        return (size_t)id < gather->key_count ? gather->keys[id].number
                                              : (struct text){ NULL, 0 };
    if ((size_t)form >= gather->form_count)
        return (struct text){ NULL, 0 };
    row = &gather->forms[form];
    return text_of(arena_printf(memory, "%.*s%0*lld", (int)row->prefix.length,
                                row->prefix.at == NULL ? "" : row->prefix.at,
                                row->digits,
                                (long long)(id & ((INT64_C(1) << FORM_SHIFT) - 1))));
}

struct text series_of(const struct gather *gather, int64_t id)
{
    int64_t form = id >> FORM_SHIFT;

    if (form == 0)
        return (size_t)id < gather->key_count ? gather->keys[id].series
                                              : (struct text){ NULL, 0 };
    return (size_t)form < gather->form_count ? gather->forms[form].series
                                             : (struct text){ NULL, 0 };
}

size_t ticket_index(const struct gather *gather, int64_t id)
{
    size_t low = 0, high = gather->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (gather->ids[middle] == id)
            return gather->position[middle];
        if (gather->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}
