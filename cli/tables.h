/*
 * tables.h - the figures of a month as rows with names, in one fixed order: what is
 * published, hashed, kept and compared.
 */
#ifndef HY_TABLES_H
#define HY_TABLES_H

#include "core/results.h"
#include "core/store.h"

/* Figures of one month; a hidden or missing value is blanked. */
void tables_rows(const struct results *results, int32_t month, struct arena *memory,
                 const struct shown_row **rows, size_t *count);
/* As CSV with a head line; lines of one metric stand together.  starts (may be NULL)
 * gets the offset of each row and the end: count + 1 of them. */
const char *tables_csv(const struct shown_row *rows, size_t count, int32_t month,
                       struct arena *memory, size_t **starts);
/* The same figure, as it was and is: -1, 0, 1 by name; equal values. */
int tables_order(const struct shown_row *a, const struct shown_row *b);
bool tables_same(const struct shown_row *a, const struct shown_row *b);
/* "SLA-01" of "SLA-01.x". */
size_t tables_metric_length(const char *name);

#endif
