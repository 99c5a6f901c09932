/* stats_survival.c - Kaplan-Meier, its limits, quantiles and capped mean. */
#include "analyze/stats_survival.h"

#include <math.h>
#include <string.h>

/* The usable rows; events and censorings sorted apart, so that events go first. */
struct split {
    size_t event_count, censored_count, left_out;
    double *events, *censored, *entries;
};

static void split_rows(const double *entry, const double *exit, const uint8_t *event,
                       size_t count, struct arena *memory, struct split *out)
{
    out->events = arena_alloc(memory, (count + 1) * sizeof(double));
    out->censored = arena_alloc(memory, (count + 1) * sizeof(double));
    out->entries = arena_alloc(memory, (count + 1) * sizeof(double));
    out->event_count = out->censored_count = out->left_out = 0;
    for (size_t i = 0; i < count; i++) {
        double from = entry == NULL ? -INFINITY : entry[i];

        if (isnan(exit[i]) || isnan(from) || from >= exit[i]) {
            out->left_out++;
            continue;
        }
        out->entries[out->event_count + out->censored_count] = from;
        if (event[i] != 0)
            out->events[out->event_count++] = exit[i];
        else
            out->censored[out->censored_count++] = exit[i];
    }
    stats_sort(out->events, out->event_count);
    stats_sort(out->censored, out->censored_count);
    stats_sort(out->entries, out->event_count + out->censored_count);
}

struct columns { /* struct survival while it is being written */
    double *time, *share, *variance, *hazard, *hazard_variance;
    int64_t *at_risk, *events, *censored;
};

static void columns_new(struct arena *memory, size_t rows, struct columns *out)
{
    size_t doubles = (rows + 1) * sizeof(double), counts = (rows + 1) * sizeof(int64_t);

    out->time = arena_alloc(memory, doubles);
    out->share = arena_alloc(memory, doubles);
    out->variance = arena_alloc(memory, doubles);
    out->hazard = arena_alloc(memory, doubles);
    out->hazard_variance = arena_alloc(memory, doubles);
    out->at_risk = arena_alloc(memory, counts);
    out->events = arena_alloc(memory, counts);
    out->censored = arena_alloc(memory, counts);
}

/* S changes only where somebody finished: S * (n/n) drifts by one bit and moves
 * quantiles (METHODS 1.1). */
static void step(struct columns *columns, size_t at, double before[4])
{
    double n = (double)columns->at_risk[at], d = (double)columns->events[at];

    if (d > 0) {
        before[0] *= (n - d) / n;
        before[1] += d / (n * (n - d));
        before[2] += d / n;
        before[3] += d / (n * n);
    }
    columns->share[at] = before[0];
    columns->variance[at] = before[1];
    columns->hazard[at] = before[2];
    columns->hazard_variance[at] = before[3];
}

void survival_fit(const double *entry, const double *exit, const uint8_t *event,
                  size_t count, struct arena *memory, struct survival *out)
{
    struct split split;
    struct columns columns;
    size_t rows, e = 0, c = 0, entered = 0, at = 0;
    double running[4] = { 1, 0, 0, 0 };

    split_rows(entry, exit, event, count, memory, &split);
    rows = split.event_count + split.censored_count;
    columns_new(memory, rows, &columns);
    while (e < split.event_count || c < split.censored_count) {
        double time = e < split.event_count ? split.events[e] : INFINITY;
        size_t gone = e + c;

        if (c < split.censored_count && split.censored[c] < time)
            time = split.censored[c];
        while (entered < rows && split.entries[entered] < time)
            entered++;
        columns.time[at] = time;
        columns.at_risk[at] = (int64_t)(entered - gone);
        for (; e < split.event_count && split.events[e] == time; e++)
            columns.events[at]++;
        for (; c < split.censored_count && split.censored[c] == time; c++)
            columns.censored[at]++;
        step(&columns, at++, running);
    }
    *out = (struct survival){ .count = at,
                              .time = columns.time,
                              .at_risk = columns.at_risk,
                              .events = columns.events,
                              .censored = columns.censored,
                              .share = columns.share,
                              .variance = columns.variance,
                              .hazard = columns.hazard,
                              .hazard_variance = columns.hazard_variance,
                              .rows = (int64_t)rows,
                              .event_total = (int64_t)split.event_count,
                              .left_out = (int64_t)split.left_out };
}

/* Rows with time <= the given one. */
static size_t rows_until(const struct survival *curve, double time)
{
    size_t low = 0, high = curve->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (curve->time[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

double survival_at(const struct survival *curve, double time)
{
    size_t rows = rows_until(curve, time);

    return rows == 0 ? 1 : curve->share[rows - 1];
}

double survival_last(const struct survival *curve)
{
    return curve->count == 0 ? NAN : curve->time[curve->count - 1];
}

static double clip(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static void limits(double share, double variance, enum limit_kind kind, double z,
                   double *low, double *high)
{
    double error = sqrt(variance);

    *low = *high = NAN;
    if (!(share > 0) || !isfinite(error))
        return;
    switch (kind) {
    case LIMIT_LOGLOG:
        if (share < 1) {
            double spread = z * error / fabs(log(share));

            *low = pow(share, exp(spread));
            *high = pow(share, exp(-spread));
        }
        return;
    case LIMIT_LOG:
        *low = share * exp(-z * error);
        *high = fmin(1, share * exp(z * error));
        return;
    case LIMIT_PLAIN:
        *low = clip(share - z * share * error);
        *high = clip(share + z * share * error);
        return;
    }
}

void survival_limits(const struct survival *curve, size_t at, enum limit_kind kind,
                     double level, double *low, double *high)
{
    limits(curve->share[at], curve->variance[at], kind, stats_z(level), low, high);
}

struct estimate survival_done(const struct survival *curve, double time,
                              enum limit_kind kind, double level)
{
    struct estimate out = estimate_none(ANSWER_NO_DATA);
    size_t rows = rows_until(curve, time);
    double low, high;

    if (curve->rows == 0)
        return out;
    if (rows == curve->count && time > survival_last(curve)
        && curve->share[rows - 1] > 0)
        return estimate_none(ANSWER_NOT_IDENTIFIED);
    out.answer = ANSWER_OK;
    out.value = 0;
    if (rows == 0)
        return out;
    out.value = 1 - curve->share[rows - 1];
    survival_limits(curve, rows - 1, kind, level, &low, &high);
    out.low = 1 - high;
    out.high = 1 - low;
    out.error = curve->share[rows - 1] * sqrt(curve->variance[rows - 1]);
    return out;
}

/* --- quantiles (1.3) ------------------------------------------------------- */

struct points { /* a step function, equal heights kept once, NaN left out */
    size_t count;
    double *x, *y;
    bool last_known; /* the last distinct height is a number */
    double end;      /* x of the last point of all */
};

static bool same_height(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Equal heights in a row are kept once; others that are equal do no harm, as the
 * first of them is the one found. */
static void add_point(struct points *points, double x, double y)
{
    if (points->count > 0 && same_height(points->y[points->count - 1], y))
        return;
    points->x[points->count] = x;
    points->y[points->count++] = y;
}

/* R drops every later point whose height was there before: that decides what the
 * last point is. */
static void drop_repeated_end(struct points *points)
{
    while (points->count > 1) {
        size_t last = points->count - 1, before = 0;

        while (!same_height(points->y[before], points->y[last]))
            before++;
        if (before == last)
            return;
        points->count--;
    }
}

/* heights: the curve itself or one of its limits, at each of its times. */
static void build_points(const struct survival *curve, const double *heights,
                         struct arena *memory, struct points *out)
{
    size_t known = 0;

    *out =
        (struct points){ .x = arena_alloc(memory, (curve->count + 1) * sizeof(double)),
                         .y = arena_alloc(memory, (curve->count + 1) * sizeof(double)),
                         .end = survival_last(curve) };
    add_point(out, 0, 0);
    for (size_t i = 0; i < curve->count; i++)
        if (i == 0 || curve->events[i] != 0) /* else the same bits as before */
            add_point(out, curve->time[i], 1 - heights[i]);
    drop_repeated_end(out);
    out->last_known = !isnan(out->y[out->count - 1]);
    for (size_t i = 0; i < out->count; i++)
        if (!isnan(out->y[i])) {
            out->x[known] = out->x[i];
            out->y[known++] = out->y[i];
        }
    out->count = known;
}

/* Place of the smallest y with y + shift >= share; count when there is none. */
static size_t crossing(const struct points *points, double shift, double share)
{
    size_t best = points->count;

    for (size_t i = 0; i < points->count; i++)
        if (points->y[i] + shift >= share
            && (best == points->count || points->y[i] < points->y[best]))
            best = i;
    return best;
}

static double highest(const struct points *points)
{
    double most = -INFINITY;

    for (size_t i = 0; i < points->count; i++)
        most = fmax(most, points->y[i]);
    return most;
}

/* `least` is the smallest share asked: R refuses all of them when even that lies
 * above the curve. */
static double find_quantile(const struct points *points, double share, double least)
{
    const double tolerance = 1.490116119384766e-8; /* sqrt of the double epsilon */
    size_t a = crossing(points, tolerance, share);
    size_t b = crossing(points, -tolerance, share);

    if (points->count == 0 || highest(points) < least || a == points->count)
        return NAN;
    if (points->last_known && fabs(share - points->y[points->count - 1]) < tolerance)
        return (points->x[a] + points->end) / 2;
    if (b == points->count)
        return NAN;
    return (points->x[a] + points->x[b]) / 2;
}

void survival_quantiles(const struct survival *curve, enum limit_kind kind,
                        double level, const double *shares, size_t count,
                        struct arena *memory, struct estimate *out)
{
    double *lows = arena_alloc(memory, (curve->count + 1) * sizeof *lows);
    double *highs = arena_alloc(memory, (curve->count + 1) * sizeof *highs);
    struct points middle, low, high;
    double least = INFINITY, z = stats_z(level);

    for (size_t i = 0; i < count; i++)
        least = fmin(least, shares[i]);
    for (size_t i = 0; i < curve->count; i++)
        if (i == 0 || curve->events[i] != 0)
            limits(curve->share[i], curve->variance[i], kind, z, &lows[i], &highs[i]);
    build_points(curve, curve->share, memory, &middle);
    build_points(curve, lows, memory, &low);
    build_points(curve, highs, memory, &high);
    for (size_t i = 0; i < count; i++) {
        out[i] = estimate_none(ANSWER_NO_DATA);
        if (curve->rows == 0)
            continue;
        out[i].value = find_quantile(&middle, shares[i], least);
        out[i].low = find_quantile(&low, shares[i], least);
        out[i].high = find_quantile(&high, shares[i], least);
        out[i].answer = isnan(out[i].value) ? ANSWER_NOT_REACHED : ANSWER_OK;
    }
}

struct estimate survival_quantile(const struct survival *curve, enum limit_kind kind,
                                  double level, double share, struct arena *memory)
{
    struct estimate out;

    survival_quantiles(curve, kind, level, &share, 1, memory, &out);
    return out;
}

/* --- capped mean (1.4) ----------------------------------------------------- */

/* Built from the right, so that each variance term finds its integral ready. */
struct estimate survival_mean(const struct survival *curve, double tau, bool flat,
                              double level)
{
    struct estimate out = estimate_none(ANSWER_NO_DATA);
    size_t rows = rows_until(curve, tau);
    double area = 0, variance = 0, right = tau;

    if (curve->rows == 0)
        return out;
    if (!flat && tau > survival_last(curve) && curve->share[curve->count - 1] > 0)
        return estimate_none(ANSWER_NOT_IDENTIFIED);
    for (size_t i = rows; i-- > 0;) {
        double n = (double)curve->at_risk[i], d = (double)curve->events[i];

        area += curve->share[i] * (right - fmax(curve->time[i], 0));
        right = fmax(curve->time[i], 0);
        if (n > d)
            variance += area * area * d / (n * (n - d));
    }
    out.value = area + right;
    out.error = sqrt(variance);
    out.low = fmax(0, out.value - stats_z(level) * out.error);
    out.high = fmin(tau, out.value + stats_z(level) * out.error);
    out.answer = ANSWER_OK;
    return out;
}

bool survival_stay(double open, double close, double from, double until,
                   struct stay *out)
{
    if (!(close > from && open < until))
        return false;
    out->entry = fmax(0, from - open);
    out->exit = fmin(close, until) - open;
    out->event = close < until;
    return true;
}

/* --- shortened by (4.3) ---------------------------------------------------- */

static struct estimate ratio_of_medians(const struct estimate *old,
                                        const struct estimate *now)
{
    struct estimate out = estimate_none(ANSWER_NOT_IDENTIFIED);
    double d, down, up;

    if (!(old->low > 0 && now->low > 0 && now->value > 0 && old->value > 0)
        || isnan(old->high) || isnan(now->high))
        return out;
    d = log(now->value) - log(old->value);
    down = hypot(log(now->value) - log(now->low), log(old->high) - log(old->value));
    up = hypot(log(now->high) - log(now->value), log(old->value) - log(old->low));
    out.value = now->value / old->value;
    out.low = exp(d - down);
    out.high = exp(d + up);
    out.answer = ANSWER_OK;
    return out;
}

static struct estimate ratio_of_means(const struct estimate *old,
                                      const struct estimate *now, double level)
{
    struct estimate out = estimate_none(ANSWER_NOT_IDENTIFIED);

    if (!(old->value > 0 && now->value > 0))
        return out;
    out.error = hypot(now->error / now->value, old->error / old->value);
    out.value = now->value / old->value;
    out.low = out.value * exp(-stats_z(level) * out.error);
    out.high = out.value * exp(stats_z(level) * out.error);
    out.answer = ANSWER_OK;
    return out;
}

void survival_shorten(const struct survival *old, const struct survival *new_,
                      double tau, enum limit_kind kind, double level,
                      struct arena *memory, struct shortening *out)
{
    struct estimate *difference = &out->mean_difference;

    out->median_old = survival_quantile(old, kind, level, 0.5, memory);
    out->median_new = survival_quantile(new_, kind, level, 0.5, memory);
    out->median_ratio = ratio_of_medians(&out->median_old, &out->median_new);
    out->mean_old = survival_mean(old, tau, true, level);
    out->mean_new = survival_mean(new_, tau, true, level);
    out->mean_ratio = ratio_of_means(&out->mean_old, &out->mean_new, level);
    *difference = estimate_none(out->mean_ratio.answer);
    difference->value = out->mean_new.value - out->mean_old.value;
    difference->error = hypot(out->mean_new.error, out->mean_old.error);
    difference->low = difference->value - stats_z(level) * difference->error;
    difference->high = difference->value + stats_z(level) * difference->error;
}
