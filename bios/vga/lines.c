/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphics: lines of dots, in each model of memory. */
#include "bios/vga/draw.h"
#include "bios/vga/registers.h"

enum { CGA_ODD_LINES = 0x2000, PLANES = 4 };

unsigned cell_size(const struct screen *s)
{
    if (s->model == MODEL_PLANAR)
        return 1;
    return s->model == MODEL_DIRECT ? 8u * ((s->bits + 7u) / 8) : s->bits;
}

uint32_t line_address(const struct screen *s, unsigned y)
{
    if (s->model == MODEL_CGA)
        return s->start + (y & 1 ? CGA_ODD_LINES : 0) + (y >> 1) * s->pitch;
    return s->start + (uint32_t)y * s->pitch;
}

/* Planes: what is read is of one, what is written goes into some. */
static void select_planes(uint8_t read, uint8_t written)
{
    indexed_write(GRAPHICS, 4, read);
    indexed_write(SEQUENCER, 2, written);
}

static void draw_planar(struct far at, uint8_t dots, uint8_t color)
{
    for (unsigned plane = 0; plane < PLANES; plane++) {
        uint8_t shown = color >> plane & 1 ? dots : 0;
        select_planes(plane, (uint8_t)(1 << plane));
        far_write8(at, color & DRAW_XOR ? far_read8(at) ^ shown : shown);
    }
    select_planes(0, 0x0f);
}

/* Eight dots of two bits each, all in the colour. */
static uint16_t spread(uint8_t dots, uint8_t color)
{
    uint16_t wide = 0;
    for (unsigned i = 0; i < 8; i++)
        wide = (uint16_t)(wide << 2 | (dots << i & 0x80 ? color & 3 : 0));
    return (uint16_t)(wide >> 8 | wide << 8);
}

static void draw_cga(struct far at, uint8_t bits, uint8_t dots, uint8_t color)
{
    if (bits == 1) {
        uint8_t shown = color & 1 ? dots : 0;
        far_write8(at, color & DRAW_XOR ? far_read8(at) ^ shown : shown);
        return;
    }
    uint16_t shown = spread(dots, color);
    far_write16(at, color & DRAW_XOR ? far_read16(at) ^ shown : shown);
}

/* Of CGA's 16 colours: red, green and blue are a bit each, the fourth is intensity. */
static uint32_t level(uint8_t color, unsigned bit, unsigned width)
{
    unsigned eight = color >> bit & 1 ? (color & 8 ? 0xff : 0xaa) : color & 8 ? 0x55 : 0;
    if (color == 6 && bit == 1)
        eight = 0x55;
    return eight >> (8 - width);
}

uint32_t direct_color(uint8_t bits, uint8_t color)
{
    color &= 0x0f;
    if (bits == 15)
        return level(color, 2, 5) << 10 | level(color, 1, 5) << 5 | level(color, 0, 5);
    if (bits == 16)
        return level(color, 2, 5) << 11 | level(color, 1, 6) << 5 | level(color, 0, 5);
    return level(color, 2, 8) << 16 | level(color, 1, 8) << 8 | level(color, 0, 8);
}

static void write_value(struct screen *s, uint32_t address, uint32_t value, unsigned bytes)
{
    for (; bytes; bytes--, value >>= 8)
        far_write8(screen_seek(s, address++), (uint8_t)value);
}

static void draw_bytes(struct screen *s, uint32_t address, uint8_t dots, uint8_t color)
{
    unsigned bytes = (s->bits + 7u) / 8;
    uint32_t value = s->bits == 8 ? color : direct_color(s->bits, color);
    for (unsigned i = 0; i < 8; i++, address += bytes)
        write_value(s, address, dots << i & 0x80 ? value : 0, bytes);
}

void draw_glyph_line(struct screen *s, uint32_t address, uint8_t dots, uint8_t color)
{
    if (s->model == MODEL_PLANAR)
        draw_planar(screen_seek(s, address), dots, color);
    else if (s->model == MODEL_CGA)
        draw_cga(screen_seek(s, address), s->bits, dots, color);
    else
        draw_bytes(s, address, dots, color);
}

static uint8_t read_planar(struct far at)
{
    uint8_t dots = 0;
    for (unsigned plane = 0; plane < PLANES; plane++) {
        indexed_write(GRAPHICS, 4, plane);
        dots |= far_read8(at);
    }
    indexed_write(GRAPHICS, 4, 0);
    return dots;
}

static uint8_t read_cga(struct far at, uint8_t bits)
{
    uint8_t dots = 0;
    if (bits == 1)
        return far_read8(at);
    uint16_t wide = far_read16(at);
    wide = (uint16_t)(wide >> 8 | wide << 8);
    for (unsigned i = 0; i < 8; i++)
        dots = (uint8_t)(dots << 1 | ((wide << (2 * i) & 0xc000) != 0));
    return dots;
}

static uint8_t read_bytes(struct screen *s, uint32_t address)
{
    unsigned bytes = (s->bits + 7u) / 8;
    uint8_t dots = 0;
    for (unsigned i = 0; i < 8; i++) {
        uint8_t any = 0;
        for (unsigned n = 0; n < bytes; n++)
            any |= far_read8(screen_seek(s, address++));
        dots = (uint8_t)(dots << 1 | (any != 0));
    }
    return dots;
}

uint8_t read_glyph_line(struct screen *s, uint32_t address)
{
    if (s->model == MODEL_PLANAR)
        return read_planar(screen_seek(s, address));
    if (s->model == MODEL_CGA)
        return read_cga(screen_seek(s, address), s->bits);
    return read_bytes(s, address);
}

/* Bytes up to the end of a bank, at most. */
static unsigned up_to_end(uint32_t address, unsigned bytes)
{
    unsigned end = 0x10000 - (address & 0xffff);
    return bytes < end ? bytes : end;
}

static void fill_bytes(struct screen *s, uint32_t address, unsigned bytes, uint8_t value)
{
    for (unsigned some; bytes; bytes -= some, address += some) {
        some = up_to_end(address, bytes);
        far_fill8(screen_seek(s, address), value, (uint16_t)some);
    }
}

static void fill_planar(struct screen *s, uint32_t address, unsigned cells, uint8_t color)
{
    indexed_write(GRAPHICS, 0, color & 0x0f);
    indexed_write(GRAPHICS, 1, 0x0f);
    fill_bytes(s, address, cells, 0);
    indexed_write(GRAPHICS, 0, 0);
    indexed_write(GRAPHICS, 1, 0);
}

void fill_line(struct screen *s, uint32_t address, unsigned cells, uint8_t color)
{
    if (s->model == MODEL_PLANAR) {
        fill_planar(s, address, cells, color);
        return;
    }
    if (s->model == MODEL_PACKED || (color & 0x0f) == 0) {
        fill_bytes(s, address, cells * cell_size(s), s->model == MODEL_PACKED ? color : 0);
        return;
    }
    for (; cells; cells--, address += cell_size(s))
        draw_glyph_line(s, address, 0xff, color & ~DRAW_XOR);
}

/* As much as one bank has of both ends at once; through the stack if those are two banks. */
static unsigned copy_some(struct screen *s, uint32_t to, uint32_t from, unsigned count)
{
    uint8_t buffer[64];
    uint16_t stack;
    count = up_to_end(to, up_to_end(from, count));
    if (to >> 16 == from >> 16) {
        far_copy(screen_seek(s, to), screen_seek(s, from), (uint16_t)count);
        return count;
    }
    if (count > sizeof buffer)
        count = sizeof buffer;
    __asm__("movw %%ss, %w0" : "=r"(stack));
    struct far here = far(stack, (uint16_t)(uintptr_t)buffer);
    far_copy(here, screen_seek(s, from), (uint16_t)count);
    far_copy(screen_seek(s, to), here, (uint16_t)count);
    return count;
}

/* Latches hold a byte of each plane; between banks they go one by one. */
static void copy_planar(struct screen *s, uint32_t to, uint32_t from, unsigned cells)
{
    indexed_write(GRAPHICS, 5, 1);
    for (unsigned some; cells; cells -= some, to += some, from += some) {
        some = to >> 16 == from >> 16 ? up_to_end(to, up_to_end(from, cells)) : 1;
        struct far source = screen_seek(s, from);
        if (some > 1) {
            far_copy_bytes(screen_seek(s, to), source, (uint16_t)some);
            continue;
        }
        uint8_t latched = far_read8(source);
        far_write8(screen_seek(s, to), latched);
    }
    indexed_write(GRAPHICS, 5, 0);
}

void copy_line(struct screen *s, uint32_t to, uint32_t from, unsigned cells)
{
    if (s->model == MODEL_PLANAR) {
        copy_planar(s, to, from, cells);
        return;
    }
    for (unsigned left = cells * cell_size(s), done; left; left -= done) {
        done = copy_some(s, to, from, left);
        to += done;
        from += done;
    }
}
