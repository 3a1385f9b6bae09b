# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: __stack_chk_fail is not a helper that ops may use
.globl op_x
op_x:
        call    __stack_chk_fail
        jmp     __op_next
