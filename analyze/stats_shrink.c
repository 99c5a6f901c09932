/* stats_shrink.c - worst-asset lists that small exposures cannot top (METHODS 2.4). */
#include <math.h>
#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "analyze/stats_recur.h"

enum { NEWTON_STEPS = 500, LEAST_UNITS = 5 };

struct sample {
    const double *y, *exposure;
    size_t count;
};

static double log_likelihood(const struct sample *s, double a, double b)
{
    double sum = 0, lost = 0;

    for (size_t i = 0; i < s->count; i++) {
        double y = s->y[i], e = s->exposure[i];
        double term = lgammafn(a + y) - lgammafn(a) - lgammafn(y + 1)
                      + a * log(b / (b + e)) + (y > 0 ? y * log(e / (b + e)) : 0);
        double next = sum + (term - lost);

        lost = (next - sum) - (term - lost);
        sum = next;
    }
    return sum;
}

struct slope { /* gradient and Hessian in (log a, log m), m = a / b */
    double gu, gv, uu, uv, vv;
};

static struct slope slope_at(const struct sample *s, double a, double b)
{
    double ga = 0, gb = 0, aa = 0, ab = 0, bb = 0;

    for (size_t i = 0; i < s->count; i++) {
        double y = s->y[i], e = s->exposure[i], be = b + e;

        ga += digamma(a + y) - digamma(a) - log1p(e / b);
        gb += a / b - (a + y) / be;
        aa += trigamma(a + y) - trigamma(a);
        ab += 1 / b - 1 / be;
        bb += -a / (b * b) + (a + y) / (be * be);
    }
    return (struct slope){ .gu = a * ga + b * gb,
                           .gv = -b * gb,
                           .uu = a * ga + a * a * aa + 2 * a * b * ab + b * gb
                                 + b * b * bb,
                           .uv = -(b * gb + a * b * ab + b * b * bb),
                           .vv = b * gb + b * b * bb };
}

/* Newton's step uphill; where the surface is not a hill, along the gradient. */
static void step_of(const struct slope *at, double *du, double *dv)
{
    double determinant = at->uu * at->vv - at->uv * at->uv, length;

    if (at->uu < 0 && determinant > 0) {
        *du = -(at->vv * at->gu - at->uv * at->gv) / determinant;
        *dv = -(at->uu * at->gv - at->uv * at->gu) / determinant;
    } else {
        *du = at->gu;
        *dv = at->gv;
    }
    length = hypot(*du, *dv);
    if (length > 2) {
        *du *= 2 / length;
        *dv *= 2 / length;
    }
}

static bool climb(const struct sample *s, double a_most, double *a, double *b)
{
    double u = 0, v = log(*a / *b), best = log_likelihood(s, *a, *b);

    for (int i = 0; i < NEWTON_STEPS; i++) {
        struct slope at = slope_at(s, exp(u), exp(u - v));
        double du, dv, next = best;

        step_of(&at, &du, &dv);
        for (int half = 0; half < 40; half++, du /= 2, dv /= 2) {
            next = log_likelihood(s, exp(u + du), exp(u + du - v - dv));
            if (next >= best - 1e-12 * fabs(best))
                break;
        }
        u += du;
        v += dv;
        best = next;
        *a = exp(u);
        *b = exp(u - v);
        if (*a > a_most || hypot(du, dv) < 1e-12)
            return true;
    }
    return hypot(*a, *b) < INFINITY;
}

static void pooled_only(const struct sample *s, struct shrinkage *out)
{
    out->heterogeneous = false;
    out->a = out->b = INFINITY;
    out->log_likelihood = 0;
    for (size_t i = 0; i < s->count; i++)
        out->log_likelihood += dpois(s->y[i], out->pooled * s->exposure[i], 1);
}

struct shrinkage shrinkage_fit(const double *y, const double *exposure, size_t count,
                               double a_most)
{
    struct sample sample = { y, exposure, count };
    struct shrinkage out = { .answer = ANSWER_NO_DATA };
    double excess = 0, time = stats_sum(exposure, count);

    if (!(time > 0)) {
        out.pooled = out.a = out.b = out.log_likelihood = NAN;
        return out;
    }
    out.pooled = stats_sum(y, count) / time;
    out.answer = count < LEAST_UNITS ? ANSWER_SMALL_N : ANSWER_OK;
    for (size_t i = 0; i < count; i++) {
        double off = y[i] - out.pooled * exposure[i];

        excess += off * off - y[i];
    }
    if (excess <= 0 || !(out.pooled > 0)) {
        pooled_only(&sample, &out);
        return out;
    }
    out.a = 1;
    out.b = 1 / out.pooled;
    if (!climb(&sample, a_most, &out.a, &out.b))
        out.answer = ANSWER_NOT_IDENTIFIED;
    if (out.a > a_most) {
        pooled_only(&sample, &out);
        return out;
    }
    out.heterogeneous = true;
    out.log_likelihood = log_likelihood(&sample, out.a, out.b);
    return out;
}

struct posterior shrinkage_unit(const struct shrinkage *fit, double y, double exposure,
                                double factor)
{
    struct posterior out = { .raw = exposure > 0 ? y / exposure : NAN };
    double shape = fit->a + y, rate = fit->b + exposure;

    if (!fit->heterogeneous) {
        out.mean = out.p05 = out.p50 = out.p95 = fit->pooled;
        return out;
    }
    out.mean = shape / rate;
    out.error = sqrt(shape) / rate;
    out.p05 = qgamma(0.05, shape, 1 / rate, 1, 0);
    out.p50 = qgamma(0.5, shape, 1 / rate, 1, 0);
    out.p95 = qgamma(0.95, shape, 1 / rate, 1, 0);
    out.above = pgamma(factor * fit->pooled, shape, 1 / rate, 0, 0);
    return out;
}

void shrinkage_moment(const double *y, const double *exposure, size_t count,
                      double *shrink, double *value)
{
    double events = 0, time = 0, spread = 0, m, between;
    size_t units = 0;

    for (size_t i = 0; i < count; i++)
        if (exposure[i] > 0) {
            events += y[i];
            time += exposure[i];
            units++;
        }
    m = events / time;
    for (size_t i = 0; i < count; i++)
        if (exposure[i] > 0) {
            double off = y[i] / exposure[i] - m;

            spread += exposure[i] * off * off;
        }
    between = fmax(0, spread / time - m / (time / (double)units));
    for (size_t i = 0; i < count; i++) {
        shrink[i] =
            exposure[i] > 0 && between > 0 ? between / (between + m / exposure[i]) : 0;
        value[i] = m + (exposure[i] > 0 ? shrink[i] * (y[i] / exposure[i] - m) : 0);
    }
}
