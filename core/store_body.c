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

/* Contacts are 32 hex digits; anything else would not come back the same. */
static struct text contact_text(struct text text, struct arena *memory)
{
    unsigned char digest[32];
    char hex[65];
    uint32_t i;

    for (i = 0; i < text.length && strchr("0123456789abcdef", text.at[i]) != NULL
                && text.at[i] != '\0';
         i++)
        ;
    if (text.length == 32 && i == 32)
        return text;
    hash_bytes(text.at, text.length, digest);
    hash_hex(digest, hex);
    return (struct text){ arena_copy(memory, hex, 32), 32 };
}

void record_canonical(enum record_kind kind, const struct record *record,
                      struct record *out, struct arena *memory)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);
    uint64_t filled = 0;

    out->row_no = record->row_no;
    out->natural = record->natural;
    out->raw = record->raw;
    for (i = 0; i < count; i++) {
        const struct record_value *value = &record->value[i];
        bool said = (record->present >> specs[i].group & 1) != 0;

        out->value[i] = (struct record_value){ .empty = true };
        if (!said || value_empty(&specs[i], value))
            continue;
        /* a sub-score nobody gave may arrive as 0 beside one that was given */
        if (is_ticket(kind) && i >= F_SAT_SPEED && i <= F_SAT_QUALITY
            && value->number == 0)
            continue;
        out->value[i].empty = false;
        if (is_number(specs[i].type))
            out->value[i].number = value->number;
        else
            out->value[i].text = specs[i].type == TYPE_CONTACT
                                     ? contact_text(value->text, memory)
                                     : value->text;
        out->value[i].date_only = specs[i].type == TYPE_TIME && value->date_only;
        if (specs[i].type == TYPE_FLAG)
            out->value[i].number = value->number != 0;
        filled |= UINT64_C(1) << specs[i].group;
    }
    out->present = kind == KIND_PARTIAL ? record->present & filled : record->present;
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

int64_t record_hash(enum record_kind kind, const struct record *record)
{
    size_t count, i;
    const struct field_spec *specs = record_fields(kind, &count);
    uint64_t sum = 0;

    for (i = 0; i < count; i++) {
        const struct record_value *value = &record->value[i];
        char number[24];

        if (!field_said(kind, record, (int)i))
            continue;
        sum = hash_fast(specs[i].name, strlen(specs[i].name), sum);
        if (value->empty) {
            sum = hash_fast("", 0, sum);
        } else if (is_number(specs[i].type)) {
            sum = hash_fast(number, number_text(value, number), sum);
        } else {
            sum = hash_fast(value->text.at, value->text.length, sum);
        }
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

    for (i = 0; i < count; i++) {
        const struct record_value *value = &record->value[i];

        if (specs[i].type != TYPE_TIME || value->empty
            || (record->present >> specs[i].group & 1) == 0)
            continue;
        if (is_ticket(kind) && (i == F_DUE_AT || i == F_APPOINTED_AT))
            continue;
        if ((kind == KIND_MEASURE && i == M_DUE)
            || (kind == KIND_HARD && i == L_PROMISED))
            continue;
        if (value->number > latest)
            latest = value->number;
    }
    return latest;
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
