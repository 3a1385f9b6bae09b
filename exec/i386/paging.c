/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walking the guest's page tables (SDM vol. 3, chapter 4): 32-bit paging with 4 KiB and 4 MiB
 * pages, PAE paging with 4 KiB and 2 MiB pages. Physical addresses have 36 bits if the model has
 * PAE or PSE-36; nothing is above 4 GiB.
 */
#include "exec/i386/mmu.h"
#include "exec/i386/model.h"
#include "exec/i386/system.h"
#include "exec/memory_map.h"

#include <string.h>

enum {
    PTE_PRESENT = FRAME_PRESENT,
    PTE_WRITABLE = FRAME_WRITABLE,
    PTE_USER = FRAME_USER,
    PTE_ACCESSED = FRAME_ACCESSED,
    PTE_DIRTY = FRAME_DIRTY,
    PTE_SIZE = 1u << 7,
    PTE_GLOBAL = FRAME_GLOBAL,
    PTE_RIGHTS = PTE_PRESENT | PTE_WRITABLE | PTE_USER,
    /* Sizes of what one entry maps, less one. */
    SMALL_MASK = PAGE_MASK,
    PAE_BIG_MASK = (1 << 21) - 1,
    BIG_MASK = (1 << 22) - 1,
    /* Error codes (SDM vol. 3, 4.7). */
    ERROR_PRESENT = 1,
    ERROR_WRITE = 2,
    ERROR_USER = 4,
    ERROR_RESERVED = 8,
    ERROR_FETCH = 16,
};

/* Bits of entries with 64 bits. */
#define PTE_NX        ((u64)1 << 63)
#define PTE_ADDRESS   0x0000000ffffff000u
#define PTE_HIGH      (~(u64)0xfffffffff) /* beyond 36 bits of address */
#define PDPTE_LOW     0x00000000000001e6u /* SDM vol. 3, table 4-8 */
#define PAE_BIG_LOW   0x00000000001fe000u /* table 4-9 */
#define BIG_RESERVED  0x00000000003fe000u /* table 4-4; with PSE-36, */
#define BIG36_ADDRESS 0x000000000001e000u /* these are bits 32..35 of the address */

/* An access on its way through the tables, and what the entries so far leave of its rights. */
struct walk {
    struct cpu *cpu;
    u32 linear;
    enum access access;
    bool user;
    u32 rights;
    bool no_execute;
};

struct entry {
    u64 address, value;
};

static bool no_execute_enabled(const struct cpu *cpu)
{
    return cpu->cr4 & CR4_PAE && cpu->efer & EFER_NXE;
}

static _Noreturn void fault(const struct walk *w, u32 error)
{
    bool fetch = w->access == ACCESS_EXEC && no_execute_enabled(w->cpu);

    error |= (w->access == ACCESS_WRITE ? ERROR_WRITE : 0) | (w->user ? ERROR_USER : 0) |
             (fetch ? ERROR_FETCH : 0);
    w->cpu->cr2 = w->linear;
    log_if(LOG_MMU, "page fault at %08x, error %x, eip %08x\n", w->linear, error, w->cpu->core.pc);
    cpu_raise_code(w->cpu, EXC_PF, error);
}

/* --- entries --- */

static u64 with_a20(const struct cpu *cpu, u64 physical)
{
    return physical & ~(u64)~cpu->a20_mask;
}

static u32 read_word(const struct cpu *cpu, u64 physical)
{
    struct memory *m = cpu->rest.mmu->memory;

    if (physical >> 32)
        return ~0u;
    const u8 *host = memory_entry_host(memory_entry_of(m, (u32)physical));
    return host ? load_host(host + (physical & PAGE_MASK), 4) : memory_read(m, (u32)physical, 4);
}

static struct entry entry32(const struct cpu *cpu, u64 table, u32 index)
{
    u64 address = with_a20(cpu, table | index << 2);

    return (struct entry){address, read_word(cpu, address)};
}

static struct entry entry64(const struct cpu *cpu, u64 table, u32 index)
{
    u64 address = with_a20(cpu, table | index << 3);

    return (struct entry){address, read_word(cpu, address) | (u64)read_word(cpu, address + 4)
                                                                 << 32};
}

static void set_bits(const struct walk *w, const struct entry *e, u32 bits)
{
    if ((e->value & bits) != bits)
        softmmu_write_physical(&w->cpu->core, e->address, (u32)e->value | bits, 4);
}

/* Goes through an entry, on which the access must not fail yet. */
static void pass(struct walk *w, const struct entry *e, u64 reserved)
{
    if (!(e->value & PTE_PRESENT))
        fault(w, 0);
    if (e->value & reserved)
        fault(w, ERROR_PRESENT | ERROR_RESERVED);
    w->rights &= e->value & PTE_RIGHTS;
    w->no_execute |= (e->value & PTE_NX) != 0;
}

/* Without CR0.WP the supervisor writes to whatever is there. */
static u32 supervisor_rights(const struct walk *w)
{
    bool writes = w->rights & FRAME_WRITABLE || !(w->cpu->cr0 & CR0_WP);

    return writes ? FRAME_WRITABLE_SUPERVISOR : 0;
}

/*
 * The frame that the last entry leads to, with the one above it if there is one; `mask` is the
 * size of what it maps, less one.
 */
static u32 leaf(const struct walk *w, const struct entry *above, const struct entry *e, u64 base,
                u32 mask)
{
    u32 marks = PTE_ACCESSED | (w->access == ACCESS_WRITE ? PTE_DIRTY : 0);
    u32 frame = w->rights | (w->no_execute ? FRAME_NX : 0) | supervisor_rights(w);
    u64 physical = with_a20(w->cpu, base | (w->linear & mask & ~(u32)PAGE_MASK));

    if (!frame_allows(frame, w->access, w->user))
        fault(w, ERROR_PRESENT);
    if (above)
        set_bits(w, above, PTE_ACCESSED);
    set_bits(w, e, marks);
    if (mask != SMALL_MASK)
        w->cpu->rest.mmu->big[w->linear >> 27] |= 1u << (w->linear >> 22 & 31);
    if (w->cpu->cr4 & CR4_PGE)
        frame |= e->value & PTE_GLOBAL;
    if (physical >> 32)
        frame |= FRAME_NOWHERE;
    return (u32)physical | frame | (e->value & PTE_DIRTY) | marks;
}

/* --- 32-bit paging --- */

static u32 leaf_big(struct walk *w, const struct entry *pde)
{
    u64 high = cpu_has(w->cpu, FEATURE_PSE36) ? BIG36_ADDRESS : 0;

    pass(w, pde, BIG_RESERVED & ~high);
    return leaf(w, NULL, pde, (pde->value & ~(u64)BIG_MASK) | (pde->value & high) << 19, BIG_MASK);
}

static u32 walk32(struct walk *w)
{
    const struct cpu *cpu = w->cpu;
    struct entry pde = entry32(cpu, cpu->cr3 & ~(u32)PAGE_MASK, w->linear >> 22);
    struct entry pte;

    if (pde.value & PTE_SIZE && cpu->cr4 & CR4_PSE)
        return leaf_big(w, &pde);
    pass(w, &pde, 0);
    pte = entry32(cpu, pde.value & ~(u64)PAGE_MASK, w->linear >> 12 & 0x3ff);
    pass(w, &pte, 0);
    return leaf(w, &pde, &pte, pte.value & ~(u64)PAGE_MASK, SMALL_MASK);
}

/* --- PAE paging --- */

static u32 walk_pae(struct walk *w)
{
    const struct cpu *cpu = w->cpu;
    u64 reserved = PTE_HIGH & ~(no_execute_enabled(cpu) ? PTE_NX : 0);
    u64 pdpte = cpu->pdpte[w->linear >> 30];
    struct entry pde, pte;

    if (!(pdpte & PTE_PRESENT))
        fault(w, 0);
    pde = entry64(cpu, pdpte & PTE_ADDRESS, w->linear >> 21 & 0x1ff);
    if (pde.value & PTE_SIZE) {
        pass(w, &pde, reserved | PAE_BIG_LOW);
        return leaf(w, NULL, &pde, pde.value & PTE_ADDRESS & ~(u64)PAE_BIG_MASK, PAE_BIG_MASK);
    }
    pass(w, &pde, reserved);
    pte = entry64(cpu, pde.value & PTE_ADDRESS, w->linear >> 12 & 0x1ff);
    pass(w, &pte, reserved);
    return leaf(w, &pde, &pte, pte.value & PTE_ADDRESS, SMALL_MASK);
}

void mmu_load_pdptes(struct cpu *cpu, u32 cr3)
{
    u64 pdpte[4];

    for (u32 i = 0; i < 4; i++) {
        pdpte[i] = entry64(cpu, cr3 & ~(u32)31, i).value;
        if (pdpte[i] & PTE_PRESENT && pdpte[i] & (PTE_HIGH | PDPTE_LOW))
            cpu_raise_code(cpu, EXC_GP, 0);
    }
    memcpy(cpu->pdpte, pdpte, sizeof pdpte);
}

u32 mmu_walk(struct core *core, u32 linear, enum access access, bool user)
{
    struct cpu *cpu = (struct cpu *)core;
    struct walk w = {
        .cpu = cpu, .linear = linear, .access = access, .user = user, .rights = PTE_RIGHTS};

    if (!(cpu->cr0 & CR0_PG))
        return (linear & ~(u32)PAGE_MASK & cpu->a20_mask) | PTE_RIGHTS | FRAME_WRITABLE_SUPERVISOR |
               PTE_ACCESSED | PTE_DIRTY;
    cpu->rest.mmu->stats.walks++;
    return cpu->cr4 & CR4_PAE ? walk_pae(&w) : walk32(&w);
}
