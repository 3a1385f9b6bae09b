/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The suites of the IR engine's unit tests, one a file; and what they build IR with. */
#ifndef TESTS_IR_TEST_IR_H
#define TESTS_IR_TEST_IR_H

#include "translate/i386/lower.h"
#include "translate/ir/ir.h"

#include "tests/assert.h"

/* The IR at hand, empty before each test of a case that has this fixture. */
extern struct ir ir;
void ir_setup(void);

/* What location n holds at the start; a constant; an operation. */
ir_ref entry(unsigned location);
ir_ref constant(u32 value);
ir_ref op(enum ir_op op, ir_ref a, ir_ref b);
ir_ref compare(enum ir_op op, enum uop_condition cc, ir_ref a, ir_ref b);
ir_ref lea(ir_ref base, ir_ref index, u8 scale, u32 disp);
/* An access of `size` bytes at an address, as lowering appends it; its number. */
ir_ref append_access(enum ir_op op, ir_ref address, u8 size, ir_ref stored);
/* The end: a jump at which a location has a value. */
void leave_with(unsigned location, ir_ref v);

/* The IR is these lines, without the entries; '\n' after each. */
void expect_ir(const char *lines);

/* Random numbers, the same in each run. */
u32 next_random(void);
u32 below(u32 limit);

Suite *x86_suite(void);
Suite *regalloc_suite(void);
Suite *fold_suite(void);
Suite *passes_suite(void);
Suite *lower_suite(void);

#endif
