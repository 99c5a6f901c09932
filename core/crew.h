/*
 * crew.h - work done in child processes, at most so many at once.
 *
 * What a child breaks, breaks in the child alone.  Answers are asked for by number,
 * in any order, so that nothing told ever depends on who was ready first.
 */
#ifndef HY_CREW_H
#define HY_CREW_H

#include <stdbool.h>

#include "core/arena.h"

struct crew;

struct crew_answer {
    struct error error; /* what the work answered, if it did */
    bool answered;      /* false: ended badly, see late and how */
    bool late;          /* was stopped after its seconds */
    int how;            /* as of waitpid() */
};

/* One for each core this process may use, fewer where HUIYIN_JOBS says so; >= 1. */
size_t crew_cores(void);
/* Lives in the arena; crew_close() before the arena goes. */
struct crew *crew_open(size_t most, struct arena *memory);
/* Stops what still runs; NULL is allowed. */
void crew_close(struct crew *crew);

/* Runs work(given, answer) in a child, waiting for a free place first; the child ends
 * with this process.  seconds: its limit, 0 = none.  Its number from 0 up is *number.
 * HY_INTERNAL when there can be no other process. */
enum status crew_start(struct crew *crew,
                       void (*work)(void *given, struct error *answer), void *given,
                       int seconds, size_t *number, struct error *err);
/* Waits for that one; the others go on meanwhile. */
const struct crew_answer *crew_wait(struct crew *crew, size_t number);
/* Has it ended already?  Does not wait. */
bool crew_ended(const struct crew *crew, size_t number);

#endif
