/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/font_load.h"

#include "bios/vga/cursor.h"
#include "bios/vga/font.h"
#include "bios/vga/modes.h"
#include "bios/vga/registers.h"

enum { GLYPH_SPACING = 32, GLYPHS = 256, HALF = 128 };

static struct far rom_font(uint8_t height)
{
    return far_rom(height == 8 ? vga_font_8x8 : height == 14 ? vga_font_8x14 : vga_font_8x16);
}

static struct far rom_wide_font(uint8_t height)
{
    return far_rom(height == 14 ? vga_font_9x14 : vga_font_9x16);
}

/* Registers while plane 2 is written, one byte after the other; and those to go back to. */
static const struct vga_parameters *current(struct vga_parameters *p)
{
    mode_parameters(mode_find(BDA->mode), p);
    return p;
}

static void open_fonts(void)
{
    indexed_write(SEQUENCER, 0, 1);
    indexed_write(SEQUENCER, 2, 4);
    indexed_write(SEQUENCER, 4, 7);
    indexed_write(SEQUENCER, 0, 3);
    indexed_write(GRAPHICS, 4, 2);
    indexed_write(GRAPHICS, 5, 0);
    indexed_write(GRAPHICS, 6, 4);
    indexed_write(GRAPHICS, 8, 0xff);
    indexed_write(GRAPHICS, 1, 0);
    indexed_write(GRAPHICS, 3, 0);
}

static void close_fonts(void)
{
    struct vga_parameters p;
    current(&p);
    indexed_write(SEQUENCER, 0, 1);
    indexed_write(SEQUENCER, 2, p.sequencer[1]);
    indexed_write(SEQUENCER, 4, p.sequencer[3]);
    indexed_write(SEQUENCER, 0, 3);
    indexed_write(GRAPHICS, 4, p.graphics[4]);
    indexed_write(GRAPHICS, 5, p.graphics[5]);
    indexed_write(GRAPHICS, 6, p.graphics[6]);
}

static struct far glyph_at(uint8_t block, uint8_t character)
{
    uint16_t base = (uint16_t)((block & 3) << 14 | (block & 4) << 11);
    return far(pm_info.a0000, (uint16_t)(base + character * GLYPH_SPACING));
}

static void load(uint8_t block, struct far glyphs, uint16_t first, uint16_t count, uint8_t height)
{
    open_fonts();
    for (uint16_t i = 0; i < count; i++)
        far_copy(glyph_at(block, (uint8_t)(first + i)), far_add(glyphs, (uint16_t)(i * height)),
                 height);
    close_fonts();
}

/* Pairs of a character and its glyph, up to a 0. */
static void load_pairs(uint8_t block, struct far pairs, uint8_t height)
{
    uint8_t character;
    open_fonts();
    while ((character = far_read8(pairs)) != 0) {
        far_copy(glyph_at(block, character), far_add(pairs, 1), height);
        pairs = far_add(pairs, height + 1);
    }
    close_fonts();
}

static bool nine_dots(void)
{
    return !(indexed_read(SEQUENCER, 1) & 1);
}

static void load_rom(uint8_t block, uint8_t height)
{
    load(block, rom_font(height), 0, GLYPHS, height);
    if (height != 8 && nine_dots())
        load_pairs(block, rom_wide_font(height), height);
}

void font_load_default(uint8_t height)
{
    load_rom(0, height);
    indexed_write(SEQUENCER, 3, 0);
}

void font_point(uint8_t height)
{
    vector_set(VECTOR_FONT, rom_font(height));
}

static uint16_t text_lines(void)
{
    if (BDA->flags & FLAGS_LINES_400)
        return 400;
    return BDA->flags & FLAGS_LINES_200 && BDA->mode != MODE_MONO_TEXT ? 200 : 350;
}

/* As many rows as there is room for: with characters of another height, in a mode of text. */
static void set_height(uint8_t height)
{
    uint16_t crtc = BDA->crtc, lines = text_lines(), rows = lines / height;
    uint16_t shown = (uint16_t)((lines == 200 ? 2 : 1) * rows * height - 1);
    BDA->char_height = height;
    BDA->last_row = (uint8_t)(rows - 1);
    BDA->page_size = (uint16_t)((rows * BDA->columns * 2 + 0xff) & ~0xff);
    indexed_change(crtc, 0x09, 0x1f, height - 1);
    indexed_write(crtc, 0x12, (uint8_t)shown);
    indexed_change(crtc, 0x07, 0x42, (uint8_t)((shown >> 8 & 1) << 1 | (shown >> 9 & 1) << 6));
    indexed_write(crtc, 0x14, BDA->mode == MODE_MONO_TEXT ? height - 1 : 0x1f);
    cursor_set_shape(BDA->cursor_start, BDA->cursor_end);
}

/* AL=00h to 04h, and with 10h: the rows change, too. */
static void load_text(struct regs *r)
{
    static ROM uint8_t heights[] = {0, 14, 8, 0, 16};
    uint8_t function = r->a.l & 0x0f, height = heights[function];
    ROM struct mode *mode = mode_find(BDA->mode);
    if (!mode || mode->model != MODEL_TEXT)
        return;
    if (function == 0) {
        height = r->b.h;
        load(r->b.l, far(r->es, r->bp.x), r->d.x, r->c.x, height);
    } else {
        load_rom(r->b.l, height);
    }
    if (r->a.l & 0x10 && height >= 1 && height <= 32)
        set_height(height);
}

/* AL=20h to 24h: for graphics. */
static void point(struct regs *r)
{
    static ROM uint8_t rows[] = {0, 14, 25, 43};
    static ROM uint8_t heights[] = {0, 0, 14, 8, 16};
    uint8_t function = r->a.l & 0x0f;
    if (function == 0) {
        vector_set(VECTOR_FONT_HIGH, far(r->es, r->bp.x));
        return;
    }
    uint8_t height = function == 1 ? (uint8_t)r->c.x : heights[function];
    vector_set(VECTOR_FONT, function == 1 ? far(r->es, r->bp.x) : rom_font(height));
    BDA->char_height = height;
    BDA->last_row = (uint8_t)((r->b.l == 0 ? r->d.l : rows[r->b.l & 3]) - 1);
}

static struct far font_address(uint8_t which)
{
    switch (which) {
    case 0:
        return vector_get(VECTOR_FONT_HIGH);
    case 1:
        return vector_get(VECTOR_FONT);
    case 2:
        return rom_font(14);
    case 3:
        return rom_font(8);
    case 4:
        return far_add(rom_font(8), HALF * 8);
    case 5:
        return rom_wide_font(14);
    case 6:
        return rom_font(16);
    default:
        return rom_wide_font(16);
    }
}

/* AL=30h. */
static void information(struct regs *r)
{
    if (r->b.h > 7)
        return;
    struct far address = font_address(r->b.h);
    r->es = address.segment;
    r->bp.x = address.offset;
    r->c.x = BDA->char_height;
    r->d.l = BDA->last_row;
}

void font_services(struct regs *r)
{
    uint8_t group = r->a.l >> 4, function = r->a.l & 0x0f;
    if (group <= 1 && function == 3)
        indexed_write(SEQUENCER, 3, r->b.l);
    else if (group <= 1 && function <= 4)
        load_text(r);
    else if (group == 2 && function <= 4)
        point(r);
    else if (r->a.l == 0x30)
        information(r);
}
