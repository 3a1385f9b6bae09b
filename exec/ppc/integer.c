/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fixed-point instructions that compilers hardly use, each done as a whole: those that set XER's OV
 * (Power ISA 2.07, book I, 3.3.9), and those that go byte by byte (3.3.13).
 */
#include "exec/ppc/ppc.h"
#include "ops/ppc/word.h"

struct sum {
    u32 value;
    bool overflow;
};

static struct sum add(struct ppc_cpu *cpu, u32 a, u32 b, u32 carry, bool sets_carry)
{
    u64 sum = (u64)a + b + carry;
    u32 value = (u32)sum;

    if (sets_carry)
        cpu->carry = (u32)(sum >> 32);
    return (struct sum){value, (~(a ^ b) & (a ^ value)) >> 31};
}

static struct sum divide(u32 a, u32 b)
{
    return b ? (struct sum){a / b, false} : (struct sum){0, true};
}

static struct sum divide_signed(u32 a, u32 b)
{
    if (b == 0 || (a == 0x80000000 && b == ~0u))
        return (struct sum){0, true};
    return (struct sum){(u32)((s32)a / (s32)b), false};
}

static struct sum multiply(u32 a, u32 b)
{
    s64 product = (s64)(s32)a * (s32)b;

    return (struct sum){(u32)product, product != (s32)product};
}

/* The result by the extended opcode without OE. */
static struct sum compute(struct ppc_cpu *cpu, u32 xo, u32 a, u32 b)
{
    u32 carry = cpu->carry;

    switch (xo) {
    case 8: /* subfco */
        return add(cpu, ~a, b, 1, true);
    case 10: /* addco */
        return add(cpu, a, b, 0, true);
    case 40: /* subfo */
        return add(cpu, ~a, b, 1, false);
    case 104: /* nego */
        return add(cpu, ~a, 0, 1, false);
    case 136: /* subfeo */
        return add(cpu, ~a, b, carry, true);
    case 138: /* addeo */
        return add(cpu, a, b, carry, true);
    case 200: /* subfzeo */
        return add(cpu, ~a, 0, carry, true);
    case 202: /* addzeo */
        return add(cpu, a, 0, carry, true);
    case 232: /* subfmeo */
        return add(cpu, ~a, ~0u, carry, true);
    case 234: /* addmeo */
        return add(cpu, a, ~0u, carry, true);
    case 235: /* mullwo */
        return multiply(a, b);
    case 266: /* addo */
        return add(cpu, a, b, 0, false);
    case 459: /* divwuo */
        return divide(a, b);
    default: /* divwo, 491 */
        return divide_signed(a, b);
    }
}

void ppc_set_xer(struct ppc_cpu *cpu, u32 value)
{
    u32 changed = cpu->xer ^ value;

    cpu->carry = value >> XER_CA_BIT & 1;
    cpu->xer = value & XER_DEFINED & ~(u32)XER_CA;
    if (changed & XER_SO)
        ppc_update_mode(cpu);
}

void ppc_helper_overflow(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct sum s = compute(cpu, word_xo(a) & 511, cpu->gpr[word_a(a)], cpu->gpr[word_b(a)]);

    (void)b;
    ppc_set_xer(cpu, s.overflow ? ppc_xer(cpu) | XER_OV | XER_SO : ppc_xer(cpu) & ~(u32)XER_OV);
    cpu->gpr[word_d(a)] = s.value;
    if (a & 1)
        cpu->cr[0] = cr_field(cr_bits_of(cpu, (s32)s.value));
}

/* --- bytes --- */

/* FFh where the bytes are equal. */
static u32 equal_bytes(u32 a, u32 b)
{
    u32 result = 0;

    for (u32 i = 0; i < 32; i += 8)
        if (((a ^ b) >> i & 0xff) == 0)
            result |= 0xffu << i;
    return result;
}

static u32 ones_by_byte(u32 a)
{
    u32 result = 0;

    for (u32 i = 0; i < 32; i += 8)
        result |= (u32)__builtin_popcount(a >> i & 0xff) << i;
    return result;
}

/* Is the number of bytes that are odd, odd? */
static u32 parity_of_bytes(u32 a)
{
    return (u32)__builtin_parity(a & 0x01010101);
}

void ppc_helper_bits(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 s = cpu->gpr[word_d(a)], *to = &cpu->gpr[word_a(a)];

    (void)b;
    switch (word_xo(a)) {
    case 122: /* popcntb */
        *to = ones_by_byte(s);
        break;
    case 154: /* prtyw */
        *to = parity_of_bytes(s);
        break;
    case 378: /* popcntw */
        *to = (u32)__builtin_popcount(s);
        break;
    default: /* cmpb, 508 */
        *to = equal_bytes(s, cpu->gpr[word_b(a)]);
    }
}

/* --- CR as a whole, and by bits (book I, 2.5) --- */

void ppc_helper_read_cr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    (void)b;
    cpu->gpr[a] = ppc_cr(cpu);
}

void ppc_helper_write_cr(struct ppc_cpu *cpu, u32 a, u32 b)
{
    ppc_set_cr(cpu, cpu->gpr[a], b);
}

static u32 combined(u32 xo, u32 a, u32 b)
{
    switch (xo) {
    case 33: /* crnor */
        return ~(a | b);
    case 129: /* crandc */
        return a & ~b;
    case 193: /* crxor */
        return a ^ b;
    case 225: /* crnand */
        return ~(a & b);
    case 257: /* crand */
        return a & b;
    case 289: /* creqv */
        return ~(a ^ b);
    case 417: /* crorc */
        return a | ~b;
    default: /* cror, 449 */
        return a | b;
    }
}

/* Bits of CR are numbered from the left. */
void ppc_helper_cr_logic(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 cr = ppc_cr(cpu), bit = 0x80000000u >> word_d(a);
    u32 result = combined(word_xo(a), cr << word_a(a), cr << word_b(a)) >> 31;

    (void)b;
    ppc_set_cr(cpu, result ? cr | bit : cr & ~bit, 0x80 >> (word_d(a) >> 2));
}

/* The field is what XER begins with, which is gone then. */
void ppc_helper_cr_from_xer(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 xer = ppc_xer(cpu);

    (void)b;
    cpu->cr[word_d(a) >> 2] = cr_field(xer >> 28);
    ppc_set_xer(cpu, xer & 0x0fffffff);
}

/* --- traps --- */

/* TO: which relations of RA to the other operand trap. */
enum { TO_LESS = 16, TO_GREATER = 8, TO_EQUAL = 4, TO_BELOW = 2, TO_ABOVE = 1 };
enum { TWI = 3 };

static u32 relation(u32 a, u32 b)
{
    if (a == b)
        return TO_EQUAL;
    return ((s32)a < (s32)b ? TO_LESS : TO_GREATER) | (a < b ? TO_BELOW : TO_ABOVE);
}

void ppc_helper_trap(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u32 other = a >> 26 == TWI ? (u32)(s16)a : cpu->gpr[word_b(a)];

    (void)b;
    if (relation(cpu->gpr[word_a(a)], other) & word_d(a))
        ppc_raise(cpu, INT_PROGRAM, ESR_PTR);
}
