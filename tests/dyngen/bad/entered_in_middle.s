# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x2: is entered in its middle from .text.other+0x1; the one way in is its start
.section .text.op_x, "ax", @progbits
.globl op_x
op_x:
        xorl    %eax, %eax
        jmp     __op_next
.section .text.other, "ax", @progbits
other:
        jmp     op_x+2
