# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x7: a table in .rodata leads back into the op; compile with -fno-jump-tables
.globl op_x
op_x:
        jmp     *table(,%rax,8)
1:      jmp     __op_next
2:      jmp     __op_taken
.section .rodata
table:  .quad   1b, 2b
