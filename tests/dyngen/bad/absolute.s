# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: a symbol that is absolute, is not one that can be patched
.globl op_x, place
.set place, 0x1234
op_x:
        .byte   0xb8
        .reloc  ., R_X86_64_32, place
        .long   0
        jmp     __op_next
