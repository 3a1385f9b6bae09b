# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: `mov    0x5(%rip),%eax        # 0xb` refers to its own code
.globl op_x
op_x:
        movl    1f(%rip), %eax
        jmp     __op_next
1:      nop
        jmp     __op_next
