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

static struct uop *emit_way_out(struct decoder *d, u16 op, u32 bits, u32 to)
{
    struct uop *u = ppc_emit(d, op);

    u->to.imm = bits;
    u->to.target = to;
    u->to.dead = ppc_cr0_is_dead_at(d, to) ? FLAGS_ALL : 0;
    d->exits++;
    return u;
}

static void way_out_by_ctr(struct decoder *d, bool holds, u32 to)
{
    bool zero = !(bo(d) & BO_CTR_ZERO) != holds;

    emit_way_out(d, zero ? UOP_j_ctr_zero : UOP_j_ctr_nonzero, 0, to);
}

/* Are the operands of the last comparison, which was for this field, where they were? */
static bool can_compare_again(const struct decoder *d, u32 field)
{
    const struct comparison *c = &d->compared;
    u32 read = 1u << c->a | (c->of_two ? 1u << c->b : 0);

    if (!c->known || c->field != field)
        return false;
    for (u32 i = c->behind; i < d->s->count; i++) {
        const struct uop *u = &d->s->uops[i];
        if (!uop_is_mark(u) && uop_writes(u) & read)
            return false;
    }
    return true;
}

enum { LT, GT, EQ, SO };

/* The way out by what the field's bit `which` came from. */
static void way_out_by_comparison(struct decoder *d, u32 which, bool set, u32 to)
{
    static const u8 conditions[2][3] = {
        [true] = {[LT] = IF_less, [GT] = IF_greater, [EQ] = IF_equal},
        [false] = {[LT] = IF_below, [GT] = IF_above, [EQ] = IF_equal},
    };
    const struct comparison *c = &d->compared;
    struct uop *u = emit_way_out(d, c->of_two ? UOP_cmp_j : UOP_cmpi_j, c->imm, to);

    u->d = c->a;
    u->b = c->b;
    u->condition = conditions[c->is_signed][which] ^ !set;
}

static void way_out_by_cr(struct decoder *d, bool holds, u32 to)
{
    static const u16 ways[2][4] = {{UOP_j_not_lt, UOP_j_not_gt, UOP_j_not_eq, UOP_j_not_so},
                                   {UOP_j_lt, UOP_j_gt, UOP_j_eq, UOP_j_so}};
    bool set = !(bo(d) & BO_CR) != holds;
    u32 which = ra(d) & 3, last = which % 3 ? 0 : CR_LAST_BYTE;

    if (which != SO && can_compare_again(d, ra(d) / 4)) {
        way_out_by_comparison(d, which, set, to);
        return;
    }
    emit_way_out(d, ways[set][which], cr_offset(ra(d) / 4) + last, to);
}

static bool counts(const struct decoder *d)
{
    return !(bo(d) & BO_IGNORE_CTR);
}

static bool tests(const struct decoder *d)
{
    return !(bo(d) & BO_IGNORE_CR);
}

/* On to the next instruction unless all conditions hold. */
static void unless_branching(struct decoder *d)
{
    if (counts(d))
        ppc_emit(d, UOP_count_ctr);
    if (counts(d))
        way_out_by_ctr(d, false, d->pc + 4);
    if (tests(d))
        way_out_by_cr(d, false, d->pc + 4);
}

static void way_out_by_count(struct decoder *d, u32 to)
{
    emit_way_out(d, bo(d) & BO_CTR_ZERO ? UOP_j_count_zero : UOP_j_count_nonzero, 0, to);
}

/* A forward branch does not end the block. */
void ppc_t_branch_conditional(struct decoder *d)
{
    u32 to = target(d, signed_immediate(d) & ~(u32)3);

    if (to <= d->pc)
        ppc_exit_check(d);
    if (links(d))
        set_lr(d);
    if (counts(d) == tests(d)) {
        unless_branching(d);
        ppc_end_direct(d, to);
        return;
    }
    if (counts(d))
        way_out_by_count(d, to);
    else
        way_out_by_cr(d, true, to);
    if (to <= d->pc || d->exits >= BLOCK_EXITS - 3)
        ppc_end_direct(d, d->pc + 4);
}

/* LR changes even if the branch is not taken; it goes to what was there before. */
void ppc_t_branch_register(struct decoder *d)
{
    bool by_ctr = d->insn->arg == BY_CTR;

    ppc_emit_r(d, UOP_get, T0,
               by_ctr ? offsetof(struct ppc_cpu, ctr) : offsetof(struct ppc_cpu, lr));
    ppc_emit_r(d, UOP_andi, T0, ~3u);
    if (links(d))
        set_lr(d);
    unless_branching(d);
    ppc_end_t0(d);
}

/* --- CR --- */

void ppc_t_cr_logic(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_cr_logic, d->word, 0);
}

void ppc_t_mcrf(struct decoder *d)
{
    struct uop *u = ppc_emit(d, UOP_copy64);

    u->imm[0] = cr_offset(word_field(d->word));
    u->imm[1] = cr_offset(d->word >> 18 & 7);
    d->compared.known = false;
}

/* It clears XER's SO, which is in the mode. */
void ppc_t_mcrxr(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_cr_from_xer, d->word, 0);
    ppc_end_after(d);
}

void ppc_t_mtcrf(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_write_cr, rd(d), d->word >> 12 & 0xff);
}

void ppc_t_mfcr(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_read_cr, rd(d), 0);
}
