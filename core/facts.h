/*
 * facts.h - the month's facts as plain columns, shared by the sisters.
 *
 * One scan out of the store (store_facts.c) fills them; every pass reads them.
 * Times are civil seconds since 1970-01-01 00:00 local (UTC+8); a day is days
 * since 1970-01-01.  Unknown is HY_NEVER for a time and 0 for a code or word
 * id, never a guessed value.  Nothing here names a person: rooms, callers and
 * staff are dense numbers or codes.  Memory belongs to the arena given to
 * store_facts(); columns nobody asked for are NULL.
 *
 * Word ids are positions in `words`, sorted by (domain, bytes), so that their
 * order never depends on the order in which files came.
 */
#ifndef HY_FACTS_H
#define HY_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HY_NEVER INT64_MIN

enum nature {
    NATURE_UNKNOWN,
    NATURE_REPAIR,
    NATURE_COMPLAINT,
    NATURE_SUGGESTION,
    NATURE_ENQUIRY,
    NATURE_HELP,
    NATURE_PRAISE,
    NATURE_PATROL,
    NATURE_OTHER
};
enum channel {
    CHANNEL_UNKNOWN,
    CHANNEL_PHONE,
    CHANNEL_WECHAT,
    CHANNEL_APP,
    CHANNEL_WALKIN,
    CHANNEL_PATROL,
    CHANNEL_GOV,
    CHANNEL_COMMITTEE,
    CHANNEL_IOT,
    CHANNEL_WEB,
    CHANNEL_OTHER
};
enum ticket_status {
    STATUS_UNKNOWN,
    STATUS_NEW,
    STATUS_DISPATCHED,
    STATUS_IN_PROGRESS,
    STATUS_SUSPENDED,
    STATUS_RETURNED,
    STATUS_TRANSFERRED,
    STATUS_REOPENED,
    STATUS_AWAIT_FEEDBACK,
    STATUS_CLOSED,
    STATUS_CLOSED_UNRESOLVED,
    STATUS_VOID,
    STATUS_DUPLICATE
};
enum urgency { URGENCY_UNKNOWN, URGENCY_P1, URGENCY_P2, URGENCY_P3, URGENCY_P4 };
enum revisit_outcome {
    REVISIT_UNKNOWN,
    REVISIT_REACHED,
    REVISIT_NOT_REACHED,
    REVISIT_REFUSED,
    REVISIT_PENDING,
    REVISIT_EXEMPT
};
enum direction {
    DIRECTION_NONE,
    DIRECTION_IN,
    DIRECTION_OUT,
    DIRECTION_INTERNAL,
    DIRECTION_UNKNOWN
};
enum disposition {
    DISPOSITION_NONE,
    DISPOSITION_ANSWERED,
    DISPOSITION_NO_ANSWER,
    DISPOSITION_ABANDONED,
    DISPOSITION_BUSY,
    DISPOSITION_FAILED,
    DISPOSITION_OTHER
};
enum answered_by {
    ANSWERED_NOBODY,
    ANSWERED_HUMAN,
    ANSWERED_IVR,
    ANSWERED_VOICEMAIL,
    ANSWERED_UNKNOWN
};
enum event_kind {
    EVENT_NONE,
    EVENT_RECEIVE,
    EVENT_DISPATCH,
    EVENT_TAKE,
    EVENT_RESPOND,
    EVENT_ARRIVE,
    EVENT_TRANSFER,
    EVENT_RETURN,
    EVENT_PAUSE,
    EVENT_RESUME,
    EVENT_COMPLETE,
    EVENT_REOPEN,
    EVENT_CLOSE,
    EVENT_REVISIT,
    EVENT_RATE,
    EVENT_DEADLINE_MOVED,
    EVENT_URGE,
    EVENT_PROMISE,
    EVENT_VOID,
    EVENT_MERGE,
    EVENT_RECLASSIFY
};

/* Pairs (known, yes) in tickets.flags: known = 1 << bit, yes = 2 << bit. */
enum ticket_flag {
    FLAG_PUBLIC_AREA = 0,
    FLAG_ANONYMOUS = 2,
    FLAG_RESOLVED = 4,
    FLAG_OVERDUE = 6,
    FLAG_DUPLICATE = 8,
    FLAG_DEFAULT_RATING = 10
};

/* Bits of tickets.date_only, in the order of the time columns of `ticket` in
 * core/schema.sql: the time has no time of day (00:00 stands for the day). */
enum date_only {
    DATE_ONLY_RECEIVED = 1 << 0,
    DATE_ONLY_RECORDED = 1 << 1,
    DATE_ONLY_RESPONDED = 1 << 2,
    DATE_ONLY_DISPATCHED = 1 << 3,
    DATE_ONLY_ACCEPTED = 1 << 4,
    DATE_ONLY_ARRIVED = 1 << 5,
    DATE_ONLY_DUE = 1 << 6,
    DATE_ONLY_FIRST_COMPLETED = 1 << 7,
    DATE_ONLY_REOPENED = 1 << 8,
    DATE_ONLY_COMPLETED = 1 << 9,
    DATE_ONLY_CLOSED = 1 << 10,
    DATE_ONLY_REVISITED = 1 << 11,
    DATE_ONLY_APPOINTED = 1 << 12,
    DATE_ONLY_PAUSED = 1 << 13,
    DATE_ONLY_RESUMED = 1 << 14,
    DATE_ONLY_OCCURRED = 1 << 15,
    DATE_ONLY_UPDATED = 1 << 16,
    DATE_ONLY_VOIDED = 1 << 17
};

/* A rating byte: scale << 4 | score, 0 = none; scale is 2, 3, 5 or 10. */
#define RATING_SCORE(rating) ((rating)&15)
#define RATING_SCALE(rating) ((rating) >> 4)

enum { SERIAL_BITS = 47 };

enum word_domain {
    WORD_NONE,
    WORD_CATEGORY,
    WORD_DEPARTMENT,
    WORD_BUILDING,
    WORD_GRID,
    WORD_ASSET,
    WORD_STAFF,
    WORD_OUTCOME,
    WORD_NUMBER,
    WORD_SPOT,
    WORD_OTHER
};

struct words {
    size_t count;            /* ids 1 .. count-1; 0 is "not filled in" */
    const char *const *text; /* NUL-ended UTF-8 */
    const uint8_t *domain;   /* enum word_domain */
    /* of a member of staff by the register, NULL = not said; the whole NULL = of nobody
     */
    const char *const *role;
};

struct tickets { /* sorted by (received, number bytes) */
    size_t count;
    const int64_t *received, *recorded, *responded, *dispatched, *accepted, *arrived,
        *due, *due_first, *first_completed, *reopened, *completed, *closed, *revisited,
        *paused, *resumed, *updated, *voided;
    const int64_t *first_seen; /* what the first file that shows it speaks of */
    const uint32_t *date_only; /* enum date_only */
    const uint8_t *nature, *nature_first, *channel, *status, *urgency, *urgency_first,
        *revisit_outcome, *rating_resident, *rating_staff;
    const uint16_t *flags;  /* enum ticket_flag */
    const uint8_t *columns; /* enum ticket_columns of the winning row's part */
    /* word ids */
    const uint32_t *category; /* the narrowest named: category2, else category1 */
    const uint32_t *category1, *department, *department_first, *outcome, *building,
        *grid, *spot, *number, *recorder, *handler, *visitor;
    /* The digits at the end of the number in the lower SERIAL_BITS, above them what
     * stands before (equal = same, no other meaning); 0 = no such number. */
    const uint64_t *serial;
    /* dense numbers from 1: equal = same, no other meaning; 0 = unknown */
    const uint32_t *household;   /* a front door */
    const uint32_t *asset;       /* 1 + index in registers.assets */
    const uint32_t *contact;     /* a caller or account */
    const uint32_t *merged_into; /* 1 + index of the ticket it was merged into */
    const uint16_t *contacts;    /* calls, messages, visits behind it, at least 1 */
    const uint8_t *gap_before; /* numbers of its series missing just before its own; at
                                  most 50, a longer gap is a numbering begun anew */
    /* RATING_SCALE and RATING_SCORE of two matters rated apart; 0 = not rated */
    const uint8_t *rating_speed, *rating_quality;
    const uint16_t *transfers_stated, *reopens_stated; /* 0xFFFF = not stated */
};

/* What the part that gave the winning row has a column for (DOMAIN 2.13.3). */
enum ticket_columns {
    COLUMN_COMPLETED = 1,
    COLUMN_CLOSED = 2,
    COLUMN_DUE = 4,
    COLUMN_RESPONDED = 8,
    COLUMN_REVISITED = 16,
    COLUMN_RATING = 32,
    COLUMN_HISTORY = 64,  /* an event log: no step among its rows is no step at all */
    COLUMN_REOPENED = 128 /* or how often */
};

struct events { /* sorted by (ticket, at, seq); own rows, trails */
    size_t count;
    const uint32_t *ticket; /* index in tickets */
    const uint8_t *kind;    /* enum event_kind */
    const int64_t *at;      /* HY_NEVER = order known, time not */
    const uint32_t *from_department, *to_department, *staff, *reason;
};

/* Facts of a ticket that read otherwise in a later export of the same source: the edit
 * happened after `before` and was seen at `seen`. */
enum change_kind { CHANGE_DUE = 1, CHANGE_COMPLETED, CHANGE_NATURE, CHANGE_URGENCY };

struct changes { /* sorted by (ticket, seen, what) */
    size_t count;
    const uint32_t *ticket;   /* index in tickets */
    const uint8_t *what;      /* enum change_kind */
    const int64_t *was, *now; /* seconds or code; HY_NEVER = empty */
    const int64_t *before, *seen;
};

/* In an earlier export, and not in a later one of the same source that covers the time
 * it was received and has 80 % of its neighbours (DOMAIN 2.13.13). */
struct vanished { /* sorted by ticket */
    size_t count;
    const uint32_t *ticket;
    const int64_t *seen; /* of the export that lacks it */
};

struct calls { /* sorted by (start, number bytes) */
    size_t count;
    const int64_t *start, *answer, *finish, *queued;
    const int32_t *wait, *talk, *duration; /* seconds, -1 = unknown */
    const uint8_t *direction, *disposition, *answered_by, *hangup_by;
    const uint32_t *contact, *agent, *queue; /* dense; word; word */
    const uint32_t *ticket;                  /* 1 + linked ticket, 0 none */
};

struct asset {
    uint32_t code, name, kind, building; /* word ids */
    int32_t installed, retired;          /* days, INT32_MIN = not known */
    bool registered;                     /* false: only named by a ticket */
};

struct exposure {      /* households of a place from a day on */
    uint32_t building; /* word id; 0 = the whole estate */
    int32_t from_day;
    int32_t households, occupied; /* -1 = not known */
};

struct statement { /* written by people to be published (本月说明) */
    int32_t month; /* year * 12 + month - 1 */
    const char *section, *text, *department, *author;
};

struct promise {        /* 老大难登记: what holds a ticket up, what is promised */
    const char *number; /* the ticket's, as written */
    uint32_t ticket;    /* 1 + index in tickets; 0 = not come, or not asked for */
    const char *reason, *department, *next_step;
    int32_t promised, kept; /* days, INT32_MIN = not said */
    bool shown;             /* promised to the public */
};

struct measure { /* 整改登记 */
    const char *number, *subject, *place, *title, *department, *state, *public_text;
    int32_t opened, due, done; /* days, INT32_MIN = not said */
};

enum correction_state {
    CORRECTION_NO_TICKET, /* not come, or tickets were not asked for */
    CORRECTION_APPLIED,
    CORRECTION_AGREED, /* the source says the new value itself */
    CORRECTION_OTHER   /* the source says neither: the old value does not match */
};

struct correction { /* 更正登记: already in the columns above where applied */
    const char *number, *source, *field; /* map's name; canonical field */
    const char *old, *new; /* seconds ('d' behind: a day), code, or word; "-" nothing */
    const char *reason, *evidence, *staff;
    int32_t day;
    enum correction_state state;
};

enum said { SAID_NOTHING, SAID_YES, SAID_PARTLY, SAID_NO }; /* nothing: or not sure */

struct objection { /* 疑问登记: what was asked about a notice, and the answer */
    const char *number, *about, *answer;
    int32_t received, answered; /* days, INT32_MIN = not said */
    uint8_t changed;            /* enum said: a figure was corrected */
};

enum contact_made {
    CONTACT_NOT_TRIED,
    CONTACT_REACHED,
    CONTACT_SILENT,
    CONTACT_REFUSED
};

struct callback { /* 抽查回访: one case drawn, what the record and the owner say */
    const char *sample; /* "202610-03"; a spare one "202610-备03" */
    int32_t month;      /* the cases were completed in it; INT32_MIN = not understood */
    bool spare, reopen; /* reopen: the owner wants it taken up again */
    uint8_t contact;    /* enum contact_made */
    uint8_t own;        /* enum said, as are those below: the owner reported it */
    uint8_t recorded_solved, told_solved;
    uint8_t recorded_visited, told_visited;
    uint8_t recorded_score, told_score; /* 1..5, 0 = none */
};

enum round_state { ROUND_ON_TIME, ROUND_EARLY, ROUND_LATE, ROUND_MISSED, ROUND_STATES };

struct round {             /* 巡查: one round planned at one place */
    int64_t planned, done; /* seconds; HY_NEVER = not made */
    uint8_t state;         /* enum round_state */
};

struct registers {
    size_t objection_count, callback_count;
    const struct objection *objections; /* by (series, number) bytes */
    const struct callback *callbacks;   /* by (series, number) bytes */
    size_t correction_count;
    const struct correction *corrections; /* by day, number, field */
    size_t promise_count, measure_count;
    const struct promise *promises; /* by (series, number) bytes */
    const struct measure *measures; /* by (series, number) bytes */
    size_t round_count;
    const struct round *rounds; /* by (series, number) bytes */
    size_t asset_count, exposure_count, statement_count;
    const struct asset *assets;         /* sorted by (kind, code) bytes */
    const struct exposure *exposures;   /* sorted by (building, from_day) */
    const struct statement *statements; /* by (month, section, row) */
};

/* One sheet of one live file as it was read.  What depends on the order of loading
 * (new, updated, known) is not here: two folders with the same files tell the same. */
struct source_part {
    const char *source;  /* the map's name */
    const char *print;   /* first eight hex digits of the file's SHA-256 */
    int64_t from, until; /* first and last receipt in it; HY_NEVER = none */
    int64_t rows, rejected, skipped;
};

struct quiet { /* days of a channel of which a person confirmed: nothing came in */
    uint8_t channel;
    int32_t first, last; /* days, both included */
};

struct ledger { /* of all live files */
    int64_t files, rows, loaded, updated, duplicate, rejected, skipped;
    int64_t first_received, last_received; /* seconds; HY_NEVER without tickets */
    int64_t horizon;                       /* latest as_of of any part; HY_NEVER */
    bool no_ends; /* there are tickets, and no file is a log of events or has a column
                     that would tell of an end: completion, close, void or state */
    size_t part_count;
    const struct source_part *parts; /* by (source, from, print) */
};

struct facts {
    struct tickets tickets;
    struct events events;
    struct changes changes;   /* with the events */
    struct vanished vanished; /* with the events */
    struct calls calls;
    struct registers registers;
    struct ledger ledger;
    size_t quiet_count; /* answers: whoever knows the wording fills them in, not the */
    const struct quiet *quiets; /* store (cli/questions.h) */
    const struct words *words;
};

static inline bool flag_known(uint16_t flags, enum ticket_flag flag)
{
    return (flags >> flag & 1) != 0;
}

static inline bool flag_yes(uint16_t flags, enum ticket_flag flag)
{
    return (flags >> flag & 3) == 3;
}

#endif
