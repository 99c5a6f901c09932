/* store_call.c - one call from its legs: menu, queue, ringing, talk. */
#include "core/store_internal.h"

#include <stdlib.h>
#include <string.h>

struct leg {
    int64_t start, answer, finish, queued, duration, billed, wait; /* HY_NEVER */
    int disposition, direction, answered_by, hangup_by;
    struct text contact, agent, queue, line;
    int64_t hash;
};

static int64_t number_of(const struct record *record, int field)
{
    return record->value[field].empty ? HY_NEVER : record->value[field].number;
}

static int code_of(const struct record *record, int field, int most)
{
    int64_t code = number_of(record, field);

    return code >= 0 && code <= most ? (int)code : 0;
}

static int64_t not_negative(int64_t seconds)
{
    return seconds < 0 ? HY_NEVER : seconds;
}

static bool by_someone(int answered_by)
{
    return answered_by == ANSWERED_HUMAN || answered_by == ANSWERED_UNKNOWN;
}

/* What a leg leaves out but its other cells imply. */
static void complete(struct leg *leg)
{
    bool answered;

    if (leg->disposition == 0)
        leg->disposition = leg->answer != HY_NEVER || leg->billed > 0
                               ? DISPOSITION_ANSWERED
                               : DISPOSITION_OTHER;
    answered = leg->disposition == DISPOSITION_ANSWERED;
    if (answered && leg->answered_by == ANSWERED_NOBODY)
        leg->answered_by = ANSWERED_UNKNOWN;
    if (!answered)
        leg->answered_by = ANSWERED_NOBODY; /* Dial or an extension rang in vain */
    if (leg->finish == HY_NEVER && leg->duration != HY_NEVER && leg->start != HY_NEVER)
        leg->finish = leg->start + leg->duration;
    if (leg->duration == HY_NEVER && leg->finish != HY_NEVER && leg->start != HY_NEVER)
        leg->duration = not_negative(leg->finish - leg->start);
    if (answered && leg->answer == HY_NEVER && leg->billed != HY_NEVER
        && leg->duration != HY_NEVER && leg->billed <= leg->duration
        && leg->start != HY_NEVER)
        leg->answer = leg->start + leg->duration - leg->billed;
}

static void leg_of(const struct record *record, int64_t hash, struct leg *leg)
{
    *leg = (struct leg){
        .start = number_of(record, C_START_AT),
        .answer = number_of(record, C_ANSWER_AT),
        .finish = number_of(record, C_FINISH_AT),
        .queued = number_of(record, C_QUEUED_AT),
        .duration = not_negative(number_of(record, C_DURATION)),
        .billed = not_negative(number_of(record, C_BILLED)),
        .wait = not_negative(number_of(record, C_WAIT)),
        .disposition = code_of(record, C_DISPOSITION, DISPOSITION_OTHER),
        .direction = code_of(record, C_DIRECTION, DIRECTION_UNKNOWN),
        .answered_by = code_of(record, C_ANSWERED_BY, ANSWERED_UNKNOWN),
        .hangup_by = code_of(record, C_HANGUP_BY, 2),
        .contact = record->value[C_CONTACT].text,
        .agent = record->value[C_AGENT].text,
        .queue = record->value[C_QUEUE].text,
        .line = record->value[C_LINE].text,
        .hash = hash,
    };
    complete(leg);
}

static int compare_legs(const void *left, const void *right)
{
    const struct leg *a = left, *b = right;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

static void earliest(int64_t *at, int64_t other)
{
    if (other != HY_NEVER && (*at == HY_NEVER || other < *at))
        *at = other;
}

static void latest(int64_t *at, int64_t other)
{
    if (other > *at) /* HY_NEVER is the least number */
        *at = other;
}

/* The better of two ends of a call: a human word beats a machine's. */
static int better(const int *order, size_t count, int a, int b)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (order[i] == a || order[i] == b)
            return order[i];
    return a;
}

static void take_first(struct text *kept, struct text other)
{
    if (kept->length == 0)
        *kept = other;
}

static void join(struct leg *call, const struct leg *leg)
{
    static const int ends[] = { DISPOSITION_ANSWERED,  DISPOSITION_ABANDONED,
                                DISPOSITION_NO_ANSWER, DISPOSITION_BUSY,
                                DISPOSITION_FAILED,    DISPOSITION_OTHER };
    static const int voices[] = { ANSWERED_HUMAN, ANSWERED_UNKNOWN, ANSWERED_IVR,
                                  ANSWERED_VOICEMAIL, ANSWERED_NOBODY };

    call->disposition = better(ends, 6, call->disposition, leg->disposition);
    call->answered_by = better(voices, 5, call->answered_by, leg->answered_by);
    if (call->direction == 0 || call->direction == DIRECTION_UNKNOWN)
        call->direction = leg->direction;
    if (leg->hangup_by != 0)
        call->hangup_by = leg->hangup_by; /* the last leg ends the call */
    earliest(&call->start, leg->start);
    earliest(&call->queued, leg->queued);
    latest(&call->finish, leg->finish);
    latest(&call->billed, leg->billed);
    if (call->wait == HY_NEVER)
        call->wait = leg->wait;
    take_first(&call->contact, leg->contact);
    take_first(&call->queue, leg->queue);
    take_first(&call->line, leg->line);
}

/* Answer, talk and agent are those of the legs on which the best voice spoke. */
static int64_t join_voices(struct leg *call, const struct leg *legs, size_t count)
{
    int64_t talk = HY_NEVER;
    size_t i;

    for (i = 0; i < count; i++) {
        const struct leg *leg = &legs[i];

        if (!by_someone(call->answered_by) || leg->answered_by != call->answered_by)
            continue;
        earliest(&call->answer, leg->answer);
        take_first(&call->agent, leg->agent);
        if (leg->billed != HY_NEVER)
            talk = (talk == HY_NEVER ? 0 : talk) + leg->billed;
        else if (leg->answer != HY_NEVER && leg->finish >= leg->answer)
            talk = (talk == HY_NEVER ? 0 : talk) + leg->finish - leg->answer;
    }
    for (i = count; i-- > 0;)
        take_first(&call->agent, legs[i].agent);
    return talk;
}

static void join_all(const struct leg *legs, size_t count, struct leg *call,
                     int64_t *talk)
{
    int64_t from;
    size_t i;

    *call = legs[0];
    call->answer = HY_NEVER;
    call->agent = (struct text){ NULL, 0 };
    for (i = 1; i < count; i++)
        join(call, &legs[i]);
    *talk = join_voices(call, legs, count);
    if (count > 1 && call->finish != HY_NEVER && call->start != HY_NEVER)
        call->duration = not_negative(call->finish - call->start);
    from = call->queued != HY_NEVER ? call->queued : call->start;
    if (call->wait != HY_NEVER || from == HY_NEVER)
        return;
    if (call->answer != HY_NEVER)
        call->wait = not_negative(call->answer - from);
    else if (call->disposition != DISPOSITION_ANSWERED && call->finish != HY_NEVER)
        call->wait = not_negative(call->finish - from);
}

static void bind_known(sqlite3_stmt *statement, int index, int64_t value)
{
    if (value != HY_NEVER)
        bind_int(statement, index, value);
}

static enum status call_words(struct store *store, const struct leg *call,
                              int64_t ids[4], struct error *err)
{
    const struct {
        enum dictionary dictionary;
        struct word_key word;
    } wanted[3] = {
        { DICTIONARY_STAFF, { .text = call->agent } },
        { DICTIONARY_TERM, { .a = TERM_QUEUE, .text = call->queue } },
        { DICTIONARY_TERM, { .a = TERM_LINE, .text = call->line } },
    };
    int i;

    ids[0] = call->contact.length > 0 ? contact_number(call->contact) : HY_NEVER;
    for (i = 0; i < 3; i++) {
        ids[i + 1] = HY_NEVER;
        if (wanted[i].word.text.length > 0)
            TRY(intern(store, wanted[i].dictionary, &wanted[i].word, &ids[i + 1], NULL,
                       err));
    }
    return HY_OK;
}

static enum status write_call(struct store *store, int64_t id, const struct leg *call,
                              int64_t talk, const struct version *top, size_t count,
                              struct error *err)
{
    const int64_t times[] = { call->start, call->answer, call->finish,   call->queued,
                              call->wait,  talk,         call->duration, call->billed };
    sqlite3_stmt *statement;
    int64_t ids[4];
    int i;

    TRY(call_words(store, call, ids, err));
    TRY(sql_use(store, Q_CALL_FOLD, &statement, err));
    bind_int(statement, 1, id);
    bind_int(statement, 2, (int64_t)count);
    bind_int(statement, 3, top->part);
    bind_int(statement, 4, top->row_no);
    bind_int(statement, 5, top->hash);
    for (i = 0; i < 8; i++)
        bind_known(statement, 6 + i, times[i]);
    if (call->start == HY_NEVER)
        bind_int(statement, 6, 0);
    bind_int(statement, 14,
             call->direction == DIRECTION_NONE ? DIRECTION_UNKNOWN : call->direction);
    bind_int(statement, 15, call->disposition);
    bind_int(statement, 16, call->answered_by);
    if (call->hangup_by != 0)
        bind_int(statement, 17, call->hangup_by);
    for (i = 0; i < 4; i++)
        bind_known(statement, 18 + i, ids[i]);
    return sql_run(store, statement, err);
}

enum status fold_call(struct store *store, int64_t id, struct error *err)
{
    struct version *versions;
    sqlite3_stmt *statement;
    struct record record;
    struct leg *legs, call;
    int64_t talk;
    size_t count, i;

    arena_reset(store->row_memory);
    TRY(versions_load(store, ENTITY_CALL, id, store->row_memory, &versions, &count,
                      err));
    if (count == 0) {
        TRY(sql_use(store, Q_CALL_DROP, &statement, err));
        bind_int(statement, 1, id);
        return sql_run(store, statement, err);
    }
    legs = arena_alloc(store->row_memory, count * sizeof *legs);
    for (i = 0; i < count; i++) {
        TRY(body_read(store, KIND_CALL, versions[i].body, store->row_memory, &record,
                      err));
        leg_of(&record, versions[i].hash, &legs[i]);
    }
    qsort(legs, count, sizeof *legs, compare_legs);
    join_all(legs, count, &call, &talk);
    return write_call(store, id, &call, talk, &versions[count - 1], count, err);
}
