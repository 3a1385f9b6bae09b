# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: leaves with 8 bytes on the stack
.globl op_x
op_x:
        pushq   %rax
        jmp     __op_next
