/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the local APIC share. */
#ifndef HW_APIC_INTERNAL_H
#define HW_APIC_INTERNAL_H

#include "hw/intc/apic.h"

enum { SVR_ENABLE = 0x100, SVR_BITS = 0x3ff };
enum {
    LVT_MODE_SHIFT = 8,
    LVT_MODE_MASK = 7,
    LVT_REMOTE_IRR = 0x4000,
    LVT_LEVEL = 0x8000,
    LVT_MASKED = 0x10000,
    LVT_PERIODIC = 0x20000,
};
enum { ESR_SENT_ILLEGAL = 0x20, ESR_RECEIVED_ILLEGAL = 0x40, ESR_REGISTER = 0x80 };

uint32_t apic_read(void *chip, uint32_t offset, unsigned size);
void apic_write(void *chip, uint32_t offset, uint32_t value, unsigned size);

/* What leads to the processor follows from the registers again. */
void apic_update(struct apic *s);
void apic_look_at_lint(struct apic *s);
void apic_end_of_interrupt(struct apic *s);
void apic_error(struct apic *s, uint8_t error);
/* One of the sources of its own asks, as its entry in the local vector table says. */
void apic_interrupt_locally(struct apic *s, enum apic_lvt which);

/* --- apic_timer.c --- */

uint32_t apic_timer_count(const struct apic *s);
/* TMICT: starts it. */
void apic_timer_load(struct apic *s, uint32_t count);
void apic_timer_divide(struct apic *s, uint8_t divide);
/* Its entry in the local vector table has changed, or is about to: the count goes on. */
void apic_timer_set_entry(struct apic *s, uint32_t entry);
timer_fn apic_timer_ended;

#endif
