/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The board's small ports: 61h (speaker, refresh, counter 2), 92h (fast A20 and reset) and F0h
 * (x87 errors). IBM PS/2 Hardware Interface Technical Reference, "System Control Port A" and "B";
 * SDM vol. 1, D.2.1 for F0h.
 */
#ifndef HW_PC_SYSCTL_H
#define HW_PC_SYSCTL_H

#include "hw/clock/i8254.h"
#include "hw/device.h"
#include "hw/irq.h"
#include "hw/sound/speaker.h"

struct port61 {
    uint8_t value;
    struct timers *timers;
    struct i8254 *pit;
    struct speaker *speaker;
};
void port61_init(struct port61 *s, struct timers *timers, struct i8254 *pit,
                 struct speaker *speaker);
void port61_reset(void *device);
extern const struct device port61_device;
uint32_t port61_read(void *device, uint32_t offset, unsigned size);
void port61_write(void *device, uint32_t offset, uint32_t value, unsigned size);

struct port92 {
    uint8_t value;
    struct irq_line a20, reset;
};
void port92_init(struct port92 *s, struct irq_line a20, struct irq_line reset);
void port92_reset(void *device);
/* An irq_line's: A20 is on or off now, by whomever; bit 1 reads so. */
void port92_show_a20(void *device, unsigned input, bool level);
extern const struct device port92_device;
uint32_t port92_read(void *device, uint32_t offset, unsigned size);
void port92_write(void *device, uint32_t offset, uint32_t value, unsigned size);

/* From FERR# to an interrupt, which a write to F0h takes back. */
struct portf0 {
    bool ferr, ignne; /* asserted */
    struct irq_line irq;
};
void portf0_init(struct portf0 *s, struct irq_line irq);
void portf0_reset(void *device);
extern const struct device portf0_device;
/* Drives FERR#; returns IGNNE#. */
bool portf0_set_ferr(struct portf0 *s, bool level);
uint32_t portf0_read(void *device, uint32_t offset, unsigned size);
void portf0_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
