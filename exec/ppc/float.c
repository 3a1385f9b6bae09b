/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Floating-point arithmetic (book I, 4.3 to 4.6): each operation makes its exact result, or one
 * with a last bit that stands for all that is behind it, and that is rounded once.
 */
#include "exec/ppc/float.h"
#include "ops/ppc/word.h"

typedef unsigned __int128 u128;

/* fraction * 2^exponent */
struct number {
    bool negative;
    s32 exponent;
    u128 fraction;
};

#define SIGN     ((u64)1 << 63)
#define QUIET    ((u64)1 << 51)
#define INFINITE ((u64)2047 << 52)
#define DEFAULT  (INFINITE | QUIET)
enum { TOP = 126, XO_SHORT = 31, SINGLES = 59 };

static bool is_nan(u64 v)
{
    return (v & ~SIGN) > INFINITE;
}
static bool is_signalling(u64 v)
{
    return is_nan(v) && !(v & QUIET);
}
static bool is_infinite(u64 v)
{
    return (v & ~SIGN) == INFINITE;
}
static bool is_zero(u64 v)
{
    return !(v & ~SIGN);
}

static struct number unpack(u64 v)
{
    s32 exponent = (s32)(v >> 52 & 2047);
    u64 fraction = v & (((u64)1 << 52) - 1);

    if (exponent)
        fraction |= (u64)1 << 52;
    return (struct number){v >> 63, (exponent ? exponent : 1) - 1075, fraction};
}

static u32 length(u128 v)
{
    u64 high = (u64)(v >> 64), low = (u64)v;

    return high ? 128 - (u32)__builtin_clzll(high) : low ? 64 - (u32)__builtin_clzll(low) : 0;
}

/* --- exceptions --- */

struct context {
    struct ppc_cpu *cpu;
    u32 word, raised; /* of FPSCR */
    bool single;
};

static bool is_enabled(const struct context *c, u32 enable)
{
    return c->cpu->fpscr & enable;
}

static u64 invalid(struct context *c, u32 why)
{
    c->raised |= why;
    return DEFAULT;
}

/* The operand that is a NaN is the result, a quiet one; of a single, what a single has of it. */
static u64 nan_of(struct context *c, u64 a, u64 b, u64 third)
{
    if (is_signalling(a) || is_signalling(b) || is_signalling(third))
        c->raised |= FPSCR_VXSNAN;
    u64 nan = (is_nan(a) ? a : is_nan(b) ? b : third) | QUIET;
    return c->single ? nan & ~(u64)0x1fffffff : nan;
}

/* --- rounding --- */

static bool rounds_up(const struct context *c, bool negative, bool odd, int to_half)
{
    switch (c->cpu->fpscr & FPSCR_RN) {
    case 0:
        return to_half > 0 || (to_half == 0 && odd);
    case 1:
        return false;
    case 2:
        return !negative;
    default:
        return negative;
    }
}

static u64 overflow(struct context *c, bool negative)
{
    u64 largest = c->single ? 0x47efffffe0000000 : 0x7fefffffffffffff;

    c->raised |= FPSCR_OX | FPSCR_XX | FPSCR_FI;
    return rounds_up(c, negative, true, 1) ? INFINITE : largest;
}

/* What is exact, to a double. */
static u64 pack(u64 fraction, s32 exponent)
{
    s32 top = (s32)length(fraction) - 1 + exponent;

    if (!fraction)
        return 0;
    if (top < -1074) /* of operands that are no singles, where they must be */
        return 0;
    if (top < -1022)
        return exponent >= -1074 ? fraction << (exponent + 1074)
                                 : fraction >> ((-1074 - exponent) & 63);
    fraction = fraction << (63 - (u32)((s32)length(fraction) - 1)) >> 11;
    return (fraction & ~((u64)1 << 52)) | (u64)(top + 1023) << 52;
}

/* A number that is not zero. */
static u64 round_number(struct context *c, struct number n)
{
    s32 least = c->single ? -126 : -1022, most = -least + 1, adjust = c->single ? 192 : 1536;
    s32 top = n.exponent + (s32)length(n.fraction) - 1;
    bool tiny = top < least;

    if (tiny && is_enabled(c, FPSCR_UE)) {
        n.exponent += adjust;
        top += adjust;
        c->raised |= FPSCR_UX;
        tiny = false;
    }
    n.fraction <<= (128 - length(n.fraction)) & 127;
    n.exponent = top - 127;
    s32 drop = (c->single ? 104 : 75) + (tiny ? least - top : 0);
    if (drop > 129)
        drop = 129;
    u128 kept = drop < 128 ? n.fraction >> drop : 0;
    u128 rest = drop < 128 ? n.fraction << (128 - drop) : drop == 128 ? n.fraction : 1;
    u128 half = (u128)1 << 127;
    if (rest) {
        bool up = rounds_up(c, n.negative, kept & 1, rest > half ? 1 : rest == half ? 0 : -1);
        kept += up;
        c->raised |= FPSCR_XX | FPSCR_FI | (up ? (u32)FPSCR_FR : 0) | (tiny ? (u32)FPSCR_UX : 0);
    }
    s32 exponent = drop == 129 ? least - (c->single ? 23 : 52) : n.exponent + drop;
    if (kept && (s32)length(kept) - 1 + exponent > most) {
        if (!is_enabled(c, FPSCR_OE))
            return overflow(c, n.negative) | (n.negative ? SIGN : 0);
        c->raised |= FPSCR_OX;
        exponent -= adjust;
    }
    return pack((u64)kept, exponent) | (n.negative ? SIGN : 0);
}

/* --- operations --- */

static struct number at_top(struct number n)
{
    s32 shift = TOP + 1 - (s32)length(n.fraction);

    n.fraction <<= shift;
    n.exponent -= shift;
    return n;
}

/* Of numbers, one of which may be zero. A sum of zero is positive but when rounding down. */
static u64 sum(struct context *c, struct number a, struct number b)
{
    bool down = (c->cpu->fpscr & FPSCR_RN) == 3;

    if (!a.fraction && !b.fraction)
        return (a.negative == b.negative ? a.negative : down) ? SIGN : 0;
    if (!a.fraction)
        return round_number(c, b);
    if (!b.fraction)
        return round_number(c, a);
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
    return a.fraction ? round_number(c, a) : down ? SIGN : 0;
}

static u64 add(struct context *c, u64 a, u64 b)
{
    if (is_infinite(a) && is_infinite(b) && a != b)
        return invalid(c, FPSCR_VXISI);
    if (is_infinite(a) || is_infinite(b))
        return is_infinite(a) ? a : b;
    return sum(c, unpack(a), unpack(b));
}

static u64 divide(struct context *c, u64 a, u64 b)
{
    u64 sign = (a ^ b) & SIGN;

    if (is_infinite(a) && is_infinite(b))
        return invalid(c, FPSCR_VXIDI);
    if (is_zero(a) && is_zero(b))
        return invalid(c, FPSCR_VXZDZ);
    if (is_zero(b) && !is_infinite(a))
        c->raised |= FPSCR_ZX;
    if (is_infinite(a) || is_zero(b))
        return sign | INFINITE;
    if (is_zero(a) || is_infinite(b))
        return sign;
    struct number n = at_top(unpack(a)), by = unpack(b);
    u128 quotient = n.fraction / by.fraction;
    quotient |= n.fraction % by.fraction != 0;
    return round_number(c, (struct number){sign != 0, n.exponent - by.exponent, quotient});
}

/* a * third + b, or the product alone. */
static u64 multiply(struct context *c, u64 a, u64 third, u64 b, bool adds)
{
    u64 sign = (a ^ third) & SIGN;

    if ((is_infinite(a) && is_zero(third)) || (is_zero(a) && is_infinite(third)))
        return invalid(c, FPSCR_VXIMZ);
    if (is_infinite(a) || is_infinite(third)) {
        if (adds && is_infinite(b) && ((b & SIGN) != sign))
            return invalid(c, FPSCR_VXISI);
        return sign | INFINITE;
    }
    if (adds && is_infinite(b))
        return b;
    struct number x = unpack(a), y = unpack(third);
    struct number product = {sign != 0, x.exponent + y.exponent, x.fraction * y.fraction};
    if (adds)
        return sum(c, product, unpack(b));
    return product.fraction ? round_number(c, product) : sign;
}

/* --- results --- */

static u32 class_of(const struct context *c, u64 v)
{
    bool negative = v >> 63;

    if (is_nan(v))
        return 0x11;
    if (is_infinite(v))
        return negative ? 0x09 : 0x05;
    if (is_zero(v))
        return negative ? 0x12 : 0x02;
    if ((v & INFINITE) == 0 || (c->single && (v >> 52 & 2047) < 897))
        return negative ? 0x18 : 0x14;
    return negative ? 0x08 : 0x04;
}

/* Without a result if an exception is enabled that leaves none. */
static void finish(struct context *c, u64 value)
{
    u32 before = c->cpu->fpscr, new = c->raised &FPSCR_EXCEPTIONS & ~before;
    bool none = (c->raised & FPSCR_VX_ALL && is_enabled(c, FPSCR_VE)) ||
                (c->raised & FPSCR_ZX && is_enabled(c, FPSCR_ZE));
    u32 after = (before & ~(u32)(FPSCR_FR | FPSCR_FI)) | c->raised | (new ? FPSCR_FX : 0);

    if (!none) {
        after = (after & ~(u32)FPSCR_FPRF) | class_of(c, value) << 12;
        c->cpu->fpr[word_d(c->word)] = value;
    }
    ppc_set_fpscr(c->cpu, after);
    ppc_end_float(c->cpu, c->word);
}

void ppc_helper_float(struct ppc_cpu *cpu, u32 a, u32 b)
{
    struct context c = {cpu, a, 0, a >> 26 == SINGLES};
    u32 xo = word_xo(a) & XO_SHORT;
    u64 x = cpu->fpr[word_a(a)], y = cpu->fpr[word_b(a)], z = cpu->fpr[word_c(a)], value;
    bool by_third = xo == 25 || xo >= 28, adds = xo != 25, is_a_nan;

    (void)b;
    is_a_nan = is_nan(x) || (adds && is_nan(y)) || (by_third && is_nan(z));
    if (is_a_nan) {
        if ((is_infinite(x) && is_zero(z)) || (is_zero(x) && is_infinite(z)))
            c.raised |= by_third ? (u32)FPSCR_VXIMZ : 0;
        finish(&c, nan_of(&c, x, adds ? y : 0, by_third ? z : 0));
        return;
    }
    switch (xo) {
    case 18: /* fdiv */
        value = divide(&c, x, y);
        break;
    case 20: /* fsub */
        value = add(&c, x, y ^ SIGN);
        break;
    case 21: /* fadd */
        value = add(&c, x, y);
        break;
    default: /* fmul 25, fmsub 28, fmadd 29, fnmsub 30, fnmadd 31 */
        value = multiply(&c, x, z, xo == 28 || xo == 30 ? y ^ SIGN : y, adds);
        if (xo >= 30 && !is_nan(value))
            value ^= SIGN;
    }
    finish(&c, value);
}
