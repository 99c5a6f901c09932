/* stats_queue.h - staffing of a hotline: Erlang C and A (METHODS 7). */
#ifndef HY_STATS_QUEUE_H
#define HY_STATS_QUEUE_H

/* lambda calls and mu served per agent per unit of time, n agents (0 = none, no
 * waiting line ever empties), within: the waiting time asked about. */
struct queue_patient {    /* nobody hangs up */
    double offered, lost; /* Erlangs; Erlang B */
    double wait_share, wait_mean, served_within, line;
};
struct queue_patient queue_erlang_c(double lambda, double mu, int n, double within);

struct queue_leaving { /* patience exponential with rate theta > 0 */
    double wait_share, leave_share, wait_mean, line;
    double waits_longer; /* P(virtual wait > within) */
};
struct queue_leaving queue_erlang_a(double lambda, double mu, int n, double theta,
                                    double within);

#endif
