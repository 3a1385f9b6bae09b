/* SPDX-License-Identifier: GPL-3.0-or-later */
/* more_ops.c: a second object, compiled without -ffunction-sections. */
#include "tests/dyngen/op.h"

OP op_second(STATE)
{
    a = b + 1;
    TO(__op_next);
}

OP op_third(STATE)
{
    s->number *= 2.5;
    TO(__op_next);
}
