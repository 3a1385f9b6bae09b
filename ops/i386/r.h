/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops of one location, D: included once for each of them. */

OP(adci)
{
    D += P1 + cpu->carry;
    NEXT;
}
OP(sbbi)
{
    D -= P1 + cpu->carry;
    NEXT;
}

/* By CL; the flags by cc_shift below, before them. */
OP(shl_cl)
{
    D <<= ecx & 31;
    NEXT;
}
OP(shr_cl)
{
    D >>= ecx & 31;
    NEXT;
}
OP(sar_cl)
{
    D = (u32)((s32)D >> (ecx & 31));
    NEXT;
}
OP(rol_cl)
{
    D = D << (ecx & 31) | D >> (-ecx & 31);
    NEXT;
}
OP(ror_cl)
{
    D = D >> (ecx & 31) | D << (-ecx & 31);
    NEXT;
}

/* T0 = D << P1, an index without a base. */
OP(lea_index)
{
    u32 d = D;
    HOST_SHIFT(left, d);
    t0 = d;
    NEXT;
}

/* The register at A1 = D, with zeros above; its low 16 bits alone; D = its low 32 bits. */
OP(sse_put32)
{
    FIELD(vector_u32, A1) = (vector_u32){D};
    NEXT;
}
OP(sse_put16)
{
    FIELD(u16, A1) = (u16)D;
    NEXT;
}
OP(sse_get32)
{
    D = FIELD(u32, A1);
    NEXT;
}

/* Memory, in each model. */
/* clang-format off */
#include "ops/memory/window.h"
#include "ops/i386/memory_r.h"
#include "ops/memory/tlb.h"
#include "ops/i386/memory_r.h"
/* clang-format on */

/* Flags: operands for enum cc. */
OP(cc_src)
{
    cpu->cc_src = D;
    NEXT;
}
OP(cc_dst)
{
    cpu->cc_dst = D;
    NEXT;
}
OP(cc_inc)
{
    cpu->inc_dst = D;
    NEXT;
}
/* The immediate is P1 in HOST_LEA: the minuend plus P1, so the subtrahend is -P1. */
OP(cc_subi)
{
    u32 difference;
    HOST_LEA(difference, D);
    cpu->cc_dst = difference;
    NEXT;
}
OP(cc_andi)
{
    cpu->cc_dst = D & P1;
    NEXT;
}
OP(cc_adci)
{
    u32 r = D + P1 + cpu->carry;
    cpu->cc_src = (D & P1) | ((D | P1) & ~r);
    NEXT;
}
OP(cc_sbbi)
{
    u32 r = D - P1 - cpu->carry;
    cpu->cc_src = (~D & P1) | ((~D | P1) & r);
    NEXT;
}
/*
 * The last bit out of a shift by 1 + P1 (SDM vol. 2, SAL/SAR/SHL/SHR; OF as for a count of 1).
 * For SHR and SAR the value is zero- or sign-extended.
 */
OP(cc_shl)
{
    u32 v = D;
    HOST_SHIFT(left, v);
    cpu->cc_src = v; /* CC_CARRY: the top one */
    NEXT;
}
OP(cc_shr)
{
    u32 v = D;
    HOST_SHIFT(right, v);
    cpu->cc_src = v; /* CC_SHR: the lowest */
    NEXT;
}
/* CF and OF after a rotation of 32 bits, its result in D; CC_EFLAGS is in place. */
OP(cc_rol)
{
    u32 carry = D & 1, overflow = carry ^ D >> 31;
    cpu->cc_src = (cpu->cc_src & ~(u32)(FLAG_CF | FLAG_OF)) | carry | overflow << 11;
    NEXT;
}
OP(cc_ror)
{
    u32 carry = D >> 31, overflow = carry ^ (D >> 30 & 1);
    cpu->cc_src = (cpu->cc_src & ~(u32)(FLAG_CF | FLAG_OF)) | carry | overflow << 11;
    NEXT;
}

/* CMPXCHG: T1, the old value, becomes D if it is equal to the accumulator. */
OP(cmpxchg8)
{
    t1 = (u8)eax == (u8)t1 ? D : t1;
    NEXT;
}
OP(cmpxchg8h)
{
    t1 = (u8)eax == (u8)t1 ? D >> 8 : t1;
    NEXT;
}
OP(cmpxchg16)
{
    t1 = (u16)eax == (u16)t1 ? D : t1;
    NEXT;
}
OP(cmpxchg32)
{
    t1 = eax == t1 ? D : t1;
    NEXT;
}

/* BT with a bit number P1: the bit to cpu->carry. */
OP(bti)
{
    cpu->carry = D >> (P1 & 31) & 1;
    NEXT;
}

/* CF of a comparison of D with P1, or of an addition of P1 that left D. */
OP(carry_belowi)
{
    cpu->carry = D < P1;
    NEXT;
}

/* D moves by P1 bytes, up or down as DF says. */
OP(string_step)
{
    D += cpu->eflags & FLAG_DF ? -P1 : P1;
    NEXT;
}

/* T0 is for SETcc and CMOVcc. */
OP_IF(testi_j, TEST, GOTO, HOST_P1)
OP_IF(cmpi_set, COMPARE, SET_T0, HOST_P1)
OP_IF(testi_set, TEST, SET_T0, HOST_P1)
