# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: calls __op_next; an op may only jump to it (musttail return)
.globl op_x
op_x:
        call    __op_next
        jmp     __op_next
