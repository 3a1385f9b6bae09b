/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PowerPC's micro-ops to the IR (translate/ir/lower.h). Fields are the GPRs that have no
 * location, LR, CTR, the carry, and the two fields of CR that compilers use: each is stored only
 * where the block is left. A field of CR is two of these, its halves: a - b, and what is borrowed.
 * A branch behind a comparison finds that again, and compares the operands.
 */
#include "translate/ir/lower.h"
#include "translate/ir/host.h"
#include "translate/ppc/decode.h"

enum { GPRS = 32, LR = GPRS, CTR, CARRY, CR0, CR0_HIGH, CR7, CR7_HIGH, FIELDS };

#define AT(member) offsetof(struct ppc_cpu, member)
#define GPR(n)     [n] = {"r" #n, AT(gpr[n]), 4}
static const struct ir_field fields[FIELDS] = {
    GPR(0),
    GPR(1),
    GPR(2),
    GPR(3),
    GPR(4),
    GPR(5),
    GPR(6),
    GPR(7),
    GPR(8),
    GPR(9),
    GPR(10),
    GPR(11),
    GPR(12),
    GPR(13),
    GPR(14),
    GPR(15),
    GPR(16),
    GPR(17),
    GPR(18),
    GPR(19),
    GPR(20),
    GPR(21),
    GPR(22),
    GPR(23),
    GPR(24),
    GPR(25),
    GPR(26),
    GPR(27),
    GPR(28),
    GPR(29),
    GPR(30),
    GPR(31),
    [LR] = {"lr", AT(lr), 4},
    [CTR] = {"ctr", AT(ctr), 4},
    [CARRY] = {"carry", AT(carry), 4},
    [CR0] = {"cr0", AT(cr[0]), 4},
    [CR0_HIGH] = {"cr0+4", AT(cr[0]) + 4, 4},
    [CR7] = {"cr7", AT(cr[7]), 4},
    [CR7_HIGH] = {"cr7+4", AT(cr[7]) + 4, 4},
};
_Static_assert((unsigned)FIELDS <= (unsigned)IR_FIELDS, "all are kept as values");

/* --- cpu's fields --- */

/* FIELDS: it is none. */
static unsigned field_at(u32 offset)
{
    u32 gpr = (offset - (u32)AT(gpr)) / (u32)sizeof(u32);

    if (gpr < GPRS)
        return gpr;
    for (unsigned f = LR; f < (unsigned)FIELDS; f++)
        if (fields[f].offset == offset)
            return f;
    return FIELDS;
}

static ir_ref get(struct lowering *l, u32 offset)
{
    unsigned f = field_at(offset);

    return f < FIELDS ? lower_read_field(l, f) : lower_get(l, offset, 4);
}

/* What an instruction writes, the next one's fault sees: there are no marks. */
static void put(struct lowering *l, u32 offset, ir_ref value)
{
    unsigned f = field_at(offset);

    if (f == FIELDS) {
        lower_set(l, offset, value, 4);
        return;
    }
    l->field[f] = value;
    lower_see(l, f, value);
}

/* --- arithmetic --- */

static const struct lower_form forms[UOP_CODES] = {
    [UOP_extend8] = {OPERANDS_D, IR_sign8},
    [UOP_extend16] = {OPERANDS_D, IR_sign16},
    [UOP_rotate] = {OPERANDS_D_B, IR_rol},
};

static void multiply_high(struct lowering *l, const struct uop *u)
{
    ir_ref low = lower_op(l, IR_mull, lower_read(l, u->d), lower_read(l, u->b));

    l->ir->insn[low].sign = u->op == UOP_mul_high;
    lower_write(l, u->d, lower_op(l, IR_mulh, low, IR_NONE));
}

/* By 32 to 63 nothing is left. */
static void shift(struct lowering *l, const struct uop *u, enum ir_op op)
{
    ir_ref a = lower_read(l, u->d), by = lower_read(l, u->b);
    ir_ref none = lower_compare(l, IR_test, IF_not_equal, by, lower_const(l, 32));

    lower_write(l, u->d,
                ir_emit(l->ir, IR_select, none, lower_const(l, 0), lower_op(l, op, a, by)));
}

/* The number of the highest bit that is set, -1 if none is, from the left. */
static void count_zeros(struct lowering *l, const struct uop *u)
{
    ir_ref highest = lower_op(l, IR_bsr, lower_const(l, ~0u), lower_read(l, u->d));

    lower_write(l, u->d, lower_op(l, IR_sub, lower_const(l, 31), highest));
}

static void carry_of_shift(struct lowering *l, const struct uop *u)
{
    ir_ref a = lower_read(l, u->d);
    ir_ref seen = lower_op_const(l, IR_and, a, u->imm[0]);

    put(l, AT(carry), lower_compare(l, IR_cmp, IF_above, seen, lower_const(l, 0x80000000)));
}

static void add_carrying(struct lowering *l, const struct uop *u)
{
    ir_ref b = lower_read(l, u->b), sum = lower_op(l, IR_add, lower_read(l, u->d), b);

    put(l, AT(carry), lower_compare(l, IR_cmp, IF_below, sum, b));
    lower_write(l, u->d, sum);
}

static void carry_of_sub(struct lowering *l, const struct uop *u)
{
    put(l, AT(carry),
        lower_compare(l, IR_cmp, IF_not_below, lower_read(l, u->d), lower_read(l, u->b)));
}

/* One of the two sums overflows at most. */
static void add_extended(struct lowering *l, const struct uop *u)
{
    ir_ref b = lower_read(l, u->b), carry = get(l, AT(carry));
    ir_ref sum = lower_op(l, IR_add, lower_read(l, u->d), b);
    ir_ref all = lower_op(l, IR_add, sum, carry);
    ir_ref first = lower_compare(l, IR_cmp, IF_below, sum, b);
    ir_ref second = lower_compare(l, IR_cmp, IF_below, all, carry);

    put(l, AT(carry), lower_op(l, IR_or, first, second));
    lower_write(l, u->d, all);
}

static bool lower_arithmetic(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_swap16:
        lower_write(
            l, u->d,
            lower_op_const(l, IR_shr, lower_op(l, IR_bswap, lower_read(l, u->d), IR_NONE), 16));
        return true;
    case UOP_mul_high:
    case UOP_mul_high_unsigned:
        multiply_high(l, u);
        return true;
    case UOP_shl:
    case UOP_shr:
        shift(l, u, u->op == UOP_shl ? IR_shl : IR_shr);
        return true;
    case UOP_count_zeros:
        count_zeros(l, u);
        return true;
    case UOP_carry_of_shift:
        carry_of_shift(l, u);
        return true;
    case UOP_add_carrying:
        add_carrying(l, u);
        return true;
    case UOP_carry_of_sub:
        carry_of_sub(l, u);
        return true;
    case UOP_add_extended:
        add_extended(l, u);
        return true;
    default:
        return false;
    }
}

/* --- fields of CR --- */

static void compare(struct lowering *l, u32 offset, enum uop_condition less, ir_ref a, ir_ref b)
{
    ir_ref borrowed = lower_compare(l, IR_cmp, less, a, b);

    put(l, offset, lower_op(l, IR_sub, a, b));
    put(l, offset + 4, lower_op(l, IR_neg, borrowed, IR_NONE));
}

static bool lower_comparison(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_compare_signed:
    case UOP_compare_unsigned:
        compare(l, u->imm[0], u->op == UOP_compare_signed ? IF_less : IF_below, lower_read(l, u->d),
                lower_read(l, u->b));
        return true;
    case UOP_compare_signed_imm:
    case UOP_compare_unsigned_imm:
        compare(l, u->imm[0], u->op == UOP_compare_signed_imm ? IF_less : IF_below,
                lower_read(l, u->d), lower_const(l, u->imm[1]));
        return true;
    case UOP_compare_cr0_signed:
    case UOP_compare_cr0_unsigned:
        compare(l, AT(cr[0]), u->op == UOP_compare_cr0_signed ? IF_less : IF_below,
                lower_read(l, u->d), lower_read(l, u->b));
        return true;
    case UOP_compare_cr0_signed_imm:
    case UOP_compare_cr0_unsigned_imm:
        compare(l, AT(cr[0]), u->op == UOP_compare_cr0_signed_imm ? IF_less : IF_below,
                lower_read(l, u->d), lower_const(l, u->imm[0]));
        return true;
    case UOP_record:
        compare(l, AT(cr[0]), IF_less, lower_read(l, u->d), lower_const(l, 0));
        return true;
    default:
        return false;
    }
}

/* --- conditions --- */

enum bit { EQ, GT, LT, SO };

/* A comparison, IR_cmp or IR_test, that holds if the bit is set. */
struct condition {
    enum ir_op op;
    enum uop_condition cc;
    ir_ref a, b;
};

/* The comparison from which the upper half has come, if it is from one in this block. */
static const struct ir_insn *comparison_of(const struct lowering *l, ir_ref high)
{
    const struct ir_insn *i = &l->ir->insn[ir_is_const(high) ? 0 : high], *of;

    if (ir_is_const(high) || i->op != IR_neg || ir_is_const(i->operand[0]))
        return NULL;
    of = &l->ir->insn[i->operand[0]];
    return of->op == IR_cmp && (of->cc == IF_less || of->cc == IF_below) ? of : NULL;
}

static enum uop_condition condition_of(enum bit bit, enum uop_condition less)
{
    if (bit == EQ)
        return IF_equal;
    if (bit == LT)
        return less;
    return less == IF_less ? IF_greater : IF_above;
}

/* Of a field that is not known: see ops/ppc/cr.h. */
static struct condition condition_in(struct lowering *l, enum bit bit, u32 offset, ir_ref high)
{
    ir_ref zero = lower_const(l, 0), both = high, low;

    switch (bit) {
    case EQ:
        return (struct condition){IR_cmp, IF_equal, get(l, offset), zero};
    case GT:
        low = lower_compare(l, IR_cmp, IF_not_equal, get(l, offset), zero);
        low = lower_op(l, IR_and, low, lower_compare(l, IR_cmp, IF_equal, high, zero));
        both = lower_op(l, IR_or, low, lower_compare(l, IR_cmp, IF_greater, high, zero));
        return (struct condition){IR_cmp, IF_not_equal, both, zero};
    case SO:
        both = lower_op(l, IR_xor, high, lower_op_const(l, IR_shl, high, 1));
        break;
    default:
        break;
    }
    return (struct condition){IR_test, IF_not_equal, both, lower_const(l, 1u << 30)};
}

/* `at`: as micro-ops are told it, of LT and SO the last byte. */
static struct condition condition(struct lowering *l, enum bit bit, u32 at)
{
    u32 offset = bit == LT || bit == SO ? at - CR_LAST_BYTE : at;
    ir_ref high = get(l, offset + 4);
    const struct ir_insn *of = comparison_of(l, high);

    if (of && bit == SO)
        return (struct condition){IR_cmp, IF_not_equal, lower_const(l, 0), lower_const(l, 0)};
    if (of)
        return (struct condition){IR_cmp, condition_of(bit, (enum uop_condition)of->cc),
                                  of->operand[0], of->operand[1]};
    return condition_in(l, bit, offset, high);
}

static void branch(struct lowering *l, const struct uop *u, struct condition c, bool set)
{
    lower_branch(l, u, c.op == IR_cmp ? IR_branch_cmp : IR_branch_test,
                 (enum uop_condition)(set ? c.cc : c.cc ^ 1), c.a, c.b);
}

static void select_by(struct lowering *l, const struct uop *u, enum bit bit)
{
    struct condition c = condition(l, bit, u->imm[0]);
    ir_ref holds = lower_compare(l, c.op, c.cc, c.a, c.b);

    lower_write(l, u->d,
                ir_emit(l->ir, IR_select, holds, lower_read(l, u->d), lower_read(l, u->b)));
}

/* CTR as it is, or counted down, against zero. */
static void branch_by_ctr(struct lowering *l, const struct uop *u, bool counts, bool zero)
{
    ir_ref ctr = get(l, AT(ctr));

    if (counts) {
        ctr = lower_op_const(l, IR_sub, ctr, 1);
        put(l, AT(ctr), ctr);
    }
    lower_branch(l, u, IR_branch_cmp, zero ? IF_equal : IF_not_equal, ctr, lower_const(l, 0));
}

static const struct {
    u8 bit;
    bool known, set;
} ways_out[UOP_CODES] = {
    [UOP_j_eq] = {EQ, true, true}, [UOP_j_not_eq] = {EQ, true, false},
    [UOP_j_gt] = {GT, true, true}, [UOP_j_not_gt] = {GT, true, false},
    [UOP_j_lt] = {LT, true, true}, [UOP_j_not_lt] = {LT, true, false},
    [UOP_j_so] = {SO, true, true}, [UOP_j_not_so] = {SO, true, false},
};

static bool lower_condition(struct lowering *l, const struct uop *u)
{
    if (ways_out[u->op].known) {
        branch(l, u, condition(l, (enum bit)ways_out[u->op].bit, u->to.imm), ways_out[u->op].set);
        return true;
    }
    switch (u->op) {
    case UOP_select_eq:
        select_by(l, u, EQ);
        return true;
    case UOP_select_gt:
        select_by(l, u, GT);
        return true;
    case UOP_select_lt:
        select_by(l, u, LT);
        return true;
    case UOP_select_so:
        select_by(l, u, SO);
        return true;
    case UOP_count_ctr:
        put(l, AT(ctr), lower_op_const(l, IR_sub, get(l, AT(ctr)), 1));
        return true;
    case UOP_j_ctr_zero:
    case UOP_j_ctr_nonzero:
        branch_by_ctr(l, u, false, u->op == UOP_j_ctr_zero);
        return true;
    case UOP_j_count_zero:
    case UOP_j_count_nonzero:
        branch_by_ctr(l, u, true, u->op == UOP_j_count_zero);
        return true;
    default:
        return false;
    }
}

/* --- with a register that has no location; moves --- */

static const enum ir_op with_field[UOP_CODES] = {
    [UOP_add_field] = IR_add, [UOP_sub_field] = IR_sub, [UOP_and_field] = IR_and,
    [UOP_or_field] = IR_or,   [UOP_xor_field] = IR_xor,
};

static bool lower_with_field(struct lowering *l, const struct uop *u)
{
    enum ir_op op = with_field[u->op];

    if (op == IR_none)
        return false;
    lower_write(l, u->d, lower_op(l, op, lower_read(l, u->d), get(l, u->imm[0])));
    return true;
}

/* 64 bits, an FPR or a field of CR, by halves; `op` is for the upper one, where the sign is. */
static void move64(struct lowering *l, const struct uop *u, enum ir_op op, u32 with)
{
    u32 to = u->imm[0], from = u->imm[1];
    ir_ref low = get(l, from), high = get(l, from + 4);

    put(l, to, low);
    put(l, to + 4, op == IR_none ? high : lower_op_const(l, op, high, with));
}

static bool lower_move64(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_copy64:
        move64(l, u, IR_none, 0);
        return true;
    case UOP_fp_negate:
        move64(l, u, IR_xor, 0x80000000);
        return true;
    case UOP_fp_absolute:
        move64(l, u, IR_and, 0x7fffffff);
        return true;
    case UOP_fp_negative:
        move64(l, u, IR_or, 0x80000000);
        return true;
    default:
        return false;
    }
}

static bool lower_move(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_get:
        lower_write(l, u->d, get(l, u->imm[0]));
        return true;
    case UOP_put:
        put(l, u->imm[0], lower_read(l, u->d));
        return true;
    case UOP_reserve:
        lower_set(l, AT(reserved), lower_const(l, 1), 4);
        lower_set(l, AT(reserved_at), lower_read(l, T0), 4);
        return true;
    default:
        return false;
    }
}

/* --- what the IR engine asks of a guest --- */

static bool lower(struct lowering *l, const struct uop *u)
{
    /* Of marks there are those of CR0, which is a value as others are. */
    return uop_is_mark(u) || lower_with_field(l, u) ||
           (lower_access(l, u) || lower_by_form(l, u, forms[u->op]) || lower_move(l, u) ||
            lower_move64(l, u) || lower_arithmetic(l, u) || lower_comparison(l, u) ||
            lower_condition(l, u));
}

#define HOME(argument, name, NAME, number, host) [NAME] = (host),
static const u8 home[LOCATIONS] = {EACH_LOCATION(HOME, )};
#undef HOME

const struct ir_guest ppc_ir = {
    .fields = fields,
    .field_count = FIELDS,
    .no_flags = ~((u64)1 << CR0 | (u64)1 << CR0_HIGH),
    .in_state = true,
    .home = home,
    .lower = lower,
};
