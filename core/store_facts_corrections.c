/* store_facts_corrections.c - a human's word against a source's, where the old value
 * still stands: a later export that repeats the old value does not undo it, one that
 * says something else is listed, and taking the register away brings the old back. */
#include "core/store_facts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define AT(name) offsetof(struct tickets, name)

enum { DAY = 86400, MINUTE = 60 };

static const struct {
    const char *field;
    size_t offset;
    uint32_t day_bit;
} times[] = {
    { "responded_at", AT(responded), DATE_ONLY_RESPONDED },
    { "dispatched_at", AT(dispatched), DATE_ONLY_DISPATCHED },
    { "accepted_at", AT(accepted), DATE_ONLY_ACCEPTED },
    { "arrived_at", AT(arrived), DATE_ONLY_ARRIVED },
    { "first_completed_at", AT(first_completed), DATE_ONLY_FIRST_COMPLETED },
    { "completed_at", AT(completed), DATE_ONLY_COMPLETED },
    { "closed_at", AT(closed), DATE_ONLY_CLOSED },
    { "revisited_at", AT(revisited), DATE_ONLY_REVISITED },
    { "voided_at", AT(voided), DATE_ONLY_VOIDED },
};
static const struct {
    const char *field;
    size_t offset;
} codes[] = {
    { "nature", AT(nature) },
    { "urgency", AT(urgency) },
    { "status", AT(status) },
    { "channel", AT(channel) },
};
static const struct {
    const char *field;
    size_t offset;
    enum word_domain domain;
} words[] = {
    { "department", AT(department), WORD_DEPARTMENT },
    { "category1", AT(category1), WORD_CATEGORY },
    { "category2", AT(category), WORD_CATEGORY },
};

static bool nothing(const char *text)
{
    return strcmp(text, "-") == 0;
}

/* "-" is nothing; a 'd' behind the number: no time of day. */
static int64_t time_said(const char *text, bool *day)
{
    char *rest;
    long long value;

    *day = false;
    if (nothing(text))
        return HY_NEVER;
    value = strtoll(text, &rest, 10);
    *day = *rest == 'd';
    return value;
}

/* A day stands for any moment of it, a full minute for any second of it. */
static bool time_stands(int64_t held, int64_t said, bool day)
{
    if (held == HY_NEVER || said == HY_NEVER)
        return held == said;
    if (day)
        return held >= said && held < said + DAY;
    return held == said || (said % MINUTE == 0 && held >= said && held < said + MINUTE);
}

static enum correction_state mend_time(struct gather *gather, size_t ticket,
                                       size_t which,
                                       const struct correction *correction)
{
    int64_t *held = column_own(gather, times[which].offset);
    uint32_t *days = column_own(gather, AT(date_only));
    bool old_day, new_day;
    int64_t old = time_said(correction->old, &old_day);
    int64_t new = time_said(correction->new, &new_day);

    if (time_stands(held[ticket], new, new_day))
        return CORRECTION_AGREED;
    if (!time_stands(held[ticket], old, old_day))
        return CORRECTION_OTHER;
    held[ticket] = new;
    days[ticket] &= ~times[which].day_bit;
    if (new_day)
        days[ticket] |= times[which].day_bit;
    return CORRECTION_APPLIED;
}

static enum correction_state mend_code(struct gather *gather, size_t ticket,
                                       size_t which,
                                       const struct correction *correction)
{
    uint8_t *held = column_own(gather, codes[which].offset);
    long old = nothing(correction->old) ? 0 : strtol(correction->old, NULL, 10);
    long new = nothing(correction->new) ? 0 : strtol(correction->new, NULL, 10);

    if (held[ticket] == new)
        return CORRECTION_AGREED;
    if (held[ticket] != old)
        return CORRECTION_OTHER;
    held[ticket] = (uint8_t) new;
    return CORRECTION_APPLIED;
}

static enum correction_state mend_word(struct gather *gather, size_t ticket,
                                       size_t which,
                                       const struct correction *correction)
{
    uint32_t *held = column_own(gather, words[which].offset);
    uint32_t *narrowest = column_own(gather, AT(category));
    uint32_t before = held[ticket];
    uint32_t old = nothing(correction->old) ? 0
                                            : word_use(gather, words[which].domain,
                                                       text_of(correction->old));
    uint32_t new = nothing(correction->new) ? 0
                                            : word_use(gather, words[which].domain,
                                                       text_of(correction->new));

    if (before == new)
        return CORRECTION_AGREED;
    if (before != old)
        return CORRECTION_OTHER;
    if (words[which].offset == AT(category1) && narrowest[ticket] == before)
        narrowest[ticket] = new;
    held[ticket] = new;
    return CORRECTION_APPLIED;
}

static enum correction_state mend(struct gather *gather, size_t ticket,
                                  const struct correction *correction)
{
    size_t i;

    for (i = 0; i < COUNT(times); i++)
        if (strcmp(times[i].field, correction->field) == 0)
            return mend_time(gather, ticket, i, correction);
    for (i = 0; i < COUNT(codes); i++)
        if (strcmp(codes[i].field, correction->field) == 0)
            return mend_code(gather, ticket, i, correction);
    for (i = 0; i < COUNT(words); i++)
        if (strcmp(words[i].field, correction->field) == 0)
            return mend_word(gather, ticket, i, correction);
    return CORRECTION_OTHER;
}

/* The ticket of that number in the number space of the source. */
static enum status ticket_of(struct gather *gather, const struct correction *correction,
                             size_t *ticket, struct error *err)
{
    sqlite3_stmt *statement;
    bool row = true;

    *ticket = SIZE_MAX;
    TRY(sql_use(gather->store, Q_FACT_SERIES, &statement, err));
    bind_text(statement, 1, text_of(correction->source));
    while (*ticket == SIZE_MAX) {
        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        *ticket = ticket_numbered(gather, column_text(statement, 0, gather->scratch),
                                  text_of(correction->number));
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static const char *words_in(struct gather *gather, const struct record *record,
                            int field)
{
    struct text text = record->value[field].text;

    return arena_copy(gather->memory, text.at == NULL ? "" : text.at, text.length);
}

static void take(struct gather *gather, const struct record *record,
                 struct correction *correction)
{
    const struct record_value *at = &record->value[K_AT];

    *correction = (struct correction){ .number = words_in(gather, record, K_TICKET_NO),
                                       .source = words_in(gather, record, K_SOURCE),
                                       .field = words_in(gather, record, K_FIELD),
                                       .old = words_in(gather, record, K_OLD),
                                       .new = words_in(gather, record, K_NEW),
                                       .reason = words_in(gather, record, K_REASON),
                                       .evidence = words_in(gather, record, K_EVIDENCE),
                                       .staff = words_in(gather, record, K_STAFF),
                                       .day = at->empty || at->number < 0
                                                  ? INT32_MIN
                                                  : (int32_t)(at->number / DAY),
                                       .state = CORRECTION_NO_TICKET };
}

/* By day, then by their words: the order in which files came cannot matter. */
static int compare(const void *left, const void *right)
{
    const struct correction *a = left, *b = right;
    int order = (a->day > b->day) - (a->day < b->day);

    if (order == 0)
        order = strcmp(a->number, b->number);
    if (order == 0)
        order = strcmp(a->field, b->field);
    if (order == 0)
        order = strcmp(a->old, b->old);
    return order == 0 ? strcmp(a->new, b->new) : order;
}

enum status facts_corrections(struct gather *gather, struct error *err)
{
    struct correction *list = NULL;
    size_t count = 0, room = 0, i, ticket;
    sqlite3_stmt *statement;
    bool row = true;

    TRY(sql_use(gather->store, Q_FACT_PROMISES, &statement, err));
    bind_int(statement, 1, KIND_CORRECTION);
    for (;;) {
        struct record record;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        TRY(body_read(gather->store, KIND_CORRECTION,
                      column_text(statement, 1, gather->scratch), gather->scratch,
                      &record, err));
        if (count == room) {
            room = room * 2 + 16;
            list = arena_grow(gather->memory, list, count * sizeof *list,
                              room * sizeof *list);
        }
        take(gather, &record, &list[count++]);
    }
    sqlite3_reset(statement);
    if (count > 1)
        qsort(list, count, sizeof *list, compare);
    for (i = 0; i < count && gather->ids != NULL; i++) {
        TRY(ticket_of(gather, &list[i], &ticket, err));
        if (ticket != SIZE_MAX)
            list[i].state = mend(gather, ticket, &list[i]);
    }
    gather->facts->registers.corrections = list;
    gather->facts->registers.correction_count = count;
    return HY_OK;
}
