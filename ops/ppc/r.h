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
