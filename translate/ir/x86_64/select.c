/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the IR's instructions to x86-64's: the hot code of a block, beside its values (value.c). */
#include "translate/ir/x86_64/emit.h"

/* --- cpu --- */

static void emit_field(struct emitter *e, u32 n, const struct ir_insn *i)
{
    x86_load(&e->x, ra_define(&e->ra, (ir_ref)n, ALL_REGS), cpu_at(i->imm), i->size, false);
}

static void emit_set(struct emitter *e, const struct ir_insn *i)
{
    struct source a = source_of(e, i->operand[0]);

    if (a.reg == NO_REG)
        x86_store_imm(&e->x, cpu_at(i->imm), a.constant, i->size);
    else
        x86_store(&e->x, cpu_at(i->imm), a.reg, i->size);
}

/* --- memory --- */

struct x86_mem tlb_at(const struct emitter *e, u8 entry, u32 constant, u32 field)
{
    struct x86_mem at = cpu_at(e->tlb + field + constant);

    at.index = entry;
    return at;
}

static bool is_load(const struct ir_insn *i)
{
    return i->op == IR_load || i->op == IR_native_load;
}

u32 tlb_tag(const struct ir_insn *i)
{
    return !is_load(i) || i->write ? offsetof(struct tlb_entry, write)
                                   : offsetof(struct tlb_entry, read);
}

/* What is native is the x87's: imm is escape << 8 | second byte, or the reg field with memory. */
void put_access(struct emitter *e, const struct ir_insn *i, u8 through, u8 address, u8 stored)
{
    struct x86_mem at = {through, address, 0, 0};

    if (i->op == IR_load)
        x86_load(&e->x, through, at, i->size, i->sign);
    else if (i->op != IR_store)
        x86_x87_mem(&e->x, (u8)(i->imm >> 8), i->imm & 7, at);
    else if (ir_is_const(i->operand[3]))
        x86_store_imm(&e->x, at, ir_value(e->ir, i->operand[3]), i->size);
    else
        x86_store(&e->x, at, stored, i->size);
}

/* The register through which memory is reached: a load's result. */
static u8 choose_through(struct emitter *e, u32 n, u8 address, u8 page, u8 stored)
{
    const struct ir_insn *i = &e->ir->insn[n];

    if (i->op == IR_load)
        return ra_define(&e->ra, (ir_ref)n, ALL_REGS & ~reg_bit(address));
    if (page != NO_REG && ra_is_dying(&e->ra, i->operand[2]) && page != stored)
        return page;
    return ra_temporary(&e->ra, ALL_REGS);
}

static void emit_access(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u8 address = ra_get(&e->ra, i->operand[0]), stored = NO_REG, through;
    struct source entry = source_of(e, i->operand[1]), page = source_of(e, i->operand[2]);
    struct x86_mem tag = tlb_at(e, entry.reg, entry.constant, tlb_tag(i));
    struct cold *cold;

    if (i->op == IR_store && !ir_is_const(i->operand[3]))
        stored = ra_get(&e->ra, i->operand[3]);
    through = choose_through(e, n, address, page.reg, stored);
    if (page.reg == NO_REG)
        x86_alu_mem_imm(&e->x, X86_CMP, tag, page.constant);
    else
        x86_alu_load(&e->x, X86_CMP, page.reg, tag);
    cold = add_cold(e, COLD_ACCESS, n, x86_jcc(&e->x, CC_NE));
    cold->temporary = through;
    cold->address = address;
    x86_load64(&e->x, through,
               tlb_at(e, entry.reg, entry.constant, offsetof(struct tlb_entry, addend)));
    cold->again = e->x.at;
    put_access(e, i, through, address, stored);
    cold->resume = e->x.at;
}

/* --- ways out --- */

static void emit_way_out(struct emitter *e, u32 n, const struct ir_insn *i, enum x86_cc cc)
{
    u8 *field = x86_jcc(&e->x, cc);
    struct ra_state state;

    ra_capture(&e->ra, &state);
    if (i->op == IR_check || i->op == IR_spend ||
        !state_is_placed(e, &state, &e->ir->snapshot[i->snapshot - 1]) ||
        !stream_same_page(e->ir->stream, i->imm) || !add_exit(e, field, i->imm))
        add_cold(e, COLD_EXIT, n, field);
}

/* Has the last instruction left in the host's flags what a test would? */
static bool flags_tell(const struct emitter *e, const struct ir_insn *i)
{
    return i->op == IR_branch_test && i->operand[0] == i->operand[1] && e->flags == i->operand[0] &&
           e->flags &&
           (i->cc == IF_equal || i->cc == IF_not_equal || i->cc == IF_negative ||
            i->cc == IF_not_negative);
}

static void put_jump(struct emitter *e, const struct ir_insn *i)
{
    put_state(e, &e->ra.state, &e->ir->snapshot[i->snapshot - 1]);
    put_jump_out(e, i->imm);
}

static bool has_code(const struct ir_insn *i)
{
    return i->op != IR_none && !i->sunk;
}

/* A branch to the block's start, behind which is just the block's end: that. Else 0. */
static u32 end_of_loop(const struct emitter *e, u32 n)
{
    u32 next = n + 1;

    while (next <= e->ir->count && !has_code(&e->ir->insn[next]))
        next++;
    return e->ir->insn[n].imm == e->ir->stream->pc && next == e->ir->count &&
                   e->ir->insn[next].op == IR_jump
               ? next
               : 0;
}

/* Once more is hot, the end is cold. */
static void put_loop(struct emitter *e, u32 n, const struct ir_insn *i, u32 end)
{
    struct cold *cold = add_cold(e, COLD_EXIT, end, x86_jcc(&e->x, cc_of(i->cc ^ 1)));

    cold->segment++;
    map_code(e, n, e->segment, PART_TAKEN);
    put_jump(e, i);
    e->ended = true;
}

static void emit_branch(struct emitter *e, u32 n, const struct ir_insn *i)
{
    u32 end = end_of_loop(e, n);

    if (!flags_tell(e, i)) {
        u8 a = ra_get(&e->ra, i->operand[0]);
        struct source b = source_of(e, i->operand[1]);
        put_compare(&e->x, i->op == IR_branch_test, a, b.reg, b.constant);
    }
    if (end)
        put_loop(e, n, i, end);
    else
        emit_way_out(e, n, i, cc_of(i->cc));
}

static void emit_check(struct emitter *e, u32 n, const struct ir_insn *i)
{
    x86_alu_mem_imm(&e->x, X86_CMP, cpu_at(offsetof(struct core, exit_request)), 0);
    emit_way_out(e, n, i, CC_NE);
}

static void emit_spend(struct emitter *e, u32 n, const struct ir_insn *i)
{
    x86_alu_mem_imm(&e->x, X86_SUB, cpu_at(offsetof(struct core, budget)), i->imm);
    emit_way_out(e, n, i, CC_S);
}

static void emit_opaque(struct emitter *e, const struct ir_insn *i)
{
    const struct ir_snapshot *s = &e->ir->snapshot[i->snapshot - 1];
    const struct uop *u = &e->ir->stream->uops[i->imm];
    const struct uop_table *t = e->ir->stream->table;
    u32 lost = uop_writes(u) | t->temporaries;
    ir_ref kept[IR_LOCATIONS];

    for (unsigned k = 0; k < t->locations; k++)
        kept[k] = lost & 1u << k ? IR_NONE : ir_seen(s, k);
    ra_spill_all_but(&e->ra, kept, t->locations);
    put_state(e, &e->ra.state, s);
    put_inlined(e, u);
    ra_forget_registers(&e->ra);
    for (unsigned k = 0; k < t->locations; k++) {
        ir_ref v = kept[k];
        if (v && !ir_is_const(v) && !ra_is_dying(&e->ra, v) && e->ra.reg[v] == NO_REG)
            ra_place(&e->ra, v, e->ir->guest->home[k]);
    }
}

static void emit_leave(struct emitter *e, const struct ir_insn *i)
{
    put_state(e, &e->ra.state, &e->ir->snapshot[i->snapshot - 1]);
    put_inlined(e, &e->ir->stream->uops[i->imm]);
}

/* What a location holds, from the block's start or from a template. */
static void emit_given(struct emitter *e, u32 n, const struct ir_insn *i)
{
    ra_place(&e->ra, (ir_ref)n, e->ir->guest->home[i->imm]);
}

static bool leaves_flags_alone(enum ir_op op)
{
    return op == IR_entry || op == IR_result || op == IR_field || op == IR_set || op == IR_native;
}

static void emit_by_op(struct emitter *e, u32 n, const struct ir_insn *i)
{
    switch ((enum ir_op)i->op) {
    case IR_entry:
    case IR_result:
        emit_given(e, n, i);
        break;
    case IR_field:
        emit_field(e, n, i);
        break;
    case IR_set:
        emit_set(e, i);
        break;
    case IR_load:
    case IR_store:
    case IR_native_load:
    case IR_native_store:
        emit_access(e, n, i);
        break;
    case IR_count:
        x86_count(&e->x, i->imm);
        break;
    case IR_native:
        x86_x87(&e->x, (u8)(i->imm >> 8), (u8)i->imm);
        break;
    case IR_branch_cmp:
    case IR_branch_test:
        emit_branch(e, n, i);
        break;
    case IR_never:
        break;
    case IR_check:
        emit_check(e, n, i);
        break;
    case IR_spend:
        emit_spend(e, n, i);
        break;
    case IR_opaque:
        emit_opaque(e, i);
        break;
    case IR_jump:
        put_jump(e, i);
        break;
    case IR_leave:
        emit_leave(e, i);
        break;
    default:
        emit_value(e, n, i);
        return;
    }
    if (!leaves_flags_alone((enum ir_op)i->op))
        e->flags = IR_NONE;
}

void map_code(struct emitter *e, u32 n, u16 segment, enum code_part part)
{
    if (e->map)
        code_map_add(e->map, (struct code_mark){(u32)(e->x.at - e->entry), e->ir->insn[n].pc,
                                                segment, (u8)part});
}

void emit_insn(struct emitter *e, u32 n)
{
    const struct ir_insn *i = &e->ir->insn[n];

    if (!has_code(i) || e->ended)
        return;
    map_code(e, n, e->segment, PART_HOT);
    ra_begin(&e->ra, n);
    emit_by_op(e, n, i);
    ra_end(&e->ra);
    e->segment += i->op >= IR_branch_cmp && i->op <= IR_never;
}
