/* store_facts.c - one scan of the tickets into columns, in an order of their own. */
#include "core/store_facts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { NOT_STATED = 0xFFFF, MOST_COUNT = 0xFFFE, FORM_BITS = 47, GAP_MOST = 50 };

/* The time columns of the facts and where they lie in `ticket`. */
static const struct {
    size_t offset;
    int field;
} time_columns[] = {
    { offsetof(struct tickets, received), F_RECEIVED_AT },
    { offsetof(struct tickets, recorded), F_RECORDED_AT },
    { offsetof(struct tickets, responded), F_RESPONDED_AT },
    { offsetof(struct tickets, dispatched), F_DISPATCHED_AT },
    { offsetof(struct tickets, accepted), F_ACCEPTED_AT },
    { offsetof(struct tickets, arrived), F_ARRIVED_AT },
    { offsetof(struct tickets, due), F_DUE_AT },
    { offsetof(struct tickets, first_completed), F_FIRST_COMPLETED_AT },
    { offsetof(struct tickets, reopened), F_REOPENED_AT },
    { offsetof(struct tickets, completed), F_COMPLETED_AT },
    { offsetof(struct tickets, closed), F_CLOSED_AT },
    { offsetof(struct tickets, revisited), F_REVISITED_AT },
    { offsetof(struct tickets, paused), F_PAUSED_AT },
    { offsetof(struct tickets, resumed), F_RESUMED_AT },
    { offsetof(struct tickets, updated), F_UPDATED_AT },
    { offsetof(struct tickets, voided), F_VOIDED_AT },
};

/* Codes with the greatest number each vocabulary has. */
static const struct {
    size_t offset;
    int column;
    uint8_t most;
} code_columns[] = {
    { offsetof(struct tickets, nature), T_NATURE, NATURE_OTHER },
    { offsetof(struct tickets, channel), T_CHANNEL, CHANNEL_OTHER },
    { offsetof(struct tickets, status), T_STATUS, STATUS_DUPLICATE },
    { offsetof(struct tickets, urgency), T_URGENCY, URGENCY_P4 },
    { offsetof(struct tickets, revisit_outcome), T_REVISIT_OUTCOME, REVISIT_EXEMPT },
    { offsetof(struct tickets, rating_resident), T_RATING_RESIDENT, 10 << 4 | 10 },
    { offsetof(struct tickets, rating_staff), T_RATING_STAFF, 10 << 4 | 10 },
};

static const struct {
    size_t offset;
    int column;
    bool staff;
} word_columns[] = {
    { offsetof(struct tickets, category1), T_CATEGORY1, false },
    { offsetof(struct tickets, department), T_DEPARTMENT, false },
    { offsetof(struct tickets, outcome), T_OUTCOME, false },
    { offsetof(struct tickets, recorder), T_RECORDER, true },
    { offsetof(struct tickets, handler), T_HANDLER, true },
    { offsetof(struct tickets, visitor), T_VISITOR, true },
};

/* Every column of words, for the renumbering. */
static const size_t worded[] = {
    offsetof(struct tickets, category),   offsetof(struct tickets, category1),
    offsetof(struct tickets, department), offsetof(struct tickets, department_first),
    offsetof(struct tickets, outcome),    offsetof(struct tickets, building),
    offsetof(struct tickets, grid),       offsetof(struct tickets, spot),
    offsetof(struct tickets, number),     offsetof(struct tickets, recorder),
    offsetof(struct tickets, handler),    offsetof(struct tickets, visitor),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The columns are const to everybody but the one who fills them. */
static void *column_at(struct gather *gather, size_t offset)
{
    void *column;

    memcpy(&column, (char *)&gather->facts->tickets + offset, sizeof column);
    return column;
}

#define COLUMN(type, name) ((type *)column_at(gather, offsetof(struct tickets, name)))

static void set_column(struct gather *gather, size_t offset, size_t size)
{
    void *column = arena_alloc(gather->memory, (gather->count + 1) * size);

    memcpy((char *)&gather->facts->tickets + offset, &column, sizeof column);
}

static void make_columns(struct gather *gather)
{
    static const struct {
        size_t offset, size;
    } others[] = {
        { offsetof(struct tickets, due_first), 8 },
        { offsetof(struct tickets, first_seen), 8 },
        { offsetof(struct tickets, serial), 8 },
        { offsetof(struct tickets, date_only), 4 },
        { offsetof(struct tickets, nature_first), 1 },
        { offsetof(struct tickets, urgency_first), 1 },
        { offsetof(struct tickets, flags), 2 },
        { offsetof(struct tickets, columns), 1 },
        { offsetof(struct tickets, gap_before), 1 },
        { offsetof(struct tickets, household), 4 },
        { offsetof(struct tickets, asset), 4 },
        { offsetof(struct tickets, contact), 4 },
        { offsetof(struct tickets, merged_into), 4 },
        { offsetof(struct tickets, contacts), 2 },
        { offsetof(struct tickets, transfers_stated), 2 },
        { offsetof(struct tickets, reopens_stated), 2 },
    };
    size_t i;

    for (i = 0; i < COUNT(time_columns); i++)
        set_column(gather, time_columns[i].offset, 8);
    for (i = 0; i < COUNT(code_columns); i++)
        set_column(gather, code_columns[i].offset, 1);
    for (i = 0; i < COUNT(worded); i++)
        if (worded[i] != offsetof(struct tickets, number)
            || (gather->needs & NEED_NUMBERS) != 0)
            set_column(gather, worded[i], 4);
    for (i = 0; i < COUNT(others); i++)
        set_column(gather, others[i].offset, others[i].size);
}

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

static int compare_arrivals(const void *left, const void *right, void *context)
{
    struct gather *gather = context;
    const struct arrival *a = left, *b = right;
    int order;

    if (a->received != b->received)
        return a->received < b->received ? -1 : 1;
    arena_reset(gather->store->row_memory);
    order = compare_texts(number_spelt(gather, a->id, gather->store->row_memory),
                          number_spelt(gather, b->id, gather->store->row_memory));
    if (order == 0)
        order = compare_texts(series_of(gather, a->id), series_of(gather, b->id));
    return order;
}

static enum status sort_tickets(struct gather *gather, struct error *err)
{
    struct store *store = gather->store;
    struct arrival *arrivals;
    sqlite3_stmt *statement;
    int64_t *ids;
    size_t count, i;
    bool row;

    TRY(sql_use(store, Q_FACT_COUNT, &statement, err));
    TRY(sql_row(store, statement, &row, err));
    count = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    arrivals = arena_alloc(gather->scratch, (count + 1) * sizeof *arrivals);
    ids = arena_alloc(gather->scratch, (count + 1) * sizeof *ids);
    gather->position = arena_alloc(gather->scratch, (count + 1) * sizeof(uint32_t));
    TRY(sql_use(store, Q_FACT_RECEIVED, &statement, err));
    for (i = 0; i < count; i++) {
        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        arrivals[i].id = ids[i] = sqlite3_column_int64(statement, 0);
        arrivals[i].received = sqlite3_column_int64(statement, 1);
        arrivals[i].scan = (uint32_t)i;
    }
    sqlite3_reset(statement);
    gather->count = i;
    gather->ids = ids;
    if (gather->count > 1)
        qsort_r(arrivals, gather->count, sizeof *arrivals, compare_arrivals, gather);
    for (i = 0; i < gather->count; i++)
        gather->position[arrivals[i].scan] = (uint32_t)i;
    return HY_OK;
}

/* --- one ticket ----------------------------------------------------------------------
 */
static int64_t known(sqlite3_stmt *statement, int column, int64_t otherwise)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? otherwise
               : sqlite3_column_int64(statement, column);
}

static uint8_t code(sqlite3_stmt *statement, int column, int64_t most)
{
    int64_t value = known(statement, column, 0);

    return value < 0 || value > most ? 0 : (uint8_t)value;
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

static void take_times(struct gather *gather, sqlite3_stmt *statement, size_t at)
{
    size_t i;

    for (i = 0; i < COUNT(time_columns); i++) {
        int64_t *column = column_at(gather, time_columns[i].offset);
        int from = T_TIMES + time_columns[i].field - F_RECEIVED_AT;

        column[at] = known(statement, from, HY_NEVER);
    }
    COLUMN(int64_t, due_first)
    [at] = known(statement, T_DUE_FIRST, COLUMN(int64_t, due)[at]);
    COLUMN(int64_t, first_seen)
    [at] = part_time(gather, sqlite3_column_int64(statement, T_PART));
    COLUMN(uint32_t, date_only)
    [at] = (uint32_t)sqlite3_column_int64(statement, T_DATE_ONLY);
}

static void take_codes(struct gather *gather, sqlite3_stmt *statement, size_t at)
{
    uint8_t first;
    size_t i;

    for (i = 0; i < COUNT(code_columns); i++)
        ((uint8_t *)column_at(gather, code_columns[i].offset))[at] =
            code(statement, code_columns[i].column, code_columns[i].most);
    first = code(statement, T_NATURE_FIRST, NATURE_OTHER);
    COLUMN(uint8_t, nature_first)[at] = first ? first : COLUMN(uint8_t, nature)[at];
    first = code(statement, T_URGENCY_FIRST, URGENCY_P4);
    COLUMN(uint8_t, urgency_first)[at] = first ? first : COLUMN(uint8_t, urgency)[at];
    COLUMN(uint16_t, flags)[at] = (uint16_t)sqlite3_column_int64(statement, T_FLAGS);
    COLUMN(uint8_t, columns)
    [at] = column_bits((uint64_t)sqlite3_column_int64(statement, T_FIELDS));
    COLUMN(uint16_t, contacts)[at] = 1;
    COLUMN(uint16_t, transfers_stated)[at] = stated(statement, TICKET_COLUMNS);
    COLUMN(uint16_t, reopens_stated)[at] = stated(statement, TICKET_COLUMNS + 1);
}

static void take_words(struct gather *gather, sqlite3_stmt *statement, size_t at)
{
    uint32_t word;
    size_t i;

    for (i = 0; i < COUNT(word_columns); i++) {
        int64_t id = sqlite3_column_int64(statement, word_columns[i].column);

        ((uint32_t *)column_at(gather, word_columns[i].offset))[at] =
            word_columns[i].staff ? word_of_staff(gather, id)
                                  : word_of_term(gather, id);
    }
    word = word_of_term(gather, sqlite3_column_int64(statement, T_CATEGORY2));
    COLUMN(uint32_t, category)[at] = word ? word : COLUMN(uint32_t, category1)[at];
    word = word_of_term(gather, sqlite3_column_int64(statement, T_DEPARTMENT_FIRST));
    COLUMN(uint32_t, department_first)
    [at] = word ? word : COLUMN(uint32_t, department)[at];
}

static void take_place(struct gather *gather, sqlite3_stmt *statement, size_t at)
{
    int64_t place = sqlite3_column_int64(statement, T_PLACE);
    int64_t grid = sqlite3_column_int64(statement, T_GRID);
    struct text building = place_at(gather, place, PLACE_BUILDING);
    struct text named = place_at(gather, grid, PLACE_GRID);

    COLUMN(uint32_t, building)[at] = word_use(gather, WORD_BUILDING, building);
    COLUMN(uint32_t, spot)
    [at] = word_use(gather, WORD_SPOT, place_at(gather, place, PLACE_SPOT));
    COLUMN(uint32_t, grid)
    [at] = named.length > 0
               ? word_use(gather, WORD_GRID, named)
               : grid_of_building(gather, building, COLUMN(int64_t, received)[at]);
    /* pseudonyms for now; dense numbers when all tickets stand in their order */
    gather->doors[at] = sqlite3_column_int64(statement, T_ROOM);
    gather->callers[at] = sqlite3_column_int64(statement, T_CONTACT);
    gather->trails[at] = (uint32_t)sqlite3_column_int64(statement, T_WAY);
    COLUMN(uint32_t, asset)
    [at] = (uint32_t)sqlite3_column_int64(statement, T_ASSET);
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
    uint32_t *household = COLUMN(uint32_t, household);
    uint32_t *contact = COLUMN(uint32_t, contact);
    size_t i;

    for (i = 0; i < gather->count; i++) {
        contact[i] =
            dense_number(&gather->contacts, gather->callers[i], gather->scratch);
        household[i] = dense_number(&gather->rooms, gather->doors[i], gather->scratch);
    }
}

/* A number kept as text (letters at its end, too long) takes part in no sequence. */
static uint64_t serial_of(int64_t id)
{
    return id >> SERIAL_BITS == 0 ? 0 : (uint64_t)id;
}

enum status facts_tickets(struct gather *gather, struct error *err)
{
    sqlite3_stmt *statement;
    size_t i;
    bool row;

    TRY(sort_tickets(gather, err));
    make_columns(gather);
    gather->callers =
        arena_alloc(gather->scratch, (gather->count + 1) * sizeof(int64_t));
    gather->doors = arena_alloc(gather->scratch, (gather->count + 1) * sizeof(int64_t));
    gather->trails =
        arena_alloc(gather->scratch, (gather->count + 1) * sizeof(uint32_t));
    gather->facts->tickets.count = gather->count;
    TRY(read_parts(gather, err));
    TRY(sql_use(gather->store, Q_FACT_TICKETS, &statement, err));
    for (i = 0; i < gather->count; i++) {
        size_t at = gather->position[i];

        TRY(sql_row(gather->store, statement, &row, err));
        if (!row)
            return fail(err, HY_DAMAGED, "%s：读到一半内容变了", gather->store->path);
        COLUMN(uint8_t, gap_before)[at] = gap_before(gather, i);
        take_times(gather, statement, at);
        take_codes(gather, statement, at);
        take_words(gather, statement, at);
        take_place(gather, statement, at);
        COLUMN(uint64_t, serial)[at] = serial_of(gather->ids[i]);
        if ((gather->needs & NEED_NUMBERS) != 0)
            COLUMN(uint32_t, number)
        [at] = word_use(gather, WORD_NUMBER,
                        number_spelt(gather, gather->ids[i], gather->scratch));
    }
    sqlite3_reset(statement);
    number_densely(gather);
    facts_mentions(gather);
    TRY(add_columns(gather, err));
    return facts_merged(gather, err);
}

void facts_tickets_settle(struct gather *gather)
{
    size_t i;

    for (i = 0; i < COUNT(worded); i++)
        words_renumber(gather, column_at(gather, worded[i]), gather->count);
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
    *ledger = (struct ledger){ sqlite3_column_int64(statement, 0),
                               sqlite3_column_int64(statement, 1),
                               sqlite3_column_int64(statement, 2),
                               sqlite3_column_int64(statement, 3),
                               sqlite3_column_int64(statement, 4),
                               sqlite3_column_int64(statement, 5),
                               sqlite3_column_int64(statement, 6),
                               HY_NEVER,
                               HY_NEVER,
                               HY_NEVER };
    sqlite3_reset(statement);
    TRY(sql_use(gather->store, Q_FACT_HORIZON, &statement, err));
    TRY(sql_row(gather->store, statement, &row, err));
    ledger->horizon = known(statement, 0, HY_NEVER);
    ledger->first_received = known(statement, 1, HY_NEVER);
    ledger->last_received = known(statement, 2, HY_NEVER);
    sqlite3_reset(statement);
    return HY_OK;
}

static enum status gather_all(struct gather *gather, struct error *err)
{
    const uint64_t tickets = NEED_TICKETS | NEED_EVENTS | NEED_CALLS | NEED_NUMBERS;

    TRY(sql_do(gather->store, Q_READ, err)); /* one state, whatever others write */
    TRY(facts_ledger(gather, err));
    TRY(dictionaries_load(gather, err));
    TRY(facts_registers(gather, err));
    if ((gather->needs & tickets) != 0)
        TRY(facts_tickets(gather, err));
    TRY(facts_corrections(gather, err));
    TRY(facts_promises(gather, err));
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
    facts_tickets_settle(gather);
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
