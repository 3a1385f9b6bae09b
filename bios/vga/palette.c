/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/palette.h"

#include "bios/vga/modes.h"
#include "bios/vga/registers.h"

/* Attribute controller. */
enum { PALETTE_SIZE = 16, MODE_CONTROL = 0x10, OVERSCAN = 0x11, COLOR_SELECT = 0x14 };
enum { BLINK = 0x08, FOUR_PAGES = 0x80 /* of 64 colours each; else 16 of 16 */ };

/* CGA's intensity is bit 4 of the palette's registers. */
enum { CGA_INTENSITY = 0x10 };

static void set_background(uint8_t color)
{
    uint8_t value = (uint8_t)((color & 7) | (color & 8) << 1);
    BDA->cga_color = (uint8_t)((BDA->cga_color & 0xe0) | (color & 0x1f));
    attribute_write(OVERSCAN, value);
    if (BDA->mode >= 4 && BDA->mode != MODE_MONO_TEXT)
        attribute_write(0, value);
    for (uint8_t i = 1; i < 4 && (BDA->mode == 4 || BDA->mode == 5); i++)
        attribute_write(i, (uint8_t)((attribute_read(i) & ~CGA_INTENSITY) | (color & 0x10)));
}

/* Palettes of three: green, red, brown; or cyan, magenta, white. */
static void set_three(uint8_t palette)
{
    BDA->cga_color = (uint8_t)((BDA->cga_color & ~0x20) | (palette & 1) << 5);
    for (uint8_t i = 1; i < 4; i++)
        attribute_write(i, (uint8_t)((attribute_read(i) & CGA_INTENSITY) | i * 2 | (palette & 1)));
}

void palette_cga(struct regs *r)
{
    if (r->b.h == 0)
        set_background(r->b.l);
    else if (r->b.h == 1 && (BDA->mode == 4 || BDA->mode == 5))
        set_three(r->b.l);
}

/* The palette and the overscan, 17 bytes. */
static void write_all(struct far from)
{
    for (unsigned i = 0; i < PALETTE_SIZE; i++)
        attribute_write(i, far_read8(far_add(from, i)));
    attribute_write(OVERSCAN, far_read8(far_add(from, PALETTE_SIZE)));
}

static void read_all(struct far to)
{
    for (unsigned i = 0; i < PALETTE_SIZE; i++)
        far_write8(far_add(to, i), attribute_read(i));
    far_write8(far_add(to, PALETTE_SIZE), attribute_read(OVERSCAN));
}

static void set_blink(bool on)
{
    uint8_t control = attribute_read(MODE_CONTROL);
    attribute_write(MODE_CONTROL, on ? control | BLINK : control & ~BLINK);
    BDA->cga_mode = on ? BDA->cga_mode | 0x20 : BDA->cga_mode & ~0x20;
}

static void write_color(uint8_t index, struct vga_color color)
{
    dac_write(index, BDA->flags & FLAGS_GRAY ? gray_of(color) : color);
}

static void write_colors(struct far from, uint8_t first, uint16_t count)
{
    for (; count; count--, from = far_add(from, 3)) {
        struct vga_color color = {far_read8(from), far_read8(far_add(from, 1)),
                                  far_read8(far_add(from, 2))};
        write_color(first++, color);
    }
}

static void read_colors(struct far to, uint8_t first, uint16_t count)
{
    for (; count; count--, to = far_add(to, 3)) {
        struct vga_color color = dac_read(first++);
        far_write8(to, color.red);
        far_write8(far_add(to, 1), color.green);
        far_write8(far_add(to, 2), color.blue);
    }
}

/* BL=0: how many pages there are; BL=1: which is shown. */
static void set_page(uint8_t what, uint8_t value)
{
    uint8_t control = attribute_read(MODE_CONTROL);
    if (what == 0)
        attribute_write(MODE_CONTROL, (uint8_t)((control & ~FOUR_PAGES) | (value & 1) << 7));
    else if (what == 1)
        attribute_write(COLOR_SELECT, control & FOUR_PAGES ? value & 0x0f : (value & 3) << 2);
}

static void get_page(struct regs *r)
{
    uint8_t select = attribute_read(COLOR_SELECT) & 0x0f;
    r->b.l = attribute_read(MODE_CONTROL) >> 7;
    r->b.h = r->b.l ? select : select >> 2;
}

static void palette_registers(struct regs *r)
{
    switch (r->a.l) {
    case 0x00:
        attribute_write(r->b.l & 0x1f, r->b.h);
        break;
    case 0x01:
        attribute_write(OVERSCAN, r->b.h);
        break;
    case 0x02:
        write_all(far(r->es, r->d.x));
        break;
    case 0x03:
        set_blink(r->b.l & 1);
        break;
    case 0x07:
        r->b.h = attribute_read(r->b.l & 0x1f);
        break;
    case 0x08:
        r->b.h = attribute_read(OVERSCAN);
        break;
    case 0x09:
        read_all(far(r->es, r->d.x));
        break;
    }
}

static void get_color(struct regs *r)
{
    struct vga_color color = dac_read(r->b.l);
    r->d.h = color.red;
    r->c.h = color.green;
    r->c.l = color.blue;
}

static void dac_registers(struct regs *r)
{
    switch (r->a.l) {
    case 0x10:
        write_color(r->b.l, (struct vga_color){r->d.h, r->c.h, r->c.l});
        break;
    case 0x12:
        write_colors(far(r->es, r->d.x), r->b.l, r->c.x);
        break;
    case 0x13:
        set_page(r->b.l, r->b.h);
        break;
    case 0x15:
        get_color(r);
        break;
    case 0x17:
        read_colors(far(r->es, r->d.x), r->b.l, r->c.x);
        break;
    case 0x18:
        outb(DAC_MASK, r->b.l);
        break;
    case 0x19:
        r->b.l = inb(DAC_MASK);
        break;
    case 0x1a:
        get_page(r);
        break;
    case 0x1b:
        dac_gray(r->b.l, r->c.x);
        break;
    }
}

void palette_services(struct regs *r)
{
    if (r->a.l < 0x10)
        palette_registers(r);
    else
        dac_registers(r);
}
