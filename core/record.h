/*
 * record.h - one row after its map: canonical fields, the plain data that
 * passes from ingest to the store.
 *
 * The tables below are the vocabulary of maps ("canonical fields" of
 * design/MAPS.md) and of the store.  A row gives exactly the fields whose
 * column the file has: bit `group` of record.present.  present but empty means
 * the cell says "empty"; not present means the file says nothing.
 */
#ifndef HY_RECORD_H
#define HY_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

/* Numbers are those of source.kind in schema.sql. */
enum record_kind {
    KIND_TICKET = 1,
    KIND_HISTORY,
    KIND_EVENT,
    KIND_CALL,
    KIND_PATROL,
    KIND_MEASURE,
    KIND_ASSET,
    KIND_HOUSEHOLD,
    KIND_PARTIAL,
    KIND_CORRECTION,
    KIND_STATEMENT,
    KIND_HARD,
    KIND_OBJECTION,
    KIND_AUDIT,
    KIND_ANSWER,
    KIND_DEPARTMENT,
    KIND_STAFF,
    KIND_COUNT
};

enum field_type {
    TYPE_KEY,     /* text: an identifier, folded (NFKC, trimmed, upper) */
    TYPE_TIME,    /* number: civil seconds; date_only */
    TYPE_CODE,    /* number: code of `domain` (value_synonyms.tsv order) */
    TYPE_FLAG,    /* number: 0 or 1 */
    TYPE_COUNT,   /* number >= 0 */
    TYPE_RATING,  /* number: scale << 4 | score */
    TYPE_TERM,    /* text: a word of an open vocabulary, NFC, trimmed */
    TYPE_PLACE,   /* text: one level of a place */
    TYPE_STAFF,   /* text: staff code or keyed pseudonym */
    TYPE_CONTACT, /* text: hex digits of the keyed HMAC, the first 16 count */
    TYPE_TEXT     /* text: free text, already masked */
};

struct field_spec {
    const char *name; /* canonical, as in maps: "received_at" */
    enum field_type type;
    uint8_t group;      /* bit in present, 0..62 */
    const char *domain; /* TYPE_CODE: "nature"; else NULL */
};

/* The fields of a kind; the same list for TICKET, HISTORY and PARTIAL. */
const struct field_spec *record_fields(enum record_kind kind, size_t *count);
int record_field(enum record_kind kind, const char *name); /* index or -1 */
const char *record_kind_name(enum record_kind kind);       /* "ticket" */
int record_kind_find(const char *name);                    /* -1 = no such */

/* Indices into the ticket fields, in the order of the table in record.c. */
enum ticket_field {
    F_TICKET_NO,
    F_RECEIVED_AT,
    F_RECORDED_AT,
    F_RESPONDED_AT,
    F_DISPATCHED_AT,
    F_ACCEPTED_AT,
    F_ARRIVED_AT,
    F_DUE_AT,
    F_FIRST_COMPLETED_AT,
    F_REOPENED_AT,
    F_COMPLETED_AT,
    F_CLOSED_AT,
    F_REVISITED_AT,
    F_APPOINTED_AT,
    F_PAUSED_AT,
    F_RESUMED_AT,
    F_OCCURRED_AT,
    F_UPDATED_AT,
    F_VOIDED_AT,
    F_NATURE,
    F_CHANNEL,
    F_STATUS,
    F_URGENCY,
    F_REVISIT_OUTCOME,
    F_PUBLIC_AREA,
    F_ANONYMOUS,
    F_RESOLVED_FLAG,
    F_TIMEOUT_FLAG,
    F_DUPLICATE_FLAG,
    F_DEFAULT_RATING,
    F_CATEGORY1,
    F_CATEGORY2,
    F_OUTCOME,
    F_DEPARTMENT,
    F_COMMUNITY,
    F_GRID,
    F_BUILDING,
    F_UNIT,
    F_SPOT,
    F_ROOM,
    F_ASSET_ID,
    F_ASSET_NAME,
    F_CONTACT,
    F_RECORDER,
    F_HANDLER,
    F_VISITOR,
    F_RATING_RESIDENT,
    F_RATING_STAFF,
    F_SAT_SPEED,
    F_SAT_ATTITUDE,
    F_SAT_QUALITY,
    F_TRANSFER_COUNT,
    F_RETURN_COUNT,
    F_REDISPATCH_COUNT,
    F_URGE_COUNT,
    F_EXTENSION,
    F_REOPEN_COUNT,
    F_DURATION,
    F_MODIFIED,
    F_SUBJECT,
    F_CONTENT,
    F_RESULT,
    F_REVISIT_RESULT,
    F_REMARK,
    F_ADDRESS,
    F_TRAIL,
    F_MERGED_INTO,
    F_REOPENS,
    TICKET_FIELDS
};

enum call_field {
    C_CALL_ID,
    C_LINKED_ID,
    C_START_AT,
    C_ANSWER_AT,
    C_FINISH_AT,
    C_QUEUED_AT,
    C_CONTACT,
    C_LAST_APP,
    C_DURATION,
    C_BILLED,
    C_WAIT,
    C_DISPOSITION,
    C_DIRECTION,
    C_ANSWERED_BY,
    C_HANGUP_BY,
    C_AGENT,
    C_QUEUE,
    C_LINE,
    CALL_FIELDS
};

enum asset_field {
    A_ASSET_ID,
    A_ASSET_NAME,
    A_ASSET_KIND,
    A_COMMUNITY,
    A_BUILDING,
    A_INSTALLED,
    A_RETIRED,
    ASSET_FIELDS
};

enum household_field {
    H_COMMUNITY,
    H_BUILDING,
    H_FROM_DAY,
    H_GRID,
    H_UNITS,
    H_HOUSEHOLDS,
    H_OCCUPIED,
    HOUSEHOLD_FIELDS
};

/* Registers people write: stored as {field: text}; F of each kind by name. */
enum statement_field {
    S_MONTH,
    S_SECTION,
    S_TEXT,
    S_DEPARTMENT,
    S_AUTHOR,
    S_NUMBER,
    STATEMENT_FIELDS
};

/* One thing that happened to a ticket, a row of its own. */
enum event_field {
    E_TICKET_NO,
    E_EVENT,
    E_EVENT_AT,
    E_FROM_DEPARTMENT,
    E_TO_DEPARTMENT,
    E_STAFF,
    E_REASON,
    E_OLD,
    E_NEW,
    EVENT_FIELDS
};

enum measure_field {
    M_NUMBER,
    M_OPENED,
    M_SUBJECT,
    M_PLACE,
    M_WHY,
    M_TITLE,
    M_DEPARTMENT,
    M_DUE,
    M_DONE,
    M_STATE,
    M_CANCELLED,
    M_PUBLIC,
    MEASURE_FIELDS
};

enum hard_field {
    L_TICKET_NO,
    L_REASON,
    L_DEPARTMENT,
    L_NEXT_STEP,
    L_PROMISED,
    L_PUBLIC,
    L_KEPT,
    HARD_FIELDS
}; /* 老大难 */

enum objection_field {
    O_NUMBER,
    O_RECEIVED,
    O_SOURCE,
    O_ABOUT,
    O_ANSWER,
    O_ANSWERED,
    O_CORRECTED,
    OBJECTION_FIELDS
};

enum department_field { D_NAME, D_ENGLISH, D_PUBLIC, D_POSITION, DEPARTMENT_FIELDS };

enum correction_field { /* 更正登记: a human's word against a source's */
                        K_TICKET_NO,
                        K_SOURCE,
                        K_FIELD, /* canonical name */
                        K_OLD, /* both as stored: seconds, canonical word, or the text;
                                  "" = nothing */
                        K_NEW,
                        K_REASON,
                        K_EVIDENCE,
                        K_STAFF,
                        K_AT,
                        CORRECTION_FIELDS
};

enum audit_field { /* 抽查回访: what the committee heard */
                   U_SAMPLE,
                   U_TAIL,
                   U_SUBJECT,
                   U_COMPLETED,
                   U_RESOLVED,
                   U_REVISITED,
                   U_REACHED,
                   U_OWN,
                   U_SOLVED,
                   U_WHEN,
                   U_CALLED_BACK,
                   U_REOPEN,
                   AUDIT_FIELDS
};

enum patrol_field { /* 巡查: one planned round at one place, and what it found */
                    P_NUMBER,
                    P_PLANNED,
                    P_DONE,  /* empty: not gone there */
                    P_STATE, /* 准时 早到 迟到 未到, as written */
                    P_PLACE,
                    P_ASSET,
                    P_FINDING,
                    P_SUBJECT,
                    P_FOUND,
                    P_TICKET_NO, /* raised from it; the ticket's own file counts it */
                    P_DEPARTMENT,
                    P_STAFF,
                    PATROL_FIELDS
};

enum staff_field { W_CODE, W_ROLE, W_DEPARTMENT, W_FROM, W_UNTIL, STAFF_FIELDS };

enum answer_field { Q_QUESTION, Q_ANSWER, ANSWER_FIELDS }; /* 待确认 */

enum { RECORD_FIELDS = 72 }; /* room for the widest kind */

struct record_value {
    struct text text;
    int64_t number;
    bool empty, date_only;
    uint32_t hint; /* not 0: within a part the same for this field and text alone */
};

struct record {
    uint64_t row_no;  /* physical row, 1-based */
    uint64_t present; /* bit per field group */
    struct record_value value[RECORD_FIELDS];
    struct text natural; /* natural key text (U+001F between), or absent */
    struct text raw;     /* JSON array of the cell texts, for rejects */
    /* Of the bytes the row came in, 0 = not to be known again by them: no word of it
     * was asked about, so that leaving it out changes no count. */
    int64_t raw_hash;
    /* Made by store_settle(), which needs no database: */
    bool settled;         /* values are canonical, the following are filled in */
    int64_t hash, latest; /* of the canonical fields; latest event time or HY_NEVER */
    int64_t room;         /* pseudonym of the front door, 0 = none */
};

/* Reject reasons: code domain 'reject' of schema.sql. */
enum reject_reason {
    REJECT_NONE,
    REJECT_NO_NUMBER,
    REJECT_NO_RECEIVED,
    REJECT_BAD_TIME,
    REJECT_BAD_VALUE,
    REJECT_TOO_LONG,
    REJECT_BAD_ENCODING,
    REJECT_COLUMN_COUNT,
    REJECT_NO_START,
    REJECT_COUNT
};
const char *reject_name(enum reject_reason reason);

#endif
