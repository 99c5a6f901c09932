/* beside.c - starts a thread that takes no signals. */
#include "core/beside.h"

#include <signal.h>

bool beside_start(pthread_t *thread, void *(*run)(void *self), void *self)
{
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(thread, NULL, run, self) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}
