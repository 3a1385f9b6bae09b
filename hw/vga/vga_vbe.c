/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bochs's VBE extension: an index and a data port of 16 bits, for modes that a VGA does not have.
 * What registers mean is told in QEMU's docs/specs/standard-vga and Bochs's iodev documentation.
 */
#include "hw/vga/vga_internal.h"

#include "exec/exec.h"

#include <string.h>

enum { ID_FIRST = 0xb0c0, ID_LAST = 0xb0c5, CHUNK = 65536 };
enum { INDEX = 0 };

/* --- geometry --- */

/* Bytes of a line of so many pixels. */
static uint32_t line_size(unsigned depth, uint32_t pixels)
{
    return depth == 4 ? pixels / 2 : pixels * ((depth + 7u) / 8);
}

static bool is_depth(unsigned depth)
{
    return depth == 4 || depth == 8 || depth == 15 || depth == 16 || depth == 24 || depth == 32;
}

static uint32_t virtual_line(const struct vga *s)
{
    return line_size(s->vbe.reg[VBE_DEPTH], s->vbe.reg[VBE_VIRTUAL_WIDTH]);
}

/* As many lines as there is memory for. */
static void set_virtual_height(struct vga *s)
{
    uint32_t lines = s->ram_size / virtual_line(s);
    s->vbe.reg[VBE_VIRTUAL_HEIGHT] = (uint16_t)(lines < UINT16_MAX ? lines : UINT16_MAX);
}

/* The picture must be in memory; a width or a place where it is not is not taken. */
static bool fits(const struct vga *s)
{
    const uint16_t *r = s->vbe.reg;
    uint64_t end =
        (uint64_t)(r[VBE_Y] + r[VBE_HEIGHT]) * virtual_line(s) + line_size(r[VBE_DEPTH], r[VBE_X]);
    return r[VBE_VIRTUAL_WIDTH] >= r[VBE_WIDTH] && end <= s->ram_size;
}

static bool set_if_fits(struct vga *s, enum vbe_register reg, uint16_t value)
{
    uint16_t old = s->vbe.reg[reg];
    s->vbe.reg[reg] = value;
    if (fits(s))
        return true;
    s->vbe.reg[reg] = old;
    return false;
}

/* --- a mode --- */

/* The VGA's registers go along, so that a program which knows of them alone finds what it needs. */
static void set_vga_registers(struct vga *s)
{
    const uint16_t *r = s->vbe.reg;
    s->graphics[GR_MISC] = 1 << GR_MISC_MAP_SHIFT | GR_MISC_GRAPHICS;
    s->crtc[CRTC_MODE] |= CRTC_MODE_A13 | CRTC_MODE_A14;
    s->crtc[CRTC_MAX_ROW] &= (uint8_t) ~(CRTC_DOUBLE | 0x1f);
    s->crtc[CRTC_OFFSET] = (uint8_t)(virtual_line(s) / 8);
    s->attribute[ATTR_MODE] = ATTR_GRAPHICS;
    s->sequencer[SEQ_CLOCKING] &= (uint8_t)~CLOCKING_OFF;
    s->sequencer[SEQ_MAP_MASK] = 0xf;
    s->sequencer[SEQ_MEMORY] |= MEMORY_SEQUENTIAL;
    if (r[VBE_DEPTH] > 4) {
        s->sequencer[SEQ_MEMORY] |= MEMORY_CHAIN4;
        s->graphics[GR_MODE] = (s->graphics[GR_MODE] & ~MODE_SHIFT) | MODE_SHIFT_8_BITS;
    } else {
        s->sequencer[SEQ_MEMORY] &= (uint8_t)~MEMORY_CHAIN4;
        s->graphics[GR_MODE] &= (uint8_t) ~(MODE_SHIFT | MODE_ODD_EVEN);
    }
}

static void clear_memory(struct vga *s)
{
    uint32_t size = s->vbe.reg[VBE_HEIGHT] * virtual_line(s);
    vga_changes(s, 0, size);
    memset(s->ram, 0, size);
    vga_display_touch(s->display, 0, size);
}

/* A mode for which there is no memory is not entered. */
static void enter_mode(struct vga *s, uint16_t enable)
{
    uint16_t *r = s->vbe.reg;
    r[VBE_VIRTUAL_WIDTH] = r[VBE_WIDTH];
    r[VBE_X] = r[VBE_Y] = r[VBE_BANK] = 0;
    if (!r[VBE_WIDTH] || !r[VBE_HEIGHT] || !fits(s)) {
        log_if(LOG_GUEST_ERRORS, "vga: no mode of %u x %u with %u bits\n", r[VBE_WIDTH],
               r[VBE_HEIGHT], r[VBE_DEPTH]);
        r[VBE_ENABLE] &= (uint16_t)~VBE_ENABLED;
        return;
    }
    set_virtual_height(s);
    set_vga_registers(s);
    if (!(enable & VBE_NO_CLEAR))
        clear_memory(s);
}

static void write_enable(struct vga *s, uint16_t value)
{
    bool was_on = vbe_is_on(s);
    vga_update_planes(s);
    s->vbe.reg[VBE_ENABLE] = value;
    if (value & VBE_ENABLED && !was_on)
        enter_mode(s, value);
    if (!(value & VBE_ENABLED))
        s->vbe.reg[VBE_BANK] = 0;
    vga_update_window(s);
    vga_update_retrace(s);
}

/* --- registers --- */

/* Size and depth are chosen before a mode is entered, and stay while it is. */
static void choose(struct vga *s, enum vbe_register reg, uint16_t value, bool possible)
{
    if (possible && !vbe_is_on(s))
        s->vbe.reg[reg] = value;
}

static void write_virtual_width(struct vga *s, uint16_t value)
{
    if (vbe_is_on(s) && set_if_fits(s, VBE_VIRTUAL_WIDTH, value & (uint16_t)~7))
        set_virtual_height(s);
}

static void write_bank(struct vga *s, uint16_t value)
{
    s->vbe.reg[VBE_BANK] = value & (uint16_t)(s->ram_size / CHUNK - 1);
    vga_update_window(s);
}

static void write_register(struct vga *s, uint16_t value)
{
    switch (s->vbe.index) {
    case VBE_ID:
        if (value >= ID_FIRST && value <= ID_LAST)
            s->vbe.reg[VBE_ID] = value;
        break;
    case VBE_WIDTH:
        choose(s, VBE_WIDTH, value & (uint16_t)~7, value <= VBE_MOST_WIDTH);
        break;
    case VBE_HEIGHT:
        choose(s, VBE_HEIGHT, value, value <= VBE_MOST_HEIGHT);
        break;
    case VBE_DEPTH:
        choose(s, VBE_DEPTH, value ? value : 8, !value || is_depth(value));
        break;
    case VBE_ENABLE:
        write_enable(s, value);
        break;
    case VBE_BANK:
        write_bank(s, value);
        break;
    case VBE_VIRTUAL_WIDTH:
        write_virtual_width(s, value);
        break;
    case VBE_X:
    case VBE_Y:
        if (vbe_is_on(s))
            set_if_fits(s, s->vbe.index, value);
        break;
    default:
        break;
    }
}

static uint16_t read_register(const struct vga *s)
{
    static const uint16_t most[] = {
        [VBE_WIDTH] = VBE_MOST_WIDTH, [VBE_HEIGHT] = VBE_MOST_HEIGHT, [VBE_DEPTH] = 32};
    unsigned index = s->vbe.index;
    if (index == VBE_MEMORY)
        return (uint16_t)(s->ram_size / CHUNK);
    if (index >= VBE_REGISTERS)
        return 0;
    if (s->vbe.reg[VBE_ENABLE] & VBE_GET_CAPABILITIES && index >= VBE_WIDTH && index <= VBE_DEPTH)
        return most[index];
    return s->vbe.reg[index];
}

/*
 * Data is a word at 1D0h; and at 1CFh, which is odd, so that it comes as two bytes, one at 1CFh and
 * one at 1D0h.
 */
enum { DATA_LOW = 1, DATA_HIGH = 2 };

uint32_t vbe_read(void *device, uint32_t offset, unsigned size)
{
    const struct vga *s = device;
    uint16_t value = offset == INDEX ? s->vbe.index : read_register(s);
    return offset == DATA_HIGH && size == 1 ? value >> 8 : value;
}

void vbe_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct vga *s = device;
    if (offset == INDEX) {
        s->vbe.index = (uint16_t)value;
    } else if (offset == DATA_LOW) {
        s->vbe.data_low = (uint8_t)value;
    } else {
        vga_display_registers(s->display);
        write_register(s, (uint16_t)(size == 1 ? value << 8 | s->vbe.data_low : value));
    }
}

void vbe_restored(struct vga *s)
{
    const uint16_t *r = s->vbe.reg;
    if (!is_depth(r[VBE_DEPTH]) || !r[VBE_WIDTH] || r[VBE_WIDTH] > VBE_MOST_WIDTH ||
        !r[VBE_HEIGHT] || r[VBE_HEIGHT] > VBE_MOST_HEIGHT || !fits(s))
        s->vbe.reg[VBE_ENABLE] &= (uint16_t)~VBE_ENABLED;
}

static const struct state_field fields[] = {
    {STATE(vbe, index)},
    {STATE(vbe, data_low)},
    {STATE_ARRAY(vbe, reg)},
    {0},
};
const struct state_table vbe_state = STATE_TABLE(vbe, 1, fields);
