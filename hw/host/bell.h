/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One thread sleeps, others wake it. A ring that finds nobody asleep is heard by the next wait, and
 * however many come until then are one: a ring that is not heard yet costs no system call.
 */
#ifndef HW_HOST_BELL_H
#define HW_HOST_BELL_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>

struct bell {
    sem_t sem;
    atomic_bool is_rung;
};

void bell_init(struct bell *b);
void bell_destroy(struct bell *b);
/* From any thread, and from a signal handler. */
void bell_ring(struct bell *b);
/* Until it is rung, a signal comes, or host_clock is at `until` (TIMER_NEVER: for as long as that
 * takes). What was done before a ring is seen behind it. */
void bell_wait(struct bell *b, uint64_t until);

#endif
