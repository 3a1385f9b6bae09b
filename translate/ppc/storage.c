/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads and stores (book I, 3.3.2 to 3.3.7), and what else names storage. The guest is big-endian:
 * its words are turned round by one instruction of the host behind the load, or before the store.
 */
#include "translate/ppc/decode.h"

/* For RA + RB without either in a location, the sum is at T0. */
enum location ppc_address(struct decoder *d, u32 *disp)
{
    *disp = 0;
    if (!(d->insn->arg & INDEXED)) {
        *disp = signed_immediate(d);
        return ppc_base(d, T0);
    }
    if (!ra(d))
        return ppc_operand(d, rb(d), T0);
    ppc_sum(d, ra(d), rb(d));
    return T0;
}

void ppc_access(struct decoder *d, u16 op, enum location to, enum location from, u32 disp)
{
    struct uop *u = ppc_emit(d, op);

    u->d = (u8)to;
    u->b = (u8)from;
    u->disp = disp;
}

/* The host's byte order to the guest's, and back. */
void ppc_swap(struct decoder *d, enum location l, u32 size)
{
    if (size > 1)
        ppc_emit_r(d, size == 4 ? UOP_bswap : UOP_swap16, l, 0);
}

/* An access has left its address in T0; nobody need look there where the base has a location. */
void ppc_update(struct decoder *d)
{
    enum location base = ppc_target(ra(d));

    if (!(d->insn->arg & UPDATES))
        return;
    if (base == T0 || d->insn->arg & INDEXED)
        ppc_put(d, ra(d), T0);
    else
        ppc_emit_r(d, UOP_addi, base, signed_immediate(d));
}

/*
 * The address to T0, for what the processor does only if it is a multiple of `size` (e500mc,
 * alignment interrupt).
 */
static void aligned_address(struct decoder *d, u32 size, u32 why)
{
    u32 disp;
    enum location base = ppc_address(d, &disp);
    struct uop *u;

    if (base != T0)
        ppc_emit_rr(d, UOP_mov, T0, base);
    if (disp)
        ppc_emit_r(d, UOP_addi, T0, disp);
    if (size == 1)
        return;
    u = ppc_emit(d, UOP_aligned);
    u->imm[0] = size - 1;
    u->arg = why;
}

static u16 load_op(u32 size)
{
    return size == 4 ? UOP_ld32 : size == 2 ? UOP_ld16 : UOP_ld8;
}

void ppc_t_load(struct decoder *d)
{
    u32 size = d->insn->arg & SIZE, disp = 0;
    enum location to = ppc_target(rd(d)) == T0 ? T1 : ppc_target(rd(d)), base = T0;

    if (d->insn->arg & RESERVES)
        aligned_address(d, size, 0);
    else
        base = ppc_address(d, &disp);
    ppc_access(d, load_op(size), to, base, disp);
    if (!(d->insn->arg & REVERSED))
        ppc_swap(d, to, size);
    if (d->insn->arg & RESERVES)
        ppc_emit(d, UOP_reserve);
    if (d->insn->arg & ALGEBRAIC)
        ppc_emit_r(d, UOP_extend16, to, 0);
    ppc_update(d);
    ppc_put(d, rd(d), to);
}

void ppc_t_store(struct decoder *d)
{
    u32 size = d->insn->arg & SIZE, disp;
    enum location base = ppc_address(d, &disp), from = T1;

    if (size == 1 || d->insn->arg & REVERSED) {
        from = ppc_operand(d, rd(d), T1);
    } else {
        ppc_get(d, T1, rd(d));
        ppc_swap(d, T1, size);
    }
    ppc_access(d, size == 4 ? UOP_st32 : size == 2 ? UOP_st16 : UOP_st8, base, from, disp);
    ppc_update(d);
}

/*
 * From RT to r31, at a distance from where RA has its location; or, if it has none or is loaded
 * itself, each access leaves its address in T0, from which the next goes on.
 */
struct row {
    enum location base;
    u32 disp;
};

/* Does RA stay what it is? The form of lmw in which it does not is invalid, but has one address. */
static struct row start_row(struct decoder *d, u32 why, bool base_stays)
{
    enum location own = ra(d) && base_stays ? ppc_target(ra(d)) : T0;

    aligned_address(d, 4, why);
    return (struct row){own, own == T0 ? 0 : signed_immediate(d)};
}

static void next_in_row(struct row *r)
{
    r->disp = r->base == T0 ? 4 : r->disp + 4;
}

void ppc_t_load_multiple(struct decoder *d)
{
    struct row r = start_row(d, 0, ra(d) < rd(d));

    for (u32 n = rd(d); n < 32; n++) {
        ppc_access(d, UOP_ld32, T1, r.base, r.disp);
        ppc_swap(d, T1, 4);
        ppc_put(d, n, T1);
        next_in_row(&r);
    }
}

void ppc_t_store_multiple(struct decoder *d)
{
    struct row r = start_row(d, ESR_ST, true);

    for (u32 n = rd(d); n < 32; n++) {
        ppc_get(d, T1, n);
        ppc_swap(d, T1, 4);
        ppc_access(d, UOP_st32, r.base, T1, r.disp);
        next_in_row(&r);
    }
}

/* `arg` is the helper that does it; NB of 0 is 32. */
void ppc_t_string(struct decoder *d)
{
    ppc_emit_call(d, (u16)d->insn->arg, d->word, rb(d) ? rb(d) : 32);
}

void ppc_t_store_conditional(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_store_conditional, d->word, d->insn->arg);
}

void ppc_t_zero_line(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_zero_line, d->word, 0);
}

/* What is done to a line of a cache shows in nothing but whether it may be reached. */
void ppc_t_touch_line(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_touch_line, d->word, d->insn->arg & STORES);
}

/* Or unlock; `arg` is what ESR says where it is refused. */
void ppc_t_lock_line(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_lock_line, d->word, d->insn->arg);
}

void ppc_t_invalidate_line(struct decoder *d)
{
    if (!ppc_is_privileged(d))
        ppc_t_touch_line(d);
}

/* --- by external PID --- */

void ppc_t_external_load(struct decoder *d)
{
    if (!ppc_is_privileged(d))
        ppc_emit_call(d, UOP_call_external_load, d->word, d->insn->arg);
}

void ppc_t_external_store(struct decoder *d)
{
    if (!ppc_is_privileged(d))
        ppc_emit_call(d, UOP_call_external_store, d->word, d->insn->arg);
}

void ppc_t_external_line(struct decoder *d)
{
    if (!ppc_is_privileged(d))
        ppc_emit_call(d, UOP_call_external_line, d->word, d->insn->arg & STORES);
}
