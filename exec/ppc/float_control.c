/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FPSCR, and the instructions about it (book I, 4.6.10). */
#include "exec/ppc/float.h"
#include "ops/ppc/word.h"

void ppc_set_fpscr(struct ppc_cpu *cpu, u32 value)
{
    u32 enabled =
        (value & FPSCR_OX && value & FPSCR_OE) || (value & FPSCR_UX && value & FPSCR_UE) ||
        (value & FPSCR_ZX && value & FPSCR_ZE) || (value & FPSCR_XX && value & FPSCR_XE) ||
        (value & FPSCR_VX_ALL && value & FPSCR_VE);

    value &= ~(u32)(FPSCR_VX | FPSCR_FEX | FPSCR_NONE);
    if (value & FPSCR_VX_ALL)
        value |= FPSCR_VX;
    cpu->fpscr = enabled ? value | FPSCR_FEX : value;
}

void ppc_record_float(struct ppc_cpu *cpu)
{
    cpu->cr[1] = cr_field(cpu->fpscr >> 28);
}

void ppc_end_float(struct ppc_cpu *cpu, u32 word)
{
    if (word & 1)
        ppc_record_float(cpu);
    if (cpu->fpscr & FPSCR_FEX && cpu->msr & (MSR_FE0 | MSR_FE1))
        ppc_raise(cpu, INT_PROGRAM, ESR_FP);
}

/* The bits of a field, numbered from the left. */
static u32 field_bits(u32 n)
{
    return 15u << (28 - 4 * n);
}

static void insert(struct ppc_cpu *cpu, u32 bits, u32 value)
{
    ppc_set_fpscr(cpu, (cpu->fpscr & ~bits) | (value & bits));
}

/* A field goes to CR, and what of it are exceptions is cleared. */
static void move_field(struct ppc_cpu *cpu, u32 word)
{
    u32 from = word >> 18 & 7, bits = field_bits(from);
    u32 field = cpu->fpscr >> (28 - 4 * from) & 15;

    cpu->cr[word >> 23 & 7] = cr_field(field);
    insert(cpu, bits & (FPSCR_FX | FPSCR_EXCEPTIONS), 0);
}

static void move_from(struct ppc_cpu *cpu, u32 word)
{
    cpu->fpr[word_d(word)] = cpu->fpscr; /* the upper half is undefined */
    if (word & 1)
        ppc_record_float(cpu);
}

static void move_fields(struct ppc_cpu *cpu, u32 word)
{
    u32 bits = 0;

    for (u32 n = 0; n < 8; n++)
        if (word >> 17 & 0x80 >> n)
            bits |= field_bits(n);
    insert(cpu, bits, (u32)cpu->fpr[word_b(word)]);
}

/* Setting an exception sets FX. */
static void set_bit(struct ppc_cpu *cpu, u32 bit)
{
    if (bit & (FPSCR_FEX | FPSCR_VX))
        return;
    if (bit & FPSCR_EXCEPTIONS && !(cpu->fpscr & bit))
        bit |= FPSCR_FX;
    ppc_set_fpscr(cpu, cpu->fpscr | bit);
}

void ppc_helper_float_control(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 field = a >> 23 & 7;

    (void)b;
    switch (word_xo(a)) {
    case 38: /* mtfsb1 */
        set_bit(cpu, 0x80000000u >> word_d(a));
        break;
    case 64: /* mcrfs */
        move_field(cpu, a);
        return;
    case 70: /* mtfsb0 */
        insert(cpu, 0x80000000u >> word_d(a), 0);
        break;
    case 134: /* mtfsfi */
        insert(cpu, field_bits(field), (a >> 12 & 15) << (28 - 4 * field));
        break;
    case 583: /* mffs */
        move_from(cpu, a);
        return;
    default: /* mtfsf, 711 */
        move_fields(cpu, a);
    }
    ppc_end_float(cpu, a);
}
