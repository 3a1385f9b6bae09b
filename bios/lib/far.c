/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying to and from far memory; what gcc calls by itself. */
#include "bios/lib/far.h"

void far_get(void *to, struct far from, u16 size)
{
    u8 *byte = to;
    for (u16 i = 0; i < size; i++)
        byte[i] = far_read_u8(far(from.segment, from.offset + i));
}

void far_put(struct far to, const void *from, u16 size)
{
    const u8 *byte = from;
    for (u16 i = 0; i < size; i++)
        far_write_u8(far(to.segment, to.offset + i), byte[i]);
}

void rom_get(void *to, ROM void *from, u16 size)
{
    ROM u8 *byte = from;
    u8 *out = to;
    for (u16 i = 0; i < size; i++)
        out[i] = byte[i];
}

void far_clear(struct far to, u16 size)
{
    for (u16 i = 0; i < size; i++)
        far_write_u8(far(to.segment, to.offset + i), 0);
}
