/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Floating point (book I, chapter 4). FPRs are in struct ppc_cpu; arithmetic is done by helpers. */
#include "translate/ppc/decode.h"

/* Without MSR[FP] there is none; then raises that. */
static bool is_unavailable(struct decoder *d)
{
    if (!(d->mode & MODE_FP))
        ppc_raise_in_block(d, INT_FP_UNAVAILABLE, 0);
    return !(d->mode & MODE_FP);
}

static u32 fpr(u32 n)
{
    return (u32)offsetof(struct ppc_cpu, fpr[0]) + n * (u32)sizeof(u64);
}

enum { HIGH = 4 }; /* where in an FPR its upper half is */

/* --- loads and stores (4.6.2, 4.6.3) --- */

/* The second word: from a location that stays, or from where the first access has left its address.
 */
static void access_second(struct decoder *d, u16 op, enum location word, enum location base,
                          u32 disp)
{
    bool is_load = op == UOP_ld32;

    disp = base == T0 ? 4 : disp + 4;
    ppc_access(d, op, is_load ? word : base, is_load ? base : word, disp);
}

/* Both words before the FPR changes; the address is gone then. */
static void load_double(struct decoder *d, enum location base, u32 disp)
{
    ppc_access(d, UOP_ld32, T1, base, disp);
    access_second(d, UOP_ld32, T0, base, disp);
    ppc_swap(d, T1, 4);
    ppc_swap(d, T0, 4);
    ppc_emit_r(d, UOP_put, T1, fpr(rd(d)) + HIGH);
    ppc_emit_r(d, UOP_put, T0, fpr(rd(d)));
    if (!(d->insn->arg & UPDATES) || base != T0)
        return;
    base = ppc_address(d, &disp);
    if (base != T0)
        ppc_emit_rr(d, UOP_mov, T0, base);
    ppc_emit_r(d, UOP_addi, T0, disp);
}

void ppc_t_load_float(struct decoder *d)
{
    enum location base;
    u32 disp;

    if (is_unavailable(d))
        return;
    base = ppc_address(d, &disp);
    if (d->insn->arg & SINGLE) {
        ppc_access(d, UOP_ld32, T1, base, disp);
        ppc_swap(d, T1, 4);
        ppc_emit_n(d, UOP_widen, fpr(rd(d)));
    } else {
        load_double(d, base, disp);
    }
    ppc_update(d);
}

static void word_to_store(struct decoder *d, u32 offset)
{
    ppc_emit_r(d, UOP_get, T1, offset);
    ppc_swap(d, T1, 4);
}

void ppc_t_store_float(struct decoder *d)
{
    enum location base;
    u32 disp;

    if (is_unavailable(d))
        return;
    base = ppc_address(d, &disp);
    if (d->insn->arg & SINGLE) {
        ppc_emit_n(d, UOP_narrow, fpr(rd(d)));
        ppc_swap(d, T1, 4);
        ppc_access(d, UOP_st32, base, T1, disp);
    } else if (d->insn->arg & WORD) {
        word_to_store(d, fpr(rd(d)));
        ppc_access(d, UOP_st32, base, T1, disp);
    } else {
        word_to_store(d, fpr(rd(d)) + HIGH);
        ppc_access(d, UOP_st32, base, T1, disp);
        word_to_store(d, fpr(rd(d)));
        access_second(d, UOP_st32, T1, base, disp);
        ppc_emit_r(d, UOP_addi, T0, (u32)-4);
    }
    ppc_update(d);
}

/* --- moves, arithmetic, FPSCR --- */

void ppc_t_move_float(struct decoder *d)
{
    struct uop *u;

    if (is_unavailable(d))
        return;
    u = ppc_emit(d, (u16)d->insn->arg);
    u->imm[0] = fpr(rd(d));
    u->imm[1] = fpr(rb(d));
    if (!records(d))
        return;
    ppc_emit(d, UOP_fp_record);
    d->compared.known = false;
}

/* `arg` is the helper. */
void ppc_t_float(struct decoder *d)
{
    if (is_unavailable(d))
        return;
    ppc_emit_call(d, (u16)d->insn->arg, d->word, 0);
}
