/* normalise_correction.c - 更正登记: which field, and both values as the store has
 * them. */
#include <string.h>

#include "ingest/normalise_parts.h"

/* Receipt orders the facts and starts every clock, deadlines are judged as first
 * stated, ratings are the resident's: none of them is for a clerk to correct. */
static const char *const correctable[] = {
    "responded_at", "dispatched_at", "accepted_at",  "arrived_at", "first_completed_at",
    "completed_at", "closed_at",     "revisited_at", "voided_at",  "nature",
    "urgency",      "status",        "channel",      "department", "category1",
    "category2",
};

static const char *field_of(struct passage *p)
{
    struct text said = p->record->value[K_FIELD].text;
    const char *name =
        words_field(p->n->words, KIND_TICKET, text_fold_title(said, p->batch));
    size_t i;

    if (name == NULL)
        name = text_copy(p->batch, said);
    for (i = 0; i < sizeof correctable / sizeof *correctable; i++)
        if (strcmp(correctable[i], name) == 0)
            return correctable[i];
    return NULL;
}

static bool is_nothing(struct text folded)
{
    return text_is(folded, "空") || text_is(folded, "(空)") || text_is(folded, "无")
           || text_is(folded, "-");
}

static bool as_stored(struct passage *p, const struct field_spec *spec,
                      struct record_value *value)
{
    const struct date_options dates = { .order = DATE_YMD };
    struct text folded = text_fold(value->text, p->batch);
    bool date_only;
    int64_t time;
    int code;

    if (is_nothing(folded)) {
        value->text = TEXT("-");
        return true;
    }
    if (spec->type == TYPE_TIME) {
        if (!date_parse(value->text, &dates, &time, &date_only))
            return false;
        value->text = text_of(
            arena_printf(p->batch, "%lld%s", (long long)time, date_only ? "d" : ""));
    } else if (spec->type == TYPE_CODE) {
        const char *word = words_value(p->n->words, spec->domain, folded);

        code = word != NULL ? code_find(spec->domain, text_of(word))
                            : code_find(spec->domain, text_trim(value->text));
        if (code <= 0)
            return false;
        value->text = text_of(arena_printf(p->batch, "%d", code));
    }
    return true;
}

void correction_settle(struct passage *p)
{
    struct record_value *value = p->record->value;
    size_t count;
    const struct field_spec *specs = record_fields(KIND_TICKET, &count);
    const char *name = value[K_FIELD].empty ? NULL : field_of(p);
    const struct field_spec *spec;

    if (name == NULL) {
        row_refuse(p, REJECT_BAD_VALUE, "field");
        return;
    }
    value[K_FIELD].text = text_of(name);
    spec = &specs[record_field(KIND_TICKET, name)];
    if (value[K_OLD].empty || !as_stored(p, spec, &value[K_OLD]))
        row_refuse(p, REJECT_BAD_VALUE, "old");
    else if (value[K_NEW].empty || !as_stored(p, spec, &value[K_NEW]))
        row_refuse(p, REJECT_BAD_VALUE, "new");
}
