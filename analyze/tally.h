/*
 * tally.h - what passes share: the splits, counters by split, and the way of a
 * figure into the results.
 *
 * A split gives every ticket one key, 0 being "not filled in"; keys of a split
 * are numbered densely from 0 (`index`).  A sink knows the period; it emits a
 * figure for the total and for every key that had work in the period, in the
 * splits the dictionary allows.
 */
#ifndef HY_TALLY_H
#define HY_TALLY_H

#include "analyze/cases.h"
#include "analyze/lifecycle.h"

struct split {
    enum dimension dimension;
    const uint8_t *code; /* one of the two, or neither (total) */
    const uint32_t *word;
    uint32_t base; /* lowest word id of the column */
    size_t size;   /* keys incl. 0 */
};

struct splits {
    struct split items[SPLIT_COUNT]; /* [0] = total */
    struct case_log *cases;          /* NULL: nobody asks for ticket numbers */
};

void splits_build(const struct facts *facts, struct splits *splits);
size_t split_index(const struct split *split, uint32_t ticket);
uint32_t split_key(const struct split *split, size_t index);
/* Which keys had a ticket received, open or due in the period. */
void presence_build(const struct splits *splits, struct arena *memory,
                    struct lifecycles *lives);

/* A cell of a listing: the word of a ticket in a column of word ids; a dash where there
 * is no column, no word, or nothing is filled in. */
struct value word_cell(const struct facts *facts, const uint32_t *column,
                       uint32_t ticket);

struct sink {
    struct results *results;
    const struct metrics *metrics;
    const struct lifecycles *lives;
    const struct splits *splits;
    struct arena *scratch; /* reset by whoever fills it, period by period */
    const void *extra;     /* what an emit function of the pass needs */
    const char *unknown;   /* an id that is not in the dictionary, or NULL */
    bool empty;            /* every answer is NO_DATA; preset from lives */
};

void sink_open(struct sink *sink, const struct context *context, size_t period,
               struct results *results, struct arena *scratch);
enum status sink_status(const struct sink *sink, const char *pass, struct error *err);
/* One figure at the total / at any key; "INT-14" or "INT-14.merged".  Where the sink
 * is silent every answer turns into NO_DATA. */
void sink_total(struct sink *sink, const char *name, struct base base);
void sink_key(struct sink *sink, const char *name, enum dimension dimension,
              uint32_t key, struct base base);
/* Whether nothing may be said of a metric: the period is outside the data, or it needs
 * what no file tells. */
bool sink_silent(const struct sink *sink, const char *name);
/* Whether anybody asked for the metric: if not, to reckon its figures is vain. */
bool sink_asked(const struct sink *sink, const char *name);
bool sink_allows(const struct sink *sink, const char *name, enum dimension dimension);

/* --- counters -------------------------------------------------------------- */
struct moved {
    uint32_t ticket, counter;
};

struct tally {
    const struct splits *splits;
    size_t width; /* counters per key */
    int64_t *cells[SPLIT_COUNT];
    uint32_t last; /* 1 + the ticket last added; its counters in each split */
    int64_t *of_last[SPLIT_COUNT];
    struct moved *moved; /* only while splits->cases is set */
    size_t moved_count, moved_room;
    struct arena *memory;
};

void tally_open(struct tally *tally, const struct splits *splits, size_t width,
                struct arena *memory);
void tally_add(struct tally *tally, uint32_t ticket, size_t counter, int64_t amount);
int64_t tally_get(const struct tally *tally, size_t split, size_t index,
                  size_t counter);
void tally_count(const struct tally *tally, struct sink *sink, const char *name,
                 size_t counter);
/* What counters stand behind a figure that is made otherwise; and a single ticket. */
void tally_cases(const struct tally *tally, const struct sink *sink, const char *name,
                 size_t numerator, size_t denominator, bool share);
void sink_case(const struct sink *sink, const char *name, uint32_t ticket);
/* Share with Wilson's limits; below 5 cases no percentage is given. */
void tally_share(const struct tally *tally, struct sink *sink, const char *name,
                 size_t numerator, size_t denominator);
/* The same of the total alone: a guard nobody asks for by split. */
void tally_share_total(const struct tally *tally, struct sink *sink, const char *name,
                       size_t numerator, size_t denominator);
struct base base_wilson(int64_t numerator, int64_t denominator);

/* --- values of tickets, by split -------------------------------------------- */
struct sample {
    double value;
    uint32_t ticket;
    uint8_t state; /* what the pass means by it */
};

struct samples {
    struct arena *memory;
    struct sample *items;
    size_t count, room;
};

void samples_add(struct samples *samples, uint32_t ticket, double value, uint8_t state);

struct group {
    const struct split *split;
    uint32_t key;
    const struct sample *items; /* ascending by value, then state, then ticket */
    size_t count;
};

/* Calls emit for the total and each key present, in the splits where `name` is
 * allowed.  Sorts the samples. */
void samples_each(struct samples *samples, struct sink *sink, const char *name,
                  void (*emit)(struct sink *sink, const struct group *group));
/* The group's values whose state is in the mask (bit per state). */
double *group_values(const struct group *group, unsigned states, struct arena *memory,
                     size_t *count);
void sink_group(struct sink *sink, const struct group *group, const char *name,
                struct base base);
/* base of type-7 quantile of sorted values, NO_DATA for none. */
struct base base_quantile(const double *sorted, size_t count, double share);
struct base base_mean(const double *values, size_t count);

#endif
