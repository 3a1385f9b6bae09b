/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flags as bits of EFLAGS, computed from what they follow from: as exec/i386/cc.c does it, when it
 * is known here which operation left them. Mostly only a fault would see them, and then cold code
 * computes them.
 */
#include "translate/i386/lower.h"

#include <string.h>

/* What flags are computed from; `up` shifts the operands' sign bits to bit 31. */
struct operands {
    struct lowering *l;
    ir_ref src, dst;
    u32 width, up;
};

static ir_ref shifted_up(const struct operands *o, ir_ref v)
{
    return lower_op_const(o->l, IR_shl, v, o->up);
}

/* 0 or 1, as a flag. */
static ir_ref flag(struct lowering *l, ir_ref v, u32 mask)
{
    return lower_op_const(l, IR_shl, v, (u32)__builtin_ctz(mask));
}

/* Bit `number` of v, as a flag. */
static ir_ref bit_flag(struct lowering *l, ir_ref v, u32 number, u32 mask)
{
    return flag(l, lower_op_const(l, IR_and, lower_op_const(l, IR_shr, v, number), 1), mask);
}

static ir_ref either(struct lowering *l, ir_ref a, ir_ref b)
{
    return lower_op(l, IR_or, a, b);
}

static ir_ref test_flag(struct lowering *l, enum uop_condition cc, ir_ref v, u32 mask)
{
    return flag(l, lower_compare(l, IR_test, cc, v, v), mask);
}

/* ZF, SF and PF. */
static ir_ref result_flags(const struct operands *o)
{
    struct lowering *l = o->l;
    ir_ref up = shifted_up(o, o->dst);
    ir_ref zero_sign =
        either(l, test_flag(l, IF_equal, up, FLAG_ZF), test_flag(l, IF_negative, up, FLAG_SF));

    return either(l, zero_sign, test_flag(l, IF_even, o->dst, FLAG_PF));
}

/* CF, OF and AF of dst = a + src, or a - src; AF is what bit 4 got from below. */
static ir_ref sum_flags(const struct operands *o, bool subtract)
{
    struct lowering *l = o->l;
    ir_ref a = lower_op(l, subtract ? IR_add : IR_sub, o->dst, o->src);
    ir_ref differ = lower_op(l, IR_xor, a, o->dst);
    ir_ref low = subtract ? a : o->dst;
    ir_ref carry = lower_compare(l, IR_cmp, IF_below, shifted_up(o, low), shifted_up(o, o->src));
    ir_ref half = lower_op_const(l, IR_and, lower_op(l, IR_xor, differ, o->src), FLAG_AF);
    /* The result's sign differs from that of both terms; of a difference, src counts negated. */
    ir_ref other = lower_op(l, IR_xor, subtract ? a : o->dst, o->src);
    ir_ref over = bit_flag(l, lower_op(l, IR_and, differ, other), o->width - 1, FLAG_OF);

    return either(l, either(l, flag(l, carry, FLAG_CF), over), half);
}

/* The same from the carries out of each bit. */
static ir_ref carry_flags(const struct operands *o)
{
    struct lowering *l = o->l;
    ir_ref below = lower_op(l, IR_xor, o->src, lower_op_const(l, IR_shl, o->src, 1));
    ir_ref carry = bit_flag(l, o->src, o->width - 1, FLAG_CF);
    ir_ref half = bit_flag(l, o->src, 3, FLAG_AF);

    return either(l, either(l, carry, bit_flag(l, below, o->width - 1, FLAG_OF)), half);
}

static ir_ref right_shift_flags(const struct operands *o)
{
    struct lowering *l = o->l;
    ir_ref below = lower_op(l, IR_xor, o->dst, lower_op_const(l, IR_shl, o->dst, 1));

    return either(l, lower_op_const(l, IR_and, o->src, FLAG_CF),
                  bit_flag(l, below, o->width - 1, FLAG_OF));
}

/* Kinds come as B, W, L. */
static struct operands operands_of(struct lowering *l, unsigned kind)
{
    u32 width = 8u << (kind - 1) % 3;

    return (struct operands){.l = l, .width = width, .up = 32 - width};
}

static ir_ref base_flags(struct lowering *l, unsigned cc)
{
    struct operands o;
    ir_ref flags;

    if (cc == CC_EFLAGS)
        return lower_read_field(l, FIELD_CC_SRC);
    o = operands_of(l, cc);
    o.dst = lower_read_field(l, FIELD_CC_DST);
    flags = result_flags(&o);
    if (cc >= CC_LOGICB && cc <= CC_LOGICL)
        return flags;
    o.src = lower_read_field(l, FIELD_CC_SRC);
    return either(l, flags,
                  cc <= CC_SUBL   ? sum_flags(&o, cc >= CC_SUBB)
                  : cc >= CC_SHRB ? right_shift_flags(&o)
                                  : carry_flags(&o));
}

/* All but CF of a result that INC or DEC left. */
static ir_ref inc_flags(struct lowering *l, unsigned inc)
{
    struct operands o = operands_of(l, inc);
    bool dec = inc >= CC_DECB;
    ir_ref over, half;

    o.dst = lower_read_field(l, FIELD_INC_DST);
    over = lower_compare(l, IR_cmp, IF_equal, shifted_up(&o, o.dst),
                         lower_const(l, (dec ? 0x7fffffffu : 0x80000000u) >> o.up << o.up));
    half = lower_compare(l, IR_cmp, IF_equal, lower_op_const(l, IR_and, o.dst, 15),
                         lower_const(l, dec ? 15 : 0));
    return either(l, result_flags(&o), either(l, flag(l, over, FLAG_OF), flag(l, half, FLAG_AF)));
}

void i386_lower_kind(struct lowering *l, u32 kind)
{
    l->kind = (u16)kind;
    l->kind_known = true;
    lower_see(l, FIELD_CC_OP, lower_const(l, kind));
    lower_see(l, FIELD_CC_OP_INC, IR_NONE);
}

bool i386_lower_eflags(struct lowering *l)
{
    unsigned cc = l->kind & 0xff, inc = l->kind >> 8;
    ir_ref flags;

    if (!l->kind_known)
        return false;
    flags = base_flags(l, cc);
    if (inc)
        flags = either(l, lower_op_const(l, IR_and, flags, FLAG_CF), inc_flags(l, inc));
    lower_write_field(l, FIELD_CC_SRC, flags);
    for (unsigned f = 0; f < FLAG_FIELDS; f++)
        lower_see(l, f, f == FIELD_CC_SRC ? flags : IR_NONE);
    memset(l->written, 0, FLAG_FIELDS * sizeof *l->written);
    i386_lower_kind(l, CC_EFLAGS);
    return true;
}
