/* verdict.c - decides what may be claimed: chart and interval must agree. */
#include "analyze/verdict.h"

#include <math.h>
#include <string.h>

#include "analyze/lifecycle.h"
#include "analyze/stats_rate.h"
#include "analyze/stats_survival.h"
#include "analyze/verdict_barred.h"
#include "analyze/verdict_mainly.h"
#include "analyze/verdict_series.h"
#include "core/calendar.h"
#include "core/wording.h"

enum {
    LEAST_HISTORY = 12, /* months; below it only the other month is compared */
    LEAST_TIMES = 50,   /* METHODS 4.3: below it the interval is too short */
    CAP_HOURS = 168,
    LONGEST_MONTH = 32
};

static const double level = VERDICT_LEVEL;

struct question { /* what is asked of a change, and its family of tests */
    const char *name;
    enum claim_kind kind;
    enum dimension dimension;
};

/* Families other than the total are judged together, false discoveries held to
 * one in twenty (METHODS 2.5). */
static const struct question questions[] = {
    { "SLA-01", CLAIM_SHARE, DIM_TOTAL },
    { "RES-04", CLAIM_SHARE, DIM_TOTAL },
    { "SAT-01", CLAIM_SHARE, DIM_TOTAL },
    { "TTR-02.median", CLAIM_TIME, DIM_TOTAL },
    { "INT-01", CLAIM_COUNT, DIM_TOTAL },
    { "INT-16", CLAIM_COUNT, DIM_TOTAL },
    { "RSP-02", CLAIM_SHARE, DIM_TOTAL },
    { "REC-01", CLAIM_SHARE, DIM_TOTAL },
    { "SLA-01", CLAIM_SHARE, DIM_NATURE },
    { "SLA-01", CLAIM_SHARE, DIM_DEPARTMENT },
    { "TTR-02.median", CLAIM_TIME, DIM_DEPARTMENT },
    { "INT-01", CLAIM_COUNT, DIM_CATEGORY },
};

struct pending { /* a finding whose family is not yet complete */
    struct finding finding;
    double p;
    int way;     /* of the number: +1 up, -1 down, 0 no firm change */
    bool agrees; /* the chart supports it */
};

static int64_t find_period(const struct context *context, int32_t month)
{
    for (size_t i = 0; i < context->count; i++)
        if (context->periods[i].month == month)
            return (int64_t)i;
    return -1;
}

/* --- intervals ------------------------------------------------------------------ */

static void compare_shares(struct pending *out)
{
    const struct base *now = &out->finding.now, *then = &out->finding.then;
    double n1 = (double)now->denominator, n0 = (double)then->denominator;
    double pooled = (double)(now->numerator + then->numerator) / (n1 + n0);
    struct estimate change =
        rate_difference((double)now->numerator, n1, (double)then->numerator, n0, level);

    out->finding.change = change.value;
    out->finding.low = change.low;
    out->finding.high = change.high;
    out->way = interval_way(change.low, change.high);
    out->p =
        stats_two_sided(change.value / sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0)));
}

/* How far a month's count lies from the level of the months before it: Farrington's
 * 2/3 power (METHODS 5.1 f), the level's own uncertainty included.  NaN when the
 * history is shorter than a year. */
static double history_p(const struct series *series, double count, double days,
                        double phi)
{
    double cases = 0, exposure = 0, mean, spread;

    if (series->count < LEAST_HISTORY + 1)
        return NAN;
    for (size_t i = 0; i + 1 < series->count; i++) {
        cases += series->x[i];
        exposure += series->n[i];
    }
    if (!(cases > 0) || !(exposure > 0))
        return NAN;
    mean = cases / exposure * days;
    spread = sqrt(4.0 / 9 * cbrt(mean) * fmax(phi, 1) * (1 + days / exposure));
    return stats_two_sided((cbrt(count * count) - cbrt(mean * mean)) / spread);
}

/* Bursts are in the history: the months before, this one left out.  The family's
 * test is the distance from the history's level; the interval against the other
 * month must agree, or nothing is claimed. */
static void compare_counts(const struct run *run, const struct series *series,
                           size_t then, struct pending *out)
{
    const struct context *context = run->context;
    double a = out->finding.now.value, b = out->finding.then.value;
    double ta = period_days(&context->periods[context->count - 1]);
    double tb = period_days(&context->periods[then]), phi;
    struct poisson_ratio ratio;

    phi = rate_dispersion(series->x, series->n,
                          series->count > 0 ? series->count - 1 : 0);
    ratio = rate_overdispersed(a, ta, b, tb, phi, level);
    out->finding.change = a / ta - b / tb;
    out->p = history_p(series, a, ta, phi);
    if (isnan(out->p))
        out->p = ratio.p;
    if (!(b > 0) || ratio.ratio.answer != ANSWER_OK)
        return;
    out->finding.low = b / tb * (ratio.ratio.low - 1);
    out->finding.high = b / tb * (ratio.ratio.high - 1);
    out->way = interval_way(out->finding.low, out->finding.high);
}

/* The cohort of TTR-02 (pass_resolution.c), of one department or all; the withdrawn and
 * merged stay in it as never done, or withdrawing the slow ones would shorten it. */
static bool cohort_fit(const struct run *run, const struct subject *subject,
                       size_t period, struct survival *out)
{
    const struct lifecycles *lives;
    double *took;
    uint8_t *done;
    size_t count = 0;

    if (run->context->lives == NULL || run->facts == NULL
        || (subject->dimension == DIM_DEPARTMENT
            && run->facts->tickets.department == NULL))
        return false;
    lives = &run->context->lives[period];
    took = arena_alloc(run->memory, (lives->count + 1) * sizeof *took);
    done = arena_alloc(run->memory, lives->count + 1);
    for (size_t i = 0; i < lives->count; i++) {
        const struct life *life = &lives->items[i];
        int64_t received = run->facts->tickets.received[life->ticket];
        bool whole_days = (life->marks & LIFE_DATE_ONLY) != 0, over;
        int64_t seconds;

        if ((life->marks & LIFE_RECEIVED) == 0
            || (subject->dimension == DIM_DEPARTMENT
                && run->facts->tickets.department[life->ticket] != subject->key))
            continue;
        over = life->completed != HY_NEVER && life->standing == STANDING_VALID;
        seconds = over ? elapsed(received, whole_days, life->completed, whole_days)
                       : lives->period.cutoff - received;
        if (seconds < 0 || (over && (life->marks & LIFE_INFERRED) != 0))
            continue;
        took[count] = (double)seconds / 3600;
        done[count++] = over;
    }
    survival_fit(NULL, took, done, count, run->memory, out);
    return true;
}

/* The difference of the medians (square and add) and, where the tickets are at
 * hand, the ratio of the means capped at 7 days must both say so (METHODS 4.3). */
static void compare_times(const struct run *run, const struct subject *subject,
                          size_t then, struct pending *out)
{
    const struct base *now = &out->finding.now, *old = &out->finding.then;
    struct survival curves[2];
    struct shortening both;

    out->finding.change = now->value - old->value;
    out->finding.low =
        out->finding.change - hypot(now->value - now->low, old->high - old->value);
    out->finding.high =
        out->finding.change + hypot(now->high - now->value, old->value - old->low);
    out->way = interval_way(out->finding.low, out->finding.high);
    if (!cohort_fit(run, subject, then, &curves[0])
        || !cohort_fit(run, subject, run->context->count - 1, &curves[1]))
        return;
    survival_shorten(&curves[0], &curves[1], CAP_HOURS, LIMIT_LOGLOG, level,
                     run->memory, &both);
    out->p = stats_two_sided(log(both.mean_ratio.value) / both.mean_ratio.error);
    if (interval_way(both.mean_ratio.low - 1, both.mean_ratio.high - 1) != out->way)
        out->way = 0;
}

/* --- one finding ------------------------------------------------------------------ */

static struct base base_at(const struct run *run, const struct subject *subject,
                           size_t period)
{
    const struct figure *figure =
        results_find(run->results, subject->metric, subject->part, subject->dimension,
                     subject->key, run->context->periods[period].month);

    if (figure != NULL)
        return figure->base;
    return subject->kind == CLAIM_COUNT ? base_count(0) : base_none(ANSWER_NO_DATA);
}

/* How many cases stand behind a side; 0 = nothing to compare. */
static double cases_of(enum claim_kind kind, const struct base *base)
{
    switch (kind) {
    case CLAIM_SHARE:
        return base->numerator < 0 ? 0 : (double)base->denominator;
    case CLAIM_TIME:
        return (double)base->n;
    case CLAIM_COUNT:
        return isnan(base->value) ? 0 : base->value;
    }
    return 0;
}

/* What a headline may be praised for must show where nothing can be left out, too
 * (METHODS 0.5): the same share with what was reopened, withdrawn, merged away or is
 * still not done counted against it. */
static const struct guard {
    const char *of, *with;
} guards[] = {
    { "SLA-01", "SLA-03.worst" }, { "RES-04", "RES-04.worst" },
    { "SAT-01", "SAT-05.worst" }, { "RSP-02", "RSP-02.worst" },
    { "REC-01", "REC-01.worst" },
};

static const char *guard_of(const struct run *run, const struct subject *subject)
{
    const char *id = run->results->metrics->items[subject->metric].id;

    for (size_t i = 0; subject->part == 0 && i < sizeof guards / sizeof *guards; i++)
        if (strcmp(guards[i].of, id) == 0)
            return guards[i].with;
    return NULL;
}

/* The guard's own interval and chart support the same way. */
static bool guarded(const struct run *run, const struct subject *subject, size_t then,
                    const struct pending *claimed)
{
    const char *with = guard_of(run, subject);
    struct subject strict = *subject;
    struct pending out = *claimed;
    struct series series;

    if (with == NULL)
        return true;
    if (metrics_name(run->results->metrics, with, &strict.metric, &strict.part) < 0)
        return false;
    out.finding.now = base_at(run, &strict, run->context->count - 1);
    out.finding.then = base_at(run, &strict, then);
    if (!(cases_of(CLAIM_SHARE, &out.finding.now) > 0)
        || !(cases_of(CLAIM_SHARE, &out.finding.then) > 0))
        return false;
    compare_shares(&out);
    if (out.way != claimed->way)
        return false;
    series_read(run->facts, run->context, run->results, &strict, run->memory, &series);
    return series_supports(&series, run->context->count - 1, out.way);
}

static bool is_praise(const struct run *run, const struct subject *subject, int way)
{
    enum direction_of good = run->results->metrics->items[subject->metric].good;

    return good != GOOD_NONE && (way > 0) == (good == GOOD_UP);
}

static void measure(const struct run *run, const struct subject *subject,
                    const struct series *series, size_t then, struct pending *out)
{
    switch (subject->kind) {
    case CLAIM_SHARE:
        compare_shares(out);
        break;
    case CLAIM_TIME:
        compare_times(run, subject, then, out);
        break;
    case CLAIM_COUNT:
        compare_counts(run, series, then, out);
        break;
    }
    out->agrees = out->way != 0 && series->count > 1
                  && series_supports(series, run->context->count - 1, out->way);
    if (out->agrees && subject->kind == CLAIM_SHARE && is_praise(run, subject, out->way)
        && !guarded(run, subject, then, out)) {
        out->agrees = false;
        out->finding.verdict = VERDICT_BARRED;
        out->finding.reason = "barred.guard";
    }
}

/* Everything short of the claim itself: then the verdict is SAME until claim(). */
static struct pending judge(const struct run *run, const struct subject *subject,
                            const struct series *series, enum against against)
{
    const struct context *context = run->context;
    size_t now = context->count - 1;
    int64_t then = find_period(context, context->periods[now].month
                                            - (against == AGAINST_YEAR ? 12 : 1));
    double least = subject->kind == CLAIM_TIME ? LEAST_TIMES : LEAST_CASES;
    struct pending out = { .finding = { .metric = subject->metric,
                                        .part = subject->part,
                                        .dimension = (uint8_t)subject->dimension,
                                        .key = subject->key,
                                        .against = against,
                                        .then = base_none(ANSWER_NO_DATA),
                                        .change = NAN,
                                        .low = NAN,
                                        .high = NAN },
                           .p = NAN };
    struct finding *finding = &out.finding;
    double fewest;

    finding->now = base_at(run, subject, now);
    finding->trend = series_trend(series, now);
    if (then < 0 || !period_usable(run->facts, context, (size_t)then)
        || !period_usable(run->facts, context, now))
        return out;
    finding->then = base_at(run, subject, (size_t)then);
    fewest = fmin(cases_of(subject->kind, &finding->now),
                  cases_of(subject->kind, &finding->then));
    if (finding->now.answer == ANSWER_NO_DATA || finding->then.answer == ANSWER_NO_DATA
        || (!(fewest > 0) && subject->kind != CLAIM_COUNT))
        return out;
    finding->reason = verdict_barred(run, subject, against, (size_t)then);
    /* A count is compared by an exact test: one full side is enough to see that the
     * other is emptier (WORDING 2: 33 against 14 is "more"). */
    if (subject->kind == CLAIM_COUNT)
        fewest = fmax(finding->now.value, finding->then.value);
    finding->verdict = finding->reason != NULL ? VERDICT_BARRED
                       : fewest < least        ? VERDICT_SMALL
                                               : VERDICT_SAME;
    if (finding->verdict == VERDICT_SAME)
        measure(run, subject, series, (size_t)then, &out);
    return out;
}

static enum verdict claim(const struct run *run, const struct subject *subject, int way)
{
    enum direction_of good = run->results->metrics->items[subject->metric].good;

    if (subject->kind == CLAIM_COUNT || good == GOOD_NONE)
        return way > 0 ? VERDICT_MORE : VERDICT_FEWER;
    return is_praise(run, subject, way) ? VERDICT_BETTER : VERDICT_WORSE;
}

/* --- a family -----------------------------------------------------------------------
 */

/* Keys of the metric in the month, in the order of the sorted results. */
static size_t keys_of(const struct run *run, const struct subject *first,
                      uint32_t *keys)
{
    const struct results *results = run->results;
    size_t count = 0;

    if (first->dimension == DIM_TOTAL) {
        keys[0] = 0;
        return 1;
    }
    for (size_t i = 0; i < results->figure_count; i++) {
        const struct figure *figure = &results->figures[i];

        if (figure->metric == first->metric && figure->part == first->part
            && figure->dimension[0] == first->dimension
            && figure->dimension[1] == DIM_TOTAL && figure->month == results->month
            && figure->key[0] != 0)
            keys[count++] = figure->key[0];
    }
    return count;
}

/* One full side is enough to claim a change of a count (33 against 14), not to say that
 * there is none: 30 against 27 may hide a quarter more (WORDING 1.1, 2.2). */
static bool too_few_to_be_same(const struct subject *subject,
                               const struct finding *finding)
{
    return subject->kind == CLAIM_COUNT && finding->verdict == VERDICT_SAME
           && fmin(finding->now.value, finding->then.value) < LEAST_CASES;
}

static void settle(const struct run *run, const struct subject *subject,
                   struct pending *family, size_t count)
{
    double *p = arena_alloc(run->memory, (count + 1) * sizeof *p);
    double *adjusted = arena_alloc(run->memory, (count + 1) * sizeof *adjusted);

    for (size_t i = 0; i < count; i++)
        p[i] = family[i].p;
    rate_adjust(p, count, ADJUST_BH, run->memory, adjusted);
    for (size_t i = 0; i < count; i++) {
        struct pending *one = &family[i];

        if (one->agrees
            && (subject->dimension == DIM_TOTAL || adjusted[i] <= 1 - level))
            one->finding.verdict = claim(run, subject, one->way);
        if (too_few_to_be_same(subject, &one->finding))
            one->finding.verdict = VERDICT_SMALL;
        if (one->finding.verdict == VERDICT_WORSE && subject->kind == CLAIM_SHARE
            && subject->dimension == DIM_TOTAL
            && one->finding.against == AGAINST_PREVIOUS)
            one->finding.mainly =
                verdict_mainly(run->results, &one->finding, one->way, run->memory);
        results_add_finding(run->results, &one->finding);
    }
}

static void ask(const struct run *run, const struct question *question)
{
    struct subject subject = { .dimension = question->dimension,
                               .kind = question->kind };
    uint32_t *keys =
        arena_alloc(run->memory, (run->results->figure_count + 1) * sizeof *keys);
    struct pending *families[2];
    size_t count;

    if (metrics_name(run->results->metrics, question->name, &subject.metric,
                     &subject.part)
        < 0)
        return;
    count = keys_of(run, &subject, keys);
    families[0] = arena_alloc(run->memory, (count + 1) * sizeof **families);
    families[1] = arena_alloc(run->memory, (count + 1) * sizeof **families);
    for (size_t i = 0; i < count; i++) {
        struct series series;

        subject.key = keys[i];
        series_read(run->facts, run->context, run->results, &subject, run->memory,
                    &series);
        families[0][i] = judge(run, &subject, &series, AGAINST_PREVIOUS);
        families[1][i] = judge(run, &subject, &series, AGAINST_YEAR);
        if (subject.dimension != DIM_CATEGORY)
            series_publish(&series, run->context, &subject, run->results);
    }
    settle(run, &subject, families[0], count);
    settle(run, &subject, families[1], count);
}

/* --- control charts of the other shares ---------------------------------
 */

static bool asked(const struct results *results, uint16_t metric)
{
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        uint16_t other, part;

        if (metrics_name(results->metrics, questions[i].name, &other, &part) >= 0
            && other == metric)
            return true;
    }
    return false;
}

static void chart_other_shares(const struct run *run)
{
    const struct metrics *metrics = run->results->metrics;

    for (uint16_t i = 0; i < metrics->count; i++) {
        struct subject subject = { .metric = i, .kind = CLAIM_SHARE };
        struct series series;

        if (metrics->items[i].unit != UNIT_SHARE || asked(run->results, i))
            continue;
        series_read(run->facts, run->context, run->results, &subject, run->memory,
                    &series);
        series_publish(&series, run->context, &subject, run->results);
    }
}

enum status verdict_run(const struct facts *facts, const struct context *context,
                        struct results *results, struct error *err)
{
    struct run run = { facts, context, results, NULL };

    (void)err; /* nothing here can fail; the contract is that of a pass */
    if (context->count == 0
        || period_days(&context->periods[context->count - 1]) > LONGEST_MONTH)
        return HY_OK; /* pooled months have nothing like them to be held against */
    run.memory = arena_new();
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        ask(&run, &questions[i]);
    chart_other_shares(&run);
    arena_free(run.memory);
    return HY_OK;
}
