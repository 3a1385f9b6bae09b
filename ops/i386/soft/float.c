/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops/i386/soft/float.h"

typedef unsigned __int128 u128;

const struct fp_format fp_single = {24, -126, 127};
const struct fp_format fp_double = {53, -1022, 1023};
const struct fp_format fp_extended = {64, -16382, 16383};

enum { QUIET_BIT = 62 };

/* --- taking apart and putting together --- */

struct fp fp_special(enum fp_kind kind, bool sign)
{
    return (struct fp){
        .kind = (u8)kind, .sign = sign, .frac = kind == FP_IS_QUIET ? 3ULL << 62 : 0};
}

static struct fp normalized(struct fp x)
{
    int shift = x.frac ? __builtin_clzll(x.frac) : 64;

    if (shift == 64 && !x.more) {
        x.kind = FP_IS_ZERO;
        return x;
    }
    if (shift == 64) {
        x.frac = x.more;
        x.more = 0;
        x.exp -= 64;
        shift = __builtin_clzll(x.frac);
    }
    if (shift) {
        x.frac = x.frac << shift | x.more >> (64 - shift);
        x.more <<= shift;
        x.exp -= shift;
    }
    return x;
}

/* Of a format without a bit for the 1 in front: its fraction, from bit 62 on, and exponent. */
static struct fp from_ieee(bool sign, u32 biased, u64 fraction, const struct fp_format *f)
{
    struct fp x = {.kind = FP_IS_FINITE, .sign = sign, .frac = fraction | 1ULL << 63};

    if (biased == (u32)(2 * f->max + 1)) {
        x.kind = !fraction ? FP_IS_INFINITE : fraction >> QUIET_BIT ? FP_IS_QUIET : FP_IS_SIGNALING;
    } else if (biased) {
        x.exp = (s32)biased - f->max;
    } else {
        x.frac = fraction;
        x.exp = f->min;
        x.denormal = fraction;
        x = normalized(x);
    }
    return x;
}

struct fp fp_from_single(u32 bits)
{
    return from_ieee(bits >> 31, bits >> 23 & 0xff, (u64)bits << 40 & ~(1ULL << 63), &fp_single);
}

struct fp fp_from_double(u64 bits)
{
    return from_ieee(bits >> 63, (u32)(bits >> 52) & 0x7ff, bits << 11 & ~(1ULL << 63), &fp_double);
}

struct fp fp_from_extended(u64 frac, u16 sign_exp)
{
    struct fp x = {.kind = FP_IS_FINITE, .sign = sign_exp >> 15, .frac = frac};
    u32 biased = sign_exp & 0x7fff;

    if (biased && !(frac >> 63)) {
        x.kind = FP_IS_UNSUPPORTED;
    } else if (biased == 0x7fff) {
        x.kind = !(frac << 1)            ? FP_IS_INFINITE
                 : frac >> QUIET_BIT & 1 ? FP_IS_QUIET
                                         : FP_IS_SIGNALING;
    } else {
        x.exp = biased ? (s32)biased - fp_extended.max : fp_extended.min;
        x.denormal = !biased && frac;
        x = normalized(x);
    }
    return x;
}

struct fp fp_from_integer(s64 value)
{
    u64 magnitude = value < 0 ? -(u64)value : (u64)value;

    return normalized(
        (struct fp){.kind = FP_IS_FINITE, .sign = value < 0, .exp = 63, .frac = magnitude});
}

/* Exponent and fraction as the format has them. */
static u64 to_ieee(struct fp x, const struct fp_format *f)
{
    unsigned digits = f->digits - 1;
    u64 fraction = x.frac << 1 >> (64 - digits), all_ones = 2 * (u64)f->max + 1;

    switch (x.kind) {
    case FP_IS_ZERO:
        return 0;
    case FP_IS_INFINITE:
        return all_ones << digits;
    case FP_IS_FINITE:
        return (x.frac >> 63 ? (u64)(x.exp + f->max) << digits : 0) | fraction;
    default:
        return all_ones << digits | fraction;
    }
}

u32 fp_to_single(struct fp x)
{
    return (u32)x.sign << 31 | (u32)to_ieee(x, &fp_single);
}

u64 fp_to_double(struct fp x)
{
    return (u64)x.sign << 63 | to_ieee(x, &fp_double);
}

u16 fp_to_extended(struct fp x, u64 *frac)
{
    u16 sign = x.sign ? 0x8000 : 0;

    *frac = x.kind == FP_IS_ZERO ? 0 : x.kind == FP_IS_INFINITE ? 1ULL << 63 : x.frac;
    if (x.kind == FP_IS_ZERO)
        return sign;
    if (x.kind != FP_IS_FINITE)
        return sign | 0x7fff;
    return x.frac >> 63 ? (u16)(sign | (x.exp + fp_extended.max)) : sign;
}

/* --- arithmetic --- */

/* bits / 2^126 * 2^exp */
static struct fp from_wide(bool sign, s32 exp, u128 bits)
{
    struct fp x = {.kind = FP_IS_FINITE, .sign = sign, .exp = exp + 1};

    x.frac = (u64)(bits >> 64);
    x.more = (u64)bits;
    return normalized(x);
}

static u128 shifted_right(u128 bits, u32 by)
{
    if (by >= 127)
        return bits != 0;
    return bits >> by | ((bits & (((u128)1 << by) - 1)) != 0);
}

static struct fp add_finite(const struct fp_context *c, struct fp a, struct fp b)
{
    if (a.exp < b.exp || (a.exp == b.exp && a.frac < b.frac)) {
        struct fp swapped = a;
        a = b;
        b = swapped;
    }
    u128 high = (u128)a.frac << 62, low = shifted_right((u128)b.frac << 62, (u32)(a.exp - b.exp));
    struct fp x = from_wide(a.sign, a.exp + 1, a.sign == b.sign ? high + low : high - low);
    if (x.kind == FP_IS_ZERO)
        x.sign = c->rounding == FP_DOWN;
    return x;
}

struct fp fp_add(const struct fp_context *c, struct fp a, struct fp b)
{
    if (a.kind == FP_IS_ZERO && b.kind == FP_IS_ZERO) {
        if (a.sign != b.sign)
            a.sign = c->rounding == FP_DOWN;
        return a;
    }
    if (a.kind == FP_IS_INFINITE || b.kind == FP_IS_ZERO)
        return a;
    if (b.kind == FP_IS_INFINITE || a.kind == FP_IS_ZERO)
        return b;
    return add_finite(c, a, b);
}

struct fp fp_multiply(struct fp a, struct fp b)
{
    bool sign = a.sign ^ b.sign;

    if (a.kind == FP_IS_INFINITE || b.kind == FP_IS_INFINITE)
        return fp_special(FP_IS_INFINITE, sign);
    if (a.kind == FP_IS_ZERO || b.kind == FP_IS_ZERO)
        return fp_special(FP_IS_ZERO, sign);
    return from_wide(sign, a.exp + b.exp, (u128)a.frac * b.frac);
}

struct fp fp_divide(struct fp a, struct fp b)
{
    struct fp x = {.kind = FP_IS_FINITE, .sign = a.sign ^ b.sign, .exp = a.exp - b.exp};

    if (a.kind == FP_IS_INFINITE || b.kind == FP_IS_ZERO)
        return fp_special(FP_IS_INFINITE, x.sign);
    if (b.kind == FP_IS_INFINITE || a.kind == FP_IS_ZERO)
        return fp_special(FP_IS_ZERO, x.sign);
    bool less = a.frac < b.frac;
    u128 dividend = (u128)a.frac << (less ? 64 : 63), rest = dividend % b.frac;
    x.exp -= less;
    x.frac = (u64)(dividend / b.frac);
    x.more = (u64)((rest << 64) / b.frac) | ((rest << 64) % b.frac != 0);
    return x;
}

static u64 integer_root(u128 n)
{
    u64 root = 0;

    for (int bit = 63; bit >= 0; bit--) {
        u64 more = root | 1ULL << bit;
        if ((u128)more * more <= n)
            root = more;
    }
    return root;
}

struct fp fp_square_root(struct fp a)
{
    if (a.kind != FP_IS_FINITE)
        return a;
    bool odd = a.exp & 1;
    u128 n = (u128)a.frac << (odd ? 64 : 63);
    u64 root = integer_root(n);
    u128 rest = n - (u128)root * root;
    struct fp x = {.kind = FP_IS_FINITE, .exp = (a.exp - odd) / 2, .frac = root};
    x.more = !rest ? 0 : rest > root ? 1ULL << 63 | 1 : 1;
    return x;
}

/* --- rounding --- */

/* Is what lies behind the last bit that stays reason for one more there? */
static bool rounds_up(unsigned rounding, bool sign, bool odd, u64 behind, u64 half)
{
    switch (rounding) {
    case FP_NEAREST:
        return behind > half || (behind == half && odd);
    case FP_DOWN:
        return sign && behind;
    case FP_UP:
        return !sign && behind;
    default:
        return false;
    }
}

/* frac to its upper `digits` bits, 0 to 64; sets *inexact and *up. */
static struct fp cut(const struct fp_context *c, struct fp x, unsigned digits, bool *inexact,
                     bool *up)
{
    u64 unit = digits ? 1ULL << (64 - digits) : 0;
    u64 behind = x.more, half = 1ULL << 63;

    if (digits < 64) { /* a bit less of what is behind, so that there is room for `more` */
        u64 low = digits ? (x.frac & (unit - 1)) << digits : x.frac;
        behind = low >> 1 | (low & 1) | (x.more != 0);
        half = 1ULL << 62;
    }
    *inexact = behind;
    *up = rounds_up(c->rounding, x.sign, x.frac & unit, behind, half);
    x.frac = digits ? x.frac & -unit : 0;
    x.more = 0;
    if (*up && __builtin_add_overflow(x.frac, unit, &x.frac)) {
        x.frac = 1ULL << 63;
        x.exp++;
    }
    return x;
}

static struct fp overflowed(struct fp_context *c, struct fp x, const struct fp_format *f,
                            bool inexact)
{
    bool wraps = c->unmasked & FP_OE;

    c->flags |= FP_OE;
    if (wraps && x.exp - c->wrap <= f->max) {
        c->flags |= inexact ? FP_PE : 0;
        x.exp -= c->wrap;
        return x;
    }
    c->flags |= FP_PE;
    c->up = wraps || c->rounding == FP_NEAREST || c->rounding == (x.sign ? FP_DOWN : FP_UP);
    if (c->up)
        return fp_special(FP_IS_INFINITE, x.sign);
    x.exp = f->max;
    x.frac = f->digits ? -(1ULL << (64 - f->digits)) : 0;
    return x;
}

/* Shifted to the smallest exponent there is. */
static struct fp denormalized(struct fp x, s32 min)
{
    u32 by = (u32)(min - x.exp);
    u128 bits = (u128)x.frac << 64 | x.more;

    bits = shifted_right(bits, by);
    x.frac = (u64)(bits >> 64);
    x.more = (u64)bits;
    x.exp = min;
    return x;
}

static struct fp underflowed(struct fp_context *c, struct fp x, const struct fp_format *f)
{
    bool inexact;

    if (c->flush) {
        c->flags |= FP_UE | FP_PE;
        return fp_special(FP_IS_ZERO, x.sign);
    }
    x = cut(c, denormalized(x, f->min), f->digits, &inexact, &c->up);
    if (inexact)
        c->flags |= FP_UE | FP_PE;
    if (!x.frac)
        x.kind = FP_IS_ZERO;
    return x;
}

struct fp fp_round(struct fp_context *c, struct fp x, const struct fp_format *f)
{
    bool inexact;
    struct fp rounded;

    c->up = false;
    if (x.kind != FP_IS_FINITE)
        return x;
    rounded = cut(c, x, f->digits, &inexact, &c->up);
    if (rounded.exp > f->max)
        return overflowed(c, rounded, f, inexact);
    if (rounded.exp >= f->min) {
        c->flags |= inexact ? FP_PE : 0;
        return rounded;
    }
    if (!(c->unmasked & FP_UE))
        return underflowed(c, x, f);
    c->flags |= FP_UE | (inexact ? FP_PE : 0);
    rounded.exp += c->wrap;
    if (rounded.exp >= f->min)
        return rounded;
    c->flags |= FP_PE;
    return fp_special(FP_IS_ZERO, x.sign);
}

struct fp fp_round_to_integer(struct fp_context *c, struct fp x)
{
    bool inexact;

    c->up = false;
    if (x.kind != FP_IS_FINITE || x.exp >= 63)
        return x;
    if (x.exp < -1)
        x = denormalized(x, -1);
    x = cut(c, x, (unsigned)(x.exp + 1), &inexact, &c->up);
    if (x.exp == -1 && c->up) {
        x.frac = 1ULL << 63; /* 1: the bit in front of all */
        x.exp = 0;
    }
    c->flags |= inexact ? FP_PE : 0;
    return x.frac ? x : fp_special(FP_IS_ZERO, x.sign);
}

s64 fp_to_integer(struct fp_context *c, struct fp x, unsigned bits)
{
    u64 limit = 1ULL << (bits - 1);
    u8 before = c->flags;
    struct fp i = fp_round_to_integer(c, x);

    if (i.kind == FP_IS_ZERO)
        return 0;
    u64 magnitude = i.kind == FP_IS_FINITE && i.exp <= 63 ? i.frac >> (63 - i.exp) : ~0ULL;
    if (i.kind != FP_IS_FINITE || i.exp > 63 || magnitude > limit ||
        (magnitude == limit && !x.sign)) {
        c->flags = before | FP_IE;
        c->up = false;
        return (s64)-limit;
    }
    return (s64)(x.sign ? -magnitude : magnitude);
}

/* --- comparing --- */

static enum fp_order compare_magnitudes(struct fp a, struct fp b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind ? FP_LESS : FP_GREATER;
    if (a.kind != FP_IS_FINITE)
        return FP_EQUAL;
    if (a.exp != b.exp)
        return a.exp < b.exp ? FP_LESS : FP_GREATER;
    return a.frac == b.frac ? FP_EQUAL : a.frac < b.frac ? FP_LESS : FP_GREATER;
}

enum fp_order fp_compare(struct fp a, struct fp b)
{
    if (a.kind > FP_IS_INFINITE || b.kind > FP_IS_INFINITE)
        return FP_UNORDERED;
    if (a.kind == FP_IS_ZERO && b.kind == FP_IS_ZERO)
        return FP_EQUAL;
    if (a.sign != b.sign)
        return a.sign ? FP_LESS : FP_GREATER;
    return a.sign ? compare_magnitudes(b, a) : compare_magnitudes(a, b);
}
