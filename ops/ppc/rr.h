/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Micro-ops of two locations, D and B. */
OP(mul)
{
    D *= B;
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
OP(ld8)
{
    LOAD(u8, D, B);
    NEXT;
}
OP(ld16)
{
    LOAD(u16, D, B);
    NEXT;
}
OP(ld32)
{
    LOAD(u32, D, B);
    NEXT;
}
OP(st8)
{
    STORE(u8, B, D);
    NEXT;
}
OP(st16)
{
    STORE(u16, B, D);
    NEXT;
}
OP(st32)
{
    STORE(u32, B, D);
    NEXT;
}
