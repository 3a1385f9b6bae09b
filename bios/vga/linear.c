/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The linear frame buffer, by the system BIOS's block move: INT 15h, AH=87h. To copy through the
 * window takes two changes of its bank for each few bytes.
 */
#include "bios/vga/draw.h"
#include "bios/vga/vbe.h"

struct descriptor {
    uint16_t limit, base;
    uint8_t base_16, rights;
    uint8_t limit_16, base_24;
};
/* What the function wants: the source is the third of six, the destination the fourth. */
struct move {
    struct descriptor empty[2], source, destination, bios[2];
};
_Static_assert(sizeof(struct move) == 48, "INT 15h's layout");

enum { DATA = 0x93 /* present, writable, accessed */ };

static void describe(struct descriptor *d, uint32_t base)
{
    d->limit = 0xffff;
    d->base = (uint16_t)base;
    d->base_16 = (uint8_t)(base >> 16);
    d->rights = DATA;
    d->base_24 = (uint8_t)(base >> 24);
}

static bool block_move(struct move *m, uint16_t words)
{
    uint16_t ax = 0x8700, offset = (uint16_t)(uintptr_t)m;
    bool failed;
    __asm__ volatile("pushl %%ebp\n\tpushw %%fs\n\tpushw %%gs\n\tpushw %%ds\n\t"
                     "int $0x15\n\t"
                     "popw %%ds\n\tpopw %%gs\n\tpopw %%fs\n\tpopl %%ebp\n\t"
                     "pushw %%ss\n\tpopw %%es"
                     : "+a"(ax), "=@ccc"(failed)
                     : "S"(offset), "c"(words)
                     : "ebx", "edx", "edi", "memory", "cc");
    return !failed;
}

bool copy_linear(const struct screen *s, uint32_t to, uint32_t from, uint32_t bytes)
{
    struct move m = {0};
    if (!s->has_banks || s->model == MODEL_PLANAR || bytes > 0x10000)
        return false;
    uint32_t base = vbe_linear_address();
    describe(&m.source, base + from);
    describe(&m.destination, base + to);
    return block_move(&m, (uint16_t)(bytes / 2));
}
