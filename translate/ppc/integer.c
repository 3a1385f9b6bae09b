/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixed-point arithmetic and logic (book I, 3.3). */
#include "translate/ppc/decode.h"

/* The lowest bit of field BF in CR. */
static u32 cr_field(const struct decoder *d)
{
    return 28 - 4 * (d->word >> 23 & 7);
}

void ppc_t_addi(struct decoder *d)
{
    ppc_get_base(d, T0);
    ppc_emit_r(d, UOP_addi, T0, signed_immediate(d) << d->insn->arg);
    ppc_put(d, rd(d), T0);
}

void ppc_t_mulli(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    ppc_emit_r(d, UOP_movi, T1, signed_immediate(d));
    ppc_emit_rr(d, UOP_mul, T0, T1);
    ppc_put(d, rd(d), T0);
}

void ppc_t_arith(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    ppc_get(d, T1, rb(d));
    ppc_emit_rr(d, (u16)d->insn->arg, T0, T1);
    ppc_result(d, rd(d), records(d));
}

void ppc_t_subf(struct decoder *d)
{
    ppc_get(d, T0, rb(d));
    ppc_get(d, T1, ra(d));
    ppc_emit_rr(d, UOP_sub, T0, T1);
    ppc_result(d, rd(d), records(d));
}

void ppc_t_unary(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    ppc_emit_r(d, (u16)d->insn->arg, T0, 0);
    ppc_result(d, rd(d), records(d));
}

void ppc_t_extend(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    ppc_emit_r(d, (u16)d->insn->arg, T0, 0);
    ppc_result(d, ra(d), records(d));
}

static void logical_imm(struct decoder *d, u32 imm)
{
    ppc_get(d, T0, rd(d));
    ppc_emit_r(d, (u16)d->insn->arg, T0, imm);
    ppc_result(d, ra(d), d->insn->arg == UOP_andi);
}

void ppc_t_logical_imm(struct decoder *d)
{
    logical_imm(d, immediate(d));
}

void ppc_t_logical_imm_high(struct decoder *d)
{
    logical_imm(d, immediate(d) << 16);
}

void ppc_t_logical(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    ppc_get(d, T1, rb(d));
    if (d->insn->arg & COMPLEMENTS)
        ppc_emit_r(d, UOP_not, T1, 0);
    ppc_emit_rr(d, d->insn->arg & OP_MASK, T0, T1);
    if (d->insn->arg & INVERTS)
        ppc_emit_r(d, UOP_not, T0, 0);
    ppc_result(d, ra(d), records(d));
}

void ppc_t_shift(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    ppc_get(d, T1, rb(d));
    ppc_emit_rr(d, (u16)d->insn->arg, T0, T1);
    ppc_result(d, ra(d), records(d));
}

/* Ones from bit MB to bit ME, counted from the left, around the end if need be. */
static u32 mask(const struct decoder *d)
{
    u32 first = d->word >> 6 & 31, last = d->word >> 1 & 31;
    u32 from = ~0u >> first, to = ~0u << (31 - last);

    return first <= last ? from & to : from | to;
}

void ppc_t_rotate_mask(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    ppc_emit_r(d, UOP_roli, T0, rb(d));
    ppc_emit_r(d, UOP_andi, T0, mask(d));
    ppc_result(d, ra(d), records(d));
}

void ppc_t_rotate_by_register(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    ppc_get(d, T1, rb(d));
    ppc_emit_rr(d, UOP_rotate, T0, T1);
    ppc_emit_r(d, UOP_andi, T0, mask(d));
    ppc_result(d, ra(d), records(d));
}

void ppc_t_rotate_insert(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    ppc_emit_r(d, UOP_roli, T0, rb(d));
    ppc_emit_r(d, UOP_andi, T0, mask(d));
    ppc_get(d, T1, ra(d));
    ppc_emit_r(d, UOP_andi, T1, ~mask(d));
    ppc_emit_rr(d, UOP_or, T0, T1);
    ppc_result(d, ra(d), records(d));
}

void ppc_t_compare(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    ppc_get(d, T1, rb(d));
    ppc_emit_n(d, (u16)d->insn->arg, cr_field(d));
}

void ppc_t_compare_imm(struct decoder *d)
{
    bool is_signed = d->insn->arg == UOP_compare_signed;

    ppc_get(d, T0, ra(d));
    ppc_emit_r(d, UOP_movi, T1, is_signed ? signed_immediate(d) : immediate(d));
    ppc_emit_n(d, (u16)d->insn->arg, cr_field(d));
}

/* --- with carries --- */

/* T0 = RB - RA. */
void ppc_t_subfc(struct decoder *d)
{
    ppc_get(d, T0, rb(d));
    ppc_get(d, T1, ra(d));
    ppc_emit(d, UOP_sub_carrying);
    ppc_result(d, rd(d), records(d));
}

void ppc_t_subfic(struct decoder *d)
{
    ppc_emit_r(d, UOP_movi, T0, signed_immediate(d));
    ppc_get(d, T1, ra(d));
    ppc_emit(d, UOP_sub_carrying);
    ppc_put(d, rd(d), T0);
}

void ppc_t_addic(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    ppc_emit_r(d, UOP_movi, T1, signed_immediate(d));
    ppc_emit(d, UOP_add_carrying);
    ppc_result(d, rd(d), d->insn->arg);
}

/* RA or its complement, RB, and what comes in. */
void ppc_t_add_carry(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    if (d->insn->arg & COMPLEMENTS)
        ppc_emit_r(d, UOP_not, T0, 0);
    ppc_get(d, T1, rb(d));
    ppc_emit(d, d->insn->arg & OP_MASK);
    ppc_result(d, rd(d), records(d));
}

/* The same with all zeros or, INVERTS, ones in the place of RB. */
void ppc_t_add_carry_to(struct decoder *d)
{
    ppc_get(d, T0, ra(d));
    if (d->insn->arg & COMPLEMENTS)
        ppc_emit_r(d, UOP_not, T0, 0);
    ppc_emit_r(d, UOP_movi, T1, d->insn->arg & INVERTS ? ~0u : 0);
    ppc_emit(d, UOP_add_extended);
    ppc_result(d, rd(d), records(d));
}

void ppc_t_shift_algebraic(struct decoder *d)
{
    ppc_get(d, T0, rd(d));
    if (d->insn->arg & BY_IMMEDIATE)
        ppc_emit_r(d, UOP_movi, T1, rb(d));
    else
        ppc_get(d, T1, rb(d));
    ppc_emit(d, UOP_shift_algebraic);
    ppc_result(d, ra(d), records(d));
}

/* --- as a whole, by a helper --- */

void ppc_t_overflow(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_overflow, d->word, 0);
}

void ppc_t_bits(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_bits, d->word, 0);
}

void ppc_t_isel(struct decoder *d)
{
    ppc_get_base(d, T0);
    ppc_get(d, T1, rb(d));
    ppc_emit_n(d, UOP_select, 0x80000000u >> word_c(d->word));
    ppc_put(d, rd(d), T0);
}

/* --- traps --- */

void ppc_t_trap(struct decoder *d)
{
    if (rd(d))
        ppc_emit_call(d, UOP_call_trap, d->word, 0);
}
