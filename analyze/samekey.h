/*
 * samekey.h - which tickets are about the same problem at the same place.
 *
 * METHODS 2.1: the most specific key at hand, asset + subject, room + subject, or
 * building (and spot) + subject; without a subject or a place there is none.
 */
#ifndef HY_SAMEKEY_H
#define HY_SAMEKEY_H

#include "analyze/lifecycle.h"

enum same_place { PLACE_NONE, PLACE_ASSET, PLACE_HOME, PLACE_BUILDING };

struct same_keys {
    const uint32_t *key;             /* 1.., equal = same problem and place; 0 none */
    const uint32_t *next, *previous; /* 1 + ticket, by receipt; 0 none */
    const uint8_t *place;            /* enum same_place the key rests on */
    uint32_t count;                  /* keys in use */
};

enum same_by { SAME_PLACE, SAME_HOUSEHOLD };

/* The keys of all tickets, built once for all passes of a context, by whichever asks
 * first; a context without a place for them has them built in memory. */
const struct same_keys *same_keys_of(const struct context *context,
                                     const struct facts *facts, enum same_by by,
                                     struct arena *memory);
/* That place, for one set of facts; NULL = none to be had.  Safe for several passes at
 * once; freed with the keys in it when all are done (NULL is allowed). */
struct same_shared *same_shared_new(void);
void same_shared_free(struct same_shared *shared);

/* The first valid ticket of the key received at or after a time and before the
 * cut-off; UINT32_MAX when there is none. */
uint32_t same_next(const struct same_keys *keys, const struct history *history,
                   uint32_t ticket, int64_t from, int64_t cutoff);
/* The same, withdrawn and merged ones too. */
uint32_t same_next_any(const struct same_keys *keys, const struct history *history,
                       uint32_t ticket, int64_t from, int64_t cutoff);
/* Valid at a cut-off: not void or merged before it. */
bool ticket_valid(const struct history *history, uint32_t ticket, int64_t cutoff);
/* Not completed, or reopened since, just before a time. */
bool ticket_open(const struct history *history, uint32_t ticket, int64_t time);
/* The asset of a ticket is the estate's: private ones are nobody else's business. */
bool asset_shared(const struct facts *facts, uint32_t ticket);

#endif
