# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: there is no hole named __op_exit
.globl op_x
op_x:
        jmp     __op_exit
