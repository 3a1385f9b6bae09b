/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of cpu as values; see lower.h. */
#include "translate/ir/lower.h"

static const struct ir_field *field_of(const struct lowering *l, unsigned f)
{
    return &l->ir->guest->fields[f];
}

ir_ref lower_get(struct lowering *l, u32 offset, u8 size)
{
    struct ir_insn *i = ir_append(l->ir, IR_field, IR_NONE, IR_NONE, IR_NONE);

    i->imm = offset;
    i->size = size;
    return (ir_ref)l->ir->count;
}

void lower_set(struct lowering *l, u32 offset, ir_ref value, u8 size)
{
    struct ir_insn *i = ir_append(l->ir, IR_set, value, IR_NONE, IR_NONE);

    i->imm = offset;
    i->size = size;
}

ir_ref lower_read_field(struct lowering *l, unsigned f)
{
    if (!l->field[f])
        l->field[f] = lower_get(l, field_of(l, f)->offset, field_of(l, f)->size);
    return l->field[f];
}

void lower_write_field(struct lowering *l, unsigned f, ir_ref value)
{
    l->field[f] = value;
    l->written[f] = true;
}

void lower_flush_fields(struct lowering *l)
{
    for (unsigned f = 0; f < l->ir->guest->field_count; f++) {
        ir_ref value = l->written[f] ? l->field[f] : ir_seen(&l->now, IR_LOCATIONS + f);
        if (value)
            lower_set(l, field_of(l, f)->offset, value, field_of(l, f)->size);
        l->written[f] = false;
        lower_see(l, f, IR_NONE);
    }
    lower_forget_fields(l);
}

void lower_forget_fields(struct lowering *l)
{
    for (unsigned f = 0; f < IR_FIELDS; f++)
        if (!l->written[f])
            l->field[f] = ir_seen(&l->now, IR_LOCATIONS + f);
}
