/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * op.h: the state that the ops of the tests pass on: a struct, and two of its words in registers.
 * preserve_none has them in r12, r13 and r14, where test_dyngen.c puts them.
 */
#ifndef TEST_OP_H
#define TEST_OP_H

#include "tests/dyngen/state.h"

#define STATE  struct state *s, uint32_t a, uint32_t b
#define OP     __attribute__((preserve_none)) void
#define TO(op) __attribute__((musttail)) return op(s, a, b)

extern const char __op_param1[], __op_param2[], __op_param3[], __op_param4[], __op_param5[],
    __op_param6[], __op_param7[], __op_param8[];
#define P(n) ((uint64_t)__op_param##n)

OP __op_next(STATE);
OP __op_taken(STATE);
OP __op_cold(STATE);
OP test_leave(STATE);

#endif
