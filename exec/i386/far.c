/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JMP, CALL and RET to another segment (SDM vol. 2; vol. 3, 5.8). */
#include "exec/i386/descriptor.h"
#include "exec/i386/helper.h"
#include "exec/i386/stack.h"

static u32 truncated(u32 offset, unsigned size)
{
    return size == 2 ? offset & 0xffff : offset;
}

void require_in_code(struct cpu *cpu, u32 offset, u32 limit, u32 ext)
{
    if (offset > limit)
        cpu_raise_code(cpu, EXC_GP, ext);
}

DEFINE_HELPER(check_target)
{
    require_in_code(cpu, cpu->regs[T0], cpu->seg[CS].limit, 0);
}

/* Where a far transfer goes. */
struct target {
    u16 selector;
    u32 offset;
    struct descriptor d;
};

static struct target target_operand(struct cpu *cpu, unsigned size)
{
    return (struct target){.selector = cpu->regs[T1], .offset = truncated(cpu->regs[T0], size)};
}

/* JMP or CALL straight to a code segment, which leaves CPL as it is. */
static void check_direct(struct cpu *cpu, const struct target *t)
{
    unsigned dpl = descriptor_dpl(t->d);
    bool allowed;

    if (attr_is_conforming(descriptor_attr(t->d)))
        allowed = dpl <= cpu->cpl;
    else
        allowed = dpl == cpu->cpl && (t->selector & SELECTOR_RPL) <= cpu->cpl;
    if (!allowed)
        raise_selector(cpu, EXC_GP, t->selector, 0);
    if (!descriptor_present(t->d))
        raise_selector(cpu, EXC_NP, t->selector, 0);
}

/* A gate or TSS as an operand: both CPL and RPL must reach it. */
static void check_system(struct cpu *cpu, const struct target *t)
{
    unsigned dpl = descriptor_dpl(t->d);

    if (dpl < cpu->cpl || dpl < (t->selector & SELECTOR_RPL))
        raise_selector(cpu, EXC_GP, t->selector, 0);
    if (!descriptor_present(t->d))
        raise_selector(cpu, EXC_NP, t->selector, 0);
}

/* What a call gate leads to; JMP may not go inwards. */
static struct target gate_target(struct cpu *cpu, struct descriptor gate, bool call)
{
    struct target t = {.selector = gate_selector(gate), .offset = gate_offset(gate)};
    unsigned dpl;
    u16 attr;

    if (selector_is_null(t.selector))
        cpu_raise_code(cpu, EXC_GP, 0);
    t.d = descriptor_fetch(cpu, t.selector, EXC_GP, 0);
    attr = descriptor_attr(t.d);
    dpl = attr_dpl(attr);
    if (!attr_is_code(attr) || dpl > cpu->cpl ||
        (!call && !attr_is_conforming(attr) && dpl != cpu->cpl))
        raise_selector(cpu, EXC_GP, t.selector, 0);
    if (!descriptor_present(t.d))
        raise_selector(cpu, EXC_NP, t.selector, 0);
    return t;
}

static void go(struct cpu *cpu, const struct target *t, unsigned cpl)
{
    load_code_segment(cpu, t->selector, t->d, cpl);
    cpu->core.pc = t->offset;
}

static void jump(struct cpu *cpu, const struct target *t)
{
    require_in_code(cpu, t->offset, descriptor_limit(t->d), 0);
    descriptor_mark_accessed(cpu, t->selector, t->d);
    go(cpu, t, cpu->cpl);
}

/* Pushes the return address and goes there, at the same level. */
static void call(struct cpu *cpu, const struct target *t, unsigned size, u32 next)
{
    struct stack s = stack_current(cpu);

    stack_require(cpu, &s, 2, size);
    require_in_code(cpu, t->offset, descriptor_limit(t->d), 0);
    descriptor_mark_accessed(cpu, t->selector, t->d);
    stack_push(cpu, &s, cpu->seg[CS].selector, size);
    stack_push(cpu, &s, next, size);
    cpu->regs[ESP] = s.esp;
    go(cpu, t, cpu->cpl);
}

static void copy_parameters(struct cpu *cpu, struct stack *to, unsigned count, unsigned size)
{
    struct stack from = stack_current(cpu);

    for (unsigned i = count; i-- > 0;)
        stack_push(cpu, to, stack_peek(cpu, &from, i * size, size), size);
}

/* A call gate to an inner level: onto the stack that the TSS names for it. */
static void call_inner(struct cpu *cpu, const struct target *t, struct descriptor gate, u32 next)
{
    unsigned level = descriptor_dpl(t->d), size = descriptor_type(gate) & TYPE_32 ? 4 : 2;
    unsigned parameters = gate.high & 31;
    struct segment ss;
    struct stack s = {.ss = &ss, .system = true};

    s.esp = task_inner_stack(cpu, level, &ss, 0);
    s.mask = stack_mask(&ss);
    s.error = ss.selector & SELECTOR_ERROR;
    stack_require(cpu, &s, parameters + 4, size);
    require_in_code(cpu, t->offset, descriptor_limit(t->d), 0);
    descriptor_mark_accessed(cpu, t->selector, t->d);
    stack_push(cpu, &s, cpu->seg[SS].selector, size);
    stack_push(cpu, &s, cpu->regs[ESP], size);
    copy_parameters(cpu, &s, parameters, size);
    stack_push(cpu, &s, cpu->seg[CS].selector, size);
    stack_push(cpu, &s, next, size);
    cpu->regs[ESP] = s.esp;
    cpu->seg[SS] = ss;
    go(cpu, t, level);
}

static void call_through(struct cpu *cpu, struct descriptor gate, u32 next)
{
    struct target t = gate_target(cpu, gate, true);

    if (!attr_is_conforming(descriptor_attr(t.d)) && descriptor_dpl(t.d) < cpu->cpl)
        call_inner(cpu, &t, gate, next);
    else
        call(cpu, &t, descriptor_type(gate) & TYPE_32 ? 4 : 2, next);
}

static void jump_through(struct cpu *cpu, struct descriptor gate)
{
    struct target t = gate_target(cpu, gate, false);

    jump(cpu, &t);
}

/* JMP or CALL to something other than code. */
static void system_transfer(struct cpu *cpu, const struct target *t, bool is_call, u32 next)
{
    enum task_switch how = is_call ? TASK_CALL : TASK_JMP;

    switch (descriptor_type(t->d)) {
    case TYPE_CALL_GATE16:
    case TYPE_CALL_GATE32:
        check_system(cpu, t);
        if (is_call)
            call_through(cpu, t->d, next);
        else
            jump_through(cpu, t->d);
        break;
    case TYPE_TASK_GATE:
        check_system(cpu, t);
        task_switch(cpu, gate_selector(t->d), how, next, 0);
        break;
    case TYPE_TSS16:
    case TYPE_TSS32:
        check_system(cpu, t);
        task_switch(cpu, t->selector, how, next, 0);
        break;
    default:
        raise_selector(cpu, EXC_GP, t->selector, 0);
    }
}

static void protected_transfer(struct cpu *cpu, unsigned size, bool is_call, u32 next)
{
    struct target t = target_operand(cpu, size);

    if (selector_is_null(t.selector))
        cpu_raise_code(cpu, EXC_GP, 0);
    t.d = descriptor_fetch(cpu, t.selector, EXC_GP, 0);
    if (!attr_is_code(descriptor_attr(t.d))) {
        system_transfer(cpu, &t, is_call, next);
        return;
    }
    check_direct(cpu, &t);
    if (is_call)
        call(cpu, &t, size, next);
    else
        jump(cpu, &t);
}

static void real_transfer(struct cpu *cpu, unsigned size, bool is_call, u32 next)
{
    struct target t = target_operand(cpu, size);
    struct stack s = stack_current(cpu);

    if (is_call)
        stack_require(cpu, &s, 2, size);
    require_in_code(cpu, t.offset, cpu->seg[CS].limit, 0);
    if (is_call) {
        stack_push(cpu, &s, cpu->seg[CS].selector, size);
        stack_push(cpu, &s, next, size);
        cpu->regs[ESP] = s.esp;
    }
    load_code_real(cpu, t.selector);
    cpu->core.pc = t.offset;
}

DEFINE_HELPER(jmp_far)
{
    if (in_protected_mode(cpu))
        protected_transfer(cpu, a, false, b);
    else
        real_transfer(cpu, a, false, b);
    cpu_update_mode(cpu);
}

DEFINE_HELPER(call_far)
{
    if (in_protected_mode(cpu))
        protected_transfer(cpu, a, true, b);
    else
        real_transfer(cpu, a, true, b);
    cpu_update_mode(cpu);
}

/* --- returns --- */

struct descriptor return_code_segment(struct cpu *cpu, u16 selector)
{
    unsigned rpl = selector & SELECTOR_RPL, dpl;
    struct descriptor d;
    u16 attr;

    if (selector_is_null(selector))
        cpu_raise_code(cpu, EXC_GP, 0);
    d = descriptor_fetch(cpu, selector, EXC_GP, 0);
    attr = descriptor_attr(d);
    dpl = attr_dpl(attr);
    if (!attr_is_code(attr) || rpl < cpu->cpl)
        raise_selector(cpu, EXC_GP, selector, 0);
    if (attr_is_conforming(attr) ? dpl > rpl : dpl != rpl)
        raise_selector(cpu, EXC_GP, selector, 0);
    if (!descriptor_present(d))
        raise_selector(cpu, EXC_NP, selector, 0);
    return d;
}

static void return_outer(struct cpu *cpu, u16 selector, struct descriptor d, u32 eip,
                         const struct stack *s, unsigned size, u32 drop)
{
    unsigned level = selector & SELECTOR_RPL;
    struct stack outer = *s;
    u32 pointer[2], mask; /* ESP and SS */
    struct segment ss;

    outer.esp = stack_moved(s, drop);
    stack_pop_frame(cpu, &outer, pointer, 2, size);
    stack_segment_for(cpu, &ss, pointer[1], level, EXC_GP, 0);
    mask = stack_mask(&ss);
    require_in_code(cpu, eip, descriptor_limit(d), 0);
    descriptor_mark_accessed(cpu, selector, d);
    load_code_segment(cpu, selector, d, level);
    cpu->seg[SS] = ss;
    /* A 16-bit stack leaves the inner level's upper half of ESP. */
    cpu->regs[ESP] = (cpu->regs[ESP] & ~mask) | ((pointer[0] + drop) & mask);
    cpu->core.pc = eip;
    segments_drop_inner(cpu);
}

void return_commit(struct cpu *cpu, u16 selector, u32 eip, struct stack *s, unsigned size, u32 drop)
{
    struct descriptor d = return_code_segment(cpu, selector);

    if ((selector & SELECTOR_RPL) > cpu->cpl) {
        return_outer(cpu, selector, d, eip, s, size, drop);
        return;
    }
    require_in_code(cpu, eip, descriptor_limit(d), 0);
    descriptor_mark_accessed(cpu, selector, d);
    load_code_segment(cpu, selector, d, cpu->cpl);
    cpu->regs[ESP] = stack_moved(s, drop);
    cpu->core.pc = eip;
}

static void return_real(struct cpu *cpu, u16 selector, u32 eip, const struct stack *s, u32 drop)
{
    require_in_code(cpu, eip, cpu->seg[CS].limit, 0);
    load_code_real(cpu, selector);
    cpu->regs[ESP] = stack_moved(s, drop);
    cpu->core.pc = eip;
}

DEFINE_HELPER(ret_far)
{
    struct stack s = stack_current(cpu);
    u32 eip = stack_pop(cpu, &s, a);
    u16 selector = stack_pop(cpu, &s, a);

    if (in_protected_mode(cpu))
        return_commit(cpu, selector, eip, &s, a, b);
    else
        return_real(cpu, selector, eip, &s, b);
    cpu_update_mode(cpu);
}
