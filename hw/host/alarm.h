/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What wakes a busy cpu: a host timer whose signal comes to the cpu's own thread, and a thread
 * that waits for standard input and for the wish to end; this one wakes a cpu that sleeps, too.
 * Either makes one call, and that again only after it has been asked to. Setting a later deadline,
 * as guests do thousands of times a second, costs no system call. Nor does a cpu that halts until a
 * deadline and works a little then, again and again, hear a signal: alarm_rest.
 */
#ifndef HW_HOST_ALARM_H
#define HW_HOST_ALARM_H

#include "hw/host/clock.h"
#include "hw/host/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

struct alarm {
    /* From a signal handler, and from another thread; each may come once too often. */
    void (*ring)(void *target), (*wake)(void *target);
    void *target;
    timer_t timer;
    _Atomic uint64_t armed; /* when the timer's signal will come, by host_clock */
    atomic_uint rings;      /* signals that have come */
    atomic_bool watching;   /* the thread looks at standard input: until it has seen something */
    atomic_bool ended;
    int kick_fd; /* makes the thread look at the above again */
    int wake_fd; /* an eventfd: a signal handler's way to wake */
    pthread_t thread;
    bool has_timer, has_thread;
};

bool alarm_create(struct alarm *a, struct error *error);
/* The calling thread is to be the cpu's. One alarm in a program. */
bool alarm_start(struct alarm *a, void (*ring)(void *target), void (*wake)(void *target),
                 void *target, struct error *error);
void alarm_destroy(struct alarm *a);
/* Rings at a time of host_clock (TIMER_NEVER: not at all), or earlier. */
void alarm_set(struct alarm *a, uint64_t deadline);
/*
 * The cpu's thread is about to sleep until that deadline, `left` nanoseconds from now, or until
 * something else wakes it: it is not to be rung for that, but afterwards, if it has not slept again
 * by then.
 */
void alarm_rest(struct alarm *a, uint64_t deadline, uint64_t left);
/* Wakes once when standard input can be read. */
void alarm_watch_input(struct alarm *a);
/* Nothing has come on standard input since it was to be watched. */
static inline bool alarm_is_watching(const struct alarm *a)
{
    return atomic_load(&a->watching);
}

#endif
