/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Model-specific registers and the counters (SDM vol. 4; vol. 3, 12.11 MTRRs, 16.3 machine check).
 */
#ifndef EXEC_I386_MSR_H
#define EXEC_I386_MSR_H

#include "exec/i386/i386.h"

/*
 * The time-stamp counter's rate, in guest time, and that of the crystal it is said to come from,
 * which a local APIC's timer counts, too (hw/intc/apic.h).
 */
enum { TSC_HZ = 1000000000, CRYSTAL_HZ = 1000000000 };

/* The values after RESET. */
void msr_reset(struct cpu *cpu);
/* The last basic leaf of CPUID, which IA32_MISC_ENABLE can limit. */
u32 cpuid_last(const struct cpu *cpu);
/* Are there no-execute pages, which it can turn off? */
bool cpu_has_nx(const struct cpu *cpu);

#endif
