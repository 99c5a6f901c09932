/* pass_volume.c - how much came in, went out and is left: INT-00 to INT-18. */
#include <string.h>

#include "analyze/passes.h"
#include "analyze/signs.h"
#include "analyze/tally.h"
#include "core/store.h"

enum counter {
    REGISTERED,
    INTAKE,
    OPENING,
    OPENING_ALL,
    DONE,
    DONE_ALL,
    INFERRED,
    REOPENED,
    REOPENED_ALL,
    CLOSING,
    WITHDRAWN,
    MERGED,
    JOINED,
    CONTACTS,
    THREE,
    NOBODY,
    WATCHED,
    RECLASSIFIED,
    SOFTENED,
    CHANGE,
    COUNTERS
};

enum { WEEK_HOURS = 7 * 24, HOUR_SECONDS = 3600 };

static bool reclassified(const struct tickets *tickets, uint32_t i)
{
    return (tickets->nature_first != NULL && tickets->nature_first[i] != 0
            && tickets->nature_first[i] != tickets->nature[i])
           || (tickets->urgency_first != NULL && tickets->urgency_first[i] != 0
               && tickets->urgency_first[i] != tickets->urgency[i]);
}

static void count_received(struct tally *tally, const struct tickets *tickets,
                           const struct life *life, bool watched)
{
    uint32_t i = life->ticket;
    int64_t contacts = tickets->contacts == NULL ? 1 : tickets->contacts[i];

    tally_add(tally, i, REGISTERED, 1);
    tally_add(tally, i, CONTACTS, contacts > 0 ? contacts : 1);
    if (contacts >= 3)
        tally_add(tally, i, THREE, 1);
    if (life->standing != STANDING_VALID)
        return;
    tally_add(tally, i, INTAKE, 1);
    if (tickets->household == NULL || tickets->household[i] == 0)
        tally_add(tally, i, NOBODY, 1);
    if (!watched && !reclassified(tickets, i))
        return;
    tally_add(tally, i, WATCHED, 1);
    tally_add(tally, i, RECLASSIFIED, reclassified(tickets, i));
    tally_add(tally, i, SOFTENED, made_softer(tickets, i));
}

/* Every ticket moves the same counters whether or not it is valid; the plain
 * ones are net of voids, the ones ending in ALL are not (DOMAIN 2.13.2). */
static void count_flow(struct tally *tally, const struct lifecycles *lives,
                       const struct life *life)
{
    uint32_t i = life->ticket;
    int64_t left = lives->history->left[i];

    if ((life->marks & LIFE_GROSS_OPENING) != 0)
        tally_add(tally, i, OPENING_ALL, 1);
    tally_add(tally, i, DONE_ALL, life->completions);
    tally_add(tally, i, REOPENED_ALL, life->reopens);
    if (life->standing == STANDING_VALID) {
        int64_t opening = (life->marks & LIFE_OPENING) != 0;
        int64_t closing = (life->marks & LIFE_CLOSING) != 0;

        tally_add(tally, i, OPENING, opening);
        tally_add(tally, i, DONE, life->completions);
        tally_add(tally, i, INFERRED, life->inferred);
        tally_add(tally, i, REOPENED, life->reopens);
        tally_add(tally, i, CLOSING, closing);
        tally_add(tally, i, CHANGE, closing - opening);
        return;
    }
    if ((life->marks & LIFE_LEFT_OPEN) != 0)
        tally_add(tally, i, life->standing == STANDING_MERGED ? MERGED : WITHDRAWN, 1);
    if (life->standing == STANDING_MERGED
        && within(left, lives->period.from, lives->period.until))
        tally_add(tally, i, JOINED, 1);
}

static void emit_households(struct sink *sink, const struct group *group)
{
    int64_t count = 0;
    size_t i;

    for (i = 0; i < group->count; i++) {
        uint32_t household = (uint32_t)group->items[i].value;

        if (household == 0 || i == 0
            || household != (uint32_t)group->items[i - 1].value)
            count++;
    }
    sink_group(sink, group, "INT-09", base_count(count));
}

static void households(struct sink *sink)
{
    const struct lifecycles *lives = sink->lives;
    const uint32_t *household = lives->history->facts->tickets.household;
    struct samples samples = { sink->scratch, NULL, 0, 0 };
    size_t i;

    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];

        if ((life->marks & LIFE_RECEIVED) != 0 && life->standing == STANDING_VALID)
            samples_add(&samples, life->ticket,
                        household == NULL ? 0 : household[life->ticket], 0);
    }
    samples_each(&samples, sink, "INT-09", emit_households);
}

/* Occupied households of a place when the period ended; -1 = not known. */
static int64_t occupied(const struct registers *registers, uint32_t building,
                        int64_t until)
{
    int64_t found = -1;
    size_t i;

    for (i = 0; i < registers->exposure_count; i++) {
        const struct exposure *exposure = &registers->exposures[i];

        if (exposure->building == building
            && (int64_t)exposure->from_day * DAY_SECONDS < until)
            found = exposure->occupied >= 0 ? exposure->occupied : exposure->households;
    }
    return found;
}

static int64_t occupied_estate(const struct registers *registers, int64_t until)
{
    int64_t total = occupied(registers, 0, until);
    size_t i;

    if (total >= 0)
        return total;
    for (i = 0; i < registers->exposure_count; i++) {
        uint32_t building = registers->exposures[i].building;
        int64_t here;

        if (i > 0 && building == registers->exposures[i - 1].building)
            continue;
        here = occupied(registers, building, until);
        if (here > 0)
            total = (total < 0 ? 0 : total) + here;
    }
    return total;
}

static struct base per_hundred(int64_t intake, int64_t homes)
{
    struct base base = base_none(homes > 0 ? ANSWER_OK : ANSWER_NO_DATA);

    if (homes <= 0)
        return base;
    base.numerator = intake;
    base.denominator = homes;
    base.n = intake;
    base.value = 100.0 * (double)intake / (double)homes;
    return base;
}

static void per_household(const struct tally *tally, struct sink *sink)
{
    const struct registers *registers = &sink->lives->history->facts->registers;
    int64_t until = sink->lives->period.until;
    size_t s, i;

    tally_cases(tally, sink, "INT-10", INTAKE, 0, false);
    sink_total(sink, "INT-10",
               per_hundred(tally_get(tally, 0, 0, INTAKE),
                           occupied_estate(registers, until)));
    for (s = 1; s < SPLIT_COUNT; s++) {
        const struct split *split = &sink->splits->items[s];

        if (split->dimension != DIM_BUILDING)
            continue;
        for (i = 1; i < split->size; i++) {
            uint32_t key = split_key(split, i);
            int64_t homes = occupied(registers, key, until);

            if (sink->lives->present[s][i] != 0 && homes > 0)
                sink_key(sink, "INT-10", DIM_BUILDING, key,
                         per_hundred(tally_get(tally, s, i, INTAKE), homes));
        }
    }
}

static void by_hour(struct sink *sink)
{
    const struct lifecycles *lives = sink->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    int64_t count[WEEK_HOURS] = { 0 }, total = 0;
    size_t i;

    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        int64_t received = tickets->received[life->ticket], day;

        if ((life->marks & LIFE_RECEIVED) == 0 || life->standing != STANDING_VALID)
            continue;
        if (tickets->date_only != NULL
            && (tickets->date_only[life->ticket] & DATE_ONLY_RECEIVED) != 0)
            continue;
        day = (received - (received % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS)
              / DAY_SECONDS;
        count[day_weekday((int32_t)day) * 24
              + (received - day * DAY_SECONDS) / HOUR_SECONDS]++;
        total++;
        sink_case(sink, "INT-11", life->ticket);
    }
    sink_total(sink, "INT-11", base_count(total));
    for (i = 0; i < WEEK_HOURS; i++)
        if (count[i] > 0)
            sink_key(sink, "INT-11", DIM_HOUR, (uint32_t)i, base_count(count[i]));
}

/* Of a pool: the plain and the valid count month by month. */
static void by_month(struct sink *sink)
{
    const struct lifecycles *lives = sink->lives;
    const int64_t *received = lives->history->facts->tickets.received;
    int64_t all = 0, valid = 0;
    int32_t month = 0, now;
    size_t i;

    for (i = 0; i < lives->count; i++) {
        if ((lives->items[i].marks & LIFE_RECEIVED) == 0)
            continue;
        now = month_of_time(received[lives->items[i].ticket]);
        if (now != month && all > 0) {
            sink_key(sink, "INT-00", DIM_MONTH, (uint32_t)month, base_count(all));
            sink_key(sink, "INT-01", DIM_MONTH, (uint32_t)month, base_count(valid));
            all = valid = 0;
        }
        month = now;
        all++;
        valid += lives->items[i].standing == STANDING_VALID;
    }
    if (all > 0) {
        sink_key(sink, "INT-00", DIM_MONTH, (uint32_t)month, base_count(all));
        sink_key(sink, "INT-01", DIM_MONTH, (uint32_t)month, base_count(valid));
    }
}

static void emit_counts(const struct tally *tally, struct sink *sink)
{
    static const struct {
        const char *name;
        enum counter counter;
    } plain[] = {
        { "INT-00", REGISTERED },
        { "INT-01", INTAKE },
        { "INT-02", INTAKE },
        { "INT-03", INTAKE },
        { "INT-04", INTAKE },
        { "INT-05", INTAKE },
        { "INT-06", INTAKE },
        { "INT-07", INTAKE },
        { "INT-08", INTAKE },
        { "INT-09.anonymous", NOBODY },
        { "INT-12", JOINED },
        { "INT-13", OPENING },
        { "INT-13.all", OPENING_ALL },
        { "INT-14", CLOSING },
        { "INT-14.withdrawn", WITHDRAWN },
        { "INT-14.merged", MERGED },
        { "INT-15", CONTACTS },
        { "INT-16", DONE },
        { "INT-16.all", DONE_ALL },
        { "INT-16.inferred", INFERRED },
        { "INT-17", REOPENED },
        { "INT-17.all", REOPENED_ALL },
        { "BKL-02", CHANGE },
    };
    size_t i;

    for (i = 0; i < sizeof plain / sizeof plain[0]; i++)
        tally_count(tally, sink, plain[i].name, plain[i].counter);
    tally_share(tally, sink, "INT-15.three", THREE, REGISTERED);
    tally_share(tally, sink, "INT-18", RECLASSIFIED, WATCHED);
    if (tally_get(tally, 0, 0, WATCHED) > 0)
        tally_count(tally, sink, "INT-18.softened", SOFTENED);
    else
        sink_total(sink, "INT-18.softened", base_none(ANSWER_NO_DATA));
}

/* BKL-02.days: closing over the mean completions a day. */
static void days_of_work(const struct tally *tally, struct sink *sink)
{
    const struct period *period = &sink->lives->period;
    int64_t done = tally_get(tally, 0, 0, DONE);
    struct base base = base_none(done > 0 ? ANSWER_OK : ANSWER_NOT_IDENTIFIED);

    tally_cases(tally, sink, "BKL-02.days", CLOSING, 0, false);
    if (done > 0) {
        base.numerator = tally_get(tally, 0, 0, CLOSING);
        base.denominator = done;
        base.n = done;
        base.value = (double)base.numerator
                     * ((double)(period->until - period->from) / DAY_SECONDS)
                     / (double)done;
    }
    sink_total(sink, "BKL-02.days", base);
}

static enum status run_volume(const struct facts *facts, const struct context *context,
                              struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct tally tally;
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&tally, sink.splits, COUNTERS, scratch);
        for (i = 0; i < lives->count; i++) {
            if ((lives->items[i].marks & LIFE_RECEIVED) != 0)
                count_received(&tally, &facts->tickets, &lives->items[i],
                               life_watched(lives->history, &lives->items[i]));
            count_flow(&tally, lives, &lives->items[i]);
        }
        emit_counts(&tally, &sink);
        households(&sink);
        per_household(&tally, &sink);
        by_hour(&sink);
        if (lives->pool)
            by_month(&sink);
        days_of_work(&tally, &sink);
        status = sink_status(&sink, "volume", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_volume = {
    .name = "volume",
    .summary = "受理、办结、在办：件数和平账",
    .needs = NEED_TICKETS | NEED_EVENTS | NEED_REGISTERS,
    .gives = "INT BKL-02",
    .run = run_volume,
};
