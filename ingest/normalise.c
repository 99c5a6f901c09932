/* normalise.c - one row through its map: the order in which fields are read. */
#include "ingest/normalise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/normalise_parts.h"

enum {
    KEY_LONGEST = 200,        /* bytes of a ticket number */
    TEXT_LONGEST = 64 * 1024, /* free text kept of one cell */
    JSON_LONGEST = 64 * 1024,
    WORD_LONGEST = 4096
};

void normaliser_note(struct normaliser *n, const char *note)
{
    size_t i;

    for (i = 0; i < n->note_count; i++)
        if (strcmp(n->notes[i], note) == 0)
            return;
    if (n->note_count < NOTES)
        n->notes[n->note_count++] = note;
}

/* --- one field
 * -------------------------------------------------------------------------- */

void row_refuse(struct passage *p, enum reject_reason reason, const char *field)
{
    if (p->reason != REJECT_NONE)
        return;
    p->reason = reason;
    p->field = field;
}

static bool must_have_time(const struct passage *p, int field)
{
    if (p->n->map->kind == KIND_CALL)
        return field == C_START_AT;
    return (p->n->map->kind == KIND_TICKET || p->n->map->kind == KIND_HISTORY)
           && field == F_RECEIVED_AT;
}

static void take_time(struct passage *p, uint32_t index, int field, struct text text,
                      const struct cell *single)
{
    struct record_value *value = &p->record->value[field];

    if (time_of(&p->n->slots[index], text, single, &value->number, &value->date_only)) {
        value->empty = false;
        return;
    }
    if (time_blank(text))
        return;
    if (must_have_time(p, field))
        row_refuse(p, REJECT_BAD_TIME, p->n->fields[field].name);
    else if (ticketlike(p->n))
        p->span[field] = text; /* may be a duration: settled when all are read */
    else
        strange(p->n, index, text, p->batch);
}

static void take_key(struct passage *p, int field, struct text text)
{
    struct record_value *value = &p->record->value[field];
    struct text folded = text;
    char *out;
    uint32_t i;

    for (i = 0; i < text.length && text.at[i] > ' ' && text.at[i] <= '~'; i++)
        ;
    if (i < text.length)
        folded = text_fold(text, p->batch);
    out = arena_copy(p->batch, folded.at, folded.length);
    for (i = 0; i < folded.length; i++)
        if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
    if (folded.length > 2 && out[folded.length - 2] == '.'
        && out[folded.length - 1] == '0'
        && strspn(out, "0123456789") == folded.length - 2)
        folded.length -= 2; /* a numeric cell */
    if (folded.length > KEY_LONGEST)
        row_refuse(p, REJECT_TOO_LONG, p->n->fields[field].name);
    value->text = (struct text){ out, folded.length };
    value->empty = folded.length == 0;
}

bool contact_of(struct passage *p, struct text text, bool user, struct text *out)
{
    char digits[24], hex[65];
    unsigned char hash[32];
    size_t length;

    if (p->n->key == NULL || text.length == 0)
        return false;
    if (user) {
        struct text tagged =
            text_of(arena_printf(p->batch, "user\x1f%s\x1f%.*s", p->n->map->series,
                                 (int)text.length, text.at));

        key_hmac(p->n->key, tagged.at, tagged.length, hash);
    } else {
        if (!phone_digits(text, p->n->map->kind == KIND_CALL ? 3 : 5, digits, &length))
            return false;
        key_hmac(p->n->key, digits, length, hash);
    }
    hash_hex(hash, hex);
    *out = (struct text){ arena_copy(p->batch, hex, 32), 32 };
    return true;
}

static void take_contact(struct passage *p, const struct slot *slot, int field,
                         struct text text)
{
    struct record_value *value = &p->record->value[field];

    if (contact_of(p, text, (slot->bound->rule->options & OPTION_USER) != 0,
                   &value->text))
        value->empty = false;
}

/* No control character and no _ in it: how nearly all texts are. */
static bool clean(struct text text)
{
    uint32_t i = 0;
    bool odd = false;

    for (; i < text.length; i++)
        odd |= (unsigned char)text.at[i] < 32 || text.at[i] == '_';
    return !odd;
}

/* Line ends and control characters of the file format are no part of the text:
 * the same message as XLSX and as CSV must be the same. */
static struct text plain_text(struct text text, struct arena *batch)
{
    char *out;
    uint32_t i, used = 0;

    if (clean(text))
        return text;
    out = arena_alloc(batch, text.length);
    for (i = 0; i < text.length; i++) {
        if (text.at[i] == '_' && i + 7 <= text.length
            && memcmp(text.at + i, "_x000D_", 7) == 0) {
            i += 6;
            continue;
        }
        if (text.at[i] == '\r' && (i + 1 == text.length || text.at[i + 1] != '\n'))
            out[used++] = '\n';
        else if ((unsigned char)text.at[i] >= 32 || text.at[i] == '\n'
                 || text.at[i] == '\t')
            out[used++] = text.at[i];
    }
    return text_trim((struct text){ out, used });
}

static void take_free(struct passage *p, int field, struct text text)
{
    struct record_value *value = &p->record->value[field];

    text = plain_text(text, p->batch);
    if (text.length > TEXT_LONGEST)
        text.length = (uint32_t)text_valid(text.at, TEXT_LONGEST);
    value->text = mask_text(p->n->mask, text, p->batch);
    value->empty = false;
}

/* 秩序→环境、工程 becomes 秩序>环境>工程. */
static void take_trail(struct passage *p, struct text text)
{
    static const char *const usual[] = { "->", "=>", "→", "＞", ">", "、", ";", "；" };
    struct record_value *value = &p->record->value[F_TRAIL];
    char *out = arena_alloc(p->batch, (size_t)text.length + 1);
    const char *at = text.at, *end = text.at + text.length;
    uint32_t used = 0;

    if (text.length > TEXT_LONGEST)
        return;
    while (at < end) {
        size_t i, cut = 0;

        if (p->n->map->trail != NULL) {
            size_t length = strlen(p->n->map->trail);

            if (length > 0 && length <= (size_t)(end - at)
                && memcmp(at, p->n->map->trail, length) == 0)
                cut = length;
        }
        for (i = 0;
             cut == 0 && p->n->map->trail == NULL && i < sizeof usual / sizeof usual[0];
             i++)
            if (strlen(usual[i]) <= (size_t)(end - at)
                && memcmp(at, usual[i], strlen(usual[i])) == 0)
                cut = strlen(usual[i]);
        if (cut > 0 || *at == ' ') {
            if (cut > 0 && used > 0 && out[used - 1] != '>')
                out[used++] = '>';
            at += cut > 0 ? cut : 1;
            continue;
        }
        out[used++] = *at++;
    }
    while (used > 0 && out[used - 1] == '>')
        used--;
    value->text = (struct text){ out, used };
    value->empty = used == 0;
}

static void apply_word(struct passage *p, int field, struct remembered *found)
{
    struct record_value *value = &p->record->value[field];

    if (found->understood == WORD_STRANGE) {
        found->strange++;
        p->n->told++;
    }
    if (found->understood != WORD_KNOWN)
        return;
    value->number = found->number;
    value->text = found->text;
    value->hint = found->hint;
    value->empty = false;
}

static struct text clipped(struct text text)
{
    if (text.length > WORD_LONGEST)
        text.length = (uint32_t)text_valid(text.at, WORD_LONGEST);
    return text;
}

static void take_word(struct passage *p, uint32_t index, int field, struct text text)
{
    apply_word(p, field, word_meaning(p->n, index, text, p->batch));
}

static void take_field(struct passage *p, uint32_t index, int field, struct text text,
                       const struct cell *single)
{
    const struct slot *slot = &p->n->slots[index];
    struct record_value *value = &p->record->value[field];

    switch (p->n->fields[field].type) {
    case TYPE_KEY:
        take_key(p, field, text);
        break;
    case TYPE_TIME:
        take_time(p, index, field, text, single);
        break;
    case TYPE_CONTACT:
        take_contact(p, slot, field, text);
        break;
    case TYPE_TEXT:
        if (ticketlike(p->n) && field == F_TRAIL)
            take_trail(p, text);
        else
            take_free(p, field, text);
        break;
    case TYPE_COUNT:
        if (!duration_field(p->n, field)) {
            take_word(p, index, field, text);
        } else if (seconds_of(slot, text, single, &value->number)) {
            value->empty = false;
        } else {
            strange(p->n, index, text, p->batch);
        }
        break;
    case TYPE_CODE:
    case TYPE_FLAG:
    case TYPE_RATING:
    case TYPE_TERM:
    case TYPE_PLACE:
    case TYPE_STAFF:
        take_word(p, index, field, clipped(text));
        break;
    }
}

static void apply_rating(struct passage *p, struct remembered *found)
{
    if (found->understood == WORD_STRANGE) {
        found->strange++;
        p->n->told++;
    }
    if (found->understood != WORD_KNOWN)
        return;
    p->rating_given = true;
    p->rating_default = found->number < 0;
    p->rating.number = found->number < 0 ? 5 << 4 | 5 : found->number;
}

static void take_rating(struct passage *p, uint32_t index, struct text text)
{
    apply_rating(p, word_meaning(p->n, index, text, p->batch));
}

static int rater_of(const struct slot *slot, struct text text, struct arena *batch)
{
    static const char *const resident[] = { "业主",   "住户",     "居民", "自评",
                                            "小程序", "微信",     "app",  "扫码",
                                            "短信",   "resident", "自助" };
    struct text folded = text_fold(text, batch);
    size_t i, k;

    for (i = 0; slot->values != NULL && i < slot->values->count; i++)
        for (k = 0; k < slot->values->rules[i].count; k++)
            if (pattern_match(&slot->values->rules[i].words[k], folded))
                return strcmp(slot->values->rules[i].canonical, "resident") == 0
                           ? F_RATING_RESIDENT
                           : F_RATING_STAFF;
    for (i = 0; i < sizeof resident / sizeof resident[0]; i++)
        if (folded.length > 0
            && memmem(folded.at, folded.length, resident[i], strlen(resident[i]))
                   != NULL)
            return F_RATING_RESIDENT;
    return F_RATING_STAFF;
}

/* Nearly always the same word in every row of a sheet. */
static int rated_by(struct normaliser *n, const struct slot *slot, struct text text,
                    struct arena *batch)
{
    struct rater *last = &n->rater;
    int field;

    if (last->slot == slot && text.length == last->length
        && memcmp(text.at, last->text, text.length) == 0)
        return last->field;
    field = rater_of(slot, text, batch);
    if (text.length > 0 && text.length <= sizeof last->text) {
        last->slot = slot;
        last->length = text.length;
        memcpy(last->text, text.at, text.length);
        last->field = field;
    }
    return field;
}

static void take_split(struct passage *p, uint32_t index, struct text text)
{
    const struct map_rule *rule = p->n->slots[index].bound->rule;
    struct text part[SPLIT_SLOTS];
    size_t i;

    if (text.length > 1024
        || !split_match(rule->split, text_fold(text, p->batch), part)) {
        strange(p->n, index, text, p->batch);
        if (ticketlike(p->n)) /* the text stays in the address */
            take_free(p, F_ADDRESS, text);
        return;
    }
    for (i = 0; i < rule->target_count; i++) {
        int field = rule->targets[i];
        struct record_value *value;

        if (field < 0 || part[i].length == 0)
            continue;
        value = &p->record->value[field];
        if (p->n->fields[field].type == TYPE_PLACE
            || p->n->fields[field].type == TYPE_TERM)
            part[i] = mask_word(part[i], p->batch);
        if (p->n->fields[field].type == TYPE_PLACE
            || p->n->fields[field].type == TYPE_TERM) {
            const char *name = p->n->fields[field].name;

            value->text = strcmp(name, "building") == 0
                              ? place_building(part[i], p->batch)
                          : strcmp(name, "unit") == 0 ? place_unit(part[i], p->batch)
                          : strcmp(name, "room") == 0 ? place_room(part[i], p->batch)
                                                      : part[i];
            value->empty = value->text.length == 0;
        } else {
            take_field(p, index, field, part[i], NULL);
        }
    }
}

/* The meaning of a cell not met as it stands; NULL: none that could be kept. */
static struct remembered *learn(struct passage *p, uint32_t index)
{
    const struct slot *slot = &p->n->slots[index];
    bool trail = slot->spec != NULL && slot->spec->type == TYPE_TEXT, made;
    const struct cell *single;
    struct text text = rule_text(p, slot, &single), whole;
    struct remembered *found;

    if (!trail && text.length > 0)
        return word_meaning(p->n, index, clipped(text), p->batch);
    whole = text_trim(p->row->cells[slot->quick].text);
    found = word_kept(p->n, index, whole, &made);
    if (text.length == 0 || !trail)
        return found;
    take_trail(p, text);
    if (found == NULL)
        return NULL;
    if (made && !p->record->value[F_TRAIL].empty) {
        found->understood = WORD_KNOWN;
        found->text =
            (struct text){ text_copy(p->n->file, p->record->value[F_TRAIL].text),
                           p->record->value[F_TRAIL].text.length };
    }
    return found;
}

/* false: the cell is of a kind that must be looked at anew each time. */
static bool take_quick(struct passage *p, uint32_t index)
{
    const struct slot *slot = &p->n->slots[index];
    const struct cell *cell =
        (uint32_t)slot->quick < p->row->count ? &p->row->cells[slot->quick] : NULL;
    struct quick *seat;
    struct remembered *found;

    if (cell == NULL || cell->text.length == 0)
        return true;
    if (cell->text.length > QUICK_LONGEST)
        return false;
    seat = quick_seat(p->n, index, cell->text);
    found = seat->found != NULL ? seat->found : learn(p, index);
    if (found == NULL)
        return true;
    if (seat->found == NULL && found->kept && text_equal(found->raw, cell->text))
        seat->found = found;
    if (slot->target == TARGET_SATISFACTION)
        apply_rating(p, found);
    else
        apply_word(p, slot->target, found);
    return true;
}

static void take_slot(struct passage *p, uint32_t index)
{
    const struct slot *slot = &p->n->slots[index];
    const struct cell *single;
    struct text text;

    if (slot->target == TARGET_UNUSED)
        return;
    if (slot->quick >= 0 && take_quick(p, index))
        return;
    text = rule_text(p, slot, &single);
    if (text.length == 0)
        return;
    if (slot->bound->rule->split != NULL) {
        take_split(p, index, text);
        return;
    }
    switch (slot->target) {
    case TARGET_SATISFACTION:
        take_rating(p, index, text);
        break;
    case TARGET_ACCOUNT:
        p->account = text;
        break;
    case TARGET_RATING_BY:
        p->rating_by = rated_by(p->n, slot, text, p->batch);
        break;
    case TARGET_REVISIT_RULE:
        p->revisit_rule = revisit_rule(p->n, slot, text, p->batch);
        if (p->revisit_rule == NULL)
            strange(p->n, index, text, p->batch);
        break;
    case TARGET_CALLER:
        p->caller = text;
        break;
    case TARGET_CALLED:
        p->called = text;
        break;
    default:
        take_field(p, index, slot->target, text, single);
    }
}

/* --- the row
 * ------------------------------------------------------------------------------ */

static void row_start(struct passage *p)
{
    *p->record = p->n->blank;
    p->record->row_no = p->row->number;
}

/* In partial sheets an empty cell says nothing. */
static void drop_empty_groups(struct passage *p)
{
    uint64_t filled = 0;
    size_t i;

    for (i = 0; i < p->n->field_count; i++)
        if (!p->record->value[i].empty)
            filled |= (uint64_t)1 << p->n->fields[i].group;
    p->record->present &= filled;
}

enum reject_reason normalise_row(struct normaliser *n, const struct row *row,
                                 struct arena *batch, struct record *record,
                                 const char **field)
{
    struct passage p = { .n = n, .row = row, .batch = batch, .record = record };
    uint64_t told = n->told;
    uint32_t i;

    *field = NULL;
    row_start(&p);
    for (i = 0; i < n->slot_count; i++)
        take_slot(&p, i);
    if (ticketlike(n)) {
        settle_ticket(&p);
        settle_place(&p);
    } else if (n->map->kind == KIND_CALL) {
        settle_call(&p);
    } else if (n->map->kind == KIND_CORRECTION) {
        correction_settle(&p);
    } else if (n->map->kind == KIND_STATEMENT) {
        settle_month(&p);
    } else if (n->map->kind == KIND_PATROL) {
        settle_patrol(&p);
    }
    natural_settle(&p);
    musts_check(&p);
    if (n->map->empty_unknown)
        drop_empty_groups(&p);
    if (p.reason == REJECT_NONE && n->told == told)
        record->raw_hash = row_hash(row, n->reading);
    *field = p.field;
    return p.reason;
}
