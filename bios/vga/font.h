/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fonts of IBM's VGA for code page 437. A line of a glyph is a byte, its left dot is bit 7. */
#ifndef BIOS_VGA_FONT_H
#define BIOS_VGA_FONT_H

#include "bios/vga/rom.h"

#include <stdint.h>

extern ROM uint8_t vga_font_8x8[256 * 8];
extern ROM uint8_t vga_font_8x14[256 * 14];
extern ROM uint8_t vga_font_8x16[256 * 16];

/*
 * What replaces glyphs where characters are 9 dots wide: a character and its glyph each, and a 0.
 * They take all 8 dots; the ninth keeps them apart.
 */
enum { VGA_WIDE_GLYPHS = 11 };
extern ROM uint8_t vga_font_9x14[VGA_WIDE_GLYPHS * 15 + 1];
extern ROM uint8_t vga_font_9x16[VGA_WIDE_GLYPHS * 17 + 1];

#endif
