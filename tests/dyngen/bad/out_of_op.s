# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: `jmp    0x5` leaves the op without a hole
.globl op_x
op_x:
        jmp     2f
.type other, @function
other:
        nop
        nop
        nop
2:      jmp     __op_next
