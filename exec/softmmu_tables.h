/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What softmmu.c, which does the accesses, asks of those that own its tables: softmmu_tlb.c and
 * softmmu_jumps.c. Each table is filled and emptied in one of them.
 */
#ifndef EXEC_SOFTMMU_TABLES_H
#define EXEC_SOFTMMU_TABLES_H

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

/* A page of RAM is about to be stored to. */
static inline void note_page(struct core *core, u32 physical, u8 *host)
{
    if (core->rest->mmu->log)
        log_page(core->rest->mmu->log, physical, host);
}

/* Is host memory that a linear address reaches by this addend in [host, host + size)? */
static inline bool tlb_reaches(u64 addend, u64 linear, const u8 *host, size_t size)
{
    return addend + linear - (uintptr_t)host < size;
}

/* --- softmmu_tlb.c --- */

/* The frame behind a linear address; raises the guest's fault if the access is not allowed. */
u32 tlb_translate(struct core *core, u32 linear, enum access access, bool user);
/* The TLB's entry for a page, filled; NULL for what must not be in it. */
struct tlb_entry *tlb_fill(struct core *core, u32 linear, u32 frame, enum access access, bool user);
/* Is each access to a page to be asked for? */
bool tlb_is_guarded(const struct core *core, u32 linear, bool user);
/* Is the page of code known to be in all address spaces? */
bool tlb_is_global(const struct core *core, u32 linear);

/* --- softmmu_jumps.c --- */

/*
 * Forgets what leads from code to code by linear addresses: jumps but for those in `keep`, a bit
 * each (NULL: none is kept), and chains.
 */
void jumps_forget(struct core *core, const u64 *keep);
/*
 * Likewise, but jumps alone that lead into a page, or into the one before it: a block begins there
 * and may end here.
 */
void jumps_forget_to(struct core *core, u32 page);
/* Makes it empty, whatever was in it. */
void jumps_clear(struct core *core);

#endif
