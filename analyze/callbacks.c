/* callbacks.c - the cases a call-back list is drawn from, with what the record says. */
#include "analyze/callbacks.h"

#include "analyze/answers.h"

bool callback_eligible(const struct lifecycles *lives, const struct life *life)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint32_t i = life->ticket;
    uint8_t channel = tickets->channel == NULL ? 0 : tickets->channel[i];

    if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0
        || tickets->contact == NULL || tickets->contact[i] == 0)
        return false;
    if (tickets->flags != NULL && flag_yes(tickets->flags[i], FLAG_ANONYMOUS))
        return false;
    return channel != CHANNEL_PATROL && channel != CHANNEL_IOT
           && (tickets->nature == NULL || tickets->nature[i] != NATURE_PATROL);
}

static uint8_t solved_said(const struct tickets *tickets, uint32_t i, bool known)
{
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];

    if (tickets->status != NULL && tickets->status[i] == STATUS_CLOSED_UNRESOLVED)
        return SAID_NO;
    if (!known || !flag_known(flags, FLAG_RESOLVED))
        return SAID_NOTHING;
    return flag_yes(flags, FLAG_RESOLVED) ? SAID_YES : SAID_NO;
}

static struct candidate candidate_of(const struct lifecycles *lives,
                                     const struct life *life)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    int64_t cutoff = lives->period.cutoff;
    struct answer_of answer = answer_of(tickets, life->ticket, cutoff);
    bool known = tickets->revisited == NULL
                 || tickets->revisited[life->ticket] == HY_NEVER
                 || tickets->revisited[life->ticket] < cutoff;

    return (struct candidate){ .ticket = life->ticket,
                               .completed = life->completed,
                               .date_only = (life->marks & LIFE_DATE_ONLY) != 0,
                               .solved = solved_said(tickets, life->ticket, known),
                               .visited = answer.attempted,
                               .rating =
                                   answer.owner != 0 ? answer.owner : answer.staff };
}

void callbacks_list(const struct facts *facts, const struct settings *settings,
                    const struct results *results, struct arena *memory,
                    const struct candidate **out, size_t *count)
{
    const struct period period = { results->month, results->from, results->until,
                                   results->cutoff };
    struct arena *working = arena_new();
    struct candidate *list;
    struct lifecycles lives;
    struct history history;
    size_t i;

    *count = 0;
    history_build(facts, settings, working, &history);
    lives_build(&history, &period, book_start(settings, results->month - 1),
                results->from, working, &lives);
    list = arena_alloc(memory, (lives.count + 1) * sizeof *list);
    for (i = 0; i < lives.count; i++)
        if (callback_eligible(&lives, &lives.items[i]))
            list[(*count)++] = candidate_of(&lives, &lives.items[i]);
    *out = list;
    arena_free(working);
}
