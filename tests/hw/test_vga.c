/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The VGA's registers, and where the beam is; Bochs's extension. */
#include "tests/hw/vga_fixture.h"

#include <string.h>

/* --- registers --- */

/* Those that a save of the state reads, and the bits that they have. */
START_TEST(registers_read_back)
{
    static const uint8_t bits[] = {0x03, 0x3d, 0x0f, 0x3f, 0x0e};
    port_out(0x3c2, 0xe3);
    ck_assert_uint_eq(port_in(0x3cc), 0xe3);
    for (uint8_t i = 0; i < 5; i++) {
        reg_out(SEQ, i, 0xff);
        ck_assert_uint_eq(reg_in(SEQ, i), bits[i]);
    }
    reg_out(CRTC, 0x11, 0x20);
    for (uint8_t i = 0; i < 25; i++) {
        uint8_t value = i == 0x11 ? 0x2e : (uint8_t)(0x50 + i);
        reg_out(CRTC, i, value);
        ck_assert_uint_eq(reg_in(CRTC, i), value);
    }
    ck_assert_uint_eq(reg_in(CRTC, 0x30), 0);
    for (uint8_t i = 0; i < 9; i++) {
        reg_out(GRAPHICS, i, 1);
        ck_assert_uint_eq(reg_in(GRAPHICS, i), 1);
    }
    for (uint8_t i = 0; i < 21; i++) {
        attribute_out(i, 5);
        ck_assert_uint_eq(attribute_in(i), 5);
    }
    port_out(0x3da, 0xff);
    ck_assert_uint_eq(port_in(0x3ca), 0x0b);
}
END_TEST

START_TEST(crtc_protection)
{
    port_out(0x3c2, 1);
    reg_out(CRTC, 0x11, 0);
    for (uint8_t i = 0; i <= 8; i++)
        reg_out(CRTC, i, 0x11);
    reg_out(CRTC, 0x11, 0x80);
    for (uint8_t i = 0; i <= 8; i++)
        reg_out(CRTC, i, 0xee);
    for (uint8_t i = 0; i < 7; i++)
        ck_assert_uint_eq(reg_in(CRTC, i), 0x11);
    ck_assert_uint_eq(reg_in(CRTC, 7), 0x01); /* the line compare's bit is not protected */
    ck_assert_uint_eq(reg_in(CRTC, 8), 0xee);
}
END_TEST

START_TEST(color_or_mono)
{
    port_out(0x3c2, 1);
    reg_out(CRTC, 0x0f, 0x12);
    ck_assert_uint_eq(port_in(0x3b5), 0xff);
    port_out(0x3c2, 0);
    ck_assert_uint_eq(port_in(0x3d5), 0xff);
    ck_assert_uint_eq(reg_in(0x3b4, 0x0f), 0x12);
    ck_assert_uint_eq(port_in(0x3da), 0xff);
    ck_assert_uint_ne(port_in(0x3ba), 0xff);
}
END_TEST

/* Asleep, it has neither ports, but the one that wakes it, nor memory. */
static void check_asleep(bool asleep)
{
    ck_assert_uint_eq(port_in(0x3c3), card.enable & 1);
    ck_assert_uint_eq(port_in(0x3cc), asleep ? 0xff : 0x63);
    ck_assert_uint_eq(port_in(0x3c7), asleep ? 0xff : 0x00);
    ck_assert_uint_eq(peek(0xb8000, 4), asleep ? 0xffffffff : 0x07410742);
}

START_TEST(video_subsystem_enable)
{
    set_mode(VGA_ROW_MODE_2_9X16);
    port_out(0x3c2, 0x63);
    poke(0xb8000, 0x07410742, 4);
    check_asleep(false);
    port_out(0x3c3, 0);
    check_asleep(true);
    port_out(0x3c2, 0x67);
    poke(0xb8000, 0, 4);
    vga_enable_write(&card, 0, 0x08, 1); /* both have to be on */
    check_asleep(true);
    port_out(0x3c3, 1);
    check_asleep(false);
    vga_enable_write(&card, 0, 0x16, 1); /* as BIOSes put a card into its setup */
    check_asleep(true);
    vga_enable_write(&card, 0, 0x0e, 1);
    check_asleep(false);
    ck_assert_uint_eq(vga_enable_read(&card, 0, 1), 0xff);
    port_out(0x3c3, 0);
    vga_device.reset(&card);
    ck_assert_uint_eq(port_in(0x3c3), 1);
}
END_TEST

START_TEST(attribute_flip_flop)
{
    port_out(0x3c2, 1);
    port_in(0x3da);
    port_out(0x3c0, 1);
    port_out(0x3c0, 0x21);
    port_out(0x3c0, 2);
    port_in(0x3da); /* an index is next, again */
    port_out(0x3c0, 3);
    port_out(0x3c0, 0x23);
    ck_assert_uint_eq(attribute_in(1), 0x21);
    ck_assert_uint_eq(attribute_in(3), 0x23);
    attribute_out(1 | 0x20, 0x11); /* the picture is shown: not the palette's */
    ck_assert_uint_eq(attribute_in(1), 0x21);
    attribute_out(0x11 | 0x20, 0x33);
    ck_assert_uint_eq(attribute_in(0x11), 0x33);
}
END_TEST

START_TEST(dac)
{
    port_out(0x3c8, 0xff);
    for (uint8_t i = 1; i <= 6; i++)
        port_out(0x3c9, i);
    ck_assert_uint_eq(port_in(0x3c7), 0);
    port_out(0x3c7, 0xff);
    ck_assert_uint_eq(port_in(0x3c7), 3);
    for (uint8_t i = 1; i <= 6; i++) /* goes on with entry 0 */
        ck_assert_uint_eq(port_in(0x3c9), i);
    port_out(0x3c8, 0);
    port_out(0x3c9, 0x7f);
    port_out(0x3c9, 0);
    port_out(0x3c7, 0); /* an entry that is not complete is not there */
    ck_assert_uint_eq(port_in(0x3c9), 4);
    port_out(0x3c8, 0);
    for (unsigned i = 0; i < 3; i++)
        port_out(0x3c9, 0xff);
    port_out(0x3c7, 0);
    ck_assert_uint_eq(port_in(0x3c9), 0x3f);
    vbe_out(VBE_ENABLE, VBE_8_BIT_DAC);
    port_out(0x3c8, 0);
    for (unsigned i = 0; i < 3; i++)
        port_out(0x3c9, 0xfe);
    port_out(0x3c7, 0);
    ck_assert_uint_eq(port_in(0x3c9), 0xfe);
}
END_TEST

/* --- the beam --- */

/* How often, and for which part of a second, bits of the status are set. */
static void measure(uint8_t bits, unsigned *rises, unsigned *of_10000)
{
    bool was = true;
    *rises = *of_10000 = 0;
    for (unsigned i = 0; i < 1000000; i++) {
        bool is = port_in(0x3da) & bits;
        *rises += is && !was;
        *of_10000 += is;
        was = is;
        test_time += 1000;
    }
    *of_10000 /= 100;
}

START_TEST(retrace)
{
    static const struct {
        enum vga_parameters_row row;
        unsigned frames, least, most;
    } modes[] = {{VGA_ROW_MODE_2_9X16, 70, 40, 50}, /* 2 lines of 449 */
                 {VGA_ROW_MODE_13, 70, 40, 50},
                 {VGA_ROW_MODE_12, 60, 30, 42}}; /* 2 lines of 525 */
    unsigned rises, of_10000;
    set_mode(modes[_i].row);
    measure(8, &rises, &of_10000);
    ck_assert_uint_ge(rises, modes[_i].frames - 1);
    ck_assert_uint_le(rises, modes[_i].frames + 1);
    ck_assert_uint_ge(of_10000, modes[_i].least);
    ck_assert_uint_le(of_10000, modes[_i].most);
}
END_TEST

START_TEST(display_enable)
{
    unsigned rises, of_10000;
    set_mode(VGA_ROW_MODE_12);
    measure(1, &rises, &of_10000);
    ck_assert_uint_gt(rises, 480 * 58); /* after each line that is shown */
    ck_assert_uint_lt(rises, 480 * 62);
    ck_assert_uint_gt(of_10000, 2500);
    ck_assert_uint_lt(of_10000, 3000);
}
END_TEST

/* Whatever is in the registers, who waits for the retrace goes on. */
START_TEST(retrace_comes_always)
{
    uint32_t seed = (uint32_t)_i;
    port_out(0x3c2, 1);
    for (unsigned i = 0; i < 25; i++)
        reg_out(CRTC, (uint8_t)i, (uint8_t)next_random(&seed));
    unsigned seen = 0;
    for (unsigned i = 0; i < 60000; i++) {
        seen |= 1u << (port_in(0x3da) >> 3 & 1);
        test_time += 1000;
    }
    ck_assert_uint_eq(seen, 3);
}
END_TEST

enum { CLEARED = 0x00, WAITS = 0x10, WAITS_MASKED = 0x30 };

/* Register 11h with what the mode has in its other bits. */
static void set_interrupt(uint8_t bits)
{
    reg_out(CRTC, 0x11, (reg_in(CRTC, 0x11) & 0xcf) | bits);
}

static bool is_pending(void)
{
    return port_in(0x3c2) & 0x80;
}

/* Once a frame, for who clears it each time; when what follows the last line begins. */
START_TEST(retrace_interrupts)
{
    set_mode(VGA_ROW_MODE_12);
    set_interrupt(CLEARED);
    set_interrupt(WAITS);
    for (unsigned i = 0; i < 100000; i++) {
        bool before = vga_irq.level, shown = !(port_in(0x3da) & 1);
        advance(vga_timers, 10000);
        ck_assert(vga_irq.level == is_pending());
        ck_assert(!vga_irq.level || before || (!shown || !(port_in(0x3da) & 8)));
        if (before) {
            set_interrupt(CLEARED);
            ck_assert(!vga_irq.level && !is_pending());
            set_interrupt(WAITS);
        }
    }
    ck_assert_uint_ge(vga_irq.rises, 59);
    ck_assert_uint_le(vga_irq.rises, 61);
}
END_TEST

/* At the end of the last line, before the retrace itself. */
START_TEST(retrace_interrupt_at_the_end_of_display)
{
    set_mode(VGA_ROW_MODE_12);
    while (!(port_in(0x3da) & 8)) /* of 525 lines the retrace is in 490 and 491 */
        test_time += 1000;
    set_interrupt(CLEARED);
    set_interrupt(WAITS);
    advance(vga_timers, 514 * 31778ull); /* line 479 */
    ck_assert(!vga_irq.level);
    advance(vga_timers, 2 * 31778ull);
    ck_assert(vga_irq.level && !(port_in(0x3da) & 8));
}
END_TEST

START_TEST(retrace_interrupt_is_masked_and_cleared)
{
    enum { FRAME = 20 * NS_PER_MS };
    set_mode(VGA_ROW_MODE_12); /* IBM's modes hold it clear */
    advance(vga_timers, FRAME);
    ck_assert(!vga_irq.level && !is_pending());
    set_interrupt(WAITS_MASKED);
    advance(vga_timers, FRAME);
    ck_assert(!vga_irq.level && is_pending());
    set_interrupt(WAITS);
    ck_assert(vga_irq.level);
    set_interrupt(WAITS_MASKED);
    ck_assert(!vga_irq.level && is_pending());
    set_interrupt(CLEARED);
    advance(vga_timers, FRAME);
    ck_assert(!vga_irq.level && !is_pending());
    ck_assert(timers_next(vga_timers) == TIMER_NEVER);
    set_interrupt(WAITS);
    advance(vga_timers, FRAME);
    ck_assert(vga_irq.level);
    vga_device.reset(&card);
    ck_assert(!vga_irq.level && !is_pending());
}
END_TEST

/* --- Bochs's extension --- */

static void set_vbe(uint16_t width, uint16_t height, uint16_t depth)
{
    vbe_out(VBE_ENABLE, 0);
    vbe_out(VBE_WIDTH, width);
    vbe_out(VBE_HEIGHT, height);
    vbe_out(VBE_DEPTH, depth);
    vbe_out(VBE_ENABLE, VBE_ENABLED | VBE_LINEAR);
}

START_TEST(vbe_ids)
{
    for (uint16_t id = 0xb0bf; id <= 0xb0c6; id++) {
        vbe_out(VBE_ID, id);
        ck_assert(vbe_in(VBE_ID) == id || id < 0xb0c0 || id > 0xb0c5);
    }
    ck_assert_uint_eq(vbe_in(VBE_ID), 0xb0c5);
    ck_assert_uint_eq(vbe_in(VBE_MEMORY), VGA_TEST_RAM >> 16);
    vbe_out(VBE_ENABLE, VBE_GET_CAPABILITIES);
    ck_assert_uint_eq(vbe_in(VBE_WIDTH), 2560);
    ck_assert_uint_eq(vbe_in(VBE_HEIGHT), 1600);
    ck_assert_uint_eq(vbe_in(VBE_DEPTH), 32);
}
END_TEST

/* Words at the odd port come as two bytes. */
START_TEST(vbe_at_1cf)
{
    vbe_write(&card, 0, VBE_WIDTH, 2);
    vbe_write(&card, 1, 800 & 0xff, 1);
    vbe_write(&card, 2, 800 >> 8, 1);
    ck_assert_uint_eq(vbe_in(VBE_WIDTH), 800);
    ck_assert_uint_eq(vbe_read(&card, 1, 1) & 0xff, 800 & 0xff);
    ck_assert_uint_eq(vbe_read(&card, 2, 1), 800 >> 8);
}
END_TEST

START_TEST(vbe_limits)
{
    set_vbe(640, 400, 8);
    ck_assert(vbe_in(VBE_ENABLE) & VBE_ENABLED);
    ck_assert_uint_eq(vbe_in(VBE_VIRTUAL_WIDTH), 640);
    ck_assert_uint_eq(vbe_in(VBE_VIRTUAL_HEIGHT), VGA_TEST_RAM / 640);
    vbe_out(VBE_WIDTH, 800); /* not while a mode is on */
    ck_assert_uint_eq(vbe_in(VBE_WIDTH), 640);
    vbe_out(VBE_VIRTUAL_WIDTH, 1024);
    ck_assert_uint_eq(vbe_in(VBE_VIRTUAL_WIDTH), 1024);
    ck_assert_uint_eq(vbe_in(VBE_VIRTUAL_HEIGHT), 1024);
    vbe_out(VBE_VIRTUAL_WIDTH, 512);
    ck_assert_uint_eq(vbe_in(VBE_VIRTUAL_WIDTH), 1024);
    vbe_out(VBE_Y, 624);
    ck_assert_uint_eq(vbe_in(VBE_Y), 624);
    vbe_out(VBE_Y, 625);
    ck_assert_uint_eq(vbe_in(VBE_Y), 624);
    vbe_out(VBE_X, 8); /* the last line's end is not there */
    ck_assert_uint_eq(vbe_in(VBE_X), 0);
    set_vbe(1024, 768, 32); /* 3 MiB */
    ck_assert(!(vbe_in(VBE_ENABLE) & VBE_ENABLED));
    set_vbe(640, 400, 12); /* no such depth: as before */
    ck_assert_uint_eq(vbe_in(VBE_DEPTH), 32);
    set_vbe(2568, 100, 8); /* too wide: as before */
    ck_assert_uint_eq(vbe_in(VBE_WIDTH), 640);
}
END_TEST

static uint16_t depth;

static uint32_t expand(uint32_t value, unsigned bits)
{
    return value << (8 - bits) | value >> (2 * bits - 8);
}

static uint32_t of_linear(unsigned x, unsigned y)
{
    uint32_t pixel_number = (y + 3) * 320 + x + 8;
    uint32_t at = VGA_TEST_FRAME_BUFFER + pixel_number * ((depth + 7u) / 8);
    uint32_t v = peek(at, 2);
    switch (depth) {
    case 8:
        return test_color(v & 0xff);
    case 15:
        return expand(v >> 10 & 31, 5) << 16 | expand(v >> 5 & 31, 5) << 8 | expand(v & 31, 5);
    case 16:
        return expand(v >> 11 & 31, 5) << 16 | expand(v >> 5 & 63, 6) << 8 | expand(v & 31, 5);
    default:
        return peek(at, 4) & 0xffffff;
    }
}

START_TEST(vbe_pictures)
{
    static const uint16_t depths[] = {8, 15, 16, 24, 32};
    depth = depths[_i];
    set_mode(VGA_ROW_MODE_13);
    uint32_t seed = 5;
    set_vbe(240, 200, depth);
    vbe_out(VBE_VIRTUAL_WIDTH, 320);
    vbe_out(VBE_X, 8);
    vbe_out(VBE_Y, 3);
    for (uint32_t i = 0; i < 320 * 204 * 4; i += 4)
        poke(VGA_TEST_FRAME_BUFFER + i, next_random(&seed), 4);
    const struct picture *p = vga_picture();
    ck_assert_uint_eq(p->width, 240);
    ck_assert_uint_eq(p->height, 200);
    for (unsigned y = 0; y < 200; y++)
        for (unsigned x = 0; x < 240; x++)
            ck_assert_uint_eq(pixel(x, y), of_linear(x, y));
    poke(VGA_TEST_FRAME_BUFFER + (100 * 320 + 100) * ((depth + 7u) / 8), 0x12345678, 4);
    vga_picture();
    ck_assert_uint_eq(changed_first, 97);
    ck_assert_uint_eq(changed_end, 98);
}
END_TEST

/* Four planes, of which a bank is 64 KiB each. */
START_TEST(vbe_planes)
{
    set_mode(VGA_ROW_MODE_12);
    set_vbe(1024, 768, 4);
    ck_assert(vbe_in(VBE_ENABLE) & VBE_ENABLED);
    vbe_out(VBE_BANK, 1);
    reg_out(GRAPHICS, 8, 0xff);
    reg_out(SEQ, 2, 5);
    poke(0xa0000, 0x80, 1); /* the first pixel of line 512 */
    const struct picture *p = vga_picture();
    ck_assert_uint_eq(p->width, 1024);
    ck_assert_uint_eq(p->height, 768);
    ck_assert_uint_eq(pixel(0, 512), test_color_16(5));
    ck_assert_uint_eq(pixel(1, 512), test_color_16(0));
    ck_assert_uint_eq(peek(VGA_TEST_FRAME_BUFFER + 0x40000, 4), 0x00800080);
}
END_TEST

START_TEST(vbe_banks)
{
    set_mode(VGA_ROW_MODE_13);
    set_vbe(640, 480, 8);
    for (uint16_t bank = 0; bank < 16; bank++) {
        vbe_out(VBE_BANK, bank);
        poke(0xa0000 + bank, 0x40u + bank, 1);
        ck_assert(memory_page(vga_test_memory, 0xaffff).writable);
    }
    for (uint32_t bank = 0; bank < 16; bank++)
        ck_assert_uint_eq(peek(VGA_TEST_FRAME_BUFFER + bank * 0x10000 + bank, 1), 0x40 + bank);
    vga_picture();
    ck_assert_uint_eq(pixel((0x10000 + 1) % 640, (0x10000 + 1) / 640), test_color(0x41));
    vbe_out(VBE_ENABLE, 0);
    set_mode(VGA_ROW_MODE_13);
    poke(0xa0000, 0x99, 1);
    ck_assert_uint_eq(plane_byte(0, 0), 0x99);
}
END_TEST

START_TEST(vbe_clears)
{
    set_vbe(320, 200, 8);
    poke(VGA_TEST_FRAME_BUFFER, 0x12345678, 4);
    vbe_out(VBE_ENABLE, 0);
    vbe_out(VBE_ENABLE, VBE_ENABLED | VBE_NO_CLEAR);
    ck_assert_uint_eq(peek(VGA_TEST_FRAME_BUFFER, 4), 0x12345678);
    vbe_out(VBE_ENABLE, 0);
    vbe_out(VBE_ENABLE, VBE_ENABLED);
    ck_assert_uint_eq(peek(VGA_TEST_FRAME_BUFFER, 4), 0);
}
END_TEST

/* The second memory range of the function. */
START_TEST(registers_in_memory)
{
    uint32_t base;
    memcpy(&base, card.pci.config + 0x18, sizeof base);
    ck_assert_uint_eq(peek(base + 0x500, 2), 0xb0c5);
    poke(base + 0x502, 800, 2);
    ck_assert_uint_eq(vbe_in(VBE_WIDTH), 800);
    ck_assert_uint_eq(peek(base + 0x502, 2), 800);
    poke(base + 0x400 + 0x3c2 - 0x3c0, 0xe3, 1);
    ck_assert_uint_eq(port_in(0x3cc), 0xe3);
    ck_assert_uint_eq(peek(base + 0x400 + 0x3cc - 0x3c0, 1), 0xe3);
    ck_assert_uint_eq(peek(base + 0x604, 4), 0x1e1e1e1e);
}
END_TEST

/* What a monitor tells, as drivers check it; the first mode is the one that they take. */
START_TEST(edid_in_memory)
{
    uint32_t base;
    uint8_t sum = 0;
    memcpy(&base, card.pci.config + 0x18, sizeof base);
    ck_assert_uint_eq(peek(base, 4), 0xffffff00);
    ck_assert_uint_eq(peek(base + 4, 4), 0x00ffffff);
    for (uint32_t i = 0; i < 128; i++)
        sum += (uint8_t)peek(base + i, 1);
    ck_assert_uint_eq(sum, 0);
    ck_assert_uint_eq(peek(base + 18, 2), 0x0401);
    ck_assert_uint_eq(peek(base + 56, 1) | (peek(base + 58, 1) & 0xf0) << 4, 1024);
    ck_assert_uint_eq(peek(base + 59, 1) | (peek(base + 61, 1) & 0xf0) << 4, 768);
    poke(base, 0x12345678, 4);
    ck_assert_uint_eq(peek(base, 4), 0xffffff00);
    ck_assert_uint_eq(peek(base + 0x3fc, 4), 0xffffffff);
}
END_TEST

/* Indices that no register has read as 0, and writes to them change nothing. */
START_TEST(vbe_indices)
{
    uint16_t before[VBE_REGISTERS];
    set_vbe(640, 400, 8);
    for (unsigned i = 0; i < VBE_REGISTERS; i++)
        before[i] = vbe_in(i);
    for (unsigned i = VBE_REGISTERS; i <= 0xffff; i++) {
        vbe_out(i, 0xffff);
        ck_assert_uint_eq(vbe_in(i), 0);
        ck_assert_uint_eq(vbe_read(&card, 0, 2), i);
    }
    for (unsigned i = 0; i < VBE_REGISTERS; i++)
        ck_assert_uint_eq(vbe_in(i), before[i]);
}
END_TEST

static void random_accesses(uint32_t *seed)
{
    for (unsigned i = 0; i < 3000; i++) {
        uint32_t n = next_random(seed), value = next_random(seed);
        if (n % 4 == 0)
            port_out((uint16_t)(0x3b0 + (n >> 8) % 0x30), (uint8_t)value);
        else if (n % 4 == 1)
            vbe_out((n >> 8) % 12, (uint16_t)(n & 0x1000 ? value : value & 0x3ff));
        else
            poke(0xa0000 + (n >> 8) % 0x20000, value, 1u << value % 3);
        if (n % 50 == 0)
            vga_picture();
    }
}

START_TEST(anything)
{
    uint32_t seed = (uint32_t)_i + 1;
    for (unsigned i = 0; i < 10; i++)
        random_accesses(&seed);
}
END_TEST

static void saved(uint8_t *to, size_t room)
{
    vga_device.saving(&card);
    ck_assert_uint_le(state_save(vga_device.state, &card, to, room), room);
}

/* A state with a mode that cannot be is none with pictures out of nowhere. */
START_TEST(restored_from_noise)
{
    static uint8_t state[8192];
    struct error error;
    uint32_t seed = (uint32_t)_i + 1;
    set_vbe(640, 480, 8);
    saved(state, sizeof state);
    size_t size = state_save(vga_device.state, &card, state, sizeof state);
    for (unsigned i = 0; i < 200; i++) {
        for (unsigned n = 0; n < 40; n++)
            state[size - 1 - next_random(&seed) % 60] = (uint8_t)next_random(&seed);
        if (state_restore(vga_device.state, &card, state, size, &error)) {
            vga_device.restored(&card);
            vga_picture();
        }
    }
}
END_TEST

Suite *vga_suite(void)
{
    Suite *suite = suite_create("vga");
    TCase *c = tcase_create("registers");
    tcase_add_checked_fixture(c, vga_setup, vga_teardown);
    tcase_add_test(c, registers_read_back);
    tcase_add_test(c, crtc_protection);
    tcase_add_test(c, color_or_mono);
    tcase_add_test(c, video_subsystem_enable);
    tcase_add_test(c, attribute_flip_flop);
    tcase_add_test(c, dac);
    tcase_add_loop_test(c, retrace, 0, 3);
    tcase_add_test(c, display_enable);
    tcase_add_loop_test(c, retrace_comes_always, 0, 10);
    tcase_add_test(c, retrace_interrupts);
    tcase_add_test(c, retrace_interrupt_at_the_end_of_display);
    tcase_add_test(c, retrace_interrupt_is_masked_and_cleared);
    suite_add_tcase(suite, c);
    return suite;
}

Suite *vbe_suite(void)
{
    Suite *suite = suite_create("vbe");
    TCase *c = tcase_create("vbe");
    tcase_add_checked_fixture(c, vga_setup, vga_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, vbe_ids);
    tcase_add_test(c, vbe_at_1cf);
    tcase_add_test(c, vbe_limits);
    tcase_add_loop_test(c, vbe_pictures, 0, 5);
    tcase_add_test(c, vbe_planes);
    tcase_add_test(c, vbe_banks);
    tcase_add_test(c, vbe_clears);
    tcase_add_test(c, registers_in_memory);
    tcase_add_test(c, edid_in_memory);
    tcase_add_test(c, vbe_indices);
    tcase_add_loop_test(c, anything, 0, 4);
    tcase_add_loop_test(c, restored_from_noise, 0, 4);
    suite_add_tcase(suite, c);
    return suite;
}
