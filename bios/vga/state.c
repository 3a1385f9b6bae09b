/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/state.h"

#include "bios/vga/font_load.h"
#include "bios/vga/parameters.h"
#include "bios/vga/registers.h"

/*
 * A buffer is a row of bytes. Saving and restoring walk along it in the same order: `next` puts a
 * byte there, or takes one.
 */
struct walk {
    struct far at;
    bool saving;
};

static uint8_t next(struct walk *w, uint8_t value)
{
    if (w->saving)
        far_write8(w->at, value);
    else
        value = far_read8(w->at);
    w->at = far_add(w->at, 1);
    return value;
}

static void walk_memory(struct walk *w, uint16_t offset, uint16_t count)
{
    for (; count; count--, offset++) {
        struct far at = far(pm_info.data, offset);
        far_write8(at, next(w, far_read8(at)));
    }
}

static void walk_indexed(struct walk *w, uint16_t port, uint8_t first, uint8_t count)
{
    for (uint8_t i = first; i < first + count; i++) {
        uint8_t value = next(w, indexed_read(port, i));
        if (!w->saving)
            indexed_write(port, i, value);
    }
}

static void walk_attributes(struct walk *w)
{
    for (unsigned i = 0; i < VGA_ATTRIBUTE_REGISTERS + 1; i++)
        attribute_write(i, next(w, attribute_read(i)));
}

enum { SEQUENCER_REGISTERS = 4, CRTC_LOCK = 0x11 };

/* What is in the latches, and the flip-flop's state, are not kept. */
static void walk_hardware(struct walk *w)
{
    uint8_t sequencer = next(w, inb(SEQUENCER)), graphics = next(w, inb(GRAPHICS));
    uint8_t crtc = next(w, inb(crtc_port())), misc = next(w, inb(MISC_READ));
    if (!w->saving) {
        outb(MISC_WRITE, misc);
        indexed_change(crtc_port(), CRTC_LOCK, 0x80, 0);
    }
    walk_indexed(w, SEQUENCER, 1, SEQUENCER_REGISTERS);
    walk_indexed(w, crtc_port(), 0, VGA_CRTC_REGISTERS);
    walk_indexed(w, GRAPHICS, 0, VGA_GRAPHICS_REGISTERS);
    walk_attributes(w);
    outb(SEQUENCER, sequencer);
    outb(GRAPHICS, graphics);
    outb(crtc_port(), crtc);
}
enum {
    HARDWARE_SIZE = 4 + SEQUENCER_REGISTERS + VGA_CRTC_REGISTERS + VGA_GRAPHICS_REGISTERS +
                    VGA_ATTRIBUTE_REGISTERS + 1
};

/* Video's part of the data area, and its vectors. */
static ROM struct {
    uint16_t offset, count;
} data_parts[] = {
    {0x410, 2},           {0x449, 30}, {0x484, 7}, {0x4a8, 4}, {VECTOR_FONT_HIGH * 4, 4},
    {VECTOR_FONT * 4, 4},
};
enum { DATA_SIZE = 2 + 30 + 7 + 4 + 4 + 4 };

static void walk_data(struct walk *w)
{
    for (unsigned i = 0; i < sizeof data_parts / sizeof data_parts[0]; i++)
        walk_memory(w, data_parts[i].offset, data_parts[i].count);
}

static void walk_colors(struct walk *w)
{
    for (unsigned i = 0; i < 256; i++) {
        struct vga_color color = dac_read((uint8_t)i);
        color.red = next(w, color.red);
        color.green = next(w, color.green);
        color.blue = next(w, color.blue);
        if (!w->saving)
            dac_write((uint8_t)i, color);
    }
    outb(DAC_MASK, next(w, inb(DAC_MASK)));
}
enum { COLORS_SIZE = 3 * 256 + 1 };

/* A size is for the moment when it is switched on, a place within it for after that. */
static ROM uint8_t vbe_registers[] = {DISPI_XRES, DISPI_YRES,       DISPI_BPP,      DISPI_ENABLE,
                                      DISPI_BANK, DISPI_VIRT_WIDTH, DISPI_X_OFFSET, DISPI_Y_OFFSET};
enum { VBE_SIZE = 2 * sizeof vbe_registers + 2 };
enum { VBE_MODE = 0x4ba /* in the data area */ };

static void walk_vbe(struct walk *w)
{
    walk_memory(w, VBE_MODE, 2);
    if (!dispi_there()) {
        w->at = far_add(w->at, VBE_SIZE - 2);
        return;
    }
    for (unsigned i = 0; i < sizeof vbe_registers; i++) {
        enum dispi index = vbe_registers[i];
        uint16_t value = dispi_read(index);
        if (index == DISPI_XRES && !w->saving)
            dispi_write(DISPI_ENABLE, 0);
        uint8_t low = next(w, (uint8_t)value), high = next(w, (uint8_t)(value >> 8));
        value = (uint16_t)(low | high << 8 | (index == DISPI_ENABLE ? DISPI_KEEP_MEMORY : 0));
        if (!w->saving)
            dispi_write(index, value);
    }
}

/* VBE's come first: with them, the adapter sets registers of its own accord. */
static void walk(struct walk *w, uint8_t parts)
{
    if (parts & STATE_VBE)
        walk_vbe(w);
    if (parts & STATE_HARDWARE)
        walk_hardware(w);
    if (parts & STATE_DATA)
        walk_data(w);
    if (parts & STATE_COLORS)
        walk_colors(w);
}

uint16_t state_size(uint8_t parts)
{
    return (uint16_t)((parts & STATE_HARDWARE ? HARDWARE_SIZE : 0) +
                      (parts & STATE_DATA ? DATA_SIZE : 0) +
                      (parts & STATE_COLORS ? COLORS_SIZE : 0) +
                      (parts & STATE_VBE ? VBE_SIZE : 0));
}

void state_save(struct far to, uint8_t parts)
{
    struct walk w = {to, true};
    walk(&w, parts);
}

void state_restore(struct far from, uint8_t parts)
{
    struct walk w = {from, false};
    walk(&w, parts);
}

/* AL=0: how many blocks of 64 bytes; 1: save; 2: restore. */
void state_services(struct regs *r)
{
    uint8_t parts = r->c.l & (STATE_HARDWARE | STATE_DATA | STATE_COLORS);
    struct far at = far(r->es, r->b.x);
    if (r->a.l > 2)
        return;
    if (r->a.l == 0)
        r->b.x = (state_size(parts) + 63) / 64;
    else if (r->a.l == 1)
        state_save(at, parts);
    else
        state_restore(at, parts);
    r->a.l = 0x1c;
}
