/* store_cache.c - a hash map and growing id lists, as long-lived as their arena. */
#include "core/store_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256, FIRST_IDS = 64, AHEAD = 12 };

struct entry {
    uint64_t hash;
    int64_t value;
    const char *key; /* NULL = free slot */
    size_t length;
};

struct cache {
    struct arena *memory;
    struct entry *slots;
    size_t count, room; /* room is a power of two */
};

struct cache *cache_new(struct arena *memory)
{
    struct cache *cache = arena_alloc(memory, sizeof *cache);

    cache->memory = memory;
    cache->room = FIRST_SLOTS;
    cache->slots = arena_alloc(memory, cache->room * sizeof *cache->slots);
    return cache;
}

size_t cache_count(const struct cache *cache)
{
    return cache->count;
}

static struct entry *slot_of(struct cache *cache, uint64_t hash, const void *key,
                             size_t length)
{
    size_t at = hash & (cache->room - 1);

    for (;; at = (at + 1) & (cache->room - 1)) {
        struct entry *entry = &cache->slots[at];

        if (entry->key == NULL)
            return entry;
        if (entry->hash == hash && entry->length == length
            && memcmp(entry->key, key, length) == 0)
            return entry;
    }
}

static void grow(struct cache *cache)
{
    struct entry *old = cache->slots;
    size_t count = cache->room, i;

    cache->room *= 2;
    cache->slots = arena_alloc(cache->memory, cache->room * sizeof *cache->slots);
    for (i = 0; i < count; i++)
        if (old[i].key != NULL)
            *slot_of(cache, old[i].hash, old[i].key, old[i].length) = old[i];
}

int64_t *cache_at(struct cache *cache, const void *key, size_t length, int64_t fresh,
                  bool *made)
{
    uint64_t hash = hash_fast(key, length, 0);
    struct entry *entry;

    if (cache->count * 2 >= cache->room)
        grow(cache);
    entry = slot_of(cache, hash, key, length);
    *made = entry->key == NULL;
    if (*made) {
        entry->key = arena_copy(cache->memory, key, length);
        entry->length = length;
        entry->hash = hash;
        entry->value = fresh;
        cache->count++;
    }
    return &entry->value;
}

static size_t slot_of_number(int64_t key, size_t room)
{
    uint64_t hash = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15);

    return (size_t)(hash >> 32) & (room - 1);
}

static struct numbered *numbered_at(struct numbered *slots, size_t room, int64_t key)
{
    size_t at = slot_of_number(key, room);

    while (slots[at].key != 0 && slots[at].key != key)
        at = (at + 1) & (room - 1);
    return &slots[at];
}

uint32_t dense_number(struct numbering *numbering, int64_t key, struct arena *memory)
{
    struct numbered *slot;
    size_t i;

    if (key <= 0)
        return 0;
    if ((size_t)numbering->last * 2 >= numbering->room) {
        size_t room = numbering->room == 0 ? FIRST_SLOTS : numbering->room * 2;
        struct numbered *slots = arena_alloc(memory, room * sizeof *slots);

        for (i = 0; i < numbering->room; i++)
            if (numbering->slots[i].key != 0)
                *numbered_at(slots, room, numbering->slots[i].key) =
                    numbering->slots[i];
        numbering->slots = slots;
        numbering->room = room;
    }
    slot = numbered_at(numbering->slots, numbering->room, key);
    if (slot->key == 0) {
        slot->key = key;
        slot->value = ++numbering->last;
    }
    return slot->value;
}

bool numbering_holds(const int64_t *keys, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (keys[i] > 0)
            return true;
    return false;
}

/* The slots lie all over memory: each is called for before its turn. */
void dense_numbers(struct numbering *numbering, const int64_t *keys, size_t count,
                   uint32_t *out, struct arena *memory)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (i + AHEAD < count && numbering->room > 0)
            __builtin_prefetch(
                &numbering->slots[slot_of_number(keys[i + AHEAD], numbering->room)]);
        out[i] = dense_number(numbering, keys[i], memory);
    }
}

void ids_add(struct ids *ids, struct arena *memory, int64_t id)
{
    if (ids->count > 0 && ids->at[ids->count - 1] == id)
        return;
    if (ids->count == ids->room) {
        size_t room = ids->room == 0 ? FIRST_IDS : ids->room * 2;

        ids->at = arena_grow(memory, ids->at, ids->room * sizeof *ids->at,
                             room * sizeof *ids->at);
        ids->room = room;
    }
    ids->at[ids->count++] = id;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

void ids_unique(struct ids *ids)
{
    size_t i, kept = 0;

    if (ids->count == 0)
        return;
    qsort(ids->at, ids->count, sizeof *ids->at, compare_ids);
    for (i = 1; i < ids->count; i++)
        if (ids->at[i] != ids->at[kept])
            ids->at[++kept] = ids->at[i];
    ids->count = kept + 1;
}
