# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: `xchg   %rax,%rsp` changes rsp in a way
.globl op_x
op_x:
        xchgq   %rsp, %rax
        jmp     __op_next
