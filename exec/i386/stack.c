/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stacks: pushes and pops outside generated code, and the instructions that make many. */
#include "exec/i386/stack.h"
#include "exec/i386/helper.h"

static bool outside(u32 lo, u32 hi, u32 offset, unsigned size)
{
    return lo > hi || offset < lo || (u64)offset + size - 1 > hi;
}

static void check_write(struct cpu *cpu, const struct stack *s, u32 offset, unsigned size)
{
    if (outside(s->ss->write_lo, s->ss->write_hi, offset, size))
        cpu_raise_code(cpu, EXC_SS, s->error);
}

void stack_require(struct cpu *cpu, const struct stack *s, unsigned count, unsigned size)
{
    for (unsigned i = 1; i <= count; i++)
        check_write(cpu, s, (s->esp - i * size) & s->mask, size);
}

void stack_push(struct cpu *cpu, struct stack *s, u32 value, unsigned size)
{
    u32 esp = stack_moved(s, -size), offset = esp & s->mask;

    check_write(cpu, s, offset, size);
    if (s->system)
        mem_write_system(cpu, s->ss->base + offset, value, size);
    else
        mem_write(cpu, s->ss->base + offset, value, size);
    s->esp = esp;
}

u32 stack_peek(struct cpu *cpu, const struct stack *s, u32 offset, unsigned size)
{
    u32 at = (s->esp + offset) & s->mask;

    if (outside(s->ss->read_lo, s->ss->read_hi, at, size))
        cpu_raise_code(cpu, EXC_SS, s->error);
    return mem_read(cpu, s->ss->base + at, size);
}

u32 stack_pop(struct cpu *cpu, struct stack *s, unsigned size)
{
    u32 value = stack_peek(cpu, s, 0, size);

    s->esp = stack_moved(s, size);
    return value;
}

DEFINE_HELPER(pusha)
{
    struct stack s = stack_current(cpu);

    for (unsigned i = EAX; i <= EDI; i++)
        stack_push(cpu, &s, cpu->regs[i], a);
    cpu->regs[ESP] = s.esp;
}

DEFINE_HELPER(popa)
{
    struct stack s = stack_current(cpu);
    u32 value[EDI + 1];

    for (unsigned i = EDI + 1; i-- > EAX;)
        value[i] = stack_pop(cpu, &s, a);
    for (unsigned i = EAX; i <= EDI; i++)
        cpu->regs[i] = a == 2 ? (cpu->regs[i] & 0xffff0000) | value[i] : value[i];
    cpu->regs[ESP] = s.esp;
}

/* Copies the frame pointers of the enclosing levels; `frame` is this one's. */
static void push_display(struct cpu *cpu, struct stack *s, unsigned level, u32 frame, unsigned size)
{
    struct stack display = {.ss = s->ss, .esp = cpu->regs[EBP], .mask = s->mask};

    for (unsigned i = 1; i < level; i++)
        stack_push(cpu, s, stack_peek(cpu, &display, -i * size, size), size);
    stack_push(cpu, s, frame, size);
}

DEFINE_HELPER(enter)
{
    struct stack s = stack_current(cpu);
    unsigned level = b >> 16 & 31;
    u32 frame, end;

    stack_push(cpu, &s, cpu->regs[EBP], a);
    frame = s.esp;
    if (level)
        push_display(cpu, &s, level, frame, a);
    s.esp = stack_moved(&s, -(b & 0xffff));
    /* It faults if a push at the new top would (SDM vol. 2, ENTER). */
    end = s.esp & s.mask;
    check_write(cpu, &s, end, a);
    mem_probe(cpu, s.ss->base + end, 1, ACCESS_WRITE, cpu->cpl == 3);
    cpu->regs[EBP] = a == 2 ? (cpu->regs[EBP] & 0xffff0000) | (frame & 0xffff) : frame;
    cpu->regs[ESP] = s.esp;
}
