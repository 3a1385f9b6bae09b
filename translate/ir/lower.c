/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lowering: micro-ops to the IR. Going through them in order, each location and field of cpu has
 * a value; a micro-op that moves is only a change of what has which. A micro-op that neither this
 * nor the guest knows becomes `opaque`: its template will be run, with every register where
 * templates have it.
 */
#include "translate/ir/lower.h"

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
    if (!l->now.value[location]) /* a temporary that nothing has been put into */
        ir_see(&l->now, location, lower_const(l, 0));
    return l->now.value[location];
}

void lower_write(struct lowering *l, u8 location, ir_ref value)
{
    ir_see(&l->now, location, value);
}

ir_ref lower_lea(struct lowering *l, ir_ref a, ir_ref b, u8 scale, u32 disp)
{
    struct ir_insn *i = ir_append(l->ir, IR_lea, a, b, IR_NONE);

    i->size = scale;
    i->imm = disp;
    return (ir_ref)l->ir->count;
}

ir_ref lower_compare(struct lowering *l, enum ir_op op, enum uop_condition cc, ir_ref a, ir_ref b)
{
    ir_append(l->ir, op, a, b, IR_NONE)->cc = (u8)cc;
    return (ir_ref)l->ir->count;
}

void lower_snapshot(struct lowering *l, struct ir_insn *i, bool flags, u32 temporaries)
{
    struct ir_snapshot *s = ir_add_snapshot(l->ir, i);

    *s = l->now;
    s->has &= ~(u64)(l->s->table->temporaries & ~temporaries & IR_IN_LOCATIONS);
    if (!flags)
        s->has &= l->ir->guest->no_flags << IR_LOCATIONS | IR_IN_LOCATIONS;
    l->now.changed = 0;
}

void lower_branch(struct lowering *l, const struct uop *u, enum ir_op op, enum uop_condition cc,
                  ir_ref a, ir_ref b)
{
    struct ir_insn *i = ir_append(l->ir, op, a, b, IR_NONE);

    i->cc = (u8)cc;
    i->imm = u->to.target;
    lower_snapshot(l, i, u->to.dead != FLAGS_ALL, 0);
}

/* --- micro-ops that all guests have --- */

bool lower_by_form(struct lowering *l, const struct uop *u, struct lower_form form)
{
    enum ir_op op = (enum ir_op)form.op;
    ir_ref v;

    switch ((enum lower_operands)form.operands) {
    case OPERANDS_D:
        v = lower_op(l, op, lower_read(l, u->d), IR_NONE);
        break;
    case OPERANDS_B:
        v = lower_op(l, op, lower_read(l, u->b), IR_NONE);
        break;
    case OPERANDS_D_B:
        v = lower_op(l, op, lower_read(l, u->d), lower_read(l, u->b));
        break;
    case OPERANDS_D_IMM:
        v = lower_op_const(l, op, lower_read(l, u->d), u->imm[0]);
        break;
    default:
        return false;
    }
    lower_write(l, u->d, v);
    return true;
}

static const struct lower_form forms[COMMON_UOPS] = {
    [UOP_add] = {OPERANDS_D_B, IR_add},    [UOP_sub] = {OPERANDS_D_B, IR_sub},
    [UOP_and] = {OPERANDS_D_B, IR_and},    [UOP_or] = {OPERANDS_D_B, IR_or},
    [UOP_xor] = {OPERANDS_D_B, IR_xor},    [UOP_addi] = {OPERANDS_D_IMM, IR_add},
    [UOP_andi] = {OPERANDS_D_IMM, IR_and}, [UOP_ori] = {OPERANDS_D_IMM, IR_or},
    [UOP_xori] = {OPERANDS_D_IMM, IR_xor}, [UOP_muli] = {OPERANDS_D_IMM, IR_mul},
    [UOP_shli] = {OPERANDS_D_IMM, IR_shl}, [UOP_shri] = {OPERANDS_D_IMM, IR_shr},
    [UOP_sari] = {OPERANDS_D_IMM, IR_sar}, [UOP_roli] = {OPERANDS_D_IMM, IR_rol},
    [UOP_not] = {OPERANDS_D, IR_not},      [UOP_neg] = {OPERANDS_D, IR_neg},
    [UOP_bswap] = {OPERANDS_D, IR_bswap},  [UOP_mul] = {OPERANDS_D_B, IR_mul},
};

/* May leave for the exec loop. */
static struct ir_insn *lower_check(struct lowering *l, enum ir_op op)
{
    struct ir_insn *i = ir_append(l->ir, op, IR_NONE, IR_NONE, IR_NONE);

    lower_snapshot(l, i, true, 0);
    return i;
}

static bool lower_comparison(struct lowering *l, const struct uop *u)
{
    enum uop_condition cc = (enum uop_condition)u->condition;

    if (!uop_compares(u))
        return false;
    bool test = uop_row(u)->params == PARAMS_TEST;
    ir_ref a = lower_read(l, u->d);
    ir_ref b = uop_row(u)->shape == SHAPE_RR ? lower_read(l, u->b) : lower_const(l, u->to.imm);
    if (uop_is_branch(u))
        lower_branch(l, u, test ? IR_branch_test : IR_branch_cmp, cc, a, b);
    else
        lower_write(l, l->s->table->t0, lower_compare(l, test ? IR_test : IR_cmp, cc, a, b));
    return true;
}

static bool lower_common(struct lowering *l, const struct uop *u)
{
    switch (u->op) {
    case UOP_mov:
        lower_write(l, u->d, lower_read(l, u->b));
        return true;
    case UOP_movi:
        lower_write(l, u->d, lower_const(l, u->imm[0]));
        return true;
    case UOP_lea:
        lower_write(l, u->d, lower_op_const(l, IR_add, lower_read(l, u->b), u->disp));
        return true;
    case UOP_set_pc:
        lower_set(l, offsetof(struct core, pc), lower_const(l, u->imm[0]), 4);
        return true;
    case UOP_exit_check:
        lower_check(l, IR_check);
        return true;
    case UOP_spend:
        lower_check(l, IR_spend)->imm = u->imm[0];
        return true;
    case UOP_count:
        ir_append(l->ir, IR_count, IR_NONE, IR_NONE, IR_NONE)->imm = u->imm[0];
        return true;
    default:
        return lower_comparison(l, u) || (u->op < COMMON_UOPS && lower_by_form(l, u, forms[u->op]));
    }
}

/* --- memory --- */

struct ir_insn *lower_address(struct lowering *l, enum ir_op op, ir_ref base, u32 disp, u8 size)
{
    ir_ref address = lower_lea(l, base, IR_NONE, 0, disp), entry, page;
    struct ir_insn *i;

    entry = lower_op(l, IR_tlb, address, IR_NONE);
    page = lower_op(l, IR_page, address, IR_NONE);
    l->ir->insn[page].imm = size - 1u;
    i = ir_append(l->ir, op, address, entry, page);
    i->size = size;
    lower_snapshot(l, i, true, 0);
    lower_write(l, l->s->table->t0, address);
    return i;
}

static void lower_load(struct lowering *l, const struct uop *u)
{
    const struct uop_access *a = &uop_row(u)->access;
    struct ir_insn *i = lower_address(l, IR_load, lower_read(l, u->b), u->disp, a->size);

    i->sign = a->sign;
    i->write = u->write;
    lower_write(l, u->d, (ir_ref)l->ir->count);
}

static void lower_store(struct lowering *l, const struct uop *u)
{
    bool immediate = uop_row(u)->cold == COLD_IMMEDIATE;
    ir_ref value = immediate ? lower_const(l, u->arg) : lower_read(l, u->b);
    u8 size = uop_row(u)->access.size;

    lower_address(l, IR_store, lower_read(l, u->d), u->disp, size)->operand[3] = value;
}

bool lower_access(struct lowering *l, const struct uop *u)
{
    const struct uop_info *row = uop_row(u);

    if (row->cold == COLD_LOCATION && row->access.kind == ACCESS_LOAD)
        lower_load(l, u);
    else if (row->cold == COLD_LOCATION || row->cold == COLD_IMMEDIATE)
        lower_store(l, u);
    else
        return false;
    return true;
}

/* --- what is left as it is --- */

/* Could it look at fields, or change them? */
static bool deals_with_fields(const struct lowering *l, const struct uop *u)
{
    u32 fields = l->ir->guest->in_state ? L_FLAGS | L_STATE : L_FLAGS;

    return uop_row(u)->end != END_NEXT || uop_may_leave(u) ||
           ((uop_row(u)->reads | uop_row(u)->writes) & fields);
}

static void lower_opaque(struct lowering *l, const struct uop *u)
{
    u32 writes = uop_writes(u);
    struct ir_insn *i;

    if (deals_with_fields(l, u))
        lower_flush_fields(l);
    i = ir_append(l->ir, IR_opaque, IR_NONE, IR_NONE, IR_NONE);
    i->imm = (u32)(u - l->s->uops);
    lower_snapshot(l, i, false, uop_reads(u));
    for (unsigned n = 0; n < l->s->table->locations; n++)
        if (writes & 1u << n) {
            ir_append(l->ir, IR_result, IR_NONE, IR_NONE, IR_NONE)->imm = n;
            lower_write(l, (u8)n, (ir_ref)l->ir->count);
        }
    lower_forget_fields(l);
    if (uop_is_call(u) && uop_call_changes_flags(u)) {
        l->kind = l->s->table->kind_after_call;
        l->kind_known = true;
    }
}

/* --- ends --- */

static void lower_exit(struct lowering *l, const struct uop *u)
{
    struct ir_insn *i;

    if (uop_row(u)->end == END_JUMP) {
        i = ir_append(l->ir, IR_jump, IR_NONE, IR_NONE, IR_NONE);
        i->imm = u->to.target;
        lower_snapshot(l, i, u->to.dead != FLAGS_ALL, 0);
        return;
    }
    lower_flush_fields(l);
    i = ir_append(l->ir, IR_leave, IR_NONE, IR_NONE, IR_NONE);
    i->imm = (u32)(u - l->s->uops);
    lower_snapshot(l, i, false, uop_reads(u));
}

/* --- all of it --- */

static bool is_end(const struct uop *u)
{
    return !uop_is_mark(u) && uop_row(u)->end != END_NEXT && uop_row(u)->end != END_BRANCH;
}

static void lower_uop(struct lowering *l, const struct uop *u)
{
    l->ir->pc = u->pc;
    l->ir->unrun = u->unrun;
    if (u->op == UOP_insn)
        return;
    if (is_end(u))
        lower_exit(l, u);
    else if (!lower_common(l, u) && !l->ir->guest->lower(l, u))
        lower_opaque(l, u);
}

bool ir_lower(struct ir *ir, const struct stream *s)
{
    struct lowering l = {.ir = ir, .s = s};

    ir_clear(ir, s);
    for (unsigned n = 0; n < s->table->locations; n++)
        if (!ir_is_temporary(ir, n)) {
            ir_append(ir, IR_entry, IR_NONE, IR_NONE, IR_NONE)->imm = n;
            ir_see(&l.now, n, (ir_ref)ir->count);
        }
    for (u32 n = 0; n < s->count && !ir->full; n++)
        lower_uop(&l, &s->uops[n]);
    return !ir->full;
}
