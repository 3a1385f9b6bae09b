/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the BIOS loads the DAC with. */
#ifndef BIOS_VGA_COLORS_H
#define BIOS_VGA_COLORS_H

#include <stdint.h>

enum vga_colors {
    VGA_COLORS_64,   /* text modes and EGA's of 350 lines: the index is rgbRGB */
    VGA_COLORS_16,   /* modes of 200 lines: CGA's, bit 4 of the index is intensity */
    VGA_COLORS_MONO, /* two intensities: bits 3 and 4 */
    VGA_COLORS_256,  /* mode 13h */
};

struct vga_color {
    uint8_t red, green, blue; /* 0 to 63 */
};
/* A register of the DAC, 0 to 255. Colours that the palette does not tell of are black. */
struct vga_color vga_default_color(enum vga_colors colors, unsigned index);

#endif
