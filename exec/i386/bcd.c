/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decimal arithmetic: DAA, DAS, AAA, AAS, AAM and AAD (SDM vol. 2). */
#include "exec/i386/helper.h"

static void set_al(struct cpu *cpu, u32 al)
{
    cpu->regs[EAX] = (cpu->regs[EAX] & ~0xffu) | (al & 0xff);
}

static void set_ax(struct cpu *cpu, u32 ax)
{
    cpu->regs[EAX] = (cpu->regs[EAX] & ~0xffffu) | (ax & 0xffff);
}

/* Sets ZF, SF and PF by AL, and CF and AF as given; OF is clear. */
static void set_flags(struct cpu *cpu, bool cf, bool af)
{
    u32 al = cpu->regs[EAX] & 0xff, flags = (cf ? FLAG_CF : 0) | (af ? FLAG_AF : 0);

    if (!al)
        flags |= FLAG_ZF;
    if (al & 0x80)
        flags |= FLAG_SF;
    if (!__builtin_parity(al))
        flags |= FLAG_PF;
    cc_set(cpu, flags);
}

/* DAA with sign 1, DAS with sign -1. */
static void adjust_packed(struct cpu *cpu, int sign)
{
    u32 flags = cc_get(cpu);
    int old = cpu->regs[EAX] & 0xff, al = old;
    bool cf = flags & FLAG_CF, af = (old & 15) > 9 || (flags & FLAG_AF);
    bool high = old > 0x99 || cf;

    if (af)
        al += 6 * sign;
    /* DAS borrows from below zero in its first step, too. */
    cf = high || (sign < 0 && al < 0);
    if (high)
        al += 0x60 * sign;
    set_al(cpu, al);
    set_flags(cpu, cf, af);
}

DEFINE_HELPER(daa)
{
    adjust_packed(cpu, 1);
}

DEFINE_HELPER(das)
{
    adjust_packed(cpu, -1);
}

/* AAA with sign 1, AAS with sign -1: into AH goes the carry. */
static void adjust_unpacked(struct cpu *cpu, int sign)
{
    bool adjust = (cpu->regs[EAX] & 15) > 9 || (cc_get(cpu) & FLAG_AF);

    if (adjust)
        set_ax(cpu, cpu->regs[EAX] + 0x106 * sign);
    set_al(cpu, cpu->regs[EAX] & 15);
    set_flags(cpu, adjust, adjust);
}

DEFINE_HELPER(aaa)
{
    adjust_unpacked(cpu, 1);
}

DEFINE_HELPER(aas)
{
    adjust_unpacked(cpu, -1);
}

DEFINE_HELPER(aam)
{
    u32 al = cpu->regs[EAX] & 0xff, base = a & 0xff;

    if (base == 0) {
        cpu_raise(cpu, EXC_DE);
    } else {
        set_ax(cpu, al / base << 8 | al % base);
        set_flags(cpu, false, false);
    }
}

DEFINE_HELPER(aad)
{
    u32 al = cpu->regs[EAX] & 0xff, ah = cpu->regs[EAX] >> 8 & 0xff;

    set_ax(cpu, (al + ah * a) & 0xff);
    set_flags(cpu, false, false);
}
