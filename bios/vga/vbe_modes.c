/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VBE's modes: the numbers that VESA gave, and those that the Bochs adapter's BIOSes share. */
#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

/* clang-format off */

/* 8, 15, 16, 24 and 32 bits. */
#define ALL(width, height, n8, n15, n16, n24, n32) \
    {n8, width, height, 8}, {n15, width, height, 15}, {n16, width, height, 16}, \
    {n24, width, height, 24}, {n32, width, height, 32}
/* 16, 24 and 32 bits, numbers in a row. */
#define DEEP(width, height, n) \
    {n, width, height, 16}, {(n) + 1, width, height, 24}, {(n) + 2, width, height, 32}

static ROM struct vbe_mode modes[] = {
    {0x100, 640, 400, 8},
    {0x102, 800, 600, 4},
    {0x104, 1024, 768, 4},
    {0x106, 1280, 1024, 4},
    ALL(640, 480, 0x101, 0x110, 0x111, 0x112, 0x142),
    ALL(800, 600, 0x103, 0x113, 0x114, 0x115, 0x143),
    ALL(1024, 768, 0x105, 0x116, 0x117, 0x118, 0x144),
    ALL(1280, 1024, 0x107, 0x119, 0x11a, 0x11b, 0x145),
    ALL(320, 200, 0x146, 0x10d, 0x10e, 0x10f, 0x140),
    {0x141, 640, 400, 32},
    ALL(1600, 1200, 0x11c, 0x11d, 0x11e, 0x11f, 0x147),
    ALL(1152, 864, 0x148, 0x149, 0x14a, 0x14b, 0x14c),
    DEEP(1280, 768, 0x175),
    DEEP(1280, 800, 0x178),
    DEEP(1280, 960, 0x17b),
    DEEP(1440, 900, 0x17e),
    DEEP(1400, 1050, 0x181),
    DEEP(1680, 1050, 0x184),
    DEEP(1920, 1200, 0x187),
    DEEP(2560, 1600, 0x18a),
    DEEP(1280, 720, 0x18d),
    DEEP(1920, 1080, 0x190),
    DEEP(1600, 900, 0x193),
    DEEP(2560, 1440, 0x196),
};
/* clang-format on */
enum { MODES = sizeof modes / sizeof modes[0] };
/* VBE's information block has room for as many numbers. */
_Static_assert(MODES < 222 / 2, "the list of modes fits");

uint32_t vbe_pitch(uint32_t pixels, uint8_t bits)
{
    return bits == 4 ? pixels / 8 : pixels * ((bits + 7u) / 8);
}

uint32_t vbe_memory(void)
{
    return (uint32_t)dispi_read(DISPI_MEMORY) << 16;
}

/* The most that the adapter takes, which it tells when asked in this way. */
static uint16_t limit(enum dispi index)
{
    uint16_t enable = dispi_read(DISPI_ENABLE);
    dispi_write(DISPI_ENABLE, enable | DISPI_GET_LIMITS | DISPI_KEEP_MEMORY);
    uint16_t most = dispi_read(index);
    dispi_write(DISPI_ENABLE, enable | DISPI_KEEP_MEMORY);
    return most;
}

static bool possible(ROM struct vbe_mode *m)
{
    uint32_t bytes = vbe_pitch(m->width, m->bits) * m->height * (m->bits == 4 ? 4 : 1);
    return bytes <= vbe_memory() && m->width <= limit(DISPI_XRES) &&
           m->height <= limit(DISPI_YRES) && m->bits <= limit(DISPI_BPP);
}

ROM struct vbe_mode *vbe_next(unsigned *n)
{
    while (*n < MODES) {
        ROM struct vbe_mode *m = &modes[(*n)++];
        if (possible(m))
            return m;
    }
    return NULL;
}

static ROM struct vbe_mode *find(uint16_t number)
{
    for (unsigned i = 0; i < MODES; i++)
        if (modes[i].number == number)
            return &modes[i];
    return NULL;
}

ROM struct vbe_mode *vbe_find(uint16_t number)
{
    ROM struct vbe_mode *m = find(number);
    return m && possible(m) ? m : NULL;
}

uint16_t vbe_recognize(void)
{
    uint16_t width = dispi_read(DISPI_XRES), height = dispi_read(DISPI_YRES);
    uint16_t bits = dispi_read(DISPI_BPP);
    for (unsigned i = 0; i < MODES; i++)
        if (modes[i].width == width && modes[i].height == height && modes[i].bits == bits)
            return modes[i].number;
    return 0;
}

ROM struct vbe_mode *vbe_current(void)
{
    if (!(dispi_read(DISPI_ENABLE) & DISPI_ENABLED))
        return NULL;
    return find(BDA->vbe_mode & VBE_NUMBER);
}
