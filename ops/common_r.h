/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The micro-ops of common.def of one location, D: included once for each of them. */

/* --- leaving a block for D --- */

OP(exit_d)
{
    cpu->core.pc = D;
    cpu->core.exit = NULL;
    LEAVE;
}
/*
 * By the jump cache: A1 and A2 are the offsets of its first key and code. Cold also if somebody
 * wants the exec loop's attention: see jump_key.
 */
OP(jump_d)
{
    u64 index = jump_cache_index(D);
    HOST_HIDE(index);
    if (UNLIKELY(FIELD(u64, A1 + index * 8) != (cpu->core.jump_key | D)))
        COLD;
    HOST_HIDE(index);
    JUMP(FIELD(const void *, A2 + index * 8));
}

/* --- moves, arithmetic --- */

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
    HOST_AND(D);
    NEXT;
}
OP(ori)
{
    HOST_OR(D);
    NEXT;
}
OP(xori)
{
    HOST_XOR(D);
    NEXT;
}
OP(muli)
{
    HOST_MUL(D);
    NEXT;
}
/* By 0 to 31. */
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
OP(sari)
{
    HOST_SHIFT(right_signed, D);
    NEXT;
}
OP(roli)
{
    HOST_SHIFT(rotate_left, D);
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
OP(bswap)
{
    D = __builtin_bswap32(D);
    NEXT;
}

/* Of D and P1. */
OP_IF(cmpi_j, COMPARE, GOTO, HOST_P1)

#include "ops/memory/window_check.h"
