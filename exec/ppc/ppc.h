/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the PowerPC that are written in C know of each other. */
#ifndef EXEC_PPC_PPC_H
#define EXEC_PPC_PPC_H

#include "exec/guest.h"
#include "exec/ppc/board.h"
#include "ops/ppc/helpers.h"

extern const struct register_set ppc_registers;

/* Does the access at regs[T0] that core.slow describes. */
void ppc_helper_slow_mem(struct ppc_cpu *cpu);

/* Recomputes mode_key from MSR; MODE_STEP stays. */
void ppc_update_mode(struct ppc_cpu *cpu);
/* Goes to a handler; `from` is where to come back to, `why` goes to SRR1. */
void ppc_interrupt(struct ppc_cpu *cpu, u32 vector, u32 from, u32 why);
/* The instruction at hand ends in an interrupt: to a vector, `why` for SRR1. */
_Noreturn void ppc_raise(struct ppc_cpu *cpu, u32 vector, u32 why);

#endif
