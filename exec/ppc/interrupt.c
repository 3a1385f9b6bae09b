/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interrupts, and MSR (e500mc core reference manual, chapter 4; Power ISA 2.07, book III-E,
 * chapter 6). There are four classes, each with two registers of its own for the way back.
 */
#include "exec/ppc/float.h"
#include "exec/slow.h"
#include "ops/ppc/word.h"

void ppc_update_mode(struct ppc_cpu *cpu)
{
    u32 mode = MODE_LINEAR | (core_mode(&cpu->core) & MODE_STEP);

    if (cpu->msr & MSR_PR)
        mode |= MODE_USER;
    if (cpu->msr & MSR_FP)
        mode |= MODE_FP;
    if (cpu->xer & XER_SO)
        mode |= MODE_SO;
    cpu->core.mode = mode;
    softmmu_set_spaces(&cpu->core, (cpu->msr & MSR_DS) != 0, (cpu->msr & MSR_IS) != 0);
}

/* --- delivery --- */

/* Where the way back is noted, and which bits of MSR stay. */
struct class
{
    u32 *pc, *msr;
    u32 kept;
};

static struct class class_of(struct ppc_cpu *cpu, enum ppc_interrupt interrupt)
{
    switch (interrupt) {
    case INT_CRITICAL:
    case INT_WATCHDOG:
    case INT_CRITICAL_DOORBELL:
        return (struct class){&cpu->csrr0, &cpu->csrr1, MSR_ME | MSR_DE | MSR_RI};
    case INT_MACHINE_CHECK:
        return (struct class){&cpu->mcsrr0, &cpu->mcsrr1, 0};
    case INT_DEBUG:
        return (struct class){&cpu->dsrr0, &cpu->dsrr1, MSR_ME | MSR_RI};
    default:
        return (struct class){&cpu->srr0, &cpu->srr1, MSR_CE | MSR_ME | MSR_DE | MSR_RI};
    }
}

void ppc_interrupt(struct ppc_cpu *cpu, enum ppc_interrupt interrupt, u32 from)
{
    struct class c = class_of(cpu, interrupt);

    log_if(LOG_INT, "interrupt %u at %08x, msr %08x esr %08x dear %08x\n", (unsigned)interrupt,
           from, cpu->msr, cpu->esr, cpu->dear);
    *c.pc = from;
    *c.msr = cpu->msr;
    cpu->msr &= c.kept;
    cpu->core.pc = cpu->ivpr | cpu->ivor[interrupt];
    cpu->core.halted = false;
    ppc_update_mode(cpu);
    if (c.pc == &cpu->srr0 || c.pc == &cpu->csrr0)
        ppc_debug_interrupted(cpu, c.pc == &cpu->csrr0);
}

static bool is_set(u32 value, u32 bits)
{
    return (value & bits) == bits;
}

/* One that was there when MSR enabled interrupts of it (book III-E, 7.6.7). */
static bool is_float_due(const struct ppc_cpu *cpu)
{
    return cpu->fpscr & FPSCR_FEX && cpu->msr & (MSR_FE0 | MSR_FE1);
}

/* By its pin, until software has cleared what that left in MCSR (e500mc, 4.9.2). */
static bool is_machine_check_due(const struct ppc_cpu *cpu)
{
    return cpu->msr & MSR_ME &&
           (cpu->mcsr & MCSR_MCP || (cpu->inputs & INPUT_MACHINE_CHECK && cpu->hid0 & HID0_EMCP));
}

/* In the order of book III-E, 7.9. */
enum ppc_interrupt ppc_due(const struct ppc_cpu *cpu)
{
    u32 timers = cpu->tsr & ~(u32)TSR_WIS;

    if (is_float_due(cpu))
        return INT_PROGRAM;
    if (is_machine_check_due(cpu))
        return INT_MACHINE_CHECK;
    if (ppc_debug_is_due(cpu))
        return INT_DEBUG;
    if (cpu->msr & MSR_CE) {
        if (cpu->inputs & INPUT_CRITICAL)
            return INT_CRITICAL;
        if (cpu->tsr & TSR_WIS && cpu->tcr & TCR_WIE)
            return INT_WATCHDOG;
        if (cpu->inputs & INPUT_CRITICAL_DOORBELL)
            return INT_CRITICAL_DOORBELL;
    }
    if (!(cpu->msr & MSR_EE) || cpu->core.int_line)
        return INT_NONE;
    if (is_set(timers, TSR_FIS) && cpu->tcr & TCR_FIE)
        return INT_FIXED_INTERVAL;
    if (is_set(timers, TSR_DIS) && cpu->tcr & TCR_DIE)
        return INT_DECREMENTER;
    return cpu->inputs & INPUT_DOORBELL ? INT_DOORBELL : INT_NONE;
}

void ppc_look_at_interrupts(struct ppc_cpu *cpu)
{
    if (cpu->core.int_line || ppc_debug_steps(cpu) || ppc_due(cpu) != INT_NONE)
        core_request_exit(&cpu->core);
}

static void set_input(struct exec *e, u32 input, bool level)
{
    struct ppc_cpu *cpu = exec_ppc_cpu(e);

    cpu->inputs = level ? cpu->inputs | input : cpu->inputs & ~input;
    ppc_look_at_interrupts(cpu);
}

void exec_ppc_critical_line(struct exec *e, bool level)
{
    set_input(e, INPUT_CRITICAL, level);
}

void exec_ppc_machine_check_line(struct exec *e, bool level)
{
    set_input(e, INPUT_MACHINE_CHECK, level);
}

/* --- helpers --- */

void ppc_raise(struct ppc_cpu *cpu, enum ppc_interrupt interrupt, u32 why)
{
    cpu->raised = interrupt;
    cpu->raised_why = why;
    core_raise(&cpu->core);
}

void ppc_helper_raise(struct ppc_cpu *cpu, u32 a, u32 b)
{
    ppc_raise(cpu, (enum ppc_interrupt)a, b);
}

static void set_msr(struct ppc_cpu *cpu, u32 value)
{
    cpu->msr = value & MSR_DEFINED;
    ppc_update_mode(cpu);
    ppc_look_at_interrupts(cpu);
}

/* rfi 50, rfci 51, rfdi 39, rfmci 38 */
void ppc_helper_return(struct ppc_cpu *cpu, u32 a, u32 b)
{
    static const enum ppc_interrupt of[] = {INT_MACHINE_CHECK, INT_DEBUG};
    u32 xo = word_xo(a);
    struct class c = class_of(cpu, xo == 50 ? INT_EXTERNAL : xo == 51 ? INT_CRITICAL : of[xo - 38]);

    (void)b;
    cpu->core.pc = *c.pc & ~(u32)3;
    set_msr(cpu, *c.msr);
}

void ppc_helper_set_msr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)b;
    set_msr(cpu, cpu->gpr[word_d(a)]);
}

/* wrtee by a register, wrteei */
void ppc_helper_set_ee(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 value = word_xo(a) == 131 ? cpu->gpr[word_d(a)] : a; /* bit 16 as in MSR */

    (void)b;
    set_msr(cpu, (cpu->msr & ~(u32)MSR_EE) | (value & MSR_EE));
}

/* Until an interrupt. */
void ppc_helper_wait(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)a, (void)b;
    cpu->core.halted = true;
    core_request_exit(&cpu->core);
}

/*
 * Processor doorbells (book III-E, chapter 11): a message is for the processor whose PIR it has, or
 * for all. msgsnd 206 sends, msgclr 238 takes back what waits here.
 */
void ppc_helper_message(struct ppc_cpu *cpu, u32 a, u32 b)
{
    enum { TYPE = 27, BROADCAST = 1 << 26, TAG = 0x3fff };
    u32 message = cpu->gpr[word_b(a)], type = message >> TYPE;
    u32 input = type == 0 ? INPUT_DOORBELL : type == 1 ? INPUT_CRITICAL_DOORBELL : 0;

    (void)b;
    if (word_xo(a) == 238)
        cpu->inputs &= ~input;
    else if (message & BROADCAST || (message & TAG) == (cpu->pir & TAG))
        cpu->inputs |= input;
    ppc_look_at_interrupts(cpu);
}

void ppc_helper_slow_mem(struct ppc_cpu *cpu)
{
    exec_slow_access(&cpu->core, cpu->regs[SLOT_T0], ppc_is_user(cpu));
}
