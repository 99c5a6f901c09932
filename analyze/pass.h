/*
 * pass.h - one question asked of the facts.
 *
 * To add one: pass_NAME.c that ends with a const struct pass, and one row in
 * passes.c.  A pass sees columns and a calendar; never a file, SQL or a page.
 * Its figures are a pure function of facts and context; row order of the facts
 * never changes a digit (sort or Kahan before summing).  Passes run beside each
 * other: one that looks at the figures of another names it in `after`.
 */
#ifndef HY_PASS_H
#define HY_PASS_H

#include "core/facts.h"
#include "core/metrics.h"
#include "core/results.h"
#include "core/settings.h"

struct period {
    int32_t month;               /* year * 12 + month - 1; of a pool, the last one */
    int64_t from, until, cutoff; /* seconds; [from, until); all at or after the
                                    cut-off is blanked */
};

struct context {
    const struct settings *settings;
    const struct metrics *metrics;
    const struct period *periods; /* oldest first; the last is the month asked */
    size_t count;
    const struct lifecycles *lives; /* analyze/lifecycle.h: one per period */
    struct same_shared *same;       /* analyze/samekey.h; NULL: every pass for itself */
};

struct pass {
    const char *name, *summary;
    uint64_t needs; /* enum needs of core/store.h */
    const char
        *gives; /* families or metrics of its figures, "INT REC-05"; NULL = any */
    enum status (*run)(const struct facts *facts, const struct context *context,
                       struct results *results, struct error *err);
    const struct pass *after; /* its figures are there; NULL = of none */
};

const struct pass *const *passes_all(size_t *count);

/* Runs every pass once over the facts, then the verdicts; results are sorted.
 * first..last: months pooled into one period when first < last; series is how
 * many months before are computed too (0 = only the period). */
enum status analyze(const struct facts *facts, const struct settings *settings,
                    const struct metrics *metrics, int32_t first, int32_t last,
                    int series, int64_t cutoff_override, struct arena *memory,
                    struct results **out, struct error *err);
/* The same for the metrics marked in only (by index in the dictionary) and nothing
 * else: their figures are those of analyze(), sooner; no verdicts.  NULL: all.  To hide
 * what must be hidden from an audience takes all figures. */
enum status analyze_only(const struct facts *facts, const struct settings *settings,
                         const struct metrics *metrics, int32_t first, int32_t last,
                         int series, int64_t cutoff_override, const bool *only,
                         struct arena *memory, struct results **out, struct error *err);
uint64_t analyze_needs(void);

struct published; /* core/store.h */

/* The only way to a report: keeps what the audience may see, suppresses small
 * cells; the view lives in memory.  What the committee is not shown the public is not
 * either.  earlier: what each audience once found hidden, by enum audience (NULL =
 * nothing was published); it stays hidden in every later report, and so does
 * a period that takes in such a month (METHODS 8.4). */
enum status disclose(const struct results *results, enum audience audience,
                     const struct settings *settings, const struct published *earlier,
                     struct arena *memory, struct results **view, struct error *err);

/* Identities that must hold (flow on every split, splits add up).  HY_DATA with
 * the first that is broken. */
enum status analyze_check(const struct results *results, struct error *err);

#endif
