/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slow paths of the IR's code; see translate/ir/slow.h. */
#include "exec/i386/i386.h"
#include "ops/i386/slow.h"
#include "translate/ir/regalloc.h"
#include "translate/ir/slow.h"

#include <string.h>

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
            cpu->regs[k] = (u32)regs[host_home[k]];
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

void ir_slow_path(struct core *core, u64 *regs, intptr_t distance)
{
    struct cpu *cpu = (struct cpu *)core;
    const struct ir_slow *slow = (const struct ir_slow *)((intptr_t)ir_gate + distance);

    restore_state(cpu, regs, slow);
    cpu->core.pc = slow->pc;
    cpu->rest.unrun = slow->unrun;
    cpu->core.resume = slow->resume;
    cpu->regs[T0] = held(cpu, regs, slow->address, slow->value[0]);
    cpu->regs[T1] = held(cpu, regs, slow->stored, slow->value[1]);
    if (slow->kind == SLOW_IS_X87)
        helper_x87(cpu, slow->x87, 0);
    else
        access_memory(cpu, regs, slow);
}
