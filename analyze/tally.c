/* tally.c - splits, counters by split, and figures into the results. */
#include "analyze/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/order.h"
#include "analyze/stats_rate.h"

enum { CODE_KEYS = 16, LEAST_FOR_PERCENT = 5 }; /* DOMAIN 2.0: n < 5 no percentage */

static void split_words(struct split *split, enum dimension dimension,
                        const uint32_t *column, size_t count)
{
    uint32_t low = UINT32_MAX, high = 0;
    size_t i;

    split->dimension = dimension;
    split->word = column;
    split->size = 1;
    for (i = 0; column != NULL && i < count; i++) {
        if (column[i] == 0)
            continue;
        low = column[i] < low ? column[i] : low;
        high = column[i] > high ? column[i] : high;
    }
    split->base = low;
    if (high != 0)
        split->size = (size_t)(high - low) + 2;
}

static void split_codes(struct split *split, enum dimension dimension,
                        const uint8_t *column)
{
    split->dimension = dimension;
    split->code = column;
    split->size = column == NULL ? 1 : CODE_KEYS;
}

/* As first assigned: a complaint renamed an enquiry, or a burst pipe put down to P3,
 * stays in its row (METHODS 0.5.5); INT-18 counts the changes.  The store fills the
 * first column of every ticket. */
static const uint8_t *first_or_last(const uint8_t *first, const uint8_t *last)
{
    return first != NULL ? first : last;
}

void splits_build(const struct facts *facts, struct splits *splits)
{
    const struct tickets *tickets = &facts->tickets;
    struct split *items = splits->items;

    memset(splits, 0, sizeof *splits);
    items[0].dimension = DIM_TOTAL;
    items[0].size = 1;
    split_codes(&items[1], DIM_NATURE,
                first_or_last(tickets->nature_first, tickets->nature));
    split_codes(&items[2], DIM_CHANNEL, tickets->channel);
    split_codes(&items[3], DIM_URGENCY,
                first_or_last(tickets->urgency_first, tickets->urgency));
    split_words(&items[4], DIM_DEPARTMENT, tickets->department, tickets->count);
    split_words(&items[5], DIM_CATEGORY, tickets->category, tickets->count);
    split_words(&items[6], DIM_BUILDING, tickets->building, tickets->count);
    split_words(&items[7], DIM_GRID, tickets->grid, tickets->count);
}

size_t split_index(const struct split *split, uint32_t ticket)
{
    if (split->code != NULL)
        return split->code[ticket] < CODE_KEYS ? split->code[ticket] : 0;
    if (split->word != NULL && split->word[ticket] != 0)
        return split->word[ticket] - split->base + 1;
    return 0;
}

uint32_t split_key(const struct split *split, size_t index)
{
    if (split->word != NULL && index > 0)
        return split->base + (uint32_t)index - 1;
    return (uint32_t)index;
}

void presence_build(const struct splits *splits, struct arena *memory,
                    struct lifecycles *lives)
{
    const struct period *period = &lives->period;
    size_t s, i;

    lives->splits = splits;
    for (s = 0; s < SPLIT_COUNT; s++) {
        uint8_t *present = arena_alloc(memory, splits->items[s].size);

        for (i = 0; i < lives->count; i++) {
            const struct life *life = &lives->items[i];
            int64_t due = lives->history->deadlines[life->ticket].due;

            if ((life->marks & (LIFE_RECEIVED | LIFE_GROSS_OPENING)) != 0
                || life->reopens > 0 || life->completions > 0
                || within(due, period->from, period->until))
                present[split_index(&splits->items[s], life->ticket)] = 1;
        }
        present[0] |= s == 0;
        lives->present[s] = present;
    }
}

/* --- figures ---------------------------------------------------------------- */

void sink_open(struct sink *sink, const struct context *context, size_t period,
               struct results *results, struct arena *scratch)
{
    *sink = (struct sink){
        .results = results,
        .metrics = context->metrics,
        .lives = &context->lives[period],
        .splits = context->lives[period].splits,
        .scratch = scratch,
        .empty = context->lives[period].empty,
    };
}

enum status sink_status(const struct sink *sink, const char *pass, struct error *err)
{
    if (sink->unknown == NULL)
        return HY_OK;
    return fail(err, HY_CONFIG, "指标表 metrics.tsv 里没有 %s (%s)", sink->unknown,
                pass);
}

static bool resolve(struct sink *sink, const char *name, uint16_t *metric,
                    uint16_t *part)
{
    if (metrics_name(sink->metrics, name, metric, part) >= 0)
        return true;
    if (sink->unknown == NULL)
        sink->unknown = name;
    return false;
}

bool sink_allows(const struct sink *sink, const char *name, enum dimension dimension)
{
    uint16_t metric, part;

    return metrics_name(sink->metrics, name, &metric, &part) >= 0
           && metric_allows(&sink->metrics->items[metric], dimension,
                            AUDIENCE_MANAGEMENT);
}

static bool silent(const struct sink *sink, uint16_t metric)
{
    return sink->empty
           || (sink->lives->history->no_ends
               && sink->metrics->items[metric].needs_ends);
}

bool sink_silent(const struct sink *sink, const char *name)
{
    uint16_t metric, part;

    return metrics_name(sink->metrics, name, &metric, &part) < 0
           || silent(sink, metric);
}

bool sink_asked(const struct sink *sink, const char *name)
{
    const bool *only = sink->results->only;
    uint16_t metric, part;

    return only == NULL || metrics_name(sink->metrics, name, &metric, &part) < 0
           || only[metric];
}

void sink_key(struct sink *sink, const char *name, enum dimension dimension,
              uint32_t key, struct base base)
{
    struct figure figure = { .month = sink->lives->period.month, .base = base };

    if (!resolve(sink, name, &figure.metric, &figure.part))
        return;
    if (silent(sink, figure.metric))
        figure.base = base_none(ANSWER_NO_DATA);
    figure.dimension[0] = (uint8_t)dimension;
    figure.key[0] = key;
    results_add(sink->results, &figure);
}

void sink_total(struct sink *sink, const char *name, struct base base)
{
    sink_key(sink, name, DIM_TOTAL, 0, base);
}

void sink_group(struct sink *sink, const struct group *group, const char *name,
                struct base base)
{
    sink_key(sink, name, group->split->dimension, group->key, base);
}

/* --- counters --------------------------------------------------------------- */

void tally_open(struct tally *tally, const struct splits *splits, size_t width,
                struct arena *memory)
{
    size_t s;

    *tally = (struct tally){ .splits = splits, .width = width, .memory = memory };
    for (s = 0; s < SPLIT_COUNT; s++)
        tally->cells[s] = arena_alloc(memory, splits->items[s].size * width
                                                  * sizeof *tally->cells[s]);
}

static void note_moved(struct tally *tally, uint32_t ticket, size_t counter)
{
    if (tally->moved_count == tally->moved_room) {
        size_t room = tally->moved_room == 0 ? 1024 : tally->moved_room * 2;

        tally->moved = arena_grow(tally->memory, tally->moved,
                                  tally->moved_count * sizeof *tally->moved,
                                  room * sizeof *tally->moved);
        tally->moved_room = room;
    }
    tally->moved[tally->moved_count++] = (struct moved){ ticket, (uint32_t)counter };
}

void tally_add(struct tally *tally, uint32_t ticket, size_t counter, int64_t amount)
{
    size_t s;

    if (amount == 0)
        return;
    if (tally->splits->cases != NULL)
        note_moved(tally, ticket, counter);
    if (tally->last != ticket + 1) /* a ticket is counted several times in a row */
        for (s = 0; s < SPLIT_COUNT; s++)
            tally->of_last[s] =
                tally->cells[s]
                + split_index(&tally->splits->items[s], ticket) * tally->width;
    tally->last = ticket + 1;
    for (s = 0; s < SPLIT_COUNT; s++)
        tally->of_last[s][counter] += amount;
}

int64_t tally_get(const struct tally *tally, size_t split, size_t index, size_t counter)
{
    return tally->cells[split][index * tally->width + counter];
}

/* A change may be negative; what it rests on is not. */
static struct base counted(int64_t count)
{
    struct base base = base_count(count);

    base.n = count < 0 ? -count : count;
    return base;
}

void tally_cases(const struct tally *tally, const struct sink *sink, const char *name,
                 size_t numerator, size_t denominator, bool share)
{
    struct case_log *log = tally->splits->cases;
    size_t i;

    if (!cases_wanted(log, name, sink->lives->period.month))
        return;
    log->found = true;
    for (i = 0; i < tally->moved_count; i++) {
        const struct moved *moved = &tally->moved[i];

        if (moved->counter == numerator)
            cases_note(log, moved->ticket, CASE_COUNTED);
        if (share && moved->counter == denominator)
            cases_note(log, moved->ticket, CASE_BASE);
    }
}

struct value word_cell(const struct facts *facts, const uint32_t *column,
                       uint32_t ticket)
{
    bool told = column != NULL && column[ticket] != 0 && facts->words != NULL;

    return (struct value){ VALUE_TEXT, told ? facts->words->text[column[ticket]] : "—",
                           NAN };
}

void sink_case(const struct sink *sink, const char *name, uint32_t ticket)
{
    struct case_log *log = sink->splits->cases;

    if (!cases_wanted(log, name, sink->lives->period.month))
        return;
    log->found = true;
    cases_note(log, ticket, CASE_COUNTED);
}

static void tally_emit(const struct tally *tally, struct sink *sink, const char *name,
                       size_t numerator, size_t denominator, bool share)
{
    size_t s, i;

    if (!sink_asked(sink, name))
        return;
    tally_cases(tally, sink, name, numerator, denominator, share);
    for (s = 0; s < SPLIT_COUNT; s++) {
        const struct split *split = &tally->splits->items[s];

        if (!sink_allows(sink, name, split->dimension) && s > 0)
            continue;
        for (i = 0; i < split->size; i++) {
            int64_t count = tally_get(tally, s, i, numerator);
            int64_t of = share ? tally_get(tally, s, i, denominator) : 0;

            if (sink->lives->present[s][i] == 0 && count == 0 && of == 0)
                continue;
            sink_key(sink, name, split->dimension, split_key(split, i),
                     share ? base_wilson(count, of) : counted(count));
        }
    }
}

void tally_count(const struct tally *tally, struct sink *sink, const char *name,
                 size_t counter)
{
    tally_emit(tally, sink, name, counter, 0, false);
}

void tally_share(const struct tally *tally, struct sink *sink, const char *name,
                 size_t numerator, size_t denominator)
{
    tally_emit(tally, sink, name, numerator, denominator, true);
}

void tally_share_total(const struct tally *tally, struct sink *sink, const char *name,
                       size_t numerator, size_t denominator)
{
    tally_cases(tally, sink, name, numerator, denominator, true);
    sink_total(sink, name,
               base_wilson(tally_get(tally, 0, 0, numerator),
                           tally_get(tally, 0, 0, denominator)));
}

struct base base_wilson(int64_t numerator, int64_t denominator)
{
    struct base base = base_share(numerator, denominator);
    struct estimate limits;

    if (base.answer != ANSWER_OK)
        return base;
    if (denominator < LEAST_FOR_PERCENT) {
        base.answer = ANSWER_SMALL_N;
        base.value = NAN;
        return base;
    }
    limits = rate_wilson((double)numerator, (double)denominator, 0.95);
    base.low = limits.low;
    base.high = limits.high;
    return base;
}

/* --- values ------------------------------------------------------------------ */

void samples_add(struct samples *samples, uint32_t ticket, double value, uint8_t state)
{
    if (samples->count == samples->room) {
        size_t room = samples->room == 0 ? 256 : samples->room * 2;

        samples->items = arena_grow(samples->memory, samples->items,
                                    samples->count * sizeof *samples->items,
                                    room * sizeof *samples->items);
        samples->room = room;
    }
    samples->items[samples->count++] =
        (struct sample){ .value = value, .ticket = ticket, .state = state };
}

static int compare_samples(const void *left, const void *right)
{
    const struct sample *a = left, *b = right;

    if (a->value < b->value || a->value > b->value)
        return a->value < b->value ? -1 : 1;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

/* Where the rows of each state begin, when they stand by ticket already; false when
 * they do not. */
static bool count_states(const struct samples *samples, size_t begin[256])
{
    size_t sum = 0, i;

    memset(begin, 0, 256 * sizeof *begin);
    for (i = 0; i < samples->count; i++) {
        if (i > 0 && samples->items[i - 1].ticket > samples->items[i].ticket)
            return false;
        begin[samples->items[i].state]++;
    }
    for (i = 0; i < 256; i++) {
        size_t here = begin[i];

        begin[i] = sum;
        sum += here;
    }
    return true;
}

/* By value, then state, then ticket: passes add in the order of tickets, so that a
 * stable order by state and by value is all there is to do. */
static void sort_samples(struct samples *samples)
{
    struct ordered *rows;
    size_t begin[256], i;

    if (samples->count < 2)
        return;
    if (!count_states(samples, begin)) {
        qsort(samples->items, samples->count, sizeof *samples->items, compare_samples);
        return;
    }
    rows = arena_alloc(samples->memory, samples->count * sizeof *rows);
    for (i = 0; i < samples->count; i++) {
        const struct sample *sample = &samples->items[i];

        rows[begin[sample->state]++] =
            (struct ordered){ order_number(sample->value),
                              (uint64_t)sample->state << 32 | sample->ticket };
    }
    order_rows(rows, samples->count, samples->memory);
    for (i = 0; i < samples->count; i++)
        samples->items[i] = (struct sample){ .value = order_value(rows[i].key),
                                             .ticket = (uint32_t)rows[i].with,
                                             .state = (uint8_t)(rows[i].with >> 32) };
}

/* A counting sort by key keeps the order by value within each key. */
static void group_split(const struct samples *samples, const struct split *split,
                        struct sample *sorted, size_t *begin)
{
    size_t i, at = 0;

    memset(begin, 0, (split->size + 1) * sizeof *begin);
    for (i = 0; i < samples->count; i++)
        begin[split_index(split, samples->items[i].ticket) + 1]++;
    for (i = 0; i <= split->size; i++) {
        at += begin[i];
        begin[i] = at;
    }
    for (i = 0; i < samples->count; i++)
        sorted[begin[split_index(split, samples->items[i].ticket)]++] =
            samples->items[i];
    memmove(begin + 1, begin, split->size * sizeof *begin);
    begin[0] = 0;
}

void samples_each(struct samples *samples, struct sink *sink, const char *name,
                  void (*emit)(struct sink *sink, const struct group *group))
{
    struct sample *sorted;
    struct case_log *log = sink->splits->cases;
    size_t s, i;

    if (!sink_asked(sink, name))
        return;
    sorted = arena_alloc(samples->memory, (samples->count + 1) * sizeof *sorted);
    if (cases_wanted(log, name, sink->lives->period.month)) {
        log->found = true;
        for (i = 0; i < samples->count; i++)
            cases_note(log, samples->items[i].ticket, CASE_BASE);
    }
    sort_samples(samples);
    for (s = 0; s < SPLIT_COUNT; s++) {
        const struct split *split = &sink->splits->items[s];
        size_t *begin;

        if (s > 0 && !sink_allows(sink, name, split->dimension))
            continue;
        begin = arena_alloc(samples->memory, (split->size + 2) * sizeof *begin);
        group_split(samples, split, sorted, begin);
        for (i = 0; i < split->size; i++) {
            struct group group = { split, split_key(split, i), sorted + begin[i],
                                   begin[i + 1] - begin[i] };

            if (group.count > 0 || sink->lives->present[s][i] != 0)
                emit(sink, &group);
        }
    }
}

double *group_values(const struct group *group, unsigned states, struct arena *memory,
                     size_t *count)
{
    double *values = arena_alloc(memory, (group->count + 1) * sizeof *values);
    size_t i;

    *count = 0;
    for (i = 0; i < group->count; i++)
        if ((states >> group->items[i].state & 1) != 0)
            values[(*count)++] = group->items[i].value;
    return values;
}

struct base base_quantile(const double *sorted, size_t count, double share)
{
    struct base base = base_none(count > 0 ? ANSWER_OK : ANSWER_NO_DATA);

    base.n = (int64_t)count;
    if (count > 0)
        base.value = stats_quantile7(sorted, count, share);
    return base;
}

struct base base_mean(const double *values, size_t count)
{
    struct base base = base_none(count > 0 ? ANSWER_OK : ANSWER_NO_DATA);

    base.n = (int64_t)count;
    if (count > 0)
        base.value = stats_sum(values, count) / (double)count;
    return base;
}
