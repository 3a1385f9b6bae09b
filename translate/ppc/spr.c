/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The special-purpose registers by number. */
#include "translate/ppc/spr.h"

static const struct spr sprs[] = {
#define SPR(number, name, member, access, mask)                                                    \
    {number, access, offsetof(struct ppc_cpu, member), mask},
#define SPR_FIXED(number, name, value, access) {number, READS | FIXED | (access), value, 0},
#define SPR_OTHER(number, name, access)        {number, (access) | OTHER, 0, 0},
#include "ops/ppc/sprs.def"
#undef SPR
#undef SPR_FIXED
#undef SPR_OTHER
};

const struct spr *spr_find(u32 number)
{
    for (size_t i = 0; i < sizeof sprs / sizeof *sprs; i++)
        if (sprs[i].number == number)
            return &sprs[i];
    return NULL;
}

u32 spr_of_guest(u32 number)
{
    enum {
        SRR0 = 26,
        SRR1 = 27,
        DEAR = 61,
        ESR = 62,
        USPRG3 = 259,
        SPRG0 = 272,
        SPRG3 = 275,
        PIR = 286,
        GSPRG0 = 368,
        GSPRG3 = 371,
        GSRR0 = 378,
        GSRR1,
        GEPR,
        GDEAR,
        GPIR,
        GESR,
        EPR = 702
    };

    switch (number) {
    case SRR0:
        return GSRR0;
    case SRR1:
        return GSRR1;
    case DEAR:
        return GDEAR;
    case ESR:
        return GESR;
    case USPRG3:
        return GSPRG3;
    case PIR:
        return GPIR;
    case EPR:
        return GEPR;
    default:
        return number >= SPRG0 && number <= SPRG3 ? number - SPRG0 + GSPRG0 : number;
    }
}
