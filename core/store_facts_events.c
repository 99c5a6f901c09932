/* store_facts_events.c - event logs: rows of their own meet the tickets they name. */
#include "core/store_facts.h"

#include <stdlib.h>

/* Words of the departments of a trail, made once for each distinct one. */
static void spell_stations(struct gather *gather, struct term_row *term)
{
    struct text rest = term->text;
    size_t most = 1;
    uint32_t i;

    for (i = 0; i < rest.length; i++)
        most += rest.at[i] == '>';
    term->stations = arena_alloc(gather->scratch, most * sizeof *term->stations);
    while (rest.length > 0)
        term->stations[term->station_count++] =
            word_use(gather, WORD_DEPARTMENT, trail_next(&rest));
}

void facts_trails(struct gather *gather, struct event_rows *rows)
{
    size_t i, k;

    for (i = 0; i < gather->count; i++) {
        struct term_row *term;

        if (gather->trails[i] == 0 || gather->trails[i] >= gather->term_count)
            continue;
        term = &gather->terms[gather->trails[i]];
        if (term->stations == NULL)
            spell_stations(gather, term);
        for (k = 1; k < term->station_count; k++) {
            struct event_row *event = event_add(gather, rows);

            event->ticket = (uint32_t)i;
            event->kind = EVENT_TRANSFER;
            event->at = HY_NEVER;
            event->seq = (int64_t)k;
            event->words[0] = term->stations[k - 1];
            event->words[1] = term->stations[k];
        }
    }
}

/* Two sources of one series may tell the same event; by number in the store they are
 * two rows, here they are one. */
static bool same_event(const struct event_row *a, const struct event_row *b)
{
    return a->ticket == b->ticket && a->kind == b->kind && a->at == b->at
           && a->at != HY_NEVER && a->words[0] == b->words[0]
           && a->words[1] == b->words[1];
}

/* scan is the order of series and key: equal events stand side by side. */
static int compare_own(const void *left, const void *right)
{
    const struct event_row *a = left, *b = right;

    if (a->ticket != b->ticket)
        return a->ticket < b->ticket ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return (a->scan > b->scan) - (a->scan < b->scan);
}

static enum status take_event(struct gather *gather, sqlite3_stmt *statement,
                              struct event_rows *own, struct error *err)
{
    static const int words[3] = { E_FROM_DEPARTMENT, E_TO_DEPARTMENT, E_REASON };
    static const enum word_domain domains[3] = { WORD_DEPARTMENT, WORD_DEPARTMENT,
                                                 WORD_OTHER };
    static const int place[3] = { 0, 1, 3 };
    struct record record;
    struct event_row *event;
    size_t ticket;
    int i;

    TRY(body_read(gather->store, KIND_EVENT, column_text(statement, 1, gather->scratch),
                  gather->scratch, &record, err));
    ticket = ticket_numbered(gather, column_text(statement, 2, gather->scratch),
                             record.value[E_TICKET_NO].text);
    if (ticket == SIZE_MAX || record.value[E_EVENT].empty)
        return HY_OK; /* the ticket has not come yet: counted with it when it does */
    event = event_add(gather, own);
    event->own = true;
    event->ticket = (uint32_t)ticket;
    event->kind = (uint8_t)record.value[E_EVENT].number;
    event->at =
        record.value[E_EVENT_AT].empty ? HY_NEVER : record.value[E_EVENT_AT].number;
    for (i = 0; i < 3; i++)
        if (!record.value[words[i]].empty)
            event->words[place[i]] =
                word_use(gather, domains[i], record.value[words[i]].text);
    if (!record.value[E_STAFF].empty)
        event->words[2] = word_use(gather, WORD_STAFF, record.value[E_STAFF].text);
    return HY_OK;
}

/* own is sorted by (ticket, kind, ...). */
static bool told(const struct event_rows *own, const struct event_row *row)
{
    size_t low = 0, high = own->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct event_row *other = &own->at[middle];

        if (other->ticket < row->ticket
            || (other->ticket == row->ticket && other->kind < row->kind))
            low = middle + 1;
        else
            high = middle;
    }
    return low < own->count && own->at[low].ticket == row->ticket
           && own->at[low].kind == row->kind;
}

static void lay_together(struct gather *gather, struct event_rows *rows,
                         const struct event_rows *own)
{
    size_t kept = 0, i;

    for (i = 0; i < rows->count; i++)
        if (!told(own, &rows->at[i]))
            rows->at[kept++] = rows->at[i];
    rows->count = kept;
    for (i = 0; i < own->count; i++) {
        struct event_row *event;
        size_t scan;

        if (i > 0 && same_event(&own->at[i - 1], &own->at[i]))
            continue;
        event = event_add(gather, rows);
        scan = event->scan;
        *event = own->at[i];
        event->scan = scan;
    }
}

enum status facts_own_events(struct gather *gather, struct event_rows *rows,
                             struct error *err)
{
    struct event_rows own = { NULL, 0, 0 };
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_EVENT_ROWS, &statement, err));
    for (;;) {
        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        TRY(take_event(gather, statement, &own, err));
    }
    sqlite3_reset(statement);
    if (own.count > 1)
        qsort(own.at, own.count, sizeof *own.at, compare_own);
    lay_together(gather, rows, &own);
    return HY_OK;
}
