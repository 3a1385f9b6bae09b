# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: makes __op_taken+128 the opcode of `jo     0xb`; its condition can be a value
.globl op_x
op_x:
        {disp32} jo 1f
        .reloc  op_x+1, R_X86_64_8, __op_taken + 0x80
        jmp     __op_next
1:      jmp     __op_cold
