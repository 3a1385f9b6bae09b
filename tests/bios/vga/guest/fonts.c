/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AH=11h. */
#include "tests/bios/vga/guest/guest.h"

/* A byte of plane 2, where fonts are. */
static uint8_t glyph_byte(unsigned block, unsigned character, unsigned line)
{
    uint8_t sequencer = indexed(SEQUENCER, 4);
    outw(SEQUENCER, 0x0704);
    outw(GRAPHICS, 0x0204);
    outw(GRAPHICS, 0x0005);
    outw(GRAPHICS, 0x0406);
    uint16_t base = (uint16_t)((block & 3) << 14 | (block & 4) << 11);
    uint8_t value = peek8(0xa000, (uint16_t)(base + character * 32 + line));
    outw(SEQUENCER, (uint16_t)(sequencer << 8 | 4));
    outw(GRAPHICS, 0x0004);
    outw(GRAPHICS, 0x1005);
    outw(GRAPHICS, 0x0e06);
    return value;
}

static struct regs information(uint8_t which)
{
    struct regs r = {.eax = 0x1130, .ebx = (uint32_t)which << 8};
    video_all(&r);
    return r;
}

static uint8_t rom_byte(uint8_t which, unsigned offset)
{
    struct regs r = information(which);
    return peek8(r.es, (uint16_t)(r.ebp + offset));
}

static void font_information(void)
{
    video(3, 0, 0, 0);
    struct regs r = information(6);
    SAME(W(r.ecx), 16);
    SAME(DL(r), 24);
    SAME(peek8(r.es, (uint16_t)(r.ebp + 0xdb * 16 + 15)), 0xff);
    SAME(rom_byte(2, 0xdb * 14 + 13), 0xff);
    SAME(rom_byte(3, 0x41 * 8 + 7), 0);
    SAME(rom_byte(4, (0xdb - 128) * 8 + 7), 0xff);
    SAME(rom_byte(4, 5), rom_byte(3, 128 * 8 + 5));
    r = information(0);
    SAME(r.es << 16 | W(r.ebp), peek32(0, 0x1f * 4));
    r = information(1);
    SAME(r.es << 16 | W(r.ebp), peek32(0, 0x43 * 4));
}

/* Lists of a character and its glyph, up to a 0; characters rise. */
static void font_wide(void)
{
    for (unsigned which = 5; which <= 7; which += 2) {
        struct regs r = information((uint8_t)which);
        unsigned height = which == 5 ? 14 : 16, previous = 0, count = 0;
        uint16_t at = (uint16_t)r.ebp;
        for (uint8_t c; (c = peek8(r.es, at)) != 0; at += height + 1, count++) {
            SAME(c > previous, 1);
            previous = c;
            SAME(count < 64, 1);
            if (count >= 64)
                return;
        }
    }
}

/* Text mode 3 has the font of 16 lines, and letters that nine dots want. */
static void font_of_mode(void)
{
    video(3, 0, 0, 0);
    for (unsigned line = 0; line < 16; line++) {
        SAME(glyph_byte(0, 'A', line), rom_byte(6, 'A' * 16 + line));
        SAME(glyph_byte(0, 0xb2, line), rom_byte(6, 0xb2 * 16 + line));
    }
    SAME(indexed(SEQUENCER, 3), 0);
    SAME(peek16(0xb800, 0), 0x0720);
    SAME(indexed(GRAPHICS, 5), 0x10);
    SAME(indexed(GRAPHICS, 6) & 0x0f, 0x0e);
    SAME(indexed(SEQUENCER, 2), 3);
    SAME(indexed(SEQUENCER, 4), 2);
}

static const uint8_t user[2 * 16] = {1,  2,  3,  4,  5,  6,  7,    8,    9,   10,
                                     11, 12, 13, 14, 15, 16, 0x81, 0x82, 0x83};

static void font_user(void)
{
    video(3, 0, 0, 0);
    struct regs r = {.eax = 0x1100, .ebx = 0x1002, .ecx = 2, .edx = 'J', .es = HERE};
    r.ebp = (uint32_t)(uintptr_t)user;
    video_all(&r);
    SAME(glyph_byte(2, 'J', 0), 1);
    SAME(glyph_byte(2, 'J', 15), 16);
    SAME(glyph_byte(2, 'K', 2), 0x83);
    SAME(BDA8(0x84), 24);
    video(0x1103, 0x0a, 0, 0);
    SAME(indexed(SEQUENCER, 3), 0x0a);
    video(0x1103, 0, 0, 0);
}

static void font_blocks(void)
{
    video(3, 0, 0, 0);
    video(0x1102, 5, 0, 0);
    SAME(glyph_byte(5, 'A', 0), rom_byte(3, 'A' * 8));
    SAME(BDA16(0x85), 16);
    video(0x1101, 1, 0, 0);
    SAME(glyph_byte(1, 'A', 9), rom_byte(2, 'A' * 14 + 9));
}

/* Rows, cursor and CRTC follow the height. */
static void font_fifty_rows(void)
{
    video(3, 0, 0, 0);
    video(0x1112, 0, 0, 0);
    SAME(BDA8(0x84), 49);
    SAME(BDA16(0x85), 8);
    SAME(indexed(0x3d4, 9) & 0x1f, 7);
    SAME(indexed(0x3d4, 0x12), 0x8f);
    SAME(indexed(0x3d4, 0x0a) & 0x1f, 6);
    SAME(indexed(0x3d4, 0x0b) & 0x1f, 7);
    video(0x0200, 0, 0, 0x3100);
    video(0x0e0a, 7, 0, 0);
    SAME(BDA16(0x50), 0x3100);
    video(0x1111, 0, 0, 0);
    SAME(BDA8(0x84), 27);
    SAME(indexed(0x3d4, 9) & 0x1f, 13);
    SAME(indexed(0x3d4, 0x12), (28 * 14 - 1) & 0xff);
    video(0x1114, 0, 0, 0);
    SAME(BDA8(0x84), 24);
    SAME(indexed(0x3d4, 0x12), 0x8f);
}

static void font_graphics_rows(void)
{
    video(0x12, 0, 0, 0);
    video(0x1123, 2, 0, 0);
    SAME(BDA16(0x85), 8);
    SAME(BDA8(0x84), 24);
    struct regs r = information(3);
    SAME(peek32(0, 0x43 * 4), r.es << 16 | W(r.ebp));
    video(0x1122, 0, 0, 33);
    SAME(BDA16(0x85), 14);
    SAME(BDA8(0x84), 32);
    video(0x1124, 1, 0, 0);
    SAME(BDA16(0x85), 16);
    SAME(BDA8(0x84), 13);
}

void check_fonts(void)
{
    check("font_information", font_information);
    check("font_wide", font_wide);
    check("font_of_mode", font_of_mode);
    check("font_user", font_user);
    check("font_blocks", font_blocks);
    check("font_fifty_rows", font_fifty_rows);
    check("font_graphics_rows", font_graphics_rows);
}
