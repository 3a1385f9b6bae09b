/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * MSI-X: a function's interrupts as messages, each with an address and data that the guest has put
 * into a table (PCI Local Bus Specification 3.0, 6.8.2). Table and pending bits are at a base
 * address of their own.
 *
 *   pci_msix_init(&s->msix, &s->pci, 1, 3);     three vectors, at base address 1
 *   if (pci_msix_is_on(&s->msix))
 *       pci_msix_send(&s->msix, 2);
 *
 * The function's reset and configuration writes reach it by struct pci_function's `msix`; the
 * owner's table has a row {STATE_OF(owner, msix, &pci_msix_state)}.
 */
#ifndef HW_PCI_MSIX_H
#define HW_PCI_MSIX_H

#include "hw/bus/pci.h"

enum { MSIX_VECTORS = 4 };

struct msix_vector {
    uint32_t address, address_high, data, control;
};

struct pci_msix {
    struct pci_function *function; /* NULL: there is none */
    unsigned capability;           /* its offset */
    unsigned count;
    struct msix_vector vector[MSIX_VECTORS];
    uint32_t pending; /* a bit for each that was masked when it was sent */
};

/* For a function that has been added; false if the host has no room. */
bool pci_msix_init(struct pci_msix *m, struct pci_function *f, unsigned base, unsigned count);
/* Has the guest chosen messages? Then the function does not use its pin. */
bool pci_msix_is_on(const struct pci_msix *m);
/* Sends the message of a vector, once it is not masked; one that there is not is ignored. */
void pci_msix_send(struct pci_msix *m, unsigned vector);
extern const struct state_table pci_msix_state;

/* --- for the function --- */

void pci_msix_reset(struct pci_msix *m);
/* Its capability has been written: what is pending may be let through. */
void pci_msix_poll(struct pci_msix *m);

#endif
