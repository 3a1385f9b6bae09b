/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The VGA's registers, and the Bochs graphics adapter's. */
#ifndef BIOS_VGA_REGISTERS_H
#define BIOS_VGA_REGISTERS_H

#include "bios/vga/colors.h"
#include "bios/vga/machine.h"

enum {
    ATTRIBUTE = 0x3c0, /* index and data; data is read at the next port */
    MISC_WRITE = 0x3c2,
    VIDEO_ENABLE = 0x3c3,
    SEQUENCER = 0x3c4,
    DAC_MASK = 0x3c6,
    DAC_READ_INDEX = 0x3c7,
    DAC_INDEX = 0x3c8,
    DAC_DATA = 0x3c9,
    MISC_READ = 0x3cc,
    GRAPHICS = 0x3ce,
    CRTC_MONO = 0x3b4,
    CRTC_COLOR = 0x3d4,
};

/* For the sequencer, the graphics controller and the CRTC: an index port and a data port. */
static inline void indexed_write(uint16_t port, uint8_t index, uint8_t value)
{
    outw(port, (uint16_t)(value << 8 | index));
}
uint8_t indexed_read(uint16_t port, uint8_t index);
/* Clears bits, then sets some. */
void indexed_change(uint16_t port, uint8_t index, uint8_t clear, uint8_t set);

/* Attribute controller; the screen stays on. */
uint8_t attribute_read(uint8_t index);
void attribute_write(uint8_t index, uint8_t value);
/* What the CRTC answers to, by the miscellaneous output register. */
uint16_t crtc_port(void);

struct vga_color dac_read(uint8_t index);
void dac_write(uint8_t index, struct vga_color color);
/* The weights of 30, 59 and 11 percent. */
struct vga_color gray_of(struct vga_color color);
void dac_gray(uint8_t first, uint16_t count);

/* Bochs's VBE interface. */
enum dispi {
    DISPI_ID,
    DISPI_XRES,
    DISPI_YRES,
    DISPI_BPP,
    DISPI_ENABLE,
    DISPI_BANK,
    DISPI_VIRT_WIDTH,
    DISPI_VIRT_HEIGHT,
    DISPI_X_OFFSET,
    DISPI_Y_OFFSET,
    DISPI_MEMORY, /* in units of 64 KiB */
};
enum {
    DISPI_INDEX = 0x1ce,
    DISPI_DATA = 0x1cf,
    DISPI_ENABLED = 0x01,
    DISPI_GET_LIMITS = 0x02,
    DISPI_8BIT_DAC = 0x20,
    DISPI_LINEAR = 0x40,
    DISPI_KEEP_MEMORY = 0x80,
};
uint16_t dispi_read(enum dispi index);
void dispi_write(enum dispi index, uint16_t value);
bool dispi_there(void);

#endif
