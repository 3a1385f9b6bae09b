/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chipset on the PCI bus: the 82441FX host bridge and the 82371SB (PIIX3) ISA bridge. */
#ifndef HW_PC_BRIDGES_H
#define HW_PC_BRIDGES_H

#include "hw/pci.h"

#include <stdint.h>

struct memory;
struct memory_region;

enum { I440FX_SHADOWS = 13 };

struct i440fx {
    struct pci_function pci;
    struct memory *memory;
    struct memory_region *shadow[I440FX_SHADOWS]; /* RAM over C0000h..FFFFFh, by PAM */
    uint8_t attributes[I440FX_SHADOWS];           /* as they are now in force */
};

/* False if the host has no room for the shadow RAM. */
bool i440fx_init(struct i440fx *s, struct memory *memory);
extern const struct device i440fx_device;

struct piix3 {
    struct pci_function pci;
};

void piix3_init(struct piix3 *s);
extern const struct device piix3_device;

#endif
