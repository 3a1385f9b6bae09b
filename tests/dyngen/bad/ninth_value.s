# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: there is no hole named __op_param9; there are __op_param1 to __op_param8
.globl op_x
op_x:
        movl    $__op_param9, %eax
        jmp     __op_next
