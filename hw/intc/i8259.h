/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pair of 8259A interrupt controllers of a PC: sixteen inputs, edge- or level-triggered by
 * the ELCR of the south bridge. Intel 8259A data sheet (231468); 82371SB data sheet for the ELCR.
 */
#ifndef HW_I8259_H
#define HW_I8259_H

#include "hw/device.h"
#include "hw/irq.h"

#include <stdint.h>

struct i8259_chip {
    uint8_t line;  /* IR inputs */
    uint8_t latch; /* edges not yet acknowledged */
    uint8_t level; /* inputs that are level-triggered */
    uint8_t imr, isr;
    uint8_t base;   /* ICW2 */
    uint8_t lowest; /* the input with the lowest priority */
    uint8_t icw;    /* the initialization word expected next at A0 = 1; 0 after initialization */
    bool single, needs_icw4;
    bool auto_eoi, rotate_auto_eoi;
    bool fully_nested; /* special fully nested mode */
    bool special_mask;
    bool poll, read_isr;
};

struct i8259 {
    struct i8259_chip chip[2]; /* master, slave */
    struct irq_line intr;
    struct i8259_port { /* what reads and writes of either's registers are given */
        struct i8259 *pair;
        unsigned chip;
    } port[2];
};

void i8259_init(struct i8259 *s, struct irq_line intr);
void i8259_reset(void *device);
extern const struct device i8259_device;
/* Drives IRQ 0..15; an irq_line's `set`. */
void i8259_set(void *device, unsigned irq, bool level);
/* INTA: the vector; *irq is which input it was, or -1 for a spurious one. */
int i8259_acknowledge(struct i8259 *s, int *irq);
/* Would an edge on this input interrupt the cpu sooner or later? */
bool i8259_unmasked(const struct i8259 *s, unsigned irq);
/* Is its handler at work: taken, and not yet ended by a command of its own or AEOI? */
bool i8259_in_service(const struct i8259 *s, unsigned irq);

/* The registers: `port` is one of the pair's two. */
uint32_t i8259_read(void *port, uint32_t offset, unsigned size);
void i8259_write(void *port, uint32_t offset, uint32_t value, unsigned size);
/* 4D0h and 4D1h */
uint32_t i8259_elcr_read(void *pair, uint32_t offset, unsigned size);
void i8259_elcr_write(void *pair, uint32_t offset, uint32_t value, unsigned size);

#endif
