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

/* What every IRET pops. */
enum { FRAME_EIP, FRAME_CS, FRAME_EFLAGS, FRAME };

/* Real-address mode, and v86 mode with IOPL 3. */
static void iret_real(struct cpu *cpu, unsigned size)
{
    struct stack s = stack_current(cpu);
    u32 frame[FRAME];

    stack_pop_frame(cpu, &s, frame, FRAME, size);
    require_in_code(cpu, frame[FRAME_EIP], cpu->seg[CS].limit, 0);
    load_code_real(cpu, frame[FRAME_CS]);
    cpu->eip = frame[FRAME_EIP];
    cpu->regs[ESP] = s.esp;
    cpu_set_eflags(cpu, frame[FRAME_EFLAGS], eflags_loadable(cpu, size));
}

/* CPL 0 enters v86 mode; the stack goes on with ESP, SS, ES, DS, FS, GS. */
static void iret_to_v86(struct cpu *cpu, const u32 *frame, struct stack *s)
{
    static const enum segment_register order[] = {SS, ES, DS, FS, GS};
    u32 more[6];

    require_in_code(cpu, frame[FRAME_EIP], 0xffff, 0);
    stack_pop_frame(cpu, s, more, 6, 4);
    cpu_set_eflags(cpu, frame[FRAME_EFLAGS], eflags_loadable(cpu, 4) | FLAG_VM);
    segment_load_v86(&cpu->seg[CS], frame[FRAME_CS]);
    for (unsigned i = 0; i < 5; i++)
        segment_load_v86(&cpu->seg[order[i]], more[1 + i]);
    cpu->regs[ESP] = more[0];
    cpu->eip = frame[FRAME_EIP];
    cpu->cpl = 3;
}

static void iret_protected(struct cpu *cpu, unsigned size)
{
    struct stack s = stack_current(cpu);
    u32 mask = eflags_loadable(cpu, size), frame[FRAME];

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

DEFINE_HELPER(iret)
{
    if (!(cpu->cr0 & CR0_PE)) {
        iret_real(cpu, a);
    } else if (cpu->eflags & FLAG_VM) {
        if (cpu_iopl(cpu) != 3)
            cpu_raise_code(cpu, EXC_GP, 0);
        iret_real(cpu, a);
    } else if (cpu->eflags & FLAG_NT) {
        iret_task(cpu, b);
    } else {
        iret_protected(cpu, a);
    }
    cpu_update_mode(cpu);
}
