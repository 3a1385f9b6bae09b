/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Slow paths of the IR's code: an access that the TLB does not answer. Registers hold values in no
 * fixed order there, so the block carries a description of where the guest's state is; what only
 * slow paths want to know of it, is computed from that, too.
 *
 * The code pushes the distance of the description from ir_gate and jumps to ir_gate, the host's
 * (exec/host/), which saves all registers, calls ir_slow_path (exec/ir_slow.c) to do the access,
 * and goes on at `resume` with all registers as they were, but for the result's.
 */
#ifndef TRANSLATE_IR_SLOW_H
#define TRANSLATE_IR_SLOW_H

#include "translate/ir/regalloc.h"

/* An operand: a register by its number, or one of these. */
enum {
    SLOW_SLOT = HOST_REGS,                   /* + number: of core_rest's spill */
    SLOW_ITEM = SLOW_SLOT + CPU_SPILL_SLOTS, /* + number: what an item before computed */
    SLOW_ITEMS = 64,                         /* at most */
    SLOW_VALUE = SLOW_ITEM + SLOW_ITEMS,     /* the constant beside it */
};
/* Where an item's value goes: a place of the state (ir.h), or nowhere. */
enum { SLOW_TO_FIELD = IR_LOCATIONS, SLOW_TO_NOWHERE = 0xff };

struct ir_slow_item {
    u8 op; /* enum ir_op; IR_none: the first operand itself */
    u8 cc; /* enum uop_condition */
    u8 to;
    u8 operand[2];
    u32 value[2]; /* of operands that are SLOW_VALUE */
};

enum ir_slow_kind { SLOW_IS_LOAD, SLOW_IS_STORE, SLOW_IS_NATIVE };
struct ir_slow {
    const void *resume;
    u32 pc;
    u32 native; /* what the guest's native() is told */
    u8 kind, size, unrun;
    bool sign, write, user;
    u8 address, stored; /* operands, their constants in value[] */
    u8 result;          /* a register */
    u16 in_place;       /* locations that are in their homes */
    u8 count;
    u32 value[2];
    struct ir_slow_item item[];
};

/*
 * Describes the access that is instruction n, with what registers and slots hold: all but `resume`
 * and `result`. There must be room for SLOW_ITEMS items. Returns the size, or 0 if it takes more
 * items or the state lacks a value.
 */
size_t ir_describe(const struct ir *ir, const struct ra_state *state, u32 n, struct ir_slow *slow);

void ir_gate(void);
/* `regs` are the host's registers, by number, as they were and as they will be. */
void ir_slow_path(struct core *core, u64 *regs, intptr_t distance);

#endif
