/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong: is not one that can be patched; compile with -fno-pic */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    s->wide += P(1);
    TO(__op_next);
}
