/* hard.c - judges one open ticket, and one promise. */
#include "analyze/hard.h"

#include <math.h>
#include <string.h>

#include "analyze/order.h"

enum {
    SECONDS_AN_HOUR = 3600,
    OLD_DAYS = 30,
    SUBJECT_LEAST = 20,
    YEAR = 365 * DAY_SECONDS,
    SLOW_TIMES = 3
};

static const struct {
    const char *word, *key;
} stuck[] = {
    { "待维修资金表决", "stuck.fund" },
    { "待开发商保修", "stuck.builder" },
    { "待水电气网等专业单位", "stuck.utility" },
    { "待主管部门", "stuck.authority" },
    { "待业主配合入户", "stuck.owner" },
    { "待备件", "stuck.parts" },
    { "待天气", "stuck.weather" },
    { "待外包单位", "stuck.contractor" },
    { "部门分工未定", "stuck.undecided" },
    { "邻里协商中", "stuck.neighbours" },
    { "经费不足", "stuck.money" },
    { "不属物业职责（已说明并转告）", "stuck.outside" },
    { "不属物业职责", "stuck.outside" },
};

const char *stuck_key(const char *reason)
{
    size_t i;

    for (i = 0; reason != NULL && i < sizeof stuck / sizeof stuck[0]; i++)
        if (strcmp(reason, stuck[i].word) == 0)
            return stuck[i].key;
    return "stuck.other";
}

bool stuck_undecided(const char *reason)
{
    return strcmp(stuck_key(reason), "stuck.undecided") == 0;
}

uint32_t age_band(int64_t seconds)
{
    static const int64_t least[] = { 4, 8, 16, 31, 91 };
    int64_t days = seconds / DAY_SECONDS;
    uint32_t band = 0;

    while (band < AGE_BANDS - 1 && days >= least[band])
        band++;
    return band;
}

/* Place of the first ticket received at or after a time. */
static size_t first_since(const struct tickets *tickets, int64_t time)
{
    size_t low = 0, high = tickets->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tickets->received[middle] < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Hours a ticket took as known at the cut-off; negative when it is not done. */
static double hours_taken(const struct lifecycles *lives, size_t i)
{
    const struct history *history = lives->history;
    uint32_t end = history->first_turn[i + 1];
    const struct turn *last;

    while (end > history->first_turn[i]
           && history->turns[end - 1].flow >= lives->period.cutoff)
        end--; /* not known yet */
    if (history->first_turn[i] == end)
        return -1;
    last = &history->turns[end - 1];
    if (last->kind == TURN_REOPEN)
        return -1;
    return (double)(last->flow - history->facts->tickets.received[i]) / SECONDS_AN_HOUR;
}

/* Type 7, as base_quantile() has it of sorted values. */
static double ninetieth(double *values, size_t count)
{
    double place = (double)(count - 1) * 0.9, low, high;
    size_t below = (size_t)floor(place), i;

    low = high = order_nth(values, count, below);
    for (i = below + 1; i < count; i++)
        if (i == below + 1 || values[i] < high)
            high = values[i];
    return low + (place - (double)below) * (high - low);
}

/* Three times the P90 of what each subject took in the year before the cut-off;
 * infinite with fewer than 20 completions. */
static double *slow_limits(const struct lifecycles *lives, const struct split *split,
                           struct arena *memory)
{
    const struct tickets *tickets = &lives->history->facts->tickets;
    size_t first = first_since(tickets, lives->period.cutoff - YEAR);
    size_t last = first_since(tickets, lives->period.until), sum = 0, i;
    size_t *begin = arena_alloc(memory, (split->size + 1) * sizeof *begin);
    double *limits = arena_alloc(memory, split->size * sizeof *limits);
    double *taken = arena_alloc(memory, (tickets->count + 1) * sizeof *taken);

    for (i = first; i < last; i++)
        if (hours_taken(lives, i) >= 0)
            begin[split_index(split, (uint32_t)i)]++;
    for (i = 0; i <= split->size; i++) {
        size_t here = begin[i];

        begin[i] = sum;
        sum += here;
    }
    for (i = first; i < last; i++) {
        double hours = hours_taken(lives, i);

        if (hours >= 0)
            taken[begin[split_index(split, (uint32_t)i)]++] = hours;
    }
    for (i = 0; i < split->size; i++) {
        size_t from = i == 0 ? 0 : begin[i - 1], count = begin[i] - from;

        limits[i] = count < SUBJECT_LEAST ? INFINITY
                                          : SLOW_TIMES * ninetieth(taken + from, count);
    }
    return limits;
}

static const struct split *category_split(const struct splits *splits)
{
    size_t s;

    for (s = 0; s < SPLIT_COUNT; s++)
        if (splits->items[s].dimension == DIM_CATEGORY)
            return &splits->items[s];
    return &splits->items[0];
}

void hard_rules_build(const struct lifecycles *lives, const struct splits *splits,
                      struct arena *memory, struct hard_rules *rules)
{
    const struct facts *facts = lives->history->facts;
    const struct registers *registers = &facts->registers;
    const struct promise **promises = NULL;
    size_t i;

    rules->category = category_split(splits);
    rules->slow = slow_limits(lives, rules->category, memory);
    if (registers->promise_count > 0)
        promises = arena_alloc(memory, (facts->tickets.count + 1) * sizeof *promises);
    for (i = 0; i < registers->promise_count; i++) {
        const struct promise *promise = &registers->promises[i];

        if (promise->ticket != 0 && promise->ticket <= facts->tickets.count)
            promises[promise->ticket - 1] = promise;
    }
    rules->promises = promises;
}

static uint32_t reopens(const struct lifecycles *lives, uint32_t i)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    uint32_t t, count = 0;

    for (t = history->first_turn[i]; t < history->first_turn[i + 1]; t++)
        count += history->turns[t].kind == TURN_REOPEN
                 && history->turns[t].flow < lives->period.cutoff;
    if (tickets->reopens_stated != NULL && tickets->reopens_stated[i] != 0xFFFF
        && tickets->reopens_stated[i] > count)
        count = tickets->reopens_stated[i];
    return count;
}

/* The owner said no, and so did the clerk who asked. */
static bool unsatisfied_twice(const struct tickets *tickets, uint32_t i)
{
    uint8_t owner = tickets->rating_resident == NULL ? 0 : tickets->rating_resident[i];
    uint8_t staff = tickets->rating_staff == NULL ? 0 : tickets->rating_staff[i];

    return owner != 0 && staff != 0
           && 5 * RATING_SCORE(owner) <= 2 * RATING_SCALE(owner)
           && 5 * RATING_SCORE(staff) <= 2 * RATING_SCALE(staff);
}

struct hard hard_judge(const struct lifecycles *lives, const struct hard_rules *rules,
                       uint32_t i)
{
    const struct history *history = lives->history;
    const struct tickets *tickets = &history->facts->tickets;
    int64_t cutoff = lives->period.cutoff, age = cutoff - tickets->received[i];
    struct hard hard = { .ticket = i, .band = age_band(age) };
    uint32_t returns;

    if (rules->promises != NULL)
        hard.promise = rules->promises[i];
    (void)transfers_before(history, i, cutoff, &hard.changes, &returns);
    if (age > (int64_t)OLD_DAYS * DAY_SECONDS)
        hard.reasons |= HARD_OLD;
    if ((double)age / SECONDS_AN_HOUR > rules->slow[split_index(rules->category, i)])
        hard.reasons |= HARD_SLOW;
    if (hard.changes >= 2 || returns > 0)
        hard.reasons |= HARD_PASSED;
    if (events_before(history, i, EVENT_DEADLINE_MOVED, cutoff) >= 2)
        hard.reasons |= HARD_EXTENDED;
    if (reopens(lives, i) >= 2)
        hard.reasons |= HARD_REOPENED;
    if (events_before(history, i, EVENT_URGE, cutoff) >= 3)
        hard.reasons |= HARD_CHASED;
    if (unsatisfied_twice(tickets, i))
        hard.reasons |= HARD_UNSATISFIED;
    if (hard.promise != NULL && stuck_undecided(hard.promise->reason))
        hard.reasons |= HARD_UNDECIDED;
    return hard;
}

enum kept promise_kept(const struct lifecycles *lives, const struct promise *promise,
                       int64_t completed)
{
    int64_t end, kept = HY_NEVER;

    if (promise == NULL || promise->promised == INT32_MIN)
        return PROMISE_NONE;
    end = ((int64_t)promise->promised + 1) * DAY_SECONDS; /* the whole day is theirs */
    if (promise->kept != INT32_MIN)
        kept = (int64_t)promise->kept * DAY_SECONDS;
    if (kept == HY_NEVER || kept >= lives->period.cutoff)
        kept = completed;
    if (kept != HY_NEVER && kept < end)
        return PROMISE_KEPT;
    return end <= lives->period.cutoff ? PROMISE_BROKEN : PROMISE_RUNNING;
}
