/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IRET: from real-address and v86 mode, between levels, to v86 mode, to the task before. */
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/stack.h"

u32 eflags_loadable(const struct cpu *cpu, unsigned size)
{
    u32 mask = FLAGS_ARITH | FLAG_TF | FLAG_DF | FLAG_NT;

    if (size == 4)
        mask |= FLAG_AC | FLAG_ID;
    if (cpu->cpl <= cpu_iopl(cpu))
        mask |= FLAG_IF;
    if (cpu->cpl == 0)
        mask |= FLAG_IOPL;
    return mask;
}

bool v86_flags_are_virtual(struct cpu *cpu, unsigned size)
{
    if (!(cpu->eflags & FLAG_VM) || cpu_iopl(cpu) == 3)
        return false;
    if (!(cpu->cr4 & CR4_VME) || size != 2)
        cpu_raise_code(cpu, EXC_GP, 0);
    return true;
}

u32 virtual_flags(const struct cpu *cpu)
{
    u32 flags = (cpu_eflags(cpu) & ~(u32)FLAG_IF) | FLAG_IOPL;

    return cpu->eflags & FLAG_VIF ? flags | FLAG_IF : flags;
}

u32 real_flags(struct cpu *cpu, u32 flags)
{
    if ((flags & FLAG_TF) || ((flags & FLAG_IF) && (cpu->eflags & FLAG_VIP)))
        cpu_raise_code(cpu, EXC_GP, 0);
    return flags & FLAG_IF ? flags | FLAG_VIF : flags & ~(u32)FLAG_VIF;
}

/* What only IRET loads beside eflags_loadable. RF is of use to breakpoints alone. */
static u32 iret_loadable(const struct cpu *cpu, unsigned size)
{
    u32 mask = eflags_loadable(cpu, size);

    if (size == 4 && cpu->debug.code)
        mask |= FLAG_RF;
    if (size == 4 && cpu->cpl == 0 && (cpu->cr0 & CR0_PE))
        mask |= FLAG_VIF | FLAG_VIP;
    return mask;
}

/* What every IRET pops. */
enum { FRAME_EIP, FRAME_CS, FRAME_EFLAGS, FRAME };

/* Real-address and v86 mode. */
static void iret_real(struct cpu *cpu, unsigned size)
{
    bool virtual = v86_flags_are_virtual(cpu, size);
    u32 mask = iret_loadable(cpu, size), frame[FRAME];
    struct stack s = stack_current(cpu);

    stack_pop_frame(cpu, &s, frame, FRAME, size);
    require_in_code(cpu, frame[FRAME_EIP], cpu->seg[CS].limit, 0);
    if (virtual) {
        frame[FRAME_EFLAGS] = real_flags(cpu, frame[FRAME_EFLAGS]);
        mask |= FLAG_VIF;
    }
    load_code_real(cpu, frame[FRAME_CS]);
    cpu->core.pc = frame[FRAME_EIP];
    cpu->regs[ESP] = s.esp;
    cpu_set_eflags(cpu, frame[FRAME_EFLAGS], mask);
}

/* CPL 0 enters v86 mode; the stack goes on with ESP, SS, ES, DS, FS, GS. */
static void iret_to_v86(struct cpu *cpu, const u32 *frame, struct stack *s)
{
    static const enum segment_register order[] = {SS, ES, DS, FS, GS};
    u32 more[6];

    require_in_code(cpu, frame[FRAME_EIP], 0xffff, 0);
    stack_pop_frame(cpu, s, more, 6, 4);
    cpu_set_eflags(cpu, frame[FRAME_EFLAGS], iret_loadable(cpu, 4) | FLAG_VM);
    segment_load_v86(&cpu->seg[CS], frame[FRAME_CS]);
    for (unsigned i = 0; i < 5; i++)
        segment_load_v86(&cpu->seg[order[i]], more[1 + i]);
    cpu->regs[ESP] = more[0];
    cpu->core.pc = frame[FRAME_EIP];
    cpu->cpl = 3;
}

static void iret_protected(struct cpu *cpu, unsigned size)
{
    struct stack s = stack_current(cpu);
    u32 mask = iret_loadable(cpu, size), frame[FRAME];

    stack_pop_frame(cpu, &s, frame, FRAME, size);
    if (size == 4 && (frame[FRAME_EFLAGS] & FLAG_VM) && cpu->cpl == 0) {
        iret_to_v86(cpu, frame, &s);
        return;
    }
    return_commit(cpu, frame[FRAME_CS], frame[FRAME_EIP], &s, size, 0);
    cpu_set_eflags(cpu, frame[FRAME_EFLAGS], mask);
}

/* NT: back to the task whose selector the current TSS starts with. */
static void iret_task(struct cpu *cpu, u32 next)
{
    u16 link = mem_read_system(cpu, cpu->tr.base, 2);

    task_switch(cpu, link, TASK_IRET, next, 0);
}

/* SDM vol. 3, 6.7.1: NMIs come again behind an IRET, even if that faults. */
static void unblock_nmi(struct cpu *cpu)
{
    cpu->nmi_blocked = false;
    if (cpu->nmi_pending)
        cpu_request_exit(cpu);
}

DEFINE_HELPER(iret)
{
    unblock_nmi(cpu);
    if (!in_protected_mode(cpu))
        iret_real(cpu, a);
    else if (cpu->eflags & FLAG_NT)
        iret_task(cpu, b);
    else
        iret_protected(cpu, a);
    cpu_update_mode(cpu);
}
