# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: refers to op_y in .text.op_y, code of the object itself
.section .text.op_x, "ax", @progbits
.globl op_x, op_y
op_x:
        jmp     op_y
.section .text.op_y, "ax", @progbits
op_y:   jmp     __op_next
