/* store_facts_patrols.c - planned rounds, and whether they were made when they were
 * due.
 *
 * The state is chosen by the one who was to go, so it is believed only as far as the
 * times bear it out: a round nobody made was not made, whatever is ticked, and one made
 * half a day before or after its time was early or late.
 */
#include "core/store_facts.h"

#include <string.h>

enum { DAY_SECONDS = 86400, HALF_DAY = DAY_SECONDS / 2 };

static const struct {
    const char *begins; /* of the state as written */
    uint8_t means;
} states[] = {
    { "早", ROUND_EARLY },  { "提前", ROUND_EARLY },    { "迟", ROUND_LATE },
    { "晚", ROUND_LATE },   { "超时", ROUND_LATE },     { "已超时", ROUND_LATE },
    { "逾期", ROUND_LATE }, { "未", ROUND_MISSED },     { "缺", ROUND_MISSED },
    { "漏", ROUND_MISSED }, { "没", ROUND_MISSED },     { "early", ROUND_EARLY },
    { "late", ROUND_LATE }, { "missed", ROUND_MISSED }, { "absent", ROUND_MISSED },
};

static uint8_t state_said(const char *text)
{
    size_t i;

    for (i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strncmp(text, states[i].begins, strlen(states[i].begins)) == 0)
            return states[i].means;
    return ROUND_ON_TIME;
}

/* Seconds from the plan to the round; whole days when either has no hour. */
static int64_t apart(const struct record_value *planned,
                     const struct record_value *done)
{
    if (planned->date_only || done->date_only)
        return (done->number / DAY_SECONDS - planned->number / DAY_SECONDS)
               * DAY_SECONDS;
    return done->number - planned->number;
}

static void take_round(struct gather *gather, const struct record *record,
                       struct round *round)
{
    const struct record_value *planned = &record->value[P_PLANNED];
    const struct record_value *done = &record->value[P_DONE];

    *round = (struct round){ .planned = planned->number, .done = HY_NEVER };
    round->state = state_said(told_words(gather, record, P_STATE));
    if (done->empty || round->state == ROUND_MISSED) {
        round->state = ROUND_MISSED;
        return;
    }
    round->done = done->number;
    if (apart(planned, done) > HALF_DAY)
        round->state = ROUND_LATE;
    else if (apart(planned, done) < -HALF_DAY)
        round->state = ROUND_EARLY;
}

enum status facts_patrols(struct gather *gather, struct error *err)
{
    struct registers *registers = &gather->facts->registers;
    struct round *rounds;
    struct told *told;
    size_t count, used = 0, i;

    TRY(told_read(gather, KIND_PATROL, &told, &count, err));
    rounds = arena_alloc(gather->memory, (count + 1) * sizeof *rounds);
    for (i = 0; i < count; i++)
        if (!told[i].record.value[P_PLANNED].empty)
            take_round(gather, &told[i].record, &rounds[used++]);
    registers->rounds = rounds;
    registers->round_count = used;
    return HY_OK;
}
