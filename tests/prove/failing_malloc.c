/*
 * failing_malloc.c - a preloaded allocator whose Nth allocation fails.
 *
 * FAIL_AT=n: the nth one; FAIL_ON=1: and all after it; FAIL_COUNT=FILE: how many there
 * were.  Children inherit it, each with a count of its own.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);
static char early[1 << 16]; /* dlsym itself allocates */
static size_t early_used;
static long made, fail_at;
static bool fail_on, looking;

static bool find_real(void)
{
    const char *at = getenv("FAIL_AT");

    if (real_free != NULL)
        return true;
    if (looking)
        return false;
    looking = true;
    real_malloc = dlsym(RTLD_NEXT, "malloc");
    real_calloc = dlsym(RTLD_NEXT, "calloc");
    real_realloc = dlsym(RTLD_NEXT, "realloc");
    real_free = dlsym(RTLD_NEXT, "free");
    fail_at = at != NULL ? atol(at) : 0;
    fail_on = getenv("FAIL_ON") != NULL;
    return true;
}

static void *from_early(size_t size)
{
    void *block = early + early_used;

    early_used += (size + 31) & ~(size_t)15;
    return block;
}

static bool is_early(const void *block)
{
    return (const char *)block >= early && (const char *)block < early + sizeof early;
}

static bool fails(void)
{
    long number = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);

    if (fail_at <= 0 || (fail_on ? number < fail_at : number != fail_at))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    if (!find_real())
        return from_early(size);
    return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (!find_real())
        return from_early(count * size);
    return fails() ? NULL : real_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    void *new;

    if (find_real() && !is_early(old))
        return fails() ? NULL : real_realloc(old, size);
    new = malloc(size);
    if (new != NULL && old != NULL)
        memcpy(new, old, size);
    return new;
}

void free(void *block)
{
    if (block != NULL && !is_early(block) && find_real())
        real_free(block);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("FAIL_COUNT");
    int file = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;

    if (file >= 0) {
        (void)dprintf(file, "%ld\n", made);
        close(file);
    }
}
