/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops of common.def of two locations, D and B: included once for each pair of them. */

OP(mov)
{
    D = B;
    NEXT;
}
OP(lea)
{
    HOST_LEA(D, B);
    NEXT;
}
OP(add)
{
    D += B;
    NEXT;
}
OP(sub)
{
    D -= B;
    NEXT;
}
OP(mul)
{
    D *= B;
    NEXT;
}
OP(and)
{
    D &= B;
    NEXT;
}
OP(or)
{
    D |= B;
    NEXT;
}
OP(xor)
{
    D ^= B;
    NEXT;
}
OP_IF(cmp_j, COMPARE, GOTO, HOST_REGISTER(B))
