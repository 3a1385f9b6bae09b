/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IBM's video parameter table: what the registers hold in each mode of the BIOS. The save pointer
 * table at 40:A8 leads programs to it. IBM PS/2 and PC BIOS Interface Technical Reference, Video.
 */
#ifndef BIOS_VGA_PARAMETERS_H
#define BIOS_VGA_PARAMETERS_H

#include "bios/vga/rom.h"

#include <stdint.h>

enum { VGA_CRTC_REGISTERS = 25, VGA_ATTRIBUTE_REGISTERS = 20, VGA_GRAPHICS_REGISTERS = 9 };

struct vga_parameters {
    uint8_t columns, last_row, char_height;
    uint8_t page_size[2];                       /* low byte first */
    uint8_t sequencer[4];                       /* 1 to 4; register 0 is 3 */
    uint8_t misc;                               /* written to 3C2h */
    uint8_t crtc[VGA_CRTC_REGISTERS];           /* 3D4h, or 3B4h if bit 0 of misc is 0 */
    uint8_t attribute[VGA_ATTRIBUTE_REGISTERS]; /* 0 to 13h; register 14h is 0 */
    uint8_t graphics[VGA_GRAPHICS_REGISTERS];
};
_Static_assert(sizeof(struct vga_parameters) == 64, "programs know this layout");

/* Rows of the table, in IBM's order. Modes 8 to 0Ch, PCjr's and internal ones, are not there. */
enum vga_parameters_row {
    VGA_ROW_MODE_0_8X8 = 0x00,
    VGA_ROW_MODE_4 = 0x04,
    VGA_ROW_MODE_6 = 0x06,
    VGA_ROW_MODE_7_8X14 = 0x07,
    VGA_ROW_MODE_0D = 0x0d,
    VGA_ROW_MODE_0E = 0x0e,
    VGA_ROW_MODE_0F = 0x11,
    VGA_ROW_MODE_10 = 0x12,
    VGA_ROW_MODE_0_8X14 = 0x13,
    VGA_ROW_MODE_0_9X16 = 0x17, /* and 1 */
    VGA_ROW_MODE_2_9X16 = 0x18, /* and 3: what the BIOS leaves after its start */
    VGA_ROW_MODE_7_9X16 = 0x19,
    VGA_ROW_MODE_11 = 0x1a,
    VGA_ROW_MODE_12 = 0x1b,
    VGA_ROW_MODE_13 = 0x1c,
    VGA_PARAMETERS_ROWS
};
extern ROM struct vga_parameters vga_parameters[VGA_PARAMETERS_ROWS];

#endif
