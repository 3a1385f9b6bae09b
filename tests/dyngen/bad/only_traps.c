/* wrong: op_x+0x0: has no way out, only traps; end it in a tail call */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    (void)s, (void)b;
    if (a)
        __builtin_trap();
    __builtin_trap();
}
