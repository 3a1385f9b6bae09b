/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sixteen interrupt requests of the ISA bus, each of which the bus's own devices, PCI's
 * interrupts and the power management may assert; and where they lead to.
 *
 *   isa_irq_line(&s->irqs, ISA_IRQ_BUS, 4)       what a chip is given to drive
 */
#ifndef HW_PC_ISA_IRQ_H
#define HW_PC_ISA_IRQ_H

#include "hw/device.h"
#include "hw/irq.h"

enum { ISA_IRQS = 16 };
enum isa_irq_source { ISA_IRQ_BUS, ISA_IRQ_PCI, ISA_IRQ_SCI, ISA_IRQ_SOURCES };

struct isa_irqs {
    uint16_t asserted[ISA_IRQ_SOURCES]; /* a bit each */
    struct irq_line to[ISA_IRQS];
};

/* `to` is a line to input 0 of what has sixteen. */
void isa_irq_init(struct isa_irqs *s, struct irq_line to);
extern const struct device isa_irq_device;
struct irq_line isa_irq_line(struct isa_irqs *s, enum isa_irq_source source, unsigned irq);

#endif
