/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/vbe.h"

#include "bios/vga/font_load.h"
#include "bios/vga/registers.h"
#include "bios/vga/state.h"

/* --- setting a mode --- */

void vbe_off(void)
{
    if (dispi_there())
        dispi_write(DISPI_ENABLE, 0);
}

uint8_t vbe_char_height(ROM struct vbe_mode *m)
{
    if (m->bits == VBE_TEXT)
        return m->height > 25 ? 8 : 16;
    return m->height >= 400 ? 16 : 8;
}

/* VGA's mode of the same kind, which says how A0000h is mapped and what the colours are. */
static void set_base(uint8_t bits)
{
    ROM struct mode *base = mode_find(bits == 4 ? 0x12 : 0x13);
    struct vga_parameters p;
    mode_parameters(base, &p);
    set_registers(&p);
    load_colors(base->colors);
}

static void set_data_area(ROM struct vbe_mode *m, uint16_t mode)
{
    bool kept = mode & VBE_KEEP_MEMORY;
    uint8_t height = vbe_char_height(m);
    BDA->mode = m->number == 0x102 ? MODE_VBE_4BIT : MODE_VBE;
    BDA->columns = m->width / 8;
    BDA->page_size = 0;
    BDA->page_start = 0;
    for (unsigned i = 0; i < 8; i++)
        BDA->cursor[i].column = BDA->cursor[i].row = 0;
    BDA->page = 0;
    BDA->crtc = CRTC_COLOR;
    BDA->last_row = (uint8_t)(m->height / height - 1);
    BDA->char_height = height;
    BDA->control = (uint8_t)((BDA->control & ~CONTROL_NO_CLEAR) | (kept ? CONTROL_NO_CLEAR : 0));
    font_point(height);
}

static void switch_on(ROM struct vbe_mode *m, uint16_t mode)
{
    uint16_t enable = DISPI_ENABLED;
    if (mode & VBE_LINEAR)
        enable |= DISPI_LINEAR;
    if (mode & VBE_KEEP_MEMORY)
        enable |= DISPI_KEEP_MEMORY;
    dispi_write(DISPI_ENABLE, 0);
    dispi_write(DISPI_XRES, m->width);
    dispi_write(DISPI_YRES, m->height);
    dispi_write(DISPI_BPP, m->bits);
    dispi_write(DISPI_VIRT_WIDTH, m->width);
    dispi_write(DISPI_BANK, 0);
    dispi_write(DISPI_ENABLE, enable);
    dispi_write(DISPI_X_OFFSET, 0);
    dispi_write(DISPI_Y_OFFSET, 0);
}

bool vbe_set_mode(uint16_t mode)
{
    ROM struct vbe_mode *m = dispi_there() ? vbe_find(mode & VBE_NUMBER) : NULL;
    if (!m || (mode & VBE_LINEAR && m->bits <= 4))
        return false;
    vbe_off();
    if (m->bits == VBE_TEXT) {
        vbe_set_text_mode(m, mode);
    } else {
        set_base(m->bits);
        switch_on(m, mode);
        set_data_area(m, mode);
    }
    BDA->vbe_mode = mode & (VBE_NUMBER | VBE_LINEAR | VBE_KEEP_MEMORY);
    return true;
}

void vbe_screen(struct screen *s)
{
    uint8_t bits = (uint8_t)dispi_read(DISPI_BPP);
    s->bits = bits;
    s->model = bits == 4 ? MODEL_PLANAR : bits == 8 ? MODEL_PACKED : MODEL_DIRECT;
    s->segment = pm_info.a0000;
    s->pitch = (uint16_t)vbe_pitch(dispi_read(DISPI_VIRT_WIDTH), bits);
    s->start = 0;
    s->page = 0;
}

/* Numbers that VESA did not give are VGA's modes. */
enum vbe_status vbe_mode_set(struct regs *r)
{
    uint16_t mode = r->b.x;
    if (mode & VBE_NUMBER & 0x100)
        return vbe_set_mode(mode) ? VBE_OK : VBE_FAILED;
    if (mode & VBE_LINEAR || !mode_find(mode & 0x7f))
        return VBE_FAILED;
    set_mode((mode & 0x7f) | (mode & VBE_KEEP_MEMORY ? CONTROL_NO_CLEAR : 0));
    return VBE_OK;
}

enum vbe_status vbe_mode_get(struct regs *r)
{
    r->b.x = BDA->vbe_mode;
    if (!r->b.x)
        r->b.x = BDA->mode | (BDA->control & CONTROL_NO_CLEAR ? VBE_KEEP_MEMORY : 0);
    return VBE_OK;
}

/* --- what a mode can do --- */

enum vbe_status vbe_state(struct regs *r)
{
    uint8_t parts = r->c.l & 0x0f;
    struct far at = far(r->es, r->b.x);
    if (r->d.l == 0)
        r->b.x = (state_size(parts) + 63) / 64;
    else if (r->d.l == 1)
        state_save(at, parts);
    else if (r->d.l == 2)
        state_restore(at, parts);
    else
        return VBE_FAILED;
    return VBE_OK;
}

/* Window A only. BH=0: sets it, 1: gets it. A linear mode has none. */
enum vbe_status vbe_window(struct regs *r)
{
    if (!vbe_current() || BDA->vbe_mode & VBE_LINEAR)
        return VBE_WRONG_MODE;
    if (r->b.l != 0 || r->b.h > 1)
        return VBE_FAILED;
    if (r->b.h == 1) {
        r->d.x = dispi_read(DISPI_BANK);
        return VBE_OK;
    }
    if (r->d.x >= dispi_read(DISPI_MEMORY))
        return VBE_FAILED;
    dispi_write(DISPI_BANK, r->d.x);
    return VBE_OK;
}

/* As many pixels as so many bytes are, rounded up. */
static uint16_t pixels_of(uint32_t bytes, uint8_t bits)
{
    unsigned size = (bits + 7u) / 8;
    return (uint16_t)(bits == 4 ? bytes * 8 : (bytes + size - 1) / size);
}

/* The longest line with which all lines of the picture have room, in pixels. */
static uint16_t longest(uint8_t bits)
{
    uint32_t memory = vbe_memory() / (bits == 4 ? 4 : 1);
    uint32_t pixels = memory / dispi_read(DISPI_YRES) / vbe_pitch(8, bits) * 8;
    return (uint16_t)(pixels > 0x3ff8 ? 0x3ff8 : pixels);
}

static uint16_t lines_of(uint16_t pixels, uint8_t bits)
{
    uint32_t lines = vbe_memory() / (bits == 4 ? 4 : 1) / vbe_pitch(pixels, bits);
    return (uint16_t)(lines > 0xffff ? 0xffff : lines);
}

/* BL=0 and 2: sets it, in pixels or bytes; 1: gets it; 3: the most. */
enum vbe_status vbe_line_length(struct regs *r)
{
    uint8_t bits = (uint8_t)dispi_read(DISPI_BPP);
    uint16_t wanted = dispi_read(DISPI_VIRT_WIDTH);
    if (!vbe_current())
        return VBE_WRONG_MODE;
    if (r->b.l > 3)
        return VBE_FAILED;
    if (r->b.l == 3)
        wanted = longest(bits);
    else if (r->b.l != 1) {
        wanted = r->b.l == 0 ? r->c.x : pixels_of(r->c.x, bits);
        wanted = (wanted + 7) & ~7;
        if (wanted < dispi_read(DISPI_XRES) || wanted > longest(bits))
            return VBE_NOT_HERE;
        dispi_write(DISPI_VIRT_WIDTH, wanted);
        wanted = dispi_read(DISPI_VIRT_WIDTH);
    }
    r->b.x = (uint16_t)vbe_pitch(wanted, bits);
    r->c.x = wanted;
    r->d.x = lines_of(wanted, bits);
    return VBE_OK;
}

/* BL=0, 80h: sets it; 1: gets it; the bit is to wait for the retrace, which the adapter does. */
enum vbe_status vbe_display_start(struct regs *r)
{
    if (!vbe_current())
        return VBE_WRONG_MODE;
    if (r->b.l == 1) {
        r->b.h = 0;
        r->c.x = dispi_read(DISPI_X_OFFSET);
        r->d.x = dispi_read(DISPI_Y_OFFSET);
        return VBE_OK;
    }
    if ((r->b.l & ~0x80) != 0)
        return VBE_FAILED;
    uint8_t bits = (uint8_t)dispi_read(DISPI_BPP);
    uint16_t width = dispi_read(DISPI_VIRT_WIDTH);
    if ((uint32_t)r->d.x + dispi_read(DISPI_YRES) > lines_of(width, bits) || r->c.x >= width)
        return VBE_FAILED;
    dispi_write(DISPI_X_OFFSET, r->c.x);
    dispi_write(DISPI_Y_OFFSET, r->d.x);
    return VBE_OK;
}
