/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread sleeps, others wake it. */
#include "hw/host/bell.h"

#include "hw/timer.h"

#include <time.h>

void bell_init(struct bell *b)
{
    sem_init(&b->sem, 0, 0);
    atomic_init(&b->is_rung, false);
}

void bell_destroy(struct bell *b)
{
    sem_destroy(&b->sem);
}

void bell_ring(struct bell *b)
{
    if (!atomic_exchange(&b->is_rung, true))
        sem_post(&b->sem);
}

void bell_wait(struct bell *b, uint64_t until)
{
    struct timespec t = {.tv_sec = (time_t)(until / NS_PER_S), .tv_nsec = (long)(until % NS_PER_S)};
    int status =
        until == TIMER_NEVER ? sem_wait(&b->sem) : sem_clockwait(&b->sem, CLOCK_MONOTONIC, &t);
    if (status == 0)
        atomic_exchange(&b->is_rung, false); /* so that what was done before a ring is seen */
}
