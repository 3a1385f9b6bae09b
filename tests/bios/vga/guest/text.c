/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AH=01h to 0Ah, 0Eh, 13h in text modes. */
#include "tests/bios/vga/guest/guest.h"

static uint16_t cell(unsigned column, unsigned row)
{
    return peek16(0xb800, (uint16_t)(BDA16(0x4e) + (row * BDA16(0x4a) + column) * 2));
}

static void put(unsigned column, unsigned row, uint16_t value)
{
    poke16(0xb800, (uint16_t)(BDA16(0x4e) + (row * BDA16(0x4a) + column) * 2), value);
}

static uint16_t crtc_cursor(void)
{
    return (uint16_t)(indexed(0x3d4, 0x0e) << 8 | indexed(0x3d4, 0x0f));
}

static void move(uint8_t column, uint8_t row)
{
    video(0x0200, 0, 0, (uint16_t)(row << 8 | column));
}

static void cursor_moves(void)
{
    video(3, 0, 0, 0);
    move(13, 7);
    SAME(crtc_cursor(), 7 * 80 + 13);
    SAME(BDA16(0x50), 7 << 8 | 13);
    video(0x0300, 0, 0, 0);
    SAME(W(after.edx), 7 << 8 | 13);
    SAME(W(after.ecx), 0x0607);
    video(0x0200, 0x0200, 0, 0x0304);
    SAME(crtc_cursor(), 7 * 80 + 13);
    video(0x0300, 0x0200, 0, 0);
    SAME(W(after.edx), 0x0304);
}

/* CGA's lines are told; the screen has 16. */
static void cursor_shapes(void)
{
    video(3, 0, 0, 0);
    video(0x0100, 0, 0x0607, 0);
    SAME(BDA16(0x60), 0x0607);
    SAME(indexed(0x3d4, 0x0a) & 0x1f, 0x0d);
    SAME(indexed(0x3d4, 0x0b) & 0x1f, 0x0e);
    video(0x0100, 0, 0x0007, 0);
    SAME(indexed(0x3d4, 0x0a), 0x00);
    SAME(indexed(0x3d4, 0x0b) & 0x1f, 0x0f);
    video(0x0100, 0, 0x2000, 0);
    SAME(indexed(0x3d4, 0x0a) & 0x20, 0x20);
    SAME(BDA16(0x60), 0x2000);
}

/* AX=1200h, 1201h, BL=34h. */
static void cursor_as_is(void)
{
    video(3, 0, 0, 0);
    SAME(video(0x1201, 0x34, 0, 0) & 0xff, 0x12);
    video(0x0100, 0, 0x0305, 0);
    SAME(indexed(0x3d4, 0x0a) & 0x1f, 3);
    SAME(indexed(0x3d4, 0x0b) & 0x1f, 5);
    video(0x1200, 0x34, 0, 0);
    SAME(BDA8(0x87) & 1, 0);
}

static void pages(void)
{
    video(3, 0, 0, 0);
    move(5, 5);
    video(0x0501, 0, 0, 0);
    SAME(BDA8(0x62), 1);
    SAME(BDA16(0x4e), 0x1000);
    SAME(indexed(0x3d4, 0x0c) << 8 | indexed(0x3d4, 0x0d), 0x800);
    SAME(crtc_cursor(), 0x800);
    video(0x0e41, 0x0007, 0, 0);
    SAME(peek8(0xb800, 0x1000), 'A');
    video(0x0f00, 0, 0, 0);
    SAME(BH(after), 1);
    video(0x0500, 0, 0, 0);
    SAME(crtc_cursor(), 5 * 80 + 5);
    SAME(BDA16(0x4e), 0);
}

static void writes(void)
{
    video(3, 0, 0, 0);
    move(78, 1);
    video(0x0941, 0x001e, 4, 0);
    SAME(cell(78, 1), 0x1e41);
    SAME(cell(79, 1), 0x1e41);
    SAME(cell(0, 2), 0x1e41);
    SAME(cell(1, 2), 0x1e41);
    SAME(cell(2, 2), 0x0720);
    SAME(BDA16(0x50), 0x014e);
    video(0x0a42, 0x0000, 1, 0);
    SAME(cell(78, 1), 0x1e42);
    SAME(video(0x0800, 0, 0, 0), 0x1e42);
    video(0x0943, 0x0370, 1, 0);
    SAME(peek16(0xb800, 3 * 0x1000), 0x7043);
}

static void teletype(const char *text)
{
    for (; *text; text++)
        video((uint16_t)(0x0e00 | (uint8_t)*text), 0x0007, 0, 0);
}

static void teletypes(void)
{
    video(3, 0, 0, 0);
    put(1, 0, 0x4e20);
    teletype("abc\b\bX\r\nY");
    SAME(cell(0, 0), 0x0761);
    SAME(cell(1, 0), 0x4e58);
    SAME(cell(2, 0), 0x0763);
    SAME(cell(0, 1), 0x0759);
    SAME(BDA16(0x50), 0x0101);
    SAME(crtc_cursor(), 81);
    move(0, 3);
    teletype("\b");
    SAME(BDA16(0x50), 0x0300);
    move(79, 3);
    teletype("Z");
    SAME(cell(79, 3), 0x075a);
    SAME(BDA16(0x50), 0x0400);
}

/* The last line's attribute goes on. */
static void teletype_scrolls(void)
{
    video(3, 0, 0, 0);
    put(0, 1, 0x1231);
    put(0, 24, 0x4e32);
    move(0, 24);
    teletype("\n");
    SAME(cell(0, 0), 0x1231);
    SAME(cell(0, 23), 0x4e32);
    SAME(cell(0, 24), 0x4e20);
    SAME(BDA16(0x50), 0x1800);
    move(79, 24);
    teletype("E");
    SAME(cell(79, 23) & 0xff, 'E');
    SAME(BDA16(0x50), 0x1800);
}

/* The speaker is afterwards as it was. */
static void bell(void)
{
    uint8_t before = inb(0x61) & 3;
    video(3, 0, 0, 0);
    teletype("\a");
    SAME(BDA16(0x50), 0);
    SAME(inb(0x61) & 3, before);
}

static void fill_rows(void)
{
    for (unsigned row = 0; row < 25; row++)
        for (unsigned column = 0; column < 80; column++)
            put(column, row, (uint16_t)(0x0700 | ('a' + row)));
}

static void scrolls_up(void)
{
    video(3, 0, 0, 0);
    fill_rows();
    video(0x0602, 0x1f00, 0x0305, 0x0a0f);
    SAME(cell(5, 2), 0x0700 | 'c');
    SAME(cell(5, 3), 0x0700 | 'f');
    SAME(cell(15, 8), 0x0700 | 'k');
    SAME(cell(4, 3), 0x0700 | 'd');
    SAME(cell(16, 3), 0x0700 | 'd');
    SAME(cell(5, 9), 0x1f20);
    SAME(cell(15, 10), 0x1f20);
    SAME(cell(5, 11), 0x0700 | 'l');
}

static void scrolls_down(void)
{
    video(3, 0, 0, 0);
    fill_rows();
    video(0x0703, 0x2a00, 0x0400, 0x184f);
    SAME(cell(0, 3), 0x0700 | 'd');
    SAME(cell(0, 4), 0x2a20);
    SAME(cell(79, 6), 0x2a20);
    SAME(cell(0, 7), 0x0700 | 'e');
    SAME(cell(79, 24), 0x0700 | 'v');
}

static void scroll_clears(void)
{
    video(3, 0, 0, 0);
    fill_rows();
    video(0x0600, 0x3000, 0x0000, 0x184f);
    SAME(cell(0, 0), 0x3020);
    SAME(cell(79, 24), 0x3020);
    fill_rows();
    video(0x0719, 0x3100, 0x0000, 0x184f);
    SAME(cell(0, 0), 0x3120);
    SAME(cell(79, 24), 0x3120);
}

/* Beyond the screen it is cut. */
static void scroll_cuts(void)
{
    video(3, 0, 0, 0);
    fill_rows();
    video(0x0601, 0x0700, 0x0000, 0xffff);
    SAME(cell(0, 0), 0x0700 | 'b');
    SAME(cell(0, 24), 0x0720);
    SAME(peek16(0xb800, 4000), 0x0720);
}

static void string(uint16_t ax, uint16_t bx, uint16_t count, uint16_t dx, const char *text)
{
    struct regs r = {.eax = ax, .ebx = bx, .ecx = count, .edx = dx, .es = HERE};
    r.ebp = (uint32_t)(uintptr_t)text;
    video_all(&r);
}

static void strings(void)
{
    video(3, 0, 0, 0);
    move(1, 1);
    string(0x1300, 0x001c, 3, 0x0204, "one");
    SAME(cell(4, 2), 0x1c6f);
    SAME(cell(6, 2), 0x1c65);
    SAME(BDA16(0x50), 0x0101);
    string(0x1301, 0x002d, 5, 0x0300, "a\r\nbc");
    SAME(cell(0, 3), 0x2d61);
    SAME(cell(1, 4), 0x2d63);
    SAME(BDA16(0x50), 0x0402);
    string(0x1302, 0x0000, 2, 0x0500, "x\x11y\x12");
    SAME(cell(0, 5), 0x1178);
    SAME(cell(1, 5), 0x1279);
    SAME(BDA16(0x50), 0x0402);
    string(0x1303, 0x0000, 1, 0x0600, "z\x13");
    SAME(cell(0, 6), 0x137a);
    SAME(BDA16(0x50), 0x0601);
}

static void forty_columns(void)
{
    video(1, 0, 0, 0);
    move(39, 0);
    teletype("ab");
    SAME(peek16(0xb800, 78), 0x0761);
    SAME(peek16(0xb800, 80), 0x0762);
    video(0x0502, 0, 0, 0);
    SAME(BDA16(0x4e), 0x1000);
}

static void monochrome(void)
{
    video(7, 0, 0, 0);
    teletype("m");
    SAME(peek16(0xb000, 0), 0x076d);
    SAME(indexed(0x3b4, 0x0f), 1);
}

void check_text(void)
{
    check("cursor_moves", cursor_moves);
    check("cursor_shapes", cursor_shapes);
    check("cursor_as_is", cursor_as_is);
    check("pages", pages);
    check("writes", writes);
    check("teletypes", teletypes);
    check("teletype_scrolls", teletype_scrolls);
    check("bell", bell);
    check("scrolls_up", scrolls_up);
    check("scrolls_down", scrolls_down);
    check("scroll_clears", scroll_clears);
    check("scroll_cuts", scroll_cuts);
    check("strings", strings);
    check("forty_columns", forty_columns);
    check("monochrome", monochrome);
}
