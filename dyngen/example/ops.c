/* SPDX-License-Identifier: 0BSD */
/* ops.c: the calculator's ops. Each becomes a template. */
#include "state.h"

extern const char __op_param1[];
OP(long) __op_next(STATE), __op_cold(STATE), calc_leave(STATE);
long calc_power(long base, long exponent);

/* The first: for debuggers, see calc.c. It has nothing on the stack itself. */
OP(long) op_enter(STATE)
{
    __asm__("lea 8(%%rsp), %0" : "=r"(calc->entry_stack));
    TO(__op_next);
}

#define SIMPLE(name, value)                                                                        \
    OP(long) op_##name(STATE)                                                                      \
    {                                                                                              \
        top = value;                                                                               \
        TO(__op_next);                                                                             \
    }
SIMPLE(negate, -top)
SIMPLE(add, *stack-- + top)
SIMPLE(subtract, *stack-- - top)
SIMPLE(multiply, top **stack--)
SIMPLE(power, calc_power(*stack--, top))

OP(long) op_number(STATE)
{
    *++stack = top;
    top = (long)__op_param1;
    TO(__op_next);
}

OP(long) op_divide(STATE)
{
    if (top == 0)
        TO(__op_cold);
    top = *stack-- / top;
    TO(__op_next);
}

OP(long) op_leave(STATE)
{
    TO(calc_leave);
}
