/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PowerPC as a value: see exec/guest.h. Addresses are physical. */
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

static void reset(struct core *core)
{
    struct ppc_cpu *cpu = cpu_of(core);

    memset(cpu->regs, 0, offsetof(struct ppc_cpu, rest) - offsetof(struct ppc_cpu, regs));
    core->pc = 0x100;
    core->halted = core->raised = false;
    core->mode_key = 0;
    ppc_update_mode(cpu);
    softmmu_flush(core);
}

static void changed(struct core *core)
{
    ppc_update_mode(cpu_of(core));
}

/* It has nothing in the host's FPU, no traps and no breakpoints. */
static void nothing(struct core *core)
{
    (void)core;
}

/* --- memory --- */

static u32 walk(struct core *core, u32 linear, enum access access, bool user)
{
    (void)core, (void)access, (void)user;
    return (linear & ~(u32)PAGE_MASK) | FRAME_PRESENT | FRAME_WRITABLE | FRAME_USER |
           FRAME_WRITABLE_SUPERVISOR | FRAME_ACCESSED | FRAME_DIRTY;
}

static const struct paging paging = {.walk = walk};

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

static void deliver_exception(struct core *core)
{
    struct ppc_cpu *cpu = cpu_of(core);
    bool behind = cpu->raised_vector == VECTOR_SYSTEM_CALL;

    ppc_interrupt(cpu, cpu->raised_vector, core->pc + (behind ? 4 : 0), cpu->raised_why);
}

static bool takes_interrupts(const struct core *core)
{
    return const_cpu_of(core)->msr & MSR_EE;
}

static void deliver_interrupt(struct core *core, unsigned vector)
{
    (void)vector;
    ppc_interrupt(cpu_of(core), VECTOR_EXTERNAL, core->pc, 0);
}

static bool is_one_due(const struct core *core)
{
    (void)core;
    return false;
}

static void abandon(struct core *core, bool left)
{
    (void)core, (void)left;
}

/* --- saved and restored --- */

static void saving(struct core *core)
{
    memset(cpu_of(core)->regs, 0, sizeof cpu_of(core)->regs);
}

static void restored(struct core *core)
{
    saving(core);
    core->mode_key = 0;
    ppc_update_mode(cpu_of(core));
}

static const struct state_field fields[] = {
    {STATE_OF(ppc_cpu, core, &core_state)},
    {NOT_STATE(ppc_cpu, regs)}, /* temporaries */
    {STATE(ppc_cpu, cr)},
    {STATE(ppc_cpu, lr)},
    {STATE(ppc_cpu, ctr)},
    {STATE(ppc_cpu, xer)},
    {STATE_ARRAY(ppc_cpu, gpr)},
    {STATE(ppc_cpu, msr)},
    {STATE(ppc_cpu, srr0)},
    {STATE(ppc_cpu, srr1)},
    {STATE_ARRAY(ppc_cpu, sprg)},
    {STATE(ppc_cpu, usprg0)},
    {STATE(ppc_cpu, reserved)},
    {STATE(ppc_cpu, reserved_at)},
    {STATE(ppc_cpu, fpscr)},
    {STATE_ARRAY(ppc_cpu, fpr)},
    {STATE(ppc_cpu, raised_vector)},
    {STATE(ppc_cpu, raised_why)},
    {NOT_STATE(ppc_cpu, rest)},
    {0},
};
static const struct state_table state = STATE_TABLE(ppc_cpu, 1, fields);

/* --- lockstep --- */

static u64 lines(const struct core *core)
{
    (void)core;
    return 0;
}

static void drive_lines(struct core *core, u64 lines)
{
    (void)core, (void)lines;
}

static void level(struct core *core, u32 dead)
{
    struct ppc_cpu *cpu = cpu_of(core);

    (void)dead;
    memset(cpu->regs, 0, sizeof cpu->regs);
}

/* --- listings --- */

static enum isa isa(u32 mode)
{
    (void)mode;
    return ISA_PPC;
}

static void print_state(const struct core *core, FILE *to)
{
    const struct ppc_cpu *cpu = const_cpu_of(core);

    for (unsigned i = 0; i < 32; i += 4)
        fprintf(to, "r%-2u %08x %08x %08x %08x\n", i, cpu->gpr[i], cpu->gpr[i + 1], cpu->gpr[i + 2],
                cpu->gpr[i + 3]);
    fprintf(to, "pc %08x lr %08x ctr %08x cr %08x xer %08x\n", core->pc, cpu->lr, cpu->ctr, cpu->cr,
            cpu->xer);
    fprintf(to, "msr %08x srr0 %08x srr1 %08x\n", cpu->msr, cpu->srr0, cpu->srr1);
}

/* --- for who looks at it from outside --- */

static struct mapping mapping(const struct core *core, u32 linear)
{
    (void)core;
    return (struct mapping){
        .present = true, .writable = true, .user = true, .physical = linear, .size = 1u << 30};
}

const struct guest ppc_guest = {
    .name = "ppc",
    .uops = &ppc_uops,
    .paging = &paging,
    .cpu_size = sizeof(struct ppc_cpu),
    .state_size = offsetof(struct ppc_cpu, rest),
    .create = create,
    .reset = reset,
    .changed = changed,
    .enter = nothing,
    .leave = nothing,
    .key = key,
    .translate = translate,
    .translate_undefined = translate_undefined,
    .before_block = nothing,
    .take_trap = nothing,
    .deliver_exception = deliver_exception,
    .takes_interrupts = takes_interrupts,
    .deliver_interrupt = deliver_interrupt,
    .is_one_due = is_one_due,
    .begin_one = nothing,
    .end_one = nothing,
    .abandon = abandon,
    .state = &state,
    .saving = saving,
    .restored = restored,
    .lines = lines,
    .drive_lines = drive_lines,
    .level = level,
    .isa = isa,
    .print_state = print_state,
    .mapping = mapping,
    .registers = &ppc_registers,
};
