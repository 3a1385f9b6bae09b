/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dots of a character clock: of text, and of graphics as the graphics controller shifts them out.
 * IBM PS/2 Hardware Interface Technical Reference, Video Subsystem, "Alphanumeric Modes", "Graphics
 * Mode Register"; for VBE the formats of pixels.
 */
#include "hw/vga/vga_display.h"

/* --- text --- */

enum { FONT_PLANE = 2, GLYPH = 32 };

/* Characters of lines and boxes, whose 8th dot goes on into the 9th. */
static bool is_line(uint8_t character)
{
    return character >= 0xc0 && character <= 0xdf;
}

static bool is_cursor(const struct vga_raster *r, unsigned column)
{
    const uint8_t *crtc = r->card->crtc;
    uint32_t cursor = (uint32_t)crtc[CRTC_CURSOR_HIGH] << 8 | crtc[CRTC_CURSOR_LOW];
    unsigned first = crtc[CRTC_CURSOR_START] & 0x1f, last = crtc[CRTC_CURSOR_END] & 0x1f;
    unsigned skew = crtc[CRTC_CURSOR_END] >> 5 & 3;
    return r->cursor_on && !(crtc[CRTC_CURSOR_START] & CURSOR_OFF) && r->row >= first &&
           r->row <= last && ((r->counter + column - skew) & 0xffff) == cursor;
}

/* Attributes of which the foreground is 1 and the background 0 are underlined, in any colour. */
static bool is_underlined(const struct vga_raster *r, uint8_t attribute)
{
    return (attribute & 0x77) == 0x01 && r->row == (r->card->crtc[CRTC_UNDERLINE] & 0x1f);
}

static uint8_t glyph_line(const struct vga_raster *r, uint8_t character, uint8_t attribute)
{
    uint32_t at = r->font[attribute >> 3 & 1] + (uint32_t)character * GLYPH + r->row;
    return r->card->ram[(size_t)4 * (at & 0xffff) + FONT_PLANE];
}

/* The line of a character's glyph, its left dot bit 8, with the ninth. */
static unsigned nine_dots(const struct vga_raster *r, unsigned column, uint8_t character,
                          uint8_t attribute)
{
    if (is_underlined(r, attribute) || is_cursor(r, column))
        return 0x1ff;
    unsigned glyph = glyph_line(r, character, attribute);
    bool goes_on = r->card->attribute[ATTR_MODE] & ATTR_LINE_GRAPHICS && is_line(character);
    return glyph << 1 | (goes_on ? glyph & 1 : 0);
}

unsigned vga_text_dots(const struct vga_raster *r, unsigned column, uint32_t *to)
{
    uint32_t word = vga_raster_word(r, column);
    uint8_t character = (uint8_t)word, attribute = (uint8_t)(word >> 8);
    unsigned foreground = attribute & 0xf, background = attribute >> 4;
    if (r->card->attribute[ATTR_MODE] & ATTR_BLINK) {
        background &= 7;
        if (attribute & 0x80 && !r->blink_on)
            foreground = background;
    }
    unsigned dots = nine_dots(r, column, character, attribute);
    for (unsigned i = 0; i < r->dots; i++)
        to[i] = r->color[dots >> (8 - i) & 1 ? foreground : background];
    return r->dots;
}

/* --- graphics of a VGA --- */

/* A bit of each plane is a dot. */
static void planar_dots(const struct vga_raster *r, uint32_t word, uint32_t *to)
{
    for (unsigned i = 0; i < 8; i++) {
        uint32_t bits = word >> (7 - i) & 0x01010101u;
        to[i] = r->color[(bits | bits >> 7 | bits >> 14 | bits >> 21) & 0xf];
    }
}

/* Planes 0 and 1 have the dots' two lower bits one after the other, planes 2 and 3 the upper. */
static void two_bit_dots(const struct vga_raster *r, uint32_t word, uint32_t *to)
{
    for (unsigned i = 0; i < 8; i++) {
        uint32_t bits = word >> (i < 4 ? 0 : 8) >> (6 - 2 * (i & 3));
        to[i] = r->color[(bits & 3) | (bits >> 14 & 0xc)];
    }
}

/* A byte of each plane after the other is two dots. */
static void eight_bit_dots(const struct vga_raster *r, uint32_t word, uint32_t *to)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = r->color[word >> 8 * (i / 2) & 0xff];
}

unsigned vga_graphics_dots(const struct vga_raster *r, unsigned column, uint32_t *to)
{
    uint32_t word = vga_raster_word(r, column);
    unsigned shift = vbe_is_on(r->card) ? 0 : r->card->graphics[GR_MODE] & MODE_SHIFT;
    if (shift & MODE_SHIFT_8_BITS)
        eight_bit_dots(r, word, to);
    else if (shift)
        two_bit_dots(r, word, to);
    else
        planar_dots(r, word, to);
    to[8] = r->color[0]; /* a ninth: the shift registers are empty */
    return r->dots;
}

/* --- VBE --- */

/* A field of a pixel, of 5 or 6 bits, as one of 8. */
static uint32_t field(uint32_t pixel, unsigned shift, unsigned bits)
{
    uint32_t value = pixel >> shift & ((1u << bits) - 1);
    return value << (8 - bits) | value >> (2 * bits - 8);
}

static uint32_t of_15_bits(uint32_t pixel)
{
    return field(pixel, 10, 5) << 16 | field(pixel, 5, 5) << 8 | field(pixel, 0, 5);
}

static uint32_t of_16_bits(uint32_t pixel)
{
    return field(pixel, 11, 5) << 16 | field(pixel, 5, 6) << 8 | field(pixel, 0, 5);
}

static unsigned pixel_size(const struct vga *s)
{
    return (s->vbe.reg[VBE_DEPTH] + 7u) / 8;
}

void vga_linear_place(const struct vga *s, unsigned y, uint32_t *first, uint32_t *end)
{
    uint32_t pixel = (uint32_t)(s->vbe.reg[VBE_Y] + y) * s->vbe.reg[VBE_VIRTUAL_WIDTH];
    *first = (pixel + s->vbe.reg[VBE_X]) * pixel_size(s);
    *end = *first + s->vbe.reg[VBE_WIDTH] * pixel_size(s);
}

const uint32_t *vga_linear_line(const struct vga *s, const uint32_t color[256], unsigned y,
                                uint32_t *line)
{
    uint32_t first, end;
    vga_linear_place(s, y, &first, &end);
    const uint8_t *p = s->ram + first;
    unsigned width = s->vbe.reg[VBE_WIDTH];
    switch (s->vbe.reg[VBE_DEPTH]) {
    case 8:
        for (unsigned x = 0; x < width; x++)
            line[x] = color[p[x]];
        break;
    case 15:
        for (unsigned x = 0; x < width; x++)
            line[x] = of_15_bits(p[2 * x] | (uint32_t)p[2 * x + 1] << 8);
        break;
    case 16:
        for (unsigned x = 0; x < width; x++)
            line[x] = of_16_bits(p[2 * x] | (uint32_t)p[2 * x + 1] << 8);
        break;
    case 24:
        for (unsigned x = 0; x < width; x++)
            line[x] = p[3 * x] | (uint32_t)p[3 * x + 1] << 8 | (uint32_t)p[3 * x + 2] << 16;
        break;
    default:
        for (unsigned x = 0; x < width; x++)
            line[x] = p[4 * x] | (uint32_t)p[4 * x + 1] << 8 | (uint32_t)p[4 * x + 2] << 16;
        break;
    }
    return line;
}
