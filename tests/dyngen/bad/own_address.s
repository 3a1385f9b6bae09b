# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: refers to op_x in .text, its own code, as data
.globl op_x
op_x:
        movl    $op_x, %eax
        jmp     __op_next
