/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong: memset is not a helper that ops may use; compilers insert such calls */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    char *p = (char *)s->pointer;
    for (uint32_t i = 0; i < a; i++)
        p[i] = 0;
    TO(__op_next);
}
