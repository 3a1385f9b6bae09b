/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PCI configuration space by mechanism 1 (ports CF8h, CFCh; PCI Local Bus Specification 2.1,
 * 3.7.4.1): a bus of functions, each 256 bytes and a mask of what the guest may write. Functions
 * nobody is read as all ones.
 */
#ifndef HW_PCI_H
#define HW_PCI_H

#include "hw/device.h"
#include "hw/irq.h"

#include <stdint.h>

enum { PCI_FUNCTIONS = 8, PCI_CONFIG_SIZE = 256 };

struct pci_function {
    uint8_t devfn; /* device << 3 | function, on bus 0 */
    uint8_t config[PCI_CONFIG_SIZE];
    uint8_t initial[PCI_CONFIG_SIZE];
    uint8_t writable[PCI_CONFIG_SIZE];
    void (*changed)(void *device); /* after a write or a reset; may be NULL */
    void *device;
};

struct pci {
    uint32_t address;      /* CONFADD */
    uint8_t reset_control; /* CF9h, the south bridge's */
    struct irq_line reset;
    unsigned count;
    struct pci_function *function[PCI_FUNCTIONS];
};

void pci_init(struct pci *s, struct irq_line reset);
/* The bus's own registers; functions are devices of their own. */
void pci_reset(void *device);
extern const struct device pci_device;
/* Fills a function with ids, class code (24 bits) and revision, nothing writable yet. */
void pci_function_init(struct pci_function *f, unsigned device, unsigned function, uint16_t vendor,
                       uint16_t id, uint32_t class_revision);
void pci_set(struct pci_function *f, unsigned offset, unsigned size, uint32_t value,
             uint32_t writable);
void pci_add(struct pci *s, struct pci_function *f);
/* For the reset of a function, and for its table. */
void pci_function_reset(struct pci_function *f);
extern const struct state_table pci_function_state;

/* Ports CF8h..CFFh. */
uint32_t pci_read(void *device, uint32_t offset, unsigned size);
void pci_write(void *device, uint32_t offset, uint32_t value, unsigned size);

#endif
