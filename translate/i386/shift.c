/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shifts, rotates, bits. */
#include "translate/i386/decode.h"

static struct operand *destination(struct decoder *d)
{
    return &d->op[0];
}

/*
 * The destination in a location, extended as the shift wants it: a register of 32 bits itself,
 * all else in T1. put() takes it back.
 */
static u8 get(struct decoder *d, struct place *at, bool sign)
{
    struct operand *o = destination(d);

    if (o->kind == OPERAND_MEM) {
        *at = operand_place(d, o->size, true);
        load(d, T1, at, o->size, sign, true);
        return T1;
    }
    return sign ? read_sign(d, o, T1) : read_zero(d, o, T1);
}

static void put(struct decoder *d, struct place at, u8 from)
{
    struct operand *o = destination(d);

    if (o->kind == OPERAND_MEM)
        store(d, &at, from, o->size);
    else
        write_reg(d, o, from);
}

/* --- by helpers: T1 is the operand, T0 the count --- */

static void count_to_t0(struct decoder *d)
{
    if (d->op[1].kind == OPERAND_IMM)
        emit_r(d, UOP_movi, T0, d->op[1].imm & 31);
    else
        emit_rr(d, UOP_mov, T0, ECX);
}

/* The whole operation by a helper that also makes the flags; T0 may be the address meanwhile. */
static void shift_by_helper(struct decoder *d, enum uop_code helper, u32 kind)
{
    struct place at = {0, 0};
    unsigned size = destination(d)->size;
    u8 from = get(d, &at, false);
    bool keep = destination(d)->kind == OPERAND_MEM && at.base == T0;

    if (from != T1)
        emit_rr(d, UOP_mov, T1, from);
    if (keep)
        emit_n(d, UOP_keep_t0, 0, 0);
    count_to_t0(d);
    emit_call(d, helper, size | kind << 4, 0);
    if (keep)
        emit_n(d, UOP_kept_to_t0, 0, 0);
    put(d, at, T1);
}

/* --- by an immediate --- */

static void fuse_shift(struct decoder *d, u8 to, unsigned size)
{
    if (size == 4)
        d->fusion = (struct fusion){FUSE_RESULT, to, to, 4, 0};
}

/* What was shifted but for the last step, from which CF follows. */
static void cc_shift(struct decoder *d, enum shift kind, u8 from, u32 count)
{
    if (count == 1)
        emit_r(d, UOP_cc_src, from, 0);
    else
        emit_r(d, kind == SHIFT_SHL ? UOP_cc_shl : UOP_cc_shr, from, count - 1);
}

static void shift_imm(struct decoder *d, enum shift kind, u32 count)
{
    struct place at = {0, 0};
    unsigned size = destination(d)->size;
    u8 to = get(d, &at, kind == SHIFT_SAR);
    u16 op = kind == SHIFT_SHR ? UOP_shri : kind == SHIFT_SAR ? UOP_sari : UOP_shli;

    cc_shift(d, kind, to, count);
    emit_r(d, op, to, count);
    put(d, at, to);
    emit_r(d, UOP_cc_dst, to, 0);
    mark_flags(d, FLAGS_ALL, sized(kind == SHIFT_SHL ? CC_CARRYB : CC_SHRB, size), CC_NOT_INC);
    fuse_shift(d, to, size);
}

static void rotate_imm(struct decoder *d, enum shift kind, u32 count)
{
    struct place at = {0, 0};
    u8 to = get(d, &at, false);

    emit_r(d, UOP_roli, to, kind == SHIFT_ROL ? count : 32 - count);
    put(d, at, to);
    flags_for_change(d);
    emit_r(d, kind == SHIFT_ROL ? UOP_cc_rol : UOP_cc_ror, to, 0);
    mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
}

/* --- by CL: the flags stay as they are for a count of zero --- */

/* A register of 32 bits: one micro-op, and if somebody reads its flags the helper on a copy. */
static void shift_cl(struct decoder *d, enum shift kind)
{
    static const u16 ops[] = {
        [SHIFT_ROL] = UOP_rol_cl, [SHIFT_ROR] = UOP_ror_cl, [SHIFT_SHL] = UOP_shl_cl,
        [SHIFT_SHR] = UOP_shr_cl, [SHIFT_SAL] = UOP_shl_cl, [SHIFT_SAR] = UOP_sar_cl,
    };
    bool rotate = kind <= SHIFT_ROR;
    u8 to = destination(d)->reg;
    u32 helper_kind = rotate              ? kind == SHIFT_ROR
                      : kind == SHIFT_SHR ? 1
                      : kind == SHIFT_SAR ? 2
                                          : 0;

    emit_rr(d, UOP_mov, T1, to);
    for_flags(d);
    emit_rr(d, UOP_mov, T0, ECX);
    for_flags(d);
    emit_call(d, rotate ? UOP_call_rotate : UOP_call_shift, 4 | helper_kind << 4, 0);
    for_flags(d);
    emit_r(d, (enum uop_code)ops[kind], to, 0);
    mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
}

void t_shift(struct decoder *d)
{
    enum shift kind = (enum shift)d->insn->arg;
    bool by_cl = d->op[1].kind == OPERAND_REG;
    u32 count = d->op[1].imm & 31;
    unsigned size = destination(d)->size;

    if (!by_cl && count == 0) {
        struct place at;
        if (destination(d)->kind == OPERAND_MEM) /* may fault all the same */
            get(d, &at, false);
    } else if (kind == SHIFT_RCL || kind == SHIFT_RCR) {
        shift_by_helper(d, UOP_call_rotate_carry, kind == SHIFT_RCR);
    } else if (kind == SHIFT_ROL || kind == SHIFT_ROR) {
        if (size < 4 || (by_cl && destination(d)->kind == OPERAND_MEM))
            shift_by_helper(d, UOP_call_rotate, kind == SHIFT_ROR);
        else if (by_cl)
            shift_cl(d, kind);
        else
            rotate_imm(d, kind, count);
    } else if (by_cl && (size < 4 || destination(d)->kind == OPERAND_MEM)) {
        shift_by_helper(d, UOP_call_shift, kind == SHIFT_SHR ? 1 : kind == SHIFT_SAR ? 2 : 0);
    } else if (by_cl) {
        shift_cl(d, kind);
    } else {
        shift_imm(d, kind == SHIFT_SAL ? SHIFT_SHL : kind, count);
    }
}

/* --- SHLD, SHRD: arg bit 0 SHRD, bit 1 by CL --- */

static void shift_double_by_helper(struct decoder *d, u32 arg)
{
    struct place at = {0, 0};
    unsigned size = destination(d)->size;
    u8 from = get(d, &at, false);
    bool keep = destination(d)->kind == OPERAND_MEM && at.base == T0;

    if (from != T1)
        emit_rr(d, UOP_mov, T1, from);
    if (keep)
        emit_n(d, UOP_keep_t0, 0, 0);
    if (arg & 2)
        emit_rr(d, UOP_mov, T0, ECX);
    else
        emit_r(d, UOP_movi, T0, d->imm);
    emit_call(d, UOP_call_shift_double, size | (arg & 1) << 4 | (u32)d->op[1].reg << 8, 0);
    if (keep)
        emit_n(d, UOP_kept_to_t0, 0, 0);
    put(d, at, T1);
}

void t_shift_double(struct decoder *d)
{
    static const u16 ops[] = {[SHLD_IMM] = UOP_shldi,
                              [SHRD_IMM] = UOP_shrdi,
                              [SHLD_CL] = UOP_shld_cl,
                              [SHRD_CL] = UOP_shrd_cl};
    u32 arg = d->insn->arg, count = d->imm & 31;
    u8 to = destination(d)->reg, from = d->op[1].reg;

    if (destination(d)->kind == OPERAND_MEM || destination(d)->size < 4) {
        shift_double_by_helper(d, arg);
        return;
    }
    if (arg < SHLD_CL && count == 0)
        return;
    emit_rr(d, UOP_mov, T1, to);
    for_flags(d);
    if (arg & 2)
        emit_rr(d, UOP_mov, T0, ECX);
    else
        emit_r(d, UOP_movi, T0, count);
    for_flags(d);
    emit_call(d, UOP_call_shift_double, 4 | (arg & 1) << 4 | (u32)from << 8, 0);
    for_flags(d);
    emit_rr(d, (enum uop_code)ops[arg], to, from);
    last_uop(d)->imm[0] = count;
    mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
}

/* --- BT, BTS, BTR, BTC --- */

/* CF = cpu->carry; the others stay. */
static void bit_flags(struct decoder *d)
{
    flags_for_change(d);
    emit_n(d, UOP_cc_bit, 0, 0);
    mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
    d->fusion = (struct fusion){FUSE_BIT, NO_LOCATION, NO_LOCATION, 4, 0};
}

static void bit_imm(struct decoder *d, enum bit_op op)
{
    struct place at = {0, 0};
    unsigned size = destination(d)->size;
    u32 number = d->op[1].imm & (size * 8 - 1), bit = 1u << number;
    u8 to = op == BIT_TEST ? read_any(d, destination(d), T1) : get(d, &at, false);

    emit_r(d, UOP_bti, to, number);
    if (op == BIT_SET)
        emit_r(d, UOP_ori, to, bit);
    else if (op == BIT_RESET)
        emit_r(d, UOP_andi, to, ~bit);
    else if (op == BIT_COMPLEMENT)
        emit_r(d, UOP_xori, to, bit);
    if (op != BIT_TEST)
        put(d, at, to);
    bit_flags(d);
}

static void bit_change(struct decoder *d, enum bit_op op, u8 to, u8 number)
{
    static const u16 ops[] = {0, UOP_bts, UOP_btr, UOP_btc};

    emit_rr(d, UOP_bt, to, number);
    if (op != BIT_TEST)
        emit_rr(d, (enum uop_code)ops[op], to, number);
}

static void bit_register(struct decoder *d, enum bit_op op)
{
    struct operand *o = destination(d);
    u8 number = d->op[1].reg;

    if (o->size == 4) {
        bit_change(d, op, o->reg, number);
    } else {
        emit_rr(d, UOP_mov, T0, number);
        emit_r(d, UOP_andi, T0, 15);
        copy_any(d, o, T1);
        bit_change(d, op, T1, T0);
        if (op != BIT_TEST)
            write_reg(d, o, T1);
    }
    bit_flags(d);
}

/* A bit string in memory: the offset may reach beyond the operand, either way. */
static void bit_string(struct decoder *d, enum bit_op op)
{
    u8 number = d->op[1].reg;
    unsigned size = destination(d)->size;
    struct place at = {T0, 0};

    offset_to_t0(d);
    emit_rr(d, size == 2 ? UOP_movsx16 : UOP_mov, T1, number);
    emit_r(d, UOP_sari, T1, size == 2 ? 4 : 5);
    emit_rr(d, size == 2 ? UOP_lea1 : UOP_lea2, T0, T1);
    if (d->adsize == 2)
        emit_n(d, UOP_t0_16, 0, 0);
    segment_t0(d, d->address.segment, size, op != BIT_TEST);
    if (size == 2) {
        emit_call(d, UOP_call_bit_string16, op, number);
        return;
    }
    load(d, T1, &at, 4, false, op != BIT_TEST);
    bit_change(d, op, T1, number);
    if (op != BIT_TEST)
        store(d, &at, T1, 4);
    bit_flags(d);
}

void t_bit(struct decoder *d)
{
    enum bit_op op = (enum bit_op)d->insn->arg;

    if (d->op[1].kind == OPERAND_IMM)
        bit_imm(d, op);
    else if (destination(d)->kind == OPERAND_REG)
        bit_register(d, op);
    else
        bit_string(d, op);
}

/* BSF, BSR: ZF from the source; an empty source leaves the destination alone. */
void t_bit_scan(struct decoder *d)
{
    const struct operand *to = &d->op[0];
    u8 from = read_zero(d, &d->op[1], T1), at = to->size == 4 ? to->reg : T0;

    emit_r(d, UOP_cc_dst, from, 0);
    if (to->size == 2)
        emit_rr(d, UOP_mov, T0, to->reg);
    emit_rr(d, d->insn->arg == SCAN_REVERSE ? UOP_bsr : UOP_bsf, at, from);
    if (to->size == 2)
        write_reg(d, to, T0);
    mark_flags(d, FLAGS_ALL, sized(CC_LOGICB, to->size), CC_NOT_INC);
    if (from != at)
        d->fusion = (struct fusion){FUSE_RESULT, from, from, 4, 0};
}
