/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the softmmu asks the i386: alignment, breakpoints on data, page tables. */
#include "exec/i386/mmu.h"
#include "exec/i386/debug.h"

void mem_set_aligned(struct cpu *cpu, bool aligned)
{
    cpu->aligned = aligned;
    mem_flush(cpu);
}

void mem_require_aligned(struct cpu *cpu, u32 linear, unsigned to)
{
    if (cpu->aligned && is_user(cpu) && (linear & (to - 1)))
        cpu_raise_code(cpu, EXC_AC, 0);
}

static void align(struct core *core, u32 linear, unsigned size)
{
    mem_require_aligned((struct cpu *)core, linear, size);
}

static bool guards(const struct core *core, u32 linear, bool user)
{
    const struct cpu *cpu = (const struct cpu *)core;

    return (cpu->aligned && user) || (cpu->debug.data && debug_guards_page(cpu, linear));
}

static void watch(struct core *core, u32 linear, unsigned size, bool write, bool prepare)
{
    struct cpu *cpu = (struct cpu *)core;

    if (cpu->debug.data)
        debug_data(cpu, linear, size, write, prepare);
}

/* Above 4 GiB there is all ones, which is no instruction. */
static void no_code(struct core *core)
{
    cpu_raise((struct cpu *)core, EXC_UD);
}

const struct paging i386_paging = {
    .walk = mmu_walk,
    .guards = guards,
    .align = align,
    .watch = watch,
    .no_code = no_code,
};
