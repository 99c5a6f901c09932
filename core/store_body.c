/* store_body.c - a row as canonical text: what makes two rows the same row. */
#include "core/store_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A table of names sorted once per open store, so that bodies have sorted keys. */
const uint8_t *body_order(enum record_kind kind, struct arena *memory)
{
    size_t count, i, j;
    const struct field_spec *specs = record_fields(kind, &count);
    uint8_t *order = arena_alloc(memory, count + 1);

    for (i = 0; i < count; i++) {
        for (j = i; j > 0 && strcmp(specs[order[j - 1]].name, specs[i].name) > 0; j--)
            order[j] = order[j - 1];
        order[j] = (uint8_t)i;
    }
    return order;
}

static bool is_number(enum field_type type)
{
    return type == TYPE_TIME || type == TYPE_CODE || type == TYPE_FLAG
           || type == TYPE_COUNT || type == TYPE_RATING;
}

bool value_empty(const struct field_spec *spec, const struct record_value *value)
{
    return value->empty || (!is_number(spec->type) && value->text.length == 0);
}

static bool is_ticket(enum record_kind kind)
{
    return kind == KIND_TICKET || kind == KIND_HISTORY || kind == KIND_PARTIAL;
}

bool field_said(enum record_kind kind, const struct record *record, int field)
{
    size_t count;
    const struct field_spec *specs = record_fields(kind, &count);

    if (is_ticket(kind) && field == F_TICKET_NO)
        return false; /* identity, not content */
    return (record->present >> specs[field].group & 1) != 0;
}

static int hex_digit(char byte)
{
    return byte >= '0' && byte <= '9'   ? byte - '0'
           : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                                        : -1;
}

int64_t contact_number(struct text text)
{
    unsigned char digest[32];
    uint64_t value = 0;
    uint32_t i;

    for (i = 0; i < CONTACT_DIGITS && i < text.length && hex_digit(text.at[i]) >= 0;
         i++)
        value = value << 4 | (uint64_t)hex_digit(text.at[i]);
    if (i < CONTACT_DIGITS) { /* not as we write it */
        hash_bytes(text.at, text.length, digest);
        for (i = 0, value = 0; i < 8; i++)
            value = value << 8 | digest[i];
    }
    value &= INT64_MAX;
    return value == 0 ? 1 : (int64_t)value;
}

struct text contact_text(int64_t number, struct arena *memory)
{
    static const char digits[] = "0123456789abcdef";
    char out[CONTACT_DIGITS];
    int i;

    for (i = CONTACT_DIGITS; i-- > 0; number >>= 4)
        out[i] = digits[number & 15];
    return (struct text){ arena_copy(memory, out, CONTACT_DIGITS), CONTACT_DIGITS };
}

/* One value made canonical; false: it is empty. */
static bool settle_value(const struct field_spec *spec, struct record_value *value,
                         struct arena *memory)
{
    if (value_empty(spec, value))
        return false;
    value->date_only = spec->type == TYPE_TIME && value->date_only;
    if (is_number(spec->type)) {
        value->text = (struct text){ NULL, 0 };
        if (spec->type == TYPE_FLAG)
            value->number = value->number != 0;
    } else if (spec->type == TYPE_CONTACT) {
        value->number = contact_number(value->text);
        value->text = contact_text(value->number, memory);
    } else {
        value->number = 0;
    }
    return true;
}

void record_canonical(enum record_kind kind, struct record *record,
                      struct arena *memory)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);
    uint64_t filled = 0;

    for (i = 0; i < count; i++) {
        struct record_value *value = &record->value[i];
        bool said = (record->present >> specs[i].group & 1) != 0;

        /* a sub-score nobody gave may arrive as 0 beside one that was given */
        if (said && is_ticket(kind) && i >= F_SAT_SPEED && i <= F_SAT_QUALITY
            && value->number == 0)
            said = false;
        if (said && settle_value(&specs[i], value, memory))
            filled |= UINT64_C(1) << specs[i].group;
        else
            *value = (struct record_value){ .empty = true };
    }
    if (kind == KIND_PARTIAL)
        record->present &= filled;
}

/* "-12d": a number as the body has it, d behind a time without time of day. */
static size_t number_text(const struct record_value *value, char out[24])
{
    char digits[24];
    uint64_t rest = (uint64_t)value->number;
    size_t count = 0, used = 0;

    if (value->number < 0)
        rest = 0 - rest;
    do
        digits[count++] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value->number < 0)
        out[used++] = '-';
    while (count > 0)
        out[used++] = digits[--count];
    if (value->date_only)
        out[used++] = 'd';
    return used;
}

static uint64_t stir(uint64_t sum, uint64_t value)
{
    sum = (sum ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return sum ^ sum >> 29;
}

/* Of what the row says: which fields it speaks of, and each that is filled in with
 * its place in the table.  The number of a ticket is identity, not content. */
int64_t record_hash(enum record_kind kind, const struct record *record)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);
    uint64_t sum = stir(0x48594E32, record->present & ~(uint64_t)is_ticket(kind));

    for (i = is_ticket(kind); i < count; i++) {
        const struct record_value *value = &record->value[i];

        if (value->empty)
            continue;
        sum = stir(sum, i << 1 | value->date_only);
        sum = stir(sum, is_number(specs[i].type)
                            ? (uint64_t)value->number
                            : hash_fast(value->text.at, value->text.length, sum));
    }
    return (int64_t)sum;
}

/* --- canonical JSON --------------------------------------------------------- */
struct out {
    struct arena *memory;
    char *at;
    size_t length, room;
};

static void put(struct out *out, const char *bytes, size_t length)
{
    if (out->length + length + 1 > out->room) {
        size_t room = (out->length + length + 1) * 2;

        out->at = arena_grow(out->memory, out->at, out->length, room);
        out->room = room;
    }
    if (length > 0)
        memcpy(out->at + out->length, bytes, length);
    out->length += length;
}

static void put_string(struct out *out, const char *bytes, size_t length)
{
    size_t i, start = 0;
    char escape[8];

    put(out, "\"", 1);
    for (i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(out, bytes + start, i - start);
        start = i + 1;
        if (c >= 0x20)
            put(out, escape, (size_t)snprintf(escape, sizeof escape, "\\%c", c));
        else
            put(out, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
    }
    put(out, bytes + start, length - start);
    put(out, "\"", 1);
}

struct text body_write(const struct store *store, enum record_kind kind,
                       const struct record *record, struct arena *memory)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);
    struct out out = { .memory = memory };
    char number[24];

    put(&out, "{", 1);
    for (i = 0; i < count; i++) {
        int field = store->order[kind][i];
        const struct record_value *value = &record->value[field];

        if (!field_said(kind, record, field))
            continue;
        if (out.length > 1)
            put(&out, ",", 1);
        put_string(&out, specs[field].name, strlen(specs[field].name));
        put(&out, ":", 1);
        if (value->empty) {
            put(&out, "\"\"", 2);
        } else if (is_number(specs[field].type)) {
            put_string(&out, number, number_text(value, number));
        } else {
            put_string(&out, value->text.at, value->text.length);
        }
    }
    put(&out, "}", 1);
    return (struct text){ out.at, (uint32_t)out.length };
}

/* Reads one of our own strings at *at (behind its first quote); no copy unless
 * something is escaped.  false: not as we write it. */
static bool get_string(const char **at, const char *end, struct arena *memory,
                       struct text *out)
{
    const char *start = *at, *p = start;
    char *copy, *to;

    while (p < end && *p != '"' && *p != '\\')
        p++;
    if (p == end)
        return false;
    if (*p == '"') {
        *out = (struct text){ start, (uint32_t)(p - start) };
        *at = p + 1;
        return true;
    }
    copy = to = arena_copy(memory, start, (size_t)(end - start));
    for (p = start; p < end && *p != '"'; p++) {
        unsigned code;

        if (*p != '\\')
            *to++ = *p;
        else if (end - p < 2)
            return false;
        else if (p[1] != 'u')
            *to++ = *++p;
        else if (end - p < 6 || sscanf(p + 2, "%4x", &code) != 1)
            return false;
        else {
            *to++ = (char)code;
            p += 5;
        }
    }
    if (p >= end)
        return false;
    *out = (struct text){ copy, (uint32_t)(to - copy) };
    *at = p + 1;
    return true;
}

bool body_texts(struct text array, struct arena *memory, const struct text **out,
                size_t *count)
{
    const char *at = array.at, *end = array.at + array.length;
    struct text *texts = NULL;
    size_t room = 0;
    bool whole = array.length >= 2 && *at == '[';

    *count = 0;
    for (at++; whole && at < end && *at != ']';) {
        if (*count == room) {
            room = room * 2 + 16;
            texts =
                arena_grow(memory, texts, *count * sizeof *texts, room * sizeof *texts);
        }
        whole = *at++ == '"' && get_string(&at, end, memory, &texts[*count]);
        *count += whole;
        if (whole && at < end && *at == ',')
            at++;
    }
    *out = texts;
    return whole && at < end;
}

static bool set_value(const struct field_spec *spec, struct text text,
                      struct record_value *value)
{
    char number[24], *rest;

    value->empty = text.length == 0;
    value->date_only = false;
    value->number = 0;
    value->text = (struct text){ NULL, 0 };
    if (value->empty)
        return true;
    if (!is_number(spec->type)) {
        value->text = text;
        if (spec->type == TYPE_CONTACT)
            value->number = contact_number(text);
        return true;
    }
    if (text.length >= sizeof number)
        return false;
    memcpy(number, text.at, text.length);
    number[text.length] = '\0';
    value->number = strtoll(number, &rest, 10);
    value->date_only = strcmp(rest, "d") == 0;
    return *rest == '\0' || value->date_only;
}

enum status body_read(const struct store *store, enum record_kind kind,
                      struct text body, struct arena *memory, struct record *out,
                      struct error *err)
{
    size_t count, i, next = 0;
    const struct field_spec *specs = record_fields(kind, &count);
    const char *at = body.at, *end = body.at + body.length;

    memset(out, 0, sizeof *out);
    for (i = 0; i < RECORD_FIELDS; i++)
        out->value[i].empty = true;
    if (at == end || *at++ != '{')
        goto damaged;
    while (at < end && *at != '}') {
        struct text name, text;
        int field;

        if (*at == ',')
            at++;
        if (at == end || *at++ != '"' || !get_string(&at, end, memory, &name)
            || end - at < 2 || at[0] != ':' || at[1] != '"')
            goto damaged;
        at += 2;
        if (!get_string(&at, end, memory, &text))
            goto damaged;
        while (next < count && !text_is(name, specs[store->order[kind][next]].name))
            next++;
        if (next == count)
            goto damaged;
        field = store->order[kind][next];
        if (!set_value(&specs[field], text, &out->value[field]))
            goto damaged;
        out->present |= UINT64_C(1) << specs[field].group;
    }
    return HY_OK;
damaged:
    return fail(err, HY_DAMAGED, "%s：数据库里有一条记录的原文坏了，请从备份恢复",
                store->path);
}

/* Deadlines and appointments speak of another time than the one at which the row
 * was written. */
int64_t record_latest(enum record_kind kind, const struct record *record)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);
    int64_t latest = HY_NEVER;

    if (is_ticket(kind)) /* behind it no times */
        count = F_VOIDED_AT + 1;
    for (i = 0; i < count; i++) {
        const struct record_value *value = &record->value[i];

        if (specs[i].type != TYPE_TIME || value->empty
            || (record->present >> specs[i].group & 1) == 0)
            continue;
        if (is_ticket(kind) && (i == F_DUE_AT || i == F_APPOINTED_AT))
            continue;
        if ((kind == KIND_MEASURE && i == M_DUE)
            || (kind == KIND_PATROL && i == P_PLANNED)
            || (kind == KIND_HARD && i == L_PROMISED))
            continue;
        if (value->number > latest)
            latest = value->number;
    }
    return latest;
}

void store_settle(const struct store *store, enum record_kind kind,
                  struct record *record, struct arena *memory)
{
    record_canonical(kind, record, memory);
    record->hash = record_hash(kind, record);
    record->latest = record_latest(kind, record);
    record->room = is_ticket(kind) ? room_number(store, record, memory) : 0;
    record->settled = true;
}

struct text key_natural(struct text text, struct arena *memory)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char digest[32];
    char *out = arena_alloc(memory, 28);
    unsigned bits = 0, held = 0;
    int i, at = 0;

    hash_bytes(text.at, text.length, digest);
    out[0] = '~';
    for (i = 0; i < 26; i++) {
        if (held < 5) {
            bits = bits << 8 | digest[at++];
            held += 8;
        }
        held -= 5;
        out[i + 1] = digits[bits >> held & 31];
    }
    return (struct text){ out, 27 };
}
