# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: has two relocations in one place
.globl op_x
op_x:
        .reloc  op_x+1, R_X86_64_32, __op_param2
        movl    $__op_param1, %eax
        jmp     __op_next
