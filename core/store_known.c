/* store_known.c - rows known again by their bytes: not read, only seen once more.
 *
 * A register exported anew is mostly rows that lie in the store already.  What such a
 * row means was found out when its bytes came first (ticket.raw_hash), so the second
 * thread only looks them up in a table that the first one filled, and nothing is left
 * to do but to note where the row was seen.
 */
#include "core/store_internal.h"

enum {
    KNOWN_MOST = 1000000, /* 40 MiB; the tickets with the highest numbers */
    WORTH_SHARE = 4,      /* of the first rows one in four was known */
    AHEAD = 16
};
static const uint32_t NO_TIME = UINT32_MAX;

struct known_tickets {
    struct known_ticket *slots; /* raw 0 = free */
    size_t room;
};

/* The high half picks the slot, whatever the number of slots. */
static size_t seat_of(const struct known_tickets *known, int64_t raw)
{
    return (size_t)(((uint64_t)raw >> 32) * known->room >> 32);
}

static struct known_ticket *slot_of(const struct known_tickets *known, int64_t raw)
{
    size_t at = seat_of(known, raw);

    while (known->slots[at].raw != 0 && known->slots[at].raw != raw)
        at = at + 1 == known->room ? 0 : at + 1;
    return &known->slots[at];
}

const struct known_ticket *known_find(const struct known_tickets *known, int64_t raw)
{
    const struct known_ticket *slot = slot_of(known, raw);

    return slot->raw == raw && raw != 0 ? slot : NULL;
}

static uint32_t short_time(sqlite3_stmt *statement, int column, bool *fits)
{
    int64_t time = sqlite3_column_int64(statement, column);

    if (sqlite3_column_type(statement, column) == SQLITE_NULL || time == HY_NEVER)
        return NO_TIME;
    *fits = *fits && time >= 0 && time < NO_TIME;
    return (uint32_t)time;
}

static void keep(struct known_tickets *known, const struct known_ticket *ticket)
{
    struct known_ticket *slot = slot_of(known, ticket->raw);

    if (slot->raw == 0)
        *slot = *ticket;
}

/* The slots lie all over memory: each is called for AHEAD rows before it is used. */
static enum status fill(struct store *store, struct known_tickets *known,
                        struct error *err)
{
    struct known_ticket ahead[AHEAD] = { { 0 } };
    sqlite3_stmt *statement;
    size_t turn = 0, i;
    bool row = true;

    TRY(sql_use(store, Q_KNOWN, &statement, err));
    bind_int(statement, 1, KNOWN_MOST);
    for (;;) {
        struct known_ticket *ticket = &ahead[turn++ % AHEAD];
        bool fits = true;

        TRY(sql_row(store, statement, &row, err));
        if (!row)
            break;
        if (ticket->raw != 0)
            keep(known, ticket);
        *ticket = (struct known_ticket){ .id = sqlite3_column_int64(statement, 0),
                                         .hash = sqlite3_column_int64(statement, 1),
                                         .raw = sqlite3_column_int64(statement, 2),
                                         .latest = short_time(statement, 3, &fits),
                                         .received = short_time(statement, 4, &fits) };
        if (!fits)
            ticket->raw = 0;
        __builtin_prefetch(&known->slots[seat_of(known, ticket->raw)]);
    }
    for (i = 0; i < AHEAD; i++) { /* the oldest first */
        const struct known_ticket *ticket = &ahead[(turn - 1 + i) % AHEAD];

        if (ticket->raw != 0)
            keep(known, ticket);
    }
    sqlite3_reset(statement);
    return HY_OK;
}

enum status store_known(struct store *store, const struct known_tickets **out,
                        struct error *err)
{
    const struct counts *counts = &store->load.part_counts;
    struct known_tickets *known;
    sqlite3_stmt *statement;
    int64_t count;
    bool row;

    *out = NULL;
    if (counts->duplicate * WORTH_SHARE < counts->rows || counts->duplicate == 0)
        return HY_OK;
    TRY(sql_use(store, Q_TICKET_COUNT, &statement, err));
    TRY(sql_row(store, statement, &row, err));
    count = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    known = arena_alloc(store->file_memory, sizeof *known);
    known->room = (size_t)(count < KNOWN_MOST ? count : KNOWN_MOST) * 5 / 4 + 16;
    known->slots = arena_alloc(store->file_memory, known->room * sizeof *known->slots);
    TRY(fill(store, known, err));
    *out = known;
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

enum status sightings_write(struct store *store, struct error *err)
{
    struct sightings *seen = &store->load.seen;
    size_t i, count = seen->waiting;
    sqlite3_stmt *statement;

    seen->waiting = 0;
    if (count < SEEN_ROWS) {
        for (i = 0; i < count; i++)
            TRY(sighting_add(store, ENTITY_TICKET, seen->rows[i].id, seen->rows[i].hash,
                             store->load.part, seen->rows[i].row_no, err));
        return HY_OK;
    }
    TRY(sql_use(store, Q_SIGHTINGS_ADD, &statement, err));
    for (i = 0; i < SEEN_ROWS; i++) {
        int at = (int)i * 4;

        bind_int(statement, at + 1, seen->rows[i].id);
        bind_int(statement, at + 2, seen->rows[i].hash);
        bind_int(statement, at + 3, store->load.part);
        bind_int(statement, at + 4, seen->rows[i].row_no);
    }
    return sql_run(store, statement, err);
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
    load->seen.rows[load->seen.waiting++] =
        (struct sighting_row){ ticket->id, ticket->hash, (int64_t)row_no };
    return load->seen.waiting == SEEN_ROWS ? sightings_write(store, err) : HY_OK;
}
