# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x9: `ret` is no way out
.globl op_x
op_x:
        testl   %eax, %eax
        je      1f
        jmp     __op_next
1:      ret
