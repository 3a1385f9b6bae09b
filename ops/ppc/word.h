/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of an instruction, a word (Power ISA 2.07, book I, 1.6). */
#ifndef OPS_PPC_WORD_H
#define OPS_PPC_WORD_H

#include "ops/types.h"

/* RT, RS, FRT, BO, BT */
static inline u32 word_d(u32 word)
{
    return word >> 21 & 31;
}
/* BF, a field of CR */
static inline u32 word_field(u32 word)
{
    return word >> 23 & 7;
}
/* RA, FRA, BI, BA */
static inline u32 word_a(u32 word)
{
    return word >> 16 & 31;
}
/* RB, FRB, SH, BB */
static inline u32 word_b(u32 word)
{
    return word >> 11 & 31;
}
/* FRC, MB, BC */
static inline u32 word_c(u32 word)
{
    return word >> 6 & 31;
}
/* The extended opcode, bits 21 to 30. */
static inline u32 word_xo(u32 word)
{
    return word >> 1 & 1023;
}

#endif
