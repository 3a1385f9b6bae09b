/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lowering: the guest's state as values while micro-ops are gone through. lower.c has the
 * vocabulary and the micro-ops of all guests; a guest's folder has its own (struct ir_guest).
 */
#ifndef TRANSLATE_IR_LOWER_H
#define TRANSLATE_IR_LOWER_H

#include "translate/ir/ir.h"

struct lowering {
    struct ir *ir;
    const struct stream *s;
    struct ir_snapshot now; /* what is in locations; and fields, where somebody may look */
    /*
     * Fields of cpu: their value here (IR_NONE: what is in memory), and whether micro-ops since the
     * last mark of flags have written it. A mark makes those the flags that a look would see.
     */
    ir_ref field[IR_FIELDS];
    bool written[IR_FIELDS];
    u16 kind;        /* how flags follow from their operands: flags_kind(), */
    bool kind_known; /* of which FLAGS_ALL's is known here */
};

/* --- values (lower.c) --- */

ir_ref lower_const(struct lowering *l, u32 value);
ir_ref lower_op(struct lowering *l, enum ir_op op, ir_ref a, ir_ref b);
ir_ref lower_op_const(struct lowering *l, enum ir_op op, ir_ref a, u32 b);
/* a + (b << scale) + disp; b may be IR_NONE. */
ir_ref lower_lea(struct lowering *l, ir_ref a, ir_ref b, u8 scale, u32 disp);
/* cc of a and b, as 0 or 1. */
ir_ref lower_compare(struct lowering *l, enum ir_op op, enum uop_condition cc, ir_ref a, ir_ref b);
ir_ref lower_read(struct lowering *l, u8 location);
void lower_write(struct lowering *l, u8 location, ir_ref value);

/* Micro-ops that are one instruction: which, and where its operands come from. Its result is d. */
enum lower_operands {
    OPERANDS_OTHER, /* it is none of those */
    OPERANDS_D,
    OPERANDS_B,
    OPERANDS_D_B,
    OPERANDS_D_IMM, /* imm[0] */
};
struct lower_form {
    u8 operands, op; /* enum lower_operands, ir_op */
};
/* False if it is none. */
bool lower_by_form(struct lowering *l, const struct uop *u, struct lower_form form);

/* --- memory (lower.c) --- */

/* An access of `size` bytes at `base` + disp, which is left in T0. */
struct ir_insn *lower_address(struct lowering *l, enum ir_op op, ir_ref base, u32 disp, u8 size);
/* Loads and stores of locations and immediates, as their rows say. False if this is none. */
bool lower_access(struct lowering *l, const struct uop *u);

/* --- ways out (lower.c) --- */

/* Field f has to be stored, or (IR_NONE) not, where somebody may look. */
static inline void lower_see(struct lowering *l, unsigned f, ir_ref v)
{
    ir_see(&l->now, IR_LOCATIONS + f, v);
}
/* The state here, for the instruction just appended; of temporaries only those of a set. */
void lower_snapshot(struct lowering *l, struct ir_insn *i, bool flags, u32 temporaries);
/* Leaves for the micro-op's target if the condition on a and b holds. */
void lower_branch(struct lowering *l, const struct uop *u, enum ir_op op, enum uop_condition cc,
                  ir_ref a, ir_ref b);

/* --- cpu's fields: by number, those of struct ir_guest (lower_fields.c) --- */

/* `size` bytes at an offset: what they are, and that they become `value`, in the hot code. */
ir_ref lower_get(struct lowering *l, u32 offset, u8 size);
void lower_set(struct lowering *l, u32 offset, ir_ref value, u8 size);
ir_ref lower_read_field(struct lowering *l, unsigned f);
void lower_write_field(struct lowering *l, unsigned f, ir_ref value);
/* Stores all that is not in memory yet, and forgets what was known of it. */
void lower_flush_fields(struct lowering *l);
void lower_forget_fields(struct lowering *l);

#endif
