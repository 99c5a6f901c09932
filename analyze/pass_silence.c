/*
 * pass_silence.c - sources that fell silent: an alarm, not a zero (INT-02.silent).
 *
 * A channel (or the hotline) that has not a single row for days on which, by the
 * quarter before, at least fifteen were to be expected: by chance that happens once in
 * three million times.  Days of Spring Festival count a fifth.  A stretch of which a
 * person answered that nothing came in is no gap in the data: it bars no comparison,
 * and its days are shown apart (.quiet), for the answer is the manager's own.
 */
#include <math.h>
#include <string.h>

#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/calendar.h"
#include "core/store.h"

enum {
    CHANNELS = 16,
    HOTLINE = CHANNELS,
    SOURCES = CHANNELS + 1,
    BEFORE_DAYS = 90,
    BEFORE_LEAST = 28, /* with a shorter history nothing is usual */
    RUN_LEAST = 2
};

static const double expected_least = 15, festival_share = 0.2;

struct days { /* rows of one source a day, from `first` on */
    int64_t *count;
    bool *quiet; /* confirmed: nothing came in */
    bool any;
};

struct watch {
    const struct lifecycles *lives;
    int64_t first, from, until; /* days: history, month, its end as far as data go */
    struct days sources[SOURCES];
    const double *weight; /* of each day */
};

static int64_t day_of_time(int64_t time)
{
    return (time - (time % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS) / DAY_SECONDS;
}

static void add_day(struct watch *watch, int source, int64_t time)
{
    int64_t day = day_of_time(time);

    if (day < watch->first || day >= watch->until)
        return;
    watch->sources[source].count[day - watch->first]++;
    watch->sources[source].any = true;
}

static void count_days(struct watch *watch)
{
    const struct facts *facts = watch->lives->history->facts;
    const struct tickets *tickets = &facts->tickets;
    const struct calls *calls = &facts->calls;
    size_t i = tickets->count;

    while (i > 0 && day_of_time(tickets->received[i - 1]) >= watch->until)
        i--;
    for (; i > 0 && day_of_time(tickets->received[i - 1]) >= watch->first; i--)
        if (tickets->channel != NULL && tickets->channel[i - 1] != CHANNEL_UNKNOWN
            && tickets->channel[i - 1] < CHANNELS)
            add_day(watch, tickets->channel[i - 1], tickets->received[i - 1]);
    for (i = 0; i < calls->count; i++)
        add_day(watch, HOTLINE, calls->start[i]);
}

static void mark_quiet(struct watch *watch)
{
    const struct facts *facts = watch->lives->history->facts;
    size_t i;

    for (i = 0; i < facts->quiet_count; i++) {
        const struct quiet *quiet = &facts->quiets[i];
        int64_t day = quiet->first > watch->first ? quiet->first : watch->first;

        for (; day <= quiet->last && day < watch->until; day++)
            watch->sources[quiet->channel].quiet[day - watch->first] = true;
    }
}

static const double *weights(const struct watch *watch, struct arena *memory)
{
    const struct calendar *calendar = &watch->lives->history->settings->calendar;
    size_t count = (size_t)(watch->until - watch->first), i;
    double *weight = arena_alloc(memory, (count + 1) * sizeof *weight);

    for (i = 0; i < count; i++)
        weight[i] = 1;
    for (i = 0; i < calendar->exception_count; i++) {
        const struct calendar_day *day = &calendar->exceptions[i];

        if (day->off && day->name != NULL
            && strncmp(day->name, "春节", strlen("春节")) == 0
            && day->day >= watch->first && day->day < watch->until)
            weight[day->day - watch->first] = festival_share;
    }
    return weight;
}

/* Rows a day of full weight in the quarter before; -1 = too little history to say. */
static double usual(const struct watch *watch, const struct days *days)
{
    int64_t first = 0, start = watch->from - watch->first, d;
    double exposure = 0, rows = 0;

    while (first < start && days->count[first] == 0)
        first++; /* it may be younger than the quarter */
    for (d = first; d < start; d++) {
        rows += (double)days->count[d];
        exposure += watch->weight[d];
    }
    return start - first < BEFORE_LEAST || !(exposure > 0) ? -1 : rows / exposure;
}

struct gap {
    int64_t longest;   /* days without a row nor a word about them */
    int64_t confirmed; /* days of gaps of which a person said: nothing came */
};

/* The stretches of the month without a row where so many were to be expected. */
static struct gap gaps(const struct watch *watch, const struct days *days, double daily)
{
    struct gap gap = { 0, 0 };
    int64_t d = watch->from - watch->first, run = 0, bare = 0, quiet = 0, told = 0;
    double expected = 0, all = 0;

    for (; d < watch->until - watch->first; d++) {
        bool none = days->count[d] == 0, unsaid = none && !days->quiet[d];

        run = unsaid ? run + 1 : 0;
        expected = unsaid ? expected + watch->weight[d] * daily : 0;
        if (run >= RUN_LEAST && expected >= expected_least && run > gap.longest)
            gap.longest = run;
        bare = none ? bare + 1 : 0;
        all = none ? all + watch->weight[d] * daily : 0;
        quiet = none ? quiet + days->quiet[d] : 0;
        told = none ? told : 0;
        if (bare < RUN_LEAST || all < expected_least)
            continue;
        gap.confirmed += quiet - told;
        told = quiet;
    }
    return gap;
}

/* As far as any file tells: what has not come yet is not silence. */
static int64_t data_end(const struct facts *facts, const struct period *period)
{
    int64_t end = day_of_time(period->until), told = facts->ledger.horizon;

    if (facts->tickets.count > 0
        && facts->tickets.received[facts->tickets.count - 1] > told)
        told = facts->tickets.received[facts->tickets.count - 1];
    if (told == HY_NEVER)
        return end;
    told = day_of_time(told) + 1;
    return told < end ? told : end;
}

static struct base silent_base(int64_t days, int64_t sources)
{
    struct base base = base_none(sources > 0 ? ANSWER_OK : ANSWER_NO_DATA);

    base.n = sources;
    if (sources > 0)
        base.value = (double)days;
    return base;
}

static void run_period(struct watch *watch, struct sink *sink)
{
    int64_t most = 0, sources = 0, quiet = 0;
    double daily;
    int s;

    count_days(watch);
    mark_quiet(watch);
    watch->weight = weights(watch, sink->scratch);
    for (s = 1; s < SOURCES; s++) {
        struct gap gap = { 0, 0 };

        daily = watch->sources[s].any ? usual(watch, &watch->sources[s]) : -1;
        if (daily >= 0)
            gap = gaps(watch, &watch->sources[s], daily);
        if (s == HOTLINE) {
            sink_total(sink, "HOT-01.silent", silent_base(gap.longest, daily >= 0));
            break;
        }
        if (daily < 0)
            continue;
        sources++;
        most = gap.longest > most ? gap.longest : most;
        quiet += gap.confirmed;
        if (gap.longest > 0)
            sink_key(sink, "INT-02.silent", DIM_CHANNEL, (uint32_t)s,
                     silent_base(gap.longest, 1));
    }
    sink_total(sink, "INT-02.silent", silent_base(most, sources));
    sink_total(sink, "INT-02.quiet", silent_base(quiet, sources));
}

static enum status run_silence(const struct facts *facts, const struct context *context,
                               struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p;
    int s;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct period *period = &context->periods[p];
        struct watch watch = { .lives = &context->lives[p],
                               .from = day_of_time(period->from),
                               .until = data_end(facts, period) };
        struct sink sink;
        size_t size;

        if (watch.until < watch.from)
            watch.until = watch.from;
        watch.first = watch.from - BEFORE_DAYS;
        size = (size_t)(watch.until - watch.first) + 1;
        for (s = 0; s < SOURCES; s++) {
            watch.sources[s].count = arena_alloc(scratch, size * sizeof(int64_t));
            watch.sources[s].quiet = arena_alloc(scratch, size * sizeof(bool));
        }
        sink_open(&sink, context, p, results, scratch);
        run_period(&watch, &sink);
        status = sink_status(&sink, "silence", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_silence = {
    .name = "silence",
    .summary = "哪个来源断了几天",
    .needs = NEED_TICKETS | NEED_CALLS,
    .gives = "HOT-01 INT-02",
    .run = run_silence,
};
