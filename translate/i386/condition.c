/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conditions: fused with the compare or test before them where its operands are still in
 * registers, else a predicate over the stored flags, chosen by what they were stored as.
 */
#include "translate/i386/decode.h"

enum { NO_OP = 0xffff };

/* --- fused --- */

/* By condition: the branch after a comparison of two registers; the next entry is for immediates.
 */
#define COMPARE_BRANCHES(name)                                                                     \
    {                                                                                              \
        [COND_B] = UOP_##name##_jb, [COND_AE] = UOP_##name##_jae, [COND_Z] = UOP_##name##_jz,      \
        [COND_NZ] = UOP_##name##_jnz, [COND_BE] = UOP_##name##_jbe, [COND_A] = UOP_##name##_ja,    \
        [COND_S] = UOP_##name##_js, [COND_NS] = UOP_##name##_jns, [COND_L] = UOP_##name##_jl,      \
        [COND_GE] = UOP_##name##_jge, [COND_LE] = UOP_##name##_jle, [COND_G] = UOP_##name##_jg,    \
    }
/* CF and OF are clear: below never, below or equal as zero, less as sign. */
#define TEST_BRANCHES(name)                                                                        \
    {                                                                                              \
        [COND_Z] = UOP_##name##_jz, [COND_NZ] = UOP_##name##_jnz, [COND_BE] = UOP_##name##_jz,     \
        [COND_A] = UOP_##name##_jnz, [COND_S] = UOP_##name##_js, [COND_NS] = UOP_##name##_jns,     \
        [COND_L] = UOP_##name##_js, [COND_GE] = UOP_##name##_jns, [COND_LE] = UOP_##name##_jle,    \
        [COND_G] = UOP_##name##_jg,                                                                \
    }
static const u16 compare_branch[2][16] = {COMPARE_BRANCHES(cmp), COMPARE_BRANCHES(cmpi)};
static const u16 test_branch[2][16] = {TEST_BRANCHES(test), TEST_BRANCHES(testi)};

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

static void emit_branch(struct decoder *d, enum uop_code op, u8 a, u8 b, u32 imm, u32 target)
{
    struct uop *u = emit_uop(d, op);
    u->d = a;
    u->b = b;
    u->p[0] = imm;
    u->p[1] = target;
}

/* A condition on a result that is still in a register, as a test of it; NO_OP if it needs more. */
static u16 result_branch(enum condition c)
{
    switch (c) {
    case COND_Z:
        return UOP_test_jz;
    case COND_NZ:
        return UOP_test_jnz;
    case COND_S:
        return UOP_test_js;
    case COND_NS:
        return UOP_test_jns;
    default:
        return NO_OP;
    }
}

static bool branch_fused(struct decoder *d, enum condition c, u32 target)
{
    struct fusion f = d->fusion;
    u16 op;

    switch (f.kind) {
    case FUSE_NONE:
        return false;
    case FUSE_ADD:
        if (c == COND_B || c == COND_AE) {
            op = compare_branch[f.b == NO_LOCATION][c];
            break;
        }
        /* fallthrough */
    case FUSE_RESULT:
        op = result_branch(c);
        if (op == NO_OP)
            return false;
        emit_branch(d, (enum uop_code)op, f.d, f.d, 0, target);
        return true;
    case FUSE_BIT:
        if (c != COND_B && c != COND_AE)
            return false;
        emit_branch(d, c == COND_B ? UOP_j_bit_set : UOP_j_bit_clear, 0, 0, 0, target);
        return true;
    case FUSE_COMPARE:
        op = compare_branch[f.b == NO_LOCATION][c];
        /* SF of a small difference is not the sign of the extended one. */
        if (f.size < 4 && (c == COND_S || c == COND_NS))
            return false;
        break;
    default:
        op = test_branch[f.b == NO_LOCATION][c];
        break;
    }
    if (op == 0)
        return false;
    if (is_signed_condition(c)) {
        extend_operands(d, &f);
        if (f.size < 4) /* the operands are no longer what the record says */
            d->fusion.kind = FUSE_NONE;
    }
    emit_branch(d, (enum uop_code)op, f.d, f.b, f.imm, target);
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
    if (!branch_fused(d, c, target))
        emit_branch(d, (enum uop_code)predicate(d, c), 0, 0, 0, target);
}

static bool set_fused(struct decoder *d, enum condition c)
{
    static const u16 ops[] = {UOP_set_z, UOP_set_nz};
    const struct fusion *f = &d->fusion;
    bool same_register = f->kind == FUSE_TEST && f->b == f->d && f->size == 4;

    if (f->kind == FUSE_BIT && (c == COND_B || c == COND_AE)) {
        emit_n(d, c == COND_B ? UOP_set_bit_set : UOP_set_bit_clear, 0, 0);
        return true;
    }
    if (f->kind != FUSE_RESULT && f->kind != FUSE_ADD && !same_register)
        return false;
    if (c == COND_Z || c == COND_NZ)
        emit_r(d, (enum uop_code)ops[c - COND_Z], f->d, 0);
    else if (c == COND_S || c == COND_NS)
        emit_r(d, c == COND_S ? UOP_set_s : UOP_set_ns, f->d, 0);
    else
        return false;
    return true;
}

void set_if(struct decoder *d, enum condition c)
{
    if (!set_fused(d, c))
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
        [CC_CARRYL] = UOP_carry_carryl,
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
    if (d->cc != CC_EFLAGS || d->inc != CC_NOT_INC) {
        emit_call(d, UOP_call_flags, 0, 0);
        for_flags(d);
    }
}

/* --- the instructions --- */

void t_setcc(struct decoder *d)
{
    set_if(d, (enum condition)(d->opcode & 15));
    emit_rr(d, UOP_mov, T1, T0);
    write_operand(d, &d->op[0], T1);
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
