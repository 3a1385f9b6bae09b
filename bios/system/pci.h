/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PCI BIOS (PCI BIOS Specification 2.1), in real mode by INT 1Ah and in protected mode. */
#ifndef BIOS_SYSTEM_PCI_H
#define BIOS_SYSTEM_PCI_H

#include "bios/lib/regs.h"

/* INT 1Ah, B1h */
void pci_service(struct regs *r);

/* Interrupt routing of a slot, as function 0Eh and the $PIR table have it. */
struct pci_route {
    u8 bus, device;
    struct {
        u8 link;
        u16 irqs;
    } PACKED pin[4];
    u8 slot, reserved;
} PACKED;

/* Pin A of device 1 is PIRQA, of device 2 PIRQB, and so on. Pins from 0 on; 0 is PIRQA. */
static inline u8 pci_link_of(unsigned device, unsigned pin)
{
    return (u8)((device + pin - 1) & 3);
}

enum { PCI_ROUTES = 32, PIRQ_IRQS = 0x0e00 | 0x1 << 5 /* 5, 9, 10, 11 */ };

#endif
