/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system: interrupts, MSR, special-purpose registers (book III). */
#include "translate/ppc/decode.h"

void ppc_t_system_call(struct decoder *d)
{
    ppc_raise_in_block(d, VECTOR_SYSTEM_CALL, 0);
}

void ppc_t_rfi(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_rfi, 0, 0);
    ppc_end_pc(d);
}

void ppc_t_mfmsr(struct decoder *d)
{
    if (ppc_is_privileged(d))
        return;
    ppc_emit_r(d, UOP_get, T0, offsetof(struct ppc_cpu, msr));
    ppc_put(d, rd(d), T0);
}

void ppc_t_mtmsr(struct decoder *d)
{
    ppc_emit_call(d, UOP_call_set_msr, rd(d), 0);
    ppc_emit_n(d, UOP_set_pc, d->pc + 4);
    ppc_end_pc(d);
}

/* Special-purpose registers by number, and where they are in struct ppc_cpu. */
static const struct spr {
    u16 number;
    bool privileged;
    u32 offset;
} sprs[] = {
    {1, false, offsetof(struct ppc_cpu, xer)},      {256, false, offsetof(struct ppc_cpu, usprg0)},
    {8, false, offsetof(struct ppc_cpu, lr)},       {9, false, offsetof(struct ppc_cpu, ctr)},
    {26, true, offsetof(struct ppc_cpu, srr0)},     {27, true, offsetof(struct ppc_cpu, srr1)},
    {272, true, offsetof(struct ppc_cpu, sprg[0])}, {273, true, offsetof(struct ppc_cpu, sprg[1])},
    {274, true, offsetof(struct ppc_cpu, sprg[2])}, {275, true, offsetof(struct ppc_cpu, sprg[3])},
};

/* NULL, and the block ends in a program interrupt, if it is not to be had. */
static const struct spr *find_spr(struct decoder *d)
{
    u32 number = ra(d) | rb(d) << 5; /* its halves are swapped */

    for (size_t i = 0; i < sizeof sprs / sizeof *sprs; i++)
        if (sprs[i].number == number)
            return sprs[i].privileged && ppc_is_privileged(d) ? NULL : &sprs[i];
    ppc_t_illegal(d);
    return NULL;
}

void ppc_t_mfspr(struct decoder *d)
{
    const struct spr *spr = find_spr(d);

    if (!spr)
        return;
    ppc_emit_r(d, UOP_get, T0, spr->offset);
    ppc_put(d, rd(d), T0);
}

void ppc_t_mtspr(struct decoder *d)
{
    const struct spr *spr = find_spr(d);

    if (!spr)
        return;
    ppc_get(d, T0, rd(d));
    if (spr->offset == offsetof(struct ppc_cpu, xer))
        ppc_emit_r(d, UOP_andi, T0, XER_DEFINED);
    ppc_emit_r(d, UOP_put, T0, spr->offset);
}
