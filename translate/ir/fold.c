/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folding: one pass forwards, in which each instruction is replaced by a constant, by one of its
 * operands, by a simpler one, or by one that has computed the same before.
 */
#include "translate/ir/ir.h"

#include <string.h>

enum { HASH_SIZE = 1024 };

static struct folding {
    struct ir *ir;
    ir_ref same[IR_INSNS]; /* what is used instead of a value */
    u16 uses[IR_INSNS];    /* so far, by instructions themselves */
    u16 hash[HASH_SIZE];
} folding;

/* --- looking at operands --- */

static struct ir_insn *insn_of(struct folding *f, ir_ref v)
{
    static struct ir_insn none;
    return v && !ir_is_const(v) ? &f->ir->insn[v] : &none;
}

static bool is_const(const struct folding *f, ir_ref v, u32 value)
{
    return ir_is_const(v) && ir_value(f->ir, v) == value;
}

static u32 value(const struct folding *f, ir_ref v)
{
    return ir_value(f->ir, v);
}

/* A width that the value surely fits, in bits. */
static unsigned width_of(struct folding *f, ir_ref v)
{
    const struct ir_insn *i = insn_of(f, v);

    if (ir_is_const(v))
        return value(f, v) ? 32 - (unsigned)__builtin_clz(value(f, v)) : 0;
    switch (i->op) {
    case IR_cmp:
    case IR_test:
        return 1;
    case IR_zero8:
    case IR_high8:
        return 8;
    case IR_zero16:
        return 16;
    case IR_load:
    case IR_field:
        return i->sign ? 32 : i->size * 8u;
    case IR_shr:
        return ir_is_const(i->operand[1]) ? 32 - (value(f, i->operand[1]) & 31) : 32;
    case IR_and:
        return ir_is_const(i->operand[1]) ? width_of(f, i->operand[1]) : 32;
    default:
        return 32;
    }
}

/* --- changing an instruction --- */

static ir_ref make(struct ir_insn *i, enum ir_op op, ir_ref a, ir_ref b)
{
    i->op = (u8)op;
    i->operand[0] = a;
    i->operand[1] = b;
    return IR_NONE;
}

static ir_ref make_const(struct folding *f, struct ir_insn *i, enum ir_op op, ir_ref a, u32 b)
{
    return make(i, op, a, ir_const(f->ir, b));
}

static void order_operands(struct ir_insn *i)
{
    ir_ref a = i->operand[0];

    if (ir_op_info[i->op].traits & COMMUTES && ir_is_const(a)) {
        i->operand[0] = i->operand[1];
        i->operand[1] = a;
    }
}

/* --- rules: each returns what to use instead, or IR_NONE after changing or leaving it --- */

static ir_ref fold_add(struct folding *f, struct ir_insn *i)
{
    ir_ref a = i->operand[0], b = i->operand[1];
    const struct ir_insn *x = insn_of(f, a), *y = insn_of(f, b);

    if (is_const(f, b, 0))
        return a;
    if (x->op == IR_sub && x->operand[1] == b)
        return x->operand[0];
    if (y->op == IR_sub && y->operand[1] == a)
        return y->operand[0];
    if (!ir_is_const(b))
        return IR_NONE;
    if (x->op != IR_add || !ir_is_const(x->operand[1]))
        return IR_NONE;
    u32 sum = value(f, x->operand[1]) + value(f, b);
    if (sum == 0)
        return x->operand[0];
    return f->uses[a] ? IR_NONE : make_const(f, i, IR_add, x->operand[0], sum);
}

static ir_ref fold_sub(struct folding *f, struct ir_insn *i)
{
    ir_ref a = i->operand[0], b = i->operand[1];
    const struct ir_insn *x = insn_of(f, a);

    if (a == b)
        return ir_const(f->ir, 0);
    if (x->op == IR_add && x->operand[1] == b)
        return x->operand[0];
    if (x->op == IR_add && x->operand[0] == b)
        return x->operand[1];
    if (!ir_is_const(b))
        return IR_NONE;
    make_const(f, i, IR_add, a, -value(f, b));
    return fold_add(f, i);
}

static bool writes_low_byte(const struct ir_insn *i)
{
    return i->op == IR_insert8 || i->op == IR_zero8 || i->op == IR_sign8;
}

static bool writes_low_word(const struct ir_insn *i)
{
    return i->op == IR_insert16 || i->op == IR_zero16 || i->op == IR_sign16;
}

/* A value with the same low byte or word, from before it was extended or inserted. */
static ir_ref low_part(struct folding *f, ir_ref v, unsigned size)
{
    const struct ir_insn *i = insn_of(f, v);

    if ((size == 1 && writes_low_byte(i)) || writes_low_word(i)) {
        ir_ref part = i->op == IR_insert8 || i->op == IR_insert16 ? i->operand[1] : i->operand[0];
        return low_part(f, part, size);
    }
    return v;
}

static ir_ref fold_extension(struct folding *f, struct ir_insn *i)
{
    unsigned size = i->op == IR_zero8 || i->op == IR_sign8 ? 1 : 2;
    bool sign = i->op == IR_sign8 || i->op == IR_sign16;

    if (!sign && width_of(f, i->operand[0]) <= size * 8)
        return i->operand[0];
    if (sign && width_of(f, i->operand[0]) < size * 8)
        return i->operand[0];
    i->operand[0] = low_part(f, i->operand[0], size);
    if (!sign && width_of(f, i->operand[0]) <= size * 8)
        return i->operand[0];
    return IR_NONE;
}

static ir_ref fold_and(struct folding *f, struct ir_insn *i)
{
    ir_ref a = i->operand[0], b = i->operand[1];
    const struct ir_insn *x = insn_of(f, a);

    if (a == b || is_const(f, b, ~0u))
        return a;
    if (is_const(f, b, 0))
        return b;
    if (is_const(f, b, 0xff) || is_const(f, b, 0xffff)) {
        make(i, is_const(f, b, 0xff) ? IR_zero8 : IR_zero16, a, IR_NONE);
        return fold_extension(f, i);
    }
    if (ir_is_const(b) && x->op == IR_and && ir_is_const(x->operand[1]))
        return make_const(f, i, IR_and, x->operand[0], value(f, x->operand[1]) & value(f, b));
    return IR_NONE;
}

static ir_ref fold_or_xor(struct folding *f, struct ir_insn *i)
{
    ir_ref a = i->operand[0], b = i->operand[1];

    if (is_const(f, b, 0))
        return a;
    if (a == b)
        return i->op == IR_or ? a : ir_const(f->ir, 0);
    if (is_const(f, b, ~0u))
        return i->op == IR_or ? b : make(i, IR_not, a, IR_NONE);
    return IR_NONE;
}

static ir_ref fold_shift(struct folding *f, struct ir_insn *i)
{
    ir_ref count = i->operand[i->op == IR_shld || i->op == IR_shrd ? 2 : 1];
    const struct ir_insn *x = insn_of(f, i->operand[0]);

    if (!ir_is_const(count))
        return IR_NONE;
    u32 n = value(f, count) & 31;
    if (n == 0)
        return i->operand[0];
    if (i->op != IR_shl && i->op != IR_shr)
        return IR_NONE;
    if (x->op == i->op && ir_is_const(x->operand[1]) && (value(f, x->operand[1]) & 31) + n < 32)
        return make_const(f, i, (enum ir_op)i->op, x->operand[0],
                          (value(f, x->operand[1]) & 31) + n);
    return IR_NONE;
}

static ir_ref fold_high8(struct folding *f, struct ir_insn *i)
{
    const struct ir_insn *x = insn_of(f, i->operand[0]);

    if (x->op == IR_insert8)
        return make(i, IR_high8, x->operand[0], IR_NONE);
    if (x->op == IR_insert8h) {
        make(i, IR_zero8, x->operand[1], IR_NONE);
        return fold_extension(f, i);
    }
    return IR_NONE;
}

static ir_ref fold_insert(struct folding *f, struct ir_insn *i)
{
    const struct ir_insn *x = insn_of(f, i->operand[0]);

    i->operand[1] = low_part(f, i->operand[1], i->op == IR_insert16 ? 2 : 1);
    if (x->op == i->op || (i->op == IR_insert16 && (x->op == IR_insert8 || x->op == IR_insert8h)))
        i->operand[0] = x->operand[0];
    if (i->op != IR_insert8h && i->operand[0] == i->operand[1])
        return i->operand[0];
    return IR_NONE;
}

/*
 * Is the upper half of its host register zero? Registers that come from templates may have anything
 * there, and instructions that write a part of one leave it.
 */
static bool has_clean_register(struct folding *f, ir_ref v)
{
    switch (insn_of(f, v)->op) {
    case IR_entry:
    case IR_result:
    case IR_insert8:
    case IR_insert8h:
    case IR_insert16:
    case IR_bsf:
    case IR_bsr:
        return false;
    default:
        return !ir_is_const(v);
    }
}

static ir_ref fold_lea(struct folding *f, struct ir_insn *i)
{
    ir_ref *a = &i->operand[0], *b = &i->operand[1];
    const struct ir_insn *x;

    if (ir_is_const(*a) && *b && !ir_is_const(*b) && i->size == 0) {
        ir_ref base = *a;
        *a = *b;
        *b = base;
    }
    if (ir_is_const(*b)) {
        i->imm += value(f, *b) << i->size;
        *b = IR_NONE;
    }
    x = insn_of(f, *b);
    if (*b && x->op == IR_add && ir_is_const(x->operand[1]) && !f->uses[*b]) {
        i->imm += value(f, x->operand[1]) << i->size;
        *b = x->operand[0];
    } else if (*b && i->size == 0 && x->op == IR_shl && ir_is_const(x->operand[1]) &&
               value(f, x->operand[1]) <= 3) {
        i->size = (u8)value(f, x->operand[1]);
        *b = x->operand[0];
    }
    x = insn_of(f, *a);
    if (x->op == IR_add && ir_is_const(x->operand[1]) && !f->uses[*a]) {
        i->imm += value(f, x->operand[1]);
        *a = x->operand[0];
    } else if (x->op == IR_lea && (!x->operand[1] || !*b) && !f->uses[*a]) {
        if (x->operand[1]) {
            *b = x->operand[1];
            i->size = x->size;
        }
        i->imm += x->imm;
        *a = x->operand[0];
    }
    if (ir_is_const(*a) && !*b)
        return ir_const(f->ir, value(f, *a) + i->imm);
    if (!*b && i->imm == 0 && has_clean_register(f, *a))
        return *a;
    return IR_NONE;
}

/* --- comparisons: as values, and of branches --- */

static enum uop_condition swapped(enum uop_condition cc)
{
    switch (cc) {
    case IF_below:
        return IF_above;
    case IF_above:
        return IF_below;
    case IF_not_below:
        return IF_not_above;
    case IF_not_above:
        return IF_not_below;
    case IF_less:
        return IF_greater;
    case IF_greater:
        return IF_less;
    case IF_not_less:
        return IF_not_greater;
    case IF_not_greater:
        return IF_not_less;
    default:
        return cc;
    }
}

static bool is_equality(u8 cc)
{
    return cc == IF_equal || cc == IF_not_equal;
}

static bool is_sign(u8 cc)
{
    return cc == IF_negative || cc == IF_not_negative;
}

/* Equality or an order: swapped() knows what it is of operands that have changed places. */
static bool can_swap(u8 cc)
{
    return cc < COMPARE_CONDITIONS && !is_sign(cc);
}

/* A condition on operands, apart from what is done with it. */
struct condition {
    bool test;
    u8 cc;
    ir_ref a, b;
};

static bool simplify_compare(struct folding *f, struct condition *c)
{
    if (ir_is_const(c->a) && !ir_is_const(c->b) && can_swap(c->cc)) {
        *c = (struct condition){false, (u8)swapped((enum uop_condition)c->cc), c->b, c->a};
        return true;
    }
    if (is_const(f, c->b, 0) && !(c->cc >= IF_below && c->cc <= IF_not_above)) {
        *c = (struct condition){true, c->cc, c->a, c->a};
        return true;
    }
    return false;
}

static bool simplify_test(struct folding *f, struct condition *c)
{
    const struct ir_insn *x = insn_of(f, c->a);

    if (c->a != c->b) {
        if (is_const(f, c->b, 1) && x->op == IR_shr && ir_is_const(x->operand[1]) &&
            is_equality(c->cc)) {
            c->b = ir_const(f->ir, 1u << (value(f, x->operand[1]) & 31));
            c->a = x->operand[0];
            return true;
        }
        return false;
    }
    if (x->op == IR_and) {
        c->a = x->operand[0];
        c->b = x->operand[1];
        return true;
    }
    if (x->op == IR_sub && (is_equality(c->cc) || is_sign(c->cc))) {
        *c = (struct condition){false, c->cc, x->operand[0], x->operand[1]};
        return true;
    }
    if ((x->op == IR_cmp || x->op == IR_test) && is_equality(c->cc)) {
        u8 invert = c->cc == IF_equal;
        *c = (struct condition){x->op == IR_test, x->cc ^ invert, x->operand[0], x->operand[1]};
        return true;
    }
    return false;
}

static void simplify(struct folding *f, struct condition *c)
{
    while (c->test ? simplify_test(f, c) : simplify_compare(f, c))
        ;
}

static ir_ref fold_condition(struct folding *f, struct ir_insn *i)
{
    bool branch = i->op == IR_branch_cmp || i->op == IR_branch_test;
    struct condition c = {i->op == IR_test || i->op == IR_branch_test, i->cc, i->operand[0],
                          i->operand[1]};

    simplify(f, &c);
    make(i, branch ? c.test ? IR_branch_test : IR_branch_cmp : c.test ? IR_test : IR_cmp, c.a, c.b);
    i->cc = c.cc;
    if (!ir_is_const(c.a) || !ir_is_const(c.b))
        return IR_NONE;
    struct ir_insn as_value = *i;
    as_value.op = c.test ? IR_test : IR_cmp;
    u32 holds = ir_evaluate(&as_value, value(f, c.a), value(f, c.b), 0);
    if (!branch)
        return ir_const(f->ir, holds);
    if (!holds)
        i->op = IR_never;
    return IR_NONE;
}

static ir_ref fold_carry(struct folding *f, struct ir_insn *i)
{
    if (!is_const(f, i->operand[2], 0))
        return IR_NONE;
    i->operand[2] = IR_NONE;
    i->op = i->op == IR_adc ? IR_add : IR_sub;
    order_operands(i);
    return i->op == IR_add ? fold_add(f, i) : fold_sub(f, i);
}

static ir_ref fold_select(struct folding *f, struct ir_insn *i)
{
    if (ir_is_const(i->operand[0]))
        return i->operand[value(f, i->operand[0]) ? 1 : 2];
    return i->operand[1] == i->operand[2] ? i->operand[1] : IR_NONE;
}

/* --- any instruction --- */

static ir_ref fold_rules(struct folding *f, struct ir_insn *i)
{
    switch ((enum ir_op)i->op) {
    case IR_add:
        return fold_add(f, i);
    case IR_sub:
        return fold_sub(f, i);
    case IR_and:
        return fold_and(f, i);
    case IR_or:
    case IR_xor:
        return fold_or_xor(f, i);
    case IR_shl:
    case IR_shr:
    case IR_sar:
    case IR_rol:
    case IR_ror:
    case IR_shld:
    case IR_shrd:
        return fold_shift(f, i);
    case IR_zero8:
    case IR_sign8:
    case IR_zero16:
    case IR_sign16:
        return fold_extension(f, i);
    case IR_high8:
        return fold_high8(f, i);
    case IR_insert8:
    case IR_insert8h:
    case IR_insert16:
        return fold_insert(f, i);
    case IR_lea:
        return fold_lea(f, i);
    case IR_cmp:
    case IR_test:
    case IR_branch_cmp:
    case IR_branch_test:
        return fold_condition(f, i);
    case IR_adc:
    case IR_sbb:
        return fold_carry(f, i);
    case IR_select:
        return fold_select(f, i);
    default:
        return IR_NONE;
    }
}

/* MULH belongs to the one MULL before it. */
static bool is_shared(const struct ir_insn *i)
{
    return ir_op_info[i->op].traits & PURE && i->op != IR_mull && i->op != IR_mulh;
}

static ir_ref fold_constants(struct folding *f, const struct ir_insn *i)
{
    u32 v[IR_OPERANDS];

    for (unsigned n = 0; n < IR_OPERANDS; n++)
        if (i->operand[n] && !ir_is_const(i->operand[n]))
            return IR_NONE;
    if (!is_shared(i))
        return IR_NONE;
    for (unsigned n = 0; n < IR_OPERANDS; n++)
        v[n] = i->operand[n] ? value(f, i->operand[n]) : 0;
    return ir_const(f->ir, ir_evaluate(i, v[0], v[1], v[2]));
}

static bool is_same(const struct ir_insn *a, const struct ir_insn *b)
{
    return a->op == b->op && a->size == b->size && a->cc == b->cc && a->imm == b->imm &&
           memcmp(a->operand, b->operand, sizeof a->operand) == 0;
}

/* One before that computes the same; else remembers this one. */
static ir_ref find_same(struct folding *f, ir_ref number)
{
    const struct ir_insn *i = &f->ir->insn[number];
    u32 h = i->op * 31u + i->imm;

    if (!is_shared(i))
        return IR_NONE;
    for (unsigned n = 0; n < 3; n++)
        h = h * 0x9e3779b1u +
            (ir_is_const(i->operand[n]) ? value(f, i->operand[n]) : i->operand[n]);
    u16 *at = &f->hash[h >> 22 & (HASH_SIZE - 1)];
    if (*at && is_same(&f->ir->insn[*at], i))
        return *at;
    *at = number;
    return IR_NONE;
}

static ir_ref replaced(const struct folding *f, ir_ref v)
{
    return v && !ir_is_const(v) ? f->same[v] : v;
}

static void count_use(void *context, ir_ref v)
{
    struct folding *f = context;
    f->uses[v]++;
}

static void fold_insn(struct folding *f, ir_ref number)
{
    struct ir_insn *i = &f->ir->insn[number];
    ir_ref instead;

    if (i->op ==
        IR_opaque) /* what lives over it is stored and loaded: computing again is cheaper */
        memset(f->hash, 0, sizeof f->hash);
    for (unsigned n = 0; n < IR_OPERANDS; n++)
        i->operand[n] = replaced(f, i->operand[n]);
    order_operands(i);
    if (!(instead = fold_constants(f, i)) && !(instead = fold_rules(f, i)) &&
        !(instead = fold_constants(f, i)))
        instead = find_same(f, number);
    f->same[number] = instead ? instead : number;
    if (instead)
        i->op = IR_none;
    else if (i->op != IR_add) /* a sum that nothing else uses may vanish into the next */
        ir_each_operand(i, count_use, f);
}

/* Each value once: where a place has not changed, it is what the last snapshot that had it has. */
static void fold_snapshots(const struct folding *f)
{
    ir_ref value[IR_PLACES] = {IR_NONE};
    u64 changed = 0; /* since a snapshot had it */

    for (u32 n = 0; n < f->ir->snapshots; n++) {
        struct ir_snapshot *s = &f->ir->snapshot[n];
        changed |= s->changed;
        for (u64 left = s->has & changed; left; left &= left - 1) {
            unsigned place = ir_first_place(left);
            value[place] = replaced(f, s->value[place]);
        }
        changed &= ~s->has;
        memcpy(s->value, value, sizeof s->value);
    }
}

void ir_fold(struct ir *ir)
{
    struct folding *f = &folding;

    f->ir = ir;
    memset(f->hash, 0, sizeof f->hash);
    memset(f->uses, 0, (ir->count + 1) * sizeof *f->uses);
    for (u32 n = 1; n <= ir->count; n++)
        fold_insn(f, (ir_ref)n);
    fold_snapshots(f);
}
