/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * x87 instructions that the micro-ops leave to C: those whose memory operand misses the TLB, and
 * all under an unmasked exception (MODE_FPU_TRAP). The host does them; with the guest's masks, so
 * that what an unmasked exception leaves behind is right, too (SDM vol. 1, 8.5). The exception
 * itself never reaches the host's process: it would at the next instruction that waits, and
 * FNSTENV, which does not, masks it first.
 */
#include "exec/i386/fpu.h"
#include "exec/i386/fpu_internal.h"
#include "exec/i386/helper.h"
#include "exec/i386/sse.h"

#include <string.h>

u16 fpu_status(const struct cpu *cpu)
{
    u16 status = host_status() & (u16) ~(FPU_ES | FPU_B);
    bool pending = status & ~cpu->fpu.control & X87_EXCEPTIONS;
    return pending ? status | FPU_ES | FPU_B : status;
}

void fpu_set_control(struct cpu *cpu, u16 control)
{
    cpu->fpu.control = X87_CONTROL_WORD(control);
    cpu->fpu.host_control = cpu->fpu.control | X87_EXCEPTIONS;
    host_set_control(cpu->fpu.host_control);
}

/* --- the host's x87 and the guest's --- */

void fpu_enter(struct cpu *cpu)
{
    struct fpu_state s;

    memcpy(&s, cpu->fpu.image, sizeof s);
    host_restore(&s);
    sse_enter(cpu);
    cpu->fpu.live = true;
}

/* Leaves out what the host notes of its own code and data: it differs from run to run. */
void fpu_leave(struct cpu *cpu)
{
    struct fpu_state s;

    host_save(&s);
    s.environment.code_offset = s.environment.data_offset = 0;
    s.environment.code = s.environment.data = 0;
    memcpy(cpu->fpu.image, &s, sizeof s);
    sse_leave(cpu);
    cpu->fpu.live = false;
}

void fpu_reset(struct cpu *cpu)
{
    enum { TAGS_ZERO = 0x5555 };
    struct fpu_state s = {.environment = {
                              .control = FPU_CONTROL_RESET | X87_EXCEPTIONS,
                              .tags = TAGS_ZERO,
                          }};
    bool live = cpu->fpu.live;

    cpu->fpu = (struct fpu){.control = FPU_CONTROL_RESET,
                            .host_control = FPU_CONTROL_RESET | X87_EXCEPTIONS};
    memcpy(cpu->fpu.image, &s, sizeof s);
    if (live)
        host_restore(&s);
    cpu->fpu.live = live;
    sse_reset(cpu);
}

/* --- exceptions --- */

/*
 * What an instruction that waits does first (SDM vol. 3, 2.5, CR0.NE): #MF; or, as in a PC/AT,
 * FERR# asks for IRQ 13, and the cpu waits for that, unless the board answers IGNNE#.
 */
static void wait_for_exceptions(struct cpu *cpu)
{
    if (!(fpu_status(cpu) & FPU_ES))
        return;
    if (cpu->cr0 & CR0_NE)
        cpu_raise(cpu, EXC_MF);
    cpu->fpu.ferr = true;
    if (!cpu_ferr(cpu, true))
        cpu_leave(cpu);
}

static void release_ferr(struct cpu *cpu)
{
    if (fpu_status(cpu) & FPU_ES)
        return;
    cpu->fpu.ferr = false;
    cpu_ferr(cpu, false);
}

/* --- arithmetic --- */

enum x87_access { ACCESS_NONE, ACCESS_LOAD, ACCESS_STORE };
struct memory_form {
    u8 access, size;
};

static const struct memory_form memory_forms[8][8] = {
#define X87_LOAD(name, escape, reg, type, insn)  [(escape)&7][reg] = {ACCESS_LOAD, sizeof(type)},
#define X87_STORE(name, escape, reg, type, insn) [(escape)&7][reg] = {ACCESS_STORE, sizeof(type)},
#include "ops/i386/x87.def"
};

static const bool register_control[8][64] = {
#define X87_CONTROL(name, escape, modrm, waits) [(escape)&7][(modrm)&63] = true,
#include "ops/i386/x87.def"
};

static const bool no_wait_memory[8][8] = {
#define X87_CONTROL_MEMORY(name, escape, reg, waits) [(escape)&7][reg] = !(waits),
#include "ops/i386/x87.def"
};

static bool is_control(u32 insn)
{
    if (x87_is_memory(insn))
        return !memory_forms[x87_escape(insn)][x87_reg(insn)].access;
    return register_control[x87_escape(insn)][x87_modrm(insn) & 63];
}

static bool is_waiting(u32 insn)
{
    if (x87_is_memory(insn))
        return !no_wait_memory[x87_escape(insn)][x87_reg(insn)];
    return !register_control[x87_escape(insn)][x87_modrm(insn) & 63];
}

/*
 * Lets the host have the guest's masks for one instruction; with an exception pending already
 * (ignored by IGNNE#) that instruction would raise it, so then they stay as they are.
 */
static void unmask(const struct cpu *cpu)
{
    if (!(fpu_status(cpu) & FPU_ES))
        host_set_control(cpu->fpu.control);
}

static u32 do_registers(struct cpu *cpu, u32 insn)
{
    u32 flags;

    fpu_note(cpu, insn);
    unmask(cpu);
    flags = host_do_registers(insn, cpu->regs[T0]);
    (void)host_environment();
    return flags;
}

static void do_load(struct cpu *cpu, u32 insn, unsigned size)
{
    u32 from = cpu->regs[T0];
    u8 operand[16];
    u64 low = size >= 8 ? mem_read64(cpu, from) : mem_read(cpu, from, size);
    u16 high = size == 10 ? (u16)mem_read(cpu, from + 8, 2) : 0;

    memcpy(operand, &low, sizeof low);
    memcpy(operand + 8, &high, sizeof high);
    fpu_note(cpu, insn);
    unmask(cpu);
    host_do_memory(insn, operand);
    (void)host_environment();
}

static void write_operand(struct cpu *cpu, const u8 *operand, unsigned size)
{
    u32 to = cpu->regs[T0];
    u64 low;
    u16 high;

    memcpy(&low, operand, sizeof low);
    memcpy(&high, operand + 8, sizeof high);
    if (size >= 8)
        mem_write64(cpu, to, low);
    else
        mem_write(cpu, to, size == 4 ? (u32)low : (u16)low, size);
    if (size == 10)
        mem_write(cpu, to + 8, high, 2);
}

/*
 * A write may abandon the instruction even after mem_probe (it may be to code that runs): so it
 * is done with the environment as before, which undoes a pop. An unmasked exception other than
 * of precision and denormals keeps a store from being done.
 */
static void do_store(struct cpu *cpu, u32 insn, unsigned size)
{
    enum { KEEPS_FROM_STORING = 1 << 0 | 1 << 3 | 1 << 4 }; /* IE, OE, UE */
    bool ignored = fpu_status(cpu) & FPU_ES;
    struct fpu_environment before, after;
    u8 operand[16] = {0};

    mem_probe(cpu, cpu->regs[T0], size, ACCESS_WRITE, cpu->cpl == 3);
    before = host_environment();
    unmask(cpu);
    host_do_memory(insn, operand);
    after = host_environment();
    if (ignored || !(after.status & ~(u32)cpu->fpu.control & KEEPS_FROM_STORING)) {
        host_set_environment(&before);
        write_operand(cpu, operand, size);
        host_set_environment(&after);
    }
    fpu_note(cpu, insn);
}

static void do_memory(struct cpu *cpu, u32 insn)
{
    struct memory_form form = memory_forms[x87_escape(insn)][x87_reg(insn)];

    if (form.access == ACCESS_LOAD)
        do_load(cpu, insn, form.size);
    else
        do_store(cpu, insn, form.size);
}

/* --- the helpers --- */

DEFINE_HELPER(x87)
{
    if ((a & X87_WAIT) || is_waiting(a))
        wait_for_exceptions(cpu);
    if (a & X87_WAIT)
        return;
    if (is_control(a)) {
        fpu_control_instruction(cpu, a);
    } else if (x87_is_memory(a)) {
        RELY_ON_WINDOW(b);
        do_memory(cpu, a);
        RELY_ON_WINDOW(false);
    } else {
        do_registers(cpu, a);
    }
    if (cpu->fpu.ferr)
        release_ferr(cpu);
}

DEFINE_HELPER(x87_flags)
{
    u32 flags;

    wait_for_exceptions(cpu);
    flags = do_registers(cpu, a);
    cc_set(cpu, flags >> 8 & (FLAG_ZF | FLAG_PF | FLAG_CF));
}
