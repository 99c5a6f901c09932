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

/* Cells a row cannot do without, and why it is refused; the first that is missing is
 * said. */
static const struct must {
    enum record_kind kind;
    int field;
    enum reject_reason reason;
} musts[] = {
    { KIND_TICKET, F_RECEIVED_AT, REJECT_NO_RECEIVED },
    { KIND_HISTORY, F_RECEIVED_AT, REJECT_NO_RECEIVED },
    { KIND_PARTIAL, F_TICKET_NO, REJECT_NO_NUMBER },
    { KIND_CALL, C_START_AT, REJECT_NO_START },
    { KIND_HOUSEHOLD, H_HOUSEHOLDS, REJECT_BAD_VALUE },
    { KIND_STATEMENT, S_MONTH, REJECT_BAD_VALUE },
    { KIND_STATEMENT, S_TEXT, REJECT_BAD_VALUE },
    { KIND_EVENT, E_TICKET_NO, REJECT_NO_NUMBER },
    { KIND_EVENT, E_EVENT, REJECT_BAD_VALUE },
    { KIND_MEASURE, M_OPENED, REJECT_BAD_VALUE },
    { KIND_MEASURE, M_TITLE, REJECT_BAD_VALUE },
    { KIND_HARD, L_TICKET_NO, REJECT_NO_NUMBER },
    { KIND_HARD, L_REASON, REJECT_BAD_VALUE },
    { KIND_OBJECTION, O_RECEIVED, REJECT_BAD_VALUE },
    { KIND_OBJECTION, O_ABOUT, REJECT_BAD_VALUE },
    { KIND_DEPARTMENT, D_NAME, REJECT_BAD_VALUE },
    { KIND_CORRECTION, K_TICKET_NO, REJECT_NO_NUMBER },
    { KIND_CORRECTION, K_SOURCE, REJECT_BAD_VALUE },
    { KIND_CORRECTION, K_FIELD, REJECT_BAD_VALUE },
    { KIND_CORRECTION, K_REASON, REJECT_BAD_VALUE },
    { KIND_CORRECTION, K_STAFF, REJECT_BAD_VALUE },
    { KIND_CORRECTION, K_AT, REJECT_BAD_VALUE },
    { KIND_AUDIT, U_SAMPLE, REJECT_BAD_VALUE },
    { KIND_STAFF, W_CODE, REJECT_BAD_VALUE },
};

static bool empty(const struct passage *p, int field)
{
    return p->record->value[field].empty;
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
    enum record_kind kind = p->n->map->kind;

    for (size_t i = 0; i < sizeof musts / sizeof musts[0]; i++)
        if (musts[i].kind == kind && empty(p, musts[i].field))
            refuse(p, musts[i].reason, p->n->fields[musts[i].field].name);
    if ((kind == KIND_TICKET || kind == KIND_HISTORY) && empty(p, F_TICKET_NO)
        && p->record->natural.at == NULL)
        refuse(p, REJECT_NO_NUMBER, "ticket_no");
    if (kind == KIND_ASSET && empty(p, A_ASSET_ID) && empty(p, A_ASSET_NAME))
        refuse(p, REJECT_BAD_VALUE, "asset_id");
    if (kind == KIND_AUDIT)
        must_tell_month(p, U_SAMPLE);
}
