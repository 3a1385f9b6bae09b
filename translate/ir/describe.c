/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptions of slow paths: see slow.h. */
#include "translate/ir/slow.h"

/* A description under way. */
struct description {
    const struct ir *ir;
    struct ir_slow *slow;
    bool failed;
    u8 *at;         /* by value: where it is, as an operand, plus 1; 0: nowhere */
    ir_ref *placed; /* those that are anywhere */
    unsigned places;
};

static void place(struct description *d, ir_ref v, unsigned at)
{
    if (!d->at[v])
        d->placed[d->places++] = v;
    d->at[v] = (u8)(at + 1);
}

static void place_state(struct description *d, const struct ra_state *state)
{
    for (u32 left = state->slots; left; left &= left - 1) {
        unsigned k = (unsigned)__builtin_ctz(left);
        place(d, state->slot[k], SLOW_SLOT + k);
    }
    for (unsigned r = HOST_REGS; r-- > 0;)
        if (state->in[r])
            place(d, state->in[r], r);
}

static u8 describe(struct description *d, ir_ref v, u32 *constant);

static void add_item(struct description *d, const struct ir_slow_item *item)
{
    u8 n = d->slow->count;

    if (n + 1 >= SLOW_ITEMS)
        d->failed = true;
    else
        d->slow->count++;
    d->slow->item[n] = *item;
}

/* A value that is computed: the number of its item. */
static u8 describe_computation(struct description *d, ir_ref v)
{
    const struct ir_insn *i = &d->ir->insn[v];
    struct ir_slow_item item = {.op = i->op, .cc = i->cc, .to = SLOW_TO_NOWHERE};

    for (unsigned n = 0; n < 2; n++)
        item.operand[n] = describe(d, i->operand[n], &item.value[n]);
    add_item(d, &item);
    if (d->failed)
        return SLOW_VALUE;
    place(d, v, SLOW_ITEM + d->slow->count - 1u);
    return (u8)(d->at[v] - 1);
}

static u8 describe(struct description *d, ir_ref v, u32 *constant)
{
    *constant = 0;
    if (!v)
        return SLOW_VALUE;
    if (ir_is_const(v)) {
        *constant = ir_value(d->ir, v);
        return SLOW_VALUE;
    }
    if (d->at[v])
        return (u8)(d->at[v] - 1);
    if (d->ir->insn[v].sunk)
        return describe_computation(d, v);
    d->failed = true;
    return SLOW_VALUE;
}

static void describe_to(struct description *d, ir_ref v, u8 to)
{
    struct ir_slow_item item = {.op = IR_none, .to = to};

    item.operand[0] = describe(d, v, &item.value[0]);
    add_item(d, &item);
}

static void describe_state(struct description *d, const struct ra_state *state,
                           const struct ir_snapshot *s)
{
    for (u64 left = s->has; left; left &= left - 1) {
        unsigned to = ir_first_place(left);
        ir_ref v = s->value[to];
        if (to < IR_LOCATIONS && !ir_is_const(v) && state->in[d->ir->guest->home[to]] == v)
            d->slow->in_place |= (u16)(1u << to);
        else
            describe_to(d, v, (u8)to);
    }
}

static enum ir_slow_kind kind_of(const struct ir_insn *i)
{
    return i->op == IR_load ? SLOW_IS_LOAD : i->op == IR_store ? SLOW_IS_STORE : SLOW_IS_NATIVE;
}

size_t ir_describe(const struct ir *ir, const struct ra_state *state, u32 n, struct ir_slow *slow)
{
    const struct ir_insn *i = &ir->insn[n];
    static u8 at[IR_INSNS]; /* zeros in between */
    ir_ref placed[HOST_REGS + SLOTS + SLOW_ITEMS];
    struct description d = {.ir = ir, .slow = slow, .at = at, .placed = placed};

    place_state(&d, state);
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
    describe_state(&d, state, &ir->snapshot[i->snapshot - 1]);
    while (d.places)
        at[placed[--d.places]] = 0;
    return d.failed ? 0 : sizeof *slow + slow->count * sizeof *slow->item;
}
