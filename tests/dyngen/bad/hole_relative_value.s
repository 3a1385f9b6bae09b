# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: relocation R_X86_64_PC32 against __op_param1 does not lie in an operand field of its kind
.globl op_x
op_x:
        .byte   0xb8
        .long   __op_param1 - .
        jmp     __op_next
