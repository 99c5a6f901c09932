/*
 * pass_silence.c - sources that fell silent: an alarm, not a zero (INT-02.silent).
 *
 * A channel (or the hotline) that has not a single row for days on which, by the
 * quarter before, at least fifteen were to be expected: by chance that happens once in
 * three million times.  Days of Spring Festival count a fifth.
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

/* The longest stretch of the month without a row where so many were to be expected;
 * -1 = too little history to say. */
static int64_t longest(const struct watch *watch, const struct days *days)
{
    int64_t first = 0, start = watch->from - watch->first, d, run = 0, most = 0;
    double exposure = 0, rows = 0, expected = 0;

    while (first < start && days->count[first] == 0)
        first++; /* it may be younger than the quarter */
    for (d = first; d < start; d++) {
        rows += (double)days->count[d];
        exposure += watch->weight[d];
    }
    if (start - first < BEFORE_LEAST || !(exposure > 0))
        return -1;
    for (d = start; d < watch->until - watch->first; d++) {
        run = days->count[d] > 0 ? 0 : run + 1;
        expected = run == 0 ? 0 : expected + watch->weight[d] * rows / exposure;
        if (run >= RUN_LEAST && expected >= expected_least && run > most)
            most = run;
    }
    return most;
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
    int64_t most = 0, sources = 0, days;
    int s;

    count_days(watch);
    watch->weight = weights(watch, sink->scratch);
    for (s = 1; s < CHANNELS; s++) {
        days = watch->sources[s].any ? longest(watch, &watch->sources[s]) : -1;
        if (days < 0)
            continue;
        sources++;
        most = days > most ? days : most;
        if (days > 0)
            sink_key(sink, "INT-02.silent", DIM_CHANNEL, (uint32_t)s,
                     silent_base(days, 1));
    }
    sink_total(sink, "INT-02.silent", silent_base(most, sources));
    days = watch->sources[HOTLINE].any ? longest(watch, &watch->sources[HOTLINE]) : -1;
    sink_total(sink, "HOT-01.silent", silent_base(days, days >= 0));
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
        for (s = 0; s < SOURCES; s++)
            watch.sources[s].count = arena_alloc(scratch, size * sizeof(int64_t));
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
    .run = run_silence,
};
