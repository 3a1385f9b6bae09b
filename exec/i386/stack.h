/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stack that is pushed to or popped from before ESP is committed:
 *
 *   struct stack s = stack_current(cpu);
 *   stack_push(cpu, &s, value, 4);     may fault, and then nothing has changed
 *   cpu->regs[ESP] = s.esp;
 */
#ifndef EXEC_I386_STACK_H
#define EXEC_I386_STACK_H

#include "exec/i386/i386.h"

struct stack {
    const struct segment *ss;
    u32 esp;
    u32 mask;    /* the part of ESP that counts, by SS.B */
    u32 error;   /* error code of its #SS */
    bool system; /* an inner level's: accessed as the supervisor */
};

static inline u32 stack_mask(const struct segment *ss)
{
    return ss->attr & SEG_D ? 0xffffffff : 0xffff;
}

static inline struct stack stack_current(const struct cpu *cpu)
{
    return (struct stack){
        .ss = &cpu->seg[SS], .esp = cpu->regs[ESP], .mask = stack_mask(&cpu->seg[SS])};
}

/* ESP moved by some bytes, leaving the part that does not count. */
static inline u32 stack_moved(const struct stack *s, u32 by)
{
    return (s->esp & ~s->mask) | ((s->esp + by) & s->mask);
}

/* Raises the #SS that `count` pushes of `size` bytes would. */
void stack_require(struct cpu *cpu, const struct stack *s, unsigned count, unsigned size);
void stack_push(struct cpu *cpu, struct stack *s, u32 value, unsigned size);
/* A frame, values[0] pushed first. */
void stack_push_frame(struct cpu *cpu, struct stack *s, const u32 *values, unsigned count,
                      unsigned size);
/* A frame, values[0] popped first. */
void stack_pop_frame(struct cpu *cpu, struct stack *s, u32 *values, unsigned count, unsigned size);
u32 stack_pop(struct cpu *cpu, struct stack *s, unsigned size);
/* What lies `offset` bytes above the top. */
u32 stack_peek(struct cpu *cpu, const struct stack *s, u32 offset, unsigned size);

#endif
