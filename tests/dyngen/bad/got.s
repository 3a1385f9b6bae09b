# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x3: relocation R_X86_64_REX_GOTPCRELX against errno is not one that can be patched; compile with -fno-pic, or reach the symbol through a helper
.globl op_x
op_x:
        movq    errno@GOTPCREL(%rip), %rax
        jmp     __op_next
