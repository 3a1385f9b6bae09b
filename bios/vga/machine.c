/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bios/vga/machine.h"

void far_fill16(struct far p, uint16_t value, uint16_t count)
{
    __asm__ volatile("movw %w3, %%es\n\trep stosw\n\tpushw %%ss\n\tpopw %%es"
                     : "+D"(p.offset), "+c"(count)
                     : "a"(value), "r"(p.segment)
                     : "memory");
}

void far_fill8(struct far p, uint8_t value, uint16_t count)
{
    __asm__ volatile("movw %w3, %%es\n\trep stosb\n\tpushw %%ss\n\tpopw %%es"
                     : "+D"(p.offset), "+c"(count)
                     : "a"(value), "r"(p.segment)
                     : "memory");
}

void far_copy_bytes(struct far to, struct far from, uint16_t count)
{
    __asm__ volatile("pushw %%ds\n\tmovw %w3, %%es\n\tmovw %w4, %%ds\n\trep movsb\n\t"
                     "popw %%ds\n\tpushw %%ss\n\tpopw %%es"
                     : "+D"(to.offset), "+S"(from.offset), "+c"(count)
                     : "r"(to.segment), "r"(from.segment)
                     : "memory");
}

void far_copy(struct far to, struct far from, uint16_t count)
{
    uint16_t quads = count / 4;
    __asm__ volatile("pushw %%ds\n\tmovw %w3, %%es\n\tmovw %w4, %%ds\n\trep movsl\n\t"
                     "popw %%ds\n\tpushw %%ss\n\tpopw %%es"
                     : "+D"(to.offset), "+S"(from.offset), "+c"(quads)
                     : "r"(to.segment), "r"(from.segment)
                     : "memory");
    far_copy_bytes(to, from, count & 3);
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
