/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stacks: pushes and pops outside generated code, and the instructions that make many. */
#include <string.h>

#include "exec/i386/helper.h"
#include "exec/i386/mmu.h"
#include "exec/i386/stack.h"

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
    u32 bytes = count * size;

    /* Element by element only near the ends: a 16-bit stack may wrap within the frame. */
    if ((s->esp & s->mask) >= bytes &&
        !outside(s->ss->write_lo, s->ss->write_hi, (s->esp & s->mask) - bytes, bytes))
        return;
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

/* --- frames: what kernels are entered and left with, in one go where it lies in one page --- */

enum { WORD = 4 };

/* Host memory behind [offset, offset + bytes) of a stack, NULL if it is not that simple. */
static u8 *window(struct cpu *cpu, const struct stack *s, u32 offset, unsigned bytes, bool write)
{
    const struct segment *ss = s->ss;
    u32 lo = write ? ss->write_lo : ss->read_lo, hi = write ? ss->write_hi : ss->read_hi;
    u32 linear = ss->base + offset;
    const struct tlb_entry *e = tlb_entry(&cpu->core, !s->system && cpu->cpl == 3, linear);
    u32 tag = write ? e->write : e->read;

    if (outside(lo, hi < s->mask ? hi : s->mask, offset, bytes) ||
        tag != (linear & ~(u32)PAGE_MASK) || (linear & PAGE_MASK) + bytes > PAGE_SIZE)
        return NULL;
    return tlb_host(e, linear);
}

void stack_push_frame(struct cpu *cpu, struct stack *s, const u32 *values, unsigned count,
                      unsigned size)
{
    u32 esp = stack_moved(s, -count * WORD);
    u8 *host = size == WORD ? window(cpu, s, esp & s->mask, count * WORD, true) : NULL;

    if (!host) {
        for (unsigned i = 0; i < count; i++)
            stack_push(cpu, s, values[i], size);
        return;
    }
    for (unsigned i = count; i-- > 0; host += WORD)
        memcpy(host, &values[i], WORD);
    s->esp = esp;
}

void stack_pop_frame(struct cpu *cpu, struct stack *s, u32 *values, unsigned count, unsigned size)
{
    const u8 *host = size == WORD ? window(cpu, s, s->esp & s->mask, count * WORD, false) : NULL;

    if (!host) {
        for (unsigned i = 0; i < count; i++)
            values[i] = stack_pop(cpu, s, size);
        return;
    }
    for (unsigned i = 0; i < count; i++, host += WORD)
        memcpy(&values[i], host, WORD);
    s->esp = stack_moved(s, count * WORD);
}

DEFINE_HELPER(pusha)
{
    struct stack s = stack_current(cpu);

    stack_push_frame(cpu, &s, cpu->regs, EDI + 1, a);
    cpu->regs[ESP] = s.esp;
}

DEFINE_HELPER(popa)
{
    struct stack s = stack_current(cpu);
    u32 value[EDI + 1];

    stack_pop_frame(cpu, &s, value, EDI + 1, a);
    for (unsigned i = EAX; i <= EDI; i++)
        cpu->regs[i] = a == 2 ? (cpu->regs[i] & 0xffff0000) | value[EDI - i] : value[EDI - i];
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
