/* wrong: __tsan_func_entry is not a helper that ops may use; compile ops without -fsanitize */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    s->wide += a;
    TO(__op_next);
}
