/* store_facts_scan.c - one walk over the tickets, into columns by id.
 *
 * Only columns that some live row can have filled are asked for: to fetch a column that
 * is empty everywhere costs as much as one that is not.
 */
#include "core/store_facts.h"

#include <stddef.h>
#include <string.h>

enum { GAP_MOST = 50 };

#define AT(name) offsetof(struct tickets, name)
#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define COLUMN(type, name) ((type *)column_made(gather, AT(name)))

/* What every ticket is asked for, in this order; after it what is chosen. */
enum always {
    ALWAYS_ID,
    ALWAYS_PART,
    ALWAYS_FIELDS,
    ALWAYS_DATE_ONLY,
    ALWAYS_FLAGS,
    ALWAYS_PLACE,
    ALWAYS_GRID,
    ALWAYS_ROOM,
    ALWAYS_ASSET,
    ALWAYS_CONTACT,
    ALWAYS_WAY,
    ALWAYS
};
static const uint8_t always[ALWAYS] = { T_ID,    T_PART,    T_FIELDS, T_DATE_ONLY,
                                        T_FLAGS, T_PLACE,   T_GRID,   T_ROOM,
                                        T_ASSET, T_CONTACT, T_WAY };

enum role { ROLE_TIME, ROLE_CODE, ROLE_TERM, ROLE_STAFF };

#define TIME(field) (T_TIMES + (field)-F_RECEIVED_AT)

/* most: the greatest number the vocabulary of a code has. */
static const struct chosen {
    size_t offset;
    uint8_t column, role, most;
} choices[] = {
    { AT(received), TIME(F_RECEIVED_AT), ROLE_TIME, 0 },
    { AT(recorded), TIME(F_RECORDED_AT), ROLE_TIME, 0 },
    { AT(responded), TIME(F_RESPONDED_AT), ROLE_TIME, 0 },
    { AT(dispatched), TIME(F_DISPATCHED_AT), ROLE_TIME, 0 },
    { AT(accepted), TIME(F_ACCEPTED_AT), ROLE_TIME, 0 },
    { AT(arrived), TIME(F_ARRIVED_AT), ROLE_TIME, 0 },
    { AT(due), TIME(F_DUE_AT), ROLE_TIME, 0 },
    { AT(due_first), T_DUE_FIRST, ROLE_TIME, 0 },
    { AT(first_completed), TIME(F_FIRST_COMPLETED_AT), ROLE_TIME, 0 },
    { AT(reopened), TIME(F_REOPENED_AT), ROLE_TIME, 0 },
    { AT(completed), TIME(F_COMPLETED_AT), ROLE_TIME, 0 },
    { AT(closed), TIME(F_CLOSED_AT), ROLE_TIME, 0 },
    { AT(revisited), TIME(F_REVISITED_AT), ROLE_TIME, 0 },
    { AT(paused), TIME(F_PAUSED_AT), ROLE_TIME, 0 },
    { AT(resumed), TIME(F_RESUMED_AT), ROLE_TIME, 0 },
    { AT(updated), TIME(F_UPDATED_AT), ROLE_TIME, 0 },
    { AT(voided), TIME(F_VOIDED_AT), ROLE_TIME, 0 },
    { AT(nature), T_NATURE, ROLE_CODE, NATURE_OTHER },
    { AT(channel), T_CHANNEL, ROLE_CODE, CHANNEL_OTHER },
    { AT(status), T_STATUS, ROLE_CODE, STATUS_DUPLICATE },
    { AT(urgency), T_URGENCY, ROLE_CODE, URGENCY_P4 },
    { AT(revisit_outcome), T_REVISIT_OUTCOME, ROLE_CODE, REVISIT_EXEMPT },
    { AT(rating_resident), T_RATING_RESIDENT, ROLE_CODE, 10 << 4 | 10 },
    { AT(rating_staff), T_RATING_STAFF, ROLE_CODE, 10 << 4 | 10 },
    { AT(nature_first), T_NATURE_FIRST, ROLE_CODE, NATURE_OTHER },
    { AT(urgency_first), T_URGENCY_FIRST, ROLE_CODE, URGENCY_P4 },
    { AT(category1), T_CATEGORY1, ROLE_TERM, 0 },
    { AT(category), T_CATEGORY2, ROLE_TERM, 0 }, /* until columns_share() */
    { AT(department), T_DEPARTMENT, ROLE_TERM, 0 },
    { AT(department_first), T_DEPARTMENT_FIRST, ROLE_TERM, 0 },
    { AT(outcome), T_OUTCOME, ROLE_TERM, 0 },
    { AT(recorder), T_RECORDER, ROLE_STAFF, 0 },
    { AT(handler), T_HANDLER, ROLE_STAFF, 0 },
    { AT(visitor), T_VISITOR, ROLE_STAFF, 0 },
};

struct scan {
    struct gather *gather;
    const struct chosen *chosen[COUNT(choices)];
    size_t count;
    uint64_t fields; /* of all parts: what may be filled */
    bool torn, more; /* met what cannot be; a field of no part */
    uint64_t last_fields;
    uint8_t last_bits; /* facts_column_bits() of it */
    int64_t last_part, last_time;
};

/* Ids stand by form and digits: numbers between this one and the one before it that
 * belong to no ticket. */
static uint8_t gap_before(const struct gather *gather, size_t i)
{
    int64_t gap;

    if (i == 0 || gather->ids[i] >> SERIAL_BITS == 0
        || gather->ids[i] >> SERIAL_BITS != gather->ids[i - 1] >> SERIAL_BITS)
        return 0;
    gap = gather->ids[i] - gather->ids[i - 1] - 1;
    return gap > GAP_MOST ? 0 : (uint8_t)gap;
}

uint8_t facts_column_bits(uint64_t fields)
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
                 { F_RATING_STAFF, COLUMN_RATING },
                 { F_REOPENED_AT, COLUMN_REOPENED },
                 { F_REOPEN_COUNT, COLUMN_REOPENED } };
    size_t count, i;
    const struct field_spec *specs = record_fields(KIND_TICKET, &count);
    uint8_t out = 0;

    for (i = 0; i < COUNT(bits); i++)
        if ((fields >> specs[bits[i].field].group & 1) != 0)
            out |= bits[i].bit;
    return out;
}

/* --- parts ------------------------------------------------------------------------ */

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

static enum status read_parts(struct gather *gather, struct scan *scan,
                              struct error *err)
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
        gather->part_times[gather->part_count++] = known_or(statement, 1, HY_NEVER);
        scan->fields |= (uint64_t)sqlite3_column_int64(statement, 2);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

/* --- one ticket ---------------------------------------------------------------------
 */
static void put_word(struct gather *gather, size_t offset, size_t at, uint32_t word)
{
    if (word != 0)
        ((uint32_t *)column_made(gather, offset))[at] = word;
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

/* Neighbours come from one part and say the same things. */
static void take_origin(struct scan *scan, sqlite3_value **values, size_t at)
{
    struct gather *gather = scan->gather;
    int64_t part = sqlite3_value_int64(values[ALWAYS_PART]);
    uint64_t fields = (uint64_t)sqlite3_value_int64(values[ALWAYS_FIELDS]);
    int64_t days = sqlite3_value_int64(values[ALWAYS_DATE_ONLY]);
    uint16_t flags = (uint16_t)sqlite3_value_int64(values[ALWAYS_FLAGS]);

    if (part != scan->last_part)
        scan->last_time = part_time(gather, part);
    scan->last_part = part;
    if (fields != scan->last_fields) {
        scan->more = scan->more || (fields & ~scan->fields) != 0;
        scan->last_bits = facts_column_bits(fields);
    }
    scan->last_fields = fields;
    if (scan->last_time != HY_NEVER)
        COLUMN(int64_t, first_seen)[at] = scan->last_time;
    if (scan->last_bits != 0)
        COLUMN(uint8_t, columns)[at] = scan->last_bits;
    if (days != 0)
        COLUMN(uint32_t, date_only)[at] = (uint32_t)days;
    if (flags != 0)
        COLUMN(uint16_t, flags)[at] = flags;
}

static void take_chosen(struct gather *gather, const struct chosen *chosen,
                        sqlite3_value *value, size_t at)
{
    int64_t number;

    if (sqlite3_value_type(value) == SQLITE_NULL)
        return;
    number = sqlite3_value_int64(value);
    switch ((enum role)chosen->role) {
    case ROLE_TIME:
        ((int64_t *)column_made(gather, chosen->offset))[at] = number;
        break;
    case ROLE_CODE:
        if (number > 0 && number <= chosen->most)
            ((uint8_t *)column_made(gather, chosen->offset))[at] = (uint8_t)number;
        break;
    case ROLE_TERM:
        put_word(gather, chosen->offset, at, word_of_term(gather, number));
        break;
    case ROLE_STAFF:
        put_word(gather, chosen->offset, at, word_of_staff(gather, number));
        break;
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
    int64_t place = sqlite3_value_int64(values[ALWAYS_PLACE]);
    const struct place_row *row = place_named(gather, place);

    put_word(gather, AT(building), at, row->building);
    put_word(gather, AT(spot), at, row->spot);
    put_word(gather, AT(grid), at,
             grid_word(gather, sqlite3_value_int64(values[ALWAYS_GRID]), place, at));
    /* pseudonyms, which never leave here: number_densely() gives numbers for them */
    gather->doors[at] = sqlite3_value_int64(values[ALWAYS_ROOM]);
    gather->callers[at] = sqlite3_value_int64(values[ALWAYS_CONTACT]);
    gather->trails[at] = (uint32_t)sqlite3_value_int64(values[ALWAYS_WAY]);
    put_word(gather, AT(asset), at,
             (uint32_t)sqlite3_value_int64(values[ALWAYS_ASSET]));
}

/* One row of the scan.  SQLite hands it over as it walks: no step for every row, no
 * look at the statement for every column.  It walks by id; another order is no ticket
 * table. */
static void take_ticket(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct scan *scan = sqlite3_user_data(context);
    struct gather *gather = scan->gather;
    size_t i = gather->count, c;
    int64_t id = sqlite3_value_int64(values[ALWAYS_ID]);

    if (scan->torn || scan->more)
        return;
    if (i + 1 >= gather->room || (i > 0 && id <= gather->ids[i - 1])
        || (size_t)count != ALWAYS + scan->count) {
        scan->torn = true;
        return;
    }
    gather->ids[i] = id;
    gather->count++;
    take_number(gather, i);
    take_origin(scan, values, i);
    for (c = 0; c < scan->count; c++)
        take_chosen(gather, scan->chosen[c], values[ALWAYS + c], i);
    take_place(gather, values, i);
}

static void taken(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

/* --- the walk -----------------------------------------------------------------------
 */
static void choose(struct scan *scan)
{
    uint64_t bits = ticket_columns_of(scan->fields) | UINT64_C(1) << T_DUE_FIRST
                    | UINT64_C(1) << T_NATURE_FIRST | UINT64_C(1) << T_URGENCY_FIRST
                    | UINT64_C(1) << T_DEPARTMENT_FIRST | UINT64_C(1) << T_TIMES;
    size_t i;

    scan->count = 0;
    for (i = 0; i < COUNT(choices); i++)
        if ((bits >> choices[i].column & 1) != 0)
            scan->chosen[scan->count++] = &choices[i];
}

static const char *sentence(const struct scan *scan, struct arena *memory)
{
    const char *list = ticket_column_name(always[0]);
    size_t i;

    for (i = 1; i < ALWAYS; i++)
        list = arena_printf(memory, "%s,%s", list, ticket_column_name(always[i]));
    for (i = 0; i < scan->count; i++)
        list = arena_printf(memory, "%s,%s", list,
                            ticket_column_name(scan->chosen[i]->column));
    return arena_printf(memory,
                        "SELECT " TAKE "(%s) FROM ticket WHERE received_at IS NOT NULL",
                        list);
}

static enum status walk(struct scan *scan, struct error *err)
{
    struct gather *gather = scan->gather;
    struct store *store = gather->store;
    sqlite3_stmt *statement = NULL;
    enum status status = HY_OK;
    int code;

    choose(scan);
    gather->count = 0;
    code =
        sqlite3_create_function_v2(store->db, TAKE, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                   scan, NULL, take_ticket, taken, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(store->db, sentence(scan, gather->scratch), -1,
                                  &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code != SQLITE_ROW)
        status = sql_fail(store, code, err);
    sqlite3_finalize(statement);
    /* the function goes with its user */
    (void)sqlite3_create_function_v2(store->db, TAKE, -1, SQLITE_UTF8, NULL, NULL, NULL,
                                     NULL, NULL);
    if (status == HY_OK && scan->torn)
        return fail(err, HY_DAMAGED, "%s：读到一半内容变了", store->path);
    return status;
}

enum status facts_scan(struct gather *gather, struct error *err)
{
    struct scan scan = { .gather = gather, .last_part = -1, .last_time = HY_NEVER };

    TRY(read_parts(gather, &scan, err));
    TRY(walk(&scan, err));
    if (scan.more) { /* a ticket tells more than its files: then of everything */
        scan.more = false;
        scan.fields = ~UINT64_C(0);
        TRY(walk(&scan, err));
    }
    gather->facts->tickets.count = gather->count;
    return HY_OK;
}
