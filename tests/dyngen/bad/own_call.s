# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x0: `call   0x5` calls code that is not a helper
.globl op_x
op_x:
        call    1f
1:      popq    %rax
        jmp     __op_next
