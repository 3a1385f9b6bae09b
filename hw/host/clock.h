/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The host's clocks, in nanoseconds. */
#ifndef HW_HOST_CLOCK_H
#define HW_HOST_CLOCK_H

#include <stdint.h>

/* A monotonic one. */
uint64_t host_clock(void);
/* The time since 1970, UTC. */
uint64_t host_time_of_day(void);

#endif
