/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory: address B + P1 for loads into D, D + P1 for stores of B. A load for a
 * read-modify-write has the write tag in P2, so that what misses is a write.
 */
OP(MODEL(ld8))
{
    LOAD(u8, D, B);
    NEXT;
}
OP(MODEL(ld8s))
{
    LOAD(s8, D, B);
    NEXT;
}
OP(MODEL(ld16))
{
    LOAD(u16, D, B);
    NEXT;
}
OP(MODEL(ld16s))
{
    LOAD(s16, D, B);
    NEXT;
}
OP(MODEL(ld32))
{
    LOAD(u32, D, B);
    NEXT;
}
OP(MODEL(st8))
{
    STORE(u8, B, D);
    NEXT;
}
OP(MODEL(st16))
{
    STORE(u16, B, D);
    NEXT;
}
OP(MODEL(st32))
{
    STORE(u32, B, D);
    NEXT;
}
