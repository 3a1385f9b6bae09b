/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong: leads back into the op; compile with -fno-jump-tables */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    switch (a) {
    case 0:
        s->wide *= 3;
        break;
    case 1:
        s->wide += b;
        break;
    case 2:
        s->wide ^= 0x55;
        break;
    case 3:
        s->b = 5;
        break;
    case 4:
        s->a = 7;
        break;
    default:
        break;
    }
    TO(__op_next);
}
