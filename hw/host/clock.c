/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the host is asked for the time. */
#include "hw/host/clock.h"

#include "hw/timer.h"

#include <time.h>

static uint64_t read_clock(clockid_t id)
{
    struct timespec t = {0};
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

uint64_t host_clock(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t host_time_of_day(void)
{
    return read_clock(CLOCK_REALTIME);
}
