/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A frame as the CRT controller goes through memory, and as sequencer and attribute controller make
 * dots of what it finds. IBM PS/2 Hardware Interface Technical Reference, Video Subsystem, "CRT
 * Controller", "Attribute Controller".
 */
#include "hw/vga/vga_display.h"

enum { FETCHES_AHEAD = 1 }; /* of a line that begins in the middle of a character */

/* --- where the beam is --- */

static uint32_t start_of(const struct vga *s)
{
    if (vbe_is_on(s))
        return (uint32_t)s->vbe.reg[VBE_Y] * (s->vbe.reg[VBE_VIRTUAL_WIDTH] / 8u) +
               s->vbe.reg[VBE_X] / 8u;
    return s->start + (s->crtc[CRTC_PRESET_ROW] >> 5 & 3u);
}

/* Dots; at 9 a character, 8 stands for none. */
static unsigned panning_of(const struct vga_raster *r)
{
    unsigned panning = r->card->attribute[ATTR_PANNING];
    if (vbe_is_on(r->card))
        return 0;
    if (r->dots == 9)
        return panning < 8 ? panning + 1 : 0;
    return panning & 7;
}

static void start_beam(struct vga_raster *r)
{
    r->y = 0;
    r->counter = start_of(r->card);
    r->row = vbe_is_on(r->card) ? 0 : r->card->crtc[CRTC_PRESET_ROW] & 0x1f;
    r->panning = panning_of(r);
    r->second = false;
}

/* Below the line compare is the beginning of memory. */
static void split(struct vga_raster *r)
{
    r->counter = r->row = 0;
    r->second = false;
    if (r->card->attribute[ATTR_MODE] & ATTR_PAN_TOP)
        r->panning = 0;
}

static void next_row(struct vga_raster *r)
{
    r->row = 0;
    r->counter += r->row_size;
}

/* The vertical counter may count every other line. */
static unsigned counted(const struct vga_raster *r)
{
    bool doubles = r->card->crtc[CRTC_MODE] & CRTC_MODE_DOUBLE;
    return doubles ? r->y / 2 : r->y;
}

static void next_vga_line(struct vga_raster *r)
{
    const uint8_t *crtc = r->card->crtc;
    unsigned y = counted(r);
    r->y++;
    if (y == counted(r))
        return;
    if (y == r->line_compare) {
        split(r);
        return;
    }
    if (crtc[CRTC_MAX_ROW] & CRTC_DOUBLE && !r->second) {
        r->second = true;
        return;
    }
    r->second = false;
    if (r->row == (crtc[CRTC_MAX_ROW] & 0x1f))
        next_row(r);
    else
        r->row = (r->row + 1) & 0x1f;
}

void vga_raster_next(struct vga_raster *r)
{
    if (!vbe_is_on(r->card)) {
        next_vga_line(r);
        return;
    }
    r->y++;
    next_row(r);
}

/* --- from a count to an address: "CRTC Mode Control", "Underline Location" --- */

static uint32_t multiplexed(const uint8_t *crtc, uint32_t counter, unsigned row)
{
    unsigned mode = crtc[CRTC_MODE];
    uint32_t a = counter;
    if (crtc[CRTC_UNDERLINE] & CRTC_DWORD)
        a = counter << 2 | (counter >> 14 & 3);
    else if (!(mode & CRTC_MODE_BYTE))
        a = counter << 1 | (counter >> (mode & CRTC_MODE_WRAP ? 15 : 13) & 1);
    if (!(mode & CRTC_MODE_A13))
        a = (a & ~0x2000u) | (row & 1) << 13;
    if (!(mode & CRTC_MODE_A14))
        a = (a & ~0x4000u) | (row >> 1 & 1) << 14;
    return a;
}

static unsigned counts(const uint8_t *crtc, unsigned column)
{
    if (crtc[CRTC_UNDERLINE] & CRTC_COUNT_4)
        return column / 4;
    return crtc[CRTC_MODE] & CRTC_MODE_COUNT_2 ? column / 2 : column;
}

static uint32_t plane_word(const struct vga_raster *r, uint32_t at)
{
    const uint8_t *p = r->card->ram + (size_t)4 * (at & r->mask);
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t vga_raster_word(const struct vga_raster *r, unsigned column)
{
    const uint8_t *crtc = r->card->crtc;
    if (vbe_is_on(r->card))
        return plane_word(r, r->counter + column);
    return plane_word(r, multiplexed(crtc, r->counter + counts(crtc, column), r->row));
}

/* --- dots --- */

static unsigned dots_of(const struct vga_raster *r, unsigned column, uint32_t *to)
{
    return r->is_text ? vga_text_dots(r, column, to) : vga_graphics_dots(r, column, to);
}

/* From the end on, so that no dot is overwritten before its turn. */
static void double_dots(uint32_t *line, unsigned dots)
{
    while (dots--)
        line[2 * dots] = line[2 * dots + 1] = line[dots];
}

const uint32_t *vga_raster_line(const struct vga_raster *r, uint32_t *line)
{
    unsigned dots = 0;
    for (unsigned column = 0; column < r->columns + FETCHES_AHEAD; column++)
        dots += dots_of(r, column, line + dots);
    if (r->scale == 2)
        double_dots(line, dots);
    return line + (size_t)r->panning * r->scale;
}

/* --- colours --- */

static uint8_t eight_bits(const struct vga *s, uint8_t component)
{
    if (s->vbe.reg[VBE_ENABLE] & VBE_8_BIT_DAC)
        return component;
    component &= 0x3f;
    return (uint8_t)(component << 2 | component >> 4);
}

void vga_dac_colors(const struct vga *s, uint32_t color[256])
{
    for (unsigned i = 0; i < 256; i++) {
        const uint8_t *c = s->dac.palette + 3 * (i & s->dac.mask);
        color[i] = (uint32_t)eight_bits(s, c[0]) << 16 | (uint32_t)eight_bits(s, c[1]) << 8 |
                   eight_bits(s, c[2]);
    }
}

/* Of four bits that the attribute controller's palette makes into eight. */
static uint8_t palette_entry(const struct vga *s, unsigned dot)
{
    uint8_t six = s->attribute[dot & s->attribute[ATTR_PLANES] & 0xf];
    uint8_t select = s->attribute[ATTR_COLOR_SELECT];
    if (s->attribute[ATTR_MODE] & ATTR_P54)
        six = (uint8_t)((six & 0x0f) | (select & 3) << 4);
    return (uint8_t)((six & 0x3f) | (select & 0xc) << 4);
}

static bool has_256_colors(const struct vga *s)
{
    return s->graphics[GR_MODE] & MODE_SHIFT_8_BITS;
}

static void set_colors(struct vga_raster *r)
{
    uint32_t dac[256];
    vga_dac_colors(r->card, dac);
    bool direct = !r->is_text && has_256_colors(r->card);
    for (unsigned i = 0; i < 256; i++)
        r->color[i] = dac[direct ? i : palette_entry(r->card, i)];
}

/* --- the beginning of a frame --- */

/* "Character Map Select": bits 4, 1, 0 and 5, 3, 2; the upper one counts 8 KiB, others 16 KiB. */
static uint32_t font_at(unsigned map, unsigned high)
{
    return (map & 3) << 14 | (high & 1) << 13;
}

static void set_fonts(struct vga_raster *r)
{
    unsigned maps = r->card->sequencer[SEQ_CHARACTER_MAP];
    r->font[0] = font_at(maps, maps >> 4);
    r->font[1] = font_at(maps >> 2, maps >> 5);
}

static void set_vga_size(struct vga_raster *r)
{
    const struct vga *s = r->card;
    unsigned doubled = s->crtc[CRTC_MODE] & CRTC_MODE_DOUBLE ? 2 : 1;
    r->columns = s->crtc[CRTC_H_END] + 1u;
    r->dots = s->sequencer[SEQ_CLOCKING] & CLOCKING_8_DOTS ? 8 : 9;
    r->scale = s->sequencer[SEQ_CLOCKING] & CLOCKING_HALF ? 2 : 1;
    r->height = vga_shown_lines(s->crtc) * doubled;
    r->row_size = s->crtc[CRTC_OFFSET] * 2u;
    r->line_compare = vga_line_compare(s->crtc);
    r->mask = 0xffff;
}

static void set_vbe_size(struct vga_raster *r)
{
    const struct vga *s = r->card;
    r->columns = s->vbe.reg[VBE_WIDTH] / 8u;
    r->dots = 8;
    r->scale = 1;
    r->height = s->vbe.reg[VBE_HEIGHT];
    r->row_size = s->vbe.reg[VBE_VIRTUAL_WIDTH] / 8u;
    r->mask = s->ram_size / 4 - 1;
}

void vga_raster_start(struct vga_raster *r, const struct vga_display *d)
{
    const struct vga *s = &d->latched;
    bool vbe = vbe_is_on(s);
    *r = (struct vga_raster){.card = s,
                             .is_text = !vbe && !(s->graphics[GR_MISC] & GR_MISC_GRAPHICS),
                             .cursor_on = d->cursor_on,
                             .blink_on = d->blink_on};
    if (vbe)
        set_vbe_size(r);
    else
        set_vga_size(r);
    set_colors(r);
    set_fonts(r);
    start_beam(r);
}
