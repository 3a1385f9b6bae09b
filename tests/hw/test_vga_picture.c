/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures: each dot of each kind of mode is what the bytes that it is made of say, written to the
 * planes as programs do.
 */
#include "tests/hw/vga_fixture.h"

#include <stdlib.h>
#include <string.h>

static uint32_t seed;

static void setup(void)
{
    vga_setup();
    seed = 99;
}

static void fill(uint32_t address, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        poke(address + i, next_random(&seed), 1);
}

static void check_size(unsigned width, unsigned height)
{
    const struct picture *p = vga_picture();
    ck_assert_uint_eq(p->width, width);
    ck_assert_uint_eq(p->height, height);
}

/* All pixels against a function of theirs. */
static void check_pixels(uint32_t (*expected)(unsigned x, unsigned y))
{
    const struct picture *p = vga_picture();
    for (unsigned y = 0; y < p->height; y++)
        for (unsigned x = 0; x < p->width; x++)
            ck_assert_msg(pixel(x, y) == expected(x, y), "%u, %u: %06x, not %06x", x, y,
                          pixel(x, y), expected(x, y));
}

/* --- graphics --- */

static uint32_t of_mode_13(unsigned x, unsigned y)
{
    return test_color(peek(0xa0000 + y / 2 * 320 + x / 2, 1));
}

START_TEST(mode_13)
{
    set_mode(VGA_ROW_MODE_13);
    fill(0xa0000, 0x10000);
    check_size(640, 400);
    check_pixels(of_mode_13);
}
END_TEST

static unsigned planes_dot(uint32_t at, unsigned x)
{
    unsigned dot = 0;
    for (unsigned plane = 0; plane < 4; plane++)
        dot |= (plane_byte(plane, at) >> (7 - x % 8) & 1u) << plane;
    return dot;
}

static uint32_t of_mode_12(unsigned x, unsigned y)
{
    return test_color_16(planes_dot(y * 80 + x / 8, x));
}

START_TEST(mode_12)
{
    set_mode(VGA_ROW_MODE_12);
    check_size(640, 480);
    check_pixels(of_mode_12);
}
END_TEST

/* A ninth dot of each character clock is of no plane. */
static uint32_t of_nine_dots(unsigned x, unsigned y)
{
    return test_color_16(x % 9 == 8 ? 0 : planes_dot(y * 80 + x / 9, x % 9));
}

START_TEST(graphics_of_nine_dots)
{
    set_mode(VGA_ROW_MODE_12);
    reg_out(SEQ, 1, 0);
    attribute_out(0x13 | 0x20, 8); /* no panning, at nine dots */
    check_size(720, 480);
    check_pixels(of_nine_dots);
}
END_TEST

static uint32_t of_mode_0d(unsigned x, unsigned y)
{
    return test_color_16(planes_dot(y / 2 * 40 + x / 2 / 8, x / 2));
}

START_TEST(mode_0d)
{
    set_mode(VGA_ROW_MODE_0D);
    check_size(640, 400);
    check_pixels(of_mode_0d);
}
END_TEST

static uint32_t of_mode_10(unsigned x, unsigned y)
{
    return test_color_16(planes_dot(y * 80 + x / 8, x));
}

START_TEST(mode_10)
{
    set_mode(VGA_ROW_MODE_10);
    check_size(640, 350);
    check_pixels(of_mode_10);
}
END_TEST

/* CGA: lines in turn from two banks, two bits a dot. */
static uint32_t of_mode_4(unsigned x, unsigned y)
{
    unsigned line = y / 2, column = x / 2;
    uint8_t byte = (uint8_t)peek(0xb8000 + line % 2 * 0x2000 + line / 2 * 80 + column / 4, 1);
    return test_color_16(byte >> (6 - column % 4 * 2) & 3);
}

START_TEST(mode_4)
{
    set_mode(VGA_ROW_MODE_4);
    fill(0xb8000, 0x4000);
    attribute_out(0x12 | 0x20, 3); /* the planes that CGA has */
    check_size(640, 400);
    check_pixels(of_mode_4);
}
END_TEST

static uint32_t of_mode_6(unsigned x, unsigned y)
{
    unsigned line = y / 2;
    uint8_t byte = (uint8_t)peek(0xb8000 + line % 2 * 0x2000 + line / 2 * 80 + x / 8, 1);
    return test_color_16(byte >> (7 - x % 8) & 1);
}

START_TEST(mode_6)
{
    set_mode(VGA_ROW_MODE_6);
    fill(0xb8000, 0x4000);
    attribute_out(0x12 | 0x20, 1);
    check_size(640, 400);
    check_pixels(of_mode_6);
}
END_TEST

/* Unchained: four pages of 320 x 200, or one of 320 x 240. */
static void set_mode_x(void)
{
    set_mode(VGA_ROW_MODE_13);
    reg_out(SEQ, 4, 6);
    reg_out(CRTC, 0x14, 0);
    reg_out(CRTC, 0x17, 0xe3);
    for (uint8_t plane = 0; plane < 4; plane++) {
        reg_out(SEQ, 2, (uint8_t)(1 << plane));
        fill(0xa0000, 0x10000);
    }
}

static unsigned mode_x_start;

static uint32_t of_mode_x(unsigned x, unsigned y)
{
    return test_color(plane_byte(x / 2 % 4, (mode_x_start + y / 2 * 80 + x / 8) & 0xffff));
}

START_TEST(mode_x)
{
    set_mode_x();
    mode_x_start = 0;
    check_pixels(of_mode_x);
    reg_out(CRTC, 0x0d, 0xf3);
    reg_out(CRTC, 0x0c, 0xfe);
    advance(vga_timers, NS_PER_S / 30);
    mode_x_start = 0xfef3;
    check_pixels(of_mode_x);
}
END_TEST

/* A start address is taken over when the beam goes back. */
START_TEST(start_address_is_latched)
{
    set_mode_x();
    mode_x_start = 0;
    check_pixels(of_mode_x);
    reg_out(CRTC, 0x0c, 0x40);
    check_pixels(of_mode_x);
    advance(vga_timers, NS_PER_S / 30);
    mode_x_start = 0x4000;
    check_pixels(of_mode_x);
}
END_TEST

/* --- what moves a picture --- */

static unsigned panned;

static uint32_t of_panned(unsigned x, unsigned y)
{
    return of_mode_12(x + panned, y);
}

START_TEST(panning)
{
    set_mode(VGA_ROW_MODE_12);
    for (panned = 0; panned < 8; panned++) {
        attribute_out(0x13 | 0x20, (uint8_t)panned);
        check_pixels(of_panned);
    }
    panned = 16;
    attribute_out(0x13 | 0x20, 0);
    reg_out(CRTC, 8, 2 << 5);
    check_pixels(of_panned);
}
END_TEST

static uint32_t of_split(unsigned x, unsigned y)
{
    if (y <= 100)
        return test_color_16(planes_dot(0x8000 + y * 80 + (x + 3) / 8, x + 3));
    unsigned pan = card.attribute[0x10] & 0x20 ? 0 : 3;
    return test_color_16(planes_dot((y - 101) * 80 + (x + pan) / 8, x + pan));
}

START_TEST(split_screen)
{
    set_mode(VGA_ROW_MODE_12);
    reg_out(CRTC, 0x0c, 0x80);
    reg_out(CRTC, 0x18, 100);
    reg_out(CRTC, 0x11, 0);
    reg_out(CRTC, 0x07, vga_parameters[VGA_ROW_MODE_12].crtc[7] & 0xef);
    reg_out(CRTC, 0x09, vga_parameters[VGA_ROW_MODE_12].crtc[9] & 0xbf);
    attribute_out(0x13 | 0x20, 3);
    advance(vga_timers, NS_PER_S / 30);
    check_pixels(of_split);
    attribute_out(0x10 | 0x20, 0x21);
    check_pixels(of_split);
}
END_TEST

static uint32_t of_preset(unsigned x, unsigned y)
{
    return of_mode_0d(x, y + 1);
}

/* Lines that are there more than once: which of them is the first. */
START_TEST(preset_row)
{
    set_mode(VGA_ROW_MODE_0D);
    reg_out(CRTC, 9, 0x41); /* two lines a row instead of doubled ones */
    check_pixels(of_mode_0d);
    reg_out(CRTC, 8, 1);
    ck_assert_uint_eq(vga_picture()->height, 400);
    for (unsigned y = 0; y < 399; y++)
        for (unsigned x = 0; x < 640; x += 7)
            ck_assert_uint_eq(pixel(x, y), of_preset(x, y));
}
END_TEST

static uint32_t black(unsigned x, unsigned y)
{
    (void)x;
    (void)y;
    return 0;
}

START_TEST(blank)
{
    set_mode(VGA_ROW_MODE_12);
    reg_out(SEQ, 1, 0x21);
    check_size(640, 480);
    check_pixels(black);
    reg_out(SEQ, 1, 0x01);
    check_pixels(of_mode_12);
    attribute_in(0); /* the palette is accessible */
    check_pixels(black);
}
END_TEST

/* --- colours --- */

static uint32_t of_selected(unsigned x, unsigned y)
{
    unsigned dot = planes_dot(y * 80 + x / 8, x) & 7;
    return test_color((card.attribute[dot] & 0xf) | 0x90);
}

START_TEST(color_select)
{
    set_mode(VGA_ROW_MODE_12);
    attribute_out(0x12 | 0x20, 7); /* one plane less */
    attribute_out(0x10 | 0x20, 0x81);
    attribute_out(0x14 | 0x20, 0x9);
    check_pixels(of_selected);
}
END_TEST

static uint32_t of_masked(unsigned x, unsigned y)
{
    return test_color(peek(0xa0000 + y / 2 * 320 + x / 2, 1) & 0x3c);
}

START_TEST(dac_mask)
{
    set_mode(VGA_ROW_MODE_13);
    port_out(0x3c6, 0x3c);
    check_pixels(of_masked);
}
END_TEST

/* --- text --- */

enum { BLINKS = 1 << 3 };

static bool glyph_dot(uint8_t character, unsigned font, unsigned x, unsigned y)
{
    if (x < 8)
        return plane_byte(2, font + character * 32u + y) >> (7 - x) & 1;
    return character >= 0xc0 && character <= 0xdf && plane_byte(2, font + character * 32u + y) & 1;
}

static unsigned font_of[2]; /* by bit 3 of the attribute */
static unsigned cell_width;

static uint32_t of_text(unsigned x, unsigned y)
{
    uint32_t cell = 0xb8000 + (y / 16 * 80 + x / cell_width) * 2;
    uint8_t character = (uint8_t)peek(cell, 1), attribute = (uint8_t)peek(cell + 1, 1);
    bool dot = glyph_dot(character, font_of[attribute >> 3 & 1], x % cell_width, y % 16);
    return test_color_16(dot ? attribute & 15 : attribute >> 4);
}

static void set_text(void)
{
    set_mode(VGA_ROW_MODE_2_9X16);
    attribute_out(0x10 | 0x20, 0x04); /* nothing blinks */
    reg_out(CRTC, 0x0a, 0x20);        /* no cursor */
    fill(0xb8000, 4000);
    font_of[0] = font_of[1] = 0;
    cell_width = 9;
}

START_TEST(text)
{
    set_text();
    check_size(720, 400);
    check_pixels(of_text);
}
END_TEST

START_TEST(text_of_8_dots)
{
    set_text();
    reg_out(SEQ, 1, 1);
    cell_width = 8;
    check_size(640, 400);
    check_pixels(of_text);
}
END_TEST

START_TEST(two_fonts)
{
    set_text();
    reg_out(SEQ, 3, 0x2a | 0x04); /* B: map 2; A: map 7 */
    font_of[0] = 0x8000;
    font_of[1] = 0xe000;
    check_pixels(of_text);
}
END_TEST

static unsigned cursor_dots(unsigned column, unsigned row, uint32_t color)
{
    unsigned n = 0;
    vga_picture();
    for (unsigned y = 0; y < 16; y++)
        for (unsigned x = 0; x < 9; x++)
            n += pixel(column * 9 + x, row * 16 + y) == color;
    return n;
}

START_TEST(cursor)
{
    set_text();
    for (unsigned i = 0; i < 4000; i += 2)
        poke(0xb8000 + i, 0x0720, 2);
    for (unsigned y = 0; y < 32; y++)
        card.ram[4 * (0x20 * 32 + y) + 2] = 0;
    reg_out(CRTC, 0x0a, 13);
    reg_out(CRTC, 0x0b, 14);
    reg_out(CRTC, 0x0e, (3 * 80 + 5) >> 8);
    reg_out(CRTC, 0x0f, (3 * 80 + 5) & 0xff);
    uint32_t color = test_color_16(7);
    ck_assert_uint_eq(cursor_dots(5, 3, color), 18);
    ck_assert_uint_eq(cursor_dots(4, 3, color), 0);
    ck_assert_uint_eq(pixel(5 * 9, 3 * 16 + 13), color);
    const struct vga_timing t = vga_timing(&card);
    advance(vga_timers, 8 * t.line * t.lines);
    ck_assert_uint_eq(cursor_dots(5, 3, color), 0);
    ck_assert_uint_eq(changed_first, 3 * 16 + 13);
    ck_assert_uint_eq(changed_end, 3 * 16 + 15);
    advance(vga_timers, 8 * t.line * t.lines);
    ck_assert_uint_eq(cursor_dots(5, 3, color), 18);
    reg_out(CRTC, 0x0a, 15); /* ends before it begins */
    ck_assert_uint_eq(cursor_dots(5, 3, color), 0);
}
END_TEST

START_TEST(blinking)
{
    set_text();
    attribute_out(0x10 | 0x20, BLINKS);
    poke(0xb8000, 0x9141, 2);
    for (unsigned y = 0; y < 16; y++)
        card.ram[4 * (0x41 * 32 + y) + 2] = 0xff;
    vga_display_touch(card.display, 0, VGA_PLANES);
    vga_picture();
    ck_assert_uint_eq(pixel(0, 0), test_color_16(1));
    const struct vga_timing t = vga_timing(&card);
    advance(vga_timers, 16 * t.line * t.lines);
    vga_picture();
    ck_assert_uint_eq(pixel(0, 0), test_color_16(1)); /* of the background, which has 8 colours */
    ck_assert_uint_eq(pixel(8, 0), test_color_16(1));
    attribute_out(0x10 | 0x20, 0);
    vga_picture();
    ck_assert_uint_eq(pixel(8, 0), test_color_16(9));
}
END_TEST

START_TEST(underline)
{
    set_text();
    reg_out(CRTC, 0x14, 12);
    poke(0xb8000, 0x0120, 2);
    vga_picture();
    for (unsigned x = 0; x < 9; x++)
        ck_assert_uint_eq(pixel(x, 12), test_color_16(1));
}
END_TEST

START_TEST(text_as_text)
{
    static struct screen_text t;
    const struct video v = vga_video(&card);
    set_text();
    reg_out(CRTC, 0x0a, 13);
    reg_out(CRTC, 0x0f, 82);
    reg_out(CRTC, 0x0e, 0);
    vga_picture();
    ck_assert(v.text(v.card, &t));
    ck_assert_uint_eq(t.columns, 80);
    ck_assert_uint_eq(t.rows, 25);
    for (unsigned i = 0; i < 2000; i++) {
        ck_assert_uint_eq(t.character[i / 80][i % 80], peek(0xb8000 + 2 * i, 1));
        ck_assert_uint_eq(t.attribute[i / 80][i % 80], peek(0xb8001 + 2 * i, 1));
    }
    ck_assert(t.has_cursor);
    ck_assert_uint_eq(t.cursor_row, 1);
    ck_assert_uint_eq(t.cursor_column, 2);
    set_mode(VGA_ROW_MODE_13);
    vga_picture();
    ck_assert(!v.text(v.card, &t));
}
END_TEST

/* --- what is told to have changed --- */

START_TEST(only_what_changes)
{
    set_mode(VGA_ROW_MODE_13);
    fill(0xa0000, 0x10000);
    vga_picture();
    vga_picture();
    ck_assert_uint_eq(changed_end, 0);
    poke(0xa0000 + 50 * 320 + 7, ~peek(0xa0000 + 50 * 320 + 7, 1), 1);
    vga_picture();
    ck_assert_uint_eq(changed_first, 100);
    ck_assert_uint_eq(changed_end, 102);
}
END_TEST

/* Registers with anything in them: pictures are of some size, and nothing is read that is not. */
START_TEST(any_registers)
{
    static struct screen_text t;
    const struct video v = vga_video(&card);
    seed = (uint32_t)_i;
    for (unsigned i = 0; i < 60; i++) {
        for (uint8_t n = 0; n < 25; n++)
            reg_out(CRTC, n, (uint8_t)next_random(&seed));
        for (uint8_t n = 0; n < 21; n++)
            attribute_out(n | 0x20, (uint8_t)next_random(&seed));
        reg_out(SEQ, 1, (uint8_t)next_random(&seed) & 0xdf);
        reg_out(SEQ, 3, (uint8_t)next_random(&seed));
        reg_out(GRAPHICS, 5, (uint8_t)next_random(&seed));
        reg_out(GRAPHICS, 6, (uint8_t)next_random(&seed));
        reg_out(CRTC, 0x17, (uint8_t)next_random(&seed) | 0x80);
        advance(vga_timers, next_random(&seed) % NS_PER_S);
        const struct picture *p = vga_picture();
        ck_assert_uint_gt(p->width, 0);
        ck_assert_uint_le(p->height, 2048);
        v.text(v.card, &t);
    }
}
END_TEST

Suite *vga_picture_suite(void)
{
    Suite *suite = suite_create("vga picture");
    TCase *c = tcase_create("modes");
    tcase_add_checked_fixture(c, setup, vga_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, mode_13);
    tcase_add_test(c, mode_12);
    tcase_add_test(c, graphics_of_nine_dots);
    tcase_add_test(c, mode_0d);
    tcase_add_test(c, mode_10);
    tcase_add_test(c, mode_4);
    tcase_add_test(c, mode_6);
    tcase_add_test(c, mode_x);
    tcase_add_test(c, start_address_is_latched);
    tcase_add_test(c, panning);
    tcase_add_test(c, split_screen);
    tcase_add_test(c, preset_row);
    tcase_add_test(c, blank);
    tcase_add_test(c, color_select);
    tcase_add_test(c, dac_mask);
    tcase_add_test(c, only_what_changes);
    tcase_add_loop_test(c, any_registers, 0, 4);
    suite_add_tcase(suite, c);
    c = tcase_create("text");
    tcase_add_checked_fixture(c, setup, vga_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, text);
    tcase_add_test(c, text_of_8_dots);
    tcase_add_test(c, two_fonts);
    tcase_add_test(c, cursor);
    tcase_add_test(c, blinking);
    tcase_add_test(c, underline);
    tcase_add_test(c, text_as_text);
    suite_add_tcase(suite, c);
    return suite;
}
