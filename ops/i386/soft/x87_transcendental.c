/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The x87's transcendental instructions, by the C library's long double. Exceptions and special
 * values are the chip's (SDM vol. 1, 8.3.8; vol. 2, tables of each); the last bits need not be. So
 * is the reduction of an angle, by a value of pi that has 66 bits.
 */
#include "ops/i386/soft/x87_parts.h"

#include <math.h>

typedef unsigned __int128 u128;

static long double to_long_double(struct fp x)
{
    long double magnitude = x.kind == FP_IS_ZERO       ? 0
                            : x.kind == FP_IS_INFINITE ? (long double)INFINITY
                                                       : ldexpl((long double)x.frac, x.exp - 63);
    return x.sign ? -magnitude : magnitude;
}

static struct fp from_long_double(long double value)
{
    int exp = 0;
    bool sign = signbit(value);
    long double m = frexpl(fabsl(value), &exp);

    if (isinf(value) || value == 0)
        return fp_special(value == 0 ? FP_IS_ZERO : FP_IS_INFINITE, sign);
    return (struct fp){
        .kind = FP_IS_FINITE, .sign = sign, .exp = exp - 1, .frac = (u64)ldexpl(m, 64)};
}

/* Puts what is not exact; so underflow is raised where it is tiny, or nothing. */
static void put_inexact(unsigned i, struct fp x)
{
    x87_put(i, x, &fp_extended);
    if (x.kind == FP_IS_ZERO || (x.kind == FP_IS_FINITE && x.exp < fp_extended.min))
        x87_raise(FP_UE);
    x87_raise(FP_PE);
}

static void invalid(unsigned i, bool pops)
{
    if (x87_raise(X87_IE))
        return;
    st_set(i, indefinite());
    if (pops)
        st_pop();
}

/* --- F2XM1 --- */

static long double two_to_less_one(long double x)
{
    const long double ln2 = 0.693147180559945309417232121458176568L;

    if (x == 1 || x == -1)
        return x == 1 ? 1 : -0.5L;
    return expm1l(x * ln2);
}

static void power_less_one(struct fp a)
{
    const struct fp ln_2 = {.kind = FP_IS_FINITE, .exp = -1, .frac = 0xb17217f7d1cf79ac};

    if (a.kind == FP_IS_ZERO) {
        st_set(0, a);
    } else if (a.kind == FP_IS_INFINITE) {
        st_set(0, a.sign ? fp_from_integer(-1) : a);
    } else if (!x87_denormal_stops(a, a)) {
        long double x = to_long_double(a);
        if (a.exp < -70) /* what is left out is less than long double has digits */
            put_inexact(0, fp_multiply(a, ln_2));
        else if (x >= -1 && x <= 1) /* else undefined: stays as it is */
            put_inexact(0, from_long_double(two_to_less_one(x)));
        x87_raise(FP_PE);
    }
}

/* --- angles --- */

/* An angle less a multiple of pi / 2, which is `quadrant`; at most pi / 4. */
static long double reduce(struct fp a, unsigned *quadrant)
{
    const u128 half_pi = (u128)3 << 64 | 0x243f6a8885a308d3; /* times 2^65 */
    u128 rest = a.frac;
    unsigned q = 0;

    *quadrant = 0;
    if (a.kind == FP_IS_ZERO || a.exp < -2)
        return to_long_double(a);
    for (s32 i = 0; i < a.exp + 2; i++) {
        rest <<= 1;
        q <<= 1;
        if (rest >= half_pi) {
            rest -= half_pi;
            q |= 1;
        }
    }
    bool more = rest > half_pi / 2;
    long double r = ldexpl((long double)(more ? half_pi - rest : rest), -65);
    q += more;
    *quadrant = a.sign ? -q & 3 : q & 3;
    return more != a.sign ? -r : r;
}

static long double sine(long double r, unsigned quadrant)
{
    long double x = quadrant & 1 ? cosl(r) : sinl(r);
    return quadrant & 2 ? -x : x;
}

static void put_sine(unsigned i, struct fp a, bool cosine)
{
    unsigned quadrant;
    long double r = reduce(a, &quadrant);

    if (a.kind == FP_IS_ZERO)
        st_set(i, cosine ? fp_from_integer(1) : a);
    else
        put_inexact(i, from_long_double(sine(r, quadrant + cosine)));
}

static void put_tangent(struct fp a)
{
    unsigned quadrant;
    long double r = reduce(a, &quadrant);

    if (a.kind == FP_IS_ZERO)
        st_set(0, a);
    else
        put_inexact(0, from_long_double(quadrant & 1 ? -1 / tanl(r) : tanl(r)));
}

/* FPTAN, FSIN, FCOS, FSINCOS */
static void angle(unsigned modrm, struct fp a)
{
    bool pushes = modrm == 0xf2 || modrm == 0xfb;

    if (a.kind == FP_IS_INFINITE) {
        if (x87_raise(X87_IE))
            return;
        st_set(0, indefinite());
        if (pushes)
            st_push(indefinite());
        return;
    }
    if (a.kind == FP_IS_FINITE && a.exp >= 63) {
        set_conditions((soft_x87.status & (X87_C0 | X87_C3)) | X87_C2);
        return;
    }
    if (x87_denormal_stops(a, a))
        return;
    if (modrm == 0xf2) {
        put_tangent(a);
        st_push(fp_from_integer(1));
    } else if (modrm == 0xfb) {
        put_sine(0, a, false);
        st_push(fp_special(FP_IS_ZERO, false));
        put_sine(0, a, true);
    } else {
        put_sine(0, a, modrm == 0xff);
    }
}

/* --- of ST(0) alone --- */

static void of_one(unsigned modrm)
{
    bool pushes = modrm == 0xf2 || modrm == 0xfb;
    struct fp a, x = indefinite();
    enum operand_check check = OPERANDS_GIVE;

    if (modrm != 0xf0)
        set_conditions(soft_x87.status & (X87_C0 | X87_C1 | X87_C3));
    if (st_empty(0) || (pushes && !st_empty(7))) {
        if (stack_fault(!st_empty(0)))
            return;
    } else {
        a = st_get(0);
        set_c1(false);
        check = x87_operands(a, a, &x);
    }
    if (check == OPERANDS_GIVE) {
        st_set(0, x);
        if (pushes)
            st_push(x);
    } else if (check == OPERANDS_FINE && modrm == 0xf0) {
        power_less_one(st_get(0));
    } else if (check == OPERANDS_FINE) {
        angle(modrm, st_get(0));
    }
}

/* --- of two, to ST(1), and pops --- */

static void put_and_pop(struct fp x, bool exact)
{
    if (exact)
        st_set(1, x);
    else
        put_inexact(1, x);
    st_pop();
}

static void arctangent(struct fp a, struct fp b)
{
    bool vanishes = a.kind == FP_IS_INFINITE && b.kind != FP_IS_INFINITE;
    bool exact = !a.sign && (b.kind == FP_IS_ZERO || vanishes);

    if (x87_denormal_stops(a, b))
        return;
    if (!a.sign && a.kind == FP_IS_FINITE && b.kind == FP_IS_FINITE && b.exp - a.exp < -70)
        put_and_pop(fp_divide(b, a), false);
    else
        put_and_pop(from_long_double(atan2l(to_long_double(b), to_long_double(a))), exact);
}

/* b * log2 a */
static void logarithm(struct fp a, struct fp b)
{
    bool power = a.kind == FP_IS_FINITE && a.frac == 1ULL << 63; /* of 2 */
    bool one = power && a.exp == 0;
    struct fp x;

    if ((a.sign && a.kind != FP_IS_ZERO) || (a.kind == FP_IS_INFINITE && b.kind == FP_IS_ZERO) ||
        (a.kind == FP_IS_ZERO && b.kind == FP_IS_ZERO) || (one && b.kind == FP_IS_INFINITE)) {
        invalid(1, true);
        return;
    }
    if (a.kind == FP_IS_ZERO && b.kind == FP_IS_FINITE) {
        if (!x87_raise(FP_ZE))
            put_and_pop(fp_special(FP_IS_INFINITE, !b.sign), true);
        return;
    }
    if (x87_denormal_stops(a, b))
        return;
    x = power ? fp_from_integer(a.exp) : from_long_double(log2l(to_long_double(a)));
    put_and_pop(fp_multiply(x, b), one || b.kind != FP_IS_FINITE || a.kind != FP_IS_FINITE);
}

/* What is tiny is its own logarithm, and may be too small for long double's precision. */
static struct fp log_plus_one(struct fp a)
{
    return a.exp < -70 ? a : from_long_double(log1pl(to_long_double(a)));
}

/* b * log2 (a + 1) */
static void logarithm_plus_one(struct fp a, struct fp b)
{
    const struct fp log2_e = {.kind = FP_IS_FINITE, .frac = 0xb8aa3b295c17f0bc};

    if ((a.kind == FP_IS_ZERO && b.kind == FP_IS_INFINITE) ||
        (a.kind == FP_IS_INFINITE && a.sign) ||
        (a.kind == FP_IS_INFINITE && b.kind == FP_IS_ZERO)) {
        invalid(1, true);
        return;
    }
    if (x87_denormal_stops(a, b))
        return;
    if (a.kind != FP_IS_FINITE || b.kind != FP_IS_FINITE) {
        put_and_pop(fp_multiply(a, b), true);
        return;
    }
    if (a.sign && a.exp >= 0) { /* undefined */
        put_and_pop(a, false);
        return;
    }
    put_and_pop(fp_multiply(fp_multiply(log_plus_one(a), log2_e), b), false);
}

static void of_two(unsigned modrm)
{
    struct fp x = indefinite();
    enum operand_check check = OPERANDS_GIVE;

    if (st_empty(0) || st_empty(1)) {
        if (stack_fault(false))
            return;
    } else {
        set_c1(false);
        check = x87_operands(st_get(0), st_get(1), &x);
    }
    if (check == OPERANDS_GIVE) {
        st_set(1, x);
        st_pop();
    } else if (check == OPERANDS_FINE) {
        if (modrm == 0xf1)
            logarithm(st_get(0), st_get(1));
        else if (modrm == 0xf9)
            logarithm_plus_one(st_get(0), st_get(1));
        else
            arctangent(st_get(0), st_get(1));
    }
}

void x87_transcendental(unsigned modrm)
{
    if (modrm == 0xf1 || modrm == 0xf3 || modrm == 0xf9)
        of_two(modrm);
    else
        of_one(modrm);
}
