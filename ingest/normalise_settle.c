/* normalise_settle.c - what one field of a row says of another, once all are read. */
#include <string.h>

#include "ingest/normalise_parts.h"

/* DOMAIN 4.2: 都不回访 exempts, 已评价不回访 only what was rated in the row: the rest
 * is due a revisit as under 都回访, whatever its sort.  A rule is no outcome: where
 * nothing is exempt the row says nothing of one, so a revisit told elsewhere holds. */
static void settle_revisit_rule(struct passage *p)
{
    struct record *record = p->record;
    struct record_value *outcome = &record->value[F_REVISIT_OUTCOME];
    bool automatic = !record->value[F_DEFAULT_RATING].empty
                     && record->value[F_DEFAULT_RATING].number != 0;
    bool rated = !automatic
                 && (!record->value[F_RATING_RESIDENT].empty
                     || !record->value[F_RATING_STAFF].empty);

    if (p->revisit_rule == NULL || !outcome->empty
        || !(strcmp(p->revisit_rule, "never") == 0
             || (rated && strcmp(p->revisit_rule, "unless_rated") == 0)))
        return;
    outcome->number = REVISIT_EXEMPT;
    outcome->empty = false;
    record->present |= (uint64_t)1 << p->n->fields[F_REVISIT_OUTCOME].group;
}

void settle_ticket(struct passage *p)
{
    struct record *record = p->record;
    struct record_value *received = &record->value[F_RECEIVED_AT];

    if (received->empty && p->n->map->kind != KIND_PARTIAL
        && !record->value[F_RECORDED_AT].empty) {
        *received = record->value[F_RECORDED_AT];
        p->n->received_from_recorded++;
        normaliser_note(p->n, "没有来电（报事）时间的，用受理时间 (received taken from "
                              "recorded)");
    }
    spans_settle(p);
    if (p->rating_given) {
        int field = p->n->rating_by != 0 ? p->n->rating_by
                    : p->rating_by != 0  ? p->rating_by
                                         : F_RATING_STAFF;

        record->value[field].number = p->rating.number;
        record->value[field].empty = false;
        /* What a clerk heard says nothing of the resident's own rating. */
        if (record->value[F_DEFAULT_RATING].empty
            && (p->rating_default || field == F_RATING_RESIDENT)) {
            record->value[F_DEFAULT_RATING].number = p->rating_default;
            record->value[F_DEFAULT_RATING].empty = false;
        }
    }
    settle_revisit_rule(p);
    if (record->value[F_CONTACT].empty && p->account.length > 0
        && contact_of(p, p->account, true, &record->value[F_CONTACT].text))
        record->value[F_CONTACT].empty = false;
}

/* Building and unit out of a room or an address that holds them all. */
void settle_place(struct passage *p)
{
    struct record_value *room = &p->record->value[F_ROOM];
    struct text source, building, unit, number;

    if (p->n->place_mapped || !p->record->value[F_BUILDING].empty)
        return;
    source = !room->empty ? room->text : p->record->value[F_ADDRESS].text;
    if (source.length == 0 || (room->empty && p->record->value[F_ADDRESS].empty)
        || !place_split(source, p->batch, &building, &unit, &number))
        return;
    p->record->value[F_BUILDING].text = building;
    p->record->value[F_BUILDING].empty = building.length == 0;
    p->record->value[F_UNIT].text = unit;
    p->record->value[F_UNIT].empty = unit.length == 0;
    if (number.length > 0 || !room->empty) {
        room->text = number;
        room->empty = number.length == 0;
    }
}

/* The caller of an incoming call, the called of an outgoing one.  An exchange
 * that cleared normally without ever being answered did not answer. */
void settle_call(struct passage *p)
{
    struct record *record = p->record;
    struct record_value *contact = &record->value[C_CONTACT];
    uint64_t answered = (uint64_t)1 << p->n->fields[C_ANSWER_AT].group;
    bool out = !record->value[C_DIRECTION].empty
               && record->value[C_DIRECTION].number == DIRECTION_OUT;

    if (contact->empty
        && contact_of(p, out ? p->called : p->caller, false, &contact->text))
        contact->empty = false;
    if ((p->n->binding->fields & answered) != 0 && record->value[C_ANSWER_AT].empty
        && !record->value[C_BILLED].empty && record->value[C_BILLED].number == 0
        && !record->value[C_DISPOSITION].empty
        && record->value[C_DISPOSITION].number == DISPOSITION_ANSWERED)
        record->value[C_DISPOSITION].number = DISPOSITION_NO_ANSWER;
}

void settle_month(struct passage *p)
{
    struct record_value *month = &p->record->value[S_MONTH];
    struct date_options dates = { .order = DATE_YMD };
    struct text text;
    int64_t time;
    bool date_only;
    char out[20];

    if (month->empty)
        return;
    text = text_fold(month->text, p->batch);
    if (!date_parse(text, &dates, &time, &date_only)) {
        char *day;

        if (text.length > 3 && memcmp(text.at + text.length - 3, "月", 3) == 0)
            day = arena_printf(p->batch, "%.*s1日", (int)text.length, text.at);
        else if (text.length > 4 && (text.at[4] == '/' || text.at[4] == '.'))
            day = arena_printf(p->batch, "%.*s%c1", (int)text.length, text.at,
                               text.at[4]);
        else
            day = arena_printf(p->batch, "%.*s-1", (int)text.length, text.at);
        if (!date_parse(text_of(day), &dates, &time, &date_only)) {
            row_refuse(p, REJECT_BAD_VALUE, "month");
            return;
        }
    }
    time_print(time, true, out);
    month->text = (struct text){ arena_copy(p->batch, out, 7), 7 };
}

/* A round is planned for some time at some place, or it is none. */
void settle_patrol(struct passage *p)
{
    const struct record_value *value = p->record->value;

    if (value[P_PLANNED].empty)
        row_refuse(p, REJECT_BAD_VALUE, "planned");
    if (value[P_PLACE].empty && value[P_ASSET].empty)
        row_refuse(p, REJECT_BAD_VALUE, "place");
}
