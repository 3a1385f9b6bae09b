/* wrong: no way leads out of the op from */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    (void)b;
    for (;;)
        s->param[a & 7]++;
}
