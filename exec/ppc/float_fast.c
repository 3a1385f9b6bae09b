/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Arithmetic by the host's, where that is the same: numbers that are normal and far from the ends
 * of the range, rounded to nearest, no exception enabled. The host rounds; which way it did, for
 * XX, FI and FR, tells the error, which is a number, too, and is computed without one (T. J.
 * Dekker, A floating-point technique for extending the available precision, 1971; S. Boldo and
 * J.-M. Muller, Exact and approximated error of the FMA, 2011).
 */
#include "exec/ppc/float_number.h"
#include "ops/ppc/word.h"

#include <math.h>
#include <string.h>

/* The nearest double, and by its sign on which side of that the exact result is. */
struct nearest {
    double value, error;
};

static u64 bits_of(double v)
{
    u64 bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double double_of(u64 bits)
{
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

static struct nearest sum(double a, double b)
{
    double s = a + b, of_b = s - a;

    return (struct nearest){s, (a - (s - of_b)) + (b - of_b)};
}

static struct nearest product(double a, double b)
{
    double p = a * b;

    return (struct nearest){p, fma(a, b, -p)};
}

static struct nearest quotient(double a, double b)
{
    double q = a / b, rest = fma(-q, b, a);

    return (struct nearest){q, b < 0 ? -rest : rest};
}

static struct nearest product_and_sum(double a, double b, double c)
{
    double r = fma(a, b, c);
    struct nearest p = product(a, b), low = sum(c, p.error), high = sum(p.value, low.value);

    return (struct nearest){r, ((high.value - r) + high.error) + low.error};
}

/* --- which are done so --- */

enum { BIAS = 1023, FAR = 400, LEAST_SINGLE = -126, MOST_SINGLE = 126 };

static s32 exponent(u64 v)
{
    return (s32)(v >> 52 & 2047) - BIAS;
}

static bool is_near(u64 v, bool single)
{
    return exponent(v) >= -FAR && exponent(v) <= FAR && !(single && v & 0x1fffffff);
}

enum { FDIV = 18, FSUB = 20, FADD = 21, FMUL = 25, FMSUB = 28, FNMSUB = 30, ENABLES = 0xf8 };

static struct nearest compute(u32 xo, double a, double b, double c)
{
    switch (xo) {
    case FDIV:
        return quotient(a, b);
    case FSUB:
        return sum(a, -b);
    case FADD:
        return sum(a, b);
    case FMUL:
        return product(a, c);
    default: /* fmsub 28, fmadd 29, fnmsub 30, fnmadd 31 */
        return product_and_sum(a, c, xo == FMSUB || xo == FNMSUB ? -b : b);
    }
}

/* --- the result --- */

/*
 * To a single: first the double is made one with a last bit that stands for what is behind it, so
 * that it is not rounded twice. False if it is no normal single.
 */
static bool to_single(struct nearest *n)
{
    u64 bits = bits_of(n->value);

    if (exponent(bits) < LEAST_SINGLE || exponent(bits) > MOST_SINGLE)
        return false;
    if (n->error != 0 && !(bits & 1))
        bits = (n->error < 0) == (n->value < 0) ? bits | 1 : bits - 1;
    n->value = (float)double_of(bits);
    n->error = double_of(bits) - n->value;
    return true;
}

static void finish(struct ppc_cpu *cpu, u32 word, struct nearest n)
{
    bool negative = n.value < 0, up = n.error != 0 && (n.error < 0) != negative;
    u32 fpscr = cpu->fpscr & ~(u32)(FPSCR_FR | FPSCR_FI | FPSCR_FPRF);

    if (n.error != 0)
        fpscr |= FPSCR_FI | FPSCR_XX | (up ? (u32)FPSCR_FR : 0) | (fpscr & FPSCR_XX ? 0 : FPSCR_FX);
    if ((word_xo(word) & 31) >= FNMSUB)
        negative = !negative, n.value = -n.value;
    cpu->fpscr = fpscr | (negative ? 8u : 4u) << FPSCR_FPRF_AT;
    cpu->fpr[word_d(word)] = bits_of(n.value);
    if (word & 1)
        ppc_record_float(cpu);
}

bool ppc_float_fast(struct ppc_cpu *cpu, u32 word)
{
    u32 xo = word_xo(word) & 31;
    bool single = word >> 26 == 59;
    u64 a = cpu->fpr[word_a(word)], b = cpu->fpr[word_b(word)], c = cpu->fpr[word_c(word)];
    struct nearest n;

    if (cpu->fpscr & (ENABLES | FPSCR_RN) || !is_near(a, single))
        return false;
    if ((xo != FMUL && !is_near(b, single)) || (xo >= FMUL && !is_near(c, single)))
        return false;
    n = compute(xo, double_of(a), double_of(b), double_of(c));
    if (n.value == 0 || (single && !to_single(&n)))
        return false;
    finish(cpu, word, n);
    return true;
}
