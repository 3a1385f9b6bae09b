/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floating-point instructions of SSE in C (SDM vol. 1, 11.5.2). */
#include "ops/i386/soft/float.h"
#include "ops/i386/soft/sse.h"
#include "ops/i386/soft/x87.h"

_Thread_local u32 soft_mxcsr = MXCSR_RESET;
void (*soft_sse_trap)(u32 mxcsr);

/* --- MXCSR --- */

u32 helper_soft_get_mxcsr(void)
{
    return soft_mxcsr;
}

void helper_soft_set_mxcsr(u32 value)
{
    soft_mxcsr = value;
}

static struct fp_context start(void)
{
    enum { FTZ = 1 << 15, WRAP = 24576 /* a result that is not stored */ };
    u8 unmasked = (u8)(~(soft_mxcsr >> 7) & MXCSR_EXCEPTIONS);

    return (struct fp_context){.rounding = soft_mxcsr >> 13 & 3,
                               .unmasked = unmasked,
                               .flush = (soft_mxcsr & FTZ) && !(unmasked & FP_UE),
                               .wrap = WRAP};
}

/*
 * What an instruction has raised in all of its elements. The operands' exceptions come first: where
 * one of those is not masked, there are no results to raise others.
 */
static void finish(const struct fp_context *c)
{
    enum { OPERANDS = FP_IE | FP_DE | FP_ZE };
    u32 flags = c->flags & c->unmasked & OPERANDS ? c->flags & OPERANDS : c->flags;

    soft_mxcsr |= flags;
    if (flags & c->unmasked)
        soft_sse_trap(soft_mxcsr);
}

/* --- elements of two widths --- */

struct width {
    const struct fp_format *format;
    unsigned bytes;
};
static const struct width single = {&fp_single, 4}, whole = {&fp_double, 8};

static u64 get(const union sse_register *r, const struct width *w, unsigned i)
{
    return w->bytes == 4 ? r->l[i] : r->q[i];
}

static void put(union sse_register *r, const struct width *w, unsigned i, u64 bits)
{
    if (w->bytes == 4)
        r->l[i] = (u32)bits;
    else
        r->q[i] = bits;
}

/* An operand: MXCSR.DAZ makes a zero of what is denormal. */
static struct fp operand(const struct width *w, u64 bits)
{
    struct fp x = w->bytes == 4 ? fp_from_single((u32)bits) : fp_from_double(bits);

    return x.denormal && (soft_mxcsr & MXCSR_DAZ) ? fp_special(FP_IS_ZERO, x.sign) : x;
}

static u64 bits_of(const struct width *w, struct fp x)
{
    return w->bytes == 4 ? fp_to_single(x) : fp_to_double(x);
}

static struct fp indefinite(void)
{
    return fp_special(FP_IS_QUIET, true);
}

static struct fp quieted(struct fp x)
{
    x.kind = FP_IS_QUIET;
    x.frac |= 1ULL << 62;
    return x;
}

/* --- arithmetic --- */

enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE };

/* SDM vol. 1, table 4-7: SSE's rows */
static bool has_nan(struct fp_context *c, struct fp a, struct fp b, struct fp *x)
{
    if (!fp_is_nan(a) && !fp_is_nan(b))
        return false;
    if (a.kind == FP_IS_SIGNALING || b.kind == FP_IS_SIGNALING)
        c->flags |= FP_IE;
    *x = quieted(fp_is_nan(a) ? a : b);
    return true;
}

static bool is_invalid(enum operation op, struct fp a, struct fp b)
{
    bool infinite = a.kind == FP_IS_INFINITE && b.kind == FP_IS_INFINITE;

    switch (op) {
    case ADD:
        return infinite && a.sign != b.sign;
    case SUBTRACT:
        return infinite && a.sign == b.sign;
    case MULTIPLY:
        return (a.kind == FP_IS_INFINITE && b.kind == FP_IS_ZERO) ||
               (a.kind == FP_IS_ZERO && b.kind == FP_IS_INFINITE);
    default:
        return infinite || (a.kind == FP_IS_ZERO && b.kind == FP_IS_ZERO);
    }
}

static struct fp exact(const struct fp_context *c, enum operation op, struct fp a, struct fp b)
{
    switch (op) {
    case MULTIPLY:
        return fp_multiply(a, b);
    case DIVIDE:
        return fp_divide(a, b);
    case SUBTRACT:
        b.sign = !b.sign;
        return fp_add(c, a, b);
    default:
        return fp_add(c, a, b);
    }
}

static u64 compute(struct fp_context *c, const struct width *w, enum operation op, u64 x, u64 y)
{
    struct fp a = operand(w, x), b = operand(w, y), result;

    if (has_nan(c, a, b, &result))
        return bits_of(w, result);
    if (is_invalid(op, a, b)) {
        c->flags |= FP_IE;
        return bits_of(w, indefinite());
    }
    if (op == DIVIDE && b.kind == FP_IS_ZERO && a.kind == FP_IS_FINITE) {
        c->flags |= FP_ZE;
        return bits_of(w, fp_special(FP_IS_INFINITE, a.sign ^ b.sign));
    }
    c->flags |= a.denormal || b.denormal ? FP_DE : 0;
    return bits_of(w, fp_round(c, exact(c, op, a, b), w->format));
}

static void arithmetic(union sse_register *d, const union sse_register *s, const struct width *w,
                       enum operation op, unsigned count)
{
    struct fp_context c = start();
    union sse_register x = *d;

    for (unsigned i = 0; i < count; i++)
        put(&x, w, i, compute(&c, w, op, get(d, w, i), get(s, w, i)));
    finish(&c);
    *d = x;
}

#define ARITHMETIC(name, operation)                                                                \
    void helper_soft_##name##ps(union sse_register *d, const union sse_register *s)                \
    {                                                                                              \
        arithmetic(d, s, &single, operation, 4);                                                   \
    }                                                                                              \
    void helper_soft_##name##pd(union sse_register *d, const union sse_register *s)                \
    {                                                                                              \
        arithmetic(d, s, &whole, operation, 2);                                                    \
    }                                                                                              \
    void helper_soft_##name##ss(union sse_register *d, const union sse_register *s)                \
    {                                                                                              \
        arithmetic(d, s, &single, operation, 1);                                                   \
    }                                                                                              \
    void helper_soft_##name##sd(union sse_register *d, const union sse_register *s)                \
    {                                                                                              \
        arithmetic(d, s, &whole, operation, 1);                                                    \
    }
ARITHMETIC(add, ADD)
ARITHMETIC(sub, SUBTRACT)
ARITHMETIC(mul, MULTIPLY)
ARITHMETIC(div, DIVIDE)

/* Neighbours of d, then of s, combined. */
static void horizontal(union sse_register *d, const union sse_register *s, const struct width *w,
                       enum operation op)
{
    struct fp_context c = start();
    unsigned n = 16 / w->bytes;
    union sse_register x = *d, y = *s, result;

    for (unsigned i = 0; i < n; i++) {
        const union sse_register *from = i < n / 2 ? &x : &y;
        unsigned k = 2 * i % n;
        put(&result, w, i, compute(&c, w, op, get(from, w, k), get(from, w, k + 1)));
    }
    finish(&c);
    *d = result;
}

void helper_soft_haddps(union sse_register *d, const union sse_register *s)
{
    horizontal(d, s, &single, ADD);
}

void helper_soft_haddpd(union sse_register *d, const union sse_register *s)
{
    horizontal(d, s, &whole, ADD);
}

void helper_soft_hsubps(union sse_register *d, const union sse_register *s)
{
    horizontal(d, s, &single, SUBTRACT);
}

void helper_soft_hsubpd(union sse_register *d, const union sse_register *s)
{
    horizontal(d, s, &whole, SUBTRACT);
}

static void add_and_subtract(union sse_register *d, const union sse_register *s,
                             const struct width *w)
{
    struct fp_context c = start();
    union sse_register x = *d;

    for (unsigned i = 0; i < 16 / w->bytes; i++)
        put(&x, w, i, compute(&c, w, i & 1 ? ADD : SUBTRACT, get(d, w, i), get(s, w, i)));
    finish(&c);
    *d = x;
}

void helper_soft_addsubps(union sse_register *d, const union sse_register *s)
{
    add_and_subtract(d, s, &single);
}

void helper_soft_addsubpd(union sse_register *d, const union sse_register *s)
{
    add_and_subtract(d, s, &whole);
}

/* --- square roots, and reciprocals --- */

static u64 root(struct fp_context *c, const struct width *w, u64 bits)
{
    struct fp a = operand(w, bits), x;

    if (has_nan(c, a, a, &x))
        return bits_of(w, x);
    if (a.sign && a.kind != FP_IS_ZERO) {
        c->flags |= FP_IE;
        return bits_of(w, indefinite());
    }
    c->flags |= a.denormal ? FP_DE : 0;
    return bits_of(w, fp_round(c, fp_square_root(a), w->format));
}

/* 1 / a or 1 / sqrt a, to 12 bits, without exceptions; what is denormal counts as zero. */
static u64 reciprocal(struct fp_context *c, const struct width *w, u64 bits, bool of_root)
{
    static const struct fp_format twelve = {12, -126, 127};
    struct fp a = operand(w, bits), x, one = fp_from_integer(1);

    if (has_nan(c, a, a, &x))
        return bits_of(w, x);
    if (a.denormal)
        a = fp_special(FP_IS_ZERO, a.sign);
    if (of_root && a.sign && a.kind != FP_IS_ZERO)
        return bits_of(w, indefinite());
    bool sign = a.sign;
    x = fp_divide(one, of_root ? fp_square_root(a) : a);
    x.sign = sign;
    c->rounding = FP_NEAREST;
    c->flush = true;
    return bits_of(w, fp_round(c, x, &twelve));
}

enum unary { ROOT, RECIPROCAL, RECIPROCAL_ROOT };

static void unary(union sse_register *d, const union sse_register *s, const struct width *w,
                  enum unary op, unsigned count)
{
    struct fp_context c = start();
    union sse_register x = *d;

    for (unsigned i = 0; i < count; i++) {
        u64 from = get(s, w, i);
        put(&x, w, i,
            op == ROOT ? root(&c, w, from) : reciprocal(&c, w, from, op == RECIPROCAL_ROOT));
    }
    if (op == ROOT)
        finish(&c);
    *d = x;
}

#define UNARY(name, width, op, count)                                                              \
    void helper_soft_##name(union sse_register *d, const union sse_register *s)                    \
    {                                                                                              \
        unary(d, s, &(width), op, count);                                                          \
    }
UNARY(sqrtps, single, ROOT, 4)
UNARY(sqrtpd, whole, ROOT, 2)
UNARY(sqrtss, single, ROOT, 1)
UNARY(sqrtsd, whole, ROOT, 1)
UNARY(rcpps, single, RECIPROCAL, 4)
UNARY(rcpss, single, RECIPROCAL, 1)
UNARY(rsqrtps, single, RECIPROCAL_ROOT, 4)
UNARY(rsqrtss, single, RECIPROCAL_ROOT, 1)

/* --- comparisons --- */

/* Sets FP_IE or FP_DE. */
static enum fp_order order_of(struct fp_context *c, struct fp a, struct fp b, bool quiet)
{
    bool signaling = a.kind == FP_IS_SIGNALING || b.kind == FP_IS_SIGNALING;
    enum fp_order order = fp_compare(a, b);

    if (order == FP_UNORDERED)
        c->flags |= signaling || !quiet ? FP_IE : 0;
    else if (a.denormal || b.denormal)
        c->flags |= FP_DE;
    return order;
}

/* With a NaN, and of two zeros, the second. */
static u64 extreme(struct fp_context *c, const struct width *w, u64 x, u64 y, bool greatest)
{
    struct fp a = operand(w, x), b = operand(w, y);
    enum fp_order order = order_of(c, a, b, false);
    bool first = order == (greatest ? FP_GREATER : FP_LESS);

    if (first)
        return a.kind == FP_IS_ZERO ? bits_of(w, a) : x;
    return b.kind == FP_IS_ZERO ? bits_of(w, b) : y;
}

static void extremes(union sse_register *d, const union sse_register *s, const struct width *w,
                     bool greatest, unsigned count)
{
    struct fp_context c = start();
    union sse_register x = *d;

    for (unsigned i = 0; i < count; i++)
        put(&x, w, i, extreme(&c, w, get(d, w, i), get(s, w, i), greatest));
    finish(&c);
    *d = x;
}

#define EXTREME(name, width, greatest, count)                                                      \
    void helper_soft_##name(union sse_register *d, const union sse_register *s)                    \
    {                                                                                              \
        extremes(d, s, &(width), greatest, count);                                                 \
    }
EXTREME(minps, single, false, 4)
EXTREME(minpd, whole, false, 2)
EXTREME(minss, single, false, 1)
EXTREME(minsd, whole, false, 1)
EXTREME(maxps, single, true, 4)
EXTREME(maxpd, whole, true, 2)
EXTREME(maxss, single, true, 1)
EXTREME(maxsd, whole, true, 1)

/* EQ, LT, LE, UNORD and their opposites */
static bool holds(enum fp_order order, unsigned predicate)
{
    static const u8 sets[4] = {1 << FP_EQUAL, 1 << FP_LESS, 1 << FP_LESS | 1 << FP_EQUAL,
                               1 << FP_UNORDERED};
    return (sets[predicate & 3] >> order & 1) != (predicate >> 2 & 1);
}

static void compare(union sse_register *d, const union sse_register *s, const struct width *w,
                    u8 predicate, unsigned count)
{
    struct fp_context c = start();
    union sse_register x = *d;
    bool quiet = (predicate & 3) == 0 || (predicate & 3) == 3;

    for (unsigned i = 0; i < count; i++) {
        struct fp a = operand(w, get(d, w, i)), b = operand(w, get(s, w, i));
        put(&x, w, i, holds(order_of(&c, a, b, quiet), predicate) ? ~0ULL : 0);
    }
    finish(&c);
    *d = x;
}

#define COMPARE(name, width, count)                                                                \
    void helper_soft_##name(union sse_register *d, const union sse_register *s, u8 n)              \
    {                                                                                              \
        compare(d, s, &(width), n, count);                                                         \
    }
COMPARE(cmpps, single, 4)
COMPARE(cmppd, whole, 2)
COMPARE(cmpss, single, 1)
COMPARE(cmpsd, whole, 1)

static u32 flags_of(const union sse_register *d, const union sse_register *s, const struct width *w,
                    bool quiet)
{
    static const u32 flags[] = {[FP_LESS] = FLAG_CF,
                                [FP_EQUAL] = FLAG_ZF,
                                [FP_GREATER] = 0,
                                [FP_UNORDERED] = FLAG_ZF | FLAG_PF | FLAG_CF};
    struct fp_context c = start();
    enum fp_order order = order_of(&c, operand(w, get(d, w, 0)), operand(w, get(s, w, 0)), quiet);

    finish(&c);
    return flags[order];
}

u32 helper_soft_ucomiss(const union sse_register *d, const union sse_register *s)
{
    return flags_of(d, s, &single, true);
}

u32 helper_soft_ucomisd(const union sse_register *d, const union sse_register *s)
{
    return flags_of(d, s, &whole, true);
}

u32 helper_soft_comiss(const union sse_register *d, const union sse_register *s)
{
    return flags_of(d, s, &single, false);
}

u32 helper_soft_comisd(const union sse_register *d, const union sse_register *s)
{
    return flags_of(d, s, &whole, false);
}

/* --- conversions --- */

static u64 from_integer(struct fp_context *c, const struct width *w, u32 value)
{
    return bits_of(w, fp_round(c, fp_from_integer((s32)value), w->format));
}

static u32 to_integer(struct fp_context *c, const struct width *w, u64 bits, bool chop)
{
    if (chop)
        c->rounding = FP_CHOP;
    return (u32)fp_to_integer(c, operand(w, bits), 32);
}

static u64 convert(struct fp_context *c, const struct width *from, const struct width *to, u64 bits)
{
    struct fp a = operand(from, bits), x;

    if (has_nan(c, a, a, &x))
        return bits_of(to, x);
    c->flags |= a.denormal ? FP_DE : 0;
    return bits_of(to, fp_round(c, a, to->format));
}

/* `count` integers to floating point, in a register that starts as `start_as`. */
static void from_integers(union sse_register *d, const union sse_register *s,
                          union sse_register start_as, const struct width *w, unsigned count)
{
    struct fp_context c = start();

    for (unsigned i = 0; i < count; i++)
        put(&start_as, w, i, from_integer(&c, w, s->l[i]));
    finish(&c);
    *d = start_as;
}

static union sse_register to_integers(const union sse_register *s, const struct width *w, bool chop,
                                      unsigned count)
{
    struct fp_context c = start();
    union sse_register x = {.q = {0}};

    for (unsigned i = 0; i < count; i++)
        x.l[i] = to_integer(&c, w, get(s, w, i), chop);
    finish(&c);
    return x;
}

static void conversions(union sse_register *d, const union sse_register *s,
                        union sse_register start_as, const struct width *from,
                        const struct width *to, unsigned count)
{
    struct fp_context c = start();
    union sse_register x = *s;

    for (unsigned i = 0; i < count; i++)
        put(&start_as, to, i, convert(&c, from, to, get(&x, from, i)));
    finish(&c);
    *d = start_as;
}

#define FROM_INTEGERS(name, start_as, width, count)                                                \
    void helper_soft_##name(union sse_register *d, const union sse_register *s)                    \
    {                                                                                              \
        union sse_register zeros = {.q = {0}}, from = *s;                                          \
        (void)zeros;                                                                               \
        from_integers(d, &from, start_as, &(width), count);                                        \
    }
FROM_INTEGERS(cvtpi2ps, *d, single, 2)
FROM_INTEGERS(cvtpi2pd, zeros, whole, 2)
FROM_INTEGERS(cvtsi2ssl, *d, single, 1)
FROM_INTEGERS(cvtsi2sdl, *d, whole, 1)
FROM_INTEGERS(cvtdq2ps, zeros, single, 4)
FROM_INTEGERS(cvtdq2pd, zeros, whole, 2)

#define TO_INTEGERS(name, width, chop, count)                                                      \
    void helper_soft_##name(union sse_register *d, const union sse_register *s)                    \
    {                                                                                              \
        *d = to_integers(s, &(width), chop, count);                                                \
    }
TO_INTEGERS(cvtps2dq, single, false, 4)
TO_INTEGERS(cvttps2dq, single, true, 4)
TO_INTEGERS(cvtpd2dq, whole, false, 2)
TO_INTEGERS(cvttpd2dq, whole, true, 2)

#define TO_MMX(name, width, chop)                                                                  \
    void helper_soft_mmx_##name(unsigned i, const union sse_register *s)                           \
    {                                                                                              \
        (void)soft_mmx_get(i); /* what is raised comes behind the transition to MMX */             \
        soft_mmx_set(i, to_integers(s, &(width), chop, 2).q[0]);                                   \
    }
TO_MMX(cvtps2pi, single, false)
TO_MMX(cvttps2pi, single, true)
TO_MMX(cvtpd2pi, whole, false)
TO_MMX(cvttpd2pi, whole, true)

#define TO_GENERAL(name, width, chop)                                                              \
    u32 helper_soft_##name(const union sse_register *s)                                            \
    {                                                                                              \
        return to_integers(s, &(width), chop, 1).l[0];                                             \
    }
TO_GENERAL(cvtss2si, single, false)
TO_GENERAL(cvttss2si, single, true)
TO_GENERAL(cvtsd2si, whole, false)
TO_GENERAL(cvttsd2si, whole, true)

#define CONVERT(name, start_as, from, to, count)                                                   \
    void helper_soft_##name(union sse_register *d, const union sse_register *s)                    \
    {                                                                                              \
        union sse_register zeros = {.q = {0}};                                                     \
        (void)zeros;                                                                               \
        conversions(d, s, start_as, &(from), &(to), count);                                        \
    }
CONVERT(cvtps2pd, zeros, single, whole, 2)
CONVERT(cvtpd2ps, zeros, whole, single, 2)
CONVERT(cvtss2sd, *d, single, whole, 1)
CONVERT(cvtsd2ss, *d, whole, single, 1)
