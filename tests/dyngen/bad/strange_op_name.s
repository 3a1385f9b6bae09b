# SPDX-License-Identifier: GPL-3.0-or-later
# wrong: an op's name is not one that C can have
.globl "op_x*/"
"op_x*/":
        jmp     __op_next
