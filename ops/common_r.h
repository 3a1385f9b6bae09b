/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops of common.def of one location, D: included once for each of them. */

OP(movi)
{
    D = P1;
    NEXT;
}
OP(addi)
{
    HOST_ADD(D);
    NEXT;
}
OP(andi)
{
    D &= P1;
    NEXT;
}
OP(ori)
{
    D |= P1;
    NEXT;
}
OP(xori)
{
    D ^= P1;
    NEXT;
}
OP(not )
{
    D = ~D;
    NEXT;
}
OP(neg)
{
    D = -D;
    NEXT;
}
