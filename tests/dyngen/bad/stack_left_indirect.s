# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x4: leaves with 24 bytes on the stack
.globl op_x
op_x:
        subq    $24, %rsp
        jmp     *%rax
