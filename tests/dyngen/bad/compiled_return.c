/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong: `ret` is no way out */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    s->wide = a + b;
}
