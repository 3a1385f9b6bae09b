# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: jumps through a table in .rodata; compile with -fno-jump-tables
.globl op_x
op_x:
        jmp     *table(,%rax,8)
.section .rodata
table:  .quad   0, 1
