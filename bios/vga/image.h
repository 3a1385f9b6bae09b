/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The VGA BIOS, an option ROM: for C0000h, and for a PCI function's ROM (image.S). */
#ifndef BIOS_VGA_IMAGE_H
#define BIOS_VGA_IMAGE_H

#include <stdint.h>

extern const uint8_t vga_bios[];
extern const uint32_t vga_bios_size;

#endif
