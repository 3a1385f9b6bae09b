/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The 82371SB (PIIX3) ISA bridge on the PCI bus. Intel 82371SB data sheet (290550). */
#ifndef HW_PC_PIIX3_H
#define HW_PC_PIIX3_H

#include "hw/pci.h"

struct piix3 {
    struct pci_function pci;
};

void piix3_init(struct piix3 *s);
extern const struct device piix3_device;

#endif
