/* wrong: __muldc3 is not a helper that ops may use; compilers insert such calls */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    _Complex double z = __builtin_complex(s->number, s->other);
    s->number = __builtin_creal(z * z);
    TO(__op_next);
}
