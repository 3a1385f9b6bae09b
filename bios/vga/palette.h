/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 10h: colours. */
#ifndef BIOS_VGA_PALETTE_H
#define BIOS_VGA_PALETTE_H

#include "bios/vga/machine.h"

void palette_cga(struct regs *r);      /* 0Bh */
void palette_services(struct regs *r); /* 10h */

#endif
