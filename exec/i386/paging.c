/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking the guest's page tables: 32-bit paging with 4 KiB and 4 MiB pages (SDM vol. 3, 4.3).
 * Physical addresses have 32 bits (no PSE-36).
 */
#include "exec/i386/mmu.h"
#include "exec/memory_map.h"

enum {
    PTE_PRESENT = FRAME_PRESENT,
    PTE_WRITABLE = FRAME_WRITABLE,
    PTE_USER = FRAME_USER,
    PTE_ACCESSED = FRAME_ACCESSED,
    PTE_DIRTY = FRAME_DIRTY,
    PTE_SIZE = 1u << 7,
    PTE_GLOBAL = FRAME_GLOBAL,
    PTE_RIGHTS = PTE_PRESENT | PTE_WRITABLE | PTE_USER,
    PDE_RESERVED = 0x003fe000, /* bits 13..21 of what maps 4 MiB */
    BIG_MASK = 0x003fffff,
    /* Error codes (SDM vol. 3, 4.7). */
    ERROR_PRESENT = 1,
    ERROR_WRITE = 2,
    ERROR_USER = 4,
    ERROR_RESERVED = 8,
};

/* An access on its way through the tables. */
struct walk {
    struct cpu *cpu;
    u32 linear;
    bool write, user;
};

static _Noreturn void fault(const struct walk *w, u32 error)
{
    w->cpu->cr2 = w->linear;
    log_if(LOG_MMU, "page fault at %08x, error %x, eip %08x\n", w->linear, error, w->cpu->eip);
    cpu_raise_code(w->cpu, EXC_PF,
                   error | (w->write ? ERROR_WRITE : 0) | (w->user ? ERROR_USER : 0));
}

static u32 read_entry(const struct walk *w, u32 physical)
{
    struct memory *m = w->cpu->mmu->memory;
    const u8 *host = memory_entry_host(memory_entry_of(m, physical));
    return host ? load_host(host + (physical & PAGE_MASK), 4) : memory_read(m, physical, 4);
}

static void set_bits(const struct walk *w, u32 physical, u32 entry, u32 bits)
{
    if ((entry & bits) != bits)
        mmu_write_physical(w->cpu, physical, entry | bits, 4);
}

static u32 leaf_bits(const struct walk *w)
{
    return PTE_ACCESSED | (w->write ? PTE_DIRTY : 0);
}

static void check_rights(const struct walk *w, u32 rights)
{
    if (!frame_allows(w->cpu, rights, w->write, w->user))
        fault(w, ERROR_PRESENT);
}

static u32 global_bit(const struct walk *w, u32 entry)
{
    return w->cpu->cr4 & CR4_PGE ? entry & PTE_GLOBAL : 0;
}

static u32 walk_big(const struct walk *w, u32 pde_address, u32 pde)
{
    if (pde & PDE_RESERVED)
        fault(w, ERROR_PRESENT | ERROR_RESERVED);
    check_rights(w, pde);
    set_bits(w, pde_address, pde, leaf_bits(w));
    w->cpu->mmu->big[w->linear >> 27] |= 1u << (w->linear >> 22 & 31);
    u32 physical = (pde & ~(u32)BIG_MASK) | (w->linear & BIG_MASK & ~(u32)PAGE_MASK);
    u32 dirty = (pde & PTE_DIRTY) | leaf_bits(w);
    return (physical & w->cpu->a20_mask) | (pde & PTE_RIGHTS) | dirty | global_bit(w, pde);
}

static u32 walk_tables(const struct walk *w)
{
    const struct cpu *cpu = w->cpu;
    u32 pde_address = ((cpu->cr3 & ~(u32)PAGE_MASK) | (w->linear >> 22 << 2)) & cpu->a20_mask;
    u32 pde = read_entry(w, pde_address);
    if (!(pde & PTE_PRESENT))
        fault(w, 0);
    if (pde & PTE_SIZE && cpu->cr4 & CR4_PSE)
        return walk_big(w, pde_address, pde);

    u32 pte_index = w->linear >> 12 & 0x3ff;
    u32 pte_address = ((pde & ~(u32)PAGE_MASK) | pte_index << 2) & cpu->a20_mask;
    u32 pte = read_entry(w, pte_address);
    if (!(pte & PTE_PRESENT))
        fault(w, 0);
    u32 rights = pde & pte & PTE_RIGHTS;
    check_rights(w, rights);
    set_bits(w, pde_address, pde, PTE_ACCESSED);
    set_bits(w, pte_address, pte, leaf_bits(w));
    u32 dirty = (pte & PTE_DIRTY) | leaf_bits(w);
    return (pte & ~(u32)PAGE_MASK & cpu->a20_mask) | rights | dirty | global_bit(w, pte);
}

u32 mmu_walk(struct cpu *cpu, u32 linear, enum access access, bool user)
{
    if (!(cpu->cr0 & CR0_PG))
        return (linear & ~(u32)PAGE_MASK & cpu->a20_mask) | PTE_RIGHTS | PTE_ACCESSED | PTE_DIRTY;
    cpu->mmu->stats.walks++;
    struct walk w = {.cpu = cpu, .linear = linear, .write = access == ACCESS_WRITE, .user = user};
    return walk_tables(&w);
}
