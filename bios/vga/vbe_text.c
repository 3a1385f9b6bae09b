/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VBE's text modes, 108h to 10Ch: mode 3 with other numbers in the CRTC. A cable would want another
 * clock for 132 columns; the adapter has none to choose.
 */
#include "bios/vga/font_load.h"
#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

/* 132 columns of eight dots; across: total, displayed, blanking, retrace. */
static ROM uint8_t across_132[] = {0x9b, 0x83, 0x84, 0x9e, 0x8a, 0x1a};
enum { OFFSET_132 = 132 / 2, CRTC_OFFSET = 0x13 };
enum { EIGHT_DOTS = 1, PANNING = 0x13, NO_PANNING = 0 };

static void set_columns(struct vga_parameters *p, unsigned columns)
{
    p->sequencer[0] |= EIGHT_DOTS;
    p->attribute[PANNING] = NO_PANNING;
    if (columns != 132)
        return;
    for (unsigned i = 0; i < sizeof across_132; i++)
        p->crtc[i] = across_132[i];
    p->crtc[CRTC_OFFSET] = OFFSET_132;
}

/* Sixty rows of eight lines are mode 12h's 480; its clock is mode 3's with eight dots. */
static void set_lines(struct vga_parameters *p, const struct vga_parameters *of)
{
    static ROM uint8_t down[] = {0x06, 0x07, 0x10, 0x11, 0x12, 0x15, 0x16};
    for (unsigned i = 0; i < sizeof down; i++)
        p->crtc[down[i]] = of->crtc[down[i]];
    p->misc = of->misc;
}

/* Characters of eight lines: their size, the cursor's, and the end of the last row. */
static void set_small(struct vga_parameters *p, unsigned rows)
{
    unsigned end = rows * 8 - 1;
    p->char_height = 8;
    p->crtc[0x09] = (uint8_t)((p->crtc[0x09] & 0xe0) | 7);
    p->crtc[0x0a] = 6;
    p->crtc[0x0b] = 7;
    p->crtc[0x12] = (uint8_t)end;
    p->crtc[0x07] = (uint8_t)((p->crtc[0x07] & ~0x42) | (end >> 8 & 1) << 1 | (end >> 9 & 1) << 6);
}

void vbe_set_text_mode(ROM struct vbe_mode *m, uint16_t mode)
{
    struct vga_parameters p, of;
    uint16_t size = (uint16_t)((m->width * m->height * 2 + 0xff) & ~0xff);
    mode_parameters(mode_find(3), &p);
    mode_parameters(mode_find(0x12), &of);
    set_columns(&p, m->width);
    if (m->height == 60)
        set_lines(&p, &of);
    if (m->height > 25)
        set_small(&p, m->height);
    p.columns = (uint8_t)m->width;
    p.last_row = (uint8_t)(m->height - 1);
    p.page_size[0] = (uint8_t)size;
    p.page_size[1] = (uint8_t)(size >> 8);
    set_mode_with(mode_find(3), &p, mode & VBE_KEEP_MEMORY);
}
