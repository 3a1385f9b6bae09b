/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The performance monitor's registers (e500mc core reference manual, "Debug and Performance
 * Monitor Facilities"). Nothing counts; but a counter that software makes negative is one that has
 * overflowed, and interrupts if its PMLCa and PMGC0 let it.
 */
#include "exec/ppc/ppc.h"

enum { SUPERVISORS = 16, COUNTERS = 4 };

/* By its number, the user's (to read it) or the supervisor's; `none` if there is none. */
static u32 *find(struct ppc_cpu *cpu, u32 number, u32 *none)
{
    u32 index = number % COUNTERS;

    switch (number & ~(u32)(SUPERVISORS | (COUNTERS - 1))) {
    case 0:
        return &cpu->pmc[index];
    case 128:
        return &cpu->pmlca[index];
    case 256:
        return &cpu->pmlcb[index];
    case 384:
        return index == 0 ? &cpu->pmgc0 : none;
    default:
        return none;
    }
}

bool ppc_performance_is_due(const struct ppc_cpu *cpu)
{
    for (unsigned i = 0; cpu->pmgc0 & PMGC0_PMIE && i < COUNTERS; i++)
        if (cpu->pmc[i] & PMC_OV && cpu->pmlca[i] & PMLCA_CE)
            return true;
    return false;
}

void ppc_helper_read_pmr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 none = 0;

    cpu->gpr[b] = *find(cpu, a, &none);
}

void ppc_helper_write_pmr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 none;

    if (a & SUPERVISORS)
        *find(cpu, a, &none) = cpu->gpr[b];
    ppc_look_at_interrupts(cpu);
}
