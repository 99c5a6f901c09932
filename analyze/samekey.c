/* samekey.c - tickets of the same problem at the same place, in order of receipt. */
#include "analyze/samekey.h"

#include "analyze/order.h"

struct keyed {
    uint64_t place; /* kind of key above, dense number below */
    uint32_t spot, category, ticket;
};

static uint32_t at(const uint32_t *column, size_t i)
{
    return column == NULL ? 0 : column[i];
}

static bool make_key(const struct tickets *tickets, size_t i, enum same_by by,
                     struct keyed *keyed)
{
    uint32_t home = at(tickets->household, i), building = at(tickets->building, i);
    uint64_t kind = 0, number = 0;

    *keyed =
        (struct keyed){ .category = at(tickets->category, i), .ticket = (uint32_t)i };
    if (keyed->category == 0)
        return false;
    if (by == SAME_HOUSEHOLD) {
        kind = PLACE_HOME;
        number = home;
    } else if (at(tickets->asset, i) != 0) {
        kind = PLACE_ASSET;
        number = at(tickets->asset, i);
    } else if (home != 0) {
        kind = PLACE_HOME;
        number = home;
    } else if (building != 0) {
        kind = PLACE_BUILDING;
        number = building;
        keyed->spot = at(tickets->spot, i);
    }
    keyed->place = kind << 32 | number;
    return number != 0;
}

/* By place, spot and subject; tickets stand in order of receipt before and after. */
static struct keyed *sort_keyed(const struct keyed *keyed, size_t count,
                                struct arena *memory)
{
    struct ordered *rows = arena_alloc(memory, (count + 1) * sizeof *rows);
    struct keyed *sorted = arena_alloc(memory, (count + 1) * sizeof *sorted);
    size_t i;

    for (i = 0; i < count; i++)
        rows[i] =
            (struct ordered){ (uint64_t)keyed[i].spot << 32 | keyed[i].category, i };
    order_rows(rows, count, memory);
    for (i = 0; i < count; i++)
        rows[i].key = keyed[rows[i].with].place;
    order_rows(rows, count, memory);
    for (i = 0; i < count; i++)
        sorted[i] = keyed[rows[i].with];
    return sorted;
}

void same_keys_build(const struct facts *facts, enum same_by by, struct arena *memory,
                     struct same_keys *keys)
{
    const struct tickets *tickets = &facts->tickets;
    size_t count = tickets->count, used = 0, i;
    struct arena *scratch = arena_new();
    struct keyed *keyed = arena_alloc(scratch, (count + 1) * sizeof *keyed), *sorted;
    uint32_t *key = arena_alloc(memory, (count + 1) * sizeof *key);
    uint32_t *next = arena_alloc(memory, (count + 1) * sizeof *next);
    uint8_t *place = arena_alloc(memory, count + 1);
    uint32_t *previous = arena_alloc(memory, (count + 1) * sizeof *previous);

    for (i = 0; i < count; i++)
        used += make_key(tickets, i, by, &keyed[used]);
    sorted = sort_keyed(keyed, used, scratch);
    keys->count = 0;
    for (i = 0; i < used; i++) {
        const struct keyed *here = &sorted[i];

        if (i > 0 && here->place == here[-1].place && here->spot == here[-1].spot
            && here->category == here[-1].category) {
            next[here[-1].ticket] = here->ticket + 1;
            previous[here->ticket] = here[-1].ticket + 1;
        } else {
            keys->count++;
        }
        key[here->ticket] = keys->count;
        place[here->ticket] = (uint8_t)(here->place >> 32);
    }
    keys->key = key;
    keys->place = place;
    keys->next = next;
    keys->previous = previous;
    arena_free(scratch);
}

bool ticket_valid(const struct history *history, uint32_t ticket, int64_t cutoff)
{
    return history->left[ticket] == HY_NEVER || history->left[ticket] >= cutoff;
}

bool ticket_open(const struct history *history, uint32_t ticket, int64_t time)
{
    uint32_t t;
    bool open = true;

    for (t = history->first_turn[ticket]; t < history->first_turn[ticket + 1]; t++) {
        if (history->turns[t].flow >= time)
            break;
        open = history->turns[t].kind == TURN_REOPEN;
    }
    return open;
}

static uint32_t next_of(const struct same_keys *keys, const struct history *history,
                        uint32_t ticket, int64_t from, int64_t cutoff, bool valid)
{
    const int64_t *received = history->facts->tickets.received;
    uint32_t other = keys->next[ticket];

    for (; other != 0; other = keys->next[other - 1]) {
        if (received[other - 1] >= cutoff)
            break;
        if (received[other - 1] >= from && received[other - 1] > received[ticket]
            && (!valid || ticket_valid(history, other - 1, cutoff)))
            return other - 1;
    }
    return UINT32_MAX;
}

uint32_t same_next(const struct same_keys *keys, const struct history *history,
                   uint32_t ticket, int64_t from, int64_t cutoff)
{
    return next_of(keys, history, ticket, from, cutoff, true);
}

uint32_t same_next_any(const struct same_keys *keys, const struct history *history,
                       uint32_t ticket, int64_t from, int64_t cutoff)
{
    return next_of(keys, history, ticket, from, cutoff, false);
}

bool asset_shared(const struct facts *facts, uint32_t ticket)
{
    const struct tickets *tickets = &facts->tickets;
    uint32_t asset = tickets->asset[ticket];
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[ticket];

    if (asset == 0 || asset > facts->registers.asset_count)
        return false;
    return facts->registers.assets[asset - 1].registered
           || !flag_known(flags, FLAG_PUBLIC_AREA) || flag_yes(flags, FLAG_PUBLIC_AREA);
}
