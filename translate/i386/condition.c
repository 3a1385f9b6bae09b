/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conditions: fused with the compare or test before them where its operands are still in
 * registers, else a predicate over the stored flags, chosen by what they were stored as.
 */
#include "translate/i386/decode.h"

/* --- fused --- */

/* What a condition becomes: a branch, or T0. */
enum answer { BRANCH_IF, SET_IF };

/*
 * By condition: what it asks of the two that are compared; and of a & b, where CF and OF are clear:
 * below never, below or equal as zero, less as sign.
 */
enum { NO_CONDITION = COMPARE_CONDITIONS };
/* clang-format off */
static const u8 of_difference[16] = {
    NO_CONDITION, NO_CONDITION, IF_below, IF_not_below,
    IF_equal, IF_not_equal, IF_not_above, IF_above,
    IF_negative, IF_not_negative, NO_CONDITION, NO_CONDITION,
    IF_less, IF_not_less, IF_not_greater, IF_greater,
};
static const u8 of_common_bits[16] = {
    NO_CONDITION, NO_CONDITION, NO_CONDITION, NO_CONDITION,
    IF_equal, IF_not_equal, IF_equal, IF_not_equal,
    IF_negative, IF_not_negative, NO_CONDITION, NO_CONDITION,
    IF_negative, IF_not_negative, IF_not_greater, IF_greater,
};
/* clang-format on */
/* On two registers, and on one and a number. */
static const u16 compare_ops[][2] = {
    [BRANCH_IF] = {UOP_cmp_j, UOP_cmpi_j},
    [SET_IF] = {UOP_cmp_set, UOP_cmpi_set},
};
static const u16 test_ops[][2] = {
    [BRANCH_IF] = {UOP_test_j, UOP_testi_j},
    [SET_IF] = {UOP_test_set, UOP_testi_set},
};
static const u16 bit_ops[][2] = {
    [BRANCH_IF] = {UOP_j_bit_set, UOP_j_bit_clear},
    [SET_IF] = {UOP_set_bit_set, UOP_set_bit_clear},
};

static bool is_signed_condition(enum condition c)
{
    return c >= COND_L || c == COND_S || c == COND_NS;
}

static u32 sign_extend(u32 value, unsigned size)
{
    return size == 1 ? (u32)(s8)value : size == 2 ? (u32)(s16)value : value;
}

/* Small operands are zero-extended in T0, T1: signed conditions want them sign-extended. */
static void extend_operands(struct decoder *d, struct fusion *f)
{
    enum uop_code extend = f->size == 1 ? UOP_movsx8 : UOP_movsx16;

    if (f->size == 4)
        return;
    emit_rr(d, extend, f->d, f->d);
    if (f->b == NO_LOCATION)
        f->imm = sign_extend(f->imm, f->size);
    else if (f->b != f->d)
        emit_rr(d, extend, f->b, f->b);
}

/* A micro-op, and its condition if it compares. */
struct question {
    u16 op;
    u8 condition;
};

static void ask(struct decoder *d, struct question q, const struct fusion *f, u32 target)
{
    struct uop *u;

    emit_rr(d, (enum uop_code)q.op, f->d, f->b);
    u = last_uop(d);
    u->condition = q.condition;
    u->to.imm = f->imm;
    u->to.target = target;
}

static bool is_about_carry(enum condition c)
{
    return c == COND_B || c == COND_AE;
}

/* Z and S follow from a result alone. */
static bool is_about_result(enum condition c)
{
    return c == COND_Z || c == COND_NZ || c == COND_S || c == COND_NS;
}

/* How to ask for a condition on what `f` has in registers; NO_CONDITION if it needs more. */
static struct question fused_question(const struct fusion *f, enum condition c, enum answer answer)
{
    bool immediate = f->b == NO_LOCATION;
    struct question compare = {compare_ops[answer][immediate], of_difference[c]};
    struct question test = {test_ops[answer][immediate], of_common_bits[c]};
    struct question nothing = {0, NO_CONDITION};

    switch (f->kind) {
    case FUSE_ADD:
        if (is_about_carry(c))
            return compare;
        /* fallthrough */
    case FUSE_RESULT:
        test.op = test_ops[answer][0];
        return is_about_result(c) ? test : nothing;
    case FUSE_BIT:
        return is_about_carry(c) ? (struct question){bit_ops[answer][c - COND_B], 0} : nothing;
    case FUSE_COMPARE:
        /* SF of a small difference is not the sign of the extended one. */
        return f->size < 4 && (c == COND_S || c == COND_NS) ? nothing : compare;
    case FUSE_TEST:
        return test;
    default:
        return nothing;
    }
}

static bool is_fused(struct decoder *d, enum condition c, enum answer answer, u32 target)
{
    struct fusion f = d->fusion;
    struct question q = fused_question(&f, c, answer);

    if (q.condition == NO_CONDITION)
        return false;
    if (f.kind == FUSE_RESULT || (f.kind == FUSE_ADD && !is_about_carry(c)))
        f.b = f.d;
    if (is_signed_condition(c)) {
        extend_operands(d, &f);
        if (f.size < 4) /* the operands are no longer what the record says */
            d->fusion.kind = FUSE_NONE;
    }
    ask(d, q, &f, target);
    return true;
}

/* --- from stored flags --- */

enum { BY_WIDTH = 3 };
/* The j_ predicates of a result's Z and S; the set_ one is the next micro-op. */
static const u16 result_predicate[4][BY_WIDTH] = {
    {UOP_j_z8, UOP_j_z16, UOP_j_z32},
    {UOP_j_nz8, UOP_j_nz16, UOP_j_nz32},
    {UOP_j_s8, UOP_j_s16, UOP_j_s32},
    {UOP_j_ns8, UOP_j_ns16, UOP_j_ns32},
};
static const u16 sub_predicate[16][BY_WIDTH] = {
    [COND_B] = {UOP_j_sub_b8, UOP_j_sub_b16, UOP_j_sub_b32},
    [COND_AE] = {UOP_j_sub_ae8, UOP_j_sub_ae16, UOP_j_sub_ae32},
    [COND_BE] = {UOP_j_sub_be8, UOP_j_sub_be16, UOP_j_sub_be32},
    [COND_A] = {UOP_j_sub_a8, UOP_j_sub_a16, UOP_j_sub_a32},
    [COND_L] = {UOP_j_sub_l8, UOP_j_sub_l16, UOP_j_sub_l32},
    [COND_GE] = {UOP_j_sub_ge8, UOP_j_sub_ge16, UOP_j_sub_ge32},
    [COND_LE] = {UOP_j_sub_le8, UOP_j_sub_le16, UOP_j_sub_le32},
    [COND_G] = {UOP_j_sub_g8, UOP_j_sub_g16, UOP_j_sub_g32},
};
static const u16 logic_predicate[16][BY_WIDTH] = {
    [COND_BE] = {UOP_j_z8, UOP_j_z16, UOP_j_z32},
    [COND_A] = {UOP_j_nz8, UOP_j_nz16, UOP_j_nz32},
    [COND_L] = {UOP_j_s8, UOP_j_s16, UOP_j_s32},
    [COND_GE] = {UOP_j_ns8, UOP_j_ns16, UOP_j_ns32},
    [COND_LE] = {UOP_j_logic_le8, UOP_j_logic_le16, UOP_j_logic_le32},
    [COND_G] = {UOP_j_logic_g8, UOP_j_logic_g16, UOP_j_logic_g32},
};
static const u16 add_predicate[16][BY_WIDTH] = {
    [COND_B] = {UOP_j_add_b8, UOP_j_add_b16, UOP_j_add_b32},
    [COND_AE] = {UOP_j_add_ae8, UOP_j_add_ae16, UOP_j_add_ae32},
};
static const u16 carry_predicate[16][BY_WIDTH] = {
    [COND_B] = {UOP_j_carry_b8, UOP_j_carry_b16, UOP_j_carry_b32},
    [COND_AE] = {UOP_j_carry_ae8, UOP_j_carry_ae16, UOP_j_carry_ae32},
};
static const u16 flags_predicate[16] = {
    UOP_j_flags_o,  UOP_j_flags_no, UOP_j_flags_b,  UOP_j_flags_ae, UOP_j_flags_z, UOP_j_flags_nz,
    UOP_j_flags_be, UOP_j_flags_a,  UOP_j_flags_s,  UOP_j_flags_ns, UOP_j_flags_p, UOP_j_flags_np,
    UOP_j_flags_l,  UOP_j_flags_ge, UOP_j_flags_le, UOP_j_flags_g,
};

/* The predicate for flags stored as `cc`; 0 if there is none. */
static u16 stored_predicate(u8 cc, enum condition c)
{
    unsigned width = (cc - CC_ADDB) % 3;

    if (c == COND_Z || c == COND_NZ)
        return result_predicate[c - COND_Z][width];
    if (c == COND_S || c == COND_NS)
        return result_predicate[2 + c - COND_S][width];
    if (c == COND_P || c == COND_NP)
        return c == COND_P ? UOP_j_p : UOP_j_np;
    if (cc >= CC_SHRB) /* CF is where it is in EFLAGS */
        return is_about_carry(c) ? flags_predicate[c] : 0;
    if (cc >= CC_CARRYB)
        return carry_predicate[c][width];
    if (cc >= CC_LOGICB)
        return logic_predicate[c][width];
    if (cc >= CC_SUBB)
        return sub_predicate[c][width];
    return add_predicate[c][width];
}

/* The j_ predicate that answers a condition now, after bringing the flags into shape for it. */
static u16 predicate(struct decoder *d, enum condition c)
{
    bool plain = d->cc != CC_UNKNOWN && d->cc != CC_EFLAGS &&
                 (d->inc == CC_NOT_INC || ((c == COND_B || c == COND_AE) && d->inc != CC_UNKNOWN));
    u16 op = plain ? stored_predicate(d->cc, c) : 0;

    if (op)
        return op;
    if (d->cc != CC_EFLAGS || d->inc != CC_NOT_INC)
        emit_call(d, UOP_call_flags, 0, 0);
    return flags_predicate[c];
}

void branch_if(struct decoder *d, enum condition c, u32 target)
{
    if (!is_fused(d, c, BRANCH_IF, target))
        emit_n(d, (enum uop_code)predicate(d, c), 0, target);
}

void set_if(struct decoder *d, enum condition c)
{
    if (!is_fused(d, c, SET_IF, 0))
        emit_n(d, (enum uop_code)(predicate(d, c) + 1), 0, 0);
}

void carry_in(struct decoder *d)
{
    static const u16 ops[CC_OPS] = {
        [CC_EFLAGS] = UOP_carry_flags,  [CC_ADDB] = UOP_carry_addb,
        [CC_ADDW] = UOP_carry_addw,     [CC_ADDL] = UOP_carry_addl,
        [CC_SUBB] = UOP_carry_subb,     [CC_SUBW] = UOP_carry_subw,
        [CC_SUBL] = UOP_carry_subl,     [CC_LOGICB] = UOP_carry_zero,
        [CC_LOGICW] = UOP_carry_zero,   [CC_LOGICL] = UOP_carry_zero,
        [CC_CARRYB] = UOP_carry_carryb, [CC_CARRYW] = UOP_carry_carryw,
        [CC_CARRYL] = UOP_carry_carryl, [CC_SHRB] = UOP_carry_flags,
        [CC_SHRW] = UOP_carry_flags,    [CC_SHRL] = UOP_carry_flags,
    };
    const struct fusion *f = &d->fusion;

    if (f->kind == FUSE_ADD || f->kind == FUSE_COMPARE) {
        if (f->b == NO_LOCATION)
            emit_r(d, UOP_carry_belowi, f->d, f->imm);
        else
            emit_rr(d, UOP_carry_below, f->d, f->b);
        return;
    }
    if (d->cc == CC_UNKNOWN)
        emit_call(d, UOP_call_flags, 0, 0);
    emit_n(d, (enum uop_code)ops[d->cc], 0, 0);
}

void flags_for_change(struct decoder *d)
{
    static const u16 ops[CC_OPS] = {
        [CC_ADDL] = UOP_eflags_addl,
        [CC_SUBL] = UOP_eflags_subl,
        [CC_LOGICL] = UOP_eflags_logicl,
        [CC_CARRYL] = UOP_eflags_carryl,
    };

    if (d->inc == CC_NOT_INC && d->cc == CC_EFLAGS)
        return;
    if (d->inc == CC_NOT_INC && d->cc < CC_OPS && ops[d->cc]) {
        emit_n(d, (enum uop_code)ops[d->cc], 0, 0);
    } else {
        emit_call(d, UOP_call_flags, 0, 0);
        for_flags(d);
    }
}

/* --- the instructions --- */

/* Was the last that this block has put in a register a number of one byte? */
static bool is_byte(const struct decoder *d, u8 reg)
{
    for (u32 i = d->s->count; i-- > 0;) {
        const struct uop *u = &d->s->uops[i];
        if (!uop_is_mark(u) && uop_writes(u) & 1u << reg)
            return u->op == UOP_movi && u->imm[0] <= 0xff;
    }
    return false;
}

/* Compilers clear the register before: then all of it may be written, which is only a move. */
void t_setcc(struct decoder *d)
{
    const struct operand *to = &d->op[0];

    set_if(d, (enum condition)(d->opcode & 15));
    if (to->kind == OPERAND_MEM)
        emit_rr(d, UOP_mov, T1, T0);
    if (to->kind == OPERAND_REG && to->reg < 4 && is_byte(d, to->reg))
        emit_rr(d, UOP_mov, to->reg, T0);
    else
        write_operand(d, to, to->kind == OPERAND_MEM ? T1 : T0);
}

void t_cmov(struct decoder *d)
{
    const struct operand *to = &d->op[0];
    enum condition c = (enum condition)(d->opcode & 15);
    u8 from = read_any(d, &d->op[1], T1);

    if (to->size == 2) { /* the whole register as it would be */
        emit_rr(d, UOP_mov, T0, to->reg);
        emit_rr(d, UOP_insert16, T0, from);
        emit_rr(d, UOP_mov, T1, T0);
        from = T1;
    }
    set_if(d, c);
    emit_rr(d, UOP_cmov, to->reg, from);
}
