/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread that wakes a busy cpu: it sleeps until a deadline, or until standard input has
 * something to read, or a signal wants an end, and then makes one call. Setting a later deadline,
 * which guests do thousands of times a second, costs the cpu's thread no system call.
 */
#ifndef HW_ALARM_H
#define HW_ALARM_H

#include "hw/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct alarm {
    void (*ring)(void *target); /* from the thread; may come once too often */
    void *target;
    _Atomic uint64_t wanted;   /* the deadline, by host_clock */
    _Atomic uint64_t sleeping; /* the one the thread sleeps until */
    atomic_bool watching;      /* it looks at standard input, too: until it has seen something */
    atomic_bool ended;
    int kick_fd; /* makes it look at the above again */
    int wake_fd; /* an eventfd: a signal handler's way to ring */
    pthread_t thread;
    bool running;
};

bool alarm_create(struct alarm *a, struct error *error);
bool alarm_start(struct alarm *a, void (*ring)(void *target), void *target, struct error *error);
void alarm_destroy(struct alarm *a);
/* Rings at a time of host_clock (TIMER_NEVER: not at all), replacing the deadline before. */
void alarm_set(struct alarm *a, uint64_t deadline);
/* Rings once when standard input can be read. */
void alarm_watch_input(struct alarm *a);

#endif
