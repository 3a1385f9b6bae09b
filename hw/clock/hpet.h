/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The high precision event timer: a counter of 100 MHz, and three timers that compare with it, each
 * able to repeat. IA-PC HPET Specification 1.0a, 2.3.
 *
 *   hpet_init(&s->hpet, memory, timers, to, legacy);
 *   irq_line l = {hpet_set_legacy, &s->hpet, 0};      IRQ 0 of the 8254, IRQ 8 is input 1
 *
 * With legacy replacement timers 0 and 1 have IRQ 0 and 8, and those of the 8254 and the clock go
 * nowhere. Counts are not counted: they follow from the clock and the time at which they began.
 */
#ifndef HW_HPET_H
#define HW_HPET_H

#include "hw/device.h"
#include "hw/irq.h"
#include "hw/timer.h"

struct memory;

enum { HPET_BASE = (int)0xfed00000, HPET_TIMERS = 3, HPET_ROUTES = 24, HPET_LEGACY = 2 };

struct hpet_timer {
    struct hpet *hpet;
    struct timer timer; /* when it matches next */
    uint32_t config;
    uint64_t comparator; /* 32 bits, if it is told to have no more */
    uint64_t period;
    uint8_t begins; /* halves whose next write is to be that of the comparator, too */
};

struct hpet {
    struct timers *timers;
    struct irq_line to[HPET_ROUTES];     /* the I/O APIC's inputs */
    struct irq_line legacy[HPET_LEGACY]; /* IRQ 0 and 8 */
    uint32_t config;
    uint8_t status;   /* of level-triggered timers */
    uint8_t raised;   /* outputs of edge-triggered ones: until the next match, for the 8259 */
    uint64_t count;   /* the main counter's, */
    uint64_t since;   /* at this time, if it counts */
    uint8_t replaced; /* levels of the 8254's output and the clock's, a bit each */
    struct hpet_timer timer[HPET_TIMERS];
};

/* `to` is a line to input 0 of what has 24. False if the host has no room. */
bool hpet_init(struct hpet *s, struct memory *memory, struct timers *timers, struct irq_line to,
               const struct irq_line legacy[HPET_LEGACY]);
extern const struct device hpet_device;
/* The 8254's output (input 0), the clock's interrupt (input 1). */
void hpet_set_legacy(void *chip, unsigned input, bool level);

#endif
