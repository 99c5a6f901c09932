/* pass_found.c - how long before the owners a patrol knew: PRO-02. */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { AHEAD_SECONDS = 14 * DAY_SECONDS, SECONDS_AN_HOUR = 3600 };

/* DOMAIN 2.13.6 */
static bool by_staff(const struct tickets *tickets, uint32_t i)
{
    uint8_t channel = tickets->channel == NULL ? CHANNEL_UNKNOWN : tickets->channel[i];

    return channel == CHANNEL_PATROL || channel == CHANNEL_IOT
           || (tickets->nature != NULL && tickets->nature[i] == NATURE_PATROL);
}

/* From what a patrol found to the first owner's report of the same problem there. */
static void add_lead(const struct lifecycles *lives, const struct same_keys *keys,
                     uint32_t i, struct samples *leads)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];
    uint32_t next = keys->next[i];

    if (!by_staff(tickets, i) || !flag_yes(flags, FLAG_PUBLIC_AREA))
        return;
    for (; next != 0; next = keys->next[next - 1]) {
        int64_t ahead = tickets->received[next - 1] - tickets->received[i];

        if (ahead > AHEAD_SECONDS
            || tickets->received[next - 1] >= lives->period.cutoff)
            return;
        if (by_staff(tickets, next - 1)
            || !ticket_valid(lives->history, next - 1, lives->period.cutoff))
            continue;
        samples_add(leads, i, (double)ahead / SECONDS_AN_HOUR, 0);
        return;
    }
}

static void emit_lead(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, 1u, sink->scratch, &count);

    sink_group(sink, group, "PRO-02.median", base_quantile(values, count, 0.5));
}

static enum status run_found(const struct facts *facts, const struct context *context,
                             struct results *results, struct error *err)
{
    struct arena *scratch = arena_new(), *kept = arena_new();
    const struct same_keys *keys = NULL;
    enum status status = HY_OK;
    bool patrols = false;
    size_t p, i;

    for (i = 0; i < facts->tickets.count && !patrols; i++)
        patrols = by_staff(&facts->tickets, (uint32_t)i);
    if (patrols)
        keys = same_keys_of(context, facts, SAME_PLACE, kept);
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct samples leads = { .memory = scratch };
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        for (i = 0; patrols && i < lives->count; i++)
            if ((lives->items[i].marks & LIFE_RECEIVED) != 0
                && lives->items[i].standing == STANDING_VALID)
                add_lead(lives, keys, lives->items[i].ticket, &leads);
        samples_each(&leads, &sink, "PRO-02", emit_lead);
        status = sink_status(&sink, "found", err);
        arena_reset(scratch);
    }
    arena_free(kept);
    arena_free(scratch);
    return status;
}

const struct pass pass_found = {
    .name = "found",
    .summary = "巡查比业主早发现多久",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "PRO",
    .run = run_found,
};
