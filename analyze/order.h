/*
 * order.h - numbers as keys of core/radix.h, and the n-th of numbers in no order.
 */
#ifndef HY_ORDER_H
#define HY_ORDER_H

#include "core/radix.h"

/* A key that orders as the number does; -0 and 0 are the same, NaN comes last. */
uint64_t order_number(double number);
double order_value(uint64_t key);
/* The value at a place (0 ..) of the ascending order; rearranges the values so that
 * none before the place is greater and none after it smaller. */
double order_nth(double *values, size_t count, size_t place);

#endif
