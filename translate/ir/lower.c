/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lowering: micro-ops to the IR. Going through them in order, each location and field of cpu has
 * a value; a micro-op that moves is only a change of what has which. A micro-op that is not known
 * here becomes `opaque`: its template will be run, with every register where templates have it.
 */
#include "translate/ir/lower.h"
#include "ops/host/asm.h"
#include "ops/i386/x87_insn.h"

#include <string.h>

/* --- vocabulary --- */

ir_ref lower_const(struct lowering *l, u32 value)
{
    return ir_const(l->ir, value);
}

ir_ref lower_op(struct lowering *l, enum ir_op op, ir_ref a, ir_ref b)
{
    return ir_emit(l->ir, op, a, b, IR_NONE);
}

ir_ref lower_op_const(struct lowering *l, enum ir_op op, ir_ref a, u32 b)
{
    return ir_emit(l->ir, op, a, lower_const(l, b), IR_NONE);
}

ir_ref lower_read(struct lowering *l, u8 location)
{
    if (!l->location[location]) /* a temporary that nothing has been put into */
        l->location[location] = lower_const(l, 0);
    return l->location[location];
}

void lower_write(struct lowering *l, u8 location, ir_ref value)
{
    l->location[location] = value;
}

void lower_snapshot(struct lowering *l, struct ir_insn *i, bool flags, bool temporaries)
{
    struct ir_snapshot *s = ir_add_snapshot(l->ir, i);

    memcpy(s->location, l->location, sizeof s->location);
    if (!temporaries)
        s->location[T0] = s->location[T1] = IR_NONE;
    if (!flags)
        return;
    memcpy(s->field, l->seen, sizeof s->field);
    s->cc_store = l->cc_store;
    s->cc_op = l->cc_op;
}

/* --- arithmetic --- */

enum { NO_OP = IR_none };

/* d = d op b, by micro-op. */
static const u8 two_locations[UOP_CODES] = {
    [UOP_add] = IR_add,         [UOP_sub] = IR_sub,           [UOP_and] = IR_and,
    [UOP_or] = IR_or,           [UOP_xor] = IR_xor,           [UOP_imul] = IR_mul,
    [UOP_insert8] = IR_insert8, [UOP_insert8h] = IR_insert8h, [UOP_insert16] = IR_insert16,
    [UOP_bts] = IR_bts,         [UOP_btr] = IR_btr,           [UOP_btc] = IR_btc,
    [UOP_bsf] = IR_bsf,         [UOP_bsr] = IR_bsr,
};
/* d = op b. */
static const u8 from_location[UOP_CODES] = {
    [UOP_movzx8] = IR_zero8,   [UOP_movsx8] = IR_sign8,   [UOP_movzx8h] = IR_high8,
    [UOP_movzx16] = IR_zero16, [UOP_movsx16] = IR_sign16,
};
/* d = d op imm[0]. */
static const u8 with_immediate[UOP_CODES] = {
    [UOP_addi] = IR_add, [UOP_andi] = IR_and,  [UOP_ori] = IR_or,
    [UOP_xori] = IR_xor, [UOP_imuli] = IR_mul, [UOP_shli] = IR_shl,
    [UOP_shri] = IR_shr, [UOP_sari] = IR_sar,  [UOP_roli] = IR_rol,
};
/* d = op d. */
static const u8 in_place[UOP_CODES] = {
    [UOP_not] = IR_not,
    [UOP_neg] = IR_neg,
    [UOP_bswap] = IR_bswap,
};
/* d = d op ecx. */
static const u8 by_cl[UOP_CODES] = {
    [UOP_shl_cl] = IR_shl, [UOP_shr_cl] = IR_shr, [UOP_sar_cl] = IR_sar,
    [UOP_rol_cl] = IR_rol, [UOP_ror_cl] = IR_ror,
};

static bool lower_by_table(struct lowering *l, const struct uop *u)
{
    ir_ref v;

    if (two_locations[u->op] != NO_OP)
        v = lower_op(l, (enum ir_op)two_locations[u->op], lower_read(l, u->d), lower_read(l, u->b));
    else if (from_location[u->op] != NO_OP)
        v = lower_op(l, (enum ir_op)from_location[u->op], lower_read(l, u->b), IR_NONE);
    else if (with_immediate[u->op] != NO_OP)
        v = lower_op_const(l, (enum ir_op)with_immediate[u->op], lower_read(l, u->d), u->imm[0]);
    else if (in_place[u->op] != NO_OP)
        v = lower_op(l, (enum ir_op)in_place[u->op], lower_read(l, u->d), IR_NONE);
    else if (by_cl[u->op] != NO_OP)
        v = lower_op(l, (enum ir_op)by_cl[u->op], lower_read(l, u->d), lower_read(l, ECX));
    else
        return false;
    lower_write(l, u->d, v);
    return true;
}

static ir_ref lea(struct lowering *l, ir_ref base, ir_ref index, u8 scale, u32 disp)
{
    struct ir_insn *i = ir_append(l->ir, IR_lea, base, index, IR_NONE);

    i->size = scale;
    i->imm = disp;
    return (ir_ref)l->ir->count;
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

static ir_ref cpu_field(struct lowering *l, u32 offset, u8 size)
{
    struct ir_insn *i = ir_append(l->ir, IR_field, IR_NONE, IR_NONE, IR_NONE);

    i->imm = offset;
    i->size = size;
    return (ir_ref)l->ir->count;
}

static void string_step(struct lowering *l, const struct uop *u)
{
    ir_ref flags = cpu_field(l, offsetof(struct cpu, eflags), 4);
    ir_ref down = lower_op_const(l, IR_and, flags, FLAG_DF); /* bit 10: 1024 */
    ir_ref twice = lower_op_const(l, IR_shr, down, u->imm[0] == 4 ? 7 : u->imm[0] == 2 ? 8 : 9);
    ir_ref up = lower_op_const(l, IR_add, lower_read(l, u->d), u->imm[0]);

    lower_write(l, u->d, lower_op(l, IR_sub, up, twice));
}

static void change_direction(struct lowering *l, bool down)
{
    u32 offset = offsetof(struct cpu, eflags);
    ir_ref flags = cpu_field(l, offset, 4);

    flags = down ? lower_op_const(l, IR_or, flags, FLAG_DF)
                 : lower_op_const(l, IR_and, flags, ~(u32)FLAG_DF);
    lower_set(l, offset, flags, 4);
}

static bool lower_other_moves(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_mov:
        lower_write(l, u->d, lower_read(l, u->b));
        return true;
    case UOP_movi:
        lower_write(l, u->d, lower_const(l, u->imm[0]));
        return true;
    case UOP_xchg:
        exchange(l, u);
        return true;
    case UOP_lea:
        lower_write(l, u->d, lower_op_const(l, IR_add, lower_read(l, u->b), u->disp));
        return true;
    case UOP_lea0:
    case UOP_lea1:
    case UOP_lea2:
    case UOP_lea3:
        lower_write(l, T0,
                    lea(l, lower_read(l, u->d), lower_read(l, u->b), (u8)(u->op - UOP_lea0), 0));
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
                             cpu_field(l, u->imm[0] + offsetof(struct segment, base), 4)));
        return true;
    case UOP_get32:
    case UOP_get16:
        lower_write(l, T1, cpu_field(l, u->imm[0], u->op == UOP_get32 ? 4 : 2));
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
    case UOP_set_pc:
        lower_set(l, offsetof(struct cpu, core.pc), lower_const(l, u->imm[0]), 4);
        return true;
    case UOP_cld:
    case UOP_std:
        change_direction(l, u->op == UOP_std);
        return true;
    default:
        return false;
    }
}

static bool lower_other_arithmetic(struct lowering *l, const struct uop *u)
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

/* --- conditions on registers: cmp_jb, cmp_setb and the like --- */

static bool lower_comparison(struct lowering *l, const struct uop *u)
{
    static const u8 compared[] = {IF_below,     IF_not_below, IF_equal,       IF_not_equal,
                                  IF_not_above, IF_above,     IF_negative,    IF_not_negative,
                                  IF_less,      IF_not_less,  IF_not_greater, IF_greater};
    static const u8 tested[] = {IF_equal,        IF_not_equal,   IF_negative,
                                IF_not_negative, IF_not_greater, IF_greater};
    static const struct {
        u16 first;
        u8 count;
        const u8 *cc;
        enum ir_op op;
    } group[] = {
        {UOP_cmp_jb, sizeof compared, compared, IR_branch_cmp},
        {UOP_cmpi_jb, sizeof compared, compared, IR_branch_cmp},
        {UOP_test_jz, sizeof tested, tested, IR_branch_test},
        {UOP_testi_jz, sizeof tested, tested, IR_branch_test},
        {UOP_cmp_setb, sizeof compared, compared, IR_cmp},
        {UOP_cmpi_setb, sizeof compared, compared, IR_cmp},
        {UOP_test_setz, sizeof tested, tested, IR_test},
        {UOP_testi_setz, sizeof tested, tested, IR_test},
    };

    for (size_t n = 0; n < sizeof group / sizeof *group; n++) {
        unsigned k = (unsigned)u->op - group[n].first;
        if (k >= group[n].count)
            continue;
        ir_ref a = lower_read(l, u->d);
        ir_ref b = uop_row(u)->shape == SHAPE_RR ? lower_read(l, u->b) : lower_const(l, u->imm[0]);
        enum ir_condition cc = (enum ir_condition)group[n].cc[k];
        if (group[n].op == IR_cmp || group[n].op == IR_test)
            lower_write(l, T0, lower_compare(l, group[n].op, cc, a, b));
        else
            lower_branch(l, u, group[n].op, cc, a, b);
        return true;
    }
    return false;
}

/* --- memory --- */

/* An access of `size` bytes at `base` + disp, which is left in T0. */
static struct ir_insn *append_access(struct lowering *l, enum ir_op op, ir_ref base, u32 disp,
                                     u8 size)
{
    ir_ref address = lea(l, base, IR_NONE, 0, disp), entry, page;
    struct ir_insn *i;

    entry = lower_op(l, IR_tlb, address, IR_NONE);
    page = lower_op(l, IR_page, address, IR_NONE);
    l->ir->insn[page].imm = size - 1u;
    i = ir_append(l->ir, op, address, entry, page);
    i->size = size;
    lower_snapshot(l, i, true, false);
    lower_write(l, T0, address);
    return i;
}

static void lower_load(struct lowering *l, const struct uop *u)
{
    const struct uop_access *a = &uop_row(u)->access;
    struct ir_insn *i = append_access(l, IR_load, lower_read(l, u->b), u->disp, a->size);

    i->sign = a->sign;
    i->write = u->write;
    lower_write(l, u->d, (ir_ref)l->ir->count);
}

static void lower_store(struct lowering *l, const struct uop *u)
{
    bool immediate = uop_row(u)->cold == COLD_IMMEDIATE;
    ir_ref value = immediate ? lower_const(l, u->arg) : lower_read(l, u->b);
    u8 size = uop_row(u)->access.size;

    append_access(l, IR_store, lower_read(l, u->d), u->disp, size)->operand[3] = value;
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
        i = append_access(l, op->store ? IR_x87_store : IR_x87_load, lower_read(l, u->d), u->disp,
                          op->size);
        i->operand[3] = lower_const(l, u->arg); /* for the helper */
    } else {
        i = ir_append(l->ir, IR_x87, IR_NONE, IR_NONE, IR_NONE);
    }
    i->imm = op->insn;
    return true;
}

/* --- what is left as it is --- */

/* Could it look at flags, or change them? */
static bool deals_with_flags(const struct uop *u)
{
    return uop_row(u)->end != END_NEXT || uop_may_leave(u) ||
           ((uop_row(u)->reads | uop_row(u)->writes) & L_FLAGS);
}

static void lower_opaque(struct lowering *l, const struct uop *u)
{
    u32 writes = uop_writes(u);
    struct ir_insn *i;

    if (deals_with_flags(u))
        lower_flush_fields(l);
    i = ir_append(l->ir, IR_opaque, IR_NONE, IR_NONE, IR_NONE);
    i->imm = (u32)(u - l->s->uops);
    lower_snapshot(l, i, false, true);
    for (unsigned n = 0; n < LOCATIONS; n++)
        if (writes & 1u << n) {
            ir_append(l->ir, IR_result, IR_NONE, IR_NONE, IR_NONE)->imm = n;
            lower_write(l, n, (ir_ref)l->ir->count);
        }
    lower_forget_fields(l);
    if (uop_is_call(u) && uop_call_changes_flags(u)) {
        l->cc_op = CC_EFLAGS;
        l->cc_known = true;
        l->cc_store = CC_OP_STORED;
    }
}

/* --- ends --- */

static void lower_exit(struct lowering *l, const struct uop *u)
{
    struct ir_insn *i;

    if (uop_row(u)->end == END_JUMP) {
        i = ir_append(l->ir, IR_jump, IR_NONE, IR_NONE, IR_NONE);
        i->imm = u->to.target;
        lower_snapshot(l, i, u->to.dead != FLAGS_ALL, false);
        return;
    }
    lower_flush_fields(l);
    i = ir_append(l->ir, IR_leave, IR_NONE, IR_NONE, IR_NONE);
    i->imm = (u32)(u - l->s->uops);
    lower_snapshot(l, i, false, true);
}

/* May leave for the exec loop. */
static struct ir_insn *lower_check(struct lowering *l, enum ir_op op)
{
    struct ir_insn *i = ir_append(l->ir, op, IR_NONE, IR_NONE, IR_NONE);

    lower_snapshot(l, i, true, false);
    return i;
}

/* What its row says enough of. */
static bool lower_by_row(struct lowering *l, const struct uop *u)
{
    const struct uop_info *row = uop_row(u);

    if (row->end != END_NEXT && row->end != END_BRANCH)
        lower_exit(l, u);
    else if (row->cold == COLD_LOCATION && row->access.kind == ACCESS_LOAD)
        lower_load(l, u);
    else if (row->cold == COLD_LOCATION || row->cold == COLD_IMMEDIATE)
        lower_store(l, u);
    else
        return false;
    return true;
}

static void lower_uop(struct lowering *l, const struct uop *u)
{
    l->ir->pc = u->pc;
    l->ir->unrun = u->unrun;
    if (u->op == UOP_insn)
        return;
    if (u->op == UOP_cc)
        lower_mark(l, u);
    else if (u->op == UOP_exit_check)
        lower_check(l, IR_check);
    else if (u->op == UOP_spend)
        lower_check(l, IR_spend)->imm = u->imm[0];
    else if (u->op == UOP_count)
        ir_append(l->ir, IR_count, IR_NONE, IR_NONE, IR_NONE)->imm = u->imm[0];
    else if (!lower_by_row(l, u) && !lower_by_table(l, u) && !lower_other_moves(l, u) &&
             !lower_other_arithmetic(l, u) && !lower_comparison(l, u) && !lower_flags(l, u) &&
             !lower_x87(l, u) && !lower_note(l, u))
        lower_opaque(l, u);
}

bool ir_lower(struct ir *ir, const struct stream *s)
{
    struct lowering l = {.ir = ir, .s = s};

    ir_clear(ir, s);
    for (unsigned n = 0; n < T0; n++) {
        ir_append(ir, IR_entry, IR_NONE, IR_NONE, IR_NONE)->imm = n;
        l.location[n] = (ir_ref)ir->count;
    }
    for (u32 n = 0; n < s->count && !ir->full; n++)
        lower_uop(&l, &s->uops[n]);
    return !ir->full;
}
