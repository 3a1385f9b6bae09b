/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 82371SB (PIIX3) ISA bridge on the PCI bus, which leads the bus's four interrupts to inputs of
 * the interrupt controllers. Intel 82371SB data sheet (290550).
 */
#ifndef HW_PC_PIIX3_H
#define HW_PC_PIIX3_H

#include "hw/bus/pci.h"

enum { PIIX3_IRQS = 16 };

struct piix3 {
    struct pci_function pci;
    struct irq_line irq[PIIX3_IRQS];
    uint8_t pirq;    /* PIRQA# to PIRQD# that are asserted, a bit each */
    uint16_t driven; /* the inputs held high for them */
};

/* Also becomes where the bus's interrupts lead to. `pic` is a line to input 0. */
void piix3_init(struct piix3 *s, struct pci *bus, struct irq_line pic);
extern const struct device piix3_device;
/* Which interrupts PIRQA# to PIRQD# are routed to where there is no BIOS that chooses. */
extern const uint8_t piix3_usual_irqs[PCI_PIRQS];
/* As a BIOS does it by the registers: the input that each of the bus's interrupts leads to. */
void piix3_route(struct piix3 *s, const uint8_t irq[PCI_PIRQS]);

#endif
