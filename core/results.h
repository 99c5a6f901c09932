/*
 * results.h - what the passes found: figures with what they rest on.
 *
 * Every figure carries numerator, denominator, n, interval and answer state; a
 * figure whose answer is not ANSWER_OK has no value and prints as words or a
 * mark.  Results belong to one arena.  Order never depends on the order of
 * files: results_sort() orders by (metric, part, dimension, key bytes, month).
 */
#ifndef HY_RESULTS_H
#define HY_RESULTS_H

#include <stdbool.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct facts;
struct metrics;
struct words;

enum answer {
    ANSWER_OK,
    ANSWER_NO_DATA,
    ANSWER_NOT_REACHED,
    ANSWER_NOT_IDENTIFIED,
    ANSWER_SMALL_N,
    ANSWER_SUPPRESSED
};

enum dimension {
    DIM_TOTAL,
    DIM_NATURE,
    DIM_CHANNEL,
    DIM_DEPARTMENT,
    DIM_CATEGORY,
    DIM_BUILDING,
    DIM_GRID,
    DIM_URGENCY,
    DIM_CLERK,
    DIM_ASSET,
    DIM_HOUR,
    DIM_MONTH,
    DIM_AGE,
    DIM_COUNT
};

struct base {
    double value, low, high;        /* NaN = not given; hours for durations,
                                       shares as fractions of 1 */
    int64_t numerator, denominator; /* -1 = not given */
    int64_t n;
    enum answer answer;
};

struct figure {
    uint16_t metric, part; /* index in the dictionary; part 0 = none */
    uint8_t dimension[2];  /* enum dimension; [1] DIM_TOTAL if unused */
    uint32_t key[2];       /* code, word id, hour (weekday*24+hour),
                              age band 0..5; 0 = not filled in */
    int32_t month;         /* year * 12 + month - 1, period's last */
    struct base base;
};

enum curve_kind { CURVE_SURVIVAL, CURVE_CONTROL, CURVE_MCF };

struct curve {
    uint16_t metric;
    uint8_t dimension;
    uint32_t key;
    enum curve_kind kind;
    int32_t month;
    size_t count;
    const double *x, *y, *low, *high; /* survival: x hours, y share done, known
                                         to the last x, no limits (NULL);
                                         control: x month, y value, limits */
    const double *centre, *n;         /* control only, else NULL */
    const uint8_t *mark;              /* control: 1 = beyond normal variation */
};

enum value_kind {
    VALUE_NONE,
    VALUE_TEXT,
    VALUE_COUNT,
    VALUE_NUMBER,
    VALUE_SHARE,
    VALUE_HOURS,
    VALUE_TIME,
    VALUE_DAY,
    VALUE_FIGURE,
    VALUE_WORDS /* text is a phrase of core/wording.h */
};

struct value { /* one cell of a listing or a table */
    enum value_kind kind;
    const char *text; /* words; also the printed form */
    double number;    /* count, share (fraction), hours; a time
                         as civil seconds */
};

struct listing {      /* hard cases, statements ...: no free
                         text of owners, no names */
    const char *name; /* "DIF-01", "statement" */
    uint16_t metric;
    size_t columns, rows;
    const struct value *cells; /* rows * columns */
    const char *const *titles; /* columns: words, or keys of the wording */
    bool internal;             /* for management alone, whoever may see the metric */
};

enum verdict {
    VERDICT_NONE,
    VERDICT_BETTER,
    VERDICT_WORSE,
    VERDICT_MORE,
    VERDICT_FEWER,
    VERDICT_SAME,
    VERDICT_SMALL,
    VERDICT_BARRED
};
enum against { AGAINST_PREVIOUS, AGAINST_YEAR };

struct finding { /* what may be said of a change */
    uint16_t metric, part;
    uint8_t dimension;
    uint32_t key;
    enum against against;
    enum verdict verdict;
    struct base now, then;
    double change, low, high; /* now - then with its interval (fraction,
                                 hours; counts: per day); NaN = none */
    int32_t trend;            /* months in a row the series moved one way, when that
                                 is no chance: +7 up, -7 down; else 0 */
    const char *reason;       /* phrase when barred, else NULL */
    uint32_t mainly; /* of a total: the subject (DIM_CATEGORY) without which the
                        rest shows no clear change; 0 = none, or not told */
};

enum assurance {
    ASSURANCE_NONE,
    ASSURANCE_PASS,
    ASSURANCE_FAIL,
    ASSURANCE_HIT_OR_MISS
};

struct results {
    struct arena *memory;
    const struct metrics *metrics;
    const bool *only; /* metrics asked for, by index; figures of others are not kept.
                         NULL: all are */
    const struct words *words;   /* of the facts they were made from */
    int32_t month;               /* the month reported */
    int64_t from, until, cutoff; /* seconds, half-open; of that month */
    size_t figure_count, curve_count, listing_count, finding_count;
    struct figure *figures; /* sorted after results_sort() */
    struct curve *curves;
    struct listing *listings;
    struct finding *findings;
    size_t figure_room, curve_room, listing_room, finding_room;
};

struct results *results_new(struct arena *memory, const struct metrics *metrics,
                            const struct words *words);
/* Room for so many figures in all: untouched room costs nothing, growing copies. */
void results_reserve(struct results *results, size_t figures);
void results_add(struct results *results, const struct figure *figure);
void results_add_curve(struct results *results, const struct curve *curve);
void results_add_listing(struct results *results, const struct listing *listing);
void results_add_finding(struct results *results, const struct finding *finding);
/* Adds all that is in found, whose memory must last as long as results. */
void results_join(struct results *results, const struct results *found);
void results_sort(struct results *results);

/* The order of sorted figures: below 0, 0 (same place, whatever the base says), above.
 */
int results_order(const struct results *results, const struct figure *a,
                  const struct figure *b);

/* NULL when there is none: an answer, not an error.  Sorted results only. */
const struct figure *results_find(const struct results *results, uint16_t metric,
                                  uint16_t part, enum dimension dimension, uint32_t key,
                                  int32_t month);
/* All figures of a metric's part, every dimension and month; *count may be 0.  Sorted
 * results only. */
const struct figure *results_part(const struct results *results, uint16_t metric,
                                  uint16_t part, size_t *count);
const struct finding *results_finding(const struct results *results, uint16_t metric,
                                      uint16_t part, enum dimension dimension,
                                      uint32_t key, enum against against);
const struct listing *results_listing(const struct results *results, const char *name);
const struct curve *results_curve(const struct results *results, uint16_t metric,
                                  enum curve_kind kind, enum dimension dimension,
                                  uint32_t key, int32_t month);

/* `key` column of `show`: "-" total, "?" not filled in, canonical English id of
 * a closed vocabulary, else the word itself.  Ages are "00-03" .. "91+" days, hours
 * "1-mon-09", months "2026-10": they sort by bytes as they sort by time. */
const char *results_key(const struct results *results, enum dimension dimension,
                        uint32_t key, struct arena *memory);
const char *dimension_name(enum dimension dimension);           /* "department" */
int dimension_find(const char *name);                           /* -1 = no such */
const char *code_name(enum dimension dimension, uint32_t code); /* "repair" */
const char *answer_name(enum answer answer); /* "OK", "NO_DATA" ... */

/* Figures with everything empty, a count, a share k/n with no interval. */
struct base base_none(enum answer answer);
struct base base_count(int64_t count);
struct base base_share(int64_t numerator, int64_t denominator);

#endif
