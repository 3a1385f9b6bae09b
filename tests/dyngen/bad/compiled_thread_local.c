/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong: thread-local data is reached through a helper */
#include "tests/dyngen/op.h"

extern _Thread_local uint32_t counter;

OP op_x(STATE)
{
    a = counter;
    TO(__op_next);
}
