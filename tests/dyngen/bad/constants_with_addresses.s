# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: in .rodata, which holds addresses (R_X86_64_64 at 0x0); only plain data can be carried along
.globl op_x
op_x:
        movq    table(%rip), %rax
        jmp     __op_next
.section .rodata
table:  .quad   helper
