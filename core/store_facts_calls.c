/* store_facts_calls.c - calls, events, merges, and which call became which ticket. */
#include "core/store_facts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINK_SECONDS = 30 * 60
}; /* a ticket opened that soon after belongs to the call */

struct call_row {
    int64_t start, answer, finish, queued, wait, talk, duration, contact, agent, queue;
    uint8_t direction, disposition, answered_by, hangup_by;
    struct text number;
};

static int64_t known(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? otherwise
               : sqlite3_column_int64(statement, column);
}

static int32_t seconds(int64_t value)
{
    return value < 0 ? -1 : value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

static int compare_calls(const void *left, const void *right)
{
    const struct call_row *a = left, *b = right;
    uint32_t shorter =
        a->number.length < b->number.length ? a->number.length : b->number.length;
    int order;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    order = memcmp(a->number.at, b->number.at, shorter);
    if (order != 0)
        return order;
    return (a->number.length > b->number.length)
           - (a->number.length < b->number.length);
}

/* In the order of CALL_LIST behind the number. */
static void read_call(sqlite3_stmt *statement, struct arena *memory,
                      struct call_row *call)
{
    call->number = column_text(statement, 0, memory);
    call->start = known(statement, 1, HY_NEVER);
    call->answer = known(statement, 2, HY_NEVER);
    call->finish = known(statement, 3, HY_NEVER);
    call->queued = known(statement, 4, HY_NEVER);
    call->wait = known(statement, 5, -1);
    call->talk = known(statement, 6, -1);
    call->duration = known(statement, 7, -1);
    call->direction = (uint8_t)sqlite3_column_int(statement, 9);
    call->disposition = (uint8_t)sqlite3_column_int(statement, 10);
    call->answered_by = (uint8_t)sqlite3_column_int(statement, 11);
    call->hangup_by = (uint8_t)sqlite3_column_int(statement, 12);
    call->contact = known(statement, 13, 0);
    call->agent = known(statement, 14, 0);
    call->queue = known(statement, 15, 0);
}

static void fill_calls(struct gather *gather, const struct call_row *rows, size_t count)
{
    struct arena *memory = gather->memory;
    struct calls *calls = &gather->facts->calls;
    int64_t *times[4];
    int32_t *spans[3];
    uint8_t *codes[4];
    uint32_t *words[4];
    size_t i;
    int j;

    for (j = 0; j < 4; j++) {
        times[j] = arena_alloc(memory, (count + 1) * sizeof *times[j]);
        codes[j] = arena_alloc(memory, count + 1);
        words[j] = arena_alloc(memory, (count + 1) * sizeof *words[j]);
    }
    for (j = 0; j < 3; j++)
        spans[j] = arena_alloc(memory, (count + 1) * sizeof *spans[j]);
    for (i = 0; i < count; i++) {
        const struct call_row *row = &rows[i];

        times[0][i] = row->start;
        times[1][i] = row->answer;
        times[2][i] = row->finish;
        times[3][i] = row->queued;
        spans[0][i] = seconds(row->wait);
        spans[1][i] = seconds(row->talk);
        spans[2][i] = seconds(row->duration);
        codes[0][i] = row->direction;
        codes[1][i] = row->disposition;
        codes[2][i] = row->answered_by;
        codes[3][i] = row->hangup_by;
        words[0][i] = dense_number(&gather->contacts, row->contact, gather->scratch);
        words[1][i] = word_of_staff(gather, row->agent);
        words[2][i] = word_of_term(gather, row->queue);
    }
    *calls = (struct calls){ .count = count,
                             .start = times[0],
                             .answer = times[1],
                             .finish = times[2],
                             .queued = times[3],
                             .wait = spans[0],
                             .talk = spans[1],
                             .duration = spans[2],
                             .direction = codes[0],
                             .disposition = codes[1],
                             .answered_by = codes[2],
                             .hangup_by = codes[3],
                             .contact = words[0],
                             .agent = words[1],
                             .queue = words[2],
                             .ticket = words[3] };
}

enum status facts_calls(struct gather *gather, struct error *err)
{
    struct store *store = gather->store;
    struct call_row *rows;
    sqlite3_stmt *statement;
    size_t count, i;
    bool row;

    TRY(sql_use(store, Q_FACT_CALL_COUNT, &statement, err));
    TRY(sql_row(store, statement, &row, err));
    count = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    rows = arena_alloc(gather->scratch, (count + 1) * sizeof *rows);
    TRY(sql_use(store, Q_FACT_CALLS, &statement, err));
    for (i = 0; i < count; i++) {
        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        read_call(statement, gather->scratch, &rows[i]);
    }
    sqlite3_reset(statement);
    if (i > 1)
        qsort(rows, i, sizeof *rows, compare_calls);
    fill_calls(gather, rows, i);
    return HY_OK;
}

/* --- links
 * ----------------------------------------------------------------------------- */
struct by_contact {
    uint32_t contact, call;
};

static int compare_contacts(const void *left, const void *right)
{
    const struct by_contact *a = left, *b = right;

    if (a->contact != b->contact)
        return a->contact < b->contact ? -1 : 1;
    return (a->call > b->call) - (a->call < b->call); /* = by start */
}

/* The caller's last call that began before the ticket was received. */
static const struct by_contact *last_call(const struct calls *calls,
                                          const struct by_contact *list, size_t count,
                                          uint32_t contact, int64_t received)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct by_contact *item = &list[middle];

        if (item->contact < contact
            || (item->contact == contact && calls->start[item->call] <= received))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || list[low - 1].contact != contact)
        return NULL;
    return &list[low - 1];
}

void facts_link_calls(struct gather *gather)
{
    const struct tickets *tickets = &gather->facts->tickets;
    const struct calls *calls = &gather->facts->calls;
    uint32_t *linked = (uint32_t *)(uintptr_t)calls->ticket;
    struct by_contact *list;
    size_t count = 0, i;

    list = arena_alloc(gather->scratch, (calls->count + 1) * sizeof *list);
    for (i = 0; i < calls->count; i++)
        if (calls->contact[i] != 0 && calls->direction[i] != DIRECTION_OUT)
            list[count++] = (struct by_contact){ calls->contact[i], (uint32_t)i };
    if (count > 1)
        qsort(list, count, sizeof *list, compare_contacts);
    for (i = 0; i < tickets->count; i++) {
        const struct by_contact *found;
        int64_t end;

        if (tickets->contact[i] == 0
            || (tickets->date_only[i] & DATE_ONLY_RECEIVED) != 0)
            continue;
        found =
            last_call(calls, list, count, tickets->contact[i], tickets->received[i]);
        if (found == NULL || linked[found->call] != 0)
            continue; /* tickets come by time: the first one was the nearest */
        end = calls->finish[found->call];
        if (end < calls->start[found->call])
            end = calls->start[found->call];
        if (tickets->received[i] <= end + LINK_SECONDS)
            linked[found->call] = (uint32_t)i + 1;
    }
}

/* --- events
 * ----------------------------------------------------------------------------- */
static int compare_events(const void *left, const void *right)
{
    const struct event_row *a = left, *b = right;

    if (a->ticket != b->ticket)
        return a->ticket < b->ticket ? -1 : 1;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    if (a->seq != b->seq)
        return a->seq < b->seq ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->scan > b->scan) - (a->scan < b->scan);
}

static void fill_events(struct gather *gather, const struct event_row *rows,
                        size_t count)
{
    struct arena *memory = gather->memory;
    uint32_t *ticket = arena_alloc(memory, (count + 1) * sizeof *ticket);
    int64_t *at = arena_alloc(memory, (count + 1) * sizeof *at);
    uint8_t *kind = arena_alloc(memory, count + 1);
    uint32_t *words[4];
    size_t i;
    int j;

    for (j = 0; j < 4; j++)
        words[j] = arena_alloc(memory, (count + 1) * sizeof *words[j]);
    for (i = 0; i < count; i++) {
        ticket[i] = rows[i].ticket;
        at[i] = rows[i].at;
        kind[i] = rows[i].kind;
        for (j = 0; j < 4; j++)
            words[j][i] = rows[i].words[j];
    }
    gather->facts->events = (struct events){ .count = count,
                                             .ticket = ticket,
                                             .kind = kind,
                                             .at = at,
                                             .from_department = words[0],
                                             .to_department = words[1],
                                             .staff = words[2],
                                             .reason = words[3] };
}

struct event_row *event_add(struct gather *gather, struct event_rows *rows)
{
    if (rows->count == rows->room) {
        size_t room = rows->room == 0 ? 256 : rows->room * 2;

        rows->at = arena_grow(gather->scratch, rows->at, rows->count * sizeof *rows->at,
                              room * sizeof *rows->at);
        rows->room = room;
    }
    rows->at[rows->count] = (struct event_row){ .scan = rows->count };
    return &rows->at[rows->count++];
}

enum status facts_events(struct gather *gather, struct error *err)
{
    struct event_rows rows = { NULL, 0, 0 };
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_EVENTS, &statement, err));
    for (;;) {
        struct event_row *event;
        size_t at;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        at = ticket_index(gather, sqlite3_column_int64(statement, 0));
        if (at == SIZE_MAX)
            continue;
        event = event_add(gather, &rows);
        event->ticket = (uint32_t)at;
        event->kind = (uint8_t)sqlite3_column_int(statement, 1);
        event->at = known(statement, 2, HY_NEVER);
        event->seq = sqlite3_column_int64(statement, 3);
        event->words[0] = word_of_term(gather, sqlite3_column_int64(statement, 4));
        event->words[1] = word_of_term(gather, sqlite3_column_int64(statement, 5));
        event->words[2] = word_of_staff(gather, sqlite3_column_int64(statement, 6));
        event->words[3] = word_of_term(gather, sqlite3_column_int64(statement, 7));
    }
    sqlite3_reset(statement);
    facts_trails(gather, &rows);
    TRY(facts_own_events(gather, &rows, err));
    if (rows.count > 1)
        qsort(rows.at, rows.count, sizeof *rows.at, compare_events);
    fill_events(gather, rows.at, rows.count);
    return HY_OK;
}

/* --- merges
 * ------------------------------------------------------------------------------ */
/* series, prefix and digits of every form; series and number of every key. */
static struct text form_key(struct text series, struct text prefix, int digits,
                            struct arena *memory)
{
    return text_of(arena_printf(memory, "%.*s\x1f%.*s\x1f%d", (int)series.length,
                                series.at == NULL ? "" : series.at, (int)prefix.length,
                                prefix.at == NULL ? "" : prefix.at, digits));
}

static struct cache *index_numbers(struct gather *gather)
{
    struct cache *index = cache_new(gather->scratch);
    size_t i;
    bool made;

    for (i = 1; i < gather->form_count; i++) {
        const struct form_row *row = &gather->forms[i];
        struct text key =
            form_key(row->series, row->prefix, row->digits, gather->scratch);

        if (row->digits > 0)
            cache_at(index, key.at, key.length, (int64_t)i, &made);
    }
    for (i = 1; i < gather->key_count; i++) {
        const struct key_row *row = &gather->keys[i];
        struct text key = form_key(row->series, row->number, 0, gather->scratch);

        if (row->number.length > 0)
            cache_at(index, key.at, key.length, (int64_t)i, &made);
    }
    return index;
}

/* The id that a number of this series would have, 0 when none has it. */
static int64_t resolve(struct gather *gather, struct cache *index, struct text series,
                       struct text number)
{
    struct text prefix = number, key;
    int64_t digits, found;
    bool made;

    if (number_split(number, &prefix.length, &digits)) {
        key = form_key(series, prefix, (int)(number.length - prefix.length),
                       gather->scratch);
        found = *cache_at(index, key.at, key.length, 0, &made);
        if (found != 0)
            return found << 47 | digits;
    }
    key = form_key(series, number, 0, gather->scratch);
    return *cache_at(index, key.at, key.length, 0, &made);
}

size_t ticket_numbered(struct gather *gather, struct text series, struct text number)
{
    int64_t id;

    if (gather->numbers == NULL)
        gather->numbers = index_numbers(gather);
    id = resolve(gather, gather->numbers, series, number);
    return id == 0 ? SIZE_MAX : ticket_index(gather, id);
}

enum status facts_merged(struct gather *gather, struct error *err)
{
    uint32_t *merged;
    uint16_t *contacts;
    struct cache *index = NULL;
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_MERGED, &statement, err));
    for (;;) {
        size_t child, parent;
        int64_t id;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        if (index == NULL)
            index = index_numbers(gather);
        id = sqlite3_column_int64(statement, 0);
        child = ticket_index(gather, id);
        id = resolve(gather, index, series_of(gather, id),
                     column_text(statement, 1, gather->scratch));
        parent = id == 0 ? SIZE_MAX : ticket_index(gather, id);
        if (child == SIZE_MAX || parent == SIZE_MAX || child == parent)
            continue;
        merged = column_own(gather, offsetof(struct tickets, merged_into));
        contacts = column_own(gather, offsetof(struct tickets, contacts));
        merged[child] = (uint32_t)parent + 1;
        if (contacts[parent] < UINT16_MAX)
            contacts[parent]++;
    }
    sqlite3_reset(statement);
    return HY_OK;
}
