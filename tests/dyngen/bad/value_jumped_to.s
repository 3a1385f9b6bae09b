# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: jumps to __op_param1, which is not code
.globl op_x
op_x:
        jmp     __op_param1
