/*
 * stats_text.h - how alike two reports are (METHODS 2.6): sets of character pairs.
 *
 * Suggests, never merges: J >= 0.5, or containment >= 0.7 with at least 4 pairs.
 */
#ifndef HY_STATS_TEXT_H
#define HY_STATS_TEXT_H

#include "analyze/stats.h"
#include "core/text.h"

/* NFKC, lower case, letters and numbers only. */
struct text similar_normalise(struct text text, struct arena *memory);

struct grams { /* distinct, ascending: first code point << 32 | second */
    size_t count;
    const uint64_t *items; /* a single character stands alone, second = none */
};
struct grams similar_grams(struct text normalised, struct arena *memory);
/* NaN when both are empty (jaccard) or either is (containment, agreement). */
double similar_jaccard(const struct grams *a, const struct grams *b);
double similar_containment(const struct grams *a, const struct grams *b);

/* k minima; all bits set for an empty set. */
void similar_minima(const struct grams *grams, size_t k, uint64_t *minima);
double similar_agreement(const struct grams *a, const struct grams *b, size_t k,
                         struct arena *memory);

#endif
