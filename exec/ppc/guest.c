/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC as a value: see exec/guest.h. */
#include "exec/ppc/ppc.h"
#include "exec/state.h"
#include "ops/ppc/table.h"
#include "translate/ppc/translate.h"

#include <string.h>

static struct ppc_cpu *cpu_of(struct core *core)
{
    return (struct ppc_cpu *)core;
}

static const struct ppc_cpu *const_cpu_of(const struct core *core)
{
    return (const struct ppc_cpu *)core;
}

/* --- the processor as a whole --- */

static void create(struct core *core, const struct exec_options *options)
{
    (void)core, (void)options;
}

/* At the last word of memory, whose page alone can be reached (e500mc, its state at reset). */
static void reset(struct core *core)
{
    enum { LAST_PAGE = (int)0xfffff000 };
    struct ppc_cpu *cpu = cpu_of(core);

    memset(cpu->regs, 0, offsetof(struct ppc_cpu, rest) - offsetof(struct ppc_cpu, regs));
    ppc_set_cr(cpu, 0, 0xff);
    cpu->alarm = PPC_NO_ALARM;
    core->pc = ~3u;
    core->halted = core->raised = false;
    core->mode = 0;
    ppc_update_mode(cpu);
    exec_ppc_map(core->rest->exec, 0, (u32)LAST_PAGE, (u32)LAST_PAGE, 1);
}

static void changed(struct core *core)
{
    ppc_update_mode(cpu_of(core));
}

/* No traps, no breakpoints. */
static void nothing(struct core *core)
{
    (void)core;
}

/* It has nothing in the host's FPU; but lockstep has maybe put another state in place. */
static void enter(struct core *core)
{
    ppc_update_mode(cpu_of(core));
}

/* --- code --- */

static struct block_key key(const struct core *core)
{
    return (struct block_key){.pc = core->pc, .limit = ~0u, .mode = core_mode(core)};
}

static void translate(struct core *core, struct stream *s, const struct code_source *source)
{
    decode_ppc(s, source, core->pc, core_mode(core));
}

static void translate_undefined(struct core *core, struct stream *s,
                                const struct code_source *source)
{
    decode_ppc_undefined(s, source, core->pc, core_mode(core));
}

/* --- between instructions --- */

/* Timers and pins: what is due between two instructions. */
static void take_trap(struct core *core)
{
    struct ppc_cpu *cpu = cpu_of(core);
    enum ppc_interrupt due;

    if (core->raised)
        return;
    ppc_debug_look(cpu);
    due = ppc_due(cpu);
    if (due == INT_NONE)
        return;
    cpu->raised = due;
    cpu->raised_why = due == INT_PROGRAM         ? ESR_FP | ESR_PIE
                      : due == INT_MACHINE_CHECK ? MCSR_MCP
                                                 : 0;
    core->raised = true;
    core->exit = NULL; /* what comes next is not where the last block led */
}

/* Of these ESR tells. */
static bool sets_esr(enum ppc_interrupt interrupt)
{
    return interrupt == INT_DATA_STORAGE || interrupt == INT_INSTRUCTION_STORAGE ||
           interrupt == INT_ALIGNMENT || interrupt == INT_PROGRAM || interrupt == INT_DATA_TLB ||
           interrupt == INT_INSTRUCTION_TLB || interrupt == INT_VIRTUALIZATION;
}

/* Where it must not interrupt, the processor stops for good, and the board begins anew. */
static void note_machine_check(struct ppc_cpu *cpu)
{
    cpu->mcsr |= cpu->raised_why;
    if (cpu->msr & (MSR_ME | MSR_GS))
        return;
    log_if(LOG_INT, "checkstop at %08x, mcsr %08x\n", cpu->core.pc, cpu->mcsr);
    exec_request_reset(cpu->core.rest->exec);
}

/* The message that an interrupt has answered. */
static u32 message_of(const struct ppc_cpu *cpu, enum ppc_interrupt interrupt)
{
    switch (interrupt) {
    case INT_DOORBELL:
        return INPUT_DOORBELL;
    case INT_CRITICAL_DOORBELL:
        return INPUT_CRITICAL_DOORBELL;
    case INT_GUEST_DOORBELL:
        return INPUT_GUEST_DOORBELL;
    case INT_GUEST_CRITICAL_DOORBELL:
        return cpu->msr & MSR_ME && cpu->inputs & INPUT_GUEST_MACHINE_CHECK_DOORBELL
                   ? INPUT_GUEST_MACHINE_CHECK_DOORBELL
                   : INPUT_GUEST_CRITICAL_DOORBELL;
    default:
        return 0;
    }
}

static void deliver_exception(struct core *core)
{
    struct ppc_cpu *cpu = cpu_of(core);
    enum ppc_interrupt interrupt = (enum ppc_interrupt)cpu->raised;
    bool is_call = interrupt == INT_SYSTEM_CALL || interrupt == INT_HYPERVISOR_CALL;

    if (interrupt == INT_PROGRAM && cpu->raised_why == ESR_PTR && ppc_debug_trapped(cpu))
        interrupt = INT_DEBUG;
    if (sets_esr(interrupt))
        *(ppc_is_guests(cpu, interrupt) ? &cpu->gesr : &cpu->esr) = cpu->raised_why;
    if (interrupt == INT_MACHINE_CHECK)
        note_machine_check(cpu);
    cpu->inputs &= ~message_of(cpu, interrupt);
    ppc_interrupt(cpu, interrupt, core->pc + (is_call ? 4 : 0));
}

static bool interrupt_is_due(const struct core *core)
{
    return ppc_external_is_due(const_cpu_of(core));
}

static void take_interrupt(struct core *core)
{
    struct ppc_cpu *cpu = cpu_of(core);

    *(ppc_is_guests(cpu, INT_EXTERNAL) ? &cpu->gepr : &cpu->epr) = exec_acknowledge(core);
    ppc_interrupt(cpu, INT_EXTERNAL, core->pc);
}

static bool is_one_due(const struct core *core)
{
    return ppc_debug_steps(const_cpu_of(core));
}

static void end_one(struct core *core)
{
    ppc_debug_completed(cpu_of(core));
}

static void abandon(struct core *core, bool left)
{
    (void)core, (void)left;
}

/* --- saved and restored --- */

static void saving(struct core *core)
{
    memset(cpu_of(core)->temporary, 0, sizeof cpu_of(core)->temporary);
}

static void restored(struct core *core)
{
    saving(core);
    softmmu_flush(core);
    core->mode = 0;
    ppc_update_mode(cpu_of(core));
}

static const struct state_field entry_fields[] = {
    {STATE(ppc_tlb_entry, mas1)}, {STATE(ppc_tlb_entry, mas2)}, {STATE(ppc_tlb_entry, mas3)},
    {STATE(ppc_tlb_entry, mas7)}, {STATE(ppc_tlb_entry, mas8)}, {0},
};
static const struct state_table entry_state = STATE_TABLE(ppc_tlb_entry, 2, entry_fields);

static const struct state_field fields[] = {
    {STATE_OF(ppc_cpu, core, &core_state)},
    {NOT_STATE(ppc_cpu, temporary)},
    {STATE_ARRAY(ppc_cpu, gpr)},
    {STATE(ppc_cpu, lr)},
    {STATE(ppc_cpu, ctr)},
    {STATE(ppc_cpu, xer)},
    {STATE(ppc_cpu, carry), .most = 1},
    {STATE_ARRAY(ppc_cpu, cr)},
    {STATE(ppc_cpu, msr)},
    {STATE(ppc_cpu, usprg0)},
    {STATE_ARRAY(ppc_cpu, sprg)},
    {STATE(ppc_cpu, srr0)},
    {STATE(ppc_cpu, srr1)},
    {STATE(ppc_cpu, csrr0)},
    {STATE(ppc_cpu, csrr1)},
    {STATE(ppc_cpu, dsrr0)},
    {STATE(ppc_cpu, dsrr1)},
    {STATE(ppc_cpu, mcsrr0)},
    {STATE(ppc_cpu, mcsrr1)},
    {STATE(ppc_cpu, dear)},
    {STATE(ppc_cpu, esr)},
    {STATE(ppc_cpu, mcsr)},
    {STATE(ppc_cpu, mcar)},
    {STATE(ppc_cpu, mcaru)},
    {STATE(ppc_cpu, epr)},
    {STATE(ppc_cpu, ivpr)},
    {STATE_ARRAY(ppc_cpu, ivor)},
    {STATE(ppc_cpu, reserved)},
    {STATE(ppc_cpu, reserved_at)},
    {STATE(ppc_cpu, fpscr)},
    {STATE_ARRAY(ppc_cpu, fpr)},
    {STATE(ppc_cpu, raised), .most = IVORS - 1},
    {STATE(ppc_cpu, raised_why)},
    {STATE(ppc_cpu, inputs)},
    {STATE(ppc_cpu, pid)},
    {STATE(ppc_cpu, pir)},
    {STATE(ppc_cpu, hid0)},
    {STATE_ARRAY(ppc_cpu, l1csr)},
    {STATE_ARRAY(ppc_cpu, l2csr)},
    {STATE(ppc_cpu, bucsr)},
    {STATE(ppc_cpu, pwrmgtcr0)},
    {STATE(ppc_cpu, dbsr)},
    {STATE_ARRAY(ppc_cpu, dbcr)},
    {STATE_ARRAY(ppc_cpu, iac)},
    {STATE_ARRAY(ppc_cpu, dac)},
    {STATE(ppc_cpu, eplc)},
    {STATE(ppc_cpu, epsc)},
    {STATE(ppc_cpu, dbcr4)},
    {STATE(ppc_cpu, npidr)},
    {STATE(ppc_cpu, devent)},
    {STATE(ppc_cpu, ddam)},
    {STATE_ARRAY(ppc_cpu, l2err)},
    {STATE(ppc_cpu, pmgc0)},
    {STATE_ARRAY(ppc_cpu, pmc)},
    {STATE_ARRAY(ppc_cpu, pmlca)},
    {STATE_ARRAY(ppc_cpu, pmlcb)},
    {STATE(ppc_cpu, tcr)},
    {STATE(ppc_cpu, tsr)},
    {STATE(ppc_cpu, dec)},
    {STATE(ppc_cpu, decar)},
    {STATE(ppc_cpu, settled)},
    {STATE(ppc_cpu, timebase_offset)},
    {STATE(ppc_cpu, alarm)},
    {STATE_ARRAY(ppc_cpu, mas)},
    {STATE(ppc_cpu, epcr)},
    {STATE(ppc_cpu, msrp)},
    {STATE(ppc_cpu, lpidr)},
    {STATE(ppc_cpu, gsrr0)},
    {STATE(ppc_cpu, gsrr1)},
    {STATE_ARRAY(ppc_cpu, gsprg)},
    {STATE(ppc_cpu, gdear)},
    {STATE(ppc_cpu, gesr)},
    {STATE(ppc_cpu, gepr)},
    {STATE(ppc_cpu, gpir)},
    {STATE(ppc_cpu, givpr)},
    {STATE_ARRAY(ppc_cpu, givor)},
    {STATE(ppc_cpu, victim), .most = TLB0_WAYS - 1},
    {STATE_ARRAY_OF(ppc_cpu, tlb0, &entry_state)},
    {STATE_ARRAY_OF(ppc_cpu, tlb1, &entry_state)},
    {NOT_STATE(ppc_cpu, rest)},
    {0},
};
const struct state_table ppc_state = STATE_TABLE(ppc_cpu, 7, fields);

/* --- lockstep --- */

enum { PINS = INPUT_CRITICAL | INPUT_MACHINE_CHECK };

static u64 lines(const struct core *core)
{
    return const_cpu_of(core)->inputs & PINS;
}

static void drive_lines(struct core *core, u64 lines)
{
    struct ppc_cpu *cpu = cpu_of(core);

    cpu->inputs = (cpu->inputs & ~(u32)PINS) | (u32)lines;
}

static const char *const questions[] = {[TELL_ALARM - LOG_GUEST] = "alarm"};

static void level(struct core *core, u32 dead)
{
    struct ppc_cpu *cpu = cpu_of(core);

    if (dead == FLAGS_ALL)
        cpu->cr[0] = 0;
    memset(cpu->temporary, 0, sizeof cpu->temporary);
}

/* --- listings --- */

static const struct isa *isa(u32 mode)
{
    (void)mode;
    return &ppc_isa;
}

static void print_state(const struct core *core, FILE *to)
{
    const struct ppc_cpu *cpu = const_cpu_of(core);

    for (unsigned i = 0; i < 32; i += 4)
        fprintf(to, "r%-2u %08x %08x %08x %08x\n", i, cpu->gpr[i], cpu->gpr[i + 1], cpu->gpr[i + 2],
                cpu->gpr[i + 3]);
    fprintf(to, "pc %08x lr %08x ctr %08x cr %08x xer %08x\n", core->pc, cpu->lr, cpu->ctr,
            ppc_cr(cpu), ppc_xer(cpu));
    fprintf(to, "msr %08x srr0 %08x srr1 %08x esr %08x dear %08x pid %u\n", cpu->msr, cpu->srr0,
            cpu->srr1, cpu->esr, cpu->dear, cpu->pid);
    if (ppc_is_guest(cpu) || cpu->lpidr)
        fprintf(to, "lpid %u gsrr0 %08x gsrr1 %08x gesr %08x gdear %08x epcr %08x msrp %08x\n",
                cpu->lpidr, cpu->gsrr0, cpu->gsrr1, cpu->gesr, cpu->gdear, cpu->epcr, cpu->msrp);
}

/* --- for who looks at it from outside --- */

/* As the running program's data. */
static struct mapping mapping(const struct core *core, u32 linear)
{
    struct ppc_cpu *cpu = cpu_of((struct core *)core);
    const struct ppc_eyes eyes = ppc_own_eyes(cpu, false);
    const struct ppc_tlb_entry *e = ppc_tlb_find(cpu, linear, &eyes);
    u32 mask;

    if (!e)
        return (struct mapping){.size = PAGE_SIZE};
    mask = ppc_tlb_mask(e);
    return (struct mapping){
        .present = true,
        .writable = e->mas3 & (MAS3_SW | MAS3_UW),
        .user = e->mas3 & (MAS3_UR | MAS3_UW | MAS3_UX),
        .global = !(e->mas1 >> MAS1_TID & PID_MASK),
        .no_execute = !(e->mas3 & (MAS3_UX | MAS3_SX)),
        .physical = (u64)e->mas7 << 32 | (e->mas3 & ~mask & ~0xfffu) | (linear & mask),
        .size = mask == ~0u ? 1u << 31 : mask + 1,
    };
}

const struct guest ppc_guest = {
    .name = "ppc",
    .uops = &ppc_uops,
    .paging = &ppc_paging,
    .cpu_size = sizeof(struct ppc_cpu),
    .state_size = offsetof(struct ppc_cpu, rest),
    .create = create,
    .reset = reset,
    .changed = changed,
    .enter = enter,
    .leave = nothing,
    .key = key,
    .translate = translate,
    .translate_undefined = translate_undefined,
    .before_block = nothing,
    .take_trap = take_trap,
    .deliver_exception = deliver_exception,
    .interrupt_is_due = interrupt_is_due,
    .take_interrupt = take_interrupt,
    .is_one_due = is_one_due,
    .begin_one = nothing,
    .end_one = end_one,
    .abandon = abandon,
    .state = &ppc_state,
    .saving = saving,
    .restored = restored,
    .lines = lines,
    .drive_lines = drive_lines,
    .level = level,
    .questions = questions,
    .isa = isa,
    .print_state = print_state,
    .print_registers = print_state,
    .mapping = mapping,
    .registers = &ppc_registers,
};
