/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops of two locations, D and B. */
/* The field of CR at A1: how D is to B. */
OP(compare_signed)
{
    FIELD(s64, A1) = (s64)(s32)D - (s32)B;
    NEXT;
}
OP(compare_unsigned)
{
    FIELD(s64, A1) = (s64)D - (s64)B;
    NEXT;
}
/* The same of CR0. */
OP(compare_cr0_signed)
{
    cpu->cr[0] = (s64)(s32)D - (s32)B;
    NEXT;
}
OP(compare_cr0_unsigned)
{
    cpu->cr[0] = (s64)D - (s64)B;
    NEXT;
}
/* D = B, unless the field of CR at A1 says so; for LT and SO, its last byte. */
OP(select_eq)
{
    D = FIELD(u32, A1) == 0 ? D : B;
    NEXT;
}
OP(select_gt)
{
    D = FIELD(s64, A1) > 0 ? D : B;
    NEXT;
}
OP(select_lt)
{
    D = FIELD(u8, A1) & 0x40 ? D : B;
    NEXT;
}
OP(select_so)
{
    D = (FIELD(u8, A1) ^ FIELD(u8, A1) << 1) & 0x40 ? D : B;
    NEXT;
}

/* --- carries (book I, 3.3.9): XER's CA is what comes out of the left of D --- */

OP(add_carrying)
{
    u64 sum = (u64)D + B;
    D = (u32)sum;
    cpu->carry = (u32)(sum >> 32);
    NEXT;
}
OP(add_extended) /* D += B + CA */
{
    u64 sum = (u64)D + B + cpu->carry;
    D = (u32)sum;
    cpu->carry = (u32)(sum >> 32);
    NEXT;
}
/* Of D - B, that is, D + ~B + 1. */
OP(carry_of_sub)
{
    cpu->carry = D >= B;
    NEXT;
}
/* D by B, signed; CA if it is negative and ones are lost. By 32 to 63 all of it is the sign. */
OP(shift_algebraic)
{
    u32 by = B & 32 ? 31 : B & 31, lost = B & 32 ? D : D & ~(~0u << by);
    cpu->carry = (s32)D < 0 && lost;
    D = B & 32 ? (u32)((s32)D >> 31) : (u32)((s32)D >> by);
    NEXT;
}

OP(mul_high)
{
    D = (u32)((s64)(s32)D * (s32)B >> 32);
    NEXT;
}
OP(mul_high_unsigned)
{
    D = (u32)((u64)D * B >> 32);
    NEXT;
}
/* By 32 to 63 nothing is left; the bits above do not count. */
OP(shl)
{
    D = B & 32 ? 0 : D << (B & 31);
    NEXT;
}
OP(shr)
{
    D = B & 32 ? 0 : D >> (B & 31);
    NEXT;
}
OP(rotate)
{
    u32 by = B & 31;
    D = D << by | D >> (-by & 31);
    NEXT;
}
/* What the architecture leaves undefined is 0. */
OP(divide)
{
    u32 by = B;
    D = by ? D / by : 0;
    NEXT;
}
OP(divide_signed)
{
    s32 by = (s32)B, n = (s32)D;
    D = by == 0 || (by == -1 && n == INT32_MIN) ? 0 : (u32)(n / by);
    NEXT;
}

/* Memory, in each model. */
/* clang-format off */
#include "ops/memory/window.h"
#include "ops/memory/access_rr.h"
#include "ops/memory/tlb.h"
#include "ops/memory/access_rr.h"
/* clang-format on */
