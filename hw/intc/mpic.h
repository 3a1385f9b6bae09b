/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Freescale's interrupt controller of the OpenPIC kind, version 4.2, for one processor: MPC8548E
 * PowerQUICC III Integrated Processor Family Reference Manual, chapter 10. Sections named here are
 * of that.
 *
 *   mpic_init(&s->mpic, memory, base, timers, output);
 *   irq_line l = {mpic_set, &s->mpic, MPIC_FIRST_INTERNAL + 26};
 *
 * Sources are numbered by their registers: external pins, then internal ones, of which the last
 * belong to messages; behind them IPIs and timers. Pins are wires, high when nobody drives them;
 * PCI's are low when they interrupt.
 *
 * That manual's version has critical interrupts by bits of a destination; from 4.1 on each source
 * has a register for that (P4080 QorIQ Integrated Multicore Communication Processor Family
 * Reference Manual, "External interrupt level registers"): its output is the processor's external
 * interrupt, its critical one, or its machine check. Of the last two a source is a level that the
 * mask alone holds back: no priority, no vector, nothing to acknowledge or to end. The pin IRQ_OUT
 * leads nowhere, and the registers that sum up who is at it, or critical, are not there.
 */
#ifndef HW_MPIC_H
#define HW_MPIC_H

#include "hw/device.h"
#include "hw/irq.h"
#include "hw/timer.h"

struct memory;

enum {
    MPIC_EXTERNAL = 12,
    MPIC_FIRST_INTERNAL = 16,
    MPIC_FIRST_MESSAGE = 176,
    MPIC_FIRST_MSI = 224,
    MPIC_SOURCES = 256, /* that have wires, or could */
    MPIC_FIRST_IPI = MPIC_SOURCES,
    MPIC_IPIS = 4,
    MPIC_FIRST_TIMER = MPIC_FIRST_IPI + MPIC_IPIS,
    MPIC_TIMERS = 8, /* two groups of four */
    MPIC_ALL = MPIC_FIRST_TIMER + MPIC_TIMERS
};
enum { MPIC_MESSAGES = 8, MPIC_MSIS = 8, MPIC_SIZE = 0x40000 };
/* The processor's inputs int, cint and mcp, numbered as INTTGT of a level register does. */
enum { MPIC_INT, MPIC_CRITICAL, MPIC_MACHINE_CHECK, MPIC_OUTPUTS };

/* Of a vector/priority register: whom it holds back. */
#define VPR_MASKED 0x80000000u

struct mpic_source {
    uint32_t vector_priority, destination;
    uint8_t target; /* INTTGT; none of the outputs: nobody's */
    bool level;     /* of its wire */
    bool latched;   /* an edge has come, and has not been acknowledged */
    bool in_service;
};

struct mpic_timer {
    struct mpic *mpic;
    struct timer timer; /* when it comes to 0 next */
    uint32_t base;      /* GTBCR */
    uint64_t since;     /* when it began to count from there */
    uint32_t stopped;   /* GTCCR while it does not count */
};

struct mpic {
    struct timers *timers;
    struct irq_line output[MPIC_OUTPUTS];
    struct mpic_source source[MPIC_ALL];
    struct mpic_timer timer[MPIC_TIMERS];
    uint32_t config;           /* GCR */
    uint32_t spurious;         /* SVR */
    uint32_t task_priority;    /* CTPR */
    uint32_t frequency[2];     /* TFRR, of each group of timers */
    uint32_t timer_control[2]; /* TCR */
    uint32_t message[MPIC_MESSAGES];
    uint32_t message_enable, message_status; /* MER, MSR: both groups, a bit each */
    uint32_t msi[MPIC_MSIS];                 /* MSIR */
    uint32_t error_mask;                     /* EIMR0 */
};

/* False if the host has no room. */
bool mpic_init(struct mpic *s, struct memory *memory, uint32_t base, struct timers *timers,
               const struct irq_line output[MPIC_OUTPUTS]);
extern const struct device mpic_device;
/* A source's wire. */
void mpic_set(void *chip, unsigned source, bool level);
/*
 * The processor takes its external interrupt. As an external proxy (10.3.1.4) the vector, which is
 * thereby acknowledged; else 0: the guest is going to read IACK.
 */
uint32_t mpic_acknowledge(struct mpic *s);

#endif
