/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 16550A UART. A byte is sent the moment it is written if the outside takes it; else it waits
 * in THR or the FIFO, and LSR says so. One that does not fit there, since the guest has not looked,
 * waits for the outside. Received ones are fetched from the outside as there is room for them, so
 * nothing is ever overrun but by loopback.
 * National PC16550D data sheet.
 */
#ifndef HW_UART16550_H
#define HW_UART16550_H

#include "hw/device.h"
#include "hw/host/chardev.h"
#include "hw/irq.h"
#include "hw/timer.h"

enum { UART_FIFO = 16 };

struct uart16550 {
    struct chardev *outside;
    struct irq_line irq;
    bool always_drives; /* OUT2 is not before the interrupt line, as the PC has it */
    struct timer timeout_timer;
    uint8_t fifo[UART_FIFO]; /* its first place is the receiver buffer when FIFOs are off */
    unsigned head, count;
    uint8_t sending[UART_FIFO]; /* the other one, and THR likewise */
    unsigned sending_head, sending_count;
    uint8_t ier, fcr, lcr, mcr, lsr, msr, scratch;
    uint16_t divisor;
    bool thre_pending;    /* THR has become empty and IIR has not said so yet */
    bool timeout_pending; /* characters wait in the FIFO and nobody came for them */
};

void uart16550_init(struct uart16550 *s, struct timers *timers, struct chardev *outside,
                    struct irq_line irq);
void uart16550_reset(void *device);
extern const struct device uart16550_device;
uint32_t uart16550_read(void *device, uint32_t offset, unsigned size);
void uart16550_write(void *device, uint32_t offset, uint32_t value, unsigned size);
/* Something may have come in, or go out. */
void uart16550_poll(struct uart16550 *s);

#endif
