# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: a table in .rodata leads back into the op; compile with -fno-jump-tables
.globl op_x
op_x:
        leaq    table(%rip), %rbx
        movslq  (%rbx,%rax,4), %rax
        addq    %rbx, %rax
        jmp     *%rax
1:      jmp     __op_next
2:      jmp     __op_taken
.section .rodata
table:  .long   1b - table, 2b - table
