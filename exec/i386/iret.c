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

/* Real-address mode, and v86 mode with IOPL 3. */
static void iret_real(struct cpu *cpu, unsigned size)
{
    struct stack s = stack_current(cpu);
    u32 eip = stack_pop(cpu, &s, size);
    u16 selector = stack_pop(cpu, &s, size);
    u32 flags = stack_pop(cpu, &s, size);

    require_in_code(cpu, eip, cpu->seg[CS].limit, 0);
    load_code_real(cpu, selector);
    cpu->eip = eip;
    cpu->regs[ESP] = s.esp;
    cpu_set_eflags(cpu, flags, eflags_loadable(cpu, size));
}

/* CPL 0 enters v86 mode; the stack goes on with ESP, SS, ES, DS, FS, GS. */
static void iret_to_v86(struct cpu *cpu, u32 eip, u16 selector, u32 flags, struct stack *s)
{
    static const enum segment_register order[] = {SS, ES, DS, FS, GS};
    u16 selectors[5];
    u32 esp;

    require_in_code(cpu, eip, 0xffff, 0);
    esp = stack_pop(cpu, s, 4);
    for (unsigned i = 0; i < 5; i++)
        selectors[i] = stack_pop(cpu, s, 4);
    cpu_set_eflags(cpu, flags, eflags_loadable(cpu, 4) | FLAG_VM);
    segment_load_v86(&cpu->seg[CS], selector);
    for (unsigned i = 0; i < 5; i++)
        segment_load_v86(&cpu->seg[order[i]], selectors[i]);
    cpu->regs[ESP] = esp;
    cpu->eip = eip;
    cpu->cpl = 3;
}

static void iret_protected(struct cpu *cpu, unsigned size)
{
    struct stack s = stack_current(cpu);
    u32 eip = stack_pop(cpu, &s, size);
    u16 selector = stack_pop(cpu, &s, size);
    u32 flags = stack_pop(cpu, &s, size);
    u32 mask = eflags_loadable(cpu, size);

    if (size == 4 && (flags & FLAG_VM) && cpu->cpl == 0) {
        iret_to_v86(cpu, eip, selector, flags, &s);
        return;
    }
    return_commit(cpu, selector, eip, &s, size, 0);
    cpu_set_eflags(cpu, flags, mask);
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
