/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fonts: into plane 2 for text modes, by interrupt vectors for graphics. INT 10h, AH=11h. */
#ifndef BIOS_VGA_FONT_LOAD_H
#define BIOS_VGA_FONT_LOAD_H

#include "bios/vga/machine.h"

void font_services(struct regs *r);

/* The ROM's font of that height, as the mode's width of characters wants it, into block 0. */
void font_load_default(uint8_t height);
/* Points INT 43h at the ROM's font of that height. */
void font_point(uint8_t height);
/* The vectors that INT 10h leaves to others: 1Fh and 43h. */
enum { VECTOR_FONT_HIGH = 0x1f, VECTOR_FONT = 0x43 };

#endif
