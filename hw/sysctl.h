/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The board's small ports: 61h (speaker, refresh, counter 2) and 92h (fast A20 and reset).
 * IBM PS/2 Hardware Interface Technical Reference, "System Control Port A" and "B".
 */
#ifndef HW_SYSCTL_H
#define HW_SYSCTL_H

#include "hw/i8254.h"
#include "hw/irq.h"

struct port61 {
    uint8_t value;
    struct timers *timers;
    struct i8254 *pit;
};
void port61_init(struct port61 *s, struct timers *timers, struct i8254 *pit);
void port61_reset(struct port61 *s);
uint32_t port61_read(void *device, uint32_t offset, unsigned size);
void port61_write(void *device, uint32_t offset, uint32_t value, unsigned size);

struct port92 {
    uint8_t value;
    struct irq_line a20, reset;
};
void port92_init(struct port92 *s, struct irq_line a20, struct irq_line reset);
void port92_reset(struct port92 *s);
uint32_t port92_read(void *device, uint32_t offset, unsigned size);
void port92_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
