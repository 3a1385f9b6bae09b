# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x3: relocation R_X86_64_32 against __op_param1 does not lie in an operand field
.globl op_x
op_x:
        movl    $0, %eax
        .reloc  op_x+3, R_X86_64_32, __op_param1
        jmp     __op_next
