/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AH=0Bh, 10h, and AH=12h where it is about colours. */
#include "tests/bios/vga/guest/guest.h"

static uint8_t buffer[768];

static void block(uint16_t ax, uint16_t bx, uint16_t cx)
{
    struct regs r = {.eax = ax, .ebx = bx, .ecx = cx, .es = HERE};
    r.edx = (uint32_t)(uintptr_t)buffer;
    video_all(&r);
}

static uint32_t color(uint8_t index)
{
    outb(0x3c7, index);
    uint32_t rgb = inb(0x3c9);
    rgb = rgb << 8 | inb(0x3c9);
    return rgb << 8 | inb(0x3c9);
}

static void palette_single(void)
{
    video(3, 0, 0, 0);
    video(0x1000, 0x2a05, 0, 0);
    SAME(attribute(5), 0x2a);
    video(0x1007, 0x0005, 0, 0);
    SAME(BH(after), 0x2a);
    video(0x1001, 0x0900, 0, 0);
    SAME(attribute(0x11), 9);
    video(0x1008, 0, 0, 0);
    SAME(BH(after), 9);
}

static void palette_all(void)
{
    video(3, 0, 0, 0);
    for (unsigned i = 0; i < 17; i++)
        buffer[i] = (uint8_t)(16 + i);
    block(0x1002, 0, 0);
    SAME(attribute(0), 16);
    SAME(attribute(15), 31);
    SAME(attribute(0x11), 32);
    for (unsigned i = 0; i < 17; i++)
        buffer[i] = 0;
    block(0x1009, 0, 0);
    SAME(buffer[3], 19);
    SAME(buffer[16], 32);
}

static void blinking(void)
{
    video(3, 0, 0, 0);
    video(0x1003, 0, 0, 0);
    SAME(attribute(0x10) & 8, 0);
    video(0x1003, 1, 0, 0);
    SAME(attribute(0x10) & 8, 8);
}

/* The picture stays on after an access. */
static void stays_on(void)
{
    video(3, 0, 0, 0);
    video(0x1000, 0x0101, 0, 0);
    inb(0x3da);
    SAME(inb(0x3c0) & 0x20, 0x20);
}

static void dac_single(void)
{
    video(3, 0, 0, 0);
    video(0x1010, 7, 0x1520, 0x0a00);
    SAME(color(7), 0x0a1520);
    video(0x1015, 7, 0, 0);
    SAME(DH(after), 0x0a);
    SAME(W(after.ecx), 0x1520);
}

static void dac_blocks(void)
{
    video(0x13, 0, 0, 0);
    for (unsigned i = 0; i < 768; i++)
        buffer[i] = (uint8_t)(i & 0x3f);
    block(0x1012, 0, 256);
    SAME(color(0), 0x000102);
    SAME(color(255), 0x3d3e3f);
    for (unsigned i = 0; i < 768; i++)
        buffer[i] = 0;
    block(0x1017, 254, 2);
    SAME(buffer[0], 0x3a);
    SAME(buffer[5], 0x3f);
    SAME(buffer[6], 0);
}

static void dac_mask(void)
{
    video(3, 0, 0, 0);
    video(0x1018, 0x0f, 0, 0);
    SAME(inb(0x3c6), 0x0f);
    video(0x1019, 0, 0, 0);
    SAME(BL(after), 0x0f);
    video(3, 0, 0, 0);
    SAME(inb(0x3c6), 0xff);
}

static void dac_pages(void)
{
    video(3, 0, 0, 0);
    video(0x1013, 0x0201, 0, 0);
    SAME(attribute(0x14), 8);
    video(0x101a, 0, 0, 0);
    SAME(W(after.ebx), 0x0200);
    video(0x1013, 0x0100, 0, 0);
    SAME(attribute(0x10) & 0x80, 0x80);
    video(0x1013, 0x0701, 0, 0);
    SAME(attribute(0x14), 7);
    video(0x101a, 0, 0, 0);
    SAME(W(after.ebx), 0x0701);
    video(3, 0, 0, 0);
    SAME(attribute(0x14), 0);
}

static void dac_gray(void)
{
    video(3, 0, 0, 0);
    video(0x1010, 1, 0x0000, 0x3f00);
    video(0x1010, 2, 0x3f3f, 0x3f00);
    video(0x1010, 3, 0x3f00, 0x0000);
    video(0x101b, 1, 2, 0);
    SAME(color(1), 0x131313);
    SAME(color(2), 0x3f3f3f);
    SAME(color(3), 0x003f00);
}

/* AX=1200h, 1201h, BL=33h: colours of modes, and those that programs set. */
static void gray_always(void)
{
    SAME(video(0x1200, 0x33, 0, 0) & 0xff, 0x12);
    video(0x13, 0, 0, 0);
    uint32_t blue = color(1);
    SAME(blue >> 16, blue & 0xff);
    video(0x1010, 9, 0x3f00, 0x0000);
    SAME(color(9), 0x252525);
    video(0x1201, 0x33, 0, 0);
    video(0x13, 0, 0, 0);
    SAME(color(1), 0x00002a);
}

/* BL=31h. */
static void colors_kept(void)
{
    video(3, 0, 0, 0);
    SAME(video(0x1201, 0x31, 0, 0) & 0xff, 0x12);
    video(0x1010, 1, 0x0102, 0x0300);
    video(3, 0, 0, 0);
    SAME(color(1), 0x030102);
    video(0x1200, 0x31, 0, 0);
    video(3, 0, 0, 0);
    SAME(color(1), 0x00002a);
}

static void cga_palettes(void)
{
    video(4, 0, 0, 0);
    video(0x0b00, 0x0100, 0, 0);
    SAME(attribute(1) & 0x0f, 2);
    SAME(attribute(2) & 0x0f, 4);
    SAME(attribute(3) & 0x0f, 6);
    SAME(BDA8(0x66) & 0x20, 0);
    video(0x0b00, 0x0101, 0, 0);
    SAME(attribute(1) & 0x0f, 3);
    SAME(attribute(3) & 0x0f, 7);
    SAME(BDA8(0x66) & 0x20, 0x20);
    video(0x0b00, 0x0001, 0, 0);
    SAME(attribute(0), 1);
    SAME(attribute(1) & 0x10, 0);
    video(0x0b00, 0x001a, 0, 0);
    SAME(attribute(0), 0x12);
    SAME(attribute(0x11), 0x12);
    SAME(attribute(2) & 0x10, 0x10);
}

void check_palette(void)
{
    check("palette_single", palette_single);
    check("palette_all", palette_all);
    check("blinking", blinking);
    check("stays_on", stays_on);
    check("dac_single", dac_single);
    check("dac_blocks", dac_blocks);
    check("dac_mask", dac_mask);
    check("dac_pages", dac_pages);
    check("dac_gray", dac_gray);
    check("gray_always", gray_always);
    check("colors_kept", colors_kept);
    check("cga_palettes", cga_palettes);
}
