/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Floating-point arithmetic (book I, 4.3 to 4.6): each operation makes its exact result, or one
 * with a last bit that stands for all that is behind it, and that is rounded once. What the host
 * does as well is left to it (float_fast.c).
 */
#include "exec/ppc/float_number.h"
#include "ops/ppc/word.h"

enum { TOP = 126, XO_SHORT = 31, SINGLES = 59 };

static struct number at_top(struct number n)
{
    s32 shift = TOP + 1 - (s32)ppc_float_length(n.fraction);

    n.fraction <<= shift;
    n.exponent -= shift;
    return n;
}

/* Of numbers, one of which may be zero. A sum of zero is positive but when rounding down. */
static u64 sum(struct float_context *c, struct number a, struct number b)
{
    bool down = (c->cpu->fpscr & FPSCR_RN) == 3;

    if (!a.fraction && !b.fraction)
        return (a.negative == b.negative ? a.negative : down) ? FLOAT_SIGN : 0;
    if (!a.fraction)
        return ppc_float_round(c, b);
    if (!b.fraction)
        return ppc_float_round(c, a);
    a = at_top(a);
    b = at_top(b);
    if (a.exponent < b.exponent) {
        struct number other = a;
        a = b;
        b = other;
    }
    s32 shift = a.exponent - b.exponent;
    u128 lost = shift > 126 ? b.fraction : b.fraction & (((u128)1 << shift) - 1);
    b.fraction = (shift > 126 ? 0 : b.fraction >> shift) | (lost != 0);
    if (a.negative == b.negative) {
        a.fraction += b.fraction;
    } else if (a.fraction >= b.fraction) {
        a.fraction -= b.fraction;
    } else {
        a.fraction = b.fraction - a.fraction;
        a.negative = b.negative;
    }
    return a.fraction ? ppc_float_round(c, a) : down ? FLOAT_SIGN : 0;
}

static u64 add(struct float_context *c, u64 a, u64 b)
{
    if (is_infinite(a) && is_infinite(b) && a != b)
        return ppc_float_invalid(c, FPSCR_VXISI);
    if (is_infinite(a) || is_infinite(b))
        return is_infinite(a) ? a : b;
    return sum(c, ppc_float_unpack(a), ppc_float_unpack(b));
}

u64 ppc_float_divide(struct float_context *c, u64 a, u64 b)
{
    u64 sign = (a ^ b) & FLOAT_SIGN;

    if (is_infinite(a) && is_infinite(b))
        return ppc_float_invalid(c, FPSCR_VXIDI);
    if (is_zero(a) && is_zero(b))
        return ppc_float_invalid(c, FPSCR_VXZDZ);
    if (is_zero(b) && !is_infinite(a))
        c->raised |= FPSCR_ZX;
    if (is_infinite(a) || is_zero(b))
        return sign | FLOAT_INFINITE;
    if (is_zero(a) || is_infinite(b))
        return sign;
    struct number n = at_top(ppc_float_unpack(a)), by = ppc_float_unpack(b);
    u128 quotient = n.fraction / by.fraction;
    quotient |= n.fraction % by.fraction != 0;
    return ppc_float_round(c, (struct number){sign != 0, n.exponent - by.exponent, quotient});
}

/* a * third + b, or the product alone. */
static u64 multiply(struct float_context *c, u64 a, u64 third, u64 b, bool adds)
{
    u64 sign = (a ^ third) & FLOAT_SIGN;

    if ((is_infinite(a) && is_zero(third)) || (is_zero(a) && is_infinite(third)))
        return ppc_float_invalid(c, FPSCR_VXIMZ);
    if (is_infinite(a) || is_infinite(third)) {
        if (adds && is_infinite(b) && ((b & FLOAT_SIGN) != sign))
            return ppc_float_invalid(c, FPSCR_VXISI);
        return sign | FLOAT_INFINITE;
    }
    if (adds && is_infinite(b))
        return b;
    struct number x = ppc_float_unpack(a), y = ppc_float_unpack(third);
    struct number product = {sign != 0, x.exponent + y.exponent, x.fraction * y.fraction};
    if (adds)
        return sum(c, product, ppc_float_unpack(b));
    return product.fraction ? ppc_float_round(c, product) : sign;
}

void ppc_helper_float(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct float_context c = {cpu, a, 0, a >> 26 == SINGLES};
    u32 xo = word_xo(a) & XO_SHORT;
    u64 x = cpu->fpr[word_a(a)], y = cpu->fpr[word_b(a)], z = cpu->fpr[word_c(a)], value;
    bool by_third = xo == 25 || xo >= 28, adds = xo != 25, is_a_nan;

    (void)b;
    if (ppc_float_fast(cpu, a))
        return;
    is_a_nan = is_nan(x) || (adds && is_nan(y)) || (by_third && is_nan(z));
    if (is_a_nan) {
        if ((is_infinite(x) && is_zero(z)) || (is_zero(x) && is_infinite(z)))
            c.raised |= by_third ? (u32)FPSCR_VXIMZ : 0;
        ppc_float_finish(&c, ppc_float_nan_of(&c, x, adds ? y : 0, by_third ? z : 0));
        return;
    }
    switch (xo) {
    case 18: /* fdiv */
        value = ppc_float_divide(&c, x, y);
        break;
    case 20: /* fsub */
        value = add(&c, x, y ^ FLOAT_SIGN);
        break;
    case 21: /* fadd */
        value = add(&c, x, y);
        break;
    default: /* fmul 25, fmsub 28, fmadd 29, fnmsub 30, fnmadd 31 */
        value = multiply(&c, x, z, xo == 28 || xo == 30 ? y ^ FLOAT_SIGN : y, adds);
        if (xo >= 30 && !is_nan(value))
            value ^= FLOAT_SIGN;
    }
    ppc_float_finish(&c, value);
}
