# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: the stack is 0 bytes deep on one way to here and 8 on another
.globl op_x
op_x:
        testl   %eax, %eax
        je      1f
        pushq   %rax
1:      nop
        jmp     __op_next
