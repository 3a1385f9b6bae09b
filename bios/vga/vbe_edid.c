/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * VBE/DDC 1.1, INT 10h, AX=4F15h: what a monitor would tell of itself.
 */
#include "bios/vga/edid.h"
#include "bios/vga/vbe.h"

static void write_edid(struct far to)
{
    for (unsigned i = 0; i < VGA_EDID_SIZE; i++)
        far_write8(far_add(to, i), vga_edid_byte(i));
}

/* BL=0: how well displays are asked; 1: block DX of controller CX. */
enum vbe_status vbe_edid(struct regs *r)
{
    enum { SECONDS = 0, LEVEL_DDC2 = 2 };
    if (r->c.x != 0 || r->b.l > 1)
        return VBE_FAILED;
    if (r->b.l == 0) {
        r->b.x = SECONDS << 8 | LEVEL_DDC2;
        return VBE_OK;
    }
    if (r->d.x != 0)
        return VBE_FAILED;
    write_edid(far(r->es, r->di.x));
    return VBE_OK;
}
