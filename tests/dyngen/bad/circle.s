# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x9: no way leads out of the op from `jmp    0xb` on; end every loop
.globl op_x
op_x:
        testl   %eax, %eax
        jne     1f
        jmp     __op_next
1:      jmp     2f
2:      jmp     1b
