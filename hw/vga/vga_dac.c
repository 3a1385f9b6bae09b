/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The palette and its ports, 3C6h to 3C9h. IBM PS/2 Hardware Interface Technical Reference, Video
 * Subsystem, "Video Digital-to-Analog Converter". Components have 6 bits; 8, if VBE says so.
 */
#include "hw/vga/vga_internal.h"

#include <string.h>

enum { MASK, READ_INDEX, WRITE_INDEX, DATA };
enum { STATE_WRITING = 0, STATE_READING = 3 };

static uint8_t component_bits(const struct vga *s)
{
    return s->vbe.reg[VBE_ENABLE] & VBE_8_BIT_DAC ? 0xff : 0x3f;
}

static uint8_t read_component(struct vga_dac *d)
{
    uint8_t value = d->palette[3 * d->read_index + d->next];
    d->next = (d->next + 1) % 3;
    d->read_index += d->next == 0;
    return value;
}

static void write_component(struct vga_dac *d, uint8_t value)
{
    d->component[d->next] = value;
    d->next = (d->next + 1) % 3;
    if (d->next == 0)
        memcpy(d->palette + 3 * d->write_index++, d->component, sizeof d->component);
}

uint32_t vga_dac_read(struct vga *s, uint32_t port)
{
    struct vga_dac *d = &s->dac;
    switch (port) {
    case MASK:
        return d->mask;
    case READ_INDEX:
        return d->reading ? STATE_READING : STATE_WRITING;
    case WRITE_INDEX:
        return d->write_index;
    default:
        return read_component(d) & component_bits(s);
    }
}

void vga_dac_write(struct vga *s, uint32_t port, uint8_t value)
{
    struct vga_dac *d = &s->dac;
    switch (port) {
    case MASK:
        d->mask = value;
        break;
    case READ_INDEX:
        d->read_index = value;
        d->reading = true;
        d->next = 0;
        break;
    case WRITE_INDEX:
        d->write_index = value;
        d->reading = false;
        d->next = 0;
        break;
    default:
        write_component(d, value & component_bits(s));
        break;
    }
}

static const struct state_field fields[] = {
    {STATE_ARRAY(vga_dac, palette)},   {STATE(vga_dac, mask)},
    {STATE(vga_dac, read_index)},      {STATE(vga_dac, write_index)},
    {STATE_ARRAY(vga_dac, component)}, {STATE(vga_dac, next), .most = 2},
    {STATE(vga_dac, reading)},         {0},
};
const struct state_table vga_dac_state = STATE_TABLE(vga_dac, 1, fields);
