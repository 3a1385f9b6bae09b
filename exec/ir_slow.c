/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slow paths of the IR's code; see translate/ir/slow.h. */
#include "exec/guest.h"
#include "exec/slow.h"
#include "ops/slow.h"
#include "translate/ir/slow.h"

#include <string.h>

/* What a register or a slot holds, or else `value`. */
static u32 held(const struct core *core, const u64 *regs, u8 place, u32 value)
{
    if (place < SLOW_SLOT)
        return (u32)regs[place];
    return place < SLOW_ITEM ? core->rest->spill[place - SLOW_SLOT] : value;
}

static u32 operand(const struct core *core, const u64 *regs, const u32 *computed, u8 place,
                   u32 value)
{
    if (place >= SLOW_ITEM && place < SLOW_VALUE)
        return computed[place - SLOW_ITEM];
    return held(core, regs, place, value);
}

static u32 *location(struct core *core, unsigned n)
{
    const u8 *slots = exec_guest(core->rest->exec)->uops->slots;

    return &core_regs(core)[slots ? slots[n] : n];
}

static void put(struct core *core, const struct ir_guest *guest, u8 to, u32 value)
{
    const struct ir_field *field = &guest->fields[to - SLOW_TO_FIELD];

    if (to < SLOW_TO_FIELD)
        *location(core, to) = value;
    else if (to != SLOW_TO_NOWHERE)
        memcpy((u8 *)core + field->offset, &value, field->size);
}

/* The guest's state, as it is when an instruction faults. */
static void restore_state(struct core *core, const struct ir_guest *guest, const u64 *regs,
                          const struct ir_slow *slow)
{
    u32 computed[SLOW_ITEMS];

    for (unsigned k = 0; k < IR_LOCATIONS; k++)
        if (slow->in_place & 1u << k)
            *location(core, k) = (u32)regs[guest->home[k]];
    for (unsigned n = 0; n < slow->count; n++) {
        const struct ir_slow_item *i = &slow->item[n];
        struct ir_insn insn = {.op = i->op, .cc = i->cc};
        u32 a = operand(core, regs, computed, i->operand[0], i->value[0]);
        u32 b = operand(core, regs, computed, i->operand[1], i->value[1]);
        computed[n] = i->op == IR_none ? a : ir_evaluate(&insn, a, b, 0);
        put(core, guest, i->to, computed[n]);
    }
}

static unsigned log2_of(u8 size)
{
    return size == 1 ? 0 : size == 2 ? 1 : 2;
}

/* By way of a location that is nothing between instructions, as templates do it. */
static void access_memory(struct core *core, const struct uop_table *t, u64 *regs,
                          const struct ir_slow *slow)
{
    static const enum slow_kind loads[2][2] = {{SLOW_LOAD, SLOW_LOAD_WRITE},
                                               {SLOW_LOAD_SIGNED, SLOW_LOAD_SIGNED_WRITE}};
    unsigned by = (unsigned)__builtin_ctz(t->temporaries & ~(1u << t->t0));
    u32 *value = &core_regs(core)[by];
    bool is_load = slow->kind == SLOW_IS_LOAD;

    *value = held(core, regs, slow->stored, slow->value[1]);
    core->slow = slow_access(is_load ? loads[slow->sign][slow->write] : SLOW_STORE,
                             log2_of(slow->size), by, SLOW_FLAGS_STORED);
    exec_slow_access(core, core_regs(core)[t->t0], slow->user);
    if (is_load)
        regs[slow->result] = *value;
}

void ir_slow_path(struct core *core, u64 *regs, intptr_t distance)
{
    const struct ir_slow *slow = (const struct ir_slow *)((intptr_t)ir_gate + distance);
    const struct uop_table *t = exec_guest(core->rest->exec)->uops;

    restore_state(core, t->ir, regs, slow);
    core->pc = slow->pc;
    core->rest->unrun = slow->unrun;
    core->resume = slow->resume;
    core_regs(core)[t->t0] = held(core, regs, slow->address, slow->value[0]);
    if (slow->kind == SLOW_IS_NATIVE)
        t->ir->native(core, slow->native);
    else
        access_memory(core, t, regs, slow);
}
