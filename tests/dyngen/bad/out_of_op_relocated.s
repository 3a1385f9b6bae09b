# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: jumps out of the op into .text, without a hole
.globl op_x, op_y
op_x:
        jmp     op_y
op_y:
        jmp     __op_next
