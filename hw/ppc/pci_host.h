/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PCI host of a PowerQUICC III: configuration space by two registers, and windows through
 * which the processor sees the bus's memory and ports. MPC8548E Reference Manual, chapter 16, "PCI
 * Bus Interface". Devices see RAM where the processor does: inbound windows are kept, but change
 * nothing.
 */
#ifndef HW_PPC_PCI_HOST_H
#define HW_PPC_PCI_HOST_H

#include "hw/bus/pci.h"

enum { PCI_HOST_SIZE = 0x1000, PCI_HOST_OUTBOUND = 5, PCI_HOST_INBOUND = 3 };

/* Addresses in units of 4 KiB, as the registers have them. */
struct pci_window {
    uint32_t translation, extended_translation; /* the address on the bus; inbound: in RAM */
    uint32_t base, extended_base;               /* as it is asked for */
    uint32_t attributes;
};

struct pci_host {
    struct pci bus;
    struct ports ports;
    struct pci_function bridge; /* the host itself, as function 00.0 */
    struct memory_region *io;   /* the ports, where a window shows them */
    struct pci_window outbound[PCI_HOST_OUTBOUND], inbound[PCI_HOST_INBOUND];
};

/* INTA# to INTD# of the bus go to pirq[0..3], low when they interrupt. False: the host has no room.
 */
bool pci_host_init(struct pci_host *s, struct memory *memory, uint32_t base,
                   const struct irq_line pirq[PCI_PIRQS]);
extern const struct device pci_host_device;

#endif
