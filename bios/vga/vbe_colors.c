/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VBE functions 08h and 09h: the DAC's width and colours; and those that are about the display. */
#include "bios/vga/registers.h"
#include "bios/vga/vbe.h"

/* BL=0: sets bits of a primary colour to BH; 1: gets them. */
enum vbe_status vbe_dac_width(struct regs *r)
{
    uint16_t enable = dispi_read(DISPI_ENABLE);
    if (!vbe_current() || dispi_read(DISPI_BPP) > 8)
        return VBE_WRONG_MODE;
    if (r->b.l > 1)
        return VBE_FAILED;
    if (r->b.l == 0) {
        enable &= ~DISPI_8BIT_DAC;
        enable |= DISPI_KEEP_MEMORY | (r->b.h >= 8 ? DISPI_8BIT_DAC : 0);
        dispi_write(DISPI_ENABLE, enable);
    }
    r->b.h = dispi_read(DISPI_ENABLE) & DISPI_8BIT_DAC ? 8 : 6;
    return VBE_OK;
}

static void set_colors(struct far from, uint8_t first, uint16_t count)
{
    for (; count; count--, from = far_add(from, 4)) {
        struct vga_color color = {far_read8(far_add(from, 2)), far_read8(far_add(from, 1)),
                                  far_read8(from)};
        dac_write(first++, color);
    }
}

static void get_colors(struct far to, uint8_t first, uint16_t count)
{
    for (; count; count--, to = far_add(to, 4)) {
        struct vga_color color = dac_read(first++);
        far_write16(to, (uint16_t)(color.green << 8 | color.blue));
        far_write16(far_add(to, 2), color.red);
    }
}

/* BL=0, 80h: sets CX colours from DX on; 1: gets them. Of a second palette there is none. */
enum vbe_status vbe_palette(struct regs *r)
{
    struct far at = far(r->es, r->di.x);
    if (dispi_read(DISPI_ENABLE) & DISPI_ENABLED && dispi_read(DISPI_BPP) > 8)
        return VBE_WRONG_MODE;
    if (r->b.l == 2 || r->b.l == 3)
        return VBE_NOT_HERE;
    if ((uint32_t)r->c.x + r->d.x > 256 || (r->b.l & 0x7f) > 1)
        return VBE_FAILED;
    if (r->b.l == 1)
        get_colors(at, r->d.l, r->c.x);
    else
        set_colors(at, r->d.l, r->c.x);
    return VBE_OK;
}

/* Any clock will do: nothing is sent through a cable. */
enum vbe_status vbe_pixel_clock(struct regs *r)
{
    if (r->b.l != 0 || !vbe_find(r->d.x & VBE_NUMBER))
        return VBE_FAILED;
    if (r->c.e > VBE_MOST_CLOCK)
        r->c.e = VBE_MOST_CLOCK;
    return VBE_OK;
}

/* --- DPMS: VBE/PM 1.0 --- */

enum { POWER_ON = 0, POWER_STANDBY = 1, POWER_OFF = 4, POWER_VERSION = 0x10 };
enum { CLOCKING_MODE = 1, SCREEN_OFF = 0x20, MODE_CONTROL = 0x17, SYNC = 0x80 };

/* On standby there is no picture; switched off, no synchronization either. */
static void set_power(uint8_t state)
{
    indexed_change(SEQUENCER, CLOCKING_MODE, SCREEN_OFF, state == POWER_ON ? 0 : SCREEN_OFF);
    indexed_change(crtc_port(), MODE_CONTROL, SYNC, state == POWER_OFF ? 0 : SYNC);
}

static uint8_t get_power(void)
{
    if (!(indexed_read(SEQUENCER, CLOCKING_MODE) & SCREEN_OFF))
        return POWER_ON;
    return indexed_read(crtc_port(), MODE_CONTROL) & SYNC ? POWER_STANDBY : POWER_OFF;
}

enum vbe_status vbe_power(struct regs *r)
{
    if (r->b.l == 0) {
        r->b.l = POWER_VERSION;
        r->b.h = POWER_STANDBY | POWER_OFF;
    } else if (r->b.l == 1) {
        if (r->b.h != POWER_ON && r->b.h != POWER_STANDBY && r->b.h != POWER_OFF)
            return VBE_FAILED;
        set_power(r->b.h);
    } else if (r->b.l == 2) {
        r->b.h = get_power();
    } else {
        return VBE_FAILED;
    }
    return VBE_OK;
}
