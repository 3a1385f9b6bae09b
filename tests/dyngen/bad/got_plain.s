# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x3: relocation R_X86_64_GOTPCREL against errno is not one that can be patched; compile with -fno-pic
.globl op_x
op_x:
        .byte   0x48, 0x8b, 0x05
        .reloc  ., R_X86_64_GOTPCREL, errno-4
        .long   0
        jmp     __op_next
