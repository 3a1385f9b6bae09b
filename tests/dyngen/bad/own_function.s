# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: in .text.inner, code of the object itself, which is not carried along; inline it
.section .text.op_x, "ax", @progbits
.globl op_x
op_x:
        call    inner
        jmp     __op_next
.section .text.inner, "ax", @progbits
inner:  ret
