/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single pixels: INT 10h, AH=0Ch and 0Dh. */
#include "bios/vga/draw.h"
#include "bios/vga/registers.h"

enum { PLANES = 4 };

static uint32_t pixel_address(const struct screen *s, uint16_t x, uint16_t y)
{
    return line_address(s, y) + x / 8 * cell_size(s);
}

static void draw_in_planes(struct far at, uint8_t mask, uint8_t color)
{
    indexed_write(GRAPHICS, 8, mask);
    indexed_write(GRAPHICS, 3, color & DRAW_XOR ? 0x18 : 0);
    indexed_write(GRAPHICS, 0, color & 0x0f);
    indexed_write(GRAPHICS, 1, 0x0f);
    far_read8(at);
    far_write8(at, 0);
    indexed_write(GRAPHICS, 0, 0);
    indexed_write(GRAPHICS, 1, 0);
    indexed_write(GRAPHICS, 3, 0);
    indexed_write(GRAPHICS, 8, 0xff);
}

static uint8_t read_from_planes(struct far at, uint8_t mask)
{
    uint8_t color = 0;
    for (unsigned plane = 0; plane < PLANES; plane++) {
        indexed_write(GRAPHICS, 4, plane);
        if (far_read8(at) & mask)
            color |= (uint8_t)(1 << plane);
    }
    indexed_write(GRAPHICS, 4, 0);
    return color;
}

/* CGA's bits of a pixel: in which byte of the cell, and how far left. */
struct place {
    uint8_t byte, shift, mask;
};

static struct place cga_place(const struct screen *s, uint16_t x)
{
    if (s->bits == 1)
        return (struct place){0, 7 - (x & 7), 1};
    return (struct place){(x & 7) >> 2, (uint8_t)(6 - 2 * (x & 3)), 3};
}

static void draw_cga_pixel(struct screen *s, uint32_t address, uint16_t x, uint8_t color)
{
    struct place p = cga_place(s, x);
    struct far at = screen_seek(s, address + p.byte);
    uint8_t old = far_read8(at), bits = (uint8_t)((color & p.mask) << p.shift);
    if (color & DRAW_XOR)
        far_write8(at, old ^ bits);
    else
        far_write8(at, (uint8_t)((old & ~(p.mask << p.shift)) | bits));
}

static uint8_t read_cga_pixel(struct screen *s, uint32_t address, uint16_t x)
{
    struct place p = cga_place(s, x);
    return far_read8(screen_seek(s, address + p.byte)) >> p.shift & p.mask;
}

static void draw_byte_pixel(struct screen *s, uint32_t address, uint8_t color)
{
    uint32_t value = s->bits == 8 ? color : direct_color(s->bits, color);
    for (unsigned n = 0; n < (s->bits + 7u) / 8; n++, value >>= 8)
        far_write8(screen_seek(s, address + n), (uint8_t)value);
}

void draw_pixel(struct screen *s, uint16_t x, uint16_t y, uint8_t color)
{
    uint32_t address = pixel_address(s, x, y);
    if (s->model == MODEL_PLANAR)
        draw_in_planes(screen_seek(s, address), 0x80 >> (x & 7), color);
    else if (s->model == MODEL_CGA)
        draw_cga_pixel(s, address, x, color);
    else if (s->model != MODEL_TEXT)
        draw_byte_pixel(s, address + (x & 7) * ((s->bits + 7u) / 8), color);
}

uint8_t read_pixel(struct screen *s, uint16_t x, uint16_t y)
{
    uint32_t address = pixel_address(s, x, y);
    if (s->model == MODEL_PLANAR)
        return read_from_planes(screen_seek(s, address), 0x80 >> (x & 7));
    if (s->model == MODEL_CGA)
        return read_cga_pixel(s, address, x);
    if (s->model == MODEL_TEXT)
        return 0;
    return far_read8(screen_seek(s, address + (x & 7) * ((s->bits + 7u) / 8)));
}
