/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The real-time clock with its battery-backed CMOS memory, ports 70h and 71h, IRQ 8.
 * Motorola MC146818A data sheet; what a PC keeps in the memory is in hw/pc/cmos.h.
 */
#ifndef HW_MC146818_H
#define HW_MC146818_H

#include "hw/device.h"
#include "hw/irq.h"
#include "hw/timer.h"

enum { CMOS_SIZE = 128 };

struct mc146818 {
    struct timers *timers;
    struct timer update, periodic;
    struct irq_line irq;
    uint8_t index;
    uint8_t ram[CMOS_SIZE];
    int64_t seconds;        /* since 1970, shown by the clock ... */
    int64_t since;          /* ... from this virtual time on */
    unsigned weekday_shift; /* the weekday is a counter of its own */
    int64_t checked;        /* the second up to which the alarm has been compared */
    uint64_t periodic_seen; /* virtual time of the last look at the periodic flag */
};

/* With a time of day (ns since 1970) to start with, and memory that is all zeros. */
void mc146818_init(struct mc146818 *s, struct timers *timers, struct irq_line irq,
                   int64_t time_of_day);
/* RESET: interrupts off; time and memory stay. */
void mc146818_reset(void *device);
extern const struct device mc146818_device;
uint32_t mc146818_read(void *device, uint32_t offset, unsigned size);
void mc146818_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
