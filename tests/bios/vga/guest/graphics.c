/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters, pixels and scrolling in graphics modes; seen through AH=0Dh and in memory. */
#include "tests/bios/vga/guest/guest.h"

static uint8_t pixel(uint16_t x, uint16_t y)
{
    return (uint8_t)video(0x0d00, 0, x, y);
}

static void plot(uint16_t x, uint16_t y, uint8_t color)
{
    video(0x0c00 | color, 0, x, y);
}

static const struct graphics_mode {
    uint8_t number, color, mask, height;
    uint16_t width, lines;
} modes[] = {
    {0x04, 2, 3, 8, 320, 200},    {0x05, 1, 3, 8, 320, 200},    {0x06, 1, 1, 8, 640, 200},
    {0x0d, 9, 15, 8, 320, 200},   {0x0e, 6, 15, 8, 640, 200},   {0x0f, 1, 5, 14, 640, 350},
    {0x10, 5, 15, 14, 640, 350},  {0x11, 15, 15, 16, 640, 480}, {0x12, 10, 15, 16, 640, 480},
    {0x13, 99, 255, 8, 320, 200},
};
static const struct graphics_mode *mode;

static void each_mode(void (*body)(void))
{
    for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        mode = &modes[i];
        video(mode->number, 0, 0, 0);
        body();
    }
}

static void pixels_of_mode(void)
{
    uint16_t x = mode->width - 1, y = mode->lines - 1;
    plot(0, 0, mode->color);
    plot(x, y, mode->color);
    plot(101, 51, mode->color);
    SAME(pixel(0, 0), mode->color);
    SAME(pixel(x, y), mode->color);
    SAME(pixel(101, 51), mode->color);
    SAME(pixel(100, 51), 0);
    SAME(pixel(102, 51), 0);
    SAME(pixel(101, 52), 0);
    if (mode->number != 0x13) {
        plot(101, 51, 0x80 | mode->color);
        SAME(pixel(101, 51), 0);
        plot(101, 51, 0x80 | mode->color);
        SAME(pixel(101, 51), mode->color);
    }
    plot(101, 51, 0);
    SAME(pixel(101, 51), 0);
}

static void pixels(void)
{
    each_mode(pixels_of_mode);
}

/* The colour of a glyph's dot: a full block, which is the same in all fonts. */
static void characters_of_mode(void)
{
    video(0x0200, 0, 0, 0x0203);
    video(0x09db, mode->color, 2, 0);
    SAME(pixel(24, 2 * mode->height), mode->color);
    SAME(pixel(39, 3 * mode->height - 1), mode->color);
    SAME(pixel(40, 2 * mode->height), 0);
    SAME(pixel(23, 2 * mode->height), 0);
    SAME(pixel(24, 3 * mode->height), 0);
    SAME(video(0x0800, 0, 0, 0) & 0xff, 0xdb);
    video(0x0941, mode->color, 1, 0);
    SAME(video(0x0800, 0, 0, 0) & 0xff, 0x41);
    SAME(pixel(24, 2 * mode->height), 0);
    if (mode->number != 0x13) {
        video(0x0941, 0x80 | mode->color, 1, 0);
        SAME(video(0x0800, 0, 0, 0) & 0xff, 0);
    }
}

static void characters(void)
{
    each_mode(characters_of_mode);
}

static void teletype_of_mode(void)
{
    unsigned last = BDA8(0x84);
    video(0x0200, 0, 0, 0x0000);
    video(0x0edb, mode->color, 0, 0);
    SAME(BDA16(0x50), 1);
    SAME(pixel(7, 0), mode->color);
    video(0x0200, 0, 0, (uint16_t)(last << 8 | 5));
    video(0x0edb, mode->color, 0, 0);
    video(0x0e0a, mode->color, 0, 0);
    SAME(BDA16(0x50), last << 8 | 6);
    SAME(pixel(40, (uint16_t)(last * mode->height)), 0);
    SAME(pixel(40, (uint16_t)(last * mode->height - 1)), mode->color);
    SAME(pixel(0, 0), 0);
}

static void graphics_teletype(void)
{
    each_mode(teletype_of_mode);
}

static void scroll_of_mode(void)
{
    uint16_t h = mode->height;
    plot(16, (uint16_t)(5 * h), mode->color);
    plot(15, (uint16_t)(5 * h), mode->color);
    video(0x0602, 0, 0x0202, 0x0a0a);
    SAME(pixel(16, (uint16_t)(3 * h)), mode->color);
    SAME(pixel(16, (uint16_t)(5 * h)), 0);
    SAME(pixel(15, (uint16_t)(5 * h)), mode->color);
    SAME(pixel(15, (uint16_t)(3 * h)), 0);
    video(0x0703, 0, 0x0202, 0x0a0a);
    SAME(pixel(16, (uint16_t)(6 * h)), mode->color);
    SAME(pixel(16, (uint16_t)(3 * h)), 0);
    video(0x0600, mode->color << 8, 0x0202, 0x0203);
    SAME(pixel(16, (uint16_t)(3 * h - 1)), mode->color);
    SAME(pixel(31, (uint16_t)(2 * h)), mode->color);
    SAME(pixel(32, (uint16_t)(2 * h)), 0);
}

static void graphics_scroll(void)
{
    each_mode(scroll_of_mode);
}

/* Writing modes, masks and planes are afterwards as programs expect them. */
static void registers_of_mode(void)
{
    uint8_t before[9], plane_mask = indexed(SEQUENCER, 2);
    for (unsigned i = 0; i < 9; i++)
        before[i] = indexed(GRAPHICS, (uint8_t)i);
    scroll_of_mode();
    video(mode->number, 0, 0, 0);
    pixels_of_mode();
    characters_of_mode();
    for (unsigned i = 0; i < 9; i++)
        SAME(indexed(GRAPHICS, (uint8_t)i), before[i]);
    SAME(indexed(SEQUENCER, 2), plane_mask);
}

static void graphics_registers(void)
{
    each_mode(registers_of_mode);
}

static void cga_memory(void)
{
    video(4, 0, 0, 0);
    plot(0, 0, 3);
    plot(1, 1, 2);
    plot(5, 2, 1);
    SAME(peek8(0xb800, 0), 0xc0);
    SAME(peek8(0xb800, 0x2000), 0x20);
    SAME(peek8(0xb800, 81), 0x10);
    video(6, 0, 0, 0);
    plot(9, 3, 1);
    SAME(peek8(0xb800, 0x2000 + 80 + 1), 0x40);
}

static void planar_pages(void)
{
    video(0x0d, 0, 0, 0);
    video(0x0c07, 0x0200, 8, 0);
    outw(GRAPHICS, 4);
    SAME(peek8(0xa000, 0x4001), 0x80);
    SAME(video(0x0d00, 0x0200, 8, 0) & 0xff, 7);
    video(0x0502, 0, 0, 0);
    SAME(indexed(0x3d4, 0x0c) << 8 | indexed(0x3d4, 0x0d), 0x4000);
}

/* INT 43h and 1Fh are where glyphs come from. */
static void graphics_font(void)
{
    static uint8_t font[256 * 8];
    font['Q' * 8] = 0x55;
    font['Q' * 8 + 7] = 0x81;
    video(0x13, 0, 0, 0);
    SAME(peek16(0, 0x43 * 4 + 2), 0xc000);
    struct regs r = {.eax = 0x1121, .ebx = 2, .ecx = 8, .es = HERE};
    r.ebp = (uint32_t)(uintptr_t)font;
    video_all(&r);
    SAME(BDA8(0x84), 24);
    SAME(BDA16(0x85), 8);
    SAME(peek32(0, 0x43 * 4), (uint32_t)HERE << 16 | (uint16_t)(uintptr_t)font);
    video(0x0951, 12, 1, 0);
    SAME(pixel(0, 0), 0);
    SAME(pixel(1, 0), 12);
    SAME(pixel(0, 7), 12);
    SAME(pixel(7, 7), 12);
    video(4, 0, 0, 0);
    r = (struct regs){.eax = 0x1120, .es = HERE};
    r.ebp = (uint32_t)(uintptr_t)font;
    video_all(&r);
    video(0x0900 | (128 + 'Q'), 3, 1, 0);
    SAME(peek16(0xb800, 0), 0x3333);
}

void check_graphics(void)
{
    check("pixels", pixels);
    check("characters", characters);
    check("graphics_teletype", graphics_teletype);
    check("graphics_scroll", graphics_scroll);
    check("graphics_registers", graphics_registers);
    check("cga_memory", cga_memory);
    check("planar_pages", planar_pages);
    check("graphics_font", graphics_font);
}
