/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops without a location of their own. */

/* The field of CR at A1: how T0 is to T1; of T0 to zero. With XER's SO set. */
OP(compare_signed_so)
{
    FIELD(s64, A1) = cr_field(cr_bits_of(cpu, (s64)(s32)t0 - (s32)t1));
    NEXT;
}
OP(compare_unsigned_so)
{
    FIELD(s64, A1) = cr_field(cr_bits_of(cpu, (s64)t0 - (s64)t1));
    NEXT;
}
OP(record_so)
{
    cpu->cr[0] = cr_field(cr_bits_of(cpu, (s32)t0));
    NEXT;
}

/* Cold unless T0 is a multiple of P1 + 1. */
OP(aligned)
{
    if (UNLIKELY(t0 & P1))
        COLD;
    NEXT;
}

/* The word at T0 is reserved (book II, load and reserve). */
OP(reserve)
{
    cpu->reserved = 1;
    cpu->reserved_at = t0;
    NEXT;
}

/* --- floating point (book I, 4.6): single precision is only in storage --- */

/* The FPR at A1 = T1, a single; nothing is rounded, and a signalling NaN stays one. */
OP(widen)
{
    u64 sign = (u64)(t1 & 0x80000000) << 32;
    u32 exponent = t1 >> 23 & 255, fraction = t1 & 0x7fffff;
    if (exponent == 255) {
        exponent = 2047;
    } else if (exponent) {
        exponent += 1023 - 127;
    } else if (fraction) {
        u32 shift = (u32)__builtin_clz(fraction) - 8;
        fraction = fraction << shift & 0x7fffff;
        exponent = 1023 - 126 - shift;
    }
    FIELD(u64, A1) = sign | (u64)exponent << 52 | (u64)fraction << 29;
    NEXT;
}
/*
 * T1 = the FPR at A1 as a single: what does not fit is cut off, what is too small denormalised.
 * What is smaller than that, and so not defined, is zero.
 */
OP(narrow)
{
    u64 value = FIELD(u64, A1);
    u32 exponent = (u32)(value >> 52) & 2047;
    t1 = (u32)(value >> 32 & 0xc0000000) | (u32)(value >> 29 & 0x3fffffff);
    if (exponent <= 896) {
        u64 fraction = (value & 0xfffffffffffff) | (u64)1 << 52;
        t1 = (u32)(value >> 32 & 0x80000000);
        if (exponent >= 874)
            t1 |= (u32)(fraction >> (29 + 897 - exponent));
    }
    NEXT;
}
/* 64 bits at A1 = those at A2; FPRs with another sign. */
OP(copy64)
{
    FIELD(u64, A1) = FIELD(u64, A2);
    NEXT;
}
OP(fp_negate)
{
    FIELD(u64, A1) = FIELD(u64, A2) ^ (u64)1 << 63;
    NEXT;
}
OP(fp_absolute)
{
    FIELD(u64, A1) = FIELD(u64, A2) & ~((u64)1 << 63);
    NEXT;
}
OP(fp_negative)
{
    FIELD(u64, A1) = FIELD(u64, A2) | (u64)1 << 63;
    NEXT;
}
/* CR1 = what FPSCR begins with. */
OP(fp_record)
{
    cpu->cr[1] = cr_field(cpu->fpscr >> 28);
    NEXT;
}

/* On the field of CR at A1; for LT and SO, on its last byte. */
#define ON_FIELD(name, holds)                                                                      \
    OP(j_##name)                                                                                   \
    {                                                                                              \
        if (!(holds))                                                                              \
            NEXT;                                                                                  \
        TAKEN;                                                                                     \
    }                                                                                              \
    OP(j_not_##name)                                                                               \
    {                                                                                              \
        if (holds)                                                                                 \
            NEXT;                                                                                  \
        TAKEN;                                                                                     \
    }
ON_FIELD(eq, FIELD(u32, A1) == 0)
ON_FIELD(gt, FIELD(s64, A1) > 0)
ON_FIELD(lt, FIELD(u8, A1) & 0x40)
ON_FIELD(so, (FIELD(u8, A1) ^ FIELD(u8, A1) << 1) & 0x40)
#undef ON_FIELD

OP(count_ctr)
{
    cpu->ctr--;
    NEXT;
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
/* Counts, and goes there. */
OP(j_count_zero)
{
    if (--cpu->ctr)
        NEXT;
    TAKEN;
}
OP(j_count_nonzero)
{
    if (!--cpu->ctr)
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
