/* arena.c - blocks in a chain; the newest is kept on reset. */
#include "core/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    BLOCK_SIZE = 64 * 1024,
    SMALL = 16 * BLOCK_SIZE,     /* less is kept on reset whatever it was used for */
    HUGE_PAGE = 2 * 1024 * 1024, /* of the usual machines; elsewhere as good a size */
    HUGE_MOST = 8,               /* pages in a block nobody asked for that big */
    ALIGNMENT = 16
};

struct block {
    struct block *older;
    size_t used, size;
    size_t clean; /* bytes from here on have been zero since they came */
    void *map;    /* goes with the block, may be the block; NULL = none */
    size_t map_length;
    _Alignas(16) unsigned char bytes[];
};

struct arena {
    struct block *newest;
    size_t total; /* bytes of its blocks */
    size_t want; /* what it held before a reset that gave all back: in one block next */
};

/* The one exception to "nothing below cli/ prints or exits" (DESIGN rule 7). */
void *arena_or_end(void *memory)
{
    static const char line[] = "huiyin: 内存不足 out of memory\n";

    if (memory == NULL) {
        ssize_t ignored = write(STDERR_FILENO, line, sizeof line - 1);

        (void)ignored;
        _exit(HY_MEMORY);
    }
    return memory;
}

struct arena *arena_new(void)
{
    return arena_or_end(calloc(1, sizeof(struct arena)));
}

static void block_free(struct block *block)
{
    void *map = block->map;
    bool itself = map == (void *)block;

    if (map != NULL)
        (void)munmap(map, block->map_length);
    if (!itself)
        free(block);
}

static void free_chain(struct block *block)
{
    while (block != NULL) {
        struct block *older = block->older;

        block_free(block);
        block = older;
    }
}

/* What is filled month by month asks for the same again, and the system would clear it
 * every time: so it is given one block of all, and keeps it while it needs a quarter.
 */
void arena_reset(struct arena *arena)
{
    struct block *kept = arena->newest;
    size_t used = 0;
    const struct block *block;

    if (kept == NULL)
        return;
    for (block = kept; block != NULL; block = block->older)
        used += block->used;
    if (used > SMALL ? kept->older == NULL && used >= kept->size / 4
                     : kept->size <= SMALL && kept->map == NULL) {
        free_chain(kept->older);
        kept->older = NULL;
        if (kept->clean < kept->used)
            kept->clean = kept->used;
        kept->used = 0;
        arena->total = kept->size;
        return;
    }
    free_chain(kept);
    *arena = (struct arena){ .want = used > SMALL ? used : 0 };
}

void arena_join(struct arena *arena, struct arena *other)
{
    struct block **last = &arena->newest;

    while (*last != NULL) /* behind: the newest block may have room left */
        last = &(*last)->older;
    *last = other->newest;
    arena->total += other->total;
    free(other);
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    free_chain(arena->newest);
    free(arena);
}

/* Columns of a million rows: a fault for every 4 KiB of them took a fifth of the time.
 * The map is the block itself and goes with it. */
static struct block *block_huge(size_t length)
{
    struct block *block =
        mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (block == MAP_FAILED)
        return NULL;
    (void)madvise(block, length, MADV_HUGEPAGE); /* where there is such a thing */
    block->map = block;
    block->map_length = length;
    return block;
}

/* An arena that holds much will hold more: whole huge pages, a quarter of it at most.
 */
static size_t block_length(const struct arena *arena, size_t least)
{
    size_t pages = arena->total / 4 / HUGE_PAGE;
    size_t length = sizeof(struct block) + (least > BLOCK_SIZE ? least : BLOCK_SIZE);

    if (length < arena->want)
        length = arena->want;
    pages = pages < HUGE_MOST ? pages : HUGE_MOST;
    return length > pages * HUGE_PAGE ? length : pages * HUGE_PAGE;
}

static struct block *block_link(struct arena *arena, struct block *block, size_t length,
                                bool zeroes)
{
    block->older = arena->newest;
    block->size = length - sizeof *block;
    block->used = 0;
    block->clean = zeroes ? 0 : block->size;
    arena->newest = block;
    arena->total += length;
    arena->want = 0;
    return block;
}

/* Big blocks come straight from the system, which gives zeroes: to write them once
 * more would cost as much as to use them. */
static struct block *block_new(struct arena *arena, size_t least)
{
    size_t length = block_length(arena, least);
    bool big = length > sizeof(struct block) + BLOCK_SIZE, huge = length >= HUGE_PAGE;
    struct block *block;

    if (least > SIZE_MAX / 2)
        arena_or_end(NULL);
    block = arena_or_end(huge  ? block_huge(length)
                         : big ? calloc(1, length)
                               : malloc(length));
    if (!huge)
        block->map = NULL;
    return block_link(arena, block, length, big);
}

const void *arena_map(struct arena *arena, int file, size_t length)
{
    void *map = mmap(NULL, length, PROT_READ, MAP_SHARED, file, 0);
    struct block *block;

    if (map == MAP_FAILED)
        return NULL;
    block = arena_or_end(malloc(sizeof *block));
    block_link(arena, block, sizeof *block, true);
    block->map = map;
    block->map_length = length;
    return map;
}

static void *take(struct arena *arena, size_t size)
{
    struct block *block = arena->newest;
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *memory;

    if (rounded < size)
        arena_or_end(NULL);
    if (block == NULL || block->size - block->used < rounded)
        block = block_new(arena, rounded);
    memory = block->bytes + block->used;
    block->used += rounded;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    unsigned char *memory = take(arena, size);
    const struct block *block = arena->newest;
    size_t from = (size_t)(memory - block->bytes);

    if (from < block->clean)
        memset(memory, 0, size < block->clean - from ? size : block->clean - from);
    return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = take(arena, length + 1);

    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, fmt);
    length = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (length < 0)
        arena_or_end(NULL);
    text = arena_alloc(arena, (size_t)length + 1);
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)length + 1, fmt, args);
    va_end(args);
    return text;
}

void *arena_grow(struct arena *arena, const void *old, size_t old_size, size_t new_size)
{
    char *bigger = arena_alloc(arena, new_size);

    if (old_size > 0)
        memcpy(bigger, old, old_size);
    return bigger;
}

void *arena_more(struct arena *arena, void **items, size_t *count, size_t *room,
                 size_t size)
{
    if (*count == *room) {
        *room = *room * 2 + 64;
        *items = arena_grow(arena, *items, *count * size, *room * size);
    }
    return (char *)*items + (*count)++ * size;
}
