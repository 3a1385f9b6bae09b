/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A field of CR as a number of 64 bits, so that a comparison is a subtraction: the difference of
 * two numbers of 32 bits, signed or not, is what tells LT, GT and EQ. So that a field can be
 * anything else, too,
 *
 *   EQ   the lower 32 bits are zero
 *   GT   the whole is positive
 *   LT   bit 62 is set
 *   SO   bits 62 and 61 are different
 */
#ifndef OPS_PPC_CR_H
#define OPS_PPC_CR_H

#include "ops/ppc/cpu.h"

static inline s64 cr_field(u32 bits)
{
    u64 lt = (bits & CR_LT) != 0, so = bits & CR_SO;

    return (s64)((bits & CR_EQ ? 0 : 1) | (u64)1 << 32 | (u64) !(bits & CR_GT) << 63 | lt << 62 |
                 (lt ^ so) << 61);
}

static inline u32 cr_bits(s64 field)
{
    u64 v = (u64)field;

    return ((u32)v ? 0 : CR_EQ) | (field > 0 ? CR_GT : 0) | (v >> 62 & 1 ? CR_LT : 0) |
           ((v >> 61 ^ v >> 62) & 1 ? CR_SO : 0);
}

static inline u32 ppc_cr(const struct ppc_cpu *cpu)
{
    u32 cr = 0;

    for (unsigned n = 0; n < 8; n++)
        cr = cr << 4 | cr_bits(cpu->cr[n]);
    return cr;
}

/* Of the fields whose bit is set in `fields`, field 0 being bit 7. */
static inline void ppc_set_cr(struct ppc_cpu *cpu, u32 cr, u32 fields)
{
    for (unsigned n = 0; n < 8; n++)
        if (fields & 0x80 >> n)
            cpu->cr[n] = cr_field(cr >> (28 - 4 * n) & 15);
}

/* XER's carry is beside the rest of it. */
static inline u32 ppc_xer(const struct ppc_cpu *cpu)
{
    return cpu->xer | cpu->carry << XER_CA_BIT;
}

/* How a number is to zero, as a field of CR, with XER's SO. */
static inline u32 cr_bits_of(const struct ppc_cpu *cpu, s64 difference)
{
    return (difference < 0 ? CR_LT : difference ? CR_GT : CR_EQ) | cpu->xer >> 31;
}

#endif
