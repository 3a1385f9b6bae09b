/* wrong: refers to __llvm_gcov_ctr in .bss, data of the compiler's own; compile ops without --coverage */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    TO(__op_next);
}
