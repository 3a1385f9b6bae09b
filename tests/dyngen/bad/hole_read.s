# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x2: accesses memory at __op_taken; it is code
.globl op_x
op_x:
        movl    __op_taken(%rip), %eax
        jmp     __op_next
