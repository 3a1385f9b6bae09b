/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a monitor would tell of itself (VESA E-EDID, release A2: EDID 1.4). There is none: this is
 * of one that takes all that the card can do.
 */
#ifndef BIOS_VGA_EDID_H
#define BIOS_VGA_EDID_H

#include "bios/vga/rom.h"

#include <stdint.h>

enum { VGA_EDID_SIZE = 128 };

/* One of its bytes; the last is their checksum. */
uint8_t vga_edid_byte(unsigned at);

#endif
