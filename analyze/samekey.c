/* samekey.c - tickets of the same problem at the same place, in order of receipt. */
#include "analyze/samekey.h"

#include <stdlib.h>

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

static int compare_keyed(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;

    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->spot != b->spot)
        return a->spot < b->spot ? -1 : 1;
    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

void same_keys_build(const struct facts *facts, enum same_by by, struct arena *memory,
                     struct same_keys *keys)
{
    const struct tickets *tickets = &facts->tickets;
    size_t count = tickets->count, used = 0, i;
    struct keyed *sorted = arena_alloc(memory, (count + 1) * sizeof *sorted);
    uint32_t *key = arena_alloc(memory, (count + 1) * sizeof *key);
    uint32_t *next = arena_alloc(memory, (count + 1) * sizeof *next);
    uint8_t *place = arena_alloc(memory, count + 1);
    uint32_t *previous = arena_alloc(memory, (count + 1) * sizeof *previous);

    for (i = 0; i < count; i++)
        used += make_key(tickets, i, by, &sorted[used]);
    if (used > 1)
        qsort(sorted, used, sizeof *sorted, compare_keyed);
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

uint32_t same_next(const struct same_keys *keys, const struct history *history,
                   uint32_t ticket, int64_t from, int64_t cutoff)
{
    const int64_t *received = history->facts->tickets.received;
    uint32_t other = keys->next[ticket];

    for (; other != 0; other = keys->next[other - 1]) {
        if (received[other - 1] >= cutoff)
            break;
        if (received[other - 1] >= from && received[other - 1] > received[ticket]
            && ticket_valid(history, other - 1, cutoff))
            return other - 1;
    }
    return UINT32_MAX;
}
