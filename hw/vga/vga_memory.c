/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accesses to the four planes: the graphics controller. IBM PS/2 Hardware Interface Technical
 * Reference, Video Subsystem, "Graphics Controller" and "Sequencer Memory Mode".
 *
 * The four bytes at an address of the planes are one word here, plane 0 the lowest byte.
 */
#include "hw/vga/vga_display.h"

#include "exec/memory.h"

#include <string.h>

/* Of four planes' bits: all bits of each plane that has one. */
static uint32_t whole_planes(unsigned planes)
{
    static const uint32_t whole[16] = {
        0x00000000, 0x000000ff, 0x0000ff00, 0x0000ffff, 0x00ff0000, 0x00ff00ff,
        0x00ffff00, 0x00ffffff, 0xff000000, 0xff0000ff, 0xff00ff00, 0xff00ffff,
        0xffff0000, 0xffff00ff, 0xffffff00, 0xffffffff,
    };
    return whole[planes & 0xf];
}

/* The same byte in each plane. */
static uint32_t in_all(uint8_t byte)
{
    return byte * 0x01010101u;
}

/* --- addressing --- */

/* What an address of the processor's is: one of the planes', and of which of them. */
struct place {
    uint32_t at;
    unsigned planes;
};

static bool in_window(const struct vga *s, uint32_t *offset)
{
    static const struct {
        uint32_t base, size;
    } maps[] = {{0, 0x20000}, {0, 0x10000}, {0x10000, 0x8000}, {0x18000, 0x8000}};
    unsigned map = s->graphics[GR_MISC] >> GR_MISC_MAP_SHIFT & 3;
    *offset -= maps[map].base;
    return vga_has_memory(s) && *offset < maps[map].size;
}

/* Chained addresses have their lowest bits from further up. */
static uint32_t replace_a0(const struct vga *s, uint32_t offset)
{
    if (!(s->graphics[GR_MISC] & GR_MISC_CHAIN))
        return offset;
    return (offset & ~1u) | (offset >> 16 & 1);
}

static uint32_t bank(const struct vga *s)
{
    return vbe_is_on(s) ? (uint32_t)s->vbe.reg[VBE_BANK] << 16 : 0;
}

static struct place place_of(const struct vga *s, uint32_t offset, bool odd_even)
{
    if (s->sequencer[SEQ_MEMORY] & MEMORY_CHAIN4)
        return (struct place){(offset & 0xfffc) | (offset >> 16 & 3), 1u << (offset & 3)};
    if (odd_even)
        return (struct place){replace_a0(s, offset) & 0xffff, offset & 1 ? 0xa : 0x5};
    return (struct place){((offset & 0xffff) + bank(s)) & (s->ram_size / 4 - 1), 0xf};
}

static uint32_t load(const struct vga *s, uint32_t at)
{
    uint32_t word;
    memcpy(&word, s->ram + (size_t)4 * at, 4);
    return word;
}

static void store(struct vga *s, uint32_t at, uint32_t word)
{
    vga_changes(s, 4 * at, 4);
    memcpy(s->ram + (size_t)4 * at, &word, 4);
    vga_display_touch_page(s->display, 4 * at / PAGE_SIZE);
}

/* --- reads --- */

/* Where all planes that are cared about have the colour that is compared with, a bit is 1. */
static uint8_t compare(const struct vga *s)
{
    uint32_t differ = (s->latches ^ whole_planes(s->graphics[GR_COLOR_COMPARE])) &
                      whole_planes(s->graphics[GR_DONT_CARE]);
    differ |= differ >> 16;
    return (uint8_t) ~(differ | differ >> 8);
}

static unsigned read_plane(const struct vga *s, uint32_t offset)
{
    if (s->sequencer[SEQ_MEMORY] & MEMORY_CHAIN4)
        return offset & 3;
    if (s->graphics[GR_MODE] & MODE_ODD_EVEN)
        return (s->graphics[GR_READ_MAP] & 2) | (offset & 1);
    return s->graphics[GR_READ_MAP] & 3;
}

static uint8_t read_byte(struct vga *s, uint32_t offset)
{
    if (!in_window(s, &offset))
        return 0xff;
    uint32_t word = load(s, place_of(s, offset, s->graphics[GR_MODE] & MODE_ODD_EVEN).at);
    /* Behind a window no read is seen, so the first, which shows it, does not count either. */
    if (s->wanted == VGA_WINDOW_DEVICE)
        s->latches = word;
    if (s->graphics[GR_MODE] & MODE_READ)
        return compare(s);
    return (uint8_t)(word >> 8 * read_plane(s, offset));
}

uint32_t vga_memory_read(void *device, uint32_t offset, unsigned size)
{
    struct vga *s = device;
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)read_byte(s, offset + i) << 8 * i;
    vga_show_window(s);
    return value;
}

/* --- writes --- */

static uint8_t rotated(const struct vga *s, uint8_t byte)
{
    unsigned n = s->graphics[GR_ROTATE] & 7;
    return (uint8_t)(byte >> n | byte << (8 - n));
}

/* What of the processor's byte comes to the planes, some of which have a bit of a register. */
static uint32_t set_or_written(const struct vga *s, uint8_t byte)
{
    uint32_t set = whole_planes(s->graphics[GR_ENABLE_SET_RESET]);
    return (in_all(rotated(s, byte)) & ~set) | (whole_planes(s->graphics[GR_SET_RESET]) & set);
}

static uint32_t combined(const struct vga *s, uint32_t data)
{
    switch (s->graphics[GR_ROTATE] >> 3 & 3) {
    case 1:
        return data & s->latches;
    case 2:
        return data | s->latches;
    case 3:
        return data ^ s->latches;
    default:
        return data;
    }
}

/* Of all planes, and what a bit that is masked keeps, the write mode makes a word. */
static uint32_t made_of(const struct vga *s, uint8_t byte)
{
    uint8_t mask = s->graphics[GR_BIT_MASK];
    uint32_t data;
    switch (s->graphics[GR_MODE] & MODE_WRITE) {
    case 0:
        data = set_or_written(s, byte);
        break;
    case 1:
        return s->latches;
    case 2:
        data = whole_planes(byte);
        break;
    default:
        mask &= rotated(s, byte);
        data = whole_planes(s->graphics[GR_SET_RESET]);
        break;
    }
    return (combined(s, data) & in_all(mask)) | (s->latches & ~in_all(mask));
}

static void write_byte(struct vga *s, uint32_t offset, uint8_t byte)
{
    if (!in_window(s, &offset))
        return;
    struct place p = place_of(s, offset, !(s->sequencer[SEQ_MEMORY] & MEMORY_SEQUENTIAL));
    uint32_t planes = whole_planes(p.planes & s->sequencer[SEQ_MAP_MASK]);
    store(s, p.at, (load(s, p.at) & ~planes) | (made_of(s, byte) & planes));
}

void vga_memory_write(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    struct vga *s = device;
    for (unsigned i = 0; i < size; i++)
        write_byte(s, offset + i, (uint8_t)(value >> 8 * i));
    vga_show_window(s);
}
