/*
 * arena.h - memory with a lifetime instead of memory with an owner.
 *
 * A function that gives memory back takes the arena to put it in; nothing from
 * an arena is freed singly.  Lifetimes: batch (reset when the ring hands it
 * back), file, run.  Allocation never returns NULL: when the machine has no
 * memory left, one constant line is written and the process ends with 71.
 */
#ifndef HY_ARENA_H
#define HY_ARENA_H

#include <stddef.h>

#include "core/status.h"

struct arena;

struct arena *arena_new(void);
void arena_reset(struct arena *arena); /* everything in it is gone */
void arena_free(struct arena *arena);  /* NULL is allowed */
/* What is in the other lives as long as the first from now on; the other is gone. */
void arena_join(struct arena *arena, struct arena *other);

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, 16-aligned */
/* The first `length` bytes of an open file, read-only, as long as the arena; NULL where
 * they cannot be mapped. */
const void *arena_map(struct arena *arena, int file, size_t length);
char *arena_copy(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *fmt, ...) HY_PRINTF(2, 3);

/* For the allocator handed to a library that does not look (yajl): what it got, or the
 * same end. */
void *arena_or_end(void *memory);

/* A bigger copy of old (may be NULL); old stays until the arena goes.  Grow by
 * doubling: then the waste is bounded by the size of the last array. */
void *arena_grow(struct arena *arena, const void *old, size_t old_size,
                 size_t new_size);
/* Room for one more of that size at the end of a growing array, counted: all of *items
 * (NULL at first), *count and *room (0 at first) are the array's own.  What was handed
 * out before may have moved when *count was *room. */
void *arena_more(struct arena *arena, void **items, size_t *count, size_t *room,
                 size_t size);

#endif
