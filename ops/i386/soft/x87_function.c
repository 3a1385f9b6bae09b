/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FSQRT, FRNDINT, FSCALE, FXTRACT, FPREM and FPREM1 in C. */
#include "ops/i386/soft/x87_parts.h"

typedef unsigned __int128 u128;

/* ST(0) alone as an operand: false if there is nothing left to do. */
static bool take_one(struct fp *a)
{
    struct fp x;

    if (st_empty(0)) {
        if (!stack_fault(false))
            st_set(0, indefinite());
        return false;
    }
    *a = st_get(0);
    set_c1(false);
    switch (x87_operands(*a, *a, &x)) {
    case OPERANDS_GIVE:
        st_set(0, x);
        return false;
    case OPERANDS_STOP:
        return false;
    default:
        return true;
    }
}

/* ST(0) and ST(1) as operands of what changes ST(0). */
static bool take_two(struct fp *a, struct fp *b)
{
    struct fp x;

    if (st_empty(0) || st_empty(1)) {
        if (!stack_fault(false))
            st_set(0, indefinite());
        return false;
    }
    *a = st_get(0);
    *b = st_get(1);
    set_c1(false);
    switch (x87_operands(*a, *b, &x)) {
    case OPERANDS_GIVE:
        st_set(0, x);
        return false;
    case OPERANDS_STOP:
        return false;
    default:
        return true;
    }
}

static void invalid(void)
{
    if (!x87_raise(X87_IE))
        st_set(0, indefinite());
}

static void square_root(void)
{
    struct fp_format format = x87_precision();
    struct fp a;

    if (!take_one(&a))
        return;
    if (a.sign && a.kind != FP_IS_ZERO)
        invalid();
    else if (!x87_denormal_stops(a, a))
        x87_put(0, fp_square_root(a), &format);
}

static void round_to_integer(void)
{
    struct fp_context c = x87_context();
    struct fp a;

    if (!take_one(&a) || x87_denormal_stops(a, a))
        return;
    a = fp_round_to_integer(&c, a);
    x87_raise(c.flags);
    set_c1(c.up);
    st_set(0, a);
}

/* The exponent is more than any there is where it is cut off. */
static void scale(void)
{
    enum { MOST = 0x10000 };
    struct fp_context chop = {.rounding = FP_CHOP};
    struct fp a, b;

    if (!take_two(&a, &b))
        return;
    if (b.kind == FP_IS_INFINITE && a.kind == (b.sign ? FP_IS_INFINITE : FP_IS_ZERO)) {
        invalid();
        return;
    }
    if (x87_denormal_stops(a, b))
        return;
    if (b.kind == FP_IS_INFINITE) {
        st_set(0, fp_special(b.sign ? FP_IS_ZERO : FP_IS_INFINITE, a.sign));
        return;
    }
    s64 by = b.kind == FP_IS_FINITE && b.exp > 20 ? (b.sign ? -MOST : MOST)
                                                  : fp_to_integer(&chop, b, 32);
    a.exp += (s32)(by > MOST ? MOST : by < -MOST ? -MOST : by);
    x87_put(0, a, &fp_extended);
}

static void extract(void)
{
    struct fp a, x;

    if (st_empty(0) || !st_empty(7)) {
        if (stack_fault(!st_empty(0)))
            return;
        st_set(0, indefinite());
        st_push(indefinite());
        return;
    }
    a = st_get(0);
    set_c1(false);
    enum operand_check check = x87_operands(a, a, &x);
    if (check == OPERANDS_STOP)
        return;
    if (check == OPERANDS_GIVE) {
        st_set(0, x);
        st_push(x);
        return;
    }
    if (a.kind == FP_IS_ZERO ? x87_raise(FP_ZE) : x87_denormal_stops(a, a))
        return;
    st_set(0, a.kind == FP_IS_ZERO       ? fp_special(FP_IS_INFINITE, true)
              : a.kind == FP_IS_INFINITE ? fp_special(FP_IS_INFINITE, false)
                                         : fp_from_integer(a.exp));
    a.exp = 0;
    st_push(a);
}

/* --- remainders --- */

struct division {
    u128 rest, divisor; /* rest is less */
    u64 quotient;       /* its low bits */
    s32 exp;            /* of rest, as struct fp has it */
};

/* a, `bits` bits more than which the quotient has, by b: one bit a step. */
static struct division divide(struct fp a, struct fp b, u32 bits)
{
    struct division d = {.rest = a.frac, .divisor = b.frac, .exp = a.exp - (s32)bits};

    for (u32 i = 0;; i++) {
        d.quotient <<= 1;
        if (d.rest >= d.divisor) {
            d.rest -= d.divisor;
            d.quotient |= 1;
        }
        if (i == bits)
            return d;
        d.rest <<= 1;
    }
}

static struct fp rest_of(const struct division *d, bool sign)
{
    u64 rest = (u64)d->rest;
    int shift = rest ? __builtin_clzll(rest) : 0;

    if (!rest)
        return fp_special(FP_IS_ZERO, sign);
    return (struct fp){
        .kind = FP_IS_FINITE, .sign = sign, .frac = rest << shift, .exp = d->exp - shift};
}

/* To the nearest: the quotient is one more where the rest is more than half. */
static bool to_nearest(struct division *d)
{
    bool more = 2 * d->rest > d->divisor || (2 * d->rest == d->divisor && (d->quotient & 1));

    if (more) {
        d->rest = d->divisor - d->rest;
        d->quotient++;
    }
    return more;
}

static void put_quotient(u64 q)
{
    set_conditions((q & 1 ? X87_C1 : 0) | (q & 2 ? X87_C3 : 0) | (q & 4 ? X87_C0 : 0));
}

/* What is as it is. */
static void keep(struct fp a)
{
    struct fp_context c = x87_context();
    st_set(0, fp_round(&c, a, &fp_extended));
    x87_raise(c.flags);
    set_conditions(0);
}

static void reduce(struct fp a, struct fp b, bool nearest)
{
    s32 distance = a.exp - b.exp;
    bool sign = a.sign;
    struct fp_context c = x87_context();
    struct division d;

    if (distance >= 64) {
        d = divide(a, b, ((u32)distance & 31) | 32);
        st_set(0, fp_round(&c, rest_of(&d, sign), &fp_extended));
        set_conditions(X87_C2);
        return;
    }
    if (distance < -1 || (distance < 0 && !nearest)) {
        keep(a);
        return;
    }
    if (distance < 0) {
        d = (struct division){.rest = a.frac, .divisor = (u128)b.frac << 1, .exp = a.exp};
    } else {
        d = divide(a, b, (u32)distance);
    }
    if (nearest && to_nearest(&d))
        sign = !sign;
    struct fp x = rest_of(&d, sign);
    if (x.kind == FP_IS_ZERO)
        x.sign = a.sign;
    x = fp_round(&c, x, &fp_extended);
    x87_raise(c.flags);
    st_set(0, x);
    put_quotient(d.quotient);
}

static void remainder_of(bool nearest)
{
    struct fp a, b;

    set_conditions(soft_x87.status & (X87_C0 | X87_C3));
    if (!take_two(&a, &b))
        return;
    if (a.kind == FP_IS_INFINITE || b.kind == FP_IS_ZERO)
        invalid();
    else if (x87_denormal_stops(a, b))
        return;
    else if (a.kind == FP_IS_ZERO || b.kind == FP_IS_INFINITE)
        keep(a);
    else
        reduce(a, b, nearest);
}

void x87_function(unsigned modrm)
{
    switch (modrm) {
    case 0xf4:
        extract();
        break;
    case 0xf5:
    case 0xf8:
        remainder_of(modrm == 0xf5);
        break;
    case 0xfa:
        square_root();
        break;
    case 0xfc:
        round_to_integer();
        break;
    case 0xfd:
        scale();
        break;
    default:
        x87_transcendental(modrm);
        break;
    }
}
