/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the i386's lowering share. */
#ifndef TRANSLATE_I386_LOWER_H
#define TRANSLATE_I386_LOWER_H

#include "ops/i386/table.h"
#include "translate/ir/lower.h"

/*
 * Fields of cpu that are kept as values: where flags follow from, notes, temporaries; and how they
 * follow, which is always a constant.
 */
enum i386_field {
    FIELD_CC_SRC,
    FIELD_CC_DST,
    FIELD_INC_DST,
    FLAG_FIELDS,
    FIELD_X87_CODE = FLAG_FIELDS,
    FIELD_X87_OPCODE,
    FIELD_X87_OPCODE_ALONE, /* without the register beside it */
    FIELD_X87_DATA,
    FIELD_CARRY,
    FIELD_KEPT,
    FIELD_CC_OP,
    FIELD_CC_OP_INC, /* its second byte alone */
    FIELDS
};
_Static_assert((int)FIELDS <= (int)IR_FIELDS, "a snapshot has room for them");

/* A mark of flags (lower_flags.c). */
void i386_lower_mark(struct lowering *l, const struct uop *u);
/* Micro-ops that set, read or test flags. False if it is none of them. */
bool i386_lower_flags(struct lowering *l, const struct uop *u);
/*
 * All flags follow from their operands like this (flags_kind()), which somebody may see
 * (lower_eflags.c).
 */
void i386_lower_kind(struct lowering *l, u32 kind);
/* Flags become EFLAGS (lower_eflags.c). False if it is not known here what they follow from. */
bool i386_lower_eflags(struct lowering *l);
/* Notes (lower_notes.c): see stream_put_off_notes. False if this is none. */
bool i386_lower_note(struct lowering *l, const struct uop *u);

#endif
