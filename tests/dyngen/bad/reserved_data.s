# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: __some_table is not a helper that ops may use; compilers insert such calls
.globl op_x
op_x:
        movl    $__some_table, %eax
        jmp     __op_next
