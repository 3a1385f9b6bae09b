/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system: interrupts, MSR, special-purpose registers (book III). */
#include "translate/ppc/decode.h"
#include "translate/ppc/spr.h"

/* LEV of 1 calls the hypervisor. */
void ppc_t_system_call(struct decoder *d)
{
    enum { LEV = 1 << 5 };

    ppc_raise_in_block(d, d->word & LEV ? INT_HYPERVISOR_CALL : INT_SYSTEM_CALL, 0);
}

void ppc_t_ehpriv(struct decoder *d)
{
    ppc_raise_in_block(d, INT_HYPERVISOR_PRIVILEGE, 0);
}

void ppc_end_after(struct decoder *d)
{
    ppc_emit_n(d, UOP_set_pc, d->pc + 4);
    ppc_end_pc(d);
}

/* `arg` is the helper. */
void ppc_t_supervisor(struct decoder *d)
{
    if (d->insn->arg & HYPERVISORS ? ppc_is_hypervisors(d) : ppc_is_privileged(d))
        return;
    if (d->insn->arg & OP_MASK)
        ppc_emit_call(d, d->insn->arg & OP_MASK, d->word, 0);
    if (d->insn->arg & ENDS)
        ppc_end_after(d);
    if (d->insn->arg & ENDS_ALL)
        ppc_end_pc(d);
}

void ppc_t_isync(struct decoder *d)
{
    ppc_end_after(d);
}

/* The cpu rests, and the exec loop sees to that. */
void ppc_t_wait(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_wait, 0, 0);
    ppc_emit_n(d, UOP_set_pc, d->pc + 4);
    ppc_emit(d, UOP_exit_pc);
    d->end = true;
}

void ppc_t_mfmsr(struct decoder *d)
{
    if (ppc_is_privileged(d))
        return;
    ppc_emit_r(d, UOP_get, T0, offsetof(struct ppc_cpu, msr));
    ppc_put(d, rd(d), T0);
}

/* --- special-purpose registers --- */

static u32 spr_number(const struct decoder *d)
{
    return ra(d) | rb(d) << 5; /* its halves are swapped */
}

static bool may_guest(const struct spr *spr, enum spr_access access)
{
    return spr->access & GUEST || (access == READS && spr->access & GUEST_READS);
}

/*
 * NULL, and the block ends in an interrupt, if it is not to be had; for the user one of the
 * supervisor's numbers is privileged, be there such a register or not.
 */
static const struct spr *spr_for(struct decoder *d, enum spr_access access)
{
    u32 number = spr_number(d);
    const struct spr *spr = ppc_spr_find(d->mode & MODE_GS ? ppc_spr_of_guest(number) : number);

    if (spr_is_privileged(number) && ppc_is_privileged(d))
        return NULL;
    if (!spr || !(spr->access & access)) {
        ppc_t_illegal(d);
        return NULL;
    }
    if (spr_is_privileged(number) && !may_guest(spr, access) && ppc_is_hypervisors(d))
        return NULL;
    return spr;
}

void ppc_t_mfspr(struct decoder *d)
{
    const struct spr *spr = spr_for(d, READS);

    if (!spr)
        return;
    if (spr->access & OTHER) {
        ppc_emit_call(d, UOP_call_read_spr, spr->number, rd(d));
        return;
    }
    ppc_emit_r(d, spr->access & FIXED ? UOP_movi : UOP_get, T0, spr->at);
    ppc_put(d, rd(d), T0);
}

/* Those that act may change what comes next. */
void ppc_t_mtspr(struct decoder *d)
{
    const struct spr *spr = spr_for(d, WRITES);

    if (!spr)
        return;
    if (spr->access & (ACTS | CLEARS | OTHER)) {
        ppc_emit_call(d, UOP_call_write_spr, spr->number, rd(d));
        ppc_end_after(d);
        return;
    }
    ppc_get(d, T0, rd(d));
    if (spr->mask != ALL)
        ppc_emit_r(d, UOP_andi, T0, spr->mask);
    ppc_emit_r(d, UOP_put, T0, spr->at);
}

/* The performance monitor's registers: the user reads those of his numbers, and MSRP may deny them
 * to a guest. */
static bool may_use_monitor(struct decoder *d, bool privileged)
{
    if (privileged && ppc_is_privileged(d))
        return false;
    if (d->mode & MODE_GS && !(d->mode & MODE_USER))
        ppc_emit_call(d, UOP_call_monitor, 0, 0);
    return true;
}

void ppc_t_mfpmr(struct decoder *d)
{
    u32 number = spr_number(d);

    if (may_use_monitor(d, spr_is_privileged(number)))
        ppc_emit_call(d, UOP_call_read_pmr, number, rd(d));
}

void ppc_t_mtpmr(struct decoder *d)
{
    if (!may_use_monitor(d, true))
        return;
    ppc_emit_call(d, UOP_call_write_pmr, spr_number(d), rd(d));
    ppc_end_after(d);
}
