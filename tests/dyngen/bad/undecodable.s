# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x2: the byte 0x06 does not start an instruction
.globl op_x
op_x:
        xorl    %eax, %eax
        .byte   0x06
        jmp     __op_next
