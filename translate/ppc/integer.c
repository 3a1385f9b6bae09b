/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixed-point arithmetic and logic (book I, 3.3). */
#include "translate/ppc/decode.h"

/* --- results --- */

/* Behind the micro-op that sets CR0, without SO: it is as a flag (translate/liveness.c). */
static void mark_cr0(struct decoder *d)
{
    d->s->uops[d->s->count - 1].cc = true;
    ppc_emit(d, UOP_cc)->flags.parts = FLAGS_ALL;
}

/* Of two locations, or of one and a number; what a branch may find that comes soon after. */
static void note_comparison(struct decoder *d, bool is_signed, u32 field)
{
    const struct uop *u = &d->s->uops[d->s->count - 1];
    bool of_two = uop_row(u)->shape == SHAPE_RR;

    d->compared = (struct comparison){
        .known = true,
        .is_signed = is_signed,
        .of_two = of_two,
        .field = field,
        .a = u->d,
        .b = u->b,
    };
    if (!of_two)
        d->compared.imm = u->op == UOP_record ? 0 : u->imm[field ? 1 : 0];
    if (!field)
        mark_cr0(d);
    d->compared.behind = d->s->count;
}

/* CR0 = how a location is to zero. */
static void record(struct decoder *d, enum location from)
{
    ppc_emit_r(d, UOP_record, from, 0);
    note_comparison(d, true, 0);
}

/* The result, made at `from`: into GPR n, and CR0 if the instruction says so. */
static void result(struct decoder *d, u32 n, enum location from)
{
    ppc_put(d, n, from);
    if (!ppc_sets_cr0(d))
        return;
    if (!(d->mode & MODE_SO)) {
        record(d, from);
        return;
    }
    if (from != T0)
        ppc_emit_rr(d, UOP_mov, T0, from);
    ppc_emit(d, UOP_record_so);
}

/* --- of a register and a number --- */

/* To = from op imm. */
static enum location with_immediate(struct decoder *d, u16 op, u32 to, u32 from, u32 imm)
{
    enum location at = ppc_target(to);

    ppc_get(d, at, from);
    ppc_emit_r(d, op, at, imm);
    return at;
}

void ppc_t_addi(struct decoder *d)
{
    u32 imm = signed_immediate(d) << d->insn->arg;
    enum location to = ppc_target(rd(d)), from;

    if (!ra(d)) {
        ppc_emit_r(d, UOP_movi, to, imm);
    } else if (ra(d) == rd(d)) {
        to = with_immediate(d, UOP_addi, rd(d), ra(d), imm);
    } else {
        from = ppc_operand(d, ra(d), T0);
        ppc_emit_rr(d, UOP_lea, to, from);
        d->s->uops[d->s->count - 1].disp = imm;
    }
    ppc_put(d, rd(d), to);
}

void ppc_t_mulli(struct decoder *d)
{
    enum location to = ppc_target(rd(d));

    ppc_get(d, to, ra(d));
    ppc_emit_r(d, UOP_muli, to, signed_immediate(d));
    ppc_put(d, rd(d), to);
}

static void logical_imm(struct decoder *d, u32 imm)
{
    u16 op = (u16)d->insn->arg;

    if (!imm && op != UOP_andi) /* nop, or a move */
        ppc_put(d, ra(d), ppc_operand(d, rd(d), T0));
    else
        result(d, ra(d), with_immediate(d, op, ra(d), rd(d), imm));
}

void ppc_t_logical_imm(struct decoder *d)
{
    logical_imm(d, immediate(d));
}

void ppc_t_logical_imm_high(struct decoder *d)
{
    logical_imm(d, immediate(d) << 16);
}

/* --- of registers --- */

void ppc_t_arith(struct decoder *d)
{
    u16 op = d->insn->arg & OP_MASK;
    bool commutes = !(d->insn->arg & IN_ORDER);

    result(d, rd(d), ppc_of_two(d, op, rd(d), ra(d), rb(d), commutes));
}

void ppc_t_subf(struct decoder *d)
{
    result(d, rd(d), ppc_of_two(d, UOP_sub, rd(d), rb(d), ra(d), false));
}

/* To = op from. */
static void unary(struct decoder *d, u32 to, u32 from)
{
    enum location at = ppc_target(to);

    ppc_get(d, at, from);
    ppc_emit_r(d, (u16)d->insn->arg, at, 0);
    result(d, to, at);
}

void ppc_t_unary(struct decoder *d)
{
    unary(d, rd(d), ra(d));
}

void ppc_t_extend(struct decoder *d)
{
    unary(d, ra(d), rd(d));
}

/* With the second operand inverted, at T1; or the result. */
void ppc_t_logical(struct decoder *d)
{
    u16 op = d->insn->arg & OP_MASK;
    enum location to;

    if (op == UOP_or && rd(d) == rb(d) && !(d->insn->arg & (COMPLEMENTS | INVERTS))) { /* mr */
        to = ppc_operand(d, rd(d), T0);
    } else if (d->insn->arg & COMPLEMENTS) {
        ppc_get(d, T1, rb(d));
        ppc_emit_r(d, UOP_not, T1, 0);
        to = ppc_target(ra(d));
        ppc_get(d, to, rd(d));
        ppc_emit_rr(d, op, to, T1);
    } else {
        to = ppc_of_two(d, op, ra(d), rd(d), rb(d), true);
    }
    if (d->insn->arg & INVERTS)
        ppc_emit_r(d, UOP_not, to, 0);
    result(d, ra(d), to);
}

void ppc_t_shift(struct decoder *d)
{
    enum location to = ppc_of_two(d, (u16)d->insn->arg, ra(d), rd(d), rb(d), false);

    result(d, ra(d), to);
}

/* Ones from bit MB to bit ME, counted from the left, around the end if need be. */
static u32 mask(const struct decoder *d)
{
    u32 first = d->word >> 6 & 31, last = d->word >> 1 & 31;
    u32 from = ~0u >> first, to = ~0u << (31 - last);

    return first <= last ? from & to : from | to;
}

static void and_mask(struct decoder *d, enum location at, u32 mask)
{
    if (mask != ~0u)
        ppc_emit_r(d, UOP_andi, at, mask);
}

/* Rotated by a number, and what the mask leaves: often a shift. */
static void rotate(struct decoder *d, enum location at, u32 by, u32 mask)
{
    if (by && mask == ~0u << by) {
        ppc_emit_r(d, UOP_shli, at, by);
    } else if (by && mask == ~0u >> (32 - by)) {
        ppc_emit_r(d, UOP_shri, at, 32 - by);
    } else {
        if (by)
            ppc_emit_r(d, UOP_roli, at, by);
        and_mask(d, at, mask);
    }
}

void ppc_t_rotate_mask(struct decoder *d)
{
    enum location to = ppc_target(ra(d));

    ppc_get(d, to, rd(d));
    rotate(d, to, rb(d), mask(d));
    result(d, ra(d), to);
}

void ppc_t_rotate_by_register(struct decoder *d)
{
    enum location to = ppc_of_two(d, UOP_rotate, ra(d), rd(d), rb(d), false);

    and_mask(d, to, mask(d));
    result(d, ra(d), to);
}

void ppc_t_rotate_insert(struct decoder *d)
{
    enum location to = ppc_target(ra(d));

    ppc_get(d, T1, rd(d));
    rotate(d, T1, rb(d), mask(d));
    ppc_get(d, to, ra(d));
    ppc_emit_r(d, UOP_andi, to, ~mask(d));
    ppc_emit_rr(d, UOP_or, to, T1);
    result(d, ra(d), to);
}

/* --- comparisons --- */

static u32 field_offset(const struct decoder *d)
{
    return cr_offset(word_field(d->word));
}

/* Behind a micro-op that compares for any field comes that for CR0. */
enum { CR0_BEHIND = 1 };

static u16 with_so(u32 op)
{
    return op == UOP_compare_signed ? UOP_compare_signed_so : UOP_compare_unsigned_so;
}

void ppc_t_compare(struct decoder *d)
{
    u32 field = word_field(d->word);
    u16 op = (u16)d->insn->arg;
    enum location first, second;

    if (d->mode & MODE_SO) {
        ppc_get(d, T0, ra(d));
        ppc_get(d, T1, rb(d));
        ppc_emit_n(d, with_so(d->insn->arg), field_offset(d));
        return;
    }
    first = ppc_operand(d, ra(d), T0);
    second = ppc_operand(d, rb(d), T1);
    ppc_emit_rr(d, field ? op : (u16)(op + CR0_BEHIND), first, second);
    if (field)
        d->s->uops[d->s->count - 1].imm[0] = field_offset(d);
    note_comparison(d, op == UOP_compare_signed, field);
}

void ppc_t_compare_imm(struct decoder *d)
{
    bool is_signed = d->insn->arg == UOP_compare_signed;
    u32 imm = is_signed ? signed_immediate(d) : immediate(d), field = word_field(d->word);
    u16 op = is_signed ? UOP_compare_signed_imm : UOP_compare_unsigned_imm;
    enum location at;

    if (d->mode & MODE_SO) {
        ppc_get(d, T0, ra(d));
        ppc_emit_r(d, UOP_movi, T1, imm);
        ppc_emit_n(d, with_so(d->insn->arg), field_offset(d));
        return;
    }
    at = ppc_operand(d, ra(d), T0);
    if (field) {
        ppc_emit_r(d, op, at, field_offset(d));
        d->s->uops[d->s->count - 1].imm[1] = imm;
    } else {
        ppc_emit_r(d, (u16)(op + CR0_BEHIND), at, imm);
    }
    note_comparison(d, is_signed, field);
}

/* --- with carries --- */

/* RT = RB - RA. */
void ppc_t_subfc(struct decoder *d)
{
    enum location to = rd(d) == ra(d) ? T0 : ppc_target(rd(d)), by;

    ppc_get(d, to, rb(d));
    by = ppc_operand(d, ra(d), T1);
    ppc_emit_rr(d, UOP_carry_of_sub, to, by);
    ppc_emit_rr(d, UOP_sub, to, by);
    result(d, rd(d), to);
}

void ppc_t_subfic(struct decoder *d)
{
    enum location by = ppc_operand(d, ra(d), T1);

    ppc_emit_r(d, UOP_movi, T0, signed_immediate(d));
    ppc_emit_rr(d, UOP_carry_of_sub, T0, by);
    ppc_emit_rr(d, UOP_sub, T0, by);
    ppc_put(d, rd(d), T0);
}

void ppc_t_addic(struct decoder *d)
{
    enum location to = ppc_target(rd(d));

    ppc_get(d, to, ra(d));
    ppc_emit_r(d, UOP_movi, T1, signed_immediate(d));
    ppc_emit_rr(d, UOP_add_carrying, to, T1);
    result(d, rd(d), to);
}

/* RA or its complement, RB, and what comes in. */
void ppc_t_add_carry(struct decoder *d)
{
    u16 op = d->insn->arg & OP_MASK;
    enum location to = T0;

    if (d->insn->arg & COMPLEMENTS) {
        ppc_get(d, T0, ra(d));
        ppc_emit_r(d, UOP_not, T0, 0);
        ppc_emit_rr(d, op, T0, ppc_operand(d, rb(d), T1));
    } else {
        to = ppc_of_two(d, op, rd(d), ra(d), rb(d), true);
    }
    result(d, rd(d), to);
}

/* The same with all zeros or, INVERTS, ones in the place of RB. */
void ppc_t_add_carry_to(struct decoder *d)
{
    enum location to = ppc_target(rd(d));

    ppc_get(d, to, ra(d));
    if (d->insn->arg & COMPLEMENTS)
        ppc_emit_r(d, UOP_not, to, 0);
    ppc_emit_r(d, UOP_movi, T1, d->insn->arg & INVERTS ? ~0u : 0);
    ppc_emit_rr(d, UOP_add_extended, to, T1);
    result(d, rd(d), to);
}

#define SIGN 0x80000000u

void ppc_t_shift_algebraic(struct decoder *d)
{
    enum location to;

    if (d->insn->arg & BY_IMMEDIATE) {
        to = with_immediate(d, UOP_carry_of_shift, ra(d), rd(d), ~(~0u << rb(d)) | SIGN);
        ppc_emit_r(d, UOP_sari, to, rb(d));
    } else {
        to = ppc_of_two(d, UOP_shift_algebraic, ra(d), rd(d), rb(d), false);
    }
    result(d, ra(d), to);
}

/* --- as a whole, by a helper --- */

/* XER's SO may be set then, which is in the mode. */
void ppc_t_overflow(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_overflow, d->word, 0);
    ppc_end_after(d);
}

void ppc_t_bits(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_bits, d->word, 0);
}

/* RT = RA or zero, if the bit of CR is set, else RB. */
void ppc_t_isel(struct decoder *d)
{
    static const u16 selects[] = {UOP_select_lt, UOP_select_gt, UOP_select_eq, UOP_select_so};
    u32 bit = word_c(d->word), which = bit & 3, last = which % 3 ? 0 : CR_LAST_BYTE;
    enum location to = rd(d) == rb(d) ? T0 : ppc_target(rd(d));

    if (ra(d))
        ppc_get(d, to, ra(d));
    else
        ppc_emit_r(d, UOP_movi, to, 0);
    ppc_emit_rr(d, selects[which], to, ppc_operand(d, rb(d), T1));
    d->s->uops[d->s->count - 1].imm[0] = cr_offset(bit / 4) + last;
    ppc_put(d, rd(d), to);
}

/* --- traps --- */

void ppc_t_trap(struct decoder *d)
{
    if (rd(d))
        ppc_emit_call(d, UOP_call_trap, d->word, 0);
}
