/*
 * store_doubt.h - clocks of call logs that contradict the numbers of their calls.
 */
#ifndef HY_STORE_DOUBT_H
#define HY_STORE_DOUBT_H

#include "core/store.h"

struct shifted_source {
    const char *name; /* of the map */
    int64_t calls;    /* whose number holds the moment of the call */
    int64_t minutes;  /* call time minus that moment, to a quarter of an hour */
};
/* Sources half of whose calls (five at least) are off by the same time, which is not
 * none: a log in GMT, or of another zone. */
enum status store_shifted(struct store *store, struct arena *memory,
                          const struct shifted_source **sources, size_t *count,
                          struct error *err);

#endif
