# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x2: relocation R_X86_64_32S against __op_param1 does not lie in an operand field
.globl op_x
op_x:
        addl    $1, %eax
        .reloc  op_x+2, R_X86_64_32S, __op_param1
        jmp     __op_next
