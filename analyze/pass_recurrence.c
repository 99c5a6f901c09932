/* pass_recurrence.c - what comes back: REC-01 to REC-04, REC-06; found first: PRO-01.
 */
#include <math.h>
#include <stdlib.h>

#include "analyze/order.h"
#include "analyze/passes.h"
#include "analyze/samekey.h"
#include "analyze/share.h"
#include "analyze/tally.h"
#include "core/store.h"
#include "core/wording.h"

enum {
    LOOK_BACK = 90 * DAY_SECONDS, /* REC-02, REC-03 */
    FAILURES = 3,                 /* REC-03: m */
    YEAR_DAYS = 365
}; /* completions the probabilities rest on */

enum counter {
    REPAIRED,
    CAME_BACK,
    REPAIRED_OR_GONE,
    CAME_BACK_ANY,
    ASSETS,
    ASSETS_BACK,
    ROOMS,
    ROOMS_BACK,
    PLACES,
    PLACES_BACK,
    INTAKE,
    REPEATED,
    CHASED,
    HOMES,
    SHARED_PLACE,
    FOUND,
    COUNTERS
};

struct work {
    const struct lifecycles *lives;
    /* NULL: nobody asks for what rests on them */
    const struct same_keys *places, *homes;
    int64_t window;
    bool patrols; /* some patrol or device is among the facts */
    struct tally tally;
    struct samples again; /* days to the next one; state 1 = seen */
};

static uint8_t nature_of(const struct tickets *tickets, uint32_t i)
{
    return tickets->nature == NULL ? NATURE_UNKNOWN : tickets->nature[i];
}

/* The last completion in the month before, HY_NEVER when there is none. */
static int64_t repaired_before(const struct lifecycles *lives, uint32_t i)
{
    const struct history *history = lives->history;
    int64_t completed = HY_NEVER;
    uint32_t t;

    for (t = history->first_turn[i]; t < history->first_turn[i + 1]; t++)
        if (history->turns[t].kind == TURN_COMPLETE
            && history->turns[t].flow < lives->period.cutoff
            && within(history->turns[t].flow, lives->before_from, lives->before_until))
            completed = history->turns[t].at;
    return completed;
}

/* REC-01: repairs completed in the month before, reported anew within the window
 * of completion.  A reopening is no new ticket, so it does not count here.  The worst
 * reading keeps a repair that was withdrawn since, and a new report that was withdrawn
 * or merged away. */
static void count_repair(struct work *work, const struct life *life)
{
    const struct lifecycles *lives = work->lives;
    uint32_t i = life->ticket;
    int64_t completed, end;
    size_t of;
    bool back;

    if (nature_first(&lives->history->facts->tickets, i) != NATURE_REPAIR
        || work->places->key[i] == 0)
        return;
    completed = repaired_before(lives, i);
    if (completed == HY_NEVER)
        return;
    end = completed + work->window + 1;
    if (end > lives->period.cutoff)
        end = lives->period.cutoff;
    tally_add(&work->tally, i, REPAIRED_OR_GONE, 1);
    tally_add(&work->tally, i, CAME_BACK_ANY,
              same_next_any(work->places, lives->history, i, completed, end)
                  != UINT32_MAX);
    if (life->standing != STANDING_VALID)
        return;
    back = same_next(work->places, lives->history, i, completed, end) != UINT32_MAX;
    of = work->places->place[i] == PLACE_ASSET  ? ASSETS
         : work->places->place[i] == PLACE_HOME ? ROOMS
                                                : PLACES;
    tally_add(&work->tally, i, REPAIRED, 1);
    tally_add(&work->tally, i, CAME_BACK, back);
    tally_add(&work->tally, i, of, 1); /* never mixed: each has a part of its own */
    tally_add(&work->tally, i, of + 1, back);
}

/* REC-02: raised by the same home within 90 days; while the earlier one is still
 * open the new one is a chaser, counted apart. */
static void count_repeat(struct work *work, const struct life *life)
{
    const struct history *history = work->lives->history;
    const int64_t *received = history->facts->tickets.received;
    uint32_t i = life->ticket, other = work->homes->previous[i];
    int64_t cutoff = work->lives->period.cutoff;

    tally_add(&work->tally, i, INTAKE, 1);
    while (other != 0 && received[i] - received[other - 1] <= LOOK_BACK) {
        /* Two in the same second are one call noted twice, not a repeat. */
        if (received[other - 1] < received[i]
            && ticket_valid(history, other - 1, cutoff)) {
            bool open = ticket_open(history, other - 1, received[i]);

            tally_add(&work->tally, i, open ? CHASED : REPEATED, 1);
            return;
        }
        other = work->homes->previous[other - 1];
    }
}

static bool by_staff(const struct tickets *tickets, uint32_t i)
{
    uint8_t channel = tickets->channel == NULL ? CHANNEL_UNKNOWN : tickets->channel[i];

    return channel == CHANNEL_PATROL || channel == CHANNEL_IOT
           || nature_of(tickets, i) == NATURE_PATROL;
}

/* Where no patrol ever wrote anything down, 0 % would be said of nobody's work. */
static bool any_patrol(const struct tickets *tickets)
{
    uint32_t i;

    for (i = 0; i < tickets->count; i++)
        if (by_staff(tickets, i))
            return true;
    return false;
}

/* PRO-01: in shared areas, found by a patrol or a device, unless an owner had reported
 * the same problem there and it was still open. */
static void count_found(struct work *work, const struct life *life)
{
    const struct history *history = work->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t i = life->ticket, other = work->places->previous[i];
    uint16_t flags = tickets->flags == NULL ? 0 : tickets->flags[i];
    uint8_t nature = nature_of(tickets, i);
    bool found = by_staff(tickets, i);

    if (!flag_yes(flags, FLAG_PUBLIC_AREA) || nature == NATURE_ENQUIRY
        || nature == NATURE_PRAISE)
        return;
    if (found && other != 0
        && ticket_valid(history, other - 1, work->lives->period.cutoff)
        && ticket_open(history, other - 1, tickets->received[i]))
        found = false;
    tally_add(&work->tally, i, SHARED_PLACE, 1);
    tally_add(&work->tally, i, FOUND, found);
}

/* METHODS 2.2: from each completion of a repair in the last year to the next
 * ticket of its key, or to the cut-off. */
static void add_gaps(struct work *work)
{
    const struct history *history = work->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct period *period = &work->lives->period;
    int64_t from = period->until - (int64_t)YEAR_DAYS * DAY_SECONDS;
    uint32_t i, t, next;

    if (period->from < from)
        from = period->from;
    for (i = 0; i < tickets->count && tickets->received[i] < period->until; i++) {
        if (work->places->key[i] == 0 || nature_of(tickets, i) != NATURE_REPAIR
            || history->last_touch[i] < from
            || !ticket_valid(history, i, period->cutoff))
            continue;
        for (t = history->first_turn[i]; t < history->first_turn[i + 1]; t++) {
            const struct turn *turn = &history->turns[t];
            int64_t end = period->cutoff;

            if (turn->kind != TURN_COMPLETE || turn->inferred
                || turn->flow >= period->cutoff
                || !within(turn->flow, from, period->until))
                continue;
            next = same_next(work->places, history, i, turn->flow, period->cutoff);
            if (next != UINT32_MAX)
                end = tickets->received[next];
            samples_add(&work->again, i, (double)(end - turn->flow) / DAY_SECONDS,
                        next != UINT32_MAX);
        }
    }
}

/* Keys of a group numbered from 0, as share_again() wants them. */
static void number_keys(uint32_t *keys, size_t count, struct arena *memory)
{
    struct ordered *rows = arena_alloc(memory, (count + 1) * sizeof *rows);
    uint32_t number = 0;
    size_t i;

    for (i = 0; i < count; i++)
        rows[i] = (struct ordered){ keys[i], i };
    order_rows(rows, count, memory);
    for (i = 0; i < count; i++) {
        number += i > 0 && rows[i].key != rows[i - 1].key;
        keys[rows[i].with] = number;
    }
}

/* The keys ride in the ticket number of a copy, so that grouping keeps them. */
static void emit_again(struct sink *sink, const struct group *group)
{
    static const struct {
        const char *name;
        double days;
    } parts[] = { { "REC-01.p7", 7 }, { "REC-01.p30", 30 }, { "REC-01.p90", 90 } };
    size_t count = group->count, i, part;
    double *gap = arena_alloc(sink->scratch, (count + 1) * sizeof *gap);
    uint8_t *event = arena_alloc(sink->scratch, count + 1);
    uint32_t *key = arena_alloc(sink->scratch, (count + 1) * sizeof *key);
    const uint32_t *all_keys = sink->extra;
    int64_t seen = 0;

    for (i = 0; i < count; i++) {
        gap[i] = group->items[i].value;
        event[i] = group->items[i].state;
        key[i] = all_keys[group->items[i].ticket];
        seen += event[i];
    }
    number_keys(key, count, sink->scratch);
    for (part = 0; part < 3; part++) {
        struct estimate again =
            share_again(gap, event, key, count, parts[part].days, 0.95, sink->scratch);
        struct base base = base_none(again.answer);

        base.n = base.denominator = (int64_t)count;
        base.numerator = seen;
        if (again.answer == ANSWER_OK) {
            base.value = again.value;
            base.low = again.low;
            base.high = again.high;
        }
        sink_group(sink, group, parts[part].name, base);
    }
}

/* --- REC-03 ------------------------------------------------------------------- */

struct outage {
    int64_t received;
    uint32_t asset, ticket;
};

static int compare_outages(const void *left, const void *right)
{
    const struct outage *a = left, *b = right;

    if (a->asset != b->asset)
        return a->asset < b->asset ? -1 : 1;
    if (a->received != b->received)
        return a->received < b->received ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

/* Reports of one outage are one failure: those that came while an earlier ticket
 * of the asset was still open. */
static int64_t failures(const struct history *history, const struct outage *outages,
                        size_t count, int64_t *last)
{
    int64_t found = 0;
    size_t i, j;

    for (i = 0; i < count; i++) {
        bool same = false;

        for (j = i; j > 0 && !same; j--)
            same = ticket_open(history, outages[j - 1].ticket, outages[i].received);
        if (!same) {
            found++;
            *last = outages[i].received;
        }
    }
    return found;
}

/* Failures of the 90 days before the period's end, by asset and time. */
static struct outage *collect_outages(const struct work *work, struct arena *scratch,
                                      size_t *count)
{
    const struct history *history = work->lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    const struct period *period = &work->lives->period;
    int64_t until = period->until < period->cutoff ? period->until : period->cutoff;
    size_t first = tickets->count, last, i;
    struct outage *outages;

    *count = 0;
    while (first > 0 && tickets->received[first - 1] >= period->until - LOOK_BACK)
        first--;
    for (last = first; last < tickets->count && tickets->received[last] < until;)
        last++;
    outages = arena_alloc(scratch, (last - first + 1) * sizeof *outages);
    for (i = first; tickets->asset != NULL && i < last; i++) {
        uint8_t nature = nature_of(tickets, (uint32_t)i);

        if (nature != NATURE_ENQUIRY && nature != NATURE_PRAISE
            && asset_shared(history->facts, (uint32_t)i)
            && ticket_valid(history, (uint32_t)i, period->cutoff))
            outages[(*count)++] =
                (struct outage){ tickets->received[i], tickets->asset[i], (uint32_t)i };
    }
    if (*count > 1)
        qsort(outages, *count, sizeof *outages, compare_outages);
    return outages;
}

struct failing {
    uint32_t asset; /* index in the register */
    int64_t failures, days;
};

/* Most failures first, then the latest, then the register's own order. */
static int compare_failing(const void *left, const void *right)
{
    const struct failing *a = left, *b = right;

    if (a->failures != b->failures)
        return a->failures > b->failures ? -1 : 1;
    if (a->days != b->days)
        return a->days < b->days ? -1 : 1;
    return (a->asset > b->asset) - (a->asset < b->asset);
}

static struct failing *find_failing(const struct work *work, const struct sink *sink,
                                    size_t *found)
{
    const struct history *history = work->lives->history;
    struct arena *scratch = sink->scratch;
    size_t count, first, next, i;
    struct outage *outages = collect_outages(work, scratch, &count);
    struct failing *failing = arena_alloc(scratch, (count + 1) * sizeof *failing);

    *found = 0;
    for (first = 0; first < count; first = next) {
        int64_t times, last = 0;

        for (next = first; next < count && outages[next].asset == outages[first].asset;)
            next++;
        times = failures(history, outages + first, next - first, &last);
        for (i = first; times >= FAILURES && i < next; i++)
            sink_case(sink, "REC-03", outages[i].ticket);
        if (times >= FAILURES)
            failing[(*found)++] =
                (struct failing){ outages[first].asset - 1, times,
                                  (work->lives->period.until - last) / DAY_SECONDS };
    }
    if (*found > 1)
        qsort(failing, *found, sizeof *failing, compare_failing);
    return failing;
}

/* Kept as a key, since only the report knows its language; one day is not "days". */
static const char *days_ago(struct arena *memory, int64_t days)
{
    return phrase(memory, days == 1 ? "listed.ago.one" : "listed.ago", "n",
                  arena_printf(memory, "%lld", (long long)days), NULL);
}

static void list_failing(const struct work *work, struct sink *sink,
                         const struct failing *failing, size_t count)
{
    static const char *const titles[] = { "设备", "次数", "距上次" };
    const struct facts *facts = work->lives->history->facts;
    struct arena *memory = sink->results->memory;
    struct value *cells = arena_alloc(memory, (count + 1) * 3 * sizeof *cells);
    struct listing listing = {
        .name = "REC-03", .columns = 3, .rows = count, .cells = cells, .titles = titles
    };
    uint16_t part;
    size_t i;

    if (metrics_name(sink->metrics, "REC-03", &listing.metric, &part) < 0)
        return;
    for (i = 0; i < count; i++) {
        const struct asset *asset = &facts->registers.assets[failing[i].asset];
        const char *code = facts->words->text[asset->code];
        const char *name = asset->name == 0 ? "" : facts->words->text[asset->name];

        if (*name != '\0' && asset->name != asset->code)
            cells[i * 3] = (struct value){
                VALUE_WORDS,
                phrase(memory, "listed.asset", "name", name, "code", code, NULL), NAN
            };
        else
            cells[i * 3] = (struct value){ VALUE_TEXT, code, NAN };
        cells[i * 3 + 1] =
            (struct value){ VALUE_COUNT, NULL, (double)failing[i].failures };
        cells[i * 3 + 2] =
            (struct value){ VALUE_WORDS, days_ago(memory, failing[i].days), NAN };
    }
    results_add_listing(sink->results, &listing);
}

static void assets(const struct work *work, struct sink *sink, bool listed)
{
    const struct facts *facts = work->lives->history->facts;
    size_t count, i;
    struct failing *failing = find_failing(work, sink, &count);

    for (i = 0; i < count; i++) {
        uint32_t code = facts->registers.assets[failing[i].asset].code;

        sink_key(sink, "REC-03", DIM_ASSET, code, base_count(failing[i].failures));
        sink_key(sink, "REC-03.days", DIM_ASSET, code, base_count(failing[i].days));
    }
    sink_total(sink, "REC-03",
               facts->registers.asset_count == 0 ? base_none(ANSWER_NO_DATA)
                                                 : base_count((int64_t)count));
    if (listed && !sink->empty && facts->registers.asset_count > 0)
        list_failing(work, sink, failing, count);
}

/* --- REC-04 ------------------------------------------------------------------- */

static void emit_homes(struct sink *sink, const struct group *group)
{
    int64_t homes = 0;
    size_t i;

    for (i = 0; i < group->count; i++)
        homes += i == 0 || group->items[i].value <= 0
                 || group->items[i].value > group->items[i - 1].value;
    sink_group(sink, group, "REC-04", base_count((int64_t)group->count));
    sink_group(sink, group, "REC-04.households", base_count(homes));
    sink_group(sink, group, "REC-04.share",
               base_wilson((int64_t)group->count, *(const int64_t *)sink->extra));
}

static void problems(struct work *work, struct sink *sink)
{
    const uint32_t *home = work->lives->history->facts->tickets.household;
    struct samples samples = { .memory = sink->scratch };
    int64_t *total = arena_alloc(sink->scratch, sizeof *total);
    size_t i;

    for (i = 0; i < work->lives->count; i++) {
        const struct life *life = &work->lives->items[i];

        if ((life->marks & LIFE_RECEIVED) == 0 || life->standing != STANDING_VALID)
            continue;
        samples_add(&samples, life->ticket, home == NULL ? 0 : home[life->ticket], 0);
        ++*total;
    }
    sink->extra = total;
    samples_each(&samples, sink, "REC-04", emit_homes);
}

/* Where no household is known nobody can be seen to come back: unknown, not nought.
 * Without keys nobody asked. */
static void repeats(struct work *work, struct sink *sink)
{
    static const char *const names[] = { "REC-02", "REC-02.chaser", "REC-06" };
    size_t i;

    if (work->homes == NULL)
        return;
    for (i = 0; work->homes->count == 0 && i < sizeof names / sizeof names[0]; i++)
        sink_total(sink, names[i], base_none(ANSWER_NO_DATA));
    if (work->homes->count == 0)
        return;
    tally_count(&work->tally, sink, "REC-02", REPEATED);
    tally_count(&work->tally, sink, "REC-02.chaser", CHASED);
    tally_share(&work->tally, sink, "REC-06", REPEATED, INTAKE);
}

static void run_period(struct work *work, struct sink *sink, bool listed)
{
    const struct lifecycles *lives = work->lives;
    size_t i;

    work->again = (struct samples){ .memory = sink->scratch };
    tally_open(&work->tally, sink->splits, COUNTERS, sink->scratch);
    for (i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];

        if (work->places != NULL)
            count_repair(work, life);
        if (life->standing != STANDING_VALID || (life->marks & LIFE_RECEIVED) == 0)
            continue;
        if (work->homes != NULL)
            count_repeat(work, life);
        if (work->places != NULL)
            count_found(work, life);
    }
    tally_share(&work->tally, sink, "REC-01", CAME_BACK, REPAIRED);
    tally_share_total(&work->tally, sink, "REC-01.worst", CAME_BACK_ANY,
                      REPAIRED_OR_GONE);
    tally_share(&work->tally, sink, "REC-01.asset", ASSETS_BACK, ASSETS);
    tally_share(&work->tally, sink, "REC-01.room", ROOMS_BACK, ROOMS);
    tally_share(&work->tally, sink, "REC-01.place", PLACES_BACK, PLACES);
    repeats(work, sink);
    if (work->patrols)
        tally_share(&work->tally, sink, "PRO-01", FOUND, SHARED_PLACE);
    else
        sink_total(sink, "PRO-01", base_none(ANSWER_NO_DATA));
    if (work->places != NULL) {
        add_gaps(work);
        sink->extra = work->places->key;
        samples_each(&work->again, sink, "REC-01", emit_again);
    }
    assets(work, sink, listed);
    if (sink_asked(sink, "REC-04"))
        problems(work, sink);
}

static const struct same_keys *keys_asked(const struct context *context,
                                          const struct sink *sink, enum same_by by,
                                          const char *metric, const char *other,
                                          struct arena *memory)
{
    if (!sink_asked(sink, metric) && !sink_asked(sink, other))
        return NULL;
    return same_keys_of(context, sink->lives->history->facts, by, memory);
}

static enum status run_recurrence(const struct facts *facts,
                                  const struct context *context,
                                  struct results *results, struct error *err)
{
    struct arena *scratch = arena_new(), *kept = arena_new();
    bool patrols = any_patrol(&facts->tickets);
    const struct same_keys *places, *homes;
    enum status status = HY_OK;
    struct sink sink;
    size_t p;

    sink_open(&sink, context, 0, results, scratch);
    places = keys_asked(context, &sink, SAME_PLACE, "REC-01", "PRO-01", kept);
    homes = keys_asked(context, &sink, SAME_HOUSEHOLD, "REC-02", "REC-06", kept);
    for (p = 0; p < context->count && status == HY_OK; p++) {
        struct work work = {
            .lives = &context->lives[p],
            .places = places,
            .homes = homes,
            .patrols = patrols,
            .window = (int64_t)context->settings->window_repeat * DAY_SECONDS,
        };

        sink_open(&sink, context, p, results, scratch);
        run_period(&work, &sink, p + 1 == context->count);
        status = sink_status(&sink, "recurrence", err);
        arena_reset(scratch);
    }
    arena_free(kept);
    arena_free(scratch);
    return status;
}

const struct pass pass_recurrence = {
    .name = "recurrence",
    .summary = "反复出现的事：返修、重复诉求、设备反复故障、高频问题",
    .needs = NEED_TICKETS | NEED_EVENTS | NEED_REGISTERS,
    .gives = "REC-01 REC-02 REC-03 REC-04 REC-06 PRO-01",
    .run = run_recurrence,
};
