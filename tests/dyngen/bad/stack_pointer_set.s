# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x4: `mov    %rbp,%rsp` changes rsp in a way that cannot be followed; compile with -fomit-frame-pointer
.globl op_x
op_x:
        pushq   %rbp
        movq    %rsp, %rbp
        movq    %rbp, %rsp
        popq    %rbp
        jmp     __op_next
