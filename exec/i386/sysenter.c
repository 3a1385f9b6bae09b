/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SYSENTER and SYSEXIT (SDM vol. 2): flat segments, from no descriptor table. */
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"

static struct segment flat_segment(u16 selector, u16 type)
{
    unsigned dpl = selector & SELECTOR_RPL;
    struct segment s = {.limit = 0xffffffff,
                        .selector = selector,
                        .attr = SEG_G | SEG_D | SEG_PRESENT | SEG_S | dpl << SEG_DPL_SHIFT | type |
                                SEG_ACCESSED};

    segment_update_bounds(&s);
    return s;
}

static void go(struct cpu *cpu, u16 code, u16 stack, u32 eip, u32 esp)
{
    cpu->seg[CS] = flat_segment(code, SEG_CODE | SEG_READABLE);
    cpu->seg[SS] = flat_segment(stack, SEG_WRITABLE);
    cpu->cpl = code & SELECTOR_RPL;
    cpu->core.pc = eip;
    cpu->regs[ESP] = esp;
    cpu_update_mode(cpu);
}

static void require_set_up(struct cpu *cpu)
{
    if (!(cpu->cr0 & CR0_PE) || selector_is_null((u16)cpu->sysenter_cs))
        cpu_raise_code(cpu, EXC_GP, 0);
}

DEFINE_HELPER(sysenter)
{
    u16 code = cpu->sysenter_cs & SELECTOR_ERROR;

    require_set_up(cpu);
    cpu_set_eflags(cpu, 0, FLAG_VM | FLAG_IF);
    go(cpu, code, code + 8, (u32)cpu->sysenter_eip, (u32)cpu->sysenter_esp);
}

DEFINE_HELPER(sysexit)
{
    u16 code = (cpu->sysenter_cs & SELECTOR_ERROR) + 16;

    require_set_up(cpu);
    require_cpl0(cpu);
    go(cpu, code | 3, (code + 8) | 3, cpu->regs[EDX], cpu->regs[ECX]);
}
