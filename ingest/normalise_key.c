/* normalise_key.c - identity without a number, raw rows, and what was strange. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/normalise_parts.h"

enum { JSON_LONGEST = 64 * 1024, WORDS_TOLD = 200, TWINS_FIRST = 1 << 10 };

/* --- natural keys
 * ---------------------------------------------------------------------- */

static struct text value_text(const struct normaliser *n, const struct record *record,
                              int field, struct arena *batch)
{
    const struct record_value *value = &record->value[field];
    char out[20];

    if (value->empty)
        return (struct text){ "", 0 };
    switch (n->fields[field].type) {
    case TYPE_TIME:
        time_print(value->number, value->date_only, out);
        return text_of(arena_copy(batch, out, strlen(out)));
    case TYPE_CODE:
    case TYPE_FLAG:
    case TYPE_COUNT:
    case TYPE_RATING:
        return text_of(arena_printf(batch, "%lld", (long long)value->number));
    case TYPE_KEY:
    case TYPE_TERM:
    case TYPE_PLACE:
    case TYPE_STAFF:
    case TYPE_CONTACT:
    case TYPE_TEXT:
        break;
    }
    return value->text;
}

static struct text declared_key(struct passage *p)
{
    const struct map *map = p->n->map;
    struct text part[RECORD_FIELDS];
    size_t i, total = 0, used = 0;
    bool any = false;
    char *out;

    for (i = 0; i < map->natural_count && i < RECORD_FIELDS; i++) {
        part[i] = value_text(p->n, p->record, map->natural[i], p->batch);
        any = any || part[i].length > 0;
        total += part[i].length + 1;
    }
    if (!any)
        return (struct text){ NULL, 0 };
    out = arena_alloc(p->batch, total + 1);
    for (i = 0; i < map->natural_count && i < RECORD_FIELDS; i++) {
        if (i > 0)
            out[used++] = '\x1f';
        if (part[i].length > 0)
            memcpy(out + used, part[i].at, part[i].length);
        used += part[i].length;
    }
    return (struct text){ out, (uint32_t)used };
}

static size_t hash_bits(const unsigned char *hash)
{
    uint64_t bits;

    memcpy(&bits, hash, sizeof bits);
    return (size_t)bits;
}

/* The place of the hash, taken or free. */
static struct twin *twin_at(struct twin *twins, size_t room, const unsigned char *hash)
{
    size_t at = hash_bits(hash) & (room - 1);

    while (twins[at].count != 0
           && memcmp(twins[at].hash, hash, sizeof twins[at].hash) != 0)
        at = (at + 1) & (room - 1);
    return &twins[at];
}

static void twins_grow(struct normaliser *n)
{
    size_t room = n->twin_room == 0 ? TWINS_FIRST : 2 * n->twin_room, i;
    struct twin *twins = arena_alloc(n->file, room * sizeof *twins);

    for (i = 0; i < n->twin_room; i++)
        if (n->twins[i].count != 0)
            *twin_at(twins, room, n->twins[i].hash) = n->twins[i];
    n->twins = twins;
    n->twin_room = room;
}

static int64_t ordinal(struct normaliser *n, const unsigned char hash[32])
{
    struct twin *twin;

    if (3 * (n->twin_count + 1) > 2 * n->twin_room)
        twins_grow(n);
    twin = twin_at(n->twins, n->twin_room, hash);
    if (twin->count == 0) {
        memcpy(twin->hash, hash, sizeof twin->hash);
        n->twin_count++;
    }
    return (int64_t)++twin->count;
}

/* The whole row and its ordinal among equals (DESIGN rule 3). */
static struct text whole_row_key(struct passage *p)
{
    struct hash_stream *stream = hash_start(p->batch);
    unsigned char hash[32];
    char hex[65];
    size_t i;

    for (i = 0; i < p->n->field_count; i++) {
        struct text text = value_text(p->n, p->record, (int)i, p->batch);

        hash_add(stream, text.at, text.length);
        hash_add(stream, "\x1f", 1);
    }
    hash_add(stream, p->called.at == NULL ? "" : p->called.at, p->called.length);
    hash_end(stream, hash);
    hash_hex(hash, hex);
    return text_of(
        arena_printf(p->batch, "%s\x1f%lld", hex, (long long)ordinal(p->n, hash)));
}

bool numberless(const struct normaliser *n)
{
    int number = n->map->kind == KIND_CALL ? C_CALL_ID : F_TICKET_NO;
    uint32_t i;

    for (i = 0; i < n->slot_count; i++)
        if (n->slots[i].target == number)
            return false;
    return n->map->natural_count == 0;
}

void natural_settle(struct passage *p)
{
    const struct normaliser *n = p->n;
    int number = n->map->kind == KIND_CALL ? C_CALL_ID : F_TICKET_NO;

    if (n->map->kind == KIND_PARTIAL || p->reason != REJECT_NONE)
        return;
    if (n->map->kind != KIND_CALL && n->map->kind != KIND_TICKET
        && n->map->kind != KIND_HISTORY)
        return;
    if (!p->record->value[number].empty)
        return;
    if (n->map->natural_count > 0) {
        p->record->natural = declared_key(p);
        return;
    }
    if (n->map->kind == KIND_CALL || numberless(n))
        p->record->natural = whole_row_key(p);
}

/* --- raw rows
 * -------------------------------------------------------------------------- */

static size_t json_escape(char *out, struct text text)
{
    size_t used = 0;
    uint32_t i;

    for (i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.at[i];

        if (byte == '"' || byte == '\\') {
            out[used++] = '\\';
            out[used++] = (char)byte;
        } else if (byte < 32) {
            used += (size_t)snprintf(out + used, 7, "\\u%04x", byte);
        } else {
            out[used++] = (char)byte;
        }
    }
    return used;
}

struct text row_json(const struct row *row, struct arena *batch)
{
    char *out = arena_alloc(batch, JSON_LONGEST + 64);
    size_t used = 0;
    uint32_t i;

    out[used++] = '[';
    for (i = 0; i < row->count && used + 8 < JSON_LONGEST; i++) {
        struct text text = row->cells[i].text;
        size_t room = (JSON_LONGEST - used - 8) / 6;

        if (text.at == NULL)
            text = (struct text){ "", 0 };
        if (text.length > room)
            text.length = (uint32_t)text_valid(text.at, room);
        if (i > 0)
            out[used++] = ',';
        out[used++] = '"';
        used += json_escape(out + used, text);
        out[used++] = '"';
    }
    out[used++] = ']';
    return (struct text){ out, (uint32_t)used };
}

/* --- what was not understood
 * -------------------------------------------------------------- */

static int more_rows_first(const void *a, const void *b)
{
    const struct word_count *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return strcmp(left->word, right->word);
}

const struct word_count *normaliser_words(const struct normaliser *n,
                                          struct arena *memory, size_t *count)
{
    struct word_count *words;
    size_t i, used = 0;

    words = arena_alloc(memory, (n->remembered + 1) * sizeof *words);
    for (i = 0; i < MEMORY_SLOTS; i++) {
        const struct remembered *at;

        for (at = n->memory[i]; at != NULL; at = at->next) {
            struct text raw = at->raw;

            if (at->strange == 0)
                continue;
            if (raw.length > 120)
                raw.length = (uint32_t)text_valid(raw.at, 120);
            raw = mask_text(n->mask, raw, memory); /* shown, and kept as a question */
            words[used].count = at->strange;
            words[used++].word = arena_printf(memory, "%s: %.*s",
                                              n->slots[at->rule].bound->rule->names[0],
                                              (int)raw.length, raw.at);
        }
    }
    qsort(words, used, sizeof *words, more_rows_first);
    *count = used < WORDS_TOLD ? used : WORDS_TOLD;
    return words;
}

const char *const *normaliser_notes(struct normaliser *n, size_t *count)
{
    *count = n->note_count;
    return n->notes;
}

uint64_t normaliser_key(const struct normaliser *n)
{
    return n->reading;
}
