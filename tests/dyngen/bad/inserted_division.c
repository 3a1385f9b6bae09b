/* wrong: __udivti3 is not a helper that ops may use; compilers insert such calls */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    s->wide = (uint64_t)((__int128)s->wide * 3 / (a | 1));
    TO(__op_next);
}
