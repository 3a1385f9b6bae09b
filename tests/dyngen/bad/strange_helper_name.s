# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: op_x+0x1: the symbol it needs has no name that C can refer to
.globl op_x
op_x:
        jmp     "hel\"per"
