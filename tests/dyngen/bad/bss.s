# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: in .bss, 
.globl op_x
op_x:
        incl    counter
        jmp     __op_next
.bss
counter: .long  0
