/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the floating-point instructions share: numbers, rounding, exceptions, the end. */
#ifndef EXEC_PPC_FLOAT_NUMBER_H
#define EXEC_PPC_FLOAT_NUMBER_H

#include "exec/ppc/float.h"

typedef unsigned __int128 u128;

/* fraction * 2^exponent */
struct number {
    bool negative;
    s32 exponent;
    u128 fraction;
};

/* An instruction at work. */
struct float_context {
    struct ppc_cpu *cpu;
    u32 word, raised; /* of FPSCR */
    bool single;
};

#define FLOAT_SIGN     ((u64)1 << 63)
#define FLOAT_QUIET    ((u64)1 << 51)
#define FLOAT_INFINITE ((u64)2047 << 52)
#define FLOAT_DEFAULT  (FLOAT_INFINITE | FLOAT_QUIET) /* the NaN of an invalid operation */

static inline bool is_nan(u64 v)
{
    return (v & ~FLOAT_SIGN) > FLOAT_INFINITE;
}
static inline bool is_signalling(u64 v)
{
    return is_nan(v) && !(v & FLOAT_QUIET);
}
static inline bool is_infinite(u64 v)
{
    return (v & ~FLOAT_SIGN) == FLOAT_INFINITE;
}
static inline bool is_zero(u64 v)
{
    return !(v & ~FLOAT_SIGN);
}

struct number ppc_float_unpack(u64 v);
/* How many bits a fraction has. */
u32 ppc_float_length(u128 v);
/* An invalid operation: the exception `why` of FPSCR, and its result. */
u64 ppc_float_invalid(struct float_context *c, u32 why);
/* The operand that is a NaN, the first of them, as a result. */
u64 ppc_float_nan_of(struct float_context *c, u64 a, u64 b, u64 third);
/* By FPSCR[RN], `to_half`: what is lost against a half (-1, 0 or 1); is it something at all? */
bool ppc_float_rounds_up(const struct float_context *c, bool negative, bool odd, int to_half);
/* A number that is not zero, rounded as the instruction does it. */
u64 ppc_float_round(struct float_context *c, struct number n);
/* An instruction of ppc_helper_float by the host's arithmetic; false: it cannot be done so. */
bool ppc_float_fast(struct ppc_cpu *cpu, u32 word);
u64 ppc_float_divide(struct float_context *c, u64 a, u64 b);
/* FPSCR with what was raised. */
u32 ppc_float_status(const struct float_context *c);
/* The end: result and FPSCR, but no result if an exception is enabled that leaves none. */
void ppc_float_finish(struct float_context *c, u64 value);
/* The same with another FPRF than that of the value. */
void ppc_float_finish_as(struct float_context *c, u64 value, u32 fprf);

#endif
