/*
 * order.h - putting many rows in order by counting their digits, not by comparing.
 *
 * Stable: rows with the same key stay as they stood, so that a second order is had
 * by sorting by it first.
 */
#ifndef HY_ORDER_H
#define HY_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct ordered {
    uint64_t key, with; /* with: what belongs to the key */
};

/* Ascending by key. */
void order_rows(struct ordered *rows, size_t count, struct arena *memory);
/* A key that orders as the number does; -0 and 0 are the same, NaN comes last. */
uint64_t order_number(double number);
double order_value(uint64_t key);
/* The value at a place (0 ..) of the ascending order; rearranges the values so that
 * none before the place is greater and none after it smaller. */
double order_nth(double *values, size_t count, size_t place);

#endif
