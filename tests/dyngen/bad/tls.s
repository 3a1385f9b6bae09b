# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x4: relocation R_X86_64_TPOFF32 against counter is not one that can be patched; thread-local data
.globl op_x
op_x:
        movl    %fs:counter@tpoff, %eax
        jmp     __op_next
