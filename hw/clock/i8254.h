/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 8254 interval timer: three counters at 1.193182 MHz. Counter 0 drives IRQ 0, counter 2's
 * gate and output belong to the speaker. Intel 8254 data sheet (231164).
 *
 * Counts are not counted: they follow from the clock and the tick at which the counter was loaded.
 * Ticks are signed: a half period that is under way began in the past, maybe before power-on.
 */
#ifndef HW_I8254_H
#define HW_I8254_H

#include "hw/device.h"
#include "hw/irq.h"
#include "hw/timer.h"

#define I8254_HZ 1193182u

enum i8254_state {
    I8254_IDLE,    /* no count yet, waiting for a trigger or for the second byte of a count */
    I8254_RUNNING, /* loaded at tick `start`; the gate's pauses have moved that on */
    I8254_STOPPED, /* by the gate, at tick `stopped` */
};

struct i8254_counter {
    uint8_t mode;    /* 0..5 */
    uint8_t control; /* the low six bits of the control word, as status shows them */
    bool gate;
    enum i8254_state state;
    int64_t start, stopped;
    bool out_before;    /* OUT until `start` */
    uint32_t count;     /* the count in use, 1..10000h */
    uint32_t reload;    /* the last one written; 0 before that */
    int64_t null_until; /* the tick at which `reload` is loaded; far off before a trigger */
    bool renewed;       /* modes 2, 3: `reload` takes over at tick `renewal` */
    int64_t renewal;
    bool write_high, read_high; /* the second byte of two is next */
    uint8_t low;                /* the first byte written */
    bool count_latched, status_latched;
    uint16_t latch;
    uint8_t status;
};

/* Counter 2 is about to change, by its gate or its registers. */
struct i8254_listener {
    void (*changing)(void *owner); /* NULL: nobody listens */
    void *owner;
};

struct i8254 {
    struct timers *timers;
    struct timer timer; /* counter 0's next edge */
    struct i8254_counter counter[3];
    int64_t seen;        /* tick up to which counter 0's edges have been delivered */
    unsigned behind;     /* edges the host was too late for, to be made up for */
    struct irq_line irq; /* OUT 0 */
    struct i8254_listener listener;
};

void i8254_init(struct i8254 *s, struct timers *timers, struct irq_line irq);
void i8254_reset(void *device);
extern const struct device i8254_device;
uint32_t i8254_read(void *device, uint32_t offset, unsigned size);
void i8254_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* Port 61h: counter 2's gate, and its output. */
void i8254_set_gate2(struct i8254 *s, bool level);
bool i8254_out2(const struct i8254 *s);
/* Will that change although nothing is written? */
bool i8254_moves2(const struct i8254 *s);
/* For how much of a time, by the clock and without a change from outside in it, that was high; in
 * 2^-16 ticks. */
uint64_t i8254_high_time2(const struct i8254 *s, uint64_t from, uint64_t to);

/* The guest has taken IRQ 0: the place for an edge it should have seen earlier. */
void i8254_irq_taken(struct i8254 *s);

#endif
