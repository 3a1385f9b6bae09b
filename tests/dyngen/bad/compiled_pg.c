/* wrong: mcount is not a helper that ops may use; compile ops without -pg */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    TO(__op_next);
}
