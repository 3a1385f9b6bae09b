/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of lowering share: the guest's state as values while micro-ops are gone through.
 */
#ifndef TRANSLATE_IR_LOWER_H
#define TRANSLATE_IR_LOWER_H

#include "ops/i386/table.h"
#include "translate/ir/ir.h"

struct lowering {
    struct ir *ir;
    const struct stream *s;
    ir_ref location[LOCATIONS];
    /*
     * Fields of cpu: their value now (IR_NONE: what is in memory), and whether micro-ops since
     * the last mark of flags have written it. A mark makes those the flags that a look would see.
     */
    ir_ref field[IR_FIELDS];
    bool written[IR_FIELDS];
    ir_ref seen[IR_SEEN_FIELDS]; /* to be stored where somebody may look */
    u8 cc_store;                 /* enum ir_cc_store: what is to be stored of cc_op, */
    u16 cc_op;
    bool cc_known; /* the lower byte of cc_op is known here */
};

ir_ref lower_const(struct lowering *l, u32 value);
ir_ref lower_op(struct lowering *l, enum ir_op op, ir_ref a, ir_ref b);
ir_ref lower_op_const(struct lowering *l, enum ir_op op, ir_ref a, u32 b);
ir_ref lower_read(struct lowering *l, u8 location);
void lower_write(struct lowering *l, u8 location, ir_ref value);

/* --- fields and flags (lower_flags.c) --- */

/* cpu's field at an offset becomes `value`, in the hot code. */
void lower_set(struct lowering *l, u32 offset, ir_ref value, u8 size);
ir_ref lower_read_field(struct lowering *l, enum ir_field f);
void lower_write_field(struct lowering *l, enum ir_field f, ir_ref value);
/* A mark of flags. */
void lower_mark(struct lowering *l, const struct uop *u);
/* Stores all that is not in memory yet, and forgets what was known of it. */
void lower_flush_fields(struct lowering *l);
void lower_forget_fields(struct lowering *l);
/* Notes (lower_notes.c): see stream_put_off_notes. False if this is none. */
bool lower_note(struct lowering *l, const struct uop *u);
/* Micro-ops that set, read or test flags. False if this is none of them. */
bool lower_flags(struct lowering *l, const struct uop *u);
/* Flags become EFLAGS (lower_eflags.c). False if it is not known here what they follow from. */
bool lower_all_flags(struct lowering *l);
/* Leaves for the micro-op's target if the condition on a and b holds. */
void lower_branch(struct lowering *l, const struct uop *u, enum ir_op op, enum ir_condition cc,
                  ir_ref a, ir_ref b);
/* cc of a and b, as 0 or 1. */
ir_ref lower_compare(struct lowering *l, enum ir_op op, enum ir_condition cc, ir_ref a, ir_ref b);

/* The state here, for the instruction just appended. */
void lower_snapshot(struct lowering *l, struct ir_insn *i, bool flags, bool temporaries);

#endif
