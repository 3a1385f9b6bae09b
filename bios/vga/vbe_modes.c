/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VBE's modes: the numbers that VESA gave, and those that the Bochs adapter's BIOSes share. */
#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

/* clang-format off */

/* 8, 15, 16, 24 and 32 bits. */
#define ALL(width, height, n8, n15, n16, n24, n32) \
    {n8, width, height, 8}, {n15, width, height, 15}, {n16, width, height, 16}, \
    {n24, width, height, 24}, {n32, width, height, 32}
/* Likewise, numbers of the first two and of the others in a row. */
#define WIDE(width, height, n8, n16) \
    ALL(width, height, n8, (n8) + 1, n16, (n16) + 1, (n16) + 2)

static ROM struct vbe_mode modes[] = {
    {0x108, 80, 60, VBE_TEXT},
    {0x109, 132, 25, VBE_TEXT},
    {0x10a, 132, 43, VBE_TEXT},
    {0x10b, 132, 50, VBE_TEXT},
    {0x10c, 132, 60, VBE_TEXT},
    {0x100, 640, 400, 8},
    {0x102, 800, 600, 4},
    {0x104, 1024, 768, 4},
    {0x106, 1280, 1024, 4},
    {0x14d, 1600, 1200, 4},
    {0x14e, 1920, 1080, 4},
    {0x14f, 2560, 1600, 4},
    ALL(640, 480, 0x101, 0x110, 0x111, 0x112, 0x142),
    ALL(800, 600, 0x103, 0x113, 0x114, 0x115, 0x143),
    ALL(1024, 768, 0x105, 0x116, 0x117, 0x118, 0x144),
    ALL(1280, 1024, 0x107, 0x119, 0x11a, 0x11b, 0x145),
    ALL(320, 200, 0x146, 0x10d, 0x10e, 0x10f, 0x140),
    {0x141, 640, 400, 32},
    ALL(1600, 1200, 0x11c, 0x11d, 0x11e, 0x11f, 0x147),
    ALL(1152, 864, 0x148, 0x149, 0x14a, 0x14b, 0x14c),
    WIDE(1280, 768, 0x150, 0x175),
    WIDE(1280, 800, 0x152, 0x178),
    WIDE(1280, 960, 0x154, 0x17b),
    WIDE(1440, 900, 0x156, 0x17e),
    WIDE(1400, 1050, 0x158, 0x181),
    WIDE(1680, 1050, 0x15a, 0x184),
    WIDE(1920, 1200, 0x15c, 0x187),
    WIDE(2560, 1600, 0x15e, 0x18a),
    WIDE(1280, 720, 0x160, 0x18d),
    WIDE(1920, 1080, 0x162, 0x190),
    WIDE(1600, 900, 0x164, 0x193),
    WIDE(2560, 1440, 0x166, 0x196),
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
    if (m->bits == VBE_TEXT)
        return true;
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
