/* normalise_musts.c - what a row of each kind must have to be used. */
#include <string.h>

#include "ingest/normalise_parts.h"

static void refuse(struct passage *p, enum reject_reason reason, const char *field)
{
    if (p->reason != REJECT_NONE)
        return;
    p->reason = reason;
    p->field = field;
}

static void must(struct passage *p, int field)
{
    if (p->record->value[field].empty)
        refuse(p, REJECT_BAD_VALUE, p->n->fields[field].name);
}

/* "202610-03": without its month a call-back belongs to no report, and would be left
 * out in silence. */
static void must_tell_month(struct passage *p, int field)
{
    struct text text = p->record->value[field].text;
    uint32_t digits = 0;
    int month;

    if (p->record->value[field].empty)
        return; /* said already */
    while (digits < text.length && text.at[digits] >= '0' && text.at[digits] <= '9')
        digits++;
    month = digits == 6 ? (text.at[4] - '0') * 10 + text.at[5] - '0' : 0;
    if (digits != 6 || text.length < 8 || text.at[6] != '-' || month < 1 || month > 12)
        refuse(p, REJECT_BAD_VALUE, p->n->fields[field].name);
}

void musts_check(struct passage *p)
{
    const struct record *record = p->record;

    switch (p->n->map->kind) {
    case KIND_TICKET:
    case KIND_HISTORY:
        if (record->value[F_RECEIVED_AT].empty)
            refuse(p, REJECT_NO_RECEIVED, "received_at");
        if (record->value[F_TICKET_NO].empty && record->natural.at == NULL)
            refuse(p, REJECT_NO_NUMBER, "ticket_no");
        break;
    case KIND_PARTIAL:
        if (record->value[F_TICKET_NO].empty)
            refuse(p, REJECT_NO_NUMBER, "ticket_no");
        break;
    case KIND_CALL:
        if (record->value[C_START_AT].empty)
            refuse(p, REJECT_NO_START, "start_at");
        break;
    case KIND_ASSET:
        if (record->value[A_ASSET_ID].empty && record->value[A_ASSET_NAME].empty)
            refuse(p, REJECT_BAD_VALUE, "asset_id");
        break;
    case KIND_HOUSEHOLD:
        if (record->value[H_HOUSEHOLDS].empty)
            refuse(p, REJECT_BAD_VALUE, "households");
        break;
    case KIND_STATEMENT:
        if (record->value[S_MONTH].empty || record->value[S_TEXT].empty)
            refuse(p, REJECT_BAD_VALUE,
                   record->value[S_MONTH].empty ? "month" : "text");
        break;
    case KIND_EVENT:
        if (record->value[E_TICKET_NO].empty)
            refuse(p, REJECT_NO_NUMBER, "ticket_no");
        else if (record->value[E_EVENT].empty)
            refuse(p, REJECT_BAD_VALUE, "event");
        break;
    case KIND_MEASURE:
        must(p, M_OPENED);
        must(p, M_TITLE);
        break;
    case KIND_HARD:
        if (record->value[L_TICKET_NO].empty)
            refuse(p, REJECT_NO_NUMBER, "ticket_no");
        must(p, L_REASON);
        break;
    case KIND_OBJECTION:
        must(p, O_RECEIVED);
        must(p, O_ABOUT);
        break;
    case KIND_DEPARTMENT:
        must(p, D_NAME);
        break;
    case KIND_CORRECTION:
        if (record->value[K_TICKET_NO].empty)
            refuse(p, REJECT_NO_NUMBER, "ticket_no");
        must(p, K_SOURCE);
        must(p, K_FIELD);
        must(p, K_REASON);
        must(p, K_STAFF);
        must(p, K_AT);
        break;
    case KIND_AUDIT:
        must(p, U_SAMPLE);
        must_tell_month(p, U_SAMPLE);
        break;
    case KIND_STAFF:
        must(p, W_CODE);
        break;
    case KIND_PATROL:
    case KIND_ANSWER:
    case KIND_COUNT:
        break;
    }
}
