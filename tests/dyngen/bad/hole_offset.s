# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: does not refer to __op_taken itself but to +8 bytes from it
.globl op_x
op_x:
        jmp     __op_taken+8
