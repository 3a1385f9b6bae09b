/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hw/host/thread.h"

#include <errno.h>
#include <signal.h>

bool thread_start(pthread_t *thread, void *(*run)(void *argument), void *argument, int own_signal)
{
    enum { STACK = 128 * 1024 };
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
    sigset_t blocked, old;
    pthread_attr_t attributes;
    sigfillset(&blocked);
    for (unsigned i = 0; i < sizeof faults / sizeof *faults; i++)
        sigdelset(&blocked, faults[i]);
    if (own_signal)
        sigdelset(&blocked, own_signal);
    pthread_sigmask(SIG_SETMASK, &blocked, &old);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    errno = pthread_create(thread, &attributes, run, argument);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return !errno;
}
