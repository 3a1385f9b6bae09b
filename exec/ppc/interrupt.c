/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Interrupts, and MSR (e500mc core reference manual and Power ISA 2.07, book III-E, "Interrupts and
 * Exceptions"). There are four classes, each with two registers of its own for the way back; and a
 * guest's own interrupts, with two more.
 */
#include "exec/ppc/float.h"
#include "exec/slow.h"
#include "ops/ppc/word.h"

/* A guest's are others than the hypervisor's. */
static u32 space(const struct ppc_cpu *cpu, u32 bit)
{
    return (cpu->msr & bit ? 1 : 0) | (ppc_is_guest(cpu) ? 2 : 0);
}

void ppc_update_mode(struct ppc_cpu *cpu)
{
    u32 mode = MODE_LINEAR | (core_mode(&cpu->core) & MODE_STEP);

    if (cpu->msr & MSR_PR)
        mode |= MODE_USER;
    if (cpu->msr & MSR_FP)
        mode |= MODE_FP;
    if (cpu->xer & XER_SO)
        mode |= MODE_SO;
    if (ppc_is_guest(cpu))
        mode |= MODE_GS;
    cpu->core.mode = mode;
    softmmu_set_spaces(&cpu->core, space(cpu, MSR_DS), space(cpu, MSR_IS));
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
    case INT_GUEST_DOORBELL:
        return (struct class){&cpu->gsrr0, &cpu->gsrr1, MSR_CE | MSR_ME | MSR_DE | MSR_RI};
    case INT_CRITICAL:
    case INT_WATCHDOG:
    case INT_CRITICAL_DOORBELL:
    case INT_GUEST_CRITICAL_DOORBELL:
        return (struct class){&cpu->csrr0, &cpu->csrr1, MSR_ME | MSR_DE | MSR_RI};
    case INT_MACHINE_CHECK:
        return (struct class){&cpu->mcsrr0, &cpu->mcsrr1, 0};
    case INT_DEBUG:
        return (struct class){&cpu->dsrr0, &cpu->dsrr1, MSR_ME | MSR_RI};
    default:
        return (struct class){&cpu->srr0, &cpu->srr1, MSR_CE | MSR_ME | MSR_DE | MSR_RI};
    }
}

/* EPCR's bit that gives an interrupt to the guest; 0: there is none. */
static u32 epcr_bit(enum ppc_interrupt interrupt)
{
    switch (interrupt) {
    case INT_EXTERNAL:
        return EPCR_EXTGS;
    case INT_DATA_TLB:
        return EPCR_DTLBGS;
    case INT_INSTRUCTION_TLB:
        return EPCR_ITLBGS;
    case INT_DATA_STORAGE:
        return EPCR_DSIGS;
    case INT_INSTRUCTION_STORAGE:
        return EPCR_ISIGS;
    default:
        return 0;
    }
}

bool ppc_is_guests(const struct ppc_cpu *cpu, enum ppc_interrupt interrupt)
{
    return ppc_is_guest(cpu) && (interrupt == INT_SYSTEM_CALL || cpu->epcr & epcr_bit(interrupt));
}

u32 *ppc_dear(struct ppc_cpu *cpu, enum ppc_interrupt interrupt)
{
    return ppc_is_guests(cpu, interrupt) ? &cpu->gdear : &cpu->dear;
}

/* What of MSR a guest cannot change. */
static u32 protected_of(const struct ppc_cpu *cpu)
{
    return ppc_is_guest(cpu) ? MSR_GS | cpu->msrp : 0;
}

static struct class guests_class(struct ppc_cpu *cpu)
{
    return (struct class){&cpu->gsrr0, &cpu->gsrr1,
                          MSR_CE | MSR_ME | MSR_DE | MSR_RI | protected_of(cpu)};
}

static u32 vector(const struct ppc_cpu *cpu, enum ppc_interrupt interrupt, bool guests)
{
    if (interrupt == INT_VIRTUALIZATION)
        interrupt = INT_DATA_STORAGE;
    return guests ? cpu->givpr | cpu->givor[interrupt] : cpu->ivpr | cpu->ivor[interrupt];
}

void ppc_interrupt(struct ppc_cpu *cpu, enum ppc_interrupt interrupt, u32 from)
{
    bool guests = ppc_is_guests(cpu, interrupt);
    struct class c = guests ? guests_class(cpu) : class_of(cpu, interrupt);

    log_if(LOG_INT, "interrupt %u at %08x, msr %08x esr %08x dear %08x\n", (unsigned)interrupt,
           from, cpu->msr, cpu->esr, cpu->dear);
    *c.pc = from;
    *c.msr = cpu->msr;
    cpu->msr &= c.kept;
    cpu->core.pc = vector(cpu, interrupt, guests);
    cpu->core.halted = false;
    ppc_update_mode(cpu);
    if (c.pc == &cpu->srr0 || c.pc == &cpu->gsrr0 || c.pc == &cpu->csrr0)
        ppc_debug_interrupted(cpu, c.pc == &cpu->csrr0);
}

static bool is_set(u32 value, u32 bits)
{
    return (value & bits) == bits;
}

/* One that was there when MSR enabled interrupts of it (book III-E, program interrupt). */
static bool is_float_due(const struct ppc_cpu *cpu)
{
    return cpu->fpscr & FPSCR_FEX && cpu->msr & (MSR_FE0 | MSR_FE1);
}

/* Enabled by that bit of MSR; the hypervisor's are always while a guest runs. */
static bool is_enabled(const struct ppc_cpu *cpu, u32 bit)
{
    return cpu->msr & (bit | MSR_GS);
}

/* A message to a guest waits for it to run, and for its MSR. */
static bool guest_takes(const struct ppc_cpu *cpu, u32 input, u32 bit)
{
    return cpu->inputs & input && is_set(cpu->msr, MSR_GS | bit);
}

bool ppc_external_is_due(const struct ppc_cpu *cpu)
{
    if (!cpu->core.int_line)
        return false;
    return cpu->epcr & EPCR_EXTGS ? is_set(cpu->msr, MSR_GS | MSR_EE) : is_enabled(cpu, MSR_EE);
}

/* By its pin, until software has cleared what that left in MCSR (e500mc, machine check). */
static bool is_machine_check_due(const struct ppc_cpu *cpu)
{
    return is_enabled(cpu, MSR_ME) &&
           (cpu->mcsr & MCSR_MCP || (cpu->inputs & INPUT_MACHINE_CHECK && cpu->hid0 & HID0_EMCP));
}

static enum ppc_interrupt due_critical(const struct ppc_cpu *cpu)
{
    if (is_enabled(cpu, MSR_CE)) {
        if (cpu->inputs & INPUT_CRITICAL)
            return INT_CRITICAL;
        if (cpu->tsr & TSR_WIS && cpu->tcr & TCR_WIE)
            return INT_WATCHDOG;
        if (cpu->inputs & INPUT_CRITICAL_DOORBELL)
            return INT_CRITICAL_DOORBELL;
    }
    return guest_takes(cpu, INPUT_GUEST_CRITICAL_DOORBELL, MSR_CE) ? INT_GUEST_CRITICAL_DOORBELL
                                                                   : INT_NONE;
}

static enum ppc_interrupt due_base(const struct ppc_cpu *cpu)
{
    u32 timers = cpu->tsr & ~(u32)TSR_WIS;

    if (ppc_external_is_due(cpu))
        return INT_NONE; /* the exec loop takes it */
    if (is_enabled(cpu, MSR_EE)) {
        if (is_set(timers, TSR_FIS) && cpu->tcr & TCR_FIE)
            return INT_FIXED_INTERVAL;
        if (ppc_performance_is_due(cpu))
            return INT_PERFORMANCE_MONITOR;
        if (is_set(timers, TSR_DIS) && cpu->tcr & TCR_DIE)
            return INT_DECREMENTER;
        if (cpu->inputs & INPUT_DOORBELL)
            return INT_DOORBELL;
    }
    return guest_takes(cpu, INPUT_GUEST_DOORBELL, MSR_EE) ? INT_GUEST_DOORBELL : INT_NONE;
}

/* In the order that book III-E gives them. */
enum ppc_interrupt ppc_due(const struct ppc_cpu *cpu)
{
    enum ppc_interrupt critical;

    if (is_float_due(cpu))
        return INT_PROGRAM;
    if (is_machine_check_due(cpu))
        return INT_MACHINE_CHECK;
    if (guest_takes(cpu, INPUT_GUEST_MACHINE_CHECK_DOORBELL, MSR_ME))
        return INT_GUEST_CRITICAL_DOORBELL;
    if (ppc_debug_is_due(cpu))
        return INT_DEBUG;
    critical = due_critical(cpu);
    return critical != INT_NONE ? critical : due_base(cpu);
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

void ppc_expect_unprotected(struct ppc_cpu *cpu, u32 msrp)
{
    if (ppc_is_guest(cpu) && cpu->msrp & msrp)
        ppc_raise(cpu, INT_HYPERVISOR_PRIVILEGE, 0);
}

void ppc_helper_monitor(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)a, (void)b;
    ppc_expect_unprotected(cpu, MSR_PMM);
}

static void set_msr(struct ppc_cpu *cpu, u32 value)
{
    u32 stays = protected_of(cpu);

    cpu->msr = (cpu->msr & stays) | (value & MSR_DEFINED & ~stays);
    ppc_update_mode(cpu);
    ppc_look_at_interrupts(cpu);
}

/* rfi 50, which is a guest's rfgi 102, rfci 51, rfdi 39, rfmci 38 */
static struct class class_of_return(struct ppc_cpu *cpu, u32 xo)
{
    switch (xo) {
    case 38:
        return class_of(cpu, INT_MACHINE_CHECK);
    case 39:
        return class_of(cpu, INT_DEBUG);
    case 51:
        return class_of(cpu, INT_CRITICAL);
    default:
        return xo == 102 || ppc_is_guest(cpu) ? guests_class(cpu) : class_of(cpu, INT_EXTERNAL);
    }
}

void ppc_helper_return(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct class c = class_of_return(cpu, word_xo(a));

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
 * Processor doorbells (book III-E, "Processor Control"): a message is for the processor whose PIR,
 * or, of those to guests, GPIR it has, or for all; with a partition's number, for who has that in
 * LPIDR. msgsnd 206 sends, msgclr 238 takes back what waits here.
 */
static bool is_for_us(const struct ppc_cpu *cpu, u32 message, u32 input)
{
    enum { BROADCAST = 1 << 26, LPID = 14, LPIDS = 0xff, TAG = 0x3fff };
    u32 lpid = message >> LPID & LPIDS;
    bool is_ours = input == INPUT_DOORBELL || input == INPUT_CRITICAL_DOORBELL;
    u32 number = is_ours ? cpu->pir : cpu->gpir;

    return (lpid == 0 || lpid == cpu->lpidr) &&
           (message & BROADCAST || (message & TAG) == (number & TAG));
}

void ppc_helper_message(struct ppc_cpu *cpu, u32 a, u32 b)
{
    enum { TYPE = 27, TYPES = 5 };
    static const u32 inputs[TYPES] = {INPUT_DOORBELL, INPUT_CRITICAL_DOORBELL, INPUT_GUEST_DOORBELL,
                                      INPUT_GUEST_CRITICAL_DOORBELL,
                                      INPUT_GUEST_MACHINE_CHECK_DOORBELL};
    u32 message = cpu->gpr[word_b(a)], type = message >> TYPE;
    u32 input = type < TYPES ? inputs[type] : 0;

    (void)b;
    if (word_xo(a) == 238)
        cpu->inputs &= ~input;
    else if (is_for_us(cpu, message, input))
        cpu->inputs |= input;
    ppc_look_at_interrupts(cpu);
}

void ppc_helper_slow_mem(struct ppc_cpu *cpu)
{
    exec_slow_access(&cpu->core, cpu->regs[SLOT_T0], ppc_is_user(cpu));
}
