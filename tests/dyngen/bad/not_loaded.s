# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: in .notes, which is not loaded; keep it in .rodata
.globl op_x
op_x:
        movl    $1f, %eax
        jmp     __op_next
.section .notes, "", @progbits
1:      .long   0
