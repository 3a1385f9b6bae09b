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
OP(roli)
{
    HOST_SHIFT(rotate_left, D);
    NEXT;
}
OP(shli)
{
    HOST_SHIFT(left, D);
    NEXT;
}
OP(shri)
{
    HOST_SHIFT(right, D);
    NEXT;
}
/* CR0 = how D is to zero. */
OP(record)
{
    cpu->cr[0] = (s32)D;
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
/* D by P1, signed; CA if it is negative and one of the bits P2 is lost. */
OP(shift_algebraic_imm)
{
    cpu->carry = (s32)D < 0 && D & P2;
    HOST_SHIFT(right_signed, D);
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
OP(swap32)
{
    D = __builtin_bswap32(D);
    NEXT;
}
