/* store_facts.c - one scan of the tickets into columns, in an order of their own. */
#include "core/store_facts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/radix.h"

enum { MOST_COUNT = 0xFFFE, USUAL_SCALE = 5 };

#define AT(name) offsetof(struct tickets, name)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define COLUMN(type, name) ((type *)column_made(gather, AT(name)))

/* --- order ------------------------------------------------------------------------ */
static int compare_texts(struct text a, struct text b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* Two numbers of one form are spelt with equally many digits: no need to spell them. */
static bool same_form(const struct gather *gather, int64_t a, int64_t b)
{
    const int64_t digits = (INT64_C(1) << SERIAL_BITS) - 1;
    int64_t form = a >> SERIAL_BITS, most = 1;
    int i;

    if (form == 0 || form != b >> SERIAL_BITS || (size_t)form >= gather->form_count)
        return false;
    for (i = 0; i < gather->forms[form].digits && most <= digits; i++)
        most *= 10;
    return (a & digits) < most && (b & digits) < most;
}

/* By number, those received in the same second; rows: with = position by id. */
static int compare_arrivals(const void *left, const void *right, void *context)
{
    struct gather *gather = context;
    struct arena *memory = gather->store->row_memory;
    int64_t a = gather->ids[((const struct ordered *)left)->with];
    int64_t b = gather->ids[((const struct ordered *)right)->with];
    int order;

    if (same_form(gather, a, b))
        return (a > b) - (a < b);
    arena_reset(memory);
    order =
        compare_texts(number_spelt(gather, a, memory), number_spelt(gather, b, memory));
    if (order == 0)
        order = compare_texts(series_of(gather, a), series_of(gather, b));
    return order;
}

static void order_ties(struct gather *gather, struct ordered *rows)
{
    size_t begin, end, i;

    for (begin = 0; begin < gather->count; begin = end) {
        bool sorted = true;

        for (end = begin + 1; end < gather->count && rows[end].key == rows[begin].key;)
            end++;
        for (i = begin + 1; i < end && sorted; i++)
            sorted = compare_arrivals(&rows[i - 1], &rows[i], gather) <= 0;
        if (!sorted)
            qsort_r(rows + begin, end - begin, sizeof *rows, compare_arrivals, gather);
    }
}

/* The columns were filled by id; from here on they stand by receipt and number. */
static void sort_tickets(struct gather *gather)
{
    const uint64_t sign = UINT64_C(1) << 63;
    const int64_t *received = gather->facts->tickets.received;
    struct arena *memory = arena_new();
    struct ordered *rows = arena_alloc(memory, (gather->count + 1) * sizeof *rows);
    bool moved = false;
    size_t i;

    for (i = 0; i < gather->count; i++)
        rows[i] = (struct ordered){ (uint64_t)received[i] ^ sign, i };
    order_rows(rows, gather->count, memory);
    order_ties(gather, rows);
    for (i = 0; i < gather->count; i++) {
        gather->position[rows[i].with] = (uint32_t)i;
        moved = moved || rows[i].with != i;
    }
    arena_free(memory);
    if (moved)
        columns_move(gather, gather->position);
}

/* --- one ticket ----------------------------------------------------------------------
 */
static uint16_t stated(sqlite3_stmt *statement, int column)
{
    int64_t value = known_or(statement, column, NOT_STATED);

    return value < 0 ? NOT_STATED
                     : (uint16_t)(value > MOST_COUNT && value != NOT_STATED ? MOST_COUNT
                                                                            : value);
}

/* A sub-score is kept as its number alone: it is of the scale of the rating beside it,
 * and where there is none, of five. */
static uint8_t sub_score(const struct gather *gather, size_t at, int64_t score)
{
    const struct tickets *tickets = &gather->facts->tickets;
    uint8_t beside = 0;
    int64_t scale;

    if (tickets->rating_resident != NULL)
        beside = tickets->rating_resident[at];
    if (beside == 0 && tickets->rating_staff != NULL)
        beside = tickets->rating_staff[at];
    scale = beside == 0 ? USUAL_SCALE : RATING_SCALE(beside);
    return score < 1 || score > scale ? 0 : (uint8_t)(scale << 4 | score);
}

static void add_sub_scores(struct gather *gather, size_t at, sqlite3_stmt *statement)
{
    int64_t speed = known_or(statement, 3, 0), quality = known_or(statement, 4, 0);

    if (speed != 0)
        COLUMN(uint8_t, rating_speed)[at] = sub_score(gather, at, speed);
    if (quality != 0)
        COLUMN(uint8_t, rating_quality)[at] = sub_score(gather, at, quality);
}

/* What the vendor's export claims about itself. */
static enum status add_stated(struct gather *gather, struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_STATED, &statement, err));
    for (;;) {
        size_t at;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        at = ticket_index(gather, sqlite3_column_int64(statement, 0));
        if (at == SIZE_MAX)
            continue;
        COLUMN(uint16_t, transfers_stated)[at] = stated(statement, 1);
        COLUMN(uint16_t, reopens_stated)[at] = stated(statement, 2);
        add_sub_scores(gather, at, statement);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

/* Further files that show the ticket may have columns the winning one has not. */
static enum status add_columns(struct gather *gather, struct error *err)
{
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_COLUMNS, &statement, err));
    for (;;) {
        size_t at;

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        int64_t seen;

        at = ticket_index(gather, sqlite3_column_int64(statement, 0));
        if (at == SIZE_MAX)
            continue;
        COLUMN(uint8_t, columns)
        [at] |= facts_column_bits((uint64_t)sqlite3_column_int64(statement, 1))
                | (sqlite3_column_int(statement, 3) != 0 ? COLUMN_HISTORY : 0);
        seen = known_or(statement, 2, HY_NEVER);
        if (seen != HY_NEVER && seen < COLUMN(int64_t, first_seen)[at])
            COLUMN(int64_t, first_seen)[at] = seen;
    }
    sqlite3_reset(statement);
    return HY_OK;
}

/* Numbers instead of pseudonyms in a column; one where nobody is known is not made. */
static void number_column(struct gather *gather, struct numbering *numbering,
                          const int64_t *keys, const uint32_t *order, size_t offset)
{
    int64_t *sorted = arena_alloc(gather->scratch, gather->room * sizeof *sorted);
    size_t i;

    for (i = 0; i < gather->count; i++)
        sorted[i] = keys[order[i]];
    if (numbering_holds(sorted, gather->count))
        dense_numbers(numbering, sorted, gather->count, column_made(gather, offset),
                      gather->scratch);
}

/* By first appearance in the sorted facts, so that no pseudonym gets out. */
static void number_densely(struct gather *gather)
{
    size_t scan, i;
    uint32_t *order = arena_alloc(gather->scratch, gather->room * sizeof *order);
    uint32_t *trails = arena_alloc(gather->scratch, gather->room * sizeof *trails);

    for (scan = 0; scan < gather->count; scan++)
        order[gather->position[scan]] = (uint32_t)scan;
    for (i = 0; i < gather->count; i++)
        trails[i] = gather->trails[order[i]];
    gather->trails = trails;
    number_column(gather, &gather->contacts, gather->callers, order, AT(contact));
    number_column(gather, &gather->rooms, gather->doors, order, AT(household));
}

static enum status make_room(struct gather *gather, struct error *err)
{
    struct arena *scratch = gather->scratch;
    sqlite3_stmt *statement;
    bool row;
    size_t room;

    TRY(sql_use(gather->store, Q_FACT_COUNT, &statement, err));
    TRY(sql_row(gather->store, statement, &row, err));
    gather->room = room = (size_t)sqlite3_column_int64(statement, 0) + 1;
    sqlite3_reset(statement);
    gather->ids = arena_alloc(scratch, room * sizeof *gather->ids);
    gather->position = arena_alloc(scratch, room * sizeof *gather->position);
    gather->callers = arena_alloc(scratch, room * sizeof *gather->callers);
    gather->doors = arena_alloc(scratch, room * sizeof *gather->doors);
    gather->trails = arena_alloc(scratch, room * sizeof *gather->trails);
    (void)COLUMN(int64_t, received);
    return HY_OK;
}

enum status facts_tickets(struct gather *gather, struct error *err)
{
    TRY(make_room(gather, err));
    TRY(facts_scan(gather, err));
    sort_tickets(gather);
    number_densely(gather);
    TRY(add_stated(gather, err));
    TRY(add_columns(gather, err));
    columns_share(gather);
    facts_mentions(gather);
    return facts_merged(gather, err);
}

/* --- the whole
 * ------------------------------------------------------------------------- */
/* Columns that tell, or by staying empty deny, that a ticket came to an end. */
static int64_t columns_of_an_end(void)
{
    static const int ends[] = { F_FIRST_COMPLETED_AT, F_COMPLETED_AT, F_CLOSED_AT,
                                F_VOIDED_AT, F_STATUS };
    const struct field_spec *fields;
    size_t count, i;
    uint64_t bits = 0;

    fields = record_fields(KIND_TICKET, &count);
    for (i = 0; i < sizeof ends / sizeof ends[0]; i++)
        bits |= (uint64_t)1 << fields[ends[i]].group;
    return (int64_t)bits;
}

static enum status facts_ledger(struct gather *gather, struct error *err)
{
    struct ledger *ledger = &gather->facts->ledger;
    sqlite3_stmt *statement;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_LEDGER, &statement, err));
    TRY(sql_row(gather->store, statement, &row, err));
    *ledger = (struct ledger){ .files = sqlite3_column_int64(statement, 0),
                               .rows = sqlite3_column_int64(statement, 1),
                               .loaded = sqlite3_column_int64(statement, 2),
                               .updated = sqlite3_column_int64(statement, 3),
                               .duplicate = sqlite3_column_int64(statement, 4),
                               .rejected = sqlite3_column_int64(statement, 5),
                               .skipped = sqlite3_column_int64(statement, 6) };
    sqlite3_reset(statement);
    TRY(sql_use(gather->store, Q_FACT_HORIZON, &statement, err));
    sqlite3_bind_int64(statement, 1, columns_of_an_end());
    TRY(sql_row(gather->store, statement, &row, err));
    ledger->horizon = known_or(statement, 0, HY_NEVER);
    ledger->no_ends = sqlite3_column_int(statement, 1) != 0;
    sqlite3_reset(statement);
    return HY_OK;
}

/* Of the first and the last ticket; asked of the store where they were not read. */
static enum status facts_span(struct gather *gather, bool tickets, struct error *err)
{
    struct ledger *ledger = &gather->facts->ledger;
    const int64_t *received = gather->facts->tickets.received;
    sqlite3_stmt *statement;
    bool row;

    if (tickets && gather->count > 0) {
        ledger->first_received = received[0];
        ledger->last_received = received[gather->count - 1];
    }
    if (tickets)
        return HY_OK;
    TRY(sql_use(gather->store, Q_FACT_SPAN, &statement, err));
    TRY(sql_row(gather->store, statement, &row, err));
    ledger->first_received = known_or(statement, 0, HY_NEVER);
    ledger->last_received = known_or(statement, 1, HY_NEVER);
    sqlite3_reset(statement);
    return HY_OK;
}

static void add_part(struct gather *gather, sqlite3_stmt *statement, size_t *room)
{
    struct ledger *ledger = &gather->facts->ledger;
    struct arena *memory = gather->memory;
    struct source_part *parts = (struct source_part *)(uintptr_t)ledger->parts;

    if (ledger->part_count == *room) {
        *room = *room == 0 ? 64 : *room * 2;
        ledger->parts = parts =
            arena_grow(memory, parts, ledger->part_count * sizeof *parts,
                       *room * sizeof *parts);
    }
    parts[ledger->part_count++] = (struct source_part){
        .source = text_copy(memory, column_text(statement, 0, gather->scratch)),
        .print = text_copy(memory, column_text(statement, 1, gather->scratch)),
        .from = known_or(statement, 2, HY_NEVER),
        .until = known_or(statement, 3, HY_NEVER),
        .rows = sqlite3_column_int64(statement, 4),
        .rejected = sqlite3_column_int64(statement, 5),
        .skipped = sqlite3_column_int64(statement, 6)
    };
}

static enum status facts_parts(struct gather *gather, struct error *err)
{
    sqlite3_stmt *statement;
    size_t room = 0;
    bool row;

    TRY(sql_use(gather->store, Q_LEDGER_PARTS, &statement, err));
    for (;;) {
        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        add_part(gather, statement, &room);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status gather_all(struct gather *gather, struct error *err)
{
    const uint64_t tickets = NEED_TICKETS | NEED_EVENTS | NEED_CALLS | NEED_NUMBERS;

    TRY(sql_do(gather->store, Q_READ, err)); /* one state, whatever others write */
    TRY(facts_ledger(gather, err));
    TRY(facts_parts(gather, err));
    TRY(dictionaries_load(gather, err));
    TRY(facts_registers(gather, err));
    if ((gather->needs & tickets) != 0)
        TRY(facts_tickets(gather, err));
    TRY(facts_span(gather, (gather->needs & tickets) != 0, err));
    TRY(facts_corrections(gather, err));
    TRY(facts_promises(gather, err));
    TRY(facts_callbacks(gather, err));
    TRY(facts_patrols(gather, err));
    if ((gather->needs & NEED_EVENTS) != 0) {
        TRY(facts_events(gather, err));
        TRY(facts_history(gather, err));
    }
    if ((gather->needs & NEED_CALLS) != 0)
        TRY(facts_calls(gather, err));
    return HY_OK;
}

/* What depends on the final order of words. */
static void settle(struct gather *gather)
{
    struct facts *facts = gather->facts;

    words_settle(gather);
    columns_renumber(gather);
    facts_registers_settle(gather);
    words_renumber(gather, facts->events.from_department, facts->events.count);
    words_renumber(gather, facts->events.to_department, facts->events.count);
    words_renumber(gather, facts->events.staff, facts->events.count);
    words_renumber(gather, facts->events.reason, facts->events.count);
    words_renumber(gather, facts->calls.agent, facts->calls.count);
    words_renumber(gather, facts->calls.queue, facts->calls.count);
    if ((gather->needs & NEED_CALLS) != 0)
        facts_link_calls(gather);
}

enum status store_facts(struct store *store, uint64_t needs, struct arena *memory,
                        struct facts *facts, struct error *err)
{
    struct gather gather = {
        .store = store, .memory = memory, .facts = facts, .needs = needs
    };
    enum status status, whole;
    struct error damage;

    if (store->load.file_open)
        return fail(err, HY_INTERNAL, "%s：正在读入文件", store->path);
    memset(facts, 0, sizeof *facts);
    gather.scratch = arena_new();
    gather.word_index = cache_new(gather.scratch);
    gather.asset_index = cache_new(gather.scratch);
    status = gather_all(&gather, err);
    store_file_abort(store);
    whole = check_end(store, &damage);
    if (whole != HY_OK) { /* what was read of it says nothing, whatever it said */
        status = whole;
        *err = damage;
    }
    if (status == HY_OK)
        settle(&gather);
    arena_free(gather.scratch);
    return status;
}
