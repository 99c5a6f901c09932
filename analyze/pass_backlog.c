/* pass_backlog.c - what is still open: BKL-01 by age, DIF-01 with its lists. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/order.h"
#include "analyze/passes.h"
#include "analyze/tally.h"
#include "core/store.h"

enum {
    SECONDS_AN_HOUR = 3600,
    BANDS = 6,
    OLD_DAYS = 30,
    SUBJECT_LEAST = 20,
    YEAR = 365 * DAY_SECONDS,
    SLOW_TIMES = 3
};

enum counter { OPEN, OLD, HARD, COUNTERS };

enum reason {
    REASON_OLD = 1,
    REASON_SLOW = 2,
    REASON_PASSED = 4,
    REASON_EXTENDED = 8,
    REASON_REOPENED = 16,
    REASON_CHASED = 32
};

static const char *const reason_words[] = {
    "超过30天", "比同类慢得多", "多次转手", "多次延期", "多次重开", "多次催办",
};

static const char *const band_words[BANDS] = {
    "不到4天", "4–7天", "8–15天", "16–30天", "1–3个月", "3个月以上",
};

struct hard {
    uint32_t ticket, band, changes;
    unsigned reasons;
};

struct work {
    const struct lifecycles *lives;
    const double *slow; /* hours by index of the category split */
    struct tally tally;
    struct samples ages; /* hours; state = band */
    struct hard *hards;
    size_t hard_count;
    int64_t bands[BANDS], hard_bands[BANDS];
};

static uint32_t age_band(int64_t seconds)
{
    static const int64_t least[] = { 4, 8, 16, 31, 91 };
    int64_t days = seconds / DAY_SECONDS;
    uint32_t band = 0;

    while (band < BANDS - 1 && days >= least[band])
        band++;
    return band;
}

static const struct split *category_split(const struct splits *splits)
{
    size_t s;

    for (s = 0; s < SPLIT_COUNT; s++)
        if (splits->items[s].dimension == DIM_CATEGORY)
            return &splits->items[s];
    return &splits->items[0];
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

    if (history->first_turn[i] == end)
        return -1;
    last = &history->turns[end - 1];
    if (last->kind == TURN_REOPEN || last->flow >= lives->period.cutoff)
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

static struct hard judge(const struct work *work, uint32_t i, int64_t age)
{
    const struct lifecycles *lives = work->lives;
    const struct history *history = lives->history;
    int64_t cutoff = lives->period.cutoff;
    size_t subject = split_index(category_split(lives->splits), i);
    struct hard hard = { .ticket = i, .band = age_band(age) };
    uint32_t returns;

    (void)transfers_before(history, i, cutoff, &hard.changes, &returns);
    if (age > (int64_t)OLD_DAYS * DAY_SECONDS)
        hard.reasons |= REASON_OLD;
    if ((double)age / SECONDS_AN_HOUR > work->slow[subject])
        hard.reasons |= REASON_SLOW;
    if (hard.changes >= 2 || returns > 0)
        hard.reasons |= REASON_PASSED;
    if (events_before(history, i, EVENT_DEADLINE_MOVED, cutoff) >= 2)
        hard.reasons |= REASON_EXTENDED;
    if (reopens(lives, i) >= 2)
        hard.reasons |= REASON_REOPENED;
    if (events_before(history, i, EVENT_URGE, cutoff) >= 3)
        hard.reasons |= REASON_CHASED;
    return hard;
}

static void count_life(struct work *work, const struct life *life)
{
    const struct tickets *tickets = &work->lives->history->facts->tickets;
    uint32_t i = life->ticket;
    int64_t age = work->lives->period.cutoff - tickets->received[i];
    struct hard hard;

    if (life->standing != STANDING_VALID || (life->marks & LIFE_OPEN) == 0)
        return;
    hard = judge(work, i, age);
    tally_add(&work->tally, i, OPEN, 1);
    tally_add(&work->tally, i, OLD, age_band(age) >= 4);
    work->bands[hard.band]++;
    samples_add(&work->ages, i, (double)age / SECONDS_AN_HOUR, (uint8_t)hard.band);
    if (hard.reasons != 0) {
        tally_add(&work->tally, i, HARD, 1);
        work->hard_bands[hard.band]++;
        work->hards[work->hard_count++] = hard;
    }
}

/* --- lists --------------------------------------------------------------------- */

static struct value word_cell(const struct facts *facts, const uint32_t *column,
                              uint32_t i)
{
    struct value value = { VALUE_TEXT, "—", NAN };

    if (column != NULL && column[i] != 0 && facts->words != NULL)
        value.text = facts->words->text[column[i]];
    return value;
}

static struct value count_cell(int64_t count)
{
    return (struct value){ VALUE_COUNT, NULL, (double)count };
}

static const char *reason_text(unsigned reasons, struct arena *memory)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < sizeof reason_words / sizeof reason_words[0]; i++)
        if ((reasons >> i & 1) != 0)
            text = arena_printf(memory, "%s%s%s", text, *text == '\0' ? "" : "、",
                                reason_words[i]);
    return text;
}

struct order {
    const struct facts *facts;
};

static uint32_t word_at(const uint32_t *column, uint32_t i)
{
    return column == NULL ? 0 : column[i];
}

/* Longest waiting first, then subject, area, department: words, so that the order
 * of files does not matter. */
static int compare_hard(const void *left, const void *right, void *context)
{
    const struct hard *a = left, *b = right;
    const struct tickets *tickets = &((const struct order *)context)->facts->tickets;
    const uint32_t *const columns[] = { tickets->category, tickets->grid,
                                        tickets->department };
    size_t i;

    if (a->band != b->band)
        return a->band > b->band ? -1 : 1;
    for (i = 0; i < 3; i++) {
        uint32_t x = word_at(columns[i], a->ticket), y = word_at(columns[i], b->ticket);

        if (x != y)
            return x < y ? -1 : 1;
    }
    if (a->reasons != b->reasons)
        return a->reasons > b->reasons ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

static bool same_line(const struct order *order, const struct hard *a,
                      const struct hard *b)
{
    const struct tickets *tickets = &order->facts->tickets;

    return a->band == b->band
           && word_at(tickets->category, a->ticket)
                  == word_at(tickets->category, b->ticket)
           && word_at(tickets->grid, a->ticket) == word_at(tickets->grid, b->ticket)
           && word_at(tickets->department, a->ticket)
                  == word_at(tickets->department, b->ticket);
}

/* For the board: subject, area and age band; no ticket can be told from it. */
static void list_subjects(const struct work *work, struct sink *sink,
                          const struct order *order, uint16_t metric)
{
    static const char *const titles[] = { "事",   "地方",           "件",
                                          "已等", "为什么算老大难", "牵头" };
    const struct tickets *tickets = &order->facts->tickets;
    struct arena *memory = sink->results->memory;
    struct value *cells =
        arena_alloc(memory, (work->hard_count + 1) * 6 * sizeof *cells);
    struct listing listing = { .name = "DIF-01",
                               .metric = metric,
                               .columns = 6,
                               .cells = cells,
                               .titles = titles };
    size_t first, next;

    for (first = 0; first < work->hard_count; first = next) {
        const struct hard *hard = &work->hards[first];
        struct value *row = cells + listing.rows++ * 6;
        unsigned reasons = 0;

        for (next = first;
             next < work->hard_count && same_line(order, hard, &work->hards[next]);
             next++)
            reasons |= work->hards[next].reasons;
        row[0] = word_cell(order->facts, tickets->category, hard->ticket);
        row[1] = word_cell(order->facts, tickets->grid, hard->ticket);
        row[2] = count_cell((int64_t)(next - first));
        row[3] = (struct value){ VALUE_TEXT, band_words[hard->band], NAN };
        row[4] = (struct value){ VALUE_TEXT, reason_text(reasons, memory), NAN };
        row[5] = word_cell(order->facts, tickets->department, hard->ticket);
    }
    results_add_listing(sink->results, &listing);
}

/* For committee and management: one line a ticket, no room, no person. */
static void list_cases(const struct work *work, struct sink *sink,
                       const struct order *order, uint16_t metric)
{
    static const char *const titles[] = { "单号",       "事",         "楼栋",
                                          "已等（天）", "转手（次）", "为什么算老大难",
                                          "牵头" };
    const struct tickets *tickets = &order->facts->tickets;
    struct arena *memory = sink->results->memory;
    struct value *cells =
        arena_alloc(memory, (work->hard_count + 1) * 7 * sizeof *cells);
    struct listing listing = { .name = "DIF-01.cases",
                               .metric = metric,
                               .columns = 7,
                               .rows = work->hard_count,
                               .cells = cells,
                               .titles = titles };
    size_t i;

    for (i = 0; i < work->hard_count; i++) {
        const struct hard *hard = &work->hards[i];
        struct value *row = cells + i * 7;
        int64_t age = work->lives->period.cutoff - tickets->received[hard->ticket];

        row[0] = word_cell(order->facts, tickets->number, hard->ticket);
        row[1] = word_cell(order->facts, tickets->category, hard->ticket);
        row[2] = word_cell(order->facts, tickets->building, hard->ticket);
        row[3] = count_cell(age / DAY_SECONDS);
        row[4] = count_cell(hard->changes);
        row[5] = (struct value){ VALUE_TEXT, reason_text(hard->reasons, memory), NAN };
        row[6] = word_cell(order->facts, tickets->department, hard->ticket);
    }
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
    list_cases(work, sink, &order, metric);
}

static void emit_ages(struct sink *sink, const struct group *group)
{
    size_t count;
    double *values = group_values(group, ~0u, sink->scratch, &count);

    sink_group(sink, group, "BKL-01.median", base_quantile(values, count, 0.5));
    sink_group(sink, group, "BKL-01.oldest", base_quantile(values, count, 1));
}

static void emit_all(struct work *work, struct sink *sink)
{
    uint32_t i;

    tally_count(&work->tally, sink, "BKL-01", OPEN);
    tally_count(&work->tally, sink, "BKL-01.over30", OLD);
    tally_count(&work->tally, sink, "DIF-01", HARD);
    samples_each(&work->ages, sink, "BKL-01", emit_ages);
    for (i = 0; i < BANDS && !sink->empty; i++) {
        sink_key(sink, "BKL-01", DIM_AGE, i, base_count(work->bands[i]));
        sink_key(sink, "DIF-01", DIM_AGE, i, base_count(work->hard_bands[i]));
    }
}

static enum status run_backlog(const struct facts *facts, const struct context *context,
                               struct results *results, struct error *err)
{
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i;

    (void)facts;
    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct lifecycles *lives = &context->lives[p];
        struct work work = { .lives = lives, .ages = { .memory = scratch } };
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        tally_open(&work.tally, sink.splits, COUNTERS, scratch);
        work.slow = slow_limits(lives, category_split(sink.splits), scratch);
        work.hards = arena_alloc(scratch, (lives->count + 1) * sizeof *work.hards);
        for (i = 0; i < lives->count; i++)
            count_life(&work, &lives->items[i]);
        emit_all(&work, &sink);
        if (p + 1 == context->count)
            lists(&work, &sink);
        status = sink_status(&sink, "backlog", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_backlog = {
    .name = "backlog",
    .summary = "还欠什么：在办账龄、疑难问题清单",
    .needs = NEED_TICKETS | NEED_EVENTS,
    .run = run_backlog,
};
