/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The i386's micro-ops to the IR: moves, arithmetic, comparisons; see translate/ir/lower.h. */
#include "translate/i386/lower.h"
#include "ops/host/asm.h"
#include "ops/i386/helpers.h"
#include "ops/i386/x87_insn.h"
#include "translate/ir/host.h"

/* --- arithmetic --- */

static const struct lower_form forms[UOP_CODES] = {
    [UOP_insert8] = {OPERANDS_D_B, IR_insert8},   [UOP_insert8h] = {OPERANDS_D_B, IR_insert8h},
    [UOP_insert16] = {OPERANDS_D_B, IR_insert16}, [UOP_bts] = {OPERANDS_D_B, IR_bts},
    [UOP_btr] = {OPERANDS_D_B, IR_btr},           [UOP_btc] = {OPERANDS_D_B, IR_btc},
    [UOP_bsf] = {OPERANDS_D_B, IR_bsf},           [UOP_bsr] = {OPERANDS_D_B, IR_bsr},
    [UOP_movzx8] = {OPERANDS_B, IR_zero8},        [UOP_movsx8] = {OPERANDS_B, IR_sign8},
    [UOP_movzx8h] = {OPERANDS_B, IR_high8},       [UOP_movzx16] = {OPERANDS_B, IR_zero16},
    [UOP_movsx16] = {OPERANDS_B, IR_sign16},
};
/* d = d op ecx. */
static const u8 by_cl[UOP_CODES] = {
    [UOP_shl_cl] = IR_shl, [UOP_shr_cl] = IR_shr, [UOP_sar_cl] = IR_sar,
    [UOP_rol_cl] = IR_rol, [UOP_ror_cl] = IR_ror,
};

static bool lower_shift_by_cl(struct lowering *l, const struct uop *u)
{
    enum ir_op op = (enum ir_op)by_cl[u->op];

    if (op == IR_none)
        return false;
    lower_write(l, u->d, lower_op(l, op, lower_read(l, u->d), lower_read(l, ECX)));
    return true;
}

static void exchange(struct lowering *l, const struct uop *u)
{
    ir_ref d = lower_read(l, u->d);

    lower_write(l, u->d, lower_read(l, u->b));
    lower_write(l, u->b, d);
}

static ir_ref three(struct lowering *l, enum ir_op op, ir_ref a, ir_ref b, ir_ref c)
{
    return ir_emit(l->ir, op, a, b, c);
}

/* EDX:EAX = EAX * T1. */
static void multiply(struct lowering *l, bool sign)
{
    ir_ref low = lower_op(l, IR_mull, lower_read(l, EAX), lower_read(l, T1));

    l->ir->insn[low].sign = sign;
    lower_write(l, EAX, low);
    lower_write(l, EDX, lower_op(l, IR_mulh, low, IR_NONE));
}

/* T1 = d, if T1 is equal to the accumulator. */
static void compare_and_exchange(struct lowering *l, const struct uop *u)
{
    ir_ref old = lower_read(l, T1), a = lower_read(l, EAX), new = lower_read(l, u->d), same;
    enum ir_op extend = u->op == UOP_cmpxchg16 ? IR_zero16 : IR_zero8;

    if (u->op == UOP_cmpxchg8h)
        new = lower_op_const(l, IR_shr, new, 8);
    if (u->op == UOP_cmpxchg32)
        same = lower_compare(l, IR_cmp, IF_equal, a, old);
    else
        same = lower_compare(l, IR_cmp, IF_equal, lower_op(l, extend, a, IR_NONE),
                             lower_op(l, extend, old, IR_NONE));
    lower_write(l, T1, three(l, IR_select, same, new, old));
}

static void string_step(struct lowering *l, const struct uop *u)
{
    ir_ref flags = lower_get(l, offsetof(struct cpu, eflags), 4);
    ir_ref down = lower_op_const(l, IR_and, flags, FLAG_DF); /* bit 10: 1024 */
    ir_ref twice = lower_op_const(l, IR_shr, down, u->imm[0] == 4 ? 7 : u->imm[0] == 2 ? 8 : 9);
    ir_ref up = lower_op_const(l, IR_add, lower_read(l, u->d), u->imm[0]);

    lower_write(l, u->d, lower_op(l, IR_sub, up, twice));
}

static void change_direction(struct lowering *l, bool down)
{
    u32 offset = offsetof(struct cpu, eflags);
    ir_ref flags = lower_get(l, offset, 4);

    flags = down ? lower_op_const(l, IR_or, flags, FLAG_DF)
                 : lower_op_const(l, IR_and, flags, ~(u32)FLAG_DF);
    lower_set(l, offset, flags, 4);
}

static bool lower_move(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_xchg:
        exchange(l, u);
        return true;
    case UOP_lea0:
    case UOP_lea1:
    case UOP_lea2:
    case UOP_lea3:
        lower_write(
            l, T0,
            lower_lea(l, lower_read(l, u->d), lower_read(l, u->b), (u8)(u->op - UOP_lea0), 0));
        return true;
    case UOP_lea_index:
        lower_write(l, T0, lower_op_const(l, IR_shl, lower_read(l, u->d), u->imm[0]));
        return true;
    case UOP_t0_16:
        lower_write(l, T0, lower_op(l, IR_zero16, lower_read(l, T0), IR_NONE));
        return true;
    case UOP_segment_base:
        lower_write(l, T0,
                    lower_op(l, IR_add, lower_read(l, T0),
                             lower_get(l, u->imm[0] + offsetof(struct segment, base), 4)));
        return true;
    case UOP_get32:
    case UOP_get16:
        lower_write(l, T1, lower_get(l, u->imm[0], u->op == UOP_get32 ? 4 : 2));
        return true;
    case UOP_keep_t0:
    case UOP_keep_t1:
        lower_write_field(l, FIELD_KEPT, lower_read(l, u->op == UOP_keep_t0 ? T0 : T1));
        return true;
    case UOP_kept_to_t0:
    case UOP_kept_to_t1:
        lower_write(l, u->op == UOP_kept_to_t0 ? T0 : T1, lower_read_field(l, FIELD_KEPT));
        return true;
    case UOP_string_step:
        string_step(l, u);
        return true;
    case UOP_cld:
    case UOP_std:
        change_direction(l, u->op == UOP_std);
        return true;
    default:
        return false;
    }
}

static bool lower_arithmetic(struct lowering *l, const struct uop *u)
{
    ir_ref carry;

    switch (u->op) {
    case UOP_mul32:
    case UOP_imul32:
        multiply(l, u->op == UOP_imul32);
        return true;
    case UOP_cdq:
        lower_write(l, EDX, lower_op_const(l, IR_sar, lower_read(l, EAX), 31));
        return true;
    case UOP_adc:
    case UOP_sbb:
        carry = lower_read_field(l, FIELD_CARRY);
        lower_write(l, u->d,
                    three(l, u->op == UOP_adc ? IR_adc : IR_sbb, lower_read(l, u->d),
                          lower_read(l, u->b), carry));
        return true;
    case UOP_adci:
    case UOP_sbbi:
        carry = lower_read_field(l, FIELD_CARRY);
        lower_write(l, u->d,
                    three(l, u->op == UOP_adci ? IR_adc : IR_sbb, lower_read(l, u->d),
                          lower_const(l, u->imm[0]), carry));
        return true;
    case UOP_shldi:
    case UOP_shrdi:
        lower_write(l, u->d,
                    three(l, u->op == UOP_shldi ? IR_shld : IR_shrd, lower_read(l, u->d),
                          lower_read(l, u->b), lower_const(l, u->imm[0] & 31)));
        return true;
    case UOP_shld_cl:
    case UOP_shrd_cl:
        lower_write(l, u->d,
                    three(l, u->op == UOP_shld_cl ? IR_shld : IR_shrd, lower_read(l, u->d),
                          lower_read(l, u->b), lower_read(l, ECX)));
        return true;
    case UOP_cmpxchg8:
    case UOP_cmpxchg8h:
    case UOP_cmpxchg16:
    case UOP_cmpxchg32:
        compare_and_exchange(l, u);
        return true;
    case UOP_cmov:
        lower_write(
            l, u->d,
            three(l, IR_select, lower_read(l, T0), lower_read(l, u->b), lower_read(l, u->d)));
        return true;
    default:
        return false;
    }
}

/* --- x87 --- */

/* By micro-op: the instruction, escape << 8 | second byte; of those with memory, its reg field. */
static const struct x87_op {
    u16 insn;
    u8 size; /* of memory; 0: registers */
    bool store;
} x87_ops[UOP_CODES] = {
#define REGISTER(name, escape, modrm)  [UOP_x87_##name] = {(escape) << 8 | (modrm), 0, false},
#define X87_PLAIN(name, escape, modrm) REGISTER(name, escape, modrm)
#define X87_STACK(name, escape, modrm)                                                             \
    REGISTER(name##_st0, escape, modrm)                                                            \
    REGISTER(name##_st1, escape, (modrm) + 1)                                                      \
    REGISTER(name##_st2, escape, (modrm) + 2)                                                      \
    REGISTER(name##_st3, escape, (modrm) + 3)                                                      \
    REGISTER(name##_st4, escape, (modrm) + 4)                                                      \
    REGISTER(name##_st5, escape, (modrm) + 5)                                                      \
    REGISTER(name##_st6, escape, (modrm) + 6)                                                      \
    REGISTER(name##_st7, escape, (modrm) + 7)
#define X87_LOAD(name, escape, reg, type, insn)                                                    \
    [UOP_x87_##name] = {(escape) << 8 | (reg), sizeof(type), false},
#define X87_STORE(name, escape, reg, type, insn)                                                   \
    [UOP_x87_##name] = {(escape) << 8 | (reg), sizeof(type), true},
#include "ops/i386/x87.def"
#undef REGISTER
};

static bool lower_x87(struct lowering *l, const struct uop *u)
{
    const struct x87_op *op = &x87_ops[u->op];
    struct ir_insn *i;

    if (!HOST_ASM || !op->insn) /* where the guest's x87 is not the host's, a template knows it */
        return false;
    if (op->size) {
        i = lower_address(l, op->store ? IR_native_store : IR_native_load, lower_read(l, T0), 0,
                          op->size);
        i->operand[3] = lower_const(l, u->arg); /* for helper_x87 */
    } else {
        i = ir_append(l->ir, IR_native, IR_NONE, IR_NONE, IR_NONE);
    }
    i->imm = op->insn;
    return true;
}

/* --- what the IR engine asks of a guest --- */

static bool lower(struct lowering *l, const struct uop *u)
{
    if (u->op == UOP_cc) {
        i386_lower_mark(l, u);
        return true;
    }
    return lower_access(l, u) || lower_by_form(l, u, forms[u->op]) || lower_shift_by_cl(l, u) ||
           lower_move(l, u) || lower_arithmetic(l, u) || i386_lower_flags(l, u) ||
           lower_x87(l, u) || i386_lower_note(l, u);
}

static void run_x87(struct core *core, u32 what)
{
    helper_x87((struct cpu *)core, what, 0);
}

#define FIELD(field) offsetof(struct cpu, field)
static const struct ir_field fields[] = {
    [FIELD_CC_SRC] = {"cc_src", FIELD(cc_src), 4},
    [FIELD_CC_DST] = {"cc_dst", FIELD(cc_dst), 4},
    [FIELD_INC_DST] = {"inc_dst", FIELD(inc_dst), 4},
    [FIELD_X87_CODE] = {"x87_at", FIELD(fpu.last.code_offset), 4},
    [FIELD_X87_OPCODE] = {"x87_opcode", FIELD(fpu.last.opcode), 4},
    [FIELD_X87_OPCODE_ALONE] = {"x87_opcode", FIELD(fpu.last.opcode), 2},
    [FIELD_X87_DATA] = {"x87_operand", FIELD(fpu.last.data_linear), 4},
    [FIELD_CARRY] = {"carry", FIELD(carry), 4},
    [FIELD_KEPT] = {"kept", FIELD(kept), 4},
    [FIELD_CC_OP] = {"cc_op", FIELD(cc_op), 4},
    [FIELD_CC_OP_INC] = {"cc_op+1", FIELD(cc_op) + 1, 1},
};

#define HOME(argument, name, NAME, number, host) [NAME] = (host),
static const u8 home[LOCATIONS] = {EACH_LOCATION(HOME, )};
#undef HOME

const struct ir_guest i386_ir = {
    .fields = fields,
    .field_count = sizeof fields / sizeof *fields,
    .home = home,
    .lower = lower,
    .native = run_x87,
};
