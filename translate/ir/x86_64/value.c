/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the IR's instructions to x86-64's: those that compute values. */
#include "ops/host/codes.h"
#include "translate/ir/x86_64/emit.h"

static void put_move(struct x86 *x, u8 to, u8 from)
{
    if (to != from)
        x86_mov(x, to, from);
}

/* --- values --- */

/* d = a op b, where op is one that takes two registers and leaves the result in the first. */
static void put_alu(struct x86 *x, enum x86_alu op, bool commutes, u8 d, u8 a, u8 b, u32 constant)
{
    if (b == NO_REG) {
        put_move(x, d, a);
        x86_alu_imm(x, op, d, constant);
    } else if (d == b && d != a && commutes) {
        x86_alu(x, op, d, a);
    } else if (d == b && d != a) { /* a - b */
        x86_unary(x, X86_NEG, d);
        x86_alu(x, X86_ADD, d, a);
    } else {
        put_move(x, d, a);
        x86_alu(x, op, d, b);
    }
}

static bool put_add(struct x86 *x, u8 d, u8 a, u8 b, u32 constant)
{
    if (d == a || (b != NO_REG && d == b)) {
        put_alu(x, X86_ADD, true, d, a, b, constant);
        return true;
    }
    x86_lea(x, d, (struct x86_mem){a, b, 0, b == NO_REG ? (s32)constant : 0});
    return false;
}

enum x86_cc cc_of(u8 condition)
{
    return (enum x86_cc)host_code((enum uop_condition)condition);
}

static void put_set(struct x86 *x, enum x86_cc cc, u8 d)
{
    x86_setcc(x, cc, d);
    x86_extend(x, d, d, 1, false);
}

static void put_shift(struct x86 *x, enum x86_shift op, u8 d, u8 a, u32 count)
{
    put_move(x, d, a);
    x86_shift_imm(x, op, d, count & 31);
}

static void put_overflow(struct x86 *x, u8 d, u8 a, u8 b, u32 constant)
{
    if (b == NO_REG) {
        x86_imul_imm(x, d, a, constant);
    } else {
        put_move(x, d, d == b ? b : a);
        x86_imul(x, d, d == b ? a : b);
    }
    put_set(x, CC_O, d);
    x86_shift_imm(x, X86_SHL, d, 31);
}

void put_compare(struct x86 *x, bool test, u8 a, u8 b, u32 constant)
{
    if (test && b == NO_REG)
        x86_test_imm(x, a, constant);
    else if (test)
        x86_test(x, a, b);
    else if (b == NO_REG)
        x86_alu_imm(x, X86_CMP, a, constant);
    else
        x86_alu(x, X86_CMP, a, b);
}

bool put_value(struct x86 *x, const struct ir_insn *i, u8 d, u8 a, u8 b, u32 constant)
{
    switch ((enum ir_op)i->op) {
    case IR_add:
        return put_add(x, d, a, b, constant);
    case IR_sub:
        put_alu(x, X86_SUB, false, d, a, b, constant);
        return true;
    case IR_and:
        put_alu(x, X86_AND, true, d, a, b, constant);
        return true;
    case IR_or:
        put_alu(x, X86_OR, true, d, a, b, constant);
        return true;
    case IR_xor:
        put_alu(x, X86_XOR, true, d, a, b, constant);
        return true;
    case IR_shl:
        put_shift(x, X86_SHL, d, a, constant);
        return false;
    case IR_shr:
        put_shift(x, X86_SHR, d, a, constant);
        return false;
    case IR_sar:
        put_shift(x, X86_SAR, d, a, constant);
        return false;
    case IR_not:
        put_move(x, d, a);
        x86_unary(x, X86_NOT, d);
        return false;
    case IR_neg:
        put_move(x, d, a);
        x86_unary(x, X86_NEG, d);
        return true;
    case IR_zero8:
    case IR_sign8:
        x86_extend(x, d, a, 1, i->op == IR_sign8);
        return false;
    case IR_zero16:
    case IR_sign16:
        x86_extend(x, d, a, 2, i->op == IR_sign16);
        return false;
    case IR_imulover:
        put_overflow(x, d, a, b, constant);
        return false;
    default: /* IR_cmp, IR_test */
        put_compare(x, i->op == IR_test, a, b, constant);
        put_set(x, cc_of(i->cc), d);
        return false;
    }
}

/* --- hot code --- */

struct source source_of(struct emitter *e, ir_ref v)
{
    if (ir_is_const(v))
        return (struct source){NO_REG, ir_value(e->ir, v)};
    return (struct source){ra_get(&e->ra, v), 0};
}

static void emit_simple(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), d;
    struct source b = {NO_REG, 0};

    if (i->operand[1])
        b = source_of(e, i->operand[1]);
    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);
    if (put_value(&e->x, i, d, a, b.reg, b.constant))
        e->flags = (ir_ref)n;
    else if (i->op != IR_add)
        e->flags = IR_NONE;
}

/* A count in CL, which the instruction does not change. */
static void get_count(struct emitter *e, ir_ref v)
{
    if (e->ra.reg[v] == RCX)
        ra_get(&e->ra, v);
    else
        ra_get_in(&e->ra, v, RCX);
}

static void emit_variable_shift(struct emitter *e, u32 n, const struct ir_insn *i)
{
    static const u8 ops[] = {[IR_shl] = X86_SHL,
                             [IR_shr] = X86_SHR,
                             [IR_sar] = X86_SAR,
                             [IR_rol] = X86_ROL,
                             [IR_ror] = X86_ROR};
    enum x86_shift op = (enum x86_shift)ops[i->op];
    u8 a, d;

    if (!ir_is_const(i->operand[1])) {
        get_count(e, i->operand[1]);
        a = ra_get(&e->ra, i->operand[0]);
        d = ra_define(&e->ra, (ir_ref)n, ALL_REGS & ~reg_bit(RCX));
        put_move(&e->x, d, a);
        x86_shift_cl(&e->x, op, d);
        return;
    }
    a = ra_get(&e->ra, i->operand[0]);
    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);
    put_shift(&e->x, op, d, a, ir_value(e->ir, i->operand[1]));
}

static void emit_shift_double(struct emitter *e, u32 n, const struct ir_insn *i)
{
    bool right = i->op == IR_shrd, by_cl = !ir_is_const(i->operand[2]);
    u8 a, b, d;

    if (by_cl)
        get_count(e, i->operand[2]);
    a = ra_get(&e->ra, i->operand[0]);
    b = ra_get(&e->ra, i->operand[1]);
    d = ra_define(&e->ra, (ir_ref)n,
                  ALL_REGS & ~(by_cl ? reg_bit(RCX) : 0) & ~(a == b ? 0 : reg_bit(b)));
    put_move(&e->x, d, a);
    if (by_cl)
        x86_shift_double_cl(&e->x, right, d, b);
    else
        x86_shift_double_imm(&e->x, right, d, b, ir_value(e->ir, i->operand[2]) & 31);
}

static void emit_mul(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), d;
    struct source b = source_of(e, i->operand[1]);

    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);
    if (b.reg == NO_REG) {
        x86_imul_imm(&e->x, d, a, b.constant);
    } else if (d == b.reg) {
        x86_imul(&e->x, d, a);
    } else {
        put_move(&e->x, d, a);
        x86_imul(&e->x, d, b.reg);
    }
}

/* The instruction behind n that is its MULH, or 0. */
static u32 upper_half(const struct emitter *e, u32 n)
{
    u32 k = n + 1;

    while (k <= e->ir->count && e->ir->insn[k].op == IR_none)
        k++;
    return k <= e->ir->count && e->ir->insn[k].op == IR_mulh ? k : 0;
}

static void emit_long_mul(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 b;

    if (!upper_half(e, n)) {
        emit_mul(e, n, i);
        return;
    }
    ra_get_in(&e->ra, i->operand[0], RAX);
    b = ra_get(&e->ra, i->operand[1]);
    if (e->ra.state.in[RDX] && !ra_is_dying(&e->ra, e->ra.state.in[RDX]))
        ra_vacate(&e->ra, RDX);
    x86_unary(&e->x, i->sign ? X86_IMUL : X86_MUL, b);
    ra_define_in(&e->ra, (ir_ref)n, RAX);
}

/* MULH: RDX has it since the multiplication. */
static void emit_upper_half(struct emitter *e, u32 n)
{
    ra_define_in(&e->ra, (ir_ref)n, RDX);
}

static void emit_insert(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), b = ra_get(&e->ra, i->operand[1]), d;

    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS & ~(a == b ? 0 : reg_bit(b)));
    put_move(&e->x, d, a);
    if (i->op == IR_insert8) {
        x86_mov_part(&e->x, d, b, 1);
    } else if (i->op == IR_insert16) {
        x86_mov_part(&e->x, d, b, 2);
    } else if (d <= RBX && b <= RBX) {
        x86_mov_to_high(&e->x, d, b);
    } else {
        bool itself = d == b; /* both operands are the same */
        u8 t = itself ? ra_temporary(&e->ra, ALL_REGS) : b;
        if (itself)
            x86_mov(&e->x, t, b);
        x86_shift_imm(&e->x, X86_ROR, d, 8);
        x86_mov_part(&e->x, d, t, 1);
        x86_shift_imm(&e->x, X86_ROL, d, 8);
    }
}

static void emit_high8(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);

    if (a <= RBX && d < R8) {
        x86_mov_from_high(&e->x, d, a);
    } else {
        x86_extend(&e->x, d, a, 2, false);
        x86_shift_imm(&e->x, X86_SHR, d, 8);
    }
}

static void emit_lea(struct emitter *e, u32 n, const struct ir_insn *i)
{
    struct x86_mem at = {ra_get(&e->ra, i->operand[0]), NO_REG, i->size, (s32)i->imm};
    u8 d;

    if (i->operand[1])
        at.index = ra_get(&e->ra, i->operand[1]);
    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);
    if (at.index == NO_REG && at.disp == 0)
        x86_mov(&e->x, d, at.base);
    else
        x86_lea(&e->x, d, at);
}

static void emit_with_carry(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), d, carry;
    struct source b = source_of(e, i->operand[1]);

    carry = ra_get(&e->ra, i->operand[2]);
    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS & ~(b.reg == a ? 0 : reg_bit(b.reg)));
    x86_bit_imm(&e->x, X86_BT, carry, 0);
    put_move(&e->x, d, a);
    if (b.reg == NO_REG)
        x86_alu_imm(&e->x, i->op == IR_adc ? X86_ADC : X86_SBB, d, b.constant);
    else
        x86_alu(&e->x, i->op == IR_adc ? X86_ADC : X86_SBB, d, b.reg);
}

static void emit_select(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 yes = ra_get(&e->ra, i->operand[1]), no = ra_get(&e->ra, i->operand[2]), d;
    u8 a = ra_get(&e->ra, i->operand[0]);

    x86_test(&e->x, a, a);
    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);
    if (d == yes) {
        x86_cmov(&e->x, CC_E, d, no);
    } else {
        put_move(&e->x, d, no);
        x86_cmov(&e->x, CC_NE, d, yes);
    }
}

/* BTS and its kin, BSF, BSR: a register changed by another. */
static void emit_bits(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), d, b = NO_REG;
    bool scan = i->op == IR_bsf || i->op == IR_bsr;
    enum x86_bit op = i->op == IR_bts ? X86_BTS : i->op == IR_btr ? X86_BTR : X86_BTC;

    if (scan || !ir_is_const(i->operand[1]))
        b = ra_get(&e->ra, i->operand[1]);
    d = ra_define(&e->ra, (ir_ref)n, ALL_REGS & ~(a == b ? 0 : reg_bit(b)));
    put_move(&e->x, d, a);
    if (scan)
        x86_bit_scan(&e->x, i->op == IR_bsr, d, b);
    else if (b == NO_REG)
        x86_bit_imm(&e->x, op, d, ir_value(e->ir, i->operand[1]) & 31);
    else
        x86_bit(&e->x, op, d, b);
}

void put_tlb_entry(struct x86 *x, u8 entry, u8 address)
{
    put_shift(x, X86_SHR, entry, address, TLB_OFFSET_SHIFT);
    x86_alu_imm(x, X86_AND, entry, TLB_OFFSET_MASK);
}

void put_page(struct x86 *x, u8 page, u8 address, u32 ahead)
{
    if (ahead)
        x86_lea(x, page, (struct x86_mem){address, NO_REG, 0, (s32)ahead});
    else
        put_move(x, page, address);
    x86_alu_imm(x, X86_AND, page, 0xfffff000u);
}

static void emit_in_place(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 a = ra_get(&e->ra, i->operand[0]), d = ra_define(&e->ra, (ir_ref)n, ALL_REGS);

    if (i->op == IR_bswap) {
        put_move(&e->x, d, a);
        x86_bswap(&e->x, d);
    } else if (i->op == IR_tlb) {
        put_tlb_entry(&e->x, d, a);
    } else { /* IR_page */
        put_page(&e->x, d, a, i->imm);
    }
}

void emit_value(struct emitter *e, u32 n, const struct ir_insn *i)
{
    switch ((enum ir_op)i->op) {
    case IR_shl:
    case IR_shr:
    case IR_sar:
    case IR_rol:
    case IR_ror:
        emit_variable_shift(e, n, i);
        break;
    case IR_shld:
    case IR_shrd:
        emit_shift_double(e, n, i);
        break;
    case IR_mul:
        emit_mul(e, n, i);
        break;
    case IR_mull:
        emit_long_mul(e, n, i);
        break;
    case IR_mulh:
        emit_upper_half(e, n);
        break;
    case IR_insert8:
    case IR_insert8h:
    case IR_insert16:
        emit_insert(e, n, i);
        break;
    case IR_high8:
        emit_high8(e, n, i);
        break;
    case IR_lea:
        emit_lea(e, n, i);
        break;
    case IR_adc:
    case IR_sbb:
        emit_with_carry(e, n, i);
        break;
    case IR_select:
        emit_select(e, n, i);
        break;
    case IR_bts:
    case IR_btr:
    case IR_btc:
    case IR_bsf:
    case IR_bsr:
        emit_bits(e, n, i);
        break;
    case IR_bswap:
    case IR_tlb:
    case IR_page:
        emit_in_place(e, n, i);
        break;
    default:
        emit_simple(e, n, i);
        return;
    }
    if (i->op != IR_lea && i->op != IR_insert8 && i->op != IR_insert16)
        e->flags = IR_NONE;
}
