/* wrong: __floatditf is not a helper that ops may use; compilers insert such calls */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    s->wide = (uint64_t)((__float128)(int64_t)s->wide * 2);
    TO(__op_next);
}
