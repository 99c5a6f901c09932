/*
 * easel.h - one confined gnuplot in a private folder.
 *
 * It takes as long to start as to draw a page of charts: so it may be put up before
 * anybody knows what will be drawn, and waits for its script.
 */
#ifndef HY_EASEL_H
#define HY_EASEL_H

#include "core/arena.h"

struct easel;

/* Starts gnuplot in a new folder below TMPDIR: no other process, no network, limits of
 * time and size.  Lives in the arena; easel_close() before the arena goes.  NULL in
 * *easel where it fails. */
enum status easel_open(struct arena *memory, struct easel **easel, struct error *err);
/* Where pictures will be. */
const char *easel_place(const struct easel *easel);
/* A new file there, for gnuplot to read.  HY_CREATE, HY_IO. */
enum status easel_put(const struct easel *easel, const char *name, const char *bytes,
                      size_t length, struct error *err);
/* script.gp is there: draws, in the background.  Once. */
enum status easel_draw(struct easel *easel, struct error *err);
/* Until it has ended, or was stopped after its seconds.  What gnuplot complains of is
 * in errors.txt of its place. */
enum status easel_wait(struct easel *easel, struct error *err);
/* Stops what still runs, and the folder is gone.  NULL is allowed. */
void easel_close(struct easel *easel);

#endif
