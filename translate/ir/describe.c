/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptions of slow paths: see slow.h. */
#include "translate/ir/slow.h"

/* A description under way. */
struct description {
    const struct ir *ir;
    const struct ra_state *state;
    struct ir_slow *slow;
    bool failed;
    ir_ref computed[SLOW_ITEMS]; /* by item */
};

static u8 describe(struct description *d, ir_ref v, u32 *constant);

static struct ir_slow_item *add_item(struct description *d, ir_ref v)
{
    u8 n = d->slow->count;

    if (n + 1 >= SLOW_ITEMS)
        d->failed = true;
    else
        d->slow->count++;
    d->computed[n] = v;
    d->slow->item[n] = (struct ir_slow_item){.op = IR_none, .to = SLOW_TO_NOWHERE};
    return &d->slow->item[n];
}

/* A value that is computed: the number of its item. */
static u8 describe_computation(struct description *d, ir_ref v)
{
    const struct ir_insn *i = &d->ir->insn[v];
    struct ir_slow_item item = {.op = i->op, .cc = i->cc, .to = SLOW_TO_NOWHERE};

    for (unsigned n = 0; n < 2; n++)
        item.operand[n] = describe(d, i->operand[n], &item.value[n]);
    *add_item(d, v) = item;
    return (u8)(SLOW_ITEM + d->slow->count - 1);
}

static u8 describe(struct description *d, ir_ref v, u32 *constant)
{
    u8 place;

    *constant = 0;
    if (!v)
        return SLOW_VALUE;
    if (ir_is_const(v)) {
        *constant = ir_value(d->ir, v);
        return SLOW_VALUE;
    }
    if ((place = ra_reg_of(d->state, v)) != NO_REG)
        return place;
    if ((place = ra_slot_of(d->state, v)) != NO_SLOT)
        return (u8)(SLOW_SLOT + place);
    for (u8 n = 0; n < d->slow->count; n++)
        if (d->computed[n] == v)
            return (u8)(SLOW_ITEM + n);
    if (d->ir->insn[v].sunk)
        return describe_computation(d, v);
    d->failed = true;
    return SLOW_VALUE;
}

static void describe_to(struct description *d, ir_ref v, u8 to)
{
    struct ir_slow_item item = {.op = IR_none, .to = to};

    item.operand[0] = describe(d, v, &item.value[0]);
    *add_item(d, IR_NONE) = item;
}

static void describe_state(struct description *d, const struct ir_snapshot *s)
{
    for (unsigned k = 0; k < d->ir->stream->table->locations; k++) {
        ir_ref v = s->location[k];
        if (ir_is_temporary(d->ir, k))
            continue;
        if (!ir_is_const(v) && d->state->in[d->ir->guest->home[k]] == v)
            d->slow->in_place |= (u16)(1u << k);
        else
            describe_to(d, v, (u8)(SLOW_TO_LOCATION + k));
    }
    for (unsigned f = ir_next_field(s, 0); f < IR_FIELDS; f = ir_next_field(s, f + 1))
        describe_to(d, s->field[f], (u8)(SLOW_TO_FIELD + f));
}

static enum ir_slow_kind kind_of(const struct ir_insn *i)
{
    return i->op == IR_load ? SLOW_IS_LOAD : i->op == IR_store ? SLOW_IS_STORE : SLOW_IS_NATIVE;
}

size_t ir_describe(const struct ir *ir, const struct ra_state *state, u32 n, struct ir_slow *slow)
{
    const struct ir_insn *i = &ir->insn[n];
    struct description d = {.ir = ir, .state = state, .slow = slow};

    *slow = (struct ir_slow){
        .pc = i->pc,
        .kind = (u8)kind_of(i),
        .size = i->size,
        .unrun = i->unrun,
        .sign = i->sign,
        .write = i->write,
        .user = ir->stream->mode & MODE_USER,
    };
    slow->address = describe(&d, i->operand[0], &slow->value[0]);
    slow->stored = describe(&d, i->operand[3], &slow->value[1]);
    if (slow->kind == SLOW_IS_NATIVE)
        slow->native = slow->value[1];
    describe_state(&d, &ir->snapshot[i->snapshot - 1]);
    return d.failed ? 0 : sizeof *slow + slow->count * sizeof *slow->item;
}
