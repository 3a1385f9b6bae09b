/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops without a location of their own. */

/* The field of CR that begins at bit P1: how T0 is to T1, and XER's SO. */
#define COMPARE(name, type)                                                                        \
    OP(name)                                                                                       \
    {                                                                                              \
        u32 field = (type)t0 < (type)t1 ? CR_LT : (type)t0 > (type)t1 ? CR_GT : CR_EQ;             \
        field |= cpu->xer >> 31;                                                                   \
        cpu->cr = (cpu->cr & ~(15u << P1)) | field << P1;                                          \
        NEXT;                                                                                      \
    }
COMPARE(compare_signed, s32)
COMPARE(compare_unsigned, u32)
#undef COMPARE

OP(count_ctr)
{
    cpu->ctr--;
    NEXT;
}

/* On the bits P1 of CR. */
OP(j_set)
{
    if (!(cpu->cr & P1))
        NEXT;
    TAKEN;
}
OP(j_clear)
{
    if (cpu->cr & P1)
        NEXT;
    TAKEN;
}
OP(j_ctr_zero)
{
    if (cpu->ctr)
        NEXT;
    TAKEN;
}
OP(j_ctr_nonzero)
{
    if (!cpu->ctr)
        NEXT;
    TAKEN;
}

/* --- helpers: P1 = pc, P2 and P3 their arguments --- */

#define HELPER(name)                                                                               \
    OP(call_##name)                                                                                \
    {                                                                                              \
        HOST_SET(cpu->core.pc, 1);                                                                 \
        SAVE_STATE;                                                                                \
        ppc_helper_##name(cpu, P2, P3);                                                            \
        LOAD_STATE;                                                                                \
        NEXT;                                                                                      \
    }
#include "ops/ppc/helpers.def"
#undef HELPER
