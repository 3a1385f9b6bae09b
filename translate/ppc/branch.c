/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branches and the condition register (book I, 2.4 and 2.5). */
#include "translate/ppc/decode.h"

static bool links(const struct decoder *d)
{
    return d->word & 1;
}

static void set_lr(struct decoder *d)
{
    ppc_emit_r(d, UOP_movi, T1, d->pc + 4);
    ppc_emit_r(d, UOP_put, T1, offsetof(struct ppc_cpu, lr));
}

static u32 target(const struct decoder *d, u32 displacement)
{
    return d->word & 2 ? displacement : d->pc + displacement;
}

void ppc_t_branch(struct decoder *d)
{
    u32 to = target(d, (u32)((s32)(d->word << 6) >> 6) & ~(u32)3);

    if (to <= d->pc)
        ppc_exit_check(d);
    if (links(d))
        set_lr(d);
    ppc_end_direct(d, to);
}

/* BO: what of CTR and of the bit BI of CR must hold; a set bit here says that one does not count.
 */
enum { BO_IGNORE_CR = 16, BO_CR = 8, BO_IGNORE_CTR = 4, BO_CTR_ZERO = 2 };

static u32 bo(const struct decoder *d)
{
    return rd(d);
}

static void emit_way_out(struct decoder *d, u16 op, u32 bits, u32 to)
{
    struct uop *u = ppc_emit(d, op);

    u->to.imm = bits;
    u->to.target = to;
    d->exits++;
}

static void way_out_by_ctr(struct decoder *d, bool holds, u32 to)
{
    bool zero = !(bo(d) & BO_CTR_ZERO) != holds;

    emit_way_out(d, zero ? UOP_j_ctr_zero : UOP_j_ctr_nonzero, 0, to);
}

static void way_out_by_cr(struct decoder *d, bool holds, u32 to)
{
    bool set = !(bo(d) & BO_CR) != holds;

    emit_way_out(d, set ? UOP_j_set : UOP_j_clear, 0x80000000u >> ra(d), to);
}

static void count_ctr(struct decoder *d)
{
    if (!(bo(d) & BO_IGNORE_CTR))
        ppc_emit(d, UOP_count_ctr);
}

/* On to the next instruction unless all conditions hold. */
static void unless_branching(struct decoder *d)
{
    count_ctr(d);
    if (!(bo(d) & BO_IGNORE_CTR))
        way_out_by_ctr(d, false, d->pc + 4);
    if (!(bo(d) & BO_IGNORE_CR))
        way_out_by_cr(d, false, d->pc + 4);
}

/* A forward branch does not end the block. */
void ppc_t_branch_conditional(struct decoder *d)
{
    u32 to = target(d, signed_immediate(d) & ~(u32)3), counts = !(bo(d) & BO_IGNORE_CTR);
    bool tests = !(bo(d) & BO_IGNORE_CR);

    if (to <= d->pc)
        ppc_exit_check(d);
    if (links(d))
        set_lr(d);
    if (counts == tests) {
        unless_branching(d);
        ppc_end_direct(d, to);
        return;
    }
    count_ctr(d);
    if (counts)
        way_out_by_ctr(d, true, to);
    else
        way_out_by_cr(d, true, to);
    if (to <= d->pc || d->exits >= BLOCK_EXITS - 3)
        ppc_end_direct(d, d->pc + 4);
}

/* LR changes even if the branch is not taken; it goes to what was there before. */
void ppc_t_branch_register(struct decoder *d)
{
    bool by_ctr = d->insn->arg;

    ppc_emit_r(d, UOP_get, T0,
               by_ctr ? offsetof(struct ppc_cpu, ctr) : offsetof(struct ppc_cpu, lr));
    ppc_emit_r(d, UOP_andi, T0, ~3u);
    if (links(d))
        set_lr(d);
    unless_branching(d);
    ppc_end_t0(d);
}

/* --- CR --- */

/* A bit of CR, numbered from the left in the word, from the right in micro-ops. */
static u32 from_right(u32 bit)
{
    return 31 - bit;
}

void ppc_t_cr_logic(struct decoder *d)
{
    struct uop *u = ppc_emit(d, (u16)d->insn->arg);

    u->imm[0] = from_right(rd(d));
    u->imm[1] = from_right(ra(d));
    u->imm[2] = from_right(rb(d));
}

/* The lowest bit of a field. */
static u32 field(u32 n)
{
    return 28 - 4 * n;
}

void ppc_t_mcrf(struct decoder *d)
{
    struct uop *u = ppc_emit(d, UOP_cr_move);

    u->imm[0] = field(d->word >> 23 & 7);
    u->imm[1] = field(d->word >> 18 & 7);
}

void ppc_t_mcrxr(struct decoder *d)
{
    ppc_emit_n(d, UOP_cr_from_xer, field(d->word >> 23 & 7));
}

void ppc_t_mtcrf(struct decoder *d)
{
    u32 fields = d->word >> 12 & 0xff, bits = 0;

    for (u32 n = 0; n < 8; n++)
        if (fields & 0x80 >> n)
            bits |= 15u << field(n);
    ppc_get(d, T0, rd(d));
    ppc_emit_n(d, UOP_cr_insert, bits);
}

void ppc_t_mfcr(struct decoder *d)
{
    ppc_emit_r(d, UOP_get, T0, offsetof(struct ppc_cpu, cr));
    ppc_put(d, rd(d), T0);
}
