/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lowering of notes (translate/notes.c): those that are put off are values in snapshots, which cold
 * code stores; the others are stored where they are.
 */
#include "translate/i386/lower.h"

static void note(struct lowering *l, const struct uop *u, enum i386_field f, ir_ref value)
{
    lower_see(l, f, u->late ? value : IR_NONE);
    if (!u->late)
        lower_set(l, i386_ir.fields[f].offset, value, i386_ir.fields[f].size);
}

/* d + b * factor + disp, of what cold code can compute. */
static ir_ref operand_address(struct lowering *l, const struct uop *u)
{
    ir_ref d = lower_read(l, u->d), b = lower_read(l, u->b), v = d;
    u32 factor = u->imm[1];

    if (factor & (factor - 1)) /* d is b, and the factor one less than a power of two */
        v = lower_op_const(l, IR_shl, d, (u32)__builtin_ctz(factor + 1));
    else if (factor)
        v = lower_op(l, IR_add, d, lower_op_const(l, IR_shl, b, (u32)__builtin_ctz(factor)));
    return lower_op_const(l, IR_add, v, u->imm[0]);
}

bool i386_lower_note(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_x87_at:
    case UOP_x87_at_registers:
        lower_see(l, FIELD_X87_OPCODE, IR_NONE);
        lower_see(l, FIELD_X87_OPCODE_ALONE, IR_NONE);
        note(l, u, FIELD_X87_CODE, lower_const(l, u->imm[0]));
        note(l, u, u->op == UOP_x87_at ? FIELD_X87_OPCODE : FIELD_X87_OPCODE_ALONE,
             lower_const(l, u->imm[1]));
        return true;
    case UOP_x87_operand:
        note(l, u, FIELD_X87_DATA, lower_read(l, T0));
        return true;
    case UOP_x87_operand_at:
        note(l, u, FIELD_X87_DATA, lower_const(l, u->imm[0]));
        return true;
    case UOP_x87_operand_db:
        note(l, u, FIELD_X87_DATA, operand_address(l, u));
        return true;
    default:
        return false;
    }
}
