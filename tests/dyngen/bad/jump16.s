# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: the byte 0x66 does not start an instruction
.globl op_x
op_x:
        .byte   0x66, 0xe9, 0, 0
        jmp     __op_next
