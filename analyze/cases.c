/* cases.c - notes which tickets a figure was made of. */
#include "analyze/cases.h"

#include <stdlib.h>

bool cases_wanted(const struct case_log *log, const char *name, int32_t month)
{
    uint16_t metric, part;

    return log != NULL && month == log->month
           && metrics_name(log->metrics, name, &metric, &part) >= 0
           && metric == log->metric && part == log->part;
}

void cases_note(struct case_log *log, uint32_t ticket, enum case_role role)
{
    if (log->count == log->room) {
        size_t room = log->room == 0 ? 256 : log->room * 2;

        log->rows = arena_grow(log->memory, log->rows, log->count * sizeof *log->rows,
                               room * sizeof *log->rows);
        log->room = room;
    }
    log->rows[log->count++] = (struct case_row){ ticket, (uint8_t)role };
}

static int compare_rows(const void *left, const void *right)
{
    const struct case_row *a = left, *b = right;

    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

void cases_settle(struct case_log *log)
{
    size_t used = 0, i;

    if (log->count > 1)
        qsort(log->rows, log->count, sizeof *log->rows, compare_rows);
    for (i = 0; i < log->count; i++) {
        if (used > 0 && log->rows[used - 1].ticket == log->rows[i].ticket)
            log->rows[used - 1].roles |= log->rows[i].roles;
        else
            log->rows[used++] = log->rows[i];
    }
    log->count = used;
}
