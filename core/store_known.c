/* store_known.c - rows known again by their bytes: not read, only seen once more.
 *
 * A register exported anew is mostly rows that lie in the store already.  What such a
 * row means was found out when its bytes came first (ticket.raw_hash), so the second
 * thread only looks them up in a table that the first one filled, and nothing is left
 * to do but to note where the row was seen.
 *
 * The table lies as the tickets do, by number, and so do most registers: the row looked
 * for is the neighbour of the one found last.  Only for others are the places by bytes
 * made, by the thread that asks.
 */
#include "core/store_internal.h"

enum {
    KNOWN_MOST = 1000000, /* 32 MiB, and 8 for the places; the highest numbers */
    WORTH_SHARE = 4,      /* of the first rows one in four was known */
    NUMBER_BITS = 20,     /* of a place; the other bits are the row's own */
    SKIP_MOST = 64 /* rows without bytes on the way to a neighbour; they may be many */
};
static const uint32_t NO_TIME = UINT32_MAX, NUMBER_MASK = (1u << NUMBER_BITS) - 1;

_Static_assert(KNOWN_MOST < 1 << NUMBER_BITS, "a place holds a number from 1 on");

struct known_tickets {
    struct known_ticket *rows; /* raw 0: only to be met by its id */
    size_t count, most;
    size_t last;      /* found by its bytes, by one thread */
    size_t met;       /* by its id, by the other */
    uint32_t *places; /* number of the row + 1 under bits of its bytes; 0 = free */
    size_t room;      /* at least one is free */
    bool placed;
};

/* --- looking up ------------------------------------------------------------------ */
/* The high half picks the place, whatever the number of places. */
static size_t seat_of(const struct known_tickets *known, int64_t raw)
{
    return (size_t)(((uint64_t)raw >> 32) * known->room >> 32);
}

/* Bits the seat does not depend on; the lowest is always set. */
static uint32_t mark_of(int64_t raw)
{
    return (uint32_t)(raw >> 1) << NUMBER_BITS;
}

static void place_all(struct known_tickets *known)
{
    uint32_t i;

    for (i = 0; i < known->count; i++) {
        size_t at = seat_of(known, known->rows[i].raw);

        while (known->places[at] != 0)
            at = at + 1 == known->room ? 0 : at + 1;
        if (known->rows[i].raw != 0)
            known->places[at] = mark_of(known->rows[i].raw) | (i + 1);
    }
    known->placed = true;
}

static const struct known_ticket *look_up(struct known_tickets *known, int64_t raw)
{
    size_t at = seat_of(known, raw);
    uint32_t place;

    if (!known->placed)
        place_all(known);
    while ((place = known->places[at]) != 0) {
        size_t number = (place & NUMBER_MASK) - 1;

        if ((place & ~NUMBER_MASK) == mark_of(raw) && known->rows[number].raw == raw) {
            known->last = number;
            return &known->rows[number];
        }
        at = at + 1 == known->room ? 0 : at + 1;
    }
    return NULL;
}

/* The row `step` from the one found last, past those that have no bytes. */
static const struct known_ticket *neighbour(const struct known_tickets *known,
                                            size_t step)
{
    size_t at = known->last + step, left;

    for (left = SKIP_MOST; left > 0 && at < known->count && known->rows[at].raw == 0;
         left--)
        at += step; /* below the first one is beyond the last */
    return at < known->count ? &known->rows[at] : NULL;
}

const struct known_ticket *known_find(struct known_tickets *known, int64_t raw)
{
    const struct known_ticket *ticket;

    if (raw == 0)
        return NULL;
    ticket = neighbour(known, SIZE_MAX);
    if (ticket == NULL || ticket->raw != raw)
        ticket = neighbour(known, 1);
    if (ticket == NULL || ticket->raw != raw)
        return look_up(known, raw);
    known->last = (size_t)(ticket - known->rows);
    return ticket;
}

/* The ids fall from row to row. */
bool known_holds(struct known_tickets *known, int64_t id, int64_t hash)
{
    enum { NEAR = 64 };
    size_t low = known->met > NEAR ? known->met - NEAR : 0;
    size_t high = known->met + NEAR < known->count ? known->met + NEAR : known->count;

    if (low > 0 && known->rows[low].id < id)
        low = 0;
    if (high < known->count && known->rows[high].id >= id)
        high = known->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (known->rows[middle].id > id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == known->count || known->rows[low].id != id)
        return false;
    known->met = low;
    return known->rows[low].hash == hash;
}

/* --- filling --------------------------------------------------------------------- */
enum { COLUMN_ID, COLUMN_HASH, COLUMN_RAW, COLUMN_LATEST, COLUMN_RECEIVED, COLUMNS };

static uint32_t short_time(sqlite3_value *value, bool *fits)
{
    int64_t time = sqlite3_value_int64(value);

    if (sqlite3_value_type(value) == SQLITE_NULL || time == HY_NEVER)
        return NO_TIME;
    *fits = *fits && time >= 0 && time < NO_TIME;
    return (uint32_t)time;
}

/* True when no more are wanted. */
static void take_known(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct known_tickets *known = sqlite3_user_data(context);
    struct known_ticket *ticket = &known->rows[known->count++];
    bool fits = true;

    (void)count;
    *ticket =
        (struct known_ticket){ .id = sqlite3_value_int64(values[COLUMN_ID]),
                               .hash = sqlite3_value_int64(values[COLUMN_HASH]),
                               .raw = sqlite3_value_int64(values[COLUMN_RAW]),
                               .latest = short_time(values[COLUMN_LATEST], &fits),
                               .received = short_time(values[COLUMN_RECEIVED], &fits) };
    if (!fits)
        ticket->raw = 0;
    sqlite3_result_int(context, known->count == known->most);
}

#define KNOWN "huiyin_known"
/* Which tickets are one row, from the highest number on, and what is known of it?  Our
 * own function takes it: to hand every row out would take longer than to find it. */
static const char known_sql[] = "SELECT 1 FROM ticket WHERE versions=1 AND " KNOWN
                                "(id,row_hash,raw_hash,latest,received_at)"
                                " ORDER BY id DESC";

static enum status fill(struct store *store, struct known_tickets *known,
                        struct error *err)
{
    sqlite3_stmt *statement = NULL;
    enum status status = HY_OK;
    int code = sqlite3_create_function_v2(store->db, KNOWN, COLUMNS,
                                          SQLITE_UTF8 | SQLITE_DIRECTONLY, known,
                                          take_known, NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(store->db, known_sql, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        status = sql_fail(store, code, err);
    sqlite3_finalize(statement);
    /* the function goes with its user */
    (void)sqlite3_create_function_v2(store->db, KNOWN, COLUMNS, SQLITE_UTF8, NULL, NULL,
                                     NULL, NULL, NULL);
    return status;
}

/* Every such ticket is a row of a live part, so they are no more than those rows: to
 * count them would be to read all their pages. */
static enum status most_known(struct store *store, size_t *most, struct error *err)
{
    sqlite3_stmt *statement;
    int64_t rows;
    bool row;

    TRY(sql_use(store, Q_PART_ROWS, &statement, err));
    TRY(sql_row(store, statement, &row, err));
    rows = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    *most = rows < 1 ? 1 : rows < KNOWN_MOST ? (size_t)rows : (size_t)KNOWN_MOST;
    return HY_OK;
}

enum status store_known(struct store *store, struct known_tickets **out,
                        struct error *err)
{
    const struct counts *counts = &store->load.part_counts;
    struct arena *memory = store->file_memory;
    struct known_tickets *known;

    *out = NULL;
    if (!of_tickets(&store->load) || counts->duplicate * WORTH_SHARE < counts->rows
        || counts->duplicate == 0)
        return HY_OK;
    known = arena_alloc(memory, sizeof *known);
    TRY(most_known(store, &known->most, err));
    known->rows = arena_alloc(memory, known->most * sizeof *known->rows);
    TRY(fill(store, known, err));
    known->room = known->count * 2 + 1;
    known->places = arena_alloc(memory, known->room * sizeof *known->places);
    store->load.known = *out = known;
    return HY_OK;
}

/* --- seen once more -------------------------------------------------------------- */
static void cover_known(struct load *load, const struct known_ticket *ticket)
{
    int64_t received = ticket->received;

    if (ticket->latest != NO_TIME && (int64_t)ticket->latest > load->latest)
        load->latest = ticket->latest;
    if (load->kind == KIND_PARTIAL || ticket->received == NO_TIME)
        return;
    if (load->covers_from == HY_NEVER || received < load->covers_from)
        load->covers_from = received;
    if (received > load->covers_to)
        load->covers_to = received;
}

/* A ticket that got another version since the table was filled is folded anyway, and
 * this row is a version of it as before. */
enum status store_put_known(struct store *store, const struct known_ticket *ticket,
                            uint64_t row_no, struct error *err)
{
    struct load *load = &store->load;

    if (!load->part_open)
        return fail(err, HY_INTERNAL, "%s：没有打开的表", store->path);
    cover_known(load, ticket);
    load->part_counts.rows++;
    load->part_counts.duplicate++;
    load->expect_ticket = false;
    return sighting_wait(store, ticket->id, ticket->hash, (int64_t)row_no, err);
}
