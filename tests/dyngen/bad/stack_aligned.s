# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: `and    $0xffffffffffffffe0,%rsp` changes rsp in a way
.globl op_x
op_x:
        andq    $-32, %rsp
        jmp     __op_next
