/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The softmmu's state, and what it offers beside the "linear memory" section of i386.h.
 *
 * Three levels answer an access: cpu->rest.tlb, looked up by generated code and inline here, one
 * table a privilege; behind it one larger table of translations for both privileges, which a
 * flush empties by counting a generation up; behind that the guest's page tables (paging.c).
 */
#ifndef EXEC_I386_MMU_H
#define EXEC_I386_MMU_H

#include "exec/i386/i386.h"
#include "exec/lockstep_log.h"
#include "exec/memory.h"

struct mmu_stats {
    u64 misses;       /* accesses that cpu->rest.tlb did not answer */
    u64 walks;        /* of page tables */
    u64 flushes;      /* whole ones, and all but global pages */
    u64 page_flushes; /* INVLPG */
    u64 devices;      /* accesses to device pages */
    u64 code_writes;  /* writes to pages that hold translated code */
};

/*
 * A page's frame: its physical address and, as in the page-table entry, what may be done with
 * it, both levels taken together (SDM vol. 3, 4.6).
 */
enum {
    FRAME_PRESENT = 1u << 0,
    FRAME_WRITABLE = 1u << 1,
    FRAME_USER = 1u << 2,
    FRAME_ACCESSED = 1u << 5,
    FRAME_DIRTY = 1u << 6,
    FRAME_GLOBAL = 1u << 8,
    FRAME_NX = 1u << 9,       /* not for fetching code */
    FRAME_NOWHERE = 1u << 10, /* above 4 GiB: reads as ones, ignores writes */
};

struct translation {
    u32 page; /* linear */
    u32 frame;
    u32 generation; /* valid if it is the mmu's, of global pages or of the others */
};
enum { TRANSLATION_BITS = 13, TRANSLATIONS = 1 << TRANSLATION_BITS };

struct softmmu {
    struct memory *memory;
    struct write_log *log; /* NULL unless in lockstep */
    struct memory_listener listener;
    struct mmu_stats stats;
    u32 generation[2]; /* [1] of global pages */
    /* Which entries of the tables in struct cpu are in use: so a flush touches only those. */
    u64 filled[PRIVILEGES][TLB_SIZE / 64];
    u64 global[PRIVILEGES][TLB_SIZE / 64];
    u64 jumps[JUMP_CACHE_SIZE / 64];
    void (*flushed)(void *context); /* see mem_on_flush */
    void *context;
    u32 big[1024 / 32]; /* the 4 MiB regions of which translations were parts of large pages */
    struct translation translation[TRANSLATIONS];
};

/* Makes cpu->rest.mmu, and the TLB and the jump cache empty. False if the host has no room. */
bool mmu_create(struct cpu *cpu, struct memory *memory);
void mmu_destroy(struct cpu *cpu);

/* A jump to `pc` in the mode of mode_key may go straight to `code`, until a flush. */
void mem_add_jump(struct cpu *cpu, u32 pc, const void *code);
/* ... or until the code dies. */
void mem_forget_jump(struct cpu *cpu, u32 pc, const void *code);

/* From now on `flushed` is called whenever translations are forgotten; NULL: nobody is. */
void mem_on_flush(struct cpu *cpu, void (*flushed)(void *context), void *context);

/*
 * Notes the pages of RAM that are written to and all device accesses in a log, or with NULL stops
 * that. Flushes the TLB: the first write to each page comes through here.
 */
void mem_log_writes(struct cpu *cpu, struct write_log *log);

/*
 * Host memory behind [linear, linear + size), which must lie in one page, about to be read or
 * written as a whole. Unlike mem_span a write takes care of translated code. NULL where each
 * access must go through mem_read or mem_write. Raises #PF as the access would.
 */
u8 *mem_run_slow(struct cpu *cpu, u32 linear, u32 size, enum access access);

static inline struct tlb_entry *tlb_entry(struct cpu *cpu, bool user, u32 linear)
{
    return tlb_find(cpu->rest.tlb[user], linear);
}

static inline u8 *tlb_host(const struct tlb_entry *e, u32 linear)
{
    /* NOLINTNEXTLINE(performance-no-int-to-ptr): generated code adds likewise */
    return (u8 *)(uintptr_t)(e->addend + linear);
}

static inline u8 *mem_run(struct cpu *cpu, u32 linear, u32 size, enum access access)
{
    const struct tlb_entry *e = tlb_entry(cpu, cpu->cpl == 3, linear);
    u32 tag = access == ACCESS_WRITE ? e->write : e->read;
    if (__builtin_expect(tag == (linear & ~(u32)PAGE_MASK), 1))
        return tlb_host(e, linear);
    return mem_run_slow(cpu, linear, size, access);
}

/*
 * Makes sure that a write of `size` bytes at a linear address will succeed: raises its fault,
 * and takes care of translated code. For what cannot be repeated, as reading a port.
 */
void mem_prepare_write(struct cpu *cpu, u32 linear, unsigned size);

/*
 * The frame of a linear page through the guest's page tables, raising #PF if the access is not
 * allowed; sets accessed and dirty bits. In paging.c.
 */
u32 mmu_walk(struct cpu *cpu, u32 linear, enum access access, bool user);

/* Reads PAE paging's first table, at CR3, into the cpu; #GP(0) for reserved bits in it. */
void mmu_load_pdptes(struct cpu *cpu, u32 cr3);

/* Does a frame allow an access? A write to one that is not dirty must walk all the same. */
static inline bool frame_allows(const struct cpu *cpu, u32 frame, enum access access, bool user)
{
    if (user && !(frame & FRAME_USER))
        return false;
    if (access == ACCESS_WRITE)
        return frame & FRAME_WRITABLE || (!user && !(cpu->cr0 & CR0_WP));
    return access == ACCESS_READ || !(frame & FRAME_NX);
}

/* Writes of the mmu's own at a physical address within a page: logged, code taken care of. */
void mmu_write_physical(struct cpu *cpu, u64 physical, u32 value, unsigned size);

#endif
