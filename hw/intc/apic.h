/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A processor's local APIC: what it shows at FEE00000h, its timer, and the interrupts that it asks
 * the processor for. Intel SDM vol. 3, ch. 11 "Advanced Programmable Interrupt Controller", as in
 * the Pentium 4: xAPIC, six local vectors.
 *
 *   apic_init(&s->apic, &s->bus, memory, timers, &pins);
 *   apic_set_lint(&s->apic, 0, level);       the 8259's INTR, as virtual wire
 *   if (apic_acknowledge(&s->apic, &vector)) ...     else it is the 8259's
 *
 * The timer's clock has 1 GHz; CPUID leaf 15h tells systems so. After a reset LINT0 of the boot
 * processor brings what the 8259 asks for, as if a BIOS had set that up: not all do.
 */
#ifndef HW_APIC_H
#define HW_APIC_H

#include "hw/device.h"
#include "hw/intc/apic_bus.h"
#include "hw/irq.h"
#include "hw/timer.h"

struct memory;
struct memory_region;

enum { APIC_BASE = (int)0xfee00000, APIC_VECTOR_WORDS = 8 };
enum apic_lvt { LVT_TIMER, LVT_THERMAL, LVT_COUNTERS, LVT_LINT0, LVT_LINT1, LVT_ERROR, LVTS };

/* The processor's inputs. */
struct apic_pins {
    struct irq_line intr;
    struct irq_line nmi, init;                    /* pulsed */
    void (*start)(void *processor, uint8_t page); /* after INIT; the boot processor's: NULL */
    void *processor;
};

struct apic {
    struct apic_bus *bus;
    struct memory *memory;
    struct memory_region *region;
    struct timers *timers;
    struct apic_pins pins;
    struct timer timer; /* the count's next end, if that interrupts */
    bool is_boot;       /* the processor that starts by itself */
    bool enabled;       /* IA32_APIC_BASE: there is an APIC at all, */
    uint64_t base;      /* at this address */
    bool waits;         /* for a start-up message */
    uint8_t id, tpr, ldr;
    uint32_t dfr, svr;
    uint32_t irr[APIC_VECTOR_WORDS], isr[APIC_VECTOR_WORDS], tmr[APIC_VECTOR_WORDS];
    uint32_t lvt[LVTS];
    uint32_t icr[2];
    uint8_t esr, errors; /* as read; and since it was last written */
    uint8_t lint;        /* levels of LINT0 and LINT1 */
    bool extint;         /* a message asks for a vector of the 8259's */
    uint32_t initial;    /* TMICT */
    uint8_t divide;      /* TMDCR */
    uint64_t loaded;     /* when the count began */
};

/* False if the host has no room. The first on a bus is the boot processor's. */
bool apic_init(struct apic *s, struct apic_bus *bus, struct memory *memory, struct timers *timers,
               const struct apic_pins *pins);
extern const struct device apic_device;
/* IA32_APIC_BASE has been written. */
void apic_set_base(struct apic *s, uint64_t base, bool enabled);
/* Registers as a BIOS leaves them: virtual wire mode. */
void apic_set_virtual_wire(struct apic *s);

/* The level of LINT0 (pin 0) or LINT1. With the APIC disabled they are INTR and NMI (11.4.3). */
void apic_set_lint(struct apic *s, unsigned pin, bool level);
/* INTA: the vector, if it is not the 8259's that is to be served. */
bool apic_acknowledge(struct apic *s, uint8_t *vector);

/* --- for the bus --- */

/* Is it among those that a message is for? */
bool apic_is_named(const struct apic *s, const struct apic_message *m);
/* Has it been enabled by its system? */
bool apic_is_on(const struct apic *s);
/* What it is at: PPR. */
uint8_t apic_priority(const struct apic *s);
void apic_accept(struct apic *s, const struct apic_message *m);

#endif
