/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 8254 interval timer: three counters at 1.193182 MHz. Counter 0 drives IRQ 0, counter 2's
 * gate and output belong to the speaker. Intel 8254 data sheet (231164).
 *
 * Counts are not counted: they follow from the clock and the tick at which the counter was loaded.
 */
#ifndef HW_I8254_H
#define HW_I8254_H

#include "hw/irq.h"
#include "hw/timer.h"

#define I8254_HZ 1193182u

enum i8254_state {
    I8254_IDLE,    /* no count yet, or waiting for a trigger */
    I8254_RUNNING, /* loaded at `start` */
    I8254_STOPPED, /* by the gate, `elapsed` ticks after it was loaded */
};

struct i8254_counter {
    uint8_t mode;    /* 0..5 */
    uint8_t control; /* the low six bits of the control word, as status shows them */
    bool gate;
    enum i8254_state state;
    uint64_t start;
    uint64_t elapsed;
    uint32_t count;  /* the count in use, 1..10000h */
    uint32_t reload; /* the last one written; 0 before that */
    bool renewed;    /* modes 2, 3: `reload` takes over at tick `renewal` */
    uint64_t renewal;
    bool write_high, read_high; /* the second byte of two is next */
    uint8_t low;                /* the first byte written */
    bool count_latched, status_latched;
    uint16_t latch;
    uint8_t status;
};

struct i8254 {
    struct timers *timers;
    struct timer timer; /* counter 0's next edge */
    struct i8254_counter counter[3];
    uint64_t seen;       /* tick up to which counter 0's edges have been delivered */
    unsigned behind;     /* edges the host was too late for, to be made up for */
    struct irq_line irq; /* OUT 0 */
};

void i8254_init(struct i8254 *s, struct timers *timers, struct irq_line irq);
void i8254_reset(struct i8254 *s);
uint32_t i8254_read(void *device, uint32_t offset, unsigned size);
void i8254_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* Port 61h: counter 2's gate, and its output. */
void i8254_set_gate2(struct i8254 *s, bool level);
bool i8254_out2(const struct i8254 *s);

/* The guest has taken IRQ 0: the place for an edge it should have seen earlier. */
void i8254_irq_taken(struct i8254 *s);

#endif
