/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A parallel port with a printer that takes each byte at once, or is busy while the outside does
 * not take any; a byte that is strobed then waits for it. IBM PC AT Technical Reference,
 * "Serial/Parallel Adapter"; IEEE 1284-1994, compatibility mode; the direction bit is the PS/2's.
 */
#ifndef HW_PARALLEL_H
#define HW_PARALLEL_H

#include "hw/device.h"
#include "hw/host/chardev.h"
#include "hw/irq.h"

enum { PARALLEL_PORT = 0x378, PARALLEL_PORTS = 3 };

struct parallel {
    struct chardev *outside;
    struct irq_line irq; /* rises at the end of ACK# if interrupts are enabled */
    uint8_t data, control;
    bool acknowledging; /* a byte was taken, and nobody has read the status since */
};
void parallel_init(struct parallel *s, struct chardev *outside, struct irq_line irq);
void parallel_reset(void *device);
extern const struct device parallel_device;
/* Offset 0: data, 1: status, 2: control. A byte goes out when control raises STROBE. */
uint32_t parallel_read(void *device, uint32_t offset, unsigned size);
void parallel_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
