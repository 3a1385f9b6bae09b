/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TLB and the translations behind it, for softmmu.c and softmmu_forget.c alone. */
#ifndef EXEC_SOFTMMU_TLB_H
#define EXEC_SOFTMMU_TLB_H

#include "exec/memory_map.h"
#include "exec/softmmu.h"

static inline u32 page_of(u32 linear)
{
    return linear & ~(u32)PAGE_MASK;
}

static inline void set_bit(u64 *map, unsigned bit, bool value)
{
    u64 mask = (u64)1 << (bit & 63);
    map[bit / 64] = value ? map[bit / 64] | mask : map[bit / 64] & ~mask;
}

static inline struct translation *translation_of(struct softmmu *mmu, u32 linear)
{
    u32 page = linear >> 12;
    return &mmu->translation[(page ^ page >> TRANSLATION_BITS) & (TRANSLATIONS - 1)];
}

/* Is it that of a page, its linear address and space in one? */
static inline bool is_valid(const struct softmmu *mmu, const struct translation *t, u32 page)
{
    return t->page == page && t->generation == mmu->generation[(t->frame & FRAME_GLOBAL) != 0];
}

/*
 * Write tags are given and taken here alone, and counted by the host memory that they let stores
 * to: a page whose count is 0 has none, and nobody need look for them.
 */
static inline u16 *writers(struct softmmu *mmu, const u8 *host)
{
    return &mmu->writers[(uintptr_t)host >> TLB_PAGE_BITS & (WRITER_COUNTS - 1)];
}

static inline void give_write_tag(struct softmmu *mmu, struct tlb_entry *e, u32 linear)
{
    e->write = page_of(linear);
    ++*writers(mmu, tlb_host(e, e->write));
}

static inline void take_write_tag(struct softmmu *mmu, struct tlb_entry *e)
{
    if (e->write != TLB_NONE)
        --*writers(mmu, tlb_host(e, e->write));
    e->write = TLB_NONE;
}

#endif
