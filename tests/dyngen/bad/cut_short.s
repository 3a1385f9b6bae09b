# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x2: the byte 0xe9 does not start an instruction that can be decoded to its end
.globl op_x
op_x:
        xorl    %eax, %eax
        .byte   0xe9, 0, 0
