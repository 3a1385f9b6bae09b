/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops of one location, D. */

/* The register at A1 in cpu. */
OP(get)
{
    D = FIELD(u32, A1);
    NEXT;
}
OP(put)
{
    FIELD(u32, A1) = D;
    NEXT;
}
/* With the register at A1 in cpu. */
OP(add_field)
{
    D += FIELD(u32, A1);
    NEXT;
}
OP(sub_field)
{
    D -= FIELD(u32, A1);
    NEXT;
}
OP(and_field)
{
    D &= FIELD(u32, A1);
    NEXT;
}
OP(or_field)
{
    D |= FIELD(u32, A1);
    NEXT;
}
OP(xor_field)
{
    D ^= FIELD(u32, A1);
    NEXT;
}
/* CR0 = how D is to zero; to P1. */
OP(record)
{
    cpu->cr[0] = (s32)D;
    NEXT;
}
OP(compare_cr0_signed_imm)
{
    cpu->cr[0] = (s64)(s32)D - (s32)P1;
    NEXT;
}
OP(compare_cr0_unsigned_imm)
{
    cpu->cr[0] = (s64)D - (s64)P1;
    NEXT;
}
/* The field of CR at A1: how D is to P2. */
OP(compare_signed_imm)
{
    FIELD(s64, A1) = (s64)(s32)D - (s32)P2;
    NEXT;
}
OP(compare_unsigned_imm)
{
    FIELD(s64, A1) = (s64)D - (s64)P2;
    NEXT;
}
/*
 * CA, where D is shifted right as a signed number: if it is negative and one of the bits that are
 * lost. P1 is these and the sign.
 */
OP(carry_of_shift)
{
    u32 seen = D;
    HOST_AND(seen);
    cpu->carry = seen > 0x80000000;
    NEXT;
}
OP(extend8)
{
    D = (u32)(s8)D;
    NEXT;
}
OP(extend16)
{
    D = (u32)(s16)D;
    NEXT;
}
OP(count_zeros)
{
    D = D ? (u32)__builtin_clz(D) : 32;
    NEXT;
}
/* Memory is big-endian. */
OP(swap16)
{
    D = __builtin_bswap16((u16)D);
    NEXT;
}
