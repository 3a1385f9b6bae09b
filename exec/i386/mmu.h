/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's linear memory: the softmmu (exec/softmmu.h) at the privilege of CPL. */
#ifndef EXEC_I386_MMU_H
#define EXEC_I386_MMU_H

#include "exec/softmmu.h"
#include "ops/i386/cpu.h"

extern const struct paging i386_paging;

static inline bool is_user(const struct cpu *cpu)
{
    return cpu->cpl == 3;
}

static inline u32 mem_read(struct cpu *cpu, u32 linear, unsigned size)
{
    return softmmu_read(&cpu->core, linear, size, is_user(cpu));
}
static inline void mem_write(struct cpu *cpu, u32 linear, u32 value, unsigned size)
{
    softmmu_write(&cpu->core, linear, value, size, is_user(cpu));
}
static inline u64 mem_read64(struct cpu *cpu, u32 linear)
{
    return softmmu_read64(&cpu->core, linear, is_user(cpu));
}
static inline void mem_write64(struct cpu *cpu, u32 linear, u64 value)
{
    softmmu_write64(&cpu->core, linear, value, is_user(cpu));
}
/* The same as the supervisor: descriptor tables, task state, stacks of inner levels. */
static inline u32 mem_read_system(struct cpu *cpu, u32 linear, unsigned size)
{
    return softmmu_read(&cpu->core, linear, size, false);
}
static inline void mem_write_system(struct cpu *cpu, u32 linear, u32 value, unsigned size)
{
    softmmu_write(&cpu->core, linear, value, size, false);
}
static inline void mem_probe(struct cpu *cpu, u32 linear, unsigned size, enum access access,
                             bool user)
{
    softmmu_probe(&cpu->core, linear, size, access, user);
}
static inline void mem_prepare_write(struct cpu *cpu, u32 linear, unsigned size)
{
    softmmu_prepare_write(&cpu->core, linear, size, is_user(cpu));
}
static inline u8 *mem_span(struct cpu *cpu, u32 linear, enum access access)
{
    return softmmu_span(&cpu->core, linear, access, is_user(cpu));
}
static inline u8 *mem_run(struct cpu *cpu, u32 linear, u32 size, enum access access)
{
    return softmmu_run(&cpu->core, linear, size, access, is_user(cpu));
}
static inline u32 mem_code_address(struct cpu *cpu, u32 linear)
{
    return softmmu_code_address(&cpu->core, linear, is_user(cpu));
}
static inline void mem_flush(struct cpu *cpu)
{
    softmmu_flush(&cpu->core);
}
static inline void mem_flush_non_global(struct cpu *cpu)
{
    softmmu_flush_non_global(&cpu->core);
}
static inline void mem_flush_page(struct cpu *cpu, u32 linear)
{
    softmmu_flush_page(&cpu->core, linear);
}

/*
 * Takes up cpu->aligned: while it is set, accesses at CPL 3 that are not aligned to their size
 * raise #AC(0) (SDM vol. 3, 6.15, "Interrupt 17"). For what is not aligned to its size there is
 * mem_require_aligned; `to` is a power of two.
 */
void mem_set_aligned(struct cpu *cpu, bool aligned);
void mem_require_aligned(struct cpu *cpu, u32 linear, unsigned to);

/* The walk of the page tables (paging.c): i386_paging.walk. */
u32 mmu_walk(struct core *core, u32 linear, enum access access, bool user);
/* Reads PAE paging's first table, at CR3, into the cpu; #GP(0) for reserved bits in it. */
void mmu_load_pdptes(struct cpu *cpu, u32 cr3);

#endif
