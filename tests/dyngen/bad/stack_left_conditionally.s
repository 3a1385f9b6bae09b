# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x3: leaves with 8 bytes on the stack
.globl op_x
op_x:
        pushq   %rax
        testl   %ebx, %ebx
        jne     __op_cold
        popq    %rax
        jmp     __op_next
