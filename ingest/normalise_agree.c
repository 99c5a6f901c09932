/* normalise_agree.c - how many cells of a column are what its field would have. */
#include "ingest/normalise_parts.h"

static bool uses(const struct slot *slot, int column)
{
    size_t i, k;

    for (i = 0; i < slot->bound->choice_count; i++)
        for (k = 0; k < slot->bound->choices[i].count; k++)
            if (slot->bound->choices[i].pieces[k].column == column)
                return true;
    return false;
}

/* Of two columns of one field each speaks for itself. */
static bool stands(const struct row *row, uint32_t column)
{
    return column < row->count && text_trim(row->cells[column].text).length > 0;
}

static bool time_agrees(const struct normaliser *n, const struct slot *slot,
                        struct text text, const struct cell *single)
{
    int64_t time;
    bool date_only;

    return time_of(slot, text, single, &time, &date_only) || time_blank(text)
           || (ticketlike(n) && span_parse(text, &time) != SPAN_NONE);
}

/* 1 agrees, 0 does not, -1: any text is right there. */
static int cell_agrees(struct normaliser *n, uint32_t index, struct text text,
                       const struct cell *single, struct arena *scratch)
{
    const struct slot *slot = &n->slots[index];
    struct text part[SPLIT_SLOTS];
    char digits[24];
    size_t length;
    int64_t number;

    if (slot->bound->rule->split != NULL)
        return text.length <= 1024
               && split_match(slot->bound->rule->split, text_fold(text, scratch), part);
    if (slot->target == TARGET_SATISFACTION)
        return word_meaning(n, index, text, scratch)->understood != WORD_STRANGE;
    if (slot->spec == NULL)
        return -1;
    switch (slot->spec->type) {
    case TYPE_TIME:
        return time_agrees(n, slot, text, single);
    case TYPE_CONTACT:
        return (slot->bound->rule->options & OPTION_USER) != 0
               || phone_digits(text, n->map->kind == KIND_CALL ? 3 : 5, digits,
                               &length);
    case TYPE_COUNT:
        if (duration_field(n, slot->target))
            return seconds_of(slot, text, single, &number);
        return word_meaning(n, index, text, scratch)->understood != WORD_STRANGE;
    case TYPE_CODE:
    case TYPE_FLAG:
    case TYPE_RATING:
        return word_meaning(n, index, text, scratch)->understood != WORD_STRANGE;
    case TYPE_KEY:
    case TYPE_TERM:
    case TYPE_PLACE:
    case TYPE_STAFF:
    case TYPE_TEXT:
        break;
    }
    return -1;
}

struct agreement normaliser_agreement(struct normaliser *n, const struct row *rows,
                                      size_t count, int column)
{
    struct agreement found = { 0, 0, 0 };
    struct arena *scratch = arena_new();
    uint32_t index;
    size_t i;

    for (index = 0; index < n->slot_count; index++) {
        if (!uses(&n->slots[index], column))
            continue;
        for (i = 0; i < count; i++) {
            struct passage p = { .n = n, .row = &rows[i], .batch = scratch };
            const struct cell *single;
            struct text text;
            int agrees;

            if (!stands(&rows[i], (uint32_t)column))
                continue;
            text = rule_text(&p, &n->slots[index], &single);
            agrees =
                text.length == 0 ? -1 : cell_agrees(n, index, text, single, scratch);
            found.filled += text.length > 0;
            found.checked += agrees >= 0;
            found.agreed += agrees > 0;
        }
    }
    arena_free(scratch);
    return found;
}
