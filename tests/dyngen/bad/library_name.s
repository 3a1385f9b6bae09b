# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x2: fmod is not a helper that ops may use; compilers insert such calls
.globl op_x
op_x:
        pushq   %rax
        call    fmod
        popq    %rax
        jmp     __op_next
