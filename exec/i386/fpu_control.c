/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The x87's control instructions: control word, status word, initialization. */
#include "exec/i386/fpu_internal.h"
#include "exec/i386/i386.h"

/* Where the mode changes with the masks, the code behind it is another block's. */
static void refresh_mode(struct cpu *cpu, u32 insn)
{
    u32 before = cpu_mode(cpu);

    cpu_update_mode(cpu);
    if (!(insn & X87_LEAVES) || cpu_mode(cpu) == before)
        return;
    cpu->core.pc += x87_length(insn);
    if (!(before & MODE_CS32))
        cpu->core.pc &= 0xffff;
    cpu_leave(cpu);
}

static void load_control(struct cpu *cpu, u32 insn)
{
    bool loaded = insn & X87_IN_T1;

    fpu_set_control(cpu, (u16)(loaded ? cpu->regs[T1] : mem_read(cpu, cpu->regs[T0], 2)));
    refresh_mode(cpu, insn);
}

static void initialize(struct cpu *cpu)
{
    host_initialize();
    fpu_set_control(cpu, FPU_CONTROL_INIT);
    fpu_set_last(cpu, (struct fpu_last){0});
    cpu_update_mode(cpu);
}

static void store_status_ax(struct cpu *cpu)
{
    cpu->regs[EAX] = (cpu->regs[EAX] & 0xffff0000) | fpu_status(cpu);
}

static void control_memory(struct cpu *cpu, u32 insn)
{
    switch (x87_escape(insn) << 4 | x87_reg(insn)) {
    case 0x14:
        fpu_load_environment(cpu, insn);
        break;
    case 0x15:
        load_control(cpu, insn);
        break;
    case 0x16:
        fpu_store_environment(cpu, insn);
        break;
    case 0x17:
        mem_write(cpu, cpu->regs[T0], cpu->fpu.control, 2);
        break;
    case 0x54:
        fpu_restore(cpu, insn);
        break;
    case 0x56:
        fpu_save(cpu, insn);
        initialize(cpu);
        break;
    default: /* FNSTSW */
        mem_write(cpu, cpu->regs[T0], fpu_status(cpu), 2);
        break;
    }
}

/* FNENI, FNDISI and FNSETPM do nothing. */
static void control_registers(struct cpu *cpu, u32 insn)
{
    if (insn == x87_insn(0xdb, 0xe2))
        host_clear_exceptions();
    else if (insn == x87_insn(0xdb, 0xe3))
        initialize(cpu);
    else if (insn == x87_insn(0xdf, 0xe0))
        store_status_ax(cpu);
}

void fpu_control_instruction(struct cpu *cpu, u32 insn)
{
    if (x87_is_memory(insn))
        control_memory(cpu, insn);
    else
        control_registers(cpu, insn & 0x7ff);
}
