/* pass_hard.c - hard cases: DIF-01 with its lists and promises, DIF-02. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/hard.h"
#include "analyze/passes.h"
#include "core/calendar.h"
#include "core/store.h"
#include "core/wording.h"

enum counter {
    HARD,
    UNDECIDED,
    PROMISED,
    KEPT,
    BROKEN,
    EARLIER,
    EARLIER_DONE,
    EARLIER_CONFIRMED,
    COUNTERS
};

static const char *const reason_keys[HARD_REASONS] = {
    "hard.old",      "hard.slow",   "hard.passed",      "hard.extended",
    "hard.reopened", "hard.chased", "hard.unsatisfied", "hard.undecided",
};

static const char *const band_keys[AGE_BANDS] = {
    "band.0", "band.1", "band.2", "band.3", "band.4", "band.5",
};

struct work {
    const struct lifecycles *lives;
    struct hard_rules rules;
    struct tally tally;
    struct hard *hards;
    size_t hard_count;
    int64_t bands[AGE_BANDS];
};

static void count_life(struct work *work, const struct life *life)
{
    struct hard hard;

    if (life->standing != STANDING_VALID || (life->marks & LIFE_OPEN) == 0)
        return;
    hard = hard_judge(work->lives, &work->rules, life->ticket);
    if (hard.reasons == 0)
        return;
    tally_add(&work->tally, hard.ticket, HARD, 1);
    tally_add(&work->tally, hard.ticket, UNDECIDED,
              (hard.reasons & HARD_UNDECIDED) != 0);
    work->bands[hard.band]++;
    work->hards[work->hard_count++] = hard;
}

/* Promises that fell due in the period, of tickets open or done by now. */
static void count_promises(struct work *work)
{
    const struct lifecycles *lives = work->lives;
    const struct period *period = &lives->period;
    size_t i;

    for (i = 0; work->rules.promises != NULL && i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        const struct promise *promise = work->rules.promises[life->ticket];
        enum kept kept = promise_kept(lives, promise, life->completed);

        if (kept == PROMISE_NONE || kept == PROMISE_RUNNING
            || life->standing != STANDING_VALID
            || !within((int64_t)promise->promised * DAY_SECONDS, period->from,
                       period->until))
            continue;
        tally_add(&work->tally, life->ticket, PROMISED, 1);
        tally_add(&work->tally, life->ticket, KEPT, kept == PROMISE_KEPT);
        tally_add(&work->tally, life->ticket, BROKEN, kept == PROMISE_BROKEN);
    }
}

/* --- DIF-02 ------------------------------------------------------------------------
 */

static const struct life *life_of(const struct lifecycles *lives, uint32_t ticket)
{
    size_t low = 0, high = lives->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lives->items[middle].ticket < ticket)
            low = middle + 1;
        else
            high = middle;
    }
    return low < lives->count && lives->items[low].ticket == ticket ? &lives->items[low]
                                                                    : NULL;
}

static bool confirmed(const struct tickets *tickets, uint32_t i, int64_t cutoff)
{
    return tickets->flags != NULL && flag_yes(tickets->flags[i], FLAG_RESOLVED)
           && (tickets->revisited == NULL || tickets->revisited[i] == HY_NEVER
               || tickets->revisited[i] < cutoff);
}

/* The hard list as it stood when the period began. */
struct earlier {
    uint32_t *tickets;
    size_t count;
    int32_t month; /* at the end of which it stood */
};

static struct earlier earlier_list(const struct context *context,
                                   const struct lifecycles *lives, int32_t month,
                                   struct arena *scratch)
{
    struct earlier earlier = { .month = month };
    struct period before = { .month = month,
                             .from = lives->before_from,
                             .until = lives->period.from };
    struct lifecycles then;
    struct hard_rules rules;
    size_t i;

    before.cutoff =
        before.until + (int64_t)context->settings->cutoff_days * DAY_SECONDS;
    lives_build(lives->history, &before, before.from, before.until, scratch, &then);
    hard_rules_build(&then, lives->splits, scratch, &rules);
    earlier.tickets = arena_alloc(scratch, (then.count + 1) * sizeof *earlier.tickets);
    for (i = 0; i < then.count; i++)
        if (then.items[i].standing == STANDING_VALID
            && (then.items[i].marks & LIFE_OPEN) != 0
            && hard_judge(&then, &rules, then.items[i].ticket).reasons != 0)
            earlier.tickets[earlier.count++] = then.items[i].ticket;
    return earlier;
}

/* What became of it; those void since are left out. */
static void count_earlier(struct work *work, const struct earlier *earlier)
{
    const struct lifecycles *lives = work->lives;
    const struct tickets *tickets = &lives->history->facts->tickets;
    size_t i;

    for (i = 0; i < earlier->count; i++) {
        uint32_t ticket = earlier->tickets[i];
        const struct life *now = life_of(lives, ticket);

        if (now == NULL || now->standing != STANDING_VALID)
            continue;
        tally_add(&work->tally, ticket, EARLIER, 1);
        if ((now->marks & LIFE_OPEN) != 0)
            continue;
        tally_add(&work->tally, ticket, EARLIER_DONE, 1);
        tally_add(&work->tally, ticket, EARLIER_CONFIRMED,
                  confirmed(tickets, ticket, lives->period.cutoff));
    }
}

/* This month's list is what next month is asked of. */
static struct earlier keep_list(const struct work *work, struct arena *memory)
{
    struct earlier kept = { .count = work->hard_count,
                            .month = work->lives->period.month };
    size_t i;

    kept.tickets = arena_alloc(memory, (kept.count + 1) * sizeof *kept.tickets);
    for (i = 0; i < kept.count; i++)
        kept.tickets[i] = work->hards[i].ticket;
    return kept;
}

/* Where no owner was ever asked nothing can be confirmed. */
static bool owners_asked(const struct tickets *tickets)
{
    size_t i;

    for (i = 0; tickets->flags != NULL && i < tickets->count; i++)
        if (flag_known(tickets->flags[i], FLAG_RESOLVED))
            return true;
    return false;
}

/* --- lists ---------------------------------------------------------------------------
 */

static struct value count_cell(int64_t count)
{
    return (struct value){ VALUE_COUNT, NULL, (double)count };
}

static struct value key_cell(const char *key)
{
    return (struct value){ VALUE_WORDS, key, NAN };
}

static struct value day_cell(int32_t day)
{
    return day == INT32_MIN ? (struct value){ VALUE_TEXT, "—", NAN }
                            : (struct value){ VALUE_DAY, NULL, (double)day };
}

static struct value reason_cell(unsigned reasons, struct arena *memory)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < HARD_REASONS; i++)
        if ((reasons >> i & 1) != 0)
            text = phrase_join(memory, text, reason_keys[i]);
    return key_cell(text);
}

static struct value kept_cell(enum kept kept)
{
    static const char *const keys[] = { NULL, "promise.running", "promise.kept.one",
                                        "promise.broken.one" };

    return kept == PROMISE_NONE ? (struct value){ VALUE_TEXT, "—", NAN }
                                : key_cell(keys[kept]);
}

struct order {
    const struct facts *facts;
};

static uint32_t word_at(const uint32_t *column, uint32_t i)
{
    return column == NULL ? 0 : column[i];
}

static const char *stuck_of(const struct hard *hard)
{
    return hard->promise == NULL ? "" : stuck_key(hard->promise->reason);
}

/* Longest waiting first, then subject, area, department and what holds it up: words,
 * so that the order of files does not matter. */
static int compare_hard(const void *left, const void *right, void *context)
{
    const struct hard *a = left, *b = right;
    const struct tickets *tickets = &((const struct order *)context)->facts->tickets;
    const uint32_t *const columns[] = { tickets->category, tickets->grid,
                                        tickets->department };
    int stuck = strcmp(stuck_of(a), stuck_of(b));
    size_t i;

    if (a->band != b->band)
        return a->band > b->band ? -1 : 1;
    for (i = 0; i < 3; i++) {
        uint32_t x = word_at(columns[i], a->ticket), y = word_at(columns[i], b->ticket);

        if (x != y)
            return x < y ? -1 : 1;
    }
    if (stuck != 0)
        return stuck;
    if (a->reasons != b->reasons)
        return a->reasons > b->reasons ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

static bool same_line(const struct order *order, const struct hard *a,
                      const struct hard *b)
{
    const struct tickets *tickets = &order->facts->tickets;

    return a->band == b->band && strcmp(stuck_of(a), stuck_of(b)) == 0
           && word_at(tickets->category, a->ticket)
                  == word_at(tickets->category, b->ticket)
           && word_at(tickets->grid, a->ticket) == word_at(tickets->grid, b->ticket)
           && word_at(tickets->department, a->ticket)
                  == word_at(tickets->department, b->ticket);
}

struct line { /* one or more hard cases that read alike */
    const struct hard *hards;
    size_t count;
    unsigned reasons;
    int32_t promised; /* the earliest that was promised to the public and still runs */
    int64_t kept, broken;
};

static void add_to_line(const struct work *work, const struct hard *hard,
                        struct line *line)
{
    const struct promise *promise = hard->promise;
    enum kept kept = promise_kept(work->lives, promise, HY_NEVER);

    line->reasons |= hard->reasons;
    if (promise == NULL || !promise->shown)
        return;
    line->kept += kept == PROMISE_KEPT;
    line->broken += kept == PROMISE_BROKEN;
    if (kept == PROMISE_RUNNING
        && (line->promised == INT32_MIN || promise->promised < line->promised))
        line->promised = promise->promised;
}

static struct value line_kept_cell(const struct line *line, struct arena *memory)
{
    const char *text = "";

    if (line->broken > 0)
        text = phrase(memory, "promise.broken.n", "n", say_count(memory, line->broken),
                      NULL);
    if (line->kept > 0)
        text = phrase_join(memory, text,
                           phrase(memory, "promise.kept.n", "n",
                                  say_count(memory, line->kept), NULL));
    return *text == '\0' ? (struct value){ VALUE_TEXT, "—", NAN } : key_cell(text);
}

/* A list that is cut short ends with the least of it: within a band most cases first,
 * then as the cases lie. */
static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;

    if (a->hards->band != b->hards->band)
        return a->hards->band > b->hards->band ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->hards > b->hards) - (a->hards < b->hards);
}

static size_t find_lines(const struct work *work, const struct order *order,
                         struct line *lines)
{
    size_t count = 0, first, next;

    for (first = 0; first < work->hard_count; first = next) {
        const struct hard *hard = &work->hards[first];
        struct line *line = &lines[count++];

        *line = (struct line){ .hards = hard, .promised = INT32_MIN };
        for (next = first;
             next < work->hard_count && same_line(order, hard, &work->hards[next]);
             next++)
            add_to_line(work, &work->hards[next], line);
        line->count = next - first;
    }
    if (count > 1)
        qsort(lines, count, sizeof *lines, compare_lines);
    return count;
}

static void fill_line(const struct order *order, const struct line *line,
                      struct arena *memory, struct value *row)
{
    const struct tickets *tickets = &order->facts->tickets;
    const struct hard *hard = line->hards;

    row[0] = word_cell(order->facts, tickets->category, hard->ticket);
    row[1] = word_cell(order->facts, tickets->grid, hard->ticket);
    row[2] = count_cell((int64_t)line->count);
    row[3] = key_cell(band_keys[hard->band]);
    row[4] = reason_cell(line->reasons, memory);
    row[5] = hard->promise == NULL ? (struct value){ VALUE_TEXT, "—", NAN }
                                   : key_cell(stuck_of(hard));
    row[6] = word_cell(order->facts, tickets->department, hard->ticket);
    row[7] = day_cell(line->promised);
    row[8] = line_kept_cell(line, memory);
}

/* For the board: subject, area and age band; no ticket can be told from it. */
static void list_subjects(const struct work *work, struct sink *sink,
                          const struct order *order, uint16_t metric)
{
    static const char *const titles[] = { "事",   "地方",           "件",
                                          "已等", "为什么算老大难", "卡在哪里",
                                          "牵头", "答应哪天",       "上月承诺" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    struct arena *memory = sink->results->memory;
    struct line *lines = arena_alloc(memory, (work->hard_count + 1) * sizeof *lines);
    size_t count = find_lines(work, order, lines), i;
    struct value *cells = arena_alloc(memory, (count + 1) * COLUMNS * sizeof *cells);
    struct listing listing = { .name = "DIF-01",
                               .metric = metric,
                               .columns = COLUMNS,
                               .rows = count,
                               .cells = cells,
                               .titles = titles };

    for (i = 0; i < count; i++)
        fill_line(order, &lines[i], memory, cells + i * COLUMNS);
    results_add_listing(sink->results, &listing);
}

static void fill_case(const struct work *work, const struct order *order,
                      const struct hard *hard, struct arena *memory, struct value *row)
{
    const struct tickets *tickets = &order->facts->tickets;
    const struct promise *promise = hard->promise;
    int64_t age = work->lives->period.cutoff - tickets->received[hard->ticket];
    const char *next =
        promise == NULL || *promise->next_step == '\0' ? "—" : promise->next_step;

    row[0] = word_cell(order->facts, tickets->number, hard->ticket);
    row[1] = word_cell(order->facts, tickets->category, hard->ticket);
    row[2] = word_cell(order->facts, tickets->building, hard->ticket);
    row[3] = count_cell(age / DAY_SECONDS);
    row[4] = count_cell(hard->changes);
    row[5] = reason_cell(hard->reasons, memory);
    row[6] = promise == NULL ? (struct value){ VALUE_TEXT, "—", NAN }
                             : key_cell(stuck_of(hard));
    row[7] = word_cell(order->facts, tickets->department, hard->ticket);
    if (promise != NULL && *promise->department != '\0')
        row[7].text = promise->department;
    row[8] = (struct value){ VALUE_TEXT, next, NAN };
    row[9] = day_cell(promise == NULL ? INT32_MIN : promise->promised);
    row[10] = kept_cell(promise_kept(work->lives, promise, HY_NEVER));
}

/* Tickets are in the order they were received: what waits longest comes first. */
static int compare_waiting(const void *left, const void *right)
{
    const struct hard *a = left, *b = right;

    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

/* For committee and management: one line a ticket, no room, no person. */
static void list_cases(const struct work *work, struct sink *sink,
                       const struct order *order, uint16_t metric)
{
    static const char *const titles[] = { "单号",       "事",         "楼栋",
                                          "已等（天）", "转手（次）", "为什么算老大难",
                                          "卡在哪里",   "牵头",       "下一步",
                                          "答应哪天",   "兑现没有" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    struct arena *memory = sink->results->memory;
    struct value *cells =
        arena_alloc(memory, (work->hard_count + 1) * COLUMNS * sizeof *cells);
    struct listing listing = { .name = "DIF-01.cases",
                               .metric = metric,
                               .columns = COLUMNS,
                               .rows = work->hard_count,
                               .cells = cells,
                               .titles = titles };
    size_t i;

    for (i = 0; i < work->hard_count; i++)
        fill_case(work, order, &work->hards[i], memory, cells + i * COLUMNS);
    results_add_listing(sink->results, &listing);
}

/* Only of the month asked: listings carry no month. */
static void lists(struct work *work, struct sink *sink)
{
    struct order order = { work->lives->history->facts };
    uint16_t metric, part;

    if (metrics_name(sink->metrics, "DIF-01", &metric, &part) < 0)
        return;
    if (work->hard_count > 1)
        qsort_r(work->hards, work->hard_count, sizeof *work->hards, compare_hard,
                &order);
    list_subjects(work, sink, &order, metric);
    if (work->hard_count > 1)
        qsort(work->hards, work->hard_count, sizeof *work->hards, compare_waiting);
    list_cases(work, sink, &order, metric);
}

static void emit_all(struct work *work, struct sink *sink, bool asked)
{
    static const struct {
        const char *name;
        enum counter counter;
    } promises[] = { { "DIF-01.promised", PROMISED },
                     { "DIF-01.kept", KEPT },
                     { "DIF-01.broken", BROKEN },
                     { "DIF-01.undecided", UNDECIDED } };
    uint32_t i;

    tally_count(&work->tally, sink, "DIF-01", HARD);
    for (i = 0; i < AGE_BANDS && !sink_silent(sink, "DIF-01"); i++)
        sink_key(sink, "DIF-01", DIM_AGE, i, base_count(work->bands[i]));
    /* In all only: kept and broken by area would take DIF-01 by area apart. */
    for (i = 0; i < sizeof promises / sizeof promises[0]; i++) {
        sink_total(sink, promises[i].name,
                   work->rules.promises == NULL
                       ? base_none(ANSWER_NO_DATA)
                       : base_count(
                           tally_get(&work->tally, 0, 0, promises[i].counter)));
        tally_cases(&work->tally, sink, promises[i].name, promises[i].counter, 0,
                    false);
    }
    if (asked)
        tally_share(&work->tally, sink, "DIF-02", EARLIER_CONFIRMED, EARLIER);
    else
        sink_total(sink, "DIF-02", base_none(ANSWER_NOT_IDENTIFIED));
    tally_share(&work->tally, sink, "DIF-02.completed", EARLIER_DONE, EARLIER);
}

static enum status run_period(const struct context *context, size_t p,
                              struct earlier *earlier, bool asked,
                              struct results *results, struct arena *scratch,
                              struct arena *kept, struct error *err)
{
    const struct lifecycles *lives = &context->lives[p];
    int32_t before = month_of_time(lives->before_from + DAY_SECONDS * 15);
    struct work work = { .lives = lives };
    struct sink sink;
    size_t i;

    if (lives->pool)
        before = INT32_MIN; /* the month before a pool is none of the series */
    sink_open(&sink, context, p, results, scratch);
    tally_open(&work.tally, sink.splits, COUNTERS, scratch);
    hard_rules_build(lives, sink.splits, scratch, &work.rules);
    work.hards = arena_alloc(scratch, (lives->count + 1) * sizeof *work.hards);
    for (i = 0; i < lives->count; i++)
        count_life(&work, &lives->items[i]);
    count_promises(&work);
    if (earlier->tickets == NULL || earlier->month != before)
        *earlier = earlier_list(context, lives, before, scratch);
    count_earlier(&work, earlier);
    *earlier = keep_list(&work, kept);
    emit_all(&work, &sink, asked);
    if (p + 1 == context->count && !sink_silent(&sink, "DIF-01"))
        lists(&work, &sink);
    return sink_status(&sink, "hard", err);
}

static enum status run_hard(const struct facts *facts, const struct context *context,
                            struct results *results, struct error *err)
{
    struct arena *scratch = arena_new(), *kept = arena_new();
    struct earlier earlier = { .tickets = NULL };
    bool asked = owners_asked(&facts->tickets);
    enum status status = HY_OK;
    size_t p;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        status = run_period(context, p, &earlier, asked, results, scratch, kept, err);
        arena_reset(scratch);
    }
    arena_free(kept);
    arena_free(scratch);
    return status;
}

const struct pass pass_hard = {
    .name = "hard",
    .summary = "老大难：清单、承诺、消化",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .gives = "DIF",
    .run = run_hard,
};
