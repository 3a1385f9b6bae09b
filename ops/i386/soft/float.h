/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Binary floating point in integers, for the x87 and for SSE (SDM vol. 1, 4.8 and 4.9): operands
 * are taken apart, an operation gives the exact result or enough of it, fp_round makes of it what
 * the format has. NaNs are the business of who calls: the x87 and SSE choose among two in different
 * ways.
 */
#ifndef OPS_I386_SOFT_FLOAT_H
#define OPS_I386_SOFT_FLOAT_H

#include "ops/types.h"

enum fp_kind {
    FP_IS_ZERO,
    FP_IS_FINITE,
    FP_IS_INFINITE,
    FP_IS_QUIET,
    FP_IS_SIGNALING,
    FP_IS_UNSUPPORTED
};

/* Finite: frac / 2^63 * 2^exp, bit 63 of frac set; `more` has the bits behind, the last one sticky.
 * NaN: frac is the significand, from bit 63 on. */
struct fp {
    u8 kind;
    bool sign;
    bool denormal; /* an operand that was */
    s32 exp;
    u64 frac, more;
};

/* Significant bits; the exponents of normal numbers. */
struct fp_format {
    unsigned digits;
    s32 min, max;
};
extern const struct fp_format fp_single, fp_double, fp_extended;

/* As in the x87's status word and in MXCSR; their RC. */
enum { FP_IE = 1, FP_DE = 2, FP_ZE = 4, FP_OE = 8, FP_UE = 16, FP_PE = 32 };
enum fp_rounding { FP_NEAREST, FP_DOWN, FP_UP, FP_CHOP };

struct fp_context {
    u8 rounding;
    u8 unmasked; /* exceptions */
    u8 flags;    /* out: what was raised */
    bool up;     /* out: rounded away from zero */
    bool flush;  /* MXCSR.FTZ */
    s32 wrap;    /* what an unmasked overflow or underflow takes off the exponent, or adds to it */
};

struct fp fp_from_single(u32 bits);
struct fp fp_from_double(u64 bits);
struct fp fp_from_extended(u64 frac, u16 sign_exp);
struct fp fp_from_integer(s64 value);
struct fp fp_special(enum fp_kind kind, bool sign);
/* Of a result of fp_round, or a NaN. */
u32 fp_to_single(struct fp x);
u64 fp_to_double(struct fp x);
u16 fp_to_extended(struct fp x, u64 *frac); /* returns sign and exponent */

static inline bool fp_is_nan(struct fp x)
{
    return x.kind == FP_IS_QUIET || x.kind == FP_IS_SIGNALING;
}

/* None of the operands is a NaN, nor is the result; a sum of zeros depends on the rounding. */
struct fp fp_add(const struct fp_context *c, struct fp a, struct fp b);
struct fp fp_multiply(struct fp a, struct fp b);
struct fp fp_divide(struct fp a, struct fp b);
struct fp fp_square_root(struct fp a);

/* Raises FP_OE, FP_UE, FP_PE. */
struct fp fp_round(struct fp_context *c, struct fp x, const struct fp_format *format);
/* To an integer that is still floating-point; raises FP_PE. */
struct fp fp_round_to_integer(struct fp_context *c, struct fp x);
/* To one of so many bits, signed; raises FP_PE, or FP_IE: then it is the integer indefinite. */
s64 fp_to_integer(struct fp_context *c, struct fp x, unsigned bits);

enum fp_order { FP_LESS, FP_EQUAL, FP_GREATER, FP_UNORDERED };
enum fp_order fp_compare(struct fp a, struct fp b);

#endif
