/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bios/vga/fonts.h"

#include "bios/vga/font.h"

#include <stdbool.h>
#include <stddef.h>

static const struct font {
    const uint8_t *glyphs;
    unsigned height;
} fonts[] = {{vga_font_8x8, 8}, {vga_font_8x14, 14}, {vga_font_8x16, 16}};
enum { FONTS = sizeof fonts / sizeof fonts[0] };

static const uint8_t *glyph(const struct font *f, unsigned character)
{
    return f->glyphs + character * f->height;
}

static bool is_blank(const struct font *f, unsigned character)
{
    for (unsigned line = 0; line < f->height; line++)
        if (glyph(f, character)[line])
            return false;
    return true;
}

/* NUL, the space and the space that does not break have no dots; all others have. */
START_TEST(test_glyphs)
{
    const struct font *f = &fonts[_i];
    for (unsigned c = 0; c < 256; c++)
        ck_assert_msg(is_blank(f, c) == (c == 0 || c == ' ' || c == 255), "8x%u: %02x", f->height,
                      c);
}
END_TEST

/*
 * Lines and those characters that go on with them: at the right edge, which the ninth dot repeats,
 * the left, the bottom and the top.
 */
static const struct {
    uint8_t line;
    const char *right, *left, *down, *up;
} boxes[] = {
    {0xc4, "\xc0\xc1\xc2\xc3\xc5\xda", "\xb4\xbf\xc1\xc2\xc5\xd9", "", ""},
    {0xcd, "\xc8\xc9\xca\xcb\xcc\xce", "\xb9\xbb\xbc\xca\xcb\xce", "", ""},
    {0xb3, "", "", "\xb4\xbf\xc2\xc3\xc5\xda", "\xb4\xc0\xc1\xc3\xc5\xd9"},
    {0xba, "", "", "\xb9\xbb\xc9\xcb\xcc\xce", "\xb9\xbc\xc8\xca\xcc\xce"},
};

/* A character's dots at an edge are the line's. */
static void check_sides(const struct font *f, uint8_t line, const char *characters, uint8_t dot)
{
    for (const char *c = characters; *c; c++)
        for (unsigned y = 0; y < f->height; y++)
            ck_assert_msg((glyph(f, (uint8_t)*c)[y] & dot) == (glyph(f, line)[y] & dot),
                          "8x%u: %02x beside %02x, line %u", f->height, (uint8_t)*c, line, y);
}

static void check_end(const struct font *f, uint8_t line, const char *characters, unsigned y)
{
    for (const char *c = characters; *c; c++)
        ck_assert_msg(glyph(f, (uint8_t)*c)[y] == glyph(f, line)[y], "8x%u: %02x and %02x, line %u",
                      f->height, (uint8_t)*c, line, y);
}

START_TEST(test_boxes)
{
    const struct font *f = &fonts[_i];
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        check_sides(f, boxes[i].line, boxes[i].right, 0x01);
        check_sides(f, boxes[i].line, boxes[i].left, 0x80);
        check_end(f, boxes[i].line, boxes[i].down, f->height - 1);
        check_end(f, boxes[i].line, boxes[i].up, 0);
    }
}
END_TEST

START_TEST(test_blocks)
{
    const struct font *f = &fonts[_i];
    for (unsigned y = 0; y < f->height; y++) {
        ck_assert_uint_eq(glyph(f, 0xdb)[y], 0xff);
        ck_assert_uint_eq(glyph(f, 0xdc)[y] ^ glyph(f, 0xdf)[y], 0xff);
        ck_assert_uint_eq(glyph(f, 0xdd)[y], 0xf0);
        ck_assert_uint_eq(glyph(f, 0xde)[y], 0x0f);
    }
}
END_TEST

/* Characters rise; the letters that change take all eight dots, and their narrow ones do not. */
static void check_wide(const uint8_t *list, const struct font *narrow)
{
    unsigned previous = 0;
    for (unsigned i = 0; i < VGA_WIDE_GLYPHS; i++, list += narrow->height + 1) {
        uint8_t wide = 0, old = 0;
        ck_assert_uint_gt(list[0], previous);
        previous = list[0];
        for (unsigned y = 0; y < narrow->height; y++) {
            wide |= list[1 + y];
            old |= glyph(narrow, list[0])[y];
        }
        ck_assert_uint_eq(wide & 1, 1);
        ck_assert_uint_eq(old & 1, 0);
    }
    ck_assert_uint_eq(list[0], 0);
}

START_TEST(test_wide)
{
    check_wide(vga_font_9x14, &fonts[1]);
    check_wide(vga_font_9x16, &fonts[2]);
}
END_TEST

TCase *fonts_case(void)
{
    TCase *tcase = tcase_create("fonts");
    tcase_add_loop_test(tcase, test_glyphs, 0, FONTS);
    tcase_add_loop_test(tcase, test_boxes, 0, FONTS);
    tcase_add_loop_test(tcase, test_blocks, 0, FONTS);
    tcase_add_test(tcase, test_wide);
    return tcase;
}
