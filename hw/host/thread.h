/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads beside the cpu's, which wait for the outside. */
#ifndef HW_HOST_THREAD_H
#define HW_HOST_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Its stack is small, and signals are left to the cpu's thread, all but those of the thread's own
 * faults and one more: 0, or one that its own calls raise. False, with errno, if the host has none.
 */
bool thread_start(pthread_t *thread, void *(*run)(void *argument), void *argument, int own_signal);

#endif
