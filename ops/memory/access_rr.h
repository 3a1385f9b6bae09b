/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every guest has in each model (ops/memory/tlb.h): address B + P1 for loads into D, D + P1
 * for stores of B. Included once for each model, where a guest's micro-ops of two locations are.
 */
OP(MODEL(ld8))
{
    LOAD(u8, D, B);
    NEXT;
}
OP(MODEL(ld16))
{
    LOAD(u16, D, B);
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
