/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386 as a value: see exec/guest.h. */
#include "exec/i386/debug.h"
#include "exec/i386/fpu.h"
#include "exec/i386/i386.h"
#include "exec/i386/inspect.h"
#include "exec/i386/model.h"
#include "exec/i386/questions.h"
#include "exec/i386/state.h"
#include "ops/i386/table.h"
#include "translate/i386/translate.h"

#include <string.h>

static struct cpu *cpu_of(struct core *core)
{
    return (struct cpu *)core;
}

static const struct cpu *const_cpu_of(const struct core *core)
{
    return (const struct cpu *)core;
}

/* --- the processor as a whole --- */

static void create(struct core *core, const struct exec_options *options)
{
    struct cpu *cpu = cpu_of(core);

    cpu->model = options->model ? options->model : model_default();
    cpu->a20_mask = ~0u;
}

static void reset(struct core *core)
{
    cpu_reset_state(cpu_of(core));
}

static void changed(struct core *core)
{
    cpu_update_mode(cpu_of(core));
}

static void enter(struct core *core)
{
    fpu_enter(cpu_of(core));
}

static void leave(struct core *core)
{
    fpu_leave(cpu_of(core));
}

/* --- code --- */

static struct block_key key(const struct core *core)
{
    const struct segment *cs = &const_cpu_of(core)->seg[CS];

    return (struct block_key){core->pc, cs->base, cs->limit, core_mode(core)};
}

static void beyond_limit(struct core *core)
{
    cpu_raise_code(cpu_of(core), EXC_GP, 0);
}

/* What the decoder has to know of the processor. */
static struct i386_code code(const struct cpu *cpu, const struct code_source *source)
{
    return (struct i386_code){
        .source = source,
        .features = cpu->model->features,
        .breakpoints = cpu_mode(cpu) & MODE_BREAK ? &cpu->debug.known : NULL,
        /* Else it would run by itself: only if a block that STI is in is gone on with in it. */
        .shadowed = cpu->shadow == SHADOW_INTERRUPTS,
    };
}

static void translate(struct core *core, struct stream *s, const struct code_source *source)
{
    struct i386_code c = code(cpu_of(core), source);

    decode_i386(s, &c, core->pc, core_mode(core));
}

static void translate_undefined(struct core *core, struct stream *s,
                                const struct code_source *source)
{
    struct i386_code c = code(cpu_of(core), source);

    decode_undefined(s, &c, core->pc, core_mode(core));
}

/* --- exceptions and interrupts --- */

_Noreturn void cpu_raise_code(struct cpu *cpu, unsigned vector, u32 error)
{
    cpu->raised_vector = (u8)vector;
    cpu->raised_error = error;
    core_raise(&cpu->core);
}

_Noreturn void cpu_raise(struct cpu *cpu, unsigned vector)
{
    cpu_raise_code(cpu, vector, 0);
}

static void deliver_exception(struct core *core)
{
    struct cpu *cpu = cpu_of(core);

    cpu_deliver_exception(cpu, cpu->raised_vector, cpu->raised_error);
}

/* No NMI in a shadow, either: behind one between STI and HLT the interrupt would come before HLT.
 */
static bool nmi_is_due(const struct cpu *cpu)
{
    return cpu->nmi_pending && !cpu->nmi_blocked && !cpu->shadow;
}

static bool interrupt_is_due(const struct core *core)
{
    const struct cpu *cpu = const_cpu_of(core);

    return nmi_is_due(cpu) || (core->int_line && cpu->eflags & FLAG_IF && !cpu->shadow);
}

static void take_interrupt(struct core *core)
{
    struct cpu *cpu = cpu_of(core);

    if (nmi_is_due(cpu)) {
        cpu->nmi_pending = false;
        cpu->nmi_blocked = true;
        cpu_deliver_interrupt(cpu, EXC_NMI);
    } else {
        cpu_deliver_interrupt(cpu, exec_acknowledge(core));
    }
}

/* --- between instructions --- */

static void before_block(struct core *core)
{
    debug_check_code(cpu_of(core));
}

static void take_trap(struct core *core)
{
    debug_take_trap(cpu_of(core));
}

/*
 * The shadow of STI or a load of SS, behind which interrupts are looked at; a single step (SDM vol.
 * 3, 17.3.1.4); RF.
 */
static bool is_one_due(const struct core *core)
{
    const struct cpu *cpu = const_cpu_of(core);

    return cpu->shadow || (cpu->eflags & (FLAG_TF | FLAG_RF));
}

/*
 * RF is cleared when an instruction begins; until it ends, breakpoints on it do not count, as
 * behind a load of SS (SDM vol. 3, 17.3.1.1).
 */
static void begin_one(struct core *core)
{
    struct cpu *cpu = cpu_of(core);

    cpu->debug.shadowed = cpu->shadow;
    cpu->debug.resuming = cpu->eflags & FLAG_RF || cpu->shadow == SHADOW_TRAPS;
    cpu->debug.stepping = cpu->eflags & FLAG_TF;
    cpu->eflags &= ~(u32)FLAG_RF;
    cpu->shadow = NO_SHADOW;
}

static void forget_one(struct debug *d)
{
    d->resuming = d->stepping = d->shadowed = false;
}

static void end_one(struct core *core)
{
    struct cpu *cpu = cpu_of(core);

    if (cpu->debug.stepping)
        debug_step(cpu);
    if (cpu->debug.shadowed)
        core_request_exit(core);
    forget_one(&cpu->debug);
}

static void abandon(struct core *core, bool left)
{
    struct cpu *cpu = cpu_of(core);

    if (!left)
        cpu->debug.trap = 0;
    else if (cpu->debug.resuming)
        cpu->eflags |= FLAG_RF;
    forget_one(&cpu->debug);
}

/* --- lockstep --- */

static u64 lines(const struct core *core)
{
    const struct cpu *cpu = const_cpu_of(core);

    return cpu->a20_mask | (u64)cpu->nmi_pending << 32;
}

static void drive_lines(struct core *core, u64 lines)
{
    struct cpu *cpu = cpu_of(core);

    cpu->nmi_pending = lines >> 32;
    if (cpu->a20_mask == (u32)lines)
        return;
    cpu->a20_mask = (u32)lines;
    softmmu_flush(core);
}

static void level(struct core *core, u32 dead)
{
    struct cpu *cpu = cpu_of(core);
    u32 undefined = (dead & FLAGS_CARRY ? FLAG_CF : 0) |
                    (dead & FLAGS_OTHERS ? FLAGS_ARITH & ~(u32)FLAG_CF : 0);
    u32 flags = cc_get(cpu) & ~undefined;

    cc_set(cpu, flags);
    cpu->cc_dst = cpu->inc_dst = 0;
    cpu->regs[T0] = cpu->regs[T1] = cpu->kept = cpu->carry = 0;
    fpu_segments_changed(cpu); /* whether anybody has asked for the x87's pointers */
    cpu->sse.mxcsr_of_emulator = 0;
    memset(&cpu->sse.temp, 0, sizeof cpu->sse.temp);
    cpu->nmi_pending = false;
    cpu->a20_mask = 0;
}

static const char *const questions[] = {
    [ASK_PORT - LOG_GUEST] = "port read",
    [TELL_PORT - LOG_GUEST] = "port write",
    [TELL_FERR - LOG_GUEST] = "FERR#",
    [TELL_APIC_BASE - LOG_GUEST] = "APIC base",
};

/* --- listings --- */

static const struct isa *isa(u32 mode)
{
    return mode & MODE_CS32 ? &i386_isa : &i8086_isa;
}

static void print_state(const struct core *core, FILE *to)
{
    cpu_print_state(const_cpu_of(core), to);
}

static void print_registers(const struct core *core, FILE *to)
{
    cpu_print_registers(const_cpu_of(core), to);
}

const struct guest i386_guest = {
    .name = "i386",
    .uops = &i386_uops,
    .paging = &i386_paging,
    .cpu_size = sizeof(struct cpu),
    .state_size = offsetof(struct cpu, model),
    .create = create,
    .reset = reset,
    .changed = changed,
    .enter = enter,
    .leave = leave,
    .key = key,
    .beyond_limit = beyond_limit,
    .translate = translate,
    .translate_undefined = translate_undefined,
    .before_block = before_block,
    .take_trap = take_trap,
    .deliver_exception = deliver_exception,
    .interrupt_is_due = interrupt_is_due,
    .take_interrupt = take_interrupt,
    .is_one_due = is_one_due,
    .begin_one = begin_one,
    .end_one = end_one,
    .abandon = abandon,
    .state = &cpu_state,
    .saving = cpu_saving,
    .restored = cpu_restored,
    .lines = lines,
    .drive_lines = drive_lines,
    .level = level,
    .questions = questions,
    .isa = isa,
    .print_state = print_state,
    .print_registers = print_registers,
    .mapping = i386_mapping,
    .registers = &i386_registers,
};
