# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: uses __op_param3 but not __op_param2; number an op's values without gaps
.globl op_x
op_x:
        movl    $__op_param1, %eax
        movl    $__op_param3, %ebx
        jmp     __op_next
