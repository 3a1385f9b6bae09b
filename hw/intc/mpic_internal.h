/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the MPIC know of each other. */
#ifndef HW_MPIC_INTERNAL_H
#define HW_MPIC_INTERNAL_H

#include "hw/intc/mpic.h"

/* Of a vector/priority register. */
enum {
    VPR_ACTIVITY = 0x40000000,
    VPR_ACTIVE_HIGH = 0x00800000,
    VPR_BY_LEVEL = 0x00400000,
    VPR_PRIORITY_SHIFT = 16,
    VPR_PRIORITY = 0xf << VPR_PRIORITY_SHIFT,
    VPR_VECTOR = 0xffff,
};
/* Of a destination register. */
enum { IDR_PROCESSOR_0 = 1 };
/* Of a level register. */
enum { ILR_TARGET = 0xff };
/* Of GCR. */
#define GCR_RESET 0x80000000u
enum { GCR_MODE = 0x60000000, GCR_PROXY = 0x60000000 };

enum { TASK_PRIORITY_MOST = 15 };

void mpic_reset(void *device);
/* Something has changed on which the processor's line depends. */
void mpic_update(struct mpic *s);
/* An edge. */
void mpic_raise(struct mpic *s, unsigned source);
/* IACK and EOI. */
uint32_t mpic_take(struct mpic *s);
void mpic_end(struct mpic *s);
bool mpic_is_active(const struct mpic *s, unsigned source);

uint32_t mpic_read(void *device, uint32_t offset, unsigned size);
void mpic_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* --- timers: mpic_timer.c --- */

void mpic_timers_init(struct mpic *s);
void mpic_timers_reset(struct mpic *s);
uint32_t mpic_timer_count(const struct mpic_timer *t);
void mpic_timer_set_base(struct mpic_timer *t, uint32_t value);
/* Of a group: how fast it counts. */
void mpic_timer_control(struct mpic *s, unsigned group, uint32_t value);
extern const struct state_table mpic_timer_state;

#endif
