/* radix.c - rows put in order by the digits of their keys, the lowest first. */
#include "core/radix.h"

#include <stdbool.h>
#include <string.h>

enum {
    KEY_BITS = 64,
    MANY_BITS = 11, /* of a digit: to count few rows takes less than to clear counts */
    FEW_BITS = 8,
    MANY = 4096,
    FEW = 48
};

static size_t digit(uint64_t key, int bits, int at)
{
    return (size_t)(key >> (at * bits)) & (((size_t)1 << bits) - 1);
}

static void insert_few(struct ordered *rows, size_t count)
{
    size_t i, j;

    for (i = 1; i < count; i++) {
        struct ordered row = rows[i];

        for (j = i; j > 0 && rows[j - 1].key > row.key; j--)
            rows[j] = rows[j - 1];
        rows[j] = row;
    }
}

/* One digit: from one array into the other; false when all rows share it. */
static bool move_rows(const struct ordered *from, struct ordered *to, size_t count,
                      size_t *begin, int bits, int at)
{
    size_t sum = 0, b, i;

    if (begin[digit(from[0].key, bits, at)] == count)
        return false;
    for (b = 0; b < (size_t)1 << bits; b++) {
        size_t here = begin[b];

        begin[b] = sum;
        sum += here;
    }
    for (i = 0; i < count; i++)
        to[begin[digit(from[i].key, bits, at)]++] = from[i];
    return true;
}

/* How often each digit stands at each place; false: they are in order already. */
static bool count_digits(const struct ordered *rows, size_t count, int bits, int digits,
                         size_t *begin)
{
    bool sorted = true;
    size_t i;
    int at;

    for (i = 0; i < count; i++) {
        sorted = sorted && (i == 0 || rows[i - 1].key <= rows[i].key);
        for (at = 0; at < digits; at++)
            begin[((size_t)at << bits) + digit(rows[i].key, bits, at)]++;
    }
    return !sorted;
}

void order_rows(struct ordered *rows, size_t count, struct arena *memory)
{
    int bits = count < MANY ? FEW_BITS : MANY_BITS, at;
    int digits = (KEY_BITS + bits - 1) / bits;
    struct ordered *from = rows, *to;
    size_t *begin;

    if (count < FEW) {
        insert_few(rows, count);
        return;
    }
    begin = arena_alloc(memory, ((size_t)digits << bits) * sizeof *begin);
    if (!count_digits(rows, count, bits, digits, begin))
        return;
    to = arena_alloc(memory, count * sizeof *to);
    for (at = 0; at < digits; at++) {
        struct ordered *other = from;

        if (!move_rows(from, to, count, begin + ((size_t)at << bits), bits, at))
            continue;
        from = to;
        to = other;
    }
    if (from != rows)
        memcpy(rows, from, count * sizeof *rows);
}
