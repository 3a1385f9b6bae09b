# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: relocation R_X86_64_32 against __op_param1 does not lie in an operand field of its kind in `mov    $0x0,%eax`
.globl op_x
op_x:
        .reloc  ., R_X86_64_32, __op_param1
        movl    $0, %eax
        jmp     __op_next
