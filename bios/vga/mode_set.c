/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT 10h, AH=00h. */
#include "bios/vga/cursor.h"
#include "bios/vga/font_load.h"
#include "bios/vga/modes.h"
#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

enum { CRTC_PROTECT = 0x80 /* register 11h: registers 0 to 7 are read-only */ };

static void set_sequencer(const struct vga_parameters *p)
{
    indexed_write(SEQUENCER, 0, 1);
    for (unsigned i = 0; i < sizeof p->sequencer; i++)
        indexed_write(SEQUENCER, i + 1, p->sequencer[i]);
    outb(MISC_WRITE, p->misc);
    indexed_write(SEQUENCER, 0, 3);
}

static void set_crtc(const struct vga_parameters *p)
{
    uint16_t port = crtc_port();
    indexed_write(port, 0x11, p->crtc[0x11] & ~CRTC_PROTECT);
    for (unsigned i = 0; i < VGA_CRTC_REGISTERS; i++)
        indexed_write(port, i, p->crtc[i]);
}

void set_registers(const struct vga_parameters *p)
{
    set_sequencer(p);
    set_crtc(p);
    for (unsigned i = 0; i < VGA_GRAPHICS_REGISTERS; i++)
        indexed_write(GRAPHICS, i, p->graphics[i]);
    for (unsigned i = 0; i < VGA_ATTRIBUTE_REGISTERS; i++)
        attribute_write(i, p->attribute[i]);
    attribute_write(0x14, 0);
    outb(DAC_MASK, 0xff);
}

void load_colors(enum vga_colors colors)
{
    for (unsigned i = 0; i < 256; i++)
        dac_write((uint8_t)i, vga_default_color(colors, i));
    if (BDA->flags & FLAGS_GRAY)
        dac_gray(0, 256);
}

static void clear_memory(ROM struct mode *mode)
{
    if (mode->model == MODEL_TEXT)
        far_fill16(far(mode->number == MODE_MONO_TEXT ? pm_info.b0000 : pm_info.b8000, 0), 0x0720,
                   0x4000);
    else if (mode->model == MODEL_CGA)
        far_fill16(far(pm_info.b8000, 0), 0, 0x4000);
    else
        far_fill16(far(pm_info.a0000, 0), 0, 0x8000);
}

/* CGA's mode and colour select registers, which programs expect to find here. */
static void set_cga_registers(uint8_t mode)
{
    static ROM uint8_t mode_select[8] = {0x2c, 0x28, 0x2d, 0x29, 0x2a, 0x2e, 0x1e, 0x29};
    if (mode < sizeof mode_select) {
        BDA->cga_mode = mode_select[mode];
        BDA->cga_color = mode == 6 ? 0x3f : 0x30;
    }
}

static void set_data_area(uint8_t number, const struct vga_parameters *p, bool keep_memory)
{
    BDA->mode = number;
    BDA->vbe_mode = 0;
    BDA->columns = p->columns;
    BDA->page_size = (uint16_t)(p->page_size[0] | p->page_size[1] << 8);
    BDA->page_start = 0;
    for (unsigned i = 0; i < 8; i++)
        BDA->cursor[i].column = BDA->cursor[i].row = 0;
    BDA->cursor_start = 6;
    BDA->cursor_end = 7;
    BDA->page = 0;
    BDA->crtc = crtc_port();
    BDA->last_row = p->last_row;
    BDA->char_height = p->char_height;
    BDA->control =
        (uint8_t)((BDA->control & ~CONTROL_NO_CLEAR) | (keep_memory ? CONTROL_NO_CLEAR : 0));
    set_cga_registers(number);
}

void set_mode_with(ROM struct mode *mode, const struct vga_parameters *p, bool keep_memory)
{
    vbe_off();
    set_registers(p);
    if (!(BDA->flags & FLAGS_KEEP_DAC))
        load_colors(mode->colors);
    if (!keep_memory)
        clear_memory(mode);
    set_data_area(mode->number, p, keep_memory);
    if (mode->model == MODEL_TEXT)
        font_load_default(p->char_height);
    font_point(p->char_height);
}

void set_mode(uint8_t number)
{
    ROM struct mode *mode = mode_find(number & 0x7f);
    struct vga_parameters p;
    if (!mode) {
        if ((number & 0x7f) == MODE_VBE_4BIT)
            vbe_set_mode(0x102 | (number & CONTROL_NO_CLEAR ? VBE_KEEP_MEMORY : 0));
        return;
    }
    mode_parameters(mode, &p);
    set_mode_with(mode, &p, number & CONTROL_NO_CLEAR);
}
