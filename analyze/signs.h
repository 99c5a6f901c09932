/*
 * signs.h - what the checks for unusual figures share (DOMAIN 6.2, ANO-01 to ANO-14).
 *
 * A check adds one sign for every comparison it makes, whether it found anything or
 * not: false discoveries are held down over all of them together (pass_signs.c).  A
 * sign without p is a fact that needs no test ("completed before it was received").
 * Nothing here accuses: each sign is printed beside its innocent causes.
 */
#ifndef HY_SIGNS_H
#define HY_SIGNS_H

#include "analyze/samekey.h"
#include "analyze/tally.h"

enum sign_id {
    SIGN_NONE,
    SIGN_MONTH_END,
    SIGN_DEADLINE,
    SIGN_SECONDS,
    SIGN_FIVES,
    SIGN_CHOSEN,
    SIGN_TIMES,
    SIGN_VANISHED,
    SIGN_MOVED,
    SIGN_SPLIT,
    SIGN_SOFTER,
    SIGN_PAUSED,
    SIGN_CALLS,
    SIGN_ANEW,
    SIGN_FIGURES,
    SIGN_COUNT
};

/* DOMAIN 6.2: run on at least 20 events. */
enum { SIGN_LEAST = 20 };

struct sign {
    uint8_t id;        /* enum sign_id */
    const char *found; /* phrase: what was seen */
    double p;          /* of chance alone; NaN = no test */
    double level;      /* p must be below it */
    int64_t cases;     /* -1 = not a number of tickets */
    bool beyond;       /* past the threshold of its own */
    bool flagged;      /* ... and not by chance */
    size_t first_case; /* its tickets in signs.cases, up to the next sign's */
};

struct signs {
    const struct lifecycles *lives;
    const struct context *context;
    const struct same_keys *places;
    struct sink *sink;
    struct arena *memory; /* scratch */
    struct arena *kept;   /* of the results: phrases */
    struct sign *items;
    size_t count, room;
    uint32_t *cases;
    size_t case_count, case_room;
    int64_t looked[SIGN_COUNT]; /* events looked at; 0 = none collected */
};

/* Begins a sign; the tickets that follow belong to it. */
struct sign *sign_add(struct signs *signs, enum sign_id id);
void sign_case(struct signs *signs, uint32_t ticket);
/* Fills p, level, beyond, cases and what was found. */
void sign_tested(struct sign *sign, double p, double level, bool beyond, int64_t cases,
                 const char *found);
/* A fact: flagged as soon as there is one case. */
void sign_fact(struct sign *sign, int64_t cases, const char *found);

/* P(X >= k) and P(X <= k) of k among n at a share. */
double chance_more(int64_t k, int64_t n, double share);
double chance_less(int64_t k, int64_t n, double share);
/* One-sided p of k1/n1 above k2/n2: of the k1 + k2 so many among the first n1. */
double chance_above(int64_t k1, int64_t n1, int64_t k2, int64_t n2);
double ratio_of(int64_t k, int64_t n); /* NaN for 0/0 */

const char *say_times(struct signs *signs, int64_t count); /* "1,234" */
const char *say_share(struct signs *signs, int64_t k, int64_t n);
const char *say_word(const struct signs *signs, uint32_t word);

/* signs_done.c: ANO-01, 02, 06, 13 */
void sign_month_end(struct signs *signs);
void sign_deadline(struct signs *signs);
void sign_times(struct signs *signs);
void sign_anew(struct signs *signs);
/* signs_asked.c: ANO-03, 04, 05 */
void sign_seconds(struct signs *signs);
void sign_fives(struct signs *signs);
void sign_chosen(struct signs *signs);
/* signs_record.c: ANO-07 to ANO-10 */
void sign_vanished(struct signs *signs);
void sign_moved(struct signs *signs);
void sign_split(struct signs *signs);
void sign_softer(struct signs *signs);
/* A complaint that became a suggestion or an enquiry. */
bool made_softer(const struct tickets *tickets, uint32_t ticket);
/* signs_clock.c: ANO-11, 12, 14 */
void sign_paused(struct signs *signs);
void sign_calls(struct signs *signs);
void sign_figures(struct signs *signs);
/* pass_hotline.c: a ticket came of the call within half an hour. */
bool call_ticketed(const struct facts *facts, size_t call);

#endif
