# SPDX-License-Identifier: GPL-3.0-or-later
# An op that is right, but for the helpers that a test allows.
.globl op_x
op_x:
        call    mem_load
        jmp     __op_next
