/* stats_farrington.c - early warning by quasi-Poisson regression (METHODS 5.1-5.2). */
#include "analyze/stats_farrington.h"

#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TERMS = 40, MOST_STEPS = 50 };

struct design { /* intercept, time, one column per level but the last */
    size_t rows, terms;
    const double *y;
    double *x;             /* rows * terms */
    double at[MOST_TERMS]; /* the period judged */
    double *mu, *weight, *hat;
    double *information; /* terms * terms, Cholesky factor */
    double beta[MOST_TERMS];
};

struct fit {
    double phi, spread; /* spread: what errors are made from */
    double df;
};

/* --- linear algebra --------------------------------------------------------- */

static bool factorise(double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = matrix[i * n + j];

            for (size_t k = 0; k < j; k++)
                sum -= matrix[i * n + k] * matrix[j * n + k];
            if (i == j && !(sum > 0))
                return false;
            matrix[i * n + j] = i == j ? sqrt(sum) : sum / matrix[j * n + j];
        }
    return true;
}

/* x' (LL')^-1 x; the half-way vector goes to out (may be x itself). */
static double forward(const double *factor, size_t n, const double *x, double *out)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        double value = x[i];

        for (size_t k = 0; k < i; k++)
            value -= factor[i * n + k] * out[k];
        out[i] = value / factor[i * n + i];
        sum += out[i] * out[i];
    }
    return sum;
}

static void backward(const double *factor, size_t n, double *x)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= factor[k * n + i] * x[k];
        x[i] /= factor[i * n + i];
    }
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* --- the model ---------------------------------------------------------------- */

static double deviance(const struct design *design)
{
    double sum = 0;

    for (size_t i = 0; i < design->rows; i++) {
        double y = design->y[i], mu = design->mu[i];

        sum += 2 * design->weight[i] * ((y > 0 ? y * log(y / mu) : 0) - (y - mu));
    }
    return sum;
}

/* One weighted least squares step from mu; false when it cannot be solved. */
static bool step(struct design *design)
{
    size_t n = design->terms;
    double right[MOST_TERMS] = { 0 };

    memset(design->information, 0, n * n * sizeof(double));
    for (size_t i = 0; i < design->rows; i++) {
        const double *x = design->x + i * n;
        double mu = design->mu[i], w = design->weight[i] * mu;
        double z = log(mu) + (design->y[i] - mu) / mu;

        for (size_t j = 0; j < n; j++) {
            right[j] += w * x[j] * z;
            for (size_t k = 0; k <= j; k++)
                design->information[j * n + k] += w * x[j] * x[k];
        }
    }
    if (!factorise(design->information, n))
        return false;
    forward(design->information, n, right, right);
    backward(design->information, n, right);
    memcpy(design->beta, right, n * sizeof(double));
    for (size_t i = 0; i < design->rows; i++) {
        double eta = dot(design->x + i * n, design->beta, n);

        design->mu[i] = fmax(exp(fmin(eta, 500)), 1e-12);
    }
    return true;
}

/* R's glm: start at y + 0.1, stop at a relative change of 1e-8 in deviance. */
static bool iterate(struct design *design)
{
    double before, now;

    for (size_t i = 0; i < design->rows; i++)
        design->mu[i] = design->y[i] + 0.1;
    before = deviance(design);
    for (int i = 0; i < MOST_STEPS; i++) {
        if (!step(design))
            return false;
        now = deviance(design);
        if (!isfinite(now))
            return false;
        if (fabs(now - before) / (fabs(now) + 0.1) < 1e-8)
            return true;
        before = now;
    }
    return true; /* a level of zeros creeps on for ever: good enough */
}

static void measure(struct design *design, struct fit *fit)
{
    double pearson = 0, working = 0, half[MOST_TERMS];

    fit->df = (double)design->rows - (double)design->terms;
    for (size_t i = 0; i < design->rows; i++) {
        double mu = design->mu[i], off = design->y[i] - mu;

        pearson += design->weight[i] * off * off / mu;
        working += design->weight[i] * off * off / (mu * mu);
        design->hat[i] = design->weight[i] * mu
                         * forward(design->information, design->terms,
                                   design->x + i * design->terms, half);
    }
    fit->phi = fmax(1, pearson / fit->df);
    fit->spread = working / fit->df;
}

/* d) Anscombe residuals pull down the weight of past outbreaks. */
static void reweight(struct design *design, double phi, double limit)
{
    double sum = 0;

    for (size_t i = 0; i < design->rows; i++) {
        double y = design->y[i], mu = design->mu[i];
        double s = 1.5 * (pow(y, 2.0 / 3) * pow(mu, -1.0 / 6) - sqrt(mu))
                   / sqrt(phi * (1 - design->hat[i]));

        design->weight[i] = s > limit ? 1 / (s * s) : 1;
        sum += design->weight[i];
    }
    for (size_t i = 0; i < design->rows; i++)
        design->weight[i] *= (double)design->rows / sum;
}

static bool fit_model(struct design *design, const struct farrington_options *options,
                      struct fit *fit)
{
    for (size_t i = 0; i < design->rows; i++)
        design->weight[i] = 1;
    if (design->rows <= design->terms || !iterate(design))
        return false;
    measure(design, fit);
    if (options->reweight) {
        reweight(design, fit->phi, options->weight_limit);
        if (!iterate(design))
            return false;
        measure(design, fit);
    }
    if (!options->omega_dispersion)
        fit->spread = fit->phi;
    return true;
}

/* --- the data ------------------------------------------------------------------ */

/* a) Level of period t, 1..levels; 0 = not used. */
static int level_of(long at, long t, const struct farrington_options *o)
{
    long f = o->frequency, w = o->window, gap = f - 2 * w - 1, into, length, longer;
    long back = (at - t + w) / f; /* windows whose span could hold t */

    if (at - t < 0)
        return 0;
    if (labs(at - back * f - t) <= w)
        return o->levels;
    if (o->levels == 1)
        return 0;
    /* t lies after the window around at - (back + 1) f. */
    into = t - (at - (back + 1) * f) - w - 1;
    length = gap / (o->levels - 1);
    longer = gap % (o->levels - 1);
    if (into < longer * (length + 1))
        return (int)(into / (length + 1)) + 1;
    return (int)(longer + (into - longer * (length + 1)) / length) + 1;
}

static void fill_row(double *x, double time, int level, const int *column, bool trend)
{
    x[0] = 1;
    if (trend)
        x[1] = time;
    if (column[level] > 0)
        x[column[level]] = 1;
}

/* Columns of the levels that occur; the last level is the base. */
static size_t number_levels(const int *levels, size_t count, int last, int *column,
                            size_t next)
{
    for (size_t i = 0; i < count; i++)
        if (levels[i] > 0 && levels[i] < last && column[levels[i]] == 0
            && next < MOST_TERMS)
            column[levels[i]] = (int)next++;
    return next;
}

static void build(const double *y, size_t at, const struct farrington_options *o,
                  bool trend, struct arena *memory, struct design *out)
{
    long first = (long)at - (long)o->frequency * o->years - o->window;
    long last = (long)at - o->past_left_out - 1;
    size_t room =
        last >= first && last >= 0 ? (size_t)(last - (first < 0 ? 0 : first)) + 1 : 0;
    int *levels = arena_alloc(memory, (room + 1) * sizeof *levels);
    int column[MOST_TERMS] = { 0 };
    double *kept = arena_alloc(memory, (room + 1) * sizeof *kept);

    *out = (struct design){ .y = kept };
    first = first < 0 ? 0 : first;
    for (size_t i = 0; i < room; i++)
        levels[i] = level_of((long)at, first + (long)i, o);
    out->terms = number_levels(levels, room, o->levels, column, trend ? 2 : 1);
    out->x = arena_alloc(memory, (room + 1) * out->terms * sizeof *out->x);
    for (size_t i = 0; i < room; i++) {
        if (levels[i] == 0)
            continue;
        kept[out->rows] = y[(size_t)first + i];
        fill_row(out->x + out->rows++ * out->terms,
                 ((double)first + (double)i - (double)at) / o->frequency, levels[i],
                 column, trend);
    }
    fill_row(out->at, 0, o->levels, column, trend);
    out->mu = arena_alloc(memory, (room + 1) * sizeof *out->mu);
    out->weight = arena_alloc(memory, (room + 1) * sizeof *out->weight);
    out->hat = arena_alloc(memory, (room + 1) * sizeof *out->hat);
    out->information =
        arena_alloc(memory, out->terms * out->terms * sizeof *out->information);
}

/* --- what follows from it --------------------------------------------------------- */

static double error_of(const struct design *design, const struct fit *fit,
                       const double *x)
{
    double half[MOST_TERMS];

    return sqrt(fit->spread * forward(design->information, design->terms, x, half));
}

/* e) The trend stays with three years, when it shows, and does not run away. */
static bool trend_stays(const struct design *design, const struct fit *fit,
                        const struct farrington_options *options)
{
    double unit[MOST_TERMS] = { 0 }, error, p, most = 0;

    unit[1] = 1;
    error = error_of(design, fit, unit);
    p = 2 * pt(-fabs(design->beta[1] / error), fit->df, 1, 0);
    for (size_t i = 0; i < design->rows; i++)
        most = fmax(most, design->y[i]);
    return options->years >= 3 && p < options->trend_p
           && exp(dot(design->at, design->beta, design->terms)) <= most;
}

/* f) and the p value, for the count y. */
static void bound(const struct design *design, const struct fit *fit,
                  const struct farrington_options *options, double y,
                  struct farrington *out)
{
    double eta = dot(design->at, design->beta, design->terms);
    double error = error_of(design, fit, design->at);
    double z = qnorm(1 - options->alpha, 0, 1, 1, 0), mu = exp(eta), size;

    out->expected = out->mu0 = mu;
    if (options->bound == FARRINGTON_DELTA) {
        double sd = sqrt(4.0 / 9 * cbrt(mu) * (fit->phi + mu * error * error));
        double centre = pow(mu, 2.0 / 3);

        out->bound = pow(centre + z * sd, 1.5);
        out->p = pnorm(pow(y, 2.0 / 3), centre, sd, 0, 0);
        return;
    }
    if (options->bound == FARRINGTON_MUAN)
        mu = out->mu0 = exp(eta + z * error);
    size = mu / (fit->phi - 1);
    if (fit->phi > 1) {
        out->bound = qnbinom(1 - options->alpha, size, 1 / fit->phi, 1, 0);
        out->p = pnbinom(y - 1, size, 1 / fit->phi, 0, 0);
    } else {
        out->bound = qpois(1 - options->alpha, mu, 1, 0);
        out->p = ppois(y - 1, mu, 0, 0);
    }
}

struct farrington_options farrington_monthly(int years)
{
    return (struct farrington_options){ .frequency = 12,
                                        .years = years,
                                        .window = 1,
                                        .levels = 4,
                                        .past_left_out = 6,
                                        .weight_limit = 2.58,
                                        .trend_p = 1,
                                        .alpha = 0.005,
                                        .bound = FARRINGTON_NB,
                                        .least_cases = 5,
                                        .least_periods = 4,
                                        .reweight = true,
                                        .trend = true };
}

struct farrington farrington_at(const double *y, size_t at,
                                const struct farrington_options *options,
                                struct arena *memory)
{
    struct farrington out = { NAN, NAN,   NAN,   NAN,
                              NAN, false, false, ANSWER_NOT_IDENTIFIED };
    struct design design;
    struct fit fit;
    double recent = 0;

    if (options->levels < 1 || options->levels >= MOST_TERMS - 2
        || options->frequency < 2 * options->window + 1 + options->levels
        || (double)at < (double)options->frequency * options->years)
        return out;
    out.trend = options->trend;
    build(y, at, options, out.trend, memory, &design);
    if (!fit_model(&design, options, &fit))
        return out;
    if (out.trend && !trend_stays(&design, &fit, options)) {
        out.trend = false;
        build(y, at, options, false, memory, &design);
        if (!fit_model(&design, options, &fit))
            return out;
    }
    out.answer = ANSWER_OK;
    out.phi = fit.phi;
    bound(&design, &fit, options, y[at], &out);
    for (size_t i = 0; i < (size_t)options->least_periods && i <= at; i++)
        recent += y[at - i];
    if (recent < options->least_cases)
        out.expected = out.bound = NAN;
    out.alarm = y[at] > 0 && y[at] > out.bound;
    return out;
}

struct estimate ears_at(const double *y, size_t at, size_t baseline, size_t gap,
                        double alpha, double least_sigma)
{
    struct estimate out = estimate_none(ANSWER_NO_DATA);
    const double *from;
    double mean, spread = 0;

    if (at < baseline + gap || baseline < 2)
        return out;
    from = y + at - gap - baseline;
    mean = stats_sum(from, baseline) / (double)baseline;
    for (size_t i = 0; i < baseline; i++)
        spread += (from[i] - mean) * (from[i] - mean);
    out.value = mean;
    out.error = fmax(least_sigma, sqrt(spread / (double)(baseline - 1)));
    out.high = mean + qnorm(1 - alpha, 0, 1, 1, 0) * out.error;
    out.answer = ANSWER_OK;
    return out;
}

double interval_score(double y, double low, double high, double alpha)
{
    return high - low + 2 / alpha * fmax(0, low - y) + 2 / alpha * fmax(0, y - high);
}
