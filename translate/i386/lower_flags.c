/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's flags in the IR. */
#include "translate/i386/lower.h"

#include <string.h>

/* --- marks --- */

/*
 * As translate/liveness.c tells it, but STORE_HOT is no different from STORE_LATE here: a field is
 * stored only where a snapshot is looked at.
 */

static void see_field(struct lowering *l, enum i386_field f)
{
    lower_see(l, f, l->written[f] ? l->field[f] : IR_NONE);
}

static void mark_all(struct lowering *l, const struct uop *u)
{
    for (unsigned f = 0; f < FLAG_FIELDS; f++)
        see_field(l, (enum i386_field)f);
    i386_lower_kind(l, u->flags.kind);
    if (u->flags.storing != STORE_NEVER)
        return;
    l->kind_known = false;
    lower_see(l, FIELD_CC_OP, IR_NONE);
}

/* INC and DEC: the lower byte of cc_op stays as it is, known or not. */
static void mark_inc(struct lowering *l, const struct uop *u)
{
    if (u->flags.storing == STORE_NEVER)
        return;
    see_field(l, FIELD_INC_DST);
    if (l->kind_known)
        i386_lower_kind(l, flags_kind(l->kind, u->flags.others));
    else
        lower_see(l, FIELD_CC_OP_INC, lower_const(l, u->flags.others));
}

void i386_lower_mark(struct lowering *l, const struct uop *u)
{
    if (u->flags.parts == FLAGS_ALL)
        mark_all(l, u);
    else
        mark_inc(l, u);
    memset(l->written, 0, FLAG_FIELDS * sizeof *l->written);
}

/* --- conditions --- */

/* What a predicate over stored flags compares. */
enum predicate_kind { RESULT, LOGIC, SUB, ADD, CARRY, BIT, FLAGS, FLAGS_SIGN, FLAGS_ORDER, CX };
static const struct predicate {
    u8 kind, width, cc;
    u16 mask; /* FLAGS: tested in cc_src */
} predicates[] = {
#define BY_WIDTH(name, kind, cc)                                                                   \
    [(UOP_j_##name##8 - UOP_j_z8) / 2] = {kind, 8, cc, 0},                                         \
                                    [(UOP_j_##name##16 - UOP_j_z8) / 2] = {kind, 16, cc, 0},       \
                                    [(UOP_j_##name##32 - UOP_j_z8) / 2] = {kind, 32, cc, 0}
#define OTHER(name, kind, cc, mask) [(UOP_j_##name - UOP_j_z8) / 2] = {kind, 32, cc, mask}
    BY_WIDTH(z, RESULT, IF_equal),
    BY_WIDTH(nz, RESULT, IF_not_equal),
    BY_WIDTH(s, LOGIC, IF_negative),
    BY_WIDTH(ns, LOGIC, IF_not_negative),
    OTHER(p, RESULT, IF_even, 0),
    OTHER(np, RESULT, IF_odd, 0),
    BY_WIDTH(logic_le, LOGIC, IF_not_greater),
    BY_WIDTH(logic_g, LOGIC, IF_greater),
    BY_WIDTH(sub_b, SUB, IF_below),
    BY_WIDTH(sub_ae, SUB, IF_not_below),
    BY_WIDTH(sub_be, SUB, IF_not_above),
    BY_WIDTH(sub_a, SUB, IF_above),
    BY_WIDTH(sub_l, SUB, IF_less),
    BY_WIDTH(sub_ge, SUB, IF_not_less),
    BY_WIDTH(sub_le, SUB, IF_not_greater),
    BY_WIDTH(sub_g, SUB, IF_greater),
    BY_WIDTH(add_b, ADD, IF_below),
    BY_WIDTH(add_ae, ADD, IF_not_below),
    BY_WIDTH(carry_b, CARRY, IF_not_equal),
    BY_WIDTH(carry_ae, CARRY, IF_equal),
    OTHER(bit_set, BIT, IF_not_equal, 0),
    OTHER(bit_clear, BIT, IF_equal, 0),
    OTHER(flags_o, FLAGS, IF_not_equal, FLAG_OF),
    OTHER(flags_no, FLAGS, IF_equal, FLAG_OF),
    OTHER(flags_b, FLAGS, IF_not_equal, FLAG_CF),
    OTHER(flags_ae, FLAGS, IF_equal, FLAG_CF),
    OTHER(flags_z, FLAGS, IF_not_equal, FLAG_ZF),
    OTHER(flags_nz, FLAGS, IF_equal, FLAG_ZF),
    OTHER(flags_be, FLAGS, IF_not_equal, FLAG_CF | FLAG_ZF),
    OTHER(flags_a, FLAGS, IF_equal, FLAG_CF | FLAG_ZF),
    OTHER(flags_s, FLAGS, IF_not_equal, FLAG_SF),
    OTHER(flags_ns, FLAGS, IF_equal, FLAG_SF),
    OTHER(flags_p, FLAGS, IF_not_equal, FLAG_PF),
    OTHER(flags_np, FLAGS, IF_equal, FLAG_PF),
    OTHER(flags_l, FLAGS_SIGN, IF_not_equal, 0),
    OTHER(flags_ge, FLAGS_SIGN, IF_equal, 0),
    OTHER(flags_le, FLAGS_ORDER, IF_not_equal, 0),
    OTHER(flags_g, FLAGS_ORDER, IF_equal, 0),
    OTHER(cx_z, CX, IF_equal, 0),
    OTHER(cx_nz, CX, IF_not_equal, 0),
#undef BY_WIDTH
#undef OTHER
};
enum { PREDICATES = sizeof predicates / sizeof *predicates };

struct condition {
    enum ir_op op; /* IR_cmp or IR_test */
    enum uop_condition cc;
    ir_ref a, b;
};

static ir_ref extended(struct lowering *l, ir_ref v, const struct predicate *p)
{
    bool sign = p->cc >= IF_negative && p->cc <= IF_not_less;

    if (p->width == 32)
        return v;
    return lower_op(l,
                    p->width == 8 ? sign ? IR_sign8 : IR_zero8
                    : sign        ? IR_sign16
                                  : IR_zero16,
                    v, IR_NONE);
}

/* Bit 7 is SF != OF. */
static ir_ref sign_xor_overflow(struct lowering *l, ir_ref flags)
{
    return lower_op(l, IR_xor, flags, lower_op_const(l, IR_shr, flags, 4));
}

static struct condition condition_of(struct lowering *l, const struct predicate *p)
{
    enum uop_condition cc = (enum uop_condition)p->cc;
    ir_ref src, dst, v;

    switch ((enum predicate_kind)p->kind) {
    case RESULT:
    case LOGIC:
        v = extended(l, lower_read_field(l, FIELD_CC_DST), p);
        return (struct condition){IR_test, cc, v, v};
    case SUB:
        src = lower_read_field(l, FIELD_CC_SRC);
        dst = lower_read_field(l, FIELD_CC_DST);
        v = extended(l, lower_op(l, IR_add, dst, src), p);
        return (struct condition){IR_cmp, cc, v, extended(l, src, p)};
    case ADD:
        src = lower_read_field(l, FIELD_CC_SRC);
        dst = lower_read_field(l, FIELD_CC_DST);
        v = extended(l, dst, p);
        return (struct condition){IR_cmp, cc, v, extended(l, src, p)};
    case CARRY:
        src = lower_read_field(l, FIELD_CC_SRC);
        return (struct condition){IR_test, cc, src, lower_const(l, 1u << (p->width - 1))};
    case BIT:
        v = lower_read_field(l, FIELD_CARRY);
        return (struct condition){IR_test, cc, v, v};
    case FLAGS:
        src = lower_read_field(l, FIELD_CC_SRC);
        return (struct condition){IR_test, cc, src, lower_const(l, p->mask)};
    case FLAGS_SIGN:
        v = sign_xor_overflow(l, lower_read_field(l, FIELD_CC_SRC));
        return (struct condition){IR_test, cc, v, lower_const(l, FLAG_SF)};
    case FLAGS_ORDER:
        src = lower_read_field(l, FIELD_CC_SRC);
        v = lower_op_const(l, IR_and, sign_xor_overflow(l, src), FLAG_SF);
        v = lower_op(l, IR_or, v, lower_op_const(l, IR_and, src, FLAG_ZF));
        return (struct condition){IR_test, cc, v, v};
    default: /* CX */
        v = lower_op(l, IR_zero16, lower_read(l, ECX), IR_NONE);
        return (struct condition){IR_test, cc, v, v};
    }
}

static bool lower_predicate(struct lowering *l, const struct uop *u)
{
    unsigned n = (unsigned)(u->op - UOP_j_z8);
    struct condition c;

    if (u->op < UOP_j_z8 || n / 2 >= PREDICATES)
        return false;
    c = condition_of(l, &predicates[n / 2]);
    if (n % 2)
        lower_write(l, T0, lower_compare(l, c.op, c.cc, c.a, c.b));
    else
        lower_branch(l, u, c.op == IR_cmp ? IR_branch_cmp : IR_branch_test, c.cc, c.a, c.b);
    return true;
}

/* --- what flags follow from --- */

/* Carries out of each bit of a + b = r, or borrows of a - b = r. */
static ir_ref carries(struct lowering *l, ir_ref a, ir_ref b, ir_ref r, bool subtract)
{
    ir_ref both, either;

    if (subtract)
        a = lower_op(l, IR_not, a, IR_NONE);
    else
        r = lower_op(l, IR_not, r, IR_NONE);
    both = lower_op(l, IR_and, a, b);
    either = lower_op(l, IR_or, a, b);
    return lower_op(l, IR_or, both, lower_op(l, IR_and, either, r));
}

static void carry_flags(struct lowering *l, ir_ref a, ir_ref b, bool subtract)
{
    ir_ref carry = lower_read_field(l, FIELD_CARRY);
    ir_ref r = ir_emit(l->ir, subtract ? IR_sbb : IR_adc, a, b, carry);

    lower_write_field(l, FIELD_CC_SRC, carries(l, a, b, r, subtract));
}

/* One bit of v, by number. */
static ir_ref bit(struct lowering *l, ir_ref v, u32 number)
{
    return lower_op_const(l, IR_and, lower_op_const(l, IR_shr, v, number & 31), 1);
}

/* CF and OF of a rotation that left v. */
static void rotate_flags(struct lowering *l, ir_ref v, bool right)
{
    ir_ref carry = right ? lower_op_const(l, IR_shr, v, 31) : lower_op_const(l, IR_and, v, 1);
    ir_ref other = right ? bit(l, v, 30) : lower_op_const(l, IR_shr, v, 31);
    ir_ref overflow = lower_op_const(l, IR_shl, lower_op(l, IR_xor, carry, other), 11);
    ir_ref rest =
        lower_op_const(l, IR_and, lower_read_field(l, FIELD_CC_SRC), ~(u32)(FLAG_CF | FLAG_OF));

    lower_write_field(l, FIELD_CC_SRC,
                      lower_op(l, IR_or, rest, lower_op(l, IR_or, carry, overflow)));
}

/* 1 << 31 if a product of a and b, whose halves these are, does not fit the lower one. */
static void product_flags(struct lowering *l, ir_ref low, ir_ref high, bool sign)
{
    ir_ref fits = sign ? lower_op_const(l, IR_sar, low, 31) : lower_const(l, 0);
    ir_ref over = lower_compare(l, IR_cmp, IF_not_equal, high, fits);

    lower_write_field(l, FIELD_CC_SRC, lower_op_const(l, IR_shl, over, 31));
    lower_write_field(l, FIELD_CC_DST, low);
}

static void imul_flags(struct lowering *l)
{
    ir_ref a = lower_read(l, T0), b = lower_read(l, T1);

    lower_write_field(l, FIELD_CC_SRC, lower_op(l, IR_imulover, a, b));
    lower_write_field(l, FIELD_CC_DST, lower_op(l, IR_mul, a, b));
}

/* The same for a product in T1 of operands of imm[0] bits. */
static void small_product_flags(struct lowering *l, const struct uop *u)
{
    ir_ref v = lower_read(l, T1), over;
    bool byte = u->imm[0] == 8;

    if (u->op == UOP_cc_smul)
        over = lower_compare(l, IR_cmp, IF_not_equal,
                             lower_op(l, byte ? IR_sign8 : IR_sign16, v, IR_NONE), v);
    else
        over = lower_compare(l, IR_cmp, IF_not_equal, lower_op_const(l, IR_shr, v, u->imm[0]),
                             lower_const(l, 0));
    lower_write_field(l, FIELD_CC_SRC, lower_op_const(l, IR_shl, over, u->imm[0] - 1));
    lower_write_field(l, FIELD_CC_DST, v);
}

static void change_source(struct lowering *l, enum ir_op op, u32 mask)
{
    lower_write_field(l, FIELD_CC_SRC,
                      lower_op_const(l, op, lower_read_field(l, FIELD_CC_SRC), mask));
}

static bool lower_operands(struct lowering *l, const struct uop *u)
{
    ir_ref d = uop_row(u)->shape != SHAPE_N ? lower_read(l, u->d) : IR_NONE;
    ir_ref b = uop_row(u)->shape == SHAPE_RR ? lower_read(l, u->b) : IR_NONE;
    ir_ref imm = lower_const(l, u->imm[0]);

    switch (u->op) {
    case UOP_cc_srci:
        lower_write_field(l, FIELD_CC_SRC, imm);
        return true;
    case UOP_cc_src:
        lower_write_field(l, FIELD_CC_SRC, d);
        return true;
    case UOP_cc_dst:
        lower_write_field(l, FIELD_CC_DST, d);
        return true;
    case UOP_cc_inc:
        lower_write_field(l, FIELD_INC_DST, d);
        return true;
    case UOP_cc_sub:
        lower_write_field(l, FIELD_CC_DST, lower_op(l, IR_sub, d, b));
        return true;
    case UOP_cc_subi:
        lower_write_field(l, FIELD_CC_DST, lower_op(l, IR_add, d, imm));
        return true;
    case UOP_cc_and:
        lower_write_field(l, FIELD_CC_DST, lower_op(l, IR_and, d, b));
        return true;
    case UOP_cc_andi:
        lower_write_field(l, FIELD_CC_DST, lower_op(l, IR_and, d, imm));
        return true;
    case UOP_cc_adc:
    case UOP_cc_sbb:
        carry_flags(l, d, b, u->op == UOP_cc_sbb);
        return true;
    case UOP_cc_adci:
    case UOP_cc_sbbi:
        carry_flags(l, d, imm, u->op == UOP_cc_sbbi);
        return true;
    case UOP_cc_shl:
        lower_write_field(l, FIELD_CC_SRC, lower_op_const(l, IR_shl, d, u->imm[0] & 31));
        return true;
    case UOP_cc_shr:
        lower_write_field(l, FIELD_CC_SRC, lower_op_const(l, IR_shr, d, u->imm[0] & 31));
        return true;
    case UOP_cc_rol:
    case UOP_cc_ror:
        rotate_flags(l, d, u->op == UOP_cc_ror);
        return true;
    case UOP_cc_mul32:
    case UOP_cc_imul32:
        product_flags(l, lower_read(l, EAX), lower_read(l, EDX), u->op == UOP_cc_imul32);
        return true;
    case UOP_cc_imul_t0_t1:
        imul_flags(l);
        return true;
    case UOP_cc_smul:
    case UOP_cc_umul:
        small_product_flags(l, u);
        return true;
    default:
        return false;
    }
}

/* --- flags as such --- */

static bool lower_bits(struct lowering *l, const struct uop *u)
{
    ir_ref src, v;

    switch (u->op) {
    case UOP_cc_bit:
        src = lower_op_const(l, IR_and, lower_read_field(l, FIELD_CC_SRC), ~(u32)FLAG_CF);
        v = lower_op(l, IR_or, src, lower_read_field(l, FIELD_CARRY));
        lower_write_field(l, FIELD_CC_SRC, v);
        return true;
    case UOP_lahf:
        v = lower_op_const(l, IR_and, lower_read_field(l, FIELD_CC_SRC), 0xd5);
        v = lower_op_const(l, IR_or, v, FLAG_1);
        lower_write(l, EAX, lower_op(l, IR_insert8h, lower_read(l, EAX), v));
        return true;
    case UOP_sahf:
        src = lower_op_const(l, IR_and, lower_read_field(l, FIELD_CC_SRC), FLAG_OF);
        v = lower_op_const(l, IR_shr, lower_read(l, EAX), 8);
        v = lower_op(l, IR_or, src, lower_op_const(l, IR_and, v, 0xd5));
        lower_write_field(l, FIELD_CC_SRC, v);
        return true;
    case UOP_cmc:
        change_source(l, IR_xor, FLAG_CF);
        return true;
    case UOP_stc:
        change_source(l, IR_or, FLAG_CF);
        return true;
    case UOP_clc:
        change_source(l, IR_and, ~(u32)FLAG_CF);
        return true;
    default:
        return false;
    }
}

/* --- the carry --- */

static ir_ref carry_of(struct lowering *l, enum predicate_kind kind, u8 width)
{
    struct predicate p = {(u8)kind, width, IF_below, 0};
    struct condition c = condition_of(l, &p);

    return lower_compare(l, c.op, c.cc, c.a, c.b);
}

static bool lower_carry(struct lowering *l, const struct uop *u)
{
    ir_ref v;

    switch (u->op) {
    case UOP_carry_flags:
        v = lower_op_const(l, IR_and, lower_read_field(l, FIELD_CC_SRC), FLAG_CF);
        break;
    case UOP_carry_addb:
        v = carry_of(l, ADD, 8);
        break;
    case UOP_carry_addw:
        v = carry_of(l, ADD, 16);
        break;
    case UOP_carry_addl:
        v = carry_of(l, ADD, 32);
        break;
    case UOP_carry_subb:
        v = carry_of(l, SUB, 8);
        break;
    case UOP_carry_subw:
        v = carry_of(l, SUB, 16);
        break;
    case UOP_carry_subl:
        v = carry_of(l, SUB, 32);
        break;
    case UOP_carry_zero:
        v = lower_const(l, 0);
        break;
    case UOP_carry_carryb:
        v = bit(l, lower_read_field(l, FIELD_CC_SRC), 7);
        break;
    case UOP_carry_carryw:
        v = bit(l, lower_read_field(l, FIELD_CC_SRC), 15);
        break;
    case UOP_carry_carryl:
        v = lower_op_const(l, IR_shr, lower_read_field(l, FIELD_CC_SRC), 31);
        break;
    case UOP_carry_below:
        v = lower_compare(l, IR_cmp, IF_below, lower_read(l, u->d), lower_read(l, u->b));
        break;
    case UOP_carry_belowi:
        v = lower_compare(l, IR_cmp, IF_below, lower_read(l, u->d), lower_const(l, u->imm[0]));
        break;
    case UOP_bt:
        v = lower_op(l, IR_shr, lower_read(l, u->d), lower_read(l, u->b));
        v = lower_op_const(l, IR_and, v, 1);
        break;
    case UOP_bti:
        v = bit(l, lower_read(l, u->d), u->imm[0]);
        break;
    default:
        return false;
    }
    lower_write_field(l, FIELD_CARRY, v);
    return true;
}

bool i386_lower_flags(struct lowering *l, const struct uop *u)
{
    if (u->op == UOP_call_flags || (u->op >= UOP_eflags_addl && u->op <= UOP_eflags_carryl))
        return i386_lower_eflags(l);
    return lower_operands(l, u) || lower_bits(l, u) || lower_carry(l, u) || lower_predicate(l, u);
}
