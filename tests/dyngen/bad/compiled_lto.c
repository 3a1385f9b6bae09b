/* wrong: is LLVM's intermediate code (clang -flto); compile with -fno-lto */
#include "tests/dyngen/op.h"

OP op_x(STATE)
{
    TO(__op_next);
}
