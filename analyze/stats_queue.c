/* stats_queue.c - waiting on the line, by birth and death (METHODS 7). */
#include "analyze/stats_queue.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"

enum { MOST_STATES = 200000, MOST_STEPS = 2000000 };

struct queue_patient queue_erlang_c(double lambda, double mu, int n, double within)
{
    struct queue_patient out = { .offered = lambda / mu, .lost = 1 };
    double a = out.offered, spare = n * mu - lambda;

    for (int k = 1; k <= n; k++)
        out.lost = a * out.lost / (k + a * out.lost);
    if (!(lambda > 0)) {
        out.lost = n > 0 ? 0 : 1;
        out.served_within = 1;
        return out;
    }
    if (!(spare > 0)) { /* the line grows without limit */
        out.wait_share = 1;
        out.wait_mean = out.line = INFINITY;
        return out;
    }
    out.wait_share = out.lost / (1 - a / n * (1 - out.lost));
    out.wait_mean = out.wait_share / spare;
    out.served_within = 1 - out.wait_share * exp(-spare * within);
    out.line = out.wait_share * a / (n - a);
    return out;
}

/* P(sum of the waiting stages > within) for a caller who finds k waiting, weighted
 * by start[k]: k + 1 stages with rates n mu + i theta, i = k..0, by uniformisation.
 * `now[k]` is the mass that still has stages k..0 before it. */
static double longer_than(const double *start, size_t states, double base, double theta,
                          double within, struct arena *memory)
{
    double rate = base + theta * (double)(states - 1), mean = rate * within;
    double *now = arena_alloc(memory, states * sizeof *now);
    double total = 0, log_weight = -mean, reached = 0;

    for (size_t k = 0; k < states; k++)
        now[k] = start[k];
    for (int step = 0; step < MOST_STEPS; step++) {
        double alive = 0, weight = exp(log_weight);

        for (size_t k = states; k-- > 0;)
            alive += now[k];
        total += weight * alive;
        reached += weight;
        if (alive <= 0 || (step > mean && 1 - reached < 1e-15))
            break;
        if (step > mean && weight < 1e-18)
            break;
        for (size_t k = 0; k < states; k++) {
            double leave = (base + theta * (double)k) / rate;

            now[k] *= 1 - leave;
            if (k + 1 < states)
                now[k] += now[k + 1] * (base + theta * (double)(k + 1)) / rate;
        }
        log_weight += log(mean) - log(step + 1);
    }
    return total;
}

/* Waiting states from n on, as logs relative to state 0; how many matter. */
static size_t birth_death(double lambda, double mu, int n, double theta, double *logs)
{
    double most = 0, value = 0;
    size_t count = 1;

    logs[0] = 0;
    for (size_t j = 1; j < MOST_STATES; j++, count++) {
        double busy = j < (size_t)n ? (double)j : (double)n;
        double leave =
            busy * mu + (j > (size_t)n ? (double)(j - (size_t)n) * theta : 0);

        value += log(lambda) - log(leave);
        logs[j] = value;
        most = fmax(most, value);
        if (j > (size_t)n && leave > lambda && value < most - 60)
            return count + 1;
    }
    return count;
}

struct queue_leaving queue_erlang_a(double lambda, double mu, int n, double theta,
                                    double within)
{
    struct queue_leaving out = { 0 };
    struct arena *memory;
    double *logs, most = 0, total = 0;
    size_t states;

    if (!(lambda > 0) || n < 0)
        return out;
    memory = arena_new();
    logs = arena_alloc(memory, MOST_STATES * sizeof *logs);
    states = birth_death(lambda, mu, n, theta, logs);
    for (size_t j = 0; j < states; j++)
        most = fmax(most, logs[j]);
    for (size_t j = states; j-- > 0;) { /* smallest first */
        logs[j] = exp(logs[j] - most);
        total += logs[j];
    }
    for (size_t j = states; j-- > (size_t)n;) {
        logs[j] /= total;
        out.wait_share += logs[j];
        out.line += logs[j] * (double)(j - (size_t)n);
    }
    out.leave_share = theta * out.line / lambda;
    out.wait_mean = out.line / lambda;
    out.waits_longer = out.wait_share;
    if (within > 0 && states > (size_t)n)
        out.waits_longer =
            longer_than(logs + n, states - (size_t)n, n * mu, theta, within, memory);
    arena_free(memory);
    return out;
}
