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

/* The same of T0 and zero, in CR0. */
OP(record)
{
    u32 field = (s32)t0 < 0 ? CR_LT : t0 ? CR_GT : CR_EQ;
    field |= cpu->xer >> 31;
    cpu->cr = (cpu->cr & 0x0fffffff) | field << 28;
    NEXT;
}

/* --- carries (book I, 3.3.9): XER's CA is what comes out of the left of T0 --- */

#define SET_CARRY(carry) cpu->xer = (cpu->xer & ~(u32)XER_CA) | (u32)(carry) << XER_CA_BIT

OP(add_carrying) /* T0 += T1 */
{
    t0 += t1;
    SET_CARRY(t0 < t1);
    NEXT;
}
OP(add_extended) /* T0 += T1 + CA */
{
    u64 sum = (u64)t0 + t1 + (cpu->xer >> XER_CA_BIT & 1);
    t0 = (u32)sum;
    SET_CARRY(sum >> 32);
    NEXT;
}
OP(sub_carrying) /* T0 -= T1, that is, T0 + ~T1 + 1 */
{
    SET_CARRY(t0 >= t1);
    t0 -= t1;
    NEXT;
}
/* T0 by T1, signed; CA if it is negative and ones are lost. By 32 to 63 all of it is the sign. */
OP(shift_algebraic)
{
    u32 by = t1 & 32 ? 31 : t1 & 31, sign = (u32)((s32)t0 >> 31);
    u32 lost = t1 & 32 ? t0 : t0 & ~(~0u << by);
    SET_CARRY(sign & (lost != 0));
    t0 = t1 & 32 ? sign : (u32)((s32)t0 >> by);
    NEXT;
}
#undef SET_CARRY

/* --- CR (book I, 2.5) --- */

/* Bit P1 = bits P2 and P3, numbered from the right. */
#define CR_LOGIC(name, result)                                                                     \
    OP(name)                                                                                       \
    {                                                                                              \
        u32 a = cpu->cr >> P2, b = cpu->cr >> P3;                                                  \
        cpu->cr = (cpu->cr & ~(1u << P1)) | ((result)&1) << P1;                                    \
        NEXT;                                                                                      \
    }
CR_LOGIC(cr_and, a &b)
CR_LOGIC(cr_andc, a & ~b)
CR_LOGIC(cr_eqv, ~(a ^ b))
CR_LOGIC(cr_nand, ~(a &b))
CR_LOGIC(cr_nor, ~(a | b))
CR_LOGIC(cr_or, a | b)
CR_LOGIC(cr_orc, a | ~b)
CR_LOGIC(cr_xor, a ^ b)
#undef CR_LOGIC

/* The field at bit P1 = the one at bit P2. */
OP(cr_move)
{
    u32 field = cpu->cr >> P2 & 15;
    cpu->cr = (cpu->cr & ~(15u << P1)) | field << P1;
    NEXT;
}
/* ... = what XER begins with, which is gone then. */
OP(cr_from_xer)
{
    cpu->cr = (cpu->cr & ~(15u << P1)) | cpu->xer >> 28 << P1;
    cpu->xer &= 0x0fffffff;
    NEXT;
}
/* The bits P1 = those of T0. */
OP(cr_insert)
{
    cpu->cr = (cpu->cr & ~P1) | (t0 & P1);
    NEXT;
}
/* T0 = T1, if none of the bits P1 is set. */
OP(select)
{
    if (!(cpu->cr & P1))
        t0 = t1;
    NEXT;
}

/* The word at T0 is reserved (book II, 4.6.2). */
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
/* The FPR at A1 = the one at A2; likewise with another sign. */
OP(fp_move)
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
    cpu->cr = (cpu->cr & 0xf0ffffff) | cpu->fpscr >> 28 << 24;
    NEXT;
}

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
