/*
 * lifecycle.h - what happened to each ticket, as it was known at a cut-off.
 *
 * history_build() reads the columns once: completions and reopenings in order
 * (those only inferred marked as such, DOMAIN 2.13.3), the time of a void or
 * merge, and the deadlines (the file's own first, else the settings').
 * lives_build() then looks at one period: every ticket that was in play in it,
 * with everything at or after the cut-off blanked.
 */
#ifndef HY_LIFECYCLE_H
#define HY_LIFECYCLE_H

#include "analyze/pass.h"

enum standing { STANDING_VALID, STANDING_VOID, STANDING_MERGED };
enum turn_kind {
    TURN_COMPLETE,
    TURN_REOPEN,
    TURN_LATER /* completed once more
without a reopening between: moves the last completion, is no flow event */
};

struct turn {
    int64_t at;    /* as recorded */
    int64_t flow;  /* not before the receipt: what the account uses */
    uint8_t kind;  /* enum turn_kind */
    bool inferred; /* counts in the account, not in durations */
    bool date_only;
};

enum due_from { DUE_NONE, DUE_FILE, DUE_SETTINGS };

struct deadline {
    int64_t due, respond, arrive; /* last second in time, inclusive; HY_NEVER */
    uint8_t from;                 /* enum due_from, of due */
    bool uncovered;               /* the calendar ends before it: 日历未覆盖 */
};

struct history {
    const struct facts *facts;
    const struct settings *settings;
    const uint32_t *first_turn; /* count + 1 positions in turns */
    const struct turn *turns;
    const uint32_t *first_event; /* count + 1 positions in facts->events */
    const int64_t *left;         /* time of a void or merge, HY_NEVER none */
    const uint8_t *standing;     /* enum standing, when all is known */
    const struct deadline *deadlines;
    const int64_t *last_touch; /* nothing of the ticket is after it */
    bool logs_moves;           /* some trail notes when a deadline is moved */
    bool no_ends;              /* nobody ever told when a ticket came to an end */
    size_t undated_voids;      /* voids whose time had to be guessed */
};

enum life_mark {
    LIFE_OPEN = 1 << 0,          /* open at the cut-off */
    LIFE_RECEIVED = 1 << 1,      /* received in the period */
    LIFE_OPENING = 1 << 2,       /* open when it began */
    LIFE_CLOSING = 1 << 3,       /* open when it ended */
    LIFE_FIRST_CONTACT = 1 << 4, /* resolved at first contact: not A */
    LIFE_INFERRED = 1 << 5,      /* last completion is inferred */
    LIFE_DATE_ONLY = 1 << 6,     /* receipt or last completion is */
    LIFE_COMPLETED = 1 << 7,     /* last completion in the period */
    LIFE_LEFT_OPEN = 1 << 8,     /* void or merged since it began, and
                                    not completed by its end */
    LIFE_GROSS_OPENING = 1 << 9
}; /* opening, had no void been known */

struct life {
    uint32_t ticket;
    uint16_t marks;                /* enum life_mark */
    uint8_t standing;              /* enum standing at the cut-off */
    uint8_t inferred;              /* completions in the period only inferred */
    uint16_t completions, reopens; /* flow events in the period */
    int64_t first_completed;       /* before the cut-off, else HY_NEVER */
    int64_t completed;             /* last one, not reopened before the cut-off */
};

enum { SPLIT_COUNT = 8 }; /* the splits of analyze/tally.h */

struct lifecycles {
    const struct history *history;
    const struct splits *splits; /* analyze/tally.h */
    struct period period;
    int64_t before_from, before_until; /* the period one month earlier */
    bool empty;                        /* outside the data: nothing may be said */
    bool pool;                         /* several months in one */
    size_t count;
    const struct life *items;            /* by ticket */
    const uint8_t *present[SPLIT_COUNT]; /* keys that had work in the period */
};

void history_build(const struct facts *facts, const struct settings *settings,
                   struct arena *memory, struct history *history);
void lives_build(const struct history *history, const struct period *period,
                 int64_t before_from, int64_t before_until, struct arena *memory,
                 struct lifecycles *lives);

/* Where a month begins: on month_start of the month before when the office closes its
 * books early (26 = the October book runs from 26 September). */
int64_t book_start(const struct settings *settings, int32_t month);

/* A time of the ticket as known at the cut-off: HY_NEVER from it on. */
static inline int64_t known_before(int64_t time, int64_t cutoff)
{
    return time != HY_NEVER && time < cutoff ? time : HY_NEVER;
}

static inline bool within(int64_t time, int64_t from, int64_t until)
{
    return time != HY_NEVER && time >= from && time < until;
}

/* SLA-01: an actionable ticket whose deadline fell in the period, before the cut-off.
 */
bool life_due(const struct lifecycles *lives, const struct life *life, bool *in_time);

/* Its deadline fell in the period, before the cut-off, and at the cut-off there is no
 * completion that stands: still open or opened again, withdrawn, or merged away.  What
 * leaves every denominator is counted here, so that no praise can rest on it (METHODS
 * 0.5.1, 0.5.4). */
bool life_missing(const struct lifecycles *lives, const struct life *life);

/* The nature it had first: a later one cannot take a ticket out of what is judged
 * (METHODS 0.5.5). */
uint8_t nature_first(const struct tickets *tickets, uint32_t ticket);

/* The first completion of all that is known, whatever the cut-off; HY_NEVER. */
int64_t first_completion(const struct history *history, uint32_t ticket);

/* Whether an earlier state could have been seen (DOMAIN 2.13.10): a ticket that came to
 * us completed may have had any deadline or nature before.  What counts is the file,
 * not the cut-off: open at the end of the month and completed when the file was
 * written, it was never seen open. */
bool life_watched(const struct history *history, const struct life *life);

/* Seconds from receipt to a time; whole days when either has no time of day. */
int64_t elapsed(int64_t from, bool from_date_only, int64_t until, bool until_date_only);

/* Changes of department before the cut-off and returns to one already held;
 * false when only a bare counter is known (then *returns is 0).  An event log has every
 * step among its rows, so that its counter, which counts being given to somebody for
 * the first time too, is not needed. */
bool transfers_before(const struct history *history, uint32_t ticket, int64_t cutoff,
                      uint32_t *changes, uint32_t *returns);
/* Events of a kind before the cut-off (those without a time count). */
uint32_t events_before(const struct history *history, uint32_t ticket,
                       enum event_kind kind, int64_t cutoff);

#endif
