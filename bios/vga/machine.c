/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/machine.h"

void far_fill16(struct far p, uint16_t value, uint16_t count)
{
    __asm__ volatile("movw %w3, %%es\n\trep stosw\n\tpushw %%ss\n\tpopw %%es"
                     : "+D"(p.offset), "+c"(count)
                     : "a"(value), "r"(p.segment)
                     : "memory");
}

void far_copy(struct far to, struct far from, uint16_t count)
{
    __asm__ volatile("pushw %%ds\n\tmovw %w3, %%es\n\tmovw %w4, %%ds\n\trep movsb\n\t"
                     "popw %%ds\n\tpushw %%ss\n\tpopw %%es"
                     : "+D"(to.offset), "+S"(from.offset), "+c"(count)
                     : "r"(to.segment), "r"(from.segment)
                     : "memory");
}

void far_copy_down(struct far to, struct far from, uint16_t count)
{
    to.offset = (uint16_t)(to.offset + count - 1);
    from.offset = (uint16_t)(from.offset + count - 1);
    __asm__ volatile("std");
    far_copy(to, from, count);
    __asm__ volatile("cld");
}

static volatile __seg_gs struct far *vector(uint8_t number)
{
    return (volatile __seg_gs struct far *)(number * sizeof(struct far));
}

struct far vector_get(uint8_t number)
{
    return far(vector(number)->segment, vector(number)->offset);
}

void vector_set(uint8_t number, struct far to)
{
    vector(number)->offset = to.offset;
    vector(number)->segment = to.segment;
}
