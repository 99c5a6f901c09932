/* pass_patrol.c - rounds made as planned: PRO-03. */
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"

/* Where no round was planned, none early is not nought. */
static struct base counted(int64_t rounds, int64_t planned)
{
    return planned > 0 ? base_count(rounds) : base_none(ANSWER_NO_DATA);
}

/* Of the rounds planned in the period, as known at the cut-off: one made after it was
 * not made yet.  How a round was made is told by core/store_facts_patrols.c. */
static void run_period(struct sink *sink)
{
    const struct registers *registers = &sink->lives->history->facts->registers;
    const struct period *period = &sink->lives->period;
    int64_t by_state[ROUND_STATES] = { 0 }, planned = 0;
    size_t i;

    for (i = 0; i < registers->round_count; i++) {
        const struct round *round = &registers->rounds[i];
        bool made = round->done != HY_NEVER && round->done < period->cutoff;

        if (!within(round->planned, period->from, period->until)
            || round->planned >= period->cutoff)
            continue;
        planned++;
        by_state[made ? round->state : ROUND_MISSED]++;
    }
    sink_total(sink, "PRO-03", base_wilson(by_state[ROUND_ON_TIME], planned));
    sink_total(sink, "PRO-03.early", counted(by_state[ROUND_EARLY], planned));
    sink_total(sink, "PRO-03.late", counted(by_state[ROUND_LATE], planned));
    sink_total(sink, "PRO-03.missed", counted(by_state[ROUND_MISSED], planned));
}

static enum status run_patrol(const struct facts *facts, const struct context *context,
                              struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        run_period(&sink);
        status = sink_status(&sink, "patrol", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_patrol = {
    .name = "patrol",
    .summary = "巡查按计划做了没有",
    .needs = NEED_REGISTERS,
    .gives = "PRO-03",
    .run = run_patrol,
};
