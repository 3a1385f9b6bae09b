/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82441FX host bridge, with the shadow RAM. Intel 82441FX data sheet (290549). */
#ifndef HW_PC_I440FX_H
#define HW_PC_I440FX_H

#include "hw/bus/pci.h"

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

#endif
