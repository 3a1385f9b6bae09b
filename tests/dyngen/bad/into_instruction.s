# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x5: `jmp    0x1` jumps into the middle of an instruction
.globl op_x
op_x:
        movl    $0x90909090, %eax
        jmp     op_x_local+1
        .set    op_x_local, op_x
