/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PIIX3's function 1: two IDE channels with their bus masters. The channels are at the ports
 * and interrupts of an AT, whatever the function's registers say: BIOSes that know no PCI find
 * them there. Intel 82371SB data sheet (290550), "PCI Configuration Registers, Function 1".
 */
#ifndef HW_PC_PIIX3_IDE_H
#define HW_PC_PIIX3_IDE_H

#include "hw/bus/pci.h"
#include "hw/disk/ide.h"

enum { PIIX3_CHANNELS = 2 };

struct piix3_ide {
    struct pci_function pci;
    struct ide_channel *channel; /* the first */
};

/* The channels stay devices of their own. False if there are too many ports. */
bool piix3_ide_init(struct piix3_ide *s, struct pci *bus,
                    struct ide_channel channel[PIIX3_CHANNELS]);
extern const struct device piix3_ide_device;
/* As a BIOS does it: the bus master may run, and the channels are said to be on. */
void piix3_ide_enable(struct piix3_ide *s);

#endif
