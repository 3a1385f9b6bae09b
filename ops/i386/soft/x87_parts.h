/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the x87 in C tell each other. */
#ifndef OPS_I386_SOFT_X87_PARTS_H
#define OPS_I386_SOFT_X87_PARTS_H

#include "ops/i386/soft/float.h"
#include "ops/i386/soft/x87.h"

/* x87.c: the stack; ST(i) */
bool st_empty(unsigned i);
struct fp st_get(unsigned i);
void st_set(unsigned i, struct fp x);
void st_push(struct fp x);
void st_pop(void);
/* ST(0) as it is in memory. */
u64 x87_get_bits(u16 *sign_exp);
void x87_put_bits(u64 frac, u16 sign_exp);
void set_c1(bool c1);
void set_conditions(unsigned c); /* all four */

/* x87.c: flags exceptions; true if one of them is not masked. A stack fault sets C1, too. */
bool x87_raise(unsigned flags);
bool stack_fault(bool overflow);
struct fp indefinite(void);
struct fp_context x87_context(void);
struct fp_format x87_precision(void);

/* x87_arith.c: reg as in ModRM of D8h; ST(0) op ST(i), to ST(0) or ST(i) */
void x87_arithmetic(unsigned reg, unsigned i, bool to_i, bool pops);
void x87_arithmetic_memory(unsigned reg, struct fp operand);
void x87_compare_memory(struct fp operand, bool pops);
void x87_compare_registers(unsigned i, bool quiet, bool pops);
void x87_compare_pop2(bool quiet);
u32 x87_compare_flags(unsigned i, bool quiet, bool pops);
void x87_test(void);
/* ST(i) = x, rounded. */
void x87_put(unsigned i, struct fp x, const struct fp_format *format);
/*
 * NaN and unsupported operands: FINE if there is none; GIVE if *result is what comes of them; STOP
 * if that is an exception that is not masked.
 */
enum operand_check { OPERANDS_FINE, OPERANDS_GIVE, OPERANDS_STOP };
enum operand_check x87_operands(struct fp a, struct fp b, struct fp *result);
/* Raises FP_DE if one is denormal; true if that is not masked. */
bool x87_denormal_stops(struct fp a, struct fp b);

/* x87_function.c: D9 F0..FF; x87_transcendental.c: those among them */
void x87_function(unsigned modrm);
void x87_transcendental(unsigned modrm);

#endif
