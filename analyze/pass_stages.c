/* pass_stages.c - where the time went: TTR-03 stage by stage, TTR-05 of assets that
 * stood still, TRF-06 who saw it through. */
#include <math.h>

#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "analyze/tally.h"
#include "core/store.h"

enum { SECONDS_AN_HOUR = 3600 };

enum stage { DISPATCH, TRAVEL, WORK, CLOSING, STAGES };

enum counter { FOLLOWED, BY_FIRST, COUNTERS };

static int64_t known(const struct lifecycles *lives, const int64_t *column, uint32_t i)
{
    return column == NULL ? HY_NEVER : known_before(column[i], lives->period.cutoff);
}

static bool date_only(const struct tickets *tickets, uint32_t i, uint32_t bits)
{
    return tickets->date_only != NULL && (tickets->date_only[i] & bits) != 0;
}

/* --- TTR-03 ------------------------------------------------------------------------
 */

static void add_stages(const struct lifecycles *lives, const struct life *life,
                       struct samples *samples)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    uint32_t i = life->ticket;
    bool done_known = life->completed != HY_NEVER && (life->marks & LIFE_INFERRED) == 0;
    const int64_t times[STAGES + 1] = {
        tickets->received[i],
        known(lives, tickets->dispatched, i),
        known(lives, tickets->arrived, i),
        done_known ? life->completed : HY_NEVER,
        known(lives, tickets->closed, i),
    };
    static const uint32_t bits[STAGES + 1] = { DATE_ONLY_RECEIVED, DATE_ONLY_DISPATCHED,
                                               DATE_ONLY_ARRIVED, DATE_ONLY_COMPLETED,
                                               DATE_ONLY_CLOSED };
    int stage;

    for (stage = 0; stage < STAGES; stage++)
        if (times[stage] != HY_NEVER && times[stage + 1] != HY_NEVER
            && times[stage + 1] >= times[stage]
            && !date_only(tickets, i, bits[stage] | bits[stage + 1]))
            samples_add(samples, i,
                        (double)(times[stage + 1] - times[stage]) / SECONDS_AN_HOUR,
                        (uint8_t)stage);
}

static void emit_stages(struct sink *sink, const struct group *group)
{
    static const char *const names[STAGES] = { "TTR-03.dispatch", "TTR-03.travel",
                                               "TTR-03.work", "TTR-03.closing" };
    int stage;

    for (stage = 0; stage < STAGES; stage++) {
        size_t count;
        double *values = group_values(group, 1u << stage, sink->scratch, &count);

        sink_group(sink, group, names[stage], base_quantile(values, count, 0.5));
    }
}

/* --- TTR-05 ------------------------------------------------------------------------
 */

struct stood {                 /* one asset */
    int64_t until;             /* of the failure that runs or ran last */
    int64_t seconds, failures; /* of those that began in the period */
    bool mine;                 /* it began in the period */
};

/* Tickets come in order of receipt, so a report that comes while the asset stands still
 * only makes the failure longer. */
static void add_failure(const struct lifecycles *lives, const struct life *life,
                        struct stood *stood)
{
    const struct period *period = &lives->period;
    int64_t from = lives->history->facts->tickets.received[life->ticket];
    int64_t until = (life->marks & LIFE_OPEN) != 0 ? period->cutoff : life->completed;

    if (until < from)
        return;
    if (stood->until == 0 || from >= stood->until) {
        stood->mine = within(from, period->from, period->until);
        stood->failures += stood->mine;
        stood->seconds += stood->mine ? until - from : 0;
        stood->until = until;
    } else if (until > stood->until) {
        stood->seconds += stood->mine ? until - stood->until : 0;
        stood->until = until;
    }
}

static struct base mean_base(int64_t seconds, int64_t failures)
{
    struct base base = base_none(failures > 0 ? ANSWER_OK : ANSWER_NO_DATA);

    base.n = failures;
    if (failures > 0)
        base.value = (double)seconds / SECONDS_AN_HOUR / (double)failures;
    return base;
}

static void asset_figures(const struct lifecycles *lives, struct sink *sink)
{
    const struct facts *facts = lives->history->facts;
    const struct tickets *tickets = &facts->tickets;
    size_t assets = facts->registers.asset_count, i;
    struct stood *stood = arena_alloc(sink->scratch, (assets + 1) * sizeof *stood);
    struct stood all = { 0 };

    for (i = 0; tickets->asset != NULL && i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        uint8_t nature = tickets->nature == NULL ? 0 : tickets->nature[life->ticket];

        if (life->standing == STANDING_VALID && nature != NATURE_ENQUIRY
            && nature != NATURE_PRAISE && asset_shared(facts, life->ticket)) {
            add_failure(lives, life, &stood[tickets->asset[life->ticket]]);
            if ((life->marks & LIFE_RECEIVED) != 0) {
                sink_case(sink, "TTR-05", life->ticket);
                sink_case(sink, "TTR-05.failures", life->ticket);
            }
        }
    }
    for (i = 1; i <= assets; i++) {
        if (stood[i].failures == 0)
            continue;
        all.seconds += stood[i].seconds;
        all.failures += stood[i].failures;
        sink_key(sink, "TTR-05", DIM_ASSET, facts->registers.assets[i - 1].code,
                 mean_base(stood[i].seconds, stood[i].failures));
        sink_key(sink, "TTR-05.failures", DIM_ASSET,
                 facts->registers.assets[i - 1].code, base_count(stood[i].failures));
    }
    sink_total(sink, "TTR-05", mean_base(all.seconds, all.failures));
    sink_total(sink, "TTR-05.failures",
               assets > 0 ? base_count(all.failures) : base_none(ANSWER_NO_DATA));
}

/* --- TRF-06 ------------------------------------------------------------------------
 */

/* Who completed or closed it by the trail, else who is noted as having done it; and
 * whoever told the owner. */
static void count_follower(const struct lifecycles *lives, const struct life *life,
                           struct tally *tally)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct events *events = &history->facts->events;
    uint32_t i = life->ticket, first, who[3] = { 0 }, e;

    first = tickets->recorder == NULL ? 0 : tickets->recorder[i];
    if (life->standing != STANDING_VALID || (life->marks & LIFE_COMPLETED) == 0
        || first == 0)
        return;
    for (e = history->first_event[i]; e < history->first_event[i + 1]; e++)
        if (events->at[e] != HY_NEVER && events->at[e] < lives->period.cutoff
            && events->staff != NULL && events->staff[e] != 0
            && (events->kind[e] == EVENT_COMPLETE || events->kind[e] == EVENT_CLOSE))
            who[events->kind[e] == EVENT_CLOSE] = events->staff[e];
    if (who[0] == 0 && who[1] == 0 && tickets->handler != NULL)
        who[0] = tickets->handler[i];
    if (tickets->visitor != NULL && known(lives, tickets->revisited, i) != HY_NEVER)
        who[2] = tickets->visitor[i];
    if (who[0] == 0 && who[1] == 0 && who[2] == 0)
        return;
    tally_add(tally, i, FOLLOWED, 1);
    tally_add(tally, i, BY_FIRST,
              first == who[0] || first == who[1] || first == who[2]);
}

static enum status run_stages(const struct facts *facts, const struct context *context,
                              struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct samples stages = { .memory = scratch };
        struct tally tally;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++) {
            const struct life *life = &lives->items[i];

            if (life->standing == STANDING_VALID && (life->marks & LIFE_RECEIVED) != 0)
                add_stages(lives, life, &stages);
            count_follower(lives, life, &tally);
        }
        samples_each(&stages, &sink, "TTR-03", emit_stages);
        asset_figures(lives, &sink);
        tally_share(&tally, &sink, "TRF-06", BY_FIRST, FOLLOWED);
        status = sink_status(&sink, "stages", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_stages = {
    .name = "stages",
    .summary = "时间花在哪：分段时长、设备停用、首问负责",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "TTR-03 TTR-05 TRF-06",
    .run = run_stages,
};
