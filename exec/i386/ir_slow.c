/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slow paths of the IR's code; see translate/ir/slow.h. */
#include "exec/i386/i386.h"
#include "ops/i386/slow.h"
#include "translate/ir/regalloc.h"
#include "translate/ir/slow.h"

#include <string.h>

/*
 * On the stack: the description's address. All registers are saved behind it, by their numbers,
 * and loaded again; the cpu is in R12.
 */
__attribute__((naked)) void ir_gate(void)
{
    __asm__("push %%r15; push %%r14; push %%r13; push %%r12\n\t"
            "push %%r11; push %%r10; push %%r9; push %%r8\n\t"
            "push %%rdi; push %%rsi; push %%rbp; push %%rsp\n\t"
            "push %%rbx; push %%rdx; push %%rcx; push %%rax\n\t"
            "mov %%r12, %%rdi\n\t"
            "mov %%rsp, %%rsi\n\t"
            "mov 128(%%rsp), %%rdx\n\t"
            "mov %%rsp, %%rbx\n\t"
            "and $-16, %%rsp\n\t"
            "call ir_slow_path\n\t"
            "mov %%rbx, %%rsp\n\t"
            "pop %%rax; pop %%rcx; pop %%rdx; pop %%rbx\n\t"
            "lea 8(%%rsp), %%rsp; pop %%rbp; pop %%rsi; pop %%rdi\n\t"
            "pop %%r8; pop %%r9; pop %%r10; pop %%r11\n\t"
            "pop %%r12; pop %%r13; pop %%r14; pop %%r15\n\t"
            "lea 8(%%rsp), %%rsp\n\t"
            "jmp *%c0(%%r12)"
            :
            : "i"(offsetof(struct cpu, core.resume)));
}

/* What a register or a slot holds, or else `value`. */
static u32 held(const struct cpu *cpu, const u64 *regs, u8 place, u32 value)
{
    if (place < SLOW_SLOT)
        return (u32)regs[place];
    return place < SLOW_ITEM ? cpu->rest.spill[place - SLOW_SLOT] : value;
}

static u32 operand(const struct cpu *cpu, const u64 *regs, const u32 *computed, u8 place, u32 value)
{
    if (place >= SLOW_ITEM && place < SLOW_VALUE)
        return computed[place - SLOW_ITEM];
    return held(cpu, regs, place, value);
}

static void put(struct cpu *cpu, u8 to, u32 value)
{
    if (to < SLOW_TO_FIELD)
        cpu->regs[to] = value;
    else if (to != SLOW_TO_NOWHERE)
        memcpy((u8 *)cpu + ir_field_offset[to - SLOW_TO_FIELD], &value,
               ir_field_size((enum ir_field)(to - SLOW_TO_FIELD)));
}

/* The guest's state, as it is when an instruction faults. */
static void restore_state(struct cpu *cpu, const u64 *regs, const struct ir_slow *slow)
{
    u32 computed[SLOW_ITEMS];

    for (unsigned k = 0; k < T0; k++)
        if (slow->in_place & 1u << k)
            cpu->regs[k] = (u32)regs[ra_home[k]];
    for (unsigned n = 0; n < slow->count; n++) {
        const struct ir_slow_item *i = &slow->item[n];
        struct ir_insn insn = {.op = i->op, .cc = i->cc};
        u32 a = operand(cpu, regs, computed, i->operand[0], i->value[0]);
        u32 b = operand(cpu, regs, computed, i->operand[1], i->value[1]);
        computed[n] = i->op == IR_none ? a : ir_evaluate(&insn, a, b, 0);
        put(cpu, i->to, computed[n]);
    }
    if (slow->cc_store == CC_OP_WHOLE)
        cpu->cc_op = slow->cc_op;
    else if (slow->cc_store == CC_OP_INC)
        cpu->cc_op = (cpu->cc_op & ~0xff00u) | (u32)slow->cc_op << 8;
}

static unsigned log2_of(u8 size)
{
    return size == 1 ? 0 : size == 2 ? 1 : 2;
}

static void access_memory(struct cpu *cpu, u64 *regs, const struct ir_slow *slow)
{
    static const enum slow_kind loads[2][2] = {{SLOW_LOAD, SLOW_LOAD_WRITE},
                                               {SLOW_LOAD_SIGNED, SLOW_LOAD_SIGNED_WRITE}};
    bool is_load = slow->kind == SLOW_IS_LOAD;

    cpu->core.slow = slow_access(is_load ? loads[slow->sign][slow->write] : SLOW_STORE,
                                 log2_of(slow->size), T1, SLOW_FLAGS_STORED);
    helper_slow_mem(cpu);
    if (is_load)
        regs[slow->result] = cpu->regs[T1];
}

/* `regs` are the host's, by number. */
__attribute__((used)) static void slow_path(struct cpu *cpu, u64 *regs,
                                            intptr_t distance) __asm__("ir_slow_path");
static void slow_path(struct cpu *cpu, u64 *regs, intptr_t distance)
{
    const struct ir_slow *slow = (const struct ir_slow *)((intptr_t)ir_gate + distance);

    restore_state(cpu, regs, slow);
    cpu->core.pc = slow->eip;
    cpu->core.resume = slow->resume;
    cpu->regs[T0] = held(cpu, regs, slow->address, slow->value[0]);
    cpu->regs[T1] = held(cpu, regs, slow->stored, slow->value[1]);
    if (slow->kind == SLOW_IS_X87)
        helper_x87(cpu, slow->x87, 0);
    else
        access_memory(cpu, regs, slow);
}
