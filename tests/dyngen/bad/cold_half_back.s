# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x8: is entered from .text.unlikely, the half of a function that the compiler takes to be cold; compile with -fno-reorder-blocks-and-partition
.section .text.op_x, "ax", @progbits
.globl op_x
op_x:
        testl   %eax, %eax
        js      .Lcold
.Lback: jmp     __op_next
.section .text.unlikely, "ax", @progbits
.type op_x.cold, @function
op_x.cold:
.Lcold: negl    %eax
        jmp     .Lback
