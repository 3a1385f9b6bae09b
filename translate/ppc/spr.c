/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The special-purpose registers by number. */
#include "translate/ppc/spr.h"

static const struct spr sprs[] = {
#define SPR(number, name, member, access, mask)                                                    \
    {number, access, offsetof(struct ppc_cpu, member), mask},
#define SPR_FIXED(number, name, value, access) {number, READS | FIXED | (access), value, 0},
#define SPR_OTHER(number, name, access)        {number, (access) | OTHER, 0, 0},
#define SPR_INSTEAD(name, other)
#include "ops/ppc/sprs.def"
#undef SPR
#undef SPR_FIXED
#undef SPR_OTHER
#undef SPR_INSTEAD
};

const struct spr *ppc_spr_find(u32 number)
{
    for (size_t i = 0; i < sizeof sprs / sizeof *sprs; i++)
        if (sprs[i].number == number)
            return &sprs[i];
    return NULL;
}

u32 ppc_spr_of_guest(u32 number)
{
    switch (number) {
#define SPR(number, name, member, access, mask)
#define SPR_FIXED(number, name, value, access)
#define SPR_OTHER(number, name, access)
#define SPR_INSTEAD(name, other)                                                                   \
    case SPR_##name:                                                                               \
        return SPR_##other;
#include "ops/ppc/sprs.def"
#undef SPR
#undef SPR_FIXED
#undef SPR_OTHER
#undef SPR_INSTEAD
    default:
        return number;
    }
}
