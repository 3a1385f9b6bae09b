# SPDX-License-Identifier: GPL-3.0-or-later
# options: --helper-prefix helper_ --helper-prefix mem_
# wrong: op_x+0x6: stranger is not a helper that ops may use
.globl op_x
op_x:
        call    helper_one
        call    stranger
        jmp     __op_next
