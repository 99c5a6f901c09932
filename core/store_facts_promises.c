/* store_facts_promises.c - what holds tickets up and what is done about problems. */
#include "core/store_facts.h"

#include <string.h>

enum { DAY_SECONDS = 86400 };

enum status told_read(struct gather *gather, enum record_kind kind, struct told **out,
                      size_t *count, struct error *err)
{
    struct told *list = NULL;
    size_t room = 0;
    sqlite3_stmt *statement;
    bool row;

    *count = 0;
    TRY(sql_use(gather->store, Q_FACT_PROMISES, &statement, err));
    bind_int(statement, 1, kind);
    for (;;) {
        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        if (*count == room) {
            room = room == 0 ? 16 : room * 2;
            list = arena_grow(gather->scratch, list, *count * sizeof *list,
                              room * sizeof *list);
        }
        list[*count].series = column_text(statement, 2, gather->scratch);
        TRY(body_read(gather->store, kind, column_text(statement, 1, gather->scratch),
                      gather->scratch, &list[*count].record, err));
        ++*count;
    }
    sqlite3_reset(statement);
    *out = list;
    return HY_OK;
}

const char *told_words(struct gather *gather, const struct record *record, int field)
{
    struct text text = record->value[field].text;

    return arena_copy(gather->memory, text.at == NULL ? "" : text.at, text.length);
}

int32_t told_day(const struct record *record, int field)
{
    const struct record_value *value = &record->value[field];

    return value->empty || value->number < 0 || value->number / DAY_SECONDS > INT32_MAX
               ? INT32_MIN
               : (int32_t)(value->number / DAY_SECONDS);
}

static void take_promise(struct gather *gather, const struct told *told,
                         struct promise *promise)
{
    const struct record *record = &told->record;
    size_t ticket =
        gather->ids == NULL
            ? SIZE_MAX
            : ticket_numbered(gather, told->series, record->value[L_TICKET_NO].text);

    *promise =
        (struct promise){ .number = told_words(gather, record, L_TICKET_NO),
                          .ticket = ticket == SIZE_MAX ? 0 : (uint32_t)ticket + 1,
                          .reason = told_words(gather, record, L_REASON),
                          .department = told_words(gather, record, L_DEPARTMENT),
                          .next_step = told_words(gather, record, L_NEXT_STEP),
                          .promised = told_day(record, L_PROMISED),
                          .kept = told_day(record, L_KEPT),
                          .shown = !record->value[L_PUBLIC].empty
                                   && record->value[L_PUBLIC].number == 1 };
}

static void take_measure(struct gather *gather, const struct record *record,
                         struct measure *measure)
{
    *measure = (struct measure){ .number = told_words(gather, record, M_NUMBER),
                                 .subject = told_words(gather, record, M_SUBJECT),
                                 .place = told_words(gather, record, M_PLACE),
                                 .title = told_words(gather, record, M_TITLE),
                                 .department = told_words(gather, record, M_DEPARTMENT),
                                 .state = told_words(gather, record, M_STATE),
                                 .public_text = told_words(gather, record, M_PUBLIC),
                                 .opened = told_day(record, M_OPENED),
                                 .due = told_day(record, M_DUE),
                                 .done = told_day(record, M_DONE) };
}

enum status facts_promises(struct gather *gather, struct error *err)
{
    struct registers *registers = &gather->facts->registers;
    struct promise *promises;
    struct measure *measures;
    struct told *told;
    size_t count, i;

    TRY(told_read(gather, KIND_HARD, &told, &count, err));
    promises = arena_alloc(gather->memory, (count + 1) * sizeof *promises);
    for (i = 0; i < count; i++)
        take_promise(gather, &told[i], &promises[i]);
    registers->promises = promises;
    registers->promise_count = count;
    TRY(told_read(gather, KIND_MEASURE, &told, &count, err));
    measures = arena_alloc(gather->memory, (count + 1) * sizeof *measures);
    for (i = 0; i < count; i++)
        take_measure(gather, &told[i].record, &measures[i]);
    registers->measures = measures;
    registers->measure_count = count;
    return HY_OK;
}
