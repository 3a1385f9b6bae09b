/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory: what every guest has, and more of the kind. A load for a read-modify-write has the write
 * tag in P2, so that what misses is a write.
 */
#include "ops/memory/access_rr.h"

OP(MODEL(ld8s))
{
    LOAD(s8, D, B);
    NEXT;
}
OP(MODEL(ld16s))
{
    LOAD(s16, D, B);
    NEXT;
}
