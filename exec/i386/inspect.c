/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What exec/inspect.h tells of an i386. The page tables are walked as paging.c walks them, but for
 * nobody's access: nothing is raised, and nothing is marked (SDM vol. 3, chapter 4).
 */
#include "exec/i386/inspect.h"
#include "exec/i386/i386.h"
#include "exec/i386/model.h"
#include "exec/memory.h"

#include <stddef.h>
#include <string.h>

/* --- page tables --- */

enum {
    PRESENT = 1u << 0,
    WRITABLE = 1u << 1,
    USER = 1u << 2,
    ACCESSED = 1u << 5,
    DIRTY = 1u << 6,
    LARGE = 1u << 7,
    GLOBAL = 1u << 8,
    LARGE_SIZE = 1u << 22,
    PAE_LARGE_SIZE = 1u << 21,
};
#define NO_EXECUTE  ((u64)1 << 63)
#define ADDRESS     0x0000000ffffff000u
#define HIGH_PSE_36 0x000000000001e000u

/* Of a table; one that is not in memory has nothing but absent entries. */
static u64 entry(const struct cpu *cpu, u64 table, u32 index, unsigned size)
{
    u64 at = (table + (u64)index * size) & ~(u64)~cpu->a20_mask, value = 0;

    exec_peek_physical(cpu->rest.mmu->memory, at, &value, size);
    return value;
}

/* By the entry that decides, and the rights of all of them. */
static struct mapping found(const struct cpu *cpu, u64 e, u64 rights, u64 base, u32 linear,
                            u32 size)
{
    bool execute_disable = cpu->cr4 & CR4_PAE && cpu->efer & EFER_NXE;
    u64 physical = (base & ~(u64)(size - 1)) | (linear & (size - 1));

    return (struct mapping){
        .present = e & PRESENT,
        .writable = rights & WRITABLE,
        .user = rights & USER,
        .global = e & GLOBAL && cpu->cr4 & CR4_PGE,
        .no_execute = e & NO_EXECUTE && execute_disable,
        .accessed = e & ACCESSED,
        .dirty = e & DIRTY,
        .physical = physical & ~(u64)~cpu->a20_mask,
        .size = size,
    };
}

static struct mapping mapping32(const struct cpu *cpu, u32 linear)
{
    u64 pde = entry(cpu, cpu->cr3 & ~(u32)PAGE_MASK, linear >> 22, 4), pte;
    u64 high = cpu_has(cpu, FEATURE_PSE36) ? (pde & HIGH_PSE_36) << 19 : 0;

    if (!(pde & PRESENT))
        return (struct mapping){.size = LARGE_SIZE};
    if (pde & LARGE && cpu->cr4 & CR4_PSE)
        return found(cpu, pde, pde, (pde & ~(u64)(LARGE_SIZE - 1)) | high, linear, LARGE_SIZE);
    pte = entry(cpu, pde & ~(u64)PAGE_MASK, linear >> 12 & 0x3ff, 4);
    return found(cpu, pte, pte & pde, pte, linear, PAGE_SIZE);
}

static struct mapping mapping_pae(const struct cpu *cpu, u32 linear)
{
    u64 pdpte = cpu->pdpte[linear >> 30], pde, pte;

    if (!(pdpte & PRESENT))
        return (struct mapping){.size = 1u << 30};
    pde = entry(cpu, pdpte & ADDRESS, linear >> 21 & 0x1ff, 8);
    if (!(pde & PRESENT))
        return (struct mapping){.size = PAE_LARGE_SIZE};
    if (pde & LARGE)
        return found(cpu, pde, pde, pde & ADDRESS, linear, PAE_LARGE_SIZE);
    pte = entry(cpu, pde & ADDRESS, linear >> 12 & 0x1ff, 8);
    return found(cpu, pte | (pde & NO_EXECUTE), pte & pde, pte & ADDRESS, linear, PAGE_SIZE);
}

struct mapping i386_mapping(const struct core *core, u32 linear)
{
    const struct cpu *cpu = (const struct cpu *)core;

    if (!(cpu->cr0 & CR0_PG))
        return (struct mapping){.present = true,
                                .writable = true,
                                .user = true,
                                .physical = linear & cpu->a20_mask,
                                .size = 1u << 20};
    return cpu->cr4 & CR4_PAE ? mapping_pae(cpu, linear) : mapping32(cpu, linear);
}
