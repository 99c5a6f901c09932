/*
 * cases.h - the tickets behind one figure of the whole estate in one month.
 *
 * While a log hangs on the splits, counters and samples note which ticket moved
 * them; what is written down for the metric asked for becomes its cases.
 */
#ifndef HY_CASES_H
#define HY_CASES_H

#include "analyze/lifecycle.h"

enum case_role {
    CASE_COUNTED = 1, /* in the numerator, or in a plain count */
    CASE_BASE = 2     /* in the denominator, or among the values */
};

struct case_row {
    uint32_t ticket;
    uint8_t roles; /* bits of enum case_role */
};

struct case_log {
    const struct metrics *metrics;
    struct arena *memory;
    uint16_t metric, part; /* part 0: the metric itself, else its first counts */
    int32_t month;
    bool found; /* some pass made the figure from tickets */
    size_t count, room;
    struct case_row *rows;
};

/* True when what goes by this name in this month is asked for. */
bool cases_wanted(const struct case_log *log, const char *name, int32_t month);
void cases_note(struct case_log *log, uint32_t ticket, enum case_role role);
/* One row a ticket, in the order of receipt. */
void cases_settle(struct case_log *log);

/* Fills log->rows: the log names metric, part, month and memory.  found stays false
 * when no pass makes the figure ticket by ticket (calls, rates of time). */
enum status analyze_cases(const struct facts *facts, const struct settings *settings,
                          const struct metrics *metrics, int64_t cutoff_override,
                          struct case_log *log, struct error *err);

#endif
