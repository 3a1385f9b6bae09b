/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Floating point beside arithmetic: comparisons (book I, 4.6.8), conversions (4.6.7), fsel (4.6.9)
 * and estimates (4.6.6.1).
 */
#include "exec/ppc/float_number.h"
#include "ops/ppc/word.h"

#include <string.h>

/* --- comparisons --- */

/* As a field of CR has it; unordered is SO. */
static u32 order(u64 a, u64 b)
{
    bool less;

    if (is_nan(a) || is_nan(b))
        return CR_SO;
    if (a == b || (is_zero(a) && is_zero(b)))
        return CR_EQ;
    if ((a ^ b) & FLOAT_SIGN)
        less = a & FLOAT_SIGN;
    else
        less = (a < b) != (a >> 63);
    return less ? CR_LT : CR_GT;
}

/* fcmpo 32 minds quiet NaNs, too, and but for them signalling ones if these interrupt. */
static u32 invalid_comparison(const struct ppc_cpu *cpu, u32 word, u64 a, u64 b)
{
    bool signalling = is_signalling(a) || is_signalling(b), ordered = word_xo(word) == 32;

    if (!signalling)
        return ordered ? FPSCR_VXVC : 0;
    return FPSCR_VXSNAN | (ordered && !(cpu->fpscr & FPSCR_VE) ? (u32)FPSCR_VXVC : 0);
}

void ppc_helper_float_compare(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct float_context c = {.cpu = cpu, .word = a};
    u64 x = cpu->fpr[word_a(a)], y = cpu->fpr[word_b(a)];
    u32 field = order(x, y);

    (void)b;
    if (field == CR_SO)
        c.raised = invalid_comparison(cpu, a, x, y);
    cpu->cr[word_d(a) >> 2] = cr_field(field);
    ppc_set_fpscr(cpu, (ppc_float_status(&c) & ~(u32)FPSCR_FPCC) | field << FPSCR_FPRF_AT);
    ppc_end_float(cpu, 0);
}

/* FRT = FRA >= 0 ? FRC : FRB; FPSCR stays. */
void ppc_helper_float_select(struct ppc_cpu *cpu, u32 a, u32 b)
{
    u64 x = cpu->fpr[word_a(a)];
    bool less = is_nan(x) || (x & FLOAT_SIGN && !is_zero(x));

    (void)b;
    cpu->fpr[word_d(a)] = cpu->fpr[less ? word_b(a) : word_c(a)];
    if (a & 1)
        ppc_record_float(cpu);
}

/* --- to an integer --- */

/* The magnitude, rounded; all that is not below 2^32 is that. */
static u64 integer_of(struct float_context *c, u64 v, bool truncates)
{
    struct number n = ppc_float_unpack(v);
    s32 drop = -n.exponent;
    u64 fraction = (u64)n.fraction, whole, rest, half;
    bool up;

    if (n.exponent > -21) /* 2^52 or more with that */
        return (u64)1 << 32;
    if (drop > 63) /* far below a half: a last bit stands for it */
        drop = 63, fraction = fraction != 0;
    whole = fraction >> drop;
    rest = fraction & (((u64)1 << drop) - 1);
    half = (u64)1 << (drop - 1);
    if (!rest)
        return whole;
    up = !truncates && ppc_float_rounds_up(c, n.negative, whole & 1,
                                           rest > half    ? 1
                                           : rest == half ? 0
                                                          : -1);
    c->raised |= FPSCR_XX | FPSCR_FI | (up ? (u32)FPSCR_FR : 0);
    return whole + up;
}

/* What the upper half of the FPR gets is undefined: copies of the sign. */
static u64 to_integer(struct float_context *c, u64 v, bool truncates)
{
    bool negative = v & FLOAT_SIGN;
    u64 whole;

    if (is_signalling(v))
        c->raised |= FPSCR_VXSNAN;
    if (!is_nan(v)) {
        whole = integer_of(c, v, truncates);
        if (whole < (u64)INT32_MAX + 1 + negative)
            return negative ? -whole : whole;
    }
    c->raised = (c->raised & FPSCR_VXSNAN) | FPSCR_VXCVI;
    return is_nan(v) || negative ? (u64)(s64)INT32_MIN : INT32_MAX;
}

/* --- estimates --- */

/* The root of a square, rounded down. */
static u64 root(u128 square)
{
    u64 r = 0;

    for (u64 bit = (u64)1 << 33; bit; bit >>= 1)
        if ((u128)(r | bit) * (r | bit) <= square)
            r |= bit;
    return r;
}

/* To 32 bits, and a last one for what is behind them; the architecture asks for 5. */
static u64 reciprocal_root(struct float_context *c, u64 v)
{
    enum { BEHIND = 40 };
    struct number n = ppc_float_unpack(v);
    u32 shift;

    if (is_zero(v)) {
        c->raised |= FPSCR_ZX;
        return (v & FLOAT_SIGN) | FLOAT_INFINITE;
    }
    if (v & FLOAT_SIGN)
        return ppc_float_invalid(c, FPSCR_VXSQRT);
    if (is_infinite(v))
        return 0;
    shift = 63 - ppc_float_length(n.fraction);
    shift -= (n.exponent - (s32)shift) & 1; /* an even exponent can be halved */
    n.fraction <<= shift;
    u128 square = ((u128)1 << 126) / n.fraction;
    u64 r = root(square);
    bool exact = (u128)r * r * n.fraction == (u128)1 << 126;
    return ppc_float_round(c,
                           (struct number){.exponent = ((s32)shift - n.exponent) / 2 - 63 - BEHIND,
                                           .fraction = (u128)r << BEHIND | !exact});
}

/* --- all of one operand --- */

static u64 to_single(struct float_context *c, u64 v)
{
    return is_infinite(v) || is_zero(v) ? v : ppc_float_round(c, ppc_float_unpack(v));
}

/* frsp 12, fctiw 14, fctiwz 15; in five bits, with another one between them, fres 24, frsqrte 26 */
void ppc_helper_float_convert(struct ppc_cpu *cpu, u32 a, u32 b)
{
    enum { FRSP = 12, FCTIW = 14, FCTIWZ = 15, FRES = 24 };
    const u64 one = 0x3ff0000000000000;
    u32 xo = word_xo(a) & 31;
    struct float_context c = {.cpu = cpu, .word = a, .single = xo == FRSP || xo == FRES};
    u64 v = cpu->fpr[word_b(a)];

    (void)b;
    if (xo == FCTIW || xo == FCTIWZ)
        ppc_float_finish_as(&c, to_integer(&c, v, xo == FCTIWZ), cpu->fpscr & FPSCR_FPRF);
    else if (is_nan(v))
        ppc_float_finish(&c, ppc_float_nan_of(&c, v, 0, 0));
    else if (xo == FRSP)
        ppc_float_finish(&c, to_single(&c, v));
    else if (xo == FRES)
        ppc_float_finish(&c, ppc_float_divide(&c, one, v));
    else
        ppc_float_finish(&c, reciprocal_root(&c, v));
}
