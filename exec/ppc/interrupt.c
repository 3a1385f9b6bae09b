/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interrupts, and MSR (Power ISA 2.07, book III-S, chapter 6; a 32-bit processor's). */
#include "exec/ppc/ppc.h"
#include "exec/slow.h"

void ppc_update_mode(struct ppc_cpu *cpu)
{
    u32 mode = MODE_LINEAR | (core_mode(&cpu->core) & MODE_STEP);

    if (cpu->msr & MSR_PR)
        mode |= MODE_USER;
    if (cpu->msr & MSR_FP)
        mode |= MODE_FP;
    cpu->core.mode_key = (u64)mode << 32;
}

void ppc_interrupt(struct ppc_cpu *cpu, u32 vector, u32 from, u32 why)
{
    log_if(LOG_INT, "interrupt %03x at %08x\n", vector, from);
    cpu->srr0 = from;
    cpu->srr1 = (cpu->msr & MSR_SAVED) | why;
    cpu->msr &= ~(u32)(MSR_EE | MSR_PR | MSR_FP | MSR_FE0 | MSR_FE1);
    cpu->core.pc = vector;
    ppc_update_mode(cpu);
}

/* --- helpers --- */

void ppc_raise(struct ppc_cpu *cpu, u32 vector, u32 why)
{
    cpu->raised_vector = vector;
    cpu->raised_why = why;
    core_raise(&cpu->core);
}

static void require_supervisor(struct ppc_cpu *cpu)
{
    if (cpu->msr & MSR_PR)
        ppc_raise(cpu, VECTOR_PROGRAM, PROGRAM_PRIVILEGED);
}

void ppc_helper_raise(struct ppc_cpu *cpu, u32 a, u32 b)
{
    ppc_raise(cpu, a, b);
}

void ppc_helper_rfi(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)a, (void)b;
    require_supervisor(cpu);
    cpu->msr = cpu->srr1 & MSR_SAVED;
    cpu->core.pc = cpu->srr0 & ~(u32)3;
    ppc_update_mode(cpu);
    core_request_exit(&cpu->core); /* an interrupt may have waited for this */
}

void ppc_helper_set_msr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)b;
    require_supervisor(cpu);
    cpu->msr = cpu->gpr[a] & MSR_SAVED;
    ppc_update_mode(cpu);
    core_request_exit(&cpu->core);
}

void ppc_helper_slow_mem(struct ppc_cpu *cpu)
{
    exec_slow_access(&cpu->core, cpu->regs[T0], cpu->msr & MSR_PR);
}
