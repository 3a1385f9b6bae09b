/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Task state segments: inner stacks, and switching tasks (SDM vol. 3, ch. 7). */
#include <string.h>

#include "exec/i386/debug.h"
#include "exec/i386/descriptor.h"
#include "exec/i386/system.h"

/* Where a TSS keeps things (SDM vol. 3, figures 7-2 and 7-10); selectors take `size` bytes each. */
struct tss_layout {
    u8 size, limit; /* of a register; the least limit of the segment */
    u8 inner;       /* ESP0 */
    u8 eip, eflags, regs, seg, ldt;
    u8 segments;
};

enum { TSS_LINK = 0, TSS_CR3 = 0x1c, TSS_TRAP = 0x64, TSS_IO_MAP = 0x66 };

static const struct tss_layout layout16 = {.size = 2,
                                           .limit = 0x2b,
                                           .inner = 2,
                                           .eip = 0x0e,
                                           .eflags = 0x10,
                                           .regs = 0x12,
                                           .seg = 0x22,
                                           .ldt = 0x2a,
                                           .segments = 4};
static const struct tss_layout layout32 = {.size = 4,
                                           .limit = 0x67,
                                           .inner = 4,
                                           .eip = 0x20,
                                           .eflags = 0x24,
                                           .regs = 0x28,
                                           .seg = 0x48,
                                           .ldt = 0x60,
                                           .segments = 6};

static const struct tss_layout *tss_layout(const struct segment *tss)
{
    return tss->attr & TYPE_32 ? &layout32 : &layout16;
}

u32 task_inner_stack(struct cpu *cpu, unsigned level, struct segment *ss, u32 ext)
{
    const struct tss_layout *l = tss_layout(&cpu->tr);
    u32 at = l->inner + level * l->size * 2;
    u16 selector;
    u32 esp;

    if (at + l->size + 1 > cpu->tr.limit)
        raise_selector(cpu, EXC_TS, cpu->tr.selector, ext);
    esp = mem_read_system(cpu, cpu->tr.base + at, l->size);
    selector = mem_read_system(cpu, cpu->tr.base + at + l->size, 2);
    stack_segment_for(cpu, ss, selector, level, EXC_TS, ext);
    return esp;
}

/* What a switch loads. */
struct task_state {
    u32 cr3, eip, eflags;
    u32 regs[8];
    u16 seg[SEGMENTS], ldt;
};

static struct task_state read_state(struct cpu *cpu, const struct segment *tss)
{
    const struct tss_layout *l = tss_layout(tss);
    struct task_state s = {.eip = mem_read_system(cpu, tss->base + l->eip, l->size),
                           .eflags = mem_read_system(cpu, tss->base + l->eflags, l->size),
                           .ldt = mem_read_system(cpu, tss->base + l->ldt, 2)};

    for (unsigned i = 0; i < 8; i++)
        s.regs[i] = mem_read_system(cpu, tss->base + l->regs + i * l->size, l->size);
    for (unsigned i = 0; i < l->segments; i++)
        s.seg[i] = mem_read_system(cpu, tss->base + l->seg + i * l->size, 2);
    if (l == &layout32)
        s.cr3 = mem_read_system(cpu, tss->base + TSS_CR3, 4);
    return s;
}

static void write_state(struct cpu *cpu, u32 eip, u32 eflags)
{
    const struct segment *tss = &cpu->tr;
    const struct tss_layout *l = tss_layout(tss);

    mem_write_system(cpu, tss->base + l->eip, eip, l->size);
    mem_write_system(cpu, tss->base + l->eflags, eflags, l->size);
    for (unsigned i = 0; i < 8; i++)
        mem_write_system(cpu, tss->base + l->regs + i * l->size, cpu->regs[i], l->size);
    for (unsigned i = 0; i < l->segments; i++)
        mem_write_system(cpu, tss->base + l->seg + i * l->size, cpu->seg[i].selector, 2);
}

/* The TSS to go to: available, or busy where IRET goes back to it. */
static struct segment new_tss(struct cpu *cpu, u16 selector, bool back, u32 ext)
{
    unsigned vector = back ? EXC_TS : EXC_GP, busy = back ? TSS_BUSY : 0;
    struct descriptor d;
    struct segment tss;

    if (selector_is_null(selector) || (selector & SELECTOR_LDT))
        raise_selector(cpu, vector, selector, ext);
    d = descriptor_fetch(cpu, selector, vector, ext);
    if (descriptor_type(d) != (TYPE_TSS16 | busy) && descriptor_type(d) != (TYPE_TSS32 | busy))
        raise_selector(cpu, vector, selector, ext);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_NP, selector, ext);
    tss = system_segment(selector, d);
    if (tss.limit < tss_layout(&tss)->limit)
        raise_selector(cpu, EXC_TS, selector, ext);
    tss.attr |= TSS_BUSY;
    return tss;
}

static void probe_system_write(struct cpu *cpu, u32 linear)
{
    mem_probe(cpu, linear, 1, ACCESS_WRITE, false);
}

/* Page faults that the switch would meet half way are raised before it begins. */
static void probe_switch(struct cpu *cpu, const struct segment *to, u32 ext)
{
    const struct tss_layout *l = tss_layout(&cpu->tr);

    if (cpu->tr.limit < l->limit)
        raise_selector(cpu, EXC_TS, cpu->tr.selector, ext);
    probe_system_write(cpu, cpu->tr.base + l->eip);
    probe_system_write(cpu, cpu->tr.base + l->ldt - 1);
    probe_system_write(cpu, to->base + TSS_LINK);
    probe_system_write(cpu, to->base + TSS_LINK + 1);
    probe_system_write(cpu, descriptor_access_byte(cpu, cpu->tr.selector));
    probe_system_write(cpu, descriptor_access_byte(cpu, to->selector));
}

/* The outgoing task: its state, and the busy bits and link of both. */
static void leave_task(struct cpu *cpu, const struct segment *to, enum task_switch how, u32 next)
{
    u32 eflags = cpu_eflags(cpu);

    if (how == TASK_IRET)
        eflags &= ~(u32)FLAG_NT;
    if (how == TASK_JMP || how == TASK_IRET)
        descriptor_set_busy(cpu, cpu->tr.selector, false);
    write_state(cpu, next, eflags);
    if (how == TASK_CALL || how == TASK_INTERRUPT)
        mem_write_system(cpu, to->base + TSS_LINK, cpu->tr.selector, 2);
    if (how != TASK_IRET)
        descriptor_set_busy(cpu, to->selector, true);
}

/* The part that cannot fault: selectors are visible, but nothing behind them is usable yet. */
static void load_state(struct cpu *cpu, const struct task_state *s, bool nested)
{
    u32 loadable = FLAGS_ARITH | FLAG_TF | FLAG_IF | FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_VM |
                   FLAG_AC | FLAG_VIF | FLAG_VIP | FLAG_ID;

    if (cpu->dr[7] & DR7_LOCAL) {
        cpu->dr[7] &= ~(u32)DR7_LOCAL;
        debug_update(cpu);
    }
    if (cpu->debug.code)
        loadable |= FLAG_RF;
    memcpy(cpu->regs, s->regs, sizeof s->regs);
    cpu->core.pc = s->eip;
    cpu_set_eflags(cpu, s->eflags | (nested ? FLAG_NT : 0), loadable);
    for (unsigned i = 0; i < SEGMENTS; i++)
        segment_load_null(&cpu->seg[i], s->seg[i]);
    cpu->ldt.selector = s->ldt;
    cpu->ldt.attr = 0;
    cpu->cpl = cpu->eflags & FLAG_VM ? 3 : s->seg[CS] & SELECTOR_RPL;
    cpu->cr0 |= CR0_TS;
    if ((cpu->tr.attr & TYPE_32) && (cpu->cr0 & CR0_PG))
        cpu_write_cr3(cpu, s->cr3);
}

static void load_task_ldt(struct cpu *cpu, u32 ext)
{
    u16 selector = cpu->ldt.selector;
    struct descriptor d;

    if (selector_is_null(selector))
        return;
    if (selector & SELECTOR_LDT)
        raise_selector(cpu, EXC_TS, selector, ext);
    d = descriptor_fetch(cpu, selector, EXC_TS, ext);
    if (descriptor_type(d) != TYPE_LDT || !descriptor_present(d))
        raise_selector(cpu, EXC_TS, selector, ext);
    cpu->ldt = system_segment(selector, d);
}

static void load_task_code(struct cpu *cpu, u32 ext)
{
    u16 selector = cpu->seg[CS].selector, attr;
    unsigned rpl = selector & SELECTOR_RPL;
    struct descriptor d;

    if (selector_is_null(selector))
        raise_selector(cpu, EXC_TS, selector, ext);
    d = descriptor_fetch(cpu, selector, EXC_TS, ext);
    attr = descriptor_attr(d);
    if (!attr_is_code(attr) ||
        (attr_is_conforming(attr) ? attr_dpl(attr) > rpl : attr_dpl(attr) != rpl))
        raise_selector(cpu, EXC_TS, selector, ext);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_NP, selector, ext);
    descriptor_mark_accessed(cpu, selector, d);
    load_code_segment(cpu, selector, d, rpl);
}

static void load_task_segments(struct cpu *cpu, u32 ext)
{
    static const enum segment_register data[] = {DS, ES, FS, GS};
    u16 selector;

    load_task_code(cpu, ext);
    stack_segment_for(cpu, &cpu->seg[SS], cpu->seg[SS].selector, cpu->cpl, EXC_TS, ext);
    for (unsigned i = 0; i < 4; i++) {
        selector = cpu->seg[data[i]].selector;
        if (!selector_is_null(selector))
            load_data_segment(cpu, data[i], selector, EXC_TS, ext);
    }
}

static void load_task_v86(struct cpu *cpu)
{
    for (unsigned i = 0; i < SEGMENTS; i++)
        segment_load_v86(&cpu->seg[i], cpu->seg[i].selector);
}

/* #DB before the first instruction of a task whose T bit is set (SDM vol. 3, 17.3.1.5). */
static void trap(struct cpu *cpu)
{
    if ((cpu->tr.attr & TYPE_32) && (mem_read_system(cpu, cpu->tr.base + TSS_TRAP, 2) & 1))
        debug_trap(cpu, DR6_BT);
}

void task_switch(struct cpu *cpu, u16 selector, enum task_switch how, u32 next, u32 ext)
{
    struct segment to;
    struct task_state s;

    if (cpu->debug.data) /* what meets a breakpoint half way could not come again */
        exec_alone(&cpu->core);
    to = new_tss(cpu, selector, how == TASK_IRET, ext);
    s = read_state(cpu, &to);
    probe_switch(cpu, &to, ext);
    leave_task(cpu, &to, how, next);
    cpu->tr = to;
    load_state(cpu, &s, how == TASK_CALL || how == TASK_INTERRUPT);
    log_if(LOG_INT, "task switch to %04x, eip %08x\n", selector, s.eip);
    load_task_ldt(cpu, ext);
    if (cpu->eflags & FLAG_VM)
        load_task_v86(cpu);
    else
        load_task_segments(cpu, ext);
    require_in_code(cpu, cpu->core.pc, cpu->seg[CS].limit, ext);
    trap(cpu);
}

/* --- the interrupt redirection map: 32 bytes below the I/O map --- */

bool task_redirects(struct cpu *cpu, unsigned vector)
{
    const struct segment *tss = &cpu->tr;
    u32 at;

    if (!(cpu->cr4 & CR4_VME))
        return false;
    if (!(tss->attr & TYPE_32) || tss->limit < layout32.limit)
        cpu_raise_code(cpu, EXC_GP, 0);
    at = mem_read_system(cpu, tss->base + TSS_IO_MAP, 2) - 32 + vector / 8;
    if (at > tss->limit)
        cpu_raise_code(cpu, EXC_GP, 0);
    return !(mem_read_system(cpu, tss->base + at, 1) >> vector % 8 & 1);
}
