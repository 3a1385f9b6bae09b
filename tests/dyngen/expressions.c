/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * expressions.c: an op for each expression, as SET_NAME, which stores its value. Any compiler can
 * compile it: what ops hand on are the arguments of an ordinary function.
 */
#include "tests/dyngen/expressions.h"

extern const char __op_param1[], __op_param2[];
#define P ((uint64_t)__op_param1)
#define Q ((uint64_t)__op_param2)

#define STATE uint64_t *result, uint64_t w, uint32_t a
void __op_next(STATE);
void test_return(STATE);

#ifdef __clang__
#define TO(op) __attribute__((musttail)) return op(result, w, a)
#else
#define TO(op) op(result, w, a)
#endif

#define NAME_(set, name) op_##set##_##name
#define NAME(set, name)  NAME_(set, name)
#define EXPRESSION(name, value)                                                                    \
    void NAME(SET, name)(STATE)                                                                    \
    {                                                                                              \
        *result = (uint64_t)(value);                                                               \
        TO(__op_next);                                                                             \
    }
#include "tests/dyngen/expressions.def"

void NAME(SET, return )(STATE)
{
    TO(test_return);
}
