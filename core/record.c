/* record.c - the vocabulary: canonical fields of every kind, as tables. */
#include "core/record.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct field_spec ticket_fields[TICKET_FIELDS] = {
    [F_TICKET_NO] = { "ticket_no", TYPE_KEY, 0, NULL },
    [F_RECEIVED_AT] = { "received_at", TYPE_TIME, 1, NULL },
    [F_RECORDED_AT] = { "recorded_at", TYPE_TIME, 2, NULL },
    [F_RESPONDED_AT] = { "responded_at", TYPE_TIME, 3, NULL },
    [F_DISPATCHED_AT] = { "dispatched_at", TYPE_TIME, 4, NULL },
    [F_ACCEPTED_AT] = { "accepted_at", TYPE_TIME, 5, NULL },
    [F_ARRIVED_AT] = { "arrived_at", TYPE_TIME, 6, NULL },
    [F_DUE_AT] = { "due_at", TYPE_TIME, 7, NULL },
    [F_FIRST_COMPLETED_AT] = { "first_completed_at", TYPE_TIME, 8, NULL },
    [F_REOPENED_AT] = { "reopened_at", TYPE_TIME, 9, NULL },
    [F_COMPLETED_AT] = { "completed_at", TYPE_TIME, 10, NULL },
    [F_CLOSED_AT] = { "closed_at", TYPE_TIME, 11, NULL },
    [F_REVISITED_AT] = { "revisited_at", TYPE_TIME, 12, NULL },
    [F_APPOINTED_AT] = { "appointed_at", TYPE_TIME, 13, NULL },
    [F_PAUSED_AT] = { "paused_at", TYPE_TIME, 14, NULL },
    [F_RESUMED_AT] = { "resumed_at", TYPE_TIME, 15, NULL },
    [F_OCCURRED_AT] = { "occurred_at", TYPE_TIME, 16, NULL },
    [F_UPDATED_AT] = { "updated_at", TYPE_TIME, 17, NULL },
    [F_VOIDED_AT] = { "voided_at", TYPE_TIME, 18, NULL },
    [F_NATURE] = { "nature", TYPE_CODE, 19, "nature" },
    [F_CHANNEL] = { "channel", TYPE_CODE, 20, "channel" },
    [F_STATUS] = { "status", TYPE_CODE, 21, "status" },
    [F_URGENCY] = { "urgency", TYPE_CODE, 22, "urgency" },
    [F_REVISIT_OUTCOME] = { "revisit_outcome", TYPE_CODE, 23, "revisit_outcome" },
    [F_PUBLIC_AREA] = { "public_area", TYPE_FLAG, 24, NULL },
    [F_ANONYMOUS] = { "anonymous", TYPE_FLAG, 25, NULL },
    [F_RESOLVED_FLAG] = { "resolved_flag", TYPE_FLAG, 26, NULL },
    [F_TIMEOUT_FLAG] = { "timeout_flag", TYPE_FLAG, 27, NULL },
    [F_DUPLICATE_FLAG] = { "duplicate_flag", TYPE_FLAG, 28, NULL },
    [F_DEFAULT_RATING] = { "default_rating", TYPE_FLAG, 29, NULL },
    [F_CATEGORY1] = { "category1", TYPE_TERM, 30, NULL },
    [F_CATEGORY2] = { "category2", TYPE_TERM, 31, NULL },
    [F_OUTCOME] = { "outcome", TYPE_TERM, 32, NULL },
    [F_DEPARTMENT] = { "department", TYPE_TERM, 33, NULL },
    [F_COMMUNITY] = { "community", TYPE_PLACE, 34, NULL },
    [F_GRID] = { "grid", TYPE_PLACE, 35, NULL },
    [F_BUILDING] = { "building", TYPE_PLACE, 34, NULL },
    [F_UNIT] = { "unit", TYPE_PLACE, 34, NULL },
    [F_SPOT] = { "spot", TYPE_PLACE, 34, NULL },
    [F_ROOM] = { "room", TYPE_PLACE, 34, NULL },
    [F_ASSET_ID] = { "asset_id", TYPE_TERM, 34, NULL },
    [F_ASSET_NAME] = { "asset_name", TYPE_TERM, 34, NULL },
    [F_CONTACT] = { "reporter_phone", TYPE_CONTACT, 36, NULL },
    [F_RECORDER] = { "recorder", TYPE_STAFF, 37, NULL },
    [F_HANDLER] = { "handler", TYPE_STAFF, 38, NULL },
    [F_VISITOR] = { "visitor", TYPE_STAFF, 39, NULL },
    [F_RATING_RESIDENT] = { "rating_resident", TYPE_RATING, 40, NULL },
    [F_RATING_STAFF] = { "rating_staff", TYPE_RATING, 41, NULL },
    [F_SAT_SPEED] = { "sat_speed", TYPE_COUNT, 42, NULL },
    [F_SAT_ATTITUDE] = { "sat_attitude", TYPE_COUNT, 42, NULL },
    [F_SAT_QUALITY] = { "sat_quality", TYPE_COUNT, 42, NULL },
    [F_TRANSFER_COUNT] = { "transfer_count", TYPE_COUNT, 43, NULL },
    [F_RETURN_COUNT] = { "return_count", TYPE_COUNT, 44, NULL },
    [F_REDISPATCH_COUNT] = { "redispatch_count", TYPE_COUNT, 45, NULL },
    [F_URGE_COUNT] = { "urge_count", TYPE_COUNT, 46, NULL },
    [F_EXTENSION] = { "extension", TYPE_COUNT, 47, NULL },
    [F_REOPEN_COUNT] = { "reopen_count", TYPE_COUNT, 48, NULL },
    [F_DURATION] = { "duration_text", TYPE_COUNT, 49, NULL },
    [F_MODIFIED] = { "modified", TYPE_COUNT, 50, NULL },
    [F_SUBJECT] = { "subject", TYPE_TEXT, 51, NULL },
    [F_CONTENT] = { "content", TYPE_TEXT, 52, NULL },
    [F_RESULT] = { "result", TYPE_TEXT, 53, NULL },
    [F_REVISIT_RESULT] = { "revisit_result", TYPE_TEXT, 54, NULL },
    [F_REMARK] = { "remark", TYPE_TEXT, 55, NULL },
    [F_ADDRESS] = { "address", TYPE_TEXT, 56, NULL },
    [F_TRAIL] = { "trail", TYPE_TEXT, 57, NULL },
    [F_MERGED_INTO] = { "merged_into", TYPE_KEY, 58, NULL },
    [F_REOPENS] = { "reopens", TYPE_KEY, 59, NULL },
};

static const struct field_spec call_fields[CALL_FIELDS] = {
    [C_CALL_ID] = { "call_id", TYPE_KEY, 0, NULL },
    [C_LINKED_ID] = { "linked_id", TYPE_KEY, 1, NULL },
    [C_START_AT] = { "start_at", TYPE_TIME, 2, NULL },
    [C_ANSWER_AT] = { "answer_at", TYPE_TIME, 3, NULL },
    [C_FINISH_AT] = { "finish_at", TYPE_TIME, 4, NULL },
    [C_QUEUED_AT] = { "queued_at", TYPE_TIME, 5, NULL },
    [C_CONTACT] = { "contact", TYPE_CONTACT, 6, NULL },
    [C_LAST_APP] = { "last_app", TYPE_TERM, 7, NULL },
    [C_DURATION] = { "duration", TYPE_COUNT, 8, NULL },
    [C_BILLED] = { "billed", TYPE_COUNT, 9, NULL },
    [C_WAIT] = { "wait", TYPE_COUNT, 10, NULL },
    [C_DISPOSITION] = { "disposition", TYPE_CODE, 11, "disposition" },
    [C_DIRECTION] = { "direction", TYPE_CODE, 12, "direction" },
    [C_ANSWERED_BY] = { "answered_by", TYPE_CODE, 13, "answered_by" },
    [C_HANGUP_BY] = { "hangup_by", TYPE_CODE, 14, "hangup_by" },
    [C_AGENT] = { "agent", TYPE_STAFF, 15, NULL },
    [C_QUEUE] = { "queue", TYPE_TERM, 16, NULL },
    [C_LINE] = { "line", TYPE_TERM, 17, NULL },
};

static const struct field_spec asset_fields[ASSET_FIELDS] = {
    [A_ASSET_ID] = { "asset_id", TYPE_TERM, 0, NULL },
    [A_ASSET_NAME] = { "asset_name", TYPE_TERM, 1, NULL },
    [A_ASSET_KIND] = { "asset_kind", TYPE_TERM, 2, NULL },
    [A_COMMUNITY] = { "community", TYPE_PLACE, 3, NULL },
    [A_BUILDING] = { "building", TYPE_PLACE, 4, NULL },
    [A_INSTALLED] = { "installed", TYPE_TIME, 5, NULL },
    [A_RETIRED] = { "retired", TYPE_TIME, 6, NULL },
};

static const struct field_spec household_fields[HOUSEHOLD_FIELDS] = {
    [H_COMMUNITY] = { "community", TYPE_PLACE, 0, NULL },
    [H_BUILDING] = { "building", TYPE_PLACE, 1, NULL },
    [H_FROM_DAY] = { "from_day", TYPE_TIME, 2, NULL },
    [H_GRID] = { "grid", TYPE_PLACE, 3, NULL },
    [H_UNITS] = { "units", TYPE_COUNT, 4, NULL },
    [H_HOUSEHOLDS] = { "households", TYPE_COUNT, 5, NULL },
    [H_OCCUPIED] = { "occupied", TYPE_COUNT, 6, NULL },
};

static const struct field_spec statement_fields[STATEMENT_FIELDS] = {
    [S_MONTH] = { "month", TYPE_TERM, 0, NULL },
    [S_SECTION] = { "section", TYPE_TERM, 1, NULL },
    [S_TEXT] = { "text", TYPE_TEXT, 2, NULL },
    [S_DEPARTMENT] = { "department", TYPE_TERM, 3, NULL },
    [S_AUTHOR] = { "author", TYPE_TERM, 4, NULL },
    [S_NUMBER] = { "number", TYPE_KEY, 5, NULL },
};

static const struct field_spec event_fields[EVENT_FIELDS] = {
    [E_TICKET_NO] = { "ticket_no", TYPE_KEY, 0, NULL },
    [E_EVENT] = { "event", TYPE_CODE, 1, "event" },
    [E_EVENT_AT] = { "event_at", TYPE_TIME, 2, NULL },
    [E_FROM_DEPARTMENT] = { "from_department", TYPE_TERM, 3, NULL },
    [E_TO_DEPARTMENT] = { "to_department", TYPE_TERM, 4, NULL },
    [E_STAFF] = { "staff", TYPE_STAFF, 5, NULL },
    [E_REASON] = { "reason", TYPE_TERM, 6, NULL },
    [E_OLD] = { "old", TYPE_TERM, 7, NULL },
    [E_NEW] = { "new", TYPE_TERM, 8, NULL },
};

static const struct field_spec measure_fields[MEASURE_FIELDS] = {
    [M_NUMBER] = { "number", TYPE_KEY, 0, NULL },
    [M_OPENED] = { "opened", TYPE_TIME, 1, NULL },
    [M_SUBJECT] = { "subject", TYPE_TERM, 2, NULL },
    [M_PLACE] = { "place", TYPE_TERM, 3, NULL },
    [M_WHY] = { "why", TYPE_TEXT, 4, NULL },
    [M_TITLE] = { "title", TYPE_TEXT, 5, NULL },
    [M_DEPARTMENT] = { "department", TYPE_TERM, 6, NULL },
    [M_DUE] = { "due", TYPE_TIME, 7, NULL },
    [M_DONE] = { "done", TYPE_TIME, 8, NULL },
    [M_STATE] = { "state", TYPE_TERM, 9, NULL },
    [M_CANCELLED] = { "cancelled_why", TYPE_TEXT, 10, NULL },
    [M_PUBLIC] = { "public_text", TYPE_TEXT, 11, NULL },
};

static const struct field_spec hard_fields[HARD_FIELDS] = {
    [L_TICKET_NO] = { "ticket_no", TYPE_KEY, 0, NULL },
    [L_REASON] = { "reason", TYPE_TERM, 1, NULL },
    [L_DEPARTMENT] = { "department", TYPE_TERM, 2, NULL },
    [L_NEXT_STEP] = { "next_step", TYPE_TEXT, 3, NULL },
    [L_PROMISED] = { "promised", TYPE_TIME, 4, NULL },
    [L_PUBLIC] = { "public_promise", TYPE_FLAG, 5, NULL },
    [L_KEPT] = { "kept", TYPE_TIME, 6, NULL },
};

static const struct field_spec objection_fields[OBJECTION_FIELDS] = {
    [O_NUMBER] = { "number", TYPE_KEY, 0, NULL },
    [O_RECEIVED] = { "received", TYPE_TIME, 1, NULL },
    [O_SOURCE] = { "source", TYPE_TERM, 2, NULL },
    [O_ABOUT] = { "about", TYPE_TEXT, 3, NULL },
    [O_ANSWER] = { "answer", TYPE_TEXT, 4, NULL },
    [O_ANSWERED] = { "answered", TYPE_TIME, 5, NULL },
    [O_CORRECTED] = { "corrected", TYPE_FLAG, 6, NULL },
};

static const struct field_spec department_fields[DEPARTMENT_FIELDS] = {
    [D_NAME] = { "name", TYPE_TERM, 0, NULL },
    [D_ENGLISH] = { "english", TYPE_TERM, 1, NULL },
    [D_PUBLIC] = { "public_name", TYPE_TERM, 2, NULL },
    [D_POSITION] = { "position", TYPE_COUNT, 3, NULL },
};

static const struct field_spec answer_fields[ANSWER_FIELDS] = {
    [Q_QUESTION] = { "question", TYPE_TERM, 0, NULL },
    [Q_ANSWER] = { "answer", TYPE_TERM, 1, NULL },
};

static const struct field_spec correction_fields[CORRECTION_FIELDS] = {
    [K_TICKET_NO] = { "ticket_no", TYPE_KEY, 0, NULL },
    [K_SOURCE] = { "source", TYPE_TERM, 1, NULL },
    [K_FIELD] = { "field", TYPE_TERM, 2, NULL },
    [K_OLD] = { "old", TYPE_TERM, 3, NULL },
    [K_NEW] = { "new", TYPE_TERM, 4, NULL },
    [K_REASON] = { "reason", TYPE_TEXT, 5, NULL },
    [K_EVIDENCE] = { "evidence", TYPE_TEXT, 6, NULL },
    [K_STAFF] = { "staff", TYPE_STAFF, 7, NULL },
    [K_AT] = { "at", TYPE_TIME, 8, NULL },
};

static const struct field_spec audit_fields[AUDIT_FIELDS] = {
    [U_SAMPLE] = { "sample_no", TYPE_KEY, 0, NULL },
    [U_TAIL] = { "tail", TYPE_KEY, 1, NULL },
    [U_SUBJECT] = { "subject", TYPE_TERM, 2, NULL },
    [U_COMPLETED] = { "said_completed", TYPE_TERM, 3, NULL },
    [U_RESOLVED] = { "said_resolved", TYPE_TERM, 4, NULL },
    [U_REVISITED] = { "said_revisited", TYPE_TERM, 5, NULL },
    [U_REACHED] = { "reached", TYPE_TERM, 6, NULL },
    [U_OWN] = { "own", TYPE_TERM, 7, NULL },
    [U_SOLVED] = { "solved", TYPE_TERM, 8, NULL },
    [U_WHEN] = { "when", TYPE_TEXT, 9, NULL },
    [U_CALLED_BACK] = { "called_back", TYPE_TEXT, 10, NULL },
    [U_REOPEN] = { "reopen", TYPE_FLAG, 11, NULL },
};

static const struct field_spec patrol_fields[PATROL_FIELDS] = {
    [P_NUMBER] = { "number", TYPE_KEY, 0, NULL },
    [P_PLANNED] = { "planned", TYPE_TIME, 1, NULL },
    [P_DONE] = { "done", TYPE_TIME, 2, NULL },
    [P_STATE] = { "state", TYPE_TERM, 3, NULL },
    [P_PLACE] = { "place", TYPE_TERM, 4, NULL },
    [P_ASSET] = { "asset_id", TYPE_TERM, 5, NULL },
    [P_FINDING] = { "finding", TYPE_FLAG, 6, NULL },
    [P_SUBJECT] = { "subject", TYPE_TERM, 7, NULL },
    [P_FOUND] = { "found", TYPE_TEXT, 8, NULL },
    [P_TICKET_NO] = { "ticket_no", TYPE_KEY, 9, NULL },
    [P_DEPARTMENT] = { "department", TYPE_TERM, 10, NULL },
    [P_STAFF] = { "staff", TYPE_STAFF, 11, NULL },
};

static const struct field_spec staff_fields[STAFF_FIELDS] = {
    [W_CODE] = { "code", TYPE_STAFF, 0, NULL },
    [W_ROLE] = { "role", TYPE_TERM, 1, NULL },
    [W_DEPARTMENT] = { "department", TYPE_TERM, 2, NULL },
    [W_FROM] = { "from_day", TYPE_TIME, 3, NULL },
    [W_UNTIL] = { "until_day", TYPE_TIME, 4, NULL },
};

static const struct kind {
    const char *name;
    const struct field_spec *fields;
    size_t count;
} kinds[KIND_COUNT] = {
    [KIND_TICKET] = { "ticket", ticket_fields, COUNT(ticket_fields) },
    [KIND_HISTORY] = { "history", ticket_fields, COUNT(ticket_fields) },
    [KIND_EVENT] = { "event", event_fields, COUNT(event_fields) },
    [KIND_MEASURE] = { "measure", measure_fields, COUNT(measure_fields) },
    [KIND_HARD] = { "hard", hard_fields, COUNT(hard_fields) },
    [KIND_OBJECTION] = { "objection", objection_fields, COUNT(objection_fields) },
    [KIND_DEPARTMENT] = { "department", department_fields, COUNT(department_fields) },
    [KIND_PATROL] = { "patrol", patrol_fields, COUNT(patrol_fields) },
    [KIND_CALL] = { "call", call_fields, COUNT(call_fields) },
    [KIND_ASSET] = { "asset", asset_fields, COUNT(asset_fields) },
    [KIND_HOUSEHOLD] = { "household", household_fields, COUNT(household_fields) },
    [KIND_PARTIAL] = { "partial", ticket_fields, COUNT(ticket_fields) },
    [KIND_ANSWER] = { "answer", answer_fields, COUNT(answer_fields) },
    [KIND_CORRECTION] = { "correction", correction_fields, COUNT(correction_fields) },
    [KIND_AUDIT] = { "audit", audit_fields, COUNT(audit_fields) },
    [KIND_STAFF] = { "staff", staff_fields, COUNT(staff_fields) },
    [KIND_STATEMENT] = { "statement", statement_fields, COUNT(statement_fields) },
};

static const char *const reject_names[REJECT_COUNT] = {
    "none",     "no_number",    "no_received",  "bad_time", "bad_value",
    "too_long", "bad_encoding", "column_count", "no_start",
};

const struct field_spec *record_fields(enum record_kind kind, size_t *count)
{
    *count = kinds[kind].count;
    return kinds[kind].fields;
}

int record_field(enum record_kind kind, const char *name)
{
    size_t i;

    for (i = 0; i < kinds[kind].count; i++)
        if (strcmp(kinds[kind].fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

const char *record_kind_name(enum record_kind kind)
{
    return kinds[kind].name;
}

int record_kind_find(const char *name)
{
    int i;

    for (i = 0; i < KIND_COUNT; i++)
        if (kinds[i].name != NULL && strcmp(kinds[i].name, name) == 0)
            return i;
    return -1;
}

const char *reject_name(enum reject_reason reason)
{
    return reason < REJECT_COUNT ? reject_names[reason] : "?";
}
