/* order.c - keys that order as numbers do, and the n-th of unsorted numbers. */
#include "analyze/order.h"

#include <math.h>
#include <string.h>

#include "analyze/stats.h"

enum { MOST_ROUNDS = 100 };

uint64_t order_number(double number)
{
    const uint64_t sign = (uint64_t)1 << 63;
    uint64_t bits;

    if (isnan(number))
        return UINT64_MAX;
    number += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &number, sizeof bits);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

double order_value(uint64_t key)
{
    const uint64_t sign = (uint64_t)1 << 63;
    double number;

    if (key == UINT64_MAX)
        return NAN;
    key = (key & sign) != 0 ? key & ~sign : ~key;
    memcpy(&number, &key, sizeof number);
    return number;
}

static void swap(double *a, double *b)
{
    double kept = *a;

    *a = *b;
    *b = kept;
}

/* Hoare's selection; numbers laid out to defeat it are sorted instead. */
double order_nth(double *values, size_t count, size_t place)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)count - 1, nth = (ptrdiff_t)place;
    int rounds = 0;

    while (low < high) {
        ptrdiff_t i = low, j = high;
        double pivot = values[nth];

        if (++rounds > MOST_ROUNDS) {
            stats_sort(values + low, (size_t)(high - low + 1));
            break;
        }
        do {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j)
                swap(&values[i++], &values[j--]);
        } while (i <= j);
        if (j < nth)
            low = i;
        if (nth < i)
            high = j;
    }
    return values[place];
}
