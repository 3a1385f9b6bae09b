/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of an immediate at D + P1. */
OP(MODEL(st8i))
{
    STORE_IMMEDIATE(u8, HOST_SET8, D);
    NEXT;
}
OP(MODEL(st16i))
{
    STORE_IMMEDIATE(u16, HOST_SET16, D);
    NEXT;
}
OP(MODEL(st32i))
{
    STORE_IMMEDIATE(u32, HOST_SET, D);
    NEXT;
}
