/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/registers.h"

enum { INPUT_STATUS = 6 /* from the CRTC's index port; a read resets the flip-flop */ };
enum { PALETTE_ON = 0x20 };

uint8_t indexed_read(uint16_t port, uint8_t index)
{
    outb(port, index);
    return inb(port + 1);
}

void indexed_change(uint16_t port, uint8_t index, uint8_t clear, uint8_t set)
{
    uint8_t value = indexed_read(port, index);
    outb(port + 1, (uint8_t)((value & ~clear) | set));
}

uint16_t crtc_port(void)
{
    return inb(MISC_READ) & 1 ? CRTC_COLOR : CRTC_MONO;
}

/* The palette is either accessible or shown: the index says which. */
uint8_t attribute_read(uint8_t index)
{
    uint16_t status = crtc_port() + INPUT_STATUS;
    inb(status);
    outb(ATTRIBUTE, index);
    uint8_t value = inb(ATTRIBUTE + 1);
    inb(status);
    outb(ATTRIBUTE, PALETTE_ON);
    inb(status);
    return value;
}

void attribute_write(uint8_t index, uint8_t value)
{
    uint16_t status = crtc_port() + INPUT_STATUS;
    inb(status);
    outb(ATTRIBUTE, index);
    outb(ATTRIBUTE, value);
    outb(ATTRIBUTE, PALETTE_ON);
    inb(status);
}

struct vga_color dac_read(uint8_t index)
{
    struct vga_color color;
    outb(DAC_READ_INDEX, index);
    color.red = inb(DAC_DATA);
    color.green = inb(DAC_DATA);
    color.blue = inb(DAC_DATA);
    return color;
}

void dac_write(uint8_t index, struct vga_color color)
{
    outb(DAC_INDEX, index);
    outb(DAC_DATA, color.red);
    outb(DAC_DATA, color.green);
    outb(DAC_DATA, color.blue);
}

struct vga_color gray_of(struct vga_color color)
{
    uint8_t level = (uint8_t)((color.red * 77 + color.green * 151 + color.blue * 28 + 128) >> 8);
    if (level > 0x3f)
        level = 0x3f;
    return (struct vga_color){level, level, level};
}

void dac_gray(uint8_t first, uint16_t count)
{
    for (; count; count--, first++)
        dac_write(first, gray_of(dac_read(first)));
}

uint16_t dispi_read(enum dispi index)
{
    outw(DISPI_INDEX, index);
    return inw(DISPI_DATA);
}

void dispi_write(enum dispi index, uint16_t value)
{
    outw(DISPI_INDEX, index);
    outw(DISPI_DATA, value);
}

/* Versions are B0C0 to B0CF; from 2 on there is a linear frame buffer. */
bool dispi_there(void)
{
    return (dispi_read(DISPI_ID) & 0xfff0) == 0xb0c0;
}
