/*
 * radix.h - putting many rows in order by counting their digits, not by comparing.
 *
 * Stable: rows with the same key stay as they stood, so that a second order is had
 * by sorting by it first.
 */
#ifndef HY_RADIX_H
#define HY_RADIX_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct ordered {
    uint64_t key, with; /* with: what belongs to the key */
};

/* Ascending by key. */
void order_rows(struct ordered *rows, size_t count, struct arena *memory);

#endif
