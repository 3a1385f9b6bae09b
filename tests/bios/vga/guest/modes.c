/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AH=00h, 0Fh: every mode's registers and data area. */
#include "tests/bios/vga/guest/guest.h"

static const uint8_t numbers[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
                                  0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13};

static void dump_indexed(const char *name, uint16_t port, unsigned count)
{
    print(name);
    for (unsigned i = 0; i < count; i++)
        print_hex(indexed(port, (uint8_t)i), 2);
}

static void dump_attributes(void)
{
    print(" ar ");
    for (unsigned i = 0; i < 0x15; i++)
        print_hex(attribute((uint8_t)i), 2);
}

static uint32_t add(uint32_t sum, uint8_t byte)
{
    return (sum ^ byte) * 16777619u;
}

/* Colours of the DAC that the palette can reach. */
static uint32_t digest_colors(unsigned count)
{
    uint32_t sum = 2166136261u;
    outb(0x3c7, 0);
    for (unsigned i = 0; i < 3 * count; i++)
        sum = add(sum, inb(0x3c9));
    return sum;
}

static void dump_data_area(void)
{
    print(" bda ");
    for (uint16_t i = 0x49; i < 0x67; i++)
        print_hex(BDA8(i), 2);
    print(" ");
    for (uint16_t i = 0x84; i < 0x8a; i++)
        print_hex(BDA8(i), 2);
}

static void dump(uint8_t mode)
{
    print("dump mode ");
    print_hex(mode, 2);
    print(": misc ");
    print_hex(inb(0x3cc), 2);
    dump_indexed(" sr ", SEQUENCER, 5);
    dump_indexed(" cr ", crtc(), 25);
    dump_indexed(" gr ", GRAPHICS, 9);
    dump_attributes();
    print(" dac ");
    print_hex(digest_colors(mode == 0x13 ? 256 : 64), 8);
    dump_data_area();
    print("\n");
}

static void dump_all(void)
{
    for (unsigned i = 0; i < sizeof numbers; i++) {
        video(numbers[i], 0, 0, 0);
        dump(numbers[i]);
    }
}

static void mode_get(void)
{
    for (unsigned i = 0; i < sizeof numbers; i++) {
        video(numbers[i], 0, 0, 0);
        SAME(video(0x0f00, 0, 0, 0) & 0xff, numbers[i]);
        SAME(AH(after), BDA16(0x4a));
        SAME(BH(after), 0);
    }
}

/* A mode that there is not changes nothing. */
static void mode_unknown(void)
{
    video(3, 0, 0, 0);
    poke16(0xb800, 0, 0x1234);
    video(0x45, 0, 0, 0);
    SAME(BDA8(0x49), 3);
    SAME(peek16(0xb800, 0), 0x1234);
}

static void mode_keeps(void)
{
    video(3, 0, 0, 0);
    poke16(0xb800, 160, 0x4142);
    video(0x83, 0, 0, 0);
    SAME(peek16(0xb800, 160), 0x4142);
    SAME(BDA8(0x87) & 0x80, 0x80);
    SAME(video(0x0f00, 0, 0, 0), 80 << 8 | 0x83);
    video(3, 0, 0, 0);
    SAME(peek16(0xb800, 160), 0x0720);
    SAME(BDA8(0x87) & 0x80, 0);
    video(0x13, 0, 0, 0);
    poke8(0xa000, 5, 77);
    video(0x93, 0, 0, 0);
    SAME(peek8(0xa000, 5), 77);
}

/* All memory of a mode is cleared. */
static void mode_clears(void)
{
    video(0x13, 0, 0, 0);
    poke8(0xa000, 63999, 1);
    video(0x13, 0, 0, 0);
    SAME(peek8(0xa000, 63999), 0);
    video(0x12, 0, 0, 0);
    outw(SEQUENCER, 0x0f02);
    poke8(0xa000, 38399, 0xff);
    video(0x12, 0, 0, 0);
    for (uint16_t plane = 0; plane < 4; plane++) {
        outw(GRAPHICS, plane << 8 | 4);
        SAME(peek8(0xa000, 38399), 0);
    }
}

/* AX=1200h to 1202h, BL=30h. */
static void mode_lines(void)
{
    static const uint8_t heights[] = {8, 14, 16};
    for (uint16_t i = 0; i < 3; i++) {
        SAME(video(0x1200 | i, 0x30, 0, 0) & 0xff, 0x12);
        video(3, 0, 0, 0);
        SAME(BDA16(0x85), heights[i]);
        SAME(indexed(0x3d4, 9) & 0x1f, heights[i] - 1u);
        SAME(BDA8(0x84), 24);
    }
}

static void mode_crtc(void)
{
    video(7, 0, 0, 0);
    SAME(BDA16(0x63), 0x3b4);
    SAME(crtc(), 0x3b4);
    SAME(peek16(0xb000, 0), 0x0720);
    video(3, 0, 0, 0);
    SAME(BDA16(0x63), 0x3d4);
}

void check_modes(void)
{
    dump_all();
    check("mode_get", mode_get);
    check("mode_unknown", mode_unknown);
    check("mode_keeps", mode_keeps);
    check("mode_clears", mode_clears);
    check("mode_lines", mode_lines);
    check("mode_crtc", mode_crtc);
}
