/* say_change.c - what may be said of a change, and the one sentence of the month. */
#include "render/say.h"

#include <math.h>
#include <string.h>

#include "core/calendar.h"

enum { FOLDED_NAMES = 8, MORE_SHOWN = 2, PIECES = 3, HEADLINES = 4 };

static const char *verdict_key(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_NONE:
        return "none";
    case VERDICT_BETTER:
        return "better";
    case VERDICT_WORSE:
        return "worse";
    case VERDICT_MORE:
        return "more";
    case VERDICT_FEWER:
        return "fewer";
    case VERDICT_SAME:
        return "same";
    case VERDICT_SMALL:
        return "small";
    case VERDICT_BARRED:
        return "barred";
    }
    return "none";
}

/* "verdict.barred.festival" when there is such a word, else "verdict.barred". */
static const char *reasoned(const struct teller *teller, const char *before,
                            const char *reason)
{
    const char *word = reason == NULL ? NULL : strchr(reason, '.');
    const char *key;

    if (word == NULL)
        return NULL;
    key = arena_printf(teller->memory, "%s%.*s", before, (int)strcspn(word, "\x1f"),
                       word);
    return wording_has(teller->wording, key) ? key : NULL;
}

const char *say_finding_word(const struct teller *teller, const struct finding *finding)
{
    const char *key;

    if (finding == NULL)
        return say_verdict_word(teller, VERDICT_NONE);
    key = finding->verdict == VERDICT_BARRED
              ? reasoned(teller, "verdict.barred", finding->reason)
              : NULL;
    return key != NULL ? wording_get(teller->wording, key)
                       : say_verdict_word(teller, finding->verdict);
}

const char *say_finding_mark(const struct teller *teller, const struct finding *finding)
{
    const char *key = verdict_key(finding == NULL ? VERDICT_NONE : finding->verdict);

    return arena_printf(teller->memory, "%s %s",
                        wording_get(teller->wording,
                                    arena_printf(teller->memory, "icon.%s", key)),
                        say_finding_word(teller, finding));
}

const char *say_verdict_mark(const struct teller *teller, enum verdict verdict)
{
    const char *key = verdict_key(verdict);
    struct arena *memory = teller->memory;

    return arena_printf(memory, "%s %s",
                        wording_get(teller->wording,
                                    arena_printf(memory, "icon.%s", key)),
                        wording_get(teller->wording,
                                    arena_printf(memory, "verdict.%s", key)));
}

const char *say_verdict_word(const struct teller *teller, enum verdict verdict)
{
    return wording_get(teller->wording, arena_printf(teller->memory, "verdict.%s",
                                                     verdict_key(verdict)));
}

static const char *amount(const struct teller *teller, enum unit unit, double change)
{
    if (unit == UNIT_SHARE)
        return say_points(teller->wording, teller->memory, fabs(change));
    if (unit == UNIT_HOURS)
        return say_hours(teller->wording, teller->memory, fabs(change));
    return say_decimal(teller->memory, fabs(change), 1);
}

/* An end of the interval of the size of the change: signed against it, so that
 * "between -0.3 and 5.1" stays honest. */
static const char *end_of(const struct teller *teller, enum unit unit, double end,
                          double change)
{
    double size = change < 0 ? -end : end;
    const char *text = amount(teller, unit, size);

    if (unit == UNIT_SHARE) /* "估计在 2.2 到 11.3 之间": the unit stands before */
        text = arena_printf(teller->memory, "%.1f", round(fabs(size) * 1000) / 10);
    return size < 0 ? arena_printf(teller->memory, "-%s", text) : text;
}

static double days_of(int32_t month)
{
    return (double)(month_start(month + 1) - month_start(month)) / DAY_SECONDS;
}

static const char *per_day(const struct teller *teller, const struct base *base,
                           int32_t month)
{
    return say_decimal(teller->memory, base->value / days_of(month), 1);
}

static const char *changed(const struct teller *teller, const struct finding *finding,
                           const char *key, const char *against)
{
    enum unit unit =
        metrics_unit(teller->results->metrics, finding->metric, finding->part);
    const char *old = say_base(teller, &finding->then, unit, SAY_P, NULL);
    double near = finding->low, far = finding->high;

    if (!isfinite(finding->change) || !isfinite(near) || !isfinite(far))
        return wording_say(teller->wording, teller->memory,
                           arena_printf(teller->memory, "%s.bare", key), "base",
                           against, "old", old, NULL);
    if (finding->change < 0) {
        near = finding->high;
        far = finding->low;
    }
    return wording_say(teller->wording, teller->memory, key, "base", against, "old",
                       old, "d", amount(teller, unit, finding->change), "lo",
                       end_of(teller, unit, near, finding->change), "hi",
                       end_of(teller, unit, far, finding->change), NULL);
}

/* Twice as many is not "about the same" to anybody, even where chance can make it. */
static const char *equal_key(const struct finding *finding)
{
    static const double near = 0.1;
    double now = finding->now.value, then = finding->then.value;

    return fabs(now - then) > near * fmax(now, then) ? "equal.apart" : "equal";
}

static const char *verdict_alone(const struct teller *teller,
                                 const struct finding *finding, enum against against)
{
    const struct wording *wording = teller->wording;
    struct arena *memory = teller->memory;
    int32_t month = teller->results->month;
    int32_t then = against == AGAINST_YEAR ? month - 12 : month - 1;
    const char *base =
        wording_get(wording,
                    against == AGAINST_YEAR ? "against.year" : "against.previous");
    enum unit unit;
    bool counted;

    if (finding == NULL || finding->verdict == VERDICT_NONE)
        return wording_say(wording, memory, "none", "base", base, NULL);
    unit = metrics_unit(teller->results->metrics, finding->metric, finding->part);
    counted = unit == UNIT_COUNT || unit == UNIT_HOUSEHOLDS || unit == UNIT_TIMES;
    switch (finding->verdict) {
    case VERDICT_BETTER:
    case VERDICT_WORSE:
        return changed(teller, finding, verdict_key(finding->verdict), base);
    case VERDICT_SMALL:
        return wording_say(wording, memory, "small", "base", base, "n1",
                           say_base(teller, &finding->now, unit, SAY_N, NULL), "n0",
                           say_base(teller, &finding->then, unit, SAY_N, NULL), NULL);
    case VERDICT_BARRED:
        return wording_say(wording, memory, "barred", "base", base, "reason",
                           finding->reason == NULL
                               ? ""
                               : wording_phrase(wording, memory, finding->reason),
                           NULL);
    case VERDICT_MORE:
    case VERDICT_FEWER:
    case VERDICT_SAME:
        break;
    case VERDICT_NONE:
        break;
    }
    if (counted && isfinite(finding->now.value) && isfinite(finding->then.value))
        return wording_say(wording, memory,
                           finding->verdict == VERDICT_SAME
                               ? equal_key(finding)
                               : verdict_key(finding->verdict),
                           "base", base, "x", per_day(teller, &finding->now, month),
                           "y", per_day(teller, &finding->then, then), NULL);
    return wording_say(wording, memory, "same", "base", base, "old",
                       say_base(teller, &finding->then, unit, SAY_P, NULL), NULL);
}

/* Seven months one way are no chance, whatever the last step was. */
static const char *say_trend(const struct teller *teller, const struct finding *finding)
{
    enum direction_of good = teller->results->metrics->items[finding->metric].good;
    bool up = finding->trend > 0;
    const char *key = good == GOOD_NONE         ? (up ? "trend.more" : "trend.fewer")
                      : up == (good == GOOD_UP) ? "trend.better"
                                                : "trend.worse";

    return wording_say(teller->wording, teller->memory, key, "n",
                       say_count(teller->memory, up ? finding->trend : -finding->trend),
                       NULL);
}

/* "；主要在给排水：61/96 …": where the change comes from, when one subject alone
 * explains it and its figure is printed. */
static const char *say_mainly(const struct teller *teller,
                              const struct finding *finding)
{
    const struct figure *figure =
        finding == NULL || finding->mainly == 0
            ? NULL
            : results_find(teller->results, finding->metric, finding->part,
                           DIM_CATEGORY, finding->mainly, teller->results->month);

    if (figure == NULL || figure->base.numerator < 0
        || figure->base.answer == ANSWER_SUPPRESSED)
        return "";
    return wording_say(teller->wording, teller->memory, "mainly", "name",
                       say_key(teller, DIM_CATEGORY, finding->mainly), "what",
                       say_metric(teller, finding->metric), "n",
                       say_count(teller->memory, figure->base.denominator), "k",
                       say_count(teller->memory, figure->base.numerator), NULL);
}

const char *say_verdict(const struct teller *teller, const struct finding *finding,
                        enum against against)
{
    const char *text =
        arena_printf(teller->memory, "%s%s", verdict_alone(teller, finding, against),
                     say_mainly(teller, finding));

    if (finding == NULL || finding->trend == 0 || against != AGAINST_PREVIOUS
        || finding->verdict == VERDICT_BARRED || finding->verdict == VERDICT_NONE
        || finding->now.answer != ANSWER_OK)
        return text;
    return arena_printf(teller->memory, "%s%s%s", text,
                        wording_get(teller->wording, "list.semicolon"),
                        say_trend(teller, finding));
}

int64_t say_over_month(const struct teller *teller, enum dimension dimension,
                       uint32_t key, int32_t month)
{
    const struct figure *figure;
    uint16_t metric, part;

    if (metrics_name(teller->results->metrics, "BKL-01.over30", &metric, &part) < 0)
        return -1;
    figure = results_find(teller->results, metric, part, dimension, key, month);
    return figure == NULL || figure->base.answer != ANSWER_OK
               ? -1
               : llround(figure->base.value);
}

static const struct base *total_base(const struct teller *teller, const char *id)
{
    const struct results *results = teller->results;
    const struct figure *figure = metrics_total(results, id, results->month);

    return figure == NULL ? NULL : &figure->base;
}

/* Tickets came in and nobody told which of them came to an end. */
static bool ends_unknown(const struct teller *teller)
{
    const struct base *open = total_base(teller, "INT-14");
    const struct base *received = total_base(teller, "INT-01");

    return open != NULL && open->answer == ANSWER_NO_DATA && received != NULL
           && received->answer == ANSWER_OK;
}

const char *say_account(const struct teller *teller)
{
    struct arena *memory = teller->memory;
    int64_t over = say_over_month(teller, DIM_TOTAL, 0, teller->results->month);
    const char *ids[] = { "INT-13", "INT-01", "INT-17", "INT-16", "INT-14" };
    const char *counts[5], *line;
    size_t i;

    for (i = 0; i < 5; i++)
        counts[i] =
            say_base(teller, total_base(teller, ids[i]), UNIT_COUNT, SAY_FULL, NULL);
    line =
        wording_say(teller->wording, memory,
                    ends_unknown(teller) ? "flow.unknown" : "flow", "a", counts[0], "b",
                    counts[1], "c", counts[2], "d", counts[3], "e", counts[4], NULL);
    if (over < 0)
        return line;
    return arena_printf(memory, "%s%s", line,
                        wording_say(teller->wording, memory, "flow.over", "n",
                                    say_count(memory, over), NULL));
}

/* --- the one sentence ------------------------------------------------------ */

/* Where no headline can be compared: why. */
static const char *lead_alone(const struct teller *teller)
{
    const struct results *results = teller->results;
    const struct figure *before = metrics_total(results, "INT-01", results->month - 1);

    if (ends_unknown(teller))
        return wording_get(teller->wording, "lead.noends");
    if (before != NULL && before->base.answer == ANSWER_OK)
        return wording_get(teller->wording, "lead.nothing");
    return wording_get(teller->wording, "lead.first");
}

struct names {
    const char *items[FOLDED_NAMES];
    size_t count;
};

static void name_add(struct names *names, const char *name)
{
    if (names->count < FOLDED_NAMES)
        names->items[names->count++] = name;
}

static const char *joined(const struct teller *teller, const struct names *names)
{
    const char *mark = wording_get(teller->wording, "list.comma");
    const char *text = "";
    size_t i;

    for (i = 0; i < names->count; i++)
        text = arena_printf(teller->memory, "%s%s%s", text, i == 0 ? "" : mark,
                            names->items[i]);
    return text;
}

static const char *clause(const struct teller *teller, const char *key,
                          const struct names *names)
{
    return wording_say(teller->wording, teller->memory, key, "names",
                       joined(teller, names), NULL);
}

/* An English sentence begins with a capital, whatever name stands first in it. */
static const char *sentence(const struct teller *teller, const char *const *clauses,
                            size_t count)
{
    const char *mark = wording_get(teller->wording, "list.semicolon");
    bool english = strcmp(wording_language(teller->wording), "en") == 0;
    char *text = arena_copy(teller->memory, "", 0);
    size_t i;

    for (i = 0; i < count; i++)
        text = arena_printf(teller->memory, "%s%s%s", text, i == 0 ? "" : mark,
                            clauses[i]);
    if (english && text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return arena_printf(teller->memory, "%s%s", text,
                        wording_get(teller->wording, "list.stop"));
}

/* Categories that clearly grew, the biggest now first. */
static void growing(const struct teller *teller, struct names *names)
{
    const struct results *results = teller->results;
    const struct finding *best[MORE_SHOWN] = { NULL };
    int intake = metrics_find(results->metrics, "INT-01");
    size_t i, place;

    for (i = 0; i < results->finding_count; i++) {
        const struct finding *finding = &results->findings[i];

        if (finding->metric != intake || finding->dimension != DIM_CATEGORY
            || finding->against != AGAINST_PREVIOUS || finding->verdict != VERDICT_MORE
            || finding->key == 0)
            continue;
        for (place = 0; place < MORE_SHOWN; place++)
            if (best[place] == NULL || finding->now.value > best[place]->now.value) {
                memmove(best + place + 1, best + place,
                        (MORE_SHOWN - place - 1) * sizeof *best);
                best[place] = finding;
                break;
            }
    }
    for (place = 0; place < MORE_SHOWN; place++)
        if (best[place] != NULL)
            name_add(names, say_key(teller, DIM_CATEGORY, best[place]->key));
}

struct sorted_changes {
    struct names worse, better, same, small, barred;
    const char *reason; /* of the barred ones */
    bool any;
    /* the last of the worse and of the better: told with its amount when alone */
    const struct finding *one_worse, *one_better;
};

static struct names *barred_by(struct sorted_changes *out, const char *reason)
{
    if (out->barred.count == 0)
        out->reason = reason;
    else if (out->reason != NULL && (reason == NULL || strcmp(reason, out->reason)))
        out->reason = NULL;
    return &out->barred;
}

static void sort_changes(const struct teller *teller, struct sorted_changes *out)
{
    static const char *const headline[HEADLINES] = { "SLA-01", "TTR-02.median",
                                                     "RES-04", "SAT-01" };
    size_t i;

    for (i = 0; i < HEADLINES; i++) {
        uint16_t metric, part;
        const struct finding *finding;
        struct names *names = NULL;

        if (metrics_name(teller->results->metrics, headline[i], &metric, &part) < 0)
            continue;
        finding = results_finding(teller->results, metric, part, DIM_TOTAL, 0,
                                  AGAINST_PREVIOUS);
        if (finding == NULL || finding->verdict == VERDICT_NONE)
            continue;
        out->any = true;
        if (finding->verdict == VERDICT_WORSE) {
            names = &out->worse;
            out->one_worse = finding;
        } else if (finding->verdict == VERDICT_BETTER) {
            names = &out->better;
            out->one_better = finding;
        } else if (finding->verdict == VERDICT_SMALL)
            names = &out->small;
        else if (finding->verdict == VERDICT_BARRED)
            names = barred_by(out, finding->reason);
        else
            names = &out->same;
        name_add(names, say_metric(teller, metric));
    }
}

static void put(const char *list[PIECES], size_t *count, const char *clause_text)
{
    if (*count < PIECES)
        list[(*count)++] = clause_text;
}

/* One alone with how much, from what, and the likely range (WORDING 2.1): good news and
 * bad news alike. */
static const char *changed_clause(const struct teller *teller, bool amounts,
                                  const char *key, const struct names *names,
                                  const struct finding *alone)
{
    if (names->count != 1 || !amounts)
        return clause(teller, key, names);
    return wording_say(teller->wording, teller->memory, "lead.alone", "name",
                       say_metric(teller, alone->metric), "change",
                       verdict_alone(teller, alone, AGAINST_PREVIOUS), NULL);
}

/* Worse, then what waits too long, then what grew, then better; the rest is one
 * sentence.  Only without bad news does the first sentence open with better. */
size_t say_lead(const struct teller *teller, bool amounts, const char *sentences[2])
{
    struct sorted_changes changes = { .any = false };
    struct names more = { .count = 0 };
    const char *first[PIECES], *second[PIECES];
    size_t firsts = 0, seconds = 0, count = 0;
    int64_t over = say_over_month(teller, DIM_TOTAL, 0, teller->results->month);

    sort_changes(teller, &changes);
    growing(teller, &more);
    if (!changes.any)
        put(first, &firsts, lead_alone(teller));
    if (changes.worse.count > 0)
        put(first, &firsts,
            changed_clause(teller, amounts, "lead.worse", &changes.worse,
                           changes.one_worse));
    if (changes.same.count == HEADLINES && more.count == 0) {
        put(first, &firsts, wording_get(teller->wording, "lead.nochange"));
        changes.same.count = 0;
    }
    if (over > 0)
        put(first, &firsts,
            wording_say(teller->wording, teller->memory, "lead.over", "n",
                        say_count(teller->memory, over), NULL));
    if (more.count > 0)
        put(first, &firsts, clause(teller, "lead.more", &more));
    if (changes.better.count > 0)
        put(first, &firsts,
            changed_clause(teller, amounts, "lead.better", &changes.better,
                           changes.one_better));
    if (changes.same.count > 0)
        put(second, &seconds, clause(teller, "lead.same", &changes.same));
    if (changes.small.count > 0)
        put(second, &seconds, clause(teller, "lead.small", &changes.small));
    if (changes.barred.count > 0) {
        const char *key = reasoned(teller, "lead.barred", changes.reason);

        put(second, &seconds,
            clause(teller, key == NULL ? "lead.barred" : key, &changes.barred));
    }
    if (firsts > 0)
        sentences[count++] = sentence(teller, first, firsts);
    if (seconds > 0)
        sentences[count++] = sentence(teller, second, seconds);
    return count;
}
