/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arithmetic and logic. An operand in memory is loaded for writing first; once that has
 * succeeded the store behind it cannot fault, so flags may be stored in between.
 */
#include "translate/i386/decode.h"

/* The right-hand side of an operation: a location or an immediate. */
struct source {
    u8 location; /* NO_LOCATION: immediate */
    u32 imm;
};

static void emit_source(struct decoder *d, u16 rr, u16 ri, u8 to, struct source b)
{
    if (b.location == NO_LOCATION)
        emit_r(d, ri, to, b.imm);
    else
        emit_rr(d, rr, to, b.location);
}

static void store_cc_src(struct decoder *d, struct source b)
{
    if (b.location == NO_LOCATION)
        emit_n(d, UOP_cc_srci, b.imm, 0);
    else
        emit_r(d, UOP_cc_src, b.location, 0);
}

static void fuse(struct decoder *d, enum fusion_kind kind, u8 a, struct source b, unsigned size)
{
    d->fusion = (struct fusion){kind, a, b.location, (u8)size, b.imm};
}

static void fuse_result(struct decoder *d, u8 a, unsigned size)
{
    if (size == 4)
        d->fusion = (struct fusion){FUSE_RESULT, a, a, 4, 0};
}

/* to = to op b, and what must be stored for its flags before. */
static void alu_op(struct decoder *d, enum alu op, u8 to, struct source b)
{
    switch (op) {
    case ALU_ADD:
        store_cc_src(d, b);
        if (b.location == NO_LOCATION)
            emit_r(d, UOP_addi, to, b.imm);
        else
            emit_rr(d, UOP_add, to, b.location);
        break;
    case ALU_SUB:
        store_cc_src(d, b);
        if (b.location == NO_LOCATION)
            emit_r(d, UOP_addi, to, -b.imm);
        else
            emit_rr(d, UOP_sub, to, b.location);
        break;
    case ALU_ADC:
        carry_in(d);
        emit_source(d, UOP_cc_adc, UOP_cc_adci, to, b);
        emit_source(d, UOP_adc, UOP_adci, to, b);
        break;
    case ALU_SBB:
        carry_in(d);
        emit_source(d, UOP_cc_sbb, UOP_cc_sbbi, to, b);
        emit_source(d, UOP_sbb, UOP_sbbi, to, b);
        break;
    case ALU_AND:
        emit_source(d, UOP_and, UOP_andi, to, b);
        break;
    case ALU_OR:
        emit_source(d, UOP_or, UOP_ori, to, b);
        break;
    case ALU_XOR:
        if (b.location == to)
            emit_r(d, UOP_movi, to, 0);
        else
            emit_source(d, UOP_xor, UOP_xori, to, b);
        break;
    case ALU_CMP:
        break;
    }
}

static void alu_flags(struct decoder *d, enum alu op, u8 result, unsigned size)
{
    static const u8 kinds[] = {
        [ALU_ADD] = CC_ADDB,   [ALU_SUB] = CC_SUBB,  [ALU_ADC] = CC_CARRYB, [ALU_SBB] = CC_CARRYB,
        [ALU_AND] = CC_LOGICB, [ALU_OR] = CC_LOGICB, [ALU_XOR] = CC_LOGICB,
    };
    emit_r(d, UOP_cc_dst, result, 0);
    mark_flags(d, FLAGS_ALL, sized(kinds[op], size), CC_NOT_INC);
}

static bool is_logic(enum alu op)
{
    return op == ALU_AND || op == ALU_OR || op == ALU_XOR;
}

static void alu_memory(struct decoder *d, enum alu op)
{
    const struct operand *dst = &d->op[0], *src = &d->op[1];
    struct place at = operand_place(d, dst->size, true);
    struct source b = {NO_LOCATION, src->imm};
    bool keep = false;

    load(d, T1, &at, dst->size, false, true);
    if (src->kind == OPERAND_REG) {
        keep = at.base == T0 && src->size == 1 && src->reg >= 4;
        if (keep)
            emit_n(d, UOP_keep_t0, 0, 0);
        b.location = read_any(d, src, T0);
    }
    alu_op(d, op, T1, b);
    if (keep)
        emit_n(d, UOP_kept_to_t0, 0, 0);
    store(d, &at, T1, dst->size);
    alu_flags(d, op, T1, dst->size);
    fuse_result(d, T1, dst->size);
}

static void alu_register(struct decoder *d, enum alu op)
{
    const struct operand *dst = &d->op[0], *src = &d->op[1];
    struct source b = {NO_LOCATION, src->imm};
    u8 to = dst->reg;

    if (src->kind != OPERAND_IMM)
        b.location = read_any(d, src, T0);
    if (dst->size < 4) {
        to = T1;
        copy_any(d, dst, T1);
    }
    alu_op(d, op, to, b);
    if (dst->size < 4)
        write_reg(d, dst, T1);
    alu_flags(d, op, to, dst->size);
    if (is_logic(op) && dst->size == 4)
        fuse(d, FUSE_TEST, to, (struct source){to, 0}, 4);
    else if (op == ALU_ADD && dst->size == 4 && b.location != to)
        fuse(d, FUSE_ADD, to, b, 4);
    else
        fuse_result(d, to, dst->size);
}

/* Zero-extended operands of CMP and TEST, in registers that a branch can be fused with. */
static u8 compare_operands(struct decoder *d, struct source *b)
{
    const struct operand *dst = &d->op[0], *src = &d->op[1];
    u8 a;

    *b = (struct source){NO_LOCATION, src->imm};
    if (src->kind == OPERAND_MEM) {
        b->location = read_zero(d, src, T1);
        return read_zero(d, dst, T0);
    }
    a = read_zero(d, dst, T1);
    if (src->kind == OPERAND_REG) {
        bool same = dst->kind == OPERAND_REG && dst->reg == src->reg;
        b->location = same ? a : read_zero(d, src, T0);
    }
    return a;
}

static void compare(struct decoder *d)
{
    struct source b;
    unsigned size = d->op[0].size;
    u8 a = compare_operands(d, &b);

    store_cc_src(d, b);
    if (b.location == NO_LOCATION)
        emit_r(d, UOP_cc_subi, a, -b.imm);
    else
        emit_rr(d, UOP_cc_sub, a, b.location);
    mark_flags(d, FLAGS_ALL, sized(CC_SUBB, size), CC_NOT_INC);
    fuse(d, FUSE_COMPARE, a, b, size);
}

void t_alu(struct decoder *d)
{
    enum alu op = (enum alu)d->insn->arg;

    if (op == ALU_CMP)
        compare(d);
    else if (d->op[0].kind == OPERAND_MEM)
        alu_memory(d, op);
    else
        alu_register(d, op);
}

void t_test(struct decoder *d)
{
    struct source b;
    unsigned size = d->op[0].size;
    u8 a = compare_operands(d, &b);

    emit_source(d, UOP_cc_and, UOP_cc_andi, a, b);
    mark_flags(d, FLAGS_ALL, sized(CC_LOGICB, size), CC_NOT_INC);
    fuse(d, FUSE_TEST, a, b, size);
}

/*
 * One operand, read, changed, written: the location it is in meanwhile. After it, the operand
 * goes back by unary_write.
 */
static u8 unary_read(struct decoder *d, struct place *at)
{
    const struct operand *o = &d->op[0];

    if (o->kind == OPERAND_MEM) {
        *at = operand_place(d, o->size, true);
        load(d, T1, at, o->size, false, true);
        return T1;
    }
    if (o->size == 4)
        return o->reg;
    copy_zero(d, o, T1);
    return T1;
}

static void unary_write(struct decoder *d, struct place at, u8 from)
{
    const struct operand *o = &d->op[0];

    if (o->kind == OPERAND_MEM)
        store(d, &at, from, o->size);
    else
        write_reg(d, o, from);
}

void t_inc(struct decoder *d)
{
    struct place at;
    unsigned size = d->op[0].size;
    u8 to = unary_read(d, &at);

    emit_r(d, UOP_addi, to, d->insn->arg == DECREMENT ? ~0u : 1);
    unary_write(d, at, to);
    emit_r(d, UOP_cc_inc, to, 0);
    mark_flags(d, FLAGS_OTHERS, d->cc, sized(d->insn->arg == DECREMENT ? CC_DECB : CC_INCB, size));
    fuse_result(d, to, size);
}

void t_not(struct decoder *d)
{
    struct place at;
    u8 to = unary_read(d, &at);

    emit_r(d, UOP_not, to, 0);
    unary_write(d, at, to);
}

void t_neg(struct decoder *d)
{
    struct place at;
    unsigned size = d->op[0].size;
    u8 to = unary_read(d, &at);

    emit_r(d, UOP_cc_src, to, 0);
    emit_r(d, UOP_neg, to, 0);
    unary_write(d, at, to);
    emit_r(d, UOP_cc_dst, to, 0);
    mark_flags(d, FLAGS_ALL, sized(CC_SUBB, size), CC_NOT_INC);
    fuse_result(d, to, size);
}

/* --- multiplication, division --- */

static struct operand accumulator(unsigned size)
{
    return (struct operand){.kind = OPERAND_REG, .size = (u8)size, .reg = EAX};
}

/* AX = AL * T1, or DX:AX = AX * T1. */
static void multiply_small(struct decoder *d, bool is_signed, unsigned size)
{
    static const struct operand dx = {.kind = OPERAND_REG, .size = 2, .reg = EDX};
    struct operand a = accumulator(size), ax = accumulator(2);

    emit_rr(d,
            is_signed ? (size == 1 ? UOP_movsx8 : UOP_movsx16)
                      : (size == 1 ? UOP_movzx8 : UOP_movzx16),
            T0, a.reg);
    emit_rr(d, UOP_mul, T1, T0);
    emit_n(d, is_signed ? UOP_cc_smul : UOP_cc_umul, size * 8, 0);
    write_reg(d, &ax, T1);
    if (size == 2) {
        emit_r(d, UOP_shri, T1, 16);
        write_reg(d, &dx, T1);
    }
}

void t_mul(struct decoder *d)
{
    bool is_signed = d->insn->arg == SIGNED;
    unsigned size = d->op[0].size;
    u8 from = is_signed ? read_sign(d, &d->op[0], T1) : read_zero(d, &d->op[0], T1);

    if (from != T1)
        emit_rr(d, UOP_mov, T1, from);
    if (size == 4) {
        emit_n(d, is_signed ? UOP_imul32 : UOP_mul32, 0, 0);
        emit_n(d, is_signed ? UOP_cc_imul32 : UOP_cc_mul32, 0, 0);
    } else {
        multiply_small(d, is_signed, size);
    }
    mark_flags(d, FLAGS_ALL, sized(CC_CARRYB, size), CC_NOT_INC);
}

static void imul32(struct decoder *d, u8 to, u8 a, struct source b)
{
    emit_rr(d, UOP_mov, T0, a);
    for_flags(d);
    if (b.location != T1)
        emit_source(d, UOP_mov, UOP_movi, T1, b);
    if (b.location != T1)
        for_flags(d);
    emit_n(d, UOP_cc_imul_t0_t1, 0, 0);
    if (to != a)
        emit_rr(d, UOP_mov, to, a);
    emit_source(d, UOP_mul, UOP_muli, to, b);
}

void t_imul(struct decoder *d)
{
    const struct operand *to = &d->op[0], *o = &d->op[1];
    bool three = d->insn->arg == THREE_OPERANDS;

    if (to->size == 4 && three) {
        u8 a = read_any(d, o, T1);
        if (a == T1) { /* from memory: T1 is the flags' second operand */
            emit_rr(d, UOP_mov, to->reg, T1);
            a = to->reg;
        }
        imul32(d, to->reg, a, (struct source){NO_LOCATION, d->imm});
    } else if (to->size == 4) {
        imul32(d, to->reg, to->reg, (struct source){read_any(d, o, T1), 0});
    } else {
        u8 a = read_sign(d, o, T1);
        if (three)
            emit_r(d, UOP_movi, T0, (u32)(s16)d->imm);
        else
            emit_rr(d, UOP_movsx16, T0, to->reg);
        emit_rr(d, UOP_mul, a, T0);
        emit_n(d, UOP_cc_smul, 16, 0);
        write_reg(d, to, T1);
    }
    mark_flags(d, FLAGS_ALL, sized(CC_CARRYB, to->size), CC_NOT_INC);
}

void t_div(struct decoder *d)
{
    bool is_signed = d->insn->arg == SIGNED;
    unsigned size = d->op[0].size;

    copy_zero(d, &d->op[0], T1);
    if (size != 4) {
        emit_call(d, is_signed ? UOP_call_idiv : UOP_call_div, size, 0);
        return;
    }
    emit_n(d, is_signed ? UOP_idiv32 : UOP_div32, 0, 0);
    last_uop(d)->arg = size;
}

/* AX = AL extended, EAX = AX extended: CBW, CWDE. */
void t_cwde(struct decoder *d)
{
    struct operand ax = accumulator(2);

    if (d->opsize == 4) {
        emit_rr(d, UOP_movsx16, EAX, EAX);
    } else {
        emit_rr(d, UOP_movsx8, T1, EAX);
        write_reg(d, &ax, T1);
    }
}

/* DX or EDX = the sign of AX or EAX: CWD, CDQ. */
void t_cdq(struct decoder *d)
{
    if (d->opsize == 4) {
        emit_n(d, UOP_cdq, 0, 0);
    } else {
        emit_rr(d, UOP_movsx16, T1, EAX);
        emit_r(d, UOP_shri, T1, 16);
        emit_rr(d, UOP_insert16, EDX, T1);
    }
}

void t_decimal(struct decoder *d)
{
    static const u16 helpers[] = {
        [DAA] = UOP_call_daa, [DAS] = UOP_call_das, [AAA] = UOP_call_aaa,
        [AAS] = UOP_call_aas, [AAM] = UOP_call_aam, [AAD] = UOP_call_aad,
    };
    emit_call(d, (enum uop_code)helpers[d->insn->arg], d->imm, 0);
}

/* --- exchanges --- */

void t_xchg(struct decoder *d)
{
    const struct operand *a = &d->op[0], *b = &d->op[1];

    if (a->kind == OPERAND_REG && a->size == 4) {
        if (a->reg != b->reg)
            emit_rr(d, UOP_xchg, a->reg, b->reg);
    } else if (a->kind == OPERAND_REG) {
        copy_zero(d, a, T0);
        copy_zero(d, b, T1);
        write_reg(d, a, T1);
        write_reg(d, b, T0);
    } else {
        struct place at = operand_place(d, a->size, true);
        load(d, T1, &at, a->size, false, true);
        emit_n(d, UOP_keep_t1, 0, 0);
        if (a->size == 1 && b->reg >= 4) {
            emit_rr(d, UOP_movzx8h, T1, b->reg & 3);
            store(d, &at, T1, 1);
        } else {
            store(d, &at, b->reg, a->size);
        }
        emit_n(d, UOP_kept_to_t1, 0, 0);
        write_reg(d, b, T1);
    }
}

void t_xadd(struct decoder *d)
{
    const struct operand *dst = &d->op[0], *src = &d->op[1];
    struct place at;
    u8 to = unary_read(d, &at), b;
    bool memory = dst->kind == OPERAND_MEM, high = src->size == 1 && src->reg >= 4;

    if (to != T1)
        emit_rr(d, UOP_mov, T1, to);
    emit_n(d, UOP_keep_t1, 0, 0);
    if (memory && high) { /* T0 may be the address: add the high byte through the register */
        emit_r(d, UOP_roli, src->reg & 3, 24);
        emit_rr(d, UOP_add, T1, src->reg & 3);
        emit_r(d, UOP_cc_src, src->reg & 3, 0);
        emit_r(d, UOP_roli, src->reg & 3, 8);
    } else {
        b = read_any(d, src, T0);
        emit_r(d, UOP_cc_src, b, 0);
        emit_rr(d, UOP_add, T1, b);
    }
    emit_r(d, UOP_cc_dst, T1, 0);
    if (memory)
        store(d, &at, T1, dst->size);
    emit_n(d, UOP_kept_to_t0, 0, 0);
    write_reg(d, src, T0);
    if (!memory)
        write_reg(d, dst, T1);
    mark_flags(d, FLAGS_ALL, sized(CC_ADDB, dst->size), CC_NOT_INC);
}

/* T1 is the destination's old value: it becomes the new one, and the flags are as CMP leaves them.
 */
void t_cmpxchg(struct decoder *d)
{
    const struct operand *dst = &d->op[0], *src = &d->op[1];
    struct operand a = accumulator(dst->size);
    bool high = src->size == 1 && src->reg >= 4;
    struct place at;
    u8 to = unary_read(d, &at);

    if (to != T1)
        emit_rr(d, UOP_mov, T1, to);
    emit_n(d, UOP_keep_t1, 0, 0);
    emit_r(d,
           dst->size == 4   ? UOP_cmpxchg32
           : dst->size == 2 ? UOP_cmpxchg16
           : high           ? UOP_cmpxchg8h
                            : UOP_cmpxchg8,
           high ? src->reg & 3 : src->reg, 0);
    if (dst->kind == OPERAND_MEM)
        store(d, &at, T1, dst->size);
    emit_n(d, UOP_kept_to_t0, 0, 0);
    emit_r(d, UOP_cc_src, T0, 0);
    emit_rr(d, UOP_cc_sub, EAX, T0);
    write_reg(d, &a, T0);
    if (dst->kind == OPERAND_REG)
        write_reg(d, dst, T1);
    mark_flags(d, FLAGS_ALL, sized(CC_SUBB, dst->size), CC_NOT_INC);
}

void t_cmpxchg8b(struct decoder *d)
{
    offset_to_t0(d);
    segment_t0(d, d->address.segment, 8, true);
    emit_call(d, UOP_call_cmpxchg8b, 0, 0);
}

void t_bswap(struct decoder *d)
{
    if (d->opsize == 4)
        emit_r(d, UOP_bswap, d->op[0].reg, 0);
    else /* undefined; processors clear the word */
        emit_r(d, UOP_andi, d->op[0].reg, 0xffff0000u);
}

/* --- flags as such --- */

void t_carry_flag(struct decoder *d)
{
    static const u16 ops[] = {[CLC] = UOP_clc, [STC] = UOP_stc, [CMC] = UOP_cmc};

    flags_for_change(d);
    emit_n(d, (enum uop_code)ops[d->insn->arg], 0, 0);
    mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
}

void t_direction(struct decoder *d)
{
    emit_n(d, d->insn->arg == DOWNWARDS ? UOP_std : UOP_cld, 0, 0);
}

void t_sahf(struct decoder *d)
{
    flags_for_change(d);
    emit_n(d, UOP_sahf, 0, 0);
    mark_flags(d, FLAGS_ALL, CC_EFLAGS, CC_NOT_INC);
}

void t_lahf(struct decoder *d)
{
    if (d->cc != CC_EFLAGS || d->inc != CC_NOT_INC)
        emit_call(d, UOP_call_flags, 0, 0);
    emit_n(d, UOP_lahf, 0, 0);
}

/* AL = CF ? FFh : 0 (undocumented). */
void t_salc(struct decoder *d)
{
    set_if(d, COND_B);
    emit_r(d, UOP_neg, T0, 0);
    emit_rr(d, UOP_insert8, EAX, T0);
}
