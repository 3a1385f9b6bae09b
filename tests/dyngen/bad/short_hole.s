# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: relocation R_X86_64_PC8 against __op_next is not one that can be patched; let jumps to holes have 32-bit displacements
.globl op_x
op_x:
        jrcxz   __op_next
        jmp     __op_next
