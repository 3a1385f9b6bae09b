# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: `leave` changes rsp in a way
.globl op_x
op_x:
        pushq   %rbp
        leave
        jmp     __op_next
