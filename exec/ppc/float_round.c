/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers and their rounding, exceptions and results (book I, 4.3 to 4.4): float_number.h. */
#include "exec/ppc/float_number.h"
#include "ops/ppc/word.h"

struct number ppc_float_unpack(u64 v)
{
    s32 exponent = (s32)(v >> 52 & 2047);
    u64 fraction = v & (((u64)1 << 52) - 1);

    if (exponent)
        fraction |= (u64)1 << 52;
    return (struct number){v >> 63, (exponent ? exponent : 1) - 1075, fraction};
}

u32 ppc_float_length(u128 v)
{
    u64 high = (u64)(v >> 64), low = (u64)v;

    return high ? 128 - (u32)__builtin_clzll(high) : low ? 64 - (u32)__builtin_clzll(low) : 0;
}

/* --- exceptions --- */

static bool is_enabled(const struct float_context *c, u32 enable)
{
    return c->cpu->fpscr & enable;
}

u64 ppc_float_invalid(struct float_context *c, u32 why)
{
    c->raised |= why;
    return FLOAT_DEFAULT;
}

/* The operand that is a NaN is the result, a quiet one; of a single, what a single has of it. */
u64 ppc_float_nan_of(struct float_context *c, u64 a, u64 b, u64 third)
{
    if (is_signalling(a) || is_signalling(b) || is_signalling(third))
        c->raised |= FPSCR_VXSNAN;
    u64 nan = (is_nan(a) ? a : is_nan(b) ? b : third) | FLOAT_QUIET;
    return c->single ? nan & ~(u64)0x1fffffff : nan;
}

/* --- rounding --- */

bool ppc_float_rounds_up(const struct float_context *c, bool negative, bool odd, int to_half)
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

static u64 overflow(struct float_context *c, bool negative)
{
    u64 largest = c->single ? 0x47efffffe0000000 : 0x7fefffffffffffff;

    c->raised |= FPSCR_OX | FPSCR_XX | FPSCR_FI;
    return ppc_float_rounds_up(c, negative, true, 1) ? FLOAT_INFINITE : largest;
}

/* What is exact, to a double. */
static u64 pack(u64 fraction, s32 exponent)
{
    s32 top = (s32)ppc_float_length(fraction) - 1 + exponent;

    if (!fraction)
        return 0;
    if (top < -1074) /* of operands that are no singles, where they must be */
        return 0;
    if (top < -1022)
        return exponent >= -1074 ? fraction << ((exponent + 1074) & 63)
                                 : fraction >> ((-1074 - exponent) & 63);
    fraction = fraction << (63 - (u32)((s32)ppc_float_length(fraction) - 1)) >> 11;
    return (fraction & ~((u64)1 << 52)) | (u64)(top + 1023) << 52;
}

/* A number that is not zero. */
u64 ppc_float_round(struct float_context *c, struct number n)
{
    s32 least = c->single ? -126 : -1022, most = -least + 1, adjust = c->single ? 192 : 1536;
    s32 top = n.exponent + (s32)ppc_float_length(n.fraction) - 1;
    bool tiny = top < least;

    if (tiny && is_enabled(c, FPSCR_UE)) {
        n.exponent += adjust;
        top += adjust;
        c->raised |= FPSCR_UX;
        tiny = false;
    }
    n.fraction <<= (128 - ppc_float_length(n.fraction)) & 127;
    n.exponent = top - 127;
    s32 drop = (c->single ? 104 : 75) + (tiny ? least - top : 0);
    if (drop > 129)
        drop = 129;
    u128 kept = drop < 128 ? n.fraction >> drop : 0;
    u128 rest = drop < 128 ? n.fraction << (128 - drop) : drop == 128 ? n.fraction : 1;
    u128 half = (u128)1 << 127;
    if (rest) {
        bool up = ppc_float_rounds_up(c, n.negative, kept & 1,
                                      rest > half    ? 1
                                      : rest == half ? 0
                                                     : -1);
        kept += up;
        c->raised |= FPSCR_XX | FPSCR_FI | (up ? (u32)FPSCR_FR : 0) | (tiny ? (u32)FPSCR_UX : 0);
    }
    s32 exponent = drop == 129 ? least - (c->single ? 23 : 52) : n.exponent + drop;
    if (kept && (s32)ppc_float_length(kept) - 1 + exponent > most) {
        if (!is_enabled(c, FPSCR_OE))
            return overflow(c, n.negative) | (n.negative ? FLOAT_SIGN : 0);
        c->raised |= FPSCR_OX;
        exponent -= adjust;
    }
    return pack((u64)kept, exponent) | (n.negative ? FLOAT_SIGN : 0);
}

/* --- results --- */

static u32 class_of(const struct float_context *c, u64 v)
{
    bool negative = v >> 63;

    if (is_nan(v))
        return 0x11;
    if (is_infinite(v))
        return negative ? 0x09 : 0x05;
    if (is_zero(v))
        return negative ? 0x12 : 0x02;
    if ((v & FLOAT_INFINITE) == 0 || (c->single && (v >> 52 & 2047) < 897))
        return negative ? 0x18 : 0x14;
    return negative ? 0x08 : 0x04;
}

u32 ppc_float_status(const struct float_context *c)
{
    u32 new = c->raised &FPSCR_EXCEPTIONS & ~c->cpu->fpscr;

    return c->cpu->fpscr | c->raised | (new ? FPSCR_FX : 0);
}

void ppc_float_finish_as(struct float_context *c, u64 value, u32 fprf)
{
    bool none = (c->raised & FPSCR_VX_ALL && is_enabled(c, FPSCR_VE)) ||
                (c->raised & FPSCR_ZX && is_enabled(c, FPSCR_ZE));
    u32 after;

    c->cpu->fpscr &= ~(u32)(FPSCR_FR | FPSCR_FI);
    after = ppc_float_status(c);
    if (!none) {
        after = (after & ~(u32)FPSCR_FPRF) | fprf;
        c->cpu->fpr[word_d(c->word)] = value;
    }
    ppc_set_fpscr(c->cpu, after);
    ppc_end_float(c->cpu, c->word);
}

void ppc_float_finish(struct float_context *c, u64 value)
{
    ppc_float_finish_as(c, value, class_of(c, value) << FPSCR_FPRF_AT);
}
