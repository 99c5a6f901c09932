/*
 * verdict_barred.c - may two months be compared at all: festivals, silent sources,
 * months not over, changed definitions, too few answers.
 */
#include "analyze/verdict_barred.h"

#include <string.h>

#include "core/calendar.h"
#include "core/wording.h"

enum {
    FESTIVAL_DAYS = 3,
    SILENCE_BASE_DAYS = 90,
    EXPECTED_LEAST = 5, /* tickets the silent days would have brought */
    SILENCE_MOST = 7 /* days at the end; longer the month is not over, however small */
};

static const double least_response = 0.3;

static bool holds_festival(const struct run *run, const struct period *period)
{
    const struct calendar *calendar = &run->context->settings->calendar;
    int days = 0;

    for (size_t i = 0; i < calendar->exception_count; i++) {
        const struct calendar_day *day = &calendar->exceptions[i];
        int64_t at = (int64_t)day->day * DAY_SECONDS;

        days += day->off && day->name != NULL
                && strncmp(day->name, "春节", strlen("春节")) == 0 && at >= period->from
                && at < period->until;
    }
    return days >= FESTIVAL_DAYS;
}

static bool few_answers(const struct run *run, int32_t month)
{
    int metric = metrics_find(run->results->metrics, "SAT-03");
    const struct figure *figure;

    if (metric < 0)
        return false;
    figure = results_find(run->results, (uint16_t)metric, 0, DIM_TOTAL, 0, month);
    return figure != NULL && figure->base.denominator > 0
           && (double)figure->base.numerator
                  < least_response * (double)figure->base.denominator;
}

/* Changed between the two: "the old months are counted in another way". */
static const char *redefined(const struct run *run, int32_t then, int32_t now)
{
    const struct settings *settings = run->context->settings;
    char month[8];

    for (size_t i = settings->change_count; i-- > 0;) {
        const struct redefinition *change = &settings->changes[i];

        if (change->month <= then || change->month > now)
            continue;
        month_print(change->month, month);
        return phrase(run->results->memory, "barred.definition", "month", month, "what",
                      change->what, NULL);
    }
    return NULL;
}

/* The channel that was silent longest in a month, as a reason; NULL = none was. */
static const char *silent(const struct run *run, int32_t month)
{
    const struct results *results = run->results;
    uint16_t metric, part;
    const struct figure *worst = NULL;

    if (metrics_name(results->metrics, "INT-02.silent", &metric, &part) < 0)
        return NULL;
    for (size_t i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];

        if (figure->metric == metric && figure->part == part && figure->month == month
            && figure->dimension[0] == DIM_CHANNEL && figure->base.value > 0
            && (worst == NULL || figure->base.value > worst->base.value))
            worst = figure;
    }
    if (worst == NULL)
        return NULL;
    return phrase(results->memory, "barred.source", "source",
                  arena_printf(results->memory, "@channel.%s",
                               code_name(DIM_CHANNEL, worst->key[0])),
                  "n", say_count(results->memory, (int64_t)worst->base.value), NULL);
}

/* How many tickets the days of silence at the end would have brought, by the 90 days
 * before the last word. */
static double expected_since(const struct run *run, int64_t told, int64_t until)
{
    const struct tickets *tickets = &run->facts->tickets;
    int64_t from = told - (int64_t)SILENCE_BASE_DAYS * DAY_SECONDS;
    size_t count = 0, i;

    for (i = tickets->count; i-- > 0 && tickets->received[i] >= from;)
        count += tickets->received[i] <= told;
    return (double)count / SILENCE_BASE_DAYS * (double)(until - told) / DAY_SECONDS;
}

/* The data end before the month does, by more than chance: an estate with a ticket a
 * day has three days without one in every other month (e^-5 is under one in a hundred).
 */
static const char *unfinished(const struct run *run, size_t period)
{
    const struct period *at = &run->context->periods[period];
    int64_t told;

    if (run->facts == NULL)
        return NULL;
    told = run->facts->ledger.horizon;
    if (run->facts->ledger.last_received > told)
        told = run->facts->ledger.last_received;
    if (told == HY_NEVER || told >= at->until - DAY_SECONDS
        || (told >= at->until - (int64_t)SILENCE_MOST * DAY_SECONDS
            && expected_since(run, told, at->until) < EXPECTED_LEAST))
        return NULL;
    return "barred.short";
}

const char *verdict_barred(const struct run *run, const struct subject *subject,
                           enum against against, size_t then)
{
    const struct context *context = run->context;
    size_t now = context->count - 1;
    const char *reason =
        redefined(run, context->periods[then].month, context->periods[now].month);

    if (reason == NULL)
        reason = unfinished(run, now);
    if (reason == NULL)
        reason = silent(run, context->periods[now].month);
    if (reason == NULL)
        reason = silent(run, context->periods[then].month);
    if (reason != NULL)
        return reason;
    if (holds_festival(run, &context->periods[now])
        && (against == AGAINST_PREVIOUS
            || !holds_festival(run, &context->periods[then])))
        return "barred.festival";
    if (strcmp(run->results->metrics->items[subject->metric].id, "SAT-01") == 0
        && (few_answers(run, context->periods[now].month)
            || few_answers(run, context->periods[then].month)))
        return "sat.unrepresentative";
    return NULL;
}
