/*
 * beside.h - work done beside the first thread.
 */
#ifndef HY_BESIDE_H
#define HY_BESIDE_H

#include <pthread.h>
#include <stdbool.h>

/* Starts run(self) in a thread that no signal reaches: Ctrl-C is the first one's.
 * False: none is to be had, and the caller does the work itself.  End with
 * pthread_join(). */
bool beside_start(pthread_t *thread, void *(*run)(void *self), void *self);

#endif
