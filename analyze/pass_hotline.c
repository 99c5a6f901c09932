/* pass_hotline.c - the telephone: HOT-01 to HOT-09, from call records. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/order.h"
#include "analyze/passes.h"
#include "analyze/signs.h"
#include "analyze/stats_queue.h"
#include "analyze/stats.h"
#include "analyze/tally.h"
#include "core/store.h"
#include "core/wording.h"

enum {
    SECONDS_AN_HOUR = 3600,
    QUICK = 15,
    SHORT = 10,
    CALL_BACK = 30 * 60,
    WEEK_HOURS = 7 * 24,
    MOST_SEATS = 500,
    TALKS_LEAST = 20,
    SEATS_LISTED = 8
};

static const double served_least = 0.8; /* HOT-09: of the calls, within 15 s */

struct traffic {
    int64_t offered, human, unknown, quick, abandoned, brief, missed, called_back;
    int64_t untimed; /* answered, but how soon is not known */
    int64_t hours[WEEK_HOURS];
    int64_t ticketed;        /* HOT-07 */
    int64_t talks, talk_sum; /* seconds, of those a person answered */
    struct ordered *callers; /* HOT-08: contact and start */
    size_t caller_count;
    double *waits;
    size_t wait_count;
};

static uint8_t code(const uint8_t *column, size_t i)
{
    return column == NULL ? 0 : column[i];
}

static int32_t seconds(const int32_t *column, size_t i)
{
    return column == NULL ? -1 : column[i];
}

static uint32_t weekday_hour(int64_t time)
{
    int64_t second = (time % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS;
    int32_t day = (int32_t)((time - second) / DAY_SECONDS);

    return (uint32_t)(day_weekday(day) * 24 + second / SECONDS_AN_HOUR);
}

/* Ring and announcement are in answer - start: an upper bound of the wait, so the
 * share answered soon is never overstated (DOMAIN 2.10, HOT-05). */
static int64_t wait_most(const struct calls *calls, size_t i)
{
    if (seconds(calls->wait, i) >= 0)
        return seconds(calls->wait, i);
    if (calls->answer != NULL && calls->answer[i] != HY_NEVER)
        return calls->answer[i] - calls->start[i];
    return -1;
}

/* Somebody got back to the caller, or the caller got through, in half an hour. */
static bool called_back(const struct calls *calls, size_t i, int64_t cutoff)
{
    size_t j;

    if (calls->contact == NULL || calls->contact[i] == 0)
        return false;
    for (j = i + 1; j < calls->count && calls->start[j] <= calls->start[i] + CALL_BACK
                    && calls->start[j] < cutoff;
         j++) {
        if (calls->contact[j] != calls->contact[i])
            continue;
        if (code(calls->direction, j) == DIRECTION_OUT
            || (code(calls->direction, j) == DIRECTION_IN
                && code(calls->answered_by, j) == ANSWERED_HUMAN))
            return true;
    }
    return false;
}

/* A ticket linked to the call, or one of the same number within half an hour. */
bool call_ticketed(const struct facts *facts, size_t i)
{
    const struct calls *calls = &facts->calls;
    const struct tickets *tickets = &facts->tickets;
    size_t low = 0, high = tickets->count;

    if (calls->ticket != NULL && calls->ticket[i] != 0)
        return true;
    if (calls->contact == NULL || calls->contact[i] == 0 || tickets->contact == NULL)
        return false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tickets->received[middle] < calls->start[i])
            low = middle + 1;
        else
            high = middle;
    }
    for (;
         low < tickets->count && tickets->received[low] <= calls->start[i] + CALL_BACK;
         low++)
        if (tickets->contact[low] == calls->contact[i])
            return true;
    return false;
}

static int64_t talked(const struct calls *calls, size_t i)
{
    if (seconds(calls->talk, i) >= 0)
        return seconds(calls->talk, i);
    if (calls->answer != NULL && calls->finish != NULL && calls->answer[i] != HY_NEVER
        && calls->finish[i] != HY_NEVER && calls->finish[i] >= calls->answer[i])
        return calls->finish[i] - calls->answer[i];
    return -1;
}

static void count_answered(struct traffic *traffic, const struct facts *facts, size_t i)
{
    const struct calls *calls = &facts->calls;
    int64_t most = wait_most(calls, i), talk = talked(calls, i);

    if (code(calls->answered_by, i) == ANSWERED_UNKNOWN) {
        traffic->unknown++;
        return;
    }
    traffic->human++;
    traffic->ticketed += call_ticketed(facts, i);
    traffic->talks += talk >= 0;
    traffic->talk_sum += talk >= 0 ? talk : 0;
    traffic->quick += most >= 0 && most <= QUICK;
    traffic->untimed += most < 0;
    if (seconds(calls->wait, i) >= 0)
        traffic->waits[traffic->wait_count++] =
            (double)calls->wait[i] / SECONDS_AN_HOUR;
}

static void count_call(struct traffic *traffic, const struct facts *facts, size_t i,
                       int64_t cutoff)
{
    const struct calls *calls = &facts->calls;
    uint8_t by = code(calls->answered_by, i);
    bool answered = code(calls->disposition, i) == DISPOSITION_ANSWERED;

    traffic->offered++;
    if (calls->contact != NULL && calls->contact[i] != 0)
        traffic->callers[traffic->caller_count++] =
            (struct ordered){ calls->contact[i], (uint64_t)calls->start[i] };
    traffic->hours[weekday_hour(calls->start[i])]++;
    if (answered && (by == ANSWERED_HUMAN || by == ANSWERED_UNKNOWN)) {
        count_answered(traffic, facts, i);
        return;
    }
    traffic->missed++;
    traffic->called_back += called_back(calls, i, cutoff);
    if (code(calls->disposition, i) == DISPOSITION_ABANDONED
        || code(calls->disposition, i) == DISPOSITION_NO_ANSWER) {
        int32_t held = seconds(calls->wait, i);

        if (held < 0)
            held = seconds(calls->duration, i);
        traffic->abandoned++;
        traffic->brief += held >= 0 && held < SHORT;
    }
}

/* An unknown answerer stands apart; with no call known to have had a person at
 * the other end, the rate is not a rate (DOMAIN 2.13.7). */
static struct base answer_rate(const struct traffic *traffic, int64_t numerator)
{
    if (traffic->human == 0 && traffic->unknown > 0)
        return base_none(ANSWER_NOT_IDENTIFIED);
    return base_wilson(numerator, traffic->offered - traffic->unknown);
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void emit_waits(struct traffic *traffic, struct sink *sink)
{
    if (traffic->wait_count == 0) {
        sink_total(sink, "HOT-05.mean", base_none(ANSWER_NOT_IDENTIFIED));
        sink_total(sink, "HOT-05.p90", base_none(ANSWER_NOT_IDENTIFIED));
        return;
    }
    qsort(traffic->waits, traffic->wait_count, sizeof *traffic->waits, compare_doubles);
    sink_total(sink, "HOT-05.mean", base_mean(traffic->waits, traffic->wait_count));
    sink_total(sink, "HOT-05.p90",
               base_quantile(traffic->waits, traffic->wait_count, 0.9));
}

/* HOT-08: of the numbers that rang, those that rang again within 24 hours. */
static void emit_repeats(struct traffic *traffic, struct sink *sink)
{
    const struct ordered *rows = traffic->callers;
    int64_t callers = 0, again = 0;
    size_t first, next;

    order_rows(traffic->callers, traffic->caller_count, sink->scratch);
    for (first = 0; first < traffic->caller_count; first = next) {
        bool soon = false;

        for (next = first + 1;
             next < traffic->caller_count && rows[next].key == rows[first].key; next++)
            soon =
                soon || (int64_t)(rows[next].with - rows[next - 1].with) <= DAY_SECONDS;
        callers++;
        again += soon;
    }
    sink_total(sink, "HOT-08", base_wilson(again, callers));
}

/* Fewest agents that answer 80 % of so many calls an hour within 15 seconds. */
static int seats(double calls, double talk)
{
    int n = 0;

    while (calls > 0 && ++n < MOST_SEATS)
        if (queue_erlang_c(calls / SECONDS_AN_HOUR, 1 / talk, n, QUICK).served_within
            >= served_least)
            break;
    return n;
}

/* HOT-09 by hour of the week, the total its busiest hour; the limits are those of 80 %
 * of the hourly rate (METHODS 7). */
static void emit_seats(const struct traffic *traffic, struct sink *sink)
{
    const struct period *period = &sink->lives->period;
    double weeks = (double)(period->until - period->from) / DAY_SECONDS / 7;
    double talk =
        traffic->talks > 0 ? (double)traffic->talk_sum / (double)traffic->talks : 0;
    struct base most = base_none(ANSWER_NOT_IDENTIFIED);
    uint32_t i;

    if (traffic->talks < TALKS_LEAST || !(talk > 0) || sink->empty) {
        sink_total(sink, "HOT-09", most);
        return;
    }
    for (i = 0; i < WEEK_HOURS; i++) {
        double count = (double)traffic->hours[i];
        double spread = stats_z(0.8) * sqrt(count);
        struct base base = base_count(seats(count / weeks, talk));

        if (traffic->hours[i] == 0)
            continue;
        base.n = traffic->hours[i];
        base.low = seats((count - spread) / weeks, talk);
        base.high = seats((count + spread) / weeks, talk);
        sink_key(sink, "HOT-09", DIM_HOUR, i, base);
        if (most.answer != ANSWER_OK || base.value > most.value
            || (base.value >= most.value && base.n > most.n))
            most = base;
    }
    sink_total(sink, "HOT-09", most);
}

/* More people, then more calls, then earlier in the week. */
static bool needs_more(const struct figure *a, const struct figure *b)
{
    if (a->base.value < b->base.value || a->base.value > b->base.value)
        return a->base.value > b->base.value;
    return a->base.n > b->base.n;
}

static void seats_row(const struct figure *figure, struct arena *memory,
                      struct value *row)
{
    row[0] =
        (struct value){ VALUE_WORDS,
                        phrase(memory, "seats.hour", "day",
                               arena_printf(memory, "@weekday.%u", figure->key[0] / 24),
                               "from", say_count(memory, figure->key[0] % 24), "to",
                               say_count(memory, figure->key[0] % 24 + 1), NULL),
                        NAN };
    row[1] = (struct value){ VALUE_COUNT, NULL, (double)figure->base.n };
    row[2] = (struct value){ VALUE_COUNT, NULL, figure->base.value };
    row[3] = (struct value){ VALUE_TEXT,
                             llround(figure->base.low) == llround(figure->base.high)
                                 ? arena_printf(memory, "%.0f", figure->base.low)
                                 : arena_printf(memory, "%.0f–%.0f", figure->base.low,
                                                figure->base.high),
                             NAN };
}

/* The hours that need most people, the same hours as the figures; for the roster. */
static void list_seats(struct sink *sink)
{
    static const char *const titles[] = { "seats.when", "seats.calls", "seats.need",
                                          "seats.range" };
    enum { COLUMNS = sizeof titles / sizeof titles[0] };
    struct results *results = sink->results;
    struct arena *memory = results->memory;
    struct value *cells = arena_alloc(memory, SEATS_LISTED * COLUMNS * sizeof *cells);
    struct listing listing = {
        .name = "HOT-09", .columns = COLUMNS, .cells = cells, .titles = titles
    };
    const struct figure *best[SEATS_LISTED] = { NULL };
    uint16_t part;
    size_t i, place;

    (void)metrics_name(results->metrics, "HOT-09", &listing.metric, &part);
    for (i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];

        if (figure->metric != listing.metric || figure->dimension[0] != DIM_HOUR
            || figure->month != sink->lives->period.month)
            continue;
        for (place = 0; place < SEATS_LISTED; place++)
            if (best[place] == NULL || needs_more(figure, best[place])) {
                memmove(best + place + 1, best + place,
                        (SEATS_LISTED - place - 1) * sizeof *best);
                best[place] = figure;
                break;
            }
    }
    for (; listing.rows < SEATS_LISTED && best[listing.rows] != NULL; listing.rows++)
        seats_row(best[listing.rows], memory, cells + listing.rows * COLUMNS);
    results_add_listing(results, &listing);
}

static void emit_all(struct traffic *traffic, struct sink *sink)
{
    uint32_t i;

    sink_total(sink, "HOT-01", base_count(traffic->offered));
    for (i = 0; i < WEEK_HOURS && !sink->empty; i++)
        if (traffic->hours[i] > 0)
            sink_key(sink, "HOT-01", DIM_HOUR, i, base_count(traffic->hours[i]));
    sink_total(sink, "HOT-02", answer_rate(traffic, traffic->human));
    sink_total(sink, "HOT-03", base_wilson(traffic->abandoned, traffic->offered));
    sink_total(sink, "HOT-03.short", base_count(traffic->brief));
    if (traffic->human > 0 && traffic->untimed == traffic->human)
        sink_total(sink, "HOT-04", base_none(ANSWER_NOT_IDENTIFIED));
    else
        sink_total(sink, "HOT-04", answer_rate(traffic, traffic->quick));
    emit_waits(traffic, sink);
    sink_total(sink, "HOT-06", base_wilson(traffic->called_back, traffic->missed));
    sink_total(sink, "HOT-07",
               traffic->human == 0 && traffic->unknown > 0
                   ? base_none(ANSWER_NOT_IDENTIFIED)
                   : base_wilson(traffic->ticketed, traffic->human));
    emit_repeats(traffic, sink);
    emit_seats(traffic, sink);
}

static enum status run_hotline(const struct facts *facts, const struct context *context,
                               struct results *results, struct error *err)
{
    const struct calls *calls = &facts->calls;
    struct arena *scratch = arena_new();
    enum status status = HY_OK;
    size_t p, i, first;

    for (p = 0; p < context->count && status == HY_OK; p++) {
        const struct period *period = &context->periods[p];
        struct traffic traffic = { 0 };
        struct sink sink;

        sink_open(&sink, context, p, results, scratch);
        sink.empty = calls->count == 0 || calls->start[0] >= period->until
                     || calls->start[calls->count - 1] < period->from;
        traffic.callers =
            arena_alloc(scratch, (calls->count + 1) * sizeof *traffic.callers);
        traffic.waits = arena_alloc(scratch, (calls->count + 1) * sizeof(double));
        for (first = 0; first < calls->count && calls->start[first] < period->from;)
            first++;
        for (i = first; i < calls->count && calls->start[i] < period->until
                        && calls->start[i] < period->cutoff;
             i++)
            if (code(calls->direction, i) == DIRECTION_IN)
                count_call(&traffic, facts, i, period->cutoff);
        emit_all(&traffic, &sink);
        if (p + 1 == context->count)
            list_seats(&sink);
        status = sink_status(&sink, "hotline", err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return status;
}

const struct pass pass_hotline = {
    .name = "hotline",
    .summary = "热线：呼入、接通、放弃、15秒接听、回拨",
    .needs = NEED_CALLS | NEED_TICKETS,
    .gives = "HOT",
    .run = run_hotline,
};
