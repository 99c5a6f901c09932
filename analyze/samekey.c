/* samekey.c - tickets of the same problem at the same place, in order of receipt. */
#include "analyze/samekey.h"

#include <pthread.h>

struct keyed {
    uint64_t place; /* kind of key above, dense number below; 0 = no key */
    uint32_t spot, category;
};

/* Keys already met, by open addressing. */
struct met {
    struct keyed keyed;
    uint32_t key, last; /* its number; 1 + the last ticket that has it */
};

enum { AHEAD = 16 }; /* keys looked at before their turn: their slots lie far apart */

static uint32_t at(const uint32_t *column, size_t i)
{
    return column == NULL ? 0 : column[i];
}

static void make_key(const struct tickets *tickets, size_t i, enum same_by by,
                     struct keyed *keyed)
{
    uint32_t home = at(tickets->household, i), building = at(tickets->building, i);
    uint64_t kind = 0, number = 0;

    *keyed = (struct keyed){ .category = at(tickets->category, i) };
    if (keyed->category == 0)
        return;
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
    keyed->place = number == 0 ? 0 : kind << 32 | number;
}

static size_t slot_of(const struct keyed *keyed, size_t room)
{
    uint64_t hash = keyed->place * UINT64_C(0x9E3779B97F4A7C15)
                    ^ ((uint64_t)keyed->spot << 32 | keyed->category)
                          * UINT64_C(0xC2B2AE3D27D4EB4F);

    return (size_t)((hash ^ hash >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> 32)
           & (room - 1);
}

static struct met *find(struct met *met, size_t room, const struct keyed *keyed)
{
    size_t slot = slot_of(keyed, room);

    while (met[slot].key != 0
           && (met[slot].keyed.place != keyed->place
               || met[slot].keyed.spot != keyed->spot
               || met[slot].keyed.category != keyed->category))
        slot = (slot + 1) & (room - 1);
    return &met[slot];
}

/* Tickets stand in order of receipt, so each comes after the last one of its key. */
static void build(const struct facts *facts, enum same_by by, struct arena *memory,
                  struct same_keys *keys)
{
    const struct tickets *tickets = &facts->tickets;
    size_t count = tickets->count, room = AHEAD, i;
    struct arena *scratch = arena_new();
    uint32_t *key = arena_alloc(memory, (count + 1) * sizeof *key);
    uint32_t *next = arena_alloc(memory, (count + 1) * sizeof *next);
    uint8_t *place = arena_alloc(memory, count + 1);
    uint32_t *previous = arena_alloc(memory, (count + 1) * sizeof *previous);
    struct keyed ahead[AHEAD];
    struct met *met;

    while (room < count + count / 2)
        room *= 2;
    met = arena_alloc(scratch, room * sizeof *met);
    keys->count = 0;
    for (i = 0; i < count + AHEAD; i++) {
        struct keyed *turn = &ahead[i % AHEAD];

        if (i >= AHEAD && turn->place != 0) {
            uint32_t ticket = (uint32_t)(i - AHEAD);
            struct met *same = find(met, room, turn);

            if (same->key == 0)
                *same = (struct met){ *turn, ++keys->count, 0 };
            else
                next[same->last - 1] = ticket + 1;
            previous[ticket] = same->last;
            same->last = ticket + 1;
            key[ticket] = same->key;
            place[ticket] = (uint8_t)(turn->place >> 32);
        }
        if (i < count) {
            make_key(tickets, i, by, turn);
            __builtin_prefetch(&met[slot_of(turn, room)]);
        } else {
            turn->place = 0;
        }
    }
    keys->key = key;
    keys->place = place;
    keys->next = next;
    keys->previous = previous;
    arena_free(scratch);
}

struct same_shared {
    pthread_mutex_t lock;
    struct arena *memory;
    const struct same_keys *made[SAME_HOUSEHOLD + 1]; /* NULL = not yet */
};

struct same_shared *same_shared_new(void)
{
    struct arena *memory = arena_new();
    struct same_shared *shared = arena_alloc(memory, sizeof *shared);

    shared->memory = memory;
    if (pthread_mutex_init(&shared->lock, NULL) == 0)
        return shared;
    arena_free(memory);
    return NULL;
}

void same_shared_free(struct same_shared *shared)
{
    if (shared == NULL)
        return;
    (void)pthread_mutex_destroy(&shared->lock);
    arena_free(shared->memory);
}

static const struct same_keys *built(const struct facts *facts, enum same_by by,
                                     struct arena *memory)
{
    struct same_keys *keys = arena_alloc(memory, sizeof *keys);

    build(facts, by, memory, keys);
    return keys;
}

const struct same_keys *same_keys_of(const struct context *context,
                                     const struct facts *facts, enum same_by by,
                                     struct arena *memory)
{
    struct same_shared *shared = context->same;
    const struct same_keys *keys;

    if (shared == NULL)
        return built(facts, by, memory);
    (void)pthread_mutex_lock(&shared->lock);
    keys = shared->made[by];
    if (keys == NULL)
        keys = shared->made[by] = built(facts, by, shared->memory);
    (void)pthread_mutex_unlock(&shared->lock);
    return keys;
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
