# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: `pop    %rax` takes off the stack what the op did not put there
.globl op_x
op_x:
        popq    %rax
        jmp     __op_next
