/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops of two locations, D and B: included once for each pair of them. */

OP(adc)
{
    D += B + cpu->carry;
    NEXT;
}
OP(sbb)
{
    D -= B + cpu->carry;
    NEXT;
}
OP(xchg)
{
    u32 d = D;
    D = B;
    B = d;
    NEXT;
}

/* Addresses: D = B + P1; T0 = D + (B << n). */
OP(lea0)
{
    t0 = D + B;
    NEXT;
}
OP(lea1)
{
    t0 = D + (B << 1);
    NEXT;
}
OP(lea2)
{
    t0 = D + (B << 2);
    NEXT;
}
OP(lea3)
{
    t0 = D + (B << 3);
    NEXT;
}

/* Where the last operand of the x87 was: at D + B * P2 + P1. */
OP(x87_operand_db)
{
    cpu->fpu.last.data_linear = D + B * P2 + P1;
    NEXT;
}

/* Parts of registers; the h forms are of AH, CH, DH, BH. */
OP(movzx8)
{
    D = (u8)B;
    NEXT;
}
OP(movsx8)
{
    D = (u32)(s8)B;
    NEXT;
}
OP(movzx8h)
{
    D = (u8)(B >> 8);
    NEXT;
}
OP(movzx16)
{
    D = (u16)B;
    NEXT;
}
OP(movsx16)
{
    D = (u32)(s16)B;
    NEXT;
}
OP(insert8)
{
    HOST_INSERT8(D, B);
    NEXT;
}
OP(insert8h)
{
    D = (D & 0xffff00ffu) | (u32)(u8)B << 8;
    NEXT;
}
OP(insert16)
{
    HOST_INSERT16(D, B);
    NEXT;
}

/* Memory, in each model. */
/* clang-format off */
#include "ops/memory/window.h"
#include "ops/i386/memory_rr.h"
#include "ops/memory/tlb.h"
#include "ops/i386/memory_rr.h"
/* clang-format on */

/* Bits: the bit of D that B names to cpu->carry, or set, cleared, complemented in D. */
OP(bt)
{
    cpu->carry = D >> (B & 31) & 1;
    NEXT;
}
OP(bts)
{
    D |= 1u << (B & 31);
    NEXT;
}
OP(btr)
{
    D &= ~(1u << (B & 31));
    NEXT;
}
OP(btc)
{
    D ^= 1u << (B & 31);
    NEXT;
}

OP(bsf)
{
    if (B)
        D = (u32)__builtin_ctz(B);
    NEXT;
}
OP(bsr)
{
    if (B)
        D = 31 - (u32)__builtin_clz(B);
    NEXT;
}

/* Double shifts by P1 in 1..31 and by CL. */
OP(shldi)
{
    D = D << (P1 & 31) | B >> (-P1 & 31);
    NEXT;
}
OP(shrdi)
{
    D = D >> (P1 & 31) | B << (-P1 & 31);
    NEXT;
}
OP(shld_cl)
{
    D = (u32)(((u64)D << 32 | B) << (ecx & 31) >> 32);
    NEXT;
}
OP(shrd_cl)
{
    D = (u32)(((u64)B << 32 | D) >> (ecx & 31));
    NEXT;
}

/* Flags: what enum cc asks for. */
OP(cc_sub)
{
    cpu->cc_dst = D - B;
    NEXT;
}
OP(cc_and)
{
    cpu->cc_dst = D & B;
    NEXT;
}
/* Carries out of D = D - B - carry and D = D + B + carry, before they are done. */
OP(cc_adc)
{
    u32 r = D + B + cpu->carry;
    cpu->cc_src = (D & B) | ((D | B) & ~r);
    NEXT;
}
OP(cc_sbb)
{
    u32 r = D - B - cpu->carry;
    cpu->cc_src = (~D & B) | ((~D | B) & r);
    NEXT;
}

/* CF of a comparison of D with B, or of an addition of B that left D. */
OP(carry_below)
{
    cpu->carry = D < B;
    NEXT;
}

OP(cmov)
{
    if (t0)
        D = B;
    NEXT;
}

/* T0 is for SETcc and CMOVcc. */
OP_IF(test_j, TEST, GOTO, HOST_REGISTER(B))
OP_IF(cmp_set, COMPARE, SET_T0, HOST_REGISTER(B))
OP_IF(test_set, TEST, SET_T0, HOST_REGISTER(B))
