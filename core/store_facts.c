/* store_facts.c - one scan of the tickets into columns, in an order of their own. */
#include "core/store_facts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COUNT = 0xFFFE, FORM_BITS = 47, GAP_MOST = 50 };

#define AT(name) offsetof(struct tickets, name)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The time columns of the facts, in the order of Q_FACT_TICKETS. */
static const size_t time_columns[] = {
    AT(received), AT(recorded),  AT(responded), AT(dispatched),
    AT(accepted), AT(arrived),   AT(due),       AT(first_completed),
    AT(reopened), AT(completed), AT(closed),    AT(revisited),
    AT(paused),   AT(resumed),   AT(updated),   AT(voided),
};

/* Columns of Q_FACT_TICKETS. */
enum {
    COL_ID,
    COL_PART,
    COL_FIELDS,
    COL_TIMES,
    COL_DUE_FIRST = COL_TIMES + COUNT(time_columns),
    COL_DATE_ONLY,
    COL_FLAGS,
    COL_CODES
};

/* Codes with the greatest number each vocabulary has. */
static const struct {
    size_t offset;
    uint8_t most;
} code_columns[] = {
    { AT(nature), NATURE_OTHER },
    { AT(channel), CHANNEL_OTHER },
    { AT(status), STATUS_DUPLICATE },
    { AT(urgency), URGENCY_P4 },
    { AT(revisit_outcome), REVISIT_EXEMPT },
    { AT(rating_resident), 10 << 4 | 10 },
    { AT(rating_staff), 10 << 4 | 10 },
    { AT(nature_first), NATURE_OTHER },
    { AT(urgency_first), URGENCY_P4 },
};

enum { COL_WORDS = COL_CODES + COUNT(code_columns) };

/* category holds category2 until facts_columns_settle(). */
static const struct {
    size_t offset;
    bool staff;
} word_columns[] = {
    { AT(category1), false },        { AT(category), false }, { AT(department), false },
    { AT(department_first), false }, { AT(outcome), false },  { AT(recorder), true },
    { AT(handler), true },           { AT(visitor), true },
};

enum {
    COL_PLACE = COL_WORDS + COUNT(word_columns),
    COL_GRID,
    COL_ROOM,
    COL_ASSET,
    COL_CONTACT,
    COL_WAY
};

#define COLUMN(type, name) ((type *)column_made(gather, AT(name)))

/* --- order ------------------------------------------------------------------------ */
struct arrival {
    int64_t received, id;
    uint32_t scan; /* position by id */
};

static int compare_texts(struct text a, struct text b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* Two numbers of one form are spelt with equally many digits: no need to spell them. */
static bool same_form(const struct gather *gather, int64_t a, int64_t b)
{
    const int64_t digits = (INT64_C(1) << FORM_BITS) - 1;
    int64_t form = a >> FORM_BITS, most = 1;
    int i;

    if (form == 0 || form != b >> FORM_BITS || (size_t)form >= gather->form_count)
        return false;
    for (i = 0; i < gather->forms[form].digits && most <= digits; i++)
        most *= 10;
    return (a & digits) < most && (b & digits) < most;
}

static int compare_arrivals(const void *left, const void *right, void *context)
{
    struct gather *gather = context;
    const struct arrival *a = left, *b = right;
    int order;

    if (a->received != b->received)
        return a->received < b->received ? -1 : 1;
    if (same_form(gather, a->id, b->id))
        return (a->id > b->id) - (a->id < b->id);
    arena_reset(gather->store->row_memory);
    order = compare_texts(number_spelt(gather, a->id, gather->store->row_memory),
                          number_spelt(gather, b->id, gather->store->row_memory));
    if (order == 0)
        order = compare_texts(series_of(gather, a->id), series_of(gather, b->id));
    return order;
}

/* The columns were filled by id; from here on they stand by receipt and number. */
static void sort_tickets(struct gather *gather)
{
    const int64_t *received = gather->facts->tickets.received;
    struct arena *memory = arena_new();
    struct arrival *arrivals =
        arena_alloc(memory, (gather->count + 1) * sizeof *arrivals);
    bool sorted = true;
    size_t i;

    for (i = 0; i < gather->count; i++) {
        arrivals[i] = (struct arrival){ received[i], gather->ids[i], (uint32_t)i };
        sorted = sorted
                 && (i == 0
                     || compare_arrivals(&arrivals[i - 1], &arrivals[i], gather) <= 0);
    }
    if (!sorted)
        qsort_r(arrivals, gather->count, sizeof *arrivals, compare_arrivals, gather);
    for (i = 0; i < gather->count; i++)
        gather->position[arrivals[i].scan] = (uint32_t)i;
    arena_free(memory);
    if (!sorted)
        columns_move(gather, gather->position);
}

/* --- one ticket ----------------------------------------------------------------------
 */
static int64_t known(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? otherwise
               : sqlite3_column_int64(statement, column);
}

static uint16_t stated(sqlite3_stmt *statement, int column)
{
    int64_t value = known(statement, column, NOT_STATED);

    return value < 0 ? NOT_STATED
                     : (uint16_t)(value > MOST_COUNT && value != NOT_STATED ? MOST_COUNT
                                                                            : value);
}

/* Ids stand by form and digits: numbers between this one and the one before it that
 * belong to no ticket. */
static uint8_t gap_before(const struct gather *gather, size_t i)
{
    int64_t gap;

    if (i == 0 || gather->ids[i] >> FORM_BITS == 0
        || gather->ids[i] >> FORM_BITS != gather->ids[i - 1] >> FORM_BITS)
        return 0;
    gap = gather->ids[i] - gather->ids[i - 1] - 1;
    return gap > GAP_MOST ? 0 : (uint8_t)gap;
}

static uint8_t column_bits(uint64_t fields)
{
    static const struct {
        int field;
        uint8_t bit;
    } bits[] = { { F_COMPLETED_AT, COLUMN_COMPLETED },
                 { F_CLOSED_AT, COLUMN_CLOSED },
                 { F_DUE_AT, COLUMN_DUE },
                 { F_RESPONDED_AT, COLUMN_RESPONDED },
                 { F_REVISITED_AT, COLUMN_REVISITED },
                 { F_RATING_RESIDENT, COLUMN_RATING },
                 { F_RATING_STAFF, COLUMN_RATING } };
    size_t count, i;
    const struct field_spec *specs = record_fields(KIND_TICKET, &count);
    uint8_t out = 0;

    for (i = 0; i < COUNT(bits); i++)
        if ((fields >> specs[bits[i].field].group & 1) != 0)
            out |= bits[i].bit;
    return out;
}

/* What a part speaks of; HY_NEVER when it holds no time at all. */
static int64_t part_time(const struct gather *gather, int64_t part)
{
    size_t low = 0, high = gather->part_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (gather->parts[middle] < part)
            low = middle + 1;
        else
            high = middle;
    }
    return low < gather->part_count && gather->parts[low] == part
               ? gather->part_times[low]
               : HY_NEVER;
}

static enum status read_parts(struct gather *gather, struct error *err)
{
    sqlite3_stmt *statement;
    size_t room = 0;
    bool row;

    TRY(sql_use(gather->store, Q_FACT_AS_OF, &statement, err));
    for (;;) {
        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            break;
        if (gather->part_count == room) {
            size_t used = gather->part_count * sizeof *gather->parts, more;

            room = room == 0 ? 32 : room * 2;
            more = room * sizeof *gather->parts;
            gather->parts = arena_grow(gather->scratch, gather->parts, used, more);
            gather->part_times =
                arena_grow(gather->scratch, gather->part_times, used, more);
        }
        gather->parts[gather->part_count] = sqlite3_column_int64(statement, 0);
        gather->part_times[gather->part_count++] = known(statement, 1, HY_NEVER);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

static void take_times(struct gather *gather, sqlite3_value **values, size_t at)
{
    int64_t seen = part_time(gather, sqlite3_value_int64(values[COL_PART]));
    int64_t days = sqlite3_value_int64(values[COL_DATE_ONLY]);
    size_t i;

    for (i = 0; i < COUNT(time_columns); i++)
        if (sqlite3_value_type(values[COL_TIMES + i]) != SQLITE_NULL)
            ((int64_t *)column_made(gather, time_columns[i]))[at] =
                sqlite3_value_int64(values[COL_TIMES + i]);
    if (sqlite3_value_type(values[COL_DUE_FIRST]) != SQLITE_NULL)
        COLUMN(int64_t, due_first)[at] = sqlite3_value_int64(values[COL_DUE_FIRST]);
    if (seen != HY_NEVER)
        COLUMN(int64_t, first_seen)[at] = seen;
    if (days != 0)
        COLUMN(uint32_t, date_only)[at] = (uint32_t)days;
}

static void take_codes(struct gather *gather, sqlite3_value **values, size_t at)
{
    uint16_t flags = (uint16_t)sqlite3_value_int64(values[COL_FLAGS]);
    uint8_t bits = column_bits((uint64_t)sqlite3_value_int64(values[COL_FIELDS]));
    size_t i;

    for (i = 0; i < COUNT(code_columns); i++) {
        int64_t value = sqlite3_value_int64(values[COL_CODES + i]);

        if (value > 0 && value <= code_columns[i].most)
            ((uint8_t *)column_made(gather, code_columns[i].offset))[at] =
                (uint8_t)value;
    }
    if (flags != 0)
        COLUMN(uint16_t, flags)[at] = flags;
    if (bits != 0)
        COLUMN(uint8_t, columns)[at] = bits;
}

static void put_word(struct gather *gather, size_t offset, size_t at, uint32_t word)
{
    if (word != 0)
        ((uint32_t *)column_made(gather, offset))[at] = word;
}

static void take_words(struct gather *gather, sqlite3_value **values, size_t at)
{
    size_t i;

    for (i = 0; i < COUNT(word_columns); i++) {
        int64_t id = sqlite3_value_int64(values[COL_WORDS + i]);

        put_word(gather, word_columns[i].offset, at,
                 word_columns[i].staff ? word_of_staff(gather, id)
                                       : word_of_term(gather, id));
    }
}

/* Its words are looked up once: thousands of tickets share a place. */
static const struct place_row *place_named(struct gather *gather, int64_t place)
{
    static const struct place_row none = { .named = true };
    struct place_row *row;

    if (place <= 0 || (size_t)place >= gather->place_count)
        return &none;
    row = &gather->places[place];
    if (!row->named) {
        row->building =
            word_use(gather, WORD_BUILDING, place_at(gather, place, PLACE_BUILDING));
        row->spot = word_use(gather, WORD_SPOT, place_at(gather, place, PLACE_SPOT));
        row->named = true;
    }
    return row;
}

static uint32_t grid_word(struct gather *gather, int64_t grid, int64_t place, size_t at)
{
    struct text named = place_at(gather, grid, PLACE_GRID);

    if (named.length > 0)
        return word_use(gather, WORD_GRID, named);
    if (gather->grid_count == 0)
        return 0;
    return grid_of_building(gather, place_at(gather, place, PLACE_BUILDING),
                            COLUMN(int64_t, received)[at]);
}

static void take_place(struct gather *gather, sqlite3_value **values, size_t at)
{
    int64_t place = sqlite3_value_int64(values[COL_PLACE]);
    const struct place_row *row = place_named(gather, place);

    put_word(gather, AT(building), at, row->building);
    put_word(gather, AT(spot), at, row->spot);
    put_word(gather, AT(grid), at,
             grid_word(gather, sqlite3_value_int64(values[COL_GRID]), place, at));
    /* pseudonyms for now; dense numbers when all tickets stand in their order */
    gather->doors[at] = sqlite3_value_int64(values[COL_ROOM]);
    gather->callers[at] = sqlite3_value_int64(values[COL_CONTACT]);
    gather->trails[at] = (uint32_t)sqlite3_value_int64(values[COL_WAY]);
    put_word(gather, AT(asset), at, (uint32_t)sqlite3_value_int64(values[COL_ASSET]));
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
        [at] |= column_bits((uint64_t)sqlite3_column_int64(statement, 1))
                | (sqlite3_column_int(statement, 3) != 0 ? COLUMN_HISTORY : 0);
        seen = known(statement, 2, HY_NEVER);
        if (seen != HY_NEVER && seen < COLUMN(int64_t, first_seen)[at])
            COLUMN(int64_t, first_seen)[at] = seen;
    }
    sqlite3_reset(statement);
    return HY_OK;
}

/* By first appearance in the sorted facts, so that no pseudonym gets out. */
static void number_densely(struct gather *gather)
{
    size_t scan, i;
    uint32_t *order = arena_alloc(gather->scratch, gather->room * sizeof *order);
    uint32_t *trails = arena_alloc(gather->scratch, gather->room * sizeof *trails);

    for (scan = 0; scan < gather->count; scan++)
        order[gather->position[scan]] = (uint32_t)scan;
    for (i = 0; i < gather->count; i++) {
        trails[i] = gather->trails[order[i]];
        put_word(gather, AT(contact), i,
                 dense_number(&gather->contacts, gather->callers[order[i]],
                              gather->scratch));
        put_word(gather, AT(household), i,
                 dense_number(&gather->rooms, gather->doors[order[i]],
                              gather->scratch));
    }
    gather->trails = trails;
}

/* A number kept as text (letters at its end, too long) takes part in no sequence. */
static uint64_t serial_of(int64_t id)
{
    return id >> SERIAL_BITS == 0 ? 0 : (uint64_t)id;
}

static void take_number(struct gather *gather, size_t i)
{
    uint64_t serial = serial_of(gather->ids[i]);
    uint8_t gap = gap_before(gather, i);

    if (gap != 0)
        COLUMN(uint8_t, gap_before)[i] = gap;
    if (serial != 0)
        COLUMN(uint64_t, serial)[i] = serial;
    if ((gather->needs & NEED_NUMBERS) != 0)
        put_word(gather, AT(number), i,
                 word_use(gather, WORD_NUMBER,
                          number_spelt(gather, gather->ids[i], gather->scratch)));
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

/* One row of the scan.  SQLite hands it over as it walks: no step for every row, no
 * look at the statement for every column.  It walks by id; another order is no ticket
 * table. */
static void take_ticket(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct gather *gather = sqlite3_user_data(context);
    size_t i = gather->count;
    int64_t id = sqlite3_value_int64(values[COL_ID]);

    (void)count;
    if (i + 1 >= gather->room || (i > 0 && id <= gather->ids[i - 1])) {
        gather->torn = true;
        return;
    }
    gather->ids[i] = id;
    gather->count++;
    take_number(gather, i);
    take_times(gather, values, i);
    take_codes(gather, values, i);
    take_words(gather, values, i);
    take_place(gather, values, i);
}

static void taken(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

static enum status scan_tickets(struct gather *gather, struct error *err)
{
    struct store *store = gather->store;
    sqlite3_stmt *statement;
    enum status status;
    bool row;
    int code;

    code =
        sqlite3_create_function_v2(store->db, TAKE, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                   gather, NULL, take_ticket, taken, NULL);
    if (code != SQLITE_OK)
        return sql_fail(store, code, err);
    status = sql_use(store, Q_FACT_TICKETS, &statement, err);
    if (status == HY_OK) {
        status = sql_row(store, statement, &row, err);
        sqlite3_reset(statement);
    }
    /* the function goes with its user */
    (void)sqlite3_create_function_v2(store->db, TAKE, -1, SQLITE_UTF8, NULL, NULL, NULL,
                                     NULL, NULL);
    gather->facts->tickets.count = gather->count;
    if (status == HY_OK && gather->torn)
        return fail(err, HY_DAMAGED, "%s：读到一半内容变了", store->path);
    return status;
}

enum status facts_tickets(struct gather *gather, struct error *err)
{
    TRY(make_room(gather, err));
    TRY(read_parts(gather, err));
    TRY(scan_tickets(gather, err));
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
    TRY(sql_row(gather->store, statement, &row, err));
    ledger->horizon = known(statement, 0, HY_NEVER);
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
    ledger->first_received = known(statement, 0, HY_NEVER);
    ledger->last_received = known(statement, 1, HY_NEVER);
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
        .from = known(statement, 2, HY_NEVER),
        .until = known(statement, 3, HY_NEVER),
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
    enum status status;

    if (store->load.file_open)
        return fail(err, HY_INTERNAL, "%s：正在读入文件", store->path);
    memset(facts, 0, sizeof *facts);
    gather.scratch = arena_new();
    gather.word_index = cache_new(gather.scratch);
    gather.asset_index = cache_new(gather.scratch);
    status = gather_all(&gather, err);
    store_file_abort(store);
    if (status == HY_OK)
        settle(&gather);
    arena_free(gather.scratch);
    return status;
}
