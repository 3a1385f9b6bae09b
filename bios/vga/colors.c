/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/colors.h"

#include "bios/vga/rom.h"

#include <stdbool.h>

/* EGA's: bits 2 to 0 are two thirds of red, green, blue, bits 5 to 3 one third. */
static uint8_t ega_level(unsigned index, unsigned bit)
{
    return (index >> bit & 1) * 0x2a + (index >> (bit + 3) & 1) * 0x15;
}

static struct vga_color ega_color(unsigned index)
{
    return (struct vga_color){ega_level(index, 2), ega_level(index, 1), ega_level(index, 0)};
}

/* CGA's: bit 3 is intensity, and dark yellow is brown. */
static struct vga_color cga_color(unsigned index)
{
    if (index == 6)
        return ega_color(0x14);
    return ega_color((index & 7) | (index & 8 ? 0x38 : 0));
}

static struct vga_color gray(uint8_t level)
{
    return (struct vga_color){level, level, level};
}

static struct vga_color mono_color(unsigned index)
{
    if (!(index & 8))
        return gray(0);
    return gray(index & 0x10 ? 0x3f : 0x2a);
}

/*
 * A wheel of 24 hues, from blue by red and green back. A primary colour goes through five levels
 * while another stands at an end: red rises, blue falls, green rises, red falls, and so on.
 */
enum { HUES = 24, STEPS = 4 };

static unsigned green_step(unsigned hue)
{
    if (hue < 8)
        return 0;
    return hue < 12 ? hue - 8 : hue <= 20 ? STEPS : HUES - hue;
}

static struct vga_color hue_color(ROM uint8_t *levels, unsigned hue)
{
    return (struct vga_color){levels[green_step((hue + 8) % HUES)], levels[green_step(hue)],
                              levels[green_step((hue + 16) % HUES)]};
}

/* Mode 13h after 16 colours and 16 grays: wheels of three brightnesses, of three saturations each.
 */
static struct vga_color wheel_color(unsigned index)
{
    static ROM uint8_t levels[9][STEPS + 1] = {
        {0x00, 0x10, 0x1f, 0x2f, 0x3f}, {0x1f, 0x27, 0x2f, 0x37, 0x3f},
        {0x2d, 0x31, 0x36, 0x3a, 0x3f}, {0x00, 0x07, 0x0e, 0x15, 0x1c},
        {0x0e, 0x11, 0x15, 0x18, 0x1c}, {0x14, 0x16, 0x18, 0x1a, 0x1c},
        {0x00, 0x04, 0x08, 0x0c, 0x10}, {0x08, 0x0a, 0x0c, 0x0e, 0x10},
        {0x0b, 0x0c, 0x0d, 0x0f, 0x10},
    };
    return index < 9 * HUES ? hue_color(levels[index / HUES], index % HUES) : gray(0);
}

static struct vga_color mode_13_color(unsigned index)
{
    static ROM uint8_t grays[16] = {0x00, 0x05, 0x08, 0x0b, 0x0e, 0x11, 0x14, 0x18,
                                    0x1c, 0x20, 0x24, 0x28, 0x2d, 0x32, 0x38, 0x3f};
    if (index < 16)
        return cga_color(index);
    return index < 32 ? gray(grays[index - 16]) : wheel_color(index - 32);
}

struct vga_color vga_default_color(enum vga_colors colors, unsigned index)
{
    if (colors == VGA_COLORS_256)
        return mode_13_color(index);
    if (index >= 64)
        return gray(0);
    if (colors == VGA_COLORS_64)
        return ega_color(index);
    if (colors == VGA_COLORS_MONO)
        return mono_color(index);
    return cga_color((index & 7) | (index & 0x10 ? 8 : 0));
}
