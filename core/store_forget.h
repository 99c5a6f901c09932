/*
 * store_forget.h - what is long over loses its words and its people, and no figure.
 *
 * Of every ticket received, and every call begun, before a day: free texts are put out,
 * a front door and a caller become numbers made with a key that is thrown away (those
 * that were heard again since keep theirs, or windows that reach across the day would
 * change figures), sealed rows of files that end before the day are emptied.  The day
 * is kept: rows that come later and are older lose the same on their way in, so a
 * file read again brings nothing back.
 */
#ifndef HY_STORE_FORGET_H
#define HY_STORE_FORGET_H

#include "core/store.h"

struct forgotten { /* how many */
    int64_t tickets, open, calls, rejects;
};

/* before: seconds, a midnight.  One transaction; then the file is written anew, so that
 * the bytes are gone, too. */
enum status store_forget(struct store *store, int64_t before, struct forgotten *counts,
                         struct error *err);
/* The latest day ever asked for, HY_NEVER = none. */
enum status store_forgotten(struct store *store, int64_t *before, struct error *err);

#endif
