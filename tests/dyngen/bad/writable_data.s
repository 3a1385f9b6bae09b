# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: in .data, writable data of the object, which is not carried along; keep it in the state
.globl op_x
op_x:
        incl    counter
        jmp     __op_next
.data
counter: .long  0
