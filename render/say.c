/* say.c - figures as they stand on paper: bases, marks, names (WORDING.md 0). */
#include "render/say.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/calendar.h"
#include "core/text.h"

enum { TOO_FEW = 5, FEW = 30 };

static bool is_direction_mark(uint32_t code)
{
    return code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E)
           || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF || code == 0x200B;
}

const char *say_clean(struct arena *memory, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    char *out = arena_alloc(memory, strlen(text) * 3 + 1), *to = out;

    while (at < end) {
        uint32_t code = text_next(&at, end);

        if (is_direction_mark(code))
            continue;
        if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028
            || code == 0x2029)
            code = ' ';
        if (code == 0xFFFE || code == 0xFFFF)
            code = 0xFFFD;
        to += text_put(code, to);
    }
    *to = '\0';
    return out;
}

static const char *answer_words(const struct teller *teller, const struct base *base)
{
    switch (base->answer) {
    case ANSWER_OK:
        break;
    case ANSWER_NO_DATA:
        return wording_get(teller->wording, "mark.none");
    case ANSWER_NOT_REACHED:
        return wording_get(teller->wording, "mark.notreached");
    case ANSWER_NOT_IDENTIFIED:
        return wording_get(teller->wording, "mark.unknown");
    case ANSWER_SMALL_N:
        return wording_get(teller->wording, "mark.few");
    case ANSWER_SUPPRESSED:
        return wording_get(teller->wording, "mark.hidden");
    }
    return NULL;
}

static void put_value(struct value *value, enum value_kind kind, double number)
{
    if (value != NULL && isfinite(number)) {
        value->kind = kind;
        value->number = number;
    }
}

static const char *percent(const struct teller *teller, const struct base *base)
{
    const char *text = say_percent(teller->memory, base->value);

    if (base->denominator >= 0 && base->denominator < FEW)
        return wording_say(teller->wording, teller->memory, "about", "p", text, NULL);
    return text;
}

/* Never a percentage without its base; none at all under five. */
static const char *share(const struct teller *teller, const struct base *base,
                         enum say_how how, struct value *value)
{
    struct arena *memory = teller->memory;
    const char *k, *n;

    if (base->denominator == 0)
        return wording_get(teller->wording, "mark.none");
    if (base->denominator < 0 || base->numerator < 0) {
        put_value(value, VALUE_SHARE, base->value);
        return say_percent(memory, base->value);
    }
    k = say_count(memory, base->numerator);
    n = say_count(memory, base->denominator);
    if (base->denominator < TOO_FEW && how == SAY_KP)
        put_value(value, VALUE_COUNT, (double)base->numerator);
    if (base->denominator < TOO_FEW)
        return how == SAY_KP ? k : arena_printf(memory, "%s/%s", k, n);
    put_value(value, VALUE_SHARE, base->value);
    if (how == SAY_P)
        return percent(teller, base);
    return wording_say(teller->wording, memory, how == SAY_KP ? "cell.kp" : "cell.full",
                       "k", k, "n", n, "p", percent(teller, base), NULL);
}

/* "18.6–23.2 小时": the unit once when both ends have the same. */
static const char *hours_range(const struct teller *teller, const struct base *base)
{
    const char *low = say_hours(teller->wording, teller->memory, base->low);
    const char *high = say_hours(teller->wording, teller->memory, base->high);
    const char *unit_low = strchr(low, ' '), *unit_high = strchr(high, ' ');

    if (unit_low != NULL && unit_high != NULL && strcmp(unit_low, unit_high) == 0)
        low = arena_copy(teller->memory, low, (size_t)(unit_low - low));
    return arena_printf(teller->memory, "%s–%s", low, high);
}

static const char *range(const struct teller *teller, const struct base *base,
                         enum unit unit)
{
    const char *text;

    if (!isfinite(base->low)
        || (!isfinite(base->high) && (unit == UNIT_SHARE || !isinf(base->high))))
        return wording_get(teller->wording, "range.none");
    if (!isfinite(base->high))
        return wording_say(teller->wording, teller->memory, "range.open", "lo",
                           say_hours(teller->wording, teller->memory, base->low), NULL);
    if (unit == UNIT_SHARE)
        text = wording_say(teller->wording, teller->memory, "range.share", "lo",
                           say_decimal(teller->memory, base->low * 100, 1), "hi",
                           say_decimal(teller->memory, base->high * 100, 1), NULL);
    else if (unit == UNIT_HOURS || unit == UNIT_DAYS)
        text = hours_range(teller, base);
    else
        text = arena_printf(teller->memory, "%s–%s",
                            say_decimal(teller->memory, base->low, 1),
                            say_decimal(teller->memory, base->high, 1));
    return wording_say(teller->wording, teller->memory, "range", "x", text, NULL);
}

static const char *plain(const struct teller *teller, const struct base *base,
                         enum unit unit, enum say_how how, struct value *value)
{
    double number = base->value;

    switch (unit) {
    case UNIT_SHARE:
        return share(teller, base, how, value);
    case UNIT_HOURS:
        put_value(value, VALUE_HOURS, number);
        return say_hours(teller->wording, teller->memory, number);
    case UNIT_DAYS:
        put_value(value, VALUE_NUMBER, number);
        return wording_say(teller->wording, teller->memory, "unit.days", "x",
                           isfinite(number) && number == floor(number)
                               ? say_count(teller->memory, (int64_t)number)
                               : say_decimal(teller->memory, number, 1),
                           NULL);
    case UNIT_NUMBER:
        put_value(value, VALUE_NUMBER, number);
        if (isfinite(number) && number == floor(number) && fabs(number) < 1e15)
            return say_count(teller->memory, (int64_t)number);
        return say_decimal(teller->memory, number, fabs(number) < 10 ? 2 : 1);
    case UNIT_COUNT:
    case UNIT_HOUSEHOLDS:
    case UNIT_TIMES:
        put_value(value, VALUE_COUNT, number);
        return say_count(teller->memory, llround(number));
    }
    return "";
}

const char *say_base(const struct teller *teller, const struct base *base,
                     enum unit unit, enum say_how how, struct value *value)
{
    int64_t count;

    if (value != NULL)
        *value = (struct value){ .kind = VALUE_NONE };
    if (base == NULL)
        return wording_get(teller->wording, "mark.absent");
    if (how == SAY_K || how == SAY_N) {
        count = how == SAY_K ? base->numerator
                             : (base->denominator >= 0 ? base->denominator : base->n);
        if (base->answer == ANSWER_SUPPRESSED || count < 0)
            return base->answer == ANSWER_OK
                       ? wording_get(teller->wording, "mark.absent")
                       : answer_words(teller, base);
        put_value(value, VALUE_COUNT, (double)count);
        return say_count(teller->memory, count);
    }
    if (base->answer != ANSWER_OK)
        return answer_words(teller, base);
    if (!isfinite(base->value))
        return wording_get(teller->wording, "mark.none");
    if (how == SAY_RANGE)
        return range(teller, base, unit);
    return plain(teller, base, unit, how, value);
}

const char *say_metric(const struct teller *teller, uint16_t metric)
{
    const struct metric *item = &teller->results->metrics->items[metric];
    const char *key = arena_printf(teller->memory, "short.%s", item->id);

    if (wording_has(teller->wording, key))
        return wording_get(teller->wording, key);
    if (strcmp(wording_language(teller->wording), "en") == 0 && item->en[0] != '\0')
        return item->en;
    return item->zh;
}

/* A code, and what its bearer does where the register says it: only management has
 * figures by clerk. */
static const char *say_clerk(const struct teller *teller, uint32_t key)
{
    const struct words *words = teller->results->words;
    const char *code = say_clean(teller->memory, results_key(teller->results, DIM_CLERK,
                                                             key, teller->memory));

    if (words == NULL || words->role == NULL || key >= words->count
        || words->role[key] == NULL)
        return code;
    return wording_say(teller->wording, teller->memory, "clerk.role", "code", code,
                       "role", say_clean(teller->memory, words->role[key]), NULL);
}

const char *say_key(const struct teller *teller, enum dimension dimension, uint32_t key)
{
    const char *word;

    if (dimension == DIM_TOTAL)
        return wording_get(teller->wording, "total");
    if (dimension == DIM_AGE)
        return wording_get(teller->wording,
                           arena_printf(teller->memory, "age.%u", key));
    if (dimension == DIM_MONTH)
        return say_month_short(teller, (int32_t)key);
    if (key == 0 && dimension != DIM_HOUR)
        return wording_get(teller->wording, "unknown");
    if (dimension == DIM_NATURE || dimension == DIM_CHANNEL
        || dimension == DIM_URGENCY) {
        word = arena_printf(teller->memory, "%s.%s", dimension_name(dimension),
                            code_name(dimension, key));
        return wording_get(teller->wording, word);
    }
    if (dimension == DIM_CLERK)
        return say_clerk(teller, key);
    return say_clean(teller->memory,
                     results_key(teller->results, dimension, key, teller->memory));
}

const char *say_month_short(const struct teller *teller, int32_t month)
{
    return say_month_beside(teller->wording, teller->memory, month,
                            teller->results->month);
}

const char *say_rate(const struct teller *teller, uint16_t metric,
                     const struct base *base)
{
    struct arena *memory = teller->memory;
    const char *id = teller->results->metrics->items[metric].id;
    const char *base_key = arena_printf(memory, "base.%s", id);
    const char *hit_key = arena_printf(memory, "hit.%s", id);
    const char *key = "rate";

    if (base == NULL || base->denominator < 0 || base->numerator < 0
        || base->answer == ANSWER_SUPPRESSED || !wording_has(teller->wording, base_key))
        return arena_printf(memory, "%s %s", say_metric(teller, metric),
                            say_base(teller, base, UNIT_SHARE, SAY_FULL, NULL));
    if (base->denominator == 0)
        key = "rate.none";
    else if (base->denominator < TOO_FEW)
        key = "rate.small";
    else if (base->denominator < FEW)
        key = "rate.few";
    return wording_say(teller->wording, memory, key, "name", say_metric(teller, metric),
                       "p", say_percent(memory, base->value), "n",
                       say_count(memory, base->denominator), "k",
                       say_count(memory, base->numerator), "base_words",
                       wording_get(teller->wording, base_key), "hit_words",
                       wording_get(teller->wording, hit_key), NULL);
}
