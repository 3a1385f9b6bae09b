/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the card in a program's buffer: INT 10h, AH=1Ch, and VBE's 4F04h. */
#ifndef BIOS_VGA_STATE_H
#define BIOS_VGA_STATE_H

#include "bios/vga/machine.h"

enum { STATE_HARDWARE = 1, STATE_DATA = 2, STATE_COLORS = 4, STATE_VBE = 8 };

void state_services(struct regs *r);

/* Bytes that those parts take. */
uint16_t state_size(uint8_t parts);
void state_save(struct far to, uint8_t parts);
void state_restore(struct far from, uint8_t parts);

#endif
